"""Two tags that differ only in a plural or a hyphen.

Readers of one do not find the stories of the other. It is reported once, for the tag with fewer posts. Spellings that
differ only in case are one tag: `topic-spelling`.

Reported:

```markdown
---
title: One
date: 2025-05-01
tags: [ferry, open source]
---
```

```markdown
---
title: Two
date: 2025-05-02
tags: [ferries, opensource]
---
```

Fine:

```markdown
---
title: Three
date: 2025-05-03
tags: [ferry, harbour]
---
```
"""

import re
from collections.abc import Iterator

from byline.check.survey import Survey
from byline.models import Topic
from byline.problems import Problem
from byline.site import Site

CODE = "near-tags"


def in_site(survey: Survey) -> Iterator[Problem]:
    for site in survey.site.all_editions:
        groups: dict[str, list[Topic]] = {}
        for tag in site.tags:
            groups.setdefault(_root(tag.name), []).append(tag)
        for tags in groups.values():
            usual, *rarer = sorted(tags, key=lambda tag: (-len(site.posts_of[tag.url]), tag.name))
            yield from (_problem(survey, site, tag, usual) for tag in rarer)


def _problem(survey: Survey, site: Site, tag: Topic, usual: Topic) -> Problem:
    """One problem per tag, however many posts have it."""
    posts = site.posts_of[tag.url]
    counts = len(posts), len(site.posts_of[usual.url])
    message = f"the tag {tag.name!r} (posts: {counts[0]}) nearly repeats {usual.name!r} (posts: {counts[1]})"
    path = min(post.path for post in posts)
    return survey.at(path, f"tags:{tag.name}", CODE, message, "use one of them everywhere")


def _root(name: str) -> str:
    """What a tag has in common with its plural and with other ways to join its words."""
    words = re.sub(r"[\s_\-‐-―]+", "", name.casefold())
    for ending, single in (("ies", "y"), ("sses", "ss"), ("ches", "ch"), ("shes", "sh"), ("xes", "x")):
        if words.endswith(ending) and len(words) > 4:
            return words.removesuffix(ending) + single
    is_plural = len(words) > 3 and words.endswith("s") and not words.endswith(("ss", "us", "is")) and words != "news"
    return words[:-1] if is_plural else words
