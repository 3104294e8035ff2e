"""Routes: the map of the site. Each route also yields every URL that it answers with a page of the site,
so the freezer, the sitemap and the tests need no second list.
"""

import dataclasses
import functools
import re
from collections.abc import Callable, Iterable, Iterator
from urllib.parse import unquote, urljoin, urlsplit
from weakref import WeakKeyDictionary

from byline.models import Topic
from byline.problems import Problem, SiteError
from byline.redirects import Redirect, Redirects
from byline.settings.file import FILE_NAME
from byline.settings.settings import Settings
from byline.site import Site
from byline.urls import FORMATS, GROUPS, PERMALINK, Format, page_urls, quoted, site_path
from byline.web import feeds, views
from byline.web.responses import Answer


@dataclasses.dataclass(frozen=True)
class Route:
    """A URL rule below the base path, its view, and the URLs that the view answers with a page of the site.

    Several routes may share a view, but only one route may answer a URL.
    """

    rule: str
    view: Callable[..., Answer | None]
    urls: Callable[[Site], Iterable[str]] = lambda _site: ()
    takes_path: bool = False
    """Whether the view looks up the whole path instead of the rule's parts."""
    name: str = ""
    is_shared: bool = False
    """Whether all languages of a site have one in common."""
    language: str = ""
    what: str = ""
    """What is at its URLs, in words; empty where that is told by what is found there."""
    settings: tuple[str, ...] = ()
    """Those that decide most of what is there."""

    @property
    def endpoint(self) -> str:
        """What `url_for` calls it, below the blueprint: its name, or its rule as a word; a language comes first."""
        name = self.name or re.sub(r"\W+", "_", self.rule).strip("_")
        return f"{self.language}_{name}" if self.language else name


def _topic_urls(group: str) -> Callable[[Site], Iterator[str]]:
    """All pages of all topics (or authors) of one group."""

    def urls(site: Site) -> Iterator[str]:
        for topic in getattr(site, group):
            yield from page_urls(topic.url, site.posts_of.get(topic.url, ()), site.settings.posts_per_page)

    return urls


def _topic_feed_urls(group: str, form: Format) -> Callable[[Site], Iterator[str]]:
    def urls(site: Site) -> Iterator[str]:
        topics: tuple[Topic, ...] = getattr(site, group)
        return (topic.url + form.name for topic in topics)

    return urls


def _group_routes(group: str) -> Iterator[Route]:
    """The list of a group, and for each of its topics a list of stories and feeds."""
    topic, one = functools.partial(views.topic, group=group), GROUPS[group]
    what, own = f"the stories of one {one}", ("posts_per_page", "slugs")
    yield Route(
        f"/{group}/",
        functools.partial(views.group, name=group),
        lambda site: (site.urls.group(group),),
        what=f"the list of all {group}",
        settings=("slugs",),
    )
    yield Route(f"/{group}/<slug>/", topic, _topic_urls(group), name=one, what=what, settings=own)
    yield Route(
        f"/{group}/<slug>/page/<int:number>/", topic, name=f"{one}_page", what=f"a further page of {what}", settings=own
    )
    for form in FORMATS:
        feed = functools.partial(feeds.topic_feed, group=group, form=form)
        name = f"{one}_{form.name.replace('.', '_')}"
        yield Route(
            f"/{group}/<slug>/{form.name}",
            feed,
            _topic_feed_urls(group, form),
            name=name,
            what=f"the feed of one {one}",
            settings=("feed_items", "slugs"),
        )


def _site_feed(form: Format) -> Route:
    feed = functools.partial(feeds.site_feed, form=form)
    return Route(
        f"/{form.name}",
        feed,
        lambda site: (site.urls.home + form.name,),
        what="the feed of all stories",
        settings=("feed_items",),
    )


def _story_urls(site: Site) -> list[str]:
    """All pages of the list of stories."""
    return page_urls(site.urls.stories, site.posts, site.settings.posts_per_page)


LIST = ("posts_per_page", "stories")
"""Settings of the list of all stories."""
FRONT, FURTHER = "the front page", "a further page of the list of all stories"
ROUTES = (
    Route("/", views.index, _story_urls, name="index", what=FRONT, settings=LIST),
    Route("/page/<int:number>/", views.index, name="index_page", what=FURTHER, settings=LIST),
    Route("/posts/", views.posts, lambda site: (site.urls.posts,), what="an address that every site has"),
    *(route for group in GROUPS for route in _group_routes(group)),
    Route(
        "/series/<slug>/",
        views.series,
        lambda site: (topic.url for topic in site.series),
        name="series",
        what="the stories of one series, in reading order",
        settings=("slugs",),
    ),
    Route("/archive/", views.archive, lambda site: (site.urls.archive(),), what="the archive", settings=("timezone",)),
    Route(
        "/archive/<int:year>/",
        views.archive_year,
        lambda site: map(site.urls.archive, views.by_year(site)),
        name="archive_year",
        what="a year of the archive",
        settings=("timezone",),
    ),
    Route("/search/", views.search, lambda site: (site.urls.search,), what="the search page"),
    *map(_site_feed, FORMATS),
    Route(
        "/sitemap.xml",
        feeds.sitemap,
        lambda site: (site.urls.sitemap(),),
        is_shared=True,
        what="the sitemap, for search engines",
        settings=("url",),
    ),
    Route(
        "/sitemap-<int:number>.xml",
        feeds.sitemap_part,
        feeds.map_urls,
        name="sitemap_part",
        is_shared=True,
        what="a part of the sitemap",
        settings=("url",),
    ),
    Route(
        "/news-sitemap.xml",
        feeds.news_sitemap,
        lambda site: (site.urls.news_sitemap,),
        is_shared=True,
        what="the sitemap of the last two days, for search engines",
        settings=("url",),
    ),
    Route(
        "/robots.txt",
        feeds.robots,
        lambda site: (site.urls.robots,),
        is_shared=True,
        what="what search engines may read",
        settings=("url",),
    ),
    Route("/404.html", views.missing, lambda site: (site.urls.missing,), what="the page of what is missing"),
    Route(
        "/static/<path:filename>", views.file, lambda site: site.files, takes_path=True, name="static", is_shared=True
    ),
    Route("/media/<path:filename>", views.file, takes_path=True, name="media", is_shared=True),
    Route("/attachments/<path:filename>", views.file, takes_path=True, name="attachment", is_shared=True),
    Route(
        "/<path:path>/",
        views.article,
        lambda site: (*site.by_url, *site.twins),
        takes_path=True,
        name="page",
        is_shared=True,
    ),
)

LLMS = Route(
    "/llms.txt",
    feeds.llms,
    lambda site: (site.urls.llms,),
    is_shared=True,
    what="what is where, for programs",
    settings=("llms", "markdown_twins"),
)
"""Where the settings want it; else the address is the owner's."""

RESERVED = frozenset(
    {"-", "healthz", "pagefind"} | {route.rule.split("/")[1] for route in ROUTES} - {"", "<path:path>"}
)
"""First parts of the URLs that Byline itself answers."""


def routes_of(settings: Settings) -> tuple[Route, ...]:
    """`ROUTES`, and those of articles: one for the permalink, and one for drafts that lack a part of it. Each language
    has its own of those that are not shared."""
    pattern = (settings.permalink or PERMALINK).replace("{folder}", "<path:folder>")
    permalink = re.sub(r"\{(\w+)\}", r"<\1>", pattern)
    article = Route(permalink, views.article, takes_path=True, name="article")
    drafts = () if permalink == "/posts/<slug>/" else (Route("/posts/<slug>/", views.article, takes_path=True),)
    others = (route for code in settings.languages for route in _in_language(code, settings))
    return (*_own(settings), *others, article, *drafts)


def _own(settings: Settings) -> tuple[Route, ...]:
    """`ROUTES`, and those that the settings ask for; the list of stories may be elsewhere than on the front page."""
    start = settings.stories
    shared = (*ROUTES, LLMS) if settings.llms else ROUTES
    if start == "/":
        return shared
    if start.split("/")[1] in RESERVED - {"posts"}:
        line, col = settings.places.get("stories", (1, 1))
        message = f"`stories`: {start} is reserved for Byline; write another path, like /blog/"
        raise SiteError(str(Problem(FILE_NAME, line, col, "bad-setting", message)))
    instead = (
        Route("/", views.front, lambda site: (site.urls.home,), name="index", what=FRONT, settings=LIST),
        Route(start, views.index, _story_urls, name="stories", what="the list of all stories", settings=LIST),
        Route(f"{start}page/<int:number>/", views.index, name="stories_page", what=FURTHER, settings=LIST),
    )
    return (*instead, *(route for route in shared if route.rule not in ("/", "/page/<int:number>/", start)))


def _in_language(code: str, settings: Settings) -> Iterator[Route]:
    own = (route for route in _own(settings) if not route.is_shared)
    return (dataclasses.replace(it, rule=f"/{code}{it.rule}", name=it.endpoint, language=code) for it in own)


@functools.lru_cache(maxsize=1)
def all_urls(site: Site) -> tuple[str, ...]:
    """Every URL of the site, redirects and the app's own pages included, each once."""
    return tuple(dict.fromkeys((*_site_urls(site), *site.other_urls)))


def _site_urls(site: Site) -> tuple[str, ...]:
    return (*_page_urls(site), *redirects_of(site).printed)


def _page_urls(site: Site) -> Iterator[str]:
    routes = _own(site.settings)
    yield from (url for route in routes for url in route.urls(site))
    own = [route for route in routes if not route.is_shared]
    yield from (url for edition in site.editions.values() for route in own for url in route.urls(edition))


_redirects: WeakKeyDictionary[Site, Redirects] = WeakKeyDictionary()


def redirects_of(site: Site) -> Redirects:
    """Where the old addresses of `site` lead."""
    found = _redirects.get(site)
    if found is None:
        found = _redirects[site] = Redirects(site, _page_urls(site))
    return found


def collisions(site: Site) -> list[Problem]:
    """A warning for each page of the app's own at an address that the site has, too: only one of them is shown."""
    known = set(_site_urls(site)) if site.other_urls else set()
    owners = {url: item.path for url, item in site.by_url.items()}
    problems = []
    for url in site.other_urls:
        if url in known:
            message = f"{url} is also a page of the app's own, so only one of them is shown"
            hint = "give one of them another address"
            problems.append(Problem(owners.get(url, "app.py"), 1, 1, "url-collision", message, hint, "warning"))
    return problems


def posts_redirects(site: Site) -> tuple[Redirect, ...]:
    """Those that every site has, in each of its languages; none where the list of stories is there."""
    editions = site.all_editions if site.settings.stories != "/posts/" else ()
    return tuple(Redirect(own.url, own.target) for own in map(views.posts, editions))


def dead_links(site: Site) -> list[Problem]:
    """A warning for each link in a post, in the navigation or in the footer to a URL that the site does not have, and
    for each redirect that cannot be used or leads nowhere."""
    known = set(all_urls(site))
    problems = []
    for link in site.references:
        path = urlsplit(link.url).path
        if path not in known and f"{path}/" not in known:
            message = f"{link.url} is not a page of this site"
            problems.append(Problem(link.path, link.line, link.col, "dead-link", message, "fix it", "warning"))
    return [*problems, *_without_front(site), *_dead_menus(site, known), *redirects_of(site).problems(site.other_urls)]


def _without_front(site: Site) -> Iterator[Problem]:
    """A warning for each front page that has neither the list of stories nor a text."""
    for edition in site.all_editions if site.settings.stories != "/" else ():
        if not edition.front:
            urls, code = edition.urls, edition.urls.language
            name = f"{site.settings.content_root}index{f'.{code}' if code else ''}.md"
            message = f"{urls.home} has no text of its own, so it shows the stories that are at {urls.stories}"
            yield Problem(FILE_NAME, 0, 0, "no-front-page", message, f"write {name}", "warning")


def _dead_menus(site: Site, known: set[str]) -> Iterator[Problem]:
    """An error for each that leads to what is not published, which stops a freeze, and a warning for the others."""
    urls, settings = site.urls, site.settings
    hidden = {site_path(url, urls.origin) for url in site.withheld}
    menus = [("navigation", settings.navigation), ("social", settings.social)]
    menus += [(f"languages.{code}.navigation", own.navigation) for code, own in settings.languages.items()]
    for name, items in menus:
        for item in items:
            is_path = item.url.startswith("/") and not item.url.startswith("//")
            full = urljoin(urls.origin, urls.below(item.url) if is_path else item.url)
            path = quoted(unquote(urlsplit(full).path))
            what = f"{item.url} ({item.title}, in `{name}`)"
            if site_path(full, urls.origin) in hidden:
                yield Problem(FILE_NAME, 0, 0, "unpublished-link", f"{what} is not published", "remove it for now")
            elif urls.is_elsewhere(urls.inner(path)):
                continue
            elif full.startswith(f"{urls.origin}{urls.home}") and path not in known and f"{path}/" not in known:
                message = f"{what} is not a page of this site"
                yield Problem(FILE_NAME, 0, 0, "dead-link", message, "fix or remove it", "warning")
