"""Origins: the files and settings that a page comes from, and where in them what counts is written."""

import datetime as dt
import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import jinja2
import msgspec
from jinja2 import nodes

from byline.frontmatter import syntax
from byline.frontmatter.headers import PostHeader, read_post
from byline.models import Author, PlainPage, Post, Teaser
from byline.settings.file import FILE_NAME, PREFIX
from byline.settings.places import Places
from byline.site import Site
from byline.web.jinja.reads import NOTHING
from byline.web.live import LiveSite, Snapshot
from byline.web.page import Head, Masthead
from byline.web.responses import Answer, FileAnswer, PageAnswer

KINDS = {nodes.Extends: "extends", nodes.Include: "includes", nodes.Import: "imports", nodes.FromImport: "imports"}
"""How one template uses another."""


class Origins:
    """Where the pages of `snapshot` come from."""

    def __init__(self, live: LiveSite, snapshot: Snapshot) -> None:
        self._live = live
        self._site = snapshot.site
        self._templates = snapshot.templates
        path = live.folder / FILE_NAME
        self._places = Places(path.read_text(encoding="utf-8") if path.is_file() else "")

    def files(self, context: Mapping[str, object]) -> tuple[list[str], list[str]]:
        """The files whose text a page with `context` is, and those of the texts that it shows or names besides."""
        own = [path for name in ("post", "page", "author") if (path := getattr(context.get(name), "path", ""))]
        others = dict.fromkeys(self._named(tuple(context.values())))
        return own, [path for path in others if path not in own]

    def _named(self, value: object) -> Iterator[str]:
        """The files of all texts in `value`, in order."""
        if isinstance(value, Head | Masthead):  # they are on every page, and lead to lists
            return
        if isinstance(value, tuple):
            for item in value:
                yield from self._named(item)
        elif isinstance(value, Author):
            yield from (value.path,) if value.path else ()
        elif isinstance(value, msgspec.Struct):
            item = self._site.by_url.get(getattr(value, "url", ""))
            if item:
                yield item.path
            if not isinstance(value, Teaser | Post | PlainPage):
                yield from self._named(msgspec.structs.astuple(value))

    def users(self, url: str) -> list[str]:
        """The files of the texts that show or link to the file at `url`."""
        found = [item.path for item in self._site.by_url.values() if any(url in text for text in _addresses(item))]
        found += [one.path for one in self._site.all_authors if one.path and one.avatar and url in str(one.avatar)]
        return sorted(set(found))

    def templates(self, name: str) -> Iterator[tuple[str, str]]:
        """The template `name` and all others that it uses, each once, with how: the site's are in templates/."""
        sources = self._templates.sources
        yield "template", sources[name].path if name in sources else f"{name}, which is missing"
        found: dict[str, dict[str, None]] = {kind: {} for kind in KINDS.values()}
        seen, waiting = {name}, [name]
        while waiting:
            for kind, other in self._used_by(waiting.pop(0)):
                if other not in seen and other in sources:
                    seen.add(other)
                    waiting.append(other)
                    found[kind][sources[other].path] = None
        yield from ((kind, ", ".join(paths)) for kind, paths in found.items() if paths)
        asked = self._asked(name)
        if asked:
            yield "asks for", asked

    def _used_by(self, name: str) -> Iterator[tuple[str, str]]:
        """What the template `name` extends, includes and imports, where that is written out."""
        environment = self._templates.environment(self._templates.language)
        try:
            tree = environment.parse(self._templates.sources[name].text)
        except (KeyError, jinja2.TemplateSyntaxError):  # `flask check` tells of it
            return
        for kind, word in KINDS.items():
            for node in tree.find_all(kind):
                constant = getattr(node.template, "value", ())  # type: ignore[attr-defined]
                named = [item.value for item in getattr(node.template, "items", ()) if isinstance(item, nodes.Const)]  # type: ignore[attr-defined]
                for other in [constant] if isinstance(constant, str) else [*constant, *named]:
                    yield word, environment.join_path(other, name)

    def _asked(self, name: str) -> str:
        """What a template takes from the whole site besides what it is given."""
        reads = self._templates.reads(name)
        if reads == NOTHING:
            return ""
        latest = ["the latest stories"] if reads.calls is None or reads.calls else []
        data = ["any file in data/"] if reads.names is None else [f"data/{one}" for one in sorted(reads.names)]
        return ", ".join([*latest, *data])

    def settings(self, keys: Iterable[str]) -> Iterator[str]:
        """Each of these settings, those last that are not set and have no value to show."""
        unset = [key for key in keys if not self._place_in(key) and not self._shown(key)]
        yield from (self.setting(key) for key in keys if key not in unset)
        if unset:
            yield f"not set: {', '.join(unset)}"

    def setting(self, key: str) -> str:
        """A setting with its value, if that is short, and where that is from."""
        value = self._shown(key)
        return f"{key}{f' = {value}' if value else ''} ({self._place_in(key) or 'the default'})"

    def _shown(self, key: str) -> str:
        """The value of a setting; empty if that is nothing, or a table or a list."""
        value = getattr(self._site.settings, key)
        return msgspec.json.encode(value).decode() if isinstance(value, int | str) and value != "" else ""

    def _place_in(self, key: str) -> str:
        """Where a setting is; empty if it is not set."""
        variable = f"{PREFIX}_{key.upper()}"
        if variable in os.environ:
            return f"{variable} in the environment"
        return f"{FILE_NAME}:{self._places.at((key,))[0]}" if self._places.has((key,)) else ""

    def place_of(self, source: str) -> str:
        """The place of a line of `redirects`."""
        place = self._site.settings.places.get(source)
        return f"{FILE_NAME}:{place[0]}" if place else f"{PREFIX}_REDIRECTS in the environment"

    def header(self, path: str) -> PostHeader | None:
        """The header of a text; None if it cannot be read now."""
        file = path.removeprefix(self._site.settings.content_root)
        source = self._live.tree.get(file)
        try:
            table = syntax.read(source.part) if source and not source.problem else None
        except syntax.HeaderError:
            return None
        return None if table is None else read_post(table, self._site.settings.zone, self._live.tree.dialect.habits)[0]

    def place(self, path: str, *keys: str) -> str:
        """File and line of the first of `keys` that the header at `path` has, or the file alone."""
        header = self.header(path)
        places = header.places if header else {}
        line = next((places[key][0] for key in keys if key in places), 0)
        return f"{path}:{line}" if line else path

    def why_not(self, item: Post | PlainPage, site: Site) -> str:
        """Why `item`, which is in `site` with drafts, is not published."""
        kept = next((it for it in site.problems if it.path == item.path and it.code == "kept-back"), None)
        if item.status == "draft" and kept:
            return str(kept)
        if item.status == "draft":
            return f"it is a draft ({self.place(item.path, 'draft')})"
        zone = site.settings.zone
        header = self.header(item.path)
        if item.status == "expired" and header and header.expires:
            return f"it expired {_told(header.expires.astimezone(zone))} ({self.place(item.path, 'expires')})"
        date = item.date if isinstance(item, Post) else header.date if header else None
        when = f" {_told(date.astimezone(zone))}" if date else " later"
        return f"it appears{when} ({self.place(item.path, 'date')})"

    def touched(self, answer: Answer, since: dt.datetime) -> list[str]:
        """Those of the site's own files that are known to be behind `answer` and were saved after `since`."""
        paths: list[str] = [FILE_NAME]
        if isinstance(answer, FileAnswer) and answer.file.source:
            paths.append(answer.file.source)
        elif isinstance(answer, PageAnswer):
            own, shown = self.files(answer.context)
            templates = ", ".join(text for _, text in self.templates(self._templates.choose(answer.templates)))
            paths += [*own, *shown, *(path for path in templates.split(", ") if path.startswith("templates/"))]
        return [path for path in dict.fromkeys(paths) if _saved(self._real(path)) > since.timestamp()]

    def _real(self, path: str) -> Path:
        root = self._site.settings.content_root
        is_content = path.startswith(root) and not path.startswith(("templates/", "static/", "public/", FILE_NAME))
        is_file = is_content or path.startswith(("static/", "public/"))
        return Path(self._live.source_path(path)) if is_file else self._live.folder / path


def _addresses(item: Post | PlainPage) -> Iterator[str]:
    """Everything in a text that holds addresses of files."""
    yield from (*item.body.attributes, *item.body.sources)
    if isinstance(item, Post):
        for picture in filter(None, (item.cover, item.card)):
            yield from (picture.url, picture.srcset, picture.avif)


def _saved(path: Path) -> float:
    """When a file was last saved, in seconds; 0 if it is not there."""
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0


def _told(moment: dt.datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M}"
