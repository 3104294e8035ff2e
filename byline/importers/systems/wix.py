"""Wix: the CSV file of its blog, Rich Content documents, and pages as a browser copies them."""

import csv
import io
import json
import posixpath
import re
import sys
from collections import Counter
from typing import Any
from urllib.parse import urlsplit

from byline.importers import moments
from byline.importers.export import Export, Item, LeftOut, Options, Picture, Status, Writer
from byline.importers.pasted.items import item_of, pages_in
from byline.importers.source import Entry, Source
from byline.importers.text import pieces
from byline.importers.text.values import part
from byline.importers.text.writing import words
from byline.importers.wix import addresses, nodes
from byline.importers.wxr.items import without_mail
from byline.problems import SiteError

NAME = "wix"
TITLE = "Wix"
HOSTS = ("*.wixstatic.com",)
_COLUMNS = {"richcontent", "plaincontent", "postpageurl", "publisheddate"}
_NODES = re.compile(rb'"nodes"\s*:\s*\[\s*(?:\{|\])')
_KINDS = re.compile(
    rb'"type"\s*:\s*"(?:PARAGRAPH|HEADING|TEXT|IMAGE|BULLET(?:ED)?_LIST|ORDERED_LIST|DIVIDER|BLOCKQUOTE)"'
)
_ID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}|[0-9a-f]{24}", re.IGNORECASE)
_PLANS = ("pricingplans", "pricingplanids", "paidplans")

Row = dict[str, str]


def recognises(source: Source) -> bool:
    return bool(_tables(source) or _documents(source))


def read(source: Source, options: Options) -> Export:
    items: dict[str, Item] = {}
    left_out: Counter[tuple[str, str]] = Counter()
    for entry in _tables(source):
        for row in _rows(source.text(entry), entry):
            item = _item(row)
            if item is None:
                left_out["post", "has neither a title nor a text"] += 1
            elif item.key in items:
                left_out["post", "is in the export twice"] += 1
            else:
                items[item.key] = item
    for entry in _documents(source):
        item = _document(_parsed(source.text(entry), entry), entry, options)
        items[item.key] = item
    for entry in pages_in(source):
        item = item_of(entry, source, options)
        items[item.key] = item
    names = dict.fromkeys(name for item in items.values() for name in item.authors)
    return Export(
        url=options.url,
        items=tuple(items.values()),
        writers=tuple(Writer(key=name, name=without_mail(name)) for name in names),
        left_out=tuple(LeftOut(what, reason, count) for (what, reason), count in sorted(left_out.items())),
        hosts=HOSTS,
        total=len(items) + left_out.total(),
    )


def _tables(source: Source) -> list[Entry]:
    return [entry for entry in source.ending(".csv") if len(_COLUMNS & set(_heads(source.head(entry)))) >= 2]


def _heads(head: bytes) -> list[str]:
    line = head.decode("utf-8-sig", errors="replace").split("\n", 1)[0]
    return [_key(name) for name in next(csv.reader([line], delimiter=_delimiter(line)), [])]


def _key(name: str) -> str:
    return re.sub(r"[^a-z]", "", name.lower())


def _delimiter(line: str) -> str:
    return max(",;\t", key=line.count)


def _documents(source: Source) -> list[Entry]:
    found = source.ending(".json")
    return [entry for entry in found if _NODES.search(head := source.head(entry)) and _KINDS.search(head)]


def _rows(text: str, entry: Entry) -> list[Row]:
    """The rows of a table, each by the names of its columns."""
    csv.field_size_limit(sys.maxsize)
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text.split("\n", 1)[0]))
    try:
        names = [_key(name) for name in next(lines)]
        return [dict(zip(names, line, strict=False)) for line in lines if any(map(str.strip, line))]
    except csv.Error as error:
        raise SiteError(
            f"{entry.path}:{lines.line_num}: is no CSV that can be read: {error}; export it again"
        ) from None


def _parsed(text: str, entry: Entry) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise SiteError(f"{entry.path}: is no JSON that can be read: {error}") from None


def _item(row: Row) -> Item | None:
    """A row as a post."""

    def get(*names: str) -> str:
        return next((row[name].strip() for name in names if row.get(name, "").strip()), "")

    title, body = words(get("title")), _text(get("richcontent"), get("plaincontent"))
    if not title and not body.html:
        return None
    address = get("postpageurl", "url")
    date = moments.of_iso(get("publisheddate", "firstpublisheddate"))
    updated = moments.of_iso(get("lastpublisheddate"))
    tags, category, topic_notes = _topics(row)
    status, doubts = _status(row, has_date=date is not None)
    return Item(
        key=f"{NAME}:{get('id', 'internalid') or address or title}",
        kind="post",
        title=title,
        body=body.html,
        summary=words(get("excerpt")),
        date=date,
        updated=updated if moments.is_later(updated, date) else None,
        slug=get("slug") or urlsplit(address).path.rstrip("/").rpartition("/")[2],
        address=address,
        authors=tuple(name for name in [get("author")] if name and not _ID.fullmatch(name)),
        tags=tags,
        category=category,
        cover=_cover(get("coverimage")),
        status=status,
        pinned=get("featured").lower() in ("true", "yes", "1"),
        id=get("internalid", "id"),
        notes=(*body.notes, *topic_notes),
        doubts=(*doubts, *body.doubts),
    )


def _text(rich: str, plain: str) -> nodes.Body:
    """The text of a post: its Rich Content, or else its words alone."""
    try:
        document = json.loads(rich) if rich else {}
    except (ValueError, RecursionError):
        document = {}
    body = nodes.body_of(document) if isinstance(document, dict) and nodes.children(document) else None
    if body and (body.html or not plain):
        return body
    fault = ("its Rich Content cannot be read: the words are there, without formats and pictures",) if rich else ()
    return nodes.Body(pieces.plain(plain), (), fault)


def _topics(row: Row) -> tuple[tuple[str, ...], str, tuple[str, ...]]:
    """Tags, the category, and notes: Byline has one category, so the others become tags."""
    categories, tags = _list(row.get("categories", "")), [*_list(row.get("tags", "")), *_list(row.get("hashtags", ""))]
    main = _list(row.get("maincategory", ""))
    known = [one for one in dict.fromkeys([*main, *categories]) if not _ID.fullmatch(one)]
    named = [one.lstrip("#") for one in tags if not _ID.fullmatch(one)]
    notes = []
    if len(named) < len(tags) or any(_ID.fullmatch(one) for one in [*main, *categories]):
        notes.append("tags and categories that the export gives as numbers only are left out")
    if len(known) > 1:
        notes.append("had several categories: the first is its category, the others are tags")
    return tuple(dict.fromkeys([*named, *known[1:]])), known[0] if known else "", tuple(notes)


def _list(cell: str) -> list[str]:
    """A cell of several values, as JSON or with commas between."""
    try:
        found = json.loads(cell)
    except (ValueError, RecursionError):
        found = cell.split(",")
    return [text for one in (found if isinstance(found, list) else [found]) if (text := words(str(one)))]


def _status(row: Row, *, has_date: bool) -> tuple[Status, list[str]]:
    said = row.get("status", "").strip().lower()
    if said not in ("", "published") or not has_date:
        return "draft", []
    if any(row.get(name, "").strip() not in ("", "[]") for name in _PLANS):
        return "private", ["was for members who pay, so it is a draft"]
    return "published", []


def _cover(cell: str) -> Picture | None:
    try:
        found = json.loads(cell)
    except (ValueError, RecursionError):
        found = cell
    src = addresses.source(found, "image")
    return Picture(src, str(found.get("altText") or "") if isinstance(found, dict) else "") if src else None


def _document(document: Any, entry: Entry, options: Options) -> Item:
    """Rich Content by itself, which says neither its name nor whether anybody could read it."""
    body = nodes.body_of(document)
    blocks = nodes.children(document)
    heading = next((one for one in blocks if one.get("type") == "HEADING" and nodes.plain(one).strip()), None)
    stem = posixpath.basename(entry.path).rpartition(".")[0]
    title = " ".join(nodes.plain(heading).split()) if heading else words(re.sub(r"[-_]+", " ", stem))
    seen = [one for one in blocks if nodes.children(one) or one.get("type") != "PARAGRAPH"]
    if heading is not None and seen[0] is heading:
        body = nodes.body_of({**document, "nodes": [one for one in blocks if one is not heading]})
    created = moments.of_iso(str(part(document, "metadata").get("createdTimestamp") or ""))
    doubt = "does not say whether it was public, so it is a draft; import with --date, and it is not"
    return Item(
        key=f"{NAME}:{entry.path}",
        kind="post",
        title=title,
        body=body.html,
        date=options.date or created,
        slug=stem,
        status="published" if options.date else "draft",
        notes=body.notes,
        doubts=body.doubts if options.date else (doubt, *body.doubts),
    )
