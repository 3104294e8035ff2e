"""Inlines: Python-Markdown's inline pass, told which patterns cannot match.

The library tries every pattern on every piece of text, and most pieces have none of the characters that
any pattern starts with. Looking for those first halves the cost of a post; the result is the same.
"""

import re
from collections.abc import Iterable
from typing import Any

from markdown import Markdown
from markdown.extensions import Extension
from markdown.treeprocessors import InlineProcessor
from markdown.util import AtomicString

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
"""Pattern → texts of which it needs one. A pattern that is not listed is always tried."""


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
        patterns: Any = self.inlinePatterns
        names = [item.name for item in patterns._priority]
        needs = {name: _any_of(texts) for name, texts in NEEDS.items()}
        self._patterns = [(at, patterns[name], needs.get(name)) for at, name in enumerate(names)]
        self._is_known = all(needs for _, _, needs in self._patterns)


class InlinesExtension(Extension):
    def extendMarkdown(self, md: Markdown) -> None:
        md.treeprocessors.register(SelectiveInlines(md), "inline", 20)
