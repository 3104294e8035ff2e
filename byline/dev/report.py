"""The report: what is wrong with the site now, and what the last save broke and fixed."""

import threading
from collections import Counter
from collections.abc import Iterable, Iterator
from urllib.parse import unquote

import click

from byline.check.inspection import everything
from byline.problems import Problem, SiteError, counted
from byline.urls import quoted
from byline.web.live import LiveSite, Snapshot

COLOURS = {"error": "red", "warning": "yellow", "hint": "blue"}
MOST = 20
"""Problems that are printed at a time: the desk lists all."""

Sense = tuple[str, str, str]


class Report:
    """The problems of `live`, which are looked for once for each snapshot."""

    def __init__(self, live: LiveSite) -> None:
        self._live = live
        self._lock = threading.Lock()
        self._snapshot: Snapshot | None = None
        self._problems: list[Problem] = []
        self._told: list[Problem] | None = None

    def problems(self) -> list[Problem]:
        """All that `flask check` would print. Raises SiteError."""
        with self._lock:
            snapshot = self._live.snapshot()
            if snapshot is not self._snapshot:
                self._problems = everything(self._live)
                self._snapshot = snapshot
            return self._problems

    def count(self, url: str) -> tuple[str, bool]:
        """How much is wrong with what the page at `url` was written in; with the whole site, where it has no file."""
        try:
            problems = self.problems()
        except SiteError:
            return "", False  # the page itself says so
        site = self._live.snapshot().site
        paths = {item.url: item.path for item in (*site.by_url.values(), *site.all_authors) if item.path}
        path = paths.get(quoted(unquote(url)), "")
        return counted([it for it in problems if it.severity != "hint" and path in ("", it.path)]), bool(path)

    def news(self) -> Iterator[str]:
        """Lines for the terminal: at first the errors and how much there is, then what is new and what is fixed."""
        try:
            now = self.problems()
        except SiteError as error:
            now = [Problem("", 0, 0, "unreadable", line) for line in str(error).split("\n")]
        before, self._told = self._told, now
        if before is None:
            yield from _lines((problem for problem in now if problem.is_error), "")
            yield f" * {counted(now)}" if now else " * No problems found"
            return
        yield from _lines(_without(now, before), "new: ")
        yield from _lines(_without(before, now), "fixed: ")


def _without(problems: list[Problem], others: list[Problem]) -> Iterator[Problem]:
    """Those of `problems` that are not among `others`, wherever in their file: a new line moves all below it."""
    known = Counter(map(_sense, others))
    for problem in problems:
        if known[_sense(problem)]:
            known[_sense(problem)] -= 1
        else:
            yield problem


def _sense(problem: Problem) -> Sense:
    return problem.path, problem.code, problem.message


def _lines(problems: Iterable[Problem], start: str) -> Iterator[str]:
    found = list(problems)
    for problem in found[:MOST]:
        text = str(problem) if problem.path else problem.message
        colour = "green" if start == "fixed: " else COLOURS[problem.severity]
        yield click.style(f"{start}{problem.severity}", fg=colour) + f" {text}"
    if len(found) > MOST:
        yield f"{start}{len(found) - MOST} more: see the desk"
