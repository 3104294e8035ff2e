"""Films: how large the picture of one is, as its file says."""

import re
from typing import BinaryIO

from byline.media.traces import CHUNK, movie_notes

_TRACK = re.compile(rb"tkhd(?:\x00.{39}|\x01.{51})(.{36})(.{4})(.{4})", re.DOTALL)
"""What a track of an MP4 or QuickTime film says of itself: how it is turned, its width and its height."""
_MATROSKA, _TRACKS = b"\x1a\x45\xdf\xa3", b"\x16\x54\xae\x6b"
_PIXELS = re.compile(rb"\xb0(?:\x81(.)|\x82(..))\xba(?:\x81(.)|\x82(..))", re.DOTALL)
"""Width and height in WebM: https://www.matroska.org/technical/elements.html"""


def size_of(file: BinaryIO) -> tuple[int, int]:
    """Width and height of a film as it is shown; (0, 0) where its file does not say."""
    file.seek(0)
    head = file.read(CHUNK)
    if head.startswith(_MATROSKA):
        found = _PIXELS.search(head, max(0, head.find(_TRACKS)))
        numbers = [int.from_bytes(part) for part in found.groups() if part] if found else []
        return (numbers[0], numbers[1]) if all(numbers) and numbers else (0, 0)
    tracks = (track for notes in movie_notes(file) for track in _TRACK.finditer(notes))
    return next((size for track in tracks if all(size := _size(track))), (0, 0))


def _size(track: re.Match[bytes]) -> tuple[int, int]:
    width, height = (int.from_bytes(part) >> 16 for part in track.groups()[1:])
    is_upright = any(track[1][:4])
    return (width, height) if is_upright else (height, width)
