"""What machines share: the second finds everything computed, and nothing that it finds can make a page wrong."""

import logging
import shutil
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from obstore.store import MemoryStore

from byline.content import reader
from byline.media import files
from byline.storage.shared import SIGNATURE, Shared
from byline.web import live
from tests.helpers.paper import NOON, Paper
from tests.helpers.papers import jpeg

SITE = 'title = "The Paper"\nurl = "https://paper.test"\n'
SECRET = "a secret of all desks"


@pytest.fixture
def place(monkeypatch: pytest.MonkeyPatch) -> MemoryStore:
    """The bucket."""
    bucket = MemoryStore()
    monkeypatch.setattr(Shared, "_opened", lambda _self: bucket)
    monkeypatch.setenv("BYLINE_STORE_SECRET", SECRET)
    monkeypatch.setenv("BYLINE_STORE_WRITE", "1")
    return bucket


@pytest.fixture
def first(paper: Paper, place: MemoryStore) -> Paper:
    """A machine that has given what it has made; its folder of pages is everybody's."""
    paper.settings(SITE + 'store = "s3://paper"\n')
    paper.write("pages/posts/photo.jpg", jpeg())
    for number in range(5):
        paper.post(f"post-{number}", f"Words of {number}.\n\n![A photograph](photo.jpg)")
    assert freeze(paper) == 0
    assert names(place)
    return paper


def freeze(paper: Paper) -> int:
    return paper.freeze().exit_code


def names(place: MemoryStore) -> list[str]:
    return [found["path"] for some in place.list() for found in some]


@pytest.fixture
def another(first: Paper, tmp_path: Path) -> Callable[[], Paper]:
    """A function that gives one more machine, with the same pages and nothing computed."""

    def made() -> Paper:
        folder = tmp_path / f"machine-{len(list(tmp_path.iterdir()))}"
        shutil.copytree(first.folder, folder, ignore=shutil.ignore_patterns(".cache", "build"))
        paper = Paper.__new__(Paper)
        paper.folder, paper.now = folder, NOON
        return paper

    return made


@pytest.fixture
def work(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is computed instead of found, by name."""
    done: list[str] = []

    def note(module: Any, name: str) -> None:
        function = getattr(module, name)

        def wrapped(*arguments: Any, **named: Any) -> Any:
            done.append(name)
            return function(*arguments, **named)

        monkeypatch.setattr(module, name, wrapped)

    for module, name in ((reader, "parse"), (live, "variants"), (live, "card"), (files, "facts")):
        note(module, name)
    monkeypatch.setattr("byline.storage.memo.processors", lambda: 1)
    return done


def test_a_second_machine_computes_nothing_and_prints_the_same(
    first: Paper, another: Callable[[], Paper], work: list[str]
) -> None:
    second = another()
    assert freeze(second) == 0
    assert work == []
    assert second.tree() == first.tree()
    second.post("post-0", "Other words.\n\n![A photograph](photo.jpg)")
    assert freeze(second) == 0
    assert set(work) == {"parse"}


def test_an_edit_gives_only_what_is_new(first: Paper, place: MemoryStore) -> None:
    before = {name: place.head(name)["last_modified"] for name in names(place)}
    first.post("post-0", "Other words.\n\n![A photograph](photo.jpg)")
    assert freeze(first) == 0
    given = [name for name in names(place) if before.get(name) != place.head(name)["last_modified"]]
    assert 1 <= len(given) <= 2, given


HELD_BACK = {"draft": {"draft": "true"}, "soon": {"date": "2026-01-01"}, "over": {"expires": "2025-05-02"}}


@pytest.mark.parametrize("name", HELD_BACK)
def test_nothing_of_what_readers_may_not_see_is_given(paper: Paper, place: MemoryStore, name: str) -> None:
    paper.settings(SITE + 'store = "s3://paper"\n')
    paper.post("shown", "Words that everybody reads, marked qwertz.")
    paper.write("pages/posts/secret.jpg", jpeg())
    paper.post(name, "Words that nobody reads, marked asdfgh.\n\n![Secret](secret.jpg)", **HELD_BACK[name])
    assert paper.freeze("--drafts", out="review").exit_code == 0
    assert names(place) == []
    assert freeze(paper) == 0
    everything = b"".join(opened(bytes(place.get(it).bytes())) for it in names(place))
    assert b"qwertz" in everything
    assert b"asdfgh" not in everything
    # A card for the one that is shown, and no picture.
    assert len([it for it in names(place) if "/files/" in it]) == 1


def opened(data: bytes) -> bytes:
    try:
        return zlib.decompress(data[SIGNATURE:])
    except zlib.error:
        return data


def test_what_expires_is_taken_back(first: Paper, place: MemoryStore) -> None:
    first.post("post-0", "Words of 0.\n\n![A photograph](photo.jpg)", expires="2025-05-02")
    assert freeze(first) == 0
    assert b"Words of 0." not in b"".join(opened(bytes(place.get(it).bytes())) for it in names(place))


def forged(place: MemoryStore) -> None:
    for name in names(place):
        data = bytes(place.get(name).bytes())
        place.put(name, data[:SIGNATURE] + opened(data).replace(b"Words", b"Lies."))


def swapped(place: MemoryStore) -> None:
    some = {name: bytes(place.get(name).bytes()) for name in names(place)}
    for name, other in zip(some, [*list(some)[1:], next(iter(some))], strict=True):
        place.put(name, some[other])


def truncated(place: MemoryStore) -> None:
    for name in names(place):
        place.put(name, bytes(place.get(name).bytes())[:-1])


def emptied(place: MemoryStore) -> None:
    for name in names(place):
        place.put(name, b"")


@pytest.mark.parametrize("spoil", [forged, swapped, truncated, emptied])
def test_what_is_not_signed_is_computed_again(
    first: Paper,
    another: Callable[[], Paper],
    place: MemoryStore,
    work: list[str],
    spoil: Callable[[MemoryStore], None],
) -> None:
    spoil(place)
    second = another()
    assert freeze(second) == 0
    assert {"parse", "variants", "card", "facts"} <= set(work)
    assert second.tree() == first.tree()


def test_what_another_secret_has_signed_is_computed_again(
    another: Callable[[], Paper], work: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BYLINE_STORE_SECRET", "a secret of somebody else")
    assert freeze(another()) == 0
    assert {"parse", "variants", "card"} <= set(work)


def test_what_another_kind_of_machine_has_made_is_not_asked_for(
    another: Callable[[], Paper], work: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("byline.storage.shared.edition", lambda _code: "that-of-another-machine")
    assert freeze(another()) == 0
    assert {"parse", "variants", "card"} <= set(work)


@pytest.mark.parametrize("secret", ["", "short"])
def test_without_a_secret_it_counts_as_empty_and_that_is_told(
    another: Callable[[], Paper],
    work: list[str],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    secret: str,
) -> None:
    monkeypatch.setenv("BYLINE_STORE_SECRET", secret)
    with caplog.at_level(logging.WARNING, "byline"):
        assert freeze(another()) == 0
    assert caplog.text.count("the shared store s3://paper counts as empty: set BYLINE_STORE_SECRET") == 1
    assert "parse" in work


def test_who_may_only_read_gives_nothing(
    another: Callable[[], Paper], place: MemoryStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("BYLINE_STORE_WRITE")
    before = names(place)
    second = another()
    second.post("more", "Words.")
    assert freeze(second) == 0
    assert names(place) == before


@pytest.mark.parametrize("value", ["false", "0", "no", "perhaps"])
def test_only_yes_is_leave_to_write(
    paper: Paper, place: MemoryStore, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, value: str
) -> None:
    monkeypatch.setenv("BYLINE_STORE_WRITE", value)
    paper.settings(SITE + 'store = "s3://paper"\n')
    paper.post("a")
    with caplog.at_level(logging.WARNING, "byline"):
        assert freeze(paper) == 0
    assert names(place) == []
    assert ("which is neither 1 nor 0" in caplog.text) is (value == "perhaps")


def test_the_site_of_another_time_is_not_given(paper: Paper, place: MemoryStore) -> None:
    paper.settings(SITE + 'store = "s3://paper"\n')
    paper.post("soon", date="2026-01-01")
    assert paper.freeze("--at", "2026-02-01").exit_code == 0
    assert names(place) == []


def test_what_others_delete_is_given_again(first: Paper, place: MemoryStore, monkeypatch: pytest.MonkeyPatch) -> None:
    before = set(names(place))
    place.delete(list(before))
    monkeypatch.setattr("byline.storage.shared.FRESH", -1)
    first.post("post-0", "Other words.\n\n![A photograph](photo.jpg)")
    assert freeze(first) == 0
    assert len(names(place)) >= len(before)


def test_an_empty_one_is_asked_once(paper: Paper, place: MemoryStore, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def listed(_self: Shared, folder: str) -> set[str]:
        asked.append(folder)
        return set()

    monkeypatch.setattr(Shared, "_list", listed)
    monkeypatch.delenv("BYLINE_STORE_WRITE")
    paper.settings(SITE + 'store = "s3://paper"\n')
    paper.post("a")
    live = paper.live()
    for _ in range(3):
        live.refresh()
        live.snapshot()
    assert asked == ["entries/"]


def test_an_import_has_its_scratch_in_this_machine_s_cache(first: Paper) -> None:
    assert first.live().settings.cache == ".cache"
    assert not (first.folder / "s3:").exists()


def test_a_bucket_that_cannot_be_reached_costs_time_alone(
    first: Paper, another: Callable[[], Paper], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(_self: Shared) -> None:
        raise OSError("no route to host")

    monkeypatch.setattr(Shared, "_opened", fail)
    second = another()
    with caplog.at_level(logging.WARNING, "byline"):
        assert freeze(second) == 0
    assert caplog.text.count("cannot be used (no route to host): what it holds is computed here") == 1
    assert second.tree() == first.tree()


def test_a_server_finds_pictures_that_another_machine_has_made(
    first: Paper, another: Callable[[], Paper], work: list[str]
) -> None:
    client = another().client()
    photographs = [path for path in first.media() if path.endswith(".jpg")]
    assert photographs
    for path in photographs:
        assert client.get(f"/{path}").data == (first.folder / "build" / path).read_bytes()
    assert work == []


def test_other_addresses_are_refused(paper: Paper) -> None:
    paper.settings(SITE + 'store = "ftp://paper"\n')
    with pytest.raises(Exception, match="'ftp://paper' is neither a folder nor an address that begins with s3://"):
        paper.app()
