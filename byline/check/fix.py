"""Fixing: makes the edits that findings offer, one by one, and only if the text still means the same.

Files are changed at the places of the findings and nowhere else: comments, order and quotation marks stay.
"""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from msgspec import structs

from byline.check.inspection import manuscript_of
from byline.check.manuscript import Edit, Manuscript, edited
from byline.check.registry import all_rules
from byline.frontmatter import headers
from byline.problems import Problem
from byline.storage.files import replace_file
from byline.web.live import LiveSite

_PAIR = re.compile(r"([ \t]*(?:-[ ]+)?[A-Za-z_][\w.\- ]*:[ \t]+)([^\s\"'\[\]{}|>&*!#%].*?)(?=[ \t]*$|[ \t]+#)")
_NEEDS_QUOTES = re.compile(r".*:(?:[ \t]|$)|[@`]")


def header_fixes(manuscript: Manuscript) -> Iterator[tuple[Problem, tuple[Edit, ...]]]:
    if manuscript.fault:
        yield from _quoted(manuscript, manuscript.fault.problem)


def _quoted(manuscript: Manuscript, fault: Problem) -> Iterator[tuple[Problem, tuple[Edit, ...]]]:
    """Puts the value in which YAML tripped over a colon or a leading `@` in quotation marks."""
    if fault.code != "bad-yaml" or manuscript.part.form != "yaml":
        return
    line = manuscript.line(fault.line)
    pair = _PAIR.match(line)
    if pair and _NEEDS_QUOTES.match(pair[2]) and not _continues(manuscript, fault.line):
        start = manuscript.at(fault.line, pair.start(2) + 1)
        yield fault, (Edit(start, start + len(pair[2]), _in_quotes(pair[2])),)


def _continues(manuscript: Manuscript, number: int) -> bool:
    """Whether the value continues on the next line, which is indented further."""
    if number >= manuscript.part.body_line - 1:
        return False
    here, there = manuscript.line(number), manuscript.line(number + 1)
    return bool(there.strip()) and len(there) - len(there.lstrip()) > len(here) - len(here.lstrip())


def _in_quotes(value: str) -> str:
    """In double quotes, or in single quotes if double quotes would change its meaning."""
    if '"' in value or "\\" in value:
        return "'" + value.replace("'", "''") + "'"
    return f'"{value}"'


MOST = 10_000
"""Edits to one file. Each removes one finding, so only a faulty rule can reach this limit."""


def fix_files(live: LiveSite, is_wanted: Callable[[str], bool]) -> list[Problem]:
    """Fix the wanted files, and return the problems that are fixed."""
    settings, done = live.settings, []
    for file in live.tree.scan()[0]:
        if not is_wanted(file.real):
            continue
        kind, dialect = live.tree.kind(file.path), settings.dialect
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
        if _says_the_same(manuscript, better, problem):
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


def _says_the_same(before: Manuscript, after: Manuscript, problem: Problem) -> bool:
    """Whether body and header mean the same as before, apart from the `problem` that was fixed."""
    if before.part.body != after.part.body:
        return False
    if problem.code == "bad-yaml":
        return after.fault is None or after.fault.problem.line > problem.line
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
    return meant | {"places": None}
