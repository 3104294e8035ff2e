"""Caddy: a file to import in the site's block. https://caddyserver.com/docs/caddyfile"""

from collections.abc import Iterator

from byline.freeze.hosts.table import Headers, Table, regex_of
from byline.web.responses import FOR_EVER

HEAD = """\
# Written by Byline: changes made here are lost at the next freeze. In the site's block write
#     root * /srv/www
#     import {folder}/.byline/hosts/Caddyfile
# where the frozen site is {folder}. Redirects are read when Caddy is (re)loaded.
"""
HIDDEN = """\
	@writing not method GET HEAD
	header @writing Allow "GET, HEAD"
	error @writing 405
	@hidden {
		path_regexp /\\.
		not path {base}/.well-known/*
	}
	error @hidden 404
	# What no disk can look up would be a 500: no name of ours has over 200 bytes.
	@null path_regexp \\x00
	error @null 400
	@long path_regexp `[^/]{256}|[^/\\x00-\\x7f]{101}|[\\x{800}-\\x{10FFFF}]{67}`
	error @long 404
"""
COMPRESSED = """\
	file_server {
		precompressed br gzip
	}
"""
TAIL = """\
handle_errors {{
	@missing expression {{http.error.status_code}} == 404
	handle @missing {{
		header Cache-Control no-cache
		header Content-Type "text/html; charset=utf-8"
		rewrite * {base}/404.html
		file_server
	}}
}}
"""


def caddy(table: Table) -> dict[str, str]:
    """Everything is in a `route`, which keeps the order: general rules first, then what differs in places."""
    base = table.base
    parts = [_type(number, *item) for number, item in enumerate(table.types.items())]
    parts.append(_block("header", table.rules[0].headers))
    for number, rule in enumerate(table.rules[1:]):
        parts.append(f"\t@rule{number} path_regexp {regex_of(base, rule.pattern)}\n")
        parts.append(_block(f"header @rule{number}", table.different(rule)))
    parts.append(f"\t@versioned {{\n\t\tpath {base}/static/*\n\t\tquery v=*\n\t}}\n")
    parts.append(_block("header @versioned", (("Cache-Control", FOR_EVER),)))
    parts += _redirects(table)
    parts += [HIDDEN.replace("{base}", base), COMPRESSED if table.precompressed else "\tfile_server\n"]
    text = "".join((HEAD.format(folder=f"/srv/www{base}"), "route {\n", *parts, "}\n", TAIL.format(base=base)))
    return {".byline/hosts/Caddyfile": text}


def _type(number: int, ending: str, kind: str) -> str:
    """Caddy's own types depend on the machine that it runs on."""
    pages = " */" if ending == ".html" else ""
    return f'\t@type{number} path *{ending}{pages}\n\theader @type{number} Content-Type "{kind}"\n'


def _redirects(table: Table) -> Iterator[str]:
    for url, target in table.redirects.items():
        for form in dict.fromkeys((url, url.rstrip("/"))):
            yield f"\tredir {form} {target} 301\n"


def _block(head: str, headers: Headers) -> str:
    return f"\t{head} {{\n" + "".join(f'\t\t{name} "{value}"\n' for name, value in headers) + "\t}\n"
