"""Addresses: whether a link stays on this site, and one spelling for each path that it can have."""

import functools
import posixpath
import re
import unicodedata
from urllib.parse import quote, unquote, urljoin, urlsplit

PORTS = {"http": 80, "https": 443}
SAFE = "/-._~!$&'()*+,;=:@"
"""What stands unescaped in the path of a URL: RFC 3986, section 3.3."""

_IGNORED = dict.fromkeys(map(ord, "\t\r\n"))  # browsers drop these anywhere in an address
_SCHEME = re.compile(r"[\x00-\x20]*([A-Za-z][A-Za-z0-9+.-]*):")


def quoted(path: str) -> str:
    """`path` percent-encoded, in NFC: the one form in which Byline keeps URLs."""
    return quote(unicodedata.normalize("NFC", path), safe=SAFE)


def scheme_of(value: str) -> str:
    """The scheme that a browser would read in `value`, or the empty string."""
    found = _SCHEME.match(value if value.isprintable() else value.translate(_IGNORED))
    return found[1].lower() if found else ""


@functools.lru_cache(maxsize=50_000)
def site_path(value: str, origin: str, here: str = "/") -> str | None:
    """Where on the site at `origin` the address `value`, found on its page `here`, leads to; None for elsewhere.

    All spellings that a browser or a server takes for one page give the same text, which is for comparing only:
    scheme, case, escapes, `..`, doubled and closing slashes and `index.html` make no difference.
    """
    try:
        parts = urlsplit(urljoin(origin + here, value.translate(_IGNORED).strip().replace("\\", "/")))
        own = urlsplit(origin)
        if parts.scheme not in PORTS or unquote(parts.hostname or "") != own.hostname:
            return None
        ports = parts.port or PORTS[parts.scheme], own.port or PORTS[own.scheme]
        if ports[0] != ports[1] and ports[0] not in PORTS.values():
            return None
    except ValueError:  # `http://[`
        return None
    path = posixpath.normpath("/" + unicodedata.normalize("NFC", unquote(parts.path)).lstrip("/")).casefold()
    return path.removesuffix("/index.html") or "/"
