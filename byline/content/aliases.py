"""Aliases: old URLs that lead to where a page lives now."""

from byline.content.entries import Entries, Entry
from byline.problems import Problem
from byline.urls import Urls

NOT_IN_PATHS = '?#\\<>"|*:'


def settle(shown: list[Entry], urls: Urls) -> dict[str, str]:
    """Old URL → new URL. One that is a page's, or is claimed twice, is an error in every post that claims it."""
    pages = {entry.url.casefold(): entry for entry in shown}
    claims: dict[str, list[tuple[str, Entry]]] = {}
    for entry in shown:
        for alias in entry.header.aliases:
            if not alias.isprintable() or any(mark in alias for mark in NOT_IN_PATHS):
                entry.report("bad-alias", f"{alias!r} is not a path", "write only the path, like /old/page/", "aliases")
            if urls.is_own(urls.alias(alias)):
                entry.report("alias-collision", f"{alias!r} is reserved for Byline", "remove this alias", "aliases")
        for url in dict.fromkeys(urls.alias(alias) for alias in entry.header.aliases):
            claims.setdefault(url.casefold(), []).append((url, entry))
    for fold, claimed in claims.items():
        url, culprits = claimed[0][0], list(dict.fromkeys(entry for _, entry in claimed))
        holders = [pages[fold]] if fold in pages else culprits
        if fold in pages or len(culprits) > 1:
            for entry in culprits:
                others = ", ".join(sorted({holder.path for holder in holders} - {entry.path})) or "its own address"
                entry.report("alias-collision", f"{url} belongs to {others}", "remove this alias", "aliases")
    return {url: entry.url for claimed in claims.values() for url, entry in claimed if entry.is_sound}


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
