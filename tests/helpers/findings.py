"""What the check finds, in a form that tests compare.

A rule for texts and the fixing are pure functions, and are called as such: `in_text`, `in_body`, `fixed`. `found` asks
the inspection about a whole site. `reported`, `report` and `fixed_file` run `flask check`: tests/docs/test_checks.py does
so with the examples of every rule, and the tests of the few rules without examples do it themselves.
"""

import json
from typing import Any
from zoneinfo import ZoneInfo

from byline.check import fix
from byline.check.inspection import everything
from byline.check.manuscript import Manuscript
from byline.check.registry import all_rules
from tests.helpers.paper import Paper

HEAD = "---\ntitle: The ferry is back\ndate: 2025-05-01\n---\n"
"""A valid header of four lines."""


def manuscript(text: str) -> Manuscript:
    return Manuscript("post", text, ZoneInfo("UTC"))


def in_text(code: str, text: str) -> list[str]:
    """`line:col` of each finding of one rule."""
    rule = next(rule for rule in all_rules() if rule.code == code)
    assert rule.in_text
    return [f"{finding.line}:{finding.col}" for finding in rule.in_text(manuscript(text))]


def in_body(code: str, body: str, head: str = HEAD) -> list[str]:
    """`line:col` of each finding in a text below `head`."""
    return in_text(code, head + body)


def fixed(text: str) -> str:
    return fix.fixed(manuscript(text))[0]


def found(paper: Paper, code: str) -> list[str]:
    """`file:line:col` of each problem with one code."""
    live = paper.live()
    return [f"{p.path}:{p.line}:{p.col}" for p in everything(live) if p.code == code]


def reported(paper: Paper, code: str) -> list[str]:
    """What `found` returns, as `flask check` reports it."""
    return [f"{p['path']}:{p['line']}:{p['col']}" for p in report(paper) if p["code"] == code]


def report(paper: Paper, *arguments: str) -> list[dict[str, Any]]:
    run = paper.run("check", "--format", "json", *arguments)
    assert run.exception is None or isinstance(run.exception, SystemExit), run.output
    found = json.loads(run.stdout)
    assert isinstance(found, list)
    return found


def fixed_file(paper: Paper, text: str | bytes) -> str:
    """A file after `--fix`, its line endings unchanged."""
    full = paper.write("pages/posts/one.md", text)
    paper.run("check", "--fix")
    return full.read_bytes().decode()
