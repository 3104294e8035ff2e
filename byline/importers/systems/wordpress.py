"""WordPress: the file that Tools → Export gives, WXR 1.0 to 1.2, whole or in parts."""

from msgspec import structs

from byline.importers.export import Export, Options
from byline.importers.source import Source
from byline.importers.wxr.items import export_of
from byline.importers.wxr.reading import read as read_wxr
from byline.importers.wxr.reading import wxr_files

NAME = "wordpress"
TITLE = "WordPress"
RANK = 1
"""Squarespace writes WXR, too."""
HOSTS = ("*.files.wordpress.com", "i0.wp.com", "i1.wp.com", "i2.wp.com", "i3.wp.com")
"""Where WordPress.com and its Jetpack keep pictures."""


def recognises(source: Source) -> bool:
    return bool(wxr_files(source))


def read(source: Source, options: Options) -> Export:
    return structs.replace(export_of(read_wxr(source), NAME), hosts=HOSTS)
