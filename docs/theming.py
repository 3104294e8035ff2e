"""Write the part of theming.md beside this file that lists the blocks, from the templates: `python -m docs.theming`."""

from collections.abc import Iterator
from pathlib import Path

import jinja2
from jinja2 import nodes

from byline.media.files import THEME

PAGE = Path(__file__).parent / "theming.md"
TITLE, NEXT = "\n## Blocks\n", "\n## Copies\n"
FRAME = "base.html"
SHOWS = {
    "title": "the text of `<title>`",
    "style": "the stylesheets",
    "head": "the end of `<head>`; some pages put structured data or a script there",
    "masthead": "the site's name, search and navigation",
    "before": "nothing, above the page's own content",
    "main": "the page's own content: all of the blocks below",
    "after": "nothing, below the page's own content",
    "footer": "the links at the foot of the page",
    "header": "the heading, and what belongs to it",
    "kind": "what the page is about, in a word above the heading: “Tag”",
    "meta": "the authors, the date and the reading time",
    "cover": "the picture above the text",
    "contents": "the table of contents",
    "body": "the text; on the search page and on `404.html`, the search form",
    "end": "what follows the text: corrections, series, tags, sharing, authors, the next and the previous story",
    "related": "related stories",
    "list": "what the page lists, with the links to its other pages",
}
"""What the theme has in each block, in the order of a page."""
HEAD = """
Their names are part of Byline's public interface: they stay when the theme changes. `{{ super() }}` is what the theme
has there.

![The blocks of an article and of the front page, outlined](blocks.webp)

`python -m docs.theming` writes this list, `python -m docs.blocks` the picture.
"""


def page() -> str:
    """The whole page: what is written by hand, with the list of blocks in it."""
    before, _, after = PAGE.read_text(encoding="utf-8").partition(TITLE)
    shows = [f"| `{name}` | {meaning} |\n" for name, meaning in SHOWS.items()]
    places = [f"| `{name}` | {_listed(name)} |\n" for name in templates() if name != FRAME]
    tables = ["\n| block | the theme has there |\n|---|---|\n", *shows, "\n| template | blocks |\n|---|---|\n"]
    every = f"| all but `redirect.html` | {', '.join(f'`{block}`' for block in blocks(FRAME))} |\n"
    return "".join([before, TITLE, HEAD, *tables, every, *places, NEXT, after.partition(NEXT)[2]])


def templates() -> list[str]:
    """The templates of whole pages: the others have no blocks."""
    return sorted(path.name for path in (THEME / "templates").glob("*.html"))


def blocks(name: str) -> list[str]:
    """The blocks that can be filled in a template that extends `name`, in the order of the templates."""
    tree = jinja2.Environment(autoescape=True).parse((THEME / "templates" / name).read_text(encoding="utf-8"))
    above = [block for extends in tree.find_all(nodes.Extends) for block in blocks(_name(extends))]
    return list(dict.fromkeys([*above, *_inside(tree)]))


def _name(extends: nodes.Extends) -> str:
    assert isinstance(extends.template, nodes.Const)
    return str(extends.template.value)


def _inside(node: nodes.Node) -> Iterator[str]:
    for child in node.iter_child_nodes():
        if isinstance(child, nodes.Block):
            yield child.name
        yield from _inside(child)


def _listed(name: str) -> str:
    frame = blocks(FRAME) if name != "redirect.html" else []
    return ", ".join(f"`{block}`" for block in blocks(name) if block not in frame)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
