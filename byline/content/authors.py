"""Authors: who wrote what. Some have a file, others are known only by name."""

import difflib
import re
from collections.abc import Iterable, Iterator
from typing import Literal

import msgspec

from byline.content.entries import AuthorEntry, Entry, seniority
from byline.content.links import Resolution
from byline.media.files import SMALL_WIDTHS
from byline.models import Author, Link, sealed
from byline.problems import Problem, Severity
from byline.urls import Urls, numbered, slug_fault, slug_of

LINKED = ("http://", "https://", "mailto:")
"""What an author's link may start with, besides the site's own `/`."""

_ORGANIZATION = re.compile(
    r"\b(agency|collective|desk|editors|newsroom|staff|team|\w*redaktion(en)?|redactie|redazione|rédaction|redacción|redação)\b",
    re.IGNORECASE,
)
"""In the name of an author who is not one person."""
_PAIR = re.compile(r"(\S.*?)(?:,)? (?:and|&|und|et|y|og|och|en) (\S.*)", re.IGNORECASE)
_MAIL = re.compile(r"[^\s@/:]+@[^\s@/:]+\.[^\s@/:]+")
_HOST = re.compile(r"[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}(/|$)")


class Authors:
    """All authors of a site by slug; `of` returns those of an entry, and adds the ones who have no file.

    `named` holds the slugs of those whom a story names: nobody else has a page.
    """

    def __init__(self, urls: Urls, folder: str = "authors") -> None:
        self._urls = urls
        self._folder = folder
        self._settings = urls.settings
        self._authors: dict[str, Author] = {}
        self._by_name: dict[str, str] = {}
        self._slugs: dict[str, str] = {}
        """Of names that would share a slug with another, by `_fold`."""
        self._usable: dict[tuple[str, ...], tuple[str, ...]] = {}
        self.named: frozenset[str] = frozenset()
        self.problems: list[Problem] = []

    def check(self, entries: list[Entry], files: list[AuthorEntry]) -> None:
        """Tell of names that cannot be part of a URL and are left out, and of different ones that would share one."""
        known = {name for file in files for name in (file.slug, file.header.name.casefold()) if name}
        owners: dict[str, str] = {}
        for entry in sorted(entries, key=seniority):
            for name in self._named_by(entry):
                slug = slug_of(name, self._settings)
                if name.casefold() in known or slug in known:
                    continue
                hint = f'add `"{name[:40]}" = "another-slug"` to [slugs] in site.toml'
                fault = slug_fault(slug, name)
                if fault:
                    entry.report("bad-slug", f"authors: {fault}, so it is left out", hint, "authors", "warning")
                    continue
                owner = owners.setdefault(slug, name)
                if _fold(owner) not in (_fold(name), slug) and name != slug:
                    own = self._slugs.setdefault(_fold(name), numbered(slug, {*known, *owners}))
                    owners[own] = name
                    message = f"{name!r} and {owner!r} would share the slug {slug}, so this one's is {own}"
                    entry.report("author-collision", message, hint, "authors", "warning")

    def meet(self, entries: list[Entry], files: list[AuthorEntry]) -> None:
        """Note whom the stories among `entries` name."""
        slugs = {_name_of(file).casefold(): file.slug for file in reversed(files)}
        names = {name for entry in entries if entry.kind == "post" for name in self._names(entry)}
        self.named = frozenset(slugs.get(name.casefold()) or self._slug_of(name) for name in names)

    def _names(self, entry: Entry) -> tuple[str, ...]:
        """Those of its authors who can have a page: the same for all stories with the same byline, once checked."""
        names = self._named_by(entry)
        if names not in self._usable:
            self._usable[names] = tuple(name for name in names if not slug_fault(self._slug_of(name), name))
        return self._usable[names]

    def _named_by(self, entry: Entry) -> tuple[str, ...]:
        return entry.header.authors or tuple(name for name in (self._settings.default_author,) if name)

    def _slug_of(self, name: str) -> str:
        return self._slugs.get(_fold(name)) or slug_of(name, self._settings)

    def add_file(self, entry: AuthorEntry, resolution: Resolution) -> None:
        """Add the author whose file is `entry`; portrait and biography come from its `resolution`."""
        fault = slug_fault(entry.slug, entry.path)
        if fault or entry.slug in self._authors:
            message = fault or f"{self._authors[entry.slug].path} has the same slug, {entry.slug!r}"
            message = f"{message}, so the file is not used"
            self.problems.append(Problem(entry.path, 1, 1, "author-slug", message, "rename the file", "warning"))
            return
        url = self._urls.topic("authors", entry.slug)
        header = entry.header
        name = _name_of(entry)
        links = [self._link(title, address, entry) for title, address in header.links]
        author = Author(
            slug=entry.slug,
            name=name,
            url=url,
            kind=self._kind(name),
            bio=header.bio,
            avatar=resolution.picture(header.avatar, SMALL_WIDTHS) if header.avatar else None,
            links=tuple(link for link in links if link and resolution.address(link.url)),
            body=resolution.body(entry.parsed, url) if entry.parsed.summary and not header.is_kept_back else None,
            path=entry.path,
        )
        self._authors[entry.slug] = sealed(author)
        self._by_name.setdefault(name.casefold(), entry.slug)

    def of(self, entry: Entry) -> tuple[Author, ...]:
        """The authors of `entry`, which passed `check`; an author without a file is reported as a hint."""
        authors = (self._find(name, entry) for name in self._names(entry))
        return tuple({author.slug: author for author in authors}.values())

    def all(self) -> tuple[Author, ...]:
        """All authors with a story, sorted by name."""
        named = (author for author in self._authors.values() if author.slug in self.named)
        return tuple(sorted(named, key=lambda author: (author.name.casefold(), author.slug)))

    def _find(self, name: str, entry: Entry) -> Author:
        slug = self._by_name.get(name.casefold()) or self._slug_of(name)
        known = self._authors.get(slug)
        if known:
            return known
        places = entry.header.places
        line, col = places.get(f"authors:{name}") or places.get("authors", (1, 1))
        near = difflib.get_close_matches(slug, [a.slug for a in self._authors.values() if a.path], n=1, cutoff=0.85)
        folder = self._settings.content_root + self._folder
        hint = f"write {folder}/{slug}.md to add a biography and a picture"
        hint = f"did you mean `{near[0]}`?" if near else hint
        pair = _PAIR.fullmatch(name)
        if pair and not near and self._kind(name) == "Person":
            hint = f"if these are two authors, write `authors: [{pair[1]}, {pair[2]}]`"
        problem = Problem(entry.path, line, col, "author-without-file", f"{name!r} has no author file", hint)
        entry.problems.append(msgspec.structs.replace(problem, severity="warning" if near else "hint"))
        url = self._urls.topic("authors", slug)
        self._authors[slug] = sealed(Author(slug=slug, name=name, url=url, kind=self._kind(name)))
        return self._authors[slug]

    def _kind(self, name: str) -> Literal["Person", "Organization"]:
        """What schema.org calls an author of this name: many bylines are desks."""
        is_group = _ORGANIZATION.search(name) or name.casefold() == self._settings.title.casefold()
        return "Organization" if is_group else "Person"

    def _link(self, title: str, url: str, entry: AuthorEntry) -> Link | None:
        """A link of a profile; people type `example.org/@desk` and `desk@example.org`."""
        if _MAIL.fullmatch(url):
            return Link(title, f"mailto:{url}")
        if _HOST.match(url):
            return Link(title, f"https://{url}")
        if url.startswith("/") and not url.startswith("//"):
            return Link(title, self._urls.below(url))
        if url.startswith(LINKED):
            return Link(title, url)
        message = f"links: {url!r} is not a web address"
        self.problems.append(
            Problem(entry.path, 1, 1, "bad-address", message, "start it with https:// or mailto:", "warning")
        )
        return None


def without_story(files: Iterable[AuthorEntry]) -> Iterator[Problem]:
    """Tell of the `files` of authors whom no story names."""
    for file in files:
        message = "no published story is by this author, so there is no page for the file"
        message += " and its aliases lead nowhere" if file.header.aliases else ""
        problem = Problem(file.path, 1, 1, "author-without-story", message, "remove the file if it is not needed")
        severity: Severity = "warning" if file.header.aliases else "hint"
        yield msgspec.structs.replace(problem, severity=severity)


def _name_of(file: AuthorEntry) -> str:
    return file.header.name or file.slug


def _fold(name: str) -> str:
    """The same for spellings of one name: editors curl apostrophes."""
    return name.casefold().replace("’", "'")
