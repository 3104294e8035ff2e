"""Media: pictures and other files beside posts, published under names made from their content."""

import mimetypes
import warnings
from pathlib import Path, PurePosixPath
from urllib.parse import quote

from PIL import Image
from slugify import slugify

from byline.errors import Problem
from byline.files import walk
from byline.fingerprint import digest
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


def static_files(folder: Path, base_path: str) -> tuple[dict[str, File], list[Problem]]:
    """Every file of static/ by its name there, and what cannot be used of it."""
    found_files, problems = {}, []
    for found in walk(folder):
        if isinstance(found, Problem):
            problems.append(found.at(f"static/{found.path}"))
            continue
        try:
            content = digest(Path(found.real).read_bytes())
        except OSError as error:
            message = f"cannot be read: {error.strerror}"
            problems.append(Problem(f"static/{found.path}", 1, 1, "unreadable", message, "check its permissions"))
            continue
        url = f"{base_path}/static/{quote(found.path)}"
        found_files[found.path] = File(url, f"static/{found.path}", mimetype_of(found.path), content)
    return found_files, problems


class Media:
    """The files of the content folder that a page may show, and those of static/.

    `content` maps paths (`pages/posts/a/cover.jpg`) to where they lie on disk.
    """

    def __init__(
        self, settings: Settings, content: dict[str, str], static: dict[str, File], static_folder: Path
    ) -> None:
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
            real = self._content.get(path) or self._static_folder / path.removeprefix("static/")
            self._sizes[path] = _measured(real)
        return self._sizes[path]

    def _publish(self, path: str) -> File | None:
        real = self._content.get(path)
        if real is None:
            return None
        try:
            content = digest(Path(real).read_bytes())
        except OSError:
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
