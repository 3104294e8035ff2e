"""Published posts with the same title.

Readers cannot tell them apart, on the site or in search results.

Reported:

```markdown
---
title: Weekly review
date: 2025-05-01
---
```

```markdown
---
title: Weekly Review
date: 2025-05-08
---
```

Fine:

```markdown
---
title: "Weekly review: the ferry"
date: 2025-05-01
---
```

```markdown
---
title: "Weekly review: the bridge"
date: 2025-05-08
---
```
"""

from collections.abc import Iterator

from byline.check.survey import Survey
from byline.models import Post
from byline.problems import Problem

CODE = "duplicate-title"


def in_site(survey: Survey) -> Iterator[Problem]:
    groups: dict[tuple[str, str], list[Post]] = {}
    for site in survey.site.all_editions:
        for post in site.posts:
            groups.setdefault((site.urls.language, " ".join(post.title.casefold().split())), []).append(post)
    for posts in groups.values():
        for post in posts if len(posts) > 1 else ():
            others = ", ".join(sorted(other.path for other in posts if other is not post))
            yield survey.at(post.path, "title", CODE, f"{post.title!r} is also the title of {others}", "change one")
