"""Content: the content folder becomes a `Site`, the snapshot that every page is made from."""

import datetime as dt
from pathlib import Path

from msgspec import structs

from byline import aliases, links, vocabulary, withheld
from byline.bylines import Bylines
from byline.entries import AuthorEntry, Entries, Entry, assign_urls, read_entries, report_collisions
from byline.errors import Problem
from byline.fields import Cover
from byline.media import SMALL_WIDTHS, WIDTHS, Media, static_files
from byline.models import (
    Body,
    Correction,
    File,
    Picture,
    PlainPage,
    Post,
    Reference,
    Series,
    Teaser,
    Topic,
    frozen,
    sealed,
)
from byline.reader import Parsed, Reader
from byline.settings import Settings
from byline.site import Site, gather, next_change, status_of
from byline.sources import SourceTree
from byline.topics import Topics


def build_site(
    tree: SourceTree, reader: Reader, settings: Settings, static_folder: Path, now: dt.datetime, *, drafts: bool = False
) -> Site:
    """Read the content folder as it stands at `now`. With `drafts`, what is not published is shown too, and marked."""
    return _Builder(tree, reader, settings, static_folder).build(now, drafts)


class _Builder:
    def __init__(self, tree: SourceTree, reader: Reader, settings: Settings, static_folder: Path) -> None:
        self.settings = settings
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
        self.resolver = links.Resolver(self.settings, self._urls_by_file(shown), urls | files, self.media)
        self.bylines.add_files(self.entries.authors, self._portrait, self._author_body)
        made = [self._post(entry) if entry.kind == "post" else self._page(entry) for entry in shown]
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

    def _post(self, entry: Entry) -> Post:
        header, parsed, zone = entry.header, entry.parsed, self.settings.zone
        authors = self.bylines.of(entry)
        categories = self.categories.of(entry)
        cover = self._picture(header.cover, entry.path, entry.problems) if header.cover else None
        summary = header.summary or parsed.summary or header.dek
        teaser = Teaser(
            title=header.title,
            url=entry.url,
            dek=header.dek,
            summary=summary,
            date=_local(entry.date, self.settings),
            authors=tuple(Topic(author.name, author.slug, author.url) for author in authors),
            category=categories[0] if categories else None,
            cover=cover,
            minutes=parsed.minutes,
            status=entry.status,
            pinned=header.pinned,
            lang=header.lang,
        )
        return sealed(
            Post(
                title=header.title,
                url=entry.url,
                slug=entry.slug,
                path=entry.path,
                status=entry.status,
                date=teaser.date,
                updated=_local(header.updated, self.settings),
                expires=_local(header.expires, self.settings),
                dek=header.dek,
                summary=summary,
                authors=authors,
                tags=self.tags.of(entry),
                category=categories[0] if categories else None,
                cover=cover,
                card=None if cover else self._card(header.title),
                series=self._series(self.series.of(entry), header.part),
                pinned=header.pinned,
                id=header.id or self.settings.origin + self._first_url(entry),
                canonical=header.canonical,
                aliases=tuple(aliases.old_url(alias, self.settings) for alias in header.aliases),
                lang=header.lang,
                template=header.template,
                corrections=tuple(Correction(c.date.astimezone(zone), c.text) for c in header.corrections),
                extra=frozen(header.extra),
                toc=parsed.contents(header.toc),
                minutes=parsed.minutes,
                body=self._body(parsed, entry.path, entry.url, entry.problems),
                teaser=sealed(teaser),
            )
        )

    def _page(self, entry: Entry) -> PlainPage:
        header = entry.header
        return sealed(
            PlainPage(
                title=header.title,
                url=entry.url,
                path=entry.path,
                status=entry.status,
                dek=header.dek,
                summary=header.summary or entry.parsed.summary,
                lang=header.lang,
                template=header.template,
                aliases=tuple(aliases.old_url(alias, self.settings) for alias in header.aliases),
                extra=frozen(header.extra),
                body=self._body(entry.parsed, entry.path, entry.url, entry.problems),
            )
        )

    def _first_url(self, entry: Entry) -> str:
        return aliases.old_url(entry.header.aliases[0], self.settings) if entry.header.aliases else entry.url

    def _series(self, found: tuple[Topic, ...], part: int) -> Series | None:
        return Series(found[0].name, found[0].slug, found[0].url, part) if found else None

    def _author_body(self, entry: AuthorEntry, url: str) -> Body | None:
        return self._body(entry.parsed, entry.path, url, self.bylines.problems) if entry.parsed.summary else None

    def _body(self, parsed: Parsed, path: str, url: str, problems: list[Problem]) -> Body:
        """The body with its addresses resolved: what a neighbour's URL is enters the post here, as a value."""
        attributes, sources = [], []
        for address in parsed.addresses:
            target = self._resolved(address.value, path, url, address.line, problems, address.col)
            is_shown = target.file and address.tag == "img"
            picture = self._shown(target.file.source, WIDTHS) if target.file and is_shown else None
            if target.file and not picture:
                self._publish(target.file)
            attributes.append(links.attribute(address.attribute, target, picture, address.sized))
            sources.append(links.source(picture))
        return Body(parsed.html, path, tuple(attributes), tuple(sources))

    def _picture(
        self, cover: Cover, path: str, problems: list[Problem], widths: tuple[int, ...] = WIDTHS
    ) -> Picture | None:
        target = self._resolved(cover.src, path, "", cover.line, problems, cover.col)
        if target.url is None or target.problem:
            return None
        shown = self._shown(target.file.source, widths) if target.file else None
        if target.file and not shown:
            self._publish(target.file)
        return structs.replace(shown or Picture(target.url), alt=cover.alt, caption=cover.caption, credit=cover.credit)

    def _portrait(self, cover: Cover, path: str, problems: list[Problem]) -> Picture | None:
        return self._picture(cover, path, problems, SMALL_WIDTHS)

    def _shown(self, source: str, widths: tuple[int, ...]) -> Picture | None:
        shown = self.media.shown(source, widths)
        if shown:
            self.files |= {file.url: file for file in shown.files}
        return shown.picture if shown else None

    def _card(self, headline: str) -> Picture | None:
        shown = self.media.card(headline, self.settings.title) if self.settings.social_cards else None
        if shown:
            self._publish(shown.files[0])
        return shown.picture if shown else None

    def _publish(self, file: File) -> None:
        self.files.setdefault(file.url, file)

    def _resolved(
        self, value: str, path: str, url: str, line: int, problems: list[Problem], col: int = 1
    ) -> links.Target:
        target = self.resolver.resolve(value, path, url)
        if target.problem:
            problems.append(links.warning(*target.problem, path, line, col))
        if target.url and (target.reference or (target.url.startswith("/") and "#" in target.url)):
            self.references.append(Reference(target.url, path, line, col))
        return target


def _local(moment: dt.datetime | None, settings: Settings) -> dt.datetime | None:
    return moment.astimezone(settings.zone) if moment else None
