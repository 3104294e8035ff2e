"""Deploying: the Procfile's commands run on a checkout that cannot be written, without any privilege."""

import contextlib
import json
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

import brotli
import pytest

from tests.conftest import ROOT
from tests.fresh import copy_project, unprivileged

COMMANDS = dict(re.findall(r"^(\w+): (.+)$", (ROOT / "Procfile").read_text(), re.M))
BIN = Path(sys.executable).parent


def start(folder: Path, name: str, **environ: str) -> subprocess.Popen[bytes]:
    variables = os.environ | {"PATH": f"{BIN}:{os.environ['PATH']}", "PYTHONDONTWRITEBYTECODE": "1"} | environ
    with (folder.parent / f"{name}.log").open("ab") as log:
        return subprocess.Popen(
            unprivileged(["sh", "-c", f"exec {COMMANDS[name]}"]), cwd=folder, env=variables, stdout=log, stderr=log
        )


@pytest.fixture
def checkout(tmp_path: Path) -> Iterator[Path]:
    """The starter site, built as a deployment builds it, then made read-only."""
    folder = copy_project(tmp_path / "site")
    for name in ("pages", "site.toml"):
        source = ROOT / name
        (shutil.copytree if source.is_dir() else shutil.copy)(source, folder / name)
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


class Answer:
    def __init__(self, status: int, headers: Message, body: bytes) -> None:
        self.status = status
        self.headers = headers
        self.body = body


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        return None


def get(address: str, **headers: str) -> Answer:
    opener = urllib.request.build_opener(_NoRedirects)
    request = urllib.request.Request(address, headers={name.replace("_", "-"): text for name, text in headers.items()})
    try:
        with opener.open(request, timeout=20) as answer:
            return Answer(answer.status, answer.headers, answer.read())
    except urllib.error.HTTPError as error:
        return Answer(error.code, error.headers, error.read())


class Serving:
    """The Procfile's web command on a checkout, from its first answer on."""

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


def test_the_procfile_on_a_read_only_checkout(checkout: Path, serving: Serving) -> None:
    before = sorted(str(path) for path in checkout.rglob("*"))
    assert start(checkout, "release").wait(60) == 0
    health = json.loads(serving.get("/healthz").body)
    assert (health["status"], health["errors"]) == ("ok", 0)
    plain = serving.get("/posts/first-post/")
    packed = serving.get("/posts/first-post/", Accept_Encoding="br")
    assert brotli.decompress(packed.body) == plain.body
    assert packed.headers["Content-Encoding"] == "br"
    again = serving.get("/posts/first-post/", If_None_Match=plain.headers["ETag"])
    assert (again.status, again.body) == (304, b"")
    assert serving.get("/posts/first-post").headers["Location"] == "/posts/first-post/"
    assert serving.get("/posts/").status == 301
    assert serving.get("/nothing/").status == 404
    assert b"/posts/first-post/" in serving.get("/search/?q=first+post").body
    serving.stop()
    assert sorted(str(path) for path in checkout.rglob("*")) == before
    log = (checkout.parent / "web.log").read_text()
    assert log.count("the cache folder cannot be written") == 1
    lines = [json.loads(line) for line in log.split("\n") if line.startswith('{"time"')]
    assert [line["status"] for line in lines if line.get("path") == "/nothing/"] == [404]


def test_an_error_stops_a_release(tmp_path: Path) -> None:
    folder = copy_project(tmp_path / "site")
    (folder / "pages" / "posts").mkdir(parents=True)
    (folder / "pages" / "posts" / "bad.md").write_text("---\ntitle: A: b\ndate: 2025-01-01\n---\n")
    assert start(folder, "release").wait(60) == 1
    assert "pages/posts/bad.md:2:9: bad-yaml" in (tmp_path / "release.log").read_text()
