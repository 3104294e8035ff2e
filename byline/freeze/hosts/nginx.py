"""nginx: a file to include in the site's `server` block.

https://nginx.org/en/docs/http/ngx_http_core_module.html#location
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from urllib.parse import unquote, urlencode

from byline.freeze.hosts.table import Headers, Rule, Table, raw_regex, regex_of
from byline.redirects import Redirect, joined
from byline.settings.values import GONE, SPLAT
from byline.web.responses import FOR_EVER

_SIMPLE = re.compile(r"\w+", re.ASCII)

HEAD = """\
# Written by Byline: changes made here are lost at the next freeze. In the site's server block write
#     root /srv/www;
#     include {folder}/.byline/hosts/nginx.conf;
# where the frozen site is {folder}. Redirects are read when nginx is (re)loaded.
absolute_redirect off;  # never repeat the Host header that a stranger sent
index index.html;
error_page 404 410 {missing};
error_page 405 @byline_reading;
default_type application/octet-stream;
"""
COMPRESSED = """\
gzip_static on;
gzip_vary on;
# brotli_static on;  # with the module of that name, such as Debian's libnginx-mod-http-brotli-static
"""
SLASH = """\
    # As in the app, and from the address as it was sent: nginx itself would answer 301.
    set $byline_slash "";
    if ($request_uri ~ "^(?<byline_page>(?:/[^/?]+)+)(?:[?]|$)") { set $byline_slash "/"; }
    if (!-d $request_filename) { set $byline_slash ""; }
    if ($byline_slash) { return 308 $byline_page/$is_args$args; }
"""
HIDDEN = """\
location ~ /\\.(?!well-known/) {
    return 404;
}
"""


def nginx(table: Table) -> dict[str, str]:
    base = table.base
    general, *others = table.rules
    missing = "$byline_missing" if table.fronts else f"{base}/404.html"
    parts = [
        HEAD.format(folder=f"/srv/www{base}", missing=missing),
        *_missing(table),
        *([COMPRESSED] if table.precompressed else []),
    ]
    parts.append(_block("types", (f'"{kind}" {ending[1:]};' for ending, kind in table.types.items())))
    parts += [f"{line}\n" for line in _added(general.headers)]
    parts += [HIDDEN, "location / {\n", SLASH, *_patterns(table.patterns), "}\n"]
    parts.append(_block("location @byline_reading", _refusing(general.headers)))
    parts += [_location(base, rule) for rule in others]
    parts += [_block(f'location = "{unquote(url)}"', [f'try_files "{unquote(url)}.html" =404;']) for url in table.bare]
    parts += [_block(f'location = "{unquote(url)}"', lines) for url, lines in _exact(table).items()]
    return {".byline/hosts/nginx.conf": "".join(parts)}


def _missing(table: Table) -> Iterator[str]:
    """The page of what is missing, in the language of its address."""
    if table.fronts:
        yield f'set $byline_missing "{table.base}/404.html";\n'
    for place in (f"{table.base}{front}" for front in table.fronts):
        yield f'if ($uri ~ "^{re.escape(place)}/") {{ set $byline_missing "{place}/404.html"; }}\n'


def _exact(table: Table) -> dict[str, list[str]]:
    """What is said at each address, with and without the trailing slash, of which nginx matches the decoded form."""
    lines: dict[str, list[str]] = {}
    pages = {*table.urls} - {redirect.source for redirect in table.redirects}
    for path, redirects in table.queries.items():
        asked = [line for redirect in redirects for line in _asked(redirect)]
        lines |= {form: list(asked) for form in _forms(path)}
        if path in pages and path != path.rstrip("/"):
            lines[path.rstrip("/")] = [*asked, f"return 308 {path}$is_args$args;"]
    for redirect in table.redirects:
        for form in _forms(redirect.source):
            lines.setdefault(form, []).extend(_returned(redirect))
    if table.base:
        lines.setdefault(table.base, [f"return 308 {table.base}/$is_args$args;"])
    return lines


def _forms(url: str) -> Iterable[str]:
    return dict.fromkeys((url, url.rstrip("/") or "/"))


def _asked(redirect: Redirect) -> Iterator[str]:
    """For the query alone, and for one parameter among others, which then go along."""
    text = urlencode(redirect.query)
    yield f'if ($args = "{text}") {{ return {redirect.status} "{_text(redirect.target)}"; }}'
    name, value = redirect.query[0]
    if len(redirect.query) == 1 and _SIMPLE.fullmatch(f"{name}{value}"):
        target = joined(_text(redirect.target), "$args")
        yield f'if ($arg_{name} = "{value}") {{ return {redirect.status} "{target}"; }}'


def _returned(redirect: Redirect) -> Iterator[str]:
    """The answer, with the query of the request."""
    if redirect.status == GONE:
        yield f"return {GONE};"
        return
    target = _text(redirect.target)
    if "?" in target or "#" in target:
        yield f'if ($args) {{ return {redirect.status} "{joined(target, "$args")}"; }}'
        yield f'return {redirect.status} "{target}";'
    else:
        yield f'return {redirect.status} "{target}$is_args$args";'


def _patterns(patterns: Sequence[Redirect]) -> Iterator[str]:
    """For what is no file. Matched as it was sent, without the slashes that could begin another host's name; the first
    pattern comes last, so that it counts."""
    if not patterns:
        return
    statuses = sorted({redirect.status for redirect in patterns})
    yield "".join(f'    set $byline_{status} "";\n' for status in statuses)
    for redirect in reversed(patterns):
        others = "".join(f'set $byline_{status} ""; ' for status in statuses if status != redirect.status)
        target = _text(redirect.target).replace(SPLAT, "$byline_splat") or "gone"
        is_used = SPLAT in redirect.target
        regex = raw_regex(redirect.source, "?<byline_splat>" if is_used else "?:")
        yield f'    if ($request_uri ~* "{regex}") {{ {others}set $byline_{redirect.status} "{target}"; }}\n'
    for status in statuses:
        yield f'    if (-e $request_filename) {{ set $byline_{status} ""; }}\n'
        to = "" if status == GONE else f" $byline_{status}$is_args$args"
        yield f"    if ($byline_{status}) {{ return {status}{to}; }}\n"


def _text(target: str) -> str:
    """nginx reads `$` in a text as the start of a name."""
    return target.replace("$", "%24")


def _location(base: str, rule: Rule) -> str:
    pattern = regex_of(base, rule.pattern).replace("/$", "/(index\\.html)?$")  # nginx asks itself for the file
    kind = next((value for name, value in rule.headers if name == "Content-Type"), "")
    lines = ["types {}", f'default_type "{kind}";'] if kind else []
    headers = tuple(item for item in rule.headers if item[0] != "Content-Type")
    if rule.pattern == "/static/*":  # with any version: only old pages ask for another one
        lines += ['set $byline_caching "no-cache";', f'if ($arg_v) {{ set $byline_caching "{FOR_EVER}"; }}']
        headers = tuple((n, "$byline_caching" if n == "Cache-Control" else v) for n, v in headers)
    return _block(f'location ~ "{pattern}"', [*lines, *_added(headers)])


def _refusing(headers: Headers) -> list[str]:
    return [*_added((*headers, ("Allow", "GET, HEAD"))), "return 405;"]


def _added(headers: Headers) -> list[str]:
    return [f'add_header {name} "{value}" always;' for name, value in headers]


def _block(head: str, lines: Iterable[str]) -> str:
    return f"{head} {{\n" + "".join(f"    {line}\n" for line in lines) + "}\n"
