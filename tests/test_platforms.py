"""Systems that lack what Linux has: a writer on Windows can run the server and freeze."""

import contextlib
import shutil
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from tests.helpers.paper import ROOT, Paper
from tests.helpers.servers import free_port

BARE = """
import os, sys
sys.modules["fcntl"] = None  # as where there is none: importing it fails
for name in ("sync", "sched_getaffinity"):
    delattr(os, name)
from flask.cli import main
main()
"""


@pytest.fixture
def folder(paper: Paper) -> Path:
    shutil.copy(ROOT / "app.py", paper.folder)
    (paper.folder / "byline").symlink_to(ROOT / "byline")
    for number in range(70):  # more than are synced one by one
        paper.post(f"p{number}")
    return paper.folder


def test_flask_run_starts_without_fcntl(folder: Path) -> None:
    port = free_port()
    log = folder / "run.log"
    with log.open("wb") as out:
        command = [sys.executable, "-c", BARE, "run", "--debug", "--no-reload", "--port", str(port)]
        server = subprocess.Popen(command, cwd=folder, stdout=out, stderr=out)
    try:
        for _ in range(200):
            with contextlib.suppress(OSError):
                page = urllib.request.urlopen(f"http://127.0.0.1:{port}/").read()
                assert b"The p1 story" in page
                return
            assert server.poll() is None, log.read_text()
            time.sleep(0.1)
        pytest.fail(log.read_text())
    finally:
        server.terminate()
        server.wait()


def test_flask_freeze_works_without_fcntl(folder: Path) -> None:
    command = [sys.executable, "-c", BARE, "freeze", "--no-search"]
    for _ in range(2):
        run = subprocess.run(command, cwd=folder, capture_output=True, text=True)
        assert run.returncode == 0, run.stderr
    assert " 0 written" in run.stdout
