"""A date that is not written as YYYY-MM-DD.

That form sorts, other programs read it, and nobody has to think about the order of day and month. Dates that could mean
two days, such as 3/4/2025, are the error `bad-date`.

`--fix` writes them in that form: `2025/05/01`, `May 1, 2025`, `Thu, 01 May 2025 08:00:00 +0200`.

Reported:

```markdown
---
title: The bridge is closed
date: June 3, 2025
---
```

Fine:

```markdown
---
title: The bridge is closed
date: 2025-06-03
---
```
"""

import contextlib
import re
from collections.abc import Iterator

from byline.check.manuscript import Edit, Finding, Manuscript
from byline.frontmatter import dates
from byline.frontmatter.syntax import Node

CODE = "date-form"
SEVERITY = "hint"
KEYS = ("date", "updated", "expires")
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}(?:(?:T| +)\d{2}:\d{2}.*)?", re.DOTALL)


def in_text(manuscript: Manuscript) -> Iterator[Finding]:
    dated = [(key, node) for key in KEYS for node in manuscript.values(key)]
    for key, node in dated:
        typed = node.value.strip() if isinstance(node.value, str) else ""
        if _ISO.fullmatch(typed):
            continue
        with contextlib.suppress(dates.BadDate):
            better = dates.iso(typed)
            edits = _replacing(manuscript, node, better)
            yield Finding(node.line, node.col, f"`{key}`: {typed!r} is read as {better}", "write it like that", edits)


def _replacing(manuscript: Manuscript, node: Node, better: str) -> tuple[Edit, ...]:
    """The edit that replaces a date with `better`, if the file contains the date as it was read."""
    typed = str(node.value).strip()
    at = manuscript.line(node.line).find(typed, node.col - 1)
    start = manuscript.at(node.line, at + 1)
    return (Edit(start, start + len(typed), better),) if at >= 0 else ()
