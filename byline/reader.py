"""Reader: parses sources, each content once. Results are kept in the store under all that they depend on."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple
from zoneinfo import ZoneInfo

import msgspec

from byline import frontmatter, headers, markdown, pool
from byline.digests import Digests
from byline.errors import Problem
from byline.files import Found
from byline.fingerprint import digest, fingerprint
from byline.models import Heading
from byline.places import Places
from byline.settings import Settings
from byline.sources import Source, SourceTree
from byline.store import Store

TOC_HEADINGS = 3
"""A table of contents is shown from this many headings on."""


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

    def contents(self, wanted: bool | None) -> tuple[Heading, ...]:
        """The table of contents: as the header says, else where there are enough headings for one."""
        headings = tuple(Heading(h.level, h.id, h.title) for h in self.toc if h.level in (2, 3))
        shown = len(headings) >= TOC_HEADINGS if wanted is None else wanted
        return headings if shown else ()


class Job(NamedTuple):
    """All that parsing a source depends on, in plain values: it may go to another process."""

    key: str
    kind: str
    part: frontmatter.Split
    problem: Problem | None
    timezone: str
    trust_html: bool
    is_kept: bool
    """Whether the result belongs to the content; not where the content could not be read."""


class Reader:
    def __init__(self, store: Store, settings: Settings, code: str) -> None:
        self.store = store
        self.jobs = pool.processors()
        self.digests = Digests(store)
        self._settings = settings
        self.code = code
        self._about = fingerprint("parsed", code, settings.timezone, settings.trust_html, settings.dialect)
        self.used: set[str] = set()
        """Keys of the store that the last reading met: what is not among them is left over."""
        self.renders = 0
        self._remembered: dict[str, Parsed] | None = None

    def remember(self) -> None:
        """Keep what sources say in memory from one reading to the next."""
        self._remembered = {}
        self.digests.remember()

    def read(self, tree: SourceTree, files: Sequence[Found]) -> Iterator[tuple[str, Parsed]]:
        """(file, what it says) of each of the tree's files, in their order.

        What the store does not know is read, and parsed by all processors at once.
        """
        self.used, self.digests.used = set(), set()
        contents = self.digests.of(files)
        keys = {file.path: self._key(tree.kind(file.path), contents[file.path]) for file in files}
        before = self._remembered or {}
        kept = self.store.get_many([key for key in keys.values() if key not in before])
        known = {path: before.get(key) or _decoded(kept.get(key)) for path, key in keys.items()}
        jobs = [self._job(tree.load(file), tree.kind(file.path)) for file in files if known[file.path] is None]
        self.renders += len(jobs)
        fresh = zip(jobs, pool.in_order(_packed, jobs, self.jobs), strict=True)
        for file, parsed in known.items():
            if parsed is None:
                job, (packed, html) = next(fresh)
                if job.is_kept:
                    self.store.put(job.key + HTML, html)
                    self.store.put(job.key, packed)
                known[file] = parsed = _decoder.decode(packed)
            self.used |= {parsed.html, parsed.html.removesuffix(HTML)}
            yield file, parsed
        if self._remembered is not None:
            self._remembered = {keys[file]: parsed for file, parsed in known.items() if parsed}

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

    def _key(self, kind: str, content: str) -> str:
        return digest(f"{self._about}{kind}{content}".encode())

    def _job(self, source: Source, kind: str) -> Job:
        zone, trust_html = self._settings.timezone, self._settings.trust_html
        key = self._key(kind, source.content)
        return Job(key, kind, source.part, source.problem, zone, trust_html, bool(source.content))


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
    places = Places(job.part.body, job.part.body_line - 1)
    moved = places.of_problems(rendered.problems)
    facts = rendered.toc, rendered.minutes, rendered.summary, places.of(rendered.addresses)
    return Parsed(post, author, job.key + HTML, *facts, problems=(*problems, *moved)), rendered.html.encode()


def _packed(job: Job) -> tuple[bytes, bytes]:
    """The same as bytes, as the store keeps them: values that are pickled on their way take ten times as long."""
    parsed, html = parse(job)
    return _encoder.encode(parsed), html


def _decoded(kept: bytes | None) -> Parsed | None:
    try:
        return None if kept is None else _decoder.decode(kept)
    except msgspec.MsgspecError:
        return None


_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(Parsed)
