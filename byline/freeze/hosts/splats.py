"""Splats: `_redirects` and `_headers`, which Netlify and Cloudflare read from the published folder.

https://docs.netlify.com/manage/routing/redirects/overview.md, https://docs.netlify.com/manage/routing/headers.md,
https://developers.cloudflare.com/pages/configuration/redirects/, …/headers/
"""

from collections.abc import Iterable, Iterator

from byline.freeze.hosts.table import Table

MOST_STATIC, MOST_DYNAMIC = 2000, 100
"""Rules that Cloudflare takes, without and with a splat; what exceeds them is not followed."""


def netlify(table: Table) -> dict[str, str]:
    """Redirects are forced, for the page that stands for each on hosts without rules is there too.

    Netlify takes an address with and without its closing slash for one, and the last of several values of a header.
    """
    lines = [f"{url} {target} 301!" for url, target in table.redirects.items()]
    return {
        "_redirects": _text([*lines, *_below_base(table)]),
        "_headers": _text(_headers(table, detach=False)),
    }


def cloudflare(table: Table) -> dict[str, str]:
    """Cloudflare follows redirects before it looks for files, and joins the values of a header unless told not to."""
    single, folders = _within_limits(table)
    lines = [f"{url} {target} 301" for url, target in single.items()]
    # Netlify would go in a circle here, because the two are the same to it.
    lines += [f"{table.base} {table.base}/ 308"] if table.base else []
    lines += [f"{old}* {new}:splat 301" for old, new in folders.items()]
    return {
        "_redirects": _text([*lines, *_below_base(table)]),
        "_headers": _text(_headers(table, detach=True)),
    }


def _below_base(table: Table) -> list[str]:
    """The files lie at the root of the host: shown below the path of `url`, without a change of address."""
    return [f"{table.base}/* /:splat 200"] if table.base else []


def _headers(table: Table, *, detach: bool) -> Iterator[str]:
    """The first rule is for everything; each other one says only what is different there."""
    general, *others = table.rules
    yield general.pattern
    yield from (f"  {name}: {value}" for name, value in general.headers)
    for rule in others:
        yield f"{table.base}{rule.pattern}"
        if detach:
            yield from (f"  ! {name}" for name, _ in table.different(rule))
        yield from (f"  {name}: {value}" for name, value in table.different(rule))


def _within_limits(table: Table) -> tuple[dict[str, str], dict[str, str]]:
    """Redirects one by one, and where there are too many, those of whole folders: old folder → new folder.

    What still exceeds the limit is left to the pages that lead on by themselves.
    """
    single, folders = dict(table.redirects), dict[str, str]()
    room = MOST_STATIC - 1  # for the one from the base path to its slash
    if len(single) > room:
        folders = _moved_folders(table)
        single = {u: t for u, t in single.items() if not _has_moved(u, t) or folders.get(_folder(u)) != _folder(t)}
    # Without its slash an address leads to the one with it anyway, in one step more.
    bare = {url.rstrip("/"): target for url, target in single.items()}
    both = single | bare
    return dict(list((both if len(both) <= room else single).items())[:room]), folders


def _moved_folders(table: Table) -> dict[str, str]:
    """Folders that have moved whole, the largest first: nothing else of the site lies in them."""
    pairs: dict[tuple[str, str], int] = {}
    for url, target in table.redirects.items():
        if _has_moved(url, target):
            pair = _folder(url), _folder(target)
            pairs[pair] = pairs.get(pair, 0) + 1
    inside: dict[str, int] = {}
    for url in table.urls:
        for folder in _folders(url):
            inside[folder] = inside.get(folder, 0) + 1
    whole = [pair for pair, count in pairs.items() if inside[pair[0]] == count > 1]
    return dict(sorted(whole, key=lambda pair: (-pairs[pair], pair))[: MOST_DYNAMIC - 1])


def _has_moved(url: str, target: str) -> bool:
    """Whether only the folder is another, so that one rule can lead all on that lie in it."""
    return url[len(_folder(url)) :] == target[len(_folder(target)) :]


def _folder(url: str) -> str:
    """`/old/page/` → `/old/`."""
    return url.rstrip("/").rpartition("/")[0] + "/"


def _folders(url: str) -> Iterator[str]:
    folder = _folder(url)
    while folder != "/":
        yield folder
        folder = _folder(folder)
    yield folder


def _text(lines: Iterable[str]) -> str:
    return "\n".join(["# Written by Byline: what is changed here is lost at the next freeze.", *lines, ""])
