"""`flask verify`: it finds nothing at servers that are right, and what is wrong at those that are not."""

import contextlib
import functools
import http.server
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from byline.publish import verifier
from tests.freeze.hosts.test_servers import hosting
from tests.helpers.fresh import copy_project
from tests.helpers.paper import Paper
from tests.helpers.papers import full_paper
from tests.helpers.production import Serving
from tests.helpers.servers import free_port

SITE = 'title = "The Paper"\nurl = "https://paper.test"\nsocial_cards = false\n'


class Said(NamedTuple):
    code: int
    output: str


def verify(paper: Paper, address: str) -> Said:
    result = paper.run("verify", address)
    return Said(result.exit_code, result.output)


Change = Callable[[str, int, dict[str, str], bytes], tuple[int, dict[str, str], bytes]]


@contextlib.contextmanager
def served(paper: Paper, change: Change = lambda _path, *answer: answer) -> Iterator[str]:
    """The address of a server that answers as the app does, but for what `change` makes of it."""
    client = paper.client()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            answer = client.get(self.path)
            headers = {name: value for name, value in answer.headers.items() if name != "Content-Length"}
            status, headers, body = change(self.path, answer.status_code, headers, answer.data)
            self.send_response(status)
            for name, value in (headers | {"Content-Length": str(len(body))}).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    with http.server.HTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()


@pytest.fixture
def frozen(paper: Paper) -> Paper:
    paper.settings(SITE + '[redirects]\n"/old/*" = "/posts/:splat"\n"/gone/" = {status = 410}\n')
    paper.post("one", aliases="[/first/, '/?p=1']")
    paper.post("two")
    assert paper.run("freeze", "--no-search").exit_code == 0
    return paper


@pytest.mark.parametrize(("name", "base"), [("nginx", ""), ("nginx", "/a/re.po"), ("caddy", "")])
def test_what_serves_by_byline_s_rules_is_right(tmp_path: Path, name: str, base: str) -> None:
    paper = Paper(tmp_path / "paper")
    with hosting(paper, name, base, "https://paper.test") as hosted:
        assert paper.freeze("--search", out="build").exit_code == 0
        said = verify(paper, f"http://127.0.0.1:{hosted.port}{base}/")
        assert (said.code, "WARNING" in said.output) == (0, False), said.output
        assert " 0 wrong" in said.output


def test_the_production_server_is_right(tmp_path: Path) -> None:
    paper = full_paper(Paper(copy_project(tmp_path / "site")))
    flask = [sys.executable, "-m", "flask"]
    subprocess.run([*flask, "freeze"], cwd=paper.folder, check=True, capture_output=True)
    server = Serving(paper.folder)
    said = subprocess.run(
        [*flask, "verify", f"http://127.0.0.1:{server.port}"], cwd=paper.folder, capture_output=True, text=True
    )
    server.stop()
    assert (said.returncode, said.stderr) == (0, ""), said.stdout + said.stderr
    assert " 0 wrong" in said.stdout


def test_a_host_of_files_alone_is_told_what_it_lacks(frozen: Paper) -> None:
    handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=frozen.folder / "build")
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        said = verify(frozen, f"http://127.0.0.1:{server.server_port}")
        server.shutdown()
    assert said.code == 1
    assert "this host has no 410 for gone, no Cache-Control, no Content-Security-Policy, no " in said.output
    assert "no redirects by rules" in said.output
    assert "/: Content-Type is 'text/html' instead of 'text/html; charset=utf-8'" in said.output
    assert "/first/: " not in said.output.replace("/first/: Content-Type", "")


def one(path: str, **changed: object) -> Change:
    """Another answer at `path` alone."""

    def change(asked: str, status: int, headers: dict[str, str], body: bytes) -> tuple[int, dict[str, str], bytes]:
        if asked != path:
            return status, headers, body
        given = headers | {name.replace("_", "-"): str(value) for name, value in changed.items() if name[0].isupper()}
        given = {name: value for name, value in given.items() if value}
        return int(str(changed.get("status", status))), given, bytes(changed.get("body", body))  # type: ignore[call-overload]

    return change


WRONG = [
    (one("/posts/one/", status=404), "/posts/one/: 404 instead of 200"),
    (one("/posts/one/", body=b"old"), "/posts/one/: other bytes than were frozen: 3 instead of "),
    (one("/posts/one/", Content_Type="text/plain"), "/posts/one/: Content-Type is 'text/plain' instead of"),
    (one("/posts/one/", Content_Security_Policy=""), "/posts/one/: Content-Security-Policy is missing"),
    (one("/feed.xml", Cache_Control="max-age=9"), "/feed.xml: Cache-Control is 'max-age=9' instead of 'no-cache'"),
    (one("/posts/one/", status=301, Location="/x/"), "/posts/one/: 301 to /x/ instead of 200"),
    (one("/first/", Location="/posts/two/"), "/first/: leads to /posts/two/ instead of /posts/one/"),
    (one("/first/", status=302), "/first/: 302 instead of 301"),
    (one("/?p=1", status=200), "/?p=1: 200 to /posts/one/ instead of 301"),
    (one("/gone/", status=200), "/gone/: 200 instead of 410"),
    (one("/static/style.css", body=b""), "/static/style.css: other bytes than were frozen: 0 instead of "),
]


@pytest.mark.parametrize(("change", "text"), WRONG, ids=[text for _, text in WRONG])
def test_what_is_wrong_is_told(frozen: Paper, change: Change, text: str) -> None:
    with served(frozen, change) as address:
        said = verify(frozen, address)
    assert text in said.output
    assert ", 1 wrong" in said.output
    assert said.code == 1


def test_what_a_host_never_has_is_one_warning_whatever_else_is_wrong(frozen: Paper) -> None:
    def change(path: str, status: int, headers: dict[str, str], body: bytes) -> tuple[int, dict[str, str], bytes]:
        bare = {name: value for name, value in headers.items() if name in ("Content-Type", "Cache-Control", "Location")}
        return (404 if path == "/posts/one/" else status), bare, body

    with served(frozen, change) as address:
        said = verify(frozen, address)
    assert "/posts/one/: 404 instead of 200" in said.output
    assert "this host has no Content-Security-Policy" in said.output
    assert ", 1 wrong" in said.output


def test_it_does_not_wait_for_hours_nor_read_for_ever(frozen: Paper, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verifier, "TRIES", verifier.TRIES.new(retry_after_max=0.1))
    change = one("/posts/one/", status=503, Retry_After="3600")
    started = time.monotonic()
    with served(frozen, change) as address:
        assert "/posts/one/: 503 instead of 200" in verify(frozen, address).output
    assert time.monotonic() - started < 30
    assert verifier.TRIES.retry_after_max <= 10
    with served(frozen, one("/posts/one/", body=b"x" * 5_000_000)) as address:
        said = verify(frozen, address)
    assert " or more instead of " in said.output


def test_a_site_that_is_elsewhere_is_not_verified_here(frozen: Paper) -> None:
    def change(path: str, *_: object) -> tuple[int, dict[str, str], bytes]:
        return 301, {"Location": f"https://paper.test{path}"}, b""

    with served(frozen, change) as address:
        said = verify(frozen, address)
    assert f"{address} leads to https://paper.test: verify that" in said.output
    assert said.code == 1


def test_a_password_is_sent_and_not_told(frozen: Paper) -> None:
    with served(frozen) as address:
        said = verify(frozen, address.replace("http://", "http://desk:secret@"))
    assert said.code == 0, said.output
    assert "secret" not in said.output


def test_a_site_that_answers_everything_is_wrong(frozen: Paper) -> None:
    def change(_path: str, status: int, headers: dict[str, str], body: bytes) -> tuple[int, dict[str, str], bytes]:
        return (200 if status == 404 else status), headers, body

    with served(frozen, change) as address:
        said = verify(frozen, address)
    assert ": 200 instead of 404" in said.output
    assert said.code == 1


def test_what_is_right_in_another_form_is_right(frozen: Paper) -> None:
    """Whole addresses, and pages in place of redirects, as hosts of files have them."""
    page = (frozen.folder / "build" / "first" / "index.html").read_bytes()
    for change in (
        one("/first/", Location="https://paper.test/posts/one"),
        one("/first/", status=200, body=page, Location=""),
    ):
        with served(frozen, change) as address:
            said = verify(frozen, address)
        assert (said.code, " 0 wrong" in said.output) == (0, True), said.output


def test_what_cannot_be_asked_is_told(paper: Paper) -> None:
    paper.settings(SITE)
    paper.post("one")
    assert "nothing is frozen in build" in verify(paper, "http://127.0.0.1:1").output
    assert paper.run("freeze", "--no-search").exit_code == 0
    for address, text in {
        "paper.test": "is no address of a site",
        "http://[::1": "is no address of a site",
        "https://paper.test/other/": "has another path than the site",
        f"http://127.0.0.1:{free_port()}": "cannot be read: ",
    }.items():
        said = verify(paper, address)
        assert (said.code, text in said.output) == (1, True), said.output


def test_an_edit_since_the_freeze_is_told(frozen: Paper) -> None:
    with served(frozen) as address:
        frozen.post("two", "Other words.")
        said = verify(frozen, address)
    assert "the site has changed since it was frozen" in said.output
