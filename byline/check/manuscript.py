"""Manuscripts: a source as the rules see it, with the places of its header's keys and of its text."""

import bisect
import functools
import re
from collections.abc import Iterable
from typing import NamedTuple
from zoneinfo import ZoneInfo

from byline.content.reader import page_values
from byline.dialects.dialect import BYLINE, Dialect
from byline.frontmatter import syntax
from byline.frontmatter.headers import AuthorHeader, PostHeader, is_known, read_post
from byline.frontmatter.keys import names_of, normal
from byline.frontmatter.syntax import Node, Split
from byline.markdown.engines import GITHUB, Engine
from byline.markdown.facts import Facts
from byline.markdown.render import facts_of
from byline.markdown.shortcodes.expansion import Expanded, expanded

BOM = "\ufeff"
_BREAK = re.compile(r"\r\n|\n|\r")


class Edit(NamedTuple):
    """A change to a file's text: `new` replaces what is between `start` and `end`."""

    start: int
    end: int
    new: str


class Finding(NamedTuple):
    """What a rule found at a place in a manuscript. It has `edits` if Byline can fix it safely."""

    line: int
    col: int
    message: str
    hint: str = ""
    edits: tuple[Edit, ...] = ()


class Manuscript:
    """The text of one file, byte for byte; `fault` is what keeps its header from being read."""

    def __init__(
        self,
        kind: str,
        text: str,
        zone: ZoneInfo,
        dialect: Dialect = BYLINE,
        engine: Engine = GITHUB,
        made: str | None = None,
    ) -> None:
        self.kind = kind
        self.text = text
        self.zone = zone
        self.dialect = dialect
        self.engine = engine
        self.made = made
        self.is_html = False
        self.header: dict[str, Node] = {}
        self.fault: syntax.HeaderError | None = None
        self.part = Split("none", "", 1, "", 1)
        try:
            self.part = syntax.split(_BREAK.sub("\n", text.removeprefix(BOM)), is_known)
            self.header = syntax.read(self.part)
        except syntax.HeaderError as error:
            self.fault = error

    def with_text(self, text: str) -> "Manuscript":
        """The same file with another text."""
        same = Manuscript(self.kind, text, self.zone, self.dialect, self.engine, self.made)
        same.is_html = self.is_html
        return same

    @functools.cached_property
    def facts(self) -> Facts:
        """What the text says besides its words; its places are those of the body."""
        return facts_of(self.shown.text, self.engine, self.shown.text if self.is_html else self.made)

    @functools.cached_property
    def shown(self) -> Expanded:
        """The body with its shortcodes run."""
        if not self.engine.codes.templates or self.kind == "author":
            return Expanded(self.part.body)
        header = read_post(self.header, self.zone, self.dialect.habits)[0]
        return expanded(self.part.body, self.engine.codes, page_values(header))

    def place(self, line: int, col: int) -> tuple[int, int]:
        """A place of the body in the file; (0, 0) if it is not known."""
        return (self.shown.line(line) + self.part.body_line - 1, col) if line else (0, 0)

    def values(self, key: str) -> list[Node]:
        """The header's values for `key`, under all of its names."""
        names = names_of(AuthorHeader if self.kind == "author" else PostHeader)
        nodes = (node for name, node in self.header.items() if names.get(normal(name)) == key)
        return [node for node in nodes if not node.is_empty]

    def value(self, key: str) -> Node | None:
        return next(iter(self.values(key)), None)

    def words(self, key: str) -> str:
        """What `value` returns, if that is text, with its white space collapsed."""
        node = self.value(key)
        return " ".join(node.value.split()) if node and isinstance(node.value, str) else ""

    def line(self, number: int) -> str:
        """A line of the file, without its end."""
        return self.text[self._starts[number - 1] : self._ends[number - 1]]

    def at(self, line: int, col: int) -> int:
        """The offset in `text` of a place."""
        return self._starts[line - 1] + col - 1

    def line_of(self, offset: int) -> int:
        return bisect.bisect_right(self._starts, offset)

    @functools.cached_property
    def breaks(self) -> list[tuple[int, str]]:
        """Where lines end, and how."""
        return [(m.start(), m[0]) for m in _BREAK.finditer(self.text)]

    @functools.cached_property
    def _starts(self) -> list[int]:
        return [len(BOM) if self.text.startswith(BOM) else 0, *(at + len(end) for at, end in self.breaks)]

    @functools.cached_property
    def _ends(self) -> list[int]:
        return [*(at for at, _ in self.breaks), len(self.text)]


def edited(text: str, edits: Iterable[Edit]) -> str:
    """`text` with `edits` made; if two overlap, the second is left out."""
    parts, done = [], 0
    for edit in sorted(edits):
        if edit.start >= done:
            parts += [text[done : edit.start], edit.new]
            done = edit.end
    return "".join(parts) + text[done:]
