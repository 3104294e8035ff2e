"""Ghost: the JSON file that Settings → Migration → Export gives, and the pictures and redirects beside it."""

import datetime as dt
import functools
import json
import re
from collections import Counter
from collections.abc import Callable
from html import unescape
from typing import Any
from zoneinfo import ZoneInfo

from msgspec import structs

from byline.importers import moments
from byline.importers.export import Export, Item, LeftOut, Options, Picture, Status, Writer
from byline.importers.ghost import lexical, mobiledoc, rendered, routes
from byline.importers.ghost.lexical import Unknown
from byline.importers.ghost.tables import Row, Tables, moment, text
from byline.importers.source import Entry, Source
from byline.importers.text import pieces
from byline.importers.text.remarks import Remarks
from byline.importers.text.values import tables
from byline.importers.text.writing import words
from byline.importers.wxr.items import without_mail
from byline.storage.zones import zone_of

NAME = "ghost"
TITLE = "Ghost"
BESIDE = ("images", "media", "files", "content", "redirects.json", "redirects.yaml", "routes.yaml")
"""What the old server has in folders of its own."""
STATUSES: dict[str, Status] = {"published": "published", "scheduled": "scheduled", "draft": "draft"}
LEFT_OUT = (
    ("newsletters", "newsletter", "Byline sends no letters"),
    ("members", "member", "Byline has no members; export them apart"),
    ("products", "tier", "Byline has no members"),
    ("offers", "offer", "Byline has no members"),
    ("snippets", "snippet", "is a draft of a piece of text"),
    ("comments", "comment", "Byline has none of its own"),
    ("recommendations", "recommendation", "Byline has no list of other blogs"),
)
_SOCIAL = (
    ("website", "Website", "{}"),
    ("twitter", "X", "https://x.com/{}"),
    ("facebook", "Facebook", "https://www.facebook.com/{}"),
    ("threads", "Threads", "https://www.threads.net/@{}"),
    ("bluesky", "Bluesky", "https://bsky.app/profile/{}"),
    ("mastodon", "Mastodon", "https://{}"),
    ("tiktok", "TikTok", "https://www.tiktok.com/@{}"),
    ("youtube", "YouTube", "https://www.youtube.com/{}"),
    ("instagram", "Instagram", "https://www.instagram.com/{}"),
    ("linkedin", "LinkedIn", "https://www.linkedin.com/in/{}"),
)
_START = re.compile(rb'\s*\{\s*"(?:db|meta|data)"')
_MARKS = (b'"exported_on"', b'"mobiledoc"', b'"lexical"', b'"posts_authors"', b'"comment_id"')
_SHARED = tuple(f"{site}_{part}" for site in ("og", "twitter") for part in ("image", "title", "description"))


def recognises(source: Source) -> bool:
    return bool(_exports(source))


def _exports(source: Source) -> list[Entry]:
    found = []
    for entry in source.ending(".json"):
        head = source.head(entry)
        if (
            re.match(rb'\s*\{\s*"(?:db|meta|data)"', head)
            and any(mark in head for mark in _MARKS)
            and b'"posts' in head
        ):
            found.append(entry)
    return found


def read(source: Source, options: Options) -> Export:
    base = options.url.rstrip("/")
    blogs = [_Blog(Tables(entry, source, base), source) for entry in _exports(source)]
    items = [item for blog in blogs for item in blog.items]
    left_out: Counter[tuple[str, str]] = Counter()
    kept: dict[str, Item] = {}
    for item in items:
        if item.key in kept:
            left_out["post", "is in the exports twice"] += 1
        kept.setdefault(item.key, item)
    for blog in blogs:
        left_out += blog.left_out()
    return Export(
        title=next((text(blog.tables.settings, "title") for blog in blogs), ""),
        url=options.url,
        items=tuple(kept.values()),
        writers=tuple(writer for blog in blogs for writer in blog.writers()),
        left_out=tuple(LeftOut(what, reason, count) for (what, reason), count in sorted(left_out.items())),
        groups=tuple(group for blog in blogs for group in blog.groups()),
        notes=tuple(note for blog in blogs for note in blog.notes()),
        doubts=tuple(doubt for blog in blogs for doubt in blog.doubts()),
        rules=tuple(line for blog in blogs for line in blog.rules()),
        total=len(kept) + left_out.total(),
    )


class _Blog:
    """One export, with the routes and redirects beside it."""

    def __init__(self, tables: Tables, source: Source) -> None:
        self.tables = tables
        self.routes = routes.routes_in(source)
        self.redirects = routes.redirects_in(source)
        self._users = {str(row.get("id")): row for row in tables.rows("users")}
        self._tags = {str(row.get("id")): row for row in tables.rows("tags")}
        self._authors = tables.of_post("posts_authors", "author_id")
        self._tags_of = tables.of_post("posts_tags", "tag_id")
        self._is_private = str(tables.settings.get("is_private")).lower() in ("true", "1")
        self._zone = _zone(str(tables.settings.get("timezone") or tables.settings.get("active_timezone") or ""))

    @functools.cached_property
    def items(self) -> list[Item]:
        posts = [row for row in self.tables.rows("posts") if str(row.get("type") or "post") in ("post", "page")]
        return [
            self._with_aliases(self._item({**self.tables.meta.get(str(row.get("id")), {}), **row})) for row in posts
        ]

    def _item(self, row: Row) -> Item:
        remarks = Remarks()
        body = _body(row, remarks)
        status = self._status(row, remarks)
        published = moment(row.get("published_at"))
        date = published or (moment(row.get("created_at")) if status == "draft" else None)
        updated = moment(row.get("updated_at"))
        is_changed = moments.is_later(updated, date) and updated != moment(row.get("created_at"))
        tags = self._tags_for(row, remarks)
        slug = text(row, "slug")
        _remark(row, remarks)
        return Item(
            key=f"{NAME}:{text(row, 'id', 'uuid') or slug}",
            kind="page" if text(row, "type") == "page" or str(row.get("page")) in ("1", "True") else "post",
            title=" ".join(unescape(text(row, "title")).split()),
            body=body,
            dek=words(text(row, "custom_excerpt")),
            summary=words(text(row, "meta_description")),
            date=date,
            updated=updated if is_changed else None,
            slug=slug,
            address=self._address(row, slug, published),
            authors=tuple(self._authors.get(str(row.get("id"))) or filter(None, [text(row, "author_id")])),
            tags=tags,
            cover=_cover(row, remarks),
            status=status,
            pinned=str(row.get("featured")) in ("1", "True"),
            id=text(row, "comment_id", "id"),
            lang=text(row, "locale"),
            canonical=text(row, "canonical_url") if text(row, "canonical_url").startswith("http") else "",
            notes=remarks.notes,
            doubts=remarks.doubts,
        )

    def _status(self, row: Row, remarks: Remarks) -> Status:
        """What anybody could read is published, and nothing else."""
        status = STATUSES.get(text(row, "status"))
        seen = text(row, "visibility") or "public"
        if self._is_private and status in ("published", "scheduled"):
            remarks.doubt("the whole site was behind a password, so it is a draft")
            return "private"
        if text(row, "status") == "sent" or str(row.get("email_only")) in ("1", "True"):
            remarks.doubt("was sent as a letter only, so it is a draft")
            return "private"
        if status is None:
            remarks.doubt(f"its status {text(row, 'status')!r} is not known, so it is a draft")
            return "draft"
        if seen != "public":
            if status != "draft":
                who = {"members": "members", "paid": "members who pay"}.get(seen, "some members")
                remarks.doubt(f"was for {who} only, so it is a draft")
            return "private"
        return status

    def _tags_for(self, row: Row, remarks: Remarks) -> tuple[str, ...]:
        found = [self._tags[one] for one in self._tags_of.get(str(row.get("id")), []) if one in self._tags]
        internal = [text(tag, "name") for tag in found if _is_internal(tag)]
        if internal:
            remarks.note(f"tags that readers did not see are left out: {', '.join(sorted(internal))}")
        return tuple(dict.fromkeys(text(tag, "name") for tag in found if not _is_internal(tag)))

    def _address(self, row: Row, slug: str, date: dt.datetime | None) -> str:
        if text(row, "type") == "page" or not slug:
            return f"/{slug}/" if slug else ""
        tags = [text(self._tags[one], "slug") for one in self._tags_of.get(str(row.get("id")), []) if one in self._tags]
        public = [tag for tag in tags if not tag.startswith("hash-")]
        pattern = next((one for tag, one in self.routes.permalinks if tag is None or tag in tags), "/{slug}/")
        writer = next(iter(self._authors.get(str(row.get("id")), [])), "")
        names = {"primary_tag": public[0] if public else "all", "id": text(row, "id")}
        names |= dict.fromkeys(("author", "primary_author"), text(self._users.get(writer, {}), "slug"))
        return routes.address(pattern, slug, date.astimezone(self._zone) if date else None, **names)

    def _with_aliases(self, item: Item) -> Item:
        """`item` with the addresses that redirects led to it."""
        found = []
        for one in self.redirects:
            if one.parts and not one.wild and _same(one.leads(one.path), item.address):
                found.append(one.path)
            elif one.wild > 1 and item.date:
                guesses = (_guess(one, item, self._zone, pattern) for pattern in _OLDER)
                found += [path for path in guesses if path]
        return structs.replace(item, aliases=tuple(dict.fromkeys(found)))

    def writers(self) -> list[Writer]:
        return [
            Writer(
                key=key,
                name=without_mail(text(row, "name")),
                slug=text(row, "slug"),
                bio=words(text(row, "bio")),
                avatar=Picture(text(row, "profile_image")) if text(row, "profile_image") else None,
                links=tuple((title, url) for name, title, form in _SOCIAL if (url := _profile(text(row, name), form))),
                addresses=(self.routes.authors.replace("{slug}", text(row, "slug")),) if text(row, "slug") else (),
            )
            for key, row in self._users.items()
        ]

    def groups(self) -> list[tuple[str, str]]:
        tags = [tag for tag in self._tags.values() if not _is_internal(tag)]
        names = {text(tag, "slug"): text(tag, "name") for tag in tags}
        found = [(self.routes.tags.replace("{slug}", slug), name) for slug, name in names.items()]
        return found + [(path, names[tag]) for path, tag in self.routes.channels if tag in names]

    def left_out(self) -> Counter[tuple[str, str]]:
        used = {one for tags in self._tags_of.values() for one in tags}
        found: Counter[tuple[str, str]] = Counter()
        for table, what, reason in LEFT_OUT:
            found[what, reason] += len(self.tables.rows(table))
        for key, tag in self._tags.items():
            found["tag", "is internal: readers did not see it"] += _is_internal(tag)
            found["tag", "is on no post"] += key not in used and not _is_internal(tag)
        others = len(self.tables.rows("posts")) - len(self.items)
        found["post", "is of a kind that Byline does not have"] += others
        return +found

    def notes(self) -> list[str]:
        settings, found = self.tables.settings, []
        if any(text(settings, f"codeinjection_{place}", f"ghost_{place}") for place in ("head", "foot")):
            found.append("code that the old site put into every page is left out")
        told = ("description", "feature_image", "codeinjection_head", "meta_title")
        if any(text(tag, *told) for tag in self._tags.values()):
            found.append("descriptions, pictures and code of tags are left out")
        for name in ("navigation", "secondary_navigation"):
            entries = _entries(settings.get(name))
            if entries:
                found.append(f"its {name.replace('_', ' ')} is `[[navigation]]` in site.toml: {entries}")
        zone = text(settings, "timezone", "active_timezone")
        if zone:
            found.append(f"dates are in UTC; the old site showed them in {zone}: `timezone` in site.toml")
        return found

    def doubts(self) -> list[str]:
        found = [f"the route {path} of routes.yaml showed something of its own" for path in self.routes.others]
        found += [f"the filter {one!r} of routes.yaml is not read" for one in self.routes.odd]
        for one in (one for one in self.redirects if not one.parts or one.wild > 1):
            led = sum(one.leads(alias) != "" for item in self.items for alias in item.aliases) if one.parts else 0
            rest = (
                f"{led} old addresses with a day are in `aliases`; see where others lead"
                if led
                else "see where it leads"
            )
            found.append(f"the redirect `{one.typed}` → `{one.target}` does not fit `[redirects]`: {rest}")
        return found

    def rules(self) -> list[str]:
        """The redirects that no post can have as an alias, as lines of `[redirects]`."""
        known = {item.address.rstrip("/") for item in self.items if item.address}
        plain = [one for one in self.redirects if one.parts and one.wild < 2]
        return [_line(one) for one in plain if one.wild or one.leads(one.path).split("#")[0].rstrip("/") not in known]


_OLDER = ("/{year}/{month}/{slug}/", "/{year}/{month}/{day}/{slug}/", "/{year}/{slug}/")


def _guess(one: routes.Redirect, item: Item, zone: dt.tzinfo, pattern: str) -> str:
    """An older address of an item, by its date, if a redirect led from there to it."""
    path = routes.address(pattern, item.slug, item.date.astimezone(zone) if item.date else None)
    return path if path and _same(one.leads(path), item.address) else ""


def _same(one: str, other: str) -> bool:
    return bool(other) and one.split("#")[0].rstrip("/") == other.rstrip("/")


def _line(one: routes.Redirect) -> str:
    """A redirect as Byline writes it."""
    target = re.sub(r"\$\d", ":splat", one.target) if one.wild else one.leads(one.path)
    end = "" if "." in one.path.rpartition("/")[2] or one.path.endswith("*") else "/"
    old, new = json.dumps(one.path + end, ensure_ascii=False), json.dumps(target, ensure_ascii=False)
    return f"{old} = {new}" if one.status == 301 else f"{old} = {{to = {new}, status = {one.status}}}"


def _body(row: Row, remarks: Remarks) -> str:
    """The text from the richest of its forms in which nothing is unknown; HTML is what Ghost made of the others."""
    forms: list[tuple[Callable[..., str], Any]] = [
        (lexical.html_of, _parsed(row.get("lexical"), "root")),
        (mobiledoc.html_of, _parsed(row.get("mobiledoc"))),
    ]
    known = [(write, found) for write, found in forms if found]
    html = text(row, "html")
    for write, found in known:
        tried = Remarks()
        try:
            written = write(found, tried, is_strict=bool(html))
        except (Unknown, RecursionError) as error:
            remarks.note(f"{error} is taken from the HTML that Ghost made of it")
            continue
        remarks.take(tried)
        return written
    if html:
        return rendered.html_of(html, remarks)
    if known:
        remarks.doubt("its text cannot be read: only its words are there")
    return pieces.plain(text(row, "plaintext"))


def _parsed(value: Any, key: str = "") -> Any:
    try:
        found = json.loads(value) if value else None
    except (ValueError, TypeError, RecursionError):
        return None
    found = found.get(key) if key and isinstance(found, dict) else found
    return found if isinstance(found, dict) else None


def _remark(row: Row, remarks: Remarks) -> None:
    """What a post had besides that Byline has no place for."""
    if text(row, "codeinjection_head") or text(row, "codeinjection_foot"):
        remarks.note("code that it put into its page is left out")
    if text(row, "custom_template"):
        remarks.note(f"its template `{text(row, 'custom_template')}` is left out")
    if any(text(row, name) for name in _SHARED):
        remarks.note("titles, texts and pictures for other networks are left out: Byline makes them")
    if text(row, "meta_title"):
        remarks.note("its title for search engines is left out")
    if text(row, "email_subject"):
        remarks.note("the subject of its letter is left out")


def _cover(row: Row, remarks: Remarks) -> Picture | None:
    src = text(row, "feature_image", "image")
    caption = text(row, "feature_image_caption")
    if "<a " in caption:
        remarks.note("links in the caption of its cover are words now")
    return Picture(src, words(text(row, "feature_image_alt")), words(caption)) if src else None


def _is_internal(tag: Row) -> bool:
    return text(tag, "visibility") == "internal" or text(tag, "name").startswith("#")


def _profile(value: str, form: str) -> str:
    name = value.strip().lstrip("@")
    if not name or name.startswith(("http://", "https://")):
        return name
    if form == "https://{}":  # @user@host of Mastodon
        user, at, host = name.partition("@")
        return f"https://{host}/@{user}" if at else form.format(name)
    return form.format(name) if form != "{}" else ""


def _entries(value: Any) -> str:
    try:
        found = json.loads(value) if isinstance(value, str) else value
    except ValueError:
        return ""
    return ", ".join(f"{text(one, 'label')} → {text(one, 'url')}" for one in tables(found))


def _zone(name: str) -> ZoneInfo:
    try:
        return zone_of(name or "UTC")
    except (KeyError, ValueError, OSError):
        return zone_of("UTC")
