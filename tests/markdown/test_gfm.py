"""Markdown as GitHub and editors show it: readers here see what the writer sees there."""

import functools
import os
import random
import re
import string
import time
from pathlib import Path
from typing import Any

import cmarkgfm
import markdown as library
import pytest
from cmarkgfm.cmark import Options

from byline.markdown import bounds, sanitize
from byline.markdown.layout import MAX_DEPTH, laid_out
from byline.markdown.passes import PassesExtension
from byline.markdown.patterns import FiguresExtension
from byline.markdown.render import EXTENSION_CONFIGS, EXTENSIONS, our_extensions, render
from tests.helpers.corpus import CORPUS
from tests.helpers.seen import seen

GITHUB = ["table", "autolink", "strikethrough", "tasklist"]
SPEC = Path(os.environ.get("GFM_SPEC", "spec.txt"))
"""test/spec.txt of GitHub's cmark-gfm, which we may not ship."""


@functools.cache
def converter() -> library.Markdown:
    """Everything that Byline reads, except figures, which GitHub does not draw."""
    ours = [extension for extension in our_extensions() if not isinstance(extension, FiguresExtension)]
    extensions: list[Any] = [*EXTENSIONS, *ours, PassesExtension()]
    return library.Markdown(extensions=extensions, extension_configs=EXTENSION_CONFIGS)


def ours(body: str) -> list[str]:
    return seen(sanitize.clean(converter().reset().convert(body)))


def theirs(body: str) -> list[str]:
    options = Options.CMARK_OPT_UNSAFE | Options.CMARK_OPT_FOOTNOTES
    return seen(sanitize.clean(cmarkgfm.markdown_to_html_with_extensions(body, options, GITHUB)))


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
]


@pytest.mark.parametrize("body", SAME)
def test_what_works_on_github_works_here(body: str) -> None:
    assert ours(body) == theirs(body)


def test_a_title_is_a_block_of_its_own() -> None:
    """The library is quadratic in the lines of a block that it has to split."""
    assert laid_out(["A", "===", "text", "***", "text"]) == ["A", "===", "", "text", "", "***", "", "text"]


def test_lists_that_are_too_deep_are_text() -> None:
    rendered = render("- " * 1000 + "x")
    assert rendered.problems == ()
    assert rendered.html.count("<ul>") == MAX_DEPTH


def test_a_closing_tag_may_stand_far_in() -> None:
    """On GitHub it becomes code, which nobody wants."""
    assert "<code" not in render("<section>\n    <div>\n\ntext\n\n    </div>\n</section>").html


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus ../shared/corpus is not here")
def test_posts_of_a_real_blog_are_seen_as_on_github() -> None:
    posts = sorted((CORPUS / "_posts").glob("*.md"))
    bodies = [re.sub(r"\A---\n.*?\n---\n", "", path.read_text(encoding="utf-8"), flags=re.S) for path in posts]
    bodies = [re.sub(r"\{\{\s*site\.baseurl\s*\}\}", "", body) for body in bodies]
    same = sum(ours(body) == theirs(body) for body in bodies)
    assert len(bodies) > 500
    assert same / len(bodies) >= 0.97, f"{same} of {len(bodies)}"


@pytest.mark.skipif(not SPEC.is_file(), reason="GFM's spec.txt is not here: set GFM_SPEC to its path")
def test_examples_of_the_specification() -> None:
    text = SPEC.read_text(encoding="utf-8").replace("→", "\t")
    examples = re.findall(r"^`{32} example[^\n]*\n([\s\S]*?)^\.\n([\s\S]*?)^`{32}$", text, re.M)
    same = sum(ours(body) == seen(sanitize.clean(html)) for body, html in examples)
    assert len(examples) == 673
    assert same >= 551, same


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
]


@pytest.mark.proof
@pytest.mark.parametrize("line", LONG)
def test_what_is_just_within_the_bounds_is_no_bomb(line: str) -> None:
    body = "\n".join([line] * min(950_000 // len(line), 19_900))
    for bound, signs in ((bounds.MAX_BRACKETS, "["), (bounds.MAX_SIGNS, "*`")):
        counted = sum(line.count(sign) for sign in signs)
        body = body[: len(line) * bound // counted] if counted else body
    assert bounds.excess(body) is None
    began = time.process_time()
    render(body)
    assert time.process_time() - began < 5


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
        ("a\n===\n" * 2001, "too-long"),
        ("- ```\n" * 4001, "too-long"),
        ("a </b\n\n" * 1002, "too-long"),
        ('- <a href="\n\n' * 1001 + "x", "too-deep"),
        ("<div>" * 1001, "too-deep"),
        ("[" * 1001, "too-many-brackets"),
        ("a < b\n" * 201, "too-many-brackets"),
        (">" * 21, "too-deep"),
        ("x" * 1_000_001, "too-long"),
        ("x\n" * 20_001, "too-long"),
        ("*a* " * 5001, "too-long"),
        ("*[A]: b\n\n" * 201, "too-long"),
    ],
)
def test_what_would_take_long_is_an_error_with_a_line(body: str, code: str) -> None:
    (problem,) = render(body).problems
    assert (problem.code, problem.severity) == (code, "error")
    assert problem.line >= 1
