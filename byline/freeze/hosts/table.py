"""The table: what the app sends besides content, as rules that every static host can follow."""

import posixpath
import re
from collections.abc import Mapping
from typing import NamedTuple

from byline.media.files import DOWNLOAD_TYPE, mimetype_of
from byline.models import File
from byline.site import Site
from byline.urls import FORMATS, GROUPS, Urls
from byline.web.feeds import PLAIN, XML
from byline.web.headers import headers_of
from byline.web.responses import FOR_EVER, HTML, NAMED_BY_CONTENT, REVALIDATE
from byline.web.routes import all_urls, redirects

Headers = tuple[tuple[str, str], ...]

FEEDS_OF = ("", *(f"/{group}/*" for group in GROUPS))
PATTERNS = (
    "/*",
    *(f"{place}/{form.name}" for place in FEEDS_OF for form in FORMATS),
    "/search/",
    "/pagefind/*",
    "/static/*",
    "/media/*",
    "/attachments/*",
)
"""Below the base path: everything, then the places where the app's headers differ. No two of those overlap."""
OWN_TYPES = {".html": HTML, ".txt": PLAIN, ".xml": XML}
SEARCH_FILES = (".js", ".json")
"""Pagefind's files whose type matters; the others are read as bytes, whatever their names."""


class Rule(NamedTuple):
    """Headers of the URLs that match `pattern`, in which `*` matches anything; it does not include the base path."""

    pattern: str
    headers: Headers


class Table(NamedTuple):
    """`redirects` map URL to URL, `rules` go from general to particular, `types` map file endings to types."""

    base: str
    redirects: Mapping[str, str]
    rules: tuple[Rule, ...]
    types: Mapping[str, str]
    urls: tuple[str, ...]
    precompressed: bool

    def different(self, rule: Rule) -> Headers:
        """The headers of `rule` that the first rule, which is for everything, does not already give."""
        return tuple(item for item in rule.headers if item not in self.rules[0].headers)


def table_of(site: Site) -> Table:
    settings = site.settings
    rules = tuple(Rule(pattern, _headers(site.urls, pattern)) for pattern in PATTERNS)
    rules += tuple(_of_file(site.urls, file) for file in site.files.values() if _has_no_ending(file))
    endings = {posixpath.splitext(url)[1].lower() for url in site.files} - {""}
    types = {ending: mimetype_of(f"x{ending}") for ending in (*endings, *SEARCH_FILES)} | OWN_TYPES
    ordered = dict(sorted(types.items()))
    return Table(site.urls.base, redirects(site), rules, ordered, all_urls(site), settings.precompressed)


def regex_of(base: str, pattern: str) -> str:
    """`pattern` below `base` as a regular expression that PCRE and RE2 read alike."""
    return "^" + ".*".join(map(re.escape, f"{base}{pattern}".split("*"))) + "$"


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
