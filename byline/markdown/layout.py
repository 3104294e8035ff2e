"""Layout: a body laid out by CommonMark's rules becomes one laid out by Python-Markdown's.

Writers preview on GitHub and in editors, where a list may follow a paragraph without an empty line and is nested by two
or three spaces. Python-Markdown wants an empty line where a block begins, and four spaces for each level. The rules of
containers and of lazy lines are those of https://spec.commonmark.org/0.31.2/#container-blocks.
"""

import re
from collections import Counter
from typing import NamedTuple

TIGHT, LOOSE = "\x02lt\x03", "\x02ll\x03"
"""In the text of an item: whether its list is shown without or with space between the items."""
COMMENT = "<!-- -->"
"""Keeps apart what the library would make one list of, or a list and the code after it."""


class List:
    """A list, as far as it is known."""

    __slots__ = ("is_loose",)

    def __init__(self) -> None:
        self.is_loose = False


class Lines:
    def __init__(self) -> None:
        self._lines: list[str] = []
        self._marked: list[tuple[int, str, List, str]] = []

    def put(self, text: str, depth: int) -> None:
        self._lines.append(" " * (4 * depth) + text if text else "")

    def blank(self) -> None:
        self._lines.append("")

    def gap(self) -> None:
        """An empty line, unless there is one."""
        if self._lines and self._lines[-1]:
            self._lines.append("")

    def separate(self, depth: int) -> None:
        self.put(COMMENT, depth)
        self.blank()

    def mark(self, before: str, of: List, after: str) -> None:
        """A line of an item of the list `of`, which may turn out to be loose."""
        self._marked.append((len(self._lines), before, of, after))
        self._lines.append(before)

    def lines(self) -> list[str]:
        for at, before, of, after in self._marked:
            self._lines[at] = before + (LOOSE if of.is_loose else TIGHT) + after
        return self._lines


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
    fence = FENCE.match(text)
    if not fence or (fence[1][0] == "`" and "`" in fence[2]):
        return None
    return Fence(fence[1], indent, depth)


def closes(line: str, fence: Fence) -> bool:
    closing = FENCE.match(line.strip())
    if not closing or closing[2].strip() or indent_of(line) > fence.indent + 3:
        return False
    return closing[1][0] == fence.mark[0] and len(closing[1]) >= len(fence.mark)


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


_ENDING = re.compile(r"(?:\\| {2,})?$")


def laid_out(lines: list[str], nesting: int = 0) -> list[str]:
    """`lines`, without tabs, as Python-Markdown wants them. `nesting` counts the quotes around them."""
    return _Layout(lines, nesting).run()


class _Layout:
    def __init__(self, lines: list[str], nesting: int) -> None:
        self._waiting = lines[::-1]
        self._nesting = nesting
        self._out = Lines()
        self._items: list[Item] = []
        self._fence: Fence | None = None
        self._html_end: re.Pattern[str] | None = None
        self._holds = False  # whether HTML that holds Markdown was opened
        self._in_paragraph = False
        self._after_blank = True

    def run(self) -> list[str]:
        while self._waiting:
            line = self._waiting.pop()
            if self._fence:
                self._in_fence(line, self._fence)
            elif self._html_end:
                self._in_html(line, self._html_end)
            elif not line.strip():
                self._blank()
            else:
                self._line(line)
        if self._fence:
            self._out.put(self._fence.mark, self._fence.depth)
        return self._out.lines()

    def _blank(self) -> None:
        self._out.blank()
        self._after_blank, self._in_paragraph = True, False
        if self._items:
            self._items[-1].ends_blank = True

    def _in_fence(self, line: str, fence: Fence) -> None:
        indent = indent_of(line)
        offset = self._items[fence.depth - 1].offset if fence.depth else 0
        if line.strip() and indent < offset:  # the item ends, and the fence with it
            self._out.put(fence.mark, fence.depth)
            self._out.gap()
            self._fence = None
            self._line(line)
            return
        body = line[min(offset, indent) :]
        if closes(body, fence):
            self._out.put(fence.mark, fence.depth)
            self._out.blank()
            self._fence, self._after_blank = None, False
        else:
            self._out.put(body[min(indent_of(body), fence.indent) :], fence.depth)

    def _in_html(self, line: str, end: re.Pattern[str]) -> None:
        self._out.put(line, 0)
        if end.search(line):
            self._html_end = None
            self._after_blank = not line.strip()

    def _line(self, whole: str) -> None:
        line = self._placed(whole)
        is_block = line.relative < 4 and begins_block(line.text)
        item = ITEM.match(line.text) if is_block and not RULE.match(line.text) else None
        is_inside = self._in_paragraph and line.depth == len(self._items)
        if item and (len(self._items) >= MAX_DEPTH or (is_inside and not may_interrupt(item))):
            item, is_block = None, False
            if not UNDERLINE.match(line.text):
                line = line._replace(text=as_text(line.text))
        if self._in_paragraph and not is_block and (line.depth < len(self._items) or line.relative >= 4):
            self._out.put(as_text(line.text), len(self._items))  # the paragraph goes on
            self._after_blank = False
            return
        closed = self._items[line.depth :]
        del self._items[line.depth :]
        if item:
            self._item(line, item, closed)
        else:
            self._block(line, closed)
        self._after_blank = False

    def _placed(self, whole: str) -> Line:
        indent, depth = indent_of(whole), 0
        while depth < len(self._items) and indent >= self._items[depth].offset:
            depth += 1
        base = self._items[depth - 1].offset if depth else 0
        return Line(whole[indent:], indent, depth, indent - base)

    def _item(self, line: Line, item: re.Match[str], closed: list[Item]) -> None:
        marker, spaces, text = item[1], item[2] or "", item[3] or ""
        is_code = len(spaces) > 4
        width = len(marker) + (len(spaces) if text.strip() and not is_code else 1)
        of = self._list_of(marker[-1], line.depth, closed)
        self._out.gap()
        self._items.append(Item(line.indent + width, marker[-1], of))
        text = spaces[1:] + text if is_code else text
        lead = " " * (4 * line.depth) + (f"{int(marker[:-1])}. " if marker[0].isdigit() else "- ")
        if is_code or starts_block(text.strip()):
            self._out.mark(lead, of, "")
            self._out.blank()
            self._waiting.append(" " * self._items[-1].offset + (text if is_code else text.strip()))
            self._in_paragraph = False
            return
        ending = _ENDING.search(text)
        at = ending.start() if ending else len(text)
        self._out.mark(lead + text[:at], of, text[at:])
        self._in_paragraph = bool(text.strip()) and not is_heading(text)

    def _list_of(self, kind: str, depth: int, closed: list[Item]) -> List:
        """The list of the item. An empty line between items, or between an item's blocks, makes a list loose."""
        if closed and closed[0].kind == kind:
            if self._after_blank and any(item.ends_blank for item in closed):
                closed[0].of.is_loose = True
            return closed[0].of
        if self._items and (self._after_blank if closed else self._items[-1].ends_blank):
            self._items[-1].of.is_loose = True
        self._out.gap()
        if closed and (closed[0].kind in "-*+") == (kind in "-*+"):  # the library would make one list of them
            self._out.separate(depth)
        return List()

    def _block(self, line: Line, closed: list[Item]) -> None:
        depth = len(self._items)
        if self._items:
            if self._after_blank and any(item.ends_blank for item in (self._items[-1], *closed)):
                self._items[-1].of.is_loose = True
            self._items[-1].ends_blank = False
        if (closed and not self._after_blank) or (depth and not self._in_paragraph):
            self._out.gap()
        elif closed and line.relative >= 4 and not depth:
            self._out.separate(0)
        if line.relative >= 4 and not (self._holds and CLOSING.match(line.text)):
            self._out.put(" " * line.relative + line.text, depth)
            self._in_paragraph = False
        elif FENCE.match(line.text) and (fence := fence_of(line.text, line.relative, depth)):
            self._out.gap()
            self._out.put(line.text, depth)
            self._fence, self._in_paragraph = fence, False
        elif line.text[0] == "<" and (HTML_TEXT.match(line.text) or HTML_BLOCK.match(line.text)):
            self._html(line.text, depth)
        elif line.text[0] == ">" and self._nesting < MAX_DEPTH:
            self._quote(line, depth)
        else:
            self._text(line.text, depth)

    def _html(self, text: str, depth: int) -> None:
        raw = HTML_TEXT.match(text)
        chunk = [text]
        if not raw and not depth:
            while self._waiting and self._waiting[-1].strip():
                chunk.append(self._waiting.pop())
            told = opened_html(chunk) if self._waiting else chunk
            self._holds = self._holds or told is not chunk
            chunk = told
        for line in chunk:
            self._out.put(line, depth)
        self._in_paragraph = False
        if raw:
            end = re.compile("-->" if raw[0].startswith("<!--") else f"</{raw[1]}>", re.I)
            self._html_end = None if end.search(text) else end

    def _quote(self, line: Line, depth: int) -> None:
        base = line.indent - line.relative
        quoted = [line.text]
        while self._waiting and (text := quoted_text(self._waiting[-1], base)):
            quoted.append(text)
            self._waiting.pop()
        layout = _Layout([re.sub("^> ?", "", text) for text in quoted], self._nesting + 1)
        inner = layout.run()
        while inner and not inner[-1]:
            inner.pop()
        if self._in_paragraph or depth:
            self._out.gap()
        for text in inner:
            self._out.put(f"> {text}" if text else ">", depth)
        following = self._waiting[-1] if self._waiting else ""
        is_lazy = indent_of(following) >= base + 4 or not following.strip() or not begins_block(following.lstrip(" "))
        self._in_paragraph = layout._in_paragraph and is_lazy
        if not self._in_paragraph:  # what follows is no lazy line of the quote
            self._out.blank()

    def _text(self, text: str, depth: int) -> None:
        if self._in_paragraph and "|" in text and self._waiting and is_table_line(self._waiting[-1]):
            self._out.gap()
        is_rule = bool(RULE.match(text))
        is_underline = self._in_paragraph and bool(UNDERLINE.match(text))
        if is_heading(text) or (is_rule and not is_underline):
            # a block of its own: the library takes the square of the lines for what it splits itself
            self._out.gap()
            self._out.put(text[0] * 3 if is_rule else text.rstrip(), depth)
            self._out.blank()
            self._in_paragraph = False
            return
        self._out.put(text, depth)
        if is_underline:
            self._out.blank()
        self._in_paragraph = not is_underline
