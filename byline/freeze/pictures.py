"""Pictures: all variants that pages need and the store lacks, made before pages are printed, each source read once."""

import contextlib
import os
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from byline.models import File
from byline.problems import SiteError
from byline.storage import parallel
from byline.web.live import LiveSite
from byline.web.templates import Outdated

Progress = Callable[[Iterator[Any], int, str], Iterable[Any]]
"""Hands on the items that it is given, of which there are so many, and says what is being done."""


def make(files: Iterable[File], live: LiveSite, workers: int, progress: Progress) -> None:
    """Put the variants among `files` into the store, but for those that cannot be made: who asks for them is told.

    Those of one source are one job, and the largest sources come first: the last job is then a short one.
    """

    def keep(job: list[File]) -> None:
        with contextlib.suppress(Outdated, SiteError):
            live.make_variants(job)

    if not live.store.is_persistent:  # what another process keeps in memory is lost
        return
    jobs: dict[str, list[File]] = {}
    for file in files:
        if file.origin and file.width and not live.store.has_file(file.content):
            jobs.setdefault(file.source, []).append(file)
    ordered = sorted(jobs.values(), key=lambda job: -_size(live.source_path(job[0].source)))
    made = parallel.in_forks(keep, ordered, workers, fewest=2, chunk=1)
    for _ in progress(made, len(ordered), "Making pictures") if ordered else ():
        pass


def _size(path: str) -> int:
    try:
        return os.stat(path).st_size
    except OSError:
        return 0
