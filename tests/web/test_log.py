"""The access log: an id and a line for each request, and nothing in it that a client can forge."""

import json
import logging
import os
from typing import Any

import pytest
from werkzeug.test import Client

from byline.web.server import front as production
from byline.web.server.log import AccessLog, JsonLines
from tests.helpers.paper import Paper
from tests.helpers.papers import full_paper


class Logged:
    def __init__(self, paper: Paper) -> None:
        self._reading, writing = os.pipe()
        self.client = Client(AccessLog(full_paper(paper).app().wsgi_app, writing))
        self._writing = writing

    def lines(self) -> list[dict[str, Any]]:
        os.close(self._writing)
        with open(self._reading, "rb") as file:
            return [json.loads(line) for line in file.read().split(b"\n") if line]


@pytest.fixture
def logged(paper: Paper) -> Logged:
    return Logged(paper)


def test_each_request_has_a_name_and_a_line(logged: Logged) -> None:
    answers = [logged.client.get(url) for url in ("/posts/one/", "/no/such/page/?a=b", "/posts/vier-g%C3%A4nse/")]
    lines = logged.lines()
    assert [line["path"] for line in lines] == ["/posts/one/", "/no/such/page/", "/posts/vier-gänse/"]
    assert [line["status"] for line in lines] == [200, 404, 200]
    assert [line["request"] for line in lines] == [answer.headers["X-Request-Id"] for answer in answers]
    assert len({line["request"] for line in lines}) == 3
    assert lines[1]["query"] == "a=b"
    for line, answer in zip(lines, answers, strict=True):
        assert line["bytes"] == len(answer.data)
        assert line["ms"] >= 0
        assert line["method"] == "GET"


def test_a_proxys_name_is_kept_if_it_is_one(logged: Logged) -> None:
    for name, is_kept in (("abc-123.X_y", True), ("a b", False), ('a"}', False), ("x" * 65, False)):
        answer = logged.client.get("/", headers={"X-Request-Id": name})
        assert (answer.headers["X-Request-Id"] == name) == is_kept


@pytest.mark.parametrize(
    ("proxies", "client"), [(0, "127.0.0.1"), (1, "203.0.113.9"), (2, "198.51.100.7"), (3, "made-up"), (4, "127.0.0.1")]
)
def test_so_many_proxies_are_trusted_and_only_with_where_a_request_came_from(
    paper: Paper, monkeypatch: pytest.MonkeyPatch, proxies: int, client: str
) -> None:
    full_paper(paper)
    paper.settings(f"trusted_proxies = {proxies}\n{(paper.folder / 'site.toml').read_text()}")
    lines: list[bytes] = []
    monkeypatch.setattr(os, "write", lambda _out, line: lines.append(line))
    monkeypatch.setattr(production, "log_as_json", lambda: None)
    server = Client(paper.app())
    plain = server.get("/posts/one/", environ_base={"SERVER_SOFTWARE": "Granian"})
    forwarded = {
        "X-Forwarded-For": "made-up, 198.51.100.7, 203.0.113.9",
        "X-Forwarded-Host": "evil.test",
        "X-Forwarded-Proto": "ftp",
        "X-Forwarded-Prefix": "/evil",
        "X-Forwarded-Port": "1",
    }
    answer = server.get(
        "/posts/one/", headers=forwarded, environ_base={"REMOTE_ADDR": "127.0.0.1", "SERVER_SOFTWARE": "Granian"}
    )
    assert (answer.status_code, answer.data) == (200, plain.data)
    assert json.loads(lines[1])["client"] == client
    assert server.get("/posts/one", headers=forwarded).headers["Location"] == "/posts/one/"


def test_a_line_stays_one(logged: Logged) -> None:
    logged.client.get("/a%0a%22%7d%00%ff/?b=%0a")
    (line,) = logged.lines()
    assert line["path"] == '/a\n"}\x00\ufffd/'


def test_what_the_program_says_names_the_request(paper: Paper) -> None:
    said: list[str] = []
    handler = logging.Handler()
    handler.emit = lambda record: said.append(JsonLines().format(record))  # type: ignore[method-assign]

    def app(environ: Any, start: Any) -> list[bytes]:
        logging.getLogger("byline.test").warning("two\nlines")
        start("200 OK", [])
        return []

    logger = logging.getLogger("byline.test")
    logger.addHandler(handler)
    try:
        Client(AccessLog(app, os.open(os.devnull, os.O_WRONLY))).get("/", headers={"X-Request-Id": "me"})
    finally:
        logger.removeHandler(handler)
    found = json.loads(said[0])
    assert (found["request"], found["level"], found["message"]) == ("me", "warning", "two\nlines")
