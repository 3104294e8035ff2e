"""Listings: code in a body, coloured by Pygments as its fence names the language."""

import functools
from collections.abc import Iterator
from typing import Any

from pygments.lexer import Lexer
from pygments.lexers import find_lexer_class_by_name
from pygments.lexers.special import TextLexer
from pygments.style import Style, StyleMeta
from pygments.util import ClassNotFound
from pymdownx.highlight import Highlight, HighlightExtension

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
        found = _lexer_class(language)
        return (found or TextLexer)(stripnl=stripnl), language if found else TextLexer.aliases[0]


@functools.lru_cache(LANGUAGES)
def _lexer_class(language: str) -> type[Lexer] | None:
    try:
        return find_lexer_class_by_name(language)
    except ClassNotFound:
        return None
