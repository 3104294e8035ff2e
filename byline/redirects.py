"""Redirects: old addresses and where they lead, from `aliases`, from `[redirects]` and from what other systems use.

A page and a file come before a redirect. The feeds and lists of other systems lead on only where nothing of the site's
own is.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple
from urllib.parse import parse_qsl, quote, unquote, urlencode

import msgspec

from byline.problems import Problem
from byline.settings.file import FILE_NAME
from byline.settings.tables import Rule
from byline.settings.values import GONE, SPLAT
from byline.site import Site
from byline.urls import GROUPS, SAFE, Urls, quoted, site_path

Query = tuple[tuple[str, str], ...]

FOLDERS_OF_FILES = ("static", "media", "attachments", "pagefind", "healthz", "-")
"""First parts of addresses for which hosts have rules of their own: no pattern reaches them."""
FEEDS = """/feed/ /feed/rss/ /feed/rss2/ /feed/atom/ /feed/rdf/ /feed/feed.xml /feeds/posts/default
/feeds/all.atom.xml /feeds/all.rss.xml /feed_rss_created.xml /feed_rss_updated.xml /rss/ /rss.xml /rss2.xml /atom/
/atom.xml /index.xml /index.rss /posts/index.xml /blog-feed.xml /blog/feed/ /blog/rss/ /blog/feed.xml /blog/rss.xml
/blog/atom.xml /blog/index.xml""".split()
"""Where other systems have the feed of the whole site: subscribers' readers go on asking there."""
FRONT_PAGES = ("/index.php", "/index.htm")
FEED_QUERIES = (("/", "feed", "rss2"), ("/", "feed", "atom"), ("/", "feed", "rss"), ("/blog/", "format", "rss"))
TOPIC_FEEDS = ("feed/", "feed/atom/", "rss/", "index.xml", "rss.xml", "atom.xml")
"""And that of a tag, a category or an author, below its page."""

_ODD = re.compile(r"[^\x21-\x7e]")
_SLASHES = re.compile("/{2,}")


class Redirect(msgspec.Struct, frozen=True):
    """Where an old address leads.

    `source` is a percent-encoded path, in which one `*` may stand for anything at the end, or for one part elsewhere;
    a request must have `query`. `target` is a path of the site or an address elsewhere, in which `:splat` is what `*`
    stands for; it is empty if the status is 410.
    """

    source: str
    target: str
    status: int = 301
    query: Query = ()


class Led(NamedTuple):
    """Where one request leads, and the redirect that says so."""

    redirect: Redirect
    target: str

    def location(self, query: str) -> str:
        """The target with the `query` of the request, without what chose the redirect."""
        if self.redirect.query:
            pairs = parse_qsl(query, keep_blank_values=True)
            query = urlencode([pair for pair in pairs if pair not in self.redirect.query])
        return joined(self.target, query)


class Pattern(NamedTuple):
    """A redirect with a `*`; every address that `regex` matches begins with `start`."""

    redirect: Redirect
    regex: re.Pattern[str]
    start: str

    def splat(self, path: str) -> str | None:
        """What `*` stands for in `path`, percent-encoded; None if it does not match."""
        match = self.regex.fullmatch(_plain(path))
        return None if match is None else quoted(match["splat"] or "")


class Redirects:
    """The redirects of one site, where `pages` are all addresses that it answers otherwise."""

    def __init__(self, site: Site, pages: Iterable[str]) -> None:
        self._urls = site.urls
        self._known = {folded(url): url for url in pages}
        self._exact: dict[str, Redirect] = {}
        self._queries: dict[tuple[str, tuple[str, str]], list[Redirect]] = {}
        self._patterns: list[Pattern] = []
        self._usual: dict[str, Redirect] = {}
        self._usual_patterns: list[Pattern] = []
        self._faults: list[tuple[str, Problem]] = []
        for url, target in site.redirects.items():
            path, _, query = url.partition("?")
            self._add(Redirect(path, target, 301, tuple(parse_qsl(query, keep_blank_values=True))))
        self._add_settings(site)
        self._add_usual()

    def find(self, path: str) -> Led | None:
        """Where `path` leads, which is no page as it is written: another way to write an address counts as one."""
        key = folded(path)
        if key in self._exact:
            return Led(self._exact[key], self._exact[key].target)
        if key in self._known:
            return None if self._known[key] == path else Led(Redirect(path, self._known[key]), self._known[key])
        if key in self._usual:
            return Led(self._usual[key], self._usual[key].target)
        led = self._led_by_owner(path)
        if led:
            return led
        near = self._known.get(key.removesuffix(".html") if key.endswith(".html") else f"{key}.html")
        if near:  # as hosts do
            return Led(Redirect(path, near), near)
        leads = (self._led(pattern, path) for pattern in self._usual_patterns)
        return next((led for led in leads if led and folded(led.target) in self._known), None)

    def find_query(self, path: str, query: str) -> Led | None:
        """Where `path` leads with this `query`; of several redirects, the one that asks for most of it."""
        pairs = parse_qsl(query, keep_blank_values=True) if query and self._queries else []
        found = [one for pair in pairs for one in self._queries.get((folded(path), pair), ())]
        fit = [one for one in found if set(one.query) <= set(pairs)]
        best = max(fit, key=lambda one: len(one.query), default=None)
        return Led(best, best.target) if best else None

    def problems(self, others: Iterable[str]) -> list[Problem]:
        """Which of the owner's lines cannot be used, and which lead nowhere; `others` are the app's own pages."""
        known = set(map(folded, others))
        return [problem for target, problem in self._faults if target not in known]

    @property
    def printed(self) -> Mapping[str, Redirect]:
        """Those that are pages of a frozen site, by their addresses."""
        return {one.source: one for one in self._exact.values() if one.status != GONE}

    @property
    def exact(self) -> list[Redirect]:
        """Those of one address, the usual ones included."""
        return [*self._exact.values(), *self._usual.values()]

    @property
    def by_query(self) -> Mapping[str, list[Redirect]]:
        """Those of a query, by their path, what asks for most first."""
        paths: dict[str, list[Redirect]] = {}
        for (_, _), some in self._queries.items():
            for one in some:
                paths.setdefault(one.source, []).append(one)
        return {path: sorted(some, key=lambda one: -len(one.query)) for path, some in sorted(paths.items())}

    @property
    def patterns(self) -> list[Redirect]:
        """Those with a `*`, the first that matches counts. Usual ones are left out where they would lead nowhere, or
        where the site has something of its own."""
        usual = (one for one in self._usual_patterns if self._is_there(one.redirect.target) and not self._covered(one))
        return [pattern.redirect for pattern in (*self._patterns, *usual)]

    def is_settled(self, url: str) -> bool:
        """Whether a pattern says where `url` leads, or the owner that it is gone."""
        led = self.find(url)
        return led is not None and ("*" in led.redirect.source or led.redirect.status == GONE)

    def covers_pages(self, redirect: Redirect, others: Iterable[str]) -> bool:
        """Whether pages of the site, or `others`, are among what `redirect`, which has a `*`, matches."""
        pattern = pattern_of(redirect)
        return bool(self._covered(pattern)) or any(pattern.splat(url) is not None for url in others)

    def _add(self, redirect: Redirect) -> None:
        if redirect.query:
            self._queries.setdefault((folded(redirect.source), redirect.query[0]), []).append(redirect)
        elif "*" in redirect.source:
            self._patterns.append(pattern_of(redirect))
        else:
            self._exact[folded(redirect.source)] = redirect

    def _add_settings(self, site: Site) -> None:
        hidden = {site_path(url, site.urls.origin) for url in site.withheld}
        added: dict[str, Redirect] = {}
        for source, value in site.settings.redirects.items():
            redirect = redirect_of(source, value if isinstance(value, Rule) else Rule(value), site.urls)
            is_hidden = "*" not in source and site_path(redirect.source, site.urls.origin) in hidden
            holder = "is the address of what is not published" if is_hidden and not redirect.query else ""
            holder = holder or self._holder(source, redirect, site)
            if holder:
                self.report("redirect-collision", source, f"{source} {holder}, which stays", "remove one of them")
            elif redirect.target and site_path(redirect.target, site.urls.origin) in hidden:
                message = f"{source} leads nowhere yet, because {redirect.target} is not published"
                self.report("unpublished-link", source, message, "remove it for now")
            else:
                added[source] = redirect
                self._add(redirect)
        ends = {source: self._end(redirect) for source, redirect in added.items() if redirect.target}
        for source, end in ends.items():
            self._judge(source, added[source], end)

    def _judge(self, source: str, redirect: Redirect, end: str | None) -> None:
        if end is None:
            self._remove(redirect)
            message = f"{source} leads back to itself through {redirect.target}, so it is left out"
            self.report("redirect-loop", source, message, "lead to a page")
        elif not end:
            message = f"{source} leads to {redirect.target}, which is not a page of this site"
            path = folded(self._own_path(redirect.target) or "")
            self.report("dead-link", source, message, "fix it, or write {status = 410} if it is gone", path)
        elif end != redirect.target and SPLAT not in redirect.target:
            message = f"{source} leads to {redirect.target}, which is an old address itself"
            self.report("redirect-chain", source, message, f'write "{end}"')

    def _remove(self, redirect: Redirect) -> None:
        self._exact = {key: one for key, one in self._exact.items() if one != redirect}
        self._patterns = [one for one in self._patterns if one.redirect != redirect]
        self._queries = {key: [one for one in some if one != redirect] for key, some in self._queries.items()}

    def _holder(self, source: str, redirect: Redirect, site: Site) -> str:
        """What `source`, the address of `redirect`, is already, in words, or the empty string."""
        key, inner = folded(redirect.source), site.urls.inner(redirect.source)
        if redirect.query:
            same = self._queries.get((key, redirect.query[0]), ())
            return next((f"is also an old address of {one.target}" for one in same if one.query == redirect.query), "")
        if "*" in redirect.source:
            if inner.split("/")[1] in FOLDERS_OF_FILES:
                return "is where Byline has files"
            covered = self._covered(pattern_of(redirect))
            if covered:
                others = f" and {len(covered) - 1} more addresses" if len(covered) > 1 else ""
                first = next((url for url in covered if url in site.by_url), covered[0])
                message = f"{source} stands for {_owner(site, first)}{others} too: they stay what they are"
                self.report("redirect-collision", source, message, "Cloudflare is not given it; narrow it down")
            return ""
        if key in self._known:
            return f"is also the address of {_owner(site, self._known[key])}"
        return f"is also an old address of {self._exact[key].target or 'what is gone'}" if key in self._exact else ""

    def report(self, code: str, source: str, message: str, hint: str, target: str = "") -> None:
        """Tell what is wrong with the line of `source` in site.toml, unless `target` is a page after all."""
        line, col = self._urls.settings.places.get(source, (0, 0))
        self._faults.append((target, Problem(FILE_NAME, line, col, code, message, hint, "warning")))

    def _covered(self, pattern: Pattern) -> list[str]:
        near = (url for key, url in self._known.items() if key.startswith(pattern.start))
        return [url for url in near if pattern.splat(url) is not None]

    def _end(self, redirect: Redirect) -> str | None:
        """Where `redirect` leads in the end: empty if that is no page of this site, None if it is itself."""
        target, seen = redirect.target, {redirect}
        while True:
            path = self._own_path(target)
            if path is None or self._is_there(target):
                return target
            led = self.find(path.replace(SPLAT, "x"))
            if led is None:
                return ""
            if led.redirect in seen:
                return None
            seen.add(led.redirect)
            target = led.target

    def _is_there(self, target: str) -> bool:
        """Whether `target` is elsewhere or a page of the site; with a splat, whether it can be one."""
        path = self._own_path(target)
        if path is None or SPLAT not in path:
            return path is None or folded(path) in self._known
        start, _, end = path.partition(SPLAT)
        start, end = folded(f"{start}x")[:-1], "" if end == "/" else folded(end) if end else ""
        return any(key.startswith(start) and key.endswith(end) and len(key) > len(start) for key in self._known)

    def _own_path(self, target: str) -> str | None:
        """The path of a `target` on this site, without query and fragment; None for one elsewhere."""
        if not target.startswith("/"):
            return None
        path = target.partition("#")[0].partition("?")[0]
        return path if f"{path}/".startswith(self._urls.home) else None

    def _led_by_owner(self, path: str) -> Led | None:
        return next((led for pattern in self._patterns if (led := self._led(pattern, path))), None)

    def _led(self, pattern: Pattern, path: str) -> Led | None:
        """Where `pattern` leads from `path`: to the page as it is written there, if there is one. Slashes in a row are
        one, because two at the start would name another host."""
        splat = pattern.splat(path)
        if splat is None:
            return None
        target = pattern.redirect.target.replace(SPLAT, splat)
        own = self._own_path(target)
        if own is not None:
            tail, own = target[len(own) :], _SLASHES.sub("/", own)
            moved = self._exact.get(folded(own))
            own = moved.target if moved and moved.target else self._known.get(folded(own), own)
            target = own + tail
        return None if target and folded(target) == folded(path) else Led(pattern.redirect, target)

    def _add_usual(self) -> None:
        for redirect in usual(self._urls):
            key = folded(redirect.source)
            if redirect.query:
                if not self._queries.get((key, redirect.query[0])):
                    self._add(redirect)
            elif "*" in redirect.source:
                self._usual_patterns.append(pattern_of(redirect))
            elif key not in self._known and key not in self._exact:
                led = self._led_by_owner(redirect.source)
                if led is None or not self._is_there(led.target):
                    self._usual[key] = redirect


def usual(urls: Urls) -> Iterator[Redirect]:
    """The addresses of feeds, tags, categories and authors on other systems, the more particular ones first.

    Each language has its own, but for the feeds of topics: hosts take only a hundred patterns.
    """
    feed = urls.at("/feed.xml")
    yield from (Redirect(urls.at(source), feed) for source in FEEDS)
    yield Redirect(urls.at("/feed/json/"), urls.at("/feed.json"))
    yield from (Redirect(urls.at(source), urls.home) for source in FRONT_PAGES)
    yield from (Redirect(urls.at(path), feed, 301, ((name, value),)) for path, name, value in FEED_QUERIES)
    for group, one in GROUPS.items() if not urls.language else ():
        for root, last in ((root, last) for root in (one, group) for last in TOPIC_FEEDS):
            yield Redirect(urls.at(f"/{root}/*/{last}"), urls.at(f"/{group}/{SPLAT}/feed.xml"))
    yield from (Redirect(urls.at(f"/{one}/*"), urls.at(f"/{group}/{SPLAT}")) for group, one in GROUPS.items())
    for own in urls.in_language.values():
        yield from usual(own)


def redirect_of(source: str, rule: Rule, urls: Urls) -> Redirect:
    """What a line of `[redirects]` says, with its paths below the base path."""
    path, _, query = source.partition("?")
    path = urls.below(quoted(unquote(path))) if "*" in path else urls.alias(path)
    target = quote(rule.to, safe=f"%?#[]{SAFE}")
    if f"{target}/".startswith(urls.origin + urls.home):
        target = target.removeprefix(urls.origin) or "/"
    target = urls.below(target) if target.startswith("/") else target
    return Redirect(path, target, rule.status, tuple(parse_qsl(query, keep_blank_values=True)))


def pattern_of(redirect: Redirect) -> Pattern:
    """`redirect` with what its source matches. The slash at the end makes no difference, nor does case."""
    start, _, end = map(_plain, redirect.source.partition("*"))
    if end:
        regex = f"{re.escape(start)}(?P<splat>[^/]+){re.escape(end.rstrip('/'))}/?"
    else:
        regex = f"{re.escape(start.rstrip('/'))}(?:/(?P<splat>.*))?"
    return Pattern(redirect, re.compile(regex, re.IGNORECASE | re.DOTALL), folded(start))


def folded(url: str) -> str:
    """The same for all ways to write a path that differ in case, escapes, the slash at the end or `index.html`."""
    return _plain(url).casefold().removesuffix("/index.html").rstrip("/") or "/"


def joined(target: str, query: str) -> str:
    """`target` with the `query` of a request."""
    if not query:
        return target
    query = _ODD.sub(lambda odd: quote(odd[0]), query)
    head, mark, fragment = target.partition("#")
    return f"{head}{'&' if '?' in head else '?'}{query}{mark}{fragment}"


def _plain(url: str) -> str:
    return unicodedata.normalize("NFC", unquote(url))


def _owner(site: Site, url: str) -> str:
    """Who has the address `url`, in words."""
    page, file = site.by_url.get(url), site.files.get(url)
    return page.path if page else file.source if file and file.source else f"the page {url}"
