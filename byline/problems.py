"""Problems: everything that can be wrong with a site, and where it is wrong.

A problem is a value, never an exception, so that one run can report all of them. `SiteError` is what
stops a command; its text is what the person reads.
"""

import re
import tomllib
from collections.abc import Iterator, Sequence
from typing import Any, Literal, get_args

import click
import msgspec

NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""Characters that XML does not allow: one of them would make a feed unreadable.
https://www.w3.org/TR/xml/#charsets"""

_CONFLICT = re.compile(r"^(?:<{7}(?= |\r?$)|={7}(?=\r?$)|>{7}(?= |\r?$))", re.MULTILINE)
"""The lines that a merge leaves where two versions differ: https://git-scm.com/docs/git-merge#_how_conflicts_are_presented"""
_FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,})([^\n]*)$", re.MULTILINE)
_LONG_NUMBER = re.compile(r"[0-9A-Fa-f_]{1000,}")
_TOML_PLACE = re.compile(r"\(at line (\d+), column (\d+)\)")

Severity = Literal["error", "warning", "hint"]


class Problem(msgspec.Struct, frozen=True, order=True):
    """One finding. `line` and `col` count from 1, and are 0 where nobody knows the place within the file; `path` is
    relative to the site's folder. `detail` is what needs more than a line, such as a difference."""

    path: str
    line: int
    col: int
    code: str
    message: str
    hint: str = ""
    severity: Severity = "error"
    detail: str = ""

    def __str__(self) -> str:
        hint = f" ({self.hint})" if self.hint else ""
        place = f":{self.line}:{self.col}" if self.line else ""
        unknown = "" if self.line else "; where in the file is not known"
        return f"{printable(self.path)}{place}: {self.code} {self.message}{unknown}{hint}"

    @property
    def is_error(self) -> bool:
        return self.severity == "error"

    def at(self, path: str) -> "Problem":
        """The same finding in the file `path`."""
        return msgspec.structs.replace(self, path=path)

    def softened(self) -> "Problem":
        """The same finding as a warning, if it is an error."""
        return msgspec.structs.replace(self, severity="warning") if self.is_error else self


class SiteError(click.ClickException):
    """A condition that stops the command; the message says what to do about it.

    As a click exception it reaches the person as one line, not as a traceback, wherever it is raised.
    """


class Unloadable(SiteError):
    """The site as a whole cannot be shown now; to a visitor that is 503."""


def counted(problems: Sequence[Problem]) -> str:
    """`2 errors, 1 hint`."""
    counts = {kind: sum(problem.severity == kind for problem in problems) for kind in get_args(Severity)}
    return ", ".join(f"{count} {kind}{'s' * (count != 1)}" for kind, count in counts.items() if count)


def printable(text: str) -> str:
    """`text` on one line: control characters and undecodable bytes of a file name are escaped."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def merge_conflict(path: str, text: str, *, has_listings: bool = False) -> Problem | None:
    """The first conflict of a merge that is left in `text`, the content of `path`.

    With `has_listings`, one that is a whole in a fenced listing of Markdown, or the beginning of one, is an example.
    """
    if "<<<<<<<" not in text and ">>>>>>>" not in text:
        return None
    listings = _listings(text) if has_listings else []
    for at, end in _conflicts(text):
        if not any(start < at and end < stop for start, stop in listings):
            hint = "choose one of the two versions, and delete the lines of signs"
            message = "two versions of the file were not merged"
            return Problem(path, text.count("\n", 0, at) + 1, 1, "merge-conflict", message, hint)
    return None


def _conflicts(text: str) -> Iterator[tuple[int, int]]:
    """Where the first and the last sign of each conflict stand; of one that is half resolved, those that are left."""
    opened = ("", 0)
    for found in _CONFLICT.finditer(text):
        sign, at = found[0][0], found.start()
        if sign == ">":
            if opened[0]:  # else a quote of a quote of …
                yield opened[1], at
            opened = ("", 0)
        elif sign == "<" or not opened[0]:
            if opened[0] == "<":
                yield opened[1], opened[1]
            opened = (sign, at)
    if opened[0] == "<":
        yield opened[1], opened[1]


def _listings(text: str) -> list[tuple[int, int]]:
    """Where fenced listings start and end."""
    found, fence, start = [], "", 0
    for match in _FENCE.finditer(text):
        if not fence and "`" not in match[2]:
            fence, start = match[1], match.start()
        elif fence and match[1].startswith(fence) and not match[2].strip():
            found.append((start, match.end()))
            fence = ""
    return [*found, (start, len(text) + 1)] if fence else found


def read_toml(path: str, text: str) -> dict[str, Any] | Problem:
    """The table in `text`, the content of `path`, or the problem with it. Never raises."""
    conflict = merge_conflict(path, text)
    if conflict:
        return conflict
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:  # gives the place only in words
        place = _TOML_PLACE.search(str(error))
        lines = text.split("\n")
        line, col = (int(place[1]), int(place[2])) if place else (len(lines), len(lines[-1]) + 1)
        message = _TOML_PLACE.sub("", str(error)).strip().removesuffix(" (at end of document)")
        return Problem(path, line, col, "bad-toml", message)
    except ValueError:  # https://docs.python.org/3/library/stdtypes.html#integer-string-conversion-length-limitation
        number = _LONG_NUMBER.search(text)
        at = number.start() if number else 0
        line, col = text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)
        return Problem(path, line, col, "bad-toml", "a number has too many digits", "put it in quotes")
    except RecursionError:
        return Problem(path, 1, 1, "bad-toml", "lists or tables are nested too deeply", "remove some brackets")
