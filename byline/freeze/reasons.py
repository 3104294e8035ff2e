"""Reasons: why a page is printed, as far as its tag, and what the one before was made of, can tell."""

import dataclasses

from flask import Flask

from byline.freeze.manifest import Manifest
from byline.web.app import tag_at
from byline.web.live import Snapshot

NEW = "it was not there before"
DAMAGED = "its file was missing, or no longer as Byline had written it"
UNTAGGED = "it says something else"
"""A page without a tag, such as a redirect, is asked for at every freeze."""
SHOWN = "what it shows changed"
"""Stories, pages, authors, data and what the app's context processors give: all of that is in the page's context."""
NAMED = 3
"""Parts that are named: an upgrade changes a hundred."""


class Reasons:
    """Why pages of `snapshot` are not what `earlier` holds."""

    def __init__(self, app: Flask, snapshot: Snapshot, earlier: Manifest) -> None:
        before, now = earlier.parts, snapshot.templates.parts
        self._app = app
        self._site = snapshot.site
        self._earlier = earlier
        self._parts = sorted(name for name in {**before, **now} if before.get(name) != now.get(name))
        self._with_earlier = dataclasses.replace(snapshot, templates=snapshot.templates.made_of(before))

    def of(self, path: str, url: str, tag: str, *, is_damaged: bool) -> str:
        """Why the file `path` is printed again for `url`, whose tag is now `tag`; empty if there is no telling.
        `is_damaged` says that the file on disk is not the one that was written.

        It names what has certainly changed. That all of it shows on this page is not said.
        """
        printed = self._earlier.files.get(path)
        if printed is None:
            return NEW
        if printed.url != url:
            return f"{path} was the file of {printed.url}"
        if tag == printed.tag:
            return DAMAGED if is_damaged else UNTAGGED
        if url in self._site.files or not (tag and printed.tag):
            return f"{self._site.files[url].source} changed" if url in self._site.files else UNTAGGED
        if not self._earlier.parts:  # it was frozen by a Byline that did not keep them
            return ""
        if not self._parts:
            return SHOWN
        more = f" and {len(self._parts) - NAMED} more" if len(self._parts) > NAMED else ""
        named = f"{', '.join(self._parts[:NAMED])}{more} changed"
        # If only these differ, the page has its old tag under their old digests. If not, they may be what changed it.
        alone = tag_at(self._app, self._with_earlier, url) == printed.tag
        return named if alone else f"{named}, and perhaps what it shows"
