"""Splats: `_redirects` and `_headers`, which Netlify and Cloudflare read from the published folder.

https://docs.netlify.com/manage/routing/redirects/overview.md, https://docs.netlify.com/manage/routing/headers.md,
https://developers.cloudflare.com/pages/configuration/redirects/, …/headers/
"""

from collections.abc import Iterable, Iterator

from byline.freeze.hosts.table import Table

MOST_REDIRECTS = 2000
"""The most rules without a splat that Cloudflare accepts; it ignores the rest."""


def netlify(table: Table) -> dict[str, str]:
    """Redirects are forced, because the page that replaces each on hosts without rules exists too.

    To Netlify an address is the same with and without its trailing slash, and a header's last value wins.
    """
    lines = [f"{url} {target} 301!" for url, target in table.redirects.items()]
    return {
        "_redirects": _text([*lines, *_below_base(table)]),
        "_headers": _text(_headers(table, detach=False)),
    }


def cloudflare(table: Table) -> dict[str, str]:
    """Cloudflare follows redirects before it looks for files, and joins the values of a header unless told not to."""
    lines = [f"{url} {target} 301" for url, target in _single(table).items()]
    # Netlify would loop here, because the two are the same to it.
    lines += [f"{table.base} {table.base}/ 308"] if table.base else []
    return {
        "_redirects": _text([*lines, *_below_base(table)]),
        "_headers": _text(_headers(table, detach=True)),
    }


def _below_base(table: Table) -> list[str]:
    """Show the files, which are at the root of the host, below the path of `url`, without changing the address."""
    return [f"{table.base}/* /:splat 200"] if table.base else []


def _headers(table: Table, *, detach: bool) -> Iterator[str]:
    """The first rule is for everything; each of the others gives only what differs there."""
    general, *others = table.rules
    yield general.pattern
    yield from (f"  {name}: {value}" for name, value in general.headers)
    for rule in others:
        yield f"{table.base}{rule.pattern}"
        if detach:
            yield from (f"  ! {name}" for name, _ in table.different(rule))
        yield from (f"  {name}: {value}" for name, value in table.different(rule))


def _single(table: Table) -> dict[str, str]:
    """Redirects in both forms, with and without the trailing slash, if there is room for both.

    Those above the limit are left to the pages that redirect by themselves.
    """
    room = MOST_REDIRECTS - 1  # for the one from the base path to its slash
    bare = {url.rstrip("/"): target for url, target in table.redirects.items()}
    both = dict(table.redirects) | bare
    return both if len(both) <= room else dict(list(table.redirects.items())[:room])


def _text(lines: Iterable[str]) -> str:
    return "\n".join(["# Written by Byline: changes made here are lost at the next freeze.", *lines, ""])
