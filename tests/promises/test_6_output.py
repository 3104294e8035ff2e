"""The output folder is safe: Byline touches only what the manifest names."""

import errno
import json
import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

import filelock
import pytest

from byline.freeze.output import OutputFolder
from byline.storage.fingerprint import digest
from tests.helpers.paper import ROOT, Paper


def test_a_folder_with_strangers_files_is_refused(paper: Paper) -> None:
    paper.post("one")
    paper.write("build/photo.jpg", "mine")
    run = paper.freeze()
    assert run.exit_code == 1
    assert "photo.jpg" in run.output
    assert [path.name for path in (paper.folder / "build").iterdir()] == ["photo.jpg"]


def test_an_empty_folder_and_one_with_dot_files_are_taken(paper: Paper) -> None:
    paper.post("one")
    paper.write("build/.git/HEAD", "ref")
    assert paper.freeze().exit_code == 0
    assert paper.page(".git/HEAD") == "ref"


@pytest.mark.parametrize(
    "strangers", [{"CNAME": "paper.test"}, {".git": "gitdir: x", "CNAME": "x", "README.md": "old"}]
)
def test_what_a_host_needs_beside_the_site_is_no_stranger(paper: Paper, strangers: dict[str, str]) -> None:
    """GitHub's CNAME, and a work tree of the branch that a host publishes. `--verify` compares only what is ours."""
    paper.post("one")
    for name, text in strangers.items():
        paper.write(f"build/{name}", text)
    shutil.copy(ROOT / "app.py", paper.folder)
    (paper.folder / "byline").symlink_to(ROOT / "byline")
    run = paper.freeze("--verify")
    assert run.exit_code == 0, run.output
    assert {name: paper.page(name) for name in strangers} == strangers


def test_in_a_work_tree_no_file_of_others_is_overwritten(paper: Paper) -> None:
    paper.post("one")
    paper.write("build/.git", "gitdir: x")
    paper.write("build/index.html", "of another program")
    run = paper.freeze()
    assert run.exit_code == 1
    assert "build/index.html is in the way and Byline did not write it" in run.output
    assert paper.page("index.html") == "of another program"


@pytest.mark.parametrize("out", [".", "..", "pages/out", "static", "templates/out", "./static/../static/out"])
def test_the_site_is_not_frozen_into_or_around_its_sources(paper: Paper, out: str) -> None:
    paper.post("one")
    paper.write("static/x.css", "")
    paper.write("templates/x.html", "")
    before = sorted(paper.folder.rglob("*"))
    run = paper.freeze(out=out)
    assert run.exit_code == 2
    assert "choose another" in run.output
    assert [path for path in sorted(paper.folder.rglob("*")) if ".cache" not in str(path)] == before


def test_without_a_temporary_folder(paper: Paper, monkeypatch: pytest.MonkeyPatch) -> None:
    paper.post("one")
    monkeypatch.setattr(tempfile, "_candidate_tempdir_list", lambda: [str(paper.folder / "none")])
    monkeypatch.setattr(tempfile, "tempdir", None)
    for arguments, state in (("--search",), "Nothing was written"), (("--verify",), "Froze"):
        run = paper.freeze(*arguments)
        assert run.exit_code == 1
        assert "no temporary file can be written" in run.output
        assert "set TMPDIR" in run.output
        assert state in run.output


@pytest.mark.parametrize("step", ["makedirs", "replace", "unlink"])
def test_what_stops_a_switch_is_told_as_it_is(paper: Paper, monkeypatch: pytest.MonkeyPatch, step: str) -> None:
    """The disk is full from the first file after the commit on."""
    paper.post("one")
    paper.post("gone")
    assert paper.freeze().exit_code == 0
    old = paper.tree()
    (paper.folder / "pages/posts/gone.md").unlink()
    paper.post("two")
    journal = paper.folder / "build/.byline/journal.json"
    real = getattr(os, step)

    def full(path: str, *arguments: Any, **options: Any) -> Any:
        if journal.exists():
            raise OSError(errno.ENOSPC, "No space left on device", str(path))
        return real(path, *arguments, **options)

    with monkeypatch.context() as patch:
        patch.setattr(os, step, full)
        for _ in range(2):  # the second run tries to finish the first
            run = paper.freeze()
            assert run.exit_code == 1
            assert "No space left on device" in run.output
            assert "may be part old and part new until the next freeze finishes it" in run.output
            assert "Nothing was written" not in run.output
    assert paper.freeze().exit_code == 0
    assert paper.tree() != old
    assert "posts/two/index.html" in paper.tree()
    assert "posts/gone/index.html" not in paper.tree()


def test_before_the_commit_a_full_disk_changes_nothing(paper: Paper, monkeypatch: pytest.MonkeyPatch) -> None:
    paper.post("one")
    assert paper.freeze().exit_code == 0
    old = paper.tree()
    paper.post("two")

    def full(*_: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(OutputFolder, "write", full)
        run = paper.freeze()
    assert run.exit_code == 1
    assert "build: No space left on device" in run.output
    assert "Nothing was written: build is unchanged." in run.output
    assert paper.tree() == old


def test_an_address_that_changes_its_case_on_a_disk_that_ignores_case(paper: Paper) -> None:
    """The old file and the new one are the same there: here, one is a link to the other."""
    paper.settings('url = "https://paper.test"\nunicode_slugs = true\n[slugs]\nLaw = "Law"')
    paper.post("one", tags="Law")
    assert paper.freeze().exit_code == 0
    build = paper.folder / "build/tags"
    shutil.copytree(build / "Law", build / "law", copy_function=os.link)
    paper.settings('url = "https://paper.test"\nunicode_slugs = true')
    run = paper.freeze()
    assert run.exit_code == 0, run.output
    assert "/tags/law/" in paper.page("tags/law/index.html")
    assert not (build / "Law/index.html").exists()


def test_strangers_files_stay(paper: Paper) -> None:
    paper.post("one")
    paper.post("two")
    assert paper.freeze().exit_code == 0
    for name in ("CNAME", "posts/one/mine.txt", "posts/two/mine.txt"):
        paper.write(f"build/{name}", "mine")
    (paper.folder / "pages/posts/two.md").unlink()
    run = paper.freeze()
    assert run.exit_code == 0
    assert "2 deleted" in run.output  # the page and its social card
    assert not (paper.folder / "build/posts/two/index.html").exists()
    for name in ("CNAME", "posts/one/mine.txt", "posts/two/mine.txt"):
        assert paper.page(name) == "mine"


def test_emptied_folders_go(paper: Paper) -> None:
    paper.post("one")
    paper.post("two")
    paper.freeze()
    (paper.folder / "pages/posts/two.md").unlink()
    paper.freeze()
    assert not (paper.folder / "build/posts/two").exists()


@pytest.mark.parametrize("kind", ["file", "folder", "link"])
def test_what_is_in_the_way_stops_the_freeze(paper: Paper, tmp_path: Path, kind: str) -> None:
    paper.post("one")
    assert paper.freeze().exit_code == 0
    paper.post("two")
    way = paper.folder / "build/posts/two"
    if kind == "file":
        paper.write("build/posts/two/index.html", "mine")
    elif kind == "folder":
        (way / "index.html").mkdir(parents=True)
    else:
        elsewhere = tmp_path / "elsewhere"
        elsewhere.mkdir()
        way.symlink_to(elsewhere)
    before = paper.tree()
    run = paper.freeze()
    assert run.exit_code == 1
    assert "posts/two" in run.output
    assert paper.tree() == before
    if kind == "link":
        assert list((tmp_path / "elsewhere").iterdir()) == []


def test_errors_leave_the_last_good_output(paper: Paper) -> None:
    paper.post("one")
    paper.freeze()
    before = paper.tree()
    paper.post("one", "Changed.")
    paper.post("two", date="soon")
    run = paper.freeze()
    assert run.exit_code == 1
    assert "pages/posts/two.md:3:7: bad-date" in run.output
    assert paper.tree() == before


def test_a_failing_template_leaves_the_last_good_output(paper: Paper) -> None:
    paper.post("one")
    paper.post("two")
    paper.post("three")
    paper.freeze()
    before = paper.tree()
    paper.override("article.html", "{{ post.title }}", "{{ post.title }}\n{{ post.nonsense }}")
    run = paper.freeze()
    assert run.exit_code == 1
    (fault,) = [line for line in run.output.split("\n") if "templates/article.html:17:1: template" in line]
    assert fault.startswith("/posts/")
    assert fault.endswith("(and 2 more pages)")
    assert "Traceback" not in run.output
    assert paper.tree() == before


def test_one_freeze_at_a_time(paper: Paper) -> None:
    paper.post("one")
    paper.freeze()
    with filelock.FileLock(paper.folder / "build/.byline/lock"):
        run = paper.freeze()
    assert run.exit_code == 1
    assert "another freeze" in run.output


def test_a_damaged_manifest_is_named(paper: Paper) -> None:
    paper.post("one")
    paper.freeze()
    paper.write("build/.byline/manifest.json", "{")
    run = paper.freeze()
    assert run.exit_code == 1
    assert "manifest.json is damaged" in run.output


def test_a_missing_file_is_printed_again(paper: Paper) -> None:
    paper.post("one")
    paper.freeze()
    before = paper.tree()
    (paper.folder / "build/feed.xml").unlink()
    assert "1 written" in paper.freeze().output
    assert paper.tree() == before


def test_a_file_of_ours_with_other_times_is_ours(paper: Paper) -> None:
    """As it is after a checkout of the published branch."""
    paper.post("one")
    paper.post("two")
    paper.freeze()
    for path in (paper.folder / "build").rglob("*.*"):
        os.utime(path, (1, 1))
    (paper.folder / "pages/posts/two.md").unlink()
    paper.post("one", title="Another title")
    run = paper.freeze()
    assert run.exit_code == 0, run.output
    assert not (paper.folder / "build/posts/two").exists()
    assert "Another title" in paper.page("posts/one/index.html")


@pytest.mark.parametrize("change", ["edit", "delete"])
def test_the_owners_own_file_in_place_of_ours_stays(paper: Paper, change: str) -> None:
    paper.post("one")
    paper.post("two")
    paper.freeze()
    paper.write("build/posts/two/index.html", "mine")
    if change == "edit":
        paper.post("two", title="Another title")
    else:
        (paper.folder / "pages/posts/two.md").unlink()
    before = paper.tree()
    run = paper.freeze()
    assert run.exit_code == 1
    assert "build/posts/two/index.html is no longer what Byline wrote there; move it, or delete it" in run.output
    assert paper.tree() == before
    (paper.folder / "build/posts/two/index.html").unlink()
    assert paper.freeze().exit_code == 0


@pytest.mark.parametrize("what", ["posts/two", "posts", "posts/two/index.html"])
@pytest.mark.parametrize("change", ["edit", "delete"])
def test_nothing_is_touched_through_a_link(paper: Paper, tmp_path: Path, what: str, change: str) -> None:
    paper.post("one")
    paper.post("two")
    paper.freeze()
    ours, elsewhere = paper.folder / "build" / what, tmp_path / "elsewhere"
    shutil.move(ours, elsewhere)
    ours.symlink_to(elsewhere)
    before = {path: path.read_bytes() for path in [elsewhere, *elsewhere.rglob("*")] if path.is_file()}
    assert before
    if change == "edit":
        paper.post("two", title="Another title")
    else:
        (paper.folder / "pages/posts/two.md").unlink()
    run = paper.freeze()
    assert run.exit_code == 1
    assert str(ours) in run.output
    assert {path: path.read_bytes() for path in before} == before


OUTSIDE = ["../victim", "posts/../../victim", "/victim", ".byline/lock", "..\\victim", "C:victim", ""]
RECORDS = [(record, path) for record in ("manifest", "moves", "deletes") for path in OUTSIDE]
RECORDS += [("staged", path) for path in OUTSIDE if "/" in path or not path]


@pytest.mark.parametrize(("record", "path"), RECORDS)
def test_a_record_that_leads_out_of_the_folder_is_refused(paper: Paper, record: str, path: str) -> None:
    paper.post("one")
    paper.freeze()
    victim = paper.write("victim", "mine")
    manifest = json.loads(paper.page(".byline/manifest.json"))
    if record == "manifest":
        manifest["files"][path] = manifest["files"]["feed.xml"]
        paper.write("build/.byline/manifest.json", json.dumps(manifest))
    else:
        journal = {
            "moves": {"0": path} if record == "moves" else {path: "new.html"} if record == "staged" else {},
            "deletes": [path] if record == "deletes" else [],
            "manifest": manifest,
        }
        paper.write("build/.byline/journal.json", json.dumps(journal))
    paper.write("build/.byline/staging/0", "other")
    run = paper.freeze()
    assert run.exit_code == 1
    assert "is damaged" in run.output
    assert victim.read_text() == "mine"
    assert (paper.folder / "build/.byline/lock").exists()


@pytest.mark.parametrize("kind", ["file", "link", "own file"])
def test_what_appears_before_a_recovery_is_not_overwritten(paper: Paper, tmp_path: Path, kind: str) -> None:
    paper.post("one")
    paper.freeze()
    manifest = json.loads(paper.page(".byline/manifest.json"))
    name = "index.html" if kind == "own file" else "posts/new/index.html"
    waiting = paper.write("build/.byline/staging/0", "new page").stat()
    printed = {"content": digest(b"new page"), "size": waiting.st_size, "mtime_ns": waiting.st_mtime_ns}
    after = manifest | {"files": manifest["files"] | {name: manifest["files"]["feed.xml"] | printed}}
    paper.write("build/.byline/journal.json", json.dumps({"moves": {"0": name}, "deletes": [], "manifest": after}))
    if kind == "link":
        elsewhere = tmp_path / "elsewhere"
        elsewhere.mkdir()
        (paper.folder / "build/posts/new").symlink_to(elsewhere)
        assert paper.freeze().exit_code == 1
        assert list(elsewhere.iterdir()) == []
        return
    paper.write(f"build/{name}", "mine")
    run = paper.freeze()
    assert run.exit_code == 1
    assert name in run.output
    assert paper.page(name) == "mine"
    (paper.folder / "build" / name).unlink()
    assert paper.freeze().exit_code == 0


@pytest.mark.parametrize("name", ["", "/lock", "/staging", "/manifest.json", "/journal.json"])
def test_linked_records_are_refused(paper: Paper, tmp_path: Path, name: str) -> None:
    paper.post("one")
    paper.freeze()
    record, elsewhere = paper.folder / f"build/.byline{name}", tmp_path / "elsewhere"
    if record.exists():
        shutil.move(record, elsewhere)
    else:
        elsewhere.write_text("mine")
    record.symlink_to(elsewhere)
    before = {path: path.read_bytes() for path in [elsewhere, *elsewhere.rglob("*")] if path.is_file()}
    paper.post("two")
    run = paper.freeze()
    assert run.exit_code == 1
    assert f".byline{name} is a link" in run.output
    assert {path: path.read_bytes() for path in before} == before
