"""A picture without a text for people who cannot see it.

The text is read aloud, shown while the picture loads, and found by search engines. Mark a picture that says nothing by
itself, such as an ornament, as such: `<img src="…" alt="">`, or `alt: ""` for a cover. Covers of a blog that is read in
its old form (`dialect` in site.toml) are not checked.
https://www.w3.org/WAI/tutorials/images/decision-tree/

Reported:

```markdown
![](ferry.jpg)
```

```markdown
---
title: The ferry is back
date: 2025-05-01
cover: ferry.jpg
---
```

Fine:

```markdown
![A white ferry in the harbour](ferry.jpg)
```

```markdown
---
title: The ferry is back
date: 2025-05-01
cover: {src: ferry.jpg, alt: A white ferry in the harbour}
---
```
"""

from collections.abc import Iterator

from byline.check.manuscript import Finding, Manuscript
from byline.frontmatter.keys import normal
from byline.frontmatter.syntax import Node

CODE = "missing-alt"
MESSAGE = "the picture has no text for people who cannot see it"


def in_text(manuscript: Manuscript) -> Iterator[Finding]:
    cover = manuscript.value("cover")
    if cover and manuscript.kind == "post" and manuscript.dialect.is_own and not _has_alt(manuscript, cover):
        yield Finding(cover.line, cover.col, MESSAGE, "write `cover: {src: …, alt: what it shows}`")
    for image in manuscript.facts.images:
        if image.alt is None or (not image.alt.strip() and not image.is_html):
            written = 'write `alt="what it shows"`' if image.is_html else "write `![what it shows](…)`"
            yield Finding(*manuscript.place(image.line, image.col), MESSAGE, written)


def _has_alt(manuscript: Manuscript, cover: Node) -> bool:
    """Whether the header says what the cover shows, if only that it shows nothing."""
    parts = cover.value if isinstance(cover.value, dict) else {}
    names = {normal(name) for name in (*parts, *manuscript.header)}
    return "alt" in names or any(name.endswith("alt") for name in names)
