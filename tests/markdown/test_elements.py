"""Elements that Byline adds to GitHub's, and texts that engines before got wrong."""

import pytest

from byline.markdown.engines import GITHUB, Engine
from byline.markdown.render import Rendered, render
from tests.helpers.paper import Paper


def shown(body: str) -> str:
    return render(body).html


def found(rendered: Rendered) -> list[tuple[str, int, int]]:
    return [(problem.code, problem.line, problem.col) for problem in rendered.problems]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("==marked== text", "<p><mark>marked</mark> text</p>"),
        ("m^2^ and 2^10^.", "<p>m<sup>2</sup> and 2<sup>10</sup>.</p>"),
        ("2^10 and 3^5", "<p>2^10 and 3^5</p>"),
        ("a == b and c == d", "<p>a == b and c == d</p>"),
        ("Said %%for me%% aloud", "<p>Said  aloud</p>"),
        ("Term\n\n: What it *means*.", "<dl>\n<dt>Term</dt>\n<dd>What it <em>means</em>.</dd>\n</dl>"),
        ("**强调。**后", "<p><strong>强调。</strong>后</p>"),
        ("It costs $5, or $6 there.", "<p>It costs $5, or $6 there.</p>"),
        ("```mermaid\ngraph TD\n```", '<code class="language-mermaid">graph TD\n</code>'),
    ],
)
def test_more_than_github_knows(body: str, expected: str) -> None:
    assert expected in shown(body)


@pytest.mark.parametrize("body", ["$a^2$", "so $a^2$ is", "$`a^2`$", "<b>x</b> $a^2$"])
def test_a_formula_is_drawn_when_the_page_is_made(body: str) -> None:
    assert '<math display="inline"><mrow><msup>' in shown(body)


@pytest.mark.parametrize("body", ["$$a^2$$", "```math\na^2\n```"])
def test_a_formula_may_have_a_line_of_its_own(body: str) -> None:
    assert shown(body).startswith('<p><math display="block">')


@pytest.mark.parametrize(
    "body",
    [
        r"$\text{<script>alert(1)</script>}$",
        r"$\text{<!--><img src=x onerror=alert(1)>-->}$",
        r"$\href{javascript:alert(1)}{x}$",
        r"$\style{position:fixed}{x}$",
        r"$\class{a}{x}$",
        r"<b>x</b> $\text{<img src=x onerror=alert(1)>}$",
        "<!-- x --><img src=x onerror=alert(1)>",
        "<!-- x --> <p onclick=alert(1)>t</p> <!-- y -->",
        "> [!NOTE] a <img src=x onerror=alert(1)>\n> b",
        "> [!NOTE]- a <i onclick=x>b</i>\n> c",
        "Term <i onclick=x>\n\n: b",
        "x[^1]\n\n[^1]: <i onclick=alert(1)>b</i>",
        "==<i onclick=x>b</i>==",
    ],
)
def test_no_element_lets_html_through(body: str) -> None:
    text = shown(body)
    for bad in ("<script", "onerror=alert(1)>", "<i onclick", "<p onclick", "href=", "style=", 'class="a"'):
        assert bad not in text.replace("&lt;", "")


def test_text_between_comments_is_shown() -> None:
    assert "<p>t</p>" in shown("<!-- x --> <p>t</p> <!-- y -->")


def test_a_formula_that_cannot_be_read_is_shown_as_typed_and_told(paper: Paper) -> None:
    paper.post("one", "Größe $\\left( a$.")
    assert "$\\left( a$" in paper.client().get("/posts/one/").data.decode()
    (problem,) = paper.problems()
    assert "pages/posts/one.md:5:7: bad-formula" in problem


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("Visit <a href='/x'>https://e.com</a>", ">https://e.com</a>"),
        ("Visit <a href='/x'>see <b>https://e.com</b></a> x", "<b>https://e.com</b></a> x"),
        ("https://e.com/a  \nb", ">https://e.com/a</a><br>\nb"),
        ("The <script> tag runs code.\n\nSecond.", "<p>The &lt;script&gt; tag runs code.</p>\n<p>Second.</p>"),
        ("a <style> b\n\nc", "<p>a &lt;style&gt; b</p>\n<p>c</p>"),
        ("a <!-- b\n\nc", "<p>a &lt;!-- b</p>\n<p>c</p>"),
        ("<title>a\n\nb", "<p>b</p>"),
        ("- <!-- a\n\nb", "<p>b</p>"),
        ("<div>\na <b c\n\nd", "a &lt;b c\n<p>d</p>"),
        ("<div>\n<i title='a>\n\nb", "&lt;i title='a&gt;\n<p>b</p>"),
        ("a\vb\fc", "<p>a b c</p>"),
        ("[^1]: a\n[^1]: b\n\n[^1]", '<ol>\n<li id="fn:1">\n<p>a&nbsp;'),
        ("<script>\nx\n\nSecond.", "Second."),
        ("<div markdown=1>\na\n\n<div markdown=1>\n\nb", "<p>b</p>"),
        ("<p align=center>Open\n\n## Heading\n\n- **b**", "<li><strong>b</strong></li>"),
        ("<figcaption>\n\n**b**\n\n</figcaption>", "<p><strong>b</strong></p>"),
        ("<ul><li>\n\n*x*\n\n</li></ul>", "<p><em>x</em></p>"),
        ("<noscript><img src='https://e.com/a.png' alt=x></noscript>", "<img"),
        ("## C#", ">C#<a"),
        ("## The folder C:\\temp\\", ">The folder C:\\temp\\<a"),
        ("**4*star hotel**", "<strong>4*star hotel</strong>"),
        ("a \\\\\nb", "<p>a \\\nb</p>"),
        ("| a |\n|---|\nbelow", "<td>below</td>"),
        ("```\n\ta\tb\n```", "<code>\ta\tb\n</code>"),
        ("A[^Note]\n\n[^note]: words", "words"),
        ("one\ntwo\n---", '<h2 id="one-two">one\ntwo<a'),
        ("<a id='intro'></a>\n\n## Intro", 'id="intro-1"'),
        ("![The *ferry*](https://e.com/x.jpg)", 'alt="The ferry"'),
        ("![x](https://e.com/x.jpg 'alt=\"y\"')", 'alt="x"'),
    ],
)
def test_texts_that_went_wrong(body: str, expected: str) -> None:
    assert expected in shown(body)


def test_each_removed_element_is_told_with_its_own_place() -> None:
    body = "Über <u>a</u> <form>b</form>\n\n<form>\nc\n</form> <button>d</button>"
    assert found(render(body)) == [
        ("html-removed", 1, 15),
        ("html-removed", 3, 1),
        ("html-removed", 5, 9),
    ]


@pytest.mark.parametrize(
    ("body", "messages"),
    [
        ("[^1]: a\n\nb[^2]\n\n[^2]: c\n[^2]: d", ["no mark leads to the note [^1]", "there are two notes [^2]"]),
        ("a[^1]\n\n> [^1]: b", []),
        ("|a|\n|-|\n| b | c |", ["the row has more cells than the table has columns"]),
        ("|a|\n|-|\n| é \\| b | |\n| `|` \n c\nd||", ["the row has more cells than the table has columns"]),
        ("a <!-- b -->\n\n- <!-- c\n\nd", ["a comment that does not end hides text"]),
        ("<div>\na <?b?> <!c>\n</div>", ["<?…> is not shown", "<!…> is not shown"]),
        ("a <!-- <form> -->", []),
    ],
)
def test_what_readers_do_not_get_is_told(body: str, messages: list[str]) -> None:
    assert [problem.message for problem in render(body).problems] == messages


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ("Größe: [x](missing.md)", (1, 12)),
        ("> 見る ![x](<missing.png>)", (1, 12)),
        ("- *ä* [x]( missing.md )\n", (1, 12)),
        ("é <a href='missing.md'>x</a>", (1, 12)),
        ("[x][r]\n\n[r]: missing.md", (1, 1)),
    ],
)
def test_columns_count_signs_not_bytes(body: str, place: tuple[int, int]) -> None:
    (address,) = render(body).addresses
    assert (address.line, address.col) == place


def test_a_hundred_footnotes_and_pointers_are_no_excess() -> None:
    assert (
        found(render("".join(f"a[^{n}] " for n in range(600)) + "\n\n" + "".join(f"[^{n}]: b\n" for n in range(600))))
        == []
    )
    assert found(render("```c\n" + "char *p;\n" * 900 + "```")) == []
    assert found(render("text `*p` " * 900)) == []
    assert found(render("* a *b\n" * 400)) == []
    assert found(render("```c\n" + "a_b_c_d_e = f_g[h];\n" * 19_000 + "```")) == []


def test_listings_that_would_take_a_lexer_long_have_no_colours() -> None:
    assert "<span class" not in shown("```autoit\n" + " " * 7_000 + "a\n```")
    assert "<span class" not in shown("```autoit\n" + "\n" * 7_000 + "a\n```")
    assert "<span class" not in shown("```systemd\n" + (" " * 299 + "x\n") * 26 + "```")
    assert "<span class" not in shown("```csharp\n" + "a\n" * 3_000 + "```")
    many = shown("```py\nx = 1\n```\n\n" + ("```py\n" + "x = 1\n" * 1_300 + "```\n\n") * 5 + "```py\ny = 1\n```")
    assert '<span class="n">x</span>' in many
    assert '<span class="n">y</span>' not in many


def test_a_listing_that_a_lexer_fails_on_is_shown_without_colours() -> None:
    """X++'s calls itself for each word."""
    words = ("a " * 299 + "; ") * 13
    code = "\n".join(words[at : at + 900] for at in range(0, 7_900, 900))[:7_900]
    rendered = render(f"```xpp\n{code}\n```")
    assert f"<code>{code}" in rendered.html
    assert found(rendered) == []


def test_an_abbreviation_is_explained_20_000_times() -> None:
    assert shown("*[A]: b\n\n" + "A " * 30_000).count("<abbr") == 20_000


def test_columns_in_the_title_of_a_callout_are_those_of_the_text() -> None:
    rendered = render("a\n\n> > [!NOTE] é *a* [x](missing.md) <form>")
    assert [(address.line, address.col) for address in rendered.addresses] == [(3, 23)]
    assert found(rendered) == [("html-removed", 3, 35)]


@pytest.mark.parametrize(
    ("body", "removed"),
    [
        ('<span style="color:red">a</span>', ["style= of <span> is not shown"]),
        ('<a href="https://e.com" target="_blank">b</a>', ["target= of <a> is not shown"]),
        ('<source srcset="a.png" media="print" sizes="9px" height="9">', ["height= of <source> is not shown"]),
        ("<video autoplay></video>", ["autoplay= of <video> is not shown"]),
        ('<p onclick="x" data-y>z</p>', ["onclick= of <p> is not shown", "data-y= of <p> is not shown"]),
        ('<p align="center">a</p> <a name="b"></a> <img alt="" align="left">', []),
    ],
)
def test_attributes_are_kept_or_told(body: str, removed: list[str]) -> None:
    assert [problem.message for problem in render(body).problems] == removed


@pytest.mark.parametrize(
    ("body", "summary"),
    [
        ("Text[^1] with **bold**.\n\n[^1]: x", "Text with bold."),
        ("> [!NOTE]\n> Hi\n>\n> <div>\n>\n> there\n>\n> </div>\n\nReal start.", "Real start."),
        ("> [!TIP]- Open\n> Hi\n\nReal start.", "Real start."),
        ("<details><summary>S</summary>\n\nin\n\n</details>\n\nReal start.", "Real start."),
        ("import X from 'y'\n\nReal start.", "Real start."),
        (":::info\nx\n:::\n\nReal start.", "Real start."),
        ("> [!NOTE]\n> Only this.", "Only this."),
        ("<p>Start</p>\n\nMore.", "Start"),
        ("One<br>Two", "One Two"),
        ("2025年3月 " + "字" * 400, "2025年3月 " + "字" * 292 + "…"),
        ("See https://e.com/" + "x" * 400, "See https://e.com/" + "x" * 282 + "…"),
    ],
)
def test_the_summary_is_the_beginning(body: str, summary: str) -> None:
    assert render(body).summary == summary


@pytest.mark.parametrize("engine", [GITHUB, Engine("python", "a test")], ids=lambda engine: engine.name)
def test_a_form_goes_with_its_fields_and_each_frame_is_named(engine: Engine) -> None:
    form = '<form action="/send">\n<p>Name <input type="text" name="n"> <input type="submit"></p>\n</form>\n'
    frames = "".join(f'\n<iframe src="https://e.test/{number}"></iframe>\n' for number in (1, 2, 3))
    rendered = render(f'{form}{frames}\n<input type="checkbox" disabled> done\n', engine)
    assert rendered.html.count("<input") == 1
    told = [(problem.message, problem.line) for problem in rendered.problems]
    lines = [line for message, line in told if message == "<input> is not shown"]
    assert lines == ([2, 2] if engine is GITHUB else [0, 0])  # the other engine cannot tell which of the three
    assert [line for message, line in told if message == "<iframe> is not shown"] == [5, 7, 9]
    assert ("<form> is not shown", 1) in told
    assert render('<input type="text">', engine, trust_html=True).html.count("<input") == 1


@pytest.mark.parametrize("body", ["<Tabs>\n\nText.\n\n</Tabs>", "A <Badge text='x' /> here"])
def test_a_component_of_mdx_is_named_as_one(body: str) -> None:
    (problem,) = render(body).problems
    assert problem.message in ("<Tabs> is not shown", "<Badge> is not shown")
    assert "MDX" in problem.hint


@pytest.mark.parametrize("mark", ["-", "*", "+", "  -", "1."])
def test_a_long_list_of_changes_stays_within_the_bounds(mark: str) -> None:
    """An item ends what is open in the one above, so signs that stay open in each do not add up."""
    body = "Changes:\n" + f"{mark} [`abc`] **url**: call \\*() and _x ![y by *somebody\n" * 2000
    assert [problem.code for problem in render(body).problems] == []
    assert render(body).html.count("<li>") == 2000
