"""The output folder is safe: only what the manifest names is touched."""

import fcntl
from pathlib import Path

import pytest

from tests.conftest import Paper


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
    paper.post("two", title=None)
    run = paper.freeze()
    assert run.exit_code == 1
    assert "pages/posts/two.md:1:1: missing-title" in run.output
    assert paper.tree() == before


def test_a_failing_template_leaves_the_last_good_output(paper: Paper) -> None:
    paper.post("one")
    paper.post("two")
    paper.post("three")
    paper.freeze()
    before = paper.tree()
    article = paper.page("../templates/article.html")
    paper.write("templates/article.html", article.replace("{{ post.title }}", "{{ post.title }}\n{{ post.nonsense }}"))
    run = paper.freeze()
    assert run.exit_code == 1
    (fault,) = [line for line in run.output.split("\n") if "templates/article.html:15:1: template" in line]
    assert fault.startswith("/posts/")
    assert fault.endswith("(and so on 2 more)")
    assert "Traceback" not in run.output
    assert paper.tree() == before


def test_one_freeze_at_a_time(paper: Paper) -> None:
    paper.post("one")
    paper.freeze()
    with open(paper.folder / "build/.byline/lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
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


def test_a_changed_or_missing_file_is_printed_again(paper: Paper) -> None:
    paper.post("one")
    paper.freeze()
    before = paper.tree()
    (paper.folder / "build/feed.xml").unlink()
    paper.write("build/index.html", "tampered")
    run = paper.freeze()
    assert "2 written" in run.output
    assert paper.tree() == before
