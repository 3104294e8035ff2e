"""Build: the content folder becomes a `Site`, the snapshot that every page is made from."""

import dataclasses
import datetime as dt
from collections.abc import Container, Iterable, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any

from msgspec import structs

from byline.content import aliases, conflicts, public, topics, translations
from byline.content.authors import Authors, without_story
from byline.content.bodies import filled_body, of_the_foot
from byline.content.compose import Composer, Labels, Memory
from byline.content.entries import AuthorEntry, Entry, assign_urls, read_entries, settle_collisions
from byline.content.links import Resolution, Resolver
from byline.content.reader import NO_TEXT, Reader
from byline.content.topics import Topics
from byline.markdown.render import render
from byline.markdown.shortcodes.expansion import expanded
from byline.media.files import THEME, Media, public_files, static_files, static_path
from byline.media.look import STYLE, followed, look_of
from byline.models import Alternate, File, Picture, PlainPage, Post, Reference, Unpublished
from byline.problems import Problem
from byline.redirects import folded
from byline.settings.file import FILE_NAME
from byline.site import EditionLists, Site, newest_first, next_change, status_of
from byline.storage.memo import Memo
from byline.urls import Urls, slug_of


def build_site(
    reader: Reader,
    memo: Memo,
    urls: Urls,
    static_folders: Sequence[Path],
    public_folder: Path,
    now: dt.datetime,
    *,
    drafts: bool = False,
    memory: Memory | None = None,
) -> Site:
    """Read the content folder as of `now`. With `drafts`, what is not published is shown too, and marked.

    With the `memory` of the last build, pages that would be the same are not made again.
    """
    memo.begin()
    return _Builder(reader, memo, urls, static_folders, public_folder, memory).build(now, drafts)


class _Edition:
    """What a language of the site has of its own: topics, and pages of authors."""

    def __init__(self, urls: Urls, files: Iterable[AuthorEntry], folder: str) -> None:
        self.language = urls.language
        self.urls = urls
        self.tags = Topics(urls, "tags", "tags")
        self.categories = Topics(urls, "category", "categories")
        self.series = Topics(urls, "series", "series")
        self.authors = Authors(urls, folder)
        own = {file.slug for file in files if file.language == self.language} if self.language else set()
        self.files = [
            file for file in files if file.language == self.language or not (file.language or file.slug in own)
        ]

    def of(self, entries: Iterable[Entry]) -> list[Entry]:
        return [entry for entry in entries if entry.language == self.language]

    def labels(self, entry: Entry) -> Labels:
        kinds = (kind.of(entry) for kind in (self.tags, self.categories, self.series))
        return Labels(self.authors.of(entry), *kinds)

    def named(self) -> Iterable[AuthorEntry]:
        """The files of the authors who have a page."""
        return (file for file in self.files if file.slug in self.authors.named)


class _Builder:
    def __init__(
        self,
        reader: Reader,
        memo: Memo,
        urls: Urls,
        static_folders: Sequence[Path],
        public_folder: Path,
        memory: Memory | None,
    ) -> None:
        self.urls = urls
        self.settings = urls.settings
        self.memory = memory
        self.engine = reader.engine
        self.entries = read_entries(reader, urls.settings)
        self.static, self.problems = static_files(static_folders, urls, memo)
        self.public, problems = public_files(public_folder, urls, memo)
        self.problems += problems
        published = {file.source: file for file in (*self.static.values(), *self.public.values())}
        self.problems += conflicts.in_files(published, static_folders, public_folder, memo)
        self.look, problems = look_of(self.settings, self.static, static_folders)
        self.problems += problems
        if static_path(static_folders, STYLE).startswith(str(THEME)):  # the owner's own sheet has tokens of its own
            self.static[STYLE] = followed(self.static[STYLE], self.look.css)
        else:
            self.look = structs.replace(self.look, preload="")
        self.media = Media(urls, self.entries.others, memo, self.static, static_folders, self.look.light)
        self.dialect = reader.tree.dialect
        folder = next(iter(self.dialect.authors), "authors")
        each = (urls, *urls.in_language.values())
        self.editions = {one.language: _Edition(one, self.entries.authors, folder) for one in each}
        self.files: dict[str, File] = {file.url: file for file in self.static.values()}
        self.references: list[Reference] = []

    def build(self, now: dt.datetime, drafts: bool) -> Site:
        everything = self.entries.posts + self.entries.pages
        for entry in everything:
            entry.status = status_of(entry, now)
        shown = [entry for entry in everything if entry.is_sound and (drafts or entry.status == "published")]
        hidden = [entry for entry in everything if not drafts and entry.status != "published"]
        shown = self._settled(shown)
        self._place(hidden, shown)
        self._place_broken(entry for entry in everything if not entry.is_sound and not entry.url)
        for edition in self.editions.values():
            edition.authors.check(edition.of(shown), edition.files)
        shown = [entry for entry in shown if entry.is_sound]
        redirects = aliases.settle(shown, self.urls)
        shown = [entry for entry in shown if entry.is_sound]
        alternates = translations.settle(shown, everything, self.urls)
        for edition in self.editions.values():
            edition.authors.meet(edition.of(shown), edition.files)
        self.author_urls = self._urls_of_authors()
        self.entries.problems += without_story(file for file in self.entries.authors if file not in self.author_urls)
        redirects |= aliases.settle_authors(self.entries, self.author_urls, shown, redirects, self.urls)
        self._add_public(shown, hidden, redirects)
        withheld = self._withheld([*hidden, *(entry for entry in everything if not entry.is_sound)], shown, redirects)
        urls_by_file = self._urls_by_file(shown)
        sources = [entry.path for entry in everything] + [author.path for author in self.entries.authors]
        files = frozenset(sources) - urls_by_file.keys()
        public_urls, is_foreign = frozenset(map(self.urls.inner, self.public)), not self.dialect.is_own
        known = self.urls, urls_by_file, withheld | files, self.media
        resolver = Resolver(*known, redirects, public_urls, is_foreign=is_foreign)
        self.composer = Composer(self.urls, resolver, self.media, self.memory)
        for edition in self.editions.values():
            self._add_authors(edition)
        self.look = structs.replace(self.look, footer=self._footer(), **self._logos())
        pages = [page for entry in shown if (page := self._page_or_problem(entry))]
        sound = {entry.path for entry in shown if entry.is_sound}
        pages = [page for page in pages if page.path in sound]
        site = Site(
            urls=self.urls,
            now=now,
            **_contents(pages, self.editions[""].authors),
            logo=self.media.owned(),
            look=self.look,
            redirects=MappingProxyType(dict(sorted(redirects.items()))),
            files=MappingProxyType(dict(sorted(self.files.items()))),
            withheld=tuple(sorted(withheld)),
            problems=tuple(sorted(self._all_problems(everything, drafts))),
            references=tuple(self.references),
            unpublished=tuple(
                Unpublished(entry.path, entry.header.title, entry.status, entry.date)
                for entry in everything
                if entry.status != "published"
            ),
            valid_until=next_change(everything, now),
            shows_drafts=drafts,
        )
        return (
            self._with_languages(site, pages, everything, alternates) if len(self.editions) > 1 or alternates else site
        )

    def _with_languages(
        self,
        main: Site,
        pages: list[Post | PlainPage],
        everything: list[Entry],
        alternates: dict[str, tuple[Alternate, ...]],
    ) -> Site:
        """`main` with only what is in its language, and a site for each other one."""
        languages = {entry.path: entry.language for entry in everything}
        sites = {}
        for code, edition in self.editions.items():
            own = [page for page in pages if languages[page.path] == code]
            sites[code] = dataclasses.replace(main, urls=edition.urls, **_contents(own, edition.authors))
        known = {page.url for page in pages}
        shown = {url: some for url, those in alternates.items() if len(some := _those(those, known)) > 1}
        lists = tuple(EditionLists.of(site) for site in sites.values()) if len(sites) > 1 else ()
        sites = {
            code: dataclasses.replace(site, alternates_of=MappingProxyType(shown), lists=lists)
            for code, site in sites.items()
        }
        return dataclasses.replace(sites.pop(""), editions=MappingProxyType(sites))

    def _settled(self, shown: list[Entry]) -> list[Entry]:
        """Settle topics and URLs over all entries at once; entries that clash are left out."""
        topics.hold_to(self.settings, shown)
        shown = [entry for entry in shown if entry.is_sound]
        for edition in self.editions.values():
            for kind in (edition.tags, edition.categories, edition.series):
                kind.settle(edition.of(shown))
        shown = [entry for entry in shown if entry.is_sound]
        for edition in self.editions.values():
            assign_urls(edition.of(shown), self.urls, edition.categories.slugs(), self.dialect)
        settle_collisions(shown, self.urls)
        return [entry for entry in shown if entry.is_sound and entry.url]

    def _place(self, hidden: list[Entry], shown: list[Entry]) -> None:
        """Give hidden entries the URLs that they will have, or had, and tell now where a scheduled post will clash."""
        categories = {entry.header.category: slug_of(entry.header.category, self.settings) for entry in hidden}
        assign_urls(hidden, self.urls, categories, self.dialect)
        known = {entry: list(entry.problems) for entry in hidden if entry.status != "scheduled"}
        settle_collisions([*shown, *(entry for entry in hidden if entry.is_sound)], self.urls)
        for entry, problems in known.items():
            entry.problems[:] = problems

    def _place_broken(self, entries: Iterable[Entry]) -> None:
        """Find the URLs that broken entries would have, as far as they can be known: no page leads there."""
        for entry in entries:
            known = list(entry.problems)
            assign_urls(
                [entry], self.urls, {entry.header.category: slug_of(entry.header.category, self.settings)}, self.dialect
            )
            entry.problems[:] = known  # what else is wrong shows once the rest is mended

    def _add_public(self, shown: list[Entry], hidden: list[Entry], redirects: dict[str, str]) -> None:
        """Publish the files of public/, unless a page has their URL, or a scheduled one will."""
        coming = [entry for entry in hidden if entry.status == "scheduled" and entry.is_sound]
        self.public, problems = public.settle(
            self.public, [*shown, *coming], redirects, self.urls, is_foreign=not self.dialect.is_own
        )
        self.files |= self.public
        self.problems += problems

    def _withheld(self, kept_back: Iterable[Entry], shown: list[Entry], redirects: dict[str, str]) -> frozenset[str]:
        """URLs of what is kept back, without those that something shown, or Byline itself, has too."""
        public = {entry.url for entry in shown} | set(redirects) | set(self.public)
        ruled = {folded(self.urls.alias(source)) for source in self.settings.redirects}
        urls: set[str] = set()
        for entry in kept_back:
            urls |= set(aliases.paths_of(entry.header.aliases, self.urls))
            urls |= {url for url in entry.former if folded(url) not in ruled}
            urls |= {entry.url} if entry.url else set()
        return frozenset(url for url in urls - public if not self.urls.is_own(url))

    def _urls_by_file(self, shown: list[Entry]) -> dict[str, str]:
        authors = {author.path: url for author, url in self.author_urls.items()}
        return authors | {entry.path: entry.url for entry in shown}

    def _urls_of_authors(self) -> dict[AuthorEntry, str]:
        """The pages of those who have one, in the main language if they have a story in it."""
        editions = reversed(self.editions.values())
        return {file: it.urls.topic("authors", file.slug) for it in editions for file in it.named()}

    def _all_problems(self, everything: list[Entry], drafts: bool) -> list[Problem]:
        problems = [*self.problems, *self.entries.problems]
        problems += dict.fromkeys(it for edition in self.editions.values() for it in edition.authors.problems)
        for entry in everything:
            # A draft may be unfinished: what is wrong with it must not stop the others from being published.
            is_hidden_draft = entry.status == "draft" and not drafts
            problems += [problem.softened() if is_hidden_draft else problem for problem in entry.problems]
        return problems

    def _add_authors(self, edition: _Edition) -> None:
        authors = edition.authors
        for entry in edition.files:
            resolution = self.composer.resolution(entry.path)
            authors.add_file(entry, resolution)
            if entry.slug in authors.named:
                self._note(resolution, authors.problems)
            else:
                authors.problems += resolution.problems

    def _logos(self) -> dict[str, Picture | None]:
        """The pictures that `[theme]` names, from static/."""
        found = {}
        for key in ("logo", "logo_dark"):
            name = getattr(self.settings.theme, key).removeprefix("/").removeprefix("static/")
            found[key] = self.media.owned(f"static/{name}") if name else None
            if name and not found[key]:
                message = f"`theme.{key}`: there is no picture static/{name}"
                line, col = self.settings.places.get(key, (1, 1))
                hint = "put it there, or remove the line"
                self.problems.append(Problem(FILE_NAME, line, col, "missing-logo", message, hint))
        return found

    def _footer(self) -> str:
        """The HTML of `theme.footer`, with its shortcodes run and its links resolved as in a page."""
        shown = expanded(self.settings.theme.footer, self.engine.codes)
        rendered = render(shown.text, self.engine, trust_html=self.settings.trust_html)
        resolution = self.composer.resolution(FILE_NAME)
        body = resolution.body(structs.replace(NO_TEXT, addresses=rendered.addresses), self.urls.home)
        line, col = self.settings.places.get("footer", (1, 1))
        told = [problem.at(FILE_NAME) for problem in (*shown.problems, *rendered.problems)] + resolution.problems
        self.problems += [structs.replace(problem, line=line, col=col) for problem in told]
        self.references += [structs.replace(one, line=line, col=col) for one in resolution.references]
        self.files |= resolution.files
        return of_the_foot(filled_body(rendered.html, body))

    def _page_or_problem(self, entry: Entry) -> Post | PlainPage | None:
        try:
            return self._page(entry)
        except Exception as error:  # a fault of ours that one file shows must not take the others down
            message = f"cannot be made into a page: {type(error).__name__}: {error}"[:200]
            entry.report("unreadable", message, "simplify what you changed last")
            return None

    def _page(self, entry: Entry) -> Post | PlainPage:
        labels = Labels()
        if entry.kind == "post":
            labels = self.editions[entry.language].labels(entry)
        composed = self.composer.compose(entry, labels)
        self._note(composed.resolution, entry.problems)
        entry.parsed = NO_TEXT  # it is in the page now, and a large site needs the room for the next ones
        return composed.page

    def _note(self, resolution: Resolution, problems: list[Problem]) -> None:
        problems += resolution.problems
        self.references += resolution.references
        self.files |= resolution.files


def _contents(pages: list[Post | PlainPage], authors: Authors) -> dict[str, Any]:
    """What a site lists."""
    return {
        "posts": newest_first(page for page in pages if isinstance(page, Post)),
        "pages": tuple(sorted((page for page in pages if isinstance(page, PlainPage)), key=lambda page: page.url)),
        "authors": authors.all(),
    }


def _those(alternates: tuple[Alternate, ...], urls: Container[str]) -> tuple[Alternate, ...]:
    return tuple(one for one in alternates if one.url in urls)
