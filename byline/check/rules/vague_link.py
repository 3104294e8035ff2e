"""A link whose text does not say where it leads, such as "click here".

Many people go through a page from link to link, by ear or by eye; a list of "here, here, more" tells them nothing:
https://www.w3.org/WAI/WCAG22/Understanding/link-purpose-link-only

Reported:

```markdown
For the timetable, [click here](https://example.org/).
```

Fine:

```markdown
See [the timetable](https://example.org/).
```
"""

import re
from collections.abc import Iterator

from byline.check.manuscript import Finding, Manuscript

CODE = "vague-link"
VAGUE = frozenset(
    "here|click|click here|click this|click this link|right here|over here|this link|link|this page|read more|more"
    "|read more here|learn more|more here|see here|go here"
    "|hier|hier klicken|klicken sie hier|mehr|weiterlesen|dieser link".split("|")
)


def in_text(manuscript: Manuscript) -> Iterator[Finding]:
    for link in manuscript.facts.links:
        words = " ".join(re.sub(r"<[^>]*>|[^\w\s]|_", " ", link.text).split())
        if words.lower() in VAGUE:
            hint = "use words that name what is there"
            yield Finding(*manuscript.place(link.line, link.col), f"{words!r} does not say where the link leads", hint)
