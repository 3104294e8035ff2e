"""Topics: tags, categories and series, told apart as people mean them.

Spellings that differ only in case are one topic, under the most common spelling. Different names with the
same slug are an error, which tells what to add to site.toml.
"""

import difflib
from collections import Counter
from collections.abc import Callable, Iterable
from typing import Literal

import msgspec

from byline.content.entries import Entry
from byline.frontmatter.headers import PostHeader
from byline.models import Topic
from byline.problems import Problem
from byline.settings.settings import Settings
from byline.urls import Urls, numbered, slug_fault, slug_of

Kind = Literal["tags", "category", "series"]

_NAMES: dict[Kind, Callable[[PostHeader], tuple[str, ...]]] = {
    "tags": lambda header: header.tags,
    "category": lambda header: (header.category,) if header.category else (),
    "series": lambda header: (header.series.name,) if header.series.name else (),
}


class Topics:
    """The topics of one kind. `root` is the first part of their URLs."""

    def __init__(self, urls: Urls, kind: Kind, root: str) -> None:
        self._urls = urls
        self._settings = urls.settings
        self._kind = kind
        self._root = root
        self._names_of = _NAMES[kind]
        self._counts: dict[str, dict[str, int]] = {}
        self._topics: dict[str, Topic] = {}
        self._known: dict[tuple[str, ...], tuple[Topic, ...]] = {}

    def settle(self, entries: list[Entry]) -> None:
        """Choose spellings and slugs over all `entries`; tell where one cannot have its own."""
        for name, count in Counter(name for entry in entries for name in self._names_of(entry.header)).items():
            self._counts.setdefault(name.casefold(), {})[name] = count
        best = {fold: min(counts, key=lambda name: (-counts[name], name)) for fold, counts in self._counts.items()}
        slugs = self._slugs(best)
        for fold, name in best.items():
            if fold in slugs:
                self._topics[fold] = Topic(name, slugs[fold], self._urls.topic(self._root, slugs[fold]))
        faults = {name: self._fault(name, best, slugs) for names in self._counts.values() for name in names}
        odd = {name: fault for name, fault in faults.items() if fault}
        if odd:
            for entry in entries:
                for name in self._names_of(entry.header):
                    if name in odd:
                        _report(entry, self._kind, name, odd[name])

    def of(self, entry: Entry) -> tuple[Topic, ...]:
        names = self._names_of(entry.header)
        if names not in self._known:
            topics = (self._topics.get(name.casefold()) for name in names)
            self._known[names] = tuple({topic.slug: topic for topic in topics if topic}.values())
        return self._known[names]

    def slugs(self) -> dict[str, str]:
        """Every spelling → its slug."""
        return {
            name: self._topics[fold].slug
            for fold, names in self._counts.items()
            if fold in self._topics
            for name in names
        }

    def _slugs(self, best: dict[str, str]) -> dict[str, str]:
        """Case-folded name → slug. Of names that would share one, that on the most posts keeps it, so no new tag takes
        the address of an old one; the others get a number."""
        slugs: dict[str, str] = {}
        taken: set[str] = set()
        for fold in sorted(best, key=lambda fold: (-sum(self._counts[fold].values()), fold)):
            slug = slug_of(best[fold], self._settings)
            if not slug_fault(slug, best[fold]):
                slugs[fold] = numbered(slug, taken) if slug in taken else slug
                taken.add(slugs[fold])
        return slugs

    def _fault(self, name: str, best: dict[str, str], slugs: dict[str, str]) -> Problem | None:
        """What is wrong with `name`, without its place yet."""
        fold = name.casefold()
        slug = slug_of(best[fold], self._settings)
        fault = slug_fault(slug, name)
        if fault:
            hint = f'add `"{name[:40]}" = "…"` to [slugs] in site.toml'
            return Problem("", 1, 1, "bad-slug", f"{self._kind}: {fault}, so it is left out", hint, "warning")
        if slugs[fold] != slug:
            owner = next(best[other] for other, its in slugs.items() if its == slug)
            shared = f"{name!r} and {owner!r} would share /{self._root}/{slug}/"
            hint = f'add `"{name}" = "another-slug"` to [slugs] in site.toml'
            message = f"{self._kind}: {shared}, so this one's is /{self._root}/{slugs[fold]}/"
            return Problem("", 1, 1, "topic-collision", message, hint, "warning")
        if name != best[fold]:
            message = f"{self._kind}: {name!r} is shown as {best[fold]!r}, its most common spelling"
            return Problem("", 1, 1, "topic-spelling", message, "spell it the same everywhere", "warning")
        return None


def _report(entry: Entry, kind: Kind, name: str, fault: Problem) -> None:
    places = entry.header.places
    line, col = places.get(f"{kind}:{name}") or places.get(kind, (1, 1))
    entry.problems.append(msgspec.structs.replace(fault, path=entry.path, line=line, col=col))


def hold_to(settings: Settings, entries: Iterable[Entry]) -> None:
    """Report an error for each tag and category that is not on the site's list. Case makes no difference."""
    allowed = {"tags": settings.allowed_tags, "category": settings.allowed_categories}
    known = {key: {name.casefold(): name for name in names} for key, names in allowed.items() if names}
    for entry in entries:
        used = {"tags": entry.header.tags, "category": tuple(filter(None, (entry.header.category,)))}
        for key, names in known.items():
            for name in used[key]:
                if name.casefold() not in names:
                    _report_unknown(entry, key, name, names)


def _report_unknown(entry: Entry, key: str, name: str, names: dict[str, str]) -> None:
    kind, setting = ("tag", "allowed_tags") if key == "tags" else ("category", "allowed_categories")
    near = difflib.get_close_matches(name.casefold(), names, n=1, cutoff=0.5)
    hint = f"did you mean {names[near[0]]!r}?" if near else f"add it to `{setting}` in site.toml, or use one of those"
    place = f"{key}:{name}" if f"{key}:{name}" in entry.header.places else key
    message = f"the site has no {kind} {name!r}"
    if key == "tags":
        entry.report("unknown-tag", message, hint, place)
    else:
        entry.report("unknown-category", message, hint, place)
