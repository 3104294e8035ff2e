"""Rules of a site's own: functions of its app, and files like those of the engine."""

from collections.abc import Iterator

import pytest
from flask import Flask

from byline import Byline
from byline.check.manuscript import Finding, Manuscript
from byline.check.survey import Survey
from byline.problems import Problem
from tests.helpers.paper import NOON, Paper

FILE = '''"""A text that says "foo"."""

from byline.check.manuscript import Finding

SEVERITY = "error"


def in_text(manuscript):
    for number, line in enumerate(manuscript.text.split("\\n"), 1):
        if "foo" in line:
            yield Finding(number, line.index("foo") + 1, "foo is no word", "write bar")
'''


def check(app: Flask) -> tuple[int, list[str]]:
    run = app.test_cli_runner().invoke(args=["check"])
    return run.exit_code, run.stdout.splitlines()


@pytest.fixture
def app(paper: Paper) -> Flask:
    paper.post("one", "A foo.", title="One")
    paper.post("two", "Two.", title="Two")
    return Flask("paper", root_path=str(paper.folder))


def test_a_function_of_the_app(app: Flask) -> None:
    byline = Byline(app, clock=lambda: NOON)

    @byline.rule
    def short_title(manuscript: Manuscript) -> Iterator[Finding]:
        """A title of one word."""
        node = manuscript.value("title")
        if node and " " not in manuscript.words("title"):
            yield Finding(node.line, node.col, "the title is one word", "say more")

    @byline.rule
    def too_few(survey: Survey) -> Iterator[Problem]:
        yield Problem("", 1, 1, "too-few", f"only {len(survey.site.posts)} stories", "write", "hint")

    code, lines = check(app)
    assert code == 0
    assert "pages/posts/one.md:2:8: short-title the title is one word (say more) [warning]" in lines
    assert "pages/posts/two.md:2:8: short-title the title is one word (say more) [warning]" in lines
    assert ":1:1: too-few only 2 stories (write) [hint]" in lines


def test_a_file_of_the_site(paper: Paper, app: Flask) -> None:
    paper.write("rules/no_foo.py", FILE)
    paper.write("rules/_helpers.py", "raise RuntimeError")
    Byline(app, clock=lambda: NOON)
    assert check(app) == (1, ["pages/posts/one.md:5:3: no-foo foo is no word (write bar)"])


def test_a_file_that_is_no_rule_is_named(paper: Paper, app: Flask) -> None:
    paper.write("rules/broken.py", "import nonsense_module\n")
    Byline(app, clock=lambda: NOON)
    run = app.test_cli_runner().invoke(args=["check"])
    assert run.exit_code == 1
    assert "rules/broken.py is not a rule: ModuleNotFoundError" in run.output
    paper.write("rules/broken.py", "x = 1\n")
    assert "it has neither in_text nor in_site" in app.test_cli_runner().invoke(args=["check"]).output


def test_a_rule_that_fails_stops_no_other(app: Flask) -> None:
    byline = Byline(app, clock=lambda: NOON)

    @byline.rule
    def bad(manuscript: Manuscript) -> Iterator[Finding]:
        raise ValueError("oops")
        yield

    @byline.rule
    def worse(survey: Survey) -> Iterator[Problem]:
        raise KeyError("oops")
        yield

    code, lines = check(app)
    assert code == 0
    assert (
        "pages/posts/one.md:1:1: rule-failed the rule `bad` failed: ValueError: oops (mend the rule) [warning]" in lines
    )
    assert any("the rule `worse` failed: KeyError" in line for line in lines)
