"""The registry: every rule there is, found by listing the folder of rules."""

import functools
import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from byline.check.manuscript import Finding, Manuscript
from byline.check.survey import Survey
from byline.problems import Problem, Severity

FOLDER = Path(__file__).parent / "rules"


class Rule(NamedTuple):
    """`in_text` looks at one source and nothing else; `in_site` at the whole snapshot. A rule has one of the two.

    `meaning` is Markdown: what it finds, why that matters, what `--fix` does, and examples, which are run as tests.
    """

    code: str
    severity: Severity
    meaning: str
    in_text: Callable[[Manuscript], Iterator[Finding]] | None
    in_site: Callable[[Survey], Iterator[Problem]] | None

    def problem(self, finding: Finding) -> Problem:
        return Problem("", finding.line, finding.col, self.code, finding.message, finding.hint, self.severity)


@functools.cache
def all_rules() -> tuple[Rule, ...]:
    """All rules, sorted by name."""
    names = sorted(module.name for module in pkgutil.iter_modules([str(FOLDER)]))
    return tuple(_rule(importlib.import_module(f"byline.check.rules.{name}")) for name in names)


def _rule(module: Any) -> Rule:
    return Rule(
        module.CODE,
        getattr(module, "SEVERITY", "warning"),
        inspect.getdoc(module) or "",
        getattr(module, "in_text", None),
        getattr(module, "in_site", None),
    )
