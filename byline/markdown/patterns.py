"""Patterns: what GitHub's Markdown has and Python-Markdown lacks, as extensions of it."""

import html
import re
import unicodedata
from collections.abc import Iterable
from itertools import zip_longest
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

from byline.markdown import sanitize
from byline.markdown.layout import LOOSE, TIGHT, laid_out

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


MAX_ADDRESS = 4000
"""Characters of an address with its title. The library looks for the end of one in all of the text, again and again."""

_BRACKET = re.compile(r"[\[\]]")
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")
_ESCAPED = re.compile("\x02(\\d+)\x03")


class BracketsExtension(Extension):
    def extendMarkdown(self, md: Markdown) -> None:
        md.treeprocessors.register(_References(md), "brackets_references", 27)  # before the text of links is read
        for name, kind, pattern, priority in _PATTERNS:
            md.inlinePatterns.register(kind(pattern, md), name, priority)


class _References(Treeprocessor):
    """Backslashes in the addresses of reference links."""

    def run(self, root: Element) -> None:  # noqa: ARG002 - references are the converter's
        references = self.md.references
        for label, (address, title) in references.items():
            if "\\" in address:
                references[label] = _ESCAPE.sub(r"\1", address), title


class _Bracketed:
    """The library looks for the end of each bracket anew: 1.3 s where 1,000 stay open in 11,000 characters."""

    _unclosed = ""
    _ends: dict[int, int]

    def getText(self, data: str, index: int) -> tuple[str, int, bool]:
        if data is self._unclosed:
            end = self._ends.get(index)
        else:
            end = _end(data, index)
            if end is None:
                self._unclosed, self._ends = data, _ends(data)
        return ("", index, False) if end is None else (data[index : end - 1], end, True)


def _end(data: str, index: int) -> int | None:
    """Where the bracket that opens before `index` has been closed."""
    depth = 1
    for match in _BRACKET.finditer(data, index):
        depth += 1 if match[0] == "[" else -1
        if not depth:
            return match.end()
    return None


def _ends(data: str) -> dict[int, int]:
    """`_end` of every bracket that is closed."""
    opened: list[int] = []
    ends = {}
    for match in _BRACKET.finditer(data):
        if match[0] == "[":
            opened.append(match.end())
        elif opened:
            ends[opened.pop()] = match.end()
    return ends


class _Addressed(_Bracketed):
    def getLink(self, data: str, index: int) -> Any:
        return super().getLink(data[: index + MAX_ADDRESS], index)  # type: ignore[misc]


class _Labelled(_Bracketed):
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


class _Link(_Addressed, inline.LinkInlineProcessor):
    pass


class _Image(_Addressed, inline.ImageInlineProcessor):
    pass


class _Reference(_Labelled, inline.ReferenceInlineProcessor):
    pass


class _ImageReference(_Labelled, inline.ImageReferenceInlineProcessor):
    pass


class _ShortReference(_Labelled, inline.ShortReferenceInlineProcessor):
    pass


class _ShortImageReference(_Labelled, inline.ShortImageReferenceInlineProcessor):
    pass


_PATTERNS: tuple[tuple[str, type[inline.InlineProcessor], str, int], ...] = (
    ("reference", _Reference, inline.REFERENCE_RE, 170),
    ("link", _Link, inline.LINK_RE, 160),
    ("image_link", _Image, inline.IMAGE_LINK_RE, 150),
    ("image_reference", _ImageReference, inline.IMAGE_REFERENCE_RE, 140),
    ("short_reference", _ShortReference, inline.REFERENCE_RE, 130),
    ("short_image_ref", _ShortImageReference, inline.IMAGE_REFERENCE_RE, 125),
)


HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
WRITTEN = ("href", "src", "alt")
"""Attributes that Markdown has a place of its own for."""

_PART = r"""(?:#[\w.:-]+|\.[\w-]+|[a-z-]+=(?:"[^"]*"|[\w.%-]+))"""
_LIST = rf"\{{:? *({_PART}(?: +{_PART})*) *\}}"
_AT_START = re.compile(_LIST)
_AT_END = re.compile(rf" +{_LIST}$")
_IN_WORDS = {"Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Mc", "Me", "Nd", "Nl", "Pc"}
"""Kinds of characters that GitHub keeps: https://github.com/Flet/github-slugger/blob/main/script/generate-regex.js"""


class AttributesExtension(Extension):
    def extendMarkdown(self, md: Markdown) -> None:
        md.treeprocessors.register(_Attributes(md), "attributes", 18)  # after links are read, before `toc` sets ids


class _Attributes(Treeprocessor):
    def run(self, root: Element) -> None:
        ids = []
        for element in root.iter():
            if element.tag in ("a", "img"):
                _read_tail(element)
            elif element.tag in HEADINGS:
                _read_heading(element)
            if "id" in element.attrib:
                ids.append(element.attrib["id"])
        toc: Any = self.md.treeprocessors["toc"]
        toc.slugify = HeadingIds(ids)


class HeadingIds:
    """Ids of the headings of one text as GitHub forms them; `taken` are those that are not free."""

    def __init__(self, reserved: Iterable[str] = ()) -> None:
        self._met = dict.fromkeys(reserved, 0)

    def __call__(self, title: str, separator: str = "-") -> str:
        first = name = slug(title) or "section"
        while name in self._met:
            self._met[first] += 1
            name = f"{first}{separator}{self._met[first]}"
        self._met[name] = 0
        return name


def slug(title: str) -> str:
    kept = (sign for sign in title.lower() if sign in " -" or unicodedata.category(sign) in _IN_WORDS)
    return "".join(kept).replace(" ", "-")


def _read_tail(element: Element) -> None:
    tail = element.tail or ""
    match = _AT_START.match(tail) if tail.startswith("{") else None
    if match and _give(element, match[1]):
        element.tail = tail[match.end() :]


def _read_heading(heading: Element) -> None:
    text = (heading[-1].tail if len(heading) else heading.text) or ""
    match = _AT_END.search(text) if text.endswith("}") else None
    if match and _give(heading, match[1]):
        if len(heading):
            heading[-1].tail = text[: match.start()]
        else:
            heading.text = text[: match.start()]


def _give(element: Element, written: str) -> bool:
    """Give `element` the attributes, unless one may not stand there: then none."""
    values: dict[str, str] = {}
    for part in re.findall(_PART, written):
        if part[0] == "#":
            values["id"] = part[1:]
        elif part[0] == ".":
            values["class"] = f"{values.get('class', '')} {part[1:]}".lstrip()
        else:
            name, value = part.split("=", 1)
            values[name] = value.strip('"')
    allowed = sanitize.ATTRIBUTES["*"] | sanitize.ATTRIBUTES.get(element.tag, set())
    if not values.keys() <= allowed.difference(WRITTEN):
        return False
    element.attrib.update(values)
    return True


class FiguresExtension(Extension):
    def extendMarkdown(self, md: Markdown) -> None:
        md.treeprocessors.register(_Figures(md), "figures", 16)  # after attributes, which stand behind pictures


class _Figures(Treeprocessor):
    def run(self, root: Element) -> None:
        if root.find(".//img") is None:
            return
        for parent in list(root.iter()):
            if parent.tag != "figure":  # that one is the writer's own
                _make_figures(parent)


def _make_figures(parent: Element) -> None:
    blocks = list(parent)
    for block, following in zip_longest(blocks, blocks[1:]):
        image = _image(block)
        if image is None:
            continue
        caption = _line_below(block)
        if caption is None and len(block) == 1 and not _has_text(block[0].tail):
            caption = _title(image)
            if caption is None and following is not None and _is_italic(following):
                caption = following[0]
                parent.remove(following)
        if caption is not None:
            _make_figure(block, caption)


def _image(block: Element) -> Element | None:
    """The picture that the paragraph `block` begins with, in a link or not."""
    if block.tag != "p" or not len(block) or _has_text(block.text):
        return None
    first = block[0]
    if first.tag == "a" and len(first) == 1 and not _has_text(first.text) and not _has_text(first[0].tail):
        first = first[0]
    return first if first.tag == "img" else None


def _line_below(block: Element) -> Element | None:
    """The last line of `block`, if it is the second one and wholly italic."""
    tags = [child.tag for child in block]
    is_line = tags[1:] == ["br", "em"] or (tags[1:] == ["em"] and "\n" in (block[0].tail or ""))
    return block[-1] if is_line and not any(_has_text(child.tail) for child in block) else None


def _title(image: Element) -> Element | None:
    if not image.get("title"):
        return None
    caption = Element("figcaption")
    caption.text = image.attrib.pop("title")
    return caption


def _is_italic(block: Element) -> bool:
    is_alone = block.tag == "p" and [child.tag for child in block] == ["em"]
    return is_alone and not _has_text(block.text) and not _has_text(block[0].tail)


def _make_figure(block: Element, caption: Element) -> None:
    block.tag, caption.tag = "figure", "figcaption"
    picture = block[0]
    picture.tail = caption.tail = "\n"
    block[:] = [picture, caption]


def _has_text(text: str | None) -> bool:
    return bool(text and text.strip())
