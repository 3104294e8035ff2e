"""Page values: what every template gets besides its subject."""

import functools
from collections.abc import Mapping, Sequence
from typing import Literal, TypeVar

import msgspec

from byline.markdown.text import clipped
from byline.models import Alternate, Link, Picture, Teaser
from byline.settings.parties import STATIC, attributes_of, provider_of, values_of
from byline.settings.tables import MenuItem
from byline.site import Site
from byline.storage.fingerprint import fingerprint
from byline.urls import FORMATS, Urls, page_url

Item = TypeVar("Item")


class FeedLink(msgspec.Struct, frozen=True):
    """A feed as pages announce it."""

    title: str
    url: str
    mimetype: str


class Masthead(msgspec.Struct, frozen=True):
    """The top and the bottom of every page. `feeds` are the site's own, in every form."""

    title: str
    tagline: str
    home: str
    lang: str
    navigation: tuple[Link, ...]
    social: tuple[Link, ...]
    feeds: tuple[FeedLink, ...]
    archive: str
    authors: str
    categories: str
    tags: str
    search: str
    pagefind: str
    digest: str = ""


DESCRIPTION_CHARACTERS = 200
"""Of the text that search results and previews show; they cut it themselves at about 160."""


class Script(msgspec.Struct, frozen=True):
    """A script of `[head]`: at `src`, or `file` in static/; the other attributes as they are typed."""

    src: str
    file: str
    attributes: tuple[tuple[str, str], ...]


class Comments(msgspec.Struct, frozen=True):
    """Where a story's comments are kept: the script that shows them, and a `page` for readers without scripts.

    `themes` are the values of its attribute `theme` for the scheme of the reader's system, for light and for dark;
    `element` is the id of what it fills.
    """

    src: str
    attributes: tuple[tuple[str, str], ...]
    page: str = ""
    element: str = ""
    theme: str = ""
    themes: tuple[str, ...] = ()


class Head(msgspec.Struct, frozen=True, kw_only=True):
    """What a page tells machines about itself. `canonical` is absolute; `feeds` are the page's own, if it has any.

    `name` is the key of an interface text that comes before the title, or is all of it.
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
    feeds: tuple[FeedLink, ...] = ()
    picture: Picture | None = None
    logo: Picture | None = None
    alternates: tuple[Alternate, ...] = ()
    """The page in all its languages, its own among them, if it has more than one."""
    scripts: tuple[Script, ...] = ()


class Pager(msgspec.Struct, frozen=True):
    """A page's place in its list, and the URLs of the next newer and next older page, empty at the ends."""

    number: int
    total: int
    newer: str
    older: str


class Listing(msgspec.Struct, frozen=True):
    """One page of a list of stories."""

    teasers: tuple[Teaser, ...]
    pager: Pager


@functools.lru_cache(maxsize=64)
def masthead(urls: Urls) -> Masthead:
    """The masthead of a site. It is in every context, so it is made only once, with its digest."""
    settings = urls.settings

    def links(items: Sequence[MenuItem]) -> tuple[Link, ...]:
        return tuple(Link(i.title, urls.below(i.url) if i.url.startswith("/") else i.url) for i in items)

    values = Masthead(
        title=settings.title,
        tagline=settings.tagline,
        home=urls.home,
        lang=settings.language,
        navigation=links(settings.navigation),
        social=links(settings.social),
        feeds=feed_links(settings.title, urls.home),
        archive=urls.archive(),
        authors=urls.group("authors"),
        categories=urls.group("categories"),
        tags=urls.group("tags"),
        search=urls.search,
        pagefind=urls.pagefind,
    )
    return msgspec.structs.replace(values, digest=fingerprint(values))


def feed_links(title: str, page: str) -> tuple[FeedLink, ...]:
    """The feeds of the list at `page`, in every form."""
    return tuple(FeedLink(title, page + form.name, form.mimetype) for form in FORMATS)


def head(site: Site, title: str, url: str, *, name: str = "", description: str = "", noindex: bool = False) -> Head:
    """The head of a page that is not an article."""
    return Head(
        title=title,
        name=name,
        url=url,
        canonical=site.urls.absolute(url),
        description=clipped(description or site.settings.tagline, DESCRIPTION_CHARACTERS),
        lang=site.settings.language,
        noindex=noindex or site.shows_drafts,
        picture=site.logo,
        alternates=site.alternates(url),
        scripts=scripts(site),
    )


def scripts(site: Site) -> tuple[Script, ...]:
    """Those of `[head]`; none where drafts are shown, so that no visit of a writer is counted."""
    return () if site.shows_drafts else tuple(map(_script, site.settings.head.scripts))


def _script(attributes: Mapping[str, object]) -> Script:
    """`true` of a data attribute is a word; that of any other says only that it is there."""
    texts = {
        name: str(value) if not isinstance(value, bool) else str(value).lower() if name.startswith("data-") else ""
        for name, value in attributes.items()
        if value is not False or name.startswith("data-")
    }
    src = str(attributes["src"])
    file = src.removeprefix(STATIC) if src.startswith(STATIC) else ""
    return Script("" if file else src, file, tuple((name, text) for name, text in texts.items() if name != "src"))


def comments(site: Site, lang: str) -> Comments | None:
    """Those of a story in the language `lang`, if the site has any."""
    provider = provider_of(site.settings)
    if provider is None:
        return None
    values = values_of(site.settings)
    language = lang.partition("-")[0].lower()
    spoken = provider.languages.get(language, "") if provider.languages else language
    values["lang"] = values.get("lang") or spoken
    is_chosen = not provider.themes or values["theme"]
    return Comments(
        provider.script.format_map(values),
        tuple(attributes_of(provider, values).items()),
        provider.page.format_map(values),
        provider.element,
        "" if is_chosen else f"{provider.prefix}theme",
        () if is_chosen else provider.themes,
    )


def pager(first: str, number: int, total: int) -> Pager:
    newer = page_url(first, number - 1) if number > 1 else ""
    return Pager(number, total, newer, page_url(first, number + 1) if number < total else "")


def chunk(items: Sequence[Item], number: int, size: int) -> Sequence[Item]:
    return items[(number - 1) * size : number * size]
