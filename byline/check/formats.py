"""Formats: problems as lines for people, as JSON for programs, and as annotations for GitHub."""

import json
from collections import Counter
from collections.abc import Iterable, Sequence

from msgspec import structs

from byline.problems import Problem, printable

GITHUB = {"error": "error", "warning": "warning", "hint": "notice"}
"""https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands"""

MANY = 5
"""A hint that appears this often is about a habit, not about a place."""


def as_text(problems: Sequence[Problem]) -> str:
    """A line each, and below it its detail; errors have no ending.

    A hint that many files share is printed once, so that it hides no others.
    """
    shared = Counter(_sense(problem) for problem in problems if problem.severity == "hint")
    seen: set[tuple[str, str, str]] = set()
    lines = []
    for problem in problems:
        sense, count = _sense(problem), shared[_sense(problem)]
        ending = "" if problem.is_error else f" [{problem.severity}]"
        if ending and count >= MANY:
            ending = f" [hint, {count} times]"
            if sense in seen:
                continue
        seen.add(sense)
        lines.append(f"{problem}{ending}")
        lines += [f"    {printable(line)}" for line in problem.detail.splitlines()]
    return "\n".join(lines)


def as_json(problems: Iterable[Problem]) -> str:
    """A list of objects: path, line, col, code, message, hint, severity, detail. ASCII, whatever the names of files."""
    return json.dumps([structs.asdict(problem) for problem in problems], indent=2)


def as_github(problems: Iterable[Problem]) -> str:
    """A workflow command for each problem."""
    return "\n".join(_command(problem) for problem in problems)


def _sense(problem: Problem) -> tuple[str, str, str]:
    return problem.code, problem.message, problem.hint


def _command(problem: Problem) -> str:
    hint = f" ({problem.hint})" if problem.hint else ""
    place = f",line={problem.line},col={problem.col}" if problem.line else ""
    about = f"file={_property(printable(problem.path))}{place},title={_property(problem.code)}"
    detail = f"\n{problem.detail}" if problem.detail else ""
    return f"::{GITHUB[problem.severity]} {about}::{_data(problem.message + hint + detail)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


FORMATS = {"text": as_text, "json": as_json, "github": as_github}
