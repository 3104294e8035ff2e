"""Lists: authors, tags, categories and series with their stories and feeds; and what views are put together from."""

from collections.abc import Callable, Iterable, Sequence
from types import MappingProxyType
from typing import TypeVar

import msgspec

from byline import pages
from byline.feeds import atom, json
from byline.models import Author, Link, Post, Topic
from byline.pages import Head, Listing
from byline.responses import Answer, PageAnswer
from byline.site import Site

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
