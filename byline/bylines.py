"""Bylines: who wrote what. Authors with a file, and authors known by their name alone."""

import posixpath
from collections.abc import Callable

import msgspec

from byline import slugs
from byline.entries import AuthorEntry, Entry
from byline.errors import Problem
from byline.fields import Cover
from byline.models import Author, Body, Link, Picture, sealed
from byline.settings import Settings

LINKED = ("http://", "https://", "mailto:", "/")
"""What an author's link may start with."""

Depict = Callable[[Cover, str, list[Problem]], Picture | None]
Embody = Callable[[AuthorEntry, str], Body | None]


class Bylines:
    """All authors of a site by slug; `of` names those of an entry, and makes the ones who have no file."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._authors: dict[str, Author] = {}
        self._by_name: dict[str, str] = {}
        self.problems: list[Problem] = []

    def add_files(self, entries: list[AuthorEntry], depict: Depict, embody: Embody) -> None:
        for entry in entries:
            fault = slugs.fault_of(entry.slug, entry.path)
            if fault or entry.slug in self._authors:
                message = fault or f"{self._authors[entry.slug].path} has the same slug, {entry.slug!r}"
                self.problems.append(Problem(entry.path, 1, 1, "author-slug", message, "rename the file"))
                continue
            url = self._url(entry.slug)
            header = entry.header
            name = header.name or posixpath.basename(entry.path).removesuffix(".md")
            author = Author(
                slug=entry.slug,
                name=name,
                url=url,
                bio=header.bio,
                avatar=depict(header.avatar, entry.path, self.problems) if header.avatar else None,
                links=tuple(self._link(*link) for link in header.links if link[1].startswith(LINKED)),
                body=embody(entry, url),
                path=entry.path,
            )
            self._authors[entry.slug] = sealed(author)
            self._by_name.setdefault(name.casefold(), entry.slug)

    def of(self, entry: Entry) -> tuple[Author, ...]:
        """The authors of `entry`; an error or a hint is reported where one is not known."""
        names = entry.header.authors or tuple(name for name in (self._settings.default_author,) if name)
        found = (self._find(name, entry) for name in names)
        return tuple({author.slug: author for author in found if author}.values())

    def all(self) -> tuple[Author, ...]:
        return tuple(self._authors.values())

    def _find(self, name: str, entry: Entry) -> Author | None:
        slug = self._by_name.get(name.casefold()) or slugs.slug_of(name, self._settings)
        known = self._authors.get(slug)
        if known:
            return known
        fault = slugs.fault_of(slug, name)
        if fault:
            entry.report(
                "bad-slug", f"authors: {fault}", f'add `"{name[:40]}" = "…"` to [slugs] in site.toml', "authors"
            )
            return None
        line, col = entry.header.places.get("authors", (1, 1))
        hint = f"write pages/authors/{slug}.md to give a biography and a picture"
        problem = Problem(entry.path, line, col, "author-without-file", f"{name!r} has no author's file", hint)
        entry.problems.append(msgspec.structs.replace(problem, severity="hint"))
        self._authors[slug] = sealed(Author(slug=slug, name=name, url=self._url(slug)))
        return self._authors[slug]

    def _link(self, title: str, url: str) -> Link:
        return Link(title, self._settings.base_path + url if url.startswith("/") else url)

    def _url(self, slug: str) -> str:
        return slugs.url_of(self._settings, f"/authors/{slug}/")
