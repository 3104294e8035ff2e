"""Figures: the size that a writer asks for, and several pictures as a gallery."""

import re

import pytest

from tests.helpers.paper import Paper
from tests.helpers.papers import jpeg
from tests.helpers.rendering import html

PLAIN = 'title = "The Paper"\nurl = "https://paper.test"\n'
PYTHON = PLAIN + '[markdown]\nengine = "python"\nextensions = [{}]\n'
ENGINES = {"github": PLAIN, "extra": PYTHON.format('"extra"'), "plain python": PYTHON.format('"codehilite"')}
COLUMN = 'sizes="(min-width: 41rem) 38rem, calc(95vw - 1rem)"'


@pytest.fixture(params=ENGINES)
def pictured(request: pytest.FixtureRequest, paper: Paper) -> Paper:
    paper.settings(ENGINES[request.param])
    paper.write("pages/posts/a.jpg", jpeg(900, 600))
    paper.write("pages/posts/b.jpg", jpeg(600, 900))
    return paper


@pytest.mark.parametrize("size", ["wide", "full", "left", "right", "small"])
@pytest.mark.parametrize(
    "body",
    [
        '![A ship](a.jpg "The caption"){.SIZE}',
        '![A ship](a.jpg "The caption"){: .SIZE }',
        '{{< figure src="a.jpg" alt="A ship" caption="The caption" class="SIZE" >}}',
        '<figure class="SIZE"><img src="a.jpg" alt="A ship"><figcaption>The caption</figcaption></figure>',
    ],
)
def test_a_picture_has_the_size_that_is_asked_for(pictured: Paper, body: str, size: str) -> None:
    shown = html(pictured, f"One.\n\n{body.replace('SIZE', size)}\n\nTwo.")
    assert f'<figure class="{size}"><picture>' in shown
    assert "<figcaption>The caption</figcaption>" in shown
    assert shown.count("sizes=") == 2
    assert COLUMN not in shown
    assert "{" not in shown
    assert "<script" not in shown


@pytest.mark.parametrize(
    "body",
    [
        '![A ship](a.jpg "The caption")',
        "![A ship](a.jpg)",
        "![A ship](a.jpg){.huge}",
        "![A ship](a.jpg) {.wide}",
        "A ![A ship](a.jpg){.wide} in a line",
        '<figure class="mine"><img src="a.jpg" alt="A ship"></figure>',
        '<figure><img src="a.jpg" alt="A ship"><figcaption>I wrote class="wide" here</figcaption></figure>',
    ],
)
def test_all_others_stay_in_the_column(pictured: Paper, body: str) -> None:
    shown = html(pictured, body)
    assert shown.count(COLUMN) == 2
    assert not re.search(r'<figure class="(?!mine)', shown)


def test_other_classes_and_ids_stay(paper: Paper) -> None:
    paper.write("pages/posts/a.jpg", jpeg(900, 600))
    shown = html(paper, "[![A ship](a.jpg){.wide .framed #ship}](https://paper.example/)")
    assert re.match(r'<figure class="wide"><a href="https://paper.example/"><picture>.*<img alt="A ship"', shown)
    assert 'class="framed" id="ship"' in shown
    assert html(paper, "![The ferry](https://paper.example/a.mp4){.wide}").startswith('<figure class="wide"><video ')


@pytest.mark.parametrize("between", ["\n", " ", "  \n"])
def test_several_pictures_are_a_gallery(pictured: Paper, between: str) -> None:
    pictures = ["![A ship](a.jpg)", "[![A bell](b.jpg)](https://paper.example/)", '![](b.jpg "The bell")']
    shown = html(pictured, f"One.\n\n{between.join(pictures)}\n\nTwo.")
    gallery = shown.split('<div class="gallery"')[1].split("\n</div>")[0]
    assert gallery.startswith(
        ' data-close="Close" data-previous="Previous picture" data-next="Next picture" data-of="Picture {number} of {total}">'
    )
    links = re.findall(r'<a (?:class="enlarge" )?href="([^"]+)"', gallery)
    assert [re.sub(r"-\w{16}", "", link) for link in links] == [
        "/media/a-900.jpg",
        "https://paper.example/",
        "/media/b-600.jpg",
    ]
    assert gallery.count("enlarge") == gallery.count("aria-label") + 1 == 2
    assert 'aria-label="Picture 3 of 3"' in gallery
    assert "<p>" not in gallery
    assert COLUMN not in gallery
    assert shown.count("<script") == shown.count("/static/gallery.js") == 1


@pytest.mark.parametrize(
    "body", ["![A](a.jpg)", "![A](a.jpg) and ![B](b.jpg)", "![A](a.jpg)\n\n![B](b.jpg)", "![A](a.jpg) ![B](gone.jpg)"]
)
def test_a_picture_alone_or_with_words_is_none(pictured: Paper, body: str) -> None:
    assert "gallery" not in html(pictured, body)


def test_a_gallery_speaks_the_language_of_the_page_and_is_pictures_in_feeds(paper: Paper) -> None:
    paper.write("pages/posts/a.jpg", jpeg(900, 600))
    paper.post("one", "![A](a.jpg) ![B](a.jpg)", lang="de")
    assert 'data-close="Schließen"' in paper.client().get("/posts/one/").text
    feed = paper.client().get("/feed.json").get_json()["items"][0]["content_html"]
    assert re.match(r'<p><img alt="A" src="https://paper.test/media/a-[^>]+> <img ', feed)
