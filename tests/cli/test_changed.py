"""What has changed since the last freeze, or since a revision of git."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from byline.freeze import changes
from byline.web.live import LiveSite
from tests.helpers.paper import ROOT, Paper

SETTINGS = 'title = "The Paper"\nurl = "https://paper.test"\nsocial_cards = false\n'


def git(paper: Paper, *arguments: str) -> None:
    who = ["-c", "user.name=Ann", "-c", "user.email=ann@paper.test"]
    subprocess.run(["git", *who, *arguments], cwd=paper.folder, check=True, capture_output=True)


def commit(paper: Paper) -> None:
    git(paper, "add", "--all")
    git(paper, "commit", "--quiet", "--message", "As it is")


def changed(paper: Paper, *options: str, code: int = 0) -> tuple[list[str], str]:
    run = paper.run("changed", *options)
    assert run.exit_code == code, run.output
    return run.stdout.splitlines(), run.stderr


@pytest.fixture
def kept(paper: Paper, monkeypatch: pytest.MonkeyPatch) -> Paper:
    """A paper in a repository, with one commit."""
    shutil.copy(ROOT / "app.py", paper.folder)
    paper.settings(SETTINGS)
    paper.write(".gitignore", "build/\n.cache/\n__pycache__/\n")
    paper.post("one")
    paper.post("two", date="2025-05-02")
    git(paper, "init", "--quiet", "--initial-branch", "main")
    commit(paper)
    monkeypatch.chdir(paper.folder)
    return paper


def test_without_a_frozen_site_it_says_what_to_do(paper: Paper) -> None:
    paper.post("one")
    told = changed(paper, code=1)[1]
    assert "there is no frozen site in build/" in told
    assert "run `flask freeze` first" in told


def test_since_the_last_freeze(paper: Paper) -> None:
    paper.settings(SETTINGS)
    paper.post("one")
    paper.post("two")
    paper.freeze()
    assert changed(paper) == ([], "Nothing has changed since the last freeze.\n")
    paper.post("one", "Other text.")
    paper.post("three", tags="[sea]")
    (paper.folder / "pages/posts/two.md").unlink()
    lines, told = changed(paper)
    assert {"new /posts/three/", "new /tags/sea/", "changed /posts/one/", "changed /", "gone /posts/two/"} <= set(lines)
    assert "changed /about/" not in lines
    assert told.startswith("Since the last freeze: 4 new, ")
    paper.freeze()
    assert changed(paper)[0] == []


def test_what_changes_no_byte_is_no_change(paper: Paper) -> None:
    """The setting is in every tag."""
    paper.settings(SETTINGS)
    paper.post("one")
    paper.freeze()
    paper.settings(f"{SETTINGS}trusted_proxies = 1\n")
    assert changed(paper)[0] == []
    paper.settings(SETTINGS.replace("The Paper", "The Other Paper"))
    assert "changed /posts/one/" in changed(paper)[0]


def test_where_an_old_address_leads_is_part_of_its_page(paper: Paper) -> None:
    """It has no tag."""
    paper.settings(SETTINGS)
    paper.post("one", aliases="/old/")
    paper.post("two")
    paper.freeze()
    paper.post("one")
    paper.post("two", aliases="/old/")
    assert "changed /old/" in changed(paper)[0]


def test_what_has_an_error_is_told(paper: Paper) -> None:
    paper.settings(SETTINGS)
    paper.post("one")
    paper.post("two")
    paper.freeze()
    paper.post("two", date="soon")
    lines, told = changed(paper)
    assert "gone /posts/two/" in lines
    assert "1 error: what has one is left out here" in told


def test_since_a_revision(kept: Paper) -> None:
    assert changed(kept, "--since", "HEAD") == ([], "Nothing has changed since HEAD.\n")
    kept.post("one", "Other text.")
    kept.post("three", date="2025-05-03")
    commit(kept)
    (kept.folder / "pages/posts/two.md").unlink()
    kept.post("four", date="2025-05-04")  # not even committed
    lines, told = changed(kept, "--since", "HEAD~1")
    assert {"new /posts/three/", "new /posts/four/", "changed /posts/one/", "gone /posts/two/"} <= set(lines)
    assert not [line for line in lines if line.endswith(("/about/", ".css"))]
    assert told.startswith("Since HEAD~1: 2 new, ")
    lines = changed(kept, "--since", "main")[0]
    assert {"new /posts/four/", "gone /posts/two/"} <= set(lines)
    assert "new /posts/three/" not in lines


def test_both_sides_have_one_clock(kept: Paper) -> None:
    """That of the process which reads the revision is years ahead."""
    kept.post("later", date="2025-07-01")
    commit(kept)
    assert changed(kept, "--since", "HEAD")[0] == []
    kept.post("later", date="2025-05-30")
    assert "new /posts/later/" in changed(kept, "--since", "HEAD")[0]


def test_the_code_of_then_makes_the_pages_of_then(kept: Paper) -> None:
    kept.write("app.py", (ROOT / "app.py").read_text() + '\n\n@app.get("/hello/")\ndef hello():\n    return "Hi"\n')
    commit(kept)
    kept.write("app.py", (kept.folder / "app.py").read_text().replace("hello", "hi"))
    assert "gone /hello/" in changed(kept, "--since", "HEAD")[0]
    assert "new /hello/" not in changed(kept, "--since", "HEAD~1")[0], "the app here is not the one on the disk"


def test_nothing_in_the_repository_is_touched(kept: Paper) -> None:
    kept.post("one", "Other text.")
    git(kept, "add", "--all")
    kept.post("one", "Third text.")

    def state() -> list[str]:
        command = ["git", "status", "--porcelain"]
        return subprocess.run(command, cwd=kept.folder, capture_output=True, text=True).stdout.splitlines()

    before = state()
    changed(kept, "--since", "HEAD")
    assert state() == before == ["MM pages/posts/one.md"]


def test_a_site_below_the_top_of_its_repository(paper: Paper, monkeypatch: pytest.MonkeyPatch) -> None:
    inner = Paper(paper.folder / "web" / "news")
    inner.settings(SETTINGS)
    shutil.copy(ROOT / "app.py", inner.folder)
    inner.post("one")
    paper.write(".gitignore", ".cache/\n")
    git(paper, "init", "--quiet")
    commit(paper)
    inner.post("two")
    monkeypatch.chdir(inner.folder)
    assert "new /posts/two/" in changed(inner, "--since", "HEAD")[0]
    inner.folder = inner.folder.rename(paper.folder / "web" / "blog")
    monkeypatch.chdir(inner.folder)
    assert "HEAD has no web/blog/: name a later revision" in changed(inner, "--since", "HEAD", code=1)[1]


def test_a_hook_of_git_can_ask(paper: Paper, monkeypatch: pytest.MonkeyPatch) -> None:
    """It runs with variables that tell of the commit in progress, seen from the top of the repository."""
    inner = Paper(paper.folder / "news")
    inner.settings(SETTINGS)
    shutil.copy(ROOT / "app.py", inner.folder)
    inner.post("one")
    git(paper, "init", "--quiet")
    commit(paper)
    inner.post("one", "Other text.")
    monkeypatch.chdir(inner.folder)
    with monkeypatch.context() as hook:
        hook.setenv("GIT_DIR", ".git")
        hook.setenv("GIT_INDEX_FILE", ".git/index")
        assert "changed /posts/one/" in changed(inner, "--since", "HEAD")[0]
    assert subprocess.run(["git", "diff", "--cached", "--quiet"], cwd=paper.folder).returncode == 0


def test_what_is_the_same_is_not_even_made(kept: Paper, monkeypatch: pytest.MonkeyPatch) -> None:
    """The tags of both processes are equal, wherever the files and the store are."""
    kept.post("one", aliases="/old/")
    commit(kept)
    made: list[str] = []

    def noted(live: LiveSite, url: str) -> str:
        made.append(url)
        return "the same"

    monkeypatch.setattr(changes, "_content", noted)
    changed(kept, "--since", "HEAD")
    assert set(made) == {"/old/", "/posts/"}, "only these have no tags"


@pytest.mark.parametrize("revision", ["nowhere", "--all", "HEAD~9"])
def test_an_unknown_revision_is_told(kept: Paper, revision: str) -> None:
    told = changed(kept, f"--since={revision}", code=1)[1]
    assert f"{revision} is no revision of {kept.folder}: name a commit, a branch or a tag" in told


def test_a_site_that_is_in_no_repository(paper: Paper) -> None:
    paper.post("one")
    told = changed(paper, "--since", "HEAD", code=1)[1]
    assert f"{paper.folder} is not in a git repository: leave --since out, or run `git init` and commit" in told


def test_a_machine_without_git(kept: Paper, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert "git is not installed, which this needs" in changed(kept, "--since", "HEAD", code=1)[1]


def test_a_revision_that_cannot_be_made_is_told(kept: Paper) -> None:
    kept.settings('titel = "The Paper"')
    commit(kept)
    kept.settings(SETTINGS)
    told = changed(kept, "--since", "HEAD", code=1)[1]
    assert "the site as of HEAD cannot be made with the Byline of now" in told
    assert "`titel` is not a setting" in told


def test_content_that_is_not_of_then_is_told(kept: Paper, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BYLINE_PAGES", os.fspath(kept.folder / "pages"))
    told = changed(kept, "--since", "HEAD", code=1)[1]
    assert f"{kept.folder}/pages is not as it was at HEAD" in told


def test_submodules_are_told(kept: Paper) -> None:
    sha = subprocess.run(["git", "rev-parse", "HEAD"], cwd=kept.folder, capture_output=True, text=True).stdout.strip()
    git(kept, "update-index", "--add", "--cacheinfo", f"160000,{sha},pages/shared")
    git(kept, "commit", "--quiet", "--message", "A submodule")
    assert "Not compared: pages/shared, a submodule" in changed(kept, "--since", "HEAD")[1]
