"""Traces: what cameras and phones leave in files that are published as they are, such as videos and documents.

Pictures are not looked at here: their variants hold no metadata, whatever the source does.
"""

import contextlib
import re
from collections.abc import Iterator
from typing import BinaryIO, Literal

from PIL import Image

Trace = Literal["place", "camera", ""]

CLEANING = (
    "remove it, from a video with: ffmpeg -i old.mp4 -map 0:v -map 0:a? -map_metadata -1 -c copy new.mp4;"
    " or put the file in static/, where files stay as they are"
)
CHUNK = 1_000_000
OVERLAP = 65_536
"""Bytes of a chunk that are looked at again with the next: a trace may stand across their border."""
MAX_BOXES, MAX_NOTES = 100_000, 64_000_000
_DAMAGED, _NOT_SHOWN = "is damaged, so it cannot be decoded", "which browsers do not show"
_PICTURES = (
    (re.compile(rb"\xff\xd8\xff|\x89PNG\r\n|GIF8[79]a|RIFF....WEBP|....ftypavi[fs]", re.DOTALL), _DAMAGED),
    (re.compile(rb"\0\0\0\x0cjP  |\xff\x4f\xff\x51"), _DAMAGED),
    (re.compile(rb"....ftyp(?:hei[cxms]|hev[cxms]|mif1|msf1)", re.DOTALL), f"is a HEIF picture, {_NOT_SHOWN}"),
    (re.compile(rb"\xff\x0a|\0\0\0\x0cJXL "), f"is a JPEG XL picture, {_NOT_SHOWN}"),
    (re.compile(rb"II\xbc"), f"is a JPEG XR picture, {_NOT_SHOWN}"),
    (
        re.compile(rb"II[*+]\0|MM\0[*+]|II(?:U\0|RO|RS)|MMOR|FUJIFILMCCD-RAW|FOVb|\0MRM|....ftypcrx ", re.DOTALL),
        f"is a raw file from a camera or a damaged TIFF, {_NOT_SHOWN}",
    ),
)
"""How files begin that hold a picture, and most of them a place. What Pillow can decode is not looked up here."""
_PLACE_WORDS = (
    (b"GPSL", re.compile(rb"exif:GPSL(?:at|ong)itude(?:>|=[\"'])\s*\d")),
    (b"LOCATION", re.compile(rb"\x45\xa3[\x80-\xff](?:COM\.APPLE\.QUICKTIME\.)?LOCATION")),
)
"""In XMP, and as the name of a tag in Matroska. A search for the word is many times as fast as one for the pattern."""
_CAMERA_WORD = re.compile(rb"tiff:Make(?:>|=[\"'])")
_EXIF = re.compile(rb"Exif\0\0(?=II\*\0|MM\0\*)")
_MOVIE_BEGINS = (b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot")
_MOVIE_NOTES = (b"moov", b"meta", b"udta", b"uuid")
_MOVIE_PLACE = re.compile(
    rb"\xa9xyz.{4,20}?[+-]\d|loci\0\0\0\0|(?:gpmd|camm)\0{6}|com\.apple\.quicktime\.location", re.DOTALL
)
"""A place as phones write it, and the tracks of action cameras: https://exiftool.org/TagNames/QuickTime.html"""
_MOVIE_CAMERA = re.compile(
    rb"\xa9(?:mak|mod).{4,20}?\w|(?:manu|modl)\0\0\0\0|com\.apple\.quicktime\.m(?:ake|odel)|com\.android\.m(?:anu|odel)",
    re.DOTALL,
)
_GPS, _LATITUDE, _LONGITUDE, _MAKE, _MODEL = 0x8825, 2, 4, 0x010F, 0x0110


def picture_fault(file: BinaryIO) -> str:
    """Why `file` cannot be shown if it begins like a picture, in words; else the empty string."""
    file.seek(0)
    head = file.read(32)
    return next((fault for pattern, fault in _PICTURES if pattern.match(head)), "")


def found_in(file: BinaryIO) -> Trace:
    """The worst that `file` tells: the place where it was recorded, or the camera. It is read whole, in chunks."""
    found = set(_in_movie(file))
    for chunk in _chunks(file):
        if "place" in found:
            break
        found |= set(_in_chunk(chunk))
    return "place" if "place" in found else "camera" if "camera" in found else ""


def _chunks(file: BinaryIO) -> Iterator[bytes]:
    file.seek(0)
    before = b""
    while chunk := file.read(CHUNK):
        before += chunk
        yield before
        before = before[-OVERLAP:]


def _in_chunk(chunk: bytes) -> Iterator[Trace]:
    if any(word in chunk and pattern.search(chunk) for word, pattern in _PLACE_WORDS):
        yield "place"
    if _CAMERA_WORD.search(chunk):
        yield "camera"
    for found in _EXIF.finditer(chunk):
        exif = Image.Exif()
        with contextlib.suppress(Exception):  # damaged: Pillow raises many types
            exif.load(chunk[found.start() : found.start() + OVERLAP])
            if {_LATITUDE, _LONGITUDE} & exif.get_ifd(_GPS).keys():
                yield "place"
            elif _MAKE in exif or _MODEL in exif:
                yield "camera"


def _in_movie(file: BinaryIO) -> Iterator[Trace]:
    for notes in movie_notes(file):
        if _MOVIE_PLACE.search(notes):
            yield "place"
        if _MOVIE_CAMERA.search(notes):
            yield "camera"


def movie_notes(file: BinaryIO) -> Iterator[bytes]:
    """The boxes of an MP4 or QuickTime file that are neither its sound nor its pictures."""
    at = 0
    for _ in range(MAX_BOXES):
        file.seek(at)
        head = file.read(16)
        size, kind = int.from_bytes(head[:4], "big"), head[4:8]
        if len(head) < 8 or (at == 0 and kind not in _MOVIE_BEGINS):
            return
        size = int.from_bytes(head[8:], "big") if size == 1 else size
        if kind in _MOVIE_NOTES:
            file.seek(at)
            yield file.read(min(size, MAX_NOTES) if size else MAX_NOTES)
        if size < 8:
            return
        at += size
