"""A freeze reads nothing if no file was touched, and everything again if one was."""

import datetime as dt
import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from byline.cli import freeze as command
from byline.storage import files
from tests.helpers.paper import Paper
from tests.helpers.papers import PNG, full_paper


@pytest.fixture
def printed(paper: Paper, monkeypatch: pytest.MonkeyPatch) -> Paper:
    """A frozen paper whose files are old enough to be trusted."""
    monkeypatch.setattr(files, "YOUNG", 0)
    full_paper(paper)
    settled()
    assert paper.freeze().exit_code == 0
    return paper


def settled() -> None:
    """Wait until a written file is older than the clock's resolution."""
    time.sleep(0.02)


def is_read(paper: Paper, monkeypatch: pytest.MonkeyPatch, *arguments: str) -> bool:
    """Whether a freeze reads the content."""
    seen: list[object] = []
    freeze = vars(command)["freeze"]

    def watched(*given: object, **options: object) -> object:
        seen.append(given)
        return freeze(*given, **options)

    monkeypatch.setattr(command, "freeze", watched)
    run = paper.freeze(*arguments)
    monkeypatch.setattr(command, "freeze", freeze)
    assert run.exit_code in (0, 1, 3), run.output
    return bool(seen) or run.exit_code == 1


def test_an_untouched_site_is_not_read(printed: Paper, monkeypatch: pytest.MonkeyPatch) -> None:
    first = printed.tree()
    assert not is_read(printed, monkeypatch)
    printed.now += dt.timedelta(hours=1)
    assert not is_read(printed, monkeypatch)
    assert printed.tree() == first
    assert "4 warnings, 1 hint; `flask check` lists them." in printed.freeze().output


EDITS: dict[str, Callable[[Paper], object]] = {
    "a body": lambda p: p.post("five", "Other."),
    "a body of the same length": lambda p: p.post("five", "Tixt.", date="2023-01-01", updated="2025-01-01"),
    "a new post": lambda p: p.post("six"),
    "a removed post": lambda p: (p.folder / "pages/posts/five.md").unlink(),
    "a renamed post": lambda p: (p.folder / "pages/posts/five.md").rename(p.folder / "pages/posts/5.md"),
    "a picture": lambda p: p.write("pages/posts/one/dot.png", PNG + b"x"),
    "a template": lambda p: p.write("templates/parts/footer.html", "<footer></footer>"),
    "a stylesheet": lambda p: p.write("static/style.css", "p { color: red }"),
    "a setting": lambda p: p.settings('title = "The Paper"\nurl = "https://other.test"'),
    "an output file": lambda p: p.write("build/index.html", "mine"),
    "a lost output file": lambda p: (p.folder / "build/index.html").unlink(),
    "a broken post": lambda p: p.post("five", date="soon"),
    "an outside link": lambda p: (p.folder / "pages/x.md").symlink_to(Path("/etc/hostname")),
    "the schedule": lambda p: setattr(p, "now", dt.datetime(2025, 7, 1, tzinfo=dt.UTC)),
    "an earlier moment": lambda p: setattr(p, "now", p.now - dt.timedelta(hours=1)),
}


@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS)
def test_whatever_is_touched_is_seen(
    printed: Paper, edit: Callable[[Paper], object], monkeypatch: pytest.MonkeyPatch
) -> None:
    edit(printed)
    settled()
    assert is_read(printed, monkeypatch)


def test_a_young_file_is_told_by_its_content(paper: Paper, monkeypatch: pytest.MonkeyPatch) -> None:
    """Timestamps are coarse: different content may have the same ones."""
    file = paper.post("one", "Text.")
    paper.freeze()
    assert not is_read(paper, monkeypatch)
    times = file.stat()
    paper.post("one", "Tixt.")
    os.utime(file, ns=(times.st_atime_ns, times.st_mtime_ns))
    assert is_read(paper, monkeypatch)


def test_a_site_with_broken_posts_is_read_each_time(printed: Paper, monkeypatch: pytest.MonkeyPatch) -> None:
    printed.post("bad", date="soon")
    settled()
    assert is_read(printed, monkeypatch, "--skip-broken")
    assert is_read(printed, monkeypatch, "--skip-broken")
