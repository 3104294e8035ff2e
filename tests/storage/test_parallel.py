"""The pool is parallel, keeps the order, surfaces every error, and survives the death of a process."""

import gc
import os
import signal
import time
from collections.abc import Callable, Iterator

import pytest

from byline.storage import parallel
from tests.helpers.paper import Paper


def square(number: int) -> int:
    return number * number


def owner(_number: int) -> int:
    time.sleep(0.005)  # long enough for every process to get a share
    return os.getpid()


def collects(_number: int) -> bool:
    return gc.isenabled()


def fails_at_77(number: int) -> int:
    if number == 77:
        raise ValueError("77 is no good")
    return number


def dies_at_77(number: int) -> int:
    if number == 77 and os.getpid() != PARENT:
        os.kill(os.getpid(), signal.SIGKILL)
    return number


PARENT = os.getpid()
JOBS = range(200)


@pytest.mark.parametrize("run", [parallel.in_order, parallel.in_forks])
@pytest.mark.parametrize("workers", [1, 2, 3])
def test_results_come_in_order(run: Callable[..., Iterator[int]], workers: int) -> None:
    assert list(run(square, JOBS, workers)) == [number * number for number in JOBS]


def test_it_is_parallel() -> None:
    owners = set(parallel.in_order(owner, JOBS, 2))
    assert len(owners) == 2
    assert os.getpid() not in owners


def test_few_jobs_are_done_here() -> None:
    assert set(parallel.in_order(owner, range(parallel.FEWEST - 1), 2)) == {os.getpid()}


def test_an_error_is_surfaced() -> None:
    with pytest.raises(ValueError, match="77 is no good"):
        list(parallel.in_order(fails_at_77, JOBS, 2))


def test_a_killed_process_loses_nothing() -> None:
    assert list(parallel.in_order(dies_at_77, JOBS, 2)) == list(JOBS)


def test_the_bytes_do_not_depend_on_the_number_of_processes(paper: Paper) -> None:
    for number in range(60):
        paper.post(f"p{number}", f"Text *{number}* with a [link](p{(number + 1) % 60}.md).", tags=f"[t{number % 5}]")
    for jobs in ("1", "2", "5"):
        paper.write("site.toml", f'url = "https://paper.test"\nstore = "store{jobs}"')
        run = paper.freeze("--jobs", jobs, out=f"out{jobs}")
        assert run.exit_code == 0, run.output
    # The store's location is a setting, and settings are part of every tag, but not of the bytes.
    assert paper.tree("out1") == paper.tree("out2") == paper.tree("out5")


def test_a_bad_post_among_many_is_named(paper: Paper) -> None:
    for number in range(60):
        paper.post(f"p{number}")
    paper.post("p30", date="soon")
    run = paper.freeze("--jobs", "2")
    assert run.exit_code == 1
    assert run.output.startswith("pages/posts/p30.md:3:7: bad-date")


def test_processes_collect_what_jobs_leave_even_if_the_one_that_starts_them_does_not() -> None:
    gc.disable()
    try:
        assert all(parallel.in_order(collects, range(200), 2))
    finally:
        gc.enable()
