"""Entries: the files of the content folder as posts, plain pages and authors, each with its URL."""

import dataclasses
import datetime as dt
import math
import posixpath
import re
from collections.abc import Iterable
from pathlib import PurePosixPath
from typing import Literal

from msgspec import structs

from byline.content.reader import Parsed, Reader
from byline.frontmatter.headers import AuthorHeader, PostHeader
from byline.models import Status
from byline.problems import Problem, Severity
from byline.settings import Settings
from byline.storage.files import TreeFile
from byline.urls import Urls, missing_part, slug_fault, slug_of

OF_REPOSITORIES = ("README", "LICENSE", "LICENCE", "CHANGELOG", "CONTRIBUTING", "CODE_OF_CONDUCT", "SECURITY")
_DATE_PREFIX = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})-(?=.)")


@dataclasses.dataclass(eq=False)
class Entry:
    """A post or a plain page on its way to the site, with the problems found so far."""

    kind: Literal["post", "page"]
    path: str
    header: PostHeader
    parsed: Parsed
    date: dt.datetime | None
    slug: str
    problems: list[Problem]
    status: Status = "published"
    url: str = ""

    @property
    def expires(self) -> dt.datetime | None:
        return self.header.expires

    @property
    def draft(self) -> bool:
        return self.header.draft

    @property
    def is_sound(self) -> bool:
        return not self.problems or not any(problem.is_error for problem in self.problems)

    def report(self, code: str, message: str, hint: str = "", key: str = "", severity: Severity = "error") -> None:
        """Report a problem with this entry, at `key` of its header if it has that key. An error keeps it back."""
        line, col = self.header.places.get(key, (1, 1))
        self.problems.append(Problem(self.path, line, col, code, message, hint, severity))


@dataclasses.dataclass(eq=False)
class AuthorEntry:
    path: str
    slug: str
    header: AuthorHeader
    parsed: Parsed


@dataclasses.dataclass(eq=False)
class Entries:
    """Everything in the content folder; `others` are files that are not Markdown, by path."""

    posts: list[Entry]
    pages: list[Entry]
    authors: list[AuthorEntry]
    others: dict[str, TreeFile]
    problems: list[Problem]


def read_entries(reader: Reader, settings: Settings) -> Entries:
    """Read every file. A file that cannot be read at all is a problem; every other one is an entry."""
    texts, others, problems = reader.tree.scan()
    root = settings.content_root
    entries = Entries([], [], [], {root + file.path: file for file in others}, [p.at(root + p.path) for p in problems])
    for file, parsed in reader.read(texts):
        kind, path = reader.tree.kind(file), root + file
        problems = [problem.at(path) for problem in parsed.problems]
        if parsed.author:
            entries.authors.append(AuthorEntry(path, slug_of(_name(file), settings), parsed.author, parsed))
            entries.problems += problems
        elif parsed.post and kind == "page" and not parsed.post.places and _name(file).upper() in OF_REPOSITORIES:
            message = "is about the repository, by its name, and has no header, so it is not published"
            entries.problems.append(
                Problem(path, 1, 1, "not-a-page", message, "give it a header to publish it", "warning")
            )
        elif parsed.post:
            group = entries.posts if kind == "post" else entries.pages
            group.append(_entry("post" if kind == "post" else "page", path, parsed, problems, settings))
        else:
            entries.problems += problems
    return entries


def assign_urls(entries: Iterable[Entry], urls: Urls, category_slugs: dict[str, str]) -> None:
    """Give each entry its URL, or an error that says why it cannot have one."""
    for entry in entries:
        if entry.kind == "page":
            _assign_page_url(entry, urls)
            continue
        fault = slug_fault(entry.slug, entry.header.slug or _name(entry.path))
        if fault:
            entry.report("bad-slug", fault, "set another `slug` in the header", "slug")
            continue
        category = category_slugs.get(entry.header.category, "")
        missing = missing_part(urls.settings, entry.date, category)
        if missing and not entry.draft:
            message = f"the permalink {urls.settings.permalink} needs a {missing}"
            entry.report("permalink-part", message, f"add `{missing}: …` to the header")
        entry.url = urls.article(entry.slug, entry.date, category)
        root = urls.inner(entry.url).split("/")[1]
        if root in urls.reserved and root != "posts":
            entry.report("reserved-url", f"{entry.url} is reserved for Byline", "change the slug or category", "slug")


def settle_collisions(entries: Iterable[Entry]) -> None:
    """Where entries share a URL, the oldest keeps it; each of the others gets a number, and a warning."""
    claims: dict[str, list[Entry]] = {}
    for entry in entries:
        if entry.url:
            claims.setdefault(entry.url.casefold(), []).append(entry)
    taken = set(claims)
    for claimants in claims.values():
        keeper, *others = sorted(claimants, key=seniority)
        for entry in others:
            wanted, number = entry.url, 2
            while f"{wanted.rstrip('/')}-{number}/".casefold() in taken:
                number += 1
            entry.url, entry.slug = f"{wanted.rstrip('/')}-{number}/", f"{entry.slug}-{number}"
            taken.add(entry.url.casefold())
            message = f"{wanted} is also the URL of {keeper.path}, which keeps it; this one is at {entry.url}"
            entry.report("url-collision", message, "give one of them another `slug`", "slug", "warning")


def seniority(entry: Entry) -> tuple[bool, float, str]:
    """What is published comes before what is not, the older before the newer."""
    moment = entry.date.timestamp() if entry.date else math.inf
    return entry.status != "published", moment, entry.path


def _entry(
    kind: Literal["post", "page"], path: str, parsed: Parsed, problems: list[Problem], settings: Settings
) -> Entry:
    header = parsed.post
    assert header is not None
    name = _name(path)
    stamped = _DATE_PREFIX.match(name) if kind == "post" else None
    date = header.date
    if stamped:
        name = name[stamped.end() :]
        date = date or _day(stamped, settings)
        problems = [_from_name(problem) if date and not header.date else problem for problem in problems]
    if not header.title:
        first = next((heading.title for heading in parsed.toc), "") or name.replace("-", " ").replace("_", " ")
        header = structs.replace(header, title=first[:1].upper() + first[1:])
    chosen = header.slug or name
    entry = Entry(kind, path, header, parsed, date, slug_of(chosen, settings), problems)
    if kind == "post" and date is None and not header.draft and not any(p.code == "bad-date" for p in problems):
        entry.report("missing-date", "the post has no date", "add a line `date: 2025-04-03`, or `draft: true`")
    return entry


def _from_name(problem: Problem) -> Problem:
    """`problem` of a post whose file's name gives a date: an unreadable one in its header does not cost the post."""
    if problem.code != "bad-date" or not problem.message.startswith("`date`"):
        return problem
    return structs.replace(problem, message=f"{problem.message}; the file's name gives one", severity="warning")


def _assign_page_url(entry: Entry, urls: Urls) -> None:
    parts = PurePosixPath(entry.path.removeprefix(urls.settings.content_root)).with_suffix("").parts
    if len(parts) > 1 and parts[-1] == "index":
        parts = parts[:-1]
    names = (*parts[:-1], entry.header.slug or parts[-1])
    path = [slug_of(name, urls.settings) for name in names]
    for name, slug in zip(names, path, strict=True):
        fault = slug_fault(slug, name)
        if fault:
            entry.report("bad-slug", fault, "rename the file, or set `slug`", "slug")
            return
    if path[0] in urls.reserved:
        entry.report("reserved-url", f"/{path[0]}/ is reserved for Byline", "rename the file, or set `slug`", "slug")
    entry.url = urls.at(f"/{'/'.join(path)}/")


def _name(path: str) -> str:
    """The name that a file gives its page; for a bundle `name/index.md`, the folder's name."""
    folder, _, file = path.rpartition("/")
    stem = posixpath.splitext(file)[0]
    return posixpath.basename(folder) or stem if stem == "index" else stem


def _day(stamp: re.Match[str], settings: Settings) -> dt.datetime | None:
    try:
        return dt.datetime(int(stamp[1]), int(stamp[2]), int(stamp[3]), tzinfo=settings.zone)
    except ValueError:
        return None
