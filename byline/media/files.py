"""Media: pictures and other files beside posts, published under names made from their content."""

import mimetypes
import os
import posixpath
import re
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePosixPath
from typing import NamedTuple

import msgspec
from msgspec import structs
from slugify import slugify

import byline
from byline.media import cards
from byline.media.pictures import MIMETYPES, RECIPE, WIDEST, Facts, facts
from byline.models import Colors, File, Picture
from byline.problems import Problem
from byline.storage.digests import digests_of
from byline.storage.files import TreeFile, real_path, walk
from byline.storage.fingerprint import digest, fingerprint
from byline.storage.memo import Memo, Result
from byline.urls import Urls

NAME_BYTES = 60
DIGEST_CHARACTERS = 16
WIDTHS = (240, 320, 480, 800, 1200, WIDEST)
"""Widths of covers and of pictures in a text. Browsers take the first that has enough pixels; a list on a phone needs
182 to 312."""
POSTER_WIDTHS = (800,)
"""Of what stands in place of a film until it plays."""
SMALL_WIDTHS = (96, 192, 288)
"""Widths of a portrait, which is shown at 48 to 128 pixels."""
THEME = Path(byline.__file__).parent / "theme"
"""The default look of a site: templates, static files and texts. A site's own file of the same name wins."""
FORM_OF_SHEETS = "css"
"""The `form` of a stylesheet that is the site's with more after it."""
LOGO = "static/icon.png"
RASTER = (".jpg", ".jpeg", ".png", ".gif", ".webp", ".avif")
PICTURES = (
    *RASTER,
    ".svg",
    *(".jfif", ".jpe", ".pjpeg", ".pjp", ".apng", ".avifs", ".tif", ".tiff", ".bmp", ".dib", ".ico", ".jp2", ".j2k"),
    *(".heic", ".heif", ".jxl", ".dng", ".cr2", ".cr3", ".nef", ".arw", ".orf", ".rw2", ".raf", ".pef", ".srw"),
)
"""Endings that promise a picture: what has one and is none is a fault. Any file may hold a picture all the same."""
SHOWN_TYPES = {
    **{f".{ending}": mimetype for ending, mimetype in MIMETYPES.items()},
    ".jpeg": "image/jpeg",
    ".svg": "image/svg+xml",
    ".pdf": "application/pdf",
    ".txt": "text/plain; charset=utf-8",
    ".vtt": "text/vtt; charset=utf-8",
    ".mp3": "audio/mpeg",
    ".m4a": "audio/mp4",
    ".aac": "audio/aac",
    ".flac": "audio/flac",
    ".oga": "audio/ogg",
    ".ogg": "audio/ogg",
    ".opus": "audio/ogg",
    ".wav": "audio/wav",
    ".weba": "audio/webm",
    ".mp4": "video/mp4",
    ".m4v": "video/mp4",
    ".mov": "video/quicktime",
    ".ogv": "video/ogg",
    ".webm": "video/webm",
}
"""What a browser may show of the content folder, by its published ending. None of it can run a script."""
DOWNLOAD_TYPE = "application/octet-stream"
"""The type of every other file there: it is published below `/attachments/`, and saved instead of opened."""
SAVED = frozenset(
    "7z aac ai aiff apk appimage atf avro bib bin blend brf bz2 c cc cpp cs css csv dat db deb diff djvu dmg doc"
    " docx dwg dxf epub exe fit flatpak geojson gguf glb gltf go gpx gz h hpp ics img ini ipynb iso jar java js"
    " json jsonl kmz lock log lz4 lzma m3u8 md mid midi mjs mobi msi mxl ndjson npy npz nt numbers obj odg odp ods"
    " odt onnx otf pages parquet patch pgn pickle pkg pkl ply po pot ppt pptx ps psd pt pub py qgz r rar rmd rpm"
    " rtf safetensors sav scad sh sketch sql sqlite srt stl sub swift tar tex tgz toml torrent ts tsv ttf vcf vsdx"
    " wasm whl woff woff2 xls xlsx xz yaml yml zip zst".split()
)
"""Endings under which other files are published: no browser opens one as a document with scripts, and no server runs
one. A host that cannot be told how to send a file goes by its ending, so there is no other way to publish the rest."""
TYPES = SHOWN_TYPES | {
    ".woff2": "font/woff2",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".json": "application/json",
    ".xml": "application/xml; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".md": "text/markdown; charset=utf-8",
    ".webmanifest": "application/manifest+json",
    ".ico": "image/x-icon",
}
NAMED_TYPES = {
    "apple-app-site-association": "application/json",
    ".well-known/apple-app-site-association": "application/json",
    ".well-known/host-meta": "application/xrd+xml",
    ".well-known/matrix/client": "application/json",
    ".well-known/matrix/server": "application/json",
    ".well-known/nodeinfo": "application/json",
    ".well-known/openid-configuration": "application/json",
    ".well-known/webfinger": "application/jrd+json",
}
"""Files of public/ whose names have no ending, and whose standards name a type."""
EMPTY = digest(b"")
_INDEX = re.compile(r"(?<![^/])index\.html$")
_PLAIN_SUFFIX = re.compile(r"(\.[a-z0-9]+)?")
_TYPES = mimetypes.MimeTypes(filenames=())  # the library's own table: /etc/mime.types differs between machines


def mimetype_of(path: str) -> str:
    suffix = PurePosixPath(path).suffix.lower()
    return TYPES.get(suffix) or _TYPES.guess_type(f"x{suffix}")[0] or "application/octet-stream"


def static_files(folders: Sequence[Path], urls: Urls, memo: Memo) -> tuple[dict[str, File], list[Problem]]:
    """Every static file by name, and what cannot be used. If two have the same name, the later folder wins."""
    files: dict[str, File] = {}
    problems = []
    for folder in folders:
        entries = list(walk(folder))
        problems += [entry.at(f"static/{entry.path}") for entry in entries if isinstance(entry, Problem)]
        contents = digests_of((entry for entry in entries if isinstance(entry, TreeFile)), memo)
        for path, content in contents.items():
            name = f"static/{path}"
            if content:
                files[path] = File(urls.at(f"/{name}"), name, mimetype_of(path), content)
            else:
                problems.append(Problem(name, 1, 1, "unreadable", "cannot be read", "check its permissions"))
    return files, problems


def walk_public(folder: Path) -> Iterator[TreeFile | Problem]:
    """Every file of public/, `_redirects` included; of hidden ones only those of `.well-known` (RFC 8615)."""
    return walk(folder, frozenset((".well-known",)), private=(".",))


def public_files(folder: Path, urls: Urls, memo: Memo) -> tuple[dict[str, File], list[Problem]]:
    """Every file of public/ by its URL at the site's root, and what cannot be used."""
    entries = list(walk_public(folder))
    problems = [entry.at(f"public/{entry.path}") for entry in entries if isinstance(entry, Problem)]
    found = [entry for entry in entries if isinstance(entry, TreeFile)]
    files: dict[str, File] = {}
    contents = digests_of(found, memo)
    for path in (entry.path for entry in found):
        name, url = f"public/{path}", urls.at(f"/{_INDEX.sub('', path)}")
        if url in files:
            message = "two files have this name, written in different Unicode forms"
            problems.append(Problem(name, 1, 1, "duplicate-path", message, "remove one of them"))
        elif contents[path]:
            files[url] = File(url, name, NAMED_TYPES.get(path) or mimetype_of(path), contents[path])
        else:
            problems.append(Problem(name, 1, 1, "unreadable", "cannot be read", "check its permissions"))
    return files, problems


def static_path(folders: Sequence[Path], name: str) -> str:
    """The path of the static file `name`, in the last of `folders` that has it."""
    paths = [real_path(folder, name) for folder in reversed(folders)]
    return next((path for path in paths if os.path.exists(path)), paths[-1])


class PictureFiles(NamedTuple):
    """A picture as pages show it, and the files that it needs."""

    picture: Picture
    files: tuple[File, ...]


class Media:
    """The files of the content folder that a page may show, and those of static/.

    `content` maps paths (`pages/posts/a/cover.jpg`) to the files on disk.
    """

    def __init__(
        self,
        urls: Urls,
        content: dict[str, TreeFile],
        memo: Memo,
        static: dict[str, File],
        static_folders: Sequence[Path],
        colors: Colors,
    ) -> None:
        self._colors = colors
        self._memo = memo
        self._base = urls.base
        self._content = content
        self._static = {file.source: file for file in static.values()}
        self._static_folders = static_folders
        digests = digests_of(content.values(), memo)
        self.contents = {path: digests[found.path] for path, found in content.items()}
        """Digest of each file; empty for one that cannot be read."""
        self.contents |= {file.source: file.content for file in static.values()}
        self._published: dict[str, File | None] = {}
        self._shown: dict[tuple[str, tuple[int, ...]], PictureFiles | None] = {}
        self._facts: dict[str, Facts] = {}
        self._look_at([path for path in content if is_picture(path)])

    def file(self, path: str) -> File | None:
        """The published file for `path` (relative to the site's folder), or None if it is missing or has a fault.

        For a picture from the content folder it is the largest variant: the source itself is never published.
        """
        if path in self._static:
            return self._static[path]
        if path not in self._published:
            shown = self.shown(path, WIDTHS)
            self._published[path] = shown.files[-1] if shown else None if self.fault(path) else self._plain(path)
        return self._published[path]

    def fault(self, path: str) -> str:
        """Why the file `path` cannot be published, in words, or the empty string."""
        if not self._digest(path) or self._is_owners(path):
            return ""
        found = self._facts_of(path)
        if not found.form and not found.fault and is_picture(path):
            return "is empty" if self._digest(path) == EMPTY else "is not a picture that Byline can read"
        return found.fault

    def facts(self, path: str) -> Facts:
        """What the file `path` is. Files of static/ that are published unchanged are not looked at."""
        return Facts() if self._is_owners(path) else self._facts_of(path)

    def shown(self, path: str, widths: tuple[int, ...]) -> PictureFiles | None:
        """The picture `path` in these widths and its own; None if it is not a picture that can be shown."""
        if not self._digest(path) or (path in self._static and not path.lower().endswith((*RASTER, ".svg"))):
            return None
        if self.fault(path) or not (self._facts_of(path).form or self._is_owners(path)):
            return None
        key = (path, widths)
        if key not in self._shown:
            self._shown[key] = self._made(path, self._facts_of(path), widths)
        return self._shown[key]

    def card(self, headline: str, name: str, byline: str) -> PictureFiles | None:
        """The social card of a story; None if the font lacks one of its letters."""
        if not cards.can_draw(headline + name):
            return None
        words = (
            headline,
            name,
            byline if cards.can_draw(byline) else "",
            self._colors.paper,
            self._colors.ink,
            self._colors.accent,
        )
        content = fingerprint(cards.RECIPE, words)
        file = File(f"{self._base}/media/card-{content[:DIGEST_CHARACTERS]}.png", "", SHOWN_TYPES[".png"], content)
        return PictureFiles(Picture(file.url, *cards.SIZE), (structs.replace(file, form="card", words=words),))

    def owned(self, path: str = LOGO) -> Picture | None:
        """A picture from static/ as it is, if there is one at `path`; without one, the site's own."""
        if path not in self._static or self.fault(path) or not self._facts_of(path).form:
            return None
        facts = self._facts_of(path)
        return Picture(self._static[path].url, facts.width, facts.height)

    def _is_owners(self, path: str) -> bool:
        """Whether it is a file from static/ that is published unchanged; only pictures that texts show are not."""
        return path in self._static and not path.lower().endswith(RASTER)

    def _made(self, path: str, facts: Facts, widths: tuple[int, ...]) -> PictureFiles:
        if self._is_owners(path):
            return PictureFiles(Picture(self._static[path].url, facts.width, facts.height), ())
        if facts.form == "svg" or facts.is_animated or (facts.is_indexed and facts.width <= 2 * widths[-1]):
            file = self._variant(path, facts.form, facts.width)
            return PictureFiles(Picture(file.url, facts.width, facts.height), (file,))
        chosen = sorted({width for width in widths if width < facts.width} | {min(facts.width, widths[-1])})
        same = [self._variant(path, facts.form, width) for width in chosen]
        avif = [self._variant(path, "avif", width, file.url) for width, file in zip(chosen, same, strict=True)]
        width, height = chosen[-1], max(1, round(facts.height * chosen[-1] / facts.width))
        picture = Picture(same[-1].url, width, height, _srcset(same), _srcset(avif))
        return PictureFiles(picture, (*avif, *same))

    def _variant(self, path: str, form: str, width: int, stand_in: str = "") -> File:
        origin = self._digest(path)
        content = fingerprint(origin, RECIPE, form, width)
        url = f"{self._base}/media/{_stem(path)}-{content[:DIGEST_CHARACTERS]}-{width}.{form}"
        return File(url, path, SHOWN_TYPES[f".{form}"], content, origin, form, width, stand_in)

    def _plain(self, path: str) -> File | None:
        """A file that is published unchanged, under a name made from its content. Its type follows from that name."""
        content = self._digest(path)
        if not content:
            return None
        suffix = published_suffix(path)
        mimetype = SHOWN_TYPES.get(suffix, DOWNLOAD_TYPE)
        folder = "attachments" if mimetype == DOWNLOAD_TYPE else "media"
        return File(
            f"{self._base}/{folder}/{_stem(path)}-{content[:DIGEST_CHARACTERS]}{suffix}", path, mimetype, content
        )

    def _digest(self, path: str) -> str:
        return self.contents.get(path, "")

    def _facts_of(self, path: str) -> Facts:
        if path not in self._facts:
            self._look_at([path])
        return self._facts[path]

    def _look_at(self, paths: list[str]) -> None:
        """Read the facts about files; pictures that the store does not know are decoded on all processors."""
        keys = {path: facts_key(self._memo, self._digest(path), path) for path in paths}
        self._facts |= self._memo.each(keys, self._job, looked_at, _decoder.decode, fewest=4)

    def _job(self, path: str) -> tuple[str, bool]:
        file = self._content.get(path)
        real = file.real if file else static_path(self._static_folders, path.removeprefix("static/"))
        return real, _is_drawing(path)


def facts_key(memo: Memo, content: str, path: str) -> str:
    """The store's key for the facts about a picture, by the digest of its content and its path."""
    return digest(f"{memo.about('picture', RECIPE)}{content}{_is_drawing(path)}".encode())


def is_made(file: File) -> bool:
    """Whether it is a variant of a picture or a card, which the store keeps as a file."""
    return bool(file.form) and file.form != FORM_OF_SHEETS


def published_suffix(path: str) -> str:
    """The ending under which the file `path` is published, such as `.pdf`; letters of other scripts become Latin."""
    suffix = posixpath.splitext(path)[1].lower()
    if not _PLAIN_SUFFIX.fullmatch(suffix):
        suffix = f".{slugify(suffix)}".rstrip(".")
    return suffix


def is_harmless(path: str) -> bool:
    """Whether no browser and no server would run the file `path`, published under its own ending."""
    suffix = published_suffix(path)
    return not suffix or suffix in SHOWN_TYPES or suffix[1:] in SAVED


def looked_at(job: tuple[str, bool]) -> Result:
    """What a file is, encoded; given its path, and whether its ending promises a drawing."""
    real, is_drawing = job
    return Result(msgspec.msgpack.encode(facts(real, is_drawing=is_drawing)))


def is_picture(path: str) -> bool:
    """Whether the ending of `path` promises a picture."""
    return published_suffix(path) in PICTURES


def _is_drawing(path: str) -> bool:
    return published_suffix(path) == ".svg"


def _stem(path: str) -> str:
    return slugify(PurePosixPath(path).stem, max_length=NAME_BYTES) or "file"


def _srcset(files: list[File]) -> str:
    return ", ".join(f"{file.url} {file.width}w" for file in files)


_decoder = msgspec.msgpack.Decoder(Facts)
