"""Deployment: the Procfile's commands run on a read-only checkout, without any privileges."""

import json
import socket
import subprocess
import sys
from pathlib import Path

import brotli
import pytest

from tests.helpers.fresh import copy_project
from tests.helpers.paper import ROOT
from tests.helpers.production import Serving, start


def test_the_procfile_on_a_read_only_checkout(checkout: Path, serving: Serving) -> None:
    before = sorted(str(path) for path in checkout.rglob("*"))
    assert start(checkout, "release").wait(60) == 0
    health = json.loads(serving.get("/healthz").body)
    assert (health["status"], health["errors"]) == ("ok", 0)
    plain = serving.get("/posts/wide/")
    packed = serving.get("/posts/wide/", Accept_Encoding="br")
    assert brotli.decompress(packed.body) == plain.body
    assert packed.headers["Content-Encoding"] == "br"
    again = serving.get("/posts/wide/", If_None_Match=plain.headers["ETag"])
    assert (again.status, again.body) == (304, b"")
    assert serving.get("/posts/wide").headers["Location"] == "/posts/wide/"
    assert serving.get("/posts/").status == 301
    assert serving.get("/nothing/").status == 404
    assert b"/posts/wide/" in serving.get("/search/?q=wide").body
    serving.stop()
    assert sorted(str(path) for path in checkout.rglob("*")) == before
    log = (checkout.parent / "web.log").read_text()
    assert log.count("the cache folder cannot be written") == 1
    lines = [json.loads(line) for line in log.split("\n") if line.startswith('{"time"')]
    assert [line["status"] for line in lines if line.get("path") == "/nothing/"] == [404]


def test_an_error_stops_a_release(tmp_path: Path) -> None:
    folder = copy_project(tmp_path / "site")
    (folder / "pages" / "posts").mkdir(parents=True)
    (folder / "pages" / "posts" / "bad.md").write_text("---\ntitle: A\ndate: soon\n---\n")
    assert start(folder, "release").wait(60) == 1
    assert "pages/posts/bad.md:3:7: bad-date" in (tmp_path / "release.log").read_text()


@pytest.mark.parametrize("makefile", ["Makefile", "byline/starter/Makefile"])
def test_a_taken_port_is_one_line(makefile: str) -> None:
    """Granian itself would print a backtrace for each worker."""
    recipe = (ROOT / makefile).read_text().replace("$$", "$").partition("serve-prod: .venv\n")[2].splitlines()[0]
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        line = recipe.strip().removeprefix("@").replace("$(BIN)/python", sys.executable).replace("$(PORT)", str(port))
        run = subprocess.run(["sh", "-c", line], capture_output=True, text=True)
    assert run.returncode == 1
    assert run.stderr == f"port {port} is taken: stop the program that uses it, or set another PORT=\n"
    assert subprocess.run(["sh", "-c", line]).returncode == 0
