"""The verifier: asks a live site for every address that was frozen, and compares what comes with what should.

What no answer of a host has, such as a header or a redirect by a rule, that host cannot give: it is told once, apart
from the faults.
"""

import hashlib
import logging
import posixpath
import re
import secrets
import threading
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor, as_completed
from typing import NamedTuple
from urllib.parse import unquote, urlencode, urljoin, urlsplit

import urllib3

from byline import __version__
from byline.freeze.hosts.table import Table, headers_by
from byline.freeze.manifest import OWN, PrintedFile
from byline.freeze.pictures import Progress
from byline.problems import SiteError
from byline.publish.shipment import is_packed
from byline.redirects import Redirect, Redirects
from byline.settings.values import GONE
from byline.storage.fingerprint import DIGEST_BYTES
from byline.urls import Urls

AT_ONCE = 8
"""Requests."""
PATIENCE = urllib3.Timeout(connect=10, read=60)
TRIES = urllib3.Retry(
    3,
    redirect=False,
    status_forcelist=(429, 502, 503, 504),
    backoff_factor=0.5,
    raise_on_status=False,
    retry_after_max=10,
)
PIECE = 1 << 16
"""Bytes of an answer that are in memory."""
UNKNOWN = 1 << 20
"""Bytes that are read of an answer of which nothing is known."""
RULES, QUERIES, BESIDE, NO_MORE = "redirects by rules", "redirects of a query", "redirects beside pages", "410 for gone"
"""What a host may not be able to do."""
SCRIPTS = ("application/javascript", "application/x-javascript")
"""Older names of text/javascript: https://www.rfc-editor.org/rfc/rfc9239"""
SPEAKS_FOR_ITSELF = re.compile(r"application/.*(xml|json)|text/javascript")
"""Types that browsers read in UTF-8, or as the file says, unless the header says something else."""


class Expected(NamedTuple):
    """What an address should answer: a status of `statuses`, and with 200 bytes of that digest and these headers.

    `redirect` is where it should lead, and `kind` what a host must be able to do for that. One that `is_extra` is
    nothing that Byline's own server has.
    """

    url: str
    statuses: tuple[int, ...] = (200,)
    content: str = ""
    size: int = 0
    headers: Mapping[str, str] = {}
    redirect: Redirect | None = None
    kind: str = ""
    is_extra: bool = False


class Answer(NamedTuple):
    status: int
    headers: Mapping[str, str]
    content: str
    size: int


class Fault(NamedTuple):
    """What is wrong at an address, in words."""

    url: str
    text: str


class Findings(NamedTuple):
    """`asked` addresses, what is wrong with them, and what the host has nowhere."""

    asked: int
    faults: list[Fault]
    lacks: list[str]


def expectations(
    files: Mapping[str, PrintedFile], table: Table, redirects: Redirects, others: Collection[str]
) -> Iterator[Expected]:
    """Of the frozen `files`, but for `others`, which only hosts read; of old addresses; and of one that nobody has."""
    headers_at = headers_by(table)
    leading = {one.source: one for one in table.redirects}
    printed = {file.url for file in files.values()}
    for path, file in files.items():
        if path in others or path.startswith(f"{OWN}/") or is_packed(path, files):
            continue
        url = file.url or f"{table.base}/{path}"
        statuses = (200, 404) if path.endswith("404.html") else (200,)
        headers = headers_at(url, path)
        if not file.url and posixpath.splitext(path)[1] not in table.types:
            del headers["Content-Type"]  # which nobody looks at
        yield Expected(url, statuses, file.content, file.size, headers, leading.get(url), is_extra=not file.url)
    for one in table.redirects:
        if one.source not in printed:
            yield Expected(one.source, (one.status,), redirect=one, kind=NO_MORE if one.status == GONE else RULES)
    yield from _by_rules(table, redirects)
    missing = files.get("404.html")
    nowhere = f"{table.base}/byline-{secrets.token_hex(8)}/"
    yield Expected(nowhere, (404,), missing.content if missing else "", missing.size if missing else 0)


def _by_rules(table: Table, redirects: Redirects) -> Iterator[Expected]:
    """Old addresses with a query, and one for each pattern."""
    kinds = {f"{path}?{urlencode(one.query)}": QUERIES for path, some in table.queries.items() for one in some}
    part = f"byline-{secrets.token_hex(4)}"
    for one in table.patterns:
        kinds[one.source.replace("*", part)] = BESIDE if one.source in table.broad else RULES
    for url, kind in sorted(kinds.items()):
        path, _, query = url.partition("?")
        led = redirects.find_query(path, query) if query else redirects.find(path)
        if led:
            one = Redirect(url, led.location(query), led.redirect.status)
            yield Expected(url, (one.status,), redirect=one, kind=NO_MORE if one.status == GONE else kind)


class Verifier:
    """Of the site at `address`, whose own addresses are `urls`. Raises SiteError if it cannot be there."""

    def __init__(self, address: str, urls: Urls) -> None:
        bad = SiteError("that is no address of a site; write one like https://paper.example.org")
        try:
            parts = urlsplit(address)
            host, port = parts.hostname or "", parts.port
        except ValueError:
            raise bad from None
        if parts.scheme not in ("http", "https") or not host or parts.query or parts.fragment:
            raise bad
        netloc = (f"[{host}]" if ":" in host else host) + (f":{port}" if port else "")
        self.address = f"{parts.scheme}://{netloc}{parts.path}"
        """Without a password."""
        if parts.path.rstrip("/") not in ("", urls.mount):
            raise SiteError(f"{self.address} has another path than the site, whose pages lead to {urls.mount or '/'}")
        self._origin = f"{parts.scheme}://{netloc}"
        self._urls = urls
        self._headers = {"Accept-Encoding": "br, gzip", "User-Agent": f"Byline/{__version__} (verify)"}
        if parts.username:
            user = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
            self._headers |= urllib3.make_headers(basic_auth=user)
        self._pool = urllib3.PoolManager(maxsize=AT_ONCE, block=True, timeout=PATIENCE, retries=TRIES)
        logging.getLogger("urllib3").setLevel(logging.ERROR)  # or each further try would be told
        self._seen: Counter[str] = Counter()
        self._lost: Counter[str] = Counter()
        self._lock = threading.Lock()

    def verify(self, expected: Collection[Expected], progress: Progress) -> Findings:
        """Raises SiteError if the site cannot be reached."""
        self._refuse_leading()
        if self._ask(f"{self._urls.mount}/healthz").status == 200:  # the server searches by itself
            expected = [one for one in expected if not one.is_extra]
        faults: list[tuple[str, Fault]] = []
        with ThreadPoolExecutor(AT_ONCE) as threads:
            try:
                done = as_completed([threads.submit(self._faults, one) for one in expected])
                for future in progress(done, len(expected), "Asking"):
                    faults += future.result()
            except BaseException:
                threads.shutdown(cancel_futures=True)
                raise
        lacks = sorted(kind for kind in self._lost if kind and not self._seen[kind])
        told = sorted(fault for kind, fault in faults if kind not in lacks)
        return Findings(len(expected), told, lacks)

    def _refuse_leading(self) -> None:
        """Raise SiteError if the whole site is elsewhere."""
        home = f"{self._urls.mount}/"
        there = urlsplit(self._ask(home).headers.get("Location", ""))
        origin = f"{there.scheme}://{there.netloc}"
        if there.netloc and there.path == home and origin != self._origin:
            raise SiteError(f"{self._origin} leads to {origin}: verify that")

    def _faults(self, expected: Expected) -> list[tuple[str, Fault]]:
        """Each with what the host may have nowhere, or an empty string."""
        found = []
        for kind, text in self._compared(expected, self._ask(expected.url, expected.size or UNKNOWN)):
            with self._lock:
                (self._lost if text else self._seen)[kind] += 1
            if text:
                found.append((kind, Fault(expected.url, text)))
        return found

    def _compared(self, expected: Expected, answer: Answer) -> Iterator[tuple[str, str]]:
        """What was compared: what the host may have nowhere, or an empty string, and what is wrong, in words."""
        # Without a rule, nothing is there, or what the path without the query has.
        kind = expected.kind if answer.status == 404 or expected.kind == QUERIES else ""
        leads = expected.redirect
        there = answer.headers.get("Location", "")
        if leads and leads.status != GONE and 300 <= answer.status < 400:
            if self._plain(there) != self._plain(leads.target):
                yield kind, f"leads to {there or 'nowhere'} instead of {leads.target}"
            elif answer.status != leads.status:
                yield kind, f"{answer.status} instead of {leads.status}"
            else:
                yield expected.kind, ""
        elif answer.status not in expected.statuses:
            to = f" to {leads.target}" if leads and leads.target else ""
            yield kind, f"{answer.status}{f' to {there}' if there else ''} instead of {expected.statuses[0]}{to}"
        else:
            yield expected.kind, ""
            if expected.content and answer.content != expected.content:
                more = " or more" if answer.size > expected.size else ""
                yield "", f"other bytes than were frozen: {answer.size:,}{more} instead of {expected.size:,}"
            yield from self._compared_headers(expected.headers, answer.headers)

    def _compared_headers(self, expected: Mapping[str, str], answer: Mapping[str, str]) -> Iterator[tuple[str, str]]:
        for name, value in expected.items():
            given = answer.get(name)
            if name == "Content-Type":
                is_right, kind = given is not None and _plain_type(given) == _plain_type(value), ""
            else:
                # Some hosts have rules of their own for caches, the same everywhere.
                is_right, kind = given == value, name if given is None or name == "Cache-Control" else ""
            text = f"{name} is {given!r} instead of {value!r}" if given else f"{name} is missing"
            yield (name, "") if is_right else (kind, text)

    def _plain(self, location: str) -> str:
        """As one for all the ways to write it: hosts differ in them."""
        here = urljoin(f"{self._origin}{self._urls.mount}/", location)
        for origin in (self._origin, self._urls.origin):
            here = here.removeprefix(origin)
        head, mark, query = here.partition("?")
        return f"{unquote(head).rstrip('/').lower()}{mark}{unquote(query)}"

    def _ask(self, url: str, most: int = UNKNOWN) -> Answer:
        """The answer, of which not many more than `most` bytes are read."""
        digest, size = hashlib.blake2b(digest_size=DIGEST_BYTES), 0
        try:
            answer = self._pool.request(
                "GET", f"{self._origin}{url}", headers=self._headers, redirect=False, preload_content=False
            )
            for piece in answer.stream(PIECE, decode_content=True):
                digest.update(piece)
                size += len(piece)
                if size > most:
                    answer.close()
                    break
            answer.release_conn()
        except urllib3.exceptions.HTTPError as error:
            reason = getattr(error, "reason", None) or error
            raise SiteError(f"{self._origin}{url} cannot be read: {reason}") from None
        return Answer(answer.status, answer.headers, digest.hexdigest(), size)


def _plain_type(header: str) -> str:
    """A type as one for all the ways to write it that browsers read alike."""
    name, _, rest = header.lower().partition(";")
    name = "text/javascript" if name.strip() in SCRIPTS else name.strip()
    charset = rest.replace(" ", "").replace('"', "")
    return name if charset in ("", "charset=utf-8") and SPEAKS_FOR_ITSELF.fullmatch(name) else f"{name};{charset}"
