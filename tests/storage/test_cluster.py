"""A freeze with a Dask scheduler and two workers: the same bytes, also if a worker dies at work."""

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.helpers.fresh import copy_project
from tests.helpers.paper import ROOT, Paper, tree
from tests.helpers.papers import full_paper, jpeg

NOISE = subprocess.DEVNULL


class Cluster(NamedTuple):
    address: str
    environ: dict[str, str]
    workers: list["subprocess.Popen[bytes]"]

    def start(self, code: str = "") -> None:
        """One more worker, which runs `code` first."""
        command = ["from distributed.cli.dask_worker import main", code, "main()"]
        options = [self.address, "--nthreads", "1", "--no-nanny", "--no-dashboard"]
        started = subprocess.Popen(
            [sys.executable, "-c", "\n".join(command), *options], env=self.environ, stdout=NOISE, stderr=NOISE
        )
        self.workers.append(started)

    def stop(self) -> None:
        for worker in self.workers:
            worker.terminate()
            worker.wait()
        self.workers.clear()


@pytest.fixture(scope="module")
def scheduler(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, dict[str, str]]]:
    """Its address, and the environment in which there is Dask."""
    folder = tmp_path_factory.mktemp("dask")
    pip = [sys.executable, "-m", "pip", "install", "-q", "--target", str(folder), "distributed"]
    subprocess.run(pip, check=True, stderr=NOISE)
    environ = os.environ | {"PYTHONPATH": os.pathsep.join([str(ROOT), str(folder)])}
    with started_scheduler(environ) as (address, _):
        yield address, environ


@contextlib.contextmanager
def started_scheduler(environ: dict[str, str]) -> Iterator[tuple[str, "subprocess.Popen[bytes]"]]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = int(free.getsockname()[1])
    options = ["--host", "127.0.0.1", "--port", str(port), "--no-dashboard"]
    process = subprocess.Popen(
        [sys.executable, "-m", "distributed.cli.dask_scheduler", *options], env=environ, stdout=NOISE, stderr=NOISE
    )
    for _ in range(300):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            break
        time.sleep(0.1)
    yield f"tcp://127.0.0.1:{port}", process
    process.terminate()
    process.wait()


@pytest.fixture
def cluster(scheduler: tuple[str, dict[str, str]]) -> Iterator[Cluster]:
    made = Cluster(*scheduler, [])
    yield made
    made.stop()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    paper = full_paper(Paper(copy_project(tmp_path / "site")))
    for number in range(300):
        paper.post(f"more-{number}", f"Words of {number}.\n\n![Red and blue](wide-{number % 20}.jpg)")
    for number in range(20):
        paper.write(f"pages/posts/wide-{number}.jpg", jpeg(1300 + number, 700))
    return paper.folder


def freeze(folder: Path, environ: dict[str, str], *options: str) -> "subprocess.CompletedProcess[str]":
    for made in (".cache", "build"):
        shutil.rmtree(folder / made, ignore_errors=True)
    command = [sys.executable, "-m", "flask", "freeze", "--no-search", *options]
    return subprocess.run(command, cwd=folder, env=environ, capture_output=True, text=True)


COUNTS = """
import sys, distributed
client = distributed.Client(sys.argv[1])
print(sum(client.run(lambda dask_worker: dask_worker.state.executed_count).values()))
"""


def executed(cluster: Cluster) -> int:
    command = [sys.executable, "-c", COUNTS, cluster.address]
    run = subprocess.run(command, env=cluster.environ, capture_output=True, text=True, check=True)
    return int(run.stdout)


@pytest.mark.proof_long
def test_two_workers_make_the_same_site(cluster: Cluster, folder: Path) -> None:
    assert freeze(folder, cluster.environ).returncode == 0
    alone = tree(folder / "build")
    cluster.start()
    cluster.start()
    run = freeze(folder, cluster.environ, "--scheduler", cluster.address)
    assert run.returncode == 0, run.stderr
    assert tree(folder / "build") == alone
    assert executed(cluster) > 300 / 32 + 20


SLOW = """
import time, byline.content.reader as reader
parse = reader.parse
def slow(job):
    time.sleep(0.05)
    return parse(job)
reader.parse = slow
"""


@pytest.mark.proof_long
def test_a_worker_that_dies_loses_nothing(cluster: Cluster, folder: Path) -> None:
    assert freeze(folder, cluster.environ).returncode == 0
    alone = tree(folder / "build")
    cluster.start(SLOW)
    cluster.start(SLOW)
    killed = threading.Timer(8, cluster.workers[0].kill)
    killed.start()
    run = freeze(folder, cluster.environ, "--scheduler", cluster.address)
    assert not killed.is_alive()  # it happened while there was work
    assert run.returncode == 0, run.stderr
    assert tree(folder / "build") == alone


@pytest.mark.proof_long
def test_a_scheduler_that_dies_loses_nothing(folder: Path, scheduler: tuple[str, dict[str, str]]) -> None:
    environ = scheduler[1]
    assert freeze(folder, environ).returncode == 0
    alone = tree(folder / "build")
    with started_scheduler(environ) as (address, process):
        cluster = Cluster(address, environ, [])
        cluster.start(SLOW)
        killed = threading.Timer(8, process.kill)
        killed.start()
        run = freeze(folder, environ, "--scheduler", address)
        cluster.stop()
    assert run.returncode == 0, run.stderr
    assert "what it cannot do is done here" in run.stderr
    assert tree(folder / "build") == alone


@pytest.mark.proof_long
def test_a_worker_with_another_byline_is_refused(cluster: Cluster, folder: Path) -> None:
    cluster.start("import platform; platform.machine = lambda: 'riscv64'")
    run = freeze(folder, cluster.environ, "--scheduler", cluster.address)
    assert run.returncode == 1
    assert "a worker has another Byline, Python or library than this machine" in run.stderr
    assert "Nothing was written" in run.stderr
    assert "Traceback" not in run.stderr


@pytest.mark.proof_long
def test_no_scheduler_and_no_dask_are_told(scheduler: tuple[str, dict[str, str]], folder: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    run = freeze(folder, scheduler[1], "--scheduler", f"tcp://127.0.0.1:{port}")
    assert run.returncode == 1
    assert f"tcp://127.0.0.1:{port}: no scheduler with a worker answers" in run.stderr
    run = freeze(folder, os.environ | {"PYTHONPATH": str(ROOT)}, "--scheduler", scheduler[0])
    assert run.returncode == 1
    assert "--scheduler needs Dask: install byline[cluster]" in run.stderr
