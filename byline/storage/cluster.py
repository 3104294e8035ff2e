"""The cluster: hands pure functions and their jobs to a Dask scheduler that exists, and brings back results in order.

https://distributed.dask.org/en/stable/client.html — the optional extra `cluster`. Its client runs in a process of its
own, because it has threads, and Byline forks. A worker needs the same Byline, Python and libraries, but neither files
nor secrets: what comes back is kept, and shared, by who asked. What is sent is pickled, so whoever can reach the
scheduler can run programs on its workers: keep it in a network of your own.
"""

import collections
import concurrent.futures
import functools
import importlib
import itertools
import logging
import multiprocessing
from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeVar

from byline.problems import SiteError
from byline.storage.fingerprint import code_digest
from byline.storage.shared import edition

Job = TypeVar("Job")
Result = TypeVar("Result")

ROUNDS = 2
"""Rounds of jobs that are on their way: as many are in memory."""
TASKS = 64
"""Of a round."""
PATIENCE = 20
"""Seconds to wait for a scheduler, and for its first worker."""

logger = logging.getLogger("byline")


class Cluster:
    """The scheduler at `address`, such as tcp://10.0.0.5:8786."""

    def __init__(self, address: str) -> None:
        self.address = address
        self._was_there = False

    def in_order(
        self, function: Callable[[Job], Result], jobs: Iterable[Job], batch: int, tasks: int = TASKS
    ) -> Iterator[Result]:
        """The results of `function`, pure and importable, for `jobs`; `batch` of them are a task, `tasks` a round.

        An exception in `function` is raised here. Raises SiteError if there is no scheduler, no worker, or one that
        would compute something else. What a cluster loses for good is computed here.
        """
        left, work = iter(jobs), functools.partial(_round, self.address, self._was_there, function, batch)
        waiting: collections.deque[concurrent.futures.Future[list[Result]]] = collections.deque()
        with concurrent.futures.ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
            while some := list(itertools.islice(left, batch * tasks)):
                waiting.append(pool.submit(work, some))
                if len(waiting) == ROUNDS:
                    yield from self._results(waiting)
            while waiting:
                yield from self._results(waiting)

    def _results(self, waiting: "collections.deque[concurrent.futures.Future[list[Result]]]") -> list[Result]:
        """Those of the first round that is waiting."""
        results = waiting.popleft().result()
        self._was_there = True
        return results


def _round(
    address: str, was_there: bool, function: Callable[[Job], Result], batch: int, jobs: list[Job]
) -> list[Result]:
    """The results for one round, in the process of the client."""
    try:
        client, faults = _client(address)
    except SiteError as error:
        if not was_there:
            raise
        _tell_once(str(error))
        return [function(job) for job in jobs]
    tasks = [jobs[at : at + batch] for at in range(0, len(jobs), batch)]
    work = functools.partial(_done, edition(code_digest()), function)
    results: list[Result] = []
    try:
        futures = client.map(work, tasks, pure=False)
    except faults:  # it is closed
        futures = [None] * len(tasks)
    for task, future in zip(tasks, futures, strict=True):
        try:
            done = future.result() if future else None
            if future and done is None:
                raise SiteError(f"{address}: a worker has another Byline, Python or library than this machine")
        except faults as error:
            _tell_once(f"the cluster at {address} is lost or loses workers ({type(error).__name__})")
            done = None
        results += [function(job) for job in task] if done is None else done
    return results


@functools.cache
def _tell_once(what: str) -> None:
    logger.warning("%s: what it cannot do is done here", what)


@functools.cache
def _client(address: str) -> tuple[Any, tuple[type[Exception], ...]]:
    """The client, and what it raises when workers or the scheduler are lost."""
    try:
        distributed = importlib.import_module("distributed")
    except ImportError:
        raise SiteError("--scheduler needs Dask: install byline[cluster]") from None
    try:
        client = distributed.Client(address, timeout=PATIENCE, set_as_default=False)
        client.wait_for_workers(1, timeout=PATIENCE)
    except (OSError, TimeoutError, ValueError) as error:
        raise SiteError(f"{address}: no scheduler with a worker answers ({error})") from None
    lost = distributed.scheduler.KilledWorker, distributed.client.ClosedClientError, OSError
    return client, (*lost, concurrent.futures.CancelledError)


def _done(wanted: str, function: Callable[[Job], Result], jobs: list[Job]) -> list[Result] | None:
    """The results for one task, in a worker; None if they would not be what they are elsewhere."""
    return [function(job) for job in jobs] if edition(code_digest()) == wanted else None
