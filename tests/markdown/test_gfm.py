"""Markdown as GitHub and editors show it: readers here see what the writer sees there."""

import os
import random
import re
import string
import time
from pathlib import Path

import pytest

from byline.markdown import bounds
from byline.markdown.github import blocks
from byline.markdown.render import render
from tests.helpers.corpus import CORPUS
from tests.helpers.github import ours, shown_by_github, theirs

SPEC = Path(os.environ.get("GFM_SPEC", "spec.txt"))
"""test/spec.txt of GitHub's cmark-gfm, which is not ours to ship."""


@pytest.fixture(autouse=True)
def _without_figures(monkeypatch: pytest.MonkeyPatch) -> None:
    """GitHub draws none."""
    monkeypatch.setattr(blocks._Blocks, "_caption", lambda *_: None)


SAME = [
    # Lists after paragraphs, indented by two and three columns, tight and loose.
    "A paragraph:\n- one\n- two",
    "A paragraph:\n1. one\n2. two",
    "It was in\n1968. A good year.",
    "A line\n-\nis no list",
    "- one\n  - two\n    - three\n- four",
    "1. one\n   - two\n   - three\n2. four",
    "- one\n\n- two",
    "- one\n- two\n\n- three",
    "- one\n\n  second paragraph\n- two",
    "- one\n  goes on\n- two",
    "- one\ngoes on\n- two",
    "1) one\n2) two",
    "3. three\n4. four",
    "- one\n* another list",
    "1. one\n1) another list",
    "- - nested\n  - again",
    "-     code\n- x",
    "- # A heading\n- text",
    "* * *",
    "- a\n\n      code",
    "- [ ] to do\n- [x] done",
    "- a\n\n\n- b",
    "> - a\n> - b\n>   - c",
    "- > quoted\n  > still\n- b",
    "* foo\n  * bar\n\n  baz",
    "1. ```\n   foo\n   ```\n\n   bar",
    "- a\n- * * *\n- b",
    "003. three",
    "-   -   -    -",
    "> quote\n---\ntext",
    "> quote\n>\ntext",
    "> ```\n> code\n> ```\ntext",
    "> # Heading\ntext",
    "### closed ###  \ntext",
    "Text\n| a | b |\n|---|---|\n| 1 | 2 |",
    "- ___\n- a",
    "<pre>\na\n\n- b\n  - c\n</pre>\n\ntext",
    "<!-- a\n\n```\n\n-->\n\ntext",
    "an open [ and [a](/b)",
    "text\n    - no list\n    # no heading\n    ---",
    "- It was in\n  1968. A good year.",
    "> quote\n    - no list",
    "- a\n  - b\nlazy",
    "- a\n  - b\n        - no list",
    # Fences and tables without an empty line before them, and in list items.
    "Text\n```\ncode\n```\nText",
    "- a\n  ```py\n  x = 1\n  ```\n- b",
    "1. a\n\n   ```\n   x\n\n   y\n   ```\n2. b",
    "```\nnever closed",
    "~~~~\n~~~\n~~~~",
    "- ```\n  x\n  ```",
    "> ```\n> x\n> ```",
    "Text\n\n| a | b |\n|---|:-:|\n| `x \\| y` | **c** |",
    # Breaks, escapes, labels.
    "line\\\nbreak",
    "line  \nbreak",
    "\\* \\# \\! \\~ \\| \\< \\& \\a",
    "".join(f"\\{sign}" for sign in string.punctuation),
    "\\&copy; \\&#35; \\&x",
    "[`x`] and [y!]\n\n[`x`]: /u\n[y!]: /v\\_w",
    "[a] [b]\n\n[a]: /a\n[b]: /b",
    "Setext\n===\n\nSecond\n---",
    "text\n***\ntext",
    "# One\ntext\n## Two\nmore",
    "> lazy\ncontinuation",
    "> quote\n\n> another",
    "    code\n\n    more",
    "snake_case_word and __init__ and *em*phasis",
    "~~gone~~",
    "https://example.org/a_b_c. And www.example.org",
    # HTML with Markdown after an empty line.
    "<details>\n<summary>Sum</summary>\n\n**bold**\n\n- a\n- b\n\n</details>\n\nafter",
    '<div class="a">\n\n*in*\n\n</div>\n\n*after*',
    "<div>\n*not*\n</div>\n\n*yes*",
    "<section>\n  <div>\n\ntext\n\n  </div>\n</section>\n\nafter *x*",
    "<!-- a\n\ncomment -->\n\ntext",
    # Found by test_fuzz.py.
    "1.",
    "> 2)",
    "- [ ]",
    "- [x]*a*",
    "- [x]\n\n- a",
    "[me@a.example], [or me@b.example",
    "[a [me@a.example]](/b)",
    "<!-- a -->\u00a0\n`",
    "a\rb\r\r- [c](d)\r\n- e",
    "- a\n  <!-- b -->c",
    "- a\n  # b",
]


@pytest.mark.parametrize("body", SAME)
def test_what_works_on_github_works_here(body: str) -> None:
    assert ours(body) == theirs(body)


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus ../shared/corpus is not here")
def test_posts_of_a_real_blog_are_seen_as_on_github() -> None:
    posts = sorted((CORPUS / "_posts").glob("*.md"))
    bodies = [re.sub(r"\A---\n.*?\n---\n", "", path.read_text(encoding="utf-8"), flags=re.S) for path in posts]
    odd = r"\{\{\s*site\.baseurl\s*\}\}|</?iframe[^>]*>|:[a-z0-9_+-]+:"  # GitHub's renderer leaves emoji to its site
    bodies = [re.sub(odd, "", body) for body in bodies]
    same = sum(ours(body) == theirs(body) for body in bodies)
    assert len(bodies) > 500
    assert same / len(bodies) >= 0.998, f"{same} of {len(bodies)}"


@pytest.mark.skipif(not SPEC.is_file(), reason="GFM's spec.txt is not here: set GFM_SPEC to its path")
def test_examples_of_the_specification() -> None:
    text = SPEC.read_text(encoding="utf-8").replace("→", "\t")
    examples = re.findall(r"^`{32} example[^\n]*\n([\s\S]*?)^\.\n([\s\S]*?)^`{32}$", text, re.M)
    # Some were made without the extension for bare addresses, which GitHub has: there its own engine is asked.
    same = sum(ours(body) in (shown_by_github(html), theirs(body)) for body, html in examples)
    assert len(examples) == 673
    assert same >= 660, same


PIECES = """- a|* b|1. one|2. two|1) p|   x|  - n|    - m|text|> q|> - ql|```|~~~|    code|# H|---|===||</div>|<div>|
|\\|a\\|b\\||\\|---\\|---\\||-|10. ten|  |- ```|- - x|line  |<!-- c -->|<pre>|</pre>|      deep|>|> > z|+ p|[x](y "t")|![a](b)
|[^1]|[^1]: n|*a **b* c**|`` ` ``|\\|<details>|</details>|[r]: /x|[r]|***|<b>|&amp;|http://a.b|~~x~~|> [!NOTE]|- [ ] t
|![a](b "c")|*c*|# H {#h .i}|[x](y){.b}|{#|<figure>|\\\\&copy;|***|*[A]: b|<script>|_a_b_|<a href="|"|[|![|<|`|**|__"""
FRAGMENTS = [piece.strip("\n").replace("\\|", "|") for piece in re.split(r"(?<!\\)\|", PIECES)]


def generated(number: int) -> str:
    dice = random.Random(number)
    glue = ["\n", "\n\n", " ", "", "\n  "]
    if number % 2:
        return "".join(dice.choice(FRAGMENTS) + dice.choice(glue) for _ in range(dice.randint(1, 150)))
    repeated = dice.choice(FRAGMENTS) + dice.choice(glue) + dice.choice(FRAGMENTS) + dice.choice(glue)
    return repeated * dice.randint(1, 1500)


LONG = [
    "[a](b " + "w " * 450,
    "[a](b) " + "w " * 450,
    "[^1]: b " + "w " * 450,
    "*a* " + "w " * 75,
    "`a " + "w " * 75,
    "- a",
    "w " * 20,
    "é `a` [b](c)" * 60,
    "\\[ &amp; **x** _y_ " * 40,
]


@pytest.mark.proof
@pytest.mark.parametrize("glue", ["\n", " ", "\n\n"], ids=["lines", "one line", "blocks"])
@pytest.mark.parametrize("line", LONG)
def test_what_is_just_within_the_bounds_is_no_bomb(line: str, glue: str) -> None:
    limits = [990_000 // (len(line) + len(glue))]
    limits += [bounds.MAX_PIECES // line.count(sign) - 1 for sign, _ in bounds._PIECES if sign in line]
    groups = [(most, sum(map(line.count, signs))) for signs, most, _ in bounds._SIGNS]
    limits += [most // count for most, count in groups if count]
    limits += [bounds.MAX_LINES // glue.count("\n") - 1] if "\n" in glue else []
    body = glue.join([line] * min(limits))
    assert bounds.excess(body) is None
    began = time.process_time()
    render(body)
    assert time.process_time() - began < 10


@pytest.mark.parametrize("part", [0, *(pytest.param(part, marks=pytest.mark.proof) for part in range(1, 20))])
def test_no_body_is_a_bomb(part: int) -> None:
    for number in range(part * 100, (part + 1) * 100):
        body = generated(number)
        began = time.process_time()
        rendered = render(body)
        assert time.process_time() - began < 5, (
            f"body {number}: far from the second that is the bound on a quiet machine"
        )
        assert "unrenderable" not in {problem.code for problem in rendered.problems}, number


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("x" * 1_000_001, "too-long"),
        ("x\n" * 20_001, "too-long"),
        ("|a" * 1000 + "|\n" + "|-" * 1000 + "|\n" + "|x|\n" * 101, "too-long"),
        ("".join(f"[^{n}] " for n in range(20_001)), "too-long"),
        ("$x$ " * 10_001, "too-long"),
        ("<b>x</b> " * 10_001, "too-long"),
        ("2^10^ " * 10_001, "too-long"),
        ("a@b.c " * 20_001, "too-long"),
        ("www.a.b " * 20_001, "too-long"),
        ("[[a]] " * 20_001, "too-long"),
        ("![a] " * 20_001, "too-long"),
        ("*a*\n" + "*a* " * 50_001, "too-long"),
        ("`a` " * 50_001, "too-long"),
        ("&a " * 100_001, "too-long"),
        ("a>" * 100_001, "too-long"),
        ("\"'" * 250_001, "too-long"),
        ("[a](b){.c} " * 20_001, "too-long"),
        (">" * 101, "too-deep"),
        ("".join(" " * 2 * n + "- x\n" for n in range(202)), "too-deep"),
        ("*a **b " * 51 + "x" + " b** a*" * 51, "too-deep"),
        ("*a **b " * 300 + "x", "too-deep"),
        ("![a" * 501, "too-deep"),
        ("```\n*a **b " * 20_000, "too-deep"),
    ],
)
def test_what_would_take_long_is_an_error_with_a_line(body: str, code: str) -> None:
    (problem,) = render(body).problems
    assert (problem.code, problem.severity) == (code, "error")
    assert problem.line >= 1
