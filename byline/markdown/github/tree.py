"""The tree: what comrak reads in a text, with the place of every node."""

import contextlib
from collections.abc import Iterator
from typing import Any

import comrak

EXTENSIONS = comrak.ExtensionOptions(
    strikethrough=True,
    table=True,
    autolink=True,
    tasklist=True,
    superscript=True,
    footnotes=True,
    description_lists=True,
    alerts=True,
    math_dollars=True,
    math_code=True,
    wikilinks_title_after_pipe=True,
    ofm_comments=True,
    cjk_friendly_emphasis=True,
    highlight=True,
    shortcodes=True,
)
PARSING = comrak.ParseOptions(leave_footnote_definitions=True)
"""Notes that no mark leads to stay in the tree, so that they can be told."""


@contextlib.contextmanager
def tree(text: str) -> Iterator[Any]:
    """The syntax tree of `text`, for as long as the context lasts.

    Its nodes know their parents, and Python's collector cannot look into them: left alone, every tree would stay in
    memory for ever, 26 kB for a post of 600 words.
    """
    root = comrak.parse_document(text, EXTENSIONS, PARSING)
    try:
        yield root
    finally:
        nodes = [root]
        while nodes:
            node = nodes.pop()
            nodes += node.children
            node.children = []
