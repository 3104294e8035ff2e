"""The table: what the app sends besides content, as rules that every static host can follow."""

import posixpath
import re
from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from byline.freeze.paths import PAGES
from byline.media.files import DOWNLOAD_TYPE, mimetype_of
from byline.models import File
from byline.redirects import Redirect, Redirects, folded
from byline.site import Site
from byline.urls import FORMATS, GROUPS, Urls
from byline.web.feeds import MARKDOWN, PLAIN, XML
from byline.web.headers import headers_of
from byline.web.responses import FOR_EVER, HTML, NAMED_BY_CONTENT, REVALIDATE
from byline.web.routes import all_urls, posts_redirects, redirects_of

Headers = tuple[tuple[str, str], ...]

FEEDS_OF = ("", *(f"/{group}/*" for group in GROUPS))
FOLDERS = ("/pagefind/*", "/static/*", "/media/*", "/attachments/*")
OWN_TYPES = {".html": HTML, ".txt": PLAIN, ".xml": XML}
SEARCH_FILES = (".js", ".json")
"""Pagefind's files whose type matters; the others are read as bytes, whatever their names."""


class Rule(NamedTuple):
    """Headers of the URLs that match `pattern`, in which `*` matches anything; it does not include the base path."""

    pattern: str
    headers: Headers


def patterns_of(site: Site) -> Iterator[str]:
    """Below the base path: everything, then the places where the app's headers differ. No two of those overlap."""
    yield "/*"
    for front in (edition.urls.front for edition in site.all_editions):
        yield from (f"{front}{place}/{form.name}" for place in FEEDS_OF for form in FORMATS)
        yield f"{front}/search/"
    yield from FOLDERS


class Table(NamedTuple):
    """`redirects` are those of one address, `queries` those of a path with a query; of `patterns` the first that
    matches counts, and `broad` are the sources of those that match pages too. `rules` go from general to particular,
    `types` map file endings to types."""

    base: str
    origin: str
    redirects: tuple[Redirect, ...]
    queries: Mapping[str, list[Redirect]]
    patterns: tuple[Redirect, ...]
    broad: frozenset[str]
    rules: tuple[Rule, ...]
    types: Mapping[str, str]
    urls: tuple[str, ...]
    precompressed: bool
    bare: tuple[str, ...] = ()
    """Pages whose URLs end in neither `/` nor an ending of web pages: their files have that ending."""
    fronts: tuple[str, ...] = ()
    """Where further languages begin, below the base path: each has a page of its own for what is missing there."""

    def different(self, rule: Rule) -> Headers:
        """The headers of `rule` that the first rule, which is for everything, does not already give."""
        return tuple(item for item in rule.headers if item not in self.rules[0].headers)


def table_of(site: Site) -> Table:
    settings = site.settings
    rules = tuple(Rule(pattern, _headers(site.urls, pattern)) for pattern in patterns_of(site))
    rules += tuple(_of_file(site.urls, file) for file in site.files.values() if _has_no_ending(file))
    endings = {posixpath.splitext(url)[1].lower() for url in site.files} - {""}
    types = {ending: mimetype_of(f"x{ending}") for ending in (*endings, *SEARCH_FILES)} | OWN_TYPES
    types |= {".md": MARKDOWN} if settings.markdown_twins else {}
    ordered = dict(sorted(types.items()))
    redirects, others = redirects_of(site), set(map(folded, site.other_urls))
    found = (*posts_redirects(site), *redirects.exact, *_of_queried(redirects))
    patterns = tuple(redirects.patterns)
    return Table(
        base=site.urls.base,
        origin=site.urls.origin,
        redirects=tuple(one for one in found if folded(one.source) not in others),
        queries=redirects.by_query,
        patterns=patterns,
        broad=frozenset(one.source for one in patterns if redirects.covers_pages(one, site.other_urls)),
        rules=rules,
        types=ordered,
        urls=all_urls(site),
        precompressed=settings.precompressed,
        fronts=tuple(edition.urls.front for edition in site.editions.values()),
        bare=tuple(url for url in site.by_url if not url.endswith(("/", *PAGES))),
    )


def headers_by(table: Table) -> Callable[[str, str], dict[str, str]]:
    """A function of a URL and the path of its file that gives the headers of the URL.

    Where two rules give one header, the particular one wins.
    """
    rules = [(re.compile(regex_of(table.base, rule.pattern)), rule.headers) for rule in table.rules]

    def headers_at(url: str, path: str) -> dict[str, str]:
        ending = posixpath.splitext(path)[1].lower()
        headers = {"Content-Type": table.types.get(ending) or mimetype_of(path)}
        for pattern, given in rules:
            if pattern.match(url):
                headers |= dict(given)
        return headers

    return headers_at


def _of_queried(redirects: Redirects) -> Iterator[Redirect]:
    """Where patterns lead from the paths that also have a redirect with a query: hosts then look no further."""
    known = {folded(redirect.source) for redirect in redirects.exact}
    for path in redirects.by_query:
        led = redirects.find(path) if folded(path) not in known else None
        if led:
            yield Redirect(path, led.target, led.redirect.status)


def regex_of(base: str, pattern: str) -> str:
    """`pattern` below `base` as a regular expression that PCRE and RE2 read alike."""
    return "^" + ".*".join(map(re.escape, f"{base}{pattern}".split("*"))) + "$"


def raw_regex(source: str, group: str) -> str:
    """The source of a pattern as a regular expression for the address as it was sent; `group` begins what `*` is.

    Slashes at the start of that are left out: they could begin the name of another host.
    """
    start, _, end = source.partition("*")
    if end:
        return f"^{re.escape(start)}({group}[^/?]+){re.escape(end.rstrip('/'))}/?([?]|$)"
    return f"^{re.escape(start.rstrip('/'))}(/[/\\x5c]*({group}[^?]*))?([?]|$)"


def _has_no_ending(file: File) -> bool:
    """Whether it is a file of public/ whose type does not follow from its name: hosts would guess, or look into it.

    One whose URL is escaped is left to them, because they do not agree on how to write it in a rule.
    """
    name = file.url.rpartition("/")[2]
    return file.source.startswith("public/") and bool(name) and "." not in name[1:] and "%" not in file.url


def _of_file(urls: Urls, file: File) -> Rule:
    pattern = urls.inner(file.url)
    return Rule(pattern, (*_headers(urls, pattern), ("Content-Type", file.mimetype)))


def _headers(urls: Urls, pattern: str) -> Headers:
    """The headers that the app itself would send at such an address."""
    given = headers_of(urls.base + pattern.replace("*", "x"), urls)
    given["Cache-Control"] = FOR_EVER if pattern[:-1] in NAMED_BY_CONTENT else REVALIDATE
    if pattern == "/attachments/*":
        given["Content-Type"] = DOWNLOAD_TYPE
    for form in FORMATS:
        if pattern.endswith(f"/{form.name}"):
            given["Content-Type"] = f"{form.mimetype}; charset=utf-8"
    return tuple(given.items())
