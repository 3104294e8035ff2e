"""Composer: turns an entry, and what it shows of other files, into a frozen post or plain page."""

from typing import Any, NamedTuple

from byline.content.aliases import paths_of
from byline.content.entries import Entry
from byline.content.links import Resolution, Resolver
from byline.content.reader import Parsed
from byline.frontmatter.headers import PostHeader
from byline.media.files import Media
from byline.models import Author, Correction, PlainPage, Post, Series, Teaser, Topic, frozen, sealed
from byline.urls import Urls, quoted, scheme_of

AS_WRITTEN = tuple(name for name in Post.__struct_fields__ if name in PostHeader.__struct_fields__)


class Labels(NamedTuple):
    """The authors and topics that an entry names."""

    authors: tuple[Author, ...] = ()
    tags: tuple[Topic, ...] = ()
    categories: tuple[Topic, ...] = ()
    series: tuple[Topic, ...] = ()


class Composition(NamedTuple):
    """What an entry became: its page, and the resolution of what the page takes from other files."""

    page: Post | PlainPage
    resolution: Resolution
    parsed: Parsed
    seen: tuple[Any, ...]


class Memory:
    """What was composed last time, for a server that stays: if an entry and its world are the same, so is its page.

    `world` is everything that addresses are resolved with.
    """

    def __init__(self) -> None:
        self._world: tuple[Any, ...] = ()
        self._composed: dict[str, Composition] = {}

    def turn_to(self, world: tuple[Any, ...]) -> dict[str, Composition]:
        """What was composed in exactly this world; from now on, `keep` remembers pages for it."""
        known = self._composed if world == self._world else {}
        self._world, self._composed = world, {}
        return known

    def keep(self, composed: Composition) -> None:
        self._composed[composed.page.path] = composed


class Composer:
    def __init__(self, urls: Urls, resolver: Resolver, media: Media, memory: Memory | None = None) -> None:
        self._urls = urls
        self._settings = urls.settings
        self._resolver = resolver
        self._media = media
        self._memory = memory
        self._known = memory.turn_to(resolver.world) if memory else {}

    def resolution(self, path: str) -> Resolution:
        return Resolution(path, self._resolver, self._media)

    def compose(self, entry: Entry, labels: Labels) -> Composition:
        """The page of `entry`: last time's, if nothing that it shows has changed."""
        seen = (entry.url, entry.slug, entry.status, entry.date, labels)
        composed = self._known.get(entry.path)
        if composed is None or composed.parsed is not entry.parsed or composed.seen != seen:
            resolution = self.resolution(entry.path)
            page = self._post(entry, labels, resolution) if entry.kind == "post" else self._page(entry, resolution)
            composed = Composition(page, resolution, entry.parsed, seen)
        if self._memory:
            self._memory.keep(composed)
        return composed

    def _post(self, entry: Entry, labels: Labels, resolution: Resolution) -> Post:
        header, parsed, zone = entry.header, entry.parsed, self._settings.zone
        cover = resolution.picture(header.cover) if header.cover else None
        wants_card = self._settings.social_cards and not (cover and cover.is_for_cards)
        shared = self._written(entry, header.summary or header.dek or parsed.summary) | {
            "date": entry.date and entry.date.astimezone(zone),
            "category": labels.categories[0] if labels.categories else None,
            "cover": cover,
            "minutes": parsed.minutes,
            "pinned": header.pinned,
        }
        own = {
            "path": entry.path,
            "slug": entry.slug,
            "updated": header.updated and header.updated.astimezone(zone),
            "expires": header.expires and header.expires.astimezone(zone),
            "authors": labels.authors,
            "tags": labels.tags,
            "card": resolution.card(header.title, self._title(entry), _people(labels)) if wants_card else None,
            "series": _series(labels.series, header.series.part),
            "id": self._id(entry),
            "canonical": resolution.address(header.canonical, header.places.get("canonical", (1, 1))),
            "aliases": self._aliases(entry),
            "corrections": tuple(Correction(c.date.astimezone(zone), c.text) for c in header.corrections),
            "extra": frozen(header.extra),
            "toc": parsed.contents(header.toc),
            "body": resolution.body(parsed, entry.url),
            "teaser": sealed(Teaser(**shared, authors=tuple(Topic(a.name, a.slug, a.url) for a in labels.authors))),
        }
        return sealed(Post(**(_as_written(header) | shared | own)))

    def _page(self, entry: Entry, resolution: Resolution) -> PlainPage:
        return sealed(
            PlainPage(
                **self._written(entry, entry.header.summary or entry.header.dek or entry.parsed.summary),
                path=entry.path,
                template=entry.header.template,
                aliases=self._aliases(entry),
                extra=frozen(entry.header.extra),
                body=resolution.body(entry.parsed, entry.url),
            )
        )

    def _written(self, entry: Entry, summary: str) -> dict[str, Any]:
        header = entry.header
        lang = header.lang or self._settings.language
        return {
            "title": header.title,
            "url": entry.url,
            "dek": header.dek,
            "summary": summary,
            "status": entry.status,
            "lang": lang,
        }

    def _title(self, entry: Entry) -> str:
        """The publication's name in the language of `entry`."""
        return (self._settings.in_language[entry.language] if entry.language else self._settings).title

    def _aliases(self, entry: Entry) -> tuple[str, ...]:
        return tuple(paths_of(entry.header.aliases, self._urls))

    def _id(self, entry: Entry) -> str:
        """The name of a story in feeds, which must be an IRI (RFC 4287, section 4.2.6)."""
        chosen = entry.header.id
        if chosen.startswith("/"):  # an address that it had
            return self._urls.tag(self._urls.below(quoted(chosen)))
        if chosen and not scheme_of(chosen):
            return self._urls.tag(quoted(chosen))
        return chosen or self._urls.tag(entry.url)


def _people(labels: Labels) -> str:
    return ", ".join(author.name for author in labels.authors)


def _as_written(header: PostHeader) -> dict[str, Any]:
    """The fields of a post that are copied from its header: a new key needs a line there and one in `Post`."""
    return {name: getattr(header, name) for name in AS_WRITTEN}


def _series(topics: tuple[Topic, ...], part: int) -> Series | None:
    return Series(topics[0].name, topics[0].slug, topics[0].url, part) if topics else None
