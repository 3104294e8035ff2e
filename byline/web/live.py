"""The live site: holds the current snapshot and swaps it whole when the content or the clock requires it."""

import concurrent.futures
import contextlib
import dataclasses
import datetime as dt
import gc
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from html import escape
from pathlib import Path, PurePosixPath
from typing import Any

import msgspec
from msgspec import structs

from byline.content.bodies import filled_body
from byline.content.build import build_site
from byline.content.compose import Memory
from byline.content.reader import Reader
from byline.content.sources import Collection, Source, SourceTree
from byline.content.twins import twin_of
from byline.dialects.dialect import BYLINE, Dialect
from byline.markdown.engines import Engine
from byline.markdown.render import filled, render
from byline.markdown.shortcodes.expansion import Codes
from byline.media.cards import card
from byline.media.files import FORM_OF_SHEETS, THEME, static_path, walk_public
from byline.media.look import UNSENT
from byline.media.pictures import Size, variants
from byline.models import Body, File, PlainPage, Post
from byline.problems import Problem, SiteError, Unloadable
from byline.settings.file import FILE_NAME
from byline.settings.parties import STATIC
from byline.site import Site
from byline.storage.digests import digest_of, digests_of
from byline.storage.files import TreeFile, real_path, walk
from byline.storage.fingerprint import digest, fingerprint, widened
from byline.storage.memo import Memo
from byline.storage.store import Store
from byline.storage.streams import Stream
from byline.urls import Urls
from byline.web.host import Host
from byline.web.jinja.data import FOLDER, read_data
from byline.web.languages import Source as Text
from byline.web.search import SearchIndex
from byline.web.templates import Outdated, Templates, read_templates

DEFAULT_TEMPLATES = ("", "article", "default", "page", "post")
"""Names that mean no special template; blogs that move to Byline have them in every header."""

LARGE = 1_000_000
"""Bytes above which a file is sent from the disk."""

Clock = Callable[[], dt.datetime]


@dataclasses.dataclass(frozen=True, eq=False)
class Snapshot:
    """A site and the templates that print it. `digest` identifies every byte of every page."""

    site: Site
    templates: Templates
    digest: str


class LiveSite:
    """`snapshot()` is the site as it should be shown now; `refresh()` says that files may have changed."""

    def __init__(
        self,
        folder: Path,
        urls: Urls,
        store: Store,
        code: str,
        engine: Engine,
        host: Host,
        *,
        drafts: bool,
        clock: Clock,
        warnings: tuple[Problem, ...],
        dialect: Dialect = BYLINE,
    ) -> None:
        self.folder = folder
        self.urls = urls
        self.engine = engine
        self.host = host
        self.settings = settings = urls.settings
        self.pages = folder / settings.pages
        self.public = folder / dialect.public
        own_static = [] if self.public == folder / "static" else [folder / "static"]
        self.static_folders: Sequence[Path] = (THEME / "static", *own_static)
        self.template_folders = (
            THEME / "templates",
            THEME / "texts",
            folder / "templates",
            *host.template_folders(folder),
        )
        self.data = folder / FOLDER
        self.rules: Sequence[Callable[[Any], Iterator[Any]]] = ()
        """Functions of the app that are rules of the check."""
        self.store = store
        self.shows_drafts = drafts
        self.clock = clock
        self.is_live = True
        self.trouble = ""
        self._code = widened(widened(code, folder, self.pages), host.root, self.pages)
        self._warnings = warnings
        self._lock, self._waiting = threading.RLock(), threading.RLock()
        self._current: Snapshot | None = None
        self._templates: Templates | None = None
        self._memory: Memory | None = None
        self.tree = SourceTree(self.pages, dialect)
        self.tree.zone = settings.zone
        self.tree.shown = self._shown
        self.collection = Collection(self.tree, self._files)
        # GitHub's engine is ours alone; extensions of the other one may be anybody's code.
        self._shortcodes = THEME / "shortcodes", folder / settings.markdown.shortcodes
        self._codes = Codes(
            values=(("site.baseurl", ""), ("site.url", urls.origin), ("site.title", settings.title)),
            is_liquid=dialect.is_liquid,
            has_boxes=engine.name == "github",
        )
        self.memo = Memo(store, code if engine.name == "github" else self._code)
        self.reader = Reader(self.tree, settings, engine, self.memo)
        self._encoder = concurrent.futures.ThreadPoolExecutor(1)
        self._searches = self._indexes(code)
        if not self.pages.is_dir():
            raise SiteError(f"{self.pages}: there is no such folder; set `pages` in site.toml or BYLINE_PAGES")

    @contextlib.contextmanager
    def fixed(self, now: dt.datetime, *, drafts: bool = False) -> Iterator[Snapshot]:
        """The site as of the moment `now`, for as long as the context lasts."""
        before = self.clock, self.shows_drafts, self.is_live
        self.clock, self.shows_drafts, self.is_live = (lambda: now), drafts, False
        self.refresh()
        try:
            yield self.snapshot()
        finally:
            self.clock, self.shows_drafts, self.is_live = before
            self.refresh()

    def snapshot(self) -> Snapshot:
        """The current snapshot; a new one if files have changed or its time is over. Safe from any thread.

        Raises Unloadable, whatever keeps the site from being read: the folder may hold anything.
        """
        if self.trouble:
            raise Unloadable(self.trouble)
        current = self._current
        if current is not None and not self._is_over(current):
            return current
        with self._waiting:  # apart from `_lock`, so that who waits for a snapshot does not then wait for `at`
            if self._current is None or self._is_over(self._current):
                try:
                    with self._lock:
                        self._current = self._take(self.clock(), self.shows_drafts, self._memory)
                except Exception as error:
                    is_known = isinstance(error, SiteError)
                    text = str(error) if is_known else f"the site cannot be read: {type(error).__name__}: {error}"
                    raise Unloadable(text) from (None if is_known else error)
            return self._current

    def remember(self) -> None:
        """Keep in memory what a snapshot was made from, so that the next one reads only what has changed.

        For a server that watches its files: an edit among 10,000 posts then takes a third of the time.
        """
        self._memory = Memory()
        self.memo.remember()

    def refresh(self) -> None:
        """Make the next `snapshot()` read the files again."""
        with self._waiting:
            self._current = None

    def inputs(self, *options: bool) -> str:
        """Digest of everything that a site with `options` is made from, except the clock.

        Files that have not changed, by what the disk says, are not read. Empty if anything cannot be used or read.
        """
        if self.engine.is_custom or not self.host.is_alone:
            return ""
        contents: list[tuple[tuple[str, str], ...]] = []
        folders = *self.static_folders, *self.template_folders, *self._shortcodes, self.data
        trees = [walk(folder) for folder in folders]
        for tree in (self.tree.walk(), *trees, walk_public(self.public)):
            entries = list(tree)
            files = [file for file in entries if not isinstance(file, Problem)]
            digests = digests_of(files, self.memo)
            if len(files) < len(entries) or not all(digests.values()):
                return ""
            contents.append(tuple(digests.items()))
        people = [self.pages / path for path in self.tree.dialect.people]
        contents.append(tuple((path.name, digest(path.read_bytes())) for path in people if path.is_file()))
        settings = msgspec.json.encode(self.settings, order="sorted")
        return fingerprint(self._code, settings, self.tree.dialect, self._warnings, options, tuple(contents))

    def html_of(self, body: Body, url: str = "") -> str:
        """The HTML of `body` for its page; with the page's `url`, for a feed.

        Raises Outdated if the store has lost it and the source has changed since.
        """
        html = self.reader.html(body)
        if html is None:
            raise Outdated(body.path)
        return filled_body(html, body, self.urls.origin if url else "", url)

    def twin_of(self, body: Body, url: str) -> str:
        """The Markdown of `body`, whose page is at `url`. Raises Outdated if the source has changed since."""
        written = self.reader.written(body)
        if written is None:
            raise Outdated(body.path)
        return twin_of(*written, body.attributes, self.urls.origin, url)

    def _indexes(self, code: str) -> Mapping[str, SearchIndex]:
        folder, main = self.store.folder if self.store.is_persistent else None, self.settings.language
        return {it: SearchIndex(folder, code, it or main, self.html_of) for it in ("", *self.settings.languages)}

    def search_in(self, language: str) -> SearchIndex:
        """The index of what is in that language, a key of the setting `languages`; of the main one if it is empty."""
        return self._searches[language]

    def _files(self) -> set[str]:
        """The content files that readers may see now."""
        site = self.snapshot().site
        paths = (item.path for item in (*site.by_url.values(), *site.all_authors))
        return {path.removeprefix(self.settings.content_root) for path in paths}

    def _shown(self, source: Source) -> str:
        """The HTML of a page of the collection: as readers get it, or as it is typed if it is not published."""
        path = self.settings.content_root + source.file
        site = self.snapshot().site
        bodies = [item.body for item in site.by_url.values() if item.path == path]
        bodies += [author.body for author in site.all_authors if author.path == path and author.body]
        if bodies:
            return self.html_of(bodies[0])
        rendered = render(source.body, self.engine, source.made, trust_html=self.settings.trust_html)
        return filled(rendered.html, tuple(f' {it.attribute}="{escape(it.value)}"' for it in rendered.addresses))

    def stream_of(self, file: File) -> Stream | None:
        """A large file that is published as it is, open to be sent in pieces; None for any other.

        Raises Outdated if it has changed or gone.
        """
        if file.form or file.words:
            return None
        try:
            stream = Stream(self.source_path(file.source))
        except OSError:
            raise Outdated(file.source) from None
        if stream.size > LARGE and digest_of(stream, self.memo) == file.content:
            return stream
        stream.close()
        if stream.size > LARGE:
            raise Outdated(file.source)
        return None

    def bytes_of(self, file: File) -> bytes:
        """The content of a published file. Raises Outdated if it has changed or gone."""
        if file.form and file.form != FORM_OF_SHEETS:
            kept = self.store.get_file(file.content)
            if kept is not None:
                return kept
        if file.words and not file.source:
            return self._kept(file, card(*file.words))
        if file.form and file.form != FORM_OF_SHEETS:
            return self.make_variants([file])[0]
        data = self._source_of(file)
        return UNSENT.sub(b"", data) + "".join(file.words).encode() if file.form else data

    def picture_job(self, files: Sequence[File]) -> tuple[bytes, list[Size]]:
        """The source of variants of one picture, and their forms and widths. Raises Outdated."""
        return self._source_of(files[0]), [(file.form, file.width) for file in files]

    def make_variants(self, files: Sequence[File]) -> list[bytes]:
        """Variants of one picture, which the store keeps from then on. Raises Outdated, or SiteError if one fails."""
        try:
            made = variants(*self.picture_job(files))
        except ValueError as error:
            forms = "/".join(sorted({file.form for file in files}))
            raise SiteError(f"{files[0].source}: cannot be encoded into {forms}: {error}") from None
        return [self._kept(file, made[file.form, file.width]) for file in files]

    def _source_of(self, file: File) -> bytes:
        try:
            data = Path(self.source_path(file.source)).read_bytes()
        except OSError:
            raise Outdated(file.source) from None
        if digest(data) != (file.origin or file.content):
            raise Outdated(file.source)
        return data

    def source_path(self, source: str) -> str:
        """The file on disk for `source`, a path relative to the site's folder as people see it."""
        if source.startswith("static/"):
            return static_path(self.static_folders, source.removeprefix("static/"))
        if source.startswith("public/"):
            return real_path(self.public, source.removeprefix("public/"))
        return real_path(self.pages, source.removeprefix(self.settings.content_root))

    def is_ready(self, file: File) -> bool:
        """Whether `bytes_of` answers without encoding AVIF, which no reader must wait for. If not, it soon will."""
        if not self.is_live or file.form != "avif" or self.store.has_file(file.content):
            return True
        self._encoder.submit(self.bytes_of, file)
        return False

    def _kept(self, file: File, data: bytes) -> bytes:
        self.store.put_file(file.content, data)
        return data

    def _is_over(self, snapshot: Snapshot) -> bool:
        until = snapshot.site.valid_until
        return until is not None and self.clock() >= until

    def at(self, now: dt.datetime, *, drafts: bool = False) -> Snapshot:
        """The site as of `now`; it does not become the current one."""
        with self._lock:
            return self._take(now, drafts, memory=None)

    def _take(self, now: dt.datetime, drafts: bool, memory: Memory | None) -> Snapshot:
        self.store.fill()
        with _uncollected():
            bad_shortcodes = self._read_shortcodes()
            site = build_site(
                self.reader,
                self.memo,
                self.urls,
                self.static_folders,
                self.public,
                now,
                drafts=drafts,
                memory=memory,
            )
        self.store.flush()
        sources, faults = read_templates(*self.template_folders)
        templates = self._current_templates(sources, site)
        problems = {*site.problems, *self._warnings, *faults, *bad_shortcodes, *templates.problems}
        data, bad_data = read_data(self.data)
        problems |= {*_unknown_templates(site, templates), *_weighed(bad_data, templates)}
        problems |= {*_missing_scripts(site)}
        if self.tree.dialect.public != "public":
            problems = {_placed(problem, self.tree.dialect.public) for problem in problems}
        site = dataclasses.replace(site, problems=tuple(sorted(problems)), others=self.host, data=data)
        return Snapshot(site, templates, fingerprint(site.digest, templates.digest))

    def _read_shortcodes(self) -> list[Problem]:
        """Read the templates of shortcodes: the theme's, and the site's, which win. Problems with those that cannot be
        read, without which the site is shown."""
        texts, problems = {}, []
        for folder in self._shortcodes:
            for file in walk(folder):
                if not isinstance(file, TreeFile) or not file.path.endswith(".html"):
                    continue
                try:
                    texts[Path(file.path).stem] = Path(file.real).read_text(encoding="utf-8")
                except (OSError, UnicodeDecodeError) as error:
                    problems.append(
                        Problem(f"{folder.name}/{file.path}", 1, 1, "unreadable", str(error), "save it as UTF-8")
                    )
        templates = tuple(sorted(texts.items()))
        engine = structs.replace(self.engine, codes=structs.replace(self._codes, templates=templates))
        if engine != self.engine:
            self.engine = engine
            self.reader.read_with(engine)
        return problems

    def _current_templates(self, sources: Mapping[str, Text], site: Site) -> Templates:
        """The compiled templates we have, if new ones would be the same."""
        owned = (file for file in site.files.values() if file.source.startswith("static/"))
        static = {file.source.removeprefix("static/"): file for file in owned}
        templates = Templates(sources, self.urls, static, self._code, self.html_of, self.twin_of, self.host, site.look)
        if self._templates is None or self._templates.digest != templates.digest:
            self._templates = templates
        return self._templates


@contextlib.contextmanager
def _uncollected() -> Iterator[None]:
    """Without garbage collection: all values of a snapshot stay, and walking them takes a quarter of the time."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _placed(problem: Problem, folder: str) -> Problem:
    """`problem` with the path of its file, where another folder stands for public/."""
    if not problem.path.startswith("public/"):
        return problem
    return structs.replace(problem, path=f"{folder}/{problem.path.removeprefix('public/')}")


def _weighed(problems: list[Problem], templates: Templates) -> Iterator[Problem]:
    """`problems` with data, which is none of ours if no template reads it: an app may have a folder of that name."""
    for problem in problems:
        name = PurePosixPath(problem.path).parts[1].partition(".")[0]
        yield problem if templates.may_read(name) else problem.softened()


def _missing_scripts(site: Site) -> Iterator[Problem]:
    """An error for each script of `[head]` that should be in static/ and is not."""
    known = {f"/{file.source}" for file in site.files.values()}
    for src in (str(script["src"]) for script in site.settings.head.scripts):
        if src.startswith(STATIC) and src not in known:
            line, col = site.settings.places.get(src, (1, 1))
            message, hint = f"{src}, in `head.scripts`, is not there", f"put it into {src[1:]}, or fix the name"
            yield Problem(FILE_NAME, line, col, "missing-script", message, hint)


def _unknown_templates(site: Site, templates: Templates) -> list[Problem]:
    problems = []
    for kind, struct in (("article", Post), ("page", PlainPage)):
        for entry in (item for item in site.by_url.values() if isinstance(item, struct)):
            name = f"{kind}-{entry.template}.html"
            if entry.template not in DEFAULT_TEMPLATES and not templates.has(name):
                message = f"there is no templates/{name}, so {kind}.html is used"
                problem = Problem(entry.path, 1, 1, "unknown-template", message, "remove `template`, or write it")
                problems.append(msgspec.structs.replace(problem, severity="hint"))
    return problems
