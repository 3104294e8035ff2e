"""The output of `flask check`, in a form that tests compare."""

import json
from typing import Any

from tests.helpers.paper import Paper

HEAD = "---\ntitle: The ferry is back\ndate: 2025-05-01\n---\n"
"""A valid header of four lines."""


def report(paper: Paper, *arguments: str) -> list[dict[str, Any]]:
    run = paper.run("check", "--format", "json", *arguments)
    assert run.exception is None or isinstance(run.exception, SystemExit), run.output
    found = json.loads(run.stdout)
    assert isinstance(found, list)
    return found


def found(paper: Paper, code: str) -> list[str]:
    """`file:line:col` of each finding of one rule."""
    return [f"{p['path']}:{p['line']}:{p['col']}" for p in report(paper) if p["code"] == code]


def in_body(paper: Paper, code: str, body: str, head: str = HEAD) -> list[str]:
    """`line:col` of each finding in a text below `head`."""
    paper.write("pages/posts/one.md", head + body)
    return [place.partition(":")[2] for place in found(paper, code)]


def fixed(paper: Paper, text: str | bytes, path: str = "pages/posts/one.md") -> str:
    """A file after `--fix`, its line endings unchanged."""
    full = paper.write(path, text)
    paper.run("check", "--fix")
    return full.read_bytes().decode()
