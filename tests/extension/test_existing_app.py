"""A blog in an app that exists: its pages, templates and static files stay as they are."""

import zoneinfo
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, render_template
from werkzeug.test import Client

from byline import Byline
from tests.helpers.paper import NOON, tree

POST = "---\ntitle: The {} story\ndate: 2025-05-01\ntags: [sea]\n---\nSee [the shop](/shop/).\n"


def write(folder: Path, files: dict[str, str]) -> Path:
    for path, text in files.items():
        full = folder / path
        full.parent.mkdir(parents=True, exist_ok=True)
        full.write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """The folder of an app with templates and static files of its own."""
    return write(
        tmp_path / "shop",
        {
            "templates/base.html": "<title>Shop</title>{% block main %}{% endblock %}",
            "templates/shop.html": '{% extends "base.html" %}{% block main %}{{ url_for("static", filename="a.css") }}{% endblock %}',
            "static/a.css": "a {}",
            "news/site.toml": 'title = "Shop news"\nurl = "https://shop.test"\n',
            "news/pages/posts/one.md": POST.format("one"),
            "news/templates/parts/footer.html": "<footer>news footer</footer>",
            "news/static/n.css": "n {}",
        },
    )


def app_in(shop: Path, **config: Any) -> tuple[Flask, Byline]:
    app = Flask("shop", root_path=str(shop))
    app.config.update(config)

    @app.get("/", endpoint="index")
    def index() -> str:
        return render_template("shop.html")

    @app.get("/shop/")
    def shop_page() -> str:
        return "the shop"

    return app, Byline(app, folder="news", url_prefix="/news", clock=lambda: NOON)


def test_each_keeps_its_own(shop: Path) -> None:
    app, _ = app_in(shop)
    client = app.test_client()
    assert client.get("/").text == "<title>Shop</title>/static/a.css"
    assert client.get("/static/a.css", buffered=True).text == "a {}"
    assert "Content-Security-Policy" not in client.get("/").headers
    front = client.get("/news/")
    assert "news footer" in front.text
    assert '<a href="/news/posts/one/">The one story</a>' in front.text
    assert "Content-Security-Policy" in front.headers
    assert client.get("/news/static/n.css").text == "n {}"
    assert client.get("/news/posts/one").headers["Location"] == "/news/posts/one/"
    assert '<link rel="canonical" href="https://shop.test/news/posts/one/">' in client.get("/news/posts/one/").text
    assert "Page not found" in client.get("/news/nothing/").text
    missing = client.get("/nothing/")
    assert missing.status_code == 404
    assert "Shop news" not in missing.text
    assert client.get("/newsletter").status_code == 404
    with app.test_request_context():
        assert app.url_for("byline.article", slug="one") == "/news/posts/one/"


def test_no_state_of_the_process_changes(shop: Path) -> None:
    before = zoneinfo.TZPATH
    app_in(shop)[0].test_client().get("/news/")
    assert before == zoneinfo.TZPATH


def test_the_whole_app_is_frozen(shop: Path) -> None:
    app, _ = app_in(shop)
    run = app.test_cli_runner().invoke(args=["freeze"])
    assert run.exit_code == 0, run.output
    frozen = set(tree(shop / "news" / "build"))
    assert {"index.html", "shop/index.html", "static/a.css", "news/index.html", "news/static/n.css"} <= frozen
    assert "news/pagefind/pagefind.js" in frozen
    assert "posts/one/index.html" not in frozen
    assert "news/posts/one/index.html" in frozen
    assert "dead-link" not in app.test_cli_runner().invoke(args=["check"]).output
    again = app.test_cli_runner().invoke(args=["freeze"])
    assert " 0 written" in again.stdout, again.output
    sitemap = (shop / "news" / "build" / "news" / "sitemap.xml").read_text()
    assert "<loc>https://shop.test/shop/</loc>" in sitemap


def test_a_server_answers_for_both(shop: Path) -> None:
    app, _ = app_in(shop)
    server = {"SERVER_SOFTWARE": "Granian"}
    packed = {"Accept-Encoding": "br"}
    client = Client(app)
    assert client.get("/shop/", environ_base=server).text == "the shop"
    assert client.get("/news/", environ_base=server, headers=packed).headers["Content-Encoding"] == "br"
    assert client.get("/news/healthz", environ_base=server).get_json()["status"] == "ok"


def test_two_sites_in_one_app(shop: Path) -> None:
    write(
        shop,
        {"blog/site.toml": 'title = "Blog"\nurl = "https://shop.test"\n', "blog/pages/posts/b.md": POST.format("b")},
    )
    app, news = app_in(shop)
    blog = Byline(app, folder="blog", url_prefix="/blog", name="blog", clock=lambda: NOON)
    client = Client(app)
    for base in ({}, {"SERVER_SOFTWARE": "Granian"}):
        for _ in range(2):
            assert "Shop news" in client.get("/news/", environ_base=base).text
            assert "<title>Blog</title>" in client.get("/blog/", environ_base=base).text
            assert client.get("/blog/posts/one/", environ_base=base).status_code == 404
    with app.app_context():
        assert [teaser.title for teaser in news.latest(3)] == ["The one story"]
        assert [teaser.title for teaser in blog.latest(3, tag="sea")] == ["The b story"]
        assert blog.latest(3, tag="none") == ()
    with app.test_request_context():
        assert app.url_for("blog.article", slug="b") == "/blog/posts/b/"


def test_two_apps_in_one_process(shop: Path, tmp_path: Path) -> None:
    other = write(tmp_path / "other", {"site.toml": 'title = "Other"\n', "pages/posts/o.md": POST.format("o")})
    byline = Byline(clock=lambda: NOON)
    second = Flask("other", root_path=str(other))
    byline.init_app(second)
    first, _ = app_in(shop)
    assert "<title>Other</title>" in second.test_client().get("/").text
    assert "Shop news" in first.test_client().get("/news/").text
    with second.app_context():
        assert [post.title for post in byline.site.posts] == ["The o story"]


def test_the_apps_own_base_can_be_extended(shop: Path) -> None:
    write(
        shop,
        {"news/templates/article.html": '{% extends "app/base.html" %}{% block main %}{{ post.title }}{% endblock %}'},
    )
    app, _ = app_in(shop)
    assert app.test_client().get("/news/posts/one/").text == "<title>Shop</title>The one story"
    first = app.test_client().get("/news/posts/one/").headers["ETag"]
    write(shop, {"templates/base.html": "<title>Store</title>{% block main %}{% endblock %}"})
    app, _ = app_in(shop)
    changed = app.test_client().get("/news/posts/one/", headers={"If-None-Match": first})
    assert (changed.status_code, changed.text[:20]) == (200, "<title>Store</title>")


def test_a_prefix_has_one_form(shop: Path) -> None:
    for prefix in ("news", "/news/", "/", "/a b"):
        with pytest.raises(ValueError, match="must be like /news"):
            Byline(Flask("shop", root_path=str(shop)), folder="news", url_prefix=prefix)
