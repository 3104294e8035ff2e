"""Composer: an entry, and what it shows of other files, become a frozen post or plain page."""

from typing import Any, NamedTuple

from byline import aliases
from byline.entries import Entry
from byline.links import Resolver
from byline.media import Media
from byline.models import Author, Correction, Picture, PlainPage, Post, Series, Teaser, Topic, frozen, sealed
from byline.reader import Parsed
from byline.resolution import Resolution
from byline.settings import Settings


class Named(NamedTuple):
    """Whom and what an entry names."""

    authors: tuple[Author, ...] = ()
    tags: tuple[Topic, ...] = ()
    categories: tuple[Topic, ...] = ()
    series: tuple[Topic, ...] = ()


class Made(NamedTuple):
    """What became of an entry: its page, and the resolution that tells what the page takes from elsewhere."""

    page: Post | PlainPage
    resolution: Resolution
    parsed: Parsed
    seen: tuple[Any, ...]


class Memory:
    """What was made last time, for a server that stays: where an entry and its world are the same, so is its page.

    `world` is all that addresses are resolved with.
    """

    def __init__(self) -> None:
        self._world: tuple[Any, ...] = ()
        self._made: dict[str, Made] = {}

    def turn_to(self, world: tuple[Any, ...]) -> dict[str, Made]:
        """What was made in just this world; from now on what is put there is remembered."""
        known = self._made if world == self._world else {}
        self._world, self._made = world, {}
        return known

    def keep(self, made: Made) -> None:
        self._made[made.page.path] = made


class Composer:
    def __init__(self, settings: Settings, resolver: Resolver, media: Media, memory: Memory | None = None) -> None:
        self._settings = settings
        self._resolver = resolver
        self._media = media
        self._memory = memory
        self._known = memory.turn_to((resolver.urls, resolver.withheld, media.contents)) if memory else {}

    def resolution(self, path: str) -> Resolution:
        return Resolution(path, self._resolver, self._media)

    def made(self, entry: Entry, named: Named) -> Made:
        """The page of `entry`; the one that was made before where nothing that it shows has changed."""
        seen = (entry.url, entry.slug, entry.status, entry.date, named)
        made = self._known.get(entry.path)
        if made is None or made.parsed is not entry.parsed or made.seen != seen:
            resolution = self.resolution(entry.path)
            page = self._post(entry, named, resolution) if entry.kind == "post" else self._page(entry, resolution)
            made = Made(page, resolution, entry.parsed, seen)
        if self._memory:
            self._memory.keep(made)
        return made

    def _post(self, entry: Entry, named: Named, resolution: Resolution) -> Post:
        header, parsed, zone = entry.header, entry.parsed, self._settings.zone
        cover = resolution.picture(header.cover) if header.cover else None
        wants_card = self._settings.social_cards and not cover
        teaser = self._teaser(entry, named, cover)
        return sealed(
            Post(
                title=header.title,
                url=entry.url,
                slug=entry.slug,
                path=entry.path,
                status=entry.status,
                date=teaser.date,
                updated=header.updated and header.updated.astimezone(zone),
                expires=header.expires and header.expires.astimezone(zone),
                dek=header.dek,
                summary=teaser.summary,
                authors=named.authors,
                tags=named.tags,
                category=teaser.category,
                cover=cover,
                card=resolution.card(header.title, self._settings.title) if wants_card else None,
                series=_series(named.series, header.part),
                pinned=header.pinned,
                id=header.id or self._settings.tag(self._first_url(entry)),
                canonical=header.canonical,
                aliases=self._aliases(entry),
                lang=header.lang,
                template=header.template,
                corrections=tuple(Correction(c.date.astimezone(zone), c.text) for c in header.corrections),
                extra=frozen(header.extra),
                toc=parsed.contents(header.toc),
                minutes=parsed.minutes,
                body=resolution.body(parsed, entry.url),
                teaser=teaser,
            )
        )

    def _teaser(self, entry: Entry, named: Named, cover: Picture | None) -> Teaser:
        header, parsed = entry.header, entry.parsed
        return sealed(
            Teaser(
                title=header.title,
                url=entry.url,
                dek=header.dek,
                summary=header.summary or parsed.summary or header.dek,
                date=entry.date and entry.date.astimezone(self._settings.zone),
                authors=tuple(Topic(author.name, author.slug, author.url) for author in named.authors),
                category=named.categories[0] if named.categories else None,
                cover=cover,
                minutes=parsed.minutes,
                status=entry.status,
                pinned=header.pinned,
                lang=header.lang or self._settings.language,
            )
        )

    def _page(self, entry: Entry, resolution: Resolution) -> PlainPage:
        header = entry.header
        return sealed(
            PlainPage(
                title=header.title,
                url=entry.url,
                path=entry.path,
                status=entry.status,
                dek=header.dek,
                summary=header.summary or entry.parsed.summary,
                lang=header.lang,
                template=header.template,
                aliases=self._aliases(entry),
                extra=frozen(header.extra),
                body=resolution.body(entry.parsed, entry.url),
            )
        )

    def _aliases(self, entry: Entry) -> tuple[str, ...]:
        return tuple(aliases.old_url(alias, self._settings) for alias in entry.header.aliases)

    def _first_url(self, entry: Entry) -> str:
        return aliases.old_url(entry.header.aliases[0], self._settings) if entry.header.aliases else entry.url


def _series(found: tuple[Topic, ...], part: int) -> Series | None:
    return Series(found[0].name, found[0].slug, found[0].url, part) if found else None
