"""Ranges: the part of a file that a player of sound or video asks for. RFC 9110, section 14."""

import re
from typing import NamedTuple

_RANGE = re.compile(r"bytes=[ \t]*(?:(\d{1,18})-(\d{0,18})|-(\d{1,18}))[ \t]*", re.IGNORECASE)
"""One range. Several are answered with the whole file, which every client must accept."""


class Wanted(NamedTuple):
    """The headers `Range` and `If-Range` of a GET; empty where there are none."""

    range: str = ""
    if_range: str = ""

    def part(self, etag: str, size: int) -> "Part | None":
        """The part that is wanted of `size` bytes with the strong tag `etag`, in quotes; None for the whole.

        A date in `If-Range` never matches, because no answer of a site has a date.
        """
        found = _RANGE.fullmatch(self.range)
        if not found or self.if_range not in ("", etag):
            return None
        first, last, suffix = found.groups()
        if suffix:
            return Part(max(0, size - int(suffix)), size, size)
        end = min(int(last) + 1, size) if last else size
        if last and int(last) < int(first):
            return None  # not a range at all
        return Part(int(first), end, size)


class Part(NamedTuple):
    """The bytes from `start` up to `end`, which is not included, of `size`."""

    start: int
    end: int
    size: int

    @property
    def exists(self) -> bool:
        return self.start < self.end

    @property
    def header(self) -> str:
        """The value of `Content-Range`."""
        return f"bytes {self.start}-{self.end - 1}/{self.size}" if self.exists else f"bytes */{self.size}"
