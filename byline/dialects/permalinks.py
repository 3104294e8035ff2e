"""Permalinks: the addresses of posts, as patterns, and the rules of other programs read as such patterns."""

import ast
import posixpath
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec

from byline.frontmatter import syntax
from byline.problems import Problem, read_toml

MAX_BYTES = 200_000
"""Of a settings file that is read."""
_COMMON = {
    "year": "{year}",
    "month": "{month}",
    "day": "{day}",
    "short_year": "{short_year}",
    "i_month": "{i_month}",
    "i_day": "{i_day}",
    "hour": "{hour}",
    "minute": "{minute}",
    "second": "{second}",
    "y_day": "{y_day}",
    "categories": "{categories}",
    "slugified_categories": "{categories}",
    "category": "{categories}",
    "slug": "{slug}",
    "name": "{slug}",
}
_JEKYLL = _COMMON | {"title": "{slug}", "output_ext": ".html", "collection": "posts", "path": "{folder}/{slug}"}
_HUGO = _COMMON | {
    "slug": "{slug_or_title}",
    "title": "{title}",
    "filename": "{slug}",
    "slugorfilename": "{slug}",
    "contentbasename": "{slug}",
    "slugorcontentbasename": "{slug}",
    "section": "{section}",
    "sections": "{folder}",
    "yearday": "{y_day}",
}
_HEXO = _COMMON | {"title": "{below}/{slug}", "post_title": "{title}"}
_STYLES = {
    "date": "/:categories/:year/:month/:day/:title.html",
    "pretty": "/:categories/:year/:month/:day/:title/",
    "ordinal": "/:categories/:year/:y_day/:title.html",
    "none": "/:categories/:title.html",
}
"""Jekyll's names: https://jekyllrb.com/docs/permalinks/#built-in-formats"""
_STRFTIME = {"%Y": "{year}", "%m": "{month}", "%d": "{day}", "%y": "{short_year}", "%-m": "{i_month}", "%-d": "{i_day}"}
HEXO = "/{year}/{month}/{day}/{below}/{slug}/"
_HUGO_ENDINGS = ("toml", "yaml", "yml", "json")
HUGO_FILES = tuple(
    f"{place}{ending}"
    for place in ("hugo.", "config.", "config/_default/hugo.", "config/_default/config.")
    for ending in _HUGO_ENDINGS
)
_TOKEN = re.compile(r":([a-z_]+)")
_PART = re.compile(r"\{(\w+)\}")


class Permalinks(msgspec.Struct, frozen=True):
    """The patterns of a site's addresses: `default`, and others for posts below some folders. `slugged`, where there is
    one, is for posts that have a slug of their own, or no date in their name."""

    default: str
    sections: tuple[tuple[str, str], ...] = ()
    slugged: str = ""
    cuts_dates: bool | None = None
    """Whether a date in a file's name is no part of its slug, where the site's settings say so."""

    def of(self, folder: str, *, is_slugged: bool) -> str:
        """The pattern for a post in `folder`."""
        for section, pattern in self.sections:
            if f"{folder}/".startswith(f"{section}/"):
                return pattern
        return self.slugged if is_slugged and self.slugged else self.default


def permalinks_of(system: str, default: str, folder: Path, posts: tuple[str, ...]) -> Permalinks:
    """What the settings of a site of `system` in `folder` say of its addresses, or else `default`."""
    read = _READERS.get(system)
    found = read(folder, posts) if read else None
    return found or Permalinks(default)


def main_language_of(system: str, folder: Path) -> str:
    """The folder of the language that has no part in addresses, if the settings of a site of `system` name one."""
    if system != "hugo":
        return ""
    settings = table_in(folder, *HUGO_FILES)
    languages = settings.get("languages") or table_in(folder, *hugo_files("languages"))
    folded = {str(key).lower(): value for key, value in settings.items()}
    main = _text(folded.get("defaultcontentlanguage")) or "en"
    chosen = {str(key).lower(): value for key, value in _table(_inner(_table(languages), main)).items()}
    if not settings:
        return ""
    in_address = str(folded.get("defaultcontentlanguageinsubdir")).lower() == "true"
    place = _text(chosen.get("contentdir")) or _text(folded.get("contentdir"))
    return "" if in_address else posixpath.basename(place.rstrip("/")) if place else main


def translated(rule: str, names: Mapping[str, str]) -> str:
    """A rule such as `/:year/:title/` as a pattern; empty if it has a part that is unknown."""
    if not rule or any(token[1] not in names for token in _TOKEN.finditer(rule)):
        return ""
    return "/" + _TOKEN.sub(lambda token: names[token[1]], rule).lstrip("/")


def own(typed: str) -> str:
    """A permalink in a header, in which Jekyll and Hexo allow the parts of their rules."""
    return translated(typed, _JEKYLL) or typed if _TOKEN.search(typed) else typed


def _jekyll(folder: Path, _posts: tuple[str, ...]) -> Permalinks | None:
    settings = table_in(folder, "_config.yml", "_config.yaml")
    scopes = settings.get("defaults")
    defaults = [_table(one) for one in scopes] if isinstance(scopes, list) else []
    of_posts = (
        one
        for one in defaults
        if _inner(one, "scope", "type") == "posts" or "_posts" in _text(_inner(one, "scope", "path"))
    )
    rules = (_text(_inner(one, "values", "permalink")) for one in of_posts)
    rule = _text(_inner(settings, "collections", "posts", "permalink")) or _text(settings.get("permalink"))
    rule = next(filter(None, rules), rule)
    pattern = translated(_STYLES.get(rule, rule), _JEKYLL) if rule else ""
    return Permalinks(pattern) if pattern else None


def hugo_files(part: str) -> Iterator[str]:
    return (f"config/_default/{part}.{ending}" for ending in _HUGO_ENDINGS)


def _hugo(folder: Path, _posts: tuple[str, ...]) -> Permalinks | None:
    settings = table_in(folder, *HUGO_FILES)
    rules = settings.get("permalinks") or table_in(folder, *hugo_files("permalinks"))
    rules = _table(_table(rules).get("page") or rules)
    ending = ".html" if str(settings.get("uglyURLs", settings.get("uglyurls"))).lower() == "true" else "/"
    default = f"/{{folder}}/{{slug}}{ending}"
    sections = []
    for section, rule in rules.items():
        pattern = translated(_text(rule), _HUGO)
        if pattern and section == "/":
            default = pattern
        elif pattern:
            sections.append((section.strip("/"), pattern if pattern.endswith((".html", "/")) else f"{pattern}/"))
    dates = _inner(settings, "frontmatter", "date")
    return Permalinks(default, tuple(sections), cuts_dates=isinstance(dates, list) and ":filename" in dates)


def _hexo(folder: Path, _posts: tuple[str, ...]) -> Permalinks | None:
    settings = table_in(folder, "_config.yml")
    pattern = translated(_text(settings.get("permalink")), _HEXO) or HEXO
    return Permalinks(pattern, cuts_dates=":year" in _text(settings.get("new_post_name")))


def _pelican(folder: Path, _posts: tuple[str, ...]) -> Permalinks | None:
    values = constants_in(folder, "pelicanconf.py") | constants_in(folder, "publishconf.py")
    rule = _text(values.get("ARTICLE_URL"))
    pattern = re.sub(r"\{date:((?:%-?\w|[/_.-])+)\}", lambda date: _strftime(date[1]), rule)
    pattern = pattern.replace("{category}", "{categories}")
    known = set(_PART.findall(pattern)) <= {"slug", "categories", "year", "month", "day", "short_year"}
    return Permalinks("/" + pattern.lstrip("/")) if rule and known and "{date" not in pattern else None


def _strftime(form: str) -> str:
    return re.sub(r"%-?\w", lambda one: _STRFTIME.get(one[0], "{date}"), form)


def _nikola(folder: Path, _posts: tuple[str, ...]) -> Permalinks | None:
    values = constants_in(folder, "conf.py")
    places = values.get("POSTS")
    if not isinstance(places, tuple | list) or not places:
        return None
    ending = "/" if values.get("PRETTY_URLS", True) else ".html"
    sections = [
        (
            posixpath.dirname(place[0].replace("**", "*")).strip("/*"),
            f"/{place[1].strip('/')}/{{below}}/{{slug}}{ending}",
        )
        for place in places
        if isinstance(place, tuple | list) and len(place) > 1 and all(isinstance(it, str) for it in place[:2])
    ]
    return Permalinks(sections[0][1], tuple(sections)) if sections else None


def _docusaurus(folder: Path, _posts: tuple[str, ...]) -> Permalinks | None:
    text = next((_read(path) for path in sorted(folder.glob("docusaurus.config.*"))), "")
    base = re.search(r"\bblog:\s*\{[^}]*?routeBasePath:\s*['\"]([^'\"]*)['\"]", text)
    start = f"/{base[1].strip('/')}/" if base else "/blog/"
    return Permalinks(f"{start}{{year}}/{{month}}/{{day}}/{{slug}}/", (), f"{start}{{slug}}/")


def _mkdocs(folder: Path, _posts: tuple[str, ...]) -> Permalinks | None:
    plugins = table_in(folder, "mkdocs.yml", "mkdocs.yaml").get("plugins")
    blogs = [one.get("blog") for one in plugins if isinstance(one, dict)] if isinstance(plugins, list) else []
    options = next((one for one in blogs if isinstance(one, dict)), {})
    place, form = _text(options.get("blog_dir")) or "blog", _text(options.get("post_url_format")) or "{date}/{slug}"
    date = _text(options.get("post_url_date_format")) or "yyyy/MM/dd"
    for theirs, ours in (("yyyy", "{year}"), ("MM", "{month}"), ("dd", "{day}")):
        date = date.replace(theirs, ours)
    form = form.replace("{date}", date).replace("{file}", "{file}")
    return Permalinks(f"/{place.strip('./')}/{form.strip('/')}/".replace("//", "/"))


def _eleventy(folder: Path, posts: tuple[str, ...]) -> Permalinks | None:
    """The data file of a folder with posts: https://www.11ty.dev/docs/data-template-dir/"""
    sections = []
    for place in posts:
        name = posixpath.basename(place) or "posts"
        rule = next(
            (
                text
                for base in (folder, folder / "src", folder / "content")
                if (text := _text(table_in(base / place, f"{name}.json", f"{name}.11tydata.json").get("permalink")))
            ),
            "",
        )
        pattern = re.sub(r"\{\{\s*(?:page\.)?fileSlug\b[^}]*\}\}", "{slug}", rule)
        pattern = re.sub(r"\{\{\s*title\s*\|\s*slug\w*\s*\}\}", "{title}", pattern).removesuffix("index.html")
        if pattern and "{{" not in pattern and "{%" not in pattern:
            sections.append((place, "/" + pattern.lstrip("/")))
    return Permalinks("/{folder}/{slug}/", tuple(sections))


def _astro(folder: Path, _posts: tuple[str, ...]) -> Permalinks | None:
    """The route that shows entries of a collection: https://docs.astro.build/en/guides/routing/#dynamic-routes"""
    pages = folder / "src" / "pages"
    for path in sorted(pages.rglob("[[]*.astro"), key=lambda path: len(path.parts)) if pages.is_dir() else ():
        route = path.relative_to(pages).with_suffix("").as_posix().removesuffix("/index")
        if re.search(r"\[(?:\.\.\.)?(?:slug|id)\]$", route) and not re.search(r"tag|categor|author|page", route):
            return Permalinks("/" + re.sub(r"\[[^\]]*\]$", "{below}/{slug}/", route))
    return None


_READERS: Mapping[str, Callable[[Path, tuple[str, ...]], Permalinks | None]] = {
    "jekyll": _jekyll,
    "hugo": _hugo,
    "hexo": _hexo,
    "pelican": _pelican,
    "nikola": _nikola,
    "docusaurus": _docusaurus,
    "mkdocs": _mkdocs,
    "eleventy": _eleventy,
    "astro": _astro,
}


def table_in(folder: Path, *names: str) -> dict[str, Any]:
    """The first of these files of settings that can be read, as a table; empty if there is none."""
    for name in names:
        text = _read(folder / name)
        if not text:
            continue
        if name.endswith(".toml"):
            table = read_toml(name, text)
            if not isinstance(table, Problem):
                return table
            continue
        try:
            nodes = syntax.read(syntax.Split("yaml", re.sub(r"!!?[\w/:.]+", "", text).replace("\t", "  "), 1, "", 1))
        except syntax.HeaderError:
            continue
        return {key: syntax.plain_value(node) for key, node in nodes.items()}
    return {}


def constants_in(folder: Path, name: str) -> dict[str, Any]:
    """The values of a Python file of settings that are plain. It is read, never run."""
    values: dict[str, Any] = {}
    try:
        lines = ast.parse(_read(folder / name)).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return values
    for line in lines:
        if isinstance(line, ast.Assign) and isinstance(line.targets[0], ast.Name):
            try:
                values[line.targets[0].id] = ast.literal_eval(line.value)
            except (ValueError, TypeError, RecursionError, MemoryError):
                continue
    return values


def _read(path: Path) -> str:
    try:
        with path.open(encoding="utf-8", errors="replace") as file:
            return file.read(MAX_BYTES)
    except OSError:
        return ""


def _inner(table: Mapping[str, Any], *keys: str) -> Any:
    value: Any = table
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return value


def _table(value: Any) -> dict[str, Any]:
    """`value` if it is a table, as it should be."""
    return value if isinstance(value, dict) else {}


def _text(value: Any) -> str:
    return value.strip() if isinstance(value, str) else ""
