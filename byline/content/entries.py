"""Entries: the files of the content folder as posts, plain pages and authors, each with its URL."""

import dataclasses
import datetime as dt
import math
import posixpath
import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path, PurePosixPath
from typing import Literal

from msgspec import structs

from byline.content.reader import NO_TEXT, Parsed, Reader
from byline.content.sources import stem_of
from byline.dialects import languages, permalinks
from byline.dialects.dialect import Dialect
from byline.dialects.people import people_in
from byline.frontmatter.headers import AuthorHeader, PostHeader
from byline.models import Status
from byline.problems import Problem, Severity
from byline.settings.file import FILE_NAME
from byline.settings.settings import Settings, folded_tag
from byline.storage.files import TreeFile
from byline.urls import (
    MAX_SLUG_BYTES,
    PERMALINK,
    Urls,
    missing_part,
    parts_of,
    scheme_of,
    slug_fault,
    slug_of,
    written_slug,
)

OF_REPOSITORIES = ("README", "LICENSE", "LICENCE", "CHANGELOG", "CONTRIBUTING", "CODE_OF_CONDUCT", "SECURITY")
_DATE_PREFIX = re.compile(r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})-(?=.)")
_DATED_PATH = re.compile(
    r"/(?P<year>(?:19|20)\d\d)(?P<mark>[-_./]?)(?P<month>[01]\d)(?P=mark)(?P<day>[0-3]\d)(?=[-_./ ])"
)
"""A date somewhere else in the path: `2025/04/03/x.md`, `2025-04-03.md`, `20250403 x.md`."""
_PLAIN_NAME = re.compile(r"[A-Za-z0-9._~-]+")
NOT_IN_PATHS = '?#\\<>"|*'


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
    language: str = ""
    """The key in `languages` of the language whose lists show it; empty for the main one."""
    place: str = ""
    """The path of its file below the content folder, without the language that it says."""
    former: tuple[str, ...] = ()
    """Further addresses that lead to it if nothing else is there: those that it has by other rules."""

    @property
    def expires(self) -> dt.datetime | None:
        return self.header.expires

    @property
    def draft(self) -> bool:
        return self.header.draft

    @property
    def text(self) -> str:
        """What it has in common with its translations, by their files."""
        return stem_of(self.place).removesuffix("/index")

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
    language: str = ""


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
    dialect = reader.tree.dialect
    for file, parsed in reader.read(texts):
        kind, path = reader.tree.kind(file), root + file
        problems = [problem.at(path) for problem in parsed.problems]
        if parsed.author:
            said, place = dialect.placed(file)
            language = settings.language_of(said) or "" if said else ""
            slug = slug_of(_name(place), settings)
            entries.authors.append(AuthorEntry(path, slug, parsed.author, parsed, language))
            entries.problems += problems
        elif (
            parsed.post
            and kind == "page"
            and not parsed.post.places
            and _is_of_repository(dialect.placed(file)[1], dialect)
        ):
            message = "is about the repository, it seems, and has no header, so it is not published"
            entries.problems.append(
                Problem(path, 1, 1, "not-a-page", message, "give it a header to publish it", "warning")
            )
        elif parsed.post:
            entry = _entry("post" if kind == "post" else "page", path, parsed, problems, settings, dialect)
            (entries.posts if entry.kind == "post" else entries.pages).append(entry)
        else:
            entries.problems += problems
    _inherit_slugs(entries)
    entries.problems += _unset_languages((file.path for file in texts), dialect, settings)
    known = {author.slug for author in entries.authors}
    people = [author for path in dialect.people for author in _people(reader.tree.folder, path, settings)]
    entries.authors += {author.slug: author for author in reversed(people) if author.slug not in known}.values()
    return entries


def _unset_languages(files: Iterable[str], dialect: Dialect, settings: Settings) -> Iterator[Problem]:
    for tag in languages.unset(files, dialect.posts, settings):
        message = f"some texts seem to be in another language, {tag}, by the names of their files or folders"
        hint = (
            f"write `[languages.{tag}]` into {FILE_NAME} to give them lists and feeds of their own (docs/languages.md)"
        )
        yield Problem(FILE_NAME, 1, 1, "unset-language", message, hint, "hint")


def _inherit_slugs(entries: Entries) -> None:
    """Give a translation beside a text that has a slug of its own the same one, unless it sets another."""
    everything = (*entries.posts, *entries.pages)
    translations = [entry for entry in everything if entry.language and not entry.header.slug]
    if translations:
        owners = {entry.text: entry for entry in everything if entry.header.slug and not entry.language}
        for entry in translations:
            owner = owners.get(entry.text)
            if owner:
                entry.header, entry.slug = structs.replace(entry.header, slug=owner.header.slug), owner.slug


def _people(folder: Path, file: str, settings: Settings) -> Iterator[AuthorEntry]:
    """The authors in a data file."""
    path = posixpath.normpath(settings.content_root + file)
    for person in people_in(folder / file, settings.zone):
        yield AuthorEntry(path, slug_of(person.slug, settings), person.header, NO_TEXT)


def _is_of_repository(file: str, dialect: Dialect) -> bool:
    """Whether it is no page of the site; where the content folder is the whole repository, its pages have headers."""
    return _name(file).upper() in OF_REPOSITORIES or bool(dialect.skipped)


def assign_urls(entries: Iterable[Entry], urls: Urls, category_slugs: dict[str, str], dialect: Dialect) -> None:
    """Give each entry its URL, or an error that says why it cannot have one."""
    for entry in entries:
        own = _own_address(entry, urls)
        if own:
            entry.url = own
        elif entry.kind == "page":
            _assign_page_url(entry, urls, dialect)
        else:
            _assign_post_url(entry, urls, category_slugs.get(entry.header.category, ""), dialect)
        _refuse_reserved(entry, urls, dialect)


def _own_address(entry: Entry, urls: Urls) -> str:
    """The URL that the header itself names; empty if it names none that can be used."""
    typed = permalinks.own(entry.header.permalink)
    if not typed:
        return ""
    host = typed.removeprefix(urls.origin) if typed.startswith(f"{urls.origin}/") else typed
    if (
        scheme_of(host)
        or host.startswith("//")
        or "{{" in host
        or "{%" in host
        or any(mark in host for mark in NOT_IN_PATHS)
        or any(len(part.encode()) > MAX_SLUG_BYTES for part in host.split("/"))
    ):
        message = f"{typed[:60]!r} is not a path on this site, so it is not the page's address"
        entry.report("bad-permalink", message, "write it like /2025/the-ferry/", "permalink", "warning")
        return ""
    parts = {"slug": entry.slug, "title": slug_of(entry.header.title, urls.settings), "categories": ""}
    return urls.article(urls.typed(host), parts, entry.date)


def _assign_post_url(entry: Entry, urls: Urls, category: str, dialect: Dialect) -> None:
    fault = next(
        filter(None, (slug_fault(part, entry.header.slug or _name(entry.place)) for part in entry.slug.split("/"))), ""
    )
    if fault:
        entry.report("bad-slug", fault, "set another `slug` in the header", "slug")
        return
    settings, header, file = urls.settings, entry.header, entry.place
    by_rule = ""
    if dialect.permalinks:
        is_slugged = bool(header.slug) or not _DATE_PREFIX.match(_name(file))
        by_rule = dialect.permalinks.of(dialect.folder(file), is_slugged=is_slugged)
    pattern = settings.permalink or by_rule or PERMALINK
    makers: dict[str, Callable[[], str]] = {
        "slug": lambda: entry.slug,
        "category": lambda: category,
        "categories": lambda: "/".join(_categories(file, header)),
        "folder": lambda: dialect.folder(file),
        "below": lambda: dialect.below(file),
        "section": lambda: dialect.folder(file).partition("/")[0],
        "title": lambda: slug_of(header.title, settings),
        "slug_or_title": lambda: entry.slug if header.slug else slug_of(header.title, settings),
        "lang": lambda: entry.language or header.lang or settings.language,
    }
    wanted = parts_of(pattern) | parts_of(by_rule) | parts_of(PERMALINK)
    parts = {name: make() for name, make in makers.items() if name in wanted}
    missing = missing_part(pattern, entry.date, category)
    if missing and not entry.draft:
        message = f"the permalink {pattern} needs a {missing}"
        entry.report("permalink-part", message, f"add `{missing}: …` to the header")
    pattern = PERMALINK if missing else pattern
    front = f"/{entry.language}" if entry.language else ""
    entry.url = urls.article(pattern, parts, entry.date, front)
    names = (name for name in _other_slugs(entry, settings) if name != entry.slug)
    others = [urls.article(pattern, parts | {"slug": name}, entry.date, front) for name in names]
    if by_rule and by_rule != pattern:
        others.append(urls.article(by_rule, parts, entry.date, front))
    entry.former = tuple(others)


def _categories(file: str, header: PostHeader) -> Iterator[str]:
    """Jekyll's categories, as they are in its addresses: folders above `_posts`, then those of the header."""
    above, mark, _ = file.partition("_posts/")
    names = (*(above.strip("/").split("/") if mark and above else ()), *header.categories)
    return iter(dict.fromkeys(name.lower() for name in names))


def _other_slugs(entry: Entry, settings: Settings) -> Iterator[str]:
    """What the last part of the address would be if slugs were not kept as they are written, or file names were."""
    if entry.header.slug:
        yield slug_of(entry.header.slug, settings)
        return
    name = _name(entry.place)
    stamp = _DATE_PREFIX.match(name)
    name = name[stamp.end() :] if stamp else name
    if _PLAIN_NAME.fullmatch(name):
        yield name


def _refuse_reserved(entry: Entry, urls: Urls, dialect: Dialect) -> None:
    """Tell of an address that Byline itself has. What another program makes with a template there is not needed, and
    its posts there get another address."""
    is_front = entry.kind == "page" and dialect.is_own and urls.local(entry.url) in ("", "/")
    if is_front and stem_of(entry.place) == "index":
        return
    is_among_posts = entry.kind == "page" and dialect.is_own and urls.local(entry.url).startswith("/posts/")
    if not entry.url or not (urls.is_own(entry.url) or is_among_posts):
        return
    hint = "change the slug or category" if entry.kind == "post" else "rename the file, or set `slug`"
    if dialect.is_own:
        entry.report("reserved-url", f"{entry.url} is reserved for Byline", hint, "slug")
        return
    front = f"/{entry.language}" if entry.language else ""
    url = urls.article(PERMALINK, {"slug": entry.slug}, entry.date, front) if entry.kind == "post" else ""
    fate = f"at {url}" if url else "left out"
    message = f"Byline has a page of its own at {entry.url}, so this one is {fate}"
    entry.report("reserved-url", message, hint, "slug", "warning")
    entry.url = url


def settle_collisions(entries: Iterable[Entry], urls: Urls) -> None:
    """Where entries share a URL, the oldest in the main language keeps it. A translation goes below its language, as in
    other programs, which give it the same permalink; each of the others gets a number, and a warning."""
    claims: dict[str, list[Entry]] = {}
    for entry in entries:
        if entry.url:
            claims.setdefault(_file_of(entry.url), []).append(entry)
    taken = set(claims)
    for claimants in claims.values():
        keeper, *others = sorted(claimants, key=_claim)
        for entry in others:
            wanted, number = entry.url, 2
            below = f"{urls.base}/{entry.language}{urls.inner(wanted)}"
            if entry.language != urls.language_at(wanted) and _file_of(below) not in taken:
                entry.url = below
                taken.add(_file_of(below))
                message = f"{wanted} is also the URL of {keeper.path}, so this one is at {below}"
                entry.report("url-collision", message, f"write `permalink: {urls.inner(below)}`", "permalink", "hint")
                continue
            while _file_of(_numbered(wanted, number)) in taken:
                number += 1
            entry.url, entry.slug = _numbered(wanted, number), f"{entry.slug}-{number}"
            taken.add(_file_of(entry.url))
            message = f"{wanted} is also the URL of {keeper.path}, which keeps it; this one is at {entry.url}"
            entry.report("url-collision", message, "give one of them another `slug`", "slug", "warning")


def _file_of(url: str) -> str:
    """The same for addresses that a static host could not have both: `/a`, `/A.html` and `/a.html/`."""
    folded = url.casefold()
    return folded.removesuffix("/").removesuffix(".html") if folded.endswith((".html", ".html/")) else folded


def _claim(entry: Entry) -> tuple[bool, bool, tuple[int, float, str]]:
    """The first claim wins: what nobody may read yet, or any more, moves nothing that is shown."""
    return entry.status in ("draft", "expired"), bool(entry.language), seniority(entry)


def _numbered(url: str, number: int) -> str:
    ending = next((it for it in ("/", ".html", ".htm") if url.endswith(it)), "")
    return f"{url.removesuffix(ending) or '/index'}-{number}{ending}"


def seniority(entry: Entry) -> tuple[int, float, str]:
    """What is published comes before what will be, and that before all else; the older before the newer."""
    moment = entry.date.timestamp() if entry.date else math.inf
    return {"published": 0, "scheduled": 1}.get(entry.status, 2), moment, entry.path


def _entry(
    kind: Literal["post", "page"],
    path: str,
    parsed: Parsed,
    problems: list[Problem],
    settings: Settings,
    dialect: Dialect,
) -> Entry:
    header = parsed.post
    assert header is not None
    said, file = dialect.placed(path.removeprefix(settings.content_root))
    name = _name(file)
    date = header.date
    if kind == "post":
        stamped = _DATE_PREFIX.match(name)
        date = date or _day(stamped or _DATED_PATH.search(f"/{file}"), settings)
        name = name[stamped.end() :] if stamped and dialect.cuts_dates else name
        problems = [_from_name(problem) if date and not header.date else problem for problem in problems]
    if not header.title:
        first = next((heading.title for heading in parsed.toc), "") or name.replace("-", " ").replace("_", " ")
        header = structs.replace(header, title=first[:1].upper() + first[1:])
    is_hidden = dialect.is_hidden(path.removeprefix(settings.content_root))
    if is_hidden or dialect.is_draft(file):
        header = structs.replace(header, draft=True)
    if kind == "post" and not header.category and dialect.category(file):
        category = dialect.category(file)
        header = structs.replace(header, category=category, categories=(category,))
    language = settings.language_of(header.lang or said) if header.lang or said else ""
    if language and folded_tag(header.lang) in ("", folded_tag(language)):
        header = structs.replace(header, lang=language)
    slug = _slug(header, name, dialect, settings)
    entry = Entry(kind, path, header, parsed, date, slug, problems, language=language or "", place=file)
    if is_hidden:
        message = f"the settings of {dialect.name} keep this from readers, so it is a draft here"
        entry.report("kept-back", message, "remove it there to publish this", "", "hint")
    if kind == "post" and date is None and not header.draft and not any(p.code == "bad-date" for p in problems):
        if dialect.is_own:
            entry.report("missing-date", "the post has no date", "add a line `date: 2025-04-03`, or `draft: true`")
        else:
            message = "it has no date, so it is a page, and in no list or feed"
            entry.report("missing-date", message, "add a line `date: 2025-04-03` to make it a post", "", "hint")
            entry.kind = "page"
    return entry


def _slug(header: PostHeader, name: str, dialect: Dialect, settings: Settings) -> str:
    """The slug as it is written, if it can stand in an address like that; else what the site makes of the name."""
    if header.slug:
        return written_slug(header.slug) or slug_of(header.slug, settings)
    return dialect.slug_of(name, header.title, settings)


def _from_name(problem: Problem) -> Problem:
    """`problem` of a post whose file's name gives a date: an unreadable one in its header does not cost the post."""
    if problem.code != "bad-date" or not problem.message.startswith("`date`"):
        return problem
    return structs.replace(problem, message=f"{problem.message}; the file's name gives one", severity="warning")


def _assign_page_url(entry: Entry, urls: Urls, dialect: Dialect) -> None:
    inner = entry.place.removeprefix(f"{dialect.base}/") if dialect.base else entry.place
    parts = PurePosixPath(inner).with_suffix("").parts
    if parts[-1] == "index":
        parts = parts[:-1]
    names = (*parts[:-1], entry.header.slug or parts[-1]) if parts else ()
    made = [slug_of(name, urls.settings) for name in names]
    if not dialect.is_own:
        made = [dialect.slug_of(name, name, urls.settings) for name in names]
    for name, slug in zip(names, made, strict=True):
        fault = slug_fault(slug, name)
        if fault:
            entry.report("bad-slug", fault, "rename the file, or set `slug`", "slug")
            return
    front = f"/{entry.language}" if entry.language else ""
    entry.url = urls.at(f"{front}/{'/'.join(made)}/".replace("//", "/"))
    if not made and dialect.is_own:  # the front page, which had this address
        entry.former = (urls.at(f"{front}/index/"),)
    if not dialect.is_own and made:
        entry.former = (urls.at(f"{front}/{'/'.join(made)}.html"),)


def _name(path: str) -> str:
    """The name that a file gives its page; for a bundle `name/index.md`, the folder's name."""
    folder, _, file = path.rpartition("/")
    stem = posixpath.splitext(file)[0]
    return posixpath.basename(folder) or stem if stem in ("index", "_index") else stem


def _day(stamp: re.Match[str] | None, settings: Settings) -> dt.datetime | None:
    if stamp is None:
        return None
    try:
        return dt.datetime(int(stamp["year"]), int(stamp["month"]), int(stamp["day"]), tzinfo=settings.zone)
    except ValueError:
        return None
