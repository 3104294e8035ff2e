"""What `flask freeze` tells whoever waits for it."""

import re

import pytest

from byline.cli import progress
from tests.helpers.paper import Paper
from tests.helpers.papers import jpeg


def test_without_a_terminal_it_tells_in_lines_how_far_it_is(paper: Paper, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "PAUSE", 0)
    for name in ("a", "b"):
        paper.write(f"pages/posts/{name}.jpg", jpeg(300, 200))
    paper.post("one", "![a](a.jpg)\n\n![b](b.jpg)")
    lines = paper.freeze().stderr.splitlines()
    assert "Making pictures: 1 of 2, about 0:00:00 left" in lines
    assert any(re.fullmatch(r"Printing pages: 3 of \d+, about 0:00:0\d left", line) for line in lines)
    assert lines.count("Making pictures: 2 of 2, about 0:00:00 left") == 0, "the summary says so"


def test_nobody_is_told_of_what_takes_no_time(paper: Paper) -> None:
    paper.post("one")
    assert paper.freeze().stderr == ""


def test_a_command_can_be_run_by_itself(paper: Paper) -> None:
    """As an app's own tests would."""
    paper.post("one")
    app = paper.app()
    run = app.test_cli_runner().invoke(app.cli.commands["freeze"], ["--out", "there", "--no-search"])
    assert run.exit_code == 0
    assert (paper.folder / "there/posts/one/index.html").exists()
