"""A link to a place that its page does not have.

The page opens, but at its top. Headings get their anchors from their words, so rewording one breaks old links.

Reported:

```markdown
## Timetable

See [when it sails](#times).
```

Fine:

```markdown
## Timetable

See [when it sails](#timetable).
```
"""

import difflib
from collections.abc import Iterator
from urllib.parse import unquote, urlsplit

from byline.check.survey import Survey
from byline.problems import Problem

CODE = "broken-anchor"
TOP = ("", "top", "page-top", "page-main", "page-related", "page-comments", "page-corrections")
"""Browsers know the first two themselves; the templates have the others."""


def in_site(survey: Survey) -> Iterator[Problem]:
    for link in survey.site.references:
        parts = urlsplit(link.url)
        yield from _broken(survey, parts.path, parts.fragment, link.path, link.line, link.col)
    for path, sheet in survey.sheets.items():
        for spot in sheet.fragments:
            yield from _broken(survey, survey.urls.get(path, ""), spot.text, path, spot.line, spot.col)


def _broken(survey: Survey, url: str, fragment: str, path: str, line: int, col: int) -> Iterator[Problem]:
    wanted = unquote(fragment).partition(":~:")[0]  # https://wicg.github.io/scroll-to-text-fragment/
    if wanted in TOP:
        return
    anchors = survey.anchors(url)
    if anchors is None or wanted in anchors:
        return
    near = difflib.get_close_matches(wanted, sorted(anchors), n=1)
    hint = f"did you mean `#{near[0]}`?" if near else "fix it, or remove the `#` and what follows it"
    yield Problem(path, line, col, CODE, f"there is no place `#{wanted}` on {url}", hint, "warning")
