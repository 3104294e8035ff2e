"""Placing: where each item and author of an export lives in the site, and which of its old addresses lead there."""

import json
import posixpath
import re
import unicodedata
from collections import Counter
from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from byline.content.aliases import NOT_IN_PATHS
from byline.importers.addresses import OldSite, path_and_query
from byline.importers.export import Export, Item, Writer
from byline.importers.ledger import Ledger
from byline.problems import SiteError
from byline.settings import file as site_settings
from byline.urls import MAX_SLUG_BYTES, PERMALINK, Urls, missing_part, quoted, slug_of, written_slug

RESERVED_NAMES = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)", re.IGNORECASE)
"""Names that Windows does not allow for files."""
MAX_NAME_BYTES = 120
_DATED = re.compile(r"\d{4}-\d{1,2}-\d{1,2}-.")
_ENDING = re.compile(r"\.(?:html?|php|aspx?|jsp|md)$", re.IGNORECASE)
_UNSAFE = re.compile(r"[<>:\"|?*\\\x00-\x1f/]+")


class Place(NamedTuple):
    """Where an item goes: its file, its slug if the file does not say it, its new address, the old ones that lead there
    from its header, and those that cannot."""

    path: str
    slug: str
    url: str
    aliases: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()


class Folders(NamedTuple):
    """The folders of the site's content, as its dialect calls them."""

    root: str
    posts: str
    authors: str


class Placing:
    """Decides on paths and addresses, each of which is given once. `taken` holds the site's own, each with its file."""

    def __init__(self, urls: Urls, folders: Folders, ledger: Ledger, taken: Mapping[str, str]) -> None:
        self._urls = urls
        self._settings = urls.settings
        self._folders = folders
        self._ledger = ledger
        self._taken = {url.casefold(): path for url, path in taken.items()}
        self._paths: set[str] = set()
        self.urls_of: dict[str, str] = {}

    def item(self, item: Item) -> Place:
        """The place of an item, without its old addresses: those are known when every item has one."""
        name = self._slug(item)
        if item.kind == "page" and not self._above(item) and name in self._urls.reserved:
            name = f"{name}-page"
        for number in range(1, 10_000):
            slug = name if number == 1 else f"{name}-{number}"
            path, url = self._path(item, slug), self._url(item, slug)
            before = self._ledger.path_of(item.key)
            path = before or path
            holder = self._taken.get(url.casefold(), path)
            is_free = path.casefold() not in self._paths and (before or self._ledger.is_free(path, item.key))
            if is_free and holder == path and url.casefold() not in self.urls_of:
                break
        self._paths.add(path.casefold())
        self.urls_of[url.casefold()] = item.key
        return Place(path, slug if self._needs_slug(path, slug) else "", url)

    def author(self, writer: Writer, taken: Mapping[str, str]) -> tuple[str, str]:
        """The slug and the file of an author; two of one name are two."""
        name = slug_of(unicodedata.normalize("NFC", writer.slug or writer.name), self._settings) or "author"
        slug, number = name, 2
        while taken.get(slug, writer.key) != writer.key:
            slug, number = f"{name}-{number}", number + 1
        return slug, f"{self._folders.root}{self._folders.authors}/{slug}.md"

    def _slug(self, item: Item) -> str:
        """The last part of the old address as it was, or one from the title."""
        typed = _ENDING.sub("", unicodedata.normalize("NFC", unquote(item.slug)).strip(" /."))
        for name in (typed, item.title, item.key.partition(":")[2]):
            slug = (written_slug(name) if name == typed else "") or (slug_of(name, self._settings) if name else "")
            if slug:
                return slug.encode()[: MAX_SLUG_BYTES - 10].decode(errors="ignore").rstrip("-")
        return "text"

    def _path(self, item: Item, slug: str) -> str:
        name = _UNSAFE.sub("-", slug).encode()[:MAX_NAME_BYTES].decode(errors="ignore").strip(" .-") or "text"
        name = f"{name}-" if RESERVED_NAMES.match(name) else name
        if item.kind == "page":
            return f"{self._folders.root}{posixpath.join(self._above(item), name)}.md"
        year = f"{item.date.year:04}/" if item.date else ""
        return f"{self._folders.root}{self._folders.posts}/{year}{name}.md"

    def _url(self, item: Item, slug: str) -> str:
        if item.kind == "page":
            return self._urls.at(f"/{posixpath.join(self._above(item), slug)}/")
        date = item.date if item.date is None or item.date.tzinfo else item.date.replace(tzinfo=self._settings.zone)
        category = slug_of(item.category, self._settings) if item.category else ""
        pattern = self._urls.permalink
        pattern = PERMALINK if missing_part(pattern, date, category) else pattern
        return self._urls.article(pattern, {"slug": slug, "category": category}, date)

    def _above(self, item: Item) -> str:
        """The folder of a page; Byline's own first parts of addresses are not for pages."""
        parts = [slug_of(_UNSAFE.sub("-", part), self._settings) for part in item.folder.split("/")]
        parts = [part for part in parts if part]
        kept = (self._folders.posts, self._folders.authors, *self._urls.reserved)
        return "/".join([f"{parts[0]}-pages" if parts[0] in kept else parts[0], *parts[1:]]) if parts else ""

    def _needs_slug(self, path: str, slug: str) -> bool:
        name = posixpath.basename(path).removesuffix(".md")
        return slug_of(name, self._settings) != slug or bool(_DATED.match(name)) or name == "index"


def with_aliases(export: Export, places: dict[str, Place], old: OldSite, urls: Urls) -> dict[str, Place]:
    """The places with the old addresses that a header can name: each once, and none that is a page of the new site."""
    claimed = {place.url.rstrip("/").casefold() for place in places.values()}
    placed = {}
    for item in export.items:
        place = places[item.key]
        kept, lost = [], []
        for address in (item.address, *item.aliases) if item.status in ("published", "scheduled") else ():
            typed = alias_of(address, old)
            path, _, query = typed.partition("?")
            url = urls.alias(path) if typed else ""
            key = f"{quoted(unquote(url)).rstrip('/').casefold()}?{query}".rstrip("?")
            if not typed or key == place.url.rstrip("/").casefold():
                continue
            is_taken = key in claimed or (not query and urls.is_own(url))
            if is_taken or any(sign in path for sign in NOT_IN_PATHS):
                lost.append(typed)
            else:
                claimed.add(key)
                kept.append(typed)
        placed[item.key] = place._replace(aliases=tuple(kept), lost=tuple(lost))
    return placed


def alias_of(address: str, old: OldSite) -> str:
    """An old address as a header writes it; empty for one of another site, or of the front page."""
    if not address or not old.is_own(address):
        return ""
    parts = urlsplit(address)
    path = unquote(parts.path)
    if parts.query:
        return path_and_query(address)
    return path if path.strip("/") else ""


def permalink_of(export: Export, urls: Urls) -> tuple[str, int, int]:
    """The `permalink` that most posts had, how many of them did, and how many there are.

    It is empty if the site has that already, or cannot have it.
    """
    found: Counter[str] = Counter()
    posts = [item for item in export.items if item.kind == "post" and item.status == "published" and item.address]
    for item in posts:
        pattern = _pattern(item, urls)
        if pattern:
            found[pattern] += 1
    for pattern, count in found.most_common(3):
        if count * 2 > len(posts) and pattern != urls.settings.permalink:
            try:
                site_settings.parse(f"permalink = {json.dumps(pattern)}", {})
            except SiteError:
                return "", count, len(posts)
            return pattern, count, len(posts)
    return "", 0, len(posts)


def _pattern(item: Item, urls: Urls) -> str:
    """The old address of a post as a pattern; empty if its last part is not its slug."""
    path = unquote(urlsplit(item.address).path)
    parts = [part for part in path.split("/") if part]
    if not parts:
        return ""
    ending = _ENDING.search(parts[-1])
    stem = parts[-1][: ending.start()] if ending else parts[-1]
    if (
        slug_of(stem, urls.settings) != slug_of(_ENDING.sub("", item.slug), urls.settings)
        or slug_of(stem, urls.settings) != stem
    ):
        return ""
    date = item.date
    known = {slug_of(item.category, urls.settings): "{category}"} if item.category else {}
    known |= {f"{date.year:04}": "{year}"} if date else {}
    written = [known.get(part, part) for part in parts[:-1]]
    if "{year}" in written and date:
        for at, part in enumerate(written):
            if part == f"{date.month:02}" and "{month}" not in written:
                written[at] = "{month}"
            elif part == f"{date.day:02}" and "{month}" in written:
                written[at] = "{day}"
    if any(sign in part for part in parts[:-1] for sign in "{}"):
        return ""
    end = ending[0] if ending else "/"
    return "/" + "/".join([*written, "{slug}"]) + end
