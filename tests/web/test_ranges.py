"""Parts of files, for players of sound and video, and large files that are never in memory as a whole."""

import contextlib
import os
import socket
from collections.abc import Callable, Iterator

import pytest
from werkzeug.test import Client, EnvironBuilder

from byline.storage.streams import PIECE, Stream
from byline.web import live
from byline.web.app import live_of
from byline.web.server import cache
from byline.web.server.cache import PageCache
from tests.helpers.paper import Paper
from tests.helpers.production import Serving

DATA = bytes(range(256)) * 20
SIZE = len(DATA)


@pytest.fixture(params=["small", "large", "small from the cache", "large past the cache"])
def film(paper: Paper, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> tuple[Client, str]:
    """A client and the URL of a video of 5,120 bytes, which counts as small or as large."""
    if "large" in request.param:
        monkeypatch.setattr(live, "LARGE", 1000)
        monkeypatch.setattr(cache, "LARGEST", 1000)
    paper.write("pages/posts/film.mp4", DATA)
    paper.post("one", '<video src="film.mp4"></video>')
    app = paper.app()
    (url,) = (url for url in live_of(app).snapshot().site.files if "film" in url)
    return Client(PageCache(app.wsgi_app, live_of(app)) if "cache" in request.param else app), url


PARTS = {
    "bytes=0-1": (0, 2),
    "bytes=10-19": (10, 20),
    "bytes=5000-": (5000, SIZE),
    "bytes=0-": (0, SIZE),
    "bytes=-7": (SIZE - 7, SIZE),
    "bytes=-99999": (0, SIZE),
    "bytes=5000-99999999": (5000, SIZE),
    f"bytes={SIZE - 1}-{SIZE - 1}": (SIZE - 1, SIZE),
    "BYTES=3-4": (3, 5),
}


@pytest.mark.parametrize("asked", PARTS)
def test_a_part_is_what_was_asked_for(film: tuple[Client, str], asked: str) -> None:
    client, url = film
    start, end = PARTS[asked]
    for _ in range(2):
        answer = client.get(url, headers={"Range": asked})
        assert answer.status_code == 206
        assert answer.data == DATA[start:end]
        assert answer.headers["Content-Range"] == f"bytes {start}-{end - 1}/{SIZE}"
        assert answer.headers["Content-Length"] == str(end - start)
        assert answer.headers["Content-Type"] == "video/mp4"
        assert "immutable" in answer.headers["Cache-Control"]
        assert answer.headers["ETag"] == client.get(url).headers["ETag"]
        assert "Content-Security-Policy" in answer.headers


@pytest.mark.parametrize(
    "asked",
    ["", "bytes=5-3", "bytes=a-b", "bytes=-", "items=0-1", "bytes=0-1,5-9", "bytes 0-1", f"bytes={'9' * 5000}-"],
)
def test_what_is_no_single_range_is_answered_with_the_whole(film: tuple[Client, str], asked: str) -> None:
    client, url = film
    answer = client.get(url, headers={"Range": asked} if asked else {})
    assert answer.status_code == 200
    assert answer.data == DATA
    assert answer.headers["Accept-Ranges"] == "bytes"
    assert answer.headers["Content-Length"] == str(SIZE)


@pytest.mark.parametrize("asked", [f"bytes={SIZE}-", "bytes=9999999-", "bytes=-0"])
def test_a_part_beyond_the_end_cannot_be_had(film: tuple[Client, str], asked: str) -> None:
    client, url = film
    for _ in range(2):
        answer = client.get(url, headers={"Range": asked})
        assert answer.status_code == 416
        assert answer.headers["Content-Range"] == f"bytes */{SIZE}"
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.data == b""
        assert "ETag" not in answer.headers


def test_a_part_of_another_version_is_not_sent(film: tuple[Client, str]) -> None:
    client, url = film
    tag = client.get(url).headers["ETag"]
    for same, status in {
        tag: 206,
        f"W/{tag}": 200,
        '"other"': 200,
        tag.strip('"'): 200,
        "Sun, 01 Jun 2025 12:00:00 GMT": 200,
    }.items():
        answer = client.get(url, headers={"Range": "bytes=0-1", "If-Range": same})
        assert answer.status_code == status, same
        assert answer.data == (DATA[:2] if status == 206 else DATA)


def test_what_is_known_is_not_sent_in_parts(film: tuple[Client, str]) -> None:
    client, url = film
    tag = client.get(url).headers["ETag"]
    answer = client.get(url, headers={"Range": "bytes=0-1", "If-None-Match": tag})
    assert answer.status_code == 304
    assert answer.data == b""


def test_head_has_the_headers_of_the_whole(film: tuple[Client, str]) -> None:
    client, url = film
    with client.head(url, headers={"Range": "bytes=0-1"}) as answer:
        assert answer.status_code == 200
        assert answer.data == b""
        assert answer.headers["Content-Length"] == str(SIZE)
        assert answer.headers["Accept-Ranges"] == "bytes"


def test_pages_have_no_parts(film: tuple[Client, str]) -> None:
    client, _ = film
    whole = client.get("/posts/one/")
    for _ in range(2):
        answer = client.get("/posts/one/", headers={"Range": "bytes=0-1"})
        assert (answer.status_code, answer.data) == (200, whole.data)
        assert "Accept-Ranges" not in answer.headers


def test_files_of_static_and_public_and_pictures_have_parts(paper: Paper) -> None:
    paper.write("static/a.mp4", DATA)
    paper.write("public/b.mp4", DATA)
    paper.post("one")
    client = paper.client()
    for url in ("/static/a.mp4", "/b.mp4"):
        assert client.get(url, headers={"Range": "bytes=1-3"}).data == DATA[1:4]
    (card,) = (url for url in paper.site().files if "/card-" in url)
    answer = client.get(card, headers={"Range": "bytes=1-3"})
    assert (answer.status_code, answer.data) == (206, b"PNG")


@pytest.fixture
def large(paper: Paper) -> Callable[[str], tuple[Iterator[bytes], Callable[[], None]]]:
    """Asks the production server's layers for a file of many pieces; gives its iterator, and what closes it."""
    paper.write("static/film.mp4", bytes(cache.LARGEST + 10 * PIECE))
    app = paper.app()
    layer = PageCache(app.wsgi_app, live_of(app))

    def ask(method: str) -> tuple[Iterator[bytes], Callable[[], None]]:
        environ = EnvironBuilder("/static/film.mp4", method=method).get_environ()
        chunks = layer(environ, lambda *_: lambda _data: None)
        return iter(chunks), getattr(chunks, "close", lambda: None)

    return ask


def test_a_large_file_is_sent_piece_by_piece(large, paper: Paper, monkeypatch: pytest.MonkeyPatch) -> None:  # type: ignore[no-untyped-def]
    sent = 0
    pieces = Stream.pieces

    def counted(self: Stream, start: int, end: int) -> Iterator[bytes]:
        nonlocal sent
        for piece in pieces(self, start, end):
            sent += len(piece)
            yield piece

    monkeypatch.setattr(Stream, "pieces", counted)
    chunks, close = large("GET")
    first = next(chunks)
    assert 0 < len(first) == sent <= PIECE
    close()
    sent = 0
    chunks, close = large("HEAD")
    assert list(chunks) == []
    close()
    assert sent == 0


def test_a_reader_gets_one_version_of_a_file(large, paper: Paper) -> None:  # type: ignore[no-untyped-def]
    """A new version under the same name is a new file; one that is written into the old file ends the answer."""
    film = paper.folder / "static/film.mp4"
    chunks, close = large("GET")
    begin = next(chunks)
    (paper.folder / "new").write_bytes(b"n" * film.stat().st_size)
    os.replace(paper.folder / "new", film)
    assert set(begin + b"".join(chunks)) == {0}
    close()
    chunks, close = large("GET")
    assert set(next(chunks)) == {ord("n")}
    film.write_bytes(b"x" * film.stat().st_size)
    with pytest.raises(OSError, match="written to"):
        list(chunks)
    close()


def test_a_changed_large_file_has_another_tag(paper: Paper) -> None:
    paper.write("static/film.mp4", bytes(live.LARGE + 1))
    client = paper.client()
    tags = set()
    for content in (b"a", b"b"):
        paper.write("static/film.mp4", content * (live.LARGE + 1))
        answer = client.get("/static/film.mp4")
        assert set(answer.data) == {content[0]}
        tags.add(answer.headers["ETag"])
    assert len(tags) == 2


def test_a_production_server_sends_parts_and_waits_for_nobody(serving: Serving) -> None:
    page = serving.get("/posts/wide/").body.decode()
    url = page.split('<video src="')[1].split('"')[0]
    part = serving.get(url, Range="bytes=300-303")
    assert (part.status, part.body) == (206, bytes([44, 45, 46, 47]))
    assert part.headers["Content-Range"] == "bytes 300-303/10240000"
    assert serving.get(url, Range="bytes=99999999-").status == 416
    assert serving.get(url).body == bytes(range(256)) * 40_000
    with contextlib.ExitStack() as stack:
        for _ in range(4):  # readers who take their time: there is one worker with one thread
            slow = stack.enter_context(socket.create_connection(("127.0.0.1", serving.port), 10))
            slow.sendall(f"GET {url} HTTP/1.1\r\nHost: paper.test\r\n\r\n".encode())
            assert slow.recv(15) == b"HTTP/1.1 200 OK"
        assert serving.get("/posts/one/").status == 200
        assert serving.get(url, Range="bytes=0-0").body == b"\0"
