"""GFM: Python-Markdown reads a body as GitHub does, where its other extensions do not."""

import html
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
from markdown.util import AMP_SUBSTITUTE, INLINE_PLACEHOLDER_RE

from byline.layout import laid_out
from byline.sheet import LOOSE, TIGHT

ESCAPED = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"
"""A backslash before one of these shows the sign itself: https://spec.commonmark.org/0.31.2/#backslash-escapes"""


_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")
_ESCAPED = re.compile("\x02(\\d+)\x03")
_CODE = re.compile(r"(`+)(?!`).*?(?<!`)\1(?!`)")


class GfmExtension(Extension):
    def extendMarkdown(self, md: Markdown) -> None:
        md.preprocessors.register(_Layout(md), "gfm_layout", 28)  # after tabs are spaces, before fences are taken out
        md.inlinePatterns.register(_HardBreak(r"\\\n", md), "gfm_break", 185)  # before the backslash escapes
        md.inlinePatterns.register(_NoEntity(r"\\&(?=#?\w+;)", md), "gfm_no_entity", 184)
        md.parser.blockprocessors.register(_Table(md.parser, {"use_align_attribute": True}), "table", 75)
        md.treeprocessors.register(_References(md), "gfm_references", 27)
        for name, kind, pattern, priority in _LABELLED:
            md.inlinePatterns.register(kind(pattern, md), name, priority)
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


class _References(Treeprocessor):
    """Backslashes in the addresses of reference links."""

    def run(self, root: Element) -> None:  # noqa: ARG002 - references are the converter's
        references = self.md.references
        for label, (address, title) in references.items():
            if "\\" in address:
                references[label] = _ESCAPE.sub(r"\1", address), title


class _Labels:
    """Labels are compared as they are written, though code and escapes have been taken out by then."""

    md: Markdown
    RE_LINK = re.compile(r"\[([^\]]*)\]")  # the library's lets a space stand before the label

    def evalId(self, data: str, index: int, text: str) -> tuple[str | None, int, bool]:
        label, end, handled = super().evalId(data, index, text)  # type: ignore[misc]
        if label and "\x02" in label:
            label = _ESCAPED.sub(lambda sign: f"\\{chr(int(sign[1]))}", INLINE_PLACEHOLDER_RE.sub(self._source, label))
        return label, end, handled

    def _source(self, placeholder: re.Match[str]) -> str:
        taken: Any = self.md.treeprocessors["inline"]
        element = taken.stashed_nodes.get(placeholder[1])
        if isinstance(element, str):
            return element
        is_code = isinstance(element, Element) and element.tag == "code"
        return f"`{html.unescape(element.text or '')}`".lower() if is_code else placeholder[0]


class _Reference(_Labels, inline.ReferenceInlineProcessor):
    pass


class _ImageReference(_Labels, inline.ImageReferenceInlineProcessor):
    pass


class _ShortReference(_Labels, inline.ShortReferenceInlineProcessor):
    pass


class _ShortImageReference(_Labels, inline.ShortImageReferenceInlineProcessor):
    pass


_LABELLED: tuple[tuple[str, type[inline.InlineProcessor], str, int], ...] = (
    ("reference", _Reference, inline.REFERENCE_RE, 170),
    ("image_reference", _ImageReference, inline.IMAGE_REFERENCE_RE, 140),
    ("short_reference", _ShortReference, inline.REFERENCE_RE, 130),
    ("short_image_ref", _ShortImageReference, inline.IMAGE_REFERENCE_RE, 125),
)


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
