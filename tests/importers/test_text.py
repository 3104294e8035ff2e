"""Text: words in are words out, whatever signs they are made of, and what Markdown cannot say stays as HTML."""

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from byline.importers.text import dom, writing
from byline.markdown.render import render
from tests.helpers.exports import words


def markdown(html: str) -> str:
    return writing.written(html, lambda _, url: url).markdown


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>a<p>b", "a\n\nb"),
        ("https://youtu.be/a_b-c", "https://youtu.be/a_b-c"),
        ("page.html", "page.html"),
        ("<div>a<br><br>b<br>c<div>d</div>e</div>", "a\n\nb\\\nc\n\nd\n\ne"),
        ("<h1>A</h1><h2>B</h2>", "## A\n\n### B"),
        ("<ul><li>a<ul><li>b</ul><li>c</ul>", "- a\n  - b\n- c"),
        ('<ol start="3"><li># a<li>1. b</ol>', "3. \\# a\n4. 1\\. b"),
        ("<ul><li>a</ul><ul><li>b</ul>", "- a\n\n<!-- -->\n\n- b"),
        ("<ul><li><input type=checkbox checked> done<li><input type=checkbox> not</ul>", "- [x]  done\n- [ ]  not"),
        ('<pre><code class="language-python">a = "*"\n\n\nb</code></pre>', '```python\na = "*"\n\n\nb\n```'),
        ("<pre>```\nx</pre>", "````\n```\nx\n````"),
        ("<p><code>a`b</code> <code>*</code></p>", "`` a`b `` `*`"),
        ("<p>un<em>frigging</em>real <b>bold,</b>x <b>a</b><b>b</b> <b><i>c</i></b></p>", "un*frigging*real <strong>bold,</strong>x **ab** ***c***"),
        ("<p>x<sup>2</sup> <mark>m</mark> <kbd>*</kbd> <u>u</u> <s>s</s></p>", "x<sup>2</sup> <mark>m</mark> <kbd>\\*</kbd> <u>u</u> ~~s~~"),
        ('<p><span style="font-weight: 700">b</span> <span style="font-style:italic">i</span></p>', "**b** *i*"),
        ('<figure><img src="a.jpg" alt="A"><figcaption>C</figcaption></figure>', "![A](a.jpg)\n*C*"),
        ('<a href="/x"><h2>T</h2><p>y</p></a>', "## [T](/x)\n\n[y](/x)"),
        ('<p><a href="/a b(c)" title="t">x</a></p>', '[x](</a b(c)> "t")'),
        ("<blockquote><p>a</p><blockquote>b</blockquote></blockquote>", "> a\n>\n> > b"),
        ("<details><summary>S</summary><p>a <b>b</b></p></details>", "<details>\n<summary>S</summary>\n\na **b**\n\n</details>"),
        ("<dl><dt>T</dt><dd>D</dd></dl>", "<dl><dt>T</dt><dd>D</dd></dl>"),
        ("<table><tr><th>a|b<th>c<tr><td>d<td>e<br>f</table>", "| a\\|b | c |\n| --- | --- |\n| d | e<br>f |"),
        ("<table><tr><td>a<td>b</table>", "<table><tbody><tr><td>a</td><td>b</td></tr></tbody></table>"),
        ('<iframe src="//www.youtube.com/embed/abc_-12?rel=0"></iframe>', "https://www.youtube.com/watch?v=abc_-12"),
        ('<iframe src="https://player.vimeo.com/video/12"></iframe>', "https://vimeo.com/12"),
        ('<script src="https://gist.github.com/desk/12.js"></script>', "https://gist.github.com/desk/12"),
        ('<noscript><img src="a.jpg"></noscript><img data-src="a.jpg" src="data:image/gif;base64,R0">', "![](a.jpg)"),
        ('<picture><source srcset="a.webp"><img src="a.jpg" alt=""></picture>', "![](a.jpg)"),
        ('<p>x<a href="#n1"><sup>1</sup></a></p><ol><li id="n1">Note <a href="#r1">↩</a></li></ol>', "x[^1]\n\n[^1]: Note"),
        ('<p><a href="#b">to</a></p><h2 id="b">B</h2>', '[to](#b)\n\n## <a id="b"></a>B'),
        ("<p>a</p><!--more--><p>b</p>", "a\n\n<!-- more -->\n\nb"),
        ("<p>&nbsp;</p><p></p><div> </div>", ""),
        ("<p>* a</p><p>- b</p><p>+ c</p><p>> d</p><p># e</p><p>1. f</p><p>| g</p><p>: h</p>", "\\* a\n\n\\- b\n\n\\+ c\n\n\\> d\n\n\\# e\n\n1\\. f\n\n\\| g\n\n\\: h"),
        ("<p>{{ x }} {% y %} [z] $5 a_b _c_ wow!<a href='/x'>l</a></p>", "&#123;{ x }} &#123;% y %} \\[z\\] \\$5 a_b \\_c\\_ wow\\![l](/x)"),
    ],
)  # fmt: skip
def test_elements(html: str, text: str) -> None:
    assert markdown(html) == text


SIGNS = (
    "alpha *x* _y_ [z] #h 1. 2) - + > | || $5 `q` ~ ~~ ^ == %% {{a}} {%b%} :smile: ::: C# a_b __i__ <tag> &amp; & \\ [x](y) ![i](j)"
    " [^1] [[w]] --- === *** 日本 語。 é ' \" :-- {#id} {.cls} {width=3} ... <!-- [ ] [x] ``` ~~~ &nbsp; 0. 1986. x^2^ $$ !!! !"
    " https://e.test/a_b"
).split()
TEXT = (
    st.lists(st.sampled_from(SIGNS), min_size=1, max_size=5)
    .map(" ".join)
    .map(lambda text: text.replace("&", "&amp;").replace("<", "&lt;"))
)
INLINE = st.recursive(
    TEXT,
    lambda inner: st.lists(
        st.one_of(inner, st.tuples(st.sampled_from("b i s code a sup mark kbd u q".split()), inner).map(lambda one: "<{0}{2}>{1}</{0}>".format(*one, ' href="/x"' * (one[0] == "a")))),
        min_size=1,
        max_size=3,
    ).map(" ".join),
    max_leaves=6,
)  # fmt: skip
BLOCKS = st.recursive(
    st.tuples(st.sampled_from("p h2 h3 div blockquote".split()), INLINE).map(lambda one: "<{0}>{1}</{0}>".format(*one)),
    lambda inner: st.one_of(
        st.tuples(st.sampled_from("div blockquote details".split()), st.lists(inner, min_size=1, max_size=3).map("".join)).map(lambda one: "<{0}>{1}</{0}>".format(*one)),
        st.tuples(st.sampled_from("ul ol".split()), st.lists(st.one_of(INLINE, inner), min_size=1, max_size=3)).map(lambda one: f"<{one[0]}>{''.join(f'<li>{item}' for item in one[1])}</{one[0]}>"),
        st.tuples(INLINE, INLINE).map(lambda two: "<table><tr><th>{0}<th>{1}<tr><td>{1}<td>{0}</table>".format(*two)),
        st.tuples(INLINE, INLINE).map(lambda two: "<dl><dt>{}<dd>{}</dl>".format(*two)),
        TEXT.map(lambda text: f"<pre>{text}\n\n\n  x</pre>"),
    ),
    max_leaves=4,
)  # fmt: skip


@settings(max_examples=250, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(BLOCKS, min_size=1, max_size=3).map("".join))
def test_words_in_are_words_out(html: str) -> None:
    """Of any nesting of elements, with every sign that means something to Markdown."""
    written = markdown(html)
    shown = render(written)
    assert not [problem for problem in shown.problems if problem.is_error], written
    assert words(shown.html) == words(str(dom.parsed(html))), written


def test_addresses_are_asked_for_once_each() -> None:
    asked: list[tuple[str, str]] = []

    def address(use: writing.Use, url: str) -> str:
        asked.append((use, url))
        return {"/a": "a.md", "/gone": ""}.get(url, url)

    html = '<a href="/a">t</a> <a href="/gone"><img src="/i.png"></a> <a href="#x">h</a> <video src="/v.mp4" poster="/p.png"></video>'
    text = writing.written(html, address).markdown
    assert sorted(asked) == [
        ("file", "/i.png"),
        ("file", "/p.png"),
        ("file", "/v.mp4"),
        ("frame", "/gone"),
        ("link", "/a"),
    ]
    assert text.startswith("[t](a.md) ![](/i.png) [h](#x)")
    found: list[tuple[str, str]] = []
    writing.addresses(html, lambda use, url: found.append((use, url)) or url)  # type: ignore[func-returns-value]
    assert sorted(found) == sorted(asked)


def test_markdown_gets_new_addresses_too() -> None:
    text = "[a](/a) ![b](/b.png) [![c](/c.png)](/d) `[e](/a)`"
    new = writing.readdressed(text, lambda use, url: f"{use}:{url}")
    assert re.findall(r"\((?:link|file):/[a-d]", new)


def test_scripts_and_frames_are_told() -> None:
    found = writing.written('<script>x</script><iframe src="https://e.test/f"></iframe>', lambda _, url: url)
    assert (found.scripts, found.embeds) == (1, ("https://e.test/f",))
