"""The pool: pure functions over the processors there are, results in order, every error surfaced."""

import concurrent.futures
import functools
import multiprocessing
import os
import sys
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures.process import BrokenProcessPool
from typing import TypeVar

Job = TypeVar("Job")
Result = TypeVar("Result")

FEWEST = 48
"""Fewer jobs than this are done sooner here than a process starts."""
CHUNK = 16
"""Jobs a message: a job is smaller than what brings it."""


def processors() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def in_order(function: Callable[[Job], Result], jobs: Sequence[Job], workers: int) -> Iterator[Result]:
    """`function` of each job, in the order of `jobs`, by so many processes at once.

    An exception of `function` is raised here. Where a process is killed, what is left is done here.
    """
    if workers < 2 or len(jobs) < FEWEST:
        yield from map(function, jobs)
        return
    done = 0
    context = multiprocessing.get_context(_start_method())
    try:
        with concurrent.futures.ProcessPoolExecutor(workers, context) as pool:
            for result in _flat(pool.map(functools.partial(_each, function), _chunks(jobs))):
                yield result
                done += 1
    except BrokenProcessPool:
        yield from map(function, jobs[done:])


def _each(function: Callable[[Job], Result], jobs: Sequence[Job]) -> list[Result]:
    return [function(job) for job in jobs]


def _chunks(jobs: Sequence[Job]) -> Iterator[Sequence[Job]]:
    return (jobs[at : at + CHUNK] for at in range(0, len(jobs), CHUNK))


def _flat(chunks: Iterable[Iterable[Result]]) -> Iterator[Result]:
    for chunk in chunks:
        yield from chunk


def _start_method() -> str:
    """Forking keeps what is loaded, but is safe only where no other thread runs."""
    return "fork" if sys.platform == "linux" and threading.active_count() == 1 else "spawn"
