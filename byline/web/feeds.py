"""Feeds and maps: the site as machines read it."""

import datetime as dt
import functools
from collections.abc import Iterable, Sequence
from types import MappingProxyType

import msgspec

from byline.models import Post
from byline.site import Site
from byline.web.page import masthead
from byline.web.responses import PageAnswer

ATOM = "application/atom+xml; charset=utf-8"
JSON_FEED = "application/feed+json; charset=utf-8"
XML = "application/xml; charset=utf-8"
PLAIN = "text/plain; charset=utf-8"
NEVER = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
"""When a feed without a story was last updated: RFC 4287 asks for a date, and "now" is no function of the site."""
MAX_NEWS = 1000
MAP_ENTRIES = 50_000
"""The most that one file may list: https://www.sitemaps.org/protocol.html"""


class Feed(msgspec.Struct, frozen=True):
    """`url` is the feed's own, `page` that of the list it follows, `id` its name for ever."""

    id: str
    title: str
    url: str
    page: str
    updated: dt.datetime


class MapEntry(msgspec.Struct, frozen=True):
    url: str
    changed: dt.datetime | None


def changed(post: Post) -> dt.datetime | None:
    """When the story last changed in substance: its update, its last correction, or its publication."""
    if not post.updated and not post.corrections:
        return post.date
    dates = [date for date in (post.date, post.updated, *(c.date for c in post.corrections)) if date]
    return max(dates, default=None)


def atom(site: Site, title: str, page: str, posts: Sequence[Post]) -> PageAnswer:
    """The first of `posts`, which come newest first, as an Atom feed (RFC 4287)."""
    return _feed(site, title, page, f"{page}feed.xml", posts, "feed.xml", ATOM)


def json(site: Site, title: str, page: str, posts: Sequence[Post]) -> PageAnswer:
    """The first of `posts`, which come newest first, as a JSON Feed 1.1: https://www.jsonfeed.org/version/1.1/"""
    return _feed(site, title, page, f"{page}feed.json", posts, "feed.json", JSON_FEED)


def feed(site: Site) -> PageAnswer:
    return atom(site, site.settings.title, f"{site.settings.base_path}/", site.posts)


def json_feed(site: Site) -> PageAnswer:
    return json(site, site.settings.title, f"{site.settings.base_path}/", site.posts)


def sitemap(site: Site) -> PageAnswer:
    """The map of the site, or where it has too many pages for one, the list of its parts."""
    entries = map_entries(site)
    if len(entries) <= MAP_ENTRIES:
        return _map(site, "sitemap.xml", "sitemap.xml", XML, entries=entries)
    parts = tuple(MapEntry(url, None) for url in map_urls(site))
    return _map(site, "sitemap.xml", "sitemap-index.xml", XML, entries=parts)


def sitemap_part(site: Site, number: int) -> PageAnswer | None:
    """A part of a map that is too large for one file."""
    entries = map_entries(site)
    part = entries[(number - 1) * MAP_ENTRIES : number * MAP_ENTRIES]
    if not part or len(entries) <= MAP_ENTRIES:
        return None
    return _map(site, f"sitemap-{number}.xml", "sitemap.xml", XML, entries=part)


def map_urls(site: Site) -> list[str]:
    """The URLs of the map's parts; none where it is whole."""
    count = len(_findable(site))
    parts = range(1, -(-count // MAP_ENTRIES) + 1) if count > MAP_ENTRIES else range(0)
    return [f"{site.settings.base_path}/sitemap-{number}.xml" for number in parts]


@functools.lru_cache(maxsize=1)
def map_entries(site: Site) -> tuple[MapEntry, ...]:
    """Every page that may be found, with the date of its last change where it has one."""
    return tuple(MapEntry(url, _newest(posts)) for url, posts in _findable(site))


def _findable(site: Site) -> list[tuple[str, Sequence[Post]]]:
    """URLs of pages, each with the stories that it changes with."""
    base = site.settings.base_path
    found: list[tuple[str, Sequence[Post]]] = [(f"{base}/", site.posts), (f"{base}/archive/", site.posts)]
    found += [(post.url, (post,)) for post in site.posts]
    found += [(page.url, ()) for page in site.pages]
    for group in (site.authors, site.tags, site.categories, site.series):
        found += [(item.url, site.posts_of.get(item.url, ())) for item in group]
    return found


def news_sitemap(site: Site) -> PageAnswer:
    return _map(
        site, "news-sitemap.xml", "news-sitemap.xml", XML, posts=tuple(post.teaser for post in site.news[:MAX_NEWS])
    )


def robots(site: Site) -> PageAnswer:
    return _map(site, "robots.txt", "robots.txt", PLAIN, hidden=site.shows_drafts)


def _feed(
    site: Site, title: str, page: str, url: str, posts: Sequence[Post], template: str, mimetype: str
) -> PageAnswer:
    newest = tuple(posts[: site.settings.feed_items])
    dates = [date for date in map(changed, newest) if date]
    context = {
        "masthead": masthead(site.settings),
        "feed": Feed(site.settings.tag(page), title, url, page, max(dates, default=NEVER)),
        "posts": newest,
        "updates": tuple(changed(post) for post in newest),
    }
    return PageAnswer(url, (template,), MappingProxyType(context), mimetype=mimetype)


def _map(site: Site, name: str, template: str, mimetype: str, **context: object) -> PageAnswer:
    url = f"{site.settings.base_path}/{name}"
    context |= {"masthead": masthead(site.settings), "sitemap": f"{site.settings.base_path}/sitemap.xml"}
    return PageAnswer(url, (template,), MappingProxyType(context), mimetype=mimetype)


def _newest(posts: Iterable[Post]) -> dt.datetime | None:
    return max((date for date in map(changed, posts) if date), default=None)
