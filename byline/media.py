"""Media: pictures and other files beside posts, published under names made from their content."""

import mimetypes
import warnings
from pathlib import Path, PurePosixPath

from PIL import Image
from slugify import slugify

from byline.addresses import quoted
from byline.digests import Digests
from byline.errors import Problem
from byline.files import Found, walk
from byline.models import File
from byline.settings import Settings

NAME_BYTES = 60
DIGEST_CHARACTERS = 16
PICTURES = (".jpg", ".jpeg", ".png", ".gif", ".webp", ".avif", ".svg")
TYPES = {
    ".avif": "image/avif",
    ".webp": "image/webp",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
    ".json": "application/json",
    ".xml": "application/xml",
    ".html": "text/html; charset=utf-8",
    ".md": "text/markdown; charset=utf-8",
    ".webmanifest": "application/manifest+json",
    ".ico": "image/x-icon",
}
_TYPES = mimetypes.MimeTypes(filenames=())  # the library's own table: the machine's /etc/mime.types differ


def mimetype_of(path: str) -> str:
    suffix = PurePosixPath(path).suffix.lower()
    return TYPES.get(suffix) or _TYPES.guess_type(f"x{suffix}")[0] or "application/octet-stream"


def static_files(folder: Path, base_path: str, digests: Digests) -> tuple[dict[str, File], list[Problem]]:
    """Every file of static/ by its name there, and what cannot be used of it."""
    walked = list(walk(folder))
    problems = [found.at(f"static/{found.path}") for found in walked if isinstance(found, Problem)]
    files: dict[str, File] = {}
    contents = digests.of([found for found in walked if isinstance(found, Found)])
    for path, content in contents.items():
        name = f"static/{path}"
        if content:
            files[path] = File(base_path + quoted(f"/static/{path}"), name, mimetype_of(path), content)
        else:
            problems.append(Problem(name, 1, 1, "unreadable", "cannot be read", "check its permissions"))
    return files, problems


class Media:
    """The files of the content folder that a page may show, and those of static/.

    `content` maps paths (`pages/posts/a/cover.jpg`) to the files on disk.
    """

    def __init__(
        self,
        settings: Settings,
        content: dict[str, Found],
        digests: Digests,
        static: dict[str, File],
        static_folder: Path,
    ) -> None:
        self._digests = digests
        self._base = settings.base_path
        self._content = content
        self._static = {file.source: file for file in static.values()}
        self._static_folder = static_folder
        self._published: dict[str, File | None] = {}
        self._sizes: dict[str, tuple[int, int]] = {}

    def file(self, path: str) -> File | None:
        """The published file for `path` (relative to the site's folder), or None where it is missing or unreadable."""
        if path in self._static:
            return self._static[path]
        if path not in self._published:
            self._published[path] = self._publish(path)
        return self._published[path]

    def size(self, path: str) -> tuple[int, int]:
        """Width and height in pixels as shown (a camera's orientation applied); zeros where unknown."""
        if path not in self._sizes:
            found = self._content.get(path)
            self._sizes[path] = _measured(found.real if found else self._static_folder / path.removeprefix("static/"))
        return self._sizes[path]

    def _publish(self, path: str) -> File | None:
        found = self._content.get(path)
        content = self._digests.of([found])[found.path] if found else ""
        if not content:
            return None
        name = PurePosixPath(path)
        stem = slugify(name.stem, max_length=NAME_BYTES) or "file"
        suffix = slugify(name.suffix)
        url = f"{self._base}/media/{stem}-{content[:DIGEST_CHARACTERS]}" + (f".{suffix}" if suffix else "")
        return File(url, path, mimetype_of(path), content)


def _measured(path: str | Path) -> tuple[int, int]:
    """Only the header is read: https://pillow.readthedocs.io/en/stable/reference/Image.html#PIL.Image.open"""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # nothing is decoded here
            with Image.open(path) as image:
                width, height = image.size
                turned = image.getexif().get(0x0112, 1) in (5, 6, 7, 8)
    except Exception:  # Pillow raises many types for damaged files; a size is only a hint to the browser
        return 0, 0
    return (height, width) if turned else (width, height)
