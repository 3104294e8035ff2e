"""What apps of others do: sessions, layers around them, streams, errors of their own. Pages stay the same for everyone."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, jsonify, request, session, url_for
from werkzeug.exceptions import HTTPException
from werkzeug.test import Client

from byline import Byline
from byline.problems import SiteError
from tests.helpers.paper import NOON, Paper

SERVER = {"SERVER_SOFTWARE": "Granian"}


@pytest.fixture
def app(paper: Paper) -> Flask:
    paper.post("one", "Text.")
    app = Flask("paper", root_path=str(paper.folder))
    app.secret_key = "x"
    return app


def test_no_reader_gets_the_cookie_of_another(app: Flask) -> None:
    Byline(app, clock=lambda: NOON)

    @app.post("/login/")
    def login() -> str:
        session["user"] = "ann"
        session.permanent = True
        return "in"

    @app.get("/me/")
    def me() -> str:
        return str(session.get("user", "nobody"))

    ann, eve = Client(app), Client(app)
    ann.post("/login/", environ_base=SERVER)
    assert ann.get("/me/", environ_base=SERVER).text == "ann"
    for reader in (ann, eve):
        assert reader.get("/posts/one/", environ_base=SERVER).status_code == 200
        assert "Set-Cookie" not in reader.get("/posts/one/", environ_base=SERVER).headers
    assert eve.get("/me/", environ_base=SERVER).text == "nobody"


def test_a_page_that_comes_after_the_site_was_asked_for_is_not_cached(app: Flask) -> None:
    byline = Byline(app, clock=lambda: NOON)
    with app.app_context():
        byline.latest(1)

    @app.get("/me/")
    def me() -> Any:
        answer = jsonify(request.args.get("user") or request.headers.get("X-User"))
        answer.add_etag()
        return answer

    for user in ("ann", "bob"):
        assert Client(app).get("/me/", headers={"X-User": user}, environ_base=SERVER).get_json() == user


def test_a_layer_around_the_app_is_not_passed_by(app: Flask, caplog: pytest.LogCaptureFixture) -> None:
    inner = app.wsgi_app

    def guarded(environ: Any, start_response: Any) -> Any:
        if environ.get("HTTP_AUTHORIZATION"):
            return inner(environ, start_response)
        start_response("401 UNAUTHORIZED", [])
        return [b""]

    app.wsgi_app = guarded  # type: ignore[method-assign]
    Byline(app, clock=lambda: NOON)
    client = Client(app)
    known = {"Authorization": "Basic YTpi"}
    asked = [client.get("/posts/one/", headers=headers, environ_base=SERVER) for headers in ({}, known, {})]
    assert [answer.status_code for answer in asked] == [401, 200, 401]
    assert "no page is cached" in caplog.text


def test_no_reader_of_a_story_runs_another_page(app: Flask) -> None:
    Byline(app, clock=lambda: NOON)
    asked: list[str] = []

    @app.get("/events")
    def events() -> Any:
        def stream() -> Iterator[str]:
            while True:
                asked.append("event")
                yield "data: x\n\n"

        return app.response_class(stream(), mimetype="text/event-stream")

    @app.get("/cron/")
    def cron() -> str:
        asked.append("cron")
        raise RuntimeError("the database is down")

    app.debug = True
    client = app.test_client()
    assert client.get("/posts/one/").status_code == 200
    assert asked == []
    sitemap = client.get("/sitemap.xml").text
    assert "/events" not in sitemap
    assert asked.count("event") <= 1


def test_addresses_in_own_pages_are_those_that_readers_use(paper: Paper, app: Flask) -> None:
    Byline(app, clock=lambda: NOON)
    app.add_url_rule("/info/", "info", lambda: f"{url_for('info', _external=True)} {request.host}")
    run = app.test_cli_runner().invoke(args=["freeze", "--no-search"])
    assert run.exit_code == 0, run.output
    assert paper.page("info/index.html") == "https://paper.test/info/ paper.test"


@pytest.mark.parametrize("kind", [HTTPException, Exception])
def test_an_apps_handler_of_all_errors_gets_what_is_missing(app: Flask, kind: type[Exception]) -> None:
    app.register_error_handler(kind, lambda error: (jsonify(error=getattr(error, "code", 500)), 404))
    Byline(app, clock=lambda: NOON)
    assert app.test_client().get("/nothing/").get_json() == {"error": 404}
    assert app.test_client().get("/posts/one/").status_code == 200


def test_a_fault_of_a_blog_leaves_the_app_alone(paper: Paper, app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("FLASK_RUN_FROM_CLI", raising=False)
    app.add_url_rule("/shop/", "shop", lambda: "shop")
    paper.settings("titel = 3")
    Byline(app, url_prefix="/news")
    client = Client(app)
    assert client.get("/shop/", environ_base=SERVER).text == "shop"
    assert client.get("/news/", environ_base=SERVER).status_code == 503
    paper.settings('title = "P"')
    paper.spoil(monkeypatch)
    other = Flask("paper", root_path=str(paper.folder))
    other.add_url_rule("/shop/", "shop", lambda: "shop")
    Byline(other, url_prefix="/news")
    client = Client(other)
    assert client.get("/news/", environ_base=SERVER).status_code == 503
    assert client.get("/shop/", environ_base=SERVER).text == "shop"


def test_two_sites_need_two_names(app: Flask) -> None:
    Byline(app)
    with pytest.raises(ValueError, match="has a site called 'byline' already"):
        Byline(app, folder="b", url_prefix="/b")


@pytest.mark.parametrize("value", ["one", ("a",), 3])
def test_values_of_globals_are_in_the_tag(paper: Paper, value: object) -> None:
    paper.post("one")
    tags = []
    for given in (value, value, "other"):
        app = Flask("paper", root_path=str(paper.folder))
        Byline(app, clock=lambda: NOON)
        app.jinja_env.globals["build"] = given
        tags.append(app.test_client().get("/posts/one/").headers["ETag"])
    assert tags[0] == tags[1] != tags[2]


def test_what_a_function_holds_is_in_the_tag(paper: Paper, app: Flask) -> None:
    held = ["first"]

    def processor() -> dict[str, Any]:
        text = held[0]
        return {"told": lambda: text}

    app.context_processor(processor)
    Byline(app, clock=lambda: NOON)
    paper.write("templates/parts/footer.html", "{{ told() }}")
    first = app.test_client().get("/posts/one/")
    held[0] = "second"
    second = app.test_client().get("/posts/one/", headers={"If-None-Match": first.headers["ETag"]})
    assert (second.status_code, "second" in second.text) == (200, True)


def test_the_apps_own_code_is_in_the_tag_of_a_blog_in_it(tmp_path: Path) -> None:
    (tmp_path / "news" / "pages" / "posts").mkdir(parents=True)
    (tmp_path / "news" / "site.toml").write_text('title = "N"')
    tags = []
    for source in ("x = 1", "x = 1", "x = 2"):
        (tmp_path / "filters.py").write_text(source)
        app = Flask("paper", root_path=str(tmp_path))
        Byline(app, folder="news", url_prefix="/news", clock=lambda: NOON)
        tags.append(app.test_client().get("/news/").headers["ETag"])
    assert tags[0] == tags[1] != tags[2]


def test_an_apps_page_where_a_public_file_was(paper: Paper, app: Flask) -> None:
    paper.write("public/hello.txt", "from public")
    Byline(app, clock=lambda: NOON)
    assert app.test_cli_runner().invoke(args=["freeze", "--no-search"]).exit_code == 0
    other = Flask("paper", root_path=str(paper.folder))
    Byline(other, clock=lambda: NOON)
    other.add_url_rule("/hello.txt", "hello", lambda: "from the app")
    assert other.test_cli_runner().invoke(args=["freeze", "--no-search"]).exit_code == 0
    assert paper.page("hello.txt") == other.test_client().get("/hello.txt").text


def test_a_missing_page_made_by_the_app_has_no_tag(paper: Paper, app: Flask) -> None:
    byline = Byline(app, clock=lambda: NOON)
    paper.write("templates/nf.html", '{% extends "base.html" %}{% block main %}{{ site }} has it not{% endblock %}')

    @app.errorhandler(404)
    def missing(_error: Exception) -> Any:
        return byline.render("nf.html", title="Missing", status=404, site="my shop")

    answer = app.test_client().get("/nothing/")
    assert (answer.status_code, "ETag" in answer.headers, "my shop has it not" in answer.text) == (404, False, True)
    with app.test_request_context("/"), pytest.raises(SiteError, match="has its own `head`"):
        byline.render("nf.html", head="x")


def test_static_files_of_the_site_have_its_headers(paper: Paper, app: Flask) -> None:
    Byline(app, clock=lambda: NOON)
    app.add_url_rule("/own/", "own", lambda: "own")
    answer = Client(app).get("/static/style.css", headers={"Accept-Encoding": "br"}, environ_base=SERVER)
    assert "Content-Security-Policy" in answer.headers
    assert answer.headers["Content-Encoding"] == "br"
