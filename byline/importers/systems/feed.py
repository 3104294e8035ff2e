"""A feed: RSS 0.9 to 2.0, Atom, or JSON Feed, for blogs of systems without an export, as far back as the feed goes."""

import datetime as dt
import email.utils
import json
from html import escape
from typing import Any
from urllib.parse import unquote, urlsplit
from xml.etree import ElementTree as ET

from byline.importers import moments, xml
from byline.importers.export import Export, Item, LeftOut, Options, Writer
from byline.importers.source import Entry, Source
from byline.importers.text.writing import words
from byline.importers.wxr.items import without_mail
from byline.importers.xml import content
from byline.problems import SiteError

NAME = "feed"
TITLE = "a feed"
RANK = 5
"""Exports of systems are feeds with more in them."""
_FEEDS = (b"<rss", b"<feed", b"<rdf:RDF", b"purl.org/rss/1.0/")
_JSON = (b'"https://jsonfeed.org/', b'"https:\\/\\/jsonfeed.org')


class Channel:
    """What feeds have given so far."""

    def __init__(self) -> None:
        self.title = self.url = ""
        self.items: dict[str, Item] = {}
        self.repeated = 0

    def add(self, item: Item) -> None:
        self.repeated += item.key in self.items
        self.items.setdefault(item.key, item)


def recognises(source: Source) -> bool:
    return bool(_feeds(source) or _json_feeds(source))


def read(source: Source, options: Options) -> Export:
    channel = Channel()
    for entry in _feeds(source):
        root = xml.tree(entry.path, source.data(entry))
        if root.tag == "atom:feed":
            _read_atom(root, channel)
        else:
            _read_rss(root, channel)
    for entry in _json_feeds(source):
        _read_json(source.text(entry), entry.path, channel)
    items = tuple(channel.items.values())
    names = dict.fromkeys(name for item in items for name in item.authors)
    return Export(
        title=channel.title,
        url=channel.url,
        items=items,
        writers=tuple(Writer(key=name, name=name) for name in names),
        left_out=(LeftOut("item", "is in the feeds twice", channel.repeated),) if channel.repeated else (),
        doubts=(f"a feed holds the latest posts only: {len(items)} are in this one",),
        total=len(items) + channel.repeated,
    )


def _feeds(source: Source) -> list[Entry]:
    found = source.ending(".xml", ".rss", ".atom", ".rdf", ".txt", ".feed")
    return [entry for entry in found if any(mark in source.head(entry)[:5000] for mark in _FEEDS)]


def _json_feeds(source: Source) -> list[Entry]:
    return [entry for entry in source.ending(".json") if any(mark in source.head(entry)[:5000] for mark in _JSON)]


def _read_rss(root: ET.Element, channel: Channel) -> None:
    head = root.find("channel") if root.find("channel") is not None else root.find("rss:channel")
    channel.title = channel.title or content(head, "title")
    channel.url = channel.url or content(head, "link")
    for item in (element for element in root.iter() if element.tag.rpartition(":")[2] == "item"):
        text, short = content(item, "content:encoded"), content(item, "description")
        link = content(item, "link") or (content(item, "guid") if content(item, "guid").startswith("http") else "")
        author = content(item, "dc:creator") or content(item, "itunes:author") or content(item, "author")
        tags = [content(one) for one in item.findall("category")] + [content(one) for one in item.findall("dc:subject")]
        enclosures = [(one.get("url", ""), one.get("type", "")) for one in item.findall("enclosure")]
        channel.add(
            _item(
                number=content(item, "guid") or link,
                title=content(item, "title"),
                text=text or short,
                summary=short if text else "",
                link=link,
                date=moments.of_mail(content(item, "pubDate")) or moments.of_iso(content(item, "dc:date")),
                authors=[_person(author)],
                tags=tags,
                enclosures=enclosures,
            )
        )


def _read_atom(feed: ET.Element, channel: Channel) -> None:
    channel.title = channel.title or content(feed, "atom:title")
    channel.url = channel.url or _link(feed)
    shared = [content(one, "atom:name") for one in feed.findall("atom:author")]
    for entry in feed.findall("atom:entry"):
        text, short = _text(entry.find("atom:content")), _text(entry.find("atom:summary"))
        published = moments.of_iso(content(entry, "atom:published"))
        updated = moments.of_iso(content(entry, "atom:updated"))
        links = entry.findall("atom:link")
        channel.add(
            _item(
                number=content(entry, "atom:id"),
                title=_text(entry.find("atom:title")),
                text=text or short,
                summary=short if text else "",
                link=_link(entry),
                date=published or updated,
                updated=updated if published else None,
                authors=[content(one, "atom:name") for one in entry.findall("atom:author")] or shared,
                tags=[one.get("label", "") or one.get("term", "") for one in entry.findall("atom:category")],
                enclosures=[
                    (one.get("href", ""), one.get("type", "")) for one in links if one.get("rel") == "enclosure"
                ],
                is_draft=xml.is_draft(entry),
            )
        )


def _read_json(text: str, name: str, channel: Channel) -> None:
    try:
        feed: dict[str, Any] = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise SiteError(f"{name}: is no JSON that can be read: {error}") from None
    channel.title = channel.title or str(feed.get("title") or "")
    channel.url = channel.url or str(feed.get("home_page_url") or "")
    shared = feed.get("authors") or [feed.get("author") or {}]
    for item in feed.get("items") or ():
        plain = escape(str(item.get("content_text") or "")).replace("\n\n", "</p><p>").replace("\n", "<br>")
        people = item.get("authors") or ([item["author"]] if item.get("author") else shared)
        attached = [(str(one.get("url", "")), str(one.get("mime_type", ""))) for one in item.get("attachments") or ()]
        channel.add(
            _item(
                number=str(item.get("id") or item.get("url") or ""),
                title=str(item.get("title") or ""),
                text=str(item.get("content_html") or "") or (f"<p>{plain}</p>" if plain else ""),
                summary=str(item.get("summary") or ""),
                link=str(item.get("url") or ""),
                date=moments.of_iso(str(item.get("date_published") or "")),
                updated=moments.of_iso(str(item.get("date_modified") or "")),
                authors=[str(one.get("name") or "") for one in people],
                tags=[str(tag) for tag in item.get("tags") or ()],
                enclosures=attached,
            )
        )


def _item(
    *,
    number: str,
    title: str,
    text: str,
    summary: str,
    link: str,
    date: dt.datetime | None,
    authors: list[str],
    tags: list[str],
    enclosures: list[tuple[str, str]],
    updated: dt.datetime | None = None,
    is_draft: bool = False,
) -> Item:
    path = unquote(urlsplit(link).path).rstrip("/") if link else ""
    return Item(
        key=f"{NAME}:{number or link or title}",
        kind="post",
        title=words(title),
        body=text + "".join(_player(url, kind) for url, kind in enclosures if url and url not in text),
        summary=words(summary),
        date=date,
        updated=updated if moments.is_later(updated, date) else None,
        slug=path.rpartition("/")[2],
        address=link if path else "",
        authors=tuple(dict.fromkeys(without_mail(name) for name in authors if name)),
        tags=tuple(dict.fromkeys(words(tag) for tag in tags if tag)),
        status="draft" if is_draft else "published",
        id=number,
        doubts=() if text else ("the feed has no text of it",),
    )


def _player(url: str, kind: str) -> str:
    """What a post carries along, such as an episode."""
    src = escape(url)
    if kind.startswith("image/"):
        return f'<p><img src="{src}" alt=""></p>'
    if kind.startswith(("audio/", "video/")):
        return f'<{kind[:5]} controls src="{src}"></{kind[:5]}>'
    return f'<p><a href="{src}">{escape(unquote(urlsplit(url).path.rpartition("/")[2]) or url)}</a></p>'


def _text(element: ET.Element | None) -> str:
    """The HTML in a piece of Atom, which may be text, HTML as text, or elements."""
    if element is None:
        return ""
    kind = element.get("type", "text")
    if kind == "xhtml":
        for inner in element.iter():
            inner.tag = inner.tag.removeprefix("xhtml:")
        return "".join(ET.tostring(child, encoding="unicode", method="html") for child in element)
    return content(element) if kind in ("html", "text/html") else escape(content(element))


def _person(author: str) -> str:
    """The name in `desk@example.org (News desk)`, as RSS has it."""
    name, _ = email.utils.parseaddr(author) if "@" in author else (author, "")
    return name or author


def _link(element: ET.Element) -> str:
    links = [link for link in element.findall("atom:link") if link.get("rel", "alternate") == "alternate"]
    pages = [link for link in links if link.get("type", "text/html") == "text/html"]
    return (pages or links)[0].get("href", "") if links else ""
