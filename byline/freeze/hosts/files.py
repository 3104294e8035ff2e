"""Files: what each host gets, by its name in site.toml."""

from collections.abc import Callable, Mapping

from byline.freeze.hosts.caddy import caddy
from byline.freeze.hosts.nginx import nginx
from byline.freeze.hosts.splats import LONGEST_HEADER, cloudflare, netlify, over_limits
from byline.freeze.hosts.table import Table, table_of
from byline.problems import Problem
from byline.settings.file import FILE_NAME
from byline.site import Site


def github(_table: Table) -> dict[str, str]:
    """GitHub Pages skips names that start with `_` unless this file exists. It supports neither redirects nor headers.

    https://github.blog/news-insights/bypassing-jekyll-on-github-pages/
    """
    return {".nojekyll": ""}


WRITERS: Mapping[str, Callable[[Table], dict[str, str]]] = {
    "caddy": caddy,
    "cloudflare": cloudflare,
    "github": github,
    "netlify": netlify,
    "nginx": nginx,
}


def host_files(site: Site) -> dict[str, bytes]:
    """Path and content of the files that the hosts of `site` read."""
    if not site.settings.hosts:
        return {}
    table = table_of(site)
    written = [WRITERS[name](table) for name in site.settings.hosts]
    return {path: text.encode() for files in written for path, text in files.items()}


def limits(site: Site) -> list[Problem]:
    """A warning for what a host of `site` would ignore."""
    if "cloudflare" not in site.settings.hosts:
        return []
    table = table_of(site)
    hint = "let one line with a `*` in `redirects` stand for many"
    found = [
        Problem(FILE_NAME, 1, 1, "too-many-redirects", f"the site has {what}", hint, "warning")
        for what in over_limits(table)
    ]
    longest = max(len(value) for rule in table.rules for _, value in rule.headers)
    if longest > LONGEST_HEADER:
        message = f"the policy has {longest:,} characters, of which Cloudflare takes {LONGEST_HEADER:,}"
        found.append(Problem(FILE_NAME, 1, 1, "long-policy", message, "allow fewer hosts in `allow`", "warning"))
    return found
