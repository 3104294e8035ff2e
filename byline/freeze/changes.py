"""Changes: addresses at which two sites differ, such as the one that is frozen and the one that would be."""

import functools
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

from flask import Flask

from byline.freeze.manifest import REDIRECTS, Manifest, PrintedFile
from byline.freeze.output import manifest_of
from byline.freeze.paths import files_of
from byline.problems import SiteError
from byline.site import Site
from byline.storage import parallel
from byline.storage.fingerprint import digest
from byline.web.app import tag_at
from byline.web.live import LiveSite, Snapshot
from byline.web.routes import all_urls

_LATER_PAGE = re.compile(r"/page/\d+/$")


class Changes(NamedTuple):
    """URLs that only the later of two sites has, those that differ, and those that only the earlier one has."""

    new: tuple[str, ...]
    changed: tuple[str, ...]
    gone: tuple[str, ...]


class Page(NamedTuple):
    """What is known of a URL: its tag, empty if it has none, and the digest of its bytes, empty if it is no page for
    everyone; None if nobody has asked."""

    tag: str
    content: str | None = None


def vanished(held: dict[str, PrintedFile], paths: Iterable[str], withheld: Iterable[str]) -> list[str]:
    """URLs of pages that were printed and now lead nowhere: no alias keeps them, and no post is held back there.

    The later pages of a list come and go with its length, so they are not reported.
    """
    now = set(paths)
    urls = {printed.url for path, printed in held.items() if path not in now and path.endswith(".html")}
    return sorted(url for url in urls - set(withheld) if not _LATER_PAGE.search(url))


def next_changes(app: Flask, live: LiveSite, folder: Path) -> Changes | None:
    """What a freeze into `folder` would look at now, by the tags alone; None if there is no frozen site yet."""
    held = manifest_of(folder)
    if held is None:
        return None
    return compared(printed_pages(held), tagged_pages(app, live.at(live.clock())))


def exact_changes(app: Flask, live: LiveSite, folder: Path) -> Changes | None:
    """What a freeze into `folder` would write now: where tags differ, bytes decide. After an edit of a template, that
    takes as long as a freeze does. Raises SiteError for a page that cannot be made."""
    held = manifest_of(folder)
    if held is None:
        return None
    before = printed_pages(held)
    with live.fixed(live.clock()) as snapshot:
        pages = tagged_pages(app, snapshot)
        return compared(before, pages | asked(live, pages, doubtful(snapshot.site, before, pages)))


def printed_pages(held: Manifest) -> dict[str, Page]:
    """The pages of a frozen site, by their URLs."""
    return {printed.url: Page(printed.tag, printed.content) for printed in held.files.values() if printed.url}


def tagged_pages(app: Flask, snapshot: Snapshot) -> dict[str, Page]:
    """The pages that a freeze of `snapshot` would print, by their URLs, with their tags."""
    paths, _ = files_of(snapshot.site, all_urls(snapshot.site))
    return {url: Page(tag_at(app, snapshot, url)) for url in paths.values()}


def doubtful(site: Site, before: Mapping[str, Page], pages: Mapping[str, Page]) -> list[str]:
    """Those of the `pages` of `site` for which tags cannot tell whether they are what they were `before`, nor whether
    they are for everyone."""
    same = {url for url, page in pages.items() if page.tag and url in before and page.tag == before[url].tag}
    others = set(site.other_urls)
    return [url for url in pages if url in others or (url in before and url not in same and url not in site.files)]


def asked(live: LiveSite, pages: Mapping[str, Page], urls: list[str]) -> dict[str, Page]:
    """Those of `pages` at `urls`, with the digests of their bytes. Raises SiteError for one that cannot be made."""
    contents = parallel.in_forks(functools.partial(_content, live), urls, live.memo.jobs)
    return {url: pages[url]._replace(content=content) for url, content in zip(urls, contents, strict=True)}


def _content(live: LiveSite, url: str) -> str:
    reply = live.host.ask(url)
    if reply.status >= 500:
        raise SiteError(f"{url}: {reply.status} {reply.body.decode(errors='replace').strip()[:500]}")
    return digest(reply.body) if reply.status in (200, *REDIRECTS) else ""


def compared(before: Mapping[str, Page], after: Mapping[str, Page]) -> Changes:
    """How the pages of two sites differ. Of one that has no tag and was not asked for, nothing is said."""
    there = {url for url, page in before.items() if page.content != ""}
    here = {url for url, page in after.items() if page.content != ""}
    changed = (url for url in after if url in there and url in here and _differ(before[url], after[url]))
    return Changes(
        tuple(url for url in after if url in here - there),
        tuple(changed),
        tuple(url for url in before if url in there - here),
    )


def _differ(before: Page, after: Page) -> bool:
    if before.tag and before.tag == after.tag:
        return False
    if before.content is None or after.content is None:
        return bool(after.tag)
    return before.content != after.content
