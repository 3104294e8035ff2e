"""Mobiledoc: the form in which Ghost kept texts from 2017 to 2023.

https://github.com/bustle/mobiledoc-kit/blob/master/MOBILEDOC.md
"""

from collections.abc import Iterator
from html import escape
from typing import Any

from byline.importers.ghost import cards
from byline.importers.ghost.lexical import Unknown
from byline.importers.text import pieces
from byline.importers.text.remarks import Remarks

_MARKUP, _IMAGE, _LIST, _CARD = 1, 2, 3, 10
_TAGS = frozenset("p h1 h2 h3 h4 h5 h6 blockquote aside ul ol pull-quote".split())
_FORMATS = frozenset("a b strong i em u s sub sup code mark del strike".split())


def html_of(document: dict[str, Any], remarks: Remarks, *, is_strict: bool) -> str:
    """The HTML of a document. With `is_strict`, raises Unknown for a card that is not known; else it is left out."""
    text = _Text(document, remarks, is_strict=is_strict)
    try:
        return "".join(text.section(section) for section in document.get("sections") or ())
    except (IndexError, TypeError, ValueError, AttributeError):
        raise Unknown("a piece of its Mobiledoc") from None


class _Text:
    def __init__(self, document: dict[str, Any], remarks: Remarks, *, is_strict: bool) -> None:
        self._markups = document.get("markups") or []
        self._atoms = document.get("atoms") or []
        self._cards = document.get("cards") or []
        self._remarks = remarks
        self._is_strict = is_strict

    def section(self, section: list[Any]) -> str:
        kind = section[0]
        if kind == _MARKUP:
            tag = str(section[1]).lower()
            inner = self._words(section[2])
            name = "blockquote" if tag in ("aside", "pull-quote") else tag if tag in _TAGS else "p"
            return pieces.element(name, inner) if inner.strip() else ""
        if kind == _LIST:
            items = "".join(f"<li>{self._words(item)}</li>" for item in section[2])
            return pieces.element("ol" if section[1] == "ol" else "ul", items)
        if kind == _IMAGE:
            return pieces.figure(pieces.image(str(section[1])))
        if kind == _CARD:
            return self._card(*self._cards[section[1]])
        raise Unknown(f"a section of kind {kind!r}")

    def _card(self, name: str, data: dict[str, Any]) -> str:
        html = cards.written(name, data, self._remarks)
        if html is None:
            if self._is_strict:
                raise Unknown(f"the card `{name}`")
            self._remarks.doubt(f"nothing here knows the card `{escape(name, quote=False)}`: it is left out")
        return html or ""

    def _words(self, markers: list[Any]) -> str:
        return "".join(self._marked(markers))

    def _marked(self, markers: list[Any]) -> Iterator[str]:
        opened: list[str] = []
        for kind, opens, closes, value in markers:
            for number in opens:
                name, attributes = self._markup(number)
                opened.append(name)
                yield f"<{name}{attributes}>"
            yield self._atom(value) if kind == 1 else escape(str(value), quote=False)
            for _ in range(closes):
                yield f"</{opened.pop()}>"
        yield from (f"</{name}>" for name in reversed(opened))

    def _markup(self, number: int) -> tuple[str, str]:
        name, *rest = self._markups[number]
        pairs = rest[0] if rest else []
        given = dict(zip(pairs[::2], pairs[1::2], strict=False))
        href = str(given.get("href") or "")
        if name not in _FORMATS or (name == "a" and cards.is_portal(href)):
            return "span", ""
        return name, f' href="{escape(href)}"' if name == "a" else ""

    def _atom(self, number: int) -> str:
        name, text, *_ = self._atoms[number]
        return "<br>" if name == "soft-return" else escape(str(text or ""), quote=False)
