"""Leaks: nothing that is printed may link to what is not published. Words are no links, whatever they name."""

import html
import json
import re
from collections.abc import Iterable, Iterator
from typing import Any
from xml.etree import ElementTree

from byline.content.twins import links_in
from byline.urls import site_path

# As browsers find the end of a tag and of a value. A comment's tags count too: the address would be in the file.
_TAG = re.compile(r"""<([A-Za-z][^\s/>]*)((?:"[^"]*"|'[^']*'|[^'">])*)>""")
_ATTRIBUTE = re.compile(r"""([^\s"'<>/=]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""")
_DATA = re.compile(r"<script\b[^>]*\bjson\b[^>]*>(.*?)</script>", re.IGNORECASE | re.DOTALL)
_WORDS = frozenset(
    "alt aria-description aria-label class content_text description headline id keywords label name placeholder"
    " summary term title value".split()
)
"""Attributes of HTML and XML, and keys of JSON, that hold words or names."""
_ADDRESSES = frozenset(
    "action background cite codebase data formaction href imagesrcset longdesc manifest ping poster src srcset".split()
)
"""Attributes that hold an address, which may be as short as `next/`."""
_IS_ADDRESS = re.compile(r"\s*(?:\.{0,2}[/\\]|https?:)", re.IGNORECASE)
"""What looks like one, wherever it is: `data-page="/next/"`, but not `loading="lazy"`."""
_META_WORDS = re.compile(r"(?:^|[:_.])(?:alt|author|description|keywords|site_name|title)$")
"""What a `<meta>` is called whose content is words."""
_LINKED = ("guid", "link", "loc", "uri", "url")
"""Elements of XML whose text is an address."""
_INSIDE = re.compile(r"""\burl\s*[=(]\s*["']?([^"')]*)""", re.IGNORECASE)
"""An address in the value of a refresh or in a style."""
_IN_SET = re.compile(r"[ \t\r\n]+[\d.]+[wx](?:,|$)|[ \t\r\n]+")
"""What follows an address in `srcset`, and what is between those of `ping`."""


class LeakCheck:
    """Looks in printed files for `urls` of what is withheld. URLs are paths; `origin` may come before them."""

    def __init__(self, urls: Iterable[str], origin: str) -> None:
        self._origin = origin
        self._urls = {site_path(url, origin): url for url in sorted(set(urls), reverse=True)}

    @property
    def is_needed(self) -> bool:
        return bool(self._urls)

    def found_in(self, path: str, body: bytes) -> str:
        """The first withheld URL that `body`, printed at `path`, leads to, or the empty string."""
        addresses_in = next((reader for ending, reader in _READERS.items() if path.endswith(ending)), None)
        if not self._urls or addresses_in is None:
            return ""
        here = f"/{path.removesuffix('index.html')}"
        addresses = set(addresses_in(body.decode(errors="replace")))
        paths = (site_path(address, self._origin, here) for address in sorted(addresses))
        return next((self._urls[target] for target in paths if target in self._urls), "")


def _in_html(text: str) -> Iterator[str]:
    for tag in _TAG.finditer(text):
        if "=" in tag[2]:
            values = {name.lower(): html.unescape(a or b or c) for name, a, b, c in _ATTRIBUTE.findall(tag[2])}
            yield from _in_attributes(values)
    for data in _DATA.findall(text):
        yield from _in_json(data)


def _in_attributes(values: dict[str, str]) -> Iterator[str]:
    called = values.get("property") or values.get("name") or values.get("itemprop") or ""
    for name, value in values.items():
        if name in _WORDS or (name == "content" and _META_WORDS.search(called.lower())):
            continue
        parts = [value, *_INSIDE.findall(value), *(_IN_SET.split(value) if " " in value else ())]
        yield from (part for part in parts if name in _ADDRESSES or _IS_ADDRESS.match(part))


def _in_xml(text: str) -> Iterator[str]:
    try:
        elements = list(ElementTree.fromstring(text).iter())  # noqa: S314 - our own feeds, or the owner's files
    except ElementTree.ParseError:
        yield from _in_html(text)
        return
    for element in elements:
        words = element.text or ""
        if element.tag.rpartition("}")[2] in _LINKED:
            yield words
        elif "<" in words:
            yield from _in_html(words)
        yield from _in_attributes({name.rpartition("}")[2]: value for name, value in element.attrib.items()})


def _in_json(text: str) -> Iterator[str]:
    try:
        yield from _in_value("", json.loads(text))
    except (ValueError, RecursionError):
        yield from _in_html(text)


def _in_value(key: str, value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for name, item in value.items():
            yield from _in_value(name, item)
    elif isinstance(value, list):
        for item in value:
            yield from _in_value(key, item)
    elif isinstance(value, str) and "<" in value:
        yield from _in_html(value)
    elif isinstance(value, str) and key not in _WORDS and _IS_ADDRESS.match(value):
        yield value


def _in_markdown(text: str) -> Iterator[str]:
    yield from (address for address in links_in(text) if _IS_ADDRESS.match(address))


_READERS = {
    ".md": _in_markdown,
    ".html": _in_html,
    ".htm": _in_html,
    ".svg": _in_html,
    ".xml": _in_xml,
    ".json": _in_json,
}
