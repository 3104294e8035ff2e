"""A branch of a git repository as the target: one commit from each site to the next."""

import subprocess
from pathlib import Path

import pytest

from byline.publish.branch import _Repository
from tests.helpers.paper import Paper

SITE = 'title = "The Paper"\nurl = "https://paper.test"\nsocial_cards = false\n'


def git(folder: Path, *arguments: str, given: bytes = b"") -> str:
    run = subprocess.run(["git", "-C", str(folder), *arguments], input=given, capture_output=True, check=True)
    return run.stdout.decode()


@pytest.fixture
def remote(paper: Paper, tmp_path: Path) -> Path:
    paper.settings(SITE)
    paper.post("one")
    paper.post("two")
    folder = tmp_path / "remote.git"
    subprocess.run(["git", "init", "--quiet", "--bare", "-b", "main", str(folder)], check=True)
    git(folder, "config", "uploadpack.allowFilter", "true")
    return folder


def publish(paper: Paper, remote: Path, *options: str, code: int = 0) -> str:
    result = paper.run("publish", f"git+file://{remote}#gh-pages", *options)
    assert result.exit_code == code, result.output
    return result.output


def held(remote: Path, ref: str = "gh-pages") -> dict[str, bytes]:
    names = git(remote, "ls-tree", "-r", "-z", "--name-only", ref).split("\0")[:-1]
    show = ["git", "-C", str(remote), "show"]
    return {
        name: subprocess.run([*show, f"{ref}:{name}"], capture_output=True, check=True).stdout
        for name in names
        if name != ".byline/ledger"
    }


def commit(remote: Path, name: str, text: str) -> None:
    """Of somebody else's, on the branch."""
    blob = git(remote, "hash-object", "-w", "--stdin", given=text.encode()).strip()
    git(remote, "read-tree", "gh-pages")
    git(remote, "update-index", "--add", "--cacheinfo", f"100644,{blob},{name}")
    tree = git(remote, "write-tree").strip()
    who = ("-c", "user.name=Desk", "-c", "user.email=desk@paper.test")
    made = git(remote, *who, "commit-tree", tree, "-p", "gh-pages", "-m", "Mine").strip()
    git(remote, "update-ref", "refs/heads/gh-pages", made)


def commits(remote: Path) -> int:
    return int(git(remote, "rev-list", "--count", "gh-pages"))


def test_a_new_branch_holds_the_frozen_site_byte_for_byte(paper: Paper, remote: Path) -> None:
    paper.settings(SITE + 'hosts = ["github"]\n')
    paper.write("static/lines.txt", b"one\r\ntwo\r\n")  # which git may not turn into others
    paper.write("public/.gitattributes", "* text=auto\n")
    publish(paper, remote)
    assert held(remote) == paper.printed()
    assert ".nojekyll" in held(remote)


def test_an_edit_is_one_commit_and_no_edit_is_none(paper: Paper, remote: Path) -> None:
    publish(paper, remote)
    paper.post("one", "Other words.")
    publish(paper, remote)
    assert commits(remote) == 2
    changed = git(remote, "diff", "--name-only", "gh-pages~", "gh-pages").split()
    assert "posts/one/index.html" in changed
    assert "posts/two/index.html" not in changed
    assert ": 0 sent (0 kB), 0 deleted" in publish(paper, remote)
    assert commits(remote) == 2


def test_only_what_changed_is_brought_and_sent(paper: Paper, remote: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    publish(paper, remote)
    paper.post("one", "Other words.")
    push, counts = _Repository.push, []

    def counted(self: _Repository, message: str) -> None:
        push(self, message)
        counts.append(self._run("cat-file", "--batch-all-objects", "--batch-check").count(" blob "))

    monkeypatch.setattr(_Repository, "push", counted)
    publish(paper, remote)
    changed = git(remote, "diff", "--name-only", "gh-pages~", "gh-pages").split()
    assert counts[0] <= len(changed) + 1, changed  # and the ledger as it was
    assert counts[0] < len(held(remote)) / 2


def test_a_repository_of_the_other_hash(paper: Paper, tmp_path: Path, remote: Path) -> None:
    folder = tmp_path / "other.git"
    subprocess.run(["git", "init", "-q", "--bare", "--object-format=sha256", "-b", "gh-pages", str(folder)], check=True)
    tree = git(folder, "write-tree").strip()
    who = ("-c", "user.name=Desk", "-c", "user.email=desk@paper.test")
    git(folder, "update-ref", "refs/heads/gh-pages", git(folder, *who, "commit-tree", tree, "-m", "None").strip())
    publish(paper, folder)
    (paper.folder / "pages" / "posts" / "two.md").unlink()
    publish(paper, folder, "--delete")
    assert held(folder) == paper.printed()


def test_files_of_others_stay_and_are_not_replaced(paper: Paper, remote: Path) -> None:
    publish(paper, remote)
    commit(remote, "CNAME", "paper.test")
    (paper.folder / "pages" / "posts" / "two.md").unlink()
    publish(paper, remote, "--delete")
    assert held(remote) == paper.printed() | {"CNAME": b"paper.test"}
    before = commits(remote)
    for name in ("CNAME", "CNAME/below"):
        paper.write(f"public/{name}", "other.test")
        assert "in the way in gh-pages, and not written by Byline: CNAME; remove them" in publish(paper, remote, code=1)
        (paper.folder / "public" / name).unlink()
    assert commits(remote) == before


def test_what_the_site_no_longer_has_stays_until_it_is_to_be_deleted(paper: Paper, remote: Path) -> None:
    publish(paper, remote)
    (paper.folder / "pages" / "posts" / "two.md").unlink()
    assert "--delete deletes them" in publish(paper, remote)
    assert "posts/two/index.html" in held(remote)
    assert "delete posts/two/index.html" in publish(paper, remote, "--delete", "--dry-run")
    publish(paper, remote, "--delete")
    assert held(remote) == paper.printed()


def test_a_file_makes_way_for_a_folder_and_back(paper: Paper, remote: Path) -> None:
    for name in ("2025", "2025/a", "2025"):
        file = paper.write(f"public/{name}", "words")
        publish(paper, remote)
        assert held(remote) == paper.printed()
        file.unlink()
        if file.parent.name == "2025":
            file.parent.rmdir()


def test_of_two_at_once_the_second_is_told(paper: Paper, remote: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    publish(paper, remote)
    paper.post("one", "Other words.")
    push = _Repository.push

    def late(self: _Repository, message: str) -> None:
        commit(remote, "other", "words")
        push(self, message)

    with monkeypatch.context() as patched:
        patched.setattr(_Repository, "push", late)
        said = publish(paper, remote, code=1)
    assert "[rejected]" in said
    assert "run this again if another has published in the meantime" in said
    publish(paper, remote, "--delete")
    assert held(remote) == paper.printed() | {"other": b"words"}


def test_what_git_says_is_told_without_the_password(paper: Paper, remote: Path) -> None:
    result = paper.run("publish", "git+https://desk:secret@127.0.0.1:9/paper.git#gh-pages")
    assert result.exit_code == 1
    assert "git could not ls-remote" in result.output
    assert "secret" not in result.output


def test_an_address_without_a_branch_is_refused(paper: Paper, remote: Path) -> None:
    result = paper.run("publish", f"git+file://{remote}")
    assert result.exit_code == 2
    assert "name the branch, as in git+https://git.example.org/paper.git#gh-pages" in result.output
