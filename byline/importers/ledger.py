"""The ledger: which files an import wrote, from what, and with which content. By it a second run knows what is its own.

It belongs in git beside the pages: without it an import would take its own files for somebody else's.
"""

import os
from pathlib import Path
from typing import Literal

import msgspec

from byline.problems import SiteError
from byline.storage.fingerprint import digest

FILE_NAME = ".byline-import.json"
Fate = Literal["written", "same", "updated", "kept", "edited", "gone", "taken"]
"""Of a file: new, as it was, made anew, left to the person who edited it, likewise although it would be another now,
left away as its owner moved or deleted it, or left to the person whose file was there before."""


class Record(msgspec.Struct, frozen=True):
    """A file that was written: from what, and the digest of what was written."""

    source: str
    content: str


class Book(msgspec.Struct, frozen=True):
    files: dict[str, Record] = {}


class Ledger:
    """The files that imports wrote below `folder` and `pages`; `journal` is for a run that is interrupted."""

    def __init__(self, folder: Path, pages: Path, journal: Path) -> None:
        self._folder = folder
        self._roots = folder.resolve(), pages.resolve()
        self._path = folder / FILE_NAME
        self._journal = journal
        self._unsure = _read_journal(journal)
        """What a run that was interrupted had written, or was about to."""
        self._files = _read(self._path) | self._unsure
        self._paths = {record.source: path for path, record in self._files.items()}
        self._new: dict[str, Record] = {}

    def path_of(self, source: str) -> str:
        """Where what comes from `source` was written, or the empty string."""
        return self._paths.get(source, "")

    def is_free(self, path: str, source: str) -> bool:
        """Whether `source` may be written to `path`."""
        record = self._files.get(path) or self._new.get(path)
        return record.source == source if record else not os.path.lexists(self._folder / path)

    def holds(self, path: str, content: str) -> bool:
        """Whether `path`, which no import wrote, has this content all the same."""
        return bool(content) and path not in self._files and _digest_of(self._folder / path) == content

    def fate(self, path: str, data: bytes | None) -> Fate:
        """What is to happen to `path`, if `data` is what should be there; None stands for what was written before."""
        record, real = self._files.get(path), self._folder / path
        if record is None:
            # An import that was interrupted may have written it.
            is_same = data is not None and _digest_of(real) == digest(data)
            return "same" if is_same else "taken" if os.path.lexists(real) else "written"
        if not os.path.lexists(real):
            return "written" if path in self._unsure else "gone"
        wanted = record.content if data is None else digest(data)
        if wanted == record.content:
            return "same" if data is None or _digest_of(real) == wanted else "kept"
        found = _digest_of(real)
        return "same" if found == wanted else "updated" if found == record.content else "edited"

    def write(self, path: str, source: str, data: bytes) -> None:
        """Write a file that is `written` or `updated`, whole or not at all, and keep its digest."""
        real = self._folder / path
        if not any(real.resolve().is_relative_to(root) for root in self._roots):
            raise SiteError(f"{path}: leads out of the site's folder, so it is not written")
        real.parent.mkdir(parents=True, exist_ok=True)
        self._new[path] = Record(source, digest(data))
        self._journal.parent.mkdir(parents=True, exist_ok=True)
        with open(self._journal, "ab") as journal:
            journal.write(msgspec.json.encode((path, self._new[path])) + b"\n")
        part = real.with_name(f".{real.name[:100]}.part")
        part.write_bytes(data)
        os.replace(part, real)

    def adopt(self, path: str, source: str, data: bytes) -> None:
        """Keep the digest of a file that is as it should be."""
        self._new[path] = Record(source, digest(data))

    def save(self) -> None:
        """Write the ledger, if anything in it is new."""
        files = self._files | self._new
        if self._unsure or files != self._files:
            text = msgspec.json.format(msgspec.json.encode(Book(dict(sorted(files.items())))), indent=1)
            part = self._path.with_name(f"{FILE_NAME}.part")
            part.write_bytes(text + b"\n")
            os.replace(part, self._path)
        self._journal.unlink(missing_ok=True)


def _digest_of(path: Path) -> str:
    try:
        return digest(path.read_bytes())
    except OSError:
        return ""


def _read(path: Path) -> dict[str, Record]:
    try:
        return msgspec.json.decode(path.read_bytes(), type=Book).files
    except FileNotFoundError:
        return {}
    except (OSError, msgspec.DecodeError) as error:
        raise SiteError(f"{FILE_NAME} cannot be read: {error}; take it from git as it was") from None


def _read_journal(path: Path) -> dict[str, Record]:
    """What the journal has, up to a line that was not finished."""
    found = {}
    for line in path.read_bytes().split(b"\n") if path.exists() else ():
        try:
            name, record = msgspec.json.decode(line, type=tuple[str, Record])
        except msgspec.DecodeError:
            break
        found[name] = record
    return found
