"""Source: where the nodes of a syntax tree stand in the text that a writer typed, and what they say."""

import contextlib
import re
from collections.abc import Iterator
from html import escape
from typing import Any

import comrak

from byline.problems import NOT_XML

_NOT_SPACE = re.compile(r"\S")
MAX_LABEL = 1000
"""Characters of a label, by CommonMark; its end is looked for no further on."""


class Source:
    """The lines of a body. Places are lines and columns, counted from 1."""

    def __init__(self, body: str) -> None:
        self.lines = body.split("\n")
        self._columns: dict[int, list[int] | None] = {}
        self._begin = (0, 0)
        self._hidden: list[tuple[int, int, int, int]] = []

    def hide(self, node: Any) -> None:
        """Leave `node` out of `prose`."""
        self._hidden.append((*self.place(node), *self._at(node.sourcepos.end)))

    def hide_part(self, line: int, col: int, length: int) -> None:
        self._hidden.append((line, col, line, col + length - 1))

    def prose(self) -> str:
        """The text with spaces for what is hidden, so that places stay as they are."""
        lines = list(self.lines)
        for top, left, bottom, right in self._hidden:
            for number in range(top, bottom + 1):
                line = lines[number - 1]
                start = left - 1 if number == top else 0
                end = right if number == bottom else len(line)
                lines[number - 1] = line[:start] + " " * (min(end, len(line)) - start) + line[end:]
        return "\n".join(lines)

    @contextlib.contextmanager
    def part(self, line: int, text: str) -> Iterator[None]:
        """Nodes are those of `text`, which is a part of `line` and was parsed by itself."""
        whole = self.lines[line - 1]
        self._begin = (line - 1, len(whole[: max(0, whole.find(text))].encode("utf-8", "surrogatepass")))
        yield
        self._begin = (0, 0)

    def place(self, node: Any) -> tuple[int, int]:
        return self._at(node.sourcepos.start)

    def _at(self, point: Any) -> tuple[int, int]:
        line, byte = point.line + self._begin[0], point.column + self._begin[1]
        return line, self._column(line, byte)

    def _column(self, line: int, byte: int) -> int:
        """The column of a byte of a line, from 1; comrak would count signs itself, but in the square of the line."""
        if line not in self._columns:
            text = self.lines[line - 1]
            self._columns[line] = None if text.isascii() else _signs_by_byte(text)
        columns = self._columns[line]
        return byte if columns is None else columns[min(byte, len(columns)) - 1]

    def is_automatic(self, node: Any) -> bool:
        """Whether a link is a bare address, or one in angle brackets."""
        line, col = self.place(node)
        return bool(self.lines[line - 1][col - 1 : col] != "[")

    def place_of_address(self, node: Any) -> tuple[int, int]:
        """Where the address of a link or a picture stands; of one that is defined elsewhere, where the link does."""
        here, children = self.place(node), node.children
        line, col = here
        text = self.lines[line - 1]
        if text[col - 1 : col] not in ("[", "!"):
            return line, col + (text[col - 1 : col] == "<")
        if children:
            line, col = self._at(children[-1].sourcepos.end)
            text = self.lines[line - 1]
        opened = text.find("](", max(0, col - 1), col + MAX_LABEL)
        after = _NOT_SPACE.search(text, opened + 2) if opened >= 0 else None
        return (line, after.start() + 1 + (after[0] == "<")) if after else here


def tidy(body: str) -> str:
    """`body` with each line ended by `\\n`, the last one too, at which comrak else takes a tag or a number for text.

    What XML cannot hold and parts words is a space, so that they do not run together.
    """
    body = body if body.endswith("\n") else f"{body}\n"
    return body.replace("\r\n", "\n").replace("\r", "\n").replace("\v", " ").replace("\f", " ")


def nodes(root: Any) -> Iterator[Any]:
    """`root` and all that is below it, in no order."""
    waiting = [root]
    while waiting:
        node = waiting.pop()
        yield node
        waiting += node.children


def plain(node: Any, *, is_typed: bool = False) -> str:
    """The text of inline nodes, without their markup; with the names of emoji in place of them if `is_typed`."""
    parts: list[str] = []
    waiting = [node]
    while waiting:
        here = waiting.pop()
        value: Any = here.node_value
        kind = type(value)
        if kind is comrak.Text:
            parts.append(value.value)
        elif kind is comrak.Code or kind is comrak.Math:
            parts.append(value.value.literal)
        elif kind is comrak.ShortCode:
            parts.append(f":{value.value.code}:" if is_typed else value.value.emoji)
        elif kind is comrak.SoftBreak or kind is comrak.LineBreak:
            parts.append(" ")
        else:
            waiting += reversed(here.children)
    return clean("".join(parts))


def escaped(text: str) -> str:
    """`text` as HTML."""
    return escape(clean(text), quote=False)


def clean(text: str) -> str:
    """`text` without characters that XML, and so a feed, cannot hold."""
    return NOT_XML.sub("", text) if not text.isprintable() else text


def _signs_by_byte(text: str) -> list[int]:
    """For each byte of `text` in UTF-8 the number of the sign that it belongs to, from 1."""
    return [at for at, sign in enumerate(text, 1) for _ in range(len(sign.encode("utf-8", "surrogatepass")))] or [1]
