"""Downloads: a server on this machine stands for the old site."""

import http.server
import threading
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from byline.importers import download
from byline.importers.download import Client, Fetched, is_public
from tests.helpers.exports import body, imported, ledger, wxr, wxr_item
from tests.helpers.paper import ROOT, Paper

PIXEL = (ROOT / "byline/theme/static/icon.png").read_bytes()


class Old(http.server.ThreadingHTTPServer):
    """An old site: what it was asked for, and how many at once."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.asked: Counter[str] = Counter()
        self.ranges: list[str] = []
        self.now = self.most = 0
        self.gate = threading.Barrier(4, timeout=5)
        self.lock = threading.Lock()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class _Handler(http.server.BaseHTTPRequestHandler):
    server: Old

    def do_GET(self) -> None:
        server = self.server
        with server.lock:
            server.asked[self.path] += 1
            server.now += 1
            server.most = max(server.most, server.now)
        try:
            self._answer(self.path.partition("?")[0])
        finally:
            with server.lock:
                server.now -= 1

    def _answer(self, path: str) -> None:
        if path.startswith("/together/"):
            self.server.gate.wait()
        if path == "/away.png":
            self._send(302, b"", Location="http://127.0.0.2/secret")
        elif path == "/loop.png":
            self._send(302, b"", Location="/loop.png")
        elif path == "/moved.png":
            self._send(301, b"", Location="/a.png")
        elif path == "/page.png":
            self._send(200, b"<html>", **{"Content-Type": "text/html"})
        elif path == "/broken.png":
            self._broken()
        elif path.endswith(".png") and path != "/none.png":
            self._send(200, PIXEL, **{"Content-Type": "image/png"})
        else:
            self._send(404, b"")

    def _broken(self) -> None:
        """Half of it, then the other half to whoever asks for it."""
        found = self.headers.get("Range")
        half = len(PIXEL) // 2
        if found:
            self.server.ranges.append(found)
            part = PIXEL[half:]
            self._send(206, part, ETag='"one"', **{"Content-Range": f"bytes {half}-{len(PIXEL) - 1}/{len(PIXEL)}"})
            return
        self.send_response(200)
        self.send_header("ETag", '"one"')
        self.send_header("Content-Length", str(len(PIXEL)))
        self.end_headers()
        self.wfile.write(PIXEL[:half])

    def _send(self, status: int, data: bytes, **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_: object) -> None:
        """In silence."""


@pytest.fixture
def old() -> Iterator[Old]:
    server = Old()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


def one(old: Old, folder: Path, path: str) -> Fetched:
    client = Client(folder, lambda url: url.startswith(old.url), old.url)
    return next(iter(client.fetch([old.url + path])))


@pytest.mark.parametrize("path", ["/a.png", "/moved.png", "/b%20c.png", "/ü.png"])
def test_a_file_is_fetched(old: Old, tmp_path: Path, path: str) -> None:
    found = one(old, tmp_path, path)
    assert found.file is not None, found.fault
    assert found.file.read_bytes() == PIXEL


@pytest.mark.parametrize(
    ("path", "fault"),
    [
        ("/none.png", "answers 404"),
        ("/page.png", "answers with a page"),
        ("/away.png", "127.0.0.2 is not the old site"),
        ("/loop.png", "without an end"),
    ],
)
def test_what_cannot_be_had_says_why(old: Old, tmp_path: Path, path: str, fault: str) -> None:
    found = one(old, tmp_path, path)
    assert found.file is None
    assert fault in found.fault


def test_what_broke_off_is_continued(old: Old, tmp_path: Path) -> None:
    found = one(old, tmp_path, "/broken.png")
    assert found.file is not None, found.fault
    assert found.file.read_bytes() == PIXEL
    assert old.ranges == [f"bytes={len(PIXEL) // 2}-"]


def test_too_large_a_file_is_not_taken(old: Old, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(download, "MAX_BYTES", 10)
    assert "is larger than 10 bytes" in one(old, tmp_path, "/a.png").fault


def test_four_at_once_and_no_more(old: Old, tmp_path: Path) -> None:
    client = Client(tmp_path, bool, old.url)
    found = list(client.fetch([f"{old.url}/together/{n}.png" for n in range(8)]))
    assert all(one.file for one in found)
    assert old.most == 4


def test_a_host_that_does_not_answer_is_left_in_peace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    client = Client(tmp_path, bool, "http://127.0.0.1:9")
    tried = []

    def refused(connection: object) -> None:
        tried.append(connection)
        raise ConnectionRefusedError

    monkeypatch.setattr(download._Plain, "connect", refused)
    faults = {one.fault for one in client.fetch([f"http://127.0.0.1:9/{n}.png" for n in range(20)])}
    assert faults == {"127.0.0.1 does not answer"}
    assert len(tried) < 10


@pytest.mark.parametrize(
    "address",
    "127.0.0.1 10.1.2.3 192.168.0.1 172.16.0.1 169.254.169.254 0.0.0.0 100.64.0.1 224.0.0.1 ::1 fe80::1%eth0 fc00::1"
    " ::ffff:127.0.0.1 ::ffff:10.0.0.1 2002:7f00:1:: ::".split(),
)
def test_private_addresses_are_known(address: str) -> None:
    assert not is_public(address)


def test_public_addresses_are_known() -> None:
    assert is_public("93.184.216.34")
    assert is_public("2606:2800:220:1:248:1893:25c8:1946")


@pytest.mark.parametrize("named", ["", "https://old.test", "http://localhost:1"])
def test_no_private_host_is_asked_that_nobody_named(old: Old, tmp_path: Path, named: str) -> None:
    client = Client(tmp_path, bool, named)
    (found,) = client.fetch([f"{old.url}/a.png"])
    assert found.file is None
    assert not old.asked


def test_an_import_brings_the_pictures(old: Old, paper: Paper) -> None:
    html = (
        f'<p><img src="{old.url}/wp-content/uploads/2023/quay-300x200.png" alt="Q"> <a href="{old.url}/wp-content/uploads/a.png">f</a>'
        f' <img src="{old.url}/none.png" alt="N"> <img src="https://elsewhere.test/b.png" alt="E"></p>'
    )
    picture = wxr_item(
        5,
        "quay",
        type="attachment",
        status="inherit",
        extra=f"<wp:attachment_url>{old.url}/wp-content/uploads/2023/quay.png</wp:attachment_url>",
    )
    path = paper.write("export.xml", wxr(wxr_item(1, "One", html, link=f"{old.url}/one/"), picture))
    dry = imported(paper, str(path), "--url", old.url, "--dry-run")
    assert "Nothing was written." in dry.output
    assert not old.asked
    assert not (paper.folder / "import-report.md").exists()
    imported(paper, str(path), "--url", old.url)
    assert body(paper, ledger(paper)["wordpress:1"]) == (
        f"![Q](../../media/2023/quay.png) [f](../../media/a.png) ![N]({old.url}/none.png) ![E](https://elsewhere.test/b.png)"
    )
    assert (paper.folder / "pages/media/2023/quay.png").read_bytes() == PIXEL
    assert "/none.png: the old site answers 404" in (paper.folder / "import-report.md").read_text()
    asked = old.asked.total()
    imported(paper, str(path), "--url", old.url)
    assert old.asked.total() == asked + 1  # what was not there
