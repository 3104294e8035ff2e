"""`flask publish` against a server that speaks S3: killed at a hundred points, with faults on the way, and with a rival."""

import contextlib
import http.client
import http.server
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from tests.helpers.buckets import Server, environ, held, server
from tests.helpers.paper import Paper
from tests.helpers.servers import behind_nginx

__all__ = ["server"]
pytestmark = pytest.mark.proof_long

WAITS = "import byline.publish.publisher as p; p.BEAT, p.SILENT, p.DEAD = 0.2, 1.5, 3"
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


def publish(
    paper: Paper, bucket: str, port: int, *options: str, before: str = ""
) -> "subprocess.CompletedProcess[str]":
    code = "\n".join([WAITS, before, RUNS])
    command = [sys.executable, "-c", code, "publish", f"s3://{bucket}", *options]
    return subprocess.run(command, cwd=paper.folder, env=environ(port), capture_output=True, text=True)


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
            assert held(place) == small.printed() | {"stranger.txt": b"mine"}, (number, after)
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
            assert held(place) == small.printed()
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
        assert held(place) in (small.printed(), others.printed())


FRONT = """\
location / {{
        rewrite ^(.*)/$ $1/index.html break;
        proxy_intercept_errors on;
        error_page 404 /paper/404.html;
        proxy_pass http://127.0.0.1:{port};
    }}
    location = /paper/404.html {{ proxy_pass http://127.0.0.1:{port}/open/404.html; }}
    location /paper/ {{
        rewrite ^/paper/(.*)/$ /open/$1/index.html break;
        rewrite ^/paper/$ /open/index.html break;
        rewrite ^/paper/(.*)$ /open/$1 break;
        proxy_intercept_errors on;
        error_page 404 /paper/404.html;
        proxy_pass http://127.0.0.1:{port};
    }}"""
"""What a content network in front of a bucket does: it shows index.html for folders and 404.html for what is missing."""


def verify(paper: Paper, port: int) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-c", RUNS, "verify", f"http://127.0.0.1:{port}/paper"]
    return subprocess.run(command, cwd=paper.folder, env=environ(0), capture_output=True, text=True)


def test_a_walk_from_an_empty_bucket_to_a_verified_site(small: Paper, server: Server, tmp_path: Path) -> None:
    """And an edit, a kill in the middle of another, and a second publisher at once, each time to a verified site."""
    place = server.make("open")
    settings = (small.folder / "site.toml").read_text().replace("https://paper.test", "https://paper.test/paper")
    small.settings(settings)
    with behind_nginx(FRONT.format(port=server.port), tmp_path / "front") as port:
        assert publish(small, "open", server.port).returncode == 0
        found = verify(small, port)
        assert found.returncode == 0, found.stdout + found.stderr
        assert " 0 wrong" in found.stdout
        assert "this host has no Content-Security-Policy" in found.stderr

        change(small, 1)
        killed = publish(small, "open", server.port, "--delete", before=DIES.format(point=6, after=True))
        assert killed.returncode == -signal.SIGKILL
        assert verify(small, port).returncode == 1
        change(small, 2)
        rival = threading.Thread(target=publish, args=(small, "open", server.port, "--delete"))
        rival.start()
        publish(small, "open", server.port, "--delete")
        rival.join()
        done = publish(small, "open", server.port, "--delete")
        assert done.returncode == 0, done.stderr
        assert verify(small, port).returncode == 0
        assert held(place) == small.printed()
