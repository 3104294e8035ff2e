"""What stands behind the language of a listing.

Other programs number lines or show a title with it. Byline colours the code by its language and uses nothing else, so
what a title says is lost. Reported once in a file, with its number.

Reported:

```markdown
~~~python title="ferry.py" linenos
boat = 1
~~~
```

Fine:

```markdown
ferry.py:

~~~python
boat = 1
~~~
```
"""

import re
from collections.abc import Iterator

from byline.check.manuscript import Finding, Manuscript

CODE = "fence-option"
SEVERITY = "hint"


def in_text(manuscript: Manuscript) -> Iterator[Finding]:
    found = [(fence, option) for fence in manuscript.facts.fences if (option := _option(fence.info))]
    if found:
        fence, option = found[0]
        more = f", as in {len(found) - 1} more listings" if len(found) > 1 else ""
        message = f"`{option}` behind the language of a listing is not used{more}"
        yield Finding(
            *manuscript.place(fence.line, fence.col), message, "write a title above the listing, or remove it"
        )


def _option(info: str) -> str:
    """What stands behind the language; nothing for what other programs run as a whole."""
    language, _, rest = info.strip().partition(" ")
    if re.match(r"\{[A-Za-z]", language):
        return ""
    joined = language[len(language.split("{")[0].split(",")[0]) :].lstrip(",")
    return " ".join(f"{joined} {rest}".split())
