"""Importing: an export becomes files of a site. Nothing kept back appears, and no file of a person's changes."""

import datetime as dt
import functools
import posixpath
import re
from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import unquote

from msgspec import structs

from byline.importers import headers
from byline.importers.addresses import OldSite, fragment, joined
from byline.importers.download import Client
from byline.importers.export import Export, Item, LeftOut, Options, Picture, Writer
from byline.importers.ledger import Ledger
from byline.importers.library import Library
from byline.importers.placing import Folders, Place, Placing, permalink_of, with_aliases
from byline.importers.registry import System
from byline.importers.report import FILE_NAME, Placed, Report
from byline.importers.source import Source
from byline.importers.text import writing
from byline.markdown.bounds import excess
from byline.markdown.text import clipped
from byline.urls import FORMATS, numbered, slug_of
from byline.web.live import LiveSite

_HEADING = re.compile(r"<h[1-4]\b[^>]*>(.*?)</h[1-4]>", re.DOTALL | re.IGNORECASE)
REASONS = {
    "edited": "was edited since the last import, so it stays as it is; the export has something else now",
    "gone": "was deleted or moved since the last import, so it is not written again",
    "taken": "was there before the import, so it stays as it is",
}
MEDIA = "media/"
FEEDS = ("/feed/", "/feed/atom/", "/rss/", "/rss.xml", "/atom.xml", "/index.xml", "/feeds/posts/default")
MAX_BODY = 3_000_000
"""Characters of HTML. Byline takes a million of Markdown."""


class Outcome(NamedTuple):
    """A report, and what became of each file: path → fate."""

    report: Report
    fates: Mapping[str, str]
    path: str
    """Of the report."""


class Run:
    """One import into the site `live`."""

    def __init__(self, live: LiveSite, system: System, source: Source, options: Options, media: Source | None) -> None:
        self._live = live
        self._system = system
        self._source = source
        self._options = options
        self._now = live.clock()
        self._export = _dated(system.read(source, options), options, self._now, live)
        self._old = OldSite(self._export, options.url)
        self._scratch = live.folder / live.settings.cache / "import"
        self._ledger = Ledger(live.folder, live.pages, self._scratch / "journal")
        root = live.settings.content_root
        dialect = live.tree.dialect
        self._folders = Folders(root, dialect.posts[0], next(iter(dialect.authors), "authors"))
        sources = [one for one in (media, source) if one]
        self._library = Library(self._export, self._old, sources, self._ledger, root + MEDIA)
        self._fates: dict[str, str] = {}
        self._dead: list[tuple[str, str]] = []
        self._anchors: dict[str, set[str]] = {}
        self._left_out: list[LeftOut] = list(self._export.left_out)

    def run(self, *, is_dry: bool = False) -> Outcome:
        """Write everything, or with `is_dry` nothing; what is interrupted is finished by the next run."""
        places = self._places()
        self._want_files()
        try:
            if is_dry:
                self._library.plan()
            else:
                client = Client(self._scratch, self._library.may_ask, self._options.url)
                self._fates |= dict(self._library.take(client))
            for writer, path in self._authors.values():
                self._settle(path, f"author:{writer.key}", self._author_file(writer, path), is_dry=is_dry)
            placed = tuple(one for item in self._export.items if (one := self._text(item, places, is_dry=is_dry)))
            report = self._report(placed)
            path = self._report_path(report)
            self._settle(path, "report", report.text().encode(), is_dry=is_dry)
        finally:
            if not is_dry:
                self._ledger.save()
        return Outcome(report, self._fates, path)

    @functools.cached_property
    def _slugs(self) -> dict[str, str]:
        """The slug of each author that any item names."""
        return {key: posixpath.basename(path).removesuffix(".md") for key, (_, path) in self._authors.items()}

    def _places(self) -> dict[str, Place]:
        with self._live.fixed(self._now, drafts=True) as snapshot:
            taken = {url: page.path for url, page in snapshot.site.by_url.items()}
        placing = Placing(self._live.urls, self._folders, self._ledger, taken)
        # What was published has the first choice of its address, the oldest first.
        ordered = sorted(
            self._export.items, key=lambda item: (item.status != "published", item.kind, str(item.date or "~"))
        )
        places = {item.key: placing.item(item) for item in ordered}
        return with_aliases(self._export, places, self._old, self._live.urls)

    @functools.cached_property
    def _authors(self) -> dict[str, tuple[Writer, str]]:
        """Writer by key, with the file of each that any item names."""
        placing = Placing(self._live.urls, self._folders, self._ledger, {})
        named = {key for item in self._export.items for key in item.authors}
        taken: dict[str, str] = {}
        found = {}
        for writer in self._export.writers:
            if writer.key in named:
                slug, path = placing.author(writer, taken)
                taken[slug] = writer.key
                found[writer.key] = (writer, path)
        return found

    def _want_files(self) -> None:
        for item in self._export.items:
            self._want(item)
            if item.cover and item.cover.src:
                self._library.want(item.cover.src, item.address, item.title)
        for writer in self._export.writers:
            if writer.avatar:
                self._library.want(writer.avatar.src, "", writer.name)

    def _want(self, item: Item) -> None:
        if len(item.body) > MAX_BODY:
            return

        def wanted(use: writing.Use, url: str) -> str:
            target = None if use == "file" else self._old.item(url, item.address)
            if target and fragment(url):
                self._anchors.setdefault(target.key, set()).add(unquote(fragment(url)[1:]))
            if target is None:
                self._library.want(url, item.address, item.title, is_link=use != "file")
            return url

        if item.form == "html":
            writing.addresses(item.body, wanted)
        else:
            writing.readdressed(item.body, wanted)

    def _text(self, item: Item, places: dict[str, Place], *, is_dry: bool) -> Placed | None:
        place = places[item.key]
        doubts = list(item.doubts)
        if len(item.body) > MAX_BODY:
            reason = f"its text has over {MAX_BODY:,} characters: split it in the old system"
            self._left_out.append(LeftOut(f"{item.kind} {item.title[:60]!r}", reason))
            return None

        def address(use: writing.Use, url: str) -> str:
            return self._new_address(use, url, item, place, places)

        if item.form == "html":
            text, shown, scripts = writing.written(item.body, address, self._anchors.get(item.key, ()))
            doubts += [f"shows {url} where a frame was" for url in dict.fromkeys(shown)]
            doubts += [f"{scripts} scripts are gone, and what they showed"] if scripts else []
        else:
            text = writing.readdressed(item.body, address)
        fault = excess(text)
        if fault:
            self._left_out.append(LeftOut(f"{item.kind} {item.title[:60]!r}", fault.message))
            return None
        is_draft = item.status not in ("published", "scheduled")
        data = f"{headers.written(self._header(item, place, is_draft))}\n{text}\n".encode()
        self._settle(place.path, item.key, data, is_dry=is_dry)
        rest = (place.aliases, place.lost, item.notes, tuple(doubts))
        return Placed(item, place.path, place.url, is_draft, *rest)

    def _header(self, item: Item, place: Place, is_draft: bool) -> dict[str, headers.Value]:
        cover = self._picture(item.cover, item, place.path)
        tags = {slug_of(tag, self._live.settings) or tag: tag for tag in reversed(item.tags)}
        return {
            "title": item.title,
            "dek": item.dek,
            "date": item.date or "",
            "updated": item.updated or "",
            "authors": tuple(self._slugs.get(key, key) for key in item.authors),
            "category": item.category,
            "tags": tuple(tag for tag in item.tags if tag in tags.values()),
            "summary": item.summary,
            "cover": structs.asdict(cover) if cover else {},
            "lang": item.lang,
            "canonical": item.canonical,
            "pinned": item.pinned,
            "draft": is_draft,
            "slug": place.slug,
            "aliases": place.aliases,
            "id": item.id,
        }

    def _picture(self, picture: Picture | None, item: Item | None, place: str) -> Picture | None:
        """A cover or a portrait, at its path in the site, or at its whole old address."""
        if picture is None or not picture.src:
            return picture  # its words are there, and the check asks for the rest
        base = item.address if item else ""
        path = self._library.path_of(picture.src, base)
        src = _relative(path, place) if path else joined(base or self._old.url, picture.src)
        return structs.replace(picture, src=src) if path or src.startswith(("https://", "http://")) else None

    def _author_file(self, writer: Writer, path: str) -> bytes:
        avatar = self._picture(writer.avatar, None, path)
        own = f"/authors/{posixpath.basename(path).removesuffix('.md')}/"
        values: dict[str, headers.Value] = {
            "name": writer.name,
            "bio": writer.bio,
            "avatar": structs.asdict(avatar) if avatar else {},
            "links": dict(writer.links),
            "aliases": tuple(one for one in writer.addresses if one.casefold() != own),
        }
        return headers.written(values).encode()

    def _new_address(self, use: writing.Use, url: str, item: Item, place: Place, places: dict[str, Place]) -> str:
        """What an address in the text of `item` is in the new site."""
        target = self._old.item(url, item.address) if use != "file" else None
        if target:
            return _relative(places[target.key].path, place.path) + fragment(url)
        path = self._library.path_of(url, item.address, is_link=use != "file")
        if path:
            return _relative(path, place.path)
        group = self._groups.get(self._old.key(url, item.address)) if use != "file" else None
        if group:
            return group
        whole = joined(item.address if "://" in item.address else self._old.url, url)
        if use == "frame" and self._old.is_own(whole):
            return ""  # the old site's page for the picture alone
        if use == "link" and self._old.is_own(whole) and not url.startswith(("mailto:", "tel:")):
            is_home = self._old.key(whole) in ("/", self._old.base.casefold())
            if is_home:
                return self._live.urls.home
            self._dead.append((place.path, whole))
        return whole if whole.startswith(("https://", "http://")) else url

    @functools.cached_property
    def _groups(self) -> dict[str, str]:
        """The old addresses of categories, tags, authors and feeds, and where their stories are now."""
        public = [item for item in self._export.items if item.status == "published"]
        categories = {item.category for item in public}
        tags = {tag for item in public for tag in item.tags}
        found = {}
        for old, name in self._export.groups:
            slug = slug_of(name, self._live.settings)
            kind = "categories" if name in categories else "tags" if name in tags else ""
            if kind and slug:
                found[self._old.key(old)] = self._live.urls.topic(kind, slug)
        bylines = {key for item in public if item.kind == "post" for key in item.authors}
        for writer in (one for one in self._export.writers if one.key in bylines):
            for old in writer.addresses:
                found[self._old.key(old)] = self._live.urls.topic("authors", self._slugs[writer.key])
        found |= {self._old.key(old): f"{self._live.urls.home}{FORMATS[0].name}" for old in FEEDS}
        return found

    def _elsewhere(self) -> list[str]:
        """Pictures of other sites, which stay there."""
        found = sorted(self._library.elsewhere.items())
        return [f"pictures of another site stay there: {count} of {host}" for host, count in found]

    def _settle(self, path: str, source: str, data: bytes, *, is_dry: bool) -> None:
        fate = self._ledger.fate(path, data)
        self._fates[path] = fate
        if is_dry:
            return
        if fate in ("written", "updated"):
            self._ledger.write(path, source, data)
        elif fate == "same":
            self._ledger.adopt(path, source, data)

    def _report_path(self, report: Report) -> str:
        """A report with notes of a person's in it stays; this one is put beside it."""
        data = report.text().encode()
        stem, suffix = posixpath.splitext(FILE_NAME)
        for number in range(1, 1000):
            path = FILE_NAME if number == 1 else f"{stem}-{number}{suffix}"
            if self._ledger.fate(path, data) in ("written", "same", "updated"):
                break
        return path

    def _report(self, placed: tuple[Placed, ...]) -> Report:
        export = self._export
        kept = [(path, REASONS[fate]) for path, fate in self._fates.items() if fate in REASONS]
        missing = [
            (key.removeprefix("file:"), f"{why}; shown by {', '.join(self._library.used.get(key, [])[:3])}")
            for key, why in self._library.missing.items()
        ]
        return Report(
            system=self._system.title,
            source=", ".join(sorted({posixpath.basename(str(one.real)) for one in self._source.entries})[:5]),
            title=export.title,
            old=self._old.url,
            total=export.total,
            items=placed,
            authors=tuple((writer.name, path) for writer, path in self._authors.values()),
            files=len(export.attachments),
            used=len(self._library.used),
            left_out=tuple(self._left_out),
            missing=tuple(missing),
            rules=export.rules,
            redirects=tuple((old, new) for old, _ in export.groups if (new := self._groups.get(self._old.key(old)))),
            dead=tuple(dict.fromkeys(self._dead)),
            permalink=permalink_of(export, self._live.urls),
            notes=(*export.notes, *self._elsewhere()),
            doubts=export.doubts,
            kept=tuple(kept),
        )


def _relative(path: str, place: str) -> str:
    """The path to a file from the one at `place`, as a link writes it."""
    return re.sub(r"[%#?\s]", lambda sign: f"%{ord(sign[0]):02X}", posixpath.relpath(path, posixpath.dirname(place)))


def _dated(export: Export, options: Options, now: dt.datetime, live: LiveSite) -> Export:
    """`export` with what Byline needs to publish a text, and with what may not be published as drafts."""
    items, ids, keys = [], set[str](), set[str]()
    for item in export.items:
        key = item.key if item.key not in keys else numbered(item.key, keys)
        keys.add(key)
        found = structs.replace(_sound(item, options, now, live), key=key)
        if found.id and found.id in ids:
            found = structs.replace(
                found, id="", notes=(*found.notes, "its id for feed readers is left out: another text has it")
            )
        ids.add(found.id)
        items.append(found)
    return structs.replace(export, items=tuple(items))


def _sound(item: Item, options: Options, now: dt.datetime, live: LiveSite) -> Item:
    doubts = list(item.doubts)
    status, title, category = item.status, item.title, item.category
    date = item.date or (options.date if item.kind == "post" and status == "published" else None)
    if item.kind == "post" and date is None and status in ("published", "scheduled"):
        status = "draft"
        doubts.append("has no date, so it is a draft: give it one, or import with --date")
    moment = date.replace(tzinfo=live.settings.zone) if date and date.tzinfo is None else date
    if status == "scheduled" and (moment is None or moment <= now):
        status = "draft"
        doubts.append("was to be published at a time that has passed; whether it was is not known, so it is a draft")
    if status == "published" and moment and moment > now:
        doubts.append("has a date to come, so it appears then")
    if not title:
        heading = _HEADING.search(item.body)
        title = writing.words(heading[1]) if heading else ""
        title = clipped(title or writing.words(item.body[:20_000]), 70) or item.slug or "Untitled"
        doubts.append("had no title: it has its first heading or words")
    if "{category}" in live.settings.permalink and not category and item.kind == "post":
        category = "Uncategorized"
    return structs.replace(item, date=date, status=status, title=title, category=category, doubts=tuple(doubts))
