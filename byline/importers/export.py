"""Exports: what comes in from another system, as frozen values. Each system makes one; all after it is common."""

import datetime as dt
from typing import Literal

import msgspec

Kind = Literal["post", "page"]
Status = Literal["published", "draft", "scheduled", "private", "password"]
"""`published` alone is shown to readers; a `scheduled` one is, if its time is still to come."""


class Options(msgspec.Struct, frozen=True):
    """What a person typed: the old site's address, and a date for texts that have none, or that name no year."""

    url: str = ""
    date: dt.datetime | None = None


class Picture(msgspec.Struct, frozen=True):
    """A cover or a portrait; `src` is an address, or a path in the source."""

    src: str
    alt: str = ""
    caption: str = ""
    credit: str = ""


class Writer(msgspec.Struct, frozen=True, kw_only=True):
    """An author. `key` is what items name; it is never written, since with WordPress it may be a mail address."""

    key: str
    name: str
    slug: str = ""
    bio: str = ""
    avatar: Picture | None = None
    links: tuple[tuple[str, str], ...] = ()
    addresses: tuple[str, ...] = ()


class Attachment(msgspec.Struct, frozen=True, kw_only=True):
    """A file of the old site's library: all addresses under which texts may show it, the file's own first."""

    addresses: tuple[str, ...]


class Item(msgspec.Struct, frozen=True, kw_only=True):
    """A post or a page. `key` is its name within the system, the same in every export: a second run knows it by that.

    `body` is HTML, or Markdown as `form` says. `address` is its old address, whole or from the root; `aliases` are
    further ones, which may have a query. `folder` is where a page is below others: "about/team". `id` is what feed
    readers know it by. `notes` say what was changed, and `doubts` what a person should look at.
    """

    key: str
    kind: Kind
    title: str
    body: str = ""
    form: Literal["html", "markdown"] = "html"
    dek: str = ""
    summary: str = ""
    date: dt.datetime | None = None
    updated: dt.datetime | None = None
    slug: str = ""
    folder: str = ""
    address: str = ""
    aliases: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    category: str = ""
    cover: Picture | None = None
    status: Status = "published"
    pinned: bool = False
    id: str = ""
    lang: str = ""
    canonical: str = ""
    notes: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()


class LeftOut(msgspec.Struct, frozen=True):
    """What does not come along: `count` things of one kind, and why."""

    what: str
    reason: str
    count: int = 1


class Export(msgspec.Struct, frozen=True, kw_only=True):
    """All that a source holds. `hosts` serve the old site's files besides its own host; `*.` stands for any name.

    `groups` are the old addresses of tags and categories, each with its name. `redirects` are the old system's own,
    each from old address to old address. `total` is how many things the source has, so that the report can show that
    none is missing: items, attachments, and what is left out.
    """

    title: str = ""
    url: str = ""
    items: tuple[Item, ...] = ()
    writers: tuple[Writer, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    hosts: tuple[str, ...] = ()
    groups: tuple[tuple[str, str], ...] = ()
    redirects: tuple[tuple[str, str], ...] = ()
    rules: tuple[str, ...] = ()
    """Lines for `[redirects]` in site.toml, as they would stand there."""
    notes: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()
    total: int = 0
