"""Aliases: old URLs that lead to where a page lives now."""

import re
from collections.abc import Iterable, Iterator, Mapping
from urllib.parse import parse_qsl, unquote, urlencode

from byline.content.entries import AuthorEntry, Entries, Entry, seniority
from byline.problems import Problem
from byline.settings.settings import Settings
from byline.urls import Urls, site_path

NOT_IN_PATHS = '#\\<>"|*:'
MOST_BYTES = 200
"""Of a part of an address: file systems allow 255, and hosts add endings of their own."""
_ANYWHERE = Urls(Settings())
NAME_HINT = "if it is an old address, write it with its slashes, like /island-trip/"

_HOST = re.compile(r"https?://[^/?#]+", re.IGNORECASE)
_FILE = re.compile(r"\S+\.[A-Za-z]{2,5}")


def paths_of(typed: Iterable[str], urls: Urls) -> Iterator[str]:
    """The URLs of those old addresses that are a path alone."""
    addresses = (_without_host(alias, urls) for alias in typed if not is_name(alias))
    return (urls.alias(address) for address in addresses if "?" not in address)


def first_address(typed: Iterable[str]) -> str:
    """The first of those old addresses that is a path, as an `id`; empty if none is."""
    paths = (alias for alias in typed if not any(mark in alias for mark in NOT_IN_PATHS))
    return unquote(next(paths_of(paths, _ANYWHERE), ""))


def is_name(alias: str) -> bool:
    """Whether it is another name of a note, as in Obsidian, and no address: `Island trip`."""
    words = alias.strip()
    is_prose = any(sign.isspace() or sign.isupper() for sign in words)
    return is_prose and "/" not in words and "?" not in words and not _FILE.fullmatch(words)


def _named(alias: str) -> str:
    return f"{alias!r} is a name, and no address: nothing leads here from it"


def settle(shown: list[Entry], urls: Urls) -> dict[str, str]:
    """Old URL, perhaps with a query → new URL. One that cannot be used, or that another page has or claims first, is
    left out and told.

    Of spellings that differ only in case the first is kept: some disks could hold only one of their files.
    """
    pages = {entry.url.casefold(): entry for entry in shown}
    claims: dict[str, tuple[str, Entry]] = {}
    for entry in sorted(shown, key=seniority):
        for alias in entry.header.aliases:
            if is_name(alias):
                entry.report("alias-name", _named(alias), NAME_HINT, "aliases", "hint")
                continue
            typed, _, query = _without_host(alias, urls).partition("?")
            url = urls.alias(typed)
            fault = _fault(alias, typed, url)
            if fault:
                hint = "write only the path, like /old/page/"
                entry.report("bad-alias", f"{fault}, so it is left out", hint, "aliases", "warning")
                continue
            place = _place(url, query, entry, pages, claims, urls)
            if place:
                message = f"{_with(url, query)} {place}, so this alias is left out"
                entry.report("alias-collision", message, "remove it", "aliases", "warning")
    taken = {unquote(url).casefold() for url in (*pages, *claims)}
    for entry in shown:
        for url in entry.former:
            if not urls.is_own(url) and unquote(url).casefold() not in taken:
                claims[url.casefold()] = url, entry
                taken.add(unquote(url).casefold())
    return {url: entry.url for url, entry in claims.values()}


def _without_host(alias: str, urls: Urls) -> str:
    """`alias` as a path, if it is a whole address of this site."""
    host = _HOST.match(alias)
    return alias[host.end() :] or "/" if host and site_path(host[0], urls.origin) is not None else alias


def _fault(alias: str, path: str, url: str) -> str:
    """What keeps `alias`, whose `path` is at `url`, from being an address, or the empty string."""
    if not alias.isprintable() or any(mark in path for mark in NOT_IN_PATHS) or "#" in alias:
        return f"{alias!r} is not a path"
    if any(len(part.encode()) > MOST_BYTES for part in unquote(url).split("/")):
        return f"{alias[:40]!r}… is too long"
    return ""


def _with(url: str, query: str) -> str:
    """`url` with its query in one form, so that escapes make no difference."""
    return f"{url}?{urlencode(parse_qsl(query, keep_blank_values=True))}" if query else url


def _place(
    url: str, query: str, entry: Entry, pages: dict[str, Entry], claims: dict[str, tuple[str, Entry]], urls: Urls
) -> str:
    """Claim the address for `entry`; whose it is already, in words, if it is somebody's."""
    if query:  # which no page has
        whole = _with(url, query)
        holder = claims.setdefault(f"{url.casefold()}?{whole.partition('?')[2]}", (whole, entry))[1]
        return "" if holder is entry else f"belongs to {holder.path}"
    if urls.is_own(url):
        return "is reserved for Byline"
    page = pages.get(url.casefold())
    holder = page or claims.setdefault(url.casefold(), (url, entry))[1]
    if page is entry:
        return "is the page's own address"
    return "" if holder is entry else f"belongs to {holder.path}"


def settle_authors(
    entries: Entries, named: Mapping[AuthorEntry, str], shown: list[Entry], of_posts: dict[str, str], urls: Urls
) -> dict[str, str]:
    """Old URL → page of an author, which is in `named`; one that already leads elsewhere is a warning."""
    pages = {entry.url for entry in shown}
    redirects: dict[str, str] = {}
    for author in (author for author in entries.authors if author in named):
        for alias in filter(is_name, author.header.aliases):
            entries.problems.append(Problem(author.path, 1, 1, "alias-name", _named(alias), NAME_HINT, "hint"))
        for url in dict.fromkeys(paths_of(author.header.aliases, urls)):
            if url in pages or url in of_posts or url in redirects or urls.is_own(url):
                message = f"{url} already leads elsewhere"
                entries.problems.append(
                    Problem(author.path, 1, 1, "alias-collision", message, "remove this alias", "warning")
                )
            else:
                redirects[url] = named[author]
    return redirects
