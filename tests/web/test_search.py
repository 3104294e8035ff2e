"""Search by the server: what is found, in which order, and that hidden posts never are."""

import re
import sqlite3

import pytest

from tests.helpers.paper import Paper
from tests.helpers.papers import full_paper


def hits(paper: Paper, query: str) -> list[str]:
    """URLs of the results, best first."""
    page = paper.client().get("/search/", query_string={"q": query}).text
    return re.findall(r'<li><a href="([^"]+)">[^<]*</a> <p>', page)


@pytest.fixture
def searched(paper: Paper) -> Paper:
    paper.post("title", "Nothing.", title="The ferry at night")
    paper.post("dek", "Nothing.", dek="A ferry, late")
    paper.post("tag", "Nothing.", tags="[ferry]")
    paper.post("text", "Words and words before the ferry comes, and a [link](title.md).")
    paper.post("accents", "Die Fähre über den Fluß. Crème brûlée.")
    paper.post("cjk", "東京の天気は晴れです。", title="天気予報")
    paper.post("secret", "Canary ferry.", draft="true")
    paper.post("later", "Canary ferry.", date="2030-01-01")
    return paper


def test_titles_weigh_most_then_deks_names_and_text(searched: Paper) -> None:
    assert hits(searched, "ferry") == [f"/posts/{name}/" for name in ("title", "dek", "tag", "text")]


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("fahre", "accents"),
        ("CREME BRULEE", "accents"),
        ("東京", "cjk"),
        ("天気", "cjk"),
        ("nig", "title"),
        ("before ferry", "text"),
        ('"ferry" (night', "title"),
        ("night*", "title"),
    ],
)
def test_what_finds_what(searched: Paper, query: str, name: str) -> None:
    assert hits(searched, query)[0] == f"/posts/{name}/"


@pytest.mark.parametrize("query", ["canary", "zebra", "'; DROP TABLE story; --", "\x00", "🦊", "-", "a" * 1500])
def test_what_finds_nothing(searched: Paper, query: str) -> None:
    answer = searched.client().get("/search/", query_string={"q": query})
    assert answer.status_code == 200
    assert "/posts/" not in answer.text


def test_the_answer_says_how_many_and_shows_the_words(searched: Paper) -> None:
    page = searched.client().get("/search/?q=ferry").text
    assert "4 stories for “ferry”" in page
    assert "<mark>ferry</mark>" in page
    assert '<meta name="robots" content="noindex">' in page
    assert "One story for “brûlée”" in searched.client().get("/search/?q=brûlée").text
    assert "No story has “zebra” in it" in searched.client().get("/search/?q=zebra").text
    japanese = searched.client().get("/search/?q=東京").text
    assert "<mark>東京</mark>の天気は晴れです。" in japanese


def test_nothing_typed_is_markup(searched: Paper) -> None:
    page = searched.client().get("/search/", query_string={"q": "<script>alert(1)</script>"}).text
    assert "<script>alert" not in page
    searched.post("html", "`<b>bold</b>` ferryman")
    assert "&lt;b&gt;bold" in searched.client().get("/search/?q=ferryman").text


def test_the_index_follows_the_site(searched: Paper) -> None:
    app = searched.app()
    client = app.test_client()
    assert "/posts/text/" in client.get("/search/?q=words").text
    searched.post("text", "Something else.")
    searched.post("fresh", "words")
    assert hits(searched, "words") == ["/posts/fresh/"]
    (searched.folder / "pages/posts/fresh.md").unlink()
    assert hits(searched, "words") == []


@pytest.mark.parametrize("damage", [b"", b"not a database", b"SQLite format 3\x00" + b"x" * 4000])
def test_a_damaged_index_is_made_anew(searched: Paper, damage: bytes) -> None:
    hits(searched, "ferry")
    searched.write(".cache/search.sqlite3", damage)
    assert len(hits(searched, "ferry")) == 4


def test_the_index_on_disk_holds_no_draft(searched: Paper) -> None:
    assert "/posts/secret/" in searched.client(debug=True).get("/search/?q=canary").text
    hits(searched, "ferry")
    with sqlite3.connect(searched.folder / ".cache/search.sqlite3") as db:
        assert db.execute("SELECT count(*) FROM story WHERE story MATCH 'canary'").fetchone() == (0,)
    db.close()


def test_without_a_query_server_and_file_are_the_same(paper: Paper) -> None:
    full_paper(paper)
    paper.freeze()
    client = paper.client()
    for query in ("", "?q=", "?q=%20"):
        assert client.get(f"/search/{query}").text == paper.page("search/index.html")


def test_a_worker_with_the_old_site_finds_the_old_words(paper: Paper) -> None:
    paper.post("one", "The ferry leaves in the morning.")
    old = paper.client()
    assert "morning" in old.get("/search/?q=ferry").text
    paper.post("one", "The ferry leaves in the evening.")
    new = paper.client()
    for _ in range(2):
        assert "evening" in new.get("/search/?q=ferry").text
        assert "morning" in old.get("/search/?q=ferry").text
