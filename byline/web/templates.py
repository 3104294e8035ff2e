"""Templates: everything besides the content that decides what a page looks like, fixed at one moment.

They are read once; the same bytes feed the loader and the digest. A template sees its context and
the names declared here, but not the request, the clock or chance.
"""

import datetime as dt
import functools
import re
import traceback
from collections.abc import Callable, Mapping, MutableMapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

import jinja2
import msgspec
from babel.dates import format_date
from markupsafe import Markup

from byline.markdown import embeds, figures
from byline.models import Body, File
from byline.problems import Problem, SiteError, merge_conflict
from byline.storage.files import walk
from byline.storage.fingerprint import digest, fingerprint
from byline.urls import Urls, scheme_of
from byline.web.host import Host
from byline.web.languages import (
    FOLDER,
    Language,
    Languages,
    Source,
    direction,
    locale_of,
    news_language,
    own_name,
    with_country,
)
from byline.web.page import Head, Masthead

MEMOS = 16_384
"""Texts that `memo` keeps, a kilobyte each."""
VERSION_CHARACTERS = 12
"""Of a static file's digest, in `?v=`."""

_STATIC_NAME = re.compile(
    r"""\bstatic\(\s*(?:'([^']+)'|"([^"]+)")\s*\)|(?:'([^']+)'|"([^"]+)")\s+is\s+(?:not\s+)?static\b"""
)
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML cannot hold, not even escaped (https://www.w3.org/TR/xml/#charsets); one alone ends a feed."""

SCRIPTS = {'<figure class="embed ': "embeds.js", '<a class="enlarge"': "gallery.js"}
"""What in a text needs a script of its own, and which."""
APP = "app/"
"""Before the names of the app's own templates."""


class Outdated(Exception):
    """A file on disk has changed since the snapshot: the answer must come from a new snapshot."""


class Templates:
    """Renders pages. Two sets with one `digest` render equal contexts to equal bytes.

    `sources` maps names to texts; `assets` has the digest of each static file that they link to, by its name.
    """

    def __init__(
        self,
        sources: Mapping[str, Source],
        urls: Urls,
        static: Mapping[str, File],
        code: str,
        html_of: Callable[[Body, str], str],
        host: Host,
    ) -> None:
        self._urls = urls
        settings = urls.settings
        self.sources = sources
        assets = _assets_of(sources) | set(SCRIPTS.values())
        self.assets = {name: static[name].content for name in assets if name in static}
        self.language = settings.language
        self._languages = Languages(sources, settings.language, tuple(settings.languages))
        self._html_of = html_of
        self._host = host
        self._plain = self._environment()
        self._environments: dict[str, jinja2.Environment] = {}
        texts = tuple(sorted((name, source.path, digest(source.text.encode())) for name, source in sources.items()))
        options = msgspec.json.encode(settings, order="sorted")
        self.digest = fingerprint(code, texts, options, tuple(sorted(self.assets.items())), host.digest)

    def choose(self, names: tuple[str, ...]) -> str:
        """The first of `names` that has a template; the last one must exist."""
        return next((name for name in names if name in self.sources), names[-1])

    def has(self, name: str) -> bool:
        return self.choose((name, "")) == name

    def render(self, template: str, context: Mapping[str, object]) -> bytes:
        """The page's bytes. Raises a SiteError that names the template and the line where it failed."""
        try:
            head = context.get("head")
            masthead = context.get("masthead")
            language = masthead.lang if isinstance(masthead, Masthead) else self.language
            language = head.lang if isinstance(head, Head) else language
            text = self.environment(language).get_template(template).render(context)
            return (_NOT_XML.sub("", text) if template.endswith(".xml") else text).encode()
        except Outdated:
            raise
        except Exception as error:  # a template can raise anything: it calls filters, methods and operators
            raise SiteError(str(fault_of(error))) from error

    def environment(self, code: str) -> jinja2.Environment:
        """Jinja for pages in the language `code`: with the same templates, but its own dates and texts."""
        environment = self._environments.get(code)
        if environment is None:
            language = self._languages.of(code)
            environment = self._plain.overlay()
            words = {"t": language.say, "language": language, "direction": direction, "spoken": language.spoken}
            environment.globals = self._plain.globals | words
            environment.filters = self._plain.filters | {
                "long_date": functools.partial(long_date, language=language.code),
                "body": lambda body: self._body(body, language),
                "feed_body": lambda body, url: language.in_body(self._html_of(body, url)),
            }
            self._environments[code] = environment
        return environment

    def _body(self, body: Body, language: Language) -> Markup:
        html = language.in_body(self._html_of(body, ""))
        html = embeds.with_players(html, self._urls.settings.embeds, language.offered)
        html = figures.arranged(html, language.say)
        needed = [name for mark, name in SCRIPTS.items() if mark in html]
        html += "".join(f'\n<script src="{self._static(name)}" type="module"></script>' for name in needed)
        return Markup(html)  # noqa: S704 - sanitised, or trusted by the owner's setting

    def _source(self, name: str) -> tuple[str, str, Callable[[], bool]] | None:
        """Text and file name of a template, as Jinja's FunctionLoader wants them; the name shows in tracebacks."""
        source = self.sources.get(name)
        return None if source is None else (*source, lambda: True)

    def _environment(self) -> jinja2.Environment:
        environment = _Environment(
            loader=jinja2.FunctionLoader(self._source),
            autoescape=jinja2.select_autoescape(("html", "xml")),
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
            cache_size=-1,
            auto_reload=False,
        )
        # Jinja's own function escapes everything that is not ASCII, and takes ten times as long.
        environment.policies |= {"json.dumps_function": _json, "json.dumps_kwargs": {}}
        for name in ("lipsum",):
            del environment.globals[name]
        for name in ("random",):
            del environment.filters[name]
        environment.tests["static"] = self.assets.__contains__
        origin = self._urls.origin
        environment.globals |= {"static": self._static, "memo": functools.lru_cache(MEMOS)(_made)}
        environment.filters |= {
            "absolute": lambda url: url if scheme_of(url) else "https:" + url if url.startswith("//") else origin + url,
            "iso": dt.datetime.isoformat,
            "locale": with_country,
            "language_name": own_name,
            "news_language": news_language,
        }
        environment.app_templates = frozenset(name for name in self.sources if name.startswith(APP))
        environment.globals |= self._host.globals
        environment.filters |= self._host.filters
        environment.tests |= self._host.tests
        return environment

    def _static(self, name: str) -> str:
        """The URL of a file in static/, with its version, so that browsers may keep it for ever."""
        version = self.assets.get(name)
        if version is None:
            hint = f"static({name!r}): there is no such file, or its name is not written out in the template"
            raise jinja2.UndefinedError(hint)
        return f"{self._urls.base}/static/{name}?v={version[:VERSION_CHARACTERS]}"


class _Environment(jinja2.Environment):
    app_templates: frozenset[str] = frozenset()

    def join_path(self, template: str, parent: str) -> str:
        """The app's templates name each other without `app/`."""
        own = f"{APP}{template}"
        return own if parent.startswith(APP) and own in self.app_templates else template

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """One plain dict: Jinja's chain of two would be walked for every page and everything that it includes."""
        return {**self.globals, **(d or {})}


def read_templates(theme: Path, texts: Path, own: Path, *app: Path) -> tuple[Mapping[str, Source], list[Problem]]:
    """Every template by its name, and what cannot be used.

    A site's own template wins over the theme's of the same name, which is still available as `theme/<name>`; those of
    the `app` around it, if it has a folder of its own, are `app/<name>`.
    """
    sources: dict[str, Source] = {}
    problems: list[Problem] = []
    folders = [(theme, "", "theme/"), (texts, FOLDER, "theme/"), (own, "", "templates/")]
    for folder, prefix, shown in folders + [(folder, APP, "") for folder in app]:
        for entry in walk(folder):
            if isinstance(entry, Problem):
                problems.append(entry.at(f"{shown}{prefix}{entry.path}"))
                continue
            path = f"{shown}{prefix}{entry.path}"
            try:
                source = Source(Path(entry.real).read_bytes().decode(), path)
            except (OSError, UnicodeDecodeError) as error:
                problems.append(Problem(path, 1, 1, "unreadable", str(error), "save it as UTF-8"))
                continue
            conflict = merge_conflict(path, source.text)
            if conflict:  # the theme's own is better than lines of signs
                problems.append(conflict)
                continue
            sources[prefix + entry.path] = source
            if shown == "theme/":
                sources[path] = source
    return MappingProxyType(sources), problems


def long_date(moment: dt.date, language: str = "en") -> str:
    """A date in words: "3 April 2025" as the language writes it."""
    return _in_words(moment.year, moment.month, moment.day, language)


@functools.lru_cache(maxsize=4096)
def _in_words(year: int, month: int, day: int, language: str) -> str:
    # Every list that shows a story shows its date.
    return format_date(dt.date(year, month, day), "long", locale=locale_of(language))


def _made(macro: Callable[..., Markup], *values: object, **named: object) -> Markup:
    """The output of `macro` for values. It sees nothing else, so it is cached by them: one story is on many pages.

    Each language has its own macros. They do not know which template calls them, so they always escape for HTML.
    """
    return macro(*values, **named)


def _json(value: object) -> str:
    return msgspec.json.encode(value, enc_hook=str, order="sorted").decode()


def fault_of(error: Exception) -> Problem:
    """The problem at the line where `error` arose, in the innermost template of its traceback."""
    if isinstance(error, jinja2.TemplateNotFound):
        return Problem(f"templates/{error.name}", 1, 1, "missing-template", f"{error.name} is missing", "restore it")
    path, line = "templates", 1
    if isinstance(error, jinja2.TemplateSyntaxError):
        path, line = error.filename or path, error.lineno
    else:
        frames = traceback.extract_tb(error.__traceback__)
        inside = [frame for frame in frames if frame.filename.startswith(("templates/", "theme/", APP))]
        if inside:
            path, line = inside[-1].filename, inside[-1].lineno or 1
    return Problem(path, line, 1, "template", str(error) or type(error).__name__, "fix the template")


def _assets_of(sources: Mapping[str, Source]) -> set[str]:
    """Names of static files that templates link to or ask about: a change to any other static file changes no page."""
    return {"".join(names) for source in sources.values() for names in _STATIC_NAME.findall(source.text)}
