"""URLs: makes every address of a site, turns names into slugs, and tells which addresses are the same."""

import contextlib
import datetime as dt
import functools
import itertools
import posixpath
import re
import socket
import unicodedata
from collections.abc import Container, Mapping, Sequence
from typing import NamedTuple
from urllib.parse import quote, unquote, urljoin, urlsplit

from slugify import GERMAN, GREEK, slugify

from byline.settings.settings import Settings

PORTS = {"http": 80, "https": 443}
SAFE = "/-._~!$&'()*+,;=:@"
"""Characters that stay unescaped in the path of a URL: RFC 3986, section 3.3."""
MAX_SLUG_BYTES = 200
"""File systems allow 255 bytes per name; `feed.xml` and the like go below it, and hosts add their own endings."""
PERMALINK = "/posts/{slug}/"
"""Where posts are unless the settings or the program they come from say otherwise."""
_PART = re.compile(r"\{(\w+)\}")
DATE_PARTS = ("year", "month", "day", "short_year", "i_month", "i_day", "y_day", "hour", "minute", "second")


class Format(NamedTuple):
    """A feed format: the last part of a feed's URL, which is also its template's name in `feeds/`, and its type."""

    name: str
    mimetype: str


FORMATS = (Format("feed.xml", "application/atom+xml"), Format("feed.json", "application/feed+json"))
"""Every feed exists in each of these formats. The first is the one that readers are offered by name."""

GROUPS = {"authors": "author", "tags": "tag", "categories": "category"}
"""What stories are grouped by: the first part of the group's URLs → what one member is called."""

_DOTS = re.compile(r"/(?:\.{1,2}/)+|/\.{1,2}$")  # in a rule of another program's settings: no file is called that
_SITEMAP_PART = re.compile(r"sitemap-\d+\.xml")
_IGNORED = dict.fromkeys(map(ord, "\t\r\n"))  # browsers drop these anywhere in an address
_AROUND = "".join(map(chr, range(33)))  # and these around it
_SLASHES = re.compile(r"^(https?:)?/{2,}", re.IGNORECASE)  # before a host any number of them counts as two
_SCHEME = re.compile(r"[\x00-\x20]*([A-Za-z][A-Za-z0-9+.-]*):")
_ENDING = re.compile(r"[^/]\.[A-Za-z][A-Za-z0-9]*$")  # of a file's name
_AS_WRITTEN = re.compile(r"[\w.~!$&'()+,;=@/-]+")
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")  # what slugify leaves unchanged: most file names


class Urls:
    """The addresses of the site with these `settings`, as percent-encoded paths below its host.

    `mount` is the path of `url` without its trailing slash, "" or "/repo"; `base` is that and the `prefix` at which
    the site is in its app. `origin` is scheme and host. `reserved` holds the first parts of the addresses that Byline
    itself answers. `language` is a key of the setting `languages`, or empty; `front` is the path below `base` of all
    that is in it, "/de" or "".
    """

    def __init__(
        self, settings: Settings, reserved: frozenset[str] = frozenset(), prefix: str = "", language: str = ""
    ) -> None:
        parts = urlsplit(settings.url)
        self.settings = settings
        self.reserved = reserved
        self.language = language
        self.front = f"/{language}" if language else ""
        self.mount = quoted(unquote(parts.path)).rstrip("/")
        self.prefix = quoted(prefix)
        self.base = self.mount + self.prefix
        self.origin = f"{parts.scheme}://{parts.netloc}"
        self.top = self.base + self.front
        self.home = f"{self.top}/"
        self.stories = self.top + settings.stories
        self.posts = f"{self.top}/posts/"
        self.permalink = settings.permalink or PERMALINK
        patterns = (re.escape(pattern.rstrip("/")).replace(r"\*", ".*") for pattern in settings.urls_elsewhere)
        self._elsewhere = re.compile("|".join(f"{pattern}/?" for pattern in patterns) or "(?!)")
        self.search = f"{self.top}/search/"
        self.pagefind = f"{self.base}/pagefind{self.front}/pagefind.js"
        self.missing = f"{self.top}/404.html"
        self.news_sitemap = f"{self.base}/news-sitemap.xml"
        self.robots = f"{self.base}/robots.txt"
        self.llms = f"{self.base}/llms.txt"

    @functools.cached_property
    def in_language(self) -> Mapping[str, "Urls"]:
        """Key in `languages` → the addresses of what is in that language."""
        settings = {} if self.language else self.settings.in_language
        return {code: Urls(settings[code], self.reserved, unquote(self.prefix), code) for code in settings}

    def at(self, path: str) -> str:
        """`path`, which starts with `/`, below the front page, percent-encoded."""
        return self.top + quoted(path)

    def is_elsewhere(self, path: str) -> bool:
        """Whether `path`, without the base path, is on the site's host but not the site's."""
        return bool(self._elsewhere.fullmatch(path))

    def inner(self, url: str) -> str:
        """`url` without the base path."""
        return url.removeprefix(self.base)

    def language_at(self, url: str) -> str:
        """The key in `languages` of the language below whose front page `url` is; empty for the main one."""
        first = self.inner(url).split("/", 2)[1:2]
        return first[0] if first and first[0] in self.settings.languages else ""

    def local(self, url: str) -> str:
        """`url` without the base path and the language that it is below."""
        code = self.language_at(url)
        return self.inner(url)[len(code) + 1 :] if code else self.inner(url)

    def below(self, url: str) -> str:
        """`url`, which starts with `/`, below the base path, whether or not it already includes it."""
        return url if not self.base or f"{url}/".startswith(f"{self.base}/") else self.base + url

    def absolute(self, url: str) -> str:
        """`url` with scheme and host."""
        return self.origin + url

    def group(self, name: str) -> str:
        """The list of all authors, tags or categories."""
        return f"{self.top}/{name}/"

    def topic(self, group: str, slug: str) -> str:
        """One author, tag, category or series."""
        return self.at(f"/{group}/{slug}/")

    def archive(self, year: int | None = None) -> str:
        return f"{self.top}/archive/" if year is None else f"{self.top}/archive/{year}/"

    def sitemap(self, number: int | None = None) -> str:
        """The sitemap, or one part of it."""
        return f"{self.base}/sitemap.xml" if number is None else f"{self.base}/sitemap-{number}.xml"

    def article(self, pattern: str, parts: Mapping[str, str], date: dt.datetime | None, front: str = "") -> str:
        """A post's URL by `pattern`, in which parts that the post lacks are left out; without the date that it needs,
        below `/posts/`. It is below `front`, unless the pattern has a place for the language."""
        if date is None and not parts_of(pattern).isdisjoint(DATE_PARTS):
            pattern = PERMALINK
        wanted = parts_of(pattern)
        if date and not wanted <= parts.keys():
            parts = {**parts, **_of_date(date.astimezone(self.settings.zone))}
        front = "" if "lang" in wanted else front
        path = front + _PART.sub(lambda part: parts.get(part[1], ""), pattern)
        return self.at(re.sub("/{2,}", "/", _DOTS.sub("/", path)) if "//" in path or "/." in path else path)

    def typed(self, path: str) -> str:
        """`path` as its owner typed it, as a path below the base that starts with `/` and ends as it did."""
        plain = posixpath.normpath("/" + unquote(path.strip()).lstrip("/"))
        plain = (
            plain.removeprefix(unquote(self.base))
            if self.base and f"{plain}/".startswith(f"{unquote(self.base)}/")
            else plain
        )
        plain = plain.removesuffix("index.html") if plain.endswith("/index.html") else plain
        return plain + "/" if path.rstrip().endswith("/") and not plain.endswith("/") else plain or "/"

    def alias(self, typed: str) -> str:
        """The URL of an old address as its owner typed it, ending in `/` unless it names a file.

        A number is no file's ending: `/posts/python-3.8`.
        """
        path = posixpath.normpath("/" + unquote(typed.strip()).lstrip("/"))
        if self.base and (path == self.base or path.startswith(f"{self.base}/")):
            path = path[len(self.base) :]
        path = path.removesuffix("/index.html") or "/"
        if (typed.rstrip().endswith("/") or not _ENDING.search(path)) and not path.endswith("/"):
            path += "/"
        return self.at(path)

    def is_own(self, url: str) -> bool:
        """Whether Byline itself answers `url`; articles do not count."""
        path = self.local(url) or "/"
        first, _, rest = path.lstrip("/").partition("/")
        is_reserved = first in self.reserved or _SITEMAP_PART.fullmatch(first)
        stories = self.settings.stories
        is_list = path in (stories, stories.rstrip("/")) or path.startswith(f"{stories}page/")
        if (stories != "/" and is_list) or (self.settings.llms and path == "/llms.txt"):
            return True
        return path == "/" or bool(is_reserved and (first != "posts" or not rest))

    def tag(self, url: str) -> str:
        """A name for what is at `url`; not being an address, it stays when the address changes (RFC 4151).

        The date is fixed, as in Rails' feeds, because a story's own date may be edited.
        """
        return f"tag:{self._authority},2005:{url}"

    @functools.cached_property
    def _authority(self) -> str:
        return (urlsplit(self.settings.url).hostname or "").encode("idna").decode()


def twin_url(url: str) -> str:
    """Where the Markdown of the story at `url` is: `/posts/a/index.md`, `/a.md` for `/a.html`."""
    return f"{url}index.md" if url.endswith("/") else f"{url.removesuffix('.html')}.md"


def page_url(first: str, number: int) -> str:
    """A page of the list that starts at `first`."""
    return first if number == 1 else f"{first}page/{number}/"


def page_urls(first: str, items: Sequence[object], size: int) -> list[str]:
    """All pages of a list of `items`; an empty list has one too."""
    return [page_url(first, number) for number in range(1, page_count(items, size) + 1)]


def page_count(items: Sequence[object], size: int) -> int:
    return max(1, -(-len(items) // size))


def quoted(path: str) -> str:
    """`path` percent-encoded, in NFC: the one form in which Byline keeps URLs."""
    return quote(unicodedata.normalize("NFC", path), safe=SAFE)


def scheme_of(value: str) -> str:
    """The scheme that a browser would read in `value`, or the empty string."""
    scheme = _SCHEME.match(value if value.isprintable() else value.translate(_IGNORED))
    return scheme[1].lower() if scheme else ""


@functools.lru_cache(maxsize=10_000)
def same_host(name: str) -> str:
    """One text for all ways of writing a host that lead browsers to the same one; it is only for comparing.

    Other forms of letters, invisible ones, escapes, a dot at the end, and numbers that are an IPv4 address make no
    difference: https://url.spec.whatwg.org/#host-parsing
    """
    name = unicodedata.normalize("NFKC", unquote(name)).casefold()
    with contextlib.suppress(UnicodeError):  # a part that is empty or too long
        name = name.encode("idna").decode()
    name = name.removesuffix(".")
    try:
        return socket.inet_ntoa(socket.inet_aton(name)) if name[-1:].isalnum() and "0" <= name[:1] <= "9" else name
    except (OSError, UnicodeError):
        return name


@functools.lru_cache(maxsize=50_000)
def site_path(value: str, origin: str, here: str = "/") -> str | None:
    """The path on the site at `origin` that `value`, an address on its page `here`, leads to; None for other sites.

    All spellings that a browser or a server takes for the same page give the same text, which is only for comparing:
    scheme, case, escapes, `..`, doubled and trailing slashes and `index.html` make no difference, and neither does
    the way in which the host is written.
    """
    typed = _SLASHES.sub(r"\1//", value.translate(_IGNORED).strip(_AROUND).replace("\\", "/"))
    try:
        parts = urlsplit(urljoin(origin + here, typed))
        own = urlsplit(origin)
        if parts.scheme not in PORTS or same_host(parts.hostname or "") != same_host(own.hostname or ""):
            return None
        ports = parts.port or PORTS[parts.scheme], own.port or PORTS[own.scheme]
        if ports[0] != ports[1] and ports[0] not in PORTS.values():
            return None
    except ValueError:  # `http://[`
        return None
    path = posixpath.normpath("/" + unicodedata.normalize("NFC", unquote(parts.path)).lstrip("/")).casefold()
    return path.removesuffix("/index.html") or "/"


_NORDIC = (("å", "aa"), ("Å", "Aa"), ("ø", "oe"), ("Ø", "Oe"))
LETTERS = {"de": GERMAN, "el": GREEK, "da": _NORDIC, "nb": _NORDIC, "nn": _NORDIC, "no": _NORDIC}
"""Languages that write letters of theirs in another way than the rest of the world does: https://cldr.unicode.org"""


def slug_of(name: str, settings: Settings) -> str:
    """The slug of `name`; empty if no part of it can be used in a URL. `[slugs]` in site.toml comes first."""
    chosen = settings.slugs.get(name)
    if chosen is not None:
        return chosen
    return name if _SLUG.fullmatch(name) else _slugified(name, settings.unicode_slugs, settings.language.split("-")[0])


@functools.lru_cache(maxsize=10_000)
def _slugified(name: str, allow_unicode: bool, language: str) -> str:
    # NFC first: macOS hands out decomposed names, and U+0308 alone would become a hyphen.
    # The typographic apostrophe counts as one: python-slugify makes `don-t` of Don't, but `dont` of Don’t.
    plain = unicodedata.normalize("NFC", name).replace("’", "'")
    letters = () if allow_unicode else LETTERS.get(language, ())
    return slugify(plain, replacements=letters, allow_unicode=allow_unicode)


def written_slug(typed: str) -> str:
    """The slug `typed` as it is written; empty if it cannot stand in an address like that."""
    plain = unicodedata.normalize("NFC", unquote(typed)).strip("/ ")
    is_odd = not _AS_WRITTEN.fullmatch(plain) or not any(map(str.isalnum, plain))
    return "" if is_odd or {"", ".", ".."} & {*plain.split("/")} else plain


def slug_fault(slug: str, name: str) -> str:
    """What keeps `slug` from being part of a URL, or the empty string."""
    if not slug:
        return f"no part of {name!r} can be used in a URL"
    if len(slug.encode()) > MAX_SLUG_BYTES:
        return f"the slug of {name[:40]!r}… has {len(slug.encode())} bytes; the limit is {MAX_SLUG_BYTES}"
    return ""


def numbered(slug: str, taken: Container[str]) -> str:
    """`slug` with the first number, from 2 on, with which it is not `taken`."""
    return next(name for number in itertools.count(2) if (name := f"{slug}-{number}") not in taken)


@functools.lru_cache
def parts_of(pattern: str) -> frozenset[str]:
    """The names of the parts of a permalink."""
    return frozenset(_PART.findall(pattern))


def missing_part(pattern: str, date: dt.datetime | None, category: str) -> str:
    """The part of the permalink that a post lacks, or the empty string."""
    parts = parts_of(pattern)
    if "category" in parts and not category:
        return "category"
    return "date" if date is None and not parts.isdisjoint(DATE_PARTS) else ""


def _of_date(date: dt.datetime) -> dict[str, str]:
    """The parts of a permalink that a date gives; those that no setting may name are in the rules of other programs."""
    two = {"month": date.month, "day": date.day, "hour": date.hour, "minute": date.minute, "second": date.second}
    return {name: f"{number:02}" for name, number in two.items()} | {
        "year": f"{date.year:04}",
        "short_year": f"{date.year % 100:02}",
        "i_month": str(date.month),
        "i_day": str(date.day),
        "y_day": f"{date.timetuple().tm_yday:03}",
    }
