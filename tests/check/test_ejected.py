"""`flask check` warns of a copy whose original in the theme has changed since, and shows the difference."""

import json
import shutil
from pathlib import Path

import pytest

from byline.media import files
from byline.media.files import THEME
from byline.web import live
from tests.helpers.findings import report, reported
from tests.helpers.paper import Paper


@pytest.fixture
def theme(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The templates of a theme that the test may change."""
    copy = tmp_path / "theme"
    shutil.copytree(THEME, copy)
    for module in (files, live):
        monkeypatch.setattr(module, "THEME", copy)
    return copy / "templates"


@pytest.fixture
def copied(paper: Paper, theme: Path) -> Paper:
    """A paper with a copy of page.html that its owner has changed."""
    assert paper.run("eject", "page.html").exit_code == 0
    change(paper.folder / "templates/page.html", "<h1>{{ page.title }}</h1>", "<h1>{{ page.title }}!</h1>")
    return paper


def change(path: Path, old: str, new: str) -> None:
    text = path.read_bytes().decode()
    assert old in text
    path.write_bytes(text.replace(old, new).encode())


def test_a_copy_of_what_is_still_the_same_is_fine(copied: Paper) -> None:
    assert reported(copied, "outdated-template") == []


def test_a_checkout_with_other_line_ends_is_the_same(copied: Paper, theme: Path) -> None:
    for path in (theme / "page.html", copied.folder / "templates/page.html"):
        change(path, "\n", "\r\n")
    assert reported(copied, "outdated-template") == []


def test_what_has_changed_is_shown(copied: Paper, theme: Path) -> None:
    change(theme / "page.html", '<p class="dek">', '<p class="dek" dir="auto">')
    run = copied.run("check")
    assert run.exit_code == 0
    at = run.stdout.splitlines().index(
        next(line for line in run.stdout.splitlines() if line.startswith("templates/page.html:1:1: outdated-template "))
    )
    first, *difference = run.stdout.splitlines()[at : at + 8]
    assert "the theme's page.html has changed since this copy was made (take over what you want, then change" in first
    assert first.endswith(" [warning]")
    assert difference == [
        "    --- templates/page.html",
        "    +++ theme/page.html",
        "    @@ -8 +7 @@",
        "     {{ bylines.badge(page.status) -}}",
        "    -<h1>{{ page.title }}!</h1>",
        "    +<h1>{{ page.title }}</h1>",
        "     {% if page.dek %}",
    ]
    assert '    +<p class="dek" dir="auto">{{ page.dek }}</p>' in run.stdout
    assert "%0A--- templates/page.html%0A+++" in copied.run("check", "--format", "github").stdout
    (problem,) = [problem for problem in report(copied) if problem["code"] == "outdated-template"]
    assert problem["detail"].startswith("--- templates/page.html\n+++ theme/page.html\n@@ -8 +7 @@\n")
    assert copied.run("check", "--strict").exit_code == 1


def test_what_its_owner_has_added_is_no_difference(copied: Paper, theme: Path) -> None:
    change(copied.folder / "templates/page.html", "</article>\n", "</article>\n<p>mine</p>\n<p>also mine</p>\n")
    change(theme / "page.html", '<div class="body">', '<div class="body" id="text">')
    (problem,) = [problem for problem in report(copied) if problem["code"] == "outdated-template"]
    assert '+<div class="body" id="text">' in problem["detail"]
    assert "mine" not in problem["detail"]


def test_the_new_version_in_the_first_line_settles_it(copied: Paper, theme: Path) -> None:
    own = copied.folder / "templates/page.html"
    before = own.read_text()
    change(theme / "page.html", '<p class="dek">', '<p class="dek" dir="auto">')
    (problem,) = [problem for problem in report(copied) if problem["code"] == "outdated-template"]
    version = problem["hint"].rpartition(" ")[2]
    own.write_text(before.replace(before.split("version ")[1][:12], version))
    assert reported(copied, "outdated-template") == []


def test_a_copy_that_is_what_the_theme_is_now_is_fine(copied: Paper, theme: Path) -> None:
    own = copied.folder / "templates/page.html"
    change(theme / "page.html", '<p class="dek">', '<p class="dek" dir="auto">')
    own.write_text(own.read_text().partition("\n")[0] + "\n" + (theme / "page.html").read_text())
    assert reported(copied, "outdated-template") == []


def test_a_copy_under_another_name_is_found_too(copied: Paper, theme: Path) -> None:
    own = copied.folder / "templates/page.html"
    own.with_name("page-plain.html").write_text("{# Ours. #}\n" + own.read_text())
    own.unlink()
    change(theme / "page.html", '<p class="dek">', '<p class="dek" dir="auto">')
    assert reported(copied, "outdated-template") == ["templates/page-plain.html:2:1"]


def test_a_template_that_the_theme_has_no_more(copied: Paper, theme: Path) -> None:
    copied.run("eject", "parts/share.html")
    (theme / "parts/share.html").unlink()
    (problem,) = [problem for problem in report(copied) if problem["code"] == "outdated-template"]
    assert problem["message"] == "the theme no longer has parts/share.html, of which this is a copy"


def test_a_long_difference_is_cut(copied: Paper, theme: Path) -> None:
    (theme / "page.html").write_text("".join(f"line {number}\n" for number in range(100)))
    (problem,) = [problem for problem in report(copied) if problem["code"] == "outdated-template"]
    *_, last = problem["detail"].splitlines()
    assert len(problem["detail"].splitlines()) == 43
    assert last.startswith("… and ")
    assert json.dumps(problem)
