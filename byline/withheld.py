"""Withheld: the URLs of what is not shown, so that nothing leads there."""

from collections.abc import Iterable

from byline import aliases, slugs
from byline.entries import Entry, assign_urls, report_collisions
from byline.settings import Settings


def place(hidden: list[Entry], shown: list[Entry], settings: Settings) -> None:
    """Give what is hidden the URLs that it will have, and report now where a scheduled post will clash with others."""
    assign_urls(hidden, settings, {e.header.category: slugs.slug_of(e.header.category, settings) for e in hidden})
    scheduled = [entry for entry in hidden if entry.status == "scheduled" and entry.is_sound]
    report_collisions([*shown, *scheduled], unless_all=shown)


def urls_of(
    kept_back: Iterable[Entry], shown: list[Entry], redirects: dict[str, str], settings: Settings
) -> frozenset[str]:
    """URLs of what is kept back, unless something that is shown, or Byline itself, has the same one."""
    public = {entry.url for entry in shown} | set(redirects)
    urls: set[str] = set()
    for entry in kept_back:
        urls |= {aliases.old_url(alias, settings) for alias in entry.header.aliases}
        urls |= {entry.url} if entry.url else set()
    return frozenset(url for url in urls - public if not slugs.is_own(url, settings))
