"""Attributes in braces never swallow text, and headings have the same ids as on GitHub."""

import pytest

from byline.markdown.render import render
from tests.helpers.paper import Paper
from tests.helpers.rendering import html


@pytest.mark.parametrize(
    ("titles", "ids"),
    [
        # What https://github.com/Flet/github-slugger/blob/main/test/fixtures.json says, among others.
        (["A Heading: with, punctuation!"], ["a-heading-with-punctuation"]),
        (["Twice", "Twice", "Twice"], ["twice", "twice-1", "twice-2"]),
        (["a", "a", "a-1"], ["a", "a-1", "a-1-1"]),
        (["a-1", "a", "a"], ["a-1", "a", "a-2"]),
        (["C++ & you", "§ 3 (new)"], ["c--you", "-3-new"]),
        (["Über Straße", "Привет мир", "こんにちは"], ["über-straße", "привет-мир", "こんにちは"]),
        (["हिन्दी"], ["हिन्दी"]),  # vowel signs are not letters to Python
        (["x² and ½"], ["x-and-"]),  # nor are these digits to GitHub
        (["snake_case — dash"], ["snake_case--dash"]),
        (["🎉 Party"], ["-party"]),
        (["`code` and *em*"], ["code-and-em"]),
        (["AT&amp;T"], ["att"]),
        (["!!!", "???"], ["section", "section-1"]),
    ],
)
def test_headings_have_the_ids_of_github(titles: list[str], ids: list[str]) -> None:
    body = "\n\n".join(f"## {title}" for title in titles)
    assert [heading.id for heading in render(body).toc] == ids


def test_ids_start_anew_with_each_body() -> None:
    assert render("## A").toc == render("## A").toc


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("## A {#b}", '<h2 id="b">A<a class="anchor" href="#b"'),
        ("## *A* {#b .c .d}", '<h2 class="c d" id="b"><em>A</em><a class="anchor"'),
        ("## A {: .c }", '<h2 class="c" id="a">A<a'),
        ('Title {#b lang="de"}\n---', '<h2 id="b" lang="de">Title<a'),
        ("[x](/about/){.button}, y", '<a class="button" href="/about/">x</a>, y'),
        ("[x][y]{#z}\n\n[y]: /about/", 'id="z"'),
    ],
)
def test_headings_links_and_pictures_take_attributes(paper: Paper, source: str, expected: str) -> None:
    assert expected in html(paper, source)


def test_a_picture_takes_a_width(paper: Paper) -> None:
    shown = html(paper, "![x](https://paper.test/x.png){width=300 .wide} text")
    assert 'width="300"' in shown
    assert 'class="wide"' in shown
    assert "> text</p>" in shown


@pytest.mark.parametrize(
    "text",
    [
        "A paragraph {#b}",
        "## Set {a, b}",
        "## The hook {use}",
        "## {#b}",
        "## A {#b} c",
        "## A{#b}",
        "## A {#b onclick=x}",
        "*em*{.c}",
        "`code`{.c}",
        "- item {.c}",
        "| a {.c} |\n|---|\n| b |",
        "[x](/about/) {.c}",
        "[x](/about/){c}",
        "[x](/about/){href=/other/}",
        "![x](/static/icon.png){src=y}",
        "![x](/static/icon.png){onerror=y}",
        "## A \\{#b}",
    ],
)
def test_other_text_in_braces_is_text(paper: Paper, text: str) -> None:
    braces = text[text.index("{") : text.index("}") + 1]
    assert braces in html(paper, text)


def test_an_id_of_the_writer_is_not_given_twice() -> None:
    assert [heading.id for heading in render("## A {#b}\n\n## B\n\n## B").toc] == ["b", "b-1", "b-2"]
