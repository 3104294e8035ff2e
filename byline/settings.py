"""Settings: `site.toml` and the environment, read into one frozen struct, or refused with every fault named."""

import difflib
import functools
import posixpath
import re
import typing
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal, get_args
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Meta
from slugify import slugify

from byline.problems import Problem, SiteError, read_toml
from byline.storage.zones import zone_of

FILE_NAME = "site.toml"
PREFIX = "BYLINE"
PLACEHOLDER_HOSTS = ("localhost", "127.0.0.1", "example.com", "example.org", "example.net")
DIALECTS = (
    *("byline", "astro", "decap", "docusaurus", "eleventy", "flatpages", "gatsby", "ghost", "hexo", "hugo", "jekyll"),
    *("mkdocs", "nikola", "obsidian", "pelican", "zola"),
    *("11ty", "mkdocs-material", "sveltia"),
)
"""Ways of keeping a blog: Byline's own, and those of other programs, some of which have two names."""
HOSTS = ("caddy", "cloudflare", "github", "netlify", "nginx")
PERMALINK_PARTS = ("slug", "year", "month", "day", "category", "folder", "lang")
SPLAT = ":splat"
LANGUAGE_TAG = re.compile(r"[a-z]{2,3}(-[a-z]{4})?(-([a-z]{2}|\d{3}))?(-([a-z\d]{5,8}|\d[a-z\d]{3}))*", re.IGNORECASE)
"""Language, script, region and variants: https://www.rfc-editor.org/rfc/rfc5646#section-2.1"""
GONE = 410


def about(meaning: str, **bounds: Any) -> Meta:
    """What a setting is for, and the bounds of its value."""
    return Meta(description=meaning, **bounds)


class MenuItem(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An entry of the navigation or of the social links."""

    title: str
    url: str


class Rule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where an old address leads, if not by a 301; 410 says that it leads nowhere any more."""

    to: str = ""
    status: Literal[301, 302, 307, 308, 410] = 301


class LanguageSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What differs in a language besides the main one; without a title it is the site's."""

    title: str = ""
    tagline: str = ""
    navigation: tuple[MenuItem, ...] = ()


class MarkdownSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who reads Markdown: `engine` is empty where the site does not say."""

    engine: Literal["", "github", "python"] = ""
    extensions: tuple[str, ...] = ()
    extension_configs: dict[str, dict[str, Any]] = {}
    shortcodes: str = "shortcodes"


class Settings(msgspec.Struct, frozen=True, eq=False, forbid_unknown_fields=True, kw_only=True, dict=True):
    """Every setting of a site, with its default. Each can be overridden by `BYLINE_<KEY>`.

    Compared by identity, so that what is derived from a `Settings` can be cached with it.
    """

    title: Annotated[str, about("The publication's name.")] = "Byline"
    tagline: Annotated[str, about("One line about the publication, shown under its name and in the feeds.")] = ""
    url: Annotated[str, about("Where the site will live; may include a path. Every absolute URL starts with it.")] = (
        "http://localhost:5000"
    )
    language: Annotated[str, about("BCP 47 language of the site; a post can set its own with `lang`.")] = "en"
    languages: Annotated[
        dict[str, LanguageSettings],
        about(
            "[languages.de] A further language, with a `title`, a `tagline` and a `navigation` of its own if need be:"
            " its texts and lists are below `/de/` (docs/languages.md)."
        ),
    ] = {}
    timezone: Annotated[str, about("IANA time zone of dates that name none, and of all dates shown.")] = "UTC"
    default_author: Annotated[str, about("Slug or name of the author of posts that name no author.")] = ""
    posts_per_page: Annotated[int, about("Stories per page of the index and of every list.", ge=1, le=1000)] = 10
    feed_items: Annotated[int, about("Stories in a feed.", ge=1, le=1000)] = 20
    permalink: Annotated[
        str,
        about(
            "URL of an article, from {slug} {year} {month} {day} {category} {folder} {lang}; it ends in `/`, `.html` or"
            " neither. Without it, `/posts/{slug}/`, or what the program that the texts come from makes of them."
        ),
    ] = ""
    navigation: Annotated[tuple[MenuItem, ...], about("Links in the masthead: [[navigation]] title, url.")] = ()
    social: Annotated[tuple[MenuItem, ...], about("Links in the footer: [[social]] title, url.")] = ()
    slugs: Annotated[
        dict[str, str],
        about('Slugs for tags, categories, series and authors that would otherwise share one: "C++" = "cpp".'),
    ] = {}
    redirects: Annotated[
        dict[str, str | Rule],
        about(
            '[redirects] Old addresses and where they lead: "/old/" = "/new/", "/blog/*" = "/posts/:splat",'
            ' "/sale/" = {to = "/offers/", status = 302}, "/gone/" = {status = 410} (docs/addresses.md).'
        ),
    ] = {}
    allowed_tags: Annotated[
        tuple[str, ...], about("The tags that posts may use. If any are listed, all others are errors.")
    ] = ()
    allowed_categories: Annotated[tuple[str, ...], about("The categories that posts may use, likewise.")] = ()
    unicode_slugs: Annotated[bool, about("Keep letters of other scripts in slugs instead of transliterating them.")] = (
        False
    )
    social_cards: Annotated[
        bool, about("Draw the headline as a preview picture for a story without a JPEG, PNG or GIF cover.")
    ] = True
    trust_html: Annotated[
        bool,
        about("Publish raw HTML in posts unchanged: every writer is trusted with the readers' browsers."),
    ] = False
    hosts: Annotated[
        tuple[str, ...],
        about('What will serve the frozen site: "caddy", "cloudflare", "github", "netlify", "nginx" (docs/hosts.md).'),
    ] = ()
    precompressed: Annotated[
        bool,
        about("Write `.br` and `.gz` versions beside frozen text files, for hosts that serve them as they are."),
    ] = False
    trusted_proxies: Annotated[
        int,
        about(
            "How many proxies in front of the server to trust about where a request came from.",
            ge=0,
            le=9,
        ),
    ] = 0
    markdown: Annotated[
        MarkdownSettings,
        about(
            '[markdown] engine: "github" shows Markdown as GitHub does, "python" as Flask-FlatPages does, with'
            " Python-Markdown and its `extensions` and `extension_configs`. `shortcodes` is the folder of templates for"
            " `{{< name … >}}` and the like (docs/markdown.md)."
        ),
    ] = MarkdownSettings()
    pages: Annotated[str, about("The content folder, relative to the site's folder.")] = "pages"
    dialect: Annotated[
        str,
        about(
            "The program whose way of keeping posts the content folder follows, such as `jekyll` or `hugo`"
            " (docs/moving/README.md); `byline` for Byline's own. Without it, Byline looks at the files."
        ),
    ] = ""
    urls_elsewhere: Annotated[
        tuple[str, ...],
        about("Addresses of the host that are not this site's, such as `/shop/*`: links there are not dead."),
    ] = ()
    keys: Annotated[
        dict[str, str], about('[keys] The owner\'s own names of front matter keys: "thumbnail" = "cover".')
    ] = {}
    store: Annotated[
        str, about("Where the cache lives, relative to the site's folder. May be deleted at any time.")
    ] = ".cache"

    @functools.cached_property
    def content_root(self) -> str:
        """The start of every content file's path, as people see it: "pages/"."""
        folder = posixpath.normpath(self.pages)
        return "" if folder == "." else f"{folder}/"

    @functools.cached_property
    def places(self) -> Mapping[str, tuple[int, int]]:
        """Key of `redirects` → its line and column in site.toml, where `parse` has found them."""
        return {}

    def language_of(self, tag: str) -> str | None:
        """The key in `languages` of the language that `tag` names, or a regional form of it; empty for the main one,
        None for any other."""
        codes = {folded_tag(self.language): ""} | {folded_tag(code): code for code in self.languages}
        wanted = folded_tag(tag)
        near = (code for known, code in codes.items() if known.partition("-")[0] == wanted.partition("-")[0])
        return codes[wanted] if wanted in codes else next(near, None)

    @functools.cached_property
    def in_language(self) -> Mapping[str, "Settings"]:
        """Key in `languages` → the settings of the site in that language."""
        return {
            code: msgspec.structs.replace(
                self, language=code, title=own.title or self.title, tagline=own.tagline, navigation=own.navigation
            )
            for code, own in self.languages.items()
        }

    @property
    def has_real_url(self) -> bool:
        return urlsplit(self.url).hostname not in PLACEHOLDER_HOSTS

    @functools.cached_property
    def zone(self) -> ZoneInfo:
        return zone_of(self.timezone)


KEYS = Settings.__struct_fields__


def meaning_of(key: str) -> str:
    """What a setting is for."""
    meta: Meta = typing.get_type_hints(Settings, include_extras=True)[key].__metadata__[0]
    return meta.description or ""


def parse(text: str, environ: Mapping[str, str], path: str = FILE_NAME) -> tuple[Settings, tuple[Problem, ...]]:
    """Settings from the text of site.toml and from `BYLINE_*` values, and warnings.

    Raises a SiteError that lists every fault: unknown keys with the nearest known one, wrong types, bad values.
    """
    table = read_toml(path, text)
    if isinstance(table, Problem):
        raise SiteError(str(table))
    faults = [_unknown(path, text, key) for key in table if key not in KEYS]
    warnings = [_unknown("environment", "", key) for key in environ if key not in KEYS]
    for key, value in environ.items():
        if key in KEYS:
            table[key] = _from_environment(key, value, faults)
    settings = _convert(table, text, path, faults)
    if faults or settings is None:
        raise SiteError("\n".join(str(fault) for fault in sorted(faults)))
    vars(settings)["places"] = {key: place for key in settings.redirects if (place := _place_of(text, key))}
    return settings, tuple(msgspec.structs.replace(w, severity="warning") for w in warnings)


def _convert(table: dict[str, Any], text: str, path: str, faults: list[Problem]) -> Settings | None:
    """Convert each key separately, so that one fault does not hide the next."""
    values = {}
    types = {field.name: field.type for field in msgspec.structs.fields(Settings)}
    for key in KEYS:
        if key in table:
            try:
                unknown = _unknown_inside(path, text, key, table[key])
                if unknown:
                    faults += unknown
                else:
                    values[key] = msgspec.convert(table[key], types[key])
            except msgspec.ValidationError as error:
                faults.append(Problem(path, _line_of(text, key), 1, "bad-setting", f"`{key}`: {error}"))
    if faults:
        return None
    settings = Settings(**values)
    faults += [
        Problem(path, _line_of(text, key), 1, "bad-setting", f"`{key}`: {message}")
        for key, message in _bad_values(settings)
    ]
    for source, value in settings.redirects.items():
        message = bad_redirect(source, value if isinstance(value, Rule) else Rule(value))
        if message:
            place = _place_of(text, source) or (_line_of(text, "redirects"), 1)
            faults.append(Problem(path, *place, "bad-setting", f"`redirects`: {message}"))
    return settings


def _bad_values(settings: Settings) -> list[tuple[str, str]]:
    bad = []
    if not _is_site_url(settings.url):
        bad.append(("url", f"{settings.url!r} is not a web address like https://example.org"))
    try:
        zone_of(settings.timezone)
    except ValueError:
        bad.append(("timezone", f"{settings.timezone!r} is not a time zone; write one like Europe/Berlin"))
    bad += [
        ("hosts", _unknown_name(name, HOSTS, "a host Byline knows", "see docs/hosts.md"))
        for name in settings.hosts
        if name not in HOSTS
    ]
    if settings.dialect and settings.dialect not in DIALECTS:
        bad.append(
            ("dialect", _unknown_name(settings.dialect, DIALECTS, "one that Byline knows", "see docs/moving/README.md"))
        )
    if {"netlify", "cloudflare"} <= set(settings.hosts):
        bad.append(("hosts", "netlify and cloudflare read `_headers` by different rules: list only one of them"))
    bad += _bad_languages(settings)
    for name, slug in settings.slugs.items():
        if slugify(slug, allow_unicode=True, lowercase=False) != slug:
            bad.append(("slugs", f"{slug!r} for {name!r} cannot be part of a URL; use letters, digits and hyphens"))
    return bad + _bad_permalink(settings.permalink)


def _bad_languages(settings: Settings) -> list[tuple[str, str]]:
    bad = []
    known = {folded_tag(settings.language)}
    for code in settings.languages:
        if not LANGUAGE_TAG.fullmatch(code):
            bad.append((f"languages.{code}", "this is not the tag of a language; write one like de or pt-BR"))
        elif folded_tag(code) in known:
            bad.append((f"languages.{code}", "this is the site's main language, or there twice: remove it"))
        known.add(folded_tag(code))
    return bad


def folded_tag(tag: str) -> str:
    """The same for all ways to write the tag of a language."""
    return tag.replace("_", "-").casefold()


def bad_redirect(source: str, rule: Rule) -> str:
    """What keeps `source` from leading where `rule` says, in words, or the empty string."""
    path, _, query = source.partition("?")
    is_path = path.startswith("/") and not path.startswith("//") and source.isprintable()
    parts = path.split("/")
    if not is_path or any(mark in path for mark in '#\\ "<>') or {".", ".."} & {*parts}:
        return f"{source!r} is not an address of this site; write only its path, like /old/page/"
    if path.count("*") > 1 or ("*" in path and "*" not in parts):
        return f"{source!r} may have one `*`, in place of a whole part, like /blog/*"
    if "*" in path and query:
        return f"{source!r} has both a `*` and a query; write one of them"
    if (rule.status == GONE) == bool(rule.to):
        return f"{source!r} needs either an address to lead to or the status 410"
    if SPLAT in rule.to and "*" not in path:
        return f"{rule.to!r} names {SPLAT}, but {source!r} has no `*`"
    return "" if rule.status == GONE or _is_target(rule.to) else f"{rule.to!r} is not an address: {_HOW_TO_LEAD}"


_HOW_TO_LEAD = "write a path, like /new/, or the whole address of another site"


def _is_target(target: str) -> bool:
    """Whether it is a path, or an address whose host is written out: no stranger's words may end up there."""
    if not target.isprintable() or any(mark in target for mark in '\\ "<>'):
        return False
    if target.startswith("/"):
        return not target.startswith("//")
    return _is_site_url(target.partition("#")[0].partition("?")[0])


def _unknown_name(name: str, known: Sequence[str], what: str, otherwise: str) -> str:
    near = difflib.get_close_matches(name.lower(), known, n=1)
    return f"{name!r} is not {what}; " + (f"did you mean {near[0]!r}?" if near else otherwise)


def _is_site_url(url: str) -> bool:
    try:
        parts = urlsplit(url)
        is_whole = parts.scheme in ("http", "https") and parts.hostname and (parts.port is None or parts.port)
    except ValueError:  # `http://[`, `http://host:port`
        return False
    return bool(is_whole) and not (parts.query or parts.fragment or parts.username or any(c.isspace() for c in url))


def _bad_permalink(permalink: str) -> list[tuple[str, str]]:
    if not permalink:
        return []
    try:
        sample = permalink.format(**dict.fromkeys(PERMALINK_PARTS, "x"))
    except (KeyError, IndexError, ValueError):
        parts = " ".join("{" + part + "}" for part in PERMALINK_PARTS)
        return [("permalink", f"may contain only {parts}")]
    if not sample.startswith("/") or "//" in sample:
        return [("permalink", "must start with a single `/`")]
    if "{slug}" not in permalink:
        return [("permalink", "must contain {slug}, or posts would share one URL")]
    return []


def _from_environment(key: str, value: str, faults: list[Problem]) -> Any:
    """The text of a variable converted to its setting's type: text stays text, tables and lists are JSON."""
    kind: Any = typing.get_type_hints(Settings)[key]
    try:
        if kind is str or (get_args(kind) and isinstance(get_args(kind)[0], str)):
            return value
        if kind in (int, bool):
            return msgspec.convert(value, kind, strict=False)
        return msgspec.to_builtins(msgspec.json.decode(value, type=kind))
    except (msgspec.ValidationError, msgspec.DecodeError, RecursionError) as error:
        faults.append(Problem("environment", 1, 1, "bad-setting", f"BYLINE_{key.upper()}: {error}"))
        return msgspec.UNSET


def _unknown(path: str, text: str, key: str, keys: Sequence[str] = KEYS, table: str = "") -> Problem:
    near = difflib.get_close_matches(key.lower(), keys, n=1)
    name = f"BYLINE_{key.upper()}" if path == "environment" else f"`{table}{key}`"
    hint = f"did you mean `{table}{near[0]}`?" if near else ""
    return Problem(path, _line_of(text, key), 1, "unknown-setting", f"{name} is not a setting", hint)


def _unknown_inside(path: str, text: str, key: str, value: object) -> list[Problem]:
    """The keys of `value`, a table under `key`, that no setting has."""
    kind: Any = typing.get_type_hints(Settings)[key]
    if key == "languages" and isinstance(value, dict):
        known = LanguageSettings.__struct_fields__
        inner = ((code, name) for code, table in value.items() if isinstance(table, dict) for name in table)
        return [_unknown(path, text, name, known, f"{key}.{code}.") for code, name in inner if name not in known]
    if not (isinstance(value, dict) and isinstance(kind, type) and issubclass(kind, msgspec.Struct)):
        return []
    keys = kind.__struct_fields__
    return [_unknown(path, text, name, keys, f"{key}.") for name in value if name not in keys]


def _place_of(text: str, key: str) -> tuple[int, int] | None:
    """The line and the column of a quoted `key` in site.toml."""
    for number, line in enumerate(text.splitlines(), 1):
        start = line.lstrip()
        if start.startswith((f'"{key}"', f"'{key}'")):
            return number, len(line) - len(start) + 1
    return None


def _line_of(text: str, key: str) -> int:
    """The line of `key` in site.toml, for keys and tables as people write them."""
    for number, line in enumerate(text.splitlines(), 1):
        head = line.split("=")[0].strip().strip("[]").strip().strip("\"'")
        if head == key or head.startswith(f"{key}."):
            return number
    return 1
