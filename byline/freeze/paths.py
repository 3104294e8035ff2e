"""Output paths: the file that serves a URL on a static host, and clashes between such files."""

import functools
import os
import re
import unicodedata
from collections.abc import Container, Iterable
from urllib.parse import unquote

from byline.freeze.manifest import OWN
from byline.problems import Problem
from byline.site import Site

MAX_NAME_BYTES = 255
PAGES = (".html", ".htm", ".xml", ".json", ".txt")
"""Endings of files that hosts send as what they are."""
IS_WINDOWS = os.name == "nt"

_DEVICES = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?", re.IGNORECASE)
_FORBIDDEN = re.compile(r'[<>:"|?*\\\x00-\x1f]')


def output_path(url: str, base: str, *, is_page: bool = False) -> str:
    """`/repo/posts/a/` → `posts/a/index.html`. A page at `/a` is in `a.html`, where hosts look for it."""
    path = unquote(url.removeprefix(base)).lstrip("/")
    if not path or path.endswith("/"):
        return f"{path}index.html"
    return f"{path}.html" if is_page and not path.endswith(PAGES) else path


def files_of(site: Site, urls: Iterable[str]) -> tuple[dict[str, str], list[str]]:
    """The file of each URL (path → URL), and faults, in words, for URLs that would be the same file."""
    paths: dict[str, str] = {}
    faults = []
    for url in urls:
        path = output_path(url, site.urls.mount, is_page=_is_page(url, site))
        if paths.setdefault(path, url) != url:
            faults.append(f"{url} and {paths[path]} are the same file on a static host")
    return paths, faults


def _is_page(url: str, site: Site) -> bool:
    return url in site.by_url or (url in site.redirects and "." not in url.rpartition("/")[2])


def taken(paths: dict[str, str], of_hosts: Container[str]) -> list[str]:
    """A fault, in words, for each URL whose file a host's configuration would replace."""
    return [
        f"{url} is also the file that `hosts` in site.toml makes" for path, url in paths.items() if path in of_hosts
    ]


def unprintable(site: Site, urls: Iterable[str], of_hosts: Container[str]) -> list[Problem]:
    """An error for each fault that would stop a freeze, at the file to blame if it is known."""
    paths, faults = files_of(site, urls)
    owners = {url: item.path for url, item in site.by_url.items()}
    owners |= {alias: item.path for item in site.by_url.values() for alias in item.aliases}
    owners |= {url: file.source for url, file in site.files.items() if file.source.startswith("public/")}
    problems = []
    for fault in faults + taken(paths, of_hosts) + clashes(paths):
        owner = next((owners[word.rstrip(":")] for word in fault.split() if word.rstrip(":") in owners), "site.toml")
        problems.append(Problem(owner, 1, 1, "unprintable", fault, "change one of the addresses"))
    for path, url in paths.items():
        odd = "" if IS_WINDOWS else next(filter(None, map(_fault_on_windows, path.split("/"))), "")
        if odd:
            owner = owners.get(url, "site.toml")
            hint = "change the address if anybody works there"
            problems.append(Problem(owner, 1, 1, "unprintable", f"{url}: {odd}", hint, "warning"))
    return problems


def clashes(paths: dict[str, str]) -> list[str]:
    """What keeps the files (path → URL) from sharing one folder on every common file system, in words."""
    faults = [f"{url}: {fault}" for path, url in paths.items() for fault in _bad_names(path)]
    by_fold: dict[str, list[str]] = {}
    for path in paths:
        by_fold.setdefault(_folded(path), []).append(path)
    for same in by_fold.values():
        if len(same) > 1:
            urls = " and ".join(paths[path] for path in sorted(same))
            faults.append(f"{urls} differ only in case or Unicode form, so some disks would keep only one of them")
    folders: dict[str, str] = {}
    for path, url in paths.items():
        folder = path
        while (folder := folder.rpartition("/")[0]) and folder not in folders:
            folders[folder] = url
    for folder, url in folders.items():
        clash = by_fold.get(_folded(folder), ())
        faults += [f"{paths[other]} is a file where {url} needs a folder" for other in clash]
    return faults


def _bad_names(path: str) -> Iterable[str]:
    names = path.split("/")
    return filter(None, (*map(_fault_of, names), *(map(_fault_on_windows, names) if IS_WINDOWS else ())))


@functools.lru_cache(maxsize=100_000)
def _fault_of(name: str) -> str:
    if name in (".", "..", OWN):
        return f"no file can be named {name!r}"
    if any(ord(letter) < 32 or ord(letter) == 127 for letter in name):
        return f"{name!r} has a control character in its name"
    if len(name.encode()) > MAX_NAME_BYTES:
        return f"{name[:40]!r}… is longer than {MAX_NAME_BYTES} bytes"
    return ""


@functools.lru_cache(maxsize=100_000)
def _fault_on_windows(name: str) -> str:
    if _DEVICES.fullmatch(name) or _FORBIDDEN.search(name) or name.endswith((".", " ")):
        return f"{name!r} is not a valid file name on Windows"
    return ""


def _folded(path: str) -> str:
    if path.isascii():
        return path.lower()
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", path).casefold())
