"""docs/checks.md lists every code that Byline can report; each rule has a test and true examples."""

import ast
import re
from collections.abc import Iterator

import pytest

from byline.check.registry import FOLDER, Rule, all_rules
from docs import checks
from tests.helpers.findings import HEAD, fixed, reported
from tests.helpers.paper import ROOT, Paper
from tests.helpers.papers import PNG

ROW = re.compile(r"^\| \[?`([a-z0-9-]+)`[^|]* \| (?:error|warning|hint)", re.MULTILINE)


def codes_of(source: str) -> Iterator[str]:
    """Codes, in each way that the source gives them to problems."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and node.targets[0].id == "CODE":
            yield from _texts([node.value])
        elif isinstance(node, ast.Return | ast.keyword) and isinstance(node.value, ast.Tuple):
            if len(node.value.elts) == 3 and getattr(node, "arg", "problem") == "problem":
                yield from _texts(node.value.elts[:1])
        elif isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if name == "refuse":
                yield from _texts(node.args[2:3])
            elif name in ("report", "report_key"):
                yield from list(_texts(node.args[:2]))[:1]
            elif name == "Problem":
                yield from _texts(node.args[3:4])
            elif name == "HeaderError":
                yield from list(_texts(node.args))[:1]


def _texts(nodes: list[ast.expr]) -> Iterator[str]:
    yield from (n.value for n in nodes if isinstance(n, ast.Constant) and isinstance(n.value, str) and n.value)


def in_source() -> set[str]:
    return {code for path in (ROOT / "byline").rglob("*.py") for code in codes_of(path.read_text(encoding="utf-8"))}


def in_docs() -> list[str]:
    return ROW.findall((ROOT / "docs" / "checks.md").read_text(encoding="utf-8"))


def test_every_code_is_listed_once_and_every_listed_code_exists() -> None:
    assert sorted(in_docs()) == sorted(in_source())
    assert len(in_source()) > 70, "the search for codes has gone blind"


def test_rules_say_what_the_page_says() -> None:
    assert checks.PAGE.read_text(encoding="utf-8") == checks.page(), "write it again: python -m docs.checks"


@pytest.mark.parametrize("rule", all_rules(), ids=lambda rule: rule.code)
def test_a_rule_has_its_name_meaning_and_test(rule: Rule) -> None:
    name = rule.code.replace("-", "_")
    source = (FOLDER / f"{name}.py").read_text(encoding="utf-8")
    test = (ROOT / "tests" / "check" / f"test_{name}.py").read_text(encoding="utf-8")
    assert rule.meaning
    assert ("`--fix`" in rule.meaning) == ("Edit(" in source), "say what `--fix` does"
    assert examples(rule, "Reported") or "reported(paper" in test, "`flask check` never runs it in a test"


def examples(rule: Rule, part: str) -> list[str]:
    """The listings below `Reported:` or `Fine:` in its docstring."""
    text = rule.meaning.partition(f"\n{part}:\n")[2].partition("\n\nFine:\n")[0]
    return re.findall(r"```markdown\n(.*?)```", text, re.DOTALL)


with_examples = pytest.mark.parametrize(
    "rule", [rule for rule in all_rules() if examples(rule, "Reported")], ids=lambda rule: rule.code
)


@with_examples
def test_examples_of_what_is_reported_are(paper: Paper, rule: Rule) -> None:
    written = write(paper, examples(rule, "Reported"))
    places = set(reported_in(paper, rule.code))
    assert places == written if rule.in_text else places


@with_examples
def test_examples_of_what_is_fine_are(paper: Paper, rule: Rule) -> None:
    assert write(paper, examples(rule, "Fine"))
    assert reported_in(paper, rule.code) == []


@with_examples
def test_fixing_the_one_gives_the_other(rule: Rule) -> None:
    if "`--fix`" in rule.meaning:
        assert [fixed(text) for text in examples(rule, "Reported")] == examples(rule, "Fine")


def write(paper: Paper, listings: list[str]) -> set[str]:
    paper.write("pages/posts/ferry.jpg", PNG)
    for number, text in enumerate(listings):
        paper.write(f"pages/posts/{number}.md", text if text.startswith("---") else HEAD + text)
    return {f"pages/posts/{number}.md" for number in range(len(listings))}


def reported_in(paper: Paper, code: str) -> list[str]:
    return [place.partition(":")[0] for place in reported(paper, code)]
