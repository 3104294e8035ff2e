"""A title of more than 110 characters.

Lists, search results and link previews show a line or two, and cut off the rest. 110 characters is where Google's guide
for news headlines drew the line; most stay below 70. The rest can go into the `dek`.
"""

from collections.abc import Iterator

from byline.check.manuscript import Finding, Manuscript

CODE = "long-title"
MOST = 110


def in_text(manuscript: Manuscript) -> Iterator[Finding]:
    node, title = manuscript.value("title"), manuscript.words("title")
    if node and manuscript.kind != "author" and len(title) > MOST:
        message = f"the title has {len(title)} characters; lists and previews show at most {MOST}"
        yield Finding(node.line, node.col, message, "move the rest into `dek`")
