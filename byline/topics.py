"""Topics: tags, categories and series, told apart as people mean them.

Spellings that differ only in case are one topic, under its commonest spelling. Different names with one
slug are an error that prints the line to add to site.toml.
"""

import msgspec

from byline import slugs
from byline.entries import Entry
from byline.errors import Problem
from byline.models import Topic
from byline.settings import Settings


class Topics:
    """The topics of one kind. `root` is the first part of their URLs."""

    def __init__(self, settings: Settings, kind: str, root: str) -> None:
        self._settings = settings
        self._kind = kind
        self._root = root
        self._counts: dict[str, dict[str, int]] = {}
        self._topics: dict[str, Topic] = {}

    def names_of(self, entry: Entry) -> tuple[str, ...]:
        header = entry.header
        names = {"tags": header.tags, "category": (header.category,), "series": (header.series,)}[self._kind]
        return tuple(name for name in names if name)

    def settle(self, entries: list[Entry]) -> None:
        """Choose spellings and slugs over all `entries`; those whose topic cannot have one get an error."""
        for entry in entries:
            for name in self.names_of(entry):
                spellings = self._counts.setdefault(name.casefold(), {})
                spellings[name] = spellings.get(name, 0) + 1
        best = {fold: min(counts, key=lambda name: (-counts[name], name)) for fold, counts in self._counts.items()}
        owners = self._owners(best)
        for fold, name in best.items():
            slug = slugs.slug_of(name, self._settings)
            if owners[slug] == fold:
                url = slugs.url_of(self._settings, f"/{self._root}/{slug}/")
                self._topics[fold] = Topic(name, slug, url)
        for entry in entries:
            for name in self.names_of(entry):
                self._report(entry, name, best, owners)

    def of(self, entry: Entry) -> tuple[Topic, ...]:
        found = (self._topics.get(name.casefold()) for name in self.names_of(entry))
        return tuple({topic.slug: topic for topic in found if topic}.values())

    def slugs(self) -> dict[str, str]:
        """Every spelling → its slug."""
        return {
            name: self._topics[fold].slug
            for fold, names in self._counts.items()
            if fold in self._topics
            for name in names
        }

    def _owners(self, best: dict[str, str]) -> dict[str, str]:
        """Slug → the case-folded name that keeps it: the one on most posts, so a new tag never hides old posts."""
        owners: dict[str, str] = {}
        for fold in sorted(best, key=lambda fold: (-sum(self._counts[fold].values()), fold)):
            owners.setdefault(slugs.slug_of(best[fold], self._settings), fold)
        return owners

    def _report(self, entry: Entry, name: str, best: dict[str, str], owners: dict[str, str]) -> None:
        fold = name.casefold()
        slug = slugs.slug_of(best[fold], self._settings)
        fault = slugs.fault_of(slug, name)
        if fault:
            entry.report(
                "bad-slug", f"{self._kind}: {fault}", f'add `"{name[:40]}" = "…"` to [slugs] in site.toml', self._kind
            )
        elif owners[slug] != fold:
            message = f"{self._kind}: {name!r} and {best[owners[slug]]!r} would both be /{self._root}/{slug}/"
            hint = f'add `"{name}" = "another-slug"` to [slugs] in site.toml'
            entry.report("topic-collision", message, hint, self._kind)
        elif name != best[fold]:
            places = entry.header.places
            line, col = places.get(f"{self._kind}:{name}") or places.get(self._kind, (1, 1))
            message = f"{self._kind}: {name!r} is shown as {best[fold]!r}, its commonest spelling"
            problem = Problem(entry.path, line, col, "topic-spelling", message, "spell it alike everywhere")
            entry.problems.append(msgspec.structs.replace(problem, severity="warning"))
