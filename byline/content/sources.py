"""Sources: the content folder as Flask-FlatPages' pages, but read by Byline itself.

Flask-FlatPages provides the collection and its `Page`. Files are found and split here, because its own way,
as documented, fails every page for one unreadable file, guesses headers, returns dates in three types and
publishes private files.
"""

import codecs
import datetime as dt
import functools
import posixpath
from collections.abc import Callable, Container, Iterator, Mapping
from pathlib import Path
from typing import Any

from flask import Flask
from flask_flatpages import FlatPages, Page
from msgspec import structs
from werkzeug.utils import import_string

from byline.dialects.dialect import BYLINE, Dialect
from byline.frontmatter import syntax
from byline.frontmatter.headers import NO_HABITS, AuthorHeader, PostHeader, is_known, read_author, read_post
from byline.frontmatter.keys import names_of, normal
from byline.problems import Problem, SiteError
from byline.settings.file import FILE_NAME
from byline.settings.settings import Settings
from byline.storage import files
from byline.storage.fingerprint import digest
from byline.storage.zones import zone_of

SUFFIXES = (".md", ".markdown", ".mdown", ".mkd", ".mdx")
"""Endings of texts in Markdown."""
HTML = (".html", ".htm")
MAX_BYTES = 4_000_000
KNOWN = 100_000
"""Paths whose kind is kept in memory."""


REFUSED: Mapping[str, tuple[tuple[object, ...], str]] = {
    "FLATPAGES_EXTENSION": ((".md", (".md",), [".md"]), "Byline reads .md, .markdown and .mdx: rename the files"),
    "FLATPAGES_ENCODING": (("utf-8", "utf8", "UTF-8"), "Byline reads UTF-8 only: convert the files"),
    "FLATPAGES_AUTO_RELOAD": (
        ("if debug", False),
        "Byline sees changes in debug mode, and a server when it is reloaded",
    ),
    "FLATPAGES_CASE_INSENSITIVE": ((False,), "Byline's paths differ by case; give old addresses as `aliases`"),
    "FLATPAGES_INSTANCE_RELATIVE": ((False,), "give FLATPAGES_ROOT the whole path of the folder"),
    "FLATPAGES_LEGACY_META_PARSER": ((False,), "put `---` above and below each header"),
}
"""Settings of Flask-FlatPages that only these values can have here, and what to do about others."""


def pages_setting(settings: Settings, config: Mapping[str, object]) -> Settings:
    """`settings` with the content folder that the app's config names, if it does.

    Raises SiteError for a setting of Flask-FlatPages that would have no effect, or that contradicts site.toml.
    """
    for key, (values, hint) in REFUSED.items():
        if key in config and config[key] not in values:
            raise SiteError(f"{key} in the app's config is {config[key]!r}, which has no effect: {hint}")
    root = config.get("FLATPAGES_ROOT")
    if root is None:
        return settings
    if settings.pages not in (Settings().pages, root):
        raise SiteError(f"{FILE_NAME}: `pages` contradicts FLATPAGES_ROOT in the app's config; remove one of them")
    return structs.replace(settings, pages=str(root))


class Source(Page):  # type: ignore[misc]  # Flask-FlatPages has no types
    """A page whose header and body are still text. `problem` says why it has none; `file` is relative to the folder."""

    def __init__(self, file: str, data: bytes | None, part: syntax.Split, problem: Problem | None) -> None:
        super().__init__(stem_of(file), part.header, part.body, None, file.rpartition("/")[0])
        self.made: str | None = None
        """What the app's own renderer made of the body; None if it has none."""
        self.kind = "page"
        self.zone = zone_of("UTC")
        self.habits = NO_HABITS
        self.file = file
        self.part = part
        self.content = "" if data is None else digest(data)
        self.problem = problem

    @functools.cached_property
    def meta(self) -> dict[str, Any]:
        """The header, under its writer's keys and Byline's names for them; typed, with dates in the site's zone."""
        try:
            table = {} if self.problem else syntax.read(self.part)
        except syntax.HeaderError:
            return {}
        is_author = self.kind == "author"
        header = read_author(table, self.zone) if is_author else read_post(table, self.zone, self.habits)
        typed = structs.asdict(header[0])
        typed |= {key: value.astimezone(self.zone) for key, value in typed.items() if isinstance(value, dt.datetime)}
        names = names_of(AuthorHeader if is_author else PostHeader)
        known = {key: names[normal(key)] for key in table if normal(key) in names}
        meta = {key: typed[known[key]] if key in known else typed["extra"].get(key) for key in table}
        return {name: typed[name] for name in known.values()} | meta


class SourceTree(FlatPages):  # type: ignore[misc]
    """The content folder. Iterating reads one file at a time; what is wrong with a file stays with that file."""

    def __init__(self, folder: Path, dialect: Dialect = BYLINE) -> None:
        super().__init__()
        self.folder = folder
        self.dialect = dialect
        self._made: dict[str, tuple[str, str]] | None = None
        self.zone = zone_of("UTC")
        self.shown: Callable[[Source], str] | None = None
        """How a page of the collection becomes HTML."""
        self.kind = functools.lru_cache(KNOWN)(dialect.kind)  # asked for more than once a file at each reading

    @property
    def root(self) -> str:
        return str(self.folder)

    def walk(self) -> Iterator[files.TreeFile | Problem]:
        """Every file that is the site's content, and what cannot be used."""
        return files.walk(self.folder, frozenset(self.dialect.kept), skip=frozenset(self.dialect.skipped))

    def scan(self) -> tuple[list[files.TreeFile], list[files.TreeFile], list[Problem]]:
        """Markdown files, other files, and problems with what cannot be used, each sorted by name."""
        texts: list[files.TreeFile] = []
        others: list[files.TreeFile] = []
        problems: list[Problem] = []
        seen: set[str] = set()
        for entry in self.walk():
            if isinstance(entry, Problem):
                problems.append(entry)
            elif entry.path in seen:
                message = "two files have this name, written in different Unicode forms"
                problems.append(Problem(entry.path, 1, 1, "duplicate-path", message, "remove one of them"))
            else:
                seen.add(entry.path)
                (texts if self._is_text(entry) else others).append(entry)
        return texts, others, problems

    def _is_text(self, file: files.TreeFile) -> bool:
        """Whether it is in Markdown, or, in the dialect of another program, in HTML with a header."""
        if file.path.lower().endswith(SUFFIXES):
            return True
        if self.dialect.is_own or not file.path.lower().endswith(HTML):
            return False
        try:
            with open(file.real, "rb") as opened:
                return opened.read(7).removeprefix(codecs.BOM_UTF8).startswith((b"---\n", b"---\r"))
        except OSError:
            return False

    def __iter__(self) -> Iterator[Source]:
        return (self.load(file) for file in self.scan()[0])

    def get(self, path: str, default: Source | None = None) -> Source | None:  # how the collection is asked for one
        file = next((file for file in self.scan()[0] if path in (stem_of(file.path), file.path)), None)
        return self.load(file) if file else default

    def render_with(self, app: Flask) -> None:
        """From now on the renderer in the config of `app` makes the HTML, as Flask-FlatPages documents it.

        What it makes is kept for this process alone: nobody knows what else it depends on.
        """
        for key, value in FlatPages.default_config:
            if key in ("html_renderer", "markdown_extensions", "extension_configs"):
                app.config.setdefault(f"FLATPAGES_{key.upper()}", value)
        self._app = app
        self._made = {}

    def load(self, file: files.TreeFile) -> Source:
        """Read and split one file. Never raises for the content of a file."""
        source = self._read(file)
        source.kind, source.zone, source.habits = self.kind(file.path), self.zone, self.dialect.habits
        source.html_renderer = self.shown
        if self._made is not None and source.problem is None:
            self._make(source, self._made)
        return source

    def _make(self, source: Source, made: dict[str, tuple[str, str]]) -> None:
        content, html = made.get(source.file, ("", ""))
        if content != source.content:
            try:
                with self._app.app_context():
                    renderer = self.config("html_renderer")
                    renderer = renderer if callable(renderer) else import_string(renderer)
                    source.html_renderer = self._smart_html_renderer(renderer)
                    html = str(source.html)
            except Exception as error:  # of any kind: it is the owner's code
                message = f"the renderer in the app's config failed: {type(error).__name__}: {error}"[:200]
                source.problem = Problem("", 1, 1, "unrenderable", message, "fix the renderer, or what it cannot read")
                return
            made[source.file] = source.content, html
        source.made = html

    def _read(self, file: files.TreeFile) -> Source:
        empty = syntax.Split("none", "", 1, "", 1)
        try:
            with open(file.real, "rb") as opened:
                data = opened.read(MAX_BYTES + 1)
        except OSError as error:
            problem = Problem("", 1, 1, "unreadable", f"cannot be read: {error.strerror}", "check its permissions")
            return Source(file.path, None, empty, problem)
        if len(data) > MAX_BYTES:
            message = f"the file is larger than {MAX_BYTES:,} bytes"
            return Source(file.path, data, empty, Problem("", 1, 1, "too-large", message, "split it"))
        try:
            return Source(file.path, data, syntax.split(self._text(data), is_known), None)
        except syntax.HeaderError as error:
            return Source(file.path, data, empty, error.problem)

    def _text(self, data: bytes) -> str:
        try:
            text = data.removeprefix(codecs.BOM_UTF8).decode()
        except UnicodeDecodeError as error:
            line = data.count(b"\n", 0, error.start) + 1
            col = error.start - data.rfind(b"\n", 0, error.start)
            message = f"byte {data[error.start]:#04x} is not UTF-8"
            raise syntax.HeaderError(line, col, "not-utf-8", message, "save the file as UTF-8") from None
        if "\0" in text:
            line = text.count("\n", 0, text.index("\0")) + 1
            raise syntax.HeaderError(line, 1, "binary", "the file contains binary data", "move it out of pages/")
        return text.replace("\r\n", "\n").replace("\r", "\n")


def is_html(file: str) -> bool:
    """Whether the text at this path is written in HTML."""
    return file.lower().endswith(HTML)


def stem_of(file: str) -> str:
    """The path of a text without its ending."""
    stem, ending = posixpath.splitext(file)
    return stem if ending.lower() in (*SUFFIXES, *HTML) else file


class Collection(FlatPages):  # type: ignore[misc]
    """What is published of a content folder, as Flask-FlatPages' documentation has it, for an app's own pages.

    `shown` gives the files that readers may see now.
    """

    def __init__(self, tree: SourceTree, shown: Callable[[], Container[str]]) -> None:
        super().__init__()
        self._tree = tree
        self._shown = shown

    @property
    def root(self) -> str:
        return self._tree.root

    def __iter__(self) -> Iterator[Source]:
        shown = self._shown()
        return (source for source in self._tree if source.file in shown)

    def get(self, path: str, default: Source | None = None) -> Source | None:
        source = self._tree.get(path)
        return source if source and source.file in self._shown() else default
