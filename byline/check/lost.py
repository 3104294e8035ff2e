"""Lost addresses: those of an old site that this one answers with 404, each with what could answer it.

The app is asked, as by the freezer.
"""

import collections
import difflib
import posixpath
import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple
from urllib.parse import parse_qsl, unquote, urlsplit

from flask import Flask

from byline.check.addresses import Addresses, Asked
from byline.models import Author, PlainPage, Post, Topic
from byline.problems import Problem
from byline.redirects import folded
from byline.site import Site
from byline.urls import slug_of
from byline.web.app import tag_at
from byline.web.live import LiveSite, Snapshot
from byline.web.routes import all_urls
from byline.web.views import by_year

MOST_STEPS = 5
FEWEST = 3
"""Addresses of one shape for which one line is better than an alias each."""
GUESSES = 200
"""Addresses for which names that are only similar are looked at: each takes some milliseconds."""
GONE = 410
PERMALINKS = ("/{year}/{month}/{day}/{slug}/", "/{year}/{month}/{slug}/", "/{year}/{slug}/", "/{category}/{slug}/")
ON_FRONT_PAGES = frozenset(("p", "page_id", "attachment_id", "cat", "author", "tag"))
"""Parameters by which WordPress finds a page where others have their front page."""

_ASSET = re.compile(
    r"\.(?:png|jpe?g|gif|webp|avif|svg|ico|bmp|tiff?|css|js|mjs|map|woff2?|ttf|otf|eot|mp[34]|m4[av]|webm|og[gv]|wav|mov"
    r"|pdf|zip|gz|tgz|json|csv|txt|epub|docx?|xlsx?|pptx?)$",
    re.IGNORECASE,
)
_DATE = re.compile(r"/(\d{4})/(\d{1,2})/(\d{1,2})(?=/)|/(\d{4})-(\d{2})-(\d{2})-")
_YEAR = re.compile(r"(?:/archives?)?/(\d{4})(?:/\d{1,2})?/?")
_ADDED = re.compile(r"^\d{4}-\d{2}-\d{2}-|-[0-9a-f]{10,12}$|^\d+-|-\d+$")
"""What other systems add to a name: its date, Medium's or a database's number."""
_PARTS_OF_PAGES = ("amp", "feed", "embed", "trackback", "comments", "index", "print")


class Found(NamedTuple):
    """The page that a lost address probably meant: its URL, and its file if it has one."""

    url: str
    path: str
    is_same_name: bool


class Lost(NamedTuple):
    url: str
    asked: Asked
    found: Found | None


def lost_addresses(app: Flask, live: LiveSite, listed: Addresses, name: str) -> list[Problem]:
    """An error for each address of the list `name` that leads nowhere, those first that are asked for most."""
    with live.fixed(live.clock()) as snapshot:
        asker = _Asker(app, live, snapshot)
        order = sorted(listed.found.items(), key=lambda item: (-item[1].count, item[1].line, item[0]))
        faults = {url: fault for url, _ in order if (fault := asker.fault(url))}
        urls, editions = snapshot.site.urls, snapshot.site.all_editions
        guessers = {edition.urls.language: Guesser(edition) for edition in editions}
        found = {url: guessers[urls.language_at(_path(url))].found(url) for url, _ in order if url in faults}
        missing = [Lost(url, asked, found[url]) for url, asked in order if url in faults]
        reporter = _Reporter(name, snapshot.site, faults, listed.is_log)
        return reporter.problems([one for one in missing if not _ASSET.search(_path(one.url))]) + reporter.files(
            [one for one in missing if _ASSET.search(_path(one.url))]
        )


class _Asker:
    def __init__(self, app: Flask, live: LiveSite, snapshot: Snapshot) -> None:
        self._app = app
        self._live = live
        self._snapshot = snapshot
        self._origin = snapshot.site.urls.origin
        self._base = snapshot.site.urls.base
        self._known = set(all_urls(snapshot.site))

    def fault(self, url: str) -> str:
        """What a reader meets at `url`, in words; empty if that is a page, or what the owner says is gone."""
        if not f"{_path(url)}/".startswith(f"{self._base}/"):
            url = self._base + url  # the list was made before there was a path
        here = url
        for _ in range(MOST_STEPS):
            if here in self._known and tag_at(self._app, self._snapshot, here):
                return ""
            reply = self._live.host.ask(here)
            location = reply.headers.get("Location", "")
            if 300 <= reply.status < 400 and location:
                here = location.removeprefix(self._origin).partition("#")[0]
                if not here.startswith("/") or here.startswith("//"):
                    return ""  # another site answers
                continue
            if reply.status >= 400:
                return "" if reply.status == GONE else f"would be {reply.status}"
            return self._front_page(here) if here == url else ""
        return "leads in a circle"

    def _front_page(self, url: str) -> str:
        """Whether the query of `url` chose a page of the old site, in words."""
        path, _, query = url.partition("?")
        chosen = {name for name, _ in parse_qsl(query)} & ON_FRONT_PAGES
        return "would be the front page" if chosen and path == self._snapshot.site.urls.home else ""


class Guesser:
    """Finds the page that an old address meant: by its name, its title, its date, or a similar name."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._left = GUESSES
        self._by_name: dict[str, Found] = {}
        self._by_day: dict[tuple[int, int, int], list[Found]] = {}
        topics: tuple[Topic | Author, ...] = (*site.tags, *site.categories, *site.series, *site.authors)
        for topic in topics:
            self._by_name.setdefault(topic.slug.casefold(), Found(topic.url, "", True))
        items: tuple[Post | PlainPage, ...] = (*reversed(site.posts), *site.pages)
        for item in items:
            found = Found(item.url, item.path, True)
            for name in (slug_of(item.title, site.settings), _last(item.url), *map(_last, item.aliases)):
                self._by_name[name.casefold()] = found
            if isinstance(item, Post) and item.date:
                day = (item.date.year, item.date.month, item.date.day)
                self._by_day.setdefault(day, []).append(found._replace(is_same_name=False))

    def found(self, url: str) -> Found | None:
        path = _path(url)
        names = [name for name in _names(path) if name]
        names += [slug_of(name, self._site.settings) for name in names]
        exact = next((self._by_name[name] for name in names if name in self._by_name), None)
        if exact or _ASSET.search(path):
            return exact
        if names and self._left:
            self._left -= 1
            near = difflib.get_close_matches(names[0], self._by_name, n=1, cutoff=0.8)
            if near:
                return self._by_name[near[0]]._replace(is_same_name=False)
        year = _YEAR.fullmatch(self._site.urls.local(path))
        if year and int(year[1]) in by_year(self._site):
            return Found(self._site.urls.archive(int(year[1])), "", False)
        date = _DATE.search(path)
        day = tuple(int(part) for part in date.groups() if part) if date else ()
        of_day = self._by_day.get(day, []) if len(day) == 3 else []
        return of_day[0] if len(of_day) == 1 else None


class _Reporter:
    def __init__(self, name: str, site: Site, faults: Mapping[str, str], is_log: bool) -> None:
        self._name = name
        self._site = site
        self._faults = faults
        self._is_log = is_log

    def problems(self, missing: list[Lost]) -> list[Problem]:
        """One for all that a permalink or a pattern would answer, and one for each of the others."""
        groups: dict[str, list[Lost]] = collections.defaultdict(list)
        shapes = {one.url: self._shapes(one) for one in missing}
        sizes = collections.Counter(shape for some in shapes.values() for shape in some)
        for one in missing:
            best = max(shapes[one.url], key=lambda shape: sizes[shape], default="")
            groups[best if sizes[best] >= FEWEST else one.url].append(one)
        return [
            self._group(shape, some) if shape not in self._faults else self._single(some[0])
            for shape, some in groups.items()
        ]

    def files(self, missing: list[Lost]) -> list[Problem]:
        """One for each folder."""
        folders: dict[str, list[Lost]] = collections.defaultdict(list)
        for one in missing:
            folders["/".join(_path(one.url).split("/")[:-1][:3])].append(one)
        problems = []
        for folder, some in folders.items():
            what = f"{_files(len(some))} in {folder}/, such as {some[0].url}, {self._faults[some[0].url]}"
            hint = f"put them into public{folder}/, or lead them elsewhere in `redirects`"
            problems.append(self._problem(some, what + self._often(some), hint))
        return problems

    def _shapes(self, one: Lost) -> list[str]:
        """What could answer `one` and others like it: a permalink, or a line of `redirects`."""
        if one.found is None or not one.found.is_same_name or "?" in one.url:
            return []
        found, inner = self._site.by_url.get(one.found.url), self._site.urls.inner(_path(one.url))
        shapes = []
        if isinstance(found, Post) and found.date:
            parts = {
                "slug": found.slug,
                "category": found.category.slug if found.category else "",
                "year": found.date.year,
            }
            parts |= {"month": f"{found.date.month:02}", "day": f"{found.date.day:02}"}
            shapes = [shape for shape in PERMALINKS if folded(shape.format(**parts)) == folded(inner)]
        new = self._site.urls.inner(one.found.url).rstrip("/")
        old, last = inner.rstrip("/"), _last(new)
        if last and _last(old) == last and posixpath.dirname(old) != "/":
            shapes.append(f'"{posixpath.dirname(old)}/*" = "{posixpath.dirname(new).rstrip("/")}/:splat"')
        return shapes

    def _group(self, shape: str, some: list[Lost]) -> Problem:
        if shape in PERMALINKS:
            hint = f'write `permalink = "{shape}"` into site.toml, or these addresses into the `aliases` of their posts'
        else:
            hint = f"write into [redirects] of site.toml: {shape}"
        what = f"{len(some)} addresses of one form, such as {some[0].url}, {self._faults[some[0].url]}"
        return self._problem(some, what + self._often(some), hint)

    def _single(self, one: Lost) -> Problem:
        line = f'"{one.url}" = '
        if one.found is None:
            hint = f"if it is gone, write into [redirects] of site.toml: {line}{{status = 410}}"
        elif one.found.path:
            sure = "" if one.found.is_same_name else "perhaps: "
            hint = f"{sure}add {one.url} to `aliases` in {one.found.path}"
        else:
            hint = f'write into [redirects] of site.toml: {line}"{self._site.urls.inner(one.found.url)}"'
        return self._problem([one], f"{one.url} {self._faults[one.url]}{self._often([one])}", hint)

    def _often(self, some: Iterable[Lost]) -> str:
        count = sum(one.asked.count for one in some)
        return f"; asked for {count:,} time{'s' * (count != 1)}" if self._is_log else ""

    def _problem(self, some: list[Lost], message: str, hint: str) -> Problem:
        detail = "\n".join(one.url for one in some) if len(some) > 1 else ""
        line = min(one.asked.line for one in some)
        return Problem(self._name, line, 1, "lost-address", message, hint, "error", detail)


def _path(url: str) -> str:
    return url.partition("?")[0]


def _last(url: str) -> str:
    """The last part of an address, without the ending of a page."""
    name = posixpath.basename(unquote(urlsplit(url).path).rstrip("/"))
    return re.sub(r"\.(?:html?|php|aspx?|md|xml)$", "", name, flags=re.IGNORECASE)


def _names(path: str) -> list[str]:
    """What could be the name of the page at `path`, most likely first."""
    parts = [_last(part).casefold() for part in path.strip("/").split("/")]
    while len(parts) > 1 and parts[-1] in _PARTS_OF_PAGES:
        parts.pop()
    return [parts[-1], _ADDED.sub("", parts[-1]), parts[-1].replace("_", "-")]


def _files(number: int) -> str:
    return f"{number:,} file{'s' * (number != 1)}"
