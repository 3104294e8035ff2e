"""The pool: functions over the processors there are, results in order, every error surfaced."""

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
"""Fewer jobs than this are done sooner here than a process starts."""
CHUNK = 16
"""Jobs a message: many a job is smaller than what brings it."""


def processors() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def in_order(
    function: Callable[[Job], Result], jobs: Sequence[Job], workers: int, fewest: int = FEWEST
) -> Iterator[Result]:
    """`function`, pure and importable, of each job in the order of `jobs`, by so many processes at once.

    Under `fewest` jobs a process would not be worth its start.

    An exception of `function` is raised here. Where a process is killed, what is left is done here.
    """
    return _run(functools.partial(_each, function), function, jobs, workers, "fork" if can_fork() else "spawn", fewest)


def in_forks(
    function: Callable[[Job], Result], jobs: Sequence[Job], workers: int, fewest: int = FEWEST, chunk: int = CHUNK
) -> Iterator[Result]:
    """The same for a function and jobs that only a forked process can have, such as a method of the app; else here."""
    global _inherited
    if not can_fork():
        return map(function, jobs)

    def numbered(number: int) -> Result:
        return function(jobs[number])

    _inherited = numbered
    gc.freeze()  # the collector must not touch, and so copy, what the processes share
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
        with concurrent.futures.ProcessPoolExecutor(workers, context) as pool:
            result: Result
            for result in _flat(pool.map(chunked, _chunks(jobs, min(chunk, max(1, len(jobs) // (4 * workers)))))):
                yield result
                done += 1
    except BrokenProcessPool:
        yield from map(function, jobs[done:])


_inherited: Callable[[Any], Any] | None = None
"""The function of `in_forks`, for the processes that are forked while it is set."""


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
