"""The vocabulary: tags and categories that the site's settings allow, where they name any."""

import difflib
from collections.abc import Iterable

from byline.entries import Entry
from byline.settings import Settings


def hold_to(settings: Settings, entries: Iterable[Entry]) -> None:
    """An error for each tag and category that is not on the site's list. Case makes no difference."""
    allowed = {"tags": settings.allowed_tags, "category": settings.allowed_categories}
    known = {key: {name.casefold(): name for name in names} for key, names in allowed.items() if names}
    for entry in entries:
        used = {"tags": entry.header.tags, "category": tuple(filter(None, (entry.header.category,)))}
        for key, names in known.items():
            for name in used[key]:
                if name.casefold() not in names:
                    _report(entry, key, name, names)


def _report(entry: Entry, key: str, name: str, names: dict[str, str]) -> None:
    kind, setting = ("tag", "allowed_tags") if key == "tags" else ("category", "allowed_categories")
    near = difflib.get_close_matches(name.casefold(), names, n=1, cutoff=0.5)
    hint = f"did you mean {names[near[0]]!r}?" if near else f"add it to `{setting}` in site.toml, or use one from there"
    place = f"{key}:{name}" if f"{key}:{name}" in entry.header.places else key
    message = f"the site has no {kind} {name!r}"
    if key == "tags":
        entry.report("unknown-tag", message, hint, place)
    else:
        entry.report("unknown-category", message, hint, place)
