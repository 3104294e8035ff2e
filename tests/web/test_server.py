"""The production server's application when part of the site cannot be loaded."""

import logging
import pkgutil
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import Client, TestResponse

import byline
from byline import Byline
from byline.problems import SiteError
from byline.web.server import front as production
from tests.helpers.paper import Paper


@pytest.fixture(autouse=True)
def _captured(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(production, "log_as_json", lambda: None)


@pytest.fixture
def served(paper: Paper, monkeypatch: pytest.MonkeyPatch) -> Callable[[], Client]:
    """The site as a server has it, from an app like those of sites."""
    monkeypatch.delenv("FLASK_RUN_FROM_CLI", raising=False)

    def start() -> Client:
        app = Flask("paper", root_path=str(paper.folder))
        Byline(app)
        return _Served(app)

    return start


class _Served(Client):
    """Asks as a server does, which names itself."""

    def open(self, *arguments: Any, **options: Any) -> TestResponse:
        return super().open(*arguments, environ_base={"SERVER_SOFTWARE": "Granian"}, **options)


@pytest.mark.parametrize("fault", ["titel = 1", "title = ", f"posts_per_page = {'9' * 5000}", f"title = {'[' * 5000}"])
def test_a_site_that_cannot_be_loaded_is_out_of_order(
    paper: Paper, served: Callable[[], Client], caplog: pytest.LogCaptureFixture, fault: str
) -> None:
    """Granian would stop for good if its workers ended as soon as they start."""
    paper.settings(fault)
    client = served()
    for method, path in (("GET", "/"), ("HEAD", "/posts/one/"), ("GET", "/healthz")):
        answer = client.open(path, method=method)
        assert (answer.status_code, answer.headers["Cache-Control"]) == (503, "no-store")
        assert (method == "HEAD") == (answer.data == b"")
    assert "site.toml:1:" in caplog.text
    paper.settings("")
    assert served().get("/").status_code == 200


def test_content_that_cannot_be_loaded_is_out_of_order(
    paper: Paper, served: Callable[[], Client], caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is wrong shows only when the first request asks for pages."""
    paper.spoil(monkeypatch)
    assert served().get("/").status_code == 503
    assert "templates: the disk is gone" in caplog.text


def test_what_is_left_out_is_logged(
    paper: Paper, served: Callable[[], Client], caplog: pytest.LogCaptureFixture
) -> None:
    paper.post("good")
    paper.post("bad", date="soon")
    caplog.set_level(logging.INFO)
    assert served().get("/posts/good/").status_code == 200
    assert "left out: pages/posts/bad.md:3:7: bad-date" in caplog.text
    assert "Markdown is read by the github engine (the default)" in caplog.text


def test_any_fault_at_the_start_is_out_of_order(
    served: Callable[[], Client], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Workers that end as soon as they start are restarted for ever."""

    def fail(*_: object) -> None:
        raise RuntimeError("something nobody thought of")

    monkeypatch.setattr("byline.extension.read_settings", fail)
    assert served().get("/").status_code == 503
    assert "something nobody thought of" in caplog.text
    assert "Traceback" in caplog.text


def test_any_fault_later_is_too(
    paper: Paper, served: Callable[[], Client], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """A post that is due makes the server read the folder again."""
    paper.post("later", date="2999-01-01")
    client = served()
    assert client.get("/").status_code == 200

    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("something nobody thought of")

    monkeypatch.setattr("byline.web.live.build_site", fail)
    monkeypatch.setattr("byline.web.live.LiveSite._is_over", lambda *_: True)
    for path in ("/", "/feed.xml", "/healthz", "/static/style.css", "/no/such/"):
        answer = client.get(path)
        assert (answer.status_code, answer.headers["Cache-Control"]) == (503, "no-store"), path
        assert b"nobody" not in answer.data
    assert "something nobody thought of" in caplog.text
    assert "Traceback" in caplog.text


@pytest.mark.parametrize("step", ["byline.content.reader.headers.read_post", "byline.content.build._Builder._page"])
def test_a_fault_of_ours_in_one_file_is_that_files(paper: Paper, monkeypatch: pytest.MonkeyPatch, step: str) -> None:
    package, _, name = step.rpartition(".")
    owner = pkgutil.resolve_name(package)
    real = getattr(owner, name)

    def fail(*arguments: Any) -> Any:
        if "odd" in repr(getattr(arguments[-1], "path", arguments[0])):
            raise RuntimeError("something nobody thought of")
        return real(*arguments)

    monkeypatch.setattr(owner, name, fail)
    paper.post("good")
    paper.post("odd")
    checked = paper.run("check")
    assert checked.exit_code == 1
    assert "pages/posts/odd.md" in checked.output
    assert "something nobody thought of" in checked.output
    assert paper.freeze("--skip-broken").exit_code == 3
    assert "posts/good/index.html" in paper.tree()
    assert paper.client().get("/posts/good/").status_code == 200


def test_a_command_stops_with_what_is_wrong(
    paper: Paper, served: Callable[[], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FLASK_RUN_FROM_CLI", "true")
    paper.settings("titel = 1")
    with pytest.raises(SiteError, match=r"site\.toml:1:1: unknown-setting"):
        byline.create_app(paper.folder)
    app = Flask("paper", root_path=str(paper.folder))
    with pytest.raises(SiteError, match=r"site\.toml:1:1: unknown-setting"):
        Byline(app)


def test_a_server_gets_a_cache_and_a_person_gets_the_app(paper: Paper, served: Callable[[], Client]) -> None:
    paper.post("one", "word " * 300)
    packed = {"Accept-Encoding": "br"}
    assert served().get("/posts/one/", headers=packed).headers["Content-Encoding"] == "br"
    assert "X-Request-Id" in served().get("/").headers
    app = paper.app()
    assert "Content-Encoding" not in app.test_client().get("/posts/one/", headers=packed).headers
    dev_server = Client(app).get("/posts/one/", headers=packed, environ_base={"SERVER_SOFTWARE": "Werkzeug/3.1"})
    assert "Content-Encoding" not in dev_server.headers
