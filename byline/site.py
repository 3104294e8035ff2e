"""The site: an immutable snapshot of everything that is published at one moment.

Drafts, embargoes and expiry are decided here, once, from one clock.
"""

import bisect
import dataclasses
import datetime as dt
import functools
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Protocol

from byline.errors import Problem
from byline.fingerprint import fingerprint
from byline.models import Author, File, Picture, PlainPage, Post, Reference, Status, Topic
from byline.settings import Settings

NEWS_WINDOW = dt.timedelta(hours=48)
"""How long a story stays in the news sitemap: https://developers.google.com/search/docs/crawling-indexing/sitemaps/news-sitemap"""
RELATED = 3
NEARBY = 10
"""Related stories are sought among this many neighbours in time, on each side, in each of a story's topics:
the cost of a page stays the same however large the archive is."""


class Dated(Protocol):
    @property
    def date(self) -> dt.datetime | None: ...
    @property
    def expires(self) -> dt.datetime | None: ...
    @property
    def draft(self) -> bool: ...


def status_of(entry: Dated, now: dt.datetime) -> Status:
    """Whether `entry` is published at `now`, and if not, why."""
    if entry.draft:
        return "draft"
    if entry.expires and entry.expires <= now:
        return "expired"
    if entry.date and entry.date > now:
        return "scheduled"
    return "published"


def next_change(entries: Iterable[Dated], now: dt.datetime) -> dt.datetime | None:
    """The first moment after `now` at which an entry appears, expires or leaves the news window."""
    moments: list[dt.datetime] = []
    for entry in entries:
        if not entry.draft:
            dates = (entry.date, entry.expires, entry.date + NEWS_WINDOW if entry.date else None)
            moments += [moment for moment in dates if moment and moment > now]
    return min(moments, default=None)


@dataclasses.dataclass(frozen=True, eq=False)
class Site:
    """Posts are newest first. `withheld` are URLs of what is not published, `valid_until` when that changes."""

    settings: Settings
    posts: tuple[Post, ...]
    pages: tuple[PlainPage, ...]
    authors: tuple[Author, ...]
    logo: Picture | None
    tags: tuple[Topic, ...]
    categories: tuple[Topic, ...]
    series: tuple[Topic, ...]
    redirects: Mapping[str, str]
    files: Mapping[str, File]
    news: tuple[Post, ...]
    withheld: tuple[str, ...]
    problems: tuple[Problem, ...]
    references: tuple[Reference, ...]
    unpublished: tuple[tuple[str, str, Status, dt.datetime | None], ...]
    valid_until: dt.datetime | None
    shows_drafts: bool
    posts_of: Mapping[str, tuple[Post, ...]]
    by_url: Mapping[str, Post | PlainPage]
    position: Mapping[str, int]
    digest: str

    @functools.cached_property
    def errors(self) -> tuple[Problem, ...]:
        return tuple(problem for problem in self.problems if problem.is_error)

    @functools.cached_property
    def index_order(self) -> tuple[Post, ...]:
        """Pinned posts, then the others, each newest first."""
        return tuple(sorted(self.posts, key=lambda post: not post.pinned))

    def neighbours(self, post: Post) -> tuple[Post | None, Post | None]:
        """The next older and the next newer post."""
        at = self.position[post.url]
        older = self.posts[at + 1] if at + 1 < len(self.posts) else None
        return older, self.posts[at - 1] if at else None

    def related(self, post: Post) -> tuple[Post, ...]:
        """Posts that share most tags and authors with `post`, nearest in time first among equals."""
        here = self.position[post.url]
        near: list[int] = []
        shared = [(tag.url, 2) for tag in post.tags] + [(author.url, 1) for author in post.authors]
        for url, weight in shared:
            group = self._positions_of[url]
            at = bisect.bisect_left(group, here)
            near += group[max(0, at - NEARBY) : at + NEARBY + 1] * weight
        scores = Counter(near)
        scores.pop(here, None)
        found: list[int] = []
        for score in sorted(set(scores.values()), reverse=True):
            equals = [index for index, its in scores.items() if its == score]
            found += sorted(equals, key=lambda index: (abs(index - here), index))
            if len(found) >= RELATED:
                break
        return tuple(self.posts[index] for index in found[:RELATED])

    @functools.cached_property
    def _positions_of(self) -> Mapping[str, list[int]]:
        """The positions of each topic's posts among all posts, in their order."""
        found: dict[str, list[int]] = {}
        for index, post in enumerate(self.posts):
            for url in topic_urls(post):
                found.setdefault(url, []).append(index)
        return found


def topic_urls(post: Post) -> Iterator[str]:
    """The URLs of all lists that show `post`, besides the index and the archive."""
    yield from (author.url for author in post.authors)
    yield from (tag.url for tag in post.tags)
    if post.category:
        yield post.category.url
    if post.series:
        yield post.series.url


def gather(
    settings: Settings,
    posts: Iterable[Post],
    pages: Iterable[PlainPage],
    authors: Iterable[Author],
    *,
    logo: Picture | None,
    redirects: Mapping[str, str],
    files: Iterable[File],
    withheld: Iterable[str],
    problems: Iterable[Problem],
    references: Iterable[Reference],
    unpublished: Iterable[tuple[str, str, Status, dt.datetime | None]],
    now: dt.datetime,
    valid_until: dt.datetime | None,
    shows_drafts: bool,
) -> Site:
    """Put the snapshot together: orders, lists and the digest of all that pages are made from."""
    future = dt.datetime.max.replace(tzinfo=dt.UTC)
    ordered = sorted(posts, key=lambda post: post.path)
    ordered.sort(key=lambda post: post.date or future, reverse=True)
    posts_of = _grouped(ordered)
    everyone = sorted(authors, key=lambda author: (author.name.casefold(), author.slug))
    plain = tuple(sorted(pages, key=lambda page: page.url))
    published = {file.url: file for file in sorted(files, key=lambda file: file.url)}
    news = tuple(p for p in ordered if p.status == "published" and p.date and now - NEWS_WINDOW < p.date <= now)
    moved = dict(sorted(redirects.items()))
    by_url: dict[str, Post | PlainPage] = {page.url: page for page in plain}
    by_url |= {post.url: post for post in ordered}
    contents = (tuple(ordered), plain, tuple(everyone), tuple(moved.items()), tuple(published.values()))
    digest = fingerprint(contents, tuple(post.url for post in news), shows_drafts)
    return Site(
        settings=settings,
        posts=tuple(ordered),
        pages=plain,
        authors=tuple(everyone),
        logo=logo,
        tags=_topics(tag for post in ordered for tag in post.tags),
        categories=_topics(post.category for post in ordered if post.category),
        series=_topics(Topic(p.series.name, p.series.slug, p.series.url) for p in ordered if p.series),
        redirects=MappingProxyType(moved),
        files=MappingProxyType(published),
        news=news,
        withheld=tuple(sorted(withheld)),
        problems=tuple(sorted(problems)),
        references=tuple(references),
        unpublished=tuple(unpublished),
        valid_until=valid_until,
        shows_drafts=shows_drafts,
        posts_of=MappingProxyType(posts_of),
        by_url=MappingProxyType(by_url),
        position=MappingProxyType({post.url: at for at, post in enumerate(ordered)}),
        digest=digest,
    )


def _grouped(ordered: list[Post]) -> dict[str, tuple[Post, ...]]:
    groups: dict[str, list[Post]] = {}
    for post in ordered:
        for url in topic_urls(post):
            groups.setdefault(url, []).append(post)
    for post in ordered:
        if post.series:
            groups[post.series.url].sort(key=_reading_order)
    return {url: tuple(group) for url, group in groups.items()}


def _reading_order(post: Post) -> tuple[int, float, str]:
    part = post.series.part if post.series and post.series.part else 10**6
    return part, post.date.timestamp() if post.date else 0.0, post.path


def _topics(found: Iterable[Topic]) -> tuple[Topic, ...]:
    return tuple(sorted(set(found), key=lambda topic: (topic.name.casefold(), topic.slug)))
