"""Views: a URL and the site in, a template and its context out.

A view is a pure function; None means that there is no such page.
"""

import dataclasses
from collections.abc import Callable, Iterable, Sequence
from types import MappingProxyType
from typing import TypeVar

import msgspec

from byline.models import Author, Link, PlainPage, Post, Teaser, Topic
from byline.site import Site
from byline.web import page as pages
from byline.web.feeds import atom, changed, json
from byline.web.page import Head, Listing
from byline.web.responses import Answer, FileAnswer, PageAnswer, RedirectAnswer
from byline.web.search import Results

Named = TypeVar("Named", Author, Topic)


class Group(msgspec.Struct, frozen=True):
    """A year of the archive, or a topic with the number of its stories."""

    title: str
    url: str
    count: int


def author(site: Site, slug: str, number: int = 1) -> Answer | None:
    """A profile and its stories."""
    found = _named(site.authors, slug)
    if found is None:
        return None
    head = pages.head(site, found.name, pages.page_url(found.url, number), description=found.bio, feed=True)
    head = msgspec.structs.replace(
        head, feed=Link(found.name, f"{found.url}feed.xml"), kind="profile", picture=found.avatar
    )
    return listing(site, "author.html", head, found.url, site.posts_of.get(found.url, ()), number, author=found)


def author_feed(site: Site, slug: str) -> Answer | None:
    return _topic_feed(site, _named(site.authors, slug), atom)


def author_json(site: Site, slug: str) -> Answer | None:
    return _topic_feed(site, _named(site.authors, slug), json)


def authors(site: Site) -> Answer | None:
    people = tuple(msgspec.structs.replace(person, body=None, digest="") for person in site.authors)
    return page(
        site, ("authors.html",), pages.head(site, "", base_url(site, "/authors/"), name="authors"), authors=people
    )


def tag(site: Site, slug: str, number: int = 1) -> Answer | None:
    return _topic(site, "tag.html", _named(site.tags, slug), number)


def tag_feed(site: Site, slug: str) -> Answer | None:
    return _topic_feed(site, _named(site.tags, slug), atom)


def tag_json(site: Site, slug: str) -> Answer | None:
    return _topic_feed(site, _named(site.tags, slug), json)


def tags(site: Site) -> Answer | None:
    return _topics(site, "tags", site.tags)


def category(site: Site, slug: str, number: int = 1) -> Answer | None:
    return _topic(site, "category.html", _named(site.categories, slug), number)


def category_feed(site: Site, slug: str) -> Answer | None:
    return _topic_feed(site, _named(site.categories, slug), atom)


def category_json(site: Site, slug: str) -> Answer | None:
    return _topic_feed(site, _named(site.categories, slug), json)


def categories(site: Site) -> Answer | None:
    return _topics(site, "categories", site.categories)


def series(site: Site, slug: str) -> Answer | None:
    """A series in reading order, on one page."""
    found = _named(site.series, slug)
    if found is None:
        return None
    posts = tuple(post.teaser for post in site.posts_of[found.url])
    return page(site, ("series.html",), pages.head(site, found.name, found.url), topic=found, posts=posts)


def base_url(site: Site, path: str) -> str:
    """`path` below the site's base path."""
    return site.settings.base_path + path


def _named(group: Iterable[Named], slug: str) -> Named | None:
    return next((item for item in group if item.slug == slug), None)


def page(site: Site, templates: tuple[str, ...], head: Head, **context: object) -> PageAnswer:
    """A page with what every page is given."""
    context |= {"head": head, "masthead": pages.masthead(site.settings)}
    return PageAnswer(head.url, templates, MappingProxyType(context))


def listing(
    site: Site, template: str, head: Head, first: str, posts: Sequence[Post], number: int, **context: object
) -> Answer | None:
    """One page of a list, or None past its end."""
    size = site.settings.posts_per_page
    total = pages.page_count(posts, size)
    if not 1 <= number <= total:
        return None
    teasers = tuple(post.teaser for post in pages.chunk(posts, number, size))
    listing = Listing(teasers, pages.pager(first, number, total))
    head = msgspec.structs.replace(head, number=number)
    return page(site, (template,), head, listing=listing, **context)


def _topic(site: Site, template: str, topic: Topic | None, number: int) -> Answer | None:
    if topic is None:
        return None
    head = pages.head(site, topic.name, pages.page_url(topic.url, number))
    head = msgspec.structs.replace(head, feed=Link(topic.name, f"{topic.url}feed.xml"))
    return listing(site, template, head, topic.url, site.posts_of[topic.url], number, topic=topic)


def _topic_feed(site: Site, topic: Author | Topic | None, form: Callable[..., PageAnswer]) -> Answer | None:
    if topic is None:
        return None
    return form(site, f"{topic.name} · {site.settings.title}", topic.url, site.posts_of.get(topic.url, ()))


def _topics(site: Site, name: str, topics: tuple[Topic, ...]) -> Answer:
    groups = tuple(Group(topic.name, topic.url, len(site.posts_of[topic.url])) for topic in topics)
    return page(site, ("topics.html",), pages.head(site, "", base_url(site, f"/{name}/"), name=name), topics=groups)


NOTHING = Results()


def index(site: Site, number: int = 1) -> Answer | None:
    """The newest stories, pinned ones first."""
    first = base_url(site, "/")
    head = pages.head(site, site.settings.title, pages.page_url(first, number))
    return listing(site, "index.html", head, first, site.index_order, number)


def article(site: Site, path: str) -> Answer | None:
    """A story, or a plain page that lives where stories could."""
    found = site.by_url.get(path)
    if isinstance(found, PlainPage):
        return _plain(site, found)
    if not isinstance(found, Post):
        return None
    older, newer = site.neighbours(found)
    feed = Link(site.settings.title, base_url(site, "/feed.xml"))
    head = Head(
        title=found.title,
        url=found.url,
        canonical=found.canonical or site.settings.origin + found.url,
        description=found.summary,
        lang=found.lang,
        kind="article",
        noindex=site.shows_drafts or found.status != "published",
        feed=feed,
        picture=found.cover or found.card or site.logo,
        logo=site.logo,
    )
    return page(
        site,
        (f"article-{found.template}.html", "article.html"),
        head,
        post=found,
        older=older and Link(older.title, older.url, older.teaser.lang),
        newer=newer and Link(newer.title, newer.url, newer.teaser.lang),
        related=tuple(post.teaser for post in site.related(found)),
        changed=changed(found),
    )


def archive(site: Site) -> Answer | None:
    """The years, newest first."""
    years = tuple(Group(str(year), year_url(site, year), len(posts)) for year, posts in by_year(site).items())
    return page(site, ("archive.html",), pages.head(site, "", base_url(site, "/archive/"), name="archive"), years=years)


def archive_year(site: Site, year: int) -> Answer | None:
    posts = by_year(site).get(year)
    if not posts:
        return None
    head = pages.head(site, str(year), year_url(site, year), name="archive")
    return page(site, ("archive_year.html",), head, year=year, posts=tuple(posts))


def posts(site: Site) -> RedirectAnswer:
    return redirect(site, base_url(site, "/posts/"), base_url(site, "/archive/"))


def search(site: Site, results: Results = NOTHING) -> Answer | None:
    """The search page; without a query the same for a server and for a static host."""
    head = pages.head(site, "", base_url(site, "/search/"), name="search", noindex=bool(results.query))
    return page(site, ("search.html",), head, results=results)


def missing(site: Site) -> Answer | None:
    """The page that static hosts show for URLs they do not know."""
    return not_found(site, 200)


def file(site: Site, path: str) -> Answer | None:
    """Static files and media."""
    found = site.files.get(path)
    return FileAnswer(found, site.files.get(found.stand_in)) if found else None


def not_found(site: Site, status: int = 404) -> PageAnswer:
    url = base_url(site, "/404.html")
    head = pages.head(site, "", url, name="not_found", noindex=True)
    newest = tuple(post.teaser for post in site.posts[:3])
    answer = page(site, ("404.html",), head, posts=newest)
    return dataclasses.replace(answer, status=status)


def redirect(site: Site, url: str, target: str) -> RedirectAnswer:
    head = pages.head(site, site.settings.title, url, noindex=True)
    context = {"target": target, "head": head, "masthead": pages.masthead(site.settings)}
    return RedirectAnswer(url, target, MappingProxyType(context))


def moved(site: Site, path: str) -> RedirectAnswer | None:
    """Where an old URL leads, with or without its closing slash."""
    for url in (path, f"{path}/"):
        if url in site.redirects:
            return redirect(site, url, site.redirects[url])
    return None


def _plain(site: Site, found: PlainPage) -> PageAnswer:
    head = pages.head(site, found.title, found.url, description=found.summary)
    head = msgspec.structs.replace(head, lang=found.lang)
    return page(site, (f"page-{found.template}.html", "page.html"), head, page=found)


def by_year(site: Site) -> dict[int, list[Teaser]]:
    years: dict[int, list[Teaser]] = {}
    for post in site.posts:
        if post.date:
            years.setdefault(post.date.year, []).append(post.teaser)
    return years


def year_url(site: Site, year: int) -> str:
    return base_url(site, f"/archive/{year}/")
