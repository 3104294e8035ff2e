"""The documentation is true: its settings, commands and options exist, and what it tells people to type runs."""

import gzip
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from docs import front_matter, settings, theming
from tests.helpers.fresh import copy_project
from tests.helpers.manual import IS_HERE, MANUAL
from tests.helpers.paper import ROOT, Paper
from tests.helpers.papers import full_paper

PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
PAGES += sorted(MANUAL.rglob("*.md")) if IS_HERE else []
BLOCK = re.compile(r"^( *)```sh\n(.*?)^ *```$", re.M | re.S)
FLASK = re.compile(r"""^((?:\w+=(?:'[^']*'|"[^"]*"|\S+) )*)(?:[.\w]+/bin/)?(flask|byline) (.+)$""")
STAYING = ("run", "shell", "new", "eject", "init", "import")
"""Commands that wait for a person, or write."""
OTHERS = (
    ". env/bin/activate",
    "python -m venv ",
    "python -m pip install byline-",
    "git ",
    "cd ",
    "rm -r warm",
    "uv pip ",
    "pre-commit ",
    "grep ",
    "python3 -m venv ",
    "engine/bin/pip install ",
)
"""Commands that are not Byline's own; only their syntax is checked."""


def lines_told() -> Iterator[tuple[str, str]]:
    """(page, line) of every line that a page tells people to type; a continued line counts as one."""
    for path in PAGES:
        for _, block in BLOCK.findall(path.read_text(encoding="utf-8")):
            for line in block.replace("\\\n", " ").split("\n"):
                told = re.sub(r"(^|\s+)#.*", "", line).strip()
                if told:
                    yield path.relative_to(ROOT).as_posix(), re.sub(r" +", " ", told)


TOLD = sorted(set(lines_told()))


def options_of(command: click.Command) -> set[str]:
    names = {
        name
        for parameter in command.get_params(click.Context(command))
        for name in parameter.opts
        if name.startswith("--")
    }
    return names - {"--help"}


def table_after(text: str, heading: str) -> set[str]:
    part = text.split(f"\n{heading}\n", 1)[1].split("\n## ", 1)[0]
    return set(re.findall(r"^\| `([^`]+)`", part, re.M))


def test_settings_are_those_there_are() -> None:
    assert (ROOT / "docs" / "settings.md").read_text() == settings.page(), "write it again: python -m docs.settings"


def test_front_matter_is_what_there_is() -> None:
    text = (ROOT / "docs" / "front-matter.md").read_text()
    assert text == front_matter.page(), "write it again: python -m docs.front_matter"


def test_blocks_are_those_there_are() -> None:
    assert theming.PAGE.read_text(encoding="utf-8") == theming.page(), "write it again: python -m docs.theming"
    assert set(theming.SHOWS) == {block for name in theming.templates() for block in theming.blocks(name)}


def test_commands_are_those_there_are(paper: Paper) -> None:
    text = (ROOT / "docs" / "commands.md").read_text()
    commands = paper.app().cli.commands
    for name in ("freeze", "changed", "publish", "check", "import", "new"):
        assert table_after(text, f"## flask {name}") == options_of(commands[name]), name
    told = {name.removeprefix("flask ") for name in re.findall(r"^\| `(flask \w+)`", text, re.M)}
    assert told == set(commands) | {"run", "routes", "shell"}
    targets = set(re.findall(r"^\.PHONY: (.+)$", (ROOT / "Makefile").read_text(), re.M)[0].split())
    assert {name.split()[1] for name in re.findall(r"^\| `(make [\w-]+)`", text, re.M)} == targets


def test_something_is_told() -> None:
    assert len(TOLD) > 5


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site as a clone has it."""
    folder = copy_project(tmp_path_factory.mktemp("docs") / "site")
    full_paper(Paper(folder))
    for name in ("Makefile", "requirements.txt", "requirements-dev.txt"):
        shutil.copy(ROOT / name, folder)
    (folder / "access.log.gz").write_bytes(gzip.compress(b"/about/\n"))
    return folder


@pytest.mark.parametrize(("source", "line"), TOLD, ids=[f"{source}: {line}"[:80] for source, line in TOLD])
def test_what_is_told_runs(site: Path, source: str, line: str) -> None:
    for made in ("build", "preview", "review", "warm"):
        shutil.rmtree(site / made, ignore_errors=True)
    assert subprocess.run(["sh", "-n", "-c", line]).returncode == 0
    found = FLASK.match(line)
    if found:
        variables, _, arguments = found.groups()
        waits = arguments.split()[0] in STAYING
        program = (
            f"{variables} exec {sys.executable} -m byline {arguments.split()[0] + ' --help' if waits else arguments}"
        )
        run = subprocess.run(["sh", "-c", program], cwd=site, capture_output=True, text=True)
        assert run.returncode == 0, run.stdout + run.stderr
    elif "make " in line:
        target = re.search(r"\bmake ([\w-]+)", line)
        assert target
        run = subprocess.run(["make", "-n", target[1]], cwd=site, capture_output=True, text=True)
        assert run.returncode == 0, run.stderr
    else:
        assert line.startswith(OTHERS), f"{source} tells people to type what is not known here: {line}"


@pytest.mark.parametrize("page", ["SECURITY.md", "ARCHITECTURE.md"])
def test_what_a_page_promises_has_a_test(page: str) -> None:
    named = re.findall(r"`(tests/[^`]+)`", (ROOT / page).read_text(encoding="utf-8"))
    assert len(named) > 15
    assert [path for path in named if not (ROOT / path).exists()] == []


def test_the_readme_shows_what_was_measured() -> None:
    rows = re.findall(r"^\| cold freeze.*$", (ROOT / "README.md").read_text(encoding="utf-8"), re.M)
    assert len(rows) == 3
    measured = (ROOT / "bench" / "RESULTS.md").read_text(encoding="utf-8").splitlines()
    assert set(rows) <= set(measured), "`make bench` writes both"
