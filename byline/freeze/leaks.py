"""Leaks: nothing that is printed may link to what is not published."""

import html
import re
from collections.abc import Iterable, Iterator

from byline.urls import site_path

TEXTS = (".html", ".xml", ".json", ".txt")

# An address is in an attribute, an XML element or a JSON string; in a feed its quotes are escaped.
_BEFORE = rb"""(?:["'>]|&quot;|&#34;|&#39;|\\u0022|\\u0027|\burl=)"""
_ADDRESS = re.compile(
    _BEFORE + rb"""[ \t\r\n]*((?:\.{0,2}/|https?:)(?:(?!&quot;|&#34;|&#39;)[^"'<>{}\\`])*)""", re.IGNORECASE
)
_IN_SET = re.compile(r"[ \t\r\n]+[\d.]+[wx](?:,|$)")
"""What follows an address in `srcset`."""


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
        if not self._urls or not path.endswith(TEXTS):
            return ""
        here = f"/{path.removesuffix('index.html')}"
        paths = (site_path(address, self._origin, here) for address in _addresses(body))
        return next((self._urls[target] for target in paths if target in self._urls), "")


def _addresses(body: bytes) -> Iterator[str]:
    for address in set(_ADDRESS.findall(body)):
        text = html.unescape(address.decode(errors="replace")).strip()
        yield from (part.strip() for part in _IN_SET.split(text) if not re.search(r"\s", part.strip()))
