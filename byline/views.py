"""Views: a URL and the site in, a template and its context out.

A view is a pure function; None means that there is no such page.
"""

import dataclasses
from types import MappingProxyType

import msgspec

from byline import pages
from byline.feeds import changed
from byline.lists import Group, base_url, listing, page
from byline.models import Link, PlainPage, Post, Teaser
from byline.pages import Head
from byline.responses import Answer, FileAnswer, PageAnswer, RedirectAnswer
from byline.search import Results
from byline.site import Site

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
        lang=found.lang or site.settings.language,
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
    head = msgspec.structs.replace(head, lang=found.lang or head.lang)
    return page(site, (f"page-{found.template}.html", "page.html"), head, page=found)


def by_year(site: Site) -> dict[int, list[Teaser]]:
    years: dict[int, list[Teaser]] = {}
    for post in site.posts:
        if post.date:
            years.setdefault(post.date.year, []).append(post.teaser)
    return years


def year_url(site: Site, year: int) -> str:
    return base_url(site, f"/archive/{year}/")
