"""Raw: the HTML that a writer put into Markdown. What is in it is noted, and what will not be shown is told."""

import bisect
import itertools
import re
from collections.abc import Iterator
from html import escape, unescape
from typing import NamedTuple

from byline.markdown import sanitize
from byline.markdown.facts import ADDRESSES, FRAME, FRAME_HINT, Facts, Heading, Image, Link
from byline.markdown.text import plain_text

_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9-]*)((?:[^<>\"']++|\"[^\"]*\"|'[^']*')*+)>")
_PART = re.compile(
    r"(?P<comment><!--(?:-?>|.*?(?:-->|\Z)))|(?P<odd><[!?].*?(?:>|\Z))"
    rf"|(?P<tag>{_TAG.pattern})|<(?=[A-Za-z/])",
    re.DOTALL,
)
"""What begins with `<`; of what does not end, the sanitiser would take the text behind it for a part."""
_COMPONENT = re.compile(r"[A-Z]\w*[a-z]\w*")
_ENDS = {name: re.compile(rf"</{name}\s*>", re.IGNORECASE) for name in ("script", "style")}
LONE_FRAME = re.compile(rf"\s*<{FRAME}\b[^<>]*></{FRAME}\s*>\s*", re.IGNORECASE)
UNCLOSED = re.compile(r"\s*<(script|style)\b(?!.*</\1)", re.DOTALL | re.IGNORECASE)
_ATTRIBUTE = re.compile(r"([^\s\"'<>/=]+)(?:\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+)))?")
_FILTERED = frozenset("textarea style xmp iframe noembed noframes script plaintext".split())
"""Shown as they are typed, as by GitHub, which does so with `title`, too: https://github.github.com/gfm/#disallowed-raw-html-extension-"""

MAX_ATTRIBUTES = 100
"""Of a tag; further ones get no place."""


class _Literal(NamedTuple):
    """A piece of HTML, the offsets of its line breaks, and where it stands."""

    text: str
    breaks: list[int]
    line: int
    col: int

    def place(self, at: int) -> tuple[int, int]:
        lines = bisect.bisect_left(self.breaks, at)
        return self.line + lines, at - self.breaks[lines - 1] if lines else self.col + at


class RawHtml:
    """Reads the pieces of HTML of one body, in order. `out` is what has been printed of the body so far."""

    def __init__(self, out: list[str], facts: Facts, trusts_html: bool) -> None:
        self._out = out
        self._facts = facts
        self._trusts_html = trusts_html
        self._figures = 0
        self._links: list[tuple[int, tuple[int, int], str]] = []

    @property
    def is_in_link(self) -> bool:
        return bool(self._links)

    @property
    def is_in_figure(self) -> bool:
        return self._figures > 0

    def printed(self, literal: str, line: int, col: int) -> str:
        """`literal`, which stands at `line` and `col`, as it goes to the sanitiser."""
        source = _Literal(literal, [found.start() for found in re.finditer("\n", literal)], line, col)
        if self._trusts_html:
            for tag in _TAG.finditer(literal):
                self._note(tag, source)
            return literal
        shown: list[str] = []
        end = 0
        open_ended: set[str] = set()
        while part := _PART.search(literal, end):
            shown.append(literal[end : part.start()])
            end = part.end()
            found = _TAG.match(literal, part.start())
            if not found:
                shown.append(self._no_tag(part, source))
                continue
            self._note(found, source)
            name = found[2].lower()
            close = None
            if name in _ENDS and not found[1] and name not in open_ended:
                close = _ENDS[name].search(literal, end)
                if not close:
                    open_ended.add(name)  # looked for once
            if close:
                end = close.end()
            else:
                shown.append(_shown_tag(found))
        shown.append(literal[end:])
        return sanitize.without_control("".join(shown))

    def _no_tag(self, part: re.Match[str], source: _Literal) -> str:
        at = source.place(part.start())
        if part["comment"]:
            if not part[0].endswith("-->"):
                self._facts.hidden("a comment that does not end hides text", "put --> behind it", *at)
            return ""
        if part["odd"]:
            self._facts.removed(f"{part[0][:2]}…>", *at)
            return ""
        return "&lt;"

    def _note(self, tag: re.Match[str], source: _Literal) -> None:
        name = tag[2].lower()
        at = source.place(tag.start())
        if name == "a":
            self._note_link(tag, source.text, at)
        elif name == "figure":
            self._figures += -1 if tag[1] else 1
        if tag[1]:
            return
        if name not in sanitize.TAGS and not self._trusts_html:
            is_component = _COMPONENT.fullmatch(tag[2])
            hint = "it is a component of MDX: write what readers are to see" if is_component else ""
            hint = FRAME_HINT if name == FRAME else hint
            self._facts.removed(f"<{tag[2] if is_component else name}>", *at, hint)
        if name == "input" and not self._trusts_html and not _is_box(tag):
            self._facts.removed("<input>", *at)
            return
        values = self._values(tag, source)
        if name == "img":
            is_hidden = "aria-hidden" in values or values.get("role") in ("presentation", "none")
            self._facts.images.append(Image(values.get("alt", "" if is_hidden else None), *at, is_html=True))
        if re.fullmatch("h[1-6]", name):
            self._facts.headings.append(Heading(int(name[1]), "", _text_up_to(source.text, tag.end(), name), *at))

    def _values(self, tag: re.Match[str], source: _Literal) -> dict[str, str]:
        """The attributes of a tag; addresses among them are noted, and those that go are told."""
        name = tag[2].lower()
        values: dict[str, str] = {}
        for attribute, value, offset in itertools.islice(_attributes(tag[3]), MAX_ATTRIBUTES):
            if attribute in values:  # of two, browsers take the first
                continue
            values[attribute] = value
            place = source.place(tag.start(3) + offset)
            if name in sanitize.TAGS and not self._trusts_html and not sanitize.allows(name, attribute):
                self._facts.removed(f"{attribute}= of <{name}>", *place)
            elif attribute in ADDRESSES:
                self._facts.raw_addresses.append((value, *place))
                if value.startswith("#"):
                    self._facts.fragments.append((value[1:], *place))
        return values

    def _note_link(self, tag: re.Match[str], literal: str, at: tuple[int, int]) -> None:
        """What an `<a>` says stands up to the tag that closes it, here or further on."""
        if not tag[1]:
            self._links.append((len(self._out), at, literal[tag.end() :]))
        elif self._links:
            start, place, begun = self._links.pop()
            is_further_on = len(self._out) > start
            inside = literal[: tag.start()] if is_further_on else begun.partition("</")[0]
            text = "".join(self._out[start + 1 :]) + inside if is_further_on else inside
            self._facts.links.append(Link(plain_text(text), *place))


def is_comment(literal: str) -> bool:
    """Whether a piece of HTML is one comment and nothing else."""
    return literal.startswith("<!--") and literal.find("-->") == len(literal) - 3


def ids(literal: str) -> Iterator[str]:
    """The ids in a piece of HTML."""
    for tag in _TAG.finditer(literal):
        yield from (value for name, value, _ in _attributes(tag[3]) if name == "id")


def _attributes(text: str) -> Iterator[tuple[str, str, int]]:
    """Each attribute of a tag: its name, its value, and where in `text` the value begins."""
    for match in _ATTRIBUTE.finditer(text):
        group = match.lastindex or 1
        value = unescape(match[group]) if group > 1 else ""
        yield match[1].lower(), value, match.start(group)


def _is_box(tag: re.Match[str]) -> bool:
    return sanitize.is_box({name: value for name, value, _ in _attributes(tag[3])})


def _shown_tag(tag: re.Match[str]) -> str:
    """A tag of the writer's as it goes to the sanitiser; what GitHub shows as typed is text."""
    name = tag[2].lower()
    if name == FRAME:
        source = escape(next((value for attribute, value, _ in _attributes(tag[3]) if attribute == "src"), ""))
        return f'<a href="{source}">{source}</a>' if source and not tag[1] else ""
    if name == "input" and not _is_box(tag):
        return ""
    if name in ("noscript", "title"):  # what is in them would be shown as HTML source
        return ""
    return f"&lt;{tag[0][1:]}" if name in _FILTERED else tag[0]


def _text_up_to(literal: str, at: int, name: str) -> str:
    end = literal.lower().find(f"</{name}", at)
    return literal[at : end if end >= 0 else len(literal)].strip()
