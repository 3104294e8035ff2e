"""Headers: front matter as typed values, one struct for each kind of file."""

import datetime as dt
import re
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import msgspec

from byline.frontmatter import publication
from byline.frontmatter.fields import (
    CHOICE,
    COVER,
    DATE,
    FLAG,
    LATEST_DATE,
    ON,
    TEXT,
    TEXTS,
    TRUE,
    Cover,
    Fields,
    table_schema,
)
from byline.frontmatter.keys import Key, Kind, keys_of, names_of, normal
from byline.frontmatter.syntax import Node
from byline.models import Correction
from byline.problems import Problem

MAX_NAMES = 100
"""Tags or authors of a post: each gets pages and feeds of its own, which hold the whole text."""


class InSeries(msgspec.Struct, frozen=True):
    """The series that a post belongs to; `part` is 0 if the post gives none."""

    name: str = ""
    part: int = 0


def _series(fields: Fields, key: str) -> InSeries:
    parts = fields.parts(key, "name")
    return InSeries(_plain(parts.get("name")), _part(parts.get("part"), fields))


def _category(fields: Fields, key: str) -> str:
    return next(iter(fields.texts(key)), "")


def _with_other_categories(tags: tuple[str, ...], fields: Fields) -> tuple[str, ...]:
    """`tags`, and the categories after the first, which is the post's only one."""
    categories = fields.texts("category")
    if len(categories) < 2:
        return tags
    message = f"a post has only one category: {categories[0]!r}; the others count as tags"
    fields.report(fields.values["category"], "many-categories", message, "make them tags", "hint")
    known = {tag.casefold() for tag in tags}
    return (*tags, *(name for name in categories[1:] if name.casefold() not in known))[:MAX_NAMES]


def _names(fields: Fields, key: str) -> tuple[str, ...]:
    names = fields.texts(key)
    if len(names) > MAX_NAMES:
        message = f"a post can have at most {MAX_NAMES} {key}; the first {MAX_NAMES} of {len(names)} are used"
        fields.report(fields.values[key], "too-many", message, "remove some", "warning")
    return names[:MAX_NAMES]


def _plain(node: Node | None) -> str:
    return " ".join(node.value.split()) if node and isinstance(node.value, str) else ""


def _part(node: Node | None, fields: Fields) -> int:
    text = _plain(node)
    if not text:
        return 0
    if not (text.isascii() and text.isdigit() and len(text) < 6):
        fields.refuse("series", node, "bad-part", f"`series.part` must be a whole number, not {text!r}")
        return 0
    return int(text)


def _web_address(fields: Fields, key: str) -> str:
    text = fields.text(key)
    if text and not text.startswith(("https://", "http://")):
        message = f"`{key}` must be a full web address"
        fields.refuse(key, fields.values[key], "bad-address", message, "start it with https://")
        return ""
    return text


def _corrections(fields: Fields, key: str) -> tuple[Correction, ...]:
    notes = []
    for table in fields.table_list(key):
        text, date = _plain(table.get("text")), table.get("date")
        moment = fields.date(key, date) if date else None
        if not text or moment is None:
            message = "a correction needs a `date` and a `text`"
            fields.refuse(key, date or fields.values[key], "bad-correction", message)
        else:
            notes.append(Correction(moment, text))
    return tuple(notes)


def _links(fields: Fields, key: str) -> tuple[tuple[str, str], ...]:
    """`links: {Mastodon: https://…}`, a list of tables with title and url, or a list of addresses."""
    node = fields.values.get(key)
    if node is None:
        return ()
    if isinstance(node.value, dict):
        if "url" not in node.value:
            return tuple((title, _plain(url)) for title, url in node.value.items() if _plain(url))
        return ((_plain(node.value.get("title")) or _plain(node.value["url"]), _plain(node.value["url"])),)
    items = node.value if isinstance(node.value, tuple) else (node,)
    links = []
    for item in items:
        table = item.value if isinstance(item.value, dict) else {"url": item}
        url = _plain(table.get("url"))
        links.append((_plain(table.get("title")) or url.split("//")[-1].rstrip("/"), url))
    return tuple(link for link in links if link[1])


NAMES = Kind(_names, TEXTS.schema)
CATEGORY = Kind(_category, TEXTS.schema)
SERIES = Kind(_series, {"anyOf": [TEXT.schema, table_schema("name", part={"type": "integer"})]})
WEB_ADDRESS = Kind(_web_address, {"type": "string", "pattern": "^https?://"})
CORRECTIONS = Kind(_corrections, {"type": "array", "items": table_schema("date", "text")})
LINKS = Kind(_links, {"type": ["object", "array"]})


class PostHeader(msgspec.Struct, frozen=True, kw_only=True):
    """The header of a post or a plain page as its writer meant it; dates are in UTC.

    Each field is a key of front matter, with its kind, its meaning and its other names beside it. Reading, the JSON
    Schema, the documentation and the hints of `flask check` all follow from these lines.
    """

    title: Annotated[str, Key(TEXT, "The headline.", ("headline",))]
    dek: Annotated[str, Key(TEXT, "The line under the headline.", ("subtitle", "subheading", "standfirst"))]
    date: Annotated[
        dt.datetime | None,
        Key(
            LATEST_DATE,
            "When it is published; required unless it is a draft. A date alone is that day in the site's time zone.",
            (
                "published",
                "pubDate",
                "pubDatetime",
                "publishDate",
                "published_at",
                "published_on",
                "published_date",
                "date_published",
                "publication_date",
                "post_date",
                "posted",
                "created",
                "created_at",
                "created_on",
                "date_created",
                "date.created",
                "embargo",
            ),
        ),
    ]
    updated: Annotated[
        dt.datetime | None,
        Key(
            DATE,
            "When its substance last changed.",
            (
                "modified",
                "lastmod",
                "last_modified",
                "last_modified_at",
                "modDatetime",
                "modified_at",
                "modified_date",
                "date_modified",
                "updatedDate",
                "updated_at",
                "updated_on",
                "last_updated",
                "last_update.date",
                "date.updated",
            ),
        ),
    ]
    expires: Annotated[
        dt.datetime | None,
        Key(
            DATE,
            "When it disappears.",
            ("expiryDate", "expires_at", "unpublish", "unpublishDate"),
        ),
    ]
    draft: Annotated[bool, Key(FLAG, "Whether it stays unpublished.")]
    slug: Annotated[str, Key(TEXT, "The last part of its address, kept as it is written.")]
    permalink: Annotated[str, Key(TEXT, "Its own whole address, instead of the one by the settings.", ("url", "path"))]
    aliases: Annotated[
        tuple[str, ...], Key(TEXTS, "Old addresses that lead here.", ("redirect_from", "alias", "old_urls"))
    ]
    authors: Annotated[
        tuple[str, ...],
        Key(NAMES, "Slugs or names of its authors.", ("author", "writer", "by", "byline", "primary_author")),
    ]
    tags: Annotated[tuple[str, ...], Key(NAMES, "What it is about.", ("tag", "keywords"))]
    category: Annotated[str, Key(CATEGORY, "The section it belongs to.", ("categories", "section", "kicker"))]
    summary: Annotated[
        str,
        Key(
            TEXT,
            "The text for lists, feeds and search engines.",
            ("description", "excerpt", "custom_excerpt", "abstract", "lead", "teaser", "synopsis", "meta_description"),
        ),
    ]
    cover: Annotated[
        Cover | None,
        Key(
            COVER,
            "Its picture: a path, or a table of `src`, `alt`, `caption`, `credit` and `focus`.",
            (
                "image",
                "cover_image",
                "featured_image",
                "heroImage",
                "hero",
                "feature_image",
                "feature",
                "banner",
                "header_image",
                "header_img",
                "header.image",
                "header.overlay_image",
                "header.teaser",
                "main_image",
                "post_image",
                "images",
                "og_image",
                "social_image",
                "thumbnail",
                "thumb",
            ),
        ),
    ]
    series: Annotated[InSeries, Key(SERIES, "The series it is part of: a name, or a table of `name` and `part`.")]
    pinned: Annotated[bool, Key(FLAG, "Whether it stays at the top of the front page.", ("featured", "sticky", "pin"))]
    id: Annotated[
        str,
        Key(TEXT, "Its identity in feeds: by default its address; one that it had is written as a path.", ("guid",)),
    ]
    canonical: Annotated[
        str, Key(WEB_ADDRESS, "The full web address where the text first appeared.", ("canonical_url",))
    ]
    toc: Annotated[bool | None, Key(CHOICE, "Whether it has a table of contents.")]
    lang: Annotated[str, Key(TEXT, "Its language, if it is not the site's.", ("language", "locale"))]
    translation_of: Annotated[
        str,
        Key(TEXT, "The same text in another language: its path, slug or address.", ("translationKey",)),
    ]
    template: Annotated[str, Key(TEXT, "The template that shows it.", ("layout",))]
    comments: Annotated[
        bool, Key(ON, "Whether readers can comment on it, where the site has comments: `false` for a story without.")
    ]
    corrections: Annotated[
        tuple[Correction, ...],
        Key(CORRECTIONS, "What was wrong, and when it was corrected: tables of `date` and `text`."),
    ]
    categories: tuple[str, ...]
    """All that it names; the first is its category, and the others count as tags."""
    extra: dict[str, Any]
    places: dict[str, tuple[int, int]]


class Habits(msgspec.Struct, frozen=True):
    """How the headers of a site are written where that is not Byline's way: `spaced` are keys whose value may hold
    several words that are one each, `renamed` the owner's own names of keys and Byline's."""

    spaced: tuple[str, ...] = ()
    renamed: tuple[tuple[str, str], ...] = ()


NO_HABITS = Habits()


class AuthorHeader(msgspec.Struct, frozen=True, kw_only=True):
    """The header of an author's file, likewise."""

    name: Annotated[
        str,
        Key(
            TEXT,
            "The name to show. To search engines, one with a word such as desk, team or staff is an organization.",
            ("full_name", "title"),
        ),
    ]
    bio: Annotated[str, Key(TEXT, "A sentence or two.", ("summary", "description"))]
    avatar: Annotated[
        Cover | None, Key(COVER, "The portrait.", ("image", "picture", "photo", "image_url", "avatar_url"))
    ]
    links: Annotated[tuple[tuple[str, str], ...], Key(LINKS, "Profiles elsewhere.", ("social", "socials"))]
    aliases: Annotated[
        tuple[str, ...], Key(TEXTS, "Old addresses that lead here.", ("redirect_from", "alias", "old_urls"))
    ]
    is_kept_back: bool = False
    """The name is in bylines all the same; everything else is not shown."""


def is_known(key: str) -> bool:
    """Whether a first line `key: …` starts a header without fences."""
    return normal(key) in names_of(PostHeader) or normal(key) in names_of(AuthorHeader) or publication.is_said(key)


def read_post(
    header: dict[str, Node], zone: ZoneInfo, habits: Habits = NO_HABITS
) -> tuple[PostHeader, tuple[Problem, ...]]:
    """The header's fields and everything that is wrong with them, in the order of the file."""
    header = {key: _apart(node) if normal(key) in habits.spaced else node for key, node in header.items()}
    read = {one.name for one in publication.said(header)}
    unknown = {key: node for key, node in header.items() if normal(key) not in names_of(PostHeader)}
    nearly = {key: near for key, node in unknown.items() if (near := publication.nearly_said(key, node))}
    read |= nearly.keys()
    rest = {key: node for key, node in header.items() if key not in read}
    fields = Fields(rest, PostHeader, zone, {normal(theirs): ours for theirs, ours in habits.renamed})
    draft = _said(fields, header)
    for key, near in nearly.items():
        message = f"`{key}` is nearly `{near}`, which would keep this from readers"
        fields.report_key(header[key], "unknown-key", message, "correct it, or remove it")
    values = {name: key.kind.read(fields, name) for name, key in keys_of(PostHeader).items()}
    places = {key: (node.line, node.col) for key, node in fields.values.items()} | fields.item_places
    values["categories"] = fields.texts("category")
    values["tags"] = _with_other_categories(values["tags"], fields)
    values |= {"draft": values["draft"] or draft, "extra": fields.extra, "places": places}
    if not values["title"]:
        place = fields.values.get("title")
        message = "the post has no title, so its first heading or the name of its file is used"
        fields.report(place, "missing-title", message, "add a line `title: …` to its header", "warning")
    return PostHeader(**values), tuple(sorted(fields.problems))


def _apart(node: Node) -> Node:
    """`a b` as a list of two; what has commas is a list already."""
    if not isinstance(node.value, str) or "," in node.value:
        return node
    words = re.finditer(r"\S+", node.value)
    first = node.col + (not node.is_plain)  # after the quotation mark
    return node._replace(value=tuple(Node(word[0], node.line, first + word.start(), node.is_plain) for word in words))


def read_author(header: dict[str, Node], zone: ZoneInfo) -> tuple[AuthorHeader, tuple[Problem, ...]]:
    read = {one.name for one in publication.said(header)} | {key for key in header if normal(key) == "draft"}
    fields = Fields({key: node for key, node in header.items() if key not in read}, AuthorHeader, zone)
    # Jekyll blogs keep the author's key in `name` and the name to show in `full_name`.
    full = next((node for key, node in header.items() if normal(key) == "fullname" and not node.is_empty), None)
    if full:
        fields.values["name"] = full
        fields.problems = [p for p in fields.problems if p.code != "two-names"]
    said_draft = any(_is_draft(key, node) for key, node in header.items())
    kept = _said(fields, header, "all but the name", "remove it to show biography, picture and links") or said_draft
    values = {name: key.kind.read(fields, name) for name, key in keys_of(AuthorHeader).items()}
    values |= {"bio": "", "avatar": None, "links": (), "aliases": ()} if kept else {}
    return AuthorHeader(**values, is_kept_back=kept), tuple(sorted(fields.problems))


def _is_draft(key: str, node: Node) -> bool:
    return normal(key) == "draft" and str(node.value).strip().lower() in TRUE


def _said(
    fields: Fields,
    header: dict[str, Node],
    what: str = "this",
    hint: str = "remove it to publish this; Byline's own key is `draft: true`",
) -> bool:
    """Whether a key of another program keeps the text back. Each that does is told, and so is one that is unclear."""
    kept = False
    for name, node, meaning in publication.said(header):
        if meaning == "unclear":
            message = f"`{name}` says whether readers see this, so it must be true or false"
            fields.report(node, "not-true-or-false", message, "write `draft: true` or `draft: false` instead")
        elif meaning == "kept":
            kept = True
            fields.report_key(node, "kept-back", f"`{name}` keeps {what} from readers", hint, "hint")
    return kept
