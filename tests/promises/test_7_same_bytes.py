"""Freezing: same input, same bytes; only changes are written; the summary says what was done."""

import os
import shutil
import subprocess
import sys

import pytest

from tests.helpers.paper import ROOT, Paper, counts
from tests.helpers.papers import full_paper


def test_the_same_bytes_on_any_machine(paper: Paper) -> None:
    full_paper(paper)
    shutil.copy(ROOT / "app.py", paper.folder)
    (paper.folder / "byline").symlink_to(ROOT / "byline")
    trees = []
    for number, (seed, zone) in enumerate([("0", "UTC"), ("1", "America/St_Johns"), ("2", "Asia/Kathmandu")]):
        environ = {"PYTHONHASHSEED": seed, "TZ": zone, "LC_ALL": "C", "PATH": "", "BYLINE_STORE": f"store{number}"}
        command = [sys.executable, "-m", "flask", "freeze", "--out", f"out{number}", "--at", "2025-06-01T12:00Z"]
        run = subprocess.run(command, cwd=paper.folder, env=environ, capture_output=True, text=True)
        assert run.returncode == 0, run.stderr
        trees.append(paper.tree(f"out{number}"))
    assert trees[0] == trees[1] == trees[2]


def test_the_order_of_files_on_disk_does_not_matter(paper: Paper) -> None:
    for name in ("b", "a", "c"):
        paper.post(name)
    paper.freeze(out="first")
    for name in ("a", "b", "c"):
        (paper.folder / f"pages/posts/{name}.md").rename(paper.folder / f"pages/posts/x{name}.md")
    for name in ("c", "b", "a"):
        (paper.folder / f"pages/posts/x{name}.md").rename(paper.folder / f"pages/posts/{name}.md")
    paper.freeze(out="second")
    assert paper.tree("first") == paper.tree("second")


def test_a_second_freeze_writes_nothing(paper: Paper) -> None:
    full_paper(paper)
    files, written, kept, deleted = counts(paper.freeze().output)
    assert (written, kept, deleted) == (files, 0, 0)
    times = {path: path.stat().st_mtime_ns for path in (paper.folder / "build").rglob("*") if path.suffix}
    assert counts(paper.freeze().output) == (files, 0, files, 0)
    assert times == {path: path.stat().st_mtime_ns for path in times}


def test_only_pages_that_changed_are_written(paper: Paper) -> None:
    paper.settings('url = "https://paper.test"\nfeed_items = 1')
    for day in range(1, 6):
        paper.post(f"d{day}", summary="In short.", date=f"2025-05-0{day}")
    paper.freeze()
    paper.post("d1", "Another text.", summary="In short.", date="2025-05-01")
    assert counts(paper.freeze().output)[1] == 1
    paper.post("d5", date="soon")
    assert paper.freeze("--skip-broken").exit_code == 3
    paper.post("d5", summary="In short.", date="2025-05-05")
    assert paper.freeze().exit_code == 0


def test_skipping_broken_posts_lists_them(paper: Paper) -> None:
    paper.post("one")
    paper.post("bad", date="soon")
    run = paper.freeze("--skip-broken")
    assert run.exit_code == 3
    assert "pages/posts/bad.md:3:7: bad-date" in run.output
    assert "Left out: 1 file with errors" in run.output
    assert (paper.folder / "build/posts/one/index.html").exists()


def test_an_unfinished_draft_stops_nothing(paper: Paper) -> None:
    paper.post("one")
    paper.post("two", title=None, draft="true")
    run = paper.freeze()
    assert run.exit_code == 0
    assert "missing-title" not in run.output
    assert any(problem.startswith("warning pages/posts/two.md") for problem in paper.problems())


def test_a_verified_freeze(paper: Paper) -> None:
    full_paper(paper)
    shutil.copy(ROOT / "app.py", paper.folder)
    (paper.folder / "byline").symlink_to(ROOT / "byline")
    run = paper.freeze("--verify")
    assert run.exit_code == 0, run.output
    assert f"Verified: {len(paper.tree())} files are the same" in run.output
    # A file that is wrong on disk although its size and time are right: only --verify can detect it.
    path = paper.folder / "build/index.html"
    before = path.stat()
    path.write_bytes(path.read_bytes().replace(b"Paper", b"Wrong"))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    run = paper.freeze("--verify")
    assert run.exit_code == 1
    assert "index.html differs from a cold freeze" in run.output


@pytest.mark.parametrize("moment", ["soon", "2025-13-01"])
def test_a_moment_that_is_none(paper: Paper, moment: str) -> None:
    run = paper.freeze("--at", moment)
    assert run.exit_code == 2
    assert "write it like 2025-04-03" in run.output


def test_check_prints_every_problem(paper: Paper) -> None:
    paper.post("one", "[x](no.md)", authors="Ann")
    run = paper.run("check")
    assert run.exit_code == 0
    assert "pages/posts/one.md:6:5: broken-link" in run.output
    assert "1 warning, 1 hint" in run.output
    assert paper.run("check", "--strict").exit_code == 1
    paper.post("two", date="soon")
    assert paper.run("check").exit_code == 1


def test_a_link_to_a_page_that_is_not_is_a_warning(paper: Paper) -> None:
    paper.post("one", "[x](/no/such/page/) [y](/archive/) [z](/feed.xml)")
    run = paper.run("check")
    assert "pages/posts/one.md:5:5: dead-link /no/such/page/ is not a page of this site" in run.output
    assert "1 warning" in run.output


def test_a_site_of_the_future_is_named_as_one(paper: Paper) -> None:
    """It contains what is not published yet."""
    paper.post("later", date="2990-01-01")
    assert "build is the site as of 2990-02-01 10:00" in paper.freeze("--at", "2990-02-01T10:00").stderr
    assert (paper.folder / "build/posts/later/index.html").exists()
    assert "is the site as of" not in paper.freeze("--at", "2025-06-01T12:00").stderr
