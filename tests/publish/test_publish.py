"""`flask publish`, by its command, into a folder: what is sent, what is deleted, and what is left alone."""

from pathlib import Path

import pytest
from obstore import store

from byline.publish.bucket import Bucket
from tests.helpers.paper import Paper, contents

SITE = 'title = "The Paper"\nurl = "https://paper.test"\nsocial_cards = false\n'


@pytest.fixture
def target(paper: Paper, tmp_path: Path) -> Path:
    paper.settings(SITE)
    paper.post("one")
    paper.post("two")
    return tmp_path / "there"


def publish(paper: Paper, target: Path, *options: str, code: int = 0) -> str:
    result = paper.run("publish", f"file://{target}", *options)
    assert result.exit_code == code, result.output
    return result.output


def test_the_target_holds_the_frozen_site_byte_for_byte(paper: Paper, target: Path) -> None:
    """With all that a server reads there by rules of its own."""
    paper.settings(SITE + 'precompressed = true\nhosts = ["netlify", "nginx"]\n')
    paper.post("bare", permalink="/2025/bare")
    paper.post("below", permalink="/2025/bare/below/")
    publish(paper, target)
    assert (target / "_redirects").exists()
    assert contents(target) == paper.printed()


def test_only_what_an_edit_changes_is_sent(paper: Paper, target: Path) -> None:
    publish(paper, target)
    old = (target / "posts" / "two" / "index.html").stat().st_ino
    paper.post("one", "Other words.")
    said = publish(paper, target)
    assert contents(target) | paper.printed() == contents(target)
    assert (target / "posts" / "two" / "index.html").stat().st_ino == old
    assert ": 0 sent (0 kB), 0 deleted" in publish(paper, target), said


def test_a_dry_run_names_what_would_be_done_and_does_nothing(paper: Paper, target: Path) -> None:
    publish(paper, target)
    before = contents(target)
    paper.post("three")
    (paper.folder / "pages" / "posts" / "two.md").unlink()
    said = publish(paper, target, "--dry-run", "--delete")
    assert "send posts/three/index.html" in said
    assert "delete posts/two/index.html" in said
    assert contents(target) == before


def test_what_the_site_no_longer_has_stays_until_it_is_to_be_deleted(paper: Paper, target: Path) -> None:
    publish(paper, target)
    (paper.folder / "pages" / "posts" / "two.md").unlink()
    said = publish(paper, target)
    assert "that the site no longer has are still there" in said
    assert "--delete deletes them" in said
    assert "posts/two/index.html" in contents(target)
    publish(paper, target, "--delete")
    assert contents(target) == paper.printed()


def test_files_of_others_in_a_folder_are_neither_replaced_nor_deleted(paper: Paper, target: Path) -> None:
    (target / "holiday").mkdir(parents=True)
    (target / "holiday" / "photo.jpg").write_text("mine")
    assert "holds files that Byline did not write, such as holiday" in publish(paper, target, code=1)
    (target / ".git").mkdir()  # where files of others are expected
    publish(paper, target)
    (target / "posts" / "two" / "index.html").write_text("mine, too")
    (paper.folder / "pages" / "posts" / "two.md").unlink()
    assert "is no longer what Byline wrote there" in publish(paper, target, "--delete", code=1)
    assert (target / "holiday" / "photo.jpg").read_text() == "mine"
    assert (target / "posts" / "two" / "index.html").read_text() == "mine, too"


def test_what_is_lost_there_is_sent_again(paper: Paper, target: Path) -> None:
    publish(paper, target)
    (target / "posts" / "two" / "index.html").unlink()
    assert "1 sent" in publish(paper, target)
    assert contents(target) == paper.printed()


def test_a_packed_file_does_not_outlive_what_it_was_packed_from(paper: Paper, target: Path) -> None:
    """A server that has both would go on sending the old one."""
    paper.settings(SITE + "precompressed = true\n")
    paper.post("one", "Words. " * 500)
    publish(paper, target)
    assert (target / "posts" / "one" / "index.html.gz").exists()
    paper.settings(SITE)
    publish(paper, target)
    assert contents(target) == paper.printed()


@pytest.mark.parametrize(("before", "after"), [("/2025", "/2025/a"), ("/2025/a", "/2025")])
def test_a_file_makes_way_for_a_folder_and_back(paper: Paper, target: Path, before: str, after: str) -> None:
    paper.write("public" + before, "words")
    publish(paper, target)
    (paper.folder / f"public{before}").unlink()
    if before.count("/") > 1:
        (paper.folder / f"public{before}").parent.rmdir()
    paper.write("public" + after, "words")
    publish(paper, target)
    assert contents(target) == paper.printed()


def test_a_folder_that_the_site_is_made_from_is_no_target(paper: Paper, target: Path) -> None:
    for name in ("pages", "public/there", ".", "build", "build/there"):
        result = paper.run("publish", f"file://{paper.folder / name}")
        assert result.exit_code == 2, name
        assert not (paper.folder / "build").exists()


def test_a_site_with_errors_is_not_published(paper: Paper, target: Path) -> None:
    publish(paper, target)
    before = contents(target)
    paper.post("three", date="soon")
    publish(paper, target, code=1)
    assert contents(target) == before


def test_an_address_that_is_none_is_refused(paper: Paper, target: Path) -> None:
    result = paper.run("publish", "ftp://paper.test")
    assert result.exit_code == 2
    assert "'ftp://paper.test' starts with none of s3://, gs://, az://, file://, git+" in result.output


def test_a_damaged_ledger_says_what_to_do(paper: Paper, target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = store.MemoryStore()
    monkeypatch.setattr(Bucket, "_opened", lambda _self, _patience: place)
    assert paper.run("publish", "s3://paper").exit_code == 0
    place.put(".byline/ledger", b"{}")
    result = paper.run("publish", "s3://paper")
    assert result.exit_code == 1
    assert "delete .byline/ledger, .byline/doubt and .byline/claim, and everything is sent again" in result.output
    place.delete([".byline/ledger", ".byline/doubt", ".byline/claim"])
    assert paper.run("publish", "s3://paper").exit_code == 0


def test_redirects_that_no_object_can_be_are_told(paper: Paper, target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = store.MemoryStore()
    monkeypatch.setattr(Bucket, "_opened", lambda _self, _patience: place)
    paper.settings(SITE + '[redirects]\n"/old/*" = "/posts/*"\n"/plain/" = "/posts/one/"\n')
    result = paper.run("publish", "s3://paper")
    assert result.exit_code == 0, result.output
    assert "1 of your `redirects` need a server, such as /old/*" in result.output
    assert b"/posts/one/" in bytes(place.get("plain/index.html").bytes())
