"""Files of a frozen site besides its pages: those for which the app has no URL.

They are the search index, what static hosts read, and compressed versions of text files. Like pages they are listed
in the manifest, and what is current is neither made nor written again.
"""

import functools
import gzip
import zlib
from collections.abc import Iterable, Mapping
from typing import NamedTuple

import brotli

from byline.freeze.manifest import PrintedFile
from byline.freeze.output import OutputFolder
from byline.storage import parallel
from byline.storage.fingerprint import digest, fingerprint
from byline.web.server.cache import SMALLEST

TEXTS = (".html", ".xml", ".json", ".txt", ".css", ".js", ".mjs", ".svg", ".csv", ".md", ".ics", ".webmanifest")
FORMS = {
    ".br": brotli.compress,
    ".gz": functools.partial(gzip.compress, mtime=0),  # or the time of the freeze would be in every file
}
LIBRARIES = (brotli.__version__, zlib.ZLIB_RUNTIME_VERSION)


class Compression(NamedTuple):
    """A file to be made: `path` from the one at `source`, waiting under `name`."""

    source: str
    path: str
    name: str
    tag: str


def renewed(output: OutputFolder, files: Iterable[tuple[str, bytes]], name: str) -> dict[str, PrintedFile]:
    """Those of `files` (path and content) that are already there. The others are staged."""
    stays: dict[str, PrintedFile] = {}
    for number, (path, body) in enumerate(files):
        held = output.manifest.files.get(path)
        if held and held.content == digest(body) and output.is_unchanged(path, held):
            stays[path] = held
        else:
            output.stage(path, f"{name}-{number}", output.write(f"{name}-{number}", "", "", body))
    return stays


def compressed(output: OutputFolder, kept: Mapping[str, PrintedFile], workers: int) -> dict[str, PrintedFile]:
    """The compressed versions that stay, of files that are `kept` or staged. The others are made and staged."""
    stays: dict[str, PrintedFile] = {}
    missing = []
    for job in _compressions({**kept, **output.waiting()}):
        held = output.manifest.files.get(job.path)
        if held and held.tag == job.tag and output.is_unchanged(job.path, held):
            stays[job.path] = held
        else:
            missing.append(job)
    printed_forms = parallel.in_forks(functools.partial(_made, output), missing, workers)
    for job, printed in zip(missing, printed_forms, strict=True):
        output.stage(job.path, job.name, printed)
    return stays


def _compressions(files: Mapping[str, PrintedFile]) -> Iterable[Compression]:
    """One for each format of each text file. A file of that name that the site already has is not replaced."""
    for number, (source, printed) in enumerate(files.items()):
        if source.endswith(TEXTS) and printed.size >= SMALLEST and not source.startswith("."):
            tag = fingerprint(printed.content, *LIBRARIES)
            for ending in FORMS:
                if source + ending not in files:
                    yield Compression(source, source + ending, f"form-{number}{ending}", tag)


def _made(output: OutputFolder, job: Compression) -> PrintedFile:
    compress = FORMS[job.path[-3:]]
    return output.write(job.name, "", job.tag, compress(output.content(job.source)))
