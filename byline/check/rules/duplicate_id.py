"""Published posts with the same `id`.

Feed readers take them for one story, and show only one of them.

Reported:

```markdown
---
title: The ferry is back
date: 2025-05-01
id: ferry
---
```

```markdown
---
title: The ferry is late
date: 2025-05-08
id: ferry
---
```

Fine:

```markdown
---
title: The ferry is back
date: 2025-05-01
id: ferry-1
---
```

```markdown
---
title: The ferry is late
date: 2025-05-08
id: ferry-2
---
```
"""

from collections.abc import Iterator

from byline.check.survey import Survey
from byline.models import Post
from byline.problems import Problem

CODE = "duplicate-id"


def in_site(survey: Survey) -> Iterator[Problem]:
    groups: dict[str, list[Post]] = {}
    for post in (post for site in survey.site.all_editions for post in site.posts):
        groups.setdefault(post.id, []).append(post)
    for posts in groups.values():
        for post in posts if len(posts) > 1 else ():
            others = ", ".join(sorted(other.path for other in posts if other is not post))
            yield survey.at(post.path, "id", CODE, f"{post.id} is also the id of {others}", "change one, or remove it")
