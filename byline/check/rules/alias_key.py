"""A key that is understood, but has another name in Byline.

Blogs that move to Byline bring their own: `description`, `lastmod`. With one name per key, the next writer finds it. A
blog that is read in its old form (`dialect` in site.toml) keeps its names, because the old program may still need them.

`--fix` renames the keys in place. If a header has two names for one key, neither is renamed.

Reported:

```markdown
---
headline: The ferry is back
pubDate: 2025-05-01
description: After two winters, the island has its own boat again.
---
```

Fine:

```markdown
---
title: The ferry is back
date: 2025-05-01
summary: After two winters, the island has its own boat again.
---
```
"""

from collections.abc import Iterator

from byline.check.manuscript import Edit, Finding, Manuscript
from byline.frontmatter.fields import FALSE, TRUE
from byline.frontmatter.headers import AuthorHeader, PostHeader
from byline.frontmatter.keys import names_of, normal

CODE = "alias-key"
SEVERITY = "hint"


def in_text(manuscript: Manuscript) -> Iterator[Finding]:
    if not manuscript.dialect.is_own:
        return
    names = names_of(AuthorHeader if manuscript.kind == "author" else PostHeader)
    keys = [(typed, names[normal(typed)]) for typed in manuscript.header if normal(typed) in names]
    meant = [key for _, key in keys]
    renamings = []
    for typed, key in keys:
        place = manuscript.header[typed].key_at
        start = manuscript.at(*place)
        start += manuscript.text[start] in "\"'"
        is_alone = meant.count(key) == 1 and manuscript.text.startswith(typed, start)
        if normal(typed) != normal(key) and is_alone and not _is_flag(manuscript, typed):
            renamings.append((place, f"`{typed}` is `{key}`", Edit(start, start + len(typed), key)))
    if renamings:
        message = "Byline's names: " + ", ".join(text for _, text, _ in renamings)
        yield Finding(*renamings[0][0], message, "rename them", tuple(edit for *_, edit in renamings))


def _is_flag(manuscript: Manuscript, typed: str) -> bool:
    """`published: false` makes a draft, so it is not a date under another name."""
    return (
        str(manuscript.header[typed].value).strip().lower() in TRUE + FALSE
        and names_of(PostHeader)[normal(typed)] == "date"
    )
