"""The shipment: a frozen site as objects of a bucket, each with its name, its headers, and when it is to be sent."""

import posixpath
import re
from collections.abc import Collection, Container, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote

from byline.freeze.hosts.table import Table, regex_of
from byline.freeze.manifest import PrintedFile
from byline.freeze.paths import PAGES
from byline.media.files import mimetype_of
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
    rules = [(re.compile(regex_of(table.base, rule.pattern)), rule.headers) for rule in table.rules]
    for path, printed in files.items():
        source, ending = posixpath.splitext(path)
        if path in others or (ending in COMPRESSED and source in files and not printed.url):
            continue
        packed = files.get(f"{path}.gz")
        packed = packed if packed and not packed.url else None  # the owner may have a file of that name
        sent, file = (f"{path}.gz", packed) if packed else (path, printed)
        url = printed.url or f"{site.urls.mount}/{path}"
        headers = _headers(url, path, rules, table.types) | ({"Content-Encoding": "gzip"} if packed else {})
        mark = fingerprint(file.content, tuple(sorted(headers.items())))[:DIGITS]
        name, wave = _name(path, printed.url), _wave(path, printed, site)
        yield Parcel(name, folder / sent, file.size, headers, mark, wave)


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


def _headers(
    url: str, path: str, rules: list[tuple[re.Pattern[str], tuple[tuple[str, str], ...]]], types: Mapping[str, str]
) -> dict[str, str]:
    """The headers of `url` that an object keeps; where two rules give one, the particular wins over the general."""
    ending = posixpath.splitext(path)[1].lower()
    headers = {"Content-Type": types.get(ending) or mimetype_of(path)}
    for pattern, given in rules:
        if pattern.match(url):
            headers |= dict(given)
    return {name: value for name, value in headers.items() if name in KEPT}
