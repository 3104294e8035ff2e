"""Kept: what another program keeps from readers by its settings, or by the header of a folder, as patterns of paths."""

import os
import posixpath
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from byline.dialects.permalinks import HUGO_FILES, constants_in, hugo_files, table_in
from byline.frontmatter import syntax
from byline.frontmatter.fields import TRUE
from byline.frontmatter.publication import said
from byline.frontmatter.syntax import Node


def kept_by(system: str, home: Path, content: Path, folders: Iterable[str]) -> Iterator[str]:
    """Patterns of the paths below `content` that the site of `system` in `home` has, but does not publish.

    In a pattern, `*` stands for anything. `folders` are those below `content`.
    """
    start = os.path.relpath(content, home).replace(os.sep, "/")
    start = "" if start == "." else f"{start}/"
    settings = _BY_SETTINGS.get(system)
    for path in settings(home) if settings else ():
        yield path.removeprefix(start) if path.startswith(start) else path
    is_kept = _BY_FOLDER.get(system)
    for folder in ("", *folders) if is_kept else ():
        if is_kept and is_kept(content / folder):
            yield f"{folder}/*".lstrip("/")


def _zola(folder: Path) -> bool:
    """https://www.getzola.org/documentation/content/section/: a section that is a draft, and all in it"""
    return _is_kept(_header(folder / "_index.md"))


def _hugo(folder: Path) -> bool:
    """https://gohugo.io/content-management/front-matter/#cascade"""
    cascade = next((node for key, node in _header(folder / "_index.md").items() if key.lower() == "cascade"), None)
    those = () if cascade is None else cascade.value if isinstance(cascade.value, tuple) else (cascade,)
    return any(_is_kept(it.value) for it in those if isinstance(it, Node) and isinstance(it.value, dict))


def _eleventy(folder: Path) -> bool:
    """https://www.11ty.dev/docs/data-template-dir/"""
    files = (folder / f"{folder.name}{ending}" for ending in (".json", ".11tydata.json"))
    return any(_is_kept(_read(path, "yaml")) for path in files if path.is_file())


def _is_kept(header: dict[str, Node]) -> bool:
    drafts = (node.value for key, node in header.items() if key.lower() == "draft")
    return any(isinstance(it, str) and it.lower() in TRUE for it in drafts) or any(
        it.meaning == "kept" for it in said(header)
    )


def _header(path: Path) -> dict[str, Node]:
    return _read(path, "") if path.is_file() else {}


def _read(path: Path, form: str) -> dict[str, Node]:
    """The header of a text; or, with a `form`, a whole file. One that cannot be read says nothing."""
    try:
        text = path.read_text(encoding="utf-8-sig", errors="replace")
        part = syntax.Split("yaml", text.replace("\t", "  "), 1, "", 1) if form else syntax.split(text, bool)
        return syntax.read(part)
    except (OSError, syntax.HeaderError):
        return {}


def _of_jekyll(home: Path) -> Iterator[str]:
    """https://jekyllrb.com/docs/configuration/options/, https://jekyllrb.com/docs/configuration/front-matter-defaults/"""
    settings = table_in(home, "_config.yml", "_config.yaml")
    paths = [settings.get("exclude")] if isinstance(settings.get("exclude"), str) else _list(settings.get("exclude"))
    for one in _list(settings.get("defaults")):
        scope, values = (one.get(it) if isinstance(one, dict) else None for it in ("scope", "values"))
        if isinstance(scope, dict) and isinstance(values, dict) and values.get("published") is False:
            paths.append(scope.get("path") or ("*_posts/*" if scope.get("type") == "posts" else "*"))
    for path in paths:
        if isinstance(path, str) and path.strip("/ ."):
            yield path.strip("/ ")
            yield f"{path.strip('/ ')}/*"


def _of_hugo(home: Path) -> Iterator[str]:
    """https://gohugo.io/configuration/languages/: those that are not built"""
    settings = table_in(home, *HUGO_FILES)
    languages = settings.get("languages") or table_in(home, *hugo_files("languages"))
    codes = [it for key, value in settings.items() if key.lower() == "disablelanguages" for it in _list(value)]
    tables = languages.items() if isinstance(languages, dict) else ()
    codes += [code for code, own in tables if isinstance(own, dict) and own.get("disabled") is True]
    for code in codes:
        yield f"*.{code}.*"
        yield from (f"content/{code}/*", f"{code}/*")


def _of_mkdocs(home: Path) -> Iterator[str]:
    """https://www.mkdocs.org/user-guide/configuration/#exclude_docs"""
    settings = table_in(home, "mkdocs.yml", "mkdocs.yaml")
    lines = "\n".join(it for key in ("exclude_docs", "draft_docs") if isinstance(it := settings.get(key), str))
    for line in lines.split("\n"):
        name = line.strip()
        if name and name[0] not in "#!":
            is_anchored = "/" in name.rstrip("/")
            for start in ("",) if is_anchored else ("", "*/"):
                yield start + name.strip("/")
                yield f"{start}{name.strip('/')}/*"


def _of_pelican(home: Path) -> Iterator[str]:
    """https://docs.getpelican.com/en/stable/settings.html"""
    values = constants_in(home, "pelicanconf.py") | constants_in(home, "publishconf.py")
    root = values.get("PATH") if isinstance(values.get("PATH"), str) else "content"
    for folder in filter(None, _texts(values.get("ARTICLE_EXCLUDES"))):
        yield posixpath.normpath(f"{root}/{folder}/*")
    for name in _texts(values.get("IGNORE_FILES")):
        yield from (name, f"*/{name}")


def _list(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list | tuple) else []


def _texts(value: Any) -> list[str]:
    return [it for it in _list(value) if isinstance(it, str)]


_BY_FOLDER: Mapping[str, Callable[[Path], bool]] = {"zola": _zola, "hugo": _hugo, "eleventy": _eleventy}
_BY_SETTINGS: Mapping[str, Callable[[Path], Iterable[str]]] = {
    "jekyll": _of_jekyll,
    "hugo": _of_hugo,
    "mkdocs": _of_mkdocs,
    "pelican": _of_pelican,
}
