"""Changes: what a freeze would do to a folder that holds a frozen site."""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from flask import Flask

from byline.freeze.manifest import PrintedFile
from byline.freeze.output import manifest_of
from byline.freeze.paths import files_of
from byline.web.app import tag_at
from byline.web.live import LiveSite
from byline.web.routes import all_urls

_LATER_PAGE = re.compile(r"/page/\d+/$")


class Changes(NamedTuple):
    """URLs of the files that the next freeze would add, rewrite and delete."""

    new: tuple[str, ...]
    changed: tuple[str, ...]
    gone: tuple[str, ...]


def vanished(held: dict[str, PrintedFile], paths: Iterable[str], withheld: Iterable[str]) -> list[str]:
    """URLs of pages that were printed and now lead nowhere: no alias keeps them, and no post is held back there.

    The later pages of a list come and go with its length, so they are not reported.
    """
    now = set(paths)
    urls = {printed.url for path, printed in held.items() if path not in now and path.endswith(".html")}
    return sorted(url for url in urls - set(withheld) if not _LATER_PAGE.search(url))


def next_changes(app: Flask, live: LiveSite, folder: Path) -> Changes | None:
    """What a freeze into `folder` would change now; None if there is no frozen site yet."""
    held = manifest_of(folder)
    if held is None:
        return None
    snapshot = live.at(live.clock())
    paths, _ = files_of(snapshot.site, all_urls(snapshot.site))
    new = (url for path, url in paths.items() if path not in held.files)
    changed = (
        url for path, url in paths.items() if path in held.files and held.files[path].tag != tag_at(app, snapshot, url)
    )
    gone = (printed.url for path, printed in held.files.items() if printed.url and path not in paths)
    return Changes(tuple(new), tuple(changed), tuple(gone))
