"""nginx: a file to include in the site's `server` block.

https://nginx.org/en/docs/http/ngx_http_core_module.html#location
"""

from collections.abc import Iterable, Iterator, Mapping
from urllib.parse import unquote

from byline.freeze.hosts.table import Headers, Rule, Table, regex_of
from byline.web.responses import FOR_EVER

HEAD = """\
# Written by Byline: changes made here are lost at the next freeze. In the site's server block write
#     root /srv/www;
#     include {folder}/.byline/hosts/nginx.conf;
# where the frozen site is {folder}. Redirects are read when nginx is (re)loaded.
absolute_redirect off;  # never repeat the Host header that a stranger sent
index index.html;
error_page 404 {base}/404.html;
error_page 405 @byline_reading;
default_type application/octet-stream;
"""
COMPRESSED = """\
gzip_static on;
gzip_vary on;
# brotli_static on;  # with the module of that name, such as Debian's libnginx-mod-http-brotli-static
"""
SLASH = """\
location / {
    # As in the app, and from the address as it was sent: nginx itself would answer 301.
    set $byline_slash "";
    if ($request_uri ~ "^(?<byline_page>(?:/[^/?]+)+)(?:[?]|$)") { set $byline_slash "/"; }
    if (!-d $request_filename) { set $byline_slash ""; }
    if ($byline_slash) { return 308 $byline_page/$is_args$args; }
}
"""
HIDDEN = """\
location ~ /\\.(?!well-known/) {
    return 404;
}
"""


def nginx(table: Table) -> dict[str, str]:
    base = table.base
    general, *others = table.rules
    parts = [HEAD.format(folder=f"/srv/www{base}", base=base), *([COMPRESSED] if table.precompressed else [])]
    parts.append(_block("types", (f'"{kind}" {ending[1:]};' for ending, kind in table.types.items())))
    parts += [f"{line}\n" for line in _added(general.headers)]
    parts += [HIDDEN, SLASH, _block("location @byline_reading", _refusing(general.headers))]
    if base:
        parts.append(_block(f'location = "{unquote(base)}"', [f"return 308 {base}/$is_args$args;"]))
    parts += [_location(base, rule) for rule in others]
    parts += [_redirect(url, target) for url, target in _both_forms(table.redirects)]
    return {".byline/hosts/nginx.conf": "".join(parts)}


def _both_forms(redirects: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """With and without the trailing slash."""
    for url, target in redirects.items():
        yield from ((form, target) for form in dict.fromkeys((url, url.rstrip("/"))))


def _location(base: str, rule: Rule) -> str:
    pattern = regex_of(base, rule.pattern).replace("/$", "/(index\\.html)?$")  # nginx asks itself for the file
    kind = next((value for name, value in rule.headers if name == "Content-Type"), "")
    lines = ["types {}", f'default_type "{kind}";'] if kind else []
    headers = tuple(item for item in rule.headers if item[0] != "Content-Type")
    if rule.pattern == "/static/*":  # with any version: only old pages ask for another one
        lines += ['set $byline_caching "no-cache";', f'if ($arg_v) {{ set $byline_caching "{FOR_EVER}"; }}']
        headers = tuple((n, "$byline_caching" if n == "Cache-Control" else v) for n, v in headers)
    return _block(f'location ~ "{pattern}"', [*lines, *_added(headers)])


def _redirect(url: str, target: str) -> str:
    """nginx matches the decoded address, and reads `$` in a text as the start of a name."""
    return _block(f'location = "{unquote(url)}"', [f'return 301 "{target.replace("$", "%24")}";'])


def _refusing(headers: Headers) -> list[str]:
    return [*_added((*headers, ("Allow", "GET, HEAD"))), "return 405;"]


def _added(headers: Headers) -> list[str]:
    return [f'add_header {name} "{value}" always;' for name, value in headers]


def _block(head: str, lines: Iterable[str]) -> str:
    return f"{head} {{\n" + "".join(f"    {line}\n" for line in lines) + "}\n"
