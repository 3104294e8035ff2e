"""Conflicts: what a merge left in the text files of static/ and public/, which are published as they are."""

import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import msgspec

from byline.media.files import static_path
from byline.models import File
from byline.problems import Problem, merge_conflict
from byline.storage.files import real_path
from byline.storage.fingerprint import digest
from byline.storage.memo import Memo, Result

TEXTS = ("text/", "application/json", "application/manifest+json", "application/xml", "image/svg+xml")
"""The types of files that browsers read as text. A file without an ending is looked at, too: hosts read some."""
MAX_BYTES = 4_000_000


def in_files(
    files: Mapping[str, File], static_folders: Sequence[Path], public_folder: Path, memo: Memo
) -> Iterator[Problem]:
    """An error for each of `files` that holds a conflict. A file that has not changed is not read again."""
    texts = {file.source: file for file in files.values() if _is_text(file)}
    about = memo.about("conflict")
    keys = {source: digest(f"{about}{source}{file.content}".encode()) for source, file in texts.items()}

    def job_of(source: str) -> tuple[str, str]:
        folder, _, name = source.partition("/")
        return source, static_path(static_folders, name) if folder == "static" else real_path(public_folder, name)

    for _, problems in memo.each(keys, job_of, look, _decoder.decode, fewest=sys.maxsize):
        yield from problems


def look(job: tuple[str, str]) -> Result:
    """The problem with a file that holds a conflict, in a list, encoded; an empty list for any other."""
    source, real = job
    try:
        with open(real, "rb") as file:
            text = file.read(MAX_BYTES).decode(errors="replace")
    except OSError:
        return Result(_encoder.encode([]), is_kept=False)  # told where files are listed
    problem = merge_conflict(source, text, has_listings=source.endswith(".md"))
    return Result(_encoder.encode([problem] if problem else []))


def _is_text(file: File) -> bool:
    return file.mimetype.startswith(TEXTS) or "." not in file.source.rpartition("/")[2].lstrip(".")


_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(list[Problem])
