"""Faults: errors as a writer's browser shows them, with the lines of the file around each."""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from byline.problems import Problem

AROUND = 2
"""Lines before and after the one at fault."""
MOST = 20
_PLACE = re.compile(r"(?P<place>(?P<path>[^:]+):(?P<line>\d+):\d+): (?P<message>.*)")


class Fault(NamedTuple):
    """`lines` are (number, text, whether it is the one at fault)."""

    message: str
    place: str = ""
    lines: tuple[tuple[int, str, bool], ...] = ()


def faults_of(errors: Iterable[Problem | str], folder: Path) -> list[Fault]:
    """Each error, given as a problem or as its text, with the lines of the file that it names."""
    return [_fault(str(error), folder) for error, _ in zip(errors, range(MOST), strict=False)]


def _fault(text: str, folder: Path) -> Fault:
    match = _PLACE.fullmatch(text)
    if not match:
        return Fault(text)
    return Fault(match["message"], match["place"], tuple(_excerpt(folder / match["path"], int(match["line"]))))


def _excerpt(path: Path, line: int) -> Iterable[tuple[int, str, bool]]:
    try:
        lines = path.read_text(encoding="utf-8", errors="replace").split("\n")
    except OSError:
        return
    for number in range(max(1, line - AROUND), min(len(lines), line + AROUND) + 1):
        yield number, lines[number - 1].rstrip("\r")[:200], number == line
