"""The site: an immutable snapshot of everything that is published at one moment.

Drafts, embargoes and expiry are decided here, once, from one clock.
"""

import bisect
import dataclasses
import datetime as dt
import functools
import heapq
import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple, Protocol

from byline.models import (
    Alternate,
    Author,
    Data,
    File,
    Look,
    Picture,
    PlainPage,
    Post,
    Reference,
    Status,
    Teaser,
    Topic,
    Unpublished,
)
from byline.problems import Problem
from byline.settings.settings import Settings
from byline.storage.fingerprint import fingerprint
from byline.urls import GROUPS, Urls, site_path, twin_url

NO_DATA = Data()
NEWS_WINDOW = dt.timedelta(hours=48)
"""How long a story stays in the news sitemap: https://developers.google.com/search/docs/crawling-indexing/sitemaps/news-sitemap"""
RELATED = 3
NEARBY = 10
"""Related stories are sought among this many on each side in time, of all that share a topic or two with a story,
so that a page costs the same however large the archive is."""
FACETS = 8
"""Tags and the like of a story by which related ones are sought."""
STEPS = 8
"""Of rarity: four times as many posts make a topic say half as much. In steps, one more post seldom changes others."""


class Dated(Protocol):
    @property
    def date(self) -> dt.datetime | None: ...
    @property
    def expires(self) -> dt.datetime | None: ...
    @property
    def draft(self) -> bool: ...


class Others(Protocol):
    """The pages of an app that are not the site's."""

    def urls(self) -> tuple[str, ...]: ...
    def is_listed(self, url: str) -> bool: ...


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


class EditionLists(NamedTuple):
    """The lists of a site in one of its languages: their addresses, and what each begins with."""

    lang: str
    is_default: bool
    start: str
    urls: frozenset[str]

    @classmethod
    def of(cls, site: "Site") -> "EditionLists":
        urls = site.urls
        years = {urls.archive(post.date.year) for post in site.posts if post.date}
        topics = {url for post in site.posts for url in topic_urls(post)}
        own = {urls.home, urls.stories, urls.archive(), urls.search, *map(urls.group, GROUPS)}
        return cls(site.settings.language, not urls.language, urls.home, frozenset(own | years | topics))


@dataclasses.dataclass(frozen=True, eq=False, kw_only=True)
class Site:
    """All that is published at `now`. `posts` are newest first, `pages` and `files` in the order of their URLs.

    Of a site in several languages, `editions` has the others by their codes; each has its own `posts`, `pages` and
    `authors`, and all else in common. `alternates_of` has the translations of a page, by its URL, and `lists` the lists
    of each language.

    `withheld` holds the URLs of what is not published; `valid_until` is when that changes. `others` knows the app's own
    pages; it is asked when somebody needs them, since they may ask for the site.
    """

    urls: Urls
    now: dt.datetime
    posts: tuple[Post, ...]
    pages: tuple[PlainPage, ...]
    authors: tuple[Author, ...]
    logo: Picture | None
    look: Look
    redirects: Mapping[str, str]
    files: Mapping[str, File]
    withheld: tuple[str, ...]
    problems: tuple[Problem, ...]
    references: tuple[Reference, ...]
    unpublished: tuple[Unpublished, ...]
    valid_until: dt.datetime | None
    shows_drafts: bool
    others: "Others | None" = None
    editions: Mapping[str, "Site"] = dataclasses.field(default_factory=dict)
    alternates_of: Mapping[str, tuple[Alternate, ...]] = dataclasses.field(default_factory=dict)
    lists: tuple[EditionLists, ...] = ()
    data: Data = NO_DATA

    @property
    def settings(self) -> Settings:
        return self.urls.settings

    @functools.cached_property
    def digest(self) -> str:
        """Identifies everything that pages are made from."""
        contents = (self.posts, self.pages, self.authors, tuple(self.redirects.items()), tuple(self.files.values()))
        others = tuple(site.digest for site in self.editions.values()), tuple(sorted(self.alternates_of.items()))
        return fingerprint(
            contents, others, self.data.digests, tuple(post.url for post in self.news), self.shows_drafts
        )

    @functools.cached_property
    def other_urls(self) -> tuple[str, ...]:
        """URLs of the app's own pages."""
        return self.others.urls() if self.others else ()

    @functools.cached_property
    def by_url(self) -> Mapping[str, Post | PlainPage]:
        """Every page that somebody wrote, in all languages."""
        own: dict[str, Post | PlainPage] = {page.url: page for page in self.pages}
        own |= {post.url: post for post in self.posts}
        return own | {url: item for site in self.editions.values() for url, item in site.by_url.items()}

    @functools.cached_property
    def twins(self) -> Mapping[str, Post]:
        """The URL of each story's Markdown, in all languages; none if the settings want none."""
        posts = (post for site in self.all_editions for post in site.posts if post.status == "published")
        return {twin_url(post.url): post for post in posts} if self.settings.markdown_twins else {}

    @functools.cached_property
    def front(self) -> PlainPage | None:
        """What somebody wrote for the front page."""
        return next((page for page in self.pages if page.url == self.urls.home), None)

    @property
    def all_editions(self) -> tuple["Site", ...]:
        """The site in each of its languages, the main one first."""
        return (self, *self.editions.values())

    @property
    def all_authors(self) -> tuple[Author, ...]:
        """The authors of all languages, in the main one last."""
        return tuple(author for site in reversed(self.all_editions) for author in site.authors)

    def edition(self, language: str) -> "Site":
        """The site in that language, a key of the setting `languages`; in the main one if it is empty."""
        return self.editions[language] if language else self

    def edition_of(self, url: str) -> "Site":
        """The site that the page at `url`, which is one of `by_url`, is listed in."""
        return next((site for site in self.editions.values() if url in site.by_url), self)

    def alternates(self, url: str) -> tuple[Alternate, ...]:
        """The page or the list at `url` in each language that it exists in; none if that is one alone."""
        own = next((one for one in self.lists if url in one.urls), None)
        if own is None:
            return self.alternates_of.get(url, ())
        end = url[len(own.start) :]
        found = [one for one in self.lists if one.start + end in one.urls]
        return tuple(Alternate(one.lang, one.start + end, one.is_default) for one in found if len(found) > 1)

    @functools.cached_property
    def position(self) -> Mapping[str, int]:
        """URL of a post → its index in `posts`."""
        return {post.url: at for at, post in enumerate(self.posts)}

    @functools.cached_property
    def tags(self) -> tuple[Topic, ...]:
        return _topics(tag for post in self.posts for tag in post.tags)

    @functools.cached_property
    def categories(self) -> tuple[Topic, ...]:
        return _topics(post.category for post in self.posts if post.category)

    @functools.cached_property
    def series(self) -> tuple[Topic, ...]:
        return _topics(Topic(p.series.name, p.series.slug, p.series.url) for p in self.posts if p.series)

    @functools.cached_property
    def news(self) -> tuple[Post, ...]:
        """Stories that are recent enough for the news sitemap."""
        since = self.now - NEWS_WINDOW
        recent = (p for p in self.posts if p.status == "published" and p.date and since < p.date <= self.now)
        return tuple(post for post in recent if self.is_original(post))

    def is_original(self, post: Post) -> bool:
        """Whether search engines should list `post` here, and not at another address that it names as `canonical`."""
        origin = self.urls.origin
        return not post.canonical or site_path(post.canonical, origin) == site_path(post.url, origin)

    @functools.cached_property
    def posts_of(self) -> Mapping[str, tuple[Post, ...]]:
        """URL of a topic → its posts, newest first; those of a series in reading order."""
        groups: dict[str, list[Post]] = {}
        for post in self.posts:
            for url in topic_urls(post):
                groups.setdefault(url, []).append(post)
        for series in self.series:
            groups[series.url].sort(key=_reading_order)
        return {url: tuple(group) for url, group in groups.items()}

    def latest(
        self, number: int, *, tag: object = "", category: object = "", author: object = "", series: object = ""
    ) -> tuple[Teaser, ...]:
        """The newest stories as lists show them: all, or those of a tag, a category, an author and a series, which are
        given by slug or name, or as they are."""
        wanted = {"tags": tag, "categories": category, "authors": author, "series": series}
        given = tuple((group, str(getattr(one, "slug", one))) for group, one in wanted.items() if one)
        key = (number, *given)
        if key not in self._latest:
            places = [self._positions_by_name.get(name, frozenset()) for name in given]
            common = frozenset.intersection(*places) if places else range(len(self.posts))
            chosen = heapq.nsmallest(number, common)
            self._latest[key] = tuple(self.posts[at].teaser for at in chosen)
        return self._latest[key]

    @functools.cached_property
    def _latest(self) -> dict[tuple[object, ...], tuple[Teaser, ...]]:
        """What `latest` gave: most templates ask for the same on every page."""
        return {}

    @functools.cached_property
    def _positions_by_name(self) -> Mapping[tuple[str, str], frozenset[int]]:
        """A group and the slug or the name of one of its topics → where its posts are in `posts`."""
        topics = [(group, topic) for group in (*GROUPS, "series") for topic in getattr(self, group)]
        urls = {(group, topic.name): topic.url for group, topic in topics}
        urls |= {(group, topic.slug): topic.url for group, topic in topics}
        positions = {url: frozenset(self.position[p.url] for p in posts) for url, posts in self.posts_of.items()}
        return {key: positions.get(url, frozenset()) for key, url in urls.items()}

    @functools.cached_property
    def listed(self) -> str:
        """Identifies all that `latest` may give."""
        return fingerprint(tuple((post.teaser, tuple(topic_urls(post))) for post in self.posts))

    def topic(self, group: str, slug: str) -> Author | Topic | None:
        """The member of `group` ("authors", "tags", "categories" or "series") with this slug."""
        topics: tuple[Author | Topic, ...] = getattr(self, group)
        return next((topic for topic in topics if topic.slug == slug), None)

    @functools.cached_property
    def errors(self) -> tuple[Problem, ...]:
        return tuple(problem for problem in self.problems if problem.is_error)

    @functools.cached_property
    def index_order(self) -> tuple[Post, ...]:
        """Pinned posts, then the others, each newest first; what is not published yet never leads."""
        order = sorted(self.posts, key=lambda post: not post.pinned)
        leader = next((at for at, post in enumerate(order) if post.status == "published"), 0)
        return (*order[leader : leader + 1], *order[:leader], *order[leader + 1 :])

    def neighbours(self, post: Post) -> tuple[Post | None, Post | None]:
        """The next older and the next newer post."""
        at = self.position[post.url]
        older = self.posts[at + 1] if at + 1 < len(self.posts) else None
        return older, self.posts[at - 1] if at else None

    def related(self, post: Post) -> tuple[Post, ...]:
        """The posts that share most with `post`, without its neighbours; among equals, the nearest in time first."""
        here = self.position[post.url]
        mine = self._facets[here]
        near: set[int] = set()
        for group in map(self._positions_of.__getitem__, _keys(mine)):
            at = bisect.bisect_left(group, here)
            near.update(group[max(0, at - NEARBY) : at + NEARBY + 1])
        near -= {here - 1, here, here + 1}
        scores = {index: sum(mine[url] for url in mine.keys() & self._facets[index].keys()) for index in near}
        best = heapq.nsmallest(RELATED, near, key=lambda index: (-scores[index], abs(index - here), index))
        return tuple(self.posts[index] for index in best)

    @functools.cached_property
    def _facets(self) -> Sequence[Mapping[str, int]]:
        """What each post may share with others, and how much each says: a rare tag or a series more than a common one,
        a category half as much, an author least."""
        weights = {url: 2 << max(0, STEPS - len(posts).bit_length() // 2) for url, posts in self.posts_of.items()}
        weights |= {post.category.url: weights[post.category.url] // 2 for post in self.posts if post.category}
        weights |= {author.url: 1 for post in self.posts for author in post.authors}
        return [{url: weights[url] for url in topic_urls(post)} for post in self.posts]

    @functools.cached_property
    def _positions_of(self) -> Mapping[tuple[str, ...], list[int]]:
        """The positions among all posts of those that share a facet, or two: common ones meet in few posts."""
        positions: dict[tuple[str, ...], list[int]] = {}
        for index, facets in enumerate(self._facets):
            for key in _keys(facets):
                positions.setdefault(key, []).append(index)
        return positions


def _keys(facets: Mapping[str, int]) -> Iterator[tuple[str, ...]]:
    """The facets that say most, each alone and each two of them, in an order that is the same for all posts."""
    most = sorted(facets, key=lambda url: (-facets[url], url))[:FACETS]
    return itertools.chain(itertools.combinations(most, 1), itertools.combinations(most, 2))


def topic_urls(post: Post) -> Iterator[str]:
    """The URLs of all lists that show `post`, besides the index and the archive."""
    yield from (author.url for author in post.authors)
    yield from (tag.url for tag in post.tags)
    if post.category:
        yield post.category.url
    if post.series:
        yield post.series.url


def newest_first(posts: Iterable[Post]) -> tuple[Post, ...]:
    """Posts without a date, which are drafts, come before all others."""
    future = dt.datetime.max.replace(tzinfo=dt.UTC)
    ordered = sorted(posts, key=lambda post: post.path)
    return tuple(sorted(ordered, key=lambda post: post.date or future, reverse=True))


class Event(NamedTuple):
    """`what` happens at `moment`, in the site's time zone, to the post in the file `path`."""

    moment: dt.datetime
    what: str
    path: str
    title: str


def schedule_of(site: Site, now: dt.datetime) -> list[Event]:
    """Everything that will happen by itself after `now`, in order."""
    appearing = [(one.date, "appears", one.path, one.title) for one in site.unpublished if one.status == "scheduled"]
    expiring = [(post.expires, "expires", post.path, post.title) for post in site.posts]
    zone = site.settings.zone
    return sorted(
        Event(moment.astimezone(zone), what, path, title)
        for moment, what, path, title in appearing + expiring
        if moment and moment > now
    )


def _reading_order(post: Post) -> tuple[int, float, str]:
    part = post.series.part if post.series and post.series.part else 10**6
    return part, post.date.timestamp() if post.date else 0.0, post.path


def _topics(topics: Iterable[Topic]) -> tuple[Topic, ...]:
    return tuple(sorted(set(topics), key=lambda topic: (topic.name.casefold(), topic.slug)))
