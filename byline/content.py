"""Content: the content folder becomes a `Site`, the snapshot that every page is made from."""

import datetime as dt
from pathlib import Path

from byline import aliases, links, vocabulary, withheld
from byline.bylines import Bylines
from byline.composer import Composer, Memory, Named
from byline.entries import Entries, Entry, assign_urls, read_entries, report_collisions
from byline.errors import Problem
from byline.media import Media, static_files
from byline.models import File, PlainPage, Post, Reference
from byline.reader import Reader
from byline.resolution import Resolution
from byline.settings import Settings
from byline.site import Site, gather, next_change, status_of
from byline.sources import SourceTree
from byline.topics import Topics


def build_site(
    tree: SourceTree,
    reader: Reader,
    settings: Settings,
    static_folder: Path,
    now: dt.datetime,
    *,
    drafts: bool = False,
    memory: Memory | None = None,
) -> Site:
    """Read the content folder as it stands at `now`. With `drafts`, what is not published is shown too, and marked.

    With the `memory` of the last time, what nothing has changed is not made again.
    """
    return _Builder(tree, reader, settings, static_folder, memory).build(now, drafts)


class _Builder:
    def __init__(
        self, tree: SourceTree, reader: Reader, settings: Settings, static_folder: Path, memory: Memory | None
    ) -> None:
        self.settings = settings
        self.memory = memory
        self.entries: Entries = read_entries(tree, reader, settings)
        self.static, self.problems = static_files(static_folder, settings.base_path, reader.digests)
        self.media = Media(settings, self.entries.others, reader, self.static, static_folder)
        self.tags = Topics(settings, "tags", "tags")
        self.categories = Topics(settings, "category", "categories")
        self.series = Topics(settings, "series", "series")
        self.bylines = Bylines(settings)
        self.files: dict[str, File] = {file.url: file for file in self.static.values()}
        self.references: list[Reference] = []

    def build(self, now: dt.datetime, drafts: bool) -> Site:
        everything = self.entries.posts + self.entries.pages
        for entry in everything:
            entry.status = status_of(entry, now)
        shown = [entry for entry in everything if entry.is_sound and (drafts or entry.status == "published")]
        hidden = [entry for entry in everything if not drafts and entry.status != "published"]
        shown = self._settled(shown)
        withheld.place(hidden, shown, self.settings)
        self.bylines.check(shown, self.entries.authors)
        shown = [entry for entry in shown if entry.is_sound]
        redirects = aliases.settle(shown, self.settings)
        redirects |= aliases.settle_authors(self.entries, shown, redirects, self.settings)
        shown = [entry for entry in shown if entry.is_sound]
        kept_back = [*hidden, *(entry for entry in everything if not entry.is_sound)]
        urls = withheld.urls_of(kept_back, shown, redirects, self.settings)
        files = frozenset(entry.path for entry in everything) - {entry.path for entry in shown}
        resolver = links.Resolver(self.settings, self._urls_by_file(shown), urls | files, self.media)
        self.composer = Composer(self.settings, resolver, self.media, self.memory)
        self._add_authors()
        made = [self._made(entry) for entry in shown]
        sound = {entry.path for entry in shown if entry.is_sound}
        return gather(
            self.settings,
            [item for item in made if isinstance(item, Post) and item.path in sound],
            [item for item in made if isinstance(item, PlainPage) and item.path in sound],
            self.bylines.all(),
            logo=self.media.logo(),
            redirects=redirects,
            files=self.files.values(),
            withheld=urls,
            problems=self._all_problems(everything, drafts),
            references=self.references,
            unpublished=[(e.path, e.header.title, e.status, e.date) for e in everything if e.status != "published"],
            now=now,
            valid_until=next_change(everything, now),
            shows_drafts=drafts,
        )

    def _settled(self, shown: list[Entry]) -> list[Entry]:
        """Topics and URLs over all entries at once; who clashes is out."""
        vocabulary.hold_to(self.settings, shown)
        shown = [entry for entry in shown if entry.is_sound]
        for topics in (self.tags, self.categories, self.series):
            topics.settle(shown)
        shown = [entry for entry in shown if entry.is_sound]
        assign_urls(shown, self.settings, self.categories.slugs())
        report_collisions(shown)
        return [entry for entry in shown if entry.is_sound]

    def _urls_by_file(self, shown: list[Entry]) -> dict[str, str]:
        authors = {entry.path: f"{self.settings.base_path}/authors/{entry.slug}/" for entry in self.entries.authors}
        return authors | {entry.path: entry.url for entry in shown}

    def _all_problems(self, everything: list[Entry], drafts: bool) -> list[Problem]:
        found = [*self.problems, *self.entries.problems, *self.bylines.problems]
        for entry in everything:
            # A draft may be unfinished: what is wrong with it must not stop the others from being published.
            is_hidden_draft = entry.status == "draft" and not drafts
            found += [problem.softened() if is_hidden_draft else problem for problem in entry.problems]
        return found

    def _add_authors(self) -> None:
        for entry in self.entries.authors:
            resolution = self.composer.resolution(entry.path)
            self.bylines.add_file(entry, resolution)
            self._note(resolution, self.bylines.problems)

    def _made(self, entry: Entry) -> Post | PlainPage:
        named = Named()
        if entry.kind == "post":
            topics = (kind.of(entry) for kind in (self.tags, self.categories, self.series))
            named = Named(self.bylines.of(entry), *topics)
        made = self.composer.made(entry, named)
        self._note(made.resolution, entry.problems)
        return made.page

    def _note(self, resolution: Resolution, problems: list[Problem]) -> None:
        problems += resolution.problems
        self.references += resolution.references
        self.files |= resolution.files
