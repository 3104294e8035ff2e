"""Aliases: old URLs that lead to where a page lives now."""

from urllib.parse import unquote

from byline.content.entries import Entries, Entry, seniority
from byline.problems import Problem
from byline.urls import Urls

NOT_IN_PATHS = '?#\\<>"|*:'
MOST_BYTES = 200
"""Of a part of an address: file systems allow 255, and hosts add endings of their own."""


def settle(shown: list[Entry], urls: Urls) -> dict[str, str]:
    """Old URL → new URL. One that cannot be used, or that another page has or claims first, is left out and told.

    Of spellings that differ only in case the first is kept: some disks could hold only one of their files.
    """
    pages = {entry.url.casefold(): entry for entry in shown}
    claims: dict[str, tuple[str, Entry]] = {}
    for entry in sorted(shown, key=seniority):
        for alias in entry.header.aliases:
            url = urls.alias(alias)
            fault = _fault(alias, url)
            if fault:
                hint = "write only the path, like /old/page/"
                entry.report("bad-alias", f"{fault}, so it is left out", hint, "aliases", "warning")
                continue
            place = _place(url, entry, pages, claims, urls)
            if place:
                message = f"{url} {place}, so this alias is left out"
                entry.report("alias-collision", message, "remove it", "aliases", "warning")
    return {url: entry.url for url, entry in claims.values()}


def _fault(alias: str, url: str) -> str:
    """What keeps `alias` from being an address, or the empty string."""
    if not alias.isprintable() or any(mark in alias for mark in NOT_IN_PATHS):
        return f"{alias!r} is not a path"
    if any(len(part.encode()) > MOST_BYTES for part in unquote(url).split("/")):
        return f"{alias[:40]!r}… is too long"
    return ""


def _place(url: str, entry: Entry, pages: dict[str, Entry], claims: dict[str, tuple[str, Entry]], urls: Urls) -> str:
    """Claim `url` for `entry`; whose it is already, in words, if it is somebody's."""
    if urls.is_own(url):
        return "is reserved for Byline"
    page = pages.get(url.casefold())
    holder = page or claims.setdefault(url.casefold(), (url, entry))[1]
    if page is entry:
        return "is the page's own address"
    return "" if holder is entry else f"belongs to {holder.path}"


def settle_authors(
    entries: Entries, named: frozenset[str], shown: list[Entry], of_posts: dict[str, str], urls: Urls
) -> dict[str, str]:
    """Old URL → page of an author among those `named`; one that already leads elsewhere is a warning."""
    pages = {entry.url for entry in shown}
    redirects: dict[str, str] = {}
    for author in (author for author in entries.authors if author.slug in named):
        for url in dict.fromkeys(urls.alias(alias) for alias in author.header.aliases):
            if url in pages or url in of_posts or url in redirects or urls.is_own(url):
                message = f"{url} already leads elsewhere"
                entries.problems.append(
                    Problem(author.path, 1, 1, "alias-collision", message, "remove this alias", "warning")
                )
            else:
                redirects[url] = urls.topic("authors", author.slug)
    return redirects
