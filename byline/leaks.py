"""Leaks: nothing that is printed may name what is not published."""

import re
from collections.abc import Iterable

TEXTS = (".html", ".xml", ".json", ".txt")

# An address stands in an attribute, an XML element or a JSON string; in a feed its quotes are escaped.
_BEFORE = r"""(?:=(?:["']|&quot;|&#34;|\\"|\\u0022)|>|"|\burl=)"""
_AFTER = r"""(?=["'<?#&\\]|$)"""


class LeakCheck:
    """Looks for `urls` of what is withheld in printed files. URLs are paths; `origin` may stand before them."""

    def __init__(self, urls: Iterable[str], origin: str) -> None:
        self._urls = sorted(set(urls))
        self._pattern = None
        if self._urls:
            stems = "|".join(re.escape(url.rstrip("/")) for url in self._urls)
            self._pattern = re.compile(f"{_BEFORE}(?:{re.escape(origin)})?({stems})/?{_AFTER}".encode())

    @property
    def is_needed(self) -> bool:
        return self._pattern is not None

    def found_in(self, path: str, body: bytes) -> str:
        """The first withheld address that `body` leads to, or the empty string."""
        if self._pattern is None or not path.endswith(TEXTS):
            return ""
        found = self._pattern.search(body)
        return found[1].decode() if found else ""
