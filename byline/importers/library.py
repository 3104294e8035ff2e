"""The library: the files that texts of the old site show or link to, from the export, a person's folder, or the web."""

import os
import posixpath
import re
import unicodedata
from collections.abc import Iterable
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from byline.importers.addresses import OldSite, is_host_of, joined
from byline.importers.download import Client
from byline.importers.export import Export
from byline.importers.ledger import Ledger
from byline.importers.placing import MAX_NAME_BYTES, RESERVED_NAMES
from byline.importers.source import Entry, Source, read
from byline.media.files import SAVED, SHOWN_TYPES, is_picture
from byline.storage.fingerprint import digest

MAX_BYTES = 200_000_000
"""Of one file."""
_RESIZED = re.compile(r"-(?:\d{1,5}x\d{1,5}|scaled|rotated|e\d{9,})(?=\.\w+$)")
"""WordPress's names for other sizes of a picture, of which Byline makes its own."""
_UPLOADS = re.compile(r"^.*?/?(?:wp-content/uploads|sites/\d+|content/images|content/media|content/files)/")
_UNSAFE = re.compile(r"[<>:\"|?*\\\x00-\x1f#%&{}$!'@+`=]+")
_PHOTON = re.compile(r"https?://i\d\.wp\.com/", re.IGNORECASE)
_MAGIC = (
    (b"\xff\xd8\xff", ".jpg"),
    (b"\x89PNG\r\n", ".png"),
    (b"GIF8", ".gif"),
    (b"<svg", ".svg"),
    (b"%PDF", ".pdf"),
    (b"ID3", ".mp3"),
)


class Wanted(NamedTuple):
    """A file that texts use. `key` is its name for the ledger, `entry` is where it is at hand, `url` where else."""

    key: str
    name: str
    entry: Entry | None = None
    url: str = ""


class Library:
    """Finds each file once. `missing` holds those that are nowhere, with the reason, and the texts that show them."""

    def __init__(self, export: Export, old: OldSite, sources: Iterable[Source], ledger: Ledger, folder: str) -> None:
        self._old = old
        self._sources = tuple(sources)
        self._ledger = ledger
        self._folder = folder
        self._hosts = (*old.hosts, *(f"*.{host}" for host in old.hosts), *export.hosts)
        self._originals: dict[str, str] = {}
        for attachment in export.attachments:
            for address in attachment.addresses:
                self._originals.setdefault(self._key(address), attachment.addresses[0])
        self._files: dict[str, Wanted] = {}
        self._paths: dict[str, str] = {}
        self.missing: dict[str, str] = {}
        self.used: dict[str, list[str]] = {}
        self.elsewhere: dict[str, int] = {}
        """Other sites that pictures come from, and how many."""
        self._taken: set[str] = set()

    def want(self, url: str, base: str, text: str, *, is_link: bool = False) -> None:
        """Note that the text `text`, whose address was `base`, uses the file at `url`, if it is one of the old site."""
        wanted = self._wanted(url, base, is_link=is_link)
        host = _host(url) if wanted is None and not is_link else ""
        if host:
            self.elsewhere[host] = self.elsewhere.get(host, 0) + 1
        if wanted:
            self._files.setdefault(wanted.key, wanted)
            users = self.used.setdefault(wanted.key, [])
            if text not in users:
                users.append(text)

    def path_of(self, url: str, base: str, *, is_link: bool = False) -> str:
        """Where the file at `url` is in the site, or the empty string."""
        wanted = self._wanted(url, base, is_link=is_link)
        return self._paths.get(wanted.key, "") if wanted else ""

    def plan(self) -> None:
        """Without getting or writing any: where those at hand would be."""
        for wanted in self._files.values():
            if wanted.entry or self._ledger.path_of(wanted.key):
                self._paths[wanted.key] = self._ledger.path_of(wanted.key) or self._free(wanted, wanted.name)

    def take(self, client: Client) -> list[tuple[str, str]]:
        """Write all that texts want below the media folder; the paths, each with what became of it."""
        fates: list[tuple[str, str]] = []
        absent: list[Wanted] = []
        for wanted in self._files.values():
            before = self._ledger.path_of(wanted.key)
            if before and self._ledger.fate(before, None) in ("same", "kept"):
                self._paths[wanted.key] = before
                fates.append((before, "same"))
            elif wanted.entry and wanted.entry.size <= MAX_BYTES:
                fates.append(self._put(wanted, read(wanted.entry, MAX_BYTES)))
            elif wanted.entry:
                self.missing[wanted.key] = f"is larger than {MAX_BYTES:,} bytes"
            else:
                absent.append(wanted)
        by_url = {wanted.url: wanted for wanted in absent if wanted.url}
        self.missing |= {wanted.key: _why(wanted) for wanted in absent if not wanted.url}
        for url, file, fault in client.fetch(sorted(by_url)):
            wanted = by_url[url]
            if file is None:
                self.missing[wanted.key] = fault
            else:
                fates.append(self._put(wanted, file.read_bytes()))
                os.unlink(file)
        return fates

    def _put(self, wanted: Wanted, data: bytes) -> tuple[str, str]:
        path = self._ledger.path_of(wanted.key) or self._free(wanted, _named(wanted.name, data), digest(data))
        fate = self._ledger.fate(path, data)
        if fate in ("written", "updated"):
            self._ledger.write(path, wanted.key, data)
        elif fate == "same":
            self._ledger.adopt(path, wanted.key, data)
        if fate != "gone":
            self._paths[wanted.key] = path
        return path, fate

    def _free(self, wanted: Wanted, name: str, content: str = "") -> str:
        """A path that no other file has, also on a disk that ignores case."""
        stem, suffix = posixpath.splitext(name)
        for number in range(1, 10_000):
            path = f"{self._folder}{stem}{'' if number == 1 else f'-{number}'}{suffix}"
            is_ours = self._ledger.is_free(path, wanted.key) or self._ledger.holds(path, content)
            if path.casefold() not in self._taken and is_ours:
                break
        self._taken.add(path.casefold())
        return path

    def _wanted(self, url: str, base: str, *, is_link: bool) -> Wanted | None:
        """The file at `url`; None for pages, and for what other sites have."""
        if not url or url.startswith(("data:", "#", "mailto:", "tel:")):
            return None
        whole = joined(base or self._old.url, url)
        original = self._originals.get(self._key(whole)) or self._originals.get(_RESIZED.sub("", self._key(whole)))
        whole = original or whole
        entry = self._at_hand(whole) if original or self._is_ours(whole) else None
        if entry is None and not original and self._is_ours(whole) and (larger := self._at_hand(_unsized(whole))):
            whole, entry = _unsized(whole), larger
        suffix = posixpath.splitext(_path(whole))[1].lower()
        is_file = suffix in SHOWN_TYPES or suffix[1:] in SAVED or is_picture(_path(whole))
        if (
            not (original or self._is_ours(whole))
            or (is_link and not (is_file or original))
            or suffix in (".php", ".js")
        ):
            return None
        key = f"file:{self._key(whole)}"
        if key in self._files:
            return self._files[key]
        can_get = urlsplit(whole).scheme in ("http", "https") and self.may_ask(whole)
        return Wanted(key, _name_of(whole, entry), entry, whole if can_get and entry is None else "")

    def may_ask(self, url: str) -> bool:
        """Whether `url` is of the old site, or of a host that serves its files."""
        try:
            parts = urlsplit(url)
            return parts.scheme in ("http", "https") and is_host_of(parts.hostname or "", self._hosts)
        except ValueError:
            return False

    def _is_ours(self, whole: str) -> bool:
        try:
            parts = urlsplit(whole)
        except ValueError:
            return False
        return (not parts.netloc and not parts.scheme) or self._old.is_own(whole) or self.may_ask(whole)

    def _key(self, url: str) -> str:
        """One name for all spellings of a file's address: scheme, `www.` and a picture's options make no difference."""
        url = _PHOTON.sub("https://", url)
        try:
            parts = urlsplit(url)
        except ValueError:
            return url
        host = (parts.hostname or "").removeprefix("www.")
        host = "" if host in self._old.hosts else host
        query = f"?{parts.query}" if parts.path in ("", "/") and parts.query else ""
        return f"{host}{unicodedata.normalize('NFC', unquote(parts.path))}{query}"

    def _at_hand(self, url: str) -> Entry | None:
        """The file of the sources whose path agrees with that of `url` the furthest from its end."""
        path = unicodedata.normalize("NFC", unquote(_path(url))).strip("/").casefold()
        found = [entry for source in self._sources for entry in source.by_name.get(posixpath.basename(path), ())]
        scored = sorted(((_common(entry.path.casefold(), path), entry) for entry in found), reverse=True)
        if path and scored and (len(scored) == 1 or scored[0][0] > scored[1][0] or _same(scored[0][1], scored[1][1])):
            return scored[0][1]
        return None


def _why(wanted: Wanted) -> str:
    host = wanted.key.removeprefix("file:").partition("/")[0]
    return f"is at {host}, which is not the old site" if host else "is not among the files of the export"


def _same(one: Entry, other: Entry) -> bool:
    return one.size == other.size and one.size <= MAX_BYTES and read(one, MAX_BYTES) == read(other, MAX_BYTES)


def _common(one: str, other: str) -> int:
    """How many parts of two paths are the same, from the end; what stands before uploads does not count."""
    pairs = zip(reversed(one.split("/")), reversed(other.split("/")), strict=False)
    count = 0
    for here, there in pairs:
        if here != there:
            break
        count += 1
    return count


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def _path(url: str) -> str:
    try:
        return urlsplit(url).path
    except ValueError:
        return ""


def _unsized(url: str) -> str:
    """The address of the picture of which `url` is another size."""
    path = _path(url)
    return url.replace(path, _RESIZED.sub("", path), 1) if path else url


def _name_of(url: str, entry: Entry | None) -> str:
    """The path below the media folder: that of the old site, as far as every disk can have it."""
    path = unicodedata.normalize("NFC", unquote(_path(url))).replace("\\", "/")
    path = path if posixpath.basename(path) or entry is None else entry.path
    parts = [_UNSAFE.sub("-", part).strip(" .-") for part in _UPLOADS.sub("", path).split("/")]
    parts = [f"{part}-" if RESERVED_NAMES.match(part) else part for part in parts if part] or ["file"]
    return "/".join([_clipped(part) for part in parts[-6:]])


def _clipped(name: str) -> str:
    stem, suffix = posixpath.splitext(name)
    return stem.encode()[: MAX_NAME_BYTES - len(suffix.encode())].decode(errors="ignore") + suffix


def _named(name: str, data: bytes) -> str:
    """`name`, with the ending of what it is if it has none that a browser would know."""
    suffix = posixpath.splitext(name)[1].lower()
    if suffix in SHOWN_TYPES or suffix[1:] in SAVED or is_picture(name):
        return name
    head = data[:300].lstrip()
    for magic, ending in _MAGIC:
        if head.startswith(magic):
            return name + ending
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return f"{name}.webp"
    if data[4:8] == b"ftyp":
        return f"{name}{'.avif' if data[8:12] in (b'avif', b'avis') else '.mp4'}"
    return name
