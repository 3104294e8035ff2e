"""A first-level heading in a text.

The title is the page's first-level heading. A second one makes it unclear, to search engines and to people who listen
to the page, what the page is about. Only the first one in a text is reported, with the number of others.

Reported:

```markdown
# The boat
```

Fine:

```markdown
## The boat

~~~sh
# a comment in code is no heading
~~~
```
"""

from collections.abc import Iterator

from byline.check.manuscript import Finding, Manuscript

CODE = "second-h1"


def in_text(manuscript: Manuscript) -> Iterator[Finding]:
    headings = [heading for heading in manuscript.facts.headings if heading.level == 1]
    if headings and manuscript.kind != "author":
        more = f", and {len(headings) - 1} more" if len(headings) > 1 else ""
        message = f"{headings[0].title[:60]!r} is a first-level heading beside the title{more}"
        yield Finding(*manuscript.place(headings[0].line, headings[0].col), message, "start headings at `##`")
