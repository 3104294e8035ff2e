"""Values that no site can have, though their types are right."""

import difflib
import re
from collections.abc import Sequence
from urllib.parse import urlsplit

from slugify import slugify

from byline.settings.providers import PROVIDERS, SERVER
from byline.settings.settings import Settings, folded_tag
from byline.settings.tables import Rule
from byline.storage.zones import zone_of

DIALECTS = (
    *("byline", "astro", "decap", "docusaurus", "eleventy", "flatpages", "gatsby", "ghost", "hexo", "hugo", "jekyll"),
    *("mkdocs", "nikola", "obsidian", "pelican", "zola"),
    *("11ty", "mkdocs-material", "sveltia"),
)
"""Ways of keeping a blog: Byline's own, and those of other programs, some of which have two names."""
STORES = ("s3://", "gs://", "az://")
"""What an address of a shared store begins with."""
HOSTS = ("caddy", "cloudflare", "github", "netlify", "nginx")
PERMALINK_PARTS = ("slug", "year", "month", "day", "category", "folder", "lang")
SPLAT = ":splat"
LANGUAGE_TAG = re.compile(r"[a-z]{2,3}(-[a-z]{4})?(-([a-z]{2}|\d{3}))?(-([a-z\d]{5,8}|\d[a-z\d]{3}))*", re.IGNORECASE)
"""Language, script, region and variants: https://www.rfc-editor.org/rfc/rfc5646#section-2.1"""
COLOR = re.compile(r"#([0-9a-fA-F]{3}|[0-9a-fA-F]{6})")
GONE = 410


def bad_values(settings: Settings) -> list[tuple[str, str]]:
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
    bad += _bad_store(settings)
    bad += _bad_languages(settings)
    bad += _bad_colors(settings)
    host, _, rest = settings.edit.removeprefix("https://").removeprefix("http://").partition("/")
    is_whole = rest.count("{path}") == 1 and "{" not in host and _is_site_url(settings.edit.split("?")[0])
    if settings.edit and (not is_whole or re.search(r'[<>\s"]', settings.edit)):
        example = "https://github.com/owner/repository/edit/main/{path}"
        bad.append(("edit", f"{settings.edit!r} is not a web address with {{path}} in it, like {example}"))
    if not re.fullmatch(r"/(?:[a-z0-9][a-z0-9-]*/)*", settings.stories):
        bad.append(("stories", f"{settings.stories!r} is not a path like /blog/"))
    if folded_tag(settings.stories.strip("/").split("/")[0]) in map(folded_tag, settings.languages):
        bad.append(("stories", f"{settings.stories!r} is where a language begins; write another path, like /blog/"))
    bad += _bad_embeds(settings)
    for name, slug in settings.slugs.items():
        if slugify(slug, allow_unicode=True, lowercase=False) != slug:
            bad.append(
                (f"slugs.{name}", f"{slug!r} for {name!r} cannot be part of a URL; use letters, digits and hyphens")
            )
    return bad + _bad_permalink(settings.permalink)


def _bad_colors(settings: Settings) -> list[tuple[str, str]]:
    wanted = {"theme.accent": settings.theme.accent}
    wanted |= {f"theme.sections.{name}": color for name, color in settings.theme.sections.items()}
    return [
        (key, f"{color!r} is not a colour like #0b5d4b")
        for key, color in wanted.items()
        if color and not COLOR.fullmatch(color)
    ]


def _bad_embeds(settings: Settings) -> list[tuple[str, str]]:
    bad = []
    for name, value in settings.embeds.items():
        if name not in PROVIDERS:
            known = f"Byline knows {', '.join(PROVIDERS)}"
            bad.append((name, _unknown_name(name, tuple(PROVIDERS), "a provider that Byline knows", known)))
        elif PROVIDERS[name].host and not isinstance(value, bool):
            bad.append((name, f"write `{name} = true`"))
        elif not PROVIDERS[name].host and value is True:
            # A frame of any server that a writer names would open the policy to all.
            bad.append((name, f'write which servers: `{name} = ["{name}.example.org"]`'))
        elif isinstance(value, tuple):
            wrong = [server for server in value if not SERVER.fullmatch(server)]
            how = f"write one like {name}.example.org"
            bad += [(name, f"{server!r} is not the name of a server; {how}") for server in wrong]
    return [(f"embeds.{name}", message) for name, message in bad]


def _bad_store(settings: Settings) -> list[tuple[str, str]]:
    if "://" not in settings.store or settings.store.startswith(STORES):
        return []
    return [("store", f"{settings.store!r} is neither a folder nor an address that begins with {', '.join(STORES)}")]


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
