"""A page as a browser copies it: select all, copy, and paste into a text file, for sites that give nothing better."""

from byline.importers.export import Export, Options, Writer
from byline.importers.pasted.items import item_of, pages_in
from byline.importers.source import Source

NAME = "pasted"
TITLE = "a copied page"
RANK = 6
"""Any text may look like one."""


def recognises(source: Source) -> bool:
    return bool(pages_in(source))


def read(source: Source, options: Options) -> Export:
    entries = pages_in(source) or source.ending(".txt")
    items = tuple(item_of(entry, source, options) for entry in entries)
    names = dict.fromkeys(name for item in items for name in item.authors)
    return Export(
        url=options.url,
        items=items,
        writers=tuple(Writer(key=name, name=name) for name in names),
        total=len(items),
    )
