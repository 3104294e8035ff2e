"""Splats: `_redirects` and `_headers`, which Netlify and Cloudflare read from the published folder.

https://docs.netlify.com/manage/routing/redirects/overview.md, https://docs.netlify.com/manage/routing/headers.md,
https://developers.cloudflare.com/pages/configuration/redirects/, …/headers/
"""

import re
from collections.abc import Iterable, Iterator

from msgspec import structs

from byline.freeze.hosts.table import Table
from byline.freeze.manifest import OWN
from byline.redirects import Redirect
from byline.settings.values import GONE, SPLAT

MOST_REDIRECTS = 2000
"""The most rules without a splat that Cloudflare accepts; it ignores the rest."""
MOST_PATTERNS = 100
"""And with one."""
OWN_PATTERNS = 3
"""Of those, the most that Byline needs itself: two to hide its own folder, and one for the path of `url`."""
MOST_HEADERS = 100
"""The most rules for headers that Cloudflare accepts."""
LONGEST_HEADER = 1950
"""Characters of a value, in a line of at most 2,000: https://developers.cloudflare.com/pages/configuration/headers/"""

_SLASH_AT_END = re.compile("/$")


def netlify(table: Table) -> dict[str, str]:
    """Redirects are forced, because the page that replaces each on hosts without rules exists too.

    To Netlify an address is the same with and without its trailing slash, and a header's last value wins. A pattern is
    not forced, so that files come first; below a path they cannot, because Netlify finds them only by a rule. There,
    headers are told for the address and for the file that is shown: `netlify dev` looks at the file.
    """
    lines = [f"{place}/{OWN}/* /404.html 404!" for place in _places(table)]
    lines += [f"{one.source} {one.target} {one.status}!" for one in _leading(table)]
    lines += [f"{source} {target} {status}" for source, target, status in _patterns(table, keeps_files=not table.base)]
    missing = [f"{front}/* {front}/404.html 404" for front in table.fronts if not table.base]
    return {
        "_redirects": _text([*lines, *missing, *_below_base(table)]),
        "_headers": _text(_headers(table, by_file=True)),
    }


def cloudflare(table: Table) -> dict[str, str]:
    """Cloudflare follows redirects before it looks for files, and joins the values of a header unless told not to.

    Rules with a `*` come last, because all that follow one count as such. There is no status 404: the folder that is
    to be hidden shows a place where nothing is.
    """
    lines = [" ".join(map(str, one)) for one in _single(table)]
    # Netlify would loop here, because the two are the same to it.
    lines += [f"{table.base} {table.base}/ 308"] if table.base else []
    lines += [f"{place}/{OWN}/* /{OWN}/ 200" for place in _places(table)]
    patterns = [f"{source} {target} {status}" for source, target, status in _patterns(table, keeps_files=False)]
    lines += patterns[: MOST_PATTERNS - OWN_PATTERNS]
    return {
        "_redirects": _text([*lines, *_below_base(table)]),
        "_headers": _text(_headers(table, detach=True)),
    }


def over_limits(table: Table) -> list[str]:
    """What Cloudflare would ignore, in words."""
    found = []
    single, patterns = len(_leading(table)), len(list(_patterns(table, keeps_files=False)))
    if single > MOST_REDIRECTS - 1:
        found.append(f"{single:,} old addresses, of which Cloudflare takes {MOST_REDIRECTS - 1:,}")
    if patterns > MOST_PATTERNS - OWN_PATTERNS:
        found.append(f"{patterns} redirects with a `*`, of which Cloudflare takes {MOST_PATTERNS - OWN_PATTERNS}")
    if len(table.rules) > MOST_HEADERS:
        found.append(f"{len(table.rules)} rules for headers, of which Cloudflare takes {MOST_HEADERS}")
    return found


def _patterns(table: Table, *, keeps_files: bool) -> Iterator[tuple[str, str, int]]:
    """Source, target and status. A pattern that would take the place of a page is left out unless the host
    `keeps_files`. What `*` stands for may begin with a slash, so that a target of nothing else needs its host."""
    for one in table.patterns:
        if one.status == GONE or ":" in one.source or (one.source in table.broad and not keeps_files):
            continue
        start, _, end = one.source.partition("*")
        target = f"{table.origin}{one.target}" if one.target.startswith(f"/{SPLAT}") else one.target
        if not end:
            yield one.source, target, one.status
            continue
        for form in dict.fromkeys((end, end.rstrip("/"))):  # in the middle, a part has a name
            yield f"{start}:part{form}", target.replace(SPLAT, ":part"), one.status


def _below_base(table: Table) -> list[str]:
    """Show the files, which are at the root of the host, below the path of `url`, without changing the address."""
    return [f"{table.base}/* /:splat 200"] if table.base else []


def _places(table: Table) -> tuple[str, ...]:
    """What the addresses of the site's files begin with: the path of `url`, and the root, where the files are."""
    return (table.base, "") if table.base else ("",)


def _headers(table: Table, *, detach: bool = False, by_file: bool = False) -> Iterator[str]:
    """The first rule is for everything; each of the others gives only what differs there."""
    general, *others = table.rules
    yield general.pattern
    yield from (f"  {name}: {value}" for name, value in general.headers)
    found = [(f"{table.base}{rule.pattern}", rule) for rule in others]
    if by_file and table.base:
        found += [(_SLASH_AT_END.sub("/index.html", rule.pattern), rule) for rule in others]
    for source, rule in found:
        yield source
        if detach:
            yield from (f"  ! {name}" for name, _ in table.different(rule))
        yield from (f"  {name}: {value}" for name, value in table.different(rule))


def _leading(table: Table) -> list[Redirect]:
    """What these hosts can answer: they have no 410, and take what follows a colon for a name."""
    return [one for one in table.redirects if one.status != GONE and ":" not in one.source]


def _single(table: Table) -> list[tuple[str, str, int]]:
    """Source, target and status of what has no `*`, as far as there is room.

    Redirects come in both forms, with and without the trailing slash, if there is room for both; those above the limit
    are left to the pages that redirect by themselves. The rest, which the host answers in a way of its own, comes last.
    """
    room = MOST_REDIRECTS - 1  # for the one from the base path to its slash
    leading = _leading(table)
    bare = (structs.replace(one, source=one.source.rstrip("/") or "/") for one in leading)
    both = list({one.source: one for one in (*leading, *bare)}.values())
    chosen = both if len(both) <= room else leading[:room]
    found = {one.source: (one.source, one.target, one.status) for one in chosen}
    for line in (*_starts(table), *_pages(table)):
        found.setdefault(line[0], line)
    return list(found.values())[:room]


def _starts(table: Table) -> Iterator[tuple[str, str, int]]:
    """To Cloudflare `/old/*` does not stand for `/old`."""
    known = set(table.urls)
    for source, target, status in _patterns(table, keeps_files=False):
        start = source.removesuffix("/*")
        if start != source and not known & {start, f"{start}/"}:
            yield start, target.replace(SPLAT, ""), status


def _pages(table: Table) -> Iterator[tuple[str, str, int]]:
    """What Cloudflare would answer in another way, because it looks at the file and not at the address.

    It redirects `/x.html` to `/x`, whether or not a link or a search engine needs the first. And where it adds a slash,
    it forgets the path of `url`, and writes letters as they are, which no header can hold.
    """
    known = set(table.urls)
    for url in table.urls:
        short = url.removesuffix(".html")
        if short != url and short not in known:
            shown = short.removeprefix(table.base)
            yield url, shown.removesuffix("index") if shown.endswith("/index") else shown, 200
        elif url.endswith("/") and url != f"{table.base}/" and (table.base or "%" in url):
            yield url.rstrip("/"), url, 308


def _text(lines: Iterable[str]) -> str:
    return "\n".join(["# Written by Byline: changes made here are lost at the next freeze.", *lines, ""])
