"""A summary of more than 400 characters.

It makes lists of stories hard to look through. Search results show about 160 characters. Where a header has no summary,
Byline takes at most 300 from the text.
"""

from collections.abc import Iterator

from byline.check.manuscript import Finding, Manuscript

CODE = "long-summary"
MOST = 400


def in_text(manuscript: Manuscript) -> Iterator[Finding]:
    node, summary = manuscript.value("summary"), manuscript.words("summary")
    if node and manuscript.kind != "author" and len(summary) > MOST:
        message = f"the summary has {len(summary)} characters; lists of stories have room for {MOST}"
        yield Finding(node.line, node.col, message, "shorten it")
