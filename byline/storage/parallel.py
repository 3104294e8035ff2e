"""The pool: runs functions on all processors, with results in order and every error raised."""

import concurrent.futures
import functools
import gc
import multiprocessing
import os
import sys
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures.process import BrokenProcessPool
from typing import Any, TypeVar

Job = TypeVar("Job")
Result = TypeVar("Result")

FEWEST = 48
"""Fewer jobs than this finish here before a process would have started."""
CHUNK = 16
"""Jobs per message: many a job is smaller than the message that carries it."""


def processors() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def in_order(
    function: Callable[[Job], Result], jobs: Sequence[Job], workers: int, fewest: int = FEWEST
) -> Iterator[Result]:
    """The results of `function`, pure and importable, for `jobs`, in their order, from `workers` processes at once.

    With fewer than `fewest` jobs, starting a process would not pay. An exception in `function` is raised here. If a
    process is killed, the remaining jobs are done here.
    """
    return _run(functools.partial(_each, function), function, jobs, workers, "fork" if can_fork() else "spawn", fewest)


def in_forks(
    function: Callable[[Job], Result], jobs: Sequence[Job], workers: int, fewest: int = FEWEST, chunk: int = CHUNK
) -> Iterator[Result]:
    """The same for functions and jobs that only a fork inherits, such as a method of the app; else done here."""
    global _inherited
    if not can_fork():
        return map(function, jobs)

    def numbered(number: int) -> Result:
        return function(jobs[number])

    _inherited = numbered
    gc.freeze()  # if the collector touched what the processes share, it would be copied
    return _run(_each_inherited, numbered, range(len(jobs)), workers, "fork", fewest, chunk)


def can_fork() -> bool:
    """Forking keeps what is loaded, but is safe only where no other thread runs."""
    return sys.platform == "linux" and threading.active_count() == 1


def _run(
    chunked: Callable[[Sequence[Job]], list[Result]],
    function: Callable[[Job], Result],
    jobs: Sequence[Job],
    workers: int,
    method: str,
    fewest: int = FEWEST,
    chunk: int = CHUNK,
) -> Iterator[Result]:
    if workers < 2 or len(jobs) < (fewest if method == "fork" else FEWEST):
        yield from map(function, jobs)
        return
    done = 0
    context = multiprocessing.get_context(method)
    try:
        with concurrent.futures.ProcessPoolExecutor(workers, context, _begin) as pool:
            result: Result
            for result in _flat(pool.map(chunked, _chunks(jobs, min(chunk, max(1, len(jobs) // (4 * workers)))))):
                yield result
                done += 1
    except BrokenProcessPool:
        yield from map(function, jobs[done:])


_inherited: Callable[[Any], Any] | None = None
"""The function of `in_forks`, for processes forked while it is set."""


def _begin() -> None:
    """Prepare a process for jobs: it collects what they leave, even if the one that started it does not, and ends when
    that one has been killed, which leaves workers waiting for ever."""
    gc.freeze()
    gc.enable()
    parent = multiprocessing.parent_process()
    assert parent is not None

    def wait() -> None:
        parent.join()
        os._exit(1)

    threading.Thread(target=wait, daemon=True).start()


def _each(function: Callable[[Job], Result], jobs: Sequence[Job]) -> list[Result]:
    return [function(job) for job in jobs]


def _each_inherited(jobs: Sequence[Any]) -> list[Any]:
    assert _inherited is not None
    return [_inherited(job) for job in jobs]


def _chunks(jobs: Sequence[Job], size: int) -> Iterator[Sequence[Job]]:
    return (jobs[at : at + size] for at in range(0, len(jobs), size))


def _flat(chunks: Iterable[Iterable[Result]]) -> Iterator[Result]:
    for chunk in chunks:
        yield from chunk
