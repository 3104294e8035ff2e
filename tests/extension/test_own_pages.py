"""An app's own pages beside those of its site: served, frozen, found by search engines, and never taken for Byline's."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Blueprint, Flask, jsonify, make_response, redirect, request
from werkzeug.test import Client

from byline import Byline
from byline.problems import SiteError
from tests.helpers.paper import NOON, Paper, tree


@pytest.fixture
def made(paper: Paper) -> tuple[Flask, Byline]:
    """An app as a Flask developer writes it, in the folder of a site."""
    paper.post("one", "Text, with [contact](/contact/).", tags="[sea]", authors="[Ann]")
    paper.post("two", "Text.", date="2025-05-02", tags="[law]")
    app = Flask("paper", root_path=str(paper.folder))
    return app, Byline(app, clock=lambda: NOON)


def freeze(app: Flask, *options: str) -> Any:
    run = app.test_cli_runner().invoke(args=["freeze", "--no-search", *options])
    assert run.exit_code == 0, run.output
    return run


def test_a_page_in_the_theme_is_served_frozen_and_found(paper: Paper, made: tuple[Flask, Byline]) -> None:
    app, byline = made
    template = '{% extends "base.html" %}{% block main %}<h1>{{ head.title }}</h1>{{ words }}{% endblock %}'
    paper.write("templates/contact.html", template)

    @app.route("/contact/")
    def contact() -> Any:
        return byline.render("contact.html", title="Contact", words="Write <us>")

    answer = app.test_client().get("/contact/")
    assert answer.status_code == 200
    assert "<h1>Contact</h1>Write &lt;us&gt;" in answer.text
    assert "<title>Contact · The Paper</title>" in answer.text
    again = app.test_client().get("/contact/", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304
    freeze(app)
    assert paper.page("contact/index.html") == answer.text
    assert "<loc>https://paper.test/contact/</loc>" in paper.page("sitemap.xml")
    assert paper.codes() == set() or "dead-link" not in paper.codes()
    assert "dead-link" not in app.test_cli_runner().invoke(args=["check"]).output


def test_what_is_no_page_is_frozen_as_it_is_and_not_in_the_sitemap(paper: Paper, made: tuple[Flask, Byline]) -> None:
    app, byline = made

    @app.get("/api/posts.json")
    def posts() -> Any:
        return jsonify([post.title for post in byline.latest(5)])

    api = Blueprint("api", __name__, url_prefix="/api")

    @api.get("/law.json")
    def law() -> Any:
        return jsonify([post.title for post in byline.latest(5, tag="law")])

    app.register_blueprint(api)
    freeze(app)
    assert json.loads(paper.page("api/posts.json")) == ["The two story", "The one story"]
    assert json.loads(paper.page("api/law.json")) == ["The two story"]
    assert "api" not in paper.page("sitemap.xml")


def test_arguments_come_from_a_generator(paper: Paper, made: tuple[Flask, Byline]) -> None:
    app, byline = made

    @app.get("/photos/<name>/")
    def photo(name: str) -> str:
        return f"<p>{name}</p>"

    @app.get("/none/<name>")
    def none(name: str) -> str:
        return name

    @byline.urls("photo")
    def photos() -> Iterator[dict[str, str]]:
        yield from ({"name": post.title} for post in byline.latest(1))

    run = freeze(app)
    assert paper.page("photos/The two story/index.html") == "<p>The two story</p>"
    assert "/none/<name> is not in the frozen site: give its values with @byline.urls('none')" in run.stderr
    assert "photo" not in run.stderr


def test_a_generator_that_does_not_fit_is_named(paper: Paper, made: tuple[Flask, Byline]) -> None:
    app, byline = made
    app.add_url_rule("/photos/<name>/", "photo", lambda name: name)
    byline.urls("photo")(lambda: [{"nmae": "a"}])
    run = app.test_cli_runner().invoke(args=["freeze", "--no-search"])
    assert run.exit_code == 1
    assert "byline.urls('photo')" in run.output


def test_pages_that_answer_otherwise_are_told_and_left_out(paper: Paper, made: tuple[Flask, Byline]) -> None:
    app, _ = made
    app.add_url_rule("/admin/", "admin", lambda: redirect("/login/"))
    app.add_url_rule("/form/", "form", lambda: "x", methods=["POST"])
    run = freeze(app)
    assert "/admin/ answered 302, so it is not in the frozen site" in run.stderr
    assert not (paper.folder / "build" / "admin").exists()


def test_a_page_that_fails_stops_the_freeze(paper: Paper, made: tuple[Flask, Byline]) -> None:
    app, _ = made
    app.add_url_rule("/broken/", "broken", lambda: ("", 500))
    run = app.test_cli_runner().invoke(args=["freeze", "--no-search"])
    assert run.exit_code == 1
    assert "/broken/: 500" in run.output
    assert not (paper.folder / "build").exists() or tree(paper.folder / "build") == {}


def test_a_view_of_the_apps_own_is_asked_for_every_time(paper: Paper, made: tuple[Flask, Byline]) -> None:
    """It may read anything: no tag, no cache, and no shortcut in the freeze."""
    app, _ = made
    outside = paper.folder.parent / "outside.txt"
    outside.write_text("first")
    app.add_url_rule("/outside/", "outside", outside.read_text)
    server = {"SERVER_SOFTWARE": "Granian"}
    assert Client(app).get("/outside/", environ_base=server).text == "first"
    freeze(app)
    assert " 0 written" in freeze(app).stdout
    outside.write_text("second")
    answer = Client(app).get("/outside/", environ_base=server)
    assert (answer.text, answer.headers.get("ETag")) == ("second", None)
    assert " 1 written" in freeze(app).stdout
    assert paper.page("outside/index.html") == "second"
    warm = tree(paper.folder / "build")
    freeze(app, "--out", "cold")
    assert tree(paper.folder / "cold") == warm


def test_an_apps_own_answers_pass_unchanged(made: tuple[Flask, Byline]) -> None:
    app, _ = made

    @app.route("/form/", methods=["GET", "POST", "HEAD"])
    def form() -> Any:
        answer = make_response(request.method)
        answer.set_etag("own")
        return answer

    client = Client(app)
    for method in ("GET", "POST"):
        answer = client.open("/form/", method=method, environ_base={"SERVER_SOFTWARE": "Granian"})
        assert answer.text == method
        assert "Content-Security-Policy" not in answer.headers
    head = client.head("/form/", environ_base={"SERVER_SOFTWARE": "Granian"})
    assert (head.status_code, head.data, head.headers["ETag"]) == (200, b"", '"own"')


def test_hooks_of_the_app_act_on_its_own_pages_only(
    made: tuple[Flask, Byline], caplog: pytest.LogCaptureFixture
) -> None:
    app, _ = made
    app.add_url_rule("/own/", "own", lambda: "own")

    @app.before_request
    def refuse() -> Any:
        return "refused", 403

    @app.after_request
    def mark(response: Any) -> Any:
        response.headers["X-Mark"] = "here"
        return response

    client = app.test_client()
    assert (client.get("/own/").status_code, client.get("/own/").headers["X-Mark"]) == (403, "here")
    page = client.get("/posts/one/")
    assert page.status_code == 200
    assert "X-Mark" not in page.headers
    assert caplog.text.count("before_request") == 1
    assert "hooks_of_the_app" in caplog.text


def test_the_apps_own_page_for_what_is_missing(paper: Paper, made: tuple[Flask, Byline]) -> None:
    app, _ = made
    paper.post("three", aliases="[/old/]")
    assert "Page not found" in app.test_client().get("/nothing/").text
    other = Flask("paper", root_path=str(paper.folder))
    Byline(other)

    @other.errorhandler(404)
    def missing(_error: Exception) -> Any:
        return "my own", 404

    answer = other.test_client().get("/nothing/")
    assert (answer.status_code, answer.text) == (404, "my own")
    assert other.test_client().get("/old/").status_code == 301


def test_values_that_could_change_are_refused_by_name(made: tuple[Flask, Byline]) -> None:
    app, byline = made
    with (
        app.test_request_context("/"),
        pytest.raises(SiteError, match=r"byline\.render\('x\.html'\) gives `words`, a list"),
    ):
        byline.render("x.html", words=["a"])


def test_static_files_at_another_address(paper: Paper) -> None:
    paper.write("assets/a.txt", "a")
    app = Flask("paper", root_path=str(paper.folder), static_folder="assets", static_url_path="/assets")
    Byline(app, clock=lambda: NOON)
    client = app.test_client()
    assert client.get("/assets/a.txt", buffered=True).text == "a"
    assert client.get("/static/style.css", buffered=True).status_code == 200
    freeze(app)
    assert paper.page("assets/a.txt") == "a"


def test_a_page_outside_the_path_of_the_site_is_told(paper: Paper) -> None:
    paper.settings('url = "https://paper.test/repo"\n')
    app = Flask("paper", root_path=str(paper.folder))
    Byline(app, clock=lambda: NOON)
    app.add_url_rule("/contact/", "contact", lambda: "outside")
    app.add_url_rule("/repo/contact/", "inside", lambda: "inside")
    run = freeze(app)
    assert "/contact/ is not below /repo/, where the site will live, so it is not in the frozen site" in run.stderr
    assert paper.page("contact/index.html") == "inside"


def test_an_argument_with_a_default_is_not_needed(paper: Paper, made: tuple[Flask, Byline]) -> None:
    app, byline = made

    @app.get("/list/", defaults={"page": 1})
    @app.get("/list/<int:page>/")
    def pages(page: int) -> str:
        return f"page {page}"

    assert "/list/<int:page>/ is not in the frozen site" in freeze(app).stderr
    assert paper.page("list/index.html") == "page 1"
    byline.urls("pages")(lambda: [{"page": 1}, {"page": 2}])
    assert "/list/" not in freeze(app).stderr
    assert paper.page("list/2/index.html") == "page 2"


def test_a_page_of_the_app_at_an_address_of_the_site_is_told(paper: Paper, made: tuple[Flask, Byline]) -> None:
    app, _ = made
    paper.write("pages/contact.md", "---\ntitle: Contact\n---\nText.")
    app.add_url_rule("/contact/", "contact", lambda: "own")
    app.add_url_rule("/search/", "search", lambda: "own")
    lines = app.test_cli_runner().invoke(args=["check"]).stdout.splitlines()
    told = "is also a page of the app's own, so only one of them is shown (give one of them another address) [warning]"
    assert f"pages/contact.md:1:1: url-collision /contact/ {told}" in lines
    assert f"app.py:1:1: url-collision /search/ {told}" in lines


def test_static_files_of_an_app_with_its_site_in_another_folder(paper: Paper) -> None:
    app_folder = paper.folder / "app"
    (app_folder / "static").mkdir(parents=True)
    (app_folder / "static" / "own.txt").write_text("own")
    app = Flask("paper", root_path=str(app_folder))
    Byline(app, folder=paper.folder, clock=lambda: NOON)
    for name in ("own.txt", "style.css"):
        assert app.test_client().get(f"/static/{name}", buffered=True).status_code == 200
    freeze(app)
    assert paper.page("static/own.txt") == "own"
    assert (paper.folder / "build" / "static" / "style.css").is_file()


def test_redirects_take_no_page_of_the_apps_own(paper: Paper, made: tuple[Flask, Byline]) -> None:
    app, _ = made
    paper.settings(
        'title = "The Paper"\nurl = "https://paper.test"\nhosts = ["cloudflare", "nginx"]\n'
        '[redirects]\n"/old/" = "/feed/"\n"/tag/*" = "/tags/:splat"'
    )
    app = Flask("paper", root_path=str(paper.folder))
    Byline(app, clock=lambda: NOON)
    app.add_url_rule("/feed/", "own_feed", lambda: "own")
    app.add_url_rule("/tag/own/", "own_tag", lambda: "own")
    client = app.test_client()
    assert client.get("/feed/").text == client.get("/tag/own/").text == "own"
    assert client.get("/tag/sea/").status_code == 301
    assert client.get("/old/").headers["Location"] == "/feed/"
    assert "dead-link /old/" not in app.test_cli_runner().invoke(args=["check"]).stdout
    freeze(app)
    told = paper.page("_redirects").splitlines()
    assert not [line for line in told if line.startswith(("/feed/ ", "/feed ", "/tag/*"))]
    assert "/rss.xml /feed.xml 301" in told
    assert 'location = "/feed/"' not in paper.page(".byline/hosts/nginx.conf")
