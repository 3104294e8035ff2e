"""Templates: everything besides the content that decides what a page looks like, fixed at one moment.

They are read once; the same bytes feed the loader and the digest. A template sees its context and
the names declared here, but not the request, the clock or chance.
"""

import contextlib
import copy
import datetime as dt
import functools
import re
import traceback
from collections.abc import Callable, Mapping, MutableMapping
from pathlib import Path, PurePosixPath
from types import MappingProxyType
from typing import Any
from urllib.parse import urlsplit

import jinja2
import msgspec
from babel.dates import format_date, format_skeleton
from jinja2.environment import TemplateModule
from markupsafe import Markup

from byline.markdown import embeds, figures
from byline.markdown.text import clipped
from byline.media.files import SHOWN_TYPES
from byline.models import VERSION_CHARACTERS, Body, File, Look
from byline.problems import Problem, SiteError, merge_conflict
from byline.settings.file import FILE_NAME
from byline.settings.parties import STATIC
from byline.settings.settings import KEYS, Settings
from byline.site import Site
from byline.storage.files import walk
from byline.storage.fingerprint import digest, fingerprint
from byline.urls import Urls, scheme_of
from byline.web.host import Host
from byline.web.jinja.reads import NOTHING, SEEN, TABLES, DataTable, Reads, Seen, latest, reads_of
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
from byline.web.page import Head, Masthead, theme_of

MEMOS = 16_384
"""Texts that `memo` keeps, a kilobyte each."""

_STATIC_NAME = re.compile(
    r"""\bstatic\(\s*(?:'([^']+)'|"([^"]+)")\s*\)|(?:'([^']+)'|"([^"]+)")\s+is\s+(?:not\s+)?static\b"""
)
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML cannot hold, not even escaped (https://www.w3.org/TR/xml/#charsets); one alone ends a feed."""

SCRIPTS = {'<figure class="embed ': "embeds.js", '<a class="enlarge"': "gallery.js"}
"""What in a text needs a script of its own, and which; and `SHEET`."""
SHEET = "media.css"
OF_NO_PAGE = ("store",)
"""Settings that no page depends on."""
PROGRAM = "Byline, a library of its own or Python code of the site"
LOOK = "the look of stylesheets and `[theme]`"
ADDED = "what the app adds to templates"
APP = "app/"
"""Before the names of the app's own templates."""


class Outdated(Exception):
    """A file on disk has changed since the snapshot: the answer must come from a new snapshot."""


class Templates:
    """Renders pages. Two sets with one `digest` render equal contexts to equal bytes.

    `sources` maps names to texts; `assets` has the digest of each static file that they link to, by its name; `parts`
    has that of everything in `digest`, by what people call it.
    """

    def __init__(
        self,
        sources: Mapping[str, Source],
        urls: Urls,
        static: Mapping[str, File],
        code: str,
        html_of: Callable[[Body, str], str],
        twin_of: Callable[[Body, str], str],
        host: Host,
        look: Look,
    ) -> None:
        self._look = look
        self._urls = urls
        settings = urls.settings
        self.sources = sources
        named = _assets_of(sources) | {str(it["src"]).removeprefix(STATIC) for it in settings.head.scripts}
        named |= {SHEET, *SCRIPTS.values()}
        self.assets = {name: static[name].content for name in named if name in static}
        self.language = settings.language
        self._made = functools.lru_cache(MEMOS)(lambda _mark, macro, *values, **named: macro(*values, **named))
        self._languages = languages = Languages(sources, settings.language, tuple(settings.languages))
        self.problems = tuple(languages.problems)
        self._html_of = html_of
        self._host = host
        self._plain = self._environment(twin_of)
        self._environments: dict[str, jinja2.Environment] = {}
        self.parts = _parts(code, sources, settings, self.assets, look, host)
        self.digest = _digest(self.parts)

    def made_of(self, parts: Mapping[str, str]) -> "Templates":
        """The same, with the digest that these `parts` give: pages then have the tags that they had with those."""
        others = copy.copy(self)
        others.parts, others.digest = parts, _digest(parts)
        return others

    def choose(self, names: tuple[str, ...]) -> str:
        """The first of `names` that has a template; the last one must exist."""
        return next((name for name in names if name in self.sources), names[-1])

    def has(self, name: str) -> bool:
        return self.choose((name, "")) == name

    def may_read(self, name: str) -> bool:
        """Whether any template may read what is called `name` in `data`."""
        return any(reads.may_read(name) for reads in self._reads.values())

    @functools.cached_property
    def _reads(self) -> Mapping[str, Reads]:
        """What each template takes from the site besides its context."""
        tables = (FOLDER, f"theme/{FOLDER}")
        written = {
            name: source.text
            for name, source in self.sources.items()
            if not (name.startswith(tables) and name.endswith(".toml"))  # in which "data" may be a word
        }
        return reads_of(written, self._plain)

    def reads(self, name: str) -> Reads:
        """What the template `name` takes from the site besides its context."""
        return self._reads.get(name, NOTHING)

    def taken(self, name: str, site: Site, context: Mapping[str, object]) -> str:
        """Identifies what the template `name` takes from `site` besides `context`; empty if that is nothing."""
        reads = self.reads(name)
        return "" if reads == NOTHING else _seen(site, context).taken(reads)

    def render(self, template: str, context: Mapping[str, object], site: Site) -> bytes:
        """The page's bytes. Raises a SiteError that names the template and the line where it failed."""
        token = SEEN.set(_seen(site, context))
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
        finally:
            SEEN.reset(token)

    def say(self, code: str, key: str) -> str:
        """The text called `key` of the interface in the language `code`."""
        return self._languages.of(code).say(key)

    def environment(self, code: str) -> jinja2.Environment:
        """Jinja for pages in the language `code`: with the same templates, but its own dates and texts."""
        environment = self._environments.get(code)
        if environment is None:
            language = self._languages.of(code)
            environment = self._plain.overlay()
            words = {"t": language.say, "language": language, "direction": direction, "spoken": language.spoken}
            environment.globals = self._plain.globals | words
            in_words = functools.partial(date_in_words, language=language.code)
            environment.filters = self._plain.filters | {
                "long_date": in_words,
                "short_date": functools.partial(in_words, form="yMMMd"),
                "month_name": functools.partial(in_words, form="LLLL"),
                "body": lambda body: self._body(body, language),
                "feed_body": lambda body, url: language.in_body(self._html_of(body, url)),
            }
            self._environments[code] = environment
        return environment

    def _body(self, body: Body, language: Language) -> Markup:
        html = language.in_body(self._html_of(body, ""))
        html = embeds.with_players(html, self._urls.settings.embeds, language.offered)
        html = figures.arranged(html, language.say)
        marks = [mark for mark in SCRIPTS if mark in html]
        if marks:
            first = min(marks, key=html.index)
            html = html.replace(first, f'<link rel="stylesheet" href="{self._static(SHEET)}">{first}', 1)
        html += "".join(f'\n<script src="{self._static(SCRIPTS[it])}" type="module"></script>' for it in marks)
        return Markup(html)  # noqa: S704 - sanitised, or trusted by the owner's setting

    def _source(self, name: str) -> tuple[str, str, Callable[[], bool]] | None:
        """Text and file name of a template, as Jinja's FunctionLoader wants them; the name shows in tracebacks."""
        source = self.sources.get(name)
        return None if source is None else (*source, lambda: True)

    def _environment(self, twin_of: Callable[[Body, str], str]) -> jinja2.Environment:
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
        theme = theme_of(self._urls.settings, self._look)
        known = {"latest": latest, "data": DataTable(), "memo": self._memo}
        environment.globals |= {"static": self._static, "theme": theme, **known}
        environment.filters |= {
            "absolute": lambda url: url if scheme_of(url) else "https:" + url if url.startswith("//") else origin + url,
            "clipped": clipped,
            "twin": twin_of,
            "iso": lambda moment: moment if isinstance(moment, str) else moment.isoformat(),
            "locale": with_country,
            "language_name": own_name,
            "mimetype": _mimetype,
            "news_language": news_language,
        }
        environment.app_templates = frozenset(name for name in self.sources if name.startswith(APP))
        environment.globals |= self._host.globals
        environment.filters |= self._host.filters
        environment.tests |= self._host.tests
        return environment

    @functools.cached_property
    def _has_open_macros(self) -> bool:
        """Whether any macro may show more than the values that it is given."""
        return any("macro" in self.sources[name].text for name, reads in self._reads.items() if reads != NOTHING)

    def _memo(self, macro: Callable[..., Markup], *values: object, **named: object) -> Markup:
        """The output of `macro` for values. It sees nothing else, so it is cached by them: one story is on many pages.

        Each language has its own macros. They do not know which template calls them, so they always escape for HTML.
        """
        mark = SEEN.get().mark if self._has_open_macros else ""
        made: Markup = self._made(mark, macro, *values, **named)
        return made

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

    def getattr(self, obj: Any, attribute: str) -> Any:
        """Jinja's own, but a key of a table comes before its methods: `data.menu.items`."""
        if type(obj) in TABLES and attribute in obj:
            return obj[attribute]
        try:
            return getattr(obj, attribute)
        except AttributeError:
            pass
        if type(obj) is TemplateModule and hasattr(theirs := self._themes(obj.__name__), attribute):
            return getattr(theirs, attribute)
        try:
            return obj[attribute]
        except (TypeError, LookupError, AttributeError):
            hint = f"there is no data/{attribute}.toml, .yaml, .json or .csv" if type(obj) is DataTable else None
            return self.undefined(hint=hint) if hint else self.undefined(obj=obj, name=attribute)

    def _themes(self, name: str | None) -> TemplateModule | None:
        """The theme's template `name`: a site's copy of it may be from before the theme had all of its macros."""
        with contextlib.suppress(jinja2.TemplateNotFound):
            return self.get_template(f"theme/{name}").module
        return None

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


def date_in_words(moment: dt.date | str, language: str = "en", form: str = "long") -> str:
    """A date, which data may hold as text, in words: "3 April 2025" as the language writes it, or the parts of it that
    `form` names.

    Forms: https://unicode.org/reports/tr35/tr35-dates.html#Date_Field_Symbol_Table
    """
    if isinstance(moment, str):
        moment = dt.datetime.fromisoformat(moment)
    return _in_words(moment.year, moment.month, moment.day, language, form)


@functools.lru_cache(maxsize=4096)
def _in_words(year: int, month: int, day: int, language: str, form: str) -> str:
    # Every list that shows a story shows its date.
    date, locale = dt.date(year, month, day), locale_of(language)
    if form in ("long", "LLLL"):
        return format_date(date, form, locale=locale)
    return format_skeleton(form, date, locale=locale)


def _seen(site: Site, context: Mapping[str, object]) -> Seen:
    masthead = context.get("masthead")
    return Seen.of(site, masthead.home if isinstance(masthead, Masthead) else site.urls.home)


def _mimetype(url: str) -> str:
    """What a browser is told of the picture at `url`; empty where its ending does not say."""
    return SHOWN_TYPES.get(PurePosixPath(urlsplit(url).path).suffix.lower(), "")


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


def _parts(
    code: str, sources: Mapping[str, Source], settings: Settings, assets: Mapping[str, str], look: Look, host: Host
) -> Mapping[str, str]:
    """The digest of everything besides the content that decides what pages look like, under what people call it."""
    parts = {source.path: digest(source.text.encode()) for source in sources.values()}
    for key in KEYS:
        if key not in OF_NO_PAGE:
            parts[f"`{key}` in {FILE_NAME}"] = digest(msgspec.json.encode(getattr(settings, key), order="sorted"))
    parts |= {f"static/{name}": content for name, content in assets.items()}
    return parts | {PROGRAM: code, LOOK: fingerprint(look), ADDED: host.digest}


def _digest(parts: Mapping[str, str]) -> str:
    return fingerprint(tuple(sorted(parts.items())))


def _assets_of(sources: Mapping[str, Source]) -> set[str]:
    """Names of static files that templates link to or ask about: a change to any other static file changes no page."""
    return {"".join(names) for source in sources.values() for names in _STATIC_NAME.findall(source.text)}
