"""GFM: Python-Markdown reads a body as GitHub does, where its other extensions do not."""

import re
from typing import Any
from xml.etree.ElementTree import Element

import markdown.inlinepatterns as inline
from markdown import Markdown
from markdown.extensions import Extension
from markdown.extensions.tables import TableProcessor
from markdown.postprocessors import Postprocessor
from markdown.preprocessors import Preprocessor
from markdown.treeprocessors import Treeprocessor
from markdown.util import AMP_SUBSTITUTE

from byline.layout import laid_out
from byline.lines import LOOSE, TIGHT

ESCAPED = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"
"""A backslash before one of these shows the sign itself: https://spec.commonmark.org/0.31.2/#backslash-escapes"""

_CODE = re.compile(r"(`+)(?!`).*?(?<!`)\1(?!`)")


class GfmExtension(Extension):
    def extendMarkdown(self, md: Markdown) -> None:
        md.preprocessors.register(_Layout(md), "gfm_layout", 28)  # after tabs are spaces, before fences are taken out
        md.inlinePatterns.register(_HardBreak(r"\\\n", md), "gfm_break", 185)  # before the backslash escapes
        md.inlinePatterns.register(_NoEntity(r"\\&(?=#?\w+;)", md), "gfm_no_entity", 184)
        md.parser.blockprocessors.register(_Table(md.parser, {"use_align_attribute": True}), "table", 75)
        md.treeprocessors.register(_Tightness(md), "gfm_tightness", 26)  # before the text of items is read
        md.postprocessors.register(_Unmarked(md), "gfm_unmarked", 0)
        md.ESCAPED_CHARS += [sign for sign in ESCAPED if sign not in md.ESCAPED_CHARS]


class _Layout(Preprocessor):
    def run(self, lines: list[str]) -> list[str]:
        while lines and not lines[-1].strip():
            lines.pop()
        return [*laid_out(lines), "", ""]  # the library wants the end to be empty


class _HardBreak(inline.InlineProcessor):
    def handleMatch(self, m: re.Match[str], data: str) -> tuple[Element, int, int]:  # type: ignore[override]  # noqa: ARG002
        return Element("br"), m.start(0), m.end(0)


class _NoEntity(inline.InlineProcessor):
    """`\\&copy;` shows its name: the library would put the escaped sign back, and make an entity of it again."""

    def handleMatch(self, m: re.Match[str], data: str) -> tuple[str, int, int]:  # type: ignore[override]  # noqa: ARG002
        return f"{AMP_SUBSTITUTE}amp;", m.start(0), m.end(0)


class _Table(TableProcessor):
    """`\\|` in code in a cell is the `|` that it could not be otherwise."""

    def _split(self, row: str) -> list[str]:
        return [_CODE.sub(lambda code: code[0].replace("\\|", "|"), cell) for cell in super()._split(row)]  # type: ignore[misc]


class _Tightness(Treeprocessor):
    """Space between the items of a list as `layout` found it to be meant."""

    def run(self, root: Element) -> None:
        for item in root.iter("li"):
            mark = _first_text(item)
            if TIGHT in mark:
                _tighten(item)
            elif LOOSE in mark:
                _loosen(item)
        for element in root.iter():
            element.text = _unmarked(element.text)
            element.tail = _unmarked(element.tail)


class _Unmarked(Postprocessor):
    """What was stashed as it stood, such as code, may hold a mark still."""

    def run(self, text: str) -> str:
        return text.replace(TIGHT, "").replace(LOOSE, "")


def _first_text(item: Element) -> str:
    if (item.text or "").strip() or not len(item) or item[0].tag in ("ul", "ol"):
        return item.text or ""
    return "".join(item[0].itertext())


def _unmarked(text: Any) -> Any:
    return text.replace(TIGHT, "").replace(LOOSE, "") if text and "\x02l" in text else text


def _tighten(item: Element) -> None:
    """The text of the item's paragraphs stands in the item itself."""
    before: Element | None = None
    for child in list(item):
        if child.tag != "p" or child.attrib or len(child):
            before = child
            continue
        if before is None:
            item.text = f"{(item.text or '').strip()}\n{child.text or ''}".strip("\n")
        else:
            before.tail = f"{before.tail or ''}\n{child.text or ''}"
        item.remove(child)


def _loosen(item: Element) -> None:
    if len(item) and item[0].tag == "p" and item[0].text == LOOSE and not len(item[0]):
        item.remove(item[0])  # of an item that starts with code or a quote
    if (item.text or "").replace(LOOSE, "").strip():
        paragraph = Element("p")
        paragraph.text, item.text = item.text, ""
        item.insert(0, paragraph)
