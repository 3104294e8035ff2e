"""Blogger: the Atom file of a backup or of Google Takeout, and the answer of Blogger's API.

https://developers.google.com/blogger/docs/3.0/reference/posts
"""

import html
import json
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

from byline.importers import moments, xml
from byline.importers.export import Export, Item, Kind, LeftOut, Options, Status, Writer
from byline.importers.source import Source
from byline.importers.text.writing import words
from byline.importers.xml import content
from byline.problems import SiteError

NAME = "blogger"
TITLE = "Blogger"
HOSTS = ("*.bp.blogspot.com", "*.googleusercontent.com")
STATUSES: dict[str, Status] = {"LIVE": "published", "": "published", "SCHEDULED": "scheduled"}
REASONS = {
    "comment": "Byline has none of its own",
    "settings": "site.toml holds them",
    "template": "is the old design",
    "bin": "is in the bin",
}
_ATOM = re.compile(rb"schemas\.google\.com/blogger|tag:blogger\.com,1999:blog")
_JSON = b'"blogger#'
_SIZE = re.compile(r"((?:bp\.blogspot|googleusercontent)\.com/[^\"'\s<>]*?/)(?:s\d{2,4}|w\d+-h\d+)(?:-[\w-]+)?/")
"""A part of an address says in which size a picture comes; Byline makes its own of the largest."""


def recognises(source: Source) -> bool:
    feeds = source.ending(".xml", ".atom")
    return any(_ATOM.search(source.head(entry)) for entry in feeds) or bool(_answers(source))


def read(source: Source, options: Options) -> Export:
    left_out: Counter[str] = Counter()
    items: dict[str, Item] = {}
    title = url = ""
    for entry in source.ending(".xml", ".atom"):
        if _ATOM.search(source.head(entry)):
            feed = xml.tree(entry.path, source.data(entry))
            title = title or content(feed, "atom:title")
            url = url or _link(feed)
            for found in map(_entry, feed.findall("atom:entry")):
                _sort(found, items, left_out)
    for entry in _answers(source):
        for post in _posts(source.text(entry), entry.path):
            _sort(_answer(post), items, left_out)
            replies = str((post.get("replies") or {}).get("totalItems") or "0")
            left_out["comment"] += int(replies) if replies.isdecimal() else 0
    known = tuple(items.values())
    return Export(
        title=title,
        url=url or _origin(known),
        items=known,
        writers=tuple(
            Writer(key=name, name=name) for name in dict.fromkeys(one.authors[0] for one in known if one.authors)
        ),
        left_out=tuple(
            LeftOut(what, REASONS.get(what, "is in the export twice"), count)
            for what, count in sorted(left_out.items())
            if count
        ),
        hosts=HOSTS,
        groups=tuple((f"/search/label/{tag}", tag) for tag in dict.fromkeys(tag for one in known for tag in one.tags)),
        total=len(known) + left_out.total(),
    )


def _sort(found: Item | str, items: dict[str, Item], left_out: Counter[str]) -> None:
    if isinstance(found, str):
        left_out[found] += 1
    elif found.key in items:
        left_out["item"] += 1
    else:
        items[found.key] = found


def _answers(source: Source) -> list[Any]:
    return [entry for entry in source.ending(".json") if _JSON in source.head(entry)]


def _posts(text: str, name: str) -> Iterator[dict[str, Any]]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise SiteError(f"{name}: is no JSON that can be read: {error}") from None
    found = found.get("items", [found]) if isinstance(found, dict) else found
    return (one for one in found if isinstance(one, dict) and str(one.get("kind", "")).startswith("blogger#"))


def _answer(post: dict[str, Any]) -> Item | str:
    """A post as the API gives it."""
    if post.get("kind") not in ("blogger#post", "blogger#page"):
        return str(post.get("kind", "")).removeprefix("blogger#")
    author = post.get("author") or {}
    number, blog = str(post.get("id", "")), str((post.get("blog") or {}).get("id", ""))
    kind: Kind = "page" if post.get("kind") == "blogger#page" else "post"
    return _item(
        kind,
        number,
        feed_id=f"tag:blogger.com,1999:blog-{blog}.{kind}-{number}" if blog else "",
        title=str(post.get("title") or ""),
        body=str(post.get("content") or ""),
        url=str(post.get("url") or ""),
        dates=(str(post.get("published") or ""), str(post.get("updated") or "")),
        author=str(author.get("displayName") or ""),
        labels=[str(label) for label in post.get("labels") or ()],
        status=str(post.get("status") or ""),
    )


def _entry(entry: ET.Element) -> Item | str:
    """An entry of a backup, whose kind is a category, or of Takeout, which has elements of its own."""
    kinds = [
        one.get("term", "").partition("#")[2]
        for one in entry.findall("atom:category")
        if "#kind" in one.get("scheme", "")
    ]
    kind = (content(entry, "blogger:type") or (kinds[0] if kinds else "post")).lower()
    status = content(entry, "blogger:status")
    if kind not in ("post", "page"):
        return kind if kind in REASONS else "settings"
    if status == "SOFT_TRASHED":
        return "bin"
    if xml.is_draft(entry):
        status = "DRAFT"
    feed_id = content(entry, "atom:id")
    body = content(entry, "atom:content")
    author = entry.find("atom:author")
    labels = [one.get("term", "") for one in entry.findall("atom:category") if "#kind" not in one.get("scheme", "")]
    return _item(
        "page" if kind == "page" else "post",
        feed_id.rpartition("-")[2],
        feed_id=feed_id,
        title=content(entry, "atom:title"),
        body=body,
        url=_link(entry) or content(entry, "blogger:filename"),
        dates=(content(entry, "atom:published"), content(entry, "atom:updated")),
        author=content(author, "atom:name") if author is not None else "",
        labels=labels,
        status=status,
        summary=content(entry, "blogger:metaDescription"),
    )


def _item(
    kind: Kind,
    number: str,
    *,
    feed_id: str,
    title: str,
    body: str,
    url: str,
    dates: tuple[str, str],
    author: str,
    labels: list[str],
    status: str,
    summary: str = "",
) -> Item:
    name = words(author)
    published, updated = map(moments.of_iso, dates)
    known = STATUSES.get(status, "draft")
    return Item(
        key=f"{NAME}:{number or url or title}",
        kind=kind,
        title=words(title),
        body=_SIZE.sub(r"\1s1600/", body),
        summary=words(summary),
        date=published,
        updated=updated if moments.is_later(updated, published) else None,
        slug=urlsplit(url).path.rpartition("/")[2],
        address=url,
        authors=(name,) if name and "@" not in name else (),
        tags=tuple(dict.fromkeys(html.unescape(label) for label in labels if label)),
        status=known,
        id=feed_id,
    )


def _link(element: ET.Element) -> str:
    links = {link.get("rel", "alternate"): link.get("href", "") for link in element.findall("atom:link")}
    return links.get("alternate", "")


def _origin(items: tuple[Item, ...]) -> str:
    parts = [urlsplit(item.address) for item in items if "://" in item.address]
    return f"{parts[0].scheme}://{parts[0].netloc}" if parts else ""
