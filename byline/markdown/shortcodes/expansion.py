"""Shortcodes: what stands between braces in texts for other programs, run before Markdown is read.

`{{< name … >}}`, `{{% name … %}}`, `{% name … %}`, `{{ name(…) }}`, `<Name … />` and boxes (`!!! note`, `:::note`)
become what the template of that name makes of them; references and values become what they say. What has no template
stays as it is typed, and so does all that is in code.
"""

import functools
import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import NamedTuple

import jinja2
import msgspec
from markupsafe import Markup

from byline.markdown.shortcodes.syntax import (
    BOX,
    COLONS,
    JSX,
    MODULE,
    SIGNS,
    TAG,
    Spans,
    Tag,
    code_in,
    end_of_indented,
    ends_of_boxes,
    lines_of,
    margin_of,
    outdented,
    raw_in,
    tag_of,
)
from byline.problems import Problem

DEEPEST = 5
"""Levels of shortcodes in shortcodes."""
MOST = 500
"""Shortcodes in one text; the others stay as they are typed."""
ALSO = {
    **dict.fromkeys(("image", "img", "asset_img", "picture", "responsive_image", "thumbnail"), "figure"),
    **dict.fromkeys(("admonition", "callout", "alert", "notice", "hint", "box", "info_block"), "note"),
    **dict.fromkeys(("blockquote", "pullquote", "epigraph"), "quote"),
    **dict.fromkeys(("x", "twitter", "twitter_simple"), "tweet"),
    **dict.fromkeys(("collapse", "expand", "spoiler", "fold"), "details"),
    **dict.fromkeys(("yt", "youtube_embed", "youtube_lite", "youtubeplayer", "youtube_video"), "youtube"),
    **dict.fromkeys(("prism", "code", "codeblock", "sourcecode"), "highlight"),
}
"""Names that mean the same as one that has a template."""
BOXES = {
    **dict.fromkeys(
        ("note", "info", "abstract", "summary", "tldr", "todo", "example", "quote", "question", "faq"), "note"
    ),
    **dict.fromkeys(("tip", "hint", "success", "check", "done"), "tip"),
    **dict.fromkeys(("important", "seealso"), "important"),
    **dict.fromkeys(("warning", "attention", "warn"), "warning"),
    **dict.fromkeys(("caution", "danger", "error", "failure", "fail", "bug", "secondary"), "caution"),
}
"""Kinds of boxes, and which of GitHub's five each is."""
REFERENCES = ("ref", "relref", "post_url", "link", "post_link", "post_path", "doc", "asset_path")
_PARAGRAPH = re.compile(r"<p>((?:(?!</p>).)*)</p>")
_FILTER = re.compile(r"\s*\|\s*(?P<name>\w+)\s*(?::\s*(?P<argument>[^|]*))?")


class Codes(msgspec.Struct, frozen=True):
    """What shortcodes of a site become: `templates` by name, and `values` of names such as `site.baseurl`.

    In the texts of a `liquid` site, `{% raw %}` counts in code too, and so do `boxes` where Markdown has none.
    """

    templates: tuple[tuple[str, str], ...] = ()
    values: tuple[tuple[str, str], ...] = ()
    is_liquid: bool = False
    has_boxes: bool = True


NONE = Codes()


class Expanded(NamedTuple):
    """A text with its shortcodes run. `lines` has, for each of its lines, the line that was typed there."""

    text: str
    lines: tuple[int, ...] = ()
    problems: tuple[Problem, ...] = ()

    def line(self, number: int) -> int:
        """The line in the text as it is typed."""
        return self.lines[min(number, len(self.lines)) - 1] if self.lines and number else number


def expanded(body: str, codes: Codes, values: Mapping[str, str] | None = None) -> Expanded:
    """`body` with its shortcodes run; `values` are those of its page."""
    if not codes.templates or not SIGNS.search(body):
        return Expanded(body)
    return _Expansion(body, codes, dict(codes.values) | dict(values or {})).result()


class _Expansion:
    def __init__(self, body: str, codes: Codes, values: dict[str, str]) -> None:
        self._body = body
        self._codes = codes
        self._values = values
        self._templates = _environment(codes.templates)
        self._starts = [0, *(at.end() for at in re.finditer("\n", body))]
        self._problems: list[Problem] = []
        self._left = MOST

    def result(self, depth: int = 0) -> Expanded:
        parts: list[str] = []
        lines = [1]
        for start, end, text in self._pieces(depth):
            first, last = self._line(start), self._line(max(start, end - 1))
            if text is None:
                text = self._body[start:end]
                lines += range(first + 1, first + 1 + text.count("\n"))
            else:
                lines += [min(first + number, last) for number in range(1, text.count("\n") + 1)]
            # What follows on the line after a replaced piece is on the piece's last line.
            lines[-1] = self._line(end) if text.endswith("\n") else lines[-1]
            parts.append(text)
        return Expanded("".join(parts), tuple(lines), tuple(self._problems))

    def _line(self, at: int) -> int:
        return bisect_right(self._starts, at)

    def _pieces(self, depth: int) -> Iterator[tuple[int, int, str | None]]:
        """The text in order: (start, end, what stands there instead, or None)."""
        done = 0
        for start, end, text in self._replaced(0, len(self._body), depth):
            if done < start:
                yield done, start, None
            yield start, end, text
            done = end
        if done < len(self._body):
            yield done, len(self._body), None

    def _replaced(self, start: int, end: int, depth: int = 0) -> list[tuple[int, int, str]]:
        """What is replaced in a part of the body."""
        if depth > DEEPEST:
            return []
        code = Spans(code_in(self._body, start, end))
        verbatim = raw_in(self._body, start, end, code.spans)
        raw = [it for it in verbatim if self._codes.is_liquid or not code.holds(it[0])]
        hidden = Spans(sorted([*code.spans, *(span[:2] for span in raw)]))
        whole = [*self._boxes(start, end, hidden, depth), *self._modules(start, end, hidden)]
        taken = Spans(sorted((first, last) for first, last, _ in whole))
        tags = [tag for tag in self._tags(start, end, hidden) if not taken.holds(tag.start)]
        runs = self._run(tags, depth)
        found = []
        done = start
        for first, last, text in sorted([*raw, *whole, *runs], key=lambda it: (it[0], -it[1])):
            if first >= done:  # what is in another one has been run with it
                found.append((first, last, text))
                done = last
                if not text:
                    self._tell_of_module(first)
        return found

    def _tags(self, start: int, end: int, hidden: "Spans") -> list[Tag]:
        tags = []
        for match in TAG.finditer(self._body, start, end):
            if not hidden.holds(match.start()):
                tag = tag_of(match)
                if tag:
                    tags.append(tag)
        return tags

    def _run(self, tags: list[Tag], depth: int) -> list[tuple[int, int, str]]:
        """What the outermost of `tags` become. Those inside are run with their text."""
        partner = _partners(tags)
        found = []
        done = 0
        for number, tag in enumerate(tags):
            if tag.start < done or tag.is_end or self._left <= 0:
                continue
            last = tags[partner[number]] if number in partner else None
            text = self._text_of(tag, last, depth)
            end = last.end if last else tag.end
            text = None if text is None else self._placed(tag.start, end, text)
            if text is not None:
                self._left -= 1
                found.append((tag.start, end, text))
                done = end
        return found

    def _placed(self, start: int, end: int, text: str) -> str | None:
        """`text` for its place: lines below the first begin as it does there, a box or a listing has lines of its own,
        and a block of HTML ends at its end. None if a table leaves no place for it."""
        before = self._before(start)
        text = text.strip("\n")
        if before.lstrip(" \t>").startswith("|") and "\n" in text:
            return None
        margin, is_first = margin_of(before)
        line_end = self._body.find("\n", end)
        after = self._body[end : line_end if line_end >= 0 else len(self._body)]
        text = text.replace("\n", f"\n{margin}")
        if text.startswith(("```", "> ")):
            apart = f"\n{margin.rstrip()}\n{margin}"
            below = f"\n{margin.rstrip()}" if text.startswith("> ") and self._is_followed(end) else ""
            return f"{'' if is_first else apart}{text}{apart if after.strip() else below}"
        inner = _PARAGRAPH.fullmatch(text)
        if inner and (before.strip(" \t>") or after.strip()):
            return inner[1]
        if not before.strip() and text.startswith("<") and self._body[end : end + 1] == "\n":
            return f"{text}\n"
        return text

    def _is_followed(self, at: int) -> bool:
        """Whether the next line goes on with text, which would be taken for more of a quotation that ends at `at`."""
        begin = self._body.find("\n", at) + 1
        return bool(begin) and bool(self._body[begin : begin + 200].partition("\n")[0].strip(" \t>"))

    def _before(self, at: int) -> str:
        """What is before `at` on its line."""
        return self._body[self._body.rfind("\n", 0, at) + 1 : at]

    def _text_of(self, tag: Tag, last: Tag | None, depth: int) -> str | None:
        if tag.form == "value" and not tag.name:
            return self._value(self._body[tag.start : tag.end])
        name = tag.name.rpartition("/")[2].partition(".")[0].lower().replace("-", "_")
        if name == "comment":
            return "" if last or tag.form != "liquid" else None
        arguments, options = tag.arguments, tag.options
        if name == "include" and arguments:
            name = arguments[0].rpartition("/")[2].partition(".")[0].lower().replace("-", "_")
            arguments = arguments[1:]
        if name in ("highlight", *(short for short, long in ALSO.items() if long == "highlight")) and last:
            code = outdented(self._body[tag.end : last.start], margin_of(self._before(tag.start))[0])
            return _listing(arguments, options, code)
        inner = self._inner(tag, last, depth)
        if name in REFERENCES and tag.form != "element" and arguments:
            return _reference(name, arguments)
        box = BOXES.get(name) if name not in self._templates else None
        if box and last:
            values = {"kind": box, "title": options.get("title", " ".join(arguments)), "args": (), "inner": inner}
            return self._rendered("note", tag.start, values)
        if name not in self._templates and (name != "x" or tag.form == "angle"):
            name = ALSO.get(name, name)
        if name not in self._templates or (tag.form == "value" and not tag.arguments and not tag.options):
            return None
        return self._made(name, tag, arguments, options, inner)

    def _inner(self, tag: Tag, last: Tag | None, depth: int) -> str:
        """The text between two tags, with what is in it run."""
        if last is None:
            return ""
        parts, done = [], tag.end
        for start, end, text in self._replaced(tag.end, last.start, depth + 1):
            parts += [self._body[done:start], text]
            done = end
        text = "".join((*parts, self._body[done : last.start]))
        return outdented(text, margin_of(self._before(tag.start))[0]).strip("\n")

    def _made(
        self, name: str, tag: Tag, arguments: tuple[str, ...], options: Mapping[str, str], inner: str
    ) -> str | None:
        kind = BOXES.get(options.get("type") or options.get("kind") or (arguments[0] if arguments else ""), "")
        shown = {key.lower().replace("-", "_"): value for key, value in options.items()}
        return self._rendered(name, tag.start, {"kind": kind, **shown, "args": arguments, "inner": inner})

    def _rendered(self, name: str, at: int, values: Mapping[str, object]) -> str | None:
        """What the template `name` makes of `values`, for the place `at`; None if it fails, which is told."""
        try:
            return self._templates[name].render(**values).rstrip()
        except Exception as error:  # of any kind: it is the owner's template
            line = self._line(at)
            col = at - self._starts[line - 1] + 1
            message = f"the template shortcodes/{name}.html failed: {type(error).__name__}: {error}"[:200]
            self._problems.append(Problem("", line, col, "bad-shortcode", message, "fix it", "warning"))
            return None

    def _value(self, typed: str) -> str | None:
        """`{{ site.baseurl }}`, `{{ "/x.png" | relative_url }}`; None for what is not known."""
        inner = typed.strip("{}- \t\n")
        literal = re.match(r"(?:\"([^\"]*)\"|'([^']*)'|([\w.]+))", inner)
        if not literal:
            return None
        value = literal[1] or literal[2] or ""
        if literal[3]:
            known = self._values.get(literal[3].lower())
            if known is None:
                return None
            value = known
        rest = inner[literal.end() :]
        while rest.strip():
            one = _FILTER.match(rest)
            if not one or one["name"] not in _FILTERS:
                return None
            rest = rest[one.end() :]
        return value

    def _boxes(self, start: int, end: int, hidden: "Spans", depth: int) -> Iterator[tuple[int, int, str]]:
        """Boxes of Python-Markdown, whose text is indented, and those between colons."""
        if not self._codes.has_boxes or "note" not in self._templates:
            return
        lines = list(lines_of(self._body, start, end))
        ends = ends_of_boxes(lines)
        number = 0
        while number < len(lines):
            at, line = lines[number]
            number += 1
            box = None if hidden.holds(at) else BOX.fullmatch(line) or COLONS.fullmatch(line)
            kind = BOXES.get(box["kind"]) if box else None
            if not box or not kind:
                continue
            has_colons = "colons" in box.groupdict()
            if has_colons and number - 1 not in ends:
                continue
            last = ends[number - 1] + 1 if has_colons else end_of_indented(lines, number, box["in"])
            inner = [text for _, text in lines[number : last - has_colons]]
            shown = self._boxed(box, kind, inner, depth, at)
            if shown is not None:
                stop = lines[last - 1][0] + len(lines[last - 1][1])
                yield at, stop, f"{shown}\n" if self._is_followed(stop) else shown
                number = last

    def _boxed(self, box: re.Match[str], kind: str, lines: list[str], depth: int, at: int) -> str | None:
        values, indent = box.groupdict(), box["in"]
        width = len(indent) + (0 if "colons" in values else 4)
        text = "\n".join(line[width:] if not line[:width].strip() else line.lstrip() for line in lines).strip("\n")
        if depth < DEEPEST:
            inner = _Expansion(text, self._codes, self._values)
            inner._left = self._left = self._left - 1
            text = inner.result(depth + 1).text
        title = values.get("title") or values.get("label") or ""
        title = title if title.lower() != box["kind"] else ""
        shown = self._rendered("note", at, {"kind": kind, "title": title, "args": (), "inner": text})
        return None if shown is None else indent + shown.replace("\n", f"\n{indent}")

    def _modules(self, start: int, end: int, hidden: Spans) -> Iterator[tuple[int, int, str]]:
        """What MDX adds to Markdown: readers have no use for its comments and for lines that load parts of it."""
        for match in JSX.finditer(self._body, start, end):
            if not hidden.holds(match.start()):
                path, slug = match["path"], match["slug"]
                yield *match.span(), f'="{path}"' if path else f"[[{_stem(slug)}]]" if slug else ""
        yield from (
            (*match.span(), "") for match in MODULE.finditer(self._body, start, end) if not hidden.holds(match.start())
        )

    def _tell_of_module(self, at: int) -> None:
        match = MODULE.match(self._body, at)
        if match:
            message = f"`{match[0][:50]}` loads a part of another program, so it is left out"
            self._problems.append(Problem("", self._line(at), 1, "not-shown", message, "remove it", "hint"))


_FILTERS = (
    *(
        "relative_url",
        "absolute_url",
        "prepend",
        "append",
        "escape",
        "xml_escape",
        "url",
        "strip",
        "safe",
        "uri_escape",
    ),
    *("absURL", "relURL", "safeHTML", "cgi_escape", "url_encode", "strip_html", "default"),
)
"""Filters of addresses and texts that change nothing here: Byline puts the base path before addresses by itself."""


def _partners(tags: list[Tag]) -> dict[int, int]:
    """Number of a tag that opens → that of the one that closes it. What stands between them without an end is alone."""
    partner: dict[int, int] = {}
    open_: list[int] = []
    waiting: Counter[str] = Counter()
    for number, tag in enumerate(tags):
        if tag.form == "value":  # such a call has no end
            continue
        if not tag.is_end:
            open_.append(number)
            waiting[tag.name] += 1
        elif open_ and (not tag.name or waiting[tag.name]):
            while True:
                first = open_.pop()
                waiting[tags[first].name] -= 1
                if not tag.name or tags[first].name == tag.name:
                    break
            partner[first] = number
    return partner


def _listing(arguments: tuple[str, ...], options: Mapping[str, str], code: str) -> str:
    language = options.get("lang") or options.get("language") or next((it for it in arguments if it.isalnum()), "")
    mark = "`" * max(3, *(len(it) + 1 for it in re.findall("`+", code)), 3)
    inner = code.strip("\n")
    return f"{mark}{language.removeprefix('lang:')}\n{inner}\n{mark}"


def _reference(name: str, arguments: tuple[str, ...]) -> str | None:
    """The address of another text, by its file's name, or of a file; `post_link` makes the whole link."""
    path, _, anchor = arguments[0].partition("#")
    is_other = name == "link" and ("." not in path or "://" in path)
    if is_other or "{" in path:  # Hexo's `link` is a link with a text
        return None
    if name in ("asset_path",) or (name == "link" and not path.endswith((".md", ".markdown", ".html", ".mdx"))):
        return "/" + path.lstrip("/") if name == "link" else path
    stem = _stem(path.removeprefix("_posts/"))
    target = f"[[{stem}{f'#{anchor}' if anchor else ''}]]"
    if name == "post_link":
        words = " ".join(arguments[1:]) or stem
        return f"[{words}]({target})"
    return target


def _stem(path: str) -> str:
    """The path of a text as `[[name]]` has it."""
    return re.sub(r"(?:/_?index)?\.(?:md|markdown|mdx|html)$", "", path.strip("/"))


@functools.lru_cache(maxsize=4)
def _environment(templates: tuple[tuple[str, str], ...]) -> "Mapping[str, _Template]":
    """The templates by name. One that cannot be read fails where it is used."""
    sources = {f"{name}.html": source for name, source in templates}
    environment = jinja2.Environment(
        loader=jinja2.DictLoader(sources), autoescape=True, undefined=jinja2.ChainableUndefined, trim_blocks=True
    )
    environment.filters["quoted"] = _quoted
    return {name: _Template(environment, f"{name}.html") for name, _ in templates}


class _Template:
    def __init__(self, environment: jinja2.Environment, name: str) -> None:
        self._environment, self._name = environment, name

    def render(self, **values: object) -> str:
        inner = Markup(values.pop("inner", ""))  # noqa: S704 - a part of the same text
        return self._environment.get_template(self._name).render(inner=inner, **values)


def _quoted(text: str) -> str:
    """`text` as a quotation in Markdown."""
    lines = (f"> {line}".rstrip() for line in str(text).split("\n"))
    return Markup("\n".join(lines))  # noqa: S704 - a part of the same text
