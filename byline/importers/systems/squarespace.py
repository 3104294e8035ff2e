"""Squarespace: the file that Settings → Import & Export gives for WordPress: WXR, with HTML as Squarespace makes it."""

from msgspec import structs

from byline.importers.export import Export, Options
from byline.importers.source import Source
from byline.importers.wxr.bodies import Body
from byline.importers.wxr.items import export_of
from byline.importers.wxr.reading import Blog, Post, wxr_files
from byline.importers.wxr.reading import read as read_wxr

NAME = "squarespace"
TITLE = "Squarespace"
HOSTS = ("images.squarespace-cdn.com", "static1.squarespace.com", "*.squarespace.com")
_MARKS = (b"squarespace.com", b"squarespace-cdn.com", b"sqs-block", b"sqs-layout")


def recognises(source: Source) -> bool:
    return any(mark in source.head(entry) for entry in wxr_files(source) for mark in _MARKS)


def read(source: Source, options: Options) -> Export:
    export = export_of(read_wxr(source), NAME, _body)
    # It has none of the addresses that WordPress makes of numbers, tags and users.
    items = tuple(structs.replace(item, aliases=()) for item in export.items)
    writers = tuple(structs.replace(writer, addresses=()) for writer in export.writers)
    return structs.replace(export, items=items, writers=writers, groups=(), hosts=HOSTS)


def _body(post: Post, blog: Blog) -> Body:
    """Its HTML is whole: an empty line in it means nothing."""
    return Body(post.body, (), ())
