"""The production server's application when part of the site cannot be loaded."""

import logging
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import Client

import app as front_door
from byline.web import server as production
from tests.helpers.paper import Paper


@pytest.fixture(autouse=True)
def _captured(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(production, "log_as_json", lambda: None)


@pytest.mark.parametrize("fault", ["titel = 1", "title = ", f"posts_per_page = {'9' * 5000}", f"title = {'[' * 5000}"])
def test_a_site_that_cannot_be_loaded_is_out_of_order(
    paper: Paper, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, fault: str
) -> None:
    """Granian would stop for good if its workers ended as soon as they start."""
    made = front_door.create_app

    def create(**config: Any) -> Flask:
        return made(paper.folder, **config)

    monkeypatch.setattr(front_door, "create_app", create)
    paper.settings(fault)
    client = Client(front_door.create_server())
    for method, path in (("GET", "/"), ("HEAD", "/posts/one/"), ("GET", "/healthz")):
        answer = client.open(path, method=method)
        assert (answer.status_code, answer.headers["Cache-Control"]) == (503, "no-store")
        assert (method == "HEAD") == (answer.data == b"")
    assert "site.toml:1:" in caplog.text
    paper.settings("")
    assert Client(front_door.create_server()).get("/").status_code == 200


def test_what_is_left_out_is_logged(paper: Paper, caplog: pytest.LogCaptureFixture) -> None:
    paper.post("good")
    paper.post("bad", date="soon")
    caplog.set_level(logging.ERROR)
    client = Client(production.prepared(paper.app()))
    assert client.get("/posts/good/").status_code == 200
    assert "left out: pages/posts/bad.md:3:7: bad-date" in caplog.text


def test_any_fault_at_the_start_is_out_of_order(caplog: pytest.LogCaptureFixture) -> None:
    """Workers that end as soon as they start are restarted for ever."""

    def fail() -> Flask:
        raise RuntimeError("something nobody thought of")

    client = Client(production.served(fail))
    assert client.get("/").status_code == 503
    assert "something nobody thought of" in caplog.text
    assert "Traceback" in caplog.text
