"""Dialect: how one site keeps its posts and writes their headers and addresses.

`dialect_of` looks at a folder and says which program it is written for, and where in it the posts and authors are.
"""

import fnmatch
import os
import posixpath
import re
import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Literal

import msgspec
from msgspec import structs

from byline.dialects import languages
from byline.dialects.kept import kept_by
from byline.dialects.people import data_files
from byline.dialects.permalinks import Permalinks, main_language_of, permalinks_of
from byline.dialects.systems import ANY, AUTHORS, BLOGS, DRAFTS, HUGO, SYSTEMS, Names, System
from byline.frontmatter.headers import Habits, PostHeader
from byline.frontmatter.keys import names_of
from byline.markdown import ids
from byline.problems import SiteError
from byline.settings.file import FILE_NAME
from byline.settings.settings import Settings, folded_tag
from byline.urls import slug_of

_DATED = re.compile(r"\d{4}-\d{1,2}-\d{1,2}-")
_DATE_KEY = re.compile(r"(?im)^(?:\.\. )?\"?[\w-]*(?:date|published|created)[\w-]*\"?[ \t]*[:=]")
_SAMPLE = 30
"""Headers that are looked at where no file tells the program."""
_NOT_CONTENT = tuple(
    "node_modules bower_components vendor themes layouts templates static public build dist tests __pycache__".split()
)
TEXTS = (".md", ".markdown", ".mdown", ".mkd", ".mdx", ".html")


class Dialect(msgspec.Struct, frozen=True):
    """How one site is written. Folders are below its content folder; "" is all of it.

    In `posts` are its posts, but for the folders in `pages`; with `has_sections`, files at the top and single ones in a
    folder of their own are pages too. `kept` are paths that it reads although their names start with `_`, and
    `skipped` are those that it does not read. Addresses follow `permalinks`; their folders begin below `base`.
    """

    name: str = "byline"
    reason: str = ""
    posts: tuple[str, ...] = ("posts",)
    pages: tuple[str, ...] = ()
    authors: tuple[str, ...] = ("authors",)
    kept: tuple[str, ...] = ()
    skipped: tuple[str, ...] = ()
    has_sections: bool = False
    folder_is_category: bool = False
    names: Names = "slug"
    cuts_dates: bool = True
    base: str = ""
    permalinks: Permalinks | None = None
    hidden: tuple[str, ...] = ()
    """Patterns of the paths that the program itself keeps from readers."""
    people: tuple[str, ...] = ()
    """Data files with authors."""
    habits: Habits = Habits()
    public: str = "public"
    """The folder, in the site's, whose files are published at the root as they are."""
    is_liquid: bool = False
    """Whether `{% raw %}` means something in code, too."""
    languages: tuple[str, ...] = ()
    """Of a site that has several: all of them, the main one too."""

    def __str__(self) -> str:
        spoken = f" in {', '.join(self.languages)}" if self.languages else ""
        text = f"The texts are read as those of {self.name}{spoken} ({self.reason})"
        is_found = FILE_NAME not in self.reason
        return f'{text}; write `dialect = "{self.name}"` into {FILE_NAME} to keep it so' if is_found else text

    @property
    def is_own(self) -> bool:
        return self.name == "byline"

    def kind(self, file: str) -> Literal["post", "author", "page"]:
        """What the text at this path is, by its folder."""
        file = self.placed(file)[1] if self.languages else file
        folder = file.rpartition("/")[0]
        if any(_is_below(file, place) for place in self.authors):
            return "author"
        place = max((it for it in self.posts if _is_below(file, it)), key=len, default=None)
        if place is None or any(part in self.pages for part in folder.removeprefix(place).split("/")):
            return "page"
        inner = file.removeprefix(f"{self.base}/")
        if self.has_sections and (inner.count("/") == 0 or re.fullmatch(r"[^/]+/index\.\w+", inner)):
            return "page"
        return "post"

    def placed(self, file: str) -> tuple[str, str]:
        """The language that the path of a text says, if any, and the path that the text has in the main language.

        `x.de.md` says it, and so does a folder `de/` that is the first of all, or the first one with posts or authors.
        """
        if not self.languages:
            return "", file
        stem, ending = posixpath.splitext(file)
        stem, _, tag = stem.rpartition(".")
        code = self._language(tag)
        if code and posixpath.basename(stem):
            return code, stem + ending
        for place in dict.fromkeys(("", self.base, "posts", *self.posts, *self.authors)):
            start = f"{place}/" if place else ""
            first, _, rest = file.removeprefix(start).partition("/")
            code = self._language(first) if file.startswith(start) and rest else ""
            if code and not (place in self.posts and place and rest.partition(".")[0] == "index"):
                return code, start + rest
        return "", file

    def _language(self, tag: str) -> str:
        return next((code for code in self.languages if folded_tag(code) == folded_tag(tag)), "")

    def is_draft(self, file: str) -> bool:
        """Whether the folder alone says that a text is not published, be it among the posts or beside them."""
        return not self.is_own and any(part in DRAFTS for part in file.split("/")[:-1])

    def is_hidden(self, file: str) -> bool:
        """Whether the program's own settings keep the text at this path from readers."""
        return any(fnmatch.fnmatchcase(file, pattern) for pattern in self.hidden)

    def folder(self, file: str) -> str:
        """The folder of a text as it appears in addresses."""
        return _folder_of(file, self.base)

    def slug_of(self, name: str, title: str, settings: Settings) -> str:
        """The slug of a text that gives none: of its file's name, or of its title."""
        if self.names == "slug":
            return slug_of(name, settings)
        if self.names == "title":
            return slug_of(re.sub(r"[^\w\s-]", "", title), settings) or slug_of(name, settings)
        if self.names == "plain":
            return ids.slug(name)
        written = re.sub(r"[^\w.~!$&'()+,;=@-]+", "-", unicodedata.normalize("NFC", name)).strip("-")
        return written.lower() if self.names == "lower" else written

    def category(self, file: str) -> str:
        """The category of a post that names none."""
        return posixpath.basename(_folder_of(file, self.base)) if self.folder_is_category else ""

    def below(self, file: str) -> str:
        """The same below the folder of posts that it is in."""
        return _folder_of(
            file, max((it for it in self.posts if it and _is_below(file, it)), key=len, default=self.base)
        )


def _is_below(file: str, folder: str) -> bool:
    return not folder or file.startswith(f"{folder}/")


def _folder_of(file: str, base: str) -> str:
    inner = file.removeprefix(f"{base}/") if base else file
    folder, name = posixpath.split(inner)
    return posixpath.dirname(folder) if name.partition(".")[0] == "index" else folder


BYLINE = Dialect()


def dialect_of(folder: Path, settings: Settings) -> tuple[Dialect, Settings]:
    """How the site in `folder` is written, and its settings with the content folder that follows from that.

    The setting `dialect` names it. Without one, files that only one program has, or else most headers, tell.
    Raises SiteError if it is not known.
    """
    habits = Habits(renamed=tuple(sorted(settings.keys.items())))
    for theirs, ours in habits.renamed:
        if ours not in names_of(PostHeader).values():
            raise SiteError(f"{FILE_NAME}: `keys.{theirs}`: {ours!r} is not a key of Byline (docs/front-matter.md)")
    codes = (settings.language, *settings.languages) if settings.languages else ()
    own = structs.replace(BYLINE, habits=habits, languages=codes)
    if settings.dialect == own.name:
        return own, settings
    named = next(
        (system for system in SYSTEMS if settings.dialect and settings.dialect in (system.name, system.nickname)), None
    )
    system, reason = (named, f"`dialect` in {FILE_NAME}") if named else _found(folder, folder / settings.pages)
    if system is None:
        return own, settings
    home = next((it for it in _homes(folder) if _mark(it, system)), folder)
    settings = _with_languages(home, settings, system)
    settings = _with_content(folder, home, settings, system)
    codes = (settings.language, *settings.languages) if settings.languages else ()
    dialect = _placed(folder, home, settings, structs.replace(own, reason=reason, languages=codes), system)
    return dialect, settings


def _with_languages(home: Path, settings: Settings, system: System) -> Settings:
    """`settings` with the languages that those of `system` name, if they name none themselves."""
    main, others = ("", {}) if settings.languages else languages.named_by(system.name, home)
    main = main if settings.language == Settings().language else settings.language
    others.pop(main, None)
    return structs.replace(settings, language=main, languages=others) if others else settings


def _placed(folder: Path, home: Path, settings: Settings, own: Dialect, system: System) -> Dialect:
    """The dialect of a site of `system`, whose settings are in `home`: `own` with what its folders say."""
    content = folder / settings.pages
    is_whole = settings.pages in (".", "./") or (home != folder and content == home)
    folders = list(_folders(content, is_whole))
    kept = tuple(_kept(content, folders))
    hidden = tuple(dict.fromkeys(kept_by(system.name, home, content, folders)))
    folders = list(dict.fromkeys(own.placed(f"{it}/_")[1].removesuffix("_").rstrip("/") for it in folders))
    base = next((it for it in system.roots if it in folders and _holds_posts(folders, it, system)), "")
    site = next((it for it in (home, content) if _mark(it, system)), home)
    language = main_language_of(system.name, site)
    base = next((it for it in (f"{base}/{language}".strip("/"), language) if language and it in folders), base)
    posts = tuple(_of_posts(folders, base, system))
    permalinks = permalinks_of(system.name, system.permalink, site, posts)
    return structs.replace(
        own,
        name=system.name,
        posts=posts,
        pages=system.pages,
        authors=tuple(it for it in folders if posixpath.basename(it) in system.authors),
        kept=kept,
        skipped=_NOT_CONTENT if base or is_whole else (),
        has_sections=system.has_sections and posts == (base,),
        folder_is_category=system.folder_is_category,
        names=system.names,
        cuts_dates=system.cuts_dates if permalinks.cuts_dates is None else permalinks.cuts_dates,
        base=base,
        permalinks=permalinks,
        public=_public_of(folder, home, system),
        is_liquid=system.is_liquid,
        hidden=hidden,
        people=tuple(os.path.relpath(path, content).replace(os.sep, "/") for path in data_files(home, content, posts)),
        habits=structs.replace(own.habits, spaced=system.spaced),
    )


def _found(folder: Path, content: Path) -> tuple[System | None, str]:
    """The program whose site is in `folder`, with its texts in `content`, and what says so."""
    system, reason = _named_by_files(content)
    if (content / "posts").is_dir() and (system is None or reason.endswith("/")):
        return None, ""  # Byline's own order, whatever other folders there are
    for home in _homes(folder) if system is None else ():
        system, reason = _named_by_files(home)
        if system:
            return system, reason
    return (system, reason) if system else _named_by_headers(content if content.is_dir() else folder)


def _public_of(folder: Path, home: Path, system: System) -> str:
    """Programs with a folder of their own for this write their output to `public`."""
    return (home / system.public).relative_to(folder).as_posix() if system.public else "public"


def _homes(folder: Path) -> Iterator[Path]:
    """Where a repository may have its site."""
    yield folder
    yield from (folder / name for name in ("docs", "website", "site", "blog"))


def _named_by_files(folder: Path) -> tuple[System | None, str]:
    for system in SYSTEMS:
        mark = _mark(folder, system)
        if mark:
            return system, f"there is {mark}"
    return None, ""


def _mark(folder: Path, system: System) -> str:
    for name, words in system.marks:
        path = folder / name
        if path.is_dir() and not words:
            if name.endswith("_posts") and system.has_dated_names not in (None, _has_dated_names(path)):
                continue
            return f"{name}/"
        if path.is_file() and (not words or re.search(words, _start(path, 50_000))):
            return name
    return ""


def _has_dated_names(folder: Path) -> bool:
    names = [name for _, _, names in os.walk(folder) for name in names if name.endswith(TEXTS)]
    return sum(bool(_DATED.match(name)) for name in names) * 2 > len(names)


def _named_by_headers(content: Path) -> tuple[System | None, str]:
    """The program that most headers look like; else, where folders with names such as `blog` hold dated texts, any."""
    folders = ["", *_folders(content, is_whole=True)]
    sample = _sample(content, folders)
    for system in SYSTEMS:
        matches = sum(bool(re.search(system.sign, text)) for text in sample) if system.sign else 0
        if matches * 2 > len(sample):
            return system, "most of its headers look like that"
    if any((content / folder / "_index.md").is_file() for folder in folders):
        return HUGO, "there is _index.md"
    blogs = [folder for folder in folders if any(part in BLOGS for part in folder.split("/"))]
    texts = _sample(content, blogs)
    if sum(bool(_DATE_KEY.search(text)) for text in texts) * 2 > len(texts):
        return ANY, f"most texts in {blogs[0]}/ have dates"
    return None, ""


def _sample(content: Path, folders: Iterable[str]) -> list[str]:
    """The beginnings of some of the texts in `folders`."""
    paths = [path for folder in folders for path in _texts_in(content / folder)]
    return [_start(path, 5_000) for path in paths[:: max(1, len(paths) // _SAMPLE)]]


def _with_content(folder: Path, home: Path, settings: Settings, system: System) -> Settings:
    """`settings` with the folder where `system` keeps its texts, if the one that is set does not exist."""
    is_set = settings.pages != Settings().pages
    if (folder / settings.pages).is_dir() and (is_set or not _has_posts_beside(home, system)):
        return settings
    roots = [root for root in (*system.roots, ".") if (home / root).is_dir()]
    chosen = next((it for it in roots if _holds_posts(list(_folders(home / it, True)), "", system)), roots[0])
    return structs.replace(settings, pages=(home / chosen).relative_to(folder).as_posix())


def _has_posts_beside(home: Path, system: System) -> bool:
    """Whether the posts are beside `pages/`, as in a Jekyll site that keeps its pages there."""
    return any((home / root / name).is_dir() for root in (*system.roots, ".") for name in system.posts[:1])


def _holds_posts(folders: list[str], base: str, system: System) -> bool:
    return any(_is_below(f"{it}/", base) and f"/{it}".endswith(tuple(f"/{n}" for n in system.posts)) for it in folders)


def _of_posts(folders: list[str], base: str, system: System) -> Iterator[str]:
    """The folders that hold posts; all below `base` where they may be anywhere."""
    if system.is_loose:
        yield base
        return
    found = [
        it for it in folders if _is_below(f"{it}/", base) and f"/{it}".endswith(tuple(f"/{n}" for n in system.posts))
    ]
    tops = [it for it in found if not any(_is_below(it, other) for other in found)]
    yield from tops or [base]


def _folders(content: Path, is_whole: bool) -> Iterator[str]:
    """Every folder below `content` that may hold texts; `is_whole` says that the site's other files are there too."""
    for place, names, _ in os.walk(content):
        names[:] = sorted(name for name in names if not name.startswith(".") and _is_open(name))
        here = os.path.relpath(place, content).replace(os.sep, "/")
        if here == "." and is_whole:
            names[:] = [name for name in names if name not in _NOT_CONTENT]
        if here != ".":
            yield here


def _is_open(name: str) -> bool:
    return not name.startswith("_") or name in (*DRAFTS, "_posts", "_authors")


def _kept(content: Path, folders: Iterable[str]) -> Iterator[str]:
    """What is read although its name starts with `_`."""
    for folder in folders:
        if posixpath.basename(folder).startswith("_"):
            yield folder
        if posixpath.basename(posixpath.dirname(folder)) in AUTHORS and (content / folder / "_index.md").is_file():
            yield f"{folder}/_index.md"


def _texts_in(folder: Path) -> list[Path]:
    try:
        return sorted(folder / name for name in os.listdir(folder) if name.endswith(TEXTS) and name[0] not in "._")
    except OSError:
        return []


def _start(path: Path, most: int) -> str:
    try:
        with path.open(encoding="utf-8", errors="replace") as file:
            return file.read(most)
    except OSError:
        return ""
