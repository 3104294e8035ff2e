"""Fixing: makes the edits that findings offer, one by one, and only if the text still means the same.

Files are changed at the places of the findings and nowhere else: comments, order and quotation marks stay.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from msgspec import structs

from byline.check.inspection import manuscript_of
from byline.check.manuscript import Edit, Manuscript, edited
from byline.check.registry import all_rules
from byline.content.aliases import first_address
from byline.frontmatter import headers
from byline.problems import Problem
from byline.storage.files import replace_file
from byline.web.live import LiveSite


def header_fixes(manuscript: Manuscript) -> Iterator[tuple[Problem, tuple[Edit, ...]]]:
    """Slips in the header, put right."""
    for node in manuscript.header.values():
        for slip in node.slips:
            if slip.old:
                start = manuscript.at(slip.line, slip.col)
                problem = Problem("", slip.line, slip.col, "bad-yaml", slip.message, slip.hint, "warning")
                yield problem, (Edit(start, start + len(slip.old), slip.new),)


MOST = 10_000
"""Edits to one file. Each removes one finding, so only a faulty rule can reach this limit."""


def fix_files(live: LiveSite, is_wanted: Callable[[str], bool]) -> list[Problem]:
    """Fix the wanted files, and return the problems that are fixed."""
    settings, done = live.settings, []
    for file in live.tree.scan()[0]:
        if not is_wanted(file.real):
            continue
        kind, dialect = live.tree.kind(file.path), live.tree.dialect
        manuscript = manuscript_of(file.real, kind, settings.zone, dialect, live.engine)
        if manuscript is None:
            continue
        text, problems = fixed(manuscript)
        if problems:
            replace_file(Path(file.real).resolve(), text.encode())
            done += [problem.at(settings.content_root + file.path) for problem in problems]
    return done


def fixed(manuscript: Manuscript) -> tuple[str, list[Problem]]:
    """The text with everything fixed that can be, and the problems that were fixed."""
    done: list[Problem] = []
    refused: set[Problem] = set()
    for _ in range(MOST):
        step = next((step for step in _steps(manuscript) if step[0] not in refused), None)
        if step is None:
            break
        problem, edits = step
        better = manuscript.with_text(edited(manuscript.text, edits))
        if _says_the_same(manuscript, better):
            manuscript = better
            done.append(problem)
        else:
            refused.add(problem)
    return manuscript.text, done


def _steps(manuscript: Manuscript) -> Iterator[tuple[Problem, tuple[Edit, ...]]]:
    for problem, edits in header_fixes(manuscript):
        if edits:
            yield problem, edits
    for rule in all_rules():
        for finding in rule.in_text(manuscript) if rule.in_text else ():
            if finding.edits:
                yield rule.problem(finding), finding.edits


def _says_the_same(before: Manuscript, after: Manuscript) -> bool:
    """Whether body and header mean the same as before, as it has been read."""
    if before.part.body != after.part.body:
        return False
    if (before.fault is None) != (after.fault is None):
        return False
    old, new = _meaning(before), _meaning(after)
    changed = [key for key in old if old[key] != new[key]]
    return not changed


def _meaning(manuscript: Manuscript) -> dict[str, Any]:
    read = headers.read_author if manuscript.kind == "author" else headers.read_post
    meant = structs.asdict(read(manuscript.header, manuscript.zone)[0])
    for key in ("cover", "avatar"):
        if meant.get(key):
            meant[key] = structs.replace(meant[key], line=1, col=1)
    if not meant.get("id"):  # with old addresses, the first of them may be written as what it is in feeds
        meant["id"] = first_address(meant["aliases"])
    return meant | {"places": None}
