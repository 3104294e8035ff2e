"""Data: what the files in a site's `data/` hold, which templates read as `data.NAME`."""

import csv
import functools
import io
import itertools
import json
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path, PurePosixPath
from types import MappingProxyType
from typing import Any

import yaml

from byline.models import Data
from byline.problems import Problem, merge_conflict, read_toml
from byline.storage.files import TreeFile, walk
from byline.storage.fingerprint import digest, fingerprint

FOLDER = "data"
MAX_BYTES = 4_000_000
"""In one file."""
MAX_VALUES = 400_000
"""In one file. YAML aliases can turn a few lines into billions, so each use counts."""
MAX_DEPTH = 40
KEPT = 32
"""Files whose values are kept as long as their bytes are the same."""


class _Fault(Exception):
    """What keeps a file from being read; its path is still to come."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message)
        self.problem = problem


def _fault(line: int, col: int, message: str, hint: str = "") -> _Fault:
    return _Fault(Problem("", line, col, "bad-data", message, hint))


def read_data(folder: Path) -> tuple[Data, list[Problem]]:
    """What `folder` holds, and what cannot be used of it."""
    tree: dict[str, Any] = {}
    marks: dict[str, list[tuple[str, str]]] = {}
    problems: list[Problem] = []
    owners: dict[tuple[str, ...], str] = {}
    for file in walk(folder):
        if isinstance(file, Problem):
            problems.append(file.at(f"{FOLDER}/{file.path}"))
            continue
        path = PurePosixPath(file.path)
        names = (*path.parts[:-1], path.stem)
        try:
            value, mark = _value(file, names, owners)
        except _Fault as fault:
            problems.append(fault.problem.at(f"{FOLDER}/{file.path}"))
            continue
        owners[names] = file.path
        at = tree
        for name in names[:-1]:
            at = at.setdefault(name, {})
        at[names[-1]] = value
        marks.setdefault(names[0], []).append((file.path, mark))
    digests = {name: fingerprint(tuple(found)) for name, found in marks.items()}
    return Data(_folder(tree), MappingProxyType(digests)), problems


def _value(file: TreeFile, names: tuple[str, ...], owners: Mapping[tuple[str, ...], str]) -> tuple[Any, str]:
    """What `file` holds, frozen, and the digest of its bytes."""
    ending = PurePosixPath(file.path).suffix.lower()
    if ending not in _READERS:
        hint = f"write it as {', '.join(_READERS)}, or move it elsewhere"
        raise _Fault(_fault(1, 1, "is not read, whatever it holds", hint).problem.softened())
    same = (owner for other, owner in owners.items() if other[: len(names)] == names[: len(other)])
    for owner in same:
        raise _fault(1, 1, f"has the same name as {FOLDER}/{owner}, so templates get only that", "rename one of them")
    try:
        with open(file.real, "rb") as opened:
            data = opened.read(MAX_BYTES + 1)
    except OSError as error:
        raise _fault(1, 1, f"cannot be read: {error.strerror}", "check its permissions") from None
    if len(data) > MAX_BYTES:
        raise _fault(1, 1, f"is larger than {MAX_BYTES:,} bytes", "split it, or leave out what no page shows")
    return _parsed(file.path, ending, data), digest(data)


@functools.lru_cache(KEPT)
def _parsed(path: str, ending: str, data: bytes) -> Any:
    try:
        text = data.decode().removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        col = error.start - data.rfind(b"\n", 0, error.start)
        raise _fault(line, col, "is not text in UTF-8", "save it as UTF-8") from None
    conflict = merge_conflict(path, text)
    if conflict:
        raise _Fault(conflict)
    try:
        return _frozen(_READERS[ending](text), itertools.count(1), MAX_DEPTH)
    except RecursionError:
        raise _too_deep() from None


def _frozen(value: Any, count: Iterator[int], depth: int) -> Any:
    if next(count) > MAX_VALUES:
        raise _fault(1, 1, f"has more than {MAX_VALUES:,} values", "split it, or leave out what no page shows")
    if not depth:
        raise _too_deep()
    if isinstance(value, dict):
        return MappingProxyType({key: _frozen(item, count, depth - 1) for key, item in value.items()})
    if isinstance(value, list):
        return tuple(_frozen(item, count, depth - 1) for item in value)
    return value


def _folder(tree: dict[str, Any]) -> MappingProxyType[str, Any]:
    return MappingProxyType({name: _folder(one) if isinstance(one, dict) else one for name, one in tree.items()})


def _too_deep(line: int = 1, col: int = 1) -> _Fault:
    return _fault(line, col, f"nests lists and tables more than {MAX_DEPTH} deep", "make it flatter")


def _of_toml(text: str) -> Any:
    table = read_toml("", text)
    if isinstance(table, Problem):
        raise _Fault(table)
    return table


def _of_json(text: str) -> Any:
    def table(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        names = [name for name, _ in pairs]
        twice = next((name for name in names if names.count(name) > 1), None) if len(set(names)) < len(names) else None
        if twice is not None:
            found = [key.start() for key in re.finditer(rf"{re.escape(json.dumps(twice))}\s*:", text)]
            raise _twice(twice, *_place(text, found[1] if len(found) > 1 else 0))
        return dict(pairs)

    def constant(name: str) -> Any:
        raise _fault(*_place(text, max(0, text.find(name))), f"{name} is not JSON", "write null, or a number")

    try:
        return json.loads(text, object_pairs_hook=table, parse_constant=constant)
    except json.JSONDecodeError as error:
        raise _fault(error.lineno, error.colno, f"is not JSON: {error.msg}") from None
    except ValueError:  # https://docs.python.org/3/library/stdtypes.html#integer-string-conversion-length-limitation
        long = re.search(r"\d{1000,}", text)
        raise _fault(*_place(text, long.start() if long else 0), "a number has too many digits", "quote it") from None


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """The front matter's own, with values by YAML 1.2, as there: `no` and `12:30` stay text. Dates are dates."""

    yaml_implicit_resolvers: dict[str, Any] = {}  # noqa: RUF012 - filled below, as PyYAML wants it

    def flatten_mapping(self, node: Any) -> None:
        """Take over the keys of `<<`, which may be the table's own as well; of these, each is there once."""
        names = [key for key, _ in node.value if isinstance(key, yaml.ScalarNode)]
        for at, key in enumerate(names if not hasattr(node, "is_flat") else ()):
            if key.value in {other.value for other in names[:at]}:
                raise _twice(key.value, key.start_mark.line + 1, key.start_mark.column + 1)
        node.is_flat = True
        super().flatten_mapping(node)

    def construct_object(self, node: Any, deep: bool = False) -> Any:
        try:
            return super().construct_object(node, deep)
        except ValueError as error:  # the 31st of February
            raise _fault(node.start_mark.line + 1, node.start_mark.column + 1, f"is not YAML: {error}") from None


for _kind, _form, _first in (
    ("bool", r"true|false", ["t", "f"]),
    ("null", r"~|null|", ["~", "n", ""]),
    ("int", r"[-+]?(?:0|[1-9][0-9]{0,17})", list("-+0123456789")),
    ("float", r"[-+]?[0-9]{1,17}\.[0-9]{1,17}", list("-+0123456789")),
    (
        "timestamp",
        r"\d{4}-\d\d-\d\d(?:[Tt ]\d\d?:\d\d:\d\d(?:\.\d+)?(?: ?(?:Z|[-+]\d\d?(?::\d\d)?))?)?",
        list("0123456789"),
    ),
    ("merge", r"<<", ["<"]),
):
    _Loader.add_implicit_resolver(f"tag:yaml.org,2002:{_kind}", re.compile(f"^(?:{_form})$"), _first)


def _of_yaml(text: str) -> Any:
    try:
        depth = 0
        for event in yaml.parse(text, Loader=_Loader):  # the composer recurses in C, and would take the process down
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if depth > MAX_DEPTH:
                mark: Any = event.start_mark
                raise _too_deep(mark.line + 1, mark.column + 1)
        return yaml.load(text, Loader=_Loader)  # noqa: S506 - a safe loader
    except yaml.MarkedYAMLError as error:
        found = error.problem_mark or error.context_mark
        place = (found.line + 1, found.column + 1) if found else (1, 1)
        raise _fault(*place, f"is not YAML: {error.problem or error.context}") from None
    except (yaml.YAMLError, ValueError, TypeError) as error:
        place = _place(text, getattr(error, "position", 0))
        raise _fault(*place, f"is not YAML: {error}".split("\n")[0][:200]) from None


def _of_csv(text: str) -> Any:
    """A list of records of text, whose keys are the cells of the first row."""
    first = text.partition("\n")[0]
    comma = "," if "," in first or ";" not in first else ";"  # what Excel writes in half of Europe
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=comma, strict=True)
    header: list[str] = []
    records = []
    start = 1
    try:
        for row in reader:
            cells = [cell.strip() for cell in row]
            if not header and cells:
                header = _header(cells, start)
            elif cells and len(cells) != len(header):
                message = f"the row has {len(cells)} cells, but the first one has {len(header)}"
                raise _fault(start, 1, message, "add or remove commas, or put the cell with the comma into quotes")
            elif cells:
                records.append(dict(zip(header, cells, strict=True)))
            start = reader.line_num + 1
    except csv.Error as error:
        raise _fault(start, 1, f"is not CSV: {error}") from None
    return records


def _header(cells: list[str], line: int) -> list[str]:
    for number, cell in enumerate(cells, 1):
        if not cell:
            raise _fault(line, 1, f"column {number} has no name", "name it in the first row, or remove it")
        if cell in cells[: number - 1]:
            raise _twice(cell, line, 1)
    return cells


def _twice(name: str, line: int, col: int) -> _Fault:
    return _fault(line, col, f"`{name}` appears twice", "keep one, or rename it")


def _place(text: str, at: int) -> tuple[int, int]:
    return text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)


_READERS: Mapping[str, Callable[[str], Any]] = {
    ".toml": _of_toml,
    ".yaml": _of_yaml,
    ".yml": _of_yaml,
    ".json": _of_json,
    ".csv": _of_csv,
}
