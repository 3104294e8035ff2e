"""Emoji by name, films, sounds and embedded pictures: what other programs run is run here, too."""

import pytest

from byline.markdown.render import facts_of
from tests.helpers.findings import found, reported
from tests.helpers.paper import Paper
from tests.helpers.papers import PNG
from tests.helpers.rendering import html


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        ("A :smile: and :+1:!", "<p>A 😄 and 👍!</p>"),
        (":tada:", "<p>🎉</p>"),
        ("`:smile:` user:id:7 1:100:20 std::x:: 12:30:45 :no_such:", None),
    ],
)
def test_emoji(paper: Paper, body: str, shown: str | None) -> None:
    assert html(paper, body).strip() == (shown or f"<p>{body.replace('`:smile:`', '<code>:smile:</code>')}</p>")


def test_emoji_in_a_heading_keep_its_address(paper: Paper) -> None:
    assert html(paper, "## :tada: News").startswith('<h2 id="tada-news">🎉 News<')


@pytest.mark.parametrize(
    ("name", "tag"), [("x.mp4", "video"), ("x.WEBM", "video"), ("x.mp3", "audio"), ("x.ogg", "audio")]
)
def test_a_film_typed_like_a_picture(paper: Paper, name: str, tag: str) -> None:
    paper.write(f"pages/posts/{name}", b"film")
    shown = html(paper, f"![The *ferry*]({name})")
    assert shown.startswith(f'<p><{tag} controls="" preload="metadata" aria-label="The ferry" src="/media/x-')
    assert shown.strip().endswith(f"</{tag}></p>")
    assert paper.freeze().exit_code == 0
    assert len(paper.media()) == 1
    assert found(paper, "missing-alt") == []


def test_a_film_of_another_site(paper: Paper) -> None:
    assert 'src="https://e.test/a.mp4?x=1"' in html(paper, "![](https://e.test/a.mp4?x=1)")


@pytest.mark.parametrize("link", ["![[cat.png]]", "![[Cat.png]]", "![[notes/cat.png|A cat]]", "![[cat.png|300]]"])
def test_an_embedded_picture_is_found_by_its_name(paper: Paper, link: str) -> None:
    paper.write("pages/notes/cat.png", PNG)
    shown = html(paper, link)
    assert "/media/cat-" in shown
    assert ('alt="A cat"' in shown) == ("A cat" in link)
    assert ('width="300"' in shown) == ("300" in link)


def test_what_is_embedded_and_missing_is_told(paper: Paper) -> None:
    paper.post("one", "![[dog.png]]\n\n![[film.mp4]]\n\n[[report.pdf]]")
    paper.write("pages/files/report.pdf", b"%PDF-1.4")
    assert found(paper, "broken-link") == ["pages/posts/one.md:5:1", "pages/posts/one.md:7:1"]
    assert "no file has the name dog.png)" in paper.run("check").output
    assert "/media/report-" in paper.client().get("/posts/one/").text


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ("Text.\n\n```py\nx = 1\n\n## Not a heading\n", (3, 1)),
        ("~~~\nx\n```\n", (1, 1)),
        ("> ```\n> x\n\nText.\n", (1, 3)),
        ("````\n```\nx\n```\n", (1, 1)),
    ],
)
def test_a_listing_without_an_end_is_told(body: str, place: tuple[int, int]) -> None:
    assert [(p.code, p.line, p.col) for p in facts_of(body).problems] == [("open-listing", *place)]


@pytest.mark.parametrize(
    "body", ["```\nx\n```", "```\nx\n`````\n", "- ```\n  x\n  ```\n", "> ~~~\n> x\n> ~~~\n", "    x\n"]
)
def test_one_with_an_end(body: str) -> None:
    assert facts_of(body).problems == []


def test_an_open_listing_is_in_the_check(paper: Paper) -> None:
    paper.post("one", "```\nx")
    assert reported(paper, "open-listing") == ["pages/posts/one.md:5:1"]


def test_prose_is_what_readers_get_as_text_at_its_place() -> None:
    body = "a `b\nc` é `{{ x }}` $y$ d\n\n    {{ code }}\n\n<!-- {{ c }} -->\n\n%%p%% [a](b){.big} e\n\n## T {#id}\n"
    prose = facts_of(body).prose
    assert [len(line) for line in prose.split("\n")] == [len(line) for line in body.split("\n")]
    assert prose.split() == ["a", "é", "d", "[a](b)", "e", "##", "T"]
