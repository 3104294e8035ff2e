"""Samples: the small blogs and exports in the pages of docs/moving/. What such a page shows, a test tries."""

import re
import shlex
from typing import NamedTuple

from byline.importers.registry import all_systems
from tests.helpers.paper import ROOT

INDEX = ROOT / "docs" / "moving" / "README.md"
PAGES = {path.stem: path.read_text(encoding="utf-8") for path in sorted(INDEX.parent.glob("*.md")) if path != INDEX}
_FILE = re.compile(
    r"^`(?P<path>[^`]+)`(?: \(empty\)$|\n\n(?P<fence>`{3,})text\n(?P<text>.*?\n)(?P=fence)$)", re.MULTILINE | re.DOTALL
)
_ROW = re.compile(r"^\| (`/.*) \|$", re.MULTILINE)
_DIALECT = re.compile(r'`dialect = "(\w+)"`')
_IMPORT = re.compile(r"^flask import (.+)$", re.MULTILINE)
_TABLE = "\n| address "


class Blog(NamedTuple):
    """The files of a blog, and address → title of all that it publishes."""

    files: dict[str, str]
    pages: dict[str, str]


class Import(NamedTuple):
    """An export: its files, what to type, address → title of all that is then public, old address → new one, and files
    that are written."""

    files: dict[str, str]
    arguments: list[str]
    pages: dict[str, str]
    moved: dict[str, str]
    written: dict[str, str]


def blogs() -> dict[str, Blog]:
    """The samples of programs whose blogs are read as they are, by the names of the programs."""
    named = ((_DIALECT.search(text), _sample(text)) for text in PAGES.values())
    return {
        found[1]: Blog(_files(sample), {row[0]: row[1] for row in _rows(sample)}) for found, sample in named if found
    }


def imports() -> dict[str, Import]:
    """The samples of the systems of `flask import`, by their names: a page is named like its system."""
    return {name: _import(PAGES[name]) for name in sorted({system.name for system in all_systems()} & set(PAGES))}


def _import(text: str) -> Import:
    """The command is the first of the page; files above the table go in, and those below it come out."""
    sample = _sample(text)
    before, _, after = sample.partition(_TABLE)
    command, rows = _IMPORT.search(text), _rows(sample)
    assert command
    moved = {old: row[0] for row in rows for old in " ".join(row[2:]).split() if old.startswith("/")}
    return Import(_files(before), shlex.split(command[1]), {row[0]: row[1] for row in rows}, moved, _files(after))


def _sample(text: str) -> str:
    return text.partition("\n## A sample\n")[2]


def _files(text: str) -> dict[str, str]:
    return {match["path"]: match["text"] or "" for match in _FILE.finditer(text)}


def _rows(text: str) -> list[list[str]]:
    return [row.replace("`", "").split(" | ") for row in _ROW.findall(text)]
