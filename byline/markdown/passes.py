"""Passes: Python-Markdown's passes over blocks and over pieces of text, told what cannot match there.

The library tries every processor on every block and every pattern on every piece of text, and most have none of
the characters that it starts with. Looking for those first halves the cost of a post; the result is the same.
"""

import functools
import re
from collections.abc import Iterable, Iterator
from typing import Any
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.blockparser import BlockParser
from markdown.extensions import Extension
from markdown.treeprocessors import InlineProcessor, UnescapeTreeprocessor
from markdown.util import STX, AtomicString
from pygments.lexer import Lexer
from pygments.lexers import find_lexer_class_by_name
from pygments.lexers.special import TextLexer
from pygments.style import Style, StyleMeta
from pygments.util import ClassNotFound
from pymdownx.highlight import Highlight, HighlightExtension

DIGITS = tuple("0123456789")
STARTS: dict[str, tuple[str, ...]] = {
    "markdown_block": (STX,),
    "table": ("|",),
    "hashheader": ("#",),
    "setextheader": ("=", "-"),
    "hr": ("-", "_", "*"),
    "olist": DIGITS,
    "ulist": ("-", "+", "*"),
    "quote": (">",),
    "footnote": ("[",),
    "abbr": ("*",),
    "reference": ("[",),
}
"""Block processor → characters of which one starts a line of what it takes; a `|` may stand anywhere in a block.

One that is not listed is always tried.
"""
NEEDS: dict[str, tuple[str, ...]] = {
    "backtick": ("`",),
    "gfm_break": ("\\\n",),
    "gfm_no_entity": ("\\&",),
    "escape": ("\\",),
    "footnote": ("[^",),
    "reference": ("[",),
    "link": ("[",),
    "image_link": ("![",),
    "image_reference": ("![",),
    "short_reference": ("[",),
    "short_image_ref": ("![",),
    "autolink": ("<",),
    "automail": ("<",),
    "linebreak": ("  \n",),
    "html": ("<",),
    "magic-link": ("://", "www.", "WWW.", "Www."),
    "magic-mail": ("@",),
    "entity": ("&",),
    "delimiter": ("*", "_", "~"),
}
"""Inline pattern → texts of which it needs one. A pattern that is not listed is always tried."""


class PassesExtension(Extension):
    def extendMarkdown(self, md: Markdown) -> None:
        md.parser.parseBlocks = SelectiveBlocks(md.parser)  # type: ignore[method-assign]
        md.treeprocessors.register(SelectiveInlines(md), "inline", 20)
        md.treeprocessors.register(_Unescape(md), "unescape", 0)
        md.block_level_elements = frozenset(md.block_level_elements)  # type: ignore[assignment]  # a list is looked through
        toc: Any = md.treeprocessors["toc"]
        toc.build_toc_div = lambda _contents: Element("div")  # sites have contents of their own


class SelectiveBlocks:
    """What `BlockParser.parseBlocks` does."""

    def __init__(self, parser: BlockParser) -> None:
        self._parser = parser
        self._signs = frozenset(sign for signs in STARTS.values() for sign in signs)
        self._processors_for = functools.cache(self._chosen)

    def __call__(self, parent: Element, blocks: list[str]) -> None:
        while blocks:
            block = blocks[0]
            for processor in self._processors_for(self._signs.intersection(_starts(block))):
                if processor.test(parent, blocks[0]) and processor.run(parent, blocks) is not False:
                    break

    def _chosen(self, starts: frozenset[str]) -> list[Any]:
        """The processors for a block in which lines start like that, in their order."""
        needs = [(processor, STARTS.get(name)) for name, processor in _named(self._parser.blockprocessors)]
        return [processor for processor, signs in needs if signs is None or not starts.isdisjoint(signs)]


def _starts(block: str) -> list[str]:
    """The first character of each line, and a `|` that stands anywhere."""
    starts = [line.lstrip(" ")[:1] for line in block.split("\n")] if "\n" in block else [block.lstrip(" ")[:1]]
    return [*starts, "|"] if "|" in block else starts


def _named(registry: Any) -> list[tuple[str, Any]]:
    """Items of one of the library's registries with their names, in the order that it tries them."""
    names = {id(item): name for name, item in registry._data.items()}
    return [(names[id(item)], item) for item in registry]


def _any_of(texts: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(re.escape(text) for text in texts))


_ANY = _any_of(sorted({text for texts in NEEDS.values() for text in texts}))


class SelectiveInlines(InlineProcessor):
    """The library's pass with one step replaced; the names are the library's, private as they are."""

    def __init__(self, md: Markdown) -> None:
        super().__init__(md)
        self._patterns: list[tuple[int, Any, re.Pattern[str] | None]] = []
        self._is_known = False

    _InlineProcessor__applyPattern: Any

    def _InlineProcessor__handleInline(self, data: str, patternIndex: int = 0) -> str:
        if isinstance(data, AtomicString):
            return data
        if not self._patterns:
            self._look_at_patterns()
        if self._is_known and not _ANY.search(data):
            return data
        for index, pattern, needs in self._patterns[patternIndex:]:
            start, matched = 0, needs is None or needs.search(data) is not None
            while matched:
                data, matched, start = self._InlineProcessor__applyPattern(pattern, data, index, start)
        return data

    def _look_at_patterns(self) -> None:
        needs = {name: _any_of(texts) for name, texts in NEEDS.items()}
        patterns = enumerate(_named(self.inlinePatterns))
        self._patterns = [(at, pattern, needs.get(name)) for at, (name, pattern) in patterns]
        self._is_known = all(needs for _, _, needs in self._patterns)


class _Unescape(UnescapeTreeprocessor):
    def unescape(self, text: str) -> str:
        return super().unescape(text) if STX in text else text


LANGUAGES = 256
"""Names whose lexers are kept: for each Pygments goes through its 500, and for an unknown one through all packages."""


class ListingsExtension(HighlightExtension):  # type: ignore[misc]
    """The library's extension, with what it does for every block of code done once."""

    def __init__(self) -> None:
        super().__init__(guess_lang=False, pygments_style=ClassesOnly)

    def get_pymdownx_highlighter(self) -> type[Highlight]:
        return _Highlight


class _NoColours(StyleMeta):
    def __iter__(cls) -> Iterator[Any]:
        return iter(())


class ClassesOnly(Style, metaclass=_NoColours):
    """No colours: they are the stylesheet's. Pygments walks a style's 80 tokens anew for every block of code."""


class _Highlight(Highlight):  # type: ignore[misc]
    def get_lexer(self, src: str, language: str, inline: bool, stripnl: bool) -> tuple[Lexer, str]:  # noqa: ARG002
        lexer = _lexer_class(language)
        return (lexer or TextLexer)(stripnl=stripnl), language if lexer else TextLexer.aliases[0]


@functools.lru_cache(LANGUAGES)
def _lexer_class(language: str) -> type[Lexer] | None:
    try:
        return find_lexer_class_by_name(language)
    except ClassNotFound:
        return None
