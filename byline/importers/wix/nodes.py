"""Nodes of Rich Content: each kind that Wix's editor makes becomes HTML; of a kind that is not known its words stay.

https://dev.wix.com/docs/ricos/api-reference/ricos-document
"""

import itertools
from collections.abc import Callable, Iterator
from html import escape
from typing import Any, NamedTuple

from byline.importers.text import pieces
from byline.importers.text.remarks import Remarks
from byline.importers.text.values import part, tables
from byline.importers.wix import addresses, decorations

Node = dict[str, Any]
MAX_LEVELS = 100
_WORDS = ("title", "heading", "text", "name", "label", "caption", "description", "subtitle", "buttonText", "altText")
"""Keys of a node that is not known under which readers saw words."""


class Body(NamedTuple):
    """HTML, with a word on all that is not in it any more, or that a person should look at."""

    html: str
    notes: tuple[str, ...]
    doubts: tuple[str, ...]


def body_of(document: Node) -> Body:
    """The HTML of a document."""
    text = Text(document)
    html = text.inside(document)
    return Body(html, text.remarks.notes, text.remarks.doubts)


def children(node: Node) -> list[Node]:
    return tables(node.get("nodes"))


def data_of(node: Node) -> Node:
    """What a node says of itself: `imageData` of an IMAGE."""
    return next((found for key, found in node.items() if key.endswith("Data") and isinstance(found, dict)), {})


def walk(node: Node, level: int = 0) -> Iterator[Node]:
    for child in children(node) if level < MAX_LEVELS else ():
        yield child
        yield from walk(child, level + 1)


def plain(node: Node) -> str:
    """The words of a node and of all in it."""
    found = [node, *walk(node)]
    return "".join(str(data_of(one).get("text") or "") for one in found if one.get("type") == "TEXT")


class Text:
    """One document on its way to HTML."""

    def __init__(self, document: Node) -> None:
        self.remarks = Remarks()
        self.names = {str(one.get("id") or one.get("key") or "") for one in walk(document)} - {""}
        self._level = 0

    def inside(self, node: Node) -> str:
        """The HTML of what is in a node: blocks, or words where it has those."""
        if self._level >= MAX_LEVELS:
            self.remarks.doubt("is nested too deeply: its innermost words stand in a row")
            return escape(plain(node))
        self._level += 1
        parts = []
        for is_words, group in itertools.groupby(children(node), lambda one: one.get("type") == "TEXT"):
            nodes = list(group)
            html = decorations.words(nodes, self.remarks, self.names) if is_words else "".join(map(self.one, nodes))
            parts.append(html)
        self._level -= 1
        return "".join(parts)

    def one(self, node: Node) -> str:
        """The HTML of a node."""
        kind = str(node.get("type") or "")
        data = data_of(node)
        if part(data, "textStyle").get("textAlignment", "AUTO") not in ("AUTO", "LEFT"):
            self.remarks.note("the editor's colours, sizes and alignments are left out")
        writer = _WRITERS.get(kind)
        html = writer(Spot(self, node, data)) if writer else self.unknown(kind, node, data)
        spoiler = part(part(data, "containerData"), "spoiler")
        if html and spoiler.get("enabled", bool(spoiler)):
            said = pieces.paragraph(escape(str(spoiler.get("description") or "")))
            html = said + pieces.details(escape(str(spoiler.get("buttonText") or "Spoiler")), html)
        return html

    def unknown(self, kind: str, node: Node, data: Node) -> str:
        """The words of a node that nobody here knows."""
        self.remarks.doubt(f"nothing here knows the node `{escape(kind, quote=False)}`: its words stay")
        words = list(dict.fromkeys(_said(data)))
        return "".join(pieces.paragraph(escape(one)) for one in words) + self.inside(node)

    def name(self, node: Node) -> str:
        """By which links of the same text know it."""
        return str(node.get("id") or node.get("key") or "")


class Spot(NamedTuple):
    """A node, what it says of itself, and the text that it is in."""

    text: Text
    node: Node
    data: Node

    def words(self, key: str) -> str:
        """Some of what it says of itself, as text."""
        found = self.data.get(key)
        return str(found) if isinstance(found, str | int | float) else ""

    def part(self, key: str) -> Node:
        """Some of what it says of itself, as a table."""
        return part(self.data, key)


def _said(found: Any, level: int = 0) -> Iterator[str]:
    if isinstance(found, dict) and level < 10:
        for key in (*_WORDS, *(key for key in found if key not in _WORDS)):
            if isinstance(found.get(key), str) and key in _WORDS and found[key].strip():
                yield found[key]
            elif isinstance(found.get(key), dict | list):
                yield from _said(found[key], level + 1)
    elif isinstance(found, list) and level < 10:
        for one in found:
            yield from _said(one, level + 1)


def _paragraph(at: Spot) -> str:
    inner = at.text.inside(at.node)
    return pieces.element("p", inner, id=at.text.name(at.node)) if inner.strip() else ""


def _heading(at: Spot) -> str:
    level = at.data.get("level")
    inner = at.text.inside(at.node)
    number = level if isinstance(level, int) and 1 <= level <= 6 else 2
    return pieces.element(f"h{number}", inner, id=at.text.name(at.node)) if inner.strip() else ""


def _list(at: Spot) -> str:
    name = "ol" if at.node.get("type") == "ORDERED_LIST" else "ul"
    start = at.data.get("start")
    return pieces.element(
        name, at.text.inside(at.node), start=str(start) if isinstance(start, int) and start > 1 else ""
    )


def _list_item(at: Spot) -> str:
    box = pieces.element("input", type="checkbox", checked=bool(at.data["checked"])) if "checked" in at.data else ""
    return pieces.element("li", box + "".join(_unwrapped(at.text, at.node)))


def _unwrapped(text: Text, node: Node) -> Iterator[str]:
    """What is in a node, without a paragraph around its first words."""
    inner = children(node)
    for at, child in enumerate(inner):
        is_first = at == 0 and child.get("type") == "PARAGRAPH"
        is_last = len(inner) < 2 or inner[1].get("type") != "PARAGRAPH"
        yield text.inside(child) if is_first and is_last else text.inside({"nodes": [child]})


def _quote(at: Spot) -> str:
    return pieces.element("blockquote", at.text.inside(at.node), id=at.text.name(at.node))


def _code(at: Spot) -> str:
    return pieces.listing(plain(at.node), at.words("language").lower())


def _table(at: Spot) -> str:
    rows = [one for one in children(at.node) if one.get("type") == "TABLE_ROW"]
    has_head = bool(at.data.get("rowHeader") or at.data.get("header"))
    written = []
    for number, row in enumerate(rows):
        cells = []
        for place, cell in enumerate(children(row)):
            is_head = (number == 0 and has_head) or (place == 0 and bool(at.data.get("columnHeader")))
            own = data_of(cell)
            spans = {key: str(own[key]) for key in ("colspan", "rowspan") if isinstance(own.get(key), int)}
            cells.append(pieces.element("th" if is_head else "td", "".join(_unwrapped(at.text, cell)), **spans))
        written.append(f"<tr>{''.join(cells)}</tr>")
    head, rest = (written[:1], written[1:]) if has_head else ([], written)
    return f"<table>{f'<thead>{head[0]}</thead>' if head else ''}<tbody>{''.join(rest)}</tbody></table>"


def _collapsible(at: Spot) -> str:
    opened = at.data.get("initialExpandedItems")
    written = []
    for number, item in enumerate(children(at.node)):
        parts = {str(one.get("type")): one for one in children(item)}
        title, inner = parts.get("COLLAPSIBLE_ITEM_TITLE"), parts.get("COLLAPSIBLE_ITEM_BODY")
        summary = "<br>".join(filter(None, (at.text.inside(one) for one in children(title or {}))))
        is_open = opened == "ALL" or (opened == "FIRST" and number == 0)
        written.append(pieces.details(summary, at.text.inside(inner or {}), is_open=is_open))
    return "".join(written)


def _caption(at: Spot) -> str:
    """The caption that stands in the data of a node or in it."""
    inner = [one for one in children(at.node) if one.get("type") == "CAPTION"]
    found = "<br>".join(at.text.inside(one) for one in inner)
    return found or escape(at.words("caption"))


def _image(at: Spot) -> str:
    src = addresses.source(at.data.get("image"), "image")
    picture = pieces.image(src, at.words("altText"), addresses.link(at.data.get("link")))
    return pieces.figure(picture, _caption(at))


def _gallery(at: Spot) -> str:
    return "".join(_gallery_item(one) for one in tables(at.data.get("items")))


def _gallery_item(item: Node) -> str:
    """A picture or a film, as the editor writes it today or wrote it before."""
    meta, image, video = part(item, "metadata"), part(item, "image"), part(item, "video")
    title = str(item.get("title") or meta.get("title") or "")
    alt = str(item.get("altText") or meta.get("altText") or "")
    if video or meta.get("type") == "video":
        thumbnail = addresses.source(video.get("thumbnail"), "image")
        media = _player("video", addresses.source(video.get("media") or item.get("url"), "video"), thumbnail)
    else:
        src = addresses.source(image.get("media") or item.get("url"), "image")
        media = pieces.image(src, alt or title, addresses.link(image.get("link") or meta.get("link")))
    return pieces.figure(media, escape(title))


def _player(name: str, src: str, poster: str = "") -> str:
    return pieces.element(name, src=src, poster=poster, controls=True) if src else ""


def _video(at: Spot) -> str:
    src = addresses.source(at.data.get("video"), "video")
    words, caption = at.words("title"), _caption(at)
    if "wixstatic.com/" in src or src.lower().endswith((".mp4", ".webm", ".mov", ".m4v", ".ogv")):
        poster = addresses.source(at.data.get("thumbnail"), "image")
        return pieces.figure(_player("video", src, poster), caption or escape(words))
    if src:
        at.text.remarks.doubt(f"shows {src} where a player was")
    return (pieces.paragraph(pieces.linked(src, words)) if words else pieces.address(src)) + pieces.paragraph(caption)


def _audio(at: Spot) -> str:
    src = addresses.source(at.data.get("audio"), "audio")
    words = [str(at.data.get(key) or "") for key in ("name", "authorName")]
    caption = _caption(at) or escape(" · ".join(one for one in words if one))
    embed = at.data.get("html")
    return str(embed) if embed and not src else pieces.figure(_player("audio", src), caption)


def _file(at: Spot) -> str:
    return pieces.paragraph(pieces.linked(addresses.source(at.data.get("src"), "document"), at.words("name")))


def _gif(at: Spot) -> str:
    found = at.part("gif") or at.part("original")
    src = str(found.get("originalUrl") or found.get("gif") or found.get("downsizedUrl") or "")
    return pieces.figure(pieces.image(src, at.words("altText")), _caption(at))


def _html(at: Spot) -> str:
    typed, url = at.words("html"), at.words("url")
    return f"<div>{typed}</div>" if typed else pieces.element("iframe", src=url) if url else ""


def _embed(at: Spot) -> str:
    """A piece of another site: its words if it has any, else its address."""
    src = at.words("src")
    html = str(at.part("oembed").get("html") or "")
    return (f"<div>{html}</div>" if html else pieces.address(src)) + _caption(at)


def _link_preview(at: Spot) -> str:
    if at.data.get("thumbnailUrl"):
        at.text.remarks.note("the pictures of link previews are left out")
    url, title = addresses.link(at.data.get("link")), at.words("title")
    return pieces.card(url, title, at.words("description"))


def _button(at: Spot) -> str:
    words, url = at.words("text"), addresses.link(at.data.get("link"))
    if not url:
        at.text.remarks.doubt(f"the button {words!r} did something, and is words now")
    return pieces.paragraph(pieces.linked(url, words))


def _poll(at: Spot) -> str:
    poll = at.part("poll")
    at.text.remarks.doubt("a poll is a list now, without its votes")
    options = [str(one.get("title") or "") for one in tables(poll.get("options"))]
    return pieces.paragraph(escape(str(poll.get("title") or ""))) + pieces.items(map(escape, options))


def _map(at: Spot) -> str:
    place = at.part("mapSettings")
    lat, lng = place.get("lat"), place.get("lng")
    words = str(place.get("address") or place.get("locationName") or "")
    at.text.remarks.doubt("a map is a link now")
    is_known = isinstance(lat, int | float) and isinstance(lng, int | float)
    url = f"https://www.openstreetmap.org/?mlat={lat}&mlon={lng}#map=16/{lat}/{lng}" if is_known else ""
    return pieces.paragraph(pieces.linked(url, words))


def _app(at: Spot) -> str:
    """What another part of the old site has: a product, an event, a service."""
    kind = str(at.data.get("type") or "app").lower()
    at.text.remarks.doubt(f"the {kind} of a Wix app is a picture and a link now")
    src = addresses.source(at.data.get("image") or at.data.get("imageSrc"), "image")
    event, booking = at.part("eventData"), at.part("bookingData")
    lines = [event.get("scheduling"), event.get("location"), booking.get("durations"), at.data.get("price")]
    card = pieces.card(at.words("url"), at.words("name"), *(str(one) for one in lines if one))
    return (pieces.figure(pieces.image(src, at.words("name"))) if src else "") + card


def _boxes(at: Spot) -> str:
    at.text.remarks.note("columns stand one below the other")
    return at.text.inside(at.node)


def _contents(at: Spot) -> str:
    at.text.remarks.note("its table of contents is left out: Byline makes one")
    return ""


_WRITERS: dict[str, Callable[[Spot], str]] = {
    "PARAGRAPH": _paragraph,
    "HEADING": _heading,
    **dict.fromkeys(("BULLETED_LIST", "BULLET_LIST", "ORDERED_LIST", "CHECKBOX_LIST", "UNORDERED_LIST"), _list),
    "LIST_ITEM": _list_item,
    "BLOCKQUOTE": _quote,
    "CODE_BLOCK": _code,
    "TABLE": _table,
    "COLLAPSIBLE_LIST": _collapsible,
    "IMAGE": _image,
    "SHAPE": _image,
    "GALLERY": _gallery,
    "VIDEO": _video,
    "AUDIO": _audio,
    "FILE": _file,
    "GIF": _gif,
    "GIPHY": _gif,
    "HTML": _html,
    "EMBED": _embed,
    "LINK_PREVIEW": _link_preview,
    "BUTTON": _button,
    "POLL": _poll,
    "MAP": _map,
    **dict.fromkeys(("APP_EMBED", "VERTICAL_EMBED"), _app),
    **dict.fromkeys(("LAYOUT", "CARD", "SMART_BLOCK"), _boxes),
    **dict.fromkeys(("LAYOUT_CELL", "SMART_BLOCK_CELL", "CARD_CELL"), lambda at: at.text.inside(at.node)),
    "DIVIDER": lambda _: "<hr>",
    "CAPTION": lambda _: "",  # its node writes it
    "TOC": _contents,
}
