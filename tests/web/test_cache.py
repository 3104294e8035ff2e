"""The page cache: the app's bytes, from memory, in each encoding, and never stale."""

import gzip
from collections.abc import Callable
from typing import Any

import brotli
import pytest
from werkzeug.test import Client

from byline.web.app import live_of
from byline.web.routes import all_urls
from byline.web.server.cache import PageCache
from tests.helpers.paper import Paper
from tests.helpers.papers import full_paper

DECODED: dict[str, Callable[[bytes], bytes]] = {"": bytes, "gzip": gzip.decompress, "br": brotli.decompress}


class Counting:
    """The app, counting how often it is asked."""

    def __init__(self, paper: Paper) -> None:
        self.app = paper.app()
        self.live = live_of(self.app)
        self.asked = 0

    def __call__(self, environ: Any, start: Any) -> Any:
        self.asked += 1
        return self.app.wsgi_app(environ, start)

    def client(self, **options: int) -> Client:
        return Client(PageCache(self, self.live, **options))


@pytest.fixture
def served(paper: Paper) -> Counting:
    return Counting(full_paper(paper))


@pytest.mark.parametrize("encoding", ["", "gzip", "br"])
def test_every_url_is_the_apps_answer(paper: Paper, served: Counting, encoding: str) -> None:
    paper.freeze()  # until the AVIF is made, another format takes its place, and is not cached
    plain, cached = paper.client(), served.client()
    for url in all_urls(served.live.snapshot().site):
        expected = plain.get(url)
        for _ in range(2):
            answer = cached.get(url, headers={"Accept-Encoding": encoding})
            assert answer.status_code == expected.status_code
            assert DECODED[answer.headers.get("Content-Encoding", "")](answer.data) == expected.data, url
            assert int(answer.headers["Content-Length"]) == len(answer.data)
            assert answer.headers["Content-Type"] == expected.headers["Content-Type"]
            assert answer.headers.get("Location") == expected.headers.get("Location")


def test_the_second_answer_comes_from_memory(served: Counting) -> None:
    client = served.client()
    first = client.get("/posts/one/")
    asked = served.asked
    assert client.get("/posts/one/").data == first.data
    assert client.head("/posts/one/").status_code == 200
    assert client.get("/posts/one/", headers={"If-None-Match": first.headers["ETag"]}).status_code == 304
    assert served.asked == asked


@pytest.mark.parametrize(
    ("accepted", "chosen"),
    [
        ("gzip, deflate, br", "br"),
        ("gzip", "gzip"),
        ("br;q=0.1, gzip", "gzip"),
        ("br;q=0, gzip;q=0", None),
        ("identity", None),
        ("", None),
        ("*", "br"),
        ("zstd", None),
        ("br;q=nonsense", None),
        ("GZIP", "gzip"),
    ],
)
def test_the_best_encoding_is_chosen(served: Counting, accepted: str, chosen: str | None) -> None:
    answer = served.client().get("/posts/one/", headers={"Accept-Encoding": accepted})
    assert answer.headers.get("Content-Encoding") == chosen
    assert answer.headers["Vary"] == "Accept-Encoding"


def test_each_encoding_has_a_strong_tag_of_its_own(served: Counting) -> None:
    client = served.client()
    tags = {
        e: client.get("/posts/one/", headers={"Accept-Encoding": e}).headers["ETag"] for e in ("identity", "gzip", "br")
    }
    assert len(set(tags.values())) == 3
    for encoding in tags:
        for other, tag in tags.items():
            answer = client.get("/posts/one/", headers={"Accept-Encoding": encoding, "If-None-Match": tag})
            assert answer.status_code == (304 if other == encoding else 200)
            assert answer.headers["Vary"] == "Accept-Encoding"
            if answer.status_code == 304:
                assert answer.data == b""
                assert answer.headers["ETag"] == tag
                assert "Content-Encoding" not in answer.headers


def test_pictures_are_not_compressed(served: Counting) -> None:
    site = served.live.snapshot().site
    url = next(url for url in site.files if url.endswith(".png"))
    answer = served.client().get(url, headers={"Accept-Encoding": "br"})
    assert "Content-Encoding" not in answer.headers
    assert "Vary" not in answer.headers


def test_head_has_the_headers_and_no_body(served: Counting) -> None:
    client = served.client()
    for url in ("/posts/one/", "/no/", "/2019/one.html"):
        get, head = client.get(url), client.head(url)
        assert head.data == b""
        assert dict(head.headers) == dict(get.headers)


@pytest.mark.parametrize(
    "url", ["/no/such/page/", "/2019/one.html", "/posts/one", "/posts/one/?x=1", "/?v=%0a", "/healthz"]
)
def test_what_is_not_kept(served: Counting, url: str) -> None:
    client = served.client()
    for count in range(1, 4):
        client.get(url)
        assert served.asked == count


def test_versions_of_static_files_are_kept_apart(served: Counting) -> None:
    client = served.client()
    link = client.get("/").text.split('rel="stylesheet" href="')[1].split('"')[0]
    assert "immutable" in client.get(link).headers["Cache-Control"]
    assert client.get("/static/style.css?v=other").headers["Cache-Control"] == "no-cache"
    assert client.get("/static/style.css").headers["Cache-Control"] == "no-cache"


def test_versions_that_nobody_has_are_not_kept(served: Counting) -> None:
    """Strangers could fill the memory with copies of one file, and drive out the pages."""
    client = served.client()
    for _ in range(2):
        assert client.get("/static/style.css?v=0123456789ab").status_code == 200
    assert served.asked == 2


def test_errors_are_not_kept(paper: Paper) -> None:
    paper.post("one")
    article = paper.override("article.html")
    paper.write("templates/article.html", "{{ nonsense }}")
    served = Counting(paper)
    client = served.client()
    assert client.get("/posts/one/").status_code == 500
    paper.write("templates/article.html", article)
    served.live.refresh()
    assert client.get("/posts/one/").status_code == 200


def test_a_new_snapshot_ends_every_entry(paper: Paper, served: Counting) -> None:
    client = served.client()
    old = client.get("/posts/two/")
    paper.post("two", "Another text.")
    assert client.get("/posts/two/").data == old.data
    served.live.refresh()
    new = client.get("/posts/two/", headers={"If-None-Match": old.headers["ETag"]})
    assert new.status_code == 200
    assert b"Another text." in new.data


def test_the_passing_of_a_publication_swaps_the_snapshot(paper: Paper, served: Counting) -> None:
    client = served.client()
    assert client.get("/posts/later/").status_code == 404
    assert "later" not in client.get("/").text
    paper.now = paper.now.replace(month=7, day=2)
    assert client.get("/posts/later/").status_code == 200
    assert "later" in client.get("/").text


def test_memory_is_bounded(served: Counting) -> None:
    cache = PageCache(served, served.live, max_bytes=20_000)
    client = Client(cache)
    for url in all_urls(served.live.snapshot().site):
        client.get(url)
        assert sum(len(entry.body) for entry in cache._entries.values()) <= 20_000
    assert cache._entries


def test_what_strangers_send_is_not_kept(served: Counting) -> None:
    cache = PageCache(served, served.live)
    client = Client(cache)
    for number in range(1100):
        assert (
            client.get(
                "/", headers={"Accept-Encoding": f"br, x{number}" + ", deflate" * 1000 * (number % 2)}
            ).status_code
            == 200
        )
    assert len(cache._accepted) <= 1000
    assert sum(map(len, cache._accepted)) < 20_000


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS"])
def test_other_methods_go_to_the_app(served: Counting, method: str) -> None:
    assert served.client().open("/", method=method).status_code == 405
