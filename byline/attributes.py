"""Attributes: `{#id .class key=value}` at the end of a heading and right after a picture or a link, and headings' ids.

Nowhere else, and only where all of it is of that form and may stand there: other text in braces is text.
"""

import re
import unicodedata
from collections.abc import Iterable
from typing import Any
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.extensions import Extension
from markdown.treeprocessors import Treeprocessor

from byline import allowlist

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

    def __init__(self, taken: Iterable[str] = ()) -> None:
        self._met = dict.fromkeys(taken, 0)

    def __call__(self, title: str, separator: str = "-") -> str:
        first = found = slug(title) or "section"
        while found in self._met:
            self._met[first] += 1
            found = f"{first}{separator}{self._met[first]}"
        self._met[found] = 0
        return found


def slug(title: str) -> str:
    kept = (sign for sign in title.lower() if sign in " -" or unicodedata.category(sign) in _IN_WORDS)
    return "".join(kept).replace(" ", "-")


def _read_tail(element: Element) -> None:
    tail = element.tail or ""
    found = _AT_START.match(tail) if tail.startswith("{") else None
    if found and _give(element, found[1]):
        element.tail = tail[found.end() :]


def _read_heading(heading: Element) -> None:
    text = (heading[-1].tail if len(heading) else heading.text) or ""
    found = _AT_END.search(text) if text.endswith("}") else None
    if found and _give(heading, found[1]):
        if len(heading):
            heading[-1].tail = text[: found.start()]
        else:
            heading.text = text[: found.start()]


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
    allowed = allowlist.ATTRIBUTES["*"] | allowlist.ATTRIBUTES.get(element.tag, set())
    if not values.keys() <= allowed.difference(WRITTEN):
        return False
    element.attrib.update(values)
    return True
