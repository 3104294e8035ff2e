"""What an app adds reaches the theme's templates, and a page's tag knows it."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import flask
import pytest
from flask import Flask

from byline import Byline
from tests.helpers.paper import NOON, ROOT, Paper

PAGE = "templates/parts/footer.html"


@pytest.fixture
def app(paper: Paper) -> Flask:
    paper.post("one", "Text.")
    app = Flask("paper", root_path=str(paper.folder))
    Byline(app, clock=lambda: NOON)
    return app


def test_filters_tests_and_globals(paper: Paper, app: Flask) -> None:
    @app.template_filter("shout")
    def shout(text: str) -> str:
        return text.upper()

    @app.template_test("short")
    def short(text: str) -> bool:
        return len(text) < 5

    @app.template_global("twice")
    def twice(text: str) -> str:
        return text * 2

    app.jinja_env.globals["answer"] = 42
    paper.write(PAGE, '{{ "a" | shout }}{{ twice("b") }}{{ "cd" is short }}{{ answer }}')
    assert "AbbTrue42" in app.test_client().get("/posts/one/").text


def test_context_processors_run_without_a_request(paper: Paper, app: Flask) -> None:
    values = {"edition": "morning"}

    @app.context_processor
    def edition() -> dict[str, Any]:
        return {
            **values,
            "has_request": flask.has_request_context(),
            "home": flask.url_for("byline.index", _external=False),
        }

    paper.write(PAGE, "{{ edition }} {{ has_request }} {{ home }}")
    client = app.test_client()
    first = client.get("/posts/one/")
    assert "morning False /" in first.text
    values["edition"] = "evening"
    second = client.get("/posts/one/", headers={"If-None-Match": first.headers["ETag"]})
    assert second.status_code == 200
    assert "evening" in second.text
    assert second.headers["ETag"] != first.headers["ETag"]
    values["edition"] = "morning"
    assert client.get("/posts/one/", headers={"If-None-Match": first.headers["ETag"]}).status_code == 304


@pytest.mark.parametrize(
    ("gives", "message"),
    [
        (lambda: {"names": ["a"]}, "gives `names`, a list, which can change while pages are made"),
        (lambda: {"who": flask.request.args.get("who")}, "failed: RuntimeError: Working outside of request context"),
        (lambda: 1 / 0, "failed: ZeroDivisionError"),
        (lambda: "text", "gives str, not a dictionary"),
    ],
)
def test_a_context_processor_that_cannot_work_is_named(paper: Paper, app: Flask, gives: Any, message: str) -> None:
    app.context_processor(gives)
    run = app.test_cli_runner().invoke(args=["freeze", "--no-search"])
    assert run.exit_code == 1
    assert message in run.output
    assert "test_templates" in run.output


def test_a_function_from_a_context_processor(paper: Paper, app: Flask) -> None:
    def price(amount: int) -> str:
        return f"{amount}.00 €"

    app.context_processor(lambda: {"price": price})
    paper.write(PAGE, "{{ price(3) }}")
    first, second = (app.test_client().get("/posts/one/") for _ in range(2))
    assert "3.00 €" in first.text
    assert first.headers["ETag"] == second.headers["ETag"]


@pytest.mark.parametrize("name", ["request", "session", "g", "config"])
def test_what_belongs_to_a_request_says_why_it_is_not_there(paper: Paper, app: Flask, name: str) -> None:
    paper.write(PAGE, "\n{{ " + name + ".args }}")
    run = app.test_cli_runner().invoke(args=["freeze", "--no-search"])
    assert run.exit_code == 1
    assert f"templates/parts/footer.html:2:1: template `{name}` is not there: pages are the same" in run.output


def test_url_for_in_templates_and_views(paper: Paper, app: Flask) -> None:
    app.add_url_rule("/contact/", "contact", lambda: flask.url_for("byline.article", slug="one"))
    paper.write("static/logo.txt", "x")
    parts = [
        'url_for("byline.article", slug="one")',
        'url_for("byline.tag", slug="a")',
        'url_for("static", filename="logo.txt")',
        'url_for("contact")',
        'url_for("contact", _external=True)',
        'url_for("byline.feed_xml")',
    ]
    paper.write(PAGE, "[" + " ".join("{{ " + part + " }}" for part in parts) + "]")
    page = app.test_client().get("/posts/one/").text
    assert "[/posts/one/ /tags/a/ /static/logo.txt /contact/ https://paper.test/contact/ /feed.xml]" in page
    assert app.test_client().get("/contact/").text == "/posts/one/"
    assert app.test_client().get("/static/logo.txt").text == "x"


def test_a_changed_filter_gives_other_tags(paper: Paper, app: Flask) -> None:
    """The filter's source is part of every tag: equal tags mean equal bytes."""
    paper.write("filters.py", "def mark(text):\n    return text + '!'\n")
    paper.write(PAGE, '{{ "a" | mark }}')

    def made() -> Flask:
        namespace: dict[str, Any] = {}
        exec(Path(paper.folder, "filters.py").read_text(), namespace)
        app = Flask("paper", root_path=str(paper.folder))
        Byline(app, clock=lambda: NOON)
        app.add_template_filter(namespace["mark"], "mark")
        return app

    first, same = (made().test_client().get("/posts/one/") for _ in range(2))
    paper.write("filters.py", "def mark(text):\n    return text + '?'\n")
    changed = made().test_client().get("/posts/one/", headers={"If-None-Match": first.headers["ETag"]})
    assert first.headers["ETag"] == same.headers["ETag"]
    assert (changed.status_code, "a?" in changed.text) == (200, True)


def test_a_filter_that_reads_chance_is_named_by_verify(paper: Paper) -> None:
    """Nothing else can see it: its source is the same."""
    paper.post("one", "Text.")
    program = (
        "import os\nfrom flask import Flask\nfrom byline import Byline\n"
        "app = Flask(__name__)\nByline(app)\napp.add_template_filter(lambda _: os.urandom(4).hex(), 'lucky')\n"
    )
    paper.write("app.py", program)
    paper.write(PAGE, '{{ "a" | lucky }}')
    command = [sys.executable, "-m", "flask", "freeze", "--no-search", "--verify"]
    environ = os.environ | {"PYTHONPATH": str(ROOT)}
    run = subprocess.run(command, cwd=paper.folder, env=environ, capture_output=True, text=True)
    assert run.returncode == 1
    assert "posts/one/index.html differs from a cold freeze" in run.stderr
    assert "What the app adds (lucky) may read a clock, chance or a database" in run.stderr
