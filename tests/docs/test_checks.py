"""docs/checks.md lists every code that Byline can report, and each rule has a page and a test."""

import ast
import re
from collections.abc import Iterator

import pytest

from byline.check.registry import FOLDER, Rule, all_rules
from tests.helpers.findings import HEAD, reported
from tests.helpers.paper import ROOT, Paper
from tests.helpers.papers import PNG

DOCS = ROOT / "docs"
ROW = re.compile(r"\| (?:\[`([a-z0-9-]+)`\]\((checks/[a-z0-9-]+\.md)\)|`([a-z0-9-]+)`) \| (error|warning|hint)[^|]* \|")


def codes_of(source: str) -> Iterator[str]:
    """Codes, in each way that the source gives them to problems."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and node.targets[0].id == "CODE":
            yield from _texts([node.value])
        elif isinstance(node, ast.Return | ast.keyword) and isinstance(node.value, ast.Tuple):
            if len(node.value.elts) == 3:
                yield from _texts(node.value.elts[:1])
        elif isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if name in ("report", "report_key"):
                yield from list(_texts(node.args[:2]))[:1]
            elif name == "Problem":
                yield from _texts(node.args[3:4])
            elif name == "HeaderError":
                yield from list(_texts(node.args))[:1]


def _texts(nodes: list[ast.expr]) -> Iterator[str]:
    yield from (n.value for n in nodes if isinstance(n, ast.Constant) and isinstance(n.value, str) and n.value)


def in_source() -> set[str]:
    return {code for path in (ROOT / "byline").rglob("*.py") for code in codes_of(path.read_text(encoding="utf-8"))}


def in_docs() -> dict[str, tuple[str, str]]:
    """Code → its page, and its kind."""
    rows = ROW.findall((DOCS / "checks.md").read_text(encoding="utf-8"))
    assert len(rows) == len({linked or plain for linked, _, plain, _ in rows}), "a code is listed twice"
    return {linked or plain: (page, kind) for linked, page, plain, kind in rows}


def test_every_code_is_listed_and_every_listed_code_exists() -> None:
    assert set(in_docs()) == in_source()
    assert len(in_source()) > 70, "the search for codes has gone blind"


@pytest.mark.parametrize("rule", all_rules(), ids=lambda rule: rule.code)
def test_a_rule_has_its_name_page_and_test(rule: Rule) -> None:
    name = rule.code.replace("-", "_")
    assert (FOLDER / f"{name}.py").is_file()
    assert (ROOT / "tests" / "check" / f"test_{name}.py").is_file()
    assert in_docs()[rule.code] == (f"checks/{rule.code}.md", rule.severity)
    page = (DOCS / "checks" / f"{rule.code}.md").read_text(encoding="utf-8")
    assert page.startswith(f"# `{rule.code}`\n\nA {rule.severity}. ")


def test_no_page_is_left_over() -> None:
    assert {path.stem for path in (DOCS / "checks").iterdir()} == {rule.code for rule in all_rules()}


def examples(part: str) -> dict[str, list[str]]:
    """Code → the listings below a heading of its page."""
    found = {}
    for path in sorted((DOCS / "checks").iterdir()):
        text = path.read_text(encoding="utf-8").partition(f"## {part}\n")[2].partition("\n## ")[0]
        listings = re.findall(r"````markdown\n(.*?)````", text, re.DOTALL)
        if listings:
            found[path.stem] = listings
    return found


@pytest.mark.parametrize("code", examples("Reported"))
def test_examples_of_what_is_reported_are(paper: Paper, code: str) -> None:
    written = write(paper, examples("Reported")[code])
    rule = next(rule for rule in all_rules() if rule.code == code)
    reported = set(reported_in(paper, code))
    assert reported == written if rule.in_text else reported


@pytest.mark.parametrize("code", examples("Fine"))
def test_examples_of_what_is_fine_are(paper: Paper, code: str) -> None:
    write(paper, examples("Fine")[code])
    assert reported_in(paper, code) == []


def write(paper: Paper, listings: list[str]) -> set[str]:
    paper.write("pages/posts/ferry.jpg", PNG)
    for number, text in enumerate(listings):
        paper.write(f"pages/posts/{number}.md", text if text.startswith("---") else HEAD + text)
    return {f"pages/posts/{number}.md" for number in range(len(listings))}


def reported_in(paper: Paper, code: str) -> list[str]:
    return [place.partition(":")[0] for place in reported(paper, code)]
