"""Page values: what every template gets besides its subject."""

import functools
from collections.abc import Mapping, Sequence
from typing import Literal, TypeVar
from urllib.parse import quote

import msgspec
from babel.core import get_global
from markupsafe import Markup

from byline.markdown.text import clipped
from byline.models import Alternate, Colors, Link, Look, Picture, Teaser
from byline.settings.parties import STATIC, attributes_of, provider_of, values_of
from byline.settings.settings import Settings
from byline.settings.tables import MenuItem
from byline.site import Site
from byline.storage.fingerprint import fingerprint
from byline.urls import FORMATS, SAFE, Urls, page_url

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


class Theme(msgspec.Struct, frozen=True):
    """`light` and `dark` are the colours of the schemes; `preload` is the address of the headline face, if the site's
    language is written in its letters."""

    scheme: str
    front: str
    masthead: str
    light: Colors
    dark: Colors
    logo: Picture | None
    logo_dark: Picture | None
    footer: Markup
    preload: str


def theme_of(settings: Settings, look: Look) -> Theme:
    asked = settings.theme
    return Theme(
        asked.scheme,
        asked.front,
        asked.masthead,
        look.light,
        look.dark,
        look.logo,
        look.logo_dark,
        Markup(look.footer),  # noqa: S704 - sanitised, or trusted by the owner's setting
        look.preload if _is_latin(settings.language) else "",
    )


def _is_latin(language: str) -> bool:
    """https://www.unicode.org/reports/tr35/#Likely_Subtags"""
    code = language.replace("-", "_")
    likely = get_global("likely_subtags").get(code) or get_global("likely_subtags").get(code.partition("_")[0], "")
    return "_Latn" in likely


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
    twin: str = ""
    """The URL of the story's Markdown."""
    edit: str = ""
    """Where a reader may edit the page."""
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


def edit_url(site: Site, path: str) -> str:
    """Where a reader may edit the file `path`; empty if the settings do not say."""
    return site.settings.edit.replace("{path}", quote(path, safe=SAFE))


def pager(first: str, number: int, total: int) -> Pager:
    newer = page_url(first, number - 1) if number > 1 else ""
    return Pager(number, total, newer, page_url(first, number + 1) if number < total else "")


def chunk(items: Sequence[Item], number: int, size: int) -> Sequence[Item]:
    return items[(number - 1) * size : number * size]
