"""Aliases: old URLs that lead to where a page lives now."""

import posixpath
from urllib.parse import unquote

from byline.entries import Entries, Entry
from byline.errors import Problem
from byline.settings import Settings
from byline.slugs import url_of

NOT_IN_PATHS = '?#\\<>"|*'


def settle(shown: list[Entry], settings: Settings) -> dict[str, str]:
    """Old URL → new URL. One that is a page's, or claimed twice, is an error of those who claim it."""
    pages = {entry.url: entry for entry in shown}
    claims: dict[str, list[Entry]] = {}
    for entry in shown:
        for alias in entry.header.aliases:
            if not alias.isprintable() or any(mark in alias for mark in NOT_IN_PATHS):
                entry.report("bad-alias", f"{alias!r} is no path", "write only the path, like /old/page/", "aliases")
        for url in dict.fromkeys(old_url(alias, settings) for alias in entry.header.aliases):
            claims.setdefault(url, []).append(entry)
    for url, culprits in claims.items():
        holders = [pages[url]] if url in pages else culprits
        if url in pages or len(culprits) > 1:
            for entry in culprits:
                others = ", ".join(sorted({holder.path for holder in holders} - {entry.path})) or "its own address"
                entry.report("alias-collision", f"{url} belongs to {others}", "remove this alias", "aliases")
    return {url: claimed[0].url for url, claimed in claims.items() if claimed[0].is_sound}


def settle_authors(entries: Entries, shown: list[Entry], taken: dict[str, str], settings: Settings) -> dict[str, str]:
    """Old URL → author's page; one that leads elsewhere already is a warning."""
    pages = {entry.url for entry in shown}
    redirects: dict[str, str] = {}
    for author in entries.authors:
        for url in dict.fromkeys(old_url(alias, settings) for alias in author.header.aliases):
            if url in pages or url in taken or url in redirects:
                message = f"{url} leads elsewhere already"
                entries.problems.append(
                    Problem(author.path, 1, 1, "alias-collision", message, "remove this alias", "warning")
                )
            else:
                redirects[url] = url_of(settings, f"/authors/{author.slug}/")
    return redirects


def old_url(alias: str, settings: Settings) -> str:
    """An alias as the site's URL: below the base path, with `/` at its end unless it names a file."""
    path = posixpath.normpath("/" + unquote(alias.strip()).lstrip("/"))
    base = settings.base_path
    if base and (path == base or path.startswith(f"{base}/")):
        path = path[len(base) :]
    if not posixpath.splitext(path)[1] and not path.endswith("/"):
        path += "/"
    return url_of(settings, path)
