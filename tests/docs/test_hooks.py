"""The pre-commit hooks and the GitHub action do what they say, in a blog with its own repository."""

import os
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.helpers.findings import HEAD
from tests.helpers.fresh import copy_project
from tests.helpers.paper import ROOT

BIN = Path(sys.executable).parent
ENVIRON = os.environ | {"PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}", "OPTIONS": ""}


@pytest.fixture
def blog(tmp_path: Path) -> Path:
    folder = copy_project(tmp_path / "blog")
    posts = folder / "pages" / "posts"
    posts.mkdir(parents=True)
    (posts / "good.md").write_text(HEAD + "Text.\n")
    (posts / "bad.md").write_text(HEAD.replace("ferry", "bridge").replace("2025-05-01", "soon") + "Text.\n")
    (posts / "odd.md").write_text(HEAD.replace("ferry", "train").replace("2025-05-01", "May 1, 2025") + "Text.\n")
    (folder / "README.md").write_text("# The blog\n")
    return folder


def hooks() -> dict[str, dict[str, Any]]:
    return {hook["id"]: hook for hook in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())}


def run(blog: Path, command: list[str], **environ: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=blog, env=ENVIRON | environ, capture_output=True, text=True)


def test_a_hook_is_about_the_files_of_the_commit(blog: Path) -> None:
    entry = shlex.split(hooks()["byline-check"]["entry"])
    assert run(blog, [*entry, "pages/posts/good.md", "README.md"]).returncode == 0
    failed = run(blog, [*entry, "pages/posts/good.md", "pages/posts/bad.md"])
    assert failed.returncode == 1
    assert failed.stdout.startswith("pages/posts/bad.md:3:7: bad-date")


def test_a_hook_fixes(blog: Path) -> None:
    done = run(blog, [*shlex.split(hooks()["byline-fix"]["entry"]), "pages/posts/odd.md"])
    assert done.returncode == 0
    assert "Fixed: pages/posts/odd.md:3:7: date-form" in done.stderr
    assert "date: 2025-05-01\n" in (blog / "pages" / "posts" / "odd.md").read_text()


def test_hooks_are_of_the_kind_that_pre_commit_installs() -> None:
    assert all(hook["language"] == "python" and hook["types"] == ["markdown"] for hook in hooks().values())


def test_the_action_annotates(blog: Path) -> None:
    action = yaml.safe_load((ROOT / "action.yml").read_text())
    steps = {step.get("name"): step for step in action["runs"]["steps"]}
    assert "--require-hashes -r requirements.txt" in steps["Install"]["run"]
    failed = run(blog, ["bash", "-c", steps["Check"]["run"]])
    assert failed.returncode == 1
    assert failed.stdout.splitlines()[0].startswith("::error file=pages/posts/bad.md,line=3,col=7,title=bad-date::")
    assert run(blog, ["bash", "-c", steps["Check"]["run"]], OPTIONS="pages/posts/good.md").returncode == 0
