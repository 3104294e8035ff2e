"""Addresses of Wix: files are named by an id, from which follows where they are."""

import re
from typing import Any
from urllib.parse import unquote

_SCHEME = re.compile(r"wix:(image|video|audio|document|vector)://v1/([^/#?]+(?:/[^/#?]+)?)")
_SIZED = re.compile(r"(https?://static\.wixstatic\.com/media/[^/?#]+)/v1/[^?#]*")
"""A part of an address says in which size a picture comes; Byline makes its own of the largest."""
_HOSTS = {
    "image": "https://static.wixstatic.com/media/",
    "vector": "https://static.wixstatic.com/shapes/",
    "video": "https://video.wixstatic.com/video/",
    "audio": "https://static.wixstatic.com/mp3/",
    "document": "https://docs.wixstatic.com/ugd/",
}
_FOLDERS = ("media/", "shapes/", "video/", "mp3/", "ugd/")
_BARE = re.compile(r"(?:www\.|[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}(?:[/?#]|$))", re.IGNORECASE)


def source(found: Any, kind: str) -> str:
    """The address of a file, as any of Wix's forms names it: an object, an id, a path or an address."""
    if isinstance(found, dict):
        found = found.get("src", found)
    if isinstance(found, dict):
        found = found.get("url") or found.get("id") or found.get("custom")
    return file(found if isinstance(found, str) else "", kind)


def file(name: str, kind: str) -> str:
    """The whole address of the file that `name` stands for; `kind` is what it is unless it says so itself."""
    typed = _SCHEME.match(name)
    if typed:
        parts = typed[2].split("/")
        tail = parts[0] if typed[1] in ("image", "vector") or len(parts) == 1 else parts[-1]
        return _at(typed[1], tail)
    if not name or "://" in name or name.startswith(("//", "data:")):
        return _SIZED.sub(r"\1", f"https:{name}" if name.startswith("//") else name)
    folder = next((one for one in _FOLDERS if name.startswith(one)), "")
    if folder:
        kind = {"media/": "image", "shapes/": "vector", "video/": "video", "mp3/": "audio", "ugd/": "document"}[folder]
    return _at(kind, name.removeprefix(folder))


def _at(kind: str, name: str) -> str:
    whole = f"{name}/1080p/mp4/file.mp4" if kind == "video" and "/" not in name and "." not in name else name
    return _HOSTS[kind] + whole


def link(found: Any) -> str:
    """Where a link leads: an address with its scheme, or a place in the same text."""
    if not isinstance(found, dict):
        return ""
    found = found.get("link") if isinstance(found.get("link"), dict) else found
    url, anchor = str(found.get("url") or ""), str(found.get("anchor") or "")
    if not url:
        return f"#{unquote(anchor)}" if anchor else ""
    return f"https://{url}" if _BARE.match(url) and "@" not in url.partition("/")[0] else url
