"""Attacks on what readers reach: the production server, also behind nginx, and frozen sites on nginx and Caddy."""

import contextlib
import http.client
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Error

from tests.helpers.browsing import served
from tests.helpers.paper import ROOT, Paper
from tests.helpers.papers import full_paper
from tests.helpers.production import Serving
from tests.helpers.servers import behind_nginx
from tests.helpers.servers import serving as host
from tests.media.test_attachments import DISGUISED, OPENED, REFUSED, SAVED, SCRIPT, XML, link, published
from tests.web.test_hostile import MARK, REQUESTS, SECRET

BODIES = {"5": b"12345", "chunked": b"0\r\n\r\n"}
"""What a server waits for once a header has announced it."""
pytestmark = pytest.mark.proof


def attack(port: int) -> None:
    """Send each hostile request as a client would that escapes nothing which it need not."""
    for request in REQUESTS:
        named = {name: text for name, text in request.items() if name not in ("path", "query", "method")}
        query = quote(request.get("query", ""), safe="%/?&=+[];:@,")
        target = quote(request["path"].encode("latin-1"), safe="/.:;@&=+,~*'()!$-_") + (f"?{query}" if query else "")
        with contextlib.closing(http.client.HTTPConnection("127.0.0.1", port, timeout=20)) as connection:
            try:
                connection.putrequest(request.get("method", "GET"), target or "/", skip_accept_encoding=True)
                for name, text in named.items():
                    connection.putheader(name.replace("_", "-"), text)
                connection.endheaders(BODIES.get(next(iter(named.values()), "")))
                answer = connection.getresponse()
                body = answer.read()
            except TimeoutError:
                pytest.fail(f"no answer to {request}")
            except (ValueError, http.client.HTTPException, ConnectionError):
                continue  # what no client can send, or to what the server hangs up
        assert answer.status < 500 or answer.status in (501, 505), (answer.status, request)
        assert SECRET.encode() not in body, request
        assert answer.getheader("Location", "/").startswith(("/", f"http://127.0.0.1:{port}/")), request
        assert f"<b>{MARK}".encode() not in body, request


def test_hostile_requests_to_the_production_server(serving: Serving, tmp_path: Path) -> None:
    """Started as the Procfile says, then behind nginx as docs/deploy.md says."""
    attack(serving.port)
    found = re.search(r"    location / \{.*?\n    \}", (ROOT / "docs/deploy.md").read_text(), re.DOTALL)
    assert found
    with behind_nginx(found[0].replace(":8000", f":{serving.port}"), tmp_path / "nginx") as port:
        attack(port)
    assert serving.get("/posts/one/").status == 200


@pytest.mark.parametrize("name", ["nginx", "caddy"])
def test_hostile_requests_to_a_frozen_site(paper: Paper, name: str) -> None:
    full_paper(paper)
    paper.write("outside.txt", SECRET)
    paper.settings(f'hosts = ["{name}"]\n' + (paper.folder / "site.toml").read_text())
    assert paper.freeze().exit_code == 0
    with host(name, paper.folder / "build", paper.folder / "build", paper.folder / "scratch") as (ask, port):
        attack(port)
        assert ask("/posts/one/").status == 200


@contextlib.contextmanager
def reached(paper: Paper, name: str) -> Iterator[str]:
    """The address of the site on the dev server's app, on nginx or on Caddy."""
    if name == "app":
        with served(paper.app()) as address:
            yield address
        return
    with host(name, paper.folder / "build", paper.folder / "build", paper.folder / "scratch") as (_, port):
        yield f"http://127.0.0.1:{port}"


@pytest.mark.parametrize("name", ["app", "nginx", "caddy"])
def test_no_file_of_a_writer_runs_a_script(paper: Paper, browser: Browser, name: str) -> None:
    """The browser opens each next to the published copy of a script; public files of the owner do not count."""
    paper.settings('hosts = ["nginx", "caddy"]')
    link(paper, "run.js")
    paper.write("pages/posts/run.js", SCRIPT)
    (run,) = published(paper)
    document = XML.replace("{run}", run[1:]).replace("{script}", SCRIPT)
    names = [*(f"evil.{ending}" for ending in (*REFUSED, *SAVED, *OPENED, "svg", "heic", "tiff", "gif")), *DISGUISED]
    assert len(names) > 40
    link(paper, "run.js", *names)
    for file in names:
        paper.write(f"pages/posts/{file}", document)
    urls = published(paper)
    assert paper.freeze().exit_code == 0
    asked: list[str] = []
    with reached(paper, name) as address, contextlib.closing(browser.new_context()) as context:
        page = context.new_page()
        page.on("request", lambda request: asked.append(request.url))
        for url in urls:
            with contextlib.suppress(Error):  # a download is not a page
                page.goto(address + url, timeout=5000)
    assert len(asked) >= len(urls) > len(SAVED)
    assert not [url for url in asked if url.endswith("/ran")]


def test_a_workers_memory_is_flat_over_100_000_requests(serving: Serving) -> None:
    """Pages, addresses that do not exist, searches and versions that nobody has: none may be kept for ever."""
    pid = serving.process.pid

    def memory() -> int:
        """KiB of the server and its worker."""
        pids = [pid, *map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split())]
        lines = [re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{one}/status").read_text()) for one in pids]
        return sum(int(line[1]) for line in lines if line)

    kinds = [
        "/",
        "/posts/one/",
        "/none/{}/",
        "/search/?q=word{}",
        "/static/style.css?v={:x}",
        "/posts/one/?utm={}",
        "/tags/law/",
    ]
    measured = []
    connection = http.client.HTTPConnection("127.0.0.1", serving.port, timeout=20)
    for number in range(100_000):
        path = kinds[number % len(kinds)].format(number)
        connection.request("GET", path)
        connection.getresponse().read()
        if number in (20_000, 99_999):
            measured.append(memory())
    connection.close()
    assert measured[1] - measured[0] < 20_000, measured
