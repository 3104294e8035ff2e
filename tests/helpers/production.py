"""The production server, started as people start it."""

import contextlib
import os
import re
import shutil
import signal
import socket
import stat
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from email.message import Message
from pathlib import Path

import pytest

from tests.helpers.fresh import copy_project, unprivileged
from tests.helpers.paper import ROOT, Paper
from tests.helpers.papers import full_paper, jpeg

COMMANDS = dict(re.findall(r"^(\w+): (.+)$", (ROOT / "Procfile").read_text(), re.M))


BIN = Path(sys.executable).parent


class Answer:
    def __init__(self, status: int, headers: Message, body: bytes) -> None:
        self.status = status
        self.headers = headers
        self.body = body


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        return None


def start(folder: Path, name: str, **environ: str) -> subprocess.Popen[bytes]:
    variables = os.environ | {"PATH": f"{BIN}:{os.environ['PATH']}", "PYTHONDONTWRITEBYTECODE": "1"} | environ
    with (folder.parent / f"{name}.log").open("ab") as log:
        return subprocess.Popen(
            unprivileged(["sh", "-c", f"exec {COMMANDS[name]}"]), cwd=folder, env=variables, stdout=log, stderr=log
        )


@pytest.fixture
def checkout(tmp_path: Path) -> Iterator[Path]:
    """A site, built as for a deployment, then made read-only."""
    folder = copy_project(tmp_path / "site")
    paper = full_paper(Paper(folder))
    paper.write("pages/posts/wide.jpg", jpeg())
    paper.write("pages/posts/film.webm", bytes(range(256)) * 40_000)
    paper.post("wide", '![Red and blue](wide.jpg)\n\n<video src="film.webm"></video>')
    built = subprocess.run(
        [sys.executable, "-m", "flask", "freeze", "--no-search", "--out", str(tmp_path / "warm")],
        cwd=folder,
        capture_output=True,
        text=True,
    )
    assert built.returncode == 0, built.stderr
    write = stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH
    everything = [folder, *folder.rglob("*")]
    for path in everything:
        path.chmod(path.stat().st_mode & ~write)
    yield folder
    for path in everything:
        path.chmod(path.stat().st_mode | stat.S_IWUSR)


def get(address: str, **headers: str) -> Answer:
    opener = urllib.request.build_opener(_NoRedirects)
    request = urllib.request.Request(address, headers={name.replace("_", "-"): text for name, text in headers.items()})
    try:
        with opener.open(request, timeout=20) as answer:
            return Answer(answer.status, answer.headers, answer.read())
    except urllib.error.HTTPError as error:
        return Answer(error.code, error.headers, error.read())


class Serving:
    """The Procfile's web command on a checkout, once it has answered for the first time."""

    def __init__(self, folder: Path) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self.process = start(folder, "web", PORT=str(self.port), WEB_CONCURRENCY="1")
        for _ in range(300):
            with contextlib.suppress(OSError):
                self.get("/")
                break
            time.sleep(0.1)

    def get(self, path: str, **headers: str) -> Answer:
        return get(f"http://127.0.0.1:{self.port}{path}", **headers)

    def stop(self) -> None:
        self.process.send_signal(signal.SIGTERM)
        assert self.process.wait(30) == 0


@pytest.fixture
def serving(checkout: Path) -> Iterator[Serving]:
    if os.getuid() == 0 and not shutil.which("setpriv"):
        pytest.skip("root needs setpriv to give up its rights")
    started = Serving(checkout)
    yield started
    if started.process.poll() is None:
        started.stop()
