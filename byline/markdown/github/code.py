"""Code: listings coloured by Pygments at build time, by class, so that readers need no script."""

import contextlib
import functools
import re
from collections.abc import Iterator
from html import escape
from typing import Any

from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexer import Lexer
from pygments.lexers import find_lexer_class_by_name
from pygments.style import Style, StyleMeta
from pygments.util import ClassNotFound

LANGUAGES = 256
"""Names whose lexers are kept: for each Pygments goes through its 500, and for an unknown one through all packages."""
MAX_CHARACTERS = 8_000
"""A longer listing is shown without colours: some lexers are quadratic in what they are given."""
_MONOTONOUS = re.compile(r"[^\n]{1001}|(?:[ \t]*\n){101}|[ \t]{61}|([(\[{<])\1{100}|\b(?:\w++\s++){301}")
"""Lines of over 1,000 characters, over 100 empty ones, long runs of spaces or brackets, 300 words without a sign:
8,000 characters of these take the lexers of AutoIt, C# and X++ five seconds, and systemd's a minute."""


def listing(code: str, language: str) -> str:
    """`code` as a listing; in colours where the language is known and the listing is not too long, deep or
    monotonous."""
    is_fit = len(code) <= MAX_CHARACTERS and not _MONOTONOUS.search(code)
    lexer = _lexer_class(language) if language and is_fit else None
    inner = escape(code, quote=False)
    if lexer:
        with contextlib.suppress(Exception):  # some lexers call themselves for each level of brackets
            inner = highlight(code, lexer(stripnl=False), _FORMATTER)
    return f'<div class="highlight"><pre><span></span><code>{inner}</code></pre></div>\n'


class _NoColours(StyleMeta):
    def __iter__(cls) -> Iterator[Any]:
        return iter(())


class ClassesOnly(Style, metaclass=_NoColours):
    """No colours: they are the stylesheet's. Pygments walks a style's 80 tokens again for every block of code."""


_FORMATTER: Any = HtmlFormatter(nowrap=True, style=ClassesOnly)


@functools.lru_cache(LANGUAGES)
def _lexer_class(language: str) -> type[Lexer] | None:
    try:
        return find_lexer_class_by_name(language)
    except ClassNotFound:
        return None
