"""Lines: those of a body as they are laid out for Python-Markdown, four columns a level."""

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
