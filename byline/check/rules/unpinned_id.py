"""A post with old addresses and no `id`.

In feeds, a post without an `id` has its present address as its name. If subscribers know it from an old address, they
see it a second time.

`--fix` writes the first old address as its `id`. If the post never was at that address, write its own address instead.

Reported:

```markdown
---
title: The ferry is back
date: 2025-05-01
aliases: [/2025/05/ferry.html]
---
```

Fine:

```markdown
---
title: The ferry is back
date: 2025-05-01
id: /2025/05/ferry.html
aliases: [/2025/05/ferry.html]
---
```
"""

import json
from collections.abc import Iterator

from byline.check.manuscript import Edit, Finding, Manuscript
from byline.content.aliases import first_address
from byline.frontmatter.headers import read_post

CODE = "unpinned-id"
SEVERITY = "hint"


def in_text(manuscript: Manuscript) -> Iterator[Finding]:
    if manuscript.kind != "post" or not manuscript.dialect.is_own:  # another system's feed had other names
        return
    header = read_post(manuscript.header, manuscript.zone)[0]
    address = first_address(header.aliases)
    if header.id or header.draft or not address:
        return
    node = manuscript.value("aliases")
    assert node is not None
    line = node.key_at[0]
    text = f"id = {json.dumps(address)}\n" if manuscript.part.form == "toml" else f"id: {address}\n"
    start = manuscript.at(line, 1)
    message = "a post with old addresses has no `id`: subscribers may see it twice"
    yield Finding(*node.key_at, message, f"write the one that they know: `id: {address}`", (Edit(start, start, text),))
