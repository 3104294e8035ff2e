"""A file is read again whenever its content may have changed, and only then."""

import os
import time
from pathlib import Path

import pytest

from byline.storage import digests, files
from byline.storage.digests import digests_of
from byline.storage.fingerprint import digest
from byline.storage.memo import Memo
from byline.storage.store import Store


def look(folder: Path, store: Store) -> dict[str, str]:
    found = [found for found in files.walk(folder) if isinstance(found, files.TreeFile)]
    return digests_of(found, Memo(store, "code"))


@pytest.fixture
def old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file that is old enough to be trusted."""
    path = tmp_path / "tree" / "a.md"
    path.parent.mkdir()
    path.write_text("one")
    monkeypatch.setattr(files, "YOUNG", 0)
    time.sleep(0.05)
    return path


def test_what_the_disk_says_is_the_same_is_not_read(old_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = Store(None)
    assert look(old_file.parent, store) == {"a.md": digest(b"one")}
    monkeypatch.setattr(digests, "_digest", lambda *_: pytest.fail("the file was read again"))
    assert look(old_file.parent, store) == {"a.md": digest(b"one")}


def test_a_time_that_was_set_back_does_not_fool_it(old_file: Path) -> None:
    store, before = Store(None), old_file.stat()
    look(old_file.parent, store)
    time.sleep(0.05)
    old_file.write_text("two")  # the same length as before
    os.utime(old_file, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert look(old_file.parent, store) == {"a.md": digest(b"two")}


def test_a_young_file_is_always_read(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("one")
    store = Store(None)
    for content in ("one", "two", "one"):
        (tmp_path / "a.md").write_text(content)
        assert look(tmp_path, store) == {"a.md": digest(content.encode())}


def test_what_cannot_be_read_is_empty_and_not_remembered(old_file: Path) -> None:
    store = Store(None)
    found = files.TreeFile("gone.md", str(old_file.parent / "gone.md"), "a:signature")
    assert digests_of([found], Memo(store, "code")) == {"gone.md": ""}
    assert store.get("file:a:signature") is None
