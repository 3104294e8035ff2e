"""Feeds and sitemaps: the site as machines read it."""

import datetime as dt
import functools
from collections.abc import Iterable, Sequence
from types import MappingProxyType

import msgspec

from byline.models import Alternate, Post
from byline.site import Site
from byline.urls import GROUPS, Format, twin_url
from byline.web.page import masthead
from byline.web.responses import PageAnswer

XML = "application/xml; charset=utf-8"
MARKDOWN = "text/markdown; charset=utf-8"
PLAIN = "text/plain; charset=utf-8"
NEVER = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
"""When a feed without a story was last updated: RFC 4287 requires a date, and "now" does not follow from the site."""
MAX_NEWS = 1000
MAX_LISTED = 1000
"""Stories in llms.txt, which is to fit into what a program can keep in mind."""
MAP_ENTRIES = 50_000
"""The most that one file may list: https://www.sitemaps.org/protocol.html"""


class Feed(msgspec.Struct, frozen=True):
    """`url` is the feed's own, `page` is the URL of the list it follows, `id` never changes."""

    id: str
    title: str
    url: str
    page: str
    updated: dt.datetime


class Entry(msgspec.Struct, frozen=True):
    """A page as llms.txt lists it."""

    title: str
    url: str
    about: str = ""


class Section(msgspec.Struct, frozen=True):
    """A part of llms.txt; without a title, of stories that are in no category."""

    title: str
    entries: tuple[Entry, ...]


class MapEntry(msgspec.Struct, frozen=True):
    url: str
    changed: dt.datetime | None
    alternates: tuple[Alternate, ...] = ()


def changed(post: Post) -> dt.datetime | None:
    """When the story last changed in substance: its update, its last correction, or its publication."""
    if not post.updated and not post.corrections:
        return post.date
    dates = [date for date in (post.date, post.updated, *(c.date for c in post.corrections)) if date]
    return max(dates, default=None)


def site_feed(site: Site, form: Format) -> PageAnswer:
    """The newest stories of the site."""
    return _feed(site, site.settings.title, site.urls.home, site.posts, form)


def topic_feed(site: Site, group: str, slug: str, form: Format) -> PageAnswer | None:
    """The newest stories of one author, tag or category."""
    topic = site.topic(group, slug)
    if topic is None:
        return None
    title = f"{topic.name} · {site.settings.title}"
    return _feed(site, title, topic.url, site.posts_of.get(topic.url, ()), form)


def sitemap(site: Site) -> PageAnswer:
    """The sitemap, or the list of its parts if the site has too many pages for one."""
    entries = map_entries(site)
    if len(entries) <= MAP_ENTRIES:
        return _map(site, site.urls.sitemap(), "data/sitemap.xml", XML, entries=entries)
    parts = tuple(MapEntry(url, None) for url in map_urls(site))
    return _map(site, site.urls.sitemap(), "data/sitemap-index.xml", XML, entries=parts)


def sitemap_part(site: Site, number: int) -> PageAnswer | None:
    """One part of a sitemap that is too large for one file."""
    entries = map_entries(site)
    part = entries[(number - 1) * MAP_ENTRIES : number * MAP_ENTRIES]
    if not part or len(entries) <= MAP_ENTRIES:
        return None
    return _map(site, site.urls.sitemap(number), "data/sitemap.xml", XML, entries=part)


def map_urls(site: Site) -> list[str]:
    """The URLs of the sitemap's parts; none if it is one file."""
    count = len(_findable(site))
    parts = range(1, -(-count // MAP_ENTRIES) + 1) if count > MAP_ENTRIES else range(0)
    return [site.urls.sitemap(number) for number in parts]


@functools.lru_cache(maxsize=1)
def map_entries(site: Site) -> tuple[MapEntry, ...]:
    """Every page that search engines may list, with the date of its last change if it has one."""
    return tuple(MapEntry(url, _newest(posts), site.alternates(url)) for url, posts in _findable(site))


def _findable(site: Site) -> list[tuple[str, Sequence[Post]]]:
    """URLs of pages in all languages, each with the stories whose changes change it."""
    pages: list[tuple[str, Sequence[Post]]] = []
    for edition in site.all_editions:
        lists = dict.fromkeys((edition.urls.home, edition.urls.stories, edition.urls.archive()))
        pages += [(url, edition.posts) for url in lists]
        pages += [(post.url, (post,)) for post in edition.posts if edition.is_original(post)]
        pages += [(page.url, ()) for page in edition.pages if page is not edition.front]
        for group in (*GROUPS, "series"):
            pages += [(item.url, edition.posts_of.get(item.url, ())) for item in getattr(edition, group)]
    return pages + [(url, ()) for url in site.other_urls if site.others and site.others.is_listed(url)]


def news_sitemap(site: Site) -> PageAnswer:
    """The news of the last two days; the front page if there are none, because a sitemap without a URL is invalid.

    Older pages may be in it, without the metadata of news:
    https://developers.google.com/search/docs/crawling-indexing/sitemaps/news-sitemap
    """
    news = [(post, edition) for edition in site.all_editions for post in edition.news][:MAX_NEWS]
    names = tuple(edition.settings.title for _, edition in news)
    posts = tuple(post.teaser for post, _ in news)
    return _map(site, site.urls.news_sitemap, "data/news-sitemap.xml", XML, posts=posts, names=names)


def robots(site: Site) -> PageAnswer:
    return _map(site, site.urls.robots, "data/robots.txt", PLAIN, hidden=site.shows_drafts)


def twin(site: Site, post: Post) -> PageAnswer:
    """A story as Markdown."""
    context = {
        "masthead": masthead(site.urls),
        "post": post,
        "canonical": post.canonical or site.urls.absolute(post.url),
    }
    return PageAnswer(twin_url(post.url), ("data/story.md",), MappingProxyType(context), mimetype=MARKDOWN)


def llms(site: Site) -> PageAnswer:
    """What is where, for programs that read: https://llmstxt.org. A category is a section, and so is each language."""
    sections: dict[str, list[Entry]] = {}
    for edition in site.all_editions:
        for post in [post for post in edition.posts if post.status == "published"][:MAX_LISTED]:
            name = post.category.name if post.category else ""
            if edition is not site:
                name = edition.settings.title
            twin = twin_url(post.url)
            about = post.dek or post.summary
            sections.setdefault(name, []).append(Entry(post.title, twin if twin in site.twins else post.url, about))
    ordered = sorted(sections.items(), key=lambda section: not section[0])
    pages = tuple(
        Entry(page.title, page.url, page.dek or page.summary) for page in site.pages if page is not site.front
    )
    context = {"sections": tuple(Section(name, tuple(found)) for name, found in ordered), "pages": pages}
    return _map(site, site.urls.llms, "data/llms.txt", PLAIN, **context)


def _feed(site: Site, title: str, page: str, posts: Sequence[Post], form: Format) -> PageAnswer:
    """The first `feed_items` of `posts`, which come newest first, as a feed of the list at `page`.

    Atom is RFC 4287, JSON Feed is https://www.jsonfeed.org/version/1.1/.
    """
    newest = tuple(posts[: site.settings.feed_items])
    dates = [date for date in map(changed, newest) if date]
    url = page + form.name
    context = {
        "masthead": masthead(site.urls),
        "feed": Feed(site.urls.tag(page), title, url, page, max(dates, default=NEVER)),
        "posts": newest,
        "updates": tuple(changed(post) for post in newest),
    }
    return PageAnswer(
        url, (f"feeds/{form.name}",), MappingProxyType(context), mimetype=f"{form.mimetype}; charset=utf-8"
    )


def _map(site: Site, url: str, template: str, mimetype: str, **context: object) -> PageAnswer:
    context |= {"masthead": masthead(site.urls), "sitemap": site.urls.sitemap(), "news_sitemap": site.urls.news_sitemap}
    return PageAnswer(url, (template,), MappingProxyType(context), mimetype=mimetype)


def _newest(posts: Iterable[Post]) -> dt.datetime | None:
    return max((date for date in map(changed, posts) if date), default=None)
