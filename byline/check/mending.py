"""Mending: makes the edits that findings offer, one by one, and only where the text still says the same.

Files are changed at the places of the findings and nowhere else: comments, order and quotation marks stay.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from msgspec import structs

from byline import headers
from byline.check.inspection import manuscript_of
from byline.check.manuscript import Edit, Manuscript, edited
from byline.check.registry import all_rules
from byline.check.repairs import repairs
from byline.errors import Problem
from byline.files import replace_file
from byline.newsroom import Newsroom

MOST = 10_000
"""Edits of one file: each makes one finding less, so this is never met but by a fault of a rule."""


def mend(newsroom: Newsroom, is_wanted: Callable[[str], bool]) -> list[Problem]:
    """Mend the files that are wanted, and say what is mended."""
    settings, fixed = newsroom.settings, []
    for found in newsroom.tree.scan()[0]:
        if not is_wanted(found.real):
            continue
        manuscript = manuscript_of(found.real, newsroom.tree.kind(found.path), settings.zone, settings.dialect)
        if manuscript is None:
            continue
        text, problems = mended(manuscript)
        if problems:
            replace_file(Path(found.real).resolve(), text.encode())
            fixed += [problem.at(f"{settings.pages.rstrip('/')}/{found.path}") for problem in problems]
    return fixed


def mended(manuscript: Manuscript) -> tuple[str, list[Problem]]:
    """The text with everything mended that can be, and what that was."""
    fixed: list[Problem] = []
    refused: set[Problem] = set()
    for _ in range(MOST):
        step = next((step for step in _steps(manuscript) if step[0] not in refused), None)
        if step is None:
            break
        problem, edits = step
        better = Manuscript(manuscript.kind, edited(manuscript.text, edits), manuscript.zone, manuscript.dialect)
        if _says_the_same(manuscript, better, problem):
            manuscript = better
            fixed.append(problem)
        else:
            refused.add(problem)
    return manuscript.text, fixed


def _steps(manuscript: Manuscript) -> Iterator[tuple[Problem, tuple[Edit, ...]]]:
    for problem, edits in repairs(manuscript):
        if edits:
            yield problem, edits
    for rule in all_rules():
        for finding in rule.in_text(manuscript) if rule.in_text else ():
            if finding.edits:
                yield rule.problem(finding), finding.edits


def _says_the_same(before: Manuscript, after: Manuscript, mended: Problem) -> bool:
    """Whether body and header mean what they meant, but for what was mended."""
    if before.part.body != after.part.body:
        return False
    if mended.code == "bad-yaml":
        return after.fault is None or after.fault.problem.line > mended.line
    if (before.fault is None) != (after.fault is None):
        return False
    old, new = _meaning(before), _meaning(after)
    changed = [key for key in old if old[key] != new[key]]
    return not changed or (mended.code == "bad-date" and all(old[key] is None for key in changed))


def _meaning(manuscript: Manuscript) -> dict[str, Any]:
    read = headers.read_author if manuscript.kind == "author" else headers.read_post
    meant = structs.asdict(read(manuscript.header, manuscript.zone)[0])
    for key in ("cover", "avatar"):
        if meant.get(key):
            meant[key] = structs.replace(meant[key], line=1, col=1)
    return meant | {"places": None}
