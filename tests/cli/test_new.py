"""`flask new`: the file is a valid post at once, and never overwrites another."""

import sys

import pytest

from tests.helpers.paper import Paper


@pytest.fixture
def desk(paper: Paper) -> Paper:
    paper.write("pages/authors/news-desk.md", "---\nname: News desk\n---\n")
    return paper


def test_a_new_post_is_published_as_it_is(desk: Paper) -> None:
    run = desk.run("new", "The ferry is back", "--author", "news-desk", "--tag", "sea", "--tag", "C++, C")
    assert run.output == "pages/posts/2025/the-ferry-is-back.md\nhttps://paper.test/posts/the-ferry-is-back/\n"
    assert (desk.folder / "pages/posts/2025/the-ferry-is-back.md").read_text() == (
        '---\ntitle: The ferry is back\ndek:\ndate: 2025-06-01 12:00\nauthors: [news-desk]\ntags: [sea, "C++, C"]\n'
        "cover:\nsummary:\ndraft: false\n---\n\n"
    )
    assert desk.client().get("/posts/the-ferry-is-back/").status_code == 200
    assert desk.run("check", "--strict").exit_code == 0


def test_a_draft_is_one(desk: Paper) -> None:
    assert desk.run("new", "Not yet", "--draft").exit_code == 0
    assert "draft: true\n" in (desk.folder / "pages/posts/2025/not-yet.md").read_text()
    assert desk.client().get("/posts/not-yet/").status_code == 404


@pytest.mark.parametrize(
    "title",
    [
        "Ferry: it is back",
        'The "ferry" \\ boat',
        "2024",
        "@ferry",
        "Ferry #2",
        "it's back",
        "- not a list",
        "yes",
        "Gänse: eine Übersicht",
        "[a] & {b}",
        "one\ntwo",
        "$title costs $5",
        "trailing colon:",
        "Apr 3, 2025",
        "~x",
        "a | b > c",
    ],
)
def test_any_title_comes_back_as_typed(desk: Paper, title: str) -> None:
    assert desk.run("new", "--", title).exit_code == 0, title
    site = desk.site()
    assert site.errors == ()
    assert [post.title for post in site.posts] == [" ".join(title.split())]


def test_nothing_is_overwritten(desk: Paper) -> None:
    desk.run("new", "The ferry")
    path = desk.folder / "pages/posts/2025/the-ferry.md"
    path.write_text(path.read_text() + "Text.\n")
    before = path.read_bytes()
    run = desk.run("new", "The Ferry!")
    assert run.exit_code == 1
    assert "/posts/the-ferry/ is already the address of pages/posts/2025/the-ferry.md" in run.output
    assert path.read_bytes() == before


def test_nor_is_an_address_taken(desk: Paper) -> None:
    desk.post("harbour", draft="true")
    run = desk.run("new", "Harbour")
    assert run.exit_code == 1
    assert "is already the address of pages/posts/harbour.md" in run.output
    assert not (desk.folder / "pages/posts/2025").exists()


def test_a_broken_file_is_not_overwritten_either(desk: Paper) -> None:
    path = desk.write("pages/posts/2025/harbour.md", "broken")
    assert desk.run("new", "Harbour").exit_code == 1
    assert path.read_text() == "broken"


@pytest.mark.parametrize("title", ["!!!", "", "x" * 300])
def test_titles_that_give_no_address_are_refused(desk: Paper, title: str) -> None:
    assert desk.run("new", title).exit_code == 2


def test_the_archetype_is_the_sites_own(desk: Paper) -> None:
    desk.write("archetypes/post.md", "---\ntitle: $title\ndate: $date\nlang: de\n---\nLiebe Leute, ${title}! $5\n")
    desk.run("new", "Hallo", "--tag", "a")
    text = (desk.folder / "pages/posts/2025/hallo.md").read_text()
    assert text == "---\ntitle: Hallo\ndate: 2025-06-01 12:00\nlang: de\n---\nLiebe Leute, Hallo! $5\n"
    (desk.folder / "archetypes" / "post.md").unlink()
    assert desk.run("new", "Adieu").exit_code == 0
    assert "lang" not in (desk.folder / "pages/posts/2025/adieu.md").read_text()
    desk.write("archetypes/post.md", b"\xff")
    run = desk.run("new", "Servus")
    assert run.exit_code == 1
    assert "archetypes/post.md" in run.output


def test_the_date_is_the_sites(desk: Paper) -> None:
    desk.settings(
        'timezone = "Pacific/Auckland"\nurl = "https://paper.test/news"\npermalink = "/{year}/{month}/{day}/{slug}/"'
    )
    assert desk.run("new", "Late").output.splitlines()[1] == "https://paper.test/news/2025/06/02/late/"


def test_the_editor_opens_the_file(desk: Paper, monkeypatch: pytest.MonkeyPatch) -> None:
    script = desk.write("editor.py", "import sys\nopen(sys.argv[1], 'a').write('Edited.\\n')\n")
    monkeypatch.setenv("VISUAL", f"{sys.executable} {script}")
    monkeypatch.setenv("EDITOR", f"{sys.executable} {script}")
    desk.run("new", "Edited", "--edit")
    assert (desk.folder / "pages/posts/2025/edited.md").read_text().endswith("---\n\nEdited.\n")


def test_without_an_address_of_its_own_a_site_names_the_path_alone(paper: Paper) -> None:
    paper.settings("")
    assert paper.run("new", "Late").output.splitlines()[1] == "/posts/late/"
