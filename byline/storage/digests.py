"""Digests of files. A file that has not changed, by what the disk says, is not read again.

The store keeps the digest under the file's signature: device, inode, size, and both times to the
nanosecond. Setting a file's time back does not fool it, since that changes the other one.
"""

import io
import sys
from collections.abc import Iterable

from byline.storage.files import TreeFile, signature
from byline.storage.fingerprint import file_digest
from byline.storage.memo import Memo, Result
from byline.storage.streams import Stream


def digests_of(files: Iterable[TreeFile], memo: Memo) -> dict[str, str]:
    """Path → digest of the content; the empty string for a file that cannot be read."""
    by_path = {file.path: file for file in files}
    keys = {path: f"file:{file.signature}" if file.signature else "" for path, file in by_path.items()}
    return dict(memo.each(keys, by_path.__getitem__, _digest, bytes.decode, fewest=sys.maxsize))


def digest_of(stream: Stream, memo: Memo) -> str:
    """Digest of the content of an open file; the empty string if it cannot be read."""
    known = signature(stream.status)
    keys = {stream.file: f"file:{known}" if known else ""}
    return next(value for _, value in memo.each(keys, lambda file: file, _read, bytes.decode, fewest=sys.maxsize))


def _digest(file: TreeFile) -> Result:
    try:
        with open(file.real, "rb") as opened:
            return _read(opened)
    except OSError:
        return Result(b"", is_kept=False)


def _read(opened: io.BufferedReader) -> Result:
    try:
        return Result(file_digest(opened).encode())
    except OSError:
        return Result(b"", is_kept=False)
