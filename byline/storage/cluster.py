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
from typing import Any, NamedTuple, TypeVar

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


class Cluster(NamedTuple):
    """The scheduler at `address`, such as tcp://10.0.0.5:8786."""

    address: str

    def in_order(self, function: Callable[[Job], Result], jobs: Iterable[Job], batch: int) -> Iterator[Result]:
        """The results of `function`, pure and importable, for `jobs`; `batch` of them are a task.

        An exception in `function` is raised here. Raises SiteError if there is no scheduler, no worker, or one that
        would compute something else. What a cluster loses for good is computed here.
        """
        left, work = iter(jobs), functools.partial(_round, self.address, function, batch)
        waiting: collections.deque[concurrent.futures.Future[list[Result]]] = collections.deque()
        with concurrent.futures.ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
            while some := list(itertools.islice(left, batch * TASKS)):
                waiting.append(pool.submit(work, some))
                if len(waiting) == ROUNDS:
                    yield from waiting.popleft().result()
            while waiting:
                yield from waiting.popleft().result()


def _round(address: str, function: Callable[[Job], Result], batch: int, jobs: list[Job]) -> list[Result]:
    """The results for one round, in the process of the client."""
    client, faults = _client(address)
    tasks = [jobs[at : at + batch] for at in range(0, len(jobs), batch)]
    work = functools.partial(_done, edition(code_digest()), function)
    results: list[Result] = []
    for task, future in zip(tasks, client.map(work, tasks, pure=False), strict=True):
        try:
            done = future.result()
        except faults as error:
            logger.warning("the cluster lost %d jobs (%s): they are done here", len(task), type(error).__name__)
            done = [function(job) for job in task]
        if done is None:
            raise SiteError(f"{address}: a worker has another Byline, Python or library than this machine")
        results += done
    return results


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
    return client, (distributed.scheduler.KilledWorker, concurrent.futures.CancelledError, OSError)


def _done(wanted: str, function: Callable[[Job], Result], jobs: list[Job]) -> list[Result] | None:
    """The results for one task, in a worker; None if they would not be what they are elsewhere."""
    return [function(job) for job in jobs] if edition(code_digest()) == wanted else None
