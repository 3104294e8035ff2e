"""Blocks: what a line of Markdown begins, by CommonMark's rules."""

import re
from collections import Counter
from typing import NamedTuple

from byline.lines import List

ITEM = re.compile(r"([-*+]|\d{1,9}[.)])(?:( +)(.*)|)$")
"""Marker, spaces, text."""
RULE = re.compile(r"(?:(?:\* *){3,}|(?:- *){3,}|(?:_ *){3,})$")
UNDERLINE = re.compile(r"(?:=+|-+) *$")
"""Below a line of text, what makes a heading of it."""
FENCE = re.compile(r"(`{3,}|~{3,})(.*)$")
HEADING = re.compile(r"#{1,6}( |$)")
HTML_TEXT = re.compile(r"<(?:(pre|script|style|textarea)(?=[\s>]|$)|!--)", re.I)
"""Starts of HTML that goes on over empty lines, to its closing tag."""
BLOCK_TAGS = """
address article aside base basefont blockquote body caption center col colgroup dd details dialog dir div dl
dt fieldset figcaption figure footer form frame frameset h1 h2 h3 h4 h5 h6 head header hr html iframe legend
li link main menu menuitem nav noframes ol optgroup option p param search section summary table tbody td tfoot
th thead title tr track ul
"""
HTML_BLOCK = re.compile(rf"</?(?:{'|'.join(BLOCK_TAGS.split())})(?=[\s/>]|$)", re.I)
"""Starts of HTML that goes on to the next empty line."""
TABLE_LINE = re.compile(r" *\|? *:?-+:? *(\| *:?-+:? *)*\|? *$")
HOLDING = "details|div|section|article|aside|main|header|footer|center|figure|blockquote"
"""Elements that may hold Markdown."""
HOLDER = re.compile(rf"<(/?)({HOLDING})\b([^<>]*)>", re.I)
MAX_DEPTH = 20
"""Lists, quotes and HTML with Markdown in it nest as deep as this; what is deeper is text."""
CLOSING = re.compile(rf"</(?:{HOLDING})>", re.I)


class Line(NamedTuple):
    """A line that is not empty: its columns before `text`, the open items it lies in, and the columns within them."""

    text: str
    indent: int
    depth: int
    relative: int


class Fence(NamedTuple):
    """An open block of code: its mark, the columns before it and the items around it."""

    mark: str
    indent: int
    depth: int


class Item:
    """An open item of the list `of`: the column of its text, the last letter of its marker, whether it ends empty."""

    __slots__ = ("ends_blank", "kind", "of", "offset")

    def __init__(self, offset: int, kind: str, of: List) -> None:
        self.offset = offset
        self.kind = kind
        self.of = of
        self.ends_blank = False


def indent_of(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def is_heading(text: str) -> bool:
    return bool(HEADING.match(text))


def is_table_line(line: str) -> bool:
    """Whether it is the line below a table's head."""
    return "|" in line and bool(TABLE_LINE.match(line))


def fence_of(text: str, indent: int, depth: int) -> Fence | None:
    found = FENCE.match(text)
    if not found or (found[1][0] == "`" and "`" in found[2]):
        return None
    return Fence(found[1], indent, depth)


def closes(line: str, fence: Fence) -> bool:
    found = FENCE.match(line.strip())
    if not found or found[2].strip() or indent_of(line) > fence.indent + 3:
        return False
    return found[1][0] == fence.mark[0] and len(found[1]) >= len(fence.mark)


def begins_block(text: str) -> bool:
    """Whether a line that starts with `text` ends a paragraph before it."""
    first = text[0]
    if first in "#>":
        return first == ">" or is_heading(text)
    if first == "<":
        return bool(HTML_TEXT.match(text) or HTML_BLOCK.match(text))
    if first in "`~":
        return bool(fence_of(text, 0, 0))
    return (first in "-+*_" or first.isdigit()) and bool(ITEM.match(text) or RULE.match(text))


def as_text(text: str) -> str:
    """`text`, in which the library is to see no start of a block."""
    is_sign = text[0] in "#>-+*_=" or text[0].isdigit()
    if is_sign and (begins_block(text) or UNDERLINE.match(text)):
        return re.sub(r"^\d*", r"\g<0>\\", text, count=1)
    return text


def opened_html(chunk: list[str]) -> list[str]:
    """`chunk`, HTML up to an empty line, with `markdown="1"` in the tags that it leaves open.

    CommonMark reads what follows the empty line as Markdown again; Python-Markdown has to be told.
    """
    told = [line.strip() for line in chunk]  # what is indented would be code
    waiting: list[tuple[str, int, int]] = []
    opened: Counter[str] = Counter()
    for number, line in enumerate(told):
        for tag in HOLDER.finditer(line):
            name = tag[2].lower()
            if not tag[1]:
                waiting.append((name, number, -1 if "markdown" in tag[3] else tag.end(2)))
                opened[name] += 1
            while tag[1] and opened[name]:
                closed = waiting.pop()[0]
                opened[closed] -= 1
                if closed == name:
                    break
    for _, number, at in reversed(waiting[:MAX_DEPTH]):
        if at >= 0:
            told[number] = f'{told[number][:at]} markdown="1"{told[number][at:]}'
    return told if waiting else chunk


def quoted_text(line: str, base: int) -> str:
    """The line from its `>` on, if it continues a quote that starts at column `base`."""
    indent = indent_of(line)
    return line[indent:] if base <= indent < base + 4 and line[indent : indent + 1] == ">" else ""


def starts_block(text: str) -> bool:
    """Whether an item that starts with `text` starts with another item, a quote, code or a rule."""
    return text[:1] == ">" or bool(fence_of(text, 0, 0) or ITEM.match(text) or RULE.match(text))


def may_interrupt(item: re.Match[str]) -> bool:
    """Whether a list may start inside a paragraph: not with an empty item, and not in the middle of counting."""
    return bool((item[3] or "").strip()) and (not item[1][0].isdigit() or int(item[1][:-1]) == 1)
