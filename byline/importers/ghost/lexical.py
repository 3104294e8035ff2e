"""Lexical: the tree in which Ghost keeps texts since 2023. Nodes that are not words are cards."""

import re
from collections.abc import Callable
from html import escape, unescape
from typing import Any

from byline.importers.ghost import cards
from byline.importers.text import pieces
from byline.importers.text.remarks import Remarks
from byline.importers.text.values import tables
from byline.markdown.ids import slug

Node = dict[str, Any]
MAX_LEVELS = 100
FORMATS = ((16, "code"), (32, "sub"), (64, "sup"), (128, "mark"), (8, "u"), (4, "s"), (2, "em"), (1, "strong"))
"""Bits of a text's format, the innermost first: https://github.com/facebook/lexical/blob/main/packages/lexical/src/LexicalConstants.ts"""
_WORDS = ("text", "extended-text", "tk", "code-highlight", "hashtag")
_INLINE = (*_WORDS, "link", "autolink", "at-link", "linebreak", "tab")


class Unknown(Exception):
    """A node that nothing here knows."""


def html_of(root: Node, remarks: Remarks, *, is_strict: bool) -> str:
    """The HTML of a tree. With `is_strict`, raises Unknown for a node that is not known; else its words stay."""
    return _Text(remarks, is_strict=is_strict).inside(root)


class _Text:
    def __init__(self, remarks: Remarks, *, is_strict: bool) -> None:
        self.remarks = remarks
        self._is_strict = is_strict
        self._level = 0

    def inside(self, node: Node) -> str:
        if self._level >= MAX_LEVELS:
            raise Unknown("a text that is nested too deeply")
        self._level += 1
        html = "".join(map(self.one, tables(node.get("children"))))
        self._level -= 1
        return html

    def one(self, node: Node) -> str:
        kind = str(node.get("type") or "")
        if kind in _WORDS:
            return _words(node)
        writer = _WRITERS.get(kind)
        html = writer(self, node) if writer else cards.written(kind, node, self.remarks)
        if html is not None:
            return html
        if self._is_strict:
            raise Unknown(f"the card `{kind}`")
        self.remarks.doubt(f"nothing here knows the card `{escape(kind, quote=False)}`: its words stay")
        texts = (node.get(key) for key in ("heading", "title", "text", "html", "caption"))
        return "".join(pieces.paragraph(one) for one in texts if isinstance(one, str)) + self.inside(node)


def _words(node: Node) -> str:
    text = str(node.get("text") or "")
    html = escape(text, quote=False)
    bits = node.get("format")
    if text.strip() and isinstance(bits, int):
        for bit, name in FORMATS:
            html = f"<{name}>{html}</{name}>" if bits & bit else html
    return html


def _block(name: str) -> Callable[[_Text, Node], str]:
    def write(text: _Text, node: Node) -> str:
        inner = text.inside(node)
        return f"<{name}>{inner}</{name}>" if inner.strip() else ""

    return write


def _heading(text: _Text, node: Node) -> str:
    tag = str(node.get("tag") or "h2")
    inner = text.inside(node)
    title = unescape(re.sub(r"<[^>]+>", "", inner))
    name = re.sub(r"[^\w-]+", "-", title.lower()).strip("-")
    is_ours = name == slug(title)
    tag = tag if re.fullmatch("h[1-6]", tag) else "h2"
    return pieces.element(tag, inner, id="" if is_ours else name) if inner.strip() else ""


def _link(text: _Text, node: Node) -> str:
    inner, url = text.inside(node), str(node.get("url") or "")
    if cards.is_portal(url):
        text.remarks.note("links to Ghost's window for signing up are words now")
        return inner
    return pieces.element("a", inner, href=url, title=str(node.get("title") or ""))


def _list(text: _Text, node: Node) -> str:
    """Lexical puts a list within a list into an item of its own; it belongs to the item above."""
    items: list[str] = []
    for item in tables(node.get("children")):
        inner = text.inside(item)
        kinds = {str(child.get("type")) for child in tables(item.get("children"))}
        if kinds == {"list"} and items:
            items[-1] += inner
        elif "checked" in item or node.get("listType") == "check":
            items.append(pieces.element("input", type="checkbox", checked=item.get("checked") is True) + inner)
        else:
            items.append(inner)
    start = node.get("start")
    is_numbered = node.get("tag") == "ol" or node.get("listType") == "number"
    begin = str(start) if is_numbered and isinstance(start, int) and start != 1 else ""
    return pieces.element("ol" if is_numbered else "ul", "".join(f"<li>{item}</li>" for item in items), start=begin)


_WRITERS: dict[str, Callable[[_Text, Node], str]] = {
    "paragraph": _block("p"),
    **dict.fromkeys(("heading", "extended-heading"), _heading),
    **dict.fromkeys(("quote", "extended-quote", "aside"), _block("blockquote")),
    "list": _list,
    **dict.fromkeys(("link", "autolink", "at-link"), _link),
    "linebreak": lambda text, node: "<br>",  # noqa: ARG005
    "tab": lambda text, node: " ",  # noqa: ARG005
}
