"""Reader: parses sources, each content once. The store keeps results under all that they depend on."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import msgspec
from msgspec import structs

from byline.content.sources import Source, SourceTree, is_html
from byline.frontmatter import headers, syntax
from byline.markdown.engines import Engine
from byline.markdown.facts import Address
from byline.markdown.render import Rendered, render
from byline.markdown.shortcodes.expansion import Expanded, expanded
from byline.models import Body, Heading
from byline.problems import Problem
from byline.settings.settings import Settings
from byline.storage.digests import digests_of
from byline.storage.files import TreeFile
from byline.storage.fingerprint import digest
from byline.storage.memo import Memo, Result
from byline.storage.zones import zone_of

TOC_HEADINGS = 3
"""A table of contents is shown if there are at least this many headings."""


class Parsed(msgspec.Struct, frozen=True):
    """What a source says by itself, without other files. `html` is the store's key for its body."""

    post: headers.PostHeader | None
    author: headers.AuthorHeader | None
    html: str
    toc: tuple[Heading, ...]
    minutes: int
    summary: str
    addresses: tuple[Address, ...]
    problems: tuple[Problem, ...]

    def contents(self, wanted: bool | None) -> tuple[Heading, ...]:
        """The table of contents: as the header says, or else if there are enough headings for one."""
        headings = tuple(heading for heading in self.toc if heading.level in (2, 3))
        shown = len(headings) >= TOC_HEADINGS if wanted is None else wanted
        return headings if shown else ()


NO_TEXT = Parsed(None, None, "", (), 1, "", (), ())
"""What a file without a text says."""


class Job(NamedTuple):
    """All that parsing a source depends on, in plain values: it may go to another process."""

    key: str
    kind: str
    part: syntax.Split
    problem: Problem | None
    timezone: str
    habits: headers.Habits
    engine: Engine
    made: str | None
    is_html: bool
    trust_html: bool
    is_kept: bool


class Reader:
    """Reads the files of one content folder through `memo`."""

    def __init__(self, tree: SourceTree, settings: Settings, engine: Engine, memo: Memo) -> None:
        self.tree = tree
        self.engine = engine
        self._settings = settings
        self._memo = memo
        self.read_with(engine)

    def read_with(self, engine: Engine) -> None:
        """From now on `engine` reads the texts."""
        settings, habits = self._settings, self.tree.dialect.habits
        self.engine = engine
        self._about = self._memo.about("parsed", settings.timezone, settings.trust_html, habits, engine)

    def read(self, files: Sequence[TreeFile]) -> Iterator[tuple[str, Parsed]]:
        """(file, what it says) for each of `files`, in their order."""
        by_path = {file.path: file for file in files}
        contents = self.contents(files)
        keys = {path: self._key(path, contents[path]) for path in by_path}
        self._memo.used |= {key + HTML for key in keys.values()}
        return self._memo.each(
            keys, lambda path: self._job(self.tree.load(by_path[path])), _packed, _decoder.decode, needs_files=False
        )

    def contents(self, files: Sequence[TreeFile]) -> Mapping[str, str]:
        """Path → digest of all that a source says, including what the app's own renderer makes of it."""
        if not self.engine.is_custom:
            return digests_of(files, self._memo)
        return {file.path: _content(self.tree.load(file)) for file in files}

    def html(self, body: Body) -> str | None:
        """The HTML of `body`; None if the store has lost it and its source has changed since."""
        kept = self._memo.store.get(body.key)
        return self._restored(body) if kept is None else kept.decode()

    def written(self, body: Body) -> tuple[str, tuple[Address, ...]] | None:
        """The text that `body` was made from, and its addresses; None if the source has changed since."""
        source = self.tree.get(body.path.removeprefix(self._settings.content_root))
        job = self._job(source) if source else None
        if job is None or job.key + HTML != body.key:
            return None
        return job.part.body, parse(job)[0].addresses

    def _restored(self, body: Body) -> str | None:
        source = self.tree.get(body.path.removeprefix(self._settings.content_root))
        job = self._job(source) if source else None
        if job is None or job.key + HTML != body.key:
            return None
        _, html = parse(job)
        self._memo.store.put(body.key, html)
        return html.decode()

    def _key(self, path: str, content: str) -> str:
        form = "html" if is_html(path) else ""
        return digest(f"{self._about}{self.tree.kind(path)}{form}{content}".encode())

    def _job(self, source: Source) -> Job:
        kind, settings = self.tree.kind(source.file), self._settings
        key = self._key(source.file, _content(source))
        how = self.engine, source.made, is_html(source.file), settings.trust_html
        zone, is_kept = settings.timezone, bool(source.content)
        return Job(key, kind, source.part, source.problem, zone, source.habits, *how, is_kept)


def _content(source: Source) -> str:
    return source.content if source.made is None else digest(f"{source.content}{source.made}".encode())


HTML = "-html"
"""Ending of the store's key for a body: the rest is the key of what its source says."""


def keys_of(body: Body) -> tuple[str, str]:
    """The store's keys for a body, and for what its source says."""
    return body.key, body.key.removesuffix(HTML)


def parse(job: Job) -> tuple[Parsed, bytes]:
    """What a source says, and its HTML: a pure function."""
    post: headers.PostHeader | None = None
    author: headers.AuthorHeader | None = None
    problems: tuple[Problem, ...] = (job.problem,) if job.problem else ()
    rendered, shown = Rendered(""), Expanded("")
    if not problems:
        try:
            table = syntax.read(job.part)
            if job.kind == "author":
                author, problems = headers.read_author(table, zone_of(job.timezone))
            else:
                post, problems = headers.read_post(table, zone_of(job.timezone), job.habits)
        except syntax.HeaderError as error:
            problems = (error.problem,)
        except Exception as error:  # a fault of ours that one file shows must not take the others down
            problems = (syntax.unreadable(job.part, error).problem,)
        shown = expanded(job.part.body, job.engine.codes, page_values(post))
        made = shown.text if job.is_html else job.made
        rendered = render(shown.text, job.engine, made, trust_html=job.trust_html)
    down = job.part.body_line - 1
    moved = tuple(structs.replace(it, line=shown.line(it.line) + down) if it.line else it for it in rendered.problems)
    moved += tuple(structs.replace(it, line=it.line + down) for it in shown.problems)
    addresses = tuple(
        structs.replace(it, line=shown.line(it.line) + down) if it.line else it for it in rendered.addresses
    )
    facts = rendered.toc, rendered.minutes, rendered.summary, addresses
    return Parsed(post, author, job.key + HTML, *facts, problems=(*problems, *moved)), rendered.html.encode()


def page_values(post: headers.PostHeader | None) -> dict[str, str]:
    """What templates of other programs call the values of a page."""
    if post is None:
        return {}
    cover = post.cover.src if post.cover else ""
    names = {"title": post.title, "description": post.summary, "excerpt": post.summary, "subtitle": post.dek}
    return {f"page.{name}": value for name, value in (names | {"image": cover, "cover": cover}).items() if value}


def _packed(job: Job) -> Result:
    """The same as bytes, as the store keeps them: pickling the values on their way would take ten times as long."""
    parsed, html = parse(job)
    return Result(_encoder.encode(parsed), {job.key + HTML: html}, job.is_kept)


_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(Parsed)
