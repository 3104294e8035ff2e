"""Strays: files that look like content and that Byline does not read where they are."""

import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from byline.content.sources import SUFFIXES
from byline.problems import Problem
from byline.site import Site
from byline.web.live import LiveSite

CODE = "stray-file"
TEXTS = (
    *(".adoc", ".asciidoc", ".org", ".rst", ".tex", ".textile", ".wiki", ".text", ".txt"),
    *(".qmd", ".rmd", ".ipynb", ".htm", ".html", ".doc", ".docx", ".odt", ".rtf"),
)
"""Endings of what people write texts in, besides Markdown."""
OF_ROOT = re.compile(
    r"ads\.txt|app-ads\.txt|CNAME|humans\.txt|llms\.txt|security\.txt|_redirects|_headers|\.htaccess|\.well-known"
    r"|\.nojekyll|BingSiteAuth\.xml|keybase\.txt|browserconfig\.xml|crossdomain\.xml"
    r"|google[0-9a-f]{10,}\.html|yandex_[0-9a-f]{10,}\.html"
)
"""Names that others look for at a site's root. Some are published from static/ as well, where nobody looks."""
OF_PAGES = re.compile(
    rf"{OF_ROOT.pattern}|favicon\.(?:ico|png|svg)|apple-touch-icon(?:-[\w-]+)?\.png|manifest\.json|site\.webmanifest"
)
MADE = ("robots.txt", "sitemap.xml")
"""What Byline makes itself."""
_DATED = re.compile(r"\d{4}-\d{1,2}-\d{1,2}-.")


def strays(live: LiveSite, sites: Iterable[Site]) -> Iterator[Problem]:
    """A warning for each of them, with what to do. A file that one of `sites` publishes has been found."""
    root = live.settings.content_root
    for place, names in ((live.pages, OF_PAGES), (live.folder / "static", OF_ROOT), (live.folder, OF_ROOT)):
        yield from _of_root(live.folder, place, names)
    texts, others, _ = live.tree.scan()
    used = {file.source for site in sites for file in site.files.values()}
    posts = f"{root}{live.tree.dialect.posts[0]}/"
    for file in others:
        path = root + file.path
        is_named = "/" not in file.path and (OF_PAGES.fullmatch(file.path) or file.path in MADE)
        ending = os.path.splitext(file.path)[1].lower()
        if ending in TEXTS and path not in used and not is_named:
            hint = f"write it as Markdown in a file that ends in .md, or put it in {_PUBLIC}"
            yield _stray(path, f"Byline reads no {ending} files, so readers do not get it", hint)
    for file in texts:
        if (
            live.tree.dialect.is_own
            and live.tree.kind(file.path) == "page"
            and _DATED.match(file.path.rpartition("/")[2])
        ):
            message = "its name begins with a date like that of a post, but here it is a plain page, without a date"
            yield _stray(root + file.path, message, f"move it to {posts}, or rename it")
    yield from _beside(live, posts)
    for name in _names_in(live.folder / "texts"):
        if name.endswith(".toml"):
            yield _stray(f"texts/{name}", "its words are not said", f"move it to templates/texts/{name}")


_PUBLIC = "public/, from where files are published at the site's root as they are"


def _of_root(folder: Path, place: Path, names: re.Pattern[str]) -> Iterator[Problem]:
    """Files that are of use only at the root of the site."""
    for name in _names_in(place):
        path = (place / name).relative_to(folder).as_posix() if place.is_relative_to(folder) else name
        if name in MADE and place != folder:
            yield _stray(path, "Byline makes its own, at the root of the site", "remove it")
        elif names.fullmatch(name):
            yield _stray(path, "those who look for it at the root of the site do not find it", f"move it to {_PUBLIC}")


def _beside(live: LiveSite, posts: str) -> Iterator[Problem]:
    """Posts in a folder that is not read: the repository's root, one beside the content folder, or `_posts` in it."""
    for folder in (live.folder, live.folder / "posts", live.folder / "_posts", live.pages / "_posts"):
        if folder in (live.pages, *(live.pages / place for place in live.tree.dialect.posts)):
            continue
        dated = [name for name in _names_in(folder) if _DATED.match(name) and name.lower().endswith(SUFFIXES)]
        if dated:
            path = os.path.relpath(folder / dated[0], live.folder).replace(os.sep, "/")
            more = f", and neither are {len(dated) - 1} more beside it" if len(dated) > 1 else ""
            yield _stray(path, f"the post is not read where it is{more}", f"move it to {posts}")


def _names_in(folder: Path) -> list[str]:
    try:
        return sorted(os.listdir(folder))
    except OSError:
        return []


def _stray(path: str, message: str, hint: str) -> Problem:
    return Problem(path, 1, 1, CODE, message, hint, "warning")
