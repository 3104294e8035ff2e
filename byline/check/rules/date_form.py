"""A date that is not written as YYYY-MM-DD.

That form sorts, other programs read it, and nobody has to think about the order of day and month. Dates that could mean
two days, such as 3/4/2025, are the error `bad-date`.

`--fix` writes them in that form. It also fixes dates that are refused but can mean only one day, such as `2025/05/01`
and `Thu, 01 May 2025 08:00:00 +0200`.

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

from collections.abc import Iterator

from byline.check.isodates import iso_form
from byline.check.manuscript import Edit, Finding, Manuscript
from byline.frontmatter import dates
from byline.frontmatter.syntax import Node

CODE = "date-form"
SEVERITY = "hint"
KEYS = ("date", "updated", "expires")


def in_text(manuscript: Manuscript) -> Iterator[Finding]:
    dated = [(key, node) for key in KEYS for node in manuscript.values(key)]
    for key, node in dated:
        typed = node.value.strip() if isinstance(node.value, str) else ""
        better = iso_form(typed)
        if better and _is_date(typed, manuscript):
            edits = replacing(manuscript, node, better)
            yield Finding(node.line, node.col, f"`{key}`: {typed!r} is read as {better}", "write it like that", edits)


def replacing(manuscript: Manuscript, node: Node, better: str) -> tuple[Edit, ...]:
    """The edit that replaces a date with `better`, if the file contains the date as it was read."""
    typed = str(node.value).strip()
    at = manuscript.line(node.line).find(typed, node.col - 1)
    start = manuscript.at(node.line, at + 1)
    return (Edit(start, start + len(typed), better),) if at >= 0 else ()


def _is_date(text: str, manuscript: Manuscript) -> bool:
    try:
        dates.parse(text, manuscript.zone)
    except dates.BadDate:
        return False
    return True
