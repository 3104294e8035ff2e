"""Page values: what every template is given besides its subject."""

import functools
from collections.abc import Sequence
from typing import Literal, TypeVar

import msgspec

from byline.models import Link, Picture, Teaser
from byline.settings import Settings
from byline.site import Site
from byline.slugs import below
from byline.storage.fingerprint import fingerprint

Item = TypeVar("Item")


class Masthead(msgspec.Struct, frozen=True):
    """The top and the bottom of every page."""

    title: str
    tagline: str
    home: str
    lang: str
    navigation: tuple[Link, ...]
    social: tuple[Link, ...]
    feed: str
    json_feed: str
    archive: str
    authors: str
    categories: str
    tags: str
    search: str
    pagefind: str
    digest: str = ""


class Head(msgspec.Struct, frozen=True, kw_only=True):
    """What a page says of itself to machines. `canonical` is absolute; `feed` is the page's own, if it has one.

    `name` is a key of the interface's texts that stands before the title, or is all of it.
    """

    title: str
    url: str
    canonical: str
    description: str = ""
    lang: str = "en"
    name: str = ""
    number: int = 1
    kind: Literal["website", "article", "profile"] = "website"
    noindex: bool = False
    feed: Link | None = None
    picture: Picture | None = None
    logo: Picture | None = None


class Pager(msgspec.Struct, frozen=True):
    """Where a page stands in its list; URLs of the next newer and the next older one, empty at the ends."""

    number: int
    total: int
    newer: str
    older: str


class Listing(msgspec.Struct, frozen=True):
    """One page of a list of stories."""

    teasers: tuple[Teaser, ...]
    pager: Pager


@functools.lru_cache(maxsize=8)
def masthead(settings: Settings) -> Masthead:
    """The masthead of a site; it stands in every context, so it is made, and its digest worked out, once."""
    base = settings.base_path

    def links(items: Sequence[Link]) -> tuple[Link, ...]:
        return tuple(Link(i.title, below(settings, i.url) if i.url.startswith("/") else i.url) for i in items)

    made = Masthead(
        title=settings.title,
        tagline=settings.tagline,
        home=f"{base}/",
        lang=settings.language,
        navigation=links([Link(item.title, item.url) for item in settings.navigation]),
        social=links([Link(item.title, item.url) for item in settings.social]),
        feed=f"{base}/feed.xml",
        json_feed=f"{base}/feed.json",
        archive=f"{base}/archive/",
        authors=f"{base}/authors/",
        categories=f"{base}/categories/",
        tags=f"{base}/tags/",
        search=f"{base}/search/",
        pagefind=f"{base}/pagefind/pagefind.js",
    )
    return msgspec.structs.replace(made, digest=fingerprint(made))


def head(
    site: Site,
    title: str,
    url: str,
    *,
    name: str = "",
    description: str = "",
    noindex: bool = False,
    feed: bool = False,
) -> Head:
    """The head of a page that is no article."""
    settings = site.settings
    return Head(
        title=title,
        name=name,
        url=url,
        canonical=settings.origin + url,
        description=description or settings.tagline,
        lang=settings.language,
        noindex=noindex or site.shows_drafts,
        feed=Link(title, f"{url}feed.xml") if feed else None,
        picture=site.logo,
    )


def page_count(items: Sequence[object], size: int) -> int:
    return max(1, -(-len(items) // size))


def page_urls(first: str, items: Sequence[object], size: int) -> list[str]:
    """The URLs of a list that starts at `first`."""
    return [page_url(first, number) for number in range(1, page_count(items, size) + 1)]


def page_url(first: str, number: int) -> str:
    return first if number == 1 else f"{first}page/{number}/"


def pager(first: str, number: int, total: int) -> Pager:
    newer = page_url(first, number - 1) if number > 1 else ""
    return Pager(number, total, newer, page_url(first, number + 1) if number < total else "")


def chunk(items: Sequence[Item], number: int, size: int) -> Sequence[Item]:
    return items[(number - 1) * size : number * size]
