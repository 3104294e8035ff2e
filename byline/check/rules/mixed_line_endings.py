"""Lines of one file that end in different ways.

This happens when it is edited both on Windows and elsewhere. Pages come out the same, but version control shows whole
files as changed, and editors disagree about where lines end.

`--fix` gives all lines the ending that most of them have.
"""

from collections import Counter
from collections.abc import Iterator

from byline.check.manuscript import Edit, Finding, Manuscript

CODE = "mixed-line-endings"
NAMES = {"\n": "LF", "\r\n": "CRLF", "\r": "CR"}


def in_text(manuscript: Manuscript) -> Iterator[Finding]:
    counts = Counter(end for _, end in manuscript.breaks)
    if len(counts) < 2:
        return
    usual = max(NAMES, key=lambda end: counts[end])
    others = [(at, end) for at, end in manuscript.breaks if end != usual]
    at, end = others[0]
    line = manuscript.line_of(at)
    edits = tuple(Edit(at, at + len(end), usual) for at, end in others)
    lines = f"{len(others)} line{'s' * (len(others) != 1)}"
    message = f"{lines} of {len(manuscript.breaks)} end in {NAMES[end]}, the others in {NAMES[usual]}"
    yield Finding(line, len(manuscript.line(line)) + 1, message, "save the file with one kind of line ending", edits)
