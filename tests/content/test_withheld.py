"""What is hidden, clashes or comes from outside: nothing is published by accident, and no post hides another."""

import datetime as dt
import threading

import pytest

from tests.helpers.paper import NOON, Paper
from tests.helpers.papers import PNG


@pytest.mark.parametrize(
    "header",
    [
        {"publishDate": "2030-01-01"},
        {"published_at": "2030-01-01"},
        {"pubDate": "2030-01-01"},
        {"status": "private"},
        {"status": "pending"},
        {"visibility": "private"},
        {"unlisted": "true"},
        {"hidden": "true"},
        {"draft": "true", "Draft": "false"},
    ],
)
def test_what_another_program_hides_is_not_published(paper: Paper, header: dict[str, str]) -> None:
    paper.post("one", **header)
    assert paper.client().get("/posts/one/").status_code == 404


@pytest.mark.parametrize("header", [{"status": "published"}, {"visibility": "public"}, {"created": "2020-01-01"}])
def test_what_another_program_publishes(paper: Paper, header: dict[str, str]) -> None:
    paper.post("one", **header)
    assert 'datetime="2025-05-01T' in paper.client().get("/posts/one/").text


@pytest.mark.parametrize("date", ["9999-12-31", "0001-01-01T00:00:00Z", "9999-12-31T23:59:00Z"])
@pytest.mark.parametrize("key", ["date", "expires"])
def test_a_date_at_the_end_of_the_calendar_hides_nobody(paper: Paper, key: str, date: str) -> None:
    paper.settings('url = "https://paper.test"\ntimezone = "Asia/Tokyo"')
    paper.post("one")
    paper.post("far", **{key: date})
    assert paper.client().get("/posts/one/").status_code == 200
    assert f"pages/posts/far.md:{3 if key == 'date' else 4}:" in paper.freeze().output


@pytest.mark.parametrize("alias", ["/posts/one/index.html", "/index.html", "/", "/tags/", "/feed.xml", "/POSTS/one/"])
def test_an_alias_takes_nobodys_place(paper: Paper, alias: str) -> None:
    paper.post("one")
    paper.post("two", aliases=alias)
    assert paper.freeze().exit_code == 0
    assert "warning pages/posts/two.md:4:10: alias-collision" in "\n".join(paper.problems())
    assert "The one story" in paper.page("posts/one/index.html")
    assert "posts/two/" not in paper.page("feed.xml").partition("<entry>")[0]
    assert paper.site().redirects == {}


@pytest.mark.parametrize("alias", ["/", "/tags/", "/archive/", "/feed.xml"])
def test_a_draft_stops_nothing(paper: Paper, alias: str) -> None:
    paper.post("one", "[home](/)")
    paper.post("two", aliases=alias, draft="true")
    paper.write("pages/tags.md", "---\ntitle: Tags\ndraft: true\n---\n")
    assert paper.freeze().exit_code == 0
    assert '<a href="/">home</a>' in paper.page("posts/one/index.html")


def test_a_clash_to_come_is_reported_now(paper: Paper) -> None:
    paper.post("a", slug="x")
    paper.post("b", slug="x", date="2025-06-02")
    assert paper.client().get("/posts/x/").status_code == 200
    assert "pages/posts/b.md:4:7: url-collision" in paper.run("check").output
    paper.now += dt.timedelta(days=2)
    assert [post.url for post in paper.site().posts] == ["/posts/x-2/", "/posts/x/"]


def test_a_post_that_is_left_out_leaves_nothing(paper: Paper) -> None:
    paper.write("pages/posts/pic.png", PNG)
    paper.post("open", "[bad](bad.md) [bad](/posts/bad/)")
    paper.post("bad", "![p](pic.png)", authors='["Co Desk"]', aliases="/old/", draft="perhaps")
    assert paper.freeze("--skip-broken").exit_code == 3
    names = " ".join(paper.tree())
    assert "old/" not in names
    assert not paper.media()
    assert names.count("media/card-") == 1  # that of the other post
    assert "co-desk" not in names
    assert "posts/bad" not in paper.page("posts/open/index.html")


def test_a_name_without_letters_is_nobodys(paper: Paper) -> None:
    """Not even of an author whose file gives no name."""
    paper.write("pages/authors/desk.md", "---\nbio: A desk.\n---\n")
    paper.post("one", authors="...")
    assert "bad-slug" in paper.codes()
    assert paper.freeze().exit_code == 0
    assert paper.site().posts[0].authors == ()


def test_two_names_are_two_people(paper: Paper) -> None:
    paper.post("a", authors="Jörg Müller")
    paper.post("b", authors="Jorg Muller")
    assert "author-collision" in paper.run("check").output


@pytest.mark.parametrize("mark", ["\x0c", "&#8;", "\ufffe", "\x1b"])
def test_no_character_makes_a_feed_unreadable(paper: Paper, mark: str) -> None:
    import xml.etree.ElementTree as etree

    paper.post("one", f"Text {mark} more.", summary='"a\\u0008b"')
    etree.fromstring(paper.client().get("/feed.xml").data)


@pytest.mark.parametrize("name", ["logo@2x.png", "photo (1).png", "a+b,c;d=e'f!.png", "bär.png", "ba\u0308r.png"])
def test_names_of_static_files(paper: Paper, name: str) -> None:
    paper.write(f"static/{name}", PNG)
    paper.write(f"pages/posts/{name}", PNG)
    paper.post("one", f"![x](<{name}>)")
    run = paper.freeze()
    assert run.exit_code == 0, run.output
    assert "missing-picture" not in paper.codes()


@pytest.mark.parametrize("name", ["evil.html", "evil.xhtml", "evil.xml"])
def test_a_linked_file_cannot_run_scripts(paper: Paper, name: str) -> None:
    paper.write(f"pages/posts/{name}", "<script>alert(1)</script>")
    paper.post("one", f"[x]({name})")
    assert paper.freeze().exit_code == 0
    assert not paper.media()
    assert "unsafe-file" in paper.codes()


@pytest.mark.parametrize(
    ("typed", "meant"), [("Ferry #2 is back", "Ferry"), ("!Wow it works", "it works"), ("&co says no", "says no")]
)
def test_text_that_yaml_drops_is_named(paper: Paper, typed: str, meant: str) -> None:
    paper.post("one", title=typed)
    assert any(f"lost-text YAML reads `{typed}` as '{meant}'" in problem for problem in paper.problems())
    paper.post("one", title=f'"{typed}"')
    assert "lost-text" not in paper.codes()


@pytest.mark.parametrize("name", ["a.markdown", "a.MD", "a.mdx", "a.mkd"])
def test_markdown_under_another_ending_is_read(paper: Paper, name: str) -> None:
    paper.write(f"pages/posts/{name}", "---\ntitle: A\ndate: 2025-05-01\n---\nText.\n")
    assert [post.url for post in paper.site().posts] == ["/posts/a/"]
    assert b"Text." in paper.client().get("/posts/a/").data


def test_links_of_authors_as_people_type_them(paper: Paper) -> None:
    links = "[social.test/@ann, ann@paper.test, https://ann.test, /about/, 'javascript:alert(1)', '//cdn.test/x']"
    paper.write("pages/authors/ann.md", f"---\nname: Ann\nlinks: {links}\n---\n")
    paper.post("one", authors="ann")
    page = paper.client().get("/authors/ann/").text
    for href in ("https://social.test/@ann", "mailto:ann@paper.test", "https://ann.test", "/about/"):
        assert f'href="{href}"' in page
    assert "javascript" not in page
    assert sum("bad-address" in problem for problem in paper.problems()) == 2


def test_threads_do_not_mix_stories(paper: Paper) -> None:
    for number in range(8):
        paper.post(f"p{number}", "\n\n".join(f"## Part {n} of canary{number}\n\n*canary{number}*" for n in range(40)))
    app = paper.app()
    app.test_client().get("/")
    paper_store = (paper.folder / ".cache" / "store.sqlite3").as_posix()
    import sqlite3

    with sqlite3.connect(paper_store) as db:
        db.execute("DELETE FROM entry")
    db.close()
    pages: dict[int, str] = {}

    def ask(number: int) -> None:
        pages[number] = app.test_client().get(f"/posts/p{number}/").text

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for number, page in pages.items():
        body = page[page.index('class="body"') : page.index("article-end")]
        assert body.count(f"<em>canary{number}</em>") == 40
        assert body.count("<em>canary") == 40


def test_a_file_gives_way_to_a_folder_and_back(paper: Paper) -> None:
    paper.post("one")
    paper.write("static/data/x.txt", "x")
    assert paper.freeze().exit_code == 0
    (paper.folder / "static/data/x.txt").unlink()
    (paper.folder / "static/data").rmdir()
    paper.write("static/data", "now a file")
    run = paper.freeze()
    assert run.exit_code == 0, run.output
    assert paper.page("static/data") == "now a file"


def test_a_strangers_file_in_the_way_of_a_deletion_is_left_alone(paper: Paper) -> None:
    paper.post("one")
    two = paper.post("two")
    assert paper.freeze().exit_code == 0
    (paper.folder / "build/posts/two/index.html").unlink()
    (paper.folder / "build/posts/two").rmdir()
    paper.write("build/posts/two", "mine")
    two.unlink()
    assert paper.freeze().exit_code == 0
    assert paper.page("posts/two") == "mine"
    assert paper.freeze().exit_code == 0


@pytest.mark.parametrize("out", ["build/review", "build"])
def test_a_review_is_kept_apart(paper: Paper, out: str) -> None:
    paper.post("secret", draft="true")
    assert paper.freeze().exit_code == 0
    assert paper.freeze("--drafts", out=out).exit_code in (1, 2)
    assert not list((paper.folder / "build").rglob("*secret*"))
    assert paper.freeze("--drafts", out="docs").exit_code == 0
    run = paper.freeze(out="docs")
    assert run.exit_code == 1
    assert "holds a review with drafts" in run.output


def test_a_redirect_may_be_taken_back(paper: Paper) -> None:
    paper.post("one", aliases="/old/")
    assert paper.client().get("/old/").headers["Cache-Control"] == "no-cache"


@pytest.mark.parametrize(
    ("url", "page"), [("https://x.test/caf%C3%A9", "/caf%C3%A9/"), ("https://x.test/café", "/caf%C3%A9/")]
)
def test_a_base_path_with_letters(paper: Paper, url: str, page: str) -> None:
    paper.settings(f'url = "{url}"\n[[navigation]]\ntitle = "One"\nurl = "{page}posts/one/"')
    paper.post("one", f"[home]({page[:-1]})")
    assert paper.client().get(page).status_code == 200
    assert f'href="{page}posts/one/"' in paper.client().get(page).text
    assert paper.freeze().exit_code == 0


def test_the_clock_moves_on(paper: Paper) -> None:
    paper.post("later", date="2025-06-01 12:30")
    client = paper.client()
    assert client.get("/posts/later/").status_code == 404
    paper.now = NOON + dt.timedelta(hours=1)
    assert client.get("/posts/later/").status_code == 200
