"""The page cache: a WSGI layer in front of the app that answers from memory.

An entry belongs to one snapshot; when the snapshot changes, all entries are dropped. Pages are compressed once, and
each encoding has its own strong tag: RFC 9110, section 8.8.3.3. Only complete answers are kept: a 200
with a tag. Errors, redirects and queries go to the app each time.
"""

import contextlib
import gzip
import threading
from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

import brotli
from cachetools import FIFOCache
from werkzeug.http import parse_accept_header, parse_etags

from byline.problems import SiteError
from byline.web.live import LiveSite
from byline.web.ranges import Wanted
from byline.web.responses import FOR_EVER

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

MAX_BYTES = 32 * 1024 * 1024
LARGEST = 4 * 1024 * 1024
"""Bytes of an answer that may be kept; a larger one goes to the reader piece by piece, as the app reads it."""
SMALLEST = 512
"""Bytes below which compressing saves nothing: the answer fits one packet either way."""
BROTLI_QUALITY = 6
"""0.3 ms for a page of 11 kB. The slowest setting takes 15 ms and saves another 8 %: it is for the stylesheet and for
scripts, which a reader gets once a year."""
MOST_SLOWLY = 100_000
"""Bytes that are compressed with the slowest setting: a megabyte would take over a second."""
COMPRESSED_TYPES = (
    "text/",
    "application/json",
    "application/atom+xml",
    "application/feed+json",
    "application/xml",
    "image/svg",
)
ENCODINGS = ("br", "gzip")
LONGEST_KEPT = 200
"""Longest Accept-Encoding that is remembered: a thousand long ones from strangers would take tens of megabytes."""

PERSONAL = ("HTTP_IF_NONE_MATCH", "HTTP_RANGE", "HTTP_IF_RANGE", "HTTP_COOKIE", "HTTP_AUTHORIZATION")
"""What is left out when the app is asked: its answer is for everyone."""

ACCEPTS = ("Accept-Ranges", "bytes")

Headers = list[tuple[str, str]]


class Entry(NamedTuple):
    """An answer ready to be sent. `etag` is quoted."""

    etag: str
    headers: Headers
    not_modified: Headers
    body: bytes


class PageCache:
    def __init__(self, app: "WSGIApplication", live: LiveSite, max_bytes: int = MAX_BYTES) -> None:
        self._app = app
        self._live = live
        self._lock = threading.Lock()
        self._snapshot = ""
        self._entries: FIFOCache[tuple[str, str, str], Entry] = FIFOCache(
            max_bytes, getsizeof=lambda entry: len(entry.body)
        )
        self._accepted: dict[str, str] = {}

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        query = environ.get("QUERY_STRING", "")
        path = environ.get("PATH_INFO", "")
        if environ["REQUEST_METHOD"] not in ("GET", "HEAD") or not _is_known(query, path):
            return self._app(environ, start_response)
        try:
            snapshot = self._current()
        except SiteError:
            return self._app(environ, start_response)  # which tells visitors that something is wrong
        key = (path, query, self._encoding(environ.get("HTTP_ACCEPT_ENCODING", "")))
        entry = self._entries.get(key)
        if entry is None and not self._live.host.answers(path):  # a page of the app's own, or of another site
            return self._app(environ, start_response)
        if entry is None:
            answer = self._ask(environ, key[2])
            if answer is None:
                return self._app(environ, start_response)
            if not isinstance(answer, Entry):
                status, headers, body = answer
                start_response(status, headers)
                return [body] if environ["REQUEST_METHOD"] == "GET" else []
            entry = answer
            if not query or ("Cache-Control", FOR_EVER) in entry.headers:  # a version that there is
                self._keep(snapshot, key, entry)
        return _answer(entry, environ, start_response)

    def _current(self) -> str:
        """The digest of the current snapshot; drops the entries of any other."""
        digest = self._live.snapshot().digest + self._live.host.context()[1]
        if digest != self._snapshot:
            with self._lock:
                self._snapshot = digest
                self._entries.clear()
        return digest

    def _keep(self, snapshot: str, key: tuple[str, str, str], entry: Entry) -> None:
        with self._lock:
            # While the answer was made, another thread may have moved on to the next snapshot.
            is_current = snapshot.startswith(self._live.snapshot().digest)
            if snapshot != self._snapshot or not is_current or key in self._entries:
                return
            with contextlib.suppress(ValueError):  # larger than the whole cache
                self._entries[key] = entry

    def _encoding(self, accepted: str) -> str:
        """The best encoding for an Accept-Encoding header, or the empty string."""
        known = self._accepted.get(accepted)
        if known is None:
            offer = parse_accept_header(accepted)
            known = max(ENCODINGS, key=lambda name: (offer.quality(name), name == "br")) if accepted else ""
            known = known if known and offer.quality(known) > 0 else ""
            if len(self._accepted) < 1000 and len(accepted) < LONGEST_KEPT:
                self._accepted[accepted] = known
        return known

    def _ask(self, environ: "WSGIEnvironment", encoding: str) -> Entry | tuple[str, Headers, bytes] | None:
        """The app's whole answer: as an entry if it may be kept, or else unchanged. None if it is too large."""
        asked = dict(environ, REQUEST_METHOD="GET")
        for name in PERSONAL:
            asked.pop(name, None)
        answer: list[tuple[str, Headers]] = []

        def start(status: str, headers: Headers, _error: object = None) -> object:
            answer[:] = [(status, headers)]
            return lambda _data: None

        chunks = self._app(asked, start)  # type: ignore[arg-type]
        try:
            if int(next((value for name, value in answer[0][1] if name == "Content-Length"), 0)) > LARGEST:
                return None
            body = b"".join(chunks)
        finally:
            if hasattr(chunks, "close"):
                chunks.close()
        status, headers = answer[0]
        etag = next((value for name, value in headers if name == "ETag"), "")
        if not status.startswith("200") or not etag or any(name == "Set-Cookie" for name, _ in headers):
            return status, headers, body
        return _entry(etag, headers, body, encoding)


def _is_known(query: str, path: str) -> bool:
    """No query, or what may be the version of a static file: others could fill the memory with copies of one page."""
    return not query or ("/static/" in path and query.startswith("v=") and query[2:].isalnum() and len(query) < 40)


def _entry(etag: str, headers: Headers, body: bytes, encoding: str) -> Entry:
    kind = next((value for name, value in headers if name == "Content-Type"), "")
    plain = [(name, value) for name, value in headers if name not in ("ETag", "Content-Length")]
    if kind.startswith(COMPRESSED_TYPES):
        plain.append(("Vary", "Accept-Encoding"))
        if encoding and len(body) >= SMALLEST:
            is_kept = ("Cache-Control", FOR_EVER) in headers and len(body) <= MOST_SLOWLY
            quality = 11 if is_kept else BROTLI_QUALITY
            body = brotli.compress(body, quality=quality) if encoding == "br" else gzip.compress(body, mtime=0)
            etag = f'{etag[:-1]}-{encoding}"'
            plain.append(("Content-Encoding", encoding))
    plain.append(("ETag", etag))
    not_modified = [item for item in plain if item[0] not in ("Content-Type", "Content-Encoding")]
    return Entry(etag, [*plain, ("Content-Length", str(len(body)))], not_modified, body)


def _answer(entry: Entry, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
    known = environ.get("HTTP_IF_NONE_MATCH")
    if known and (known == entry.etag or parse_etags(known).contains_weak(entry.etag.strip('"'))):
        start_response("304 NOT MODIFIED", entry.not_modified)
        return []
    if environ["REQUEST_METHOD"] == "HEAD":
        start_response("200 OK", entry.headers)
        return []
    wanted = Wanted(environ.get("HTTP_RANGE", ""), environ.get("HTTP_IF_RANGE", ""))
    part = wanted.part(entry.etag, len(entry.body)) if ACCEPTS in entry.headers else None
    if part is None:
        start_response("200 OK", entry.headers)
        return [entry.body]
    body = entry.body[part.start : part.end]
    own = ("Content-Length",) if part.exists else ("Content-Length", "Content-Type", "Cache-Control", "ETag")
    headers = [item for item in entry.headers if item[0] not in own]
    headers += [("Content-Range", part.header), ("Content-Length", str(len(body)))]
    if not part.exists:
        headers.append(("Cache-Control", "no-store"))
    start_response("206 PARTIAL CONTENT" if part.exists else "416 REQUESTED RANGE NOT SATISFIABLE", headers)
    return [body]
