"""Whatever is written, readers see here what GitHub's own library shows, but for what stands in EXCEPTIONS."""

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from byline.markdown.github import blocks
from tests.helpers.github import ours, theirs

EXCEPTIONS = [
    # Byline's own, by the manual's page on Markdown.
    ("$x$", "formulas"),
    ("> [!NOTE]\n> x", "callouts, which github.com adds to the library's"),
    ("==x==", "marked text"),
    ("x^2^", "powers"),
    ("[[x]]", "links by name"),
    ("%%x%%", "remarks"),
    ("x\n\n: y", "terms"),
    ("*[x]: y", "abbreviations"),
    ("[x](/y){.z}", "attributes in braces"),
    ("**“字。”**字", "emphasis in Chinese, Japanese and Korean, which have no spaces"),
    ("|x||\n|-|-|", "a column without a heading has an empty cell, not an empty heading"),
    ("<button>x</button> <script>y</script>", "what is not allowed is taken out and told, not shown as text"),
    ('<a href="/x">https://y.example</a>', "an address in a link of the writer's stays in that link"),
    ("- <!-- x\n\ny", "a comment that is left open ends with its block"),
    ("<div>\nx <y\n\nz", "a tag that is left open is text"),
    ("![<b>x</b>](/y)", "the description of a picture is its text"),
    # The library is not github.com: there a filter makes the boxes.
    ("> - [ ] x", "boxes in quotes and in the first item of a list in a list"),
    ("- [ ] x\n  -", "a box before a heading"),
    # The library follows CommonMark 0.29; comrak follows 0.31.2.
    ("🎉_x_", "symbols are punctuation"),
    ("<!x>y", "a declaration may have small letters"),
    # Faults of the library, by CommonMark.
    ("**x*y*z*", "which of several signs within words belong together"),
    ("[x]:\n(", "brackets of an address that do not close"),
    ("[^\n]", "a line that breaks behind `[^` is lost"),
    # comrak's ways with addresses that nobody has.
    ("www.x", "an address begins with `www.`, has two more names, and no symbols in them"),
    (r"\[www.x.example", "an address right behind a bracket"),
    (r"me@x.example\_", "a mail address right before or behind a backslash"),
    # `~` does not count when comrak looks at what stands beside a sign, as in GitHub; nor do `=` and `^`.
    ("x=_y_", "emphasis right behind `=` or `^`"),
]
"""The smallest text of each kind that is seen otherwise here, and why. What is generated below holds none of these."""

one_of = st.sampled_from


def _split(text: str) -> list[str]:
    return text.replace("¦\n", "¦").split("¦")


WORDS = _split("""word¦snake_case_word¦C++¦AT&T¦it's¦“quoted”¦—¦é¦слово¦שלום¦café́¦e.g.¦a.b¦3>2¦(so)¦[sic]¦a|b¦10%¦#tag¦
a\u00a0b""")
SIGNS = _split("""*¦**¦***¦_¦__¦~~¦`¦``¦[¦]¦(¦)¦!¦>¦&¦|¦"¦'¦,¦-¦+¦#¦\\¦](¦](/u)¦]:¦**.¦.**¦_,¦,_¦(*¦*)¦```¦---""")
SPACES = _split("""\u00a0¦\u2003¦\t¦\u200b¦ < ¦ <3¦ 🎉 """)
ESCAPES = [rf"\{sign}" for sign in "!\"#&'()*+,-./:;=>?@[\\]_`|~aé"]
ENTITIES = _split(
    """&amp;¦&copy;¦&nbsp;¦&#35;¦&#x3b;¦&bogus;¦&lt;b&gt;¦&quot;¦&#42;¦&auml;¦&ngE;¦&#0;¦&#1234567;¦&amp¦&x;"""
)
EMPHASIS = _split("""*em*¦**strong**¦***both***¦_em_¦__strong__¦~~gone~~¦`code`¦`` a`b ``¦` b `¦`a  b`¦`<b>`¦`\\`¦**a *b* c**¦
*a **b** c*¦*a_b_c*¦~~a~~b¦*(a)*¦**“a”**¦_a_b¦**a\nb**¦`a\nb`""")
LINKS = _split("""[text](/url)¦[text](/url "title")¦[text](</a b>)¦[text](/a(b)c)¦[text]( /u )¦[text](/u 'a "b"')¦
[text](/ä?b=ö&c)¦[text](/a%20b)¦[text](/a&amp;b)¦[text](/a\\*b)¦[text]()¦[text](<>)¦[a [b](/c) d](/e)¦
[![i](/j)](/k)¦[*em*](/u)¦[`]`](/u)¦[text] (/u)¦[text](/u v)¦![alt](/p.png)¦![alt](/p.png 'title')¦
![*em* `c` [l](/u)](/p.png)¦![]( /p.png )¦[text][ref]¦[ref][]¦[ref]¦[Ref]¦![ref]¦![alt][ref]¦[missing]¦
[text][missing]¦[ref](/u¦[Größe]¦[x][GRÖSSE]¦[^note]¦[^note]¦[^none]¦[a\\]b](/u)¦[a]]b](/u)¦[text](#part)¦
[mail](mailto:me@a.example)¦ https://a.example/x_y_z¦ www.a.example/?a=b&c¦ me@a.example¦
 http://a.example/(b)c)¦ https://a.example:80/~x;y&z;¦ https://ä.example/ö¦<https://a.example/b?c&d>¦
<me@a.example>¦<mailto:me@a.example>¦(https://a.example/)¦*https://a.example/*¦ http://localhost/a¦
 https://a.example/a*b*c¦ ftp://a.example/¦[me@a.example]¦[text](/u\n"t")¦[t\next](/u)¦![a\nb](/p.png)""")
TAGS = _split("""<b>¦</b>¦<kbd>x</kbd>¦<br>¦<br/>¦<!-- remark -->¦<a href="/x">link</a>¦<i class=x>¦<sub>2</sub>¦<em>*x*</em>¦
</span>¦<img src="/i.png" alt="i">¦<span title='a>b'>¦<u>¦<b a=>¦<a b>c</a>¦<mark>m</mark>""")
LINES = _split("""¦¦---¦***¦* * *¦===¦```¦```py¦~~~¦````¦| a | b |¦|---|:-:|¦:-- | --:¦| 1 | 2 |¦a | b¦--- | ---¦| x |¦<div>¦
</div>¦<details>¦<summary>s</summary>¦</details>¦<p align="center">¦-->¦<!-- c -->¦<pre>¦</pre>¦<table><tr><td>¦
</td></tr></table>¦<hr>¦<h2>H</h2>¦[ref]: /target¦[ref]: <b c> 'title'¦[größe]: /g¦/target¦[^note]: words¦
[^note]:¦-¦1.¦#¦##¦text¦word #¦<b>x</b>¦<span>¦</span>¦<ul>¦<li>x</li>¦</ul>¦    code¦\tcode¦# H¦## H ##¦
### *H* `c`¦> quote¦>¦- item¦  - item¦1. item¦2) item¦+¦\u00a0¦\u3000word¦text\n---¦[ref]:\n/target\n'a\nb'""")
BOXES = ["- [ ] to do\n- [x] done\n", "- [X] *done*\n", "1. [ ] x\n  - [ ] a\n"]
MARKERS = _split("""¦¦¦> ¦>¦- ¦* ¦+ ¦1. ¦2) ¦10. ¦  ¦    ¦   ¦ ¦\t¦# ¦###### ¦      ¦-\t¦>\t""")
CELLS = ["", r"x \| y", "`c`", r"`a\|b`", "*e*", "[l](/u)", "~~s~~", "<b>h</b>", "![i](/p)", "\\", "**a", "|", *WORDS]
DEFINITIONS = _split(
    "¦[ref]: /target 'title'\n[größe]: </g h>¦[^note]: the *words*\n\n    more¦[ref]: /x\n\n[^note]: a"
)


def _joined(parts: st.SearchStrategy[str], glue: list[str], most: int) -> st.SearchStrategy[str]:
    pairs = st.lists(st.tuples(parts, one_of(glue)), min_size=1, max_size=most)
    return pairs.map(lambda found: "".join(part + space for part, space in found[:-1]) + found[-1][0])


def _within(block: str, first: str, rest: str) -> str:
    """`block` with a marker before its first line and `rest` before the others."""
    begin, *more = block.split("\n")
    return "\n".join([first + begin, *(rest + line if line or rest.strip() else "" for line in more)])


PIECES = st.one_of(*map(one_of, (WORDS, WORDS, SIGNS, SPACES, ESCAPES, ENTITIES, EMPHASIS, EMPHASIS, LINKS, TAGS)))
INLINE = _joined(PIECES, ["", "", " ", " ", " ", "  ", "\n", "  \n", "\\\n", "\r"], 9)
MARKED = st.builds(
    "{}{}{}{}".format,
    one_of(MARKERS),
    one_of(MARKERS),
    st.one_of(one_of(LINES), INLINE),
    one_of(["", "", "  ", "\\", " #"]),
)
LOOSE = _joined(st.one_of(MARKED, one_of(LINES), INLINE, one_of(BOXES)), ["\n"], 10)
"""Lines in any order, whether they belong together or not."""

ROW = st.lists(one_of(CELLS), min_size=1, max_size=4).map(" | ".join).map("| {} |".format)
TABLE = st.builds(
    lambda sides, rows: "\n".join(["|h" * len(sides) + "|", f"|{'|'.join(sides)}|", *rows]),
    st.lists(one_of(["---", ":--", "--:", ":-:", " - "]), min_size=1, max_size=3),
    st.lists(ROW, max_size=3),
)
CODE = st.builds(
    lambda fence, language, lines, is_closed: "\n".join([fence + language, *lines, *[fence] * is_closed]),
    one_of(["```", "~~~", "````"]),
    one_of(["", "py", " text x", "é"]),
    st.lists(one_of(["code", "", "  in", "\tt", "```", "~~~", "<b>", "&amp;", "*a*", "> q", "- l"]), max_size=3),
    st.booleans(),
)
HEADING = st.builds(lambda signs, text: f"{'#' * signs} {text.split(chr(10))[0]}", st.integers(1, 6), INLINE)
LEAF = st.one_of(INLINE, INLINE, INLINE, TABLE, CODE, HEADING, one_of(LINES))


def _containers(blocks: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    several = _joined(blocks, ["\n", "\n\n", "\n\n"], 3)
    quote = st.builds(lambda text, mark: _within(text, mark, mark), several, one_of(["> ", ">", ">  "]))
    items = st.builds(
        lambda texts, mark, glue, inset: glue.join(_within(text, mark, " " * (len(mark) + inset)) for text in texts),
        st.lists(several, min_size=1, max_size=3),
        one_of(["- ", "* ", "1. ", "2) ", "-   ", "+ "]),
        one_of(["\n", "\n\n"]),
        one_of([0, 0, 0, 1, 2, -1]),
    )
    return quote | items


ORDERLY = st.builds(
    "{}\n\n{}".format,
    _joined(st.recursive(LEAF, _containers, max_leaves=6), ["\n\n", "\n\n", "\n"], 4),
    one_of(DEFINITIONS),
)
"""Blocks within blocks, as people write them."""


@pytest.fixture(autouse=True, scope="module")
def _without_figures() -> Iterator[None]:
    """GitHub draws none."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(blocks._Blocks, "_caption", lambda *_: None)
        yield


@pytest.mark.parametrize(("body", "reason"), EXCEPTIONS)
def test_an_exception_is_one(body: str, reason: str) -> None:
    assert ours(body) != theirs(body), reason


@pytest.mark.proof
@settings(max_examples=5000, derandomize=True, database=None, deadline=None, suppress_health_check=list(HealthCheck))
@given(LOOSE | ORDERLY)
def test_whatever_is_written_is_seen_as_on_github(body: str) -> None:
    assert ours(body) == theirs(body)
