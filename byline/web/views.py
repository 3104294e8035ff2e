"""Views: a URL and the site in, a template and its context out.

A view is a pure function; None means that there is no such page.
"""

import dataclasses
import datetime as dt
import itertools
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

import msgspec

from byline.markdown.text import clipped
from byline.models import Author, Link, Picture, PlainPage, Post, Teaser
from byline.redirects import Led
from byline.settings.values import GONE
from byline.site import Site
from byline.urls import GROUPS, page_count, page_url, twin_url
from byline.web import feeds
from byline.web.feeds import changed
from byline.web.page import (
    DESCRIPTION_CHARACTERS,
    Head,
    Listing,
    chunk,
    comments,
    edit_url,
    feed_links,
    head,
    masthead,
    pager,
    scripts,
)
from byline.web.responses import Answer, FileAnswer, PageAnswer, RedirectAnswer
from byline.web.search import Results

NO_RESULTS = Results()
SECTIONS = 8
"""Of the largest categories, those that the search page offers."""


class Group(msgspec.Struct, frozen=True):
    """A topic, or a year of the archive, with the number of its stories."""

    title: str
    url: str
    count: int


class Month(msgspec.Struct, frozen=True):
    """A month of the archive; `date` is in it, `id` is its place on the page of its year."""

    date: dt.datetime
    id: str
    url: str
    posts: tuple[Teaser, ...] = ()
    count: int = 0


class Year(Group, frozen=True):
    months: tuple[Month, ...]


def index(site: Site, number: int = 1) -> Answer | None:
    """The newest stories, pinned ones first; on the front page below what its own text says."""
    first = site.urls.stories
    url = page_url(first, number)
    page = site.front if url == site.urls.home else None
    is_front = first == site.urls.home
    its_head = head(
        site,
        site.settings.title if is_front else "",
        url,
        name="" if is_front else "latest",
        description=page.summary if page else "",
    )
    if page:
        its_head = msgspec.structs.replace(its_head, edit=edit_url(site, page.path))
    templates = (f"page-{page.template}.html", "index.html") if page else ("index.html",)
    return _listing(site, templates, its_head, first, site.index_order, number, page=page)


def front(site: Site) -> Answer | None:
    """The front page of a site whose stories are listed elsewhere; the first of that list if nobody wrote one."""
    if site.front:
        return _plain_page(site, site.front, site.settings.title)
    its_head = head(site, site.settings.title, site.urls.home)
    return _listing(site, ("index.html",), its_head, site.urls.stories, site.index_order, 1, page=None)


def article(site: Site, path: str) -> Answer | None:
    """A story, its Markdown, or a plain page at an address where a story could be."""
    item = site.by_url.get(path)
    if item is None and path in site.twins:
        return feeds.twin(site.edition_of(site.twins[path].url), site.twins[path])
    if isinstance(item, PlainPage):
        return _plain_page(site.edition_of(path), item)
    if not isinstance(item, Post):
        return None
    twins, site = site.twins, site.edition_of(path)
    older, newer = site.neighbours(item)
    its_head = Head(
        title=item.title,
        url=item.url,
        canonical=item.canonical or site.urls.absolute(item.url),
        description=clipped(item.summary, DESCRIPTION_CHARACTERS),
        lang=item.lang,
        kind="article",
        noindex=site.shows_drafts or item.status != "published",
        picture=_preview(item.cover, item.card, site.logo),
        logo=site.look.logo or site.logo,
        twin=twin_url(item.url) if twin_url(item.url) in twins else "",
        edit=edit_url(site, item.path),
        alternates=site.alternates(item.url),
        scripts=scripts(site),
    )
    has_comments = item.comments and item.status == "published"
    return _page(
        site,
        (f"article-{item.template}.html", "article.html"),
        its_head,
        post=item,
        older=older and Link(older.title, older.url, older.lang),
        newer=newer and Link(newer.title, newer.url, newer.lang),
        related=tuple(post.teaser for post in site.related(item)),
        changed=changed(item),
        comments=comments(site, item.lang) if has_comments else None,
    )


def group(site: Site, name: str) -> Answer | None:
    """All authors, tags or categories."""
    its_head = head(site, "", site.urls.group(name), name=name)
    if name == "authors":
        people = tuple(msgspec.structs.replace(person, body=None, digest="") for person in site.authors)
        return _page(site, ("authors.html",), its_head, authors=people)
    return _page(site, ("topics.html",), its_head, topics=_groups(site, name))


def _groups(site: Site, name: str) -> tuple[Group, ...]:
    return tuple(Group(topic.name, topic.url, len(site.posts_of[topic.url])) for topic in getattr(site, name))


def topic(site: Site, group: str, slug: str, number: int = 1) -> Answer | None:
    """One author, tag or category with its stories."""
    item = site.topic(group, slug)
    if item is None:
        return None
    its_head = head(site, item.name, page_url(item.url, number))
    its_head = msgspec.structs.replace(its_head, feeds=feed_links(item.name, item.url))
    context: dict[str, object] = {"topic": item}
    if isinstance(item, Author):
        context = {"author": item}
        description = item.bio or its_head.description
        its_head = msgspec.structs.replace(
            its_head, description=description, kind="profile", picture=_preview(item.avatar, site.logo)
        )
    stories = site.posts_of.get(item.url, ())
    return _listing(site, (f"{GROUPS[group]}.html",), its_head, item.url, stories, number, **context)


def series(site: Site, slug: str) -> Answer | None:
    """A series in reading order, on one page."""
    item = site.topic("series", slug)
    if item is None:
        return None
    posts = tuple(post.teaser for post in site.posts_of[item.url])
    return _page(site, ("series.html",), head(site, item.name, item.url), topic=item, posts=posts)


def archive(site: Site) -> Answer | None:
    """The years and their months, newest first."""
    years = []
    for number, posts in by_year(site).items():
        url = site.urls.archive(number)
        months = tuple(msgspec.structs.replace(month, posts=()) for month in _months(url, posts))
        years.append(Year(str(number), url, len(posts), months))
    its_head = head(site, "", site.urls.archive(), name="archive")
    return _page(site, ("archive.html",), its_head, years=tuple(years))


def archive_year(site: Site, year: int) -> Answer | None:
    posts = by_year(site).get(year)
    if not posts:
        return None
    url = site.urls.archive(year)
    its_head, months = head(site, str(year), url, name="archive"), tuple(_months(url, posts))
    return _page(site, ("archive_year.html",), its_head, year=year, posts=tuple(posts), months=months)


def _months(url: str, posts: Sequence[Teaser]) -> Iterator[Month]:
    """The months of a year whose page is at `url`."""
    for number, group in itertools.groupby(posts, lambda post: post.date.month if post.date else 0):
        of_month = tuple(group)
        assert of_month[0].date
        anchor = f"page-month-{number}"
        yield Month(of_month[0].date, anchor, f"{url}#{anchor}", of_month, len(of_month))


def by_year(site: Site) -> dict[int, list[Teaser]]:
    years: dict[int, list[Teaser]] = {}
    for post in site.posts:
        if post.date:
            years.setdefault(post.date.year, []).append(post.teaser)
    return years


def posts(site: Site) -> RedirectAnswer:
    return _redirect(site, site.urls.posts, site.urls.archive())


def search(site: Site, results: Results = NO_RESULTS) -> Answer | None:
    """The search page; without a query it is the same on a server and on a static host."""
    its_head = head(site, "", site.urls.search, name="search", noindex=bool(results.query))
    sections = () if results.query else tuple(sorted(_groups(site, "categories"), key=lambda it: -it.count)[:SECTIONS])
    return _page(site, ("search.html",), its_head, results=results, sections=sections)


def missing(site: Site) -> Answer | None:
    """The page that static hosts show for URLs they do not know."""
    return not_found(site, 200)


def file(site: Site, path: str) -> Answer | None:
    """Static files, media and attachments."""
    item = site.files.get(path)
    return FileAnswer(item, site.files.get(item.stand_in)) if item else None


def at_root(site: Site, path: str) -> Answer | None:
    """A file of public/, with or without the trailing slash of its folder."""
    return file(site, path) or file(site, f"{path}/")


def not_found(site: Site, status: int = 404) -> PageAnswer:
    its_head = head(site, "", site.urls.missing, name="not_found", noindex=True)
    its_head = msgspec.structs.replace(its_head, alternates=site.alternates(site.urls.home))
    newest = tuple(post.teaser for post in site.posts[:3])
    return dataclasses.replace(_page(site, ("404.html",), its_head, posts=newest), status=status)


def own(
    site: Site, template: str, url: str, title: str, description: str, status: int, context: Mapping[str, object]
) -> PageAnswer:
    """A page of the app's own, in the theme."""
    its_head = head(site, title, url, description=description)
    values = {**context, "head": its_head, "masthead": masthead(site.urls)}
    return PageAnswer(url, (template,), MappingProxyType(values), status)


def moved(site: Site, url: str, led: Led, query: str) -> Answer:
    """Where an old address leads; the page of what is missing, with its status, where that is gone."""
    if led.redirect.status == GONE:
        return not_found(site.edition(site.urls.language_at(url)), GONE)
    answer = _redirect(site, url, led.target)
    return dataclasses.replace(answer, location=led.location(query), status=led.redirect.status)


def _redirect(site: Site, url: str, target: str) -> RedirectAnswer:
    its_head = head(site, site.settings.title, url, noindex=True)
    context = {"target": target, "head": its_head, "masthead": masthead(site.urls)}
    return RedirectAnswer(url, target, MappingProxyType(context))


def _preview(*pictures: Picture | None) -> Picture | None:
    """The first of `pictures` that previews of a link to the page can show."""
    return next((picture for picture in pictures if picture and picture.is_for_cards), None)


def _plain_page(site: Site, item: PlainPage, title: str = "") -> PageAnswer:
    its_head = head(site, title or item.title, item.url, description=item.summary)
    its_head = msgspec.structs.replace(its_head, lang=item.lang, edit=edit_url(site, item.path))
    return _page(site, (f"page-{item.template}.html", "page.html"), its_head, page=item)


def _page(site: Site, templates: tuple[str, ...], its_head: Head, **context: object) -> PageAnswer:
    """A page, with the values that every page gets."""
    context |= {"head": its_head, "masthead": masthead(site.urls)}
    return PageAnswer(its_head.url, templates, MappingProxyType(context))


def _listing(
    site: Site,
    templates: tuple[str, ...],
    its_head: Head,
    first: str,
    posts: Sequence[Post],
    number: int,
    **context: object,
) -> Answer | None:
    """One page of a list, or None past its end."""
    size = site.settings.posts_per_page
    total = page_count(posts, size)
    if not 1 <= number <= total:
        return None
    teasers = tuple(post.teaser for post in chunk(posts, number, size))
    listing = Listing(teasers, pager(first, number, total))
    return _page(site, templates, msgspec.structs.replace(its_head, number=number), listing=listing, **context)
