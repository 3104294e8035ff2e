"""Search by the server: what is found, in which order, and that hidden posts never are."""

import re
import sqlite3

import pytest

from byline.models import Body
from byline.web import search
from byline.web.app import live_of
from byline.web.words import TOKEN
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
        ("befores ferries", "text"),
        ("Fluss", "accents"),
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


def test_a_search_of_the_commonest_letter_reads_only_what_it_shows(
    paper: Paper, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(30):
        paper.post(f"n{number}", "A word and a word.")
    live = paper.live()
    live.search_in("").find(live.snapshot().site, "zebra")  # makes the index
    read: list[Body] = []

    def counted(body: Body) -> str:
        read.append(body)
        return "A word."

    monkeypatch.setattr(live.search_in(""), "_html_of", counted)
    results = live.search_in("").find(live.snapshot().site, "a")
    assert (results.count, len(results.hits), len(read)) == (30, search.MOST, search.MOST)
    assert live.search_in("").find(live.snapshot().site, " a ") is results  # the last answers are kept
    assert len(read) == search.MOST


def test_answers_are_kept_for_one_site_only(paper: Paper) -> None:
    paper.post("one", "The ferry.")
    app = paper.app()
    assert "One story for" in app.test_client().get("/search/?q=ferry").text
    paper.post("two", "The ferry.")
    live_of(app).refresh()
    assert "2 stories for" in app.test_client().get("/search/?q=ferry").text


@pytest.mark.parametrize("query", ["a b c d e f g h i j k l m n o p q r s", "天" * 30, " ".join(["word"] * 40)])
def test_a_query_of_many_words_is_cut_and_says_so(paper: Paper, query: str) -> None:
    paper.post("one", "A b c d e f g h i j k l m n o p, a word. 天")
    page = paper.client().get("/search/", query_string={"q": query}).text
    shown = re.search('role="status">One story for “(.*?)”', page)
    assert shown
    assert query.startswith(shown[1])
    assert len(TOKEN.findall(shown[1])) == search.MOST_WORDS


def test_one_letter_is_a_word_and_not_the_beginning_of_one(paper: Paper) -> None:
    paper.post("one", "Xylophones.")
    assert hits(paper, "x") == []
    assert hits(paper, "xy") == ["/posts/one/"]
    assert hits(paper, "xylophonesi") == []


@pytest.mark.parametrize("query", ["harbour", "Ann Desk", "night"])
def test_an_excerpt_is_the_text_of_the_story(paper: Paper, query: str) -> None:
    paper.post("one", "The sea is calm.", title="At night", dek="In the harbour", tags="[harbour]", authors="Ann Desk")
    page = paper.client().get("/search/", query_string={"q": query}).text
    assert "<p>The sea is calm.</p>\n" in page


def test_an_excerpt_begins_near_the_word(paper: Paper) -> None:
    paper.post("one", f"{'before ' * 90}the ferries, *late*, are here{' after' * 90}.")
    page = paper.client().get("/search/?q=ferry").text
    assert "<p>…before before before before before before the <mark>ferries</mark>, late, are here after" in page
    assert " after…</p>\n" in page
