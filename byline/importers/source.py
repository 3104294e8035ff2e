"""Sources: the files that a person names, the folders and zip files among them, read within bounds.

A path in a zip file is only a name here: nothing is unpacked, so none can lead out of a folder.
"""

import functools
import os
import posixpath
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from byline.problems import SiteError, printable

MAX_FILES = 200_000
MAX_BYTES = 300_000_000
"""Of a file that is read as a whole: WordPress offers its own exports in parts from 50 MB on."""
MAX_TOTAL = 20_000_000_000
"""Of all files in a zip file, as it declares them."""
MAX_RATIO = 200
"""How much smaller a file may be in a zip file; text of an export is packed to a tenth."""
RATIO_FROM = 10_000_000
HEAD = 1_000_000
"""Bytes by which a system recognises its files."""


class Entry(NamedTuple):
    """A file of a source: its path within what was named, its size, and where its bytes are."""

    path: str
    size: int
    real: Path
    member: str = ""


class Source:
    """All files at `paths`, by their paths; hidden files and links are not looked at.

    Raises SiteError for what cannot be read, or is over a bound.
    """

    def __init__(self, paths: tuple[Path, ...]) -> None:
        self._paths = paths
        self.name = ", ".join(map(str, paths))
        self.entries: tuple[Entry, ...] = tuple(sorted(entry for path in paths for entry in _entries(path)))
        if len(self.entries) > MAX_FILES:
            raise SiteError(f"{self.name}: has over {MAX_FILES:,} files; import it in parts")
        self._heads: dict[Entry, bytes] = {}

    def beside(self, names: tuple[str, ...]) -> "Source":
        """This source, with the files and folders of those names in the folder of a file that was named."""
        folders = dict.fromkeys(path.resolve().parent for path in self._paths if path.is_file())
        found = [folder / name for folder in folders for name in names if (folder / name).exists()]
        return Source((*self._paths, *found)) if found else self

    def ending(self, *suffixes: str) -> tuple[Entry, ...]:
        """The files whose names end in one of `suffixes`, in small letters."""
        return tuple(entry for entry in self.entries if entry.path.lower().endswith(suffixes))

    def head(self, entry: Entry) -> bytes:
        """The first bytes of a file."""
        if entry not in self._heads:
            self._heads[entry] = read(entry, HEAD)
        return self._heads[entry]

    def data(self, entry: Entry) -> bytes:
        """The whole file. Raises SiteError if it is over the bound, whatever its zip file says of its size."""
        data = read(entry, MAX_BYTES + 1)
        if len(data) > MAX_BYTES:
            raise SiteError(f"{_shown(entry)}: is larger than {MAX_BYTES:,} bytes; export it in parts")
        return data

    def text(self, entry: Entry) -> str:
        """The whole file as text."""
        return self.data(entry).decode("utf-8-sig", errors="replace").replace("\0", "")

    @functools.cached_property
    def by_name(self) -> dict[str, tuple[Entry, ...]]:
        """The files of each name, in small letters."""
        found: dict[str, list[Entry]] = {}
        for entry in self.entries:
            found.setdefault(posixpath.basename(entry.path).casefold(), []).append(entry)
        return {name: tuple(entries) for name, entries in found.items()}


def read(entry: Entry, most: int) -> bytes:
    """The first `most` bytes of a file."""
    try:
        if not entry.member:
            with open(entry.real, "rb") as file:
                return file.read(most)
        with zipfile.ZipFile(entry.real) as archive, archive.open(entry.member) as file:
            return file.read(most)
    except (OSError, zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError) as error:
        raise SiteError(f"{_shown(entry)}: cannot be read: {error}") from None


def _entries(path: Path) -> Iterator[Entry]:
    if path.is_dir():
        yield from _in_folder(path)
    elif not path.is_file():
        raise SiteError(f"{path}: there is no such file or folder")
    elif zipfile.is_zipfile(path):
        yield from _in_archive(path)
    else:
        yield Entry(unicodedata.normalize("NFC", path.name), path.stat().st_size, path)


def _in_folder(folder: Path) -> Iterator[Entry]:
    for place, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith((".", "__MACOSX")))
        for name in sorted(files):
            real = Path(place, name)
            if not name.startswith(".") and real.is_file() and not real.is_symlink():
                path = unicodedata.normalize("NFC", real.relative_to(folder).as_posix())
                if name.lower().endswith(".zip") and zipfile.is_zipfile(real):
                    yield from _in_archive(real)
                else:
                    yield Entry(path, real.stat().st_size, real)


def _in_archive(path: Path) -> Iterator[Entry]:
    """The files of a zip file, if all that it says of them is sound: one that tries tricks is not worth reading."""
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
    except (OSError, zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise SiteError(f"{path}: is no zip file that can be read: {error}") from None
    if len(members) > MAX_FILES or sum(member.file_size for member in members) > MAX_TOTAL:
        raise SiteError(f"{path}: has over {MAX_FILES:,} files or {MAX_TOTAL:,} bytes; unpack it, and name the folder")
    for member in members:
        name = unicodedata.normalize("NFC", member.filename.replace("\\", "/"))
        parts = name.split("/")
        if name.startswith("/") or ".." in parts or ":" in parts[0]:
            raise SiteError(f"{path}: {printable(name)!r} would lead out of the folder, so nothing of it is read")
        if member.flag_bits & 1:
            raise SiteError(f"{path}: is protected with a password; unpack it, and name the folder")
        if member.file_size > RATIO_FROM and member.file_size > MAX_RATIO * max(1, member.compress_size):
            message = f"{printable(name)!r} is {member.file_size:,} bytes packed into {member.compress_size:,}"
            raise SiteError(f"{path}: {message}, which no export is, so nothing of it is read")
        if not member.is_dir() and not any(part.startswith((".", "__MACOSX")) for part in parts):
            yield Entry(name, member.file_size, path, member.filename)


def _shown(entry: Entry) -> str:
    return printable(f"{entry.real}: {entry.member}" if entry.member else str(entry.real))
