"""Bodies that are made to take long or to end the process, each in a process of its own."""

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from pygments.lexers import get_all_lexers

from byline.markdown import bounds
from tests.helpers.paper import ROOT

SIZE = 1_000_000
LANGUAGES = sorted(lexer[1][0] for lexer in get_all_lexers(plugins=False) if lexer[1])[::4][:110]


def _listing(language: str, code: str) -> str:
    return f"```{language}\n{code}\n```\n"


NESTED: dict[str, Callable[[int], str]] = {
    "quotes": lambda n: "> " * n + "a",
    "tight quotes": lambda n: ">" * n + "a",
    "lists": lambda n: "- " * n + "a",
    "indented lists": lambda n: "\n".join(" " * (2 * i) + "- a" for i in range(min(n, 1400))),
    "emphasis": lambda n: "*a **b " * n + "x" + " b** a*" * n,
    "open emphasis": lambda n: "*a " * n,
    "emphasis in code": lambda n: "```\n*a **b " * n,
    "struck out": lambda n: "~~a " * n + "b~~ " * n,
    "marks": lambda n: "==a " * n + "b== " * n,
    "pictures": lambda n: "![" * n + "a" + "](x)" * n,
    "brackets": lambda n: "[" * n + "]" * n,
    "links": lambda n: "[a](" * n,
    "powers": lambda n: "^a" * n,
    "elements": lambda n: "<div>" * n,
    "braces of a formula": lambda n: "$" + "{" * n + "$",
    "terms in terms": lambda n: "T\n\n" + ": " * n + "a",
    "notes in notes": lambda n: "[^1]: " * n + "a\n\n[^1]",
    "callouts": lambda n: "\n".join("> " * i + "> [!NOTE]" for i in range(min(n, 1400))),
    "brackets of an address": lambda n: "[a](" + "(" * n,
}
REPEATED: dict[str, Callable[[int], str]] = {
    "pieces of emphasis": lambda n: "a*b" * n,
    "mixed signs": lambda n: "*_" * n + "a" + "_*" * n,
    "notes": lambda n: "[^1]" * n + "\n\n[^1]: x",
    "definitions of notes": lambda n: "\n\n".join(f"[^{i}]: a" for i in range(n // 8)),
    "definitions": lambda n: "".join(f"[a{i}]: x\n" for i in range(n // 10)) + "[a1] " * n,
    "abbreviations": lambda n: "".join(f"*[A{i}]: x\n" for i in range(n // 12)) + "\nA1 " * n,
    "less-than signs": lambda n: "<" * n,
    "entities": lambda n: "&nbsp;" * n,
    "comments": lambda n: "a<!-- b -->" * n,
    "open comments": lambda n: "<!--" * n,
    "scripts": lambda n: "<script>" * n,
    "attributes": lambda n: "<p " + "a=b " * n + ">",
    "links of the writer": lambda n: "<a href=x>" * n,
    "wide tables": lambda n: "|" + "a|" * 1500 + "\n|" + "-|" * 1500 + "\n" + "|x\n" * n,
    "terms": lambda n: "T\n\n: d\n\n" * n,
    "formulas": lambda n: "$a$ " * n,
    "a long formula": lambda n: "$" + "\\frac{a}" * n + "$",
    "headings of one name": lambda n: "# a\n" * n,
    "mail addresses": lambda n: "a@b.c " * n,
    "names": lambda n: "[[a]] " * n,
    "one listing": lambda n: "```java\n" + "a " * n + "\n```",
    "many listings": lambda n: "```py\nx\n```\n" * n,
    "one word": lambda n: "é" * n,
    "captions": lambda n: "![a](b)\n*c*\n\n" * n,
    "tasks": lambda n: "- [ ] a\n" * n,
    "empty lines": lambda n: "\n" * n,
    "growing fences": lambda n: " ".join("`" * i for i in range(1, min(n, 1400))),
    "braces": lambda n: "[a](b){" + ".c " * n + "}",
    "emphasis of one letter": lambda n: "*a* " * n,
    "code of one letter": lambda n: "`a` " * n,
    "links to one definition": lambda n: "[a]: /b\n\n" + "[a]" * n,
    "pictures of one definition": lambda n: "[a]: /b\n\n" + "![a] " * n,
    "one abbreviation": lambda n: "*[A]: b\n\n" + "A " * n,
    "escapes": lambda n: "\\*" * n,
    "ampersands": lambda n: "&a" * n,
    "open quotation marks": lambda n: "<p a='" + '<p b="' * n,
    "scripts in an element": lambda n: "<div>\n" + "<script>" * n,
    "instructions": lambda n: "<?" * n + "\n\na <![CDATA[" * n,
    "rows of marks": lambda n: "|*a*" * 5 + "|\n" + "|-" * 5 + "|\n" + ("|" + "*a* " * 20) * n,
    "quotation marks": lambda n: "'\"" * n,
    "percent signs": lambda n: "%%a" * n,
    "half a mail address": lambda n: "[" + "a." * n + "@" + "a." * n,
    "listings in 110 languages": lambda n: "".join(_listing(name, "([{<" * (n // 8000)) for name in LANGUAGES),
    "words in 110 languages": lambda n: "".join(_listing(name, "a b\n" * (n // 500)) for name in LANGUAGES),
    "spaces in 110 languages": lambda n: "".join(_listing(name, " " * (n // 125) + "a") for name in LANGUAGES),
}
CHILD = """
import sys
from byline.markdown.render import render
from tests.markdown.test_hostile import NESTED, REPEATED, SIZE, largest, peak
shape = (NESTED | REPEATED)[sys.argv[1]]
for length in (SIZE // 100, largest(shape), SIZE):
    codes = {problem.code for problem in render(shape(length)[:length]).problems}
    assert "unrenderable" not in codes, length
print(peak())
"""


def largest(shape: Callable[[int], str]) -> int:
    """About the greatest length at which `shape` is within bounds, where the most work is done."""
    within, over = 0, 2 * SIZE
    while over - within > SIZE // 500:
        middle = (within + over) // 2
        if bounds.excess(shape(middle)[: min(middle, SIZE)]):
            over = middle
        else:
            within = middle
    return min(within, SIZE)


def peak() -> int:
    """The most memory this process has held, in MiB; 0 where that is not known. `ru_maxrss` would count what its parent
    held before exec."""
    if sys.platform != "linux":
        return 0
    (kibibytes,) = re.findall(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text())
    return int(kibibytes) // 1024


@pytest.mark.parametrize(
    "shape", [*NESTED, *(pytest.param(shape, marks=pytest.mark.proof) for shape in REPEATED)], ids=str
)
def test_no_body_ends_the_process_or_fills_the_memory(shape: str) -> None:
    child = subprocess.run(
        [sys.executable, "-c", CHILD, shape], cwd=ROOT, capture_output=True, text=True, timeout=120, check=False
    )
    assert child.returncode == 0, f"{child.returncode}: {child.stderr[-500:]}"
    assert int(child.stdout) < 300, "MiB"


WITH_PYTHON = """
from byline.markdown.engines import Engine
from byline.markdown.render import facts_of, render
from tests.markdown.test_hostile import NESTED, REPEATED, peak
engine = Engine("python", "", ("extra", "admonition", "toc", "codehilite"))
for name, shape in (NESTED | REPEATED).items():
    body = shape(50_000)[:50_000]
    render(body, engine)
    facts_of(body, engine)
print(peak())
"""


@pytest.mark.proof
def test_the_other_engine_survives_them_too() -> None:
    """It calls itself for each level in Python, which ends in an error of that body, and is slow: bounds are lower."""
    child = subprocess.run(
        [sys.executable, "-c", WITH_PYTHON], cwd=ROOT, capture_output=True, text=True, timeout=300, check=False
    )
    assert child.returncode == 0, f"{child.returncode}: {child.stderr[-500:]}"
    assert int(child.stdout) < 600, "MiB"
