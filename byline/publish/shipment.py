"""The shipment: a frozen site as objects of a bucket, each with its name, its headers, and when it is to be sent."""

import posixpath
from collections.abc import Collection, Container, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote

from byline.freeze.hosts.table import Table, headers_by
from byline.freeze.manifest import PrintedFile
from byline.freeze.paths import PAGES
from byline.site import Site
from byline.storage.fingerprint import fingerprint

KEPT = ("Cache-Control", "Content-Disposition", "Content-Type")
"""The headers that buckets keep with an object; a policy is for what is in front of them."""
COMPRESSED = (".br", ".gz")
DIGITS = 16
"""Of a digest: enough to tell two versions of one file apart, and the ledger is sent with every edit."""
FIRST, PAGE, LAST = range(3)
"""What pages need, the pages that somebody wrote, and what lists them."""


class Parcel(NamedTuple):
    """An object or a file to be: its `name`, the file with its bytes, its headers, and the digest of both."""

    name: str
    file: Path
    size: int
    headers: Mapping[str, str]
    digest: str
    wave: int


class Difference(NamedTuple):
    """What is to be sent, and the names of what the site no longer has."""

    send: Sequence[Parcel]
    gone: Sequence[str]

    @property
    def size(self) -> int:
        return sum(parcel.size for parcel in self.send)


def parcels(
    folder: Path, files: Mapping[str, PrintedFile], table: Table, site: Site, others: Container[str]
) -> Iterator[Parcel]:
    """What a bucket needs of the frozen `site` in `folder`; `others` are the paths of files that only hosts of another
    kind read.

    A bucket does not choose between versions of a file: one in gzip, which every browser reads, is sent in place of it.
    """
    headers_at = headers_by(table)
    for path, printed in files.items():
        if path in others or is_packed(path, files):
            continue
        packed = files.get(f"{path}.gz")
        packed = packed if packed and not packed.url else None  # the owner may have a file of that name
        sent, file = (f"{path}.gz", packed) if packed else (path, printed)
        url = printed.url or f"{site.urls.mount}/{path}"
        headers = {name: value for name, value in headers_at(url, path).items() if name in KEPT}
        headers |= {"Content-Encoding": "gzip"} if packed else {}
        mark = fingerprint(file.content, tuple(sorted(headers.items())))[:DIGITS]
        name, wave = _name(path, printed.url), _wave(path, printed, site)
        yield Parcel(name, folder / sent, file.size, headers, mark, wave)


def is_packed(path: str, files: Mapping[str, PrintedFile]) -> bool:
    """Whether it is a compressed version of another of `files`; the owner may have a file of that name."""
    source, ending = posixpath.splitext(path)
    return ending in COMPRESSED and source in files and not files[path].url


def copies(folder: Path, files: Mapping[str, PrintedFile]) -> Iterator[Parcel]:
    """The same for a place that is read by rules of its own: every file, under its own name."""
    for path, printed in files.items():
        yield Parcel(path, folder / path, printed.size, {}, printed.content[:DIGITS], FIRST)


def in_the_way(others: Iterable[str], names: Collection[str]) -> list[str]:
    """Those of `others` that are a folder of one of `names`, or below one."""
    folders = {folder for name in names for folder in _folders(name)}
    return [name for name in others if name in folders or any(folder in names for folder in _folders(name))]


def _folders(name: str) -> Iterator[str]:
    while name := name.rpartition("/")[0]:
        yield name


def _wave(path: str, printed: PrintedFile, site: Site) -> int:
    if printed.url in site.by_url:
        return PAGE
    return LAST if path.endswith((*PAGES, ".md")) and printed.url not in site.files else FIRST


def _name(path: str, url: str) -> str:
    """A page at `/a` is in the file a.html, but a bucket has no rules: its object is called as it is asked for."""
    bare = path.removesuffix(".html")
    return bare if bare != path and unquote(url).endswith(f"/{bare}") else path
