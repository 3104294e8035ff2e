"""The registry: every rule there is, found by listing the folder of rules."""

import functools
import importlib
import importlib.util
import inspect
import pkgutil
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from byline.check.manuscript import Finding, Manuscript
from byline.check.survey import Survey
from byline.problems import Problem, Severity, SiteError, merge_conflict

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


def own_rules(folder: Path, functions: Iterable[Callable[[Any], Iterator[Any]]]) -> list[Rule]:
    """The rules of a site: a file each in its `rules/`, as those of the engine are, and functions of its app.

    A function with a parameter called `survey` looks at the whole site, and any other at one text; its name is the
    code. Raises SiteError for a file that is no rule.
    """
    rules = [_loaded(path) for path in sorted((folder / "rules").glob("[!_]*.py"))]
    for function in functions:
        is_for_site = "survey" in inspect.signature(function).parameters
        both = (None, function) if is_for_site else (function, None)
        rules.append(Rule(_code(function.__name__), "warning", inspect.getdoc(function) or "", *both))
    return rules


def _loaded(path: Path) -> Rule:
    spec = importlib.util.spec_from_file_location(f"byline_rules_{path.stem}", path)
    assert spec is not None
    assert spec.loader is not None
    module = sys.modules[spec.name] = importlib.util.module_from_spec(spec)  # dataclasses look it up
    try:
        conflict = merge_conflict(f"rules/{path.name}", path.read_text(encoding="utf-8"))
        if conflict:
            raise SiteError(str(conflict))
        spec.loader.exec_module(module)
        vars(module).setdefault("CODE", _code(path.stem))
        if not (hasattr(module, "in_text") or hasattr(module, "in_site")):
            raise AttributeError("it has neither in_text nor in_site")
    except SiteError:
        raise
    except Exception as error:  # of any kind: it is the owner's code
        raise SiteError(f"rules/{path.name} is not a rule: {type(error).__name__}: {error}") from error
    return _rule(module)


def _code(name: str) -> str:
    return name.replace("_", "-")


def _rule(module: Any) -> Rule:
    return Rule(
        module.CODE,
        getattr(module, "SEVERITY", "warning"),
        inspect.getdoc(module) or "",
        getattr(module, "in_text", None),
        getattr(module, "in_site", None),
    )
