"""Decorations: what Rich Content says of words. Meaning stays; colours and sizes are the old design's."""

import itertools
from collections.abc import Collection
from html import escape
from typing import Any

from byline.importers.text import pieces
from byline.importers.text.remarks import Remarks
from byline.importers.text.values import part, tables
from byline.importers.wix import addresses

FORMATS = {
    "BOLD": ("strong", "fontWeightValue"),
    "ITALIC": ("em", "italicData"),
    "UNDERLINE": ("u", "underlineData"),
    "STRIKETHROUGH": ("s", "strikethroughData"),
    "SUPERSCRIPT": ("sup", "superscriptData"),
    "SUBSCRIPT": ("sub", "subscriptData"),
}
"""Each with the key that may take it back."""
_PLAIN = ("MENTION", "EXTERNAL")
_COLOURLESS = ("", "transparent", "unset", "inherit", "initial", "none", "#ffffff", "#fff", "white")


def words(nodes: list[dict[str, Any]], remarks: Remarks, names: Collection[str]) -> str:
    """The HTML of neighbouring TEXT nodes; `names` are the blocks of the document, to which links may lead."""
    return "".join(
        pieces.element("a", inner, href=href) if href else inner
        for href, group in itertools.groupby(nodes, lambda node: _href(node, remarks, names))
        for inner in ["".join(_formatted(node, remarks, is_link=bool(href)) for node in group)]
    )


def _decorations(node: dict[str, Any]) -> list[dict[str, Any]]:
    return tables(part(node, "textData").get("decorations"))


def _href(node: dict[str, Any], remarks: Remarks, names: Collection[str]) -> str:
    for one in _decorations(node):
        if one.get("type") == "LINK":
            href = addresses.link(one.get("linkData"))
        elif one.get("type") == "ANCHOR":
            href = f"#{part(one, 'anchorData').get('anchor') or ''}"
        else:
            continue
        if href.startswith("#") and href[1:] not in names:
            remarks.doubt(f"a link leads to {href}, which is not in the text: its words stay")
            return ""
        return href
    return ""


def _formatted(node: dict[str, Any], remarks: Remarks, *, is_link: bool) -> str:
    """The words of a node with their formats; those of a link are underlined anyway."""
    text = str(part(node, "textData").get("text") or "")
    html = escape(text, quote=False).replace("\n", "<br>")
    if not text.strip():
        return html
    for one in reversed(_decorations(node)):
        kind = str(one.get("type") or "")
        if kind in FORMATS:
            name, key = FORMATS[kind]
            html = f"<{name}>{html}</{name}>" if _is_meant(one, key) and not (is_link and name == "u") else html
        elif kind == "COLOR" and _is_marked(one):
            html = f"<mark>{html}</mark>"
        elif kind == "SPOILER":
            remarks.doubt("words that were hidden until a reader wished to see them are open now")
        elif kind in ("COLOR", "FONT_SIZE", "FONT_FAMILY"):
            remarks.note("the editor's colours, sizes and alignments are left out")
        elif kind not in ("LINK", "ANCHOR", *_PLAIN):
            remarks.doubt(f"nothing here knows the decoration `{escape(kind, quote=False)}`: its words stay")
    return html


def _is_meant(decoration: dict[str, Any], key: str) -> bool:
    value = decoration.get(key)
    return value >= 600 if isinstance(value, int) and not isinstance(value, bool) else value is not False


def _is_marked(decoration: dict[str, Any]) -> bool:
    return str(part(decoration, "colorData").get("background") or "").lower() not in _COLOURLESS
