"""Reader: parses sources, each content once. Results are kept in the store under all that they depend on."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple
from zoneinfo import ZoneInfo

import msgspec

from byline import frontmatter, headers, markdown, pool
from byline.errors import Problem
from byline.fingerprint import fingerprint
from byline.settings import Settings
from byline.sources import Source
from byline.store import Store


class Parsed(msgspec.Struct, frozen=True):
    """What a source says, as far as it depends on the source alone. `html` is the store's key of its body."""

    post: headers.PostHeader | None
    author: headers.AuthorHeader | None
    html: str
    toc: tuple[markdown.HeadingFact, ...]
    minutes: int
    summary: str
    addresses: tuple[markdown.Address, ...]
    problems: tuple[Problem, ...]


class Job(NamedTuple):
    """All that parsing a source depends on, in plain values: it may go to another process."""

    key: str
    kind: str
    part: frontmatter.Split
    problem: Problem | None
    timezone: str
    trust_html: bool


class Reader:
    def __init__(self, store: Store, settings: Settings, code: str) -> None:
        self.store = store
        self.jobs = pool.processors()
        self._settings = settings
        self._about = fingerprint("parsed", code, settings.timezone, settings.trust_html, settings.dialect)
        self.used: set[str] = set()
        self.renders = 0

    def read(self, sources: Iterable[tuple[Source, str]]) -> Iterator[tuple[str, Parsed]]:
        """(file, what it says) of each source and kind ("post" or "author"), in their order.

        What the store does not know is parsed by all processors at once.
        """
        found = {source.file: self._job(source, kind) for source, kind in sources}
        kept = self.store.get_many([job.key for job in found.values()])
        known = {file: _decoded(kept.get(job.key)) for file, job in found.items()}
        jobs = [job for file, job in found.items() if known[file] is None]
        self.renders += len(jobs)
        fresh = pool.in_order(parse, jobs, self.jobs)
        for file, parsed in known.items():
            if parsed is None:
                parsed, html = next(fresh)
                self.store.put(parsed.html, html)
                self.store.put(parsed.html.removesuffix(HTML), _encoder.encode(parsed))
            self.used |= {parsed.html, parsed.html.removesuffix(HTML)}
            yield file, parsed

    def html(self, key: str) -> str | None:
        """The HTML that `read` put under `key`, unless the store has lost it."""
        kept = self.store.get(key)
        return None if kept is None else kept.decode()

    def restore(self, source: Source, kind: str, key: str) -> str | None:
        """The HTML of `source` rendered again, if its content is still that of `key`."""
        job = self._job(source, kind)
        if job.key + HTML != key:
            return None
        _, html = parse(job)
        self.store.put(key, html)
        return html.decode()

    def _job(self, source: Source, kind: str) -> Job:
        key = fingerprint(self._about, kind, source.content)
        return Job(key, kind, source.part, source.problem, self._settings.timezone, self._settings.trust_html)


HTML = "-html"
"""Ending of the store's key of a body: the rest is the key of what its source says."""


def parse(job: Job) -> tuple[Parsed, bytes]:
    """What a source says, and its HTML: a pure function."""
    post: headers.PostHeader | None = None
    author: headers.AuthorHeader | None = None
    problems: tuple[Problem, ...] = (job.problem,) if job.problem else ()
    rendered = markdown.Rendered("")
    if not problems:
        try:
            table = frontmatter.read(job.part)
            if job.kind == "author":
                author, problems = headers.read_author(table, ZoneInfo(job.timezone))
            else:
                post, problems = headers.read_post(table, ZoneInfo(job.timezone))
        except frontmatter.HeaderError as error:
            problems = (error.problem,)
        rendered = markdown.render(job.part.body, trust_html=job.trust_html)
    down = job.part.body_line - 1
    moved = tuple(msgspec.structs.replace(p, line=p.line + down) for p in rendered.problems)
    addresses = tuple(msgspec.structs.replace(a, line=a.line + down) for a in rendered.addresses)
    facts = rendered.toc, rendered.minutes, rendered.summary, addresses
    return Parsed(post, author, job.key + HTML, *facts, problems=(*problems, *moved)), rendered.html.encode()


def _decoded(kept: bytes | None) -> Parsed | None:
    try:
        return None if kept is None else _decoder.decode(kept)
    except msgspec.MsgspecError:
        return None


_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(Parsed)
