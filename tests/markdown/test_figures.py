"""Figures: a picture alone in a paragraph, with a caption."""

import pytest

from byline.markdown.render import render
from tests.helpers.paper import Paper
from tests.helpers.papers import jpeg
from tests.helpers.rendering import html

PICTURE = "![Hills](https://paper.test/x.png)"
TITLED = '![Hills](https://paper.test/x.png "Hills & *dales*")'


@pytest.mark.parametrize(
    ("source", "caption"),
    [
        (TITLED, "Hills &amp; *dales*"),
        (f"[{TITLED}](/about/)", "Hills &amp; *dales*"),
        ('![Hills][x]\n\n[x]: https://paper.test/x.png "Hills"', "Hills"),
        (
            f"{PICTURE}\n*Green **hills**, by [me](/about/)*",
            'Green <strong>hills</strong>, by <a href="/about/">me</a>',
        ),
        (f"{PICTURE}\n_Hills_", "Hills"),
        (f"{PICTURE}  \n*Hills*", "Hills"),
        (f"{PICTURE}\\\n*Hills*", "Hills"),
        (f"{PICTURE}\n\n*Hills*\n\nText", "Hills"),
        (f"{TITLED}\n*Hills*", "Hills"),
        (f"{PICTURE}{{.framed width=300}}\n*Hills*", "Hills"),
        (f"> {TITLED}", "Hills &amp; *dales*"),
    ],
)
def test_a_title_or_a_line_of_italics_is_the_caption(paper: Paper, source: str, caption: str) -> None:
    shown = html(paper, source)
    assert shown.count("<figure>") == 1
    assert f"\n<figcaption>{caption}</figcaption>\n</figure>" in shown
    assert "<p><img" not in shown


@pytest.mark.parametrize(
    "source",
    [
        PICTURE,
        f"{PICTURE} *Hills*",
        f"{PICTURE}\n*Hills* and dales",
        f"{PICTURE}\nand *hills*",
        f"{PICTURE}\n**Hills**",
        f"{PICTURE}\n\n*Hills* and dales",
        f"{PICTURE}\n\nText\n\n*Hills*",
        f"Text {TITLED}",
        f"{TITLED} text",
        f"[{TITLED} text](/about/)",
        f"[{TITLED}](/about/)\ntext",
        "*one*\n\n*two*",
    ],
)
def test_other_pictures_stay_in_their_paragraphs(paper: Paper, source: str) -> None:
    shown = html(paper, source)
    assert "<figure" not in shown
    assert "<figcaption" not in shown


def test_a_caption_that_is_the_title_is_not_shown_twice() -> None:
    assert "title=" not in render(TITLED).html
    assert "title=" in render(f"{TITLED}\n*Other*").html


def test_a_figure_of_the_writer_stays_one() -> None:
    shown = render(f"<figure>\n\n{TITLED}\n\n<figcaption>Mine</figcaption>\n</figure>").html
    assert shown.count("<figure") == shown.count("<figcaption") == 1


def test_a_figure_has_its_picture_in_all_forms(paper: Paper) -> None:
    paper.write("pages/posts/a.jpg", jpeg())
    shown = html(paper, '![A](a.jpg "Caption")')
    assert "<figure><picture><source" in shown
    assert "<figcaption>Caption</figcaption>" in shown


def test_a_summary_leaves_captions_out() -> None:
    assert render(f"{TITLED}\n\nText.").summary == "Text."
