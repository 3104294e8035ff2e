"""The values of a site: frozen, hashable by content, and all that a template ever sees.

Structs that are listed in many places carry a `digest` of their fields, made by `sealed`.
"""

import datetime as dt
from types import MappingProxyType
from typing import Any, Literal, TypeVar

import msgspec

from byline.storage.fingerprint import digest

Status = Literal["published", "draft", "scheduled", "expired"]

CARD_ENDINGS = (".jpg", ".jpeg", ".png", ".gif")
"""What every network shows; https://ogp.me leaves it open."""


class Link(msgspec.Struct, frozen=True):
    """`lang` is the language of the title, if the link leads to a story."""

    title: str
    url: str
    lang: str = ""


class Alternate(msgspec.Struct, frozen=True):
    """A page in one of its languages; `is_default` is that in the site's main one."""

    lang: str
    url: str
    is_default: bool = False


class Picture(msgspec.Struct, frozen=True):
    """A picture at its published URL; `width` and `height` in pixels, 0 where unknown.

    `srcset` and `avif` list its widths, in its own format and as AVIF, in the syntax of that attribute.
    """

    url: str
    width: int = 0
    height: int = 0
    srcset: str = ""
    avif: str = ""
    alt: str = ""
    caption: str = ""
    credit: str = ""
    focus: str = ""
    """The sides that stay where it is cropped, such as "top" or "top-left"; none is the middle."""

    @property
    def is_for_cards(self) -> bool:
        """Whether every preview of a link to a page can show it: some networks leave out SVG, AVIF and WebP."""
        return self.url.lower().endswith(CARD_ENDINGS)


class Heading(msgspec.Struct, frozen=True):
    level: int
    id: str
    title: str


class Correction(msgspec.Struct, frozen=True):
    date: dt.datetime
    text: str


class Body(msgspec.Struct, frozen=True):
    """Rendered text: the store's key for its HTML, and the file to render it from again. `attributes` are those of its
    links and pictures, in order of appearance; `sources` are what comes before each in a `<picture>`, if anything."""

    key: str
    path: str
    attributes: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()


class Author(msgspec.Struct, frozen=True, kw_only=True):
    slug: str
    name: str
    url: str
    kind: Literal["Person", "Organization"] = "Person"
    bio: str = ""
    avatar: Picture | None = None
    links: tuple[Link, ...] = ()
    body: Body | None = None
    path: str = ""
    digest: str = ""


class Series(msgspec.Struct, frozen=True):
    """A post's place in a series; `part` is its number, 0 if the post gives none."""

    name: str
    slug: str
    url: str
    part: int = 0


class Topic(msgspec.Struct, frozen=True):
    """A tag, a category, a series or an author as the name of a page."""

    name: str
    slug: str
    url: str


class Written(msgspec.Struct, frozen=True, kw_only=True):
    """What every page that somebody wrote says about itself; `lang` is its own language or the site's."""

    title: str
    url: str
    dek: str
    summary: str
    status: Status
    lang: str
    digest: str = ""


class Story(Written, frozen=True, kw_only=True):
    """What a post and its teaser have in common."""

    date: dt.datetime | None
    category: Topic | None
    cover: Picture | None
    minutes: int
    pinned: bool


class Teaser(Story, frozen=True, kw_only=True):
    """What a list shows of a post; a change of the body alone does not change it."""

    authors: tuple[Topic, ...]


class Post(Story, frozen=True, kw_only=True):
    path: str
    slug: str
    updated: dt.datetime | None
    expires: dt.datetime | None
    authors: tuple[Author, ...]
    tags: tuple[Topic, ...]
    card: Picture | None
    series: Series | None
    id: str
    canonical: str
    aliases: tuple[str, ...]
    template: str
    comments: bool
    corrections: tuple[Correction, ...]
    extra: MappingProxyType[str, Any]
    toc: tuple[Heading, ...]
    body: Body
    teaser: Teaser


class PlainPage(Written, frozen=True, kw_only=True):
    """A page outside the news: about, contact, imprint."""

    path: str
    template: str
    aliases: tuple[str, ...]
    extra: MappingProxyType[str, Any]
    body: Body


class Data(msgspec.Struct, frozen=True):
    """What the files in `data/` hold, by their names, and the digest of all that is under each name."""

    values: MappingProxyType[str, Any] = MappingProxyType({})
    digests: MappingProxyType[str, str] = MappingProxyType({})


class Unpublished(msgspec.Struct, frozen=True):
    """A post or a page that is not published now, and why."""

    path: str
    title: str
    status: Status
    date: dt.datetime | None


class Reference(msgspec.Struct, frozen=True):
    """A link to a URL of this site, from the file `path`, still to be checked against the URLs that exist."""

    url: str
    path: str
    line: int
    col: int = 1


class File(msgspec.Struct, frozen=True):
    """A published file: `source` is relative to the site's folder, `content` is the digest of its bytes.

    A picture's variant has a `form` and a `width`: it is made from the source whose digest is `origin`, and its
    `content` is the digest of its inputs. Until an AVIF has been made, the file at `stand_in` is shown.
    A social card has no source, but the `words` that are drawn on it; a stylesheet those that follow it.
    """

    url: str
    source: str
    mimetype: str
    content: str
    origin: str = ""
    form: str = ""
    width: int = 0
    stand_in: str = ""
    words: tuple[str, ...] = ()


VERSION_CHARACTERS = 12
"""Of a static file's digest, in `?v=`."""


def versioned(file: File) -> str:
    """The address under which browsers may keep a static file for ever."""
    return f"{file.url}?v={file.content[:VERSION_CHARACTERS]}"


class Colors(msgspec.Struct, frozen=True):
    """Colours of one scheme, each as `#rrggbb`."""

    paper: str
    ink: str
    accent: str
    tint: str


class Look(msgspec.Struct, frozen=True):
    """How the site looks, as far as not only its stylesheet knows. `css` follows the theme's; `preload` is the URL of
    the face that pages need, if there is one; `footer` is HTML."""

    light: Colors
    dark: Colors
    css: str
    preload: str = ""
    logo: Picture | None = None
    logo_dark: Picture | None = None
    footer: str = ""


_encoder = msgspec.msgpack.Encoder(enc_hook=dict)  # the only type it does not know is the read-only mapping

Digested = TypeVar("Digested", Author, Teaser, Post, PlainPage)


def sealed(value: Digested) -> Digested:
    """`value` with the digest of all its fields.

    MessagePack of a struct with typed fields tells any two values apart, in a tenth of the time that `fingerprint`
    takes. Of a date it holds only the instant, since all dates are in the site's zone.
    """
    return msgspec.structs.replace(value, digest=digest(_encoder.encode((type(value).__name__, value))))


def frozen(value: Any) -> Any:
    """`value` from a header with its lists as tuples and its tables as read-only mappings."""
    if isinstance(value, dict):
        return MappingProxyType({key: frozen(item) for key, item in value.items()})
    if isinstance(value, list | tuple):
        return tuple(frozen(item) for item in value)
    return value
