"""Streams: large files, read from the disk in pieces while they are sent."""

import os
from collections.abc import Iterator

PIECE = 262_144


class Stream:
    """The open file at `path`: whatever takes its name meanwhile, it is this one that is read. Raises OSError."""

    def __init__(self, path: str) -> None:
        self.file = open(path, "rb")  # noqa: SIM115 - closed by whoever sends it
        self.status = os.fstat(self.file.fileno())

    @property
    def size(self) -> int:
        return self.status.st_size

    def pieces(self, start: int, end: int) -> Iterator[bytes]:
        """The bytes from `start` up to `end`. Raises OSError if the file is written to: no reader gets a mixture."""
        with self.file:
            self.file.seek(start)
            while start < end:
                piece = self.file.read(min(PIECE, end - start))
                now = os.fstat(self.file.fileno())
                if not piece or (now.st_size, now.st_mtime_ns) != (self.status.st_size, self.status.st_mtime_ns):
                    raise OSError("the file was written to while it was sent")
                yield piece
                start += len(piece)

    def close(self) -> None:
        self.file.close()
