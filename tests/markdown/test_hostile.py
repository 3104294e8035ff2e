"""Bodies that are made to take long or to end the process, each in a process of its own."""

import subprocess
import sys
from collections.abc import Callable

import pytest

from tests.helpers.paper import ROOT

SIZE = 1_000_000
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
}
CHILD = """
import resource, sys
from byline.markdown.render import render
from tests.markdown.test_hostile import NESTED, REPEATED, SIZE
shape = (NESTED | REPEATED)[sys.argv[1]]
for length in (SIZE // 100, SIZE):
    body = shape(length)[:length]
    codes = {problem.code for problem in render(body).problems}
    assert "unrenderable" not in codes, length
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
"""


@pytest.mark.parametrize(
    "shape", [*NESTED, *(pytest.param(shape, marks=pytest.mark.proof) for shape in REPEATED)], ids=str
)
def test_no_body_ends_the_process_or_fills_the_memory(shape: str) -> None:
    child = subprocess.run(
        [sys.executable, "-c", CHILD, shape], cwd=ROOT, capture_output=True, text=True, timeout=120, check=False
    )
    assert child.returncode == 0, f"{child.returncode}: {child.stderr[-500:]}"
    if sys.platform == "linux":
        assert int(child.stdout) < 600, "MiB"
