"""Caddy: a file to import in the site's block. https://caddyserver.com/docs/caddyfile"""

import itertools
import re
from collections.abc import Iterator, Sequence
from urllib.parse import urlencode

from byline.freeze.hosts.table import Headers, Table, raw_regex, regex_of
from byline.redirects import Redirect
from byline.settings.values import GONE, SPLAT
from byline.web.responses import FOR_EVER

_SIMPLE = re.compile(r"\w+", re.ASCII)

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
	@missing expression `{{http.error.status_code}} in [404, 410]`
	handle @missing {{
		header Cache-Control no-cache
		header Content-Type "text/html; charset=utf-8"
{missing}		rewrite * {base}{front}/404.html
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
    parts += ["\ttry_files {path} {path}.html\n"] if table.bare else []
    parts += [HIDDEN.replace("{base}", base), COMPRESSED if table.precompressed else "\tfile_server\n"]
    text = "".join((HEAD.format(folder=f"/srv/www{base}"), "route {\n", *parts, "}\n", _tail(table)))
    return {".byline/hosts/Caddyfile": text}


def _tail(table: Table) -> str:
    """The page of what is missing, in the language of its address."""
    lines = "".join(f'\t\t\t~^{re.escape(table.base + front)}/ "{front}"\n' for front in table.fronts)
    missing = f'\t\tmap {{path}} {{byline_front}} {{\n{lines}\t\t\tdefault ""\n\t\t}}\n' if lines else ""
    return TAIL.format(base=table.base, front="{byline_front}" if lines else "", missing=missing)


def _type(number: int, ending: str, kind: str) -> str:
    """Caddy's own types depend on the machine that it runs on."""
    pages = " */" if ending == ".html" else ""
    return f'\t@type{number} path *{ending}{pages}\n\theader @type{number} Content-Type "{kind}"\n'


def _redirects(table: Table) -> Iterator[str]:
    """What asks for a query, then single addresses, then patterns: Caddy takes the first that matches."""
    yield '\tmap {query} {byline_query} {byline_more} {\n\t\t"" "" ""\n\t\tdefault "?{query}" "&{query}"\n\t}\n'
    if table.queries:
        yield '\t@queried not expression `{query} == ""`\n\troute @queried {\n'
        redirects = (redirect for some in table.queries.values() for redirect in some)
        yield "".join(line for number, redirect in enumerate(redirects) for line in _asked(number, redirect))
        yield "\t}\n"
    for redirect in table.redirects:
        for form in dict.fromkeys((redirect.source, redirect.source.rstrip("/") or "/")):
            if redirect.status == GONE:
                yield f"\terror {form} {GONE}\n"
            else:
                yield f"\tredir {form} {_with_query(redirect.target)} {redirect.status}\n"
    yield from _patterns(table.patterns)


def _asked(number: int, redirect: Redirect) -> Iterator[str]:
    """For the query alone, and among other parameters, which then go along."""
    paths = " ".join(dict.fromkeys((redirect.source, redirect.source.rstrip("/") or "/")))
    text = urlencode(redirect.query)
    wanted = " && ".join(f'{{http.request.uri.query.{name}}} == "{value}"' for name, value in redirect.query)
    for kind, test, target in (
        ("alone", f'{{query}} == "{text}"', redirect.target),
        ("among", wanted, _with_query(redirect.target)),
    ):
        if kind == "among" and not all(map(_SIMPLE.fullmatch, itertools.chain.from_iterable(redirect.query))):
            continue
        yield f"\t\t@{kind}{number} {{\n\t\t\tpath {paths}\n\t\t\texpression `{test}`\n\t\t}}\n"
        yield f"\t\tredir @{kind}{number} {target} {redirect.status}\n"


def _patterns(patterns: Sequence[Redirect]) -> Iterator[str]:
    """For what is no file. The address is matched as it was sent, so that nothing in it is decoded on the way."""
    if not patterns:
        return
    lines = []
    for redirect in patterns:
        regex = raw_regex(redirect.source, "?P<splat>" if SPLAT in redirect.target else "?:")
        target = redirect.target.replace("$", "$$").replace(SPLAT, "${splat}") or "gone"
        lines.append(f'\t\t`~(?i){regex}` "{target}" "{redirect.status}"\n')
    yield "".join(["\tmap {uri} {byline_to} {byline_status} {\n", *lines, '\t\tdefault "" ""\n\t}\n'])
    for status in sorted({redirect.status for redirect in patterns}):
        yield f"\t@led{status} {{\n\t\tnot file {{path}} {{path}}/\n"
        yield f'\t\texpression `{{byline_status}} == "{status}"`\n\t}}\n'
        if status == GONE:
            yield f"\terror @led{status} {GONE}\n"
        else:
            yield f"\tredir @led{status} {{byline_to}}{{byline_query}} {status}\n"


def _with_query(target: str) -> str:
    head, mark, fragment = target.partition("#")
    return f"{head}{'{byline_more}' if '?' in head else '{byline_query}'}{mark}{fragment}"


def _block(head: str, headers: Headers) -> str:
    return f"\t{head} {{\n" + "".join(f'\t\t{name} "{value}"\n' for name, value in headers) + "\t}\n"
