"""Old addresses: what an address in a text of the old site leads to, in whichever of its spellings."""

import posixpath
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from urllib.parse import parse_qsl, unquote, urljoin, urlsplit

from byline.importers.export import Export, Item
from byline.urls import same_host

_ID_QUERIES = ("p", "page_id", "attachment_id", "cat", "tag", "author", "m")


class OldSite:
    """The site that an export comes from: its hosts, and the items at its addresses."""

    def __init__(self, export: Export, url: str) -> None:
        given = [one for one in (url, export.url) if one]
        self.url = _with_scheme(given[0]) if given else ""
        hosts = {_host(_with_scheme(one)) for one in given}
        found = Counter(_host(item.address) for item in export.items if "://" in item.address)
        # A copy for tests exports its own address, and texts that name the real one.
        hosts |= {host for host, count in found.items() if count * 2 > found.total()}
        self.hosts = frozenset(host.removeprefix("www.") for host in hosts if host)
        self.base = urlsplit(self.url).path.rstrip("/") if self.url else ""
        self.items: dict[str, Item] = {}
        for item in export.items:
            for address in (item.address, *item.aliases):
                key = self.key(address)
                if key:
                    self.items.setdefault(key, item)
        for old, new in export.redirects:
            target = self.items.get(self.key(new))
            if target and self.key(old):
                self.items.setdefault(self.key(old), target)

    def is_own(self, url: str) -> bool:
        """Whether `url` is of the old site; one without a host is."""
        try:
            parts = urlsplit(url)
        except ValueError:
            return False
        if parts.scheme not in ("", "http", "https"):
            return False
        return not parts.netloc or _host(url).removeprefix("www.") in self.hosts

    def key(self, url: str, base: str = "") -> str:
        """One text for all spellings of an address of the old site; empty for other addresses."""
        whole = joined(base or self.url, url)
        if not self.is_own(whole):
            return ""
        parts = urlsplit(whole)
        path = posixpath.normpath("/" + unicodedata.normalize("NFC", unquote(parts.path)).lstrip("/")).casefold()
        path = re.sub(r"/index\.(html?|php)$", "", path) or "/"
        queries = [(name, value) for name, value in parse_qsl(parts.query) if name in _ID_QUERIES]
        if path in ("/", self.base.casefold() or "/") and queries:
            return f"/?{queries[0][0]}={queries[0][1]}"
        return path

    def item(self, url: str, base: str = "") -> Item | None:
        """The item at an address that stands in the text of the one at `base`."""
        key = self.key(url, base)
        return self.items.get(key) if key else None


def joined(base: str, url: str) -> str:
    """`url` as a browser reads it on the page at `base`."""
    try:
        return urljoin(base, url.strip())
    except ValueError:
        return url


def path_and_query(url: str) -> str:
    """The part of an address that follows its host, as it was."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def fragment(url: str) -> str:
    _, sign, tail = url.partition("#")
    return sign + tail


def is_host_of(host: str, patterns: Iterable[str]) -> bool:
    """Whether `host` is one of `patterns`, in which `*.` stands for any name before it."""
    host = same_host(host)
    return any(host == one or (one.startswith("*.") and host.endswith(one[1:])) for one in patterns)


def _host(url: str) -> str:
    try:
        return same_host(urlsplit(url).hostname or "")
    except ValueError:
        return ""


def _with_scheme(url: str) -> str:
    return url if "://" in url or url.startswith("/") else f"https://{url}"
