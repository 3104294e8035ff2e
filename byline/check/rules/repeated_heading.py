"""A text whose first heading repeats the title or the dek, right below it.

Reported:

```markdown
## The ferry is back
```

Fine:

```markdown
## Two winters without a boat
```
"""

import re
from collections.abc import Iterator

from byline.check.manuscript import Finding, Manuscript

CODE = "repeated-heading"


def in_text(manuscript: Manuscript) -> Iterator[Finding]:
    if not manuscript.facts.headings:
        return
    first = manuscript.facts.headings[0]
    for key in ("title", "dek"):
        words = _folded(manuscript.words(key))
        if words and words == _folded(first.title):
            yield Finding(
                *manuscript.place(first.line, first.col),
                f"the first heading repeats the {key}, which is above it",
                "remove it",
            )


def _folded(text: str) -> str:
    """Letters and digits alone: `**The ferry** is back!` repeats `The ferry is back`."""
    return re.sub(r"<[^>]*>|[\W_]+", "", text).casefold()
