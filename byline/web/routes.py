"""Routes: the site's map. Each route also yields every URL that it answers with a page of the site,
so the freezer, the sitemap and the tests need no second list.
"""

import dataclasses
import functools
import re
from collections.abc import Callable, Iterable, Iterator
from urllib.parse import urlsplit

from byline.problems import Problem
from byline.settings import Settings
from byline.site import Site
from byline.web import feeds, views
from byline.web.page import page_urls
from byline.web.responses import Answer


@dataclasses.dataclass(frozen=True)
class Route:
    """A URL rule below the base path, its view, and the URLs that the view answers with a page of the site."""

    rule: str
    view: Callable[..., Answer | None]
    urls: Callable[[Site], Iterable[str]]
    takes_path: bool = False
    """The view looks up the whole path instead of the rule's parts."""

    @property
    def name(self) -> str:
        return self.view.__name__


def article_rules(settings: Settings) -> tuple[str, ...]:
    """The permalink as a URL rule, and the place of drafts that lack a part of it."""
    rule = re.sub(r"\{(\w+)\}", r"<\1>", settings.permalink)
    return tuple(dict.fromkeys((rule, "/posts/<slug>/")))


@functools.lru_cache(maxsize=1)
def urls(site: Site) -> tuple[str, ...]:
    """Every URL of the site, redirects included, each once."""
    found = dict.fromkeys(url for route in ROUTES for url in route.urls(site))
    return tuple(found | dict.fromkeys(site.redirects))


def redirects(site: Site) -> dict[str, str]:
    """Old URL → where it leads, of every answer that is a 301."""
    own = views.posts(site)
    return {own.url: own.target, **site.redirects}


def dead_links(site: Site) -> list[Problem]:
    """A warning for each link in a post to a URL that the site does not have."""
    known = set(urls(site))
    problems = []
    for link in site.references:
        path = urlsplit(link.url).path
        if path not in known and f"{path}/" not in known:
            message = f"{link.url} is no page of this site"
            problems.append(Problem(link.path, link.line, link.col, "dead-link", message, "mend it", "warning"))
    return problems


def _lists(group: str) -> Callable[[Site], Iterator[str]]:
    """All pages of all topics (or authors) of one kind."""

    def urls(site: Site) -> Iterator[str]:
        for topic in getattr(site, group):
            yield from page_urls(topic.url, site.posts_of.get(topic.url, ()), site.settings.posts_per_page)

    return urls


def _one(path: str) -> Callable[[Site], Iterator[str]]:
    return lambda site: iter((site.settings.base_path + path,))


def _index_urls(site: Site) -> list[str]:
    return page_urls(f"{site.settings.base_path}/", site.posts, site.settings.posts_per_page)


def _feed_urls(group: str, name: str) -> Callable[[Site], Iterator[str]]:
    return lambda site: (f"{topic.url}{name}" for topic in getattr(site, group))


def _none(_site: Site) -> tuple[str, ...]:
    return ()


ROUTES = (
    Route("/", views.index, _index_urls),
    Route("/page/<int:number>/", views.index, _none),
    Route("/posts/", views.posts, _one("/posts/")),
    Route("/authors/", views.authors, _one("/authors/")),
    Route("/authors/<slug>/", views.author, _lists("authors")),
    Route("/authors/<slug>/page/<int:number>/", views.author, _none),
    Route("/authors/<slug>/feed.xml", views.author_feed, _feed_urls("authors", "feed.xml")),
    Route("/authors/<slug>/feed.json", views.author_json, _feed_urls("authors", "feed.json")),
    Route("/tags/", views.tags, _one("/tags/")),
    Route("/tags/<slug>/", views.tag, _lists("tags")),
    Route("/tags/<slug>/page/<int:number>/", views.tag, _none),
    Route("/tags/<slug>/feed.xml", views.tag_feed, _feed_urls("tags", "feed.xml")),
    Route("/tags/<slug>/feed.json", views.tag_json, _feed_urls("tags", "feed.json")),
    Route("/categories/", views.categories, _one("/categories/")),
    Route("/categories/<slug>/", views.category, _lists("categories")),
    Route("/categories/<slug>/page/<int:number>/", views.category, _none),
    Route("/categories/<slug>/feed.xml", views.category_feed, _feed_urls("categories", "feed.xml")),
    Route("/categories/<slug>/feed.json", views.category_json, _feed_urls("categories", "feed.json")),
    Route("/series/<slug>/", views.series, lambda site: (topic.url for topic in site.series)),
    Route("/archive/", views.archive, _one("/archive/")),
    Route(
        "/archive/<int:year>/",
        views.archive_year,
        lambda site: (views.year_url(site, year) for year in views.by_year(site)),
    ),
    Route("/search/", views.search, _one("/search/")),
    Route("/feed.xml", feeds.feed, _one("/feed.xml")),
    Route("/feed.json", feeds.json_feed, _one("/feed.json")),
    Route("/sitemap.xml", feeds.sitemap, _one("/sitemap.xml")),
    Route("/sitemap-<int:number>.xml", feeds.sitemap_part, feeds.map_urls),
    Route("/news-sitemap.xml", feeds.news_sitemap, _one("/news-sitemap.xml")),
    Route("/robots.txt", feeds.robots, _one("/robots.txt")),
    Route("/404.html", views.missing, _one("/404.html")),
    Route("/static/<path:name>", views.file, lambda site: site.files, takes_path=True),
    Route("/media/<path:name>", views.file, _none, takes_path=True),
    Route("/attachments/<path:name>", views.file, _none, takes_path=True),
    Route("/<path:name>/", views.article, lambda site: site.by_url, takes_path=True),
)
"""The route of articles, whose rule is a setting, comes from `article_rules`."""
