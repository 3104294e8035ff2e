"""Pictures: all variants that pages need and the store lacks, made before pages are printed, each source read once."""

import collections
import contextlib
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from byline.media.pictures import Size, variants
from byline.models import File
from byline.problems import SiteError
from byline.storage import parallel
from byline.web.live import LiveSite
from byline.web.templates import Outdated

if TYPE_CHECKING:
    from byline.storage.cluster import Cluster

Progress = Callable[[Iterator[Any], int, str], Iterable[Any]]
"""Hands on the items that it is given, of which there are so many, and says what is being done."""

PICTURES = 8
"""In a round of a cluster: their bytes are in memory."""


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
    cluster = live.memo.cluster
    made = _on(cluster, ordered, live) if cluster else parallel.in_forks(keep, ordered, workers, fewest=2, chunk=1)
    for _ in progress(made, len(ordered), "Making pictures") if ordered else ():
        pass


def _on(cluster: "Cluster", jobs: Sequence[list[File]], live: LiveSite) -> Iterator[None]:
    """The same on a cluster."""
    loaded: collections.deque[list[File]] = collections.deque()

    def load() -> Iterator[tuple[bytes, list[Size]]]:
        for files in jobs:
            with contextlib.suppress(Outdated):
                job = live.picture_job(files)
                loaded.append(files)
                yield job

    for made in cluster.in_order(_variants, load(), batch=1, tasks=PICTURES):
        for file, data in zip(loaded.popleft(), made, strict=bool(made)):
            live.store.put_file(file.content, data)
        yield


def _variants(job: tuple[bytes, list[Size]]) -> list[bytes]:
    """Variants of one picture, in the order of their forms and widths; none if one of them cannot be made."""
    try:
        made = variants(*job)
    except ValueError:
        return []
    return [made[size] for size in job[1]]


def _size(path: str) -> int:
    try:
        return os.stat(path).st_size
    except OSError:
        return 0
