"""A file that starts with a byte order mark.

Some editors on Windows write one. Byline can read the file; other tools show the mark as `ï»¿`, or do not see the
header after it. UTF-8 needs none: https://www.unicode.org/faq/utf_bom.html#bom5

`--fix` removes it.
"""

from collections.abc import Iterator

from byline.check.manuscript import BOM, Edit, Finding, Manuscript

CODE = "byte-order-mark"


def in_text(manuscript: Manuscript) -> Iterator[Finding]:
    if manuscript.text.startswith(BOM):
        yield Finding(1, 1, "the file starts with a byte order mark", "save it as UTF-8 without BOM", (Edit(0, 1, ""),))
