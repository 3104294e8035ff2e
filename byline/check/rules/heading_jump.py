"""A heading that skips a level, such as `####` below `##`.

People who listen to a page move from heading to heading by level; a gap sounds like a missing part. The title is the
first level, so a text starts at `##`. Only the first jump in a text is reported, with the number of others.
https://www.w3.org/WAI/tutorials/page-structure/headings/

Reported:

```markdown
## The boat

#### The engine
```

Fine:

```markdown
## The boat

### The engine

## The crew
```
"""

from collections.abc import Iterator

from byline.check.manuscript import Finding, Manuscript

CODE = "heading-jump"


def in_text(manuscript: Manuscript) -> Iterator[Finding]:
    above, jumps = 1, []  # the title is the first level
    for heading in manuscript.facts.headings:
        if heading.level > above + 1:
            jumps.append((heading, above))
        above = heading.level
    if jumps:
        heading, above = jumps[0]
        more = f"; {len(jumps) - 1} more" if len(jumps) > 1 else ""
        message = f"{heading.title[:60]!r} is a level {heading.level} heading below level {above}{more}"
        yield Finding(*manuscript.place(heading.line, heading.col), message, f"make it level {above + 1}")
