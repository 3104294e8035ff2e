"""People: authors in data files, as other programs keep them: a table of them, a list, or a file each."""

import posixpath
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

from byline.frontmatter import syntax
from byline.frontmatter.headers import AuthorHeader, read_author
from byline.frontmatter.keys import normal
from byline.frontmatter.syntax import Node

ENDINGS = (".yml", ".yaml", ".json", ".toml")
MAX_BYTES = 1_000_000
_NAMES = ("authors", ".authors", "author", "people")
_PLACES = ("", "data", "_data", "src/data", "content", "src/content", "blog")
_NAMED_BY = ("id", "slug", "username", "handle", "key", "name")
_PROFILES = {
    "url": "{}",
    "website": "{}",
    "homepage": "{}",
    "github": "https://github.com/{}",
    "twitter": "https://x.com/{}",
    "linkedin": "https://www.linkedin.com/in/{}",
    "mastodon": "{}",
}
"""Keys of profiles, and the address that a name there stands for."""


class Person(NamedTuple):
    slug: str
    header: AuthorHeader
    line: int


def data_files(home: Path, content: Path, posts: Iterable[str]) -> Iterator[Path]:
    """The files with authors of the site in `home`, whose texts are in `content`."""
    folders = [*(home / place for place in _PLACES), content, *(content / place for place in posts)]
    folders += [folder.parent for folder in folders[-1:] if folder != content]
    for folder in dict.fromkeys(folders):
        for name in _NAMES:
            yield from (path for ending in ENDINGS if (path := folder / f"{name}{ending}").is_file())
            inner = folder / name
            if inner.is_dir():
                yield from sorted(path for path in inner.iterdir() if path.suffix in ENDINGS)


def people_in(path: Path, zone: ZoneInfo) -> Iterator[Person]:
    """The authors in one file. One that cannot be read holds none: another program may have other plans for it."""
    try:
        with path.open(encoding="utf-8") as file:
            text = file.read(MAX_BYTES).replace("\t", "  ")
        form = "toml" if path.suffix == ".toml" else "yaml"
        listed = text.lstrip().startswith(("-", "["))
        text = "people:\n" + text if listed else text
        table = syntax.read(syntax.Split(form, text, 0 if listed else 1, "", 1))
    except (OSError, UnicodeDecodeError, syntax.HeaderError):
        return
    if len(table) == 1 and not isinstance(next(iter(table.values())).value, str):
        only = next(iter(table.values()))
        if normal(only.key) in ("people", "authors", "author"):
            table = _by_name(only)
    tables = {name: node for name, node in table.items() if isinstance(node.value, dict)}
    if any(isinstance(node.value, str) and normal(name) == "name" for name, node in table.items()):
        tables = {path.stem: Node(table, 1, 1)}
    for name, node in tables.items():
        yield Person(name, _header(node, zone), node.line)


def _by_name(node: Node) -> dict[str, Node]:
    """A list of authors as a table."""
    if isinstance(node.value, dict):
        return node.value
    items = [item for item in node.value if isinstance(item, Node) and isinstance(item.value, dict)]
    return {name: item for item in items if (name := _first(item, _NAMED_BY))}


def _first(node: Node, keys: Iterable[str]) -> str:
    table = node.value if isinstance(node.value, dict) else {}
    texts = {normal(key): value.value for key, value in table.items() if isinstance(value.value, str)}
    return next((texts[key] for key in keys if texts.get(key)), "")


def _header(node: Node, zone: ZoneInfo) -> AuthorHeader:
    table = node.value if isinstance(node.value, dict) else {}
    has_name = any(normal(key) == "name" for key in table)
    inner = {key: value for key, value in table.items() if not (has_name and normal(key) == "title")}
    if not any(normal(key) in ("links", "social", "socials") for key in inner):
        links = dict(_profiles(inner))
        inner = {key: value for key, value in inner.items() if normal(key) not in _PROFILES}
        inner |= {"links": Node(links, node.line, node.col, key="links")} if links else {}
    return read_author(inner, zone)[0]


def _profiles(table: dict[str, Node]) -> Iterator[tuple[str, Node]]:
    for key, node in table.items():
        form = _PROFILES.get(normal(key))
        if form and isinstance(node.value, str) and node.value.strip():
            value = node.value.strip()
            address = value if "/" in value else form.format(value.removeprefix("@"))
            title = posixpath.basename(value) if form == "{}" and "/" not in value else normal(key).capitalize()
            yield ("Website" if normal(key) in ("url", "homepage") else title), node._replace(value=address)
