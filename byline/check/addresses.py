"""Addresses: what an old site's sitemap, a list of addresses or a server's log says that readers ask for.

Files are read piece by piece, also compressed ones: a log may be larger than memory.
"""

import gzip
import json
import posixpath
import re
import zlib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit
from xml.parsers import expat

import msgspec

from byline.problems import SiteError
from byline.redirects import joined
from byline.urls import quoted

MOST = 200_000
"""Different addresses of one list: so many take 100 MB."""
LONGEST = 64_000
"""Bytes of a line; what is longer is no address."""
READ = ("GET", "HEAD")
ANSWERED = frozenset((200, 206, 301, 302, 303, 304, 307, 308))
"""With any other status, the old site had nothing there, or hid it."""
TELLING = frozenset(("p", "page_id", "attachment_id", "cat", "tag", "author", "feed", "format", "id", "t"))
"""Parameters of a query that choose a page on other systems; in a log, all others only count visits."""

_COMMON = re.compile(r'\[[^\]]*\] "([A-Z]+) (\S+)(?: HTTP/[\d.]+)?" (\d{3}) ')
"""https://httpd.apache.org/docs/current/logs.html#common, and the combined format, which goes on after that"""
_BESIDE = re.compile(r"\t.*|\s+[\d.,%]+$|(?<=[^,])(?:,[\d.%]+)+$|\s#.*")
"""What a list may have beside an address: numbers, as search engines' tools export them, or a remark."""
_ABSOLUTE = re.compile(r"(?:https?:)?//", re.IGNORECASE)


class Asked(msgspec.Struct):
    """How often an address was asked for, and the line where it is first; 0 if nobody knows that."""

    line: int
    count: int = 0


class Addresses:
    """What a file lists. `found` holds paths with their queries, and `elsewhere` hosts that are not the site's, with
    the number of their addresses; `missing` are parts of a sitemap that are not beside it, `dropped` is how many lines
    were too many."""

    def __init__(self, path: Path, host: str) -> None:
        self._host = _plain_host(host)
        self._by_host: dict[str, dict[str, Asked]] = {}
        self.is_log = False
        self.missing: list[str] = []
        self.dropped = 0
        self._count = 0
        self._read(path, is_part=False)
        own = [self._by_host.get("", {}), self._by_host.get(self._host, {})]
        sizes = Counter({name: len(some) for name, some in self._by_host.items() if name not in ("", self._host)})
        self.old_host = ""
        if not any(own) and sizes:  # the site has moved to another host
            self.old_host = sizes.most_common(1)[0][0]
            own = [self._by_host[self.old_host]]
        self.found: dict[str, Asked] = {}
        for some in own:
            for url, asked in some.items():
                self.found.setdefault(url, Asked(asked.line)).count += asked.count
        self.elsewhere = {name: sizes[name] for name in sorted(sizes) if name != self.old_host}

    def _read(self, path: Path, *, is_part: bool) -> None:
        try:
            with path.open("rb") as file:
                opener = gzip.open if file.read(2) == b"\x1f\x8b" else open
            with opener(path, "rb") as lines:
                start = lines.peek(100)[:100]
                if start.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"<"):
                    self._read_sitemap(path, lines, is_part=is_part)  # type: ignore[arg-type]
                else:
                    self._read_lines(lines)  # type: ignore[arg-type]
        except (OSError, EOFError, zlib.error, expat.ExpatError) as error:
            raise SiteError(f"{path}: cannot be read: {error}") from None

    def _read_sitemap(self, path: Path, file: IO[bytes], *, is_part: bool) -> None:
        reader = _Sitemap(file)
        for line, kind, url in reader:
            if kind == "url":
                self._add(url, line)
                continue
            part = path.parent / posixpath.basename(unquote(urlsplit(url).path))
            if is_part or not part.is_file():
                self.missing.append(url)
            else:
                self._read(part, is_part=True)

    def _read_lines(self, file: IO[bytes]) -> None:
        for number, data in enumerate(iter(lambda: file.readline(LONGEST), b""), 1):
            line = data.decode(errors="replace").lstrip("\ufeff").strip()
            logged = _logged(line)
            if logged:
                self.is_log = True
                method, url, status = logged
                if method in READ and status in ANSWERED:
                    self._add(_told(url), number)
            elif line and not line.startswith(("#", "{")):
                first = _BESIDE.sub("", line).strip("\"',; ")
                if first.startswith("/") or _ABSOLUTE.match(first):
                    self._add(first, number)

    def _add(self, url: str, line: int) -> None:
        try:
            parts = urlsplit(url) if _ABSOLUTE.match(url) else urlsplit(f"//{'' if url.startswith('/') else '/'}{url}")
            host = _plain_host(parts.hostname or "")
        except ValueError:
            return
        path = quoted(unquote(parts.path)) or "/"
        known = self._by_host.setdefault(host, {})
        whole = joined(path, parts.query)
        if whole not in known:
            if self._count >= MOST:
                self.dropped += 1
                return
            self._count += 1
        known.setdefault(whole, Asked(line)).count += 1


class _Sitemap:
    """The addresses in a sitemap, or in an index of sitemaps, each with its line and what it is in."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._open: list[str] = []
        self._text: list[str] = []
        self._found: list[tuple[int, str, str]] = []
        self._parser = expat.ParserCreate(namespace_separator=" ")
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._text.append
        self._parser.EntityDeclHandler = _refuse

    def __iter__(self) -> Iterator[tuple[int, str, str]]:
        for data in iter(lambda: self._file.read(LONGEST), b""):
            self._parser.Parse(data, False)
            yield from self._found
            self._found.clear()
        self._parser.Parse(b"", True)
        yield from self._found

    def _start(self, name: str, _attributes: Any) -> None:
        self._open.append(name.rpartition(" ")[2])
        self._text.clear()

    def _end(self, _name: str) -> None:
        if self._open[-2:] in (["url", "loc"], ["sitemap", "loc"]):
            self._found.append((self._parser.CurrentLineNumber, self._open[-2], "".join(self._text).strip()))
        self._open.pop()
        self._text.clear()


def _refuse(*_arguments: Any) -> None:
    raise expat.ExpatError("it declares entities, as no sitemap does")


def _logged(line: str) -> tuple[str, str, int] | None:
    """Method, address and status of a line of a log: in the common format, or as JSON of Byline or Caddy."""
    common = _COMMON.search(line)
    if common:
        return common[1], common[2], int(common[3])
    if not line.startswith("{"):
        return None
    try:
        table = json.loads(line)
        request = table["request"] if isinstance(table.get("request"), dict) else table
        query = f"?{table['query']}" if table.get("query") else ""
        return str(request["method"]), f"{request.get('uri') or table['path']}{query}", int(table["status"])
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None


def _told(url: str) -> str:
    """`url` of a log with those parameters alone that choose a page."""
    path, _, query = url.partition("?")
    pairs = [pair for pair in parse_qsl(query, keep_blank_values=True) if pair[0] in TELLING] if query else []
    return f"{path}?{urlencode(pairs)}" if pairs else path


def _plain_host(name: str) -> str:
    return name.lower().removeprefix("www.")
