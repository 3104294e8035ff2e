"""Headers: front matter as typed values, one struct for each kind of file."""

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from byline.frontmatter.fields import FALSE, TRUE, Cover, Fields
from byline.frontmatter.keys import AUTHOR_KEYS, POST_KEYS, normal
from byline.frontmatter.syntax import Node
from byline.models import Correction
from byline.problems import Problem

PUBLIC = ("published", "publish", "public", "live", "final", "scheduled", "future")
"""Words of `status` and `visibility` that hide nothing; a schedule is in the dates."""


class PostHeader(msgspec.Struct, frozen=True, kw_only=True):
    """The header of a post or a plain page as its writer meant it; dates are in UTC."""

    title: str
    dek: str
    date: dt.datetime | None
    updated: dt.datetime | None
    expires: dt.datetime | None
    draft: bool
    slug: str
    aliases: tuple[str, ...]
    authors: tuple[str, ...]
    tags: tuple[str, ...]
    category: str
    summary: str
    cover: Cover | None
    series: str
    part: int
    pinned: bool
    id: str
    canonical: str
    toc: bool | None
    lang: str
    template: str
    corrections: tuple[Correction, ...]
    extra: dict[str, Any]
    places: dict[str, tuple[int, int]]


class AuthorHeader(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    bio: str
    avatar: Cover | None
    links: tuple[tuple[str, str], ...]
    aliases: tuple[str, ...]


def read_post(header: dict[str, Node], zone: ZoneInfo) -> tuple[PostHeader, tuple[Problem, ...]]:
    """The header's fields and everything that is wrong with them, in the order of the file."""
    header, draft = _state(header)
    fields = Fields(header, POST_KEYS, zone)
    series = fields.parts("series", "name")
    categories = fields.texts("category")
    if len(categories) > 1:
        message = f"a post has one category; {categories[0]!r} is used"
        fields.report(fields.values["category"], "many-categories", message, "make the others tags", "warning")
    post = PostHeader(
        title=fields.text("title"),
        dek=fields.text("dek"),
        date=fields.latest("date"),
        updated=fields.date("updated"),
        expires=fields.date("expires"),
        draft=fields.flag("draft") or draft,
        slug=fields.text("slug"),
        aliases=fields.texts("aliases"),
        authors=fields.texts("authors"),
        tags=fields.texts("tags"),
        category=categories[0] if categories else "",
        summary=fields.text("summary"),
        cover=fields.cover(),
        series=_plain(series.get("name")),
        part=_part(series.get("part"), fields),
        pinned=fields.flag("pinned") or False,
        id=fields.text("id"),
        canonical=_web_address(fields, "canonical"),
        toc=fields.flag("toc"),
        lang=fields.text("lang"),
        template=fields.text("template"),
        corrections=_corrections(fields),
        extra=fields.extra,
        places={key: (node.line, node.col) for key, node in fields.values.items()} | fields.item_places,
    )
    if not post.title:
        place = fields.values.get("title")
        fields.report(place, "missing-title", "the post has no title", "add a line `title: …` to its header")
    return post, tuple(sorted(fields.problems))


def read_author(header: dict[str, Node], zone: ZoneInfo) -> tuple[AuthorHeader, tuple[Problem, ...]]:
    fields = Fields(header, AUTHOR_KEYS, zone)
    # Jekyll blogs keep the author's key in `name` and the name to show in `full_name`.
    full = next((node for key, node in header.items() if normal(key) == "full_name" and not node.is_empty), None)
    if full:
        fields.values["name"] = full
        fields.problems = [p for p in fields.problems if p.code != "two-names"]
    author = AuthorHeader(
        name=fields.text("name"),
        bio=fields.text("bio"),
        avatar=fields.cover("avatar"),
        links=_links(fields),
        aliases=fields.texts("aliases"),
    )
    return author, tuple(sorted(fields.problems))


def _state(header: dict[str, Node]) -> tuple[dict[str, Node], bool]:
    """The header without `published: false`, `status: draft` and the like, and whether they made it a draft.

    What another program calls private, hidden or pending must not become public here: of `status` and
    `visibility` only words that mean so publish.
    """
    draft, rest = False, {}
    for key, node in header.items():
        word = node.value.strip().lower() if isinstance(node.value, str) else ""
        if normal(key) == "published" and word in TRUE + FALSE:
            draft |= word in FALSE
        elif normal(key) in ("status", "visibility") and word:
            draft |= word not in PUBLIC
        elif normal(key) in ("private", "hidden", "unlisted") and word in TRUE + FALSE:
            draft |= word in TRUE
        else:
            rest[key] = node
    return rest, draft


def _plain(node: Node | None) -> str:
    return " ".join(node.value.split()) if node and isinstance(node.value, str) else ""


def _part(node: Node | None, fields: Fields) -> int:
    text = _plain(node)
    if not text:
        return 0
    if not (text.isascii() and text.isdigit() and len(text) < 6):
        fields.report(node, "bad-part", f"`series.part` must be a whole number, not {text!r}")
        return 0
    return int(text)


def _web_address(fields: Fields, key: str) -> str:
    text = fields.text(key)
    if text and not text.startswith(("https://", "http://")):
        fields.report(
            fields.values[key], "bad-address", f"`{key}` must be a full web address", "start it with https://"
        )
        return ""
    return text


def _corrections(fields: Fields) -> tuple[Correction, ...]:
    notes = []
    for table in fields.table_list("corrections"):
        text, date = _plain(table.get("text")), table.get("date")
        moment = fields.date("corrections", date) if date else None
        if not text or moment is None:
            message = "a correction needs a `date` and a `text`"
            fields.report(date or fields.values["corrections"], "bad-correction", message)
        else:
            notes.append(Correction(moment, text))
    return tuple(notes)


def _links(fields: Fields) -> tuple[tuple[str, str], ...]:
    """`links: {Mastodon: https://…}`, a list of tables with title and url, or a list of addresses."""
    node = fields.values.get("links")
    if node is None:
        return ()
    if isinstance(node.value, dict):
        if "url" not in node.value:
            return tuple((title, _plain(url)) for title, url in node.value.items() if _plain(url))
        return ((_plain(node.value.get("title")) or _plain(node.value["url"]), _plain(node.value["url"])),)
    items = node.value if isinstance(node.value, tuple) else (node,)
    found = []
    for item in items:
        table = item.value if isinstance(item.value, dict) else {"url": item}
        url = _plain(table.get("url"))
        found.append((_plain(table.get("title")) or url.split("//")[-1].rstrip("/"), url))
    return tuple(link for link in found if link[1])
