"""Public files: what public/ holds is published at the site's root as it is, unless the address is taken."""

from collections.abc import Iterable, Mapping

from byline.content.entries import Entry
from byline.models import File
from byline.problems import Problem, Severity
from byline.urls import Urls


def settle(
    files: Mapping[str, File], entries: Iterable[Entry], redirects: Mapping[str, str], urls: Urls, *, is_foreign: bool
) -> tuple[dict[str, File], list[Problem]]:
    """The files whose URL is free, and an error for each of the others: what it clashes with keeps the URL.

    Where the site was made for another program (`is_foreign`), files that Byline makes itself are no error.
    """
    holders = {_fold(url): f"the old address of {target}" for url, target in redirects.items()}
    holders |= {_fold(entry.url): f"the URL of {entry.path}" for entry in entries if entry.url}
    free: dict[str, File] = {}
    problems = []
    for url, file in files.items():
        if urls.is_own(urls.base + urls.inner(url).casefold()):
            message, hint = f"{url} is reserved for Byline", "rename the file, or remove it"
            severity: Severity = "warning" if is_foreign else "error"
            problems.append(Problem(file.source, 1, 1, "reserved-url", message, hint, severity))
        elif _fold(url) in holders:
            message, hint = f"{url} is also {holders[_fold(url)]}", "rename or remove one of them"
            problems.append(Problem(file.source, 1, 1, "url-collision", message, hint))
        else:
            free[url] = file
    return free, problems


def _fold(url: str) -> str:
    """The same for addresses that cannot both be files of a static host: `/about` and `/About/`."""
    return url.rstrip("/").casefold()
