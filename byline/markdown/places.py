"""Places: where in a body stands what is in the HTML that Python-Markdown made of it.

That engine tells no places, so they are looked for. The third link to an address in the HTML is its third occurrence in
the text, outside code and comments; where the two counts differ, nothing is guessed, and the place is unknown.
"""

import bisect
import re
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from html import escape
from typing import NamedTuple, TypeVar

UNKNOWN = (0, 0)
MAX_LABEL = 1000
"""Characters of a label or a tag; its start is looked for no further back."""
MAX_MISSES = 100
"""Pieces of code that are not found in the text as they are; after these, no more are looked for."""

Name = TypeVar("Name", bound=Hashable)

_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_ADDRESS = re.compile(
    r"(?<=\]\()[^\s()<>]*(?:\([^\s()<>]*\)[^\s()<>]*)+|(?<=srcset=[\"'])[^\"'<>]+|[^\s()<>\"'\[\]]+", re.IGNORECASE
)
_NAMES = {
    "tag": re.compile(r"<([A-Za-z][\w:-]*)"),
    "attribute": re.compile(r"(?<![\w:.-])([A-Za-z_:][\w:.-]*+)\s*+="),
}
_LABEL = re.compile(r"\[([^\[\]]{1,1000})\]")
_HEADING = re.compile(
    r"^(?:[ >]|[-*+] |\d+\. )*+(?P<hashes>#{1,6})(?=[^#\n])"
    r"|(?:(?<=\n\n)|\A)(?P<line>[^\n]++)\n(?P<rule>=+|-+) *$"
    r"|<h(?P<tag>[1-6])\b",
    re.MULTILINE | re.IGNORECASE,
)


class Code(NamedTuple):
    """Code in the HTML, in pieces; a block, or within a line."""

    is_block: bool
    parts: list[str]


class Places:
    """An offset is a number of characters from the start of the body; None is a place that is not known."""

    def __init__(self, body: str, codes: Iterable[Code]) -> None:
        self._lines = [0, *(end.end() for end in re.finditer("\n", body))]
        self._text = _without_code(_COMMENT.sub(_blank, body), codes)

    @property
    def prose(self) -> str:
        """The text with spaces for code and comments."""
        return self._text

    def at(self, offset: int | None) -> tuple[int, int]:
        """Line and column from 1, or `UNKNOWN`."""
        if offset is None:
            return UNKNOWN
        line = bisect.bisect_right(self._lines, offset)
        return line, offset - self._lines[line - 1] + 1

    def addresses(self, values: Sequence[str]) -> list[int | None]:
        """Offsets of addresses, which are in the order of the HTML."""
        met = _offsets(_ADDRESS, self._text, lambda match: match[0])
        typed = [value if value in met else escape(value).removeprefix("mailto:") for value in values]
        return _in_turn(met, typed)

    def labels(self, texts: Sequence[str]) -> list[int | None]:
        """Offsets of `[text]`, for links whose address is elsewhere."""
        return _in_turn(_offsets(_LABEL, self._text, lambda match: " ".join(match[1].split())), texts)

    def named(self, kind: str, names: Sequence[str]) -> list[int | None]:
        """Offsets of tags or attributes."""
        pattern = _NAMES[kind]
        return _in_turn(_offsets(pattern, self._text, lambda match: match[1].lower()), names)

    def headings(self, levels: Sequence[int]) -> list[int | None]:
        """Offsets of headings: known if the text has the same levels in the same order."""
        met = list(_HEADING.finditer(self._text))
        if [_level(match) for match in met] != list(levels):
            return [None] * len(levels)
        return [match.start("hashes" if match["hashes"] else "line" if match["line"] else 0) for match in met]

    def start(self, offset: int | None) -> int | None:
        """Where the link, picture or tag starts whose address stands at `offset`; None if its address is elsewhere."""
        if offset is None:
            return None
        text = self._text
        before = text[max(0, offset - MAX_LABEL) : offset].rstrip()
        if before.endswith("]:"):
            return None
        if before.endswith(("](", "](<")):
            opened = _bracket(text, offset - (len(text[:offset]) - len(text[:offset].rstrip("(< \n"))) - 1)
            return opened if opened is None or text[opened - 1 : opened] != "!" else opened - 1
        if before.endswith(('"', "'", "=")):
            tag = text.rfind("<", max(0, offset - MAX_LABEL), offset)
            return tag if tag >= 0 else offset
        return offset - 1 if before.endswith("<") else offset

    def is_tag(self, offset: int | None) -> bool:
        return offset is not None and self._text.startswith("<", offset)


def _level(match: re.Match[str]) -> int:
    if match["hashes"]:
        return len(match["hashes"])
    return int(match["tag"]) if match["tag"] else 1 if match["rule"].startswith("=") else 2


def _bracket(text: str, end: int) -> int | None:
    """Where the bracket is opened that is closed at `end`."""
    depth = 0
    for at in range(end, max(-1, end - MAX_LABEL), -1):
        depth += (text[at] == "]") - (text[at] == "[")
        if depth == 0:
            return at
    return None


def _offsets(pattern: re.Pattern[str], text: str, name: Callable[[re.Match[str]], Name]) -> dict[Name, list[int]]:
    met: dict[Name, list[int]] = {}
    for match in pattern.finditer(text):
        met.setdefault(name(match), []).append(match.start())
    return met


def _in_turn(met: Mapping[Name, list[int]], names: Sequence[Name]) -> list[int | None]:
    """For each of `names` the offset of its occurrence; of one that is used again and again, such as the address of a
    definition, always the same."""
    counts, turns = Counter(names), Counter[Name]()
    offsets: list[int | None] = []
    for name in names:
        places = met.get(name, [])
        if len(places) == counts[name]:
            offsets.append(places[turns[name]])
        else:
            offsets.append(places[0] if len(places) == 1 else None)
        turns[name] += 1
    return offsets


def _without_code(text: str, codes: Iterable[Code]) -> str:
    """`text` with spaces for what is code in the HTML."""
    lines = text.split("\n")
    numbers: dict[str, list[int]] = {}
    for number, line in enumerate(lines):
        numbers.setdefault(line.strip(), []).append(number)
    next_line = 0
    spans = []
    for code in codes:
        if code.is_block:
            for line in filter(None, map(str.strip, "".join(code.parts).split("\n"))):
                known = numbers.get(line, [])
                at = bisect.bisect_left(known, next_line)
                if at < len(known):
                    lines[known[at]] = " " * len(lines[known[at]])
                    next_line = known[at] + 1
        else:
            spans.append("".join(code.parts))
    text = "\n".join(lines)
    parts, done, misses = [], 0, 0
    for span in spans:
        at = next((at for at in (text.find(f"`{span}", done), text.find(f"` {span}", done)) if at >= 0), -1)
        if at < 0:
            misses += 1
            if misses > MAX_MISSES:
                break
            continue
        end = text.find("`", at + 1 + len(span)) + 1 or len(text)
        parts += [text[done:at], _blank(text[at:end])]
        done = end
    return "".join(parts) + text[done:]


def _blank(match: re.Match[str] | str) -> str:
    return re.sub(r"[^\n]", " ", match if isinstance(match, str) else match[0])
