"""Places: where each setting is in the text of site.toml, which its parser does not tell."""

import re
import tomllib
from collections import Counter
from typing import Any

Keys = tuple[str | int, ...]
"""Where a setting is: its key, after those of the tables, and the places in lists, that it is in."""
Place = tuple[int, int]
"""Line and column, from 1."""
_COMMENT = re.compile(r"^\s*#.*", re.MULTILINE)


class Places:
    """The places of all tables, keys and items of lists in `text`, a valid TOML file, read statement by statement."""

    def __init__(self, text: str) -> None:
        self._lines = text.splitlines()
        self._found: dict[Keys, Place] = {}
        self._read()

    def at(self, keys: Keys, value: str = "") -> Place:
        """The place of the setting at `keys`, or of the innermost table around it that is in the file; with a `value`,
        where that is in it."""
        around = next((keys[:end] for end in range(len(keys), 0, -1) if keys[:end] in self._found), ())
        line, col = self._found.get(around, (1, 1))
        sought = re.compile(rf"(?<![\w/.-]){re.escape(value)}(?![\w/.-])")
        for number, one in enumerate(self._lines[line - 1 :] if value else (), line):
            found = sought.search(one)
            if found:
                return number, found.start() + 1
        return line, col

    def has(self, keys: Keys) -> bool:
        return keys in self._found

    def _read(self) -> None:
        around: Keys = ()
        items: Counter[Keys] = Counter()
        start = 0
        while start < len(self._lines):
            statement, end = _statement(self._lines, start)
            indent = len(self._lines[start]) - len(self._lines[start].lstrip())
            place = start + 1, indent + 1
            if self._lines[start].lstrip().startswith("["):
                around, is_item = _header(statement)
                self._found.setdefault(around, place)
                if is_item:
                    items[around] += 1
                    around = (*around, items[around] - 1)
                    self._found[around] = place
            else:
                text = _COMMENT.sub(lambda comment: " " * len(comment[0]), "\n".join(self._lines[start:end]))
                _Statement(text, start, self._found).walk(statement, around)
            start = end


class _Statement:
    """The text of one statement, which is gone through once, in the order of what is in it."""

    def __init__(self, text: str, start: int, found: dict[Keys, Place]) -> None:
        self._text, self._start, self._found = text, start, found
        self._cursor = 0

    def walk(self, value: Any, keys: Keys) -> None:
        if isinstance(value, dict):
            for key, inner in value.items():
                self._seek(rf"[\"']?{re.escape(key)}[\"']?(?=\s*[=.])", (*keys, key))
                self.walk(inner, (*keys, key))
        elif isinstance(value, list):
            for number, inner in enumerate(value):
                self._seek(_start_of(inner), (*keys, number))
                self.walk(inner, (*keys, number))
        elif isinstance(value, str):
            self._seek(re.escape(value))  # what is in it is no key

    def _seek(self, pattern: str, keys: Keys = ()) -> None:
        found = re.compile(pattern).search(self._text, self._cursor)
        at = found.start() if found else self._cursor
        if keys:
            before = self._text[:at]
            self._found.setdefault(keys, (self._start + before.count("\n") + 1, at - before.rfind("\n")))
        self._cursor = found.end() if found else self._cursor


def _statement(lines: list[str], start: int) -> tuple[dict[str, Any], int]:
    """What the statement that starts there says, and the line after it: the first before which it can be read."""
    for end in range(start + 1, len(lines) + 1):
        try:
            return tomllib.loads("\n".join(lines[start:end])), end
        except tomllib.TOMLDecodeError:
            continue
    return {}, len(lines)


def _header(statement: dict[str, Any]) -> tuple[Keys, bool]:
    """The keys of a table's header, and whether the table is one of a list."""
    keys: list[str] = []
    value: Any = statement
    while isinstance(value, dict) and value:
        ((key, value),) = value.items()
        keys.append(key)
    return tuple(keys), isinstance(value, list)


def _start_of(value: object) -> str:
    """A pattern for the beginning of an item."""
    if isinstance(value, dict):
        return r"\{\s*"
    if isinstance(value, list):
        return r"\["
    return rf"[\"']+(?={re.escape(value)})" if isinstance(value, str) else r"[\w+.:-]+"
