"""The syntax of shortcodes: where they stand in a text, and what must be left alone there. Every search is linear."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from typing import NamedTuple

TAG = re.compile(
    r"\{\{<(?P<angle>(?:[^<>]|>(?!\}\})){1,500}?)>\}\}"
    r"|\{\{%(?P<percent>(?:[^%]|%(?!\}\})){1,500}?)%\}\}"
    r"|\{%-?(?P<liquid>(?:[^%{}]|%(?!\})|\{\{[^{}]*\}\}){1,500}?)-?%\}"
    r"|\{\{-?(?P<value>[^{}]{1,500}?)-?\}\}"
    r"|<(?P<element>/?[A-Z][A-Za-z0-9]*(?:[ \t\n]+[a-z]\w*(?:=(?:\"[^\"<>]*\"|'[^'<>]*'))?)*[ \t\n]*/?)>"
)
_RAW = re.compile(r"\{%-?[ \t]*(?P<end>end)?(?:raw|verbatim)[ \t]*-?%\}")
_BRACES = re.compile(r"\{(?=[{%])")
_ESCAPED = re.compile(r"\{\{(?P<mark>[<%])/\*(?P<text>.{1,500}?)\*/(?P=mark)?[>%]\}\}")
"""How a text for Hugo shows a shortcode without running it."""
_LEAD = re.compile(r"[ \t>]*(?:(?:[-*+]|\d+[.)])[ \t]+)*")
_FENCE = re.compile(_LEAD.pattern + r"(?P<fence>`{3,}(?=[^`]*$)|~{3,})")
_ITEM = re.compile(r"[-*+:][ \t]|\d+[.)][ \t]|\[\^|!!!|\?\?\?")
"""Below these, indented text is theirs."""
_TICKS = re.compile(r"(?<!`)(`{1,9})(?!`)[^\n]{1,1000}?(?<!`)\1(?!`)|<!--[^>]{0,1000}?-->")
SIGNS = re.compile(
    r"\{\{|\{%|^[ ]{0,3}(?:!!!|\?\?\?|:::)|<[A-Z]|=\{require|\{/\*|link://|^(?:import|export)[ \t]", re.MULTILINE
)
_NAME = re.compile(r"\s*(?P<end>/|end(?:_|-)?(?=[a-z]))?\s*(?P<name>[A-Za-z][\w./-]*)(?P<paren>\()?")
_ARGUMENT = re.compile(
    r"""\s*,?\s*(?:(?P<key>[A-Za-z_][\w-]*)\s*[=:]\s*)?(?:"(?P<double>(?:[^"\\]|\\.)*)"|'(?P<single>(?:[^'\\]|\\.)*)'|`(?P<tick>[^`]*)`|(?P<bare>[^\s,"'`=()]+))"""
)
BOX = re.compile(
    r"(?P<in>[ ]*)(?:!!!|\?\?\?\+?)[ \t]+(?P<kind>[a-z]+)(?:[ \t]+(?!\")[\w-]+)*(?:[ \t]+\"(?P<title>[^\"]*)\")?[ \t]*"
)
COLONS = re.compile(
    r"(?P<in>[ ]*)(?P<colons>:{3,})[ \t]*\{?(?P<kind>[a-z]*)\}?"
    r"(?:\[(?P<label>[^\]]*)\]|[ \t]+(?P<title>[^{}]+?))?[ \t]*"
)
JSX = re.compile(
    r"(?<=[\w\"'}])[ \t\n]+style=\{\{[^{}]{0,300}\}\}|\{{1,2}/\*(?:[^*]|\*(?!/)){0,500}\*/\}{1,2}"
    r"|link://(?:slug|filename)/(?P<slug>[\w./-]{1,200})"
    r"|=\{require\((?P<mark>['\"])(?P<path>[^'\"\n]{1,300})(?P=mark)\)(?:\.default)?\}"
)
"""What MDX has in tags and comments, where HTML has something else, and the scheme of Nikola's links."""
MODULE = re.compile(
    r"^(?:import[ \t]+(?:[\w*{][^'\"\n]{0,300}?[ \t]from[ \t]+)?(?:'[^'\n]+'|\"[^\"\n]+\");?"
    r"|export[ \t]+const[ \t]+\w+[ \t]*=[^\n]*;)[ \t]*$",
    re.MULTILINE,
)


class Tag(NamedTuple):
    start: int
    end: int
    form: str
    name: str
    is_end: bool
    arguments: tuple[str, ...]
    options: dict[str, str]


class Spans:
    """Parts of a text, in order."""

    def __init__(self, spans: list[tuple[int, int]]) -> None:
        self.spans = spans

    def holds(self, at: int) -> bool:
        found = bisect_right(self.spans, (at, 1 << 60)) - 1
        return found >= 0 and self.spans[found][0] <= at < self.spans[found][1]


def lines_of(body: str, start: int, end: int) -> Iterator[tuple[int, str]]:
    """Offset and text of each line of a part of the body."""
    at = start
    while at < end:
        stop = body.find("\n", at, end)
        stop = end if stop < 0 else stop
        yield at, body[at:stop]
        at = stop + 1


def code_in(body: str, start: int, end: int) -> list[tuple[int, int]]:
    """Listings between fences, those that are indented outside of lists, and what is in backticks or in a comment."""
    spans: list[tuple[int, int]] = []
    fence, opened = "", 0
    is_below_blank, is_in_list, is_listing = True, False, False
    for at, line in lines_of(body, start, end):
        is_blank = not line.strip()
        is_listing = line.startswith(("    ", "\t")) and (
            is_listing or (is_below_blank and not is_in_list and not fence)
        )
        is_below_blank = is_blank
        if is_listing and not is_blank:
            spans.append((at, at + len(line)))
            continue
        if not is_blank and not line.startswith((" ", "\t")):
            is_in_list = bool(_ITEM.match(line))
        if fence:
            if line.strip(" \t>").startswith(fence) and not line.strip(" \t>" + fence[0]):
                spans.append((opened, at + len(line)))
                fence = ""
            continue
        begin = _FENCE.match(line)
        if begin:
            fence, opened = begin["fence"], at
        elif "`" in line or "<!--" in line:
            spans += ((at + match.start(), at + match.end()) for match in _TICKS.finditer(line))
    return [*spans, (opened, end)] if fence else spans


def shielded(text: str) -> str:
    """`text` as it is, so that nobody takes its braces for something to run; in code they need no shield."""
    parts, done = [], 0
    for begin, stop in sorted(code_in(text, 0, len(text))):
        parts += [_BRACES.sub("&#123;", text[done:begin]), text[begin:stop]]
        done = max(done, stop)
    return "".join((*parts, _BRACES.sub("&#123;", text[done:])))


def raw_in(body: str, start: int, end: int, code: Iterable[tuple[int, int]] = ()) -> Iterator[tuple[int, int, str]]:
    """What is between `{% raw %}` and its end, which is not run."""
    code = list(code)
    for match in _ESCAPED.finditer(body, start, end):
        is_in_code = any(begin <= match.start() < stop for begin, stop in code)
        text = body[match.start() : match.end()].replace("/*", "", 1).replace("*/", "", 1)
        yield *match.span(), text if is_in_code else shielded(text)
    first: re.Match[str] | None = None
    for mark in _RAW.finditer(body, start, end):
        if first is None and not mark["end"]:
            first = mark
        elif first is not None and mark["end"]:
            is_in_code = any(begin <= first.start() < stop for begin, stop in code)
            inner = body[_end_of(first, body) : mark.start()]
            yield first.start(), _end_of(mark, body), inner if is_in_code else shielded(inner)
            first = None


def _end_of(mark: re.Match[str], body: str) -> int:
    """The end of a tag; of its line, if nothing else is in it."""
    before = body[body.rfind("\n", 0, mark.start()) + 1 : mark.start()]
    return mark.end() + (not before.strip() and body.startswith("\n", mark.end()))


def margin_of(before: str) -> tuple[str, bool]:
    """What begins further lines of a block that begins behind `before`, and whether it may begin there."""
    lead = _LEAD.match(before)
    assert lead is not None
    return re.sub(r"[^ \t>]", " ", lead[0]), lead.end() == len(before)


def outdented(text: str, margin: str) -> str:
    """`text` with the lines below its first one without `margin`."""
    first, *lines = text.split("\n")
    bare = margin.rstrip()
    shorter = (
        line[len(margin) :] if line.startswith(margin) else "" if line.rstrip() == bare else line for line in lines
    )
    return "\n".join((first, *shorter)) if margin else text


def ends_of_boxes(lines: list[tuple[int, str]]) -> dict[int, int]:
    """Number of the line that opens a box between colons → that of the line that closes it."""
    ends: dict[int, int] = {}
    open_: list[int] = []
    for number, (_, line) in enumerate(lines):
        mark = COLONS.fullmatch(line) if line.lstrip().startswith(":::") else None
        if mark and mark["kind"]:
            open_.append(number)
        elif mark and open_:
            ends[open_.pop()] = number
    return ends


def end_of_indented(lines: list[tuple[int, str]], first: int, indent: str) -> int:
    """The number of the line behind an indented text that begins at `first`."""
    last = first
    for number in range(first, len(lines)):
        line = lines[number][1]
        if line.strip() and not line.startswith(indent + "    "):
            break
        last = number + 1 if line.strip() else last
    return last


def tag_of(match: re.Match[str]) -> Tag | None:
    form = match.lastgroup or ""
    typed = match[form]
    if form == "value" and not re.match(r"\s*[A-Za-z][\w-]*\(", typed):
        return Tag(*match.span(), form, "", False, (), {})
    if typed.strip().startswith("/*"):
        return Tag(*match.span(), form, "comment", False, (), {})
    head = _NAME.match(typed)
    if not head:
        return None
    name, is_end = head["name"], bool(head["end"])
    if form == "liquid" and name == "end":
        name, is_end = "", True
    if form == "liquid" and name.startswith("end") and len(name) > 3:
        name, is_end = name[3:].lstrip("_"), True
    arguments, options = _arguments(typed[head.end() :].rstrip(" \t\n/)"))
    return Tag(*match.span(), form, name.lower(), is_end, arguments, options)


def _arguments(text: str) -> tuple[tuple[str, ...], dict[str, str]]:
    arguments, options = [], {}
    for one in _ARGUMENT.finditer(text):
        value = next(it for it in (one["double"], one["single"], one["tick"], one["bare"], "") if it is not None)
        value = re.sub(r"\\([\"'\\])", r"\1", value)
        if one["key"]:
            options[one["key"]] = value
        else:
            arguments.append(value)
    return tuple(arguments), options
