"""The store never returns wrong data: what is damaged, foreign or out of reach counts as absent."""

import multiprocessing
import os
import random
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from byline.content import reader
from byline.markdown.render import Rendered
from byline.storage.store import FILE_NAME, Store
from tests.helpers.fresh import unprivileged
from tests.helpers.paper import ROOT, Paper


def filled(folder: Path, count: int = 3) -> Store:
    store = Store(folder)
    for number in range(count):
        store.put(f"key{number}", b"value%d" % number)
    store.flush()
    return store


def test_what_was_put_is_found_again(tmp_path: Path) -> None:
    filled(tmp_path)
    assert Store(tmp_path).get("key1") == b"value1"
    assert Store(tmp_path).get("other") is None


def test_what_waits_is_found_before_it_is_written(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.put("key", b"value")
    assert store.get("key") == b"value"
    assert Store(tmp_path).get("key") is None


def test_a_damaged_value_is_absent(tmp_path: Path) -> None:
    filled(tmp_path)
    with sqlite3.connect(tmp_path / FILE_NAME) as db:
        db.execute("UPDATE entry SET value = substr(value, 1, 10) WHERE key = 'key0'")
        db.execute("UPDATE entry SET value = 'text' WHERE key = 'key1'")
        db.execute("UPDATE entry SET value = x'00' WHERE key = 'key2'")
    store = Store(tmp_path)
    assert [store.get(f"key{number}") for number in range(3)] == [None, None, None]


def test_a_value_under_another_key_is_absent(tmp_path: Path) -> None:
    filled(tmp_path).put_file("one", b"first")
    with sqlite3.connect(tmp_path / FILE_NAME) as db:
        db.execute("UPDATE entry SET value = (SELECT value FROM entry WHERE key = 'key1') WHERE key = 'key0'")
    shutil.copy(tmp_path / "media/one", tmp_path / "media/two")
    store = Store(tmp_path)
    assert store.get("key0") is store.get_file("two") is None
    assert store.get_many(["key0", "key1"]) == {"key1": b"value1"}
    assert store.get_file("one") == b"first"


@pytest.mark.proof
def test_no_changed_byte_gives_a_wrong_value(tmp_path: Path) -> None:
    """2,000 single bytes anywhere in the file; among them those of keys, of the index and of row numbers."""
    values = {f"key{number}": b"value%d" % number * 9 for number in range(300)}
    whole = Store(tmp_path / "whole")
    for key, value in values.items():
        whole.put(key, value)
    whole.close()
    sound = (tmp_path / "whole" / FILE_NAME).read_bytes()
    dice = random.Random(8)
    lost = 0
    for number in range(2000):
        changed = bytearray(sound)
        changed[dice.randrange(len(sound))] ^= 1 << dice.randrange(8)
        folder = tmp_path / "changed"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        (folder / FILE_NAME).write_bytes(changed)
        store = Store(folder)
        found = store.get_many(list(values)) | {key: one for key in values if (one := store.get(key)) is not None}
        assert not [key for key, value in found.items() if values.get(key) != value], number
        lost += len(found) < len(values)
        store.put("new", b"new")
        store.close()
    assert lost > 100


@pytest.mark.parametrize("content", [b"", b"no database", b"SQLite format 3\0" + b"\xff" * 4000])
def test_a_foreign_file_is_replaced(tmp_path: Path, content: bytes) -> None:
    (tmp_path / FILE_NAME).write_bytes(content)
    filled(tmp_path)
    assert Store(tmp_path).get("key1") == b"value1"


def test_another_programs_tables_are_replaced(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / FILE_NAME) as db:
        db.execute("CREATE TABLE entry (name TEXT)")
    filled(tmp_path)
    assert Store(tmp_path).get("key1") == b"value1"


def test_a_file_cut_short_while_open(tmp_path: Path) -> None:
    store = filled(tmp_path, 2000)
    path = tmp_path / FILE_NAME
    path.write_bytes(path.read_bytes()[:5000])
    for number in range(2000):
        assert store.get(f"key{number}") in (None, b"value%d" % number)
    store.put("new", b"new")
    store.flush()
    assert store.get("new") in (None, b"new")


def test_without_a_place_to_write_it_lives_in_memory(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    store = Store(tmp_path / "file")
    store.put("key", b"value")
    store.flush()
    assert store.get("key") == b"value"
    assert not store.is_persistent


@pytest.mark.skipif(os.getuid() == 0 and not shutil.which("setpriv"), reason="root needs setpriv to give up its rights")
def test_what_cannot_be_written_is_read(tmp_path: Path) -> None:
    store = Store(tmp_path / "cache")
    store.put("old", b"old value")
    store.put_file("picture", b"pixels")
    store.close()
    for path in (*(tmp_path / "cache").rglob("*"), tmp_path / "cache"):
        path.chmod(0o555 if path.is_dir() else 0o444)
    program = f"""
from pathlib import Path
from byline.storage.store import Store
store = Store(Path({str(tmp_path / "cache")!r}))
for number in range(1000):
    store.put(f"new{{number}}", b"new value")
store.flush()
assert not store.is_persistent
assert store.get("old") == b"old value"
assert store.get_file("picture") == b"pixels"
assert store.get_many(["old", "new7", "none"]) == {{"old": b"old value", "new7": b"new value"}}
assert store.prune([]) == 0
"""
    subprocess.run(unprivileged([sys.executable, "-c", program]), cwd=ROOT, check=True)
    (tmp_path / "cache").chmod(0o755)


def put_many(folder: Path, start: int) -> None:
    store = Store(folder)
    for number in range(start, start + 500):
        store.put(f"key{number}", b"value%d" % number)
    store.flush()


def test_two_processes_share_it(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    processes = [context.Process(target=put_many, args=(tmp_path, start)) for start in (0, 250)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
        assert process.exitcode == 0
    store = Store(tmp_path)
    assert all(store.get(f"key{number}") == b"value%d" % number for number in range(750))


def test_pruning_waits_until_it_is_worth_it(tmp_path: Path) -> None:
    store = filled(tmp_path, 10)
    assert store.prune({f"key{number}" for number in range(5)}) == 0
    assert store.prune({"key0"}) == 9
    assert (store.get("key0"), store.get("key9")) == (b"value0", None)


def test_a_warm_start_renders_nothing(paper: Paper, monkeypatch: pytest.MonkeyPatch) -> None:
    rendered: list[str] = []
    render = vars(reader)["render"]

    def counted(body: str, *arguments: Any, **options: Any) -> Rendered:
        rendered.append(body)
        result: Rendered = render(body, *arguments, **options)
        return result

    monkeypatch.setattr(reader, "render", counted)
    for number in range(5):
        paper.post(f"p{number}")
    paper.live().snapshot()
    assert len(rendered) == 5
    paper.live().snapshot()
    assert len(rendered) == 5
    paper.post("p0", "Changed.")
    paper.live().snapshot()
    assert rendered[5:] == ["Changed.\n"]


def test_the_cache_may_be_deleted_while_the_site_is_served(paper: Paper) -> None:
    paper.post("one", "The body.")
    app = paper.app()
    client = app.test_client()
    before = client.get("/posts/one/").data
    with sqlite3.connect(paper.folder / ".cache" / FILE_NAME) as db:
        db.execute("DELETE FROM entry")
    assert client.get("/posts/one/").data == before
    with sqlite3.connect(paper.folder / ".cache" / FILE_NAME) as db:
        db.execute("DELETE FROM entry")
    paper.post("one", "Another body.")
    assert b"Another body." in paper.client().get("/posts/one/").data


def test_a_body_that_changed_after_the_store_lost_it_comes_from_a_new_snapshot(paper: Paper) -> None:
    paper.post("one", "The body.")
    client = paper.client()
    old = client.get("/posts/one/")
    with sqlite3.connect(paper.folder / ".cache" / FILE_NAME) as db:
        db.execute("DELETE FROM entry")
    paper.post("one", "Another body.", title="Another title")
    new = client.get("/posts/one/")
    assert b"Another body." in new.data
    assert b"Another title" in new.data
    assert new.headers["ETag"] != old.headers["ETag"]
