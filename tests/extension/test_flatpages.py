"""The content folder as Flask-FlatPages' documentation has it."""

import datetime as dt
from typing import Any

import pytest
from flask import Flask
from werkzeug.exceptions import NotFound

from byline import Byline, create_app
from byline.problems import SiteError
from tests.helpers.paper import NOON, Paper


@pytest.fixture
def app(paper: Paper) -> Flask:
    paper.settings('title = "The Paper"\nurl = "https://paper.test"\ntimezone = "Europe/Berlin"')
    paper.post("one", "See [two](two.md).", Lastmod="2025-05-03 10:00", tags="[a, b]", colour="red", authors="ann")
    paper.post("two", "**Bold**", draft="true")
    paper.write("pages/authors/ann.md", "---\nname: Ann\n---\nWrites.")
    paper.write("pages/authors/ben.md", "---\nname: Ben\n---\nHas no story.")
    return Flask("paper", root_path=str(paper.folder))


def test_a_real_collection(app: Flask) -> None:
    byline = Byline(app, clock=lambda: NOON)

    @app.get("/raw/<path:path>")
    def raw(path: str) -> Any:
        page = byline.pages.get_or_404(path)
        return {"title": page["title"], "html": page.html, "day": page.meta["date"].isoformat()}

    collection = app.extensions["flatpages"][None]
    with app.app_context():
        assert [page.path for page in byline.pages] == ["authors/ann", "posts/one"]  # the rest is not published
        assert byline.pages is collection
        one = byline.pages.get("posts/one")
        assert one is not None
        assert one["title"] == one.meta["title"] == "The one story"
        assert one.meta["date"].date() == dt.date(2025, 5, 1)
        assert one.meta["updated"] == one.meta["Lastmod"]
        assert one.meta["updated"].isoformat() == "2025-05-03T10:00:00+02:00"
        assert (one.meta["tags"], one.meta["colour"]) == (("a", "b"), "red")
        assert byline.pages.get("posts/two") is None
        assert byline.pages.get("posts/three") is None
        with pytest.raises(NotFound):
            byline.pages.get_or_404("posts/three")
    answer = app.test_client().get("/raw/posts/one")
    assert answer.get_json()["html"] == "<p>See <a>two</a>.</p>\n"  # which is a draft
    assert app.test_client().get("/raw/nothing").status_code == 404


def test_drafts_are_there_while_one_writes(paper: Paper, app: Flask) -> None:
    paper.post("three", authors="[ann]")
    app.debug = True
    byline = Byline(app, clock=lambda: NOON)
    with app.app_context():
        assert [page.path for page in byline.pages] == ["authors/ann", "posts/one", "posts/three", "posts/two"]
        assert byline.pages.get_or_404("authors/ann")["name"] == "Ann"
        assert byline.pages.get_or_404("posts/two").html == "<p><strong>Bold</strong></p>\n"


def test_the_root_is_the_content_folder(paper: Paper, app: Flask) -> None:
    (paper.folder / "pages").rename(paper.folder / "texts")
    app.config["FLATPAGES_ROOT"] = "texts"
    Byline(app, clock=lambda: NOON)
    assert app.test_client().get("/posts/one/").status_code == 200


@pytest.mark.parametrize(
    ("config", "message"),
    [
        ({"FLATPAGES_EXTENSION": ".html"}, "FLATPAGES_EXTENSION in the app's config is '.html', which has no effect"),
        ({"FLATPAGES_EXTENSION": [".md", ".txt"]}, "rename the files"),
        ({"FLATPAGES_ENCODING": "latin-1"}, "convert the files"),
        ({"FLATPAGES_AUTO_RELOAD": True}, "in debug mode"),
        ({"FLATPAGES_CASE_INSENSITIVE": True}, "aliases"),
        ({"FLATPAGES_INSTANCE_RELATIVE": True}, "FLATPAGES_ROOT"),
        ({"FLATPAGES_LEGACY_META_PARSER": True}, "above and below"),
    ],
)
def test_what_would_have_no_effect_is_refused_by_name(paper: Paper, config: dict[str, Any], message: str) -> None:
    with pytest.raises(SiteError) as error:
        create_app(paper.folder, **config)
    assert message in str(error.value)


def test_values_that_mean_the_same_are_fine(paper: Paper) -> None:
    create_app(paper.folder, FLATPAGES_EXTENSION=".md", FLATPAGES_ENCODING="utf-8", FLATPAGES_AUTO_RELOAD="if debug")


def test_a_root_that_contradicts_the_settings(paper: Paper) -> None:
    paper.settings('pages = "other"\n')
    with pytest.raises(SiteError, match="`pages` contradicts FLATPAGES_ROOT"):
        create_app(paper.folder, FLATPAGES_ROOT="texts")
