"""Ejected templates: a site's copies of the theme's, each with the version that it was made from."""

import difflib
import re
from collections.abc import Iterator, Mapping

from byline.problems import Problem
from byline.storage.fingerprint import digest
from byline.web.languages import Source

CHARACTERS = 12
"""Of the digest of a template, in its version."""
AROUND = 1
"""Lines shown before and after a difference."""
MOST = 40
"""Lines of a difference that are shown."""
UNKNOWN = "0" * CHARACTERS
"""The version of a copy from before copies were marked: older than any."""

_MARK = re.compile(rf"\{{#-? Copied from theme/(\S+), version ([0-9a-f]{{{CHARACTERS}}})")


def version_of(text: str) -> str:
    """The version of a template. A checkout may have changed the ends of its lines."""
    return digest(text.replace("\r\n", "\n").encode())[:CHARACTERS]


def marked(name: str, text: str, version: str) -> str:
    """`text`, made from that version of the theme's template `name`, as a copy that says so and renders the same."""
    return (
        f"{{#- Copied from theme/{name}, version {version}: `flask check` warns when the theme's changes. -#}}\n{text}"
    )


def is_marked(text: str) -> bool:
    """Whether `text` says from which template it was made."""
    return bool(_MARK.search(text))


def outdated(sources: Mapping[str, Source]) -> Iterator[Problem]:
    """A warning for each copy whose original has changed since, with what differs now."""
    for source in sources.values():
        mark = _MARK.search(source.text)
        if not mark or not source.path.startswith("templates/"):
            continue
        name, version = mark.groups()
        line = source.text.count("\n", 0, mark.start())
        original = sources.get(f"theme/{name}")
        if original is None:
            message = f"the theme no longer has {name}, of which this is a copy"
            hint = "delete it, unless a template of yours needs it"
            yield Problem(source.path, line + 1, 1, "outdated-template", message, hint, "warning")
            continue
        lines = _difference(source.text.splitlines(), original.text.splitlines(), line)
        if version != version_of(original.text) and lines:
            message = f"the theme's {name} has changed since this copy was made"
            hint = f"take over what you want, then change the version in this line to {version_of(original.text)}"
            head = [f"--- {source.path}", f"+++ {original.path}"]
            detail = "\n".join(head + _clipped(lines))
            yield Problem(source.path, line + 1, 1, "outdated-template", message, hint, "warning", detail)


def _difference(copy: list[str], original: list[str], mark: int) -> list[str]:
    """What would make `copy`, without its line `mark`, into `original`, in the form of a unified diff.

    The old original is not known, so a line that only the copy has may be its owner's. Places that only have such lines
    are left out, unless there are no others.
    """
    own = copy[:mark] + copy[mark + 1 :]
    places = []
    for group in difflib.SequenceMatcher(None, own, original, autojunk=False).get_grouped_opcodes(AROUND):
        start = group[0][1]
        lines = [f"@@ -{start + 1 + (start >= mark)} +{group[0][3] + 1} @@"]
        for kind, i1, i2, j1, j2 in group:
            lines += [f"{' ' if kind == 'equal' else '-'}{line}" for line in own[i1:i2]]
            lines += [f"+{line}" for line in original[j1:j2] if kind != "equal"]
        places.append(lines)
    new = [lines for lines in places if any(line.startswith("+") for line in lines)]
    return [line for lines in new or places for line in lines]


def _clipped(lines: list[str]) -> list[str]:
    return lines if len(lines) <= MOST else [*lines[:MOST], f"… and {len(lines) - MOST} more lines"]
