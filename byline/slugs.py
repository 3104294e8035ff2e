"""Slugs and permalinks: names as parts of a URL."""

import datetime as dt
import functools
import re
import unicodedata
from zoneinfo import ZoneInfo

from slugify import slugify

from byline.addresses import quoted
from byline.settings import Settings

MAX_SLUG_BYTES = 200
"""File systems take 255 bytes a name; `feed.xml` and friends lie below it, hosts add their own endings."""

RESERVED = frozenset(
    "- 404.html archive attachments authors categories feed.json feed.xml healthz media news-sitemap.xml page pagefind"
    " posts robots.txt search series sitemap.xml static tags".split()
)
"""First parts of the URLs that Byline itself answers."""

DATE_PARTS = ("{year}", "{month}", "{day}")

_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")  # what slugify leaves as it is, as most file names are


def slug_of(name: str, settings: Settings) -> str:
    """The slug of `name`; empty where nothing of it can stand in a URL. `[slugs]` of site.toml goes first."""
    chosen = settings.slugs.get(name)
    if chosen is not None:
        return chosen
    return name if _SLUG.fullmatch(name) else _slugified(name, settings.unicode_slugs)


@functools.lru_cache(maxsize=10_000)
def _slugified(name: str, allow_unicode: bool) -> str:
    # NFC first: macOS hands out decomposed names, and U+0308 alone would become a hyphen.
    # The typographic apostrophe is one: python-slugify makes `don-t` of Don't, but `dont` of Don’t.
    return slugify(unicodedata.normalize("NFC", name).replace("’", "'"), allow_unicode=allow_unicode)


def fault_of(slug: str, name: str) -> str:
    """What keeps `slug` from being part of a URL, or the empty string."""
    if not slug:
        return f"nothing of {name!r} can stand in a URL"
    if len(slug.encode()) > MAX_SLUG_BYTES:
        return f"the slug of {name[:40]!r}… has {len(slug.encode())} bytes; {MAX_SLUG_BYTES} is the most"
    return ""


def below(settings: Settings, url: str) -> str:
    """`url`, which starts with `/`, below the site's base path, whether it was written with it or not."""
    base = settings.base_path
    return url if not base or f"{url}/".startswith(f"{base}/") else base + url


def is_own(url: str, settings: Settings) -> bool:
    """Whether `url`, an article's aside, is one that Byline itself answers."""
    path = url.removeprefix(settings.base_path)
    first, _, rest = path.lstrip("/").partition("/")
    return path == "/" or (first in RESERVED and (first != "posts" or not rest))


def missing_part(settings: Settings, date: dt.datetime | None, category: str) -> str:
    """The part of the permalink that a post lacks, or the empty string."""
    if "{category}" in settings.permalink and not category:
        return "category"
    if date is None and any(part in settings.permalink for part in DATE_PARTS):
        return "date"
    return ""


def permalink(settings: Settings, zone: ZoneInfo, slug: str, date: dt.datetime | None, category: str) -> str:
    """The URL of a post, as a path below the site's host."""
    pattern = "/posts/{slug}/" if missing_part(settings, date, category) else settings.permalink
    parts = {"slug": slug, "category": category, "year": "", "month": "", "day": ""}
    if date and any(part in pattern for part in DATE_PARTS):
        local = date.astimezone(zone)
        parts |= {"year": f"{local.year:04}", "month": f"{local.month:02}", "day": f"{local.day:02}"}
    return url_of(settings, pattern.format(**parts))


def url_of(settings: Settings, path: str) -> str:
    """`path`, which starts with `/`, below the site's base path, percent-encoded."""
    return settings.base_path + quoted(path)
