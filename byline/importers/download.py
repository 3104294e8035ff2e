"""Downloads: files of the old site, politely and within bounds. What breaks off is continued by the next run.

Only hosts that the caller allows are asked, and none in a private network unless the person named it: an export is
somebody else's file, and its addresses must not lead to the machines around this one.
"""

import concurrent.futures
import http.client
import ipaddress
import os
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote, urljoin, urlsplit

from byline import __version__
from byline.storage.fingerprint import digest

AT_ONCE = 4
TIMEOUT = 20.0
"""Seconds without a byte."""
DEADLINE = 900.0
"""Seconds for one file."""
MAX_BYTES = 200_000_000
MAX_REDIRECTS = 5
ATTEMPTS = 3
GIVEN_UP = 3
"""Failures to connect, one after the other, after which a host is not asked again."""
PORTS = {"http": 80, "https": 443}
_PIECE = 65_536
_SAFE = "/-._~!$&'()*+,;=:@%?"


class Fetched(NamedTuple):
    """A file on the disk, or why there is none."""

    url: str
    file: Path | None
    fault: str = ""


class _Fault(Exception):
    """Why a file cannot be had; `is_final` says that trying again is of no use."""

    def __init__(self, message: str, *, is_final: bool = True) -> None:
        super().__init__(message)
        self.is_final = is_final


class Client:
    """Fetches into `folder`. `allows` says whether an address may be asked; `named` is the old site's as typed."""

    def __init__(self, folder: Path, allows: Callable[[str], bool], named: str = "") -> None:
        self._folder = folder
        self._allows = allows
        parts = urlsplit(named if "://" in named else f"https://{named}")
        self._named = (parts.hostname or "", parts.port or PORTS.get(parts.scheme, 0))
        self._failures: dict[str, int] = {}
        self._lock = threading.Lock()

    def fetch(self, urls: Iterable[str]) -> Iterator[Fetched]:
        """Each of `urls`, in order, as files that the caller takes away."""
        urls = list(urls)
        if urls:
            self._folder.mkdir(parents=True, exist_ok=True)
            with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
                yield from pool.map(self._fetched, urls)

    def _fetched(self, url: str) -> Fetched:
        for attempt in range(1, ATTEMPTS + 1):
            try:
                return Fetched(url, self._get(url))
            except _Fault as fault:
                if fault.is_final or attempt == ATTEMPTS:
                    return Fetched(url, None, str(fault))
            except (OSError, http.client.HTTPException, ValueError):
                if attempt == ATTEMPTS:
                    return Fetched(url, None, "broke off; the next import continues it")
        raise AssertionError("unreachable")

    def _get(self, url: str) -> Path:
        name = digest(url.encode())[:32]
        done, part, mark = (self._folder / f"{name}.{kind}" for kind in ("done", "part", "mark"))
        if done.exists():
            return done
        ends = time.monotonic() + DEADLINE
        for _ in range(MAX_REDIRECTS + 1):
            connection, response = self._asked(url, part, mark)
            try:
                if response.status in (301, 302, 303, 307, 308):
                    url = urljoin(url, response.headers.get("Location", ""))
                    continue
                _take(url, response, part, mark, ends)
            finally:
                connection.close()
            mark.unlink(missing_ok=True)
            os.replace(part, done)
            return done
        raise _Fault("leads from one address to the next without an end")

    def _asked(self, url: str, part: Path, mark: Path) -> tuple[http.client.HTTPConnection, http.client.HTTPResponse]:
        """The answer of the host, which continues what is there if it has not changed."""
        if not self._allows(url):
            raise _Fault(f"is not asked for: {urlsplit(url).hostname or url} is not the old site")
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port or PORTS[parts.scheme]
        with self._lock:
            if self._failures.get(host, 0) >= GIVEN_UP:
                raise _Fault(_silent(host))
        headers = {"User-Agent": f"Byline/{__version__} (flask import)", "Accept": "*/*", "Accept-Encoding": "identity"}
        if part.exists() and mark.exists():
            headers |= {"Range": f"bytes={part.stat().st_size}-", "If-Range": mark.read_text(encoding="latin-1")}
        connection = self._connection(parts.scheme, host, port)
        try:
            target = quote(parts.path or "/", safe=_SAFE) + (
                f"?{quote(parts.query, safe=_SAFE)}" if parts.query else ""
            )
            connection.request("GET", target, headers=headers)
            response = connection.getresponse()
        except (OSError, http.client.HTTPException):
            connection.close()
            with self._lock:
                self._failures[host] = self._failures.get(host, 0) + 1
            raise _Fault(_silent(host), is_final=False) from None
        with self._lock:
            self._failures[host] = 0
        return connection, response

    def _connection(self, scheme: str, host: str, port: int) -> http.client.HTTPConnection:
        """A connection to an address that was looked at: the host's name is not asked for twice."""
        is_named = (host, port) == self._named
        if port not in PORTS.values() and port != self._named[1]:
            raise _Fault(f"is not asked for: {port} is no port of the web")
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError):
            with self._lock:
                self._failures[host] = GIVEN_UP
            raise _Fault(_silent(host)) from None
        addresses = [str(one[4][0]) for one in found]
        if not is_named and not all(map(is_public, addresses)):
            raise _Fault(f"is not asked for: {host} is in a private network")
        kind = _Tls if scheme == "https" else _Plain
        return kind(host, port, addresses[0])


def _silent(host: str) -> str:
    """The same for each file, whichever of them was asked for first: the report does not depend on threads."""
    return f"{host} does not answer"


class _Plain(http.client.HTTPConnection):
    """A connection to `address`, whatever its name leads to by now."""

    def __init__(self, host: str, port: int, address: str) -> None:
        super().__init__(host, port, timeout=TIMEOUT)
        self._address = address

    def connect(self) -> None:
        self.sock = socket.create_connection((self._address, self.port), TIMEOUT)


class _Tls(_Plain):
    default_port = 443

    def connect(self) -> None:
        super().connect()
        self.sock = ssl.create_default_context().wrap_socket(self.sock, server_hostname=self.host)


def is_public(address: str) -> bool:
    """Whether an IP address is one of the public network, in whichever form it is written."""
    found = ipaddress.ip_address(address.partition("%")[0])
    inner = getattr(found, "ipv4_mapped", None) or getattr(found, "sixtofour", None)
    return found.is_global and not found.is_multicast and (inner is None or is_public(str(inner)))


def _start(response: http.client.HTTPResponse, part: Path) -> int:
    """How many bytes of the file are there already."""
    start = part.stat().st_size if response.status == 206 and part.exists() else 0
    if response.status == 206 and not response.headers.get("Content-Range", "").startswith(f"bytes {start}-"):
        part.unlink(missing_ok=True)
        raise _Fault("cannot be continued", is_final=False)
    return start


def _take(url: str, response: http.client.HTTPResponse, part: Path, mark: Path, ends: float) -> None:
    """Write the answer to `part`, or behind what is there already."""
    if response.status == 416:
        part.unlink(missing_ok=True)
        raise _Fault("cannot be continued", is_final=False)
    if response.status not in (200, 206):
        is_final = response.status < 500 and response.status != 429
        raise _Fault(f"the old site answers {response.status} {response.reason}".strip(), is_final=is_final)
    kind = response.headers.get_content_type()
    if kind in ("text/html", "application/xhtml+xml") and not urlsplit(url).path.lower().endswith((".htm", ".html")):
        raise _Fault("the old site answers with a page instead of the file")
    start = _start(response, part)
    length = int(response.headers.get("Content-Length") or 0)
    if start + length > MAX_BYTES:
        raise _Fault(f"is larger than {MAX_BYTES:,} bytes")
    validator = response.headers.get("ETag", "")
    validator = validator if validator.startswith('"') else response.headers.get("Last-Modified", "")
    if validator:
        mark.write_text(validator, encoding="latin-1")
    else:
        mark.unlink(missing_ok=True)
    with open(part, "ab" if start else "wb") as file:
        while piece := response.read(_PIECE):
            file.write(piece)
            if file.tell() > MAX_BYTES:
                raise _Fault(f"is larger than {MAX_BYTES:,} bytes")
            if time.monotonic() > ends:
                raise _Fault(f"took longer than {DEADLINE / 60:.0f} minutes; the next import continues it")
        size = file.tell()
    if length and size < start + length:
        raise _Fault("broke off; the next import continues it", is_final=False)
