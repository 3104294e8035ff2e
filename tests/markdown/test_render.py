"""Bodies: what Markdown turns into, what raw HTML may do, and how long a body may take."""

import gc
import tracemalloc

import pytest

from byline.markdown import text
from byline.markdown.github.blocks import page
from byline.markdown.render import filled, render
from tests.helpers.paper import Paper
from tests.helpers.rendering import html


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("*a* **b** ~~c~~ `d`", "<p><em>a</em> <strong>b</strong> <del>c</del> <code>d</code></p>"),
        ("snake_case_name", "<p>snake_case_name</p>"),
        ("H~2~O", "<p>H<del>2</del>O</p>"),
        ("https://paper.test/x", '<p><a href="https://paper.test/x">https://paper.test/x</a></p>'),
        ("- [x] done", '<input type="checkbox" disabled checked aria-label="Done">'),
        ("| a | b |\n|--:|:-:|\n| 1 | 2 |", '<td class="align-right">1</td>\n<td class="align-center">2</td>'),
        ("> [!NOTE]\n> Mind.", '<p class="admonition-title">Note</p>\n<p>Mind.</p>'),
        ("```python\nx = 1\n```", '<span class="n">x</span>'),
        (
            "## A heading\n",
            '<h2 id="a-heading">A heading<a class="anchor" href="#a-heading" aria-label="Link to this section"></a></h2>',
        ),
        ("Text[^1]\n\n[^1]: Note", 'href="#fn:1"'),
        ("#hashtag", "<p>#hashtag</p>"),
        ("<details><summary>More</summary>\n\ntext\n\n</details>", "<summary>More</summary>\n<p>text</p>\n</details>"),
        ("a <kbd>x</kbd> b", "<p>a <kbd>x</kbd> b</p>"),
    ],
)
def test_what_is_written_and_what_comes_out(paper: Paper, source: str, expected: str) -> None:
    assert expected in html(paper, source)


ATTACKS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[x](javascript:alert(1))",
    "[x](<java\nscript:alert(1)>)",
    "![x](javascript:alert(1))",
    '<a href="data:text/html,<script>alert(1)</script>">x</a>',
    "<iframe src=//evil.test></iframe>",
    "<svg onload=alert(1)>",
    '<p style="position:fixed">x</p>',
    "<form action=//evil.test><button>x</button></form>",
    "<base href=//evil.test>",
    "<meta http-equiv=refresh content=0>",
    "<math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    '"><script>alert(1)</script>',
    "`</code><script>alert(1)</script>`",
    "<!-- --!><script>alert(1)</script> -->",
]


@pytest.mark.parametrize("attack", ATTACKS)
def test_raw_html_cannot_act(paper: Paper, attack: str) -> None:
    body = html(paper, attack).lower()
    for bad in (
        "<script",
        "<img src=x onerror",
        "onload=",
        '="javascript',
        '="data:',
        "<iframe",
        "<form",
        "<base",
        "<meta",
        "<svg",
        "style=",
    ):
        assert bad not in body


def test_what_is_taken_out_is_reported(paper: Paper) -> None:
    paper.post("one", "Text.\n\n<script>\nx\n</script>\n\n<iframe src='x'></iframe>")
    warnings = paper.problems()
    assert "warning pages/posts/one.md:7:1: html-removed <script> is not shown" in warnings[0]
    assert "warning pages/posts/one.md:11:1: html-removed <iframe> is not shown" in warnings[1]


def test_an_owner_may_trust_raw_html(paper: Paper) -> None:
    paper.settings('url = "https://paper.test"\ntrust_html = true')
    assert "<script>x</script>" in html(paper, "<script>x</script>")
    assert paper.problems() == []


def test_an_open_tag_does_not_break_the_page(paper: Paper) -> None:
    paper.post("one", "<div><b>open")
    page = paper.client().get("/posts/one/").data.decode()
    assert "<b>open\n</b></div>" in page


@pytest.mark.parametrize("mark", ["\x02", "\x03", "\x020\x03", "&#2;0&#3;", "&#x2;0&#x3;", "\x02klzzwxh:0000\x03"])
def test_marks_cannot_be_forged(paper: Paper, mark: str) -> None:
    assert paper.client is not None
    page = html(paper, f"Text {mark} and [link](/about/).")
    assert page.count('href="/about/"') == 1


@pytest.mark.parametrize("number", ["2", "02;", "x2;", "x02", "4;", "X1f;", "0;", "00000000002;", "99999999999;"])
def test_marks_cannot_be_forged_in_html(number: str) -> None:
    rendered = render(
        f"<p title='&#{number}7&#{number[:-1]}3;'>&#{number} 7&#3;</p> a <b title='&#{number}'>&#{number}</b>"
    )
    assert filled(rendered.html, ()) == rendered.html
    assert not set(rendered.html) & set(map(chr, {*range(32)} - {10}))


@pytest.mark.parametrize(("words", "expected"), [(0, 1), (1, 1), (238, 1), (239, 2), (476, 2), (477, 3)])
def test_minutes_round_up(paper: Paper, words: int, expected: int) -> None:
    paper.post("one", "word " * words)
    assert paper.site().posts[0].minutes == expected
    assert f"{expected} min read" in paper.client().get("/posts/one/").data.decode()


def test_minutes_of_chinese_count_characters() -> None:
    assert text.minutes("字" * 500) == 1
    assert text.minutes("字" * 501) == 2
    assert text.minutes("字" * 500 + " word" * 238) == 2


@pytest.mark.parametrize(
    ("body", "header", "summary"),
    [
        ("First *part*.\n\nSecond.", None, "First part."),
        ("![A](/static/x.png)\n\nText.", None, "Text."),
        ("One.\n\nTwo.\n\n<!-- more -->\n\nThree.", None, "One. Two."),
        ("## Heading\n\nText & more.", None, "Text & more."),
        ("Text.", "Written", "Written"),
        ("word " * 100, None, ("word " * 60).strip()[:299] + "…"),
        ("", None, ""),
    ],
)
def test_summaries(paper: Paper, body: str, header: str | None, summary: str) -> None:
    paper.post("one", body, summary=header)
    assert paper.site().posts[0].summary == summary


@pytest.mark.parametrize(
    ("header", "description"),
    [
        ({"summary": "Written", "dek": "Below"}, "Written"),
        ({"dek": "Below"}, "Below"),
        ({}, "The beginning."),
        ({"dek": "word " * 50}, ("word " * 40).strip() + "…"),
        ({"dek": "字" * 250}, "字" * 200 + "…"),
    ],
)
def test_the_description_is_the_summary_or_the_dek_or_the_beginning(
    paper: Paper, header: dict[str, str], description: str
) -> None:
    paper.post("one", "The beginning.", **header)
    page = paper.client().get("/posts/one/").text
    assert f'<meta name="description" content="{description}">' in page
    assert f'<meta property="og:description" content="{description}">' in page


def test_one_body_does_not_reach_into_the_next(paper: Paper) -> None:
    paper.post("a", "*[LAW]: The law\n\n[x]: /about/\n\n[^1]: Note\n\nLAW [x] [^1]")
    paper.post("b", "LAW [x] [^1]")
    page = paper.client().get("/posts/b/").data.decode()
    assert "LAW [x] [^1]" in page


def test_a_table_of_contents_from_three_headings_on(paper: Paper) -> None:
    paper.post("two", "## A\n\n## B")
    paper.post("three", "## A\n\n### B & b\n\n## C")
    paper.post("off", "## A\n\n## B\n\n## C", toc="false")
    paper.post("on", "## A", toc="true")
    client = paper.client()
    shown = {
        name: b">Contents</summary>" in client.get(f"/posts/{name}/").data for name in ("two", "three", "off", "on")
    }
    assert shown == {"two": False, "three": True, "off": False, "on": True}
    assert b'<a href="#b--b">B &amp; b</a>' in client.get("/posts/three/").data


def test_a_body_leaves_nothing_in_memory() -> None:
    """The parser's nodes know their parents, which keeps all of them for ever unless somebody lets go."""
    body = "> [!NOTE] A *title*\n> text\n\n" + "Words and *more* words.\n\n- a\n- b\n\n" * 20
    page(body, trust_html=False)
    tracemalloc.start()
    try:
        for _ in range(20):
            page(body, trust_html=False)
        gc.collect()
        assert tracemalloc.get_traced_memory()[0] < 100_000
    finally:
        tracemalloc.stop()
