"""Sharing: what of a frozen site other machines may have. It is only what readers have, too.

What was computed from drafts, and from posts that are not yet or no longer published, stays in this machine's store.
"""

from collections.abc import Iterator

from byline.content.reader import keys_of
from byline.media.files import facts_key, is_made, is_picture
from byline.site import Site
from byline.web.live import LiveSite


def fill(live: LiveSite, site: Site) -> None:
    """Bring pictures and cards of `site` here that another machine has made."""
    live.store.fill_files(file.content for file in site.files.values() if is_made(file))


def share(live: LiveSite, site: Site) -> None:
    """Make what was computed for `site`, as readers have it now, there for other machines, if this one may write."""
    if not site.shows_drafts:
        live.store.share(_keys(live, site), [file.content for file in site.files.values() if is_made(file)])


def _keys(live: LiveSite, site: Site) -> Iterator[str]:
    for item in (*site.by_url.values(), *site.all_authors):
        if item.body:
            yield from keys_of(item.body)
    pictures = {(file.source, file.origin or file.content) for file in site.files.values() if is_picture(file.source)}
    for source, content in pictures:
        yield facts_key(live.memo, content, source)
