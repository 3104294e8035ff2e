"""Repairs: edits for errors that are reported where headers are read, if only one thing can have been meant."""

import re
from collections.abc import Iterator

from byline import dates
from byline.check.isodates import iso_form
from byline.check.manuscript import Edit, Manuscript
from byline.check.rules.date_form import KEYS, replacing
from byline.errors import Problem

_PAIR = re.compile(r"([ \t]*(?:-[ ]+)?[A-Za-z_][\w.\- ]*:[ \t]+)([^\s\"'\[\]{}|>&*!#%].*?)(?=[ \t]*$|[ \t]+#)")
_NEEDS_QUOTES = re.compile(r".*:(?:[ \t]|$)|[@`]")


def repairs(manuscript: Manuscript) -> Iterator[tuple[Problem, tuple[Edit, ...]]]:
    if manuscript.fault:
        yield from _quoted(manuscript, manuscript.fault.problem)
    for key in KEYS:
        for node in manuscript.values(key):
            typed = node.value if isinstance(node.value, str) else ""
            better = iso_form(typed)
            try:
                dates.parse(typed, manuscript.zone)
            except dates.BadDate as error:
                if better:
                    problem = Problem("", node.line, node.col, "bad-date", f"`{key}`: {error.args[0]}", error.args[1])
                    yield problem, replacing(manuscript, node, better)


def _quoted(manuscript: Manuscript, fault: Problem) -> Iterator[tuple[Problem, tuple[Edit, ...]]]:
    """The value in which YAML tripped over a colon or a leading `@`, in quotation marks."""
    if fault.code != "bad-yaml" or manuscript.part.form != "yaml":
        return
    line = manuscript.line(fault.line)
    pair = _PAIR.match(line)
    if pair and _NEEDS_QUOTES.match(pair[2]) and not _continues(manuscript, fault.line):
        start = manuscript.at(fault.line, pair.start(2) + 1)
        yield fault, (Edit(start, start + len(pair[2]), _in_quotes(pair[2])),)


def _continues(manuscript: Manuscript, number: int) -> bool:
    """Whether the value goes on in the next line, which is indented deeper."""
    if number >= manuscript.part.body_line - 1:
        return False
    here, there = manuscript.line(number), manuscript.line(number + 1)
    return bool(there.strip()) and len(there) - len(there.lstrip()) > len(here) - len(here.lstrip())


def _in_quotes(value: str) -> str:
    """In double quotes, unless something in it would mean more there than what it says."""
    if '"' in value or "\\" in value:
        return "'" + value.replace("'", "''") + "'"
    return f'"{value}"'
