"""Films and sounds typed like pictures: their size, poster and captions, where they begin, and what remains of them."""

import re

import pytest

from tests.helpers.films import mp4, webm
from tests.helpers.findings import found
from tests.helpers.paper import Paper
from tests.helpers.papers import jpeg
from tests.helpers.rendering import html

PYTHON = 'title = "The Paper"\nurl = "https://paper.test"\n[markdown]\nengine = "python"\nextensions = ["extra"]'


@pytest.mark.parametrize(
    ("name", "data", "size"),
    [
        ("a.mp4", mp4(640, 360), ("640", "360")),
        ("a.mov", mp4(640, 360, turned=True, version=1), ("360", "640")),
        ("a.webm", webm(320, 180), ("320", "180")),
        ("a.mp4", b"\0\0\0\x08moov" + mp4(0, 0), None),
        ("a.webm", webm(320, 180)[:-3], None),
        ("a.m4v", b"film", None),
    ],
)
def test_a_film_has_its_size(paper: Paper, name: str, data: bytes, size: tuple[str, str] | None) -> None:
    paper.write(f"pages/posts/{name}", data)
    shown = re.search(r' width="(\d+)" height="(\d+)"', html(paper, f"![The ferry]({name})"))
    assert (shown.groups() if shown else None) == size


@pytest.mark.parametrize("settings", ["", PYTHON], ids=["github", "python"])
def test_what_is_beside_a_film_and_has_its_name_belongs_to_it(paper: Paper, settings: str) -> None:
    if settings:
        paper.settings(settings)
    paper.write("pages/posts/ferry.mp4", mp4(640, 360))
    paper.write("pages/posts/ferry.jpg", jpeg(900, 600))
    for name in ("ferry.vtt", "ferry.de.vtt", "ferry.pt-BR.vtt", "ferry.notes for me.vtt", "ferry2.vtt"):
        paper.write(f"pages/posts/{name}", f"WEBVTT\n\n{name}")
    shown = html(paper, "![The ferry](ferry.mp4#t=30)")
    assert re.search(
        r'<video [^>]* src="/media/ferry-\w+.mp4#t=30" poster="/media/ferry-\w+-800.jpg" width="640"', shown
    )
    assert ' aria-label="The ferry"' in shown
    assert ' controls="" preload="metadata"' in shown
    tracks = re.findall(
        r'<track kind="captions"(?: srclang="([\w-]+)")? src="/media/ferry(?:-[a-z-]+)?-\w+.vtt">', shown
    )
    assert tracks == ["de", "pt-BR", ""]
    assert re.search(r'<a href="/media/ferry-\w+.mp4#t=30">The ferry</a></video>', shown)
    assert paper.freeze().exit_code == 0
    assert sorted(path.rsplit(".", 1)[1] for path in paper.media()) == ["jpg", "mp4", "vtt", "vtt", "vtt"]


def test_a_poster_of_its_own_comes_first_and_one_that_is_given_wins(paper: Paper) -> None:
    paper.write("pages/posts/ferry.mp4", mp4(640, 360))
    for name in ("ferry.jpg", "ferry.poster.jpg", "still.jpg"):
        paper.write(f"pages/posts/{name}", jpeg(900, 600))
    assert 'poster="/media/ferry-poster-' in html(paper, "![](ferry.mp4)")
    given = html(paper, "![](ferry.mp4){poster=still.jpg width=300 .wide}")
    assert re.search(r'<figure class="wide"><video [^>]* src="/media/ferry-\w+.mp4" poster="/media/still-', given)
    assert given.count("poster=") == given.count("width=") == 1
    assert html(paper, '<video src="ferry.mp4" poster="still.jpg" controls></video>').count("poster=") == 1


def test_a_title_is_the_caption(paper: Paper) -> None:
    paper.write("pages/posts/a.mp3", b"sound")
    shown = html(paper, '![A bell](a.mp3 "The bell of the harbour")')
    assert re.match(r"<figure>(<p>)?<audio ", shown)
    assert "<figcaption>The bell of the harbour</figcaption>" in shown
    assert "title=" not in shown
    assert 'title="A bell"' in html(paper, 'Hear it: ![](a.mp3 "A bell")')


@pytest.mark.parametrize("settings", ["", PYTHON], ids=["github", "python"])
@pytest.mark.parametrize(("name", "kind"), [("gone.mp4", "film"), ("gone.ogg", "sound")])
def test_one_that_is_missing_is_told_like_a_picture(paper: Paper, settings: str, name: str, kind: str) -> None:
    if settings:
        paper.settings(settings)
    assert html(paper, f"![The ferry]({name})").strip() == "<p>The ferry</p>"
    assert found(paper, "missing-picture") == ["pages/posts/one.md:5:14"]
    assert f"there is no {kind} '{name}', so none is shown" in paper.run("check").output


def test_films_of_other_sites_and_pictures_that_move_stay_what_they_are(paper: Paper) -> None:
    assert '<video controls="" preload="metadata" aria-label="x" src="https://e.test/a.mp4#t=9">' in html(
        paper, "![x](https://e.test/a.mp4#t=9)"
    )
    assert "<img" in html(paper, "![x](https://e.test/a.gif)")


def test_feeds_have_the_film_with_whole_addresses(paper: Paper) -> None:
    paper.write("pages/posts/ferry.mp4", mp4(640, 360))
    paper.write("pages/posts/ferry.jpg", jpeg(900, 600))
    paper.write("pages/posts/ferry.vtt", "WEBVTT")
    paper.post("one", "![The ferry](ferry.mp4)")
    feed = paper.client().get("/feed.json").get_json()["items"][0]["content_html"]
    assert re.search(r' src="https://paper.test/media/ferry-\w+.mp4" poster="https://paper.test/media/ferry-', feed)
    assert re.search(r'<a href="https://paper.test/media/ferry-\w+.mp4">The ferry</a></video>', feed)
    assert "<track" not in feed


def test_the_shortcodes_take_a_title_and_a_caption(paper: Paper) -> None:
    paper.write("pages/posts/ferry.mp4", mp4(640, 360))
    shown = html(paper, '{{< video src="ferry.mp4" title="The ferry" caption="On the bay" >}}')
    assert re.match(r'<figure><video src="[^"]+" width="640" height="360" controls="" preload="metadata" ', shown)
    assert "<figcaption>On the bay</figcaption></figure>" in shown
