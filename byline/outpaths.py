"""Output paths: the file that stands for a URL on a static host, and clashes between such files."""

import re
import unicodedata
from collections.abc import Iterable
from pathlib import PurePosixPath
from urllib.parse import unquote

from byline.output import OWN

MAX_NAME_BYTES = 255

_DEVICES = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?", re.IGNORECASE)
_FORBIDDEN = re.compile(r'[<>:"|?*\\\x00-\x1f]')


def output_path(url: str, base_path: str) -> str:
    """`/repo/posts/a/` → `posts/a/index.html`."""
    path = unquote(url.removeprefix(base_path)).lstrip("/")
    return f"{path}index.html" if not path or path.endswith("/") else path


def clashes(paths: dict[str, str]) -> list[str]:
    """What keeps the files (path → URL) from lying in one folder on any common file system, in words."""
    faults = [f"{url}: {fault}" for path, url in paths.items() for fault in _bad_names(path)]
    by_fold: dict[str, list[str]] = {}
    for path in paths:
        by_fold.setdefault(_folded(path), []).append(path)
    for same in by_fold.values():
        if len(same) > 1:
            urls = " and ".join(paths[path] for path in sorted(same))
            faults.append(f"{urls} differ only in case or Unicode form, so some disks would keep one of them")
    for path, url in paths.items():
        for folder in PurePosixPath(path).parents:
            for other in by_fold.get(_folded(folder.as_posix()), ()):
                faults.append(f"{paths[other]} is a file where {url} needs a folder")
    return faults


def _bad_names(path: str) -> Iterable[str]:
    for name in PurePosixPath(path).parts:
        if name in (".", "..", OWN):
            yield f"no file can be called {name!r}"
        elif _DEVICES.fullmatch(name) or _FORBIDDEN.search(name) or name.endswith((".", " ")):
            yield f"{name!r} is no file name on Windows"
        elif len(name.encode()) > MAX_NAME_BYTES:
            yield f"{name[:40]!r}… is longer than {MAX_NAME_BYTES} bytes"


def _folded(path: str) -> str:
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", path).casefold())
