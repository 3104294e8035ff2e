"""A publisher can be stopped anywhere, and two never mix."""

import itertools
from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar

import pytest
from msgspec import structs
from obstore import store

from byline.problems import SiteError
from byline.publish import publisher as publishing
from byline.publish.bucket import Bucket
from byline.publish.ledger import CLAIM, DOUBT, LEDGER, Claim, Doubt, Kept, claim_of, packed
from byline.publish.publisher import Publisher
from byline.publish.shipment import Parcel


class Killed(BaseException):
    """The process is gone: nothing after this happens."""


class Shelf(Bucket):
    """A bucket in memory, whose server stops answering at the operation of that number, once it has done it or before."""

    def __init__(self, place: store.MemoryStore, dies_at: float = float("inf"), *, after: bool = False) -> None:
        self.place = place
        self.dies_at = dies_at
        self.after = after
        self.done = 0
        super().__init__("s3://shelf")

    def _opened(self, patience: str) -> Any:
        return self.place

    def _counted(self, work: Any, *args: Any) -> Any:
        self.done += 1
        if self.done > self.dies_at or (self.done == self.dies_at and not self.after):
            raise Killed
        result = work(*args)
        if self.done == self.dies_at:
            raise Killed
        return result

    def swap(self, name: str, before: Kept, data: bytes) -> Kept | None:
        return self._counted(super().swap, name, before, data)  # type: ignore[no-any-return]

    def put(self, name: str, file: Path, headers: Mapping[str, str]) -> None:
        self._counted(super().put, name, file, headers)

    def delete(self, name: str) -> None:
        self._counted(super().delete, name)


@pytest.fixture(autouse=True)
def one_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(publishing, "AT_ONCE", 1)


def parcels(folder: Path, **texts: str) -> list[Parcel]:
    made = []
    for number, (name, text) in enumerate(texts.items()):
        file = folder / f"{name}-{text}"
        file.write_text(text)
        made.append(Parcel(name, file, len(text), {"Content-Type": "text/plain"}, text, number % 3))
    return made


def publish(bucket: Bucket, things: list[Parcel], *, delete: bool = True, **options: Any) -> list[str]:
    said: list[str] = []
    options = {"wait": lambda _seconds: None} | options
    publisher = Publisher(bucket, things, tell=said.append, progress=lambda it, _count, _doing: it, **options)
    publisher.publish(delete=delete)
    return said


def held(place: store.MemoryStore) -> dict[str, str]:
    names = [found["path"] for some in place.list() for found in some if not found["path"].startswith(".byline/")]
    return {name: bytes(place.get(name).bytes()).decode() for name in names}


@pytest.mark.parametrize("after", [False, True])
def test_whatever_moment_it_is_killed_at_the_next_one_finishes(tmp_path: Path, *, after: bool) -> None:
    old = parcels(tmp_path, a="1", b="1", c="1", d="1", e="1")
    new = parcels(tmp_path, a="2", b="1", c="2", f="1", g="1")
    third = parcels(tmp_path, a="1", b="1", g="1", h="1")
    for number in itertools.count(1):
        place = store.MemoryStore()
        publish(Shelf(place), old)
        place.put("stranger", b"mine")
        shelf = Shelf(place, number, after=after)
        try:
            publish(shelf, new)
        except Killed:
            pass
        else:
            break
        # What comes next may be another site than the one that was interrupted, and may be interrupted too.
        with pytest.raises(Killed):
            publish(Shelf(place, 2, after=after), third)
        publish(Shelf(place), third)
        assert held(place) == {"a": "1", "b": "1", "g": "1", "h": "1", "stranger": "mine"}, number
        assert not Publisher(Shelf(place), third, tell=print, progress=lambda it, _c, _d: it).difference().send
    assert number > 8


def test_what_readers_see_is_never_a_page_without_what_it_needs(tmp_path: Path) -> None:
    order: list[str] = []

    class Noting(Shelf):
        def put(self, name: str, file: Path, headers: Mapping[str, str]) -> None:
            order.append(name)
            super().put(name, file, headers)

        def delete(self, name: str) -> None:
            order.append(f"-{name}")
            super().delete(name)

    place = store.MemoryStore()
    publish(Shelf(place), parcels(tmp_path, old="1"))
    publish(Noting(place), list(reversed(parcels(tmp_path, style="1", page="1", list="1"))))
    assert order == ["style", "page", "list", "-old"]


def test_a_second_publisher_does_not_begin_while_the_first_is_at_work(tmp_path: Path) -> None:
    place = store.MemoryStore()
    shelf, things = Shelf(place), parcels(tmp_path, a="1")
    mine = Claim("first", False, 1)
    place.put(CLAIM, packed(mine))

    def wait(_seconds: float) -> None:
        place.put(CLAIM, packed(structs.replace(mine, beat=2)))

    with pytest.raises(SiteError, match="is being published to from elsewhere"):
        publish(shelf, things, wait=wait)
    assert not held(place)


def test_what_a_dead_one_may_have_changed_is_sent_again(tmp_path: Path) -> None:
    place, things = store.MemoryStore(), parcels(tmp_path, a="1", b="1")
    publish(Shelf(place), things)
    place.put(CLAIM, packed(Claim("dead", False, 7)))
    place.put(DOUBT, packed(Doubt(("a", "z"))))
    place.put("a", b"half of another site")
    place.put("z", b"of another site")
    said = publish(Shelf(place), things)
    assert "It is not: this run finishes what it began." in said
    assert held(place) == {"a": "1", "b": "1"}


def test_what_is_uncertain_stays_so_until_it_is_sent_or_deleted(tmp_path: Path) -> None:
    place, things = store.MemoryStore(), parcels(tmp_path, a="1")
    place.put(CLAIM, packed(Claim("dead", False, 7)))
    place.put(DOUBT, packed(Doubt(("z",))))
    place.put("z", b"of another site")
    with pytest.raises(Killed):
        publish(Shelf(place, 2), things, delete=False)
    publish(Shelf(place), things)
    assert held(place) == {"a": "1"}


def test_one_that_was_overtaken_stops_and_leaves_the_ledger_alone(tmp_path: Path) -> None:
    place = store.MemoryStore()

    class Overtaken(Shelf):
        def put(self, name: str, file: Path, headers: Mapping[str, str]) -> None:
            super().put(name, file, headers)
            place.put(LEDGER, b"the other's")
            place.put(CLAIM, packed(Claim("other", False, 1)))

    with pytest.raises(SiteError, match="another publisher has begun"):
        publish(Overtaken(place), parcels(tmp_path, a="1"))
    assert set(held(place)) == {"a"}
    assert bytes(place.get(LEDGER).bytes()) == b"the other's"
    assert claim_of(Shelf(place).read(CLAIM)).publisher == "other"


def test_one_that_hears_nothing_for_long_begins_nothing_more(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(publishing, "SILENT", -1.0)
    place = store.MemoryStore()
    with pytest.raises(SiteError, match="has not answered for"):
        publish(Shelf(place), parcels(tmp_path, a="1"))
    assert not held(place)


def test_a_fault_leaves_nothing_to_wait_for(tmp_path: Path) -> None:
    place = store.MemoryStore()

    class Refusing(Shelf):
        def put(self, name: str, file: Path, headers: Mapping[str, str]) -> None:
            raise SiteError(f"{name}: full")

    with pytest.raises(SiteError, match="a: full"):
        publish(Refusing(place), parcels(tmp_path, a="1"))
    assert publish(Shelf(place), parcels(tmp_path, a="1")) == []
    assert held(place) == {"a": "1"}


def test_a_beat_whose_answer_was_lost_is_no_other_publisher(tmp_path: Path) -> None:
    """The server has done what it was told, but nobody heard."""
    place = store.MemoryStore()

    class Deaf(Shelf):
        lost = 0

        def put(self, name: str, file: Path, headers: Mapping[str, str]) -> None:
            super().put(name, file, headers)
            mine = claim_of(self.read(CLAIM))
            place.put(CLAIM, packed(structs.replace(mine, beat=mine.beat + 1)))
            self.lost += 1

    shelf = Deaf(place)
    publish(shelf, parcels(tmp_path, a="1"))
    assert shelf.lost == 1
    assert held(place) == {"a": "1"}
    assert claim_of(Shelf(place).read(CLAIM)).is_over


def test_a_claim_that_was_given_up_is_never_the_same_again(tmp_path: Path) -> None:
    """Servers call two versions by one name if their bytes are the same: who has read the first would replace the other."""
    place = store.MemoryStore()
    publish(Shelf(place), parcels(tmp_path, a="1"))
    before = Shelf(place).read(CLAIM).data
    publish(Shelf(place), parcels(tmp_path, a="2"))
    assert Shelf(place).read(CLAIM).data != before


def test_a_late_fault_leaves_little_to_send_again(tmp_path: Path) -> None:
    place, things = store.MemoryStore(), parcels(tmp_path, a="1", d="1", b="1", c="1")

    class Full(Shelf):
        def put(self, name: str, file: Path, headers: Mapping[str, str]) -> None:
            if name == "c":
                raise SiteError("c: full")
            super().put(name, file, headers)

    class Noting(Shelf):
        sent: ClassVar[list[str]] = []

        def put(self, name: str, file: Path, headers: Mapping[str, str]) -> None:
            self.sent.append(name)
            super().put(name, file, headers)

    with pytest.raises(SiteError, match="c: full"):
        publish(Full(place), things)
    publish(Noting(place), things)
    assert sorted(Noting.sent) == ["b", "c", "d"]  # the fault ends the wave that it is in


def test_one_that_is_killed_late_has_noted_what_it_sent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(publishing, "WRITTEN", -1.0)
    place, things = store.MemoryStore(), parcels(tmp_path, a="1", b="1", c="1")
    with pytest.raises(Killed):
        publish(Shelf(place, 10), things)
    left = Publisher(Shelf(place), things, tell=print, progress=lambda it, _c, _d: it).difference()
    assert [parcel.name for parcel in left.send] == ["c"]


def test_a_server_that_ignores_conditions_is_refused(tmp_path: Path) -> None:
    class Careless(Shelf):
        def swap(self, name: str, before: Kept, data: bytes) -> Kept | None:
            return super().swap(name, self.read(name), data)

    place = store.MemoryStore()
    with pytest.raises(SiteError, match="ignores If-Match"):
        publish(Careless(place), parcels(tmp_path, a="1"))
    assert not held(place)


def test_objects_of_others_are_told_of_whenever_a_new_name_meets_one(tmp_path: Path) -> None:
    place = store.MemoryStore()
    for name in ("a", "b", "photo"):
        place.put(name, b"mine")
    assert publish(Shelf(place), parcels(tmp_path, a="1")) == [
        "1 objects of others have a name of the site's, and are replaced: a",
        "2 other objects that are there stay as they are.",
    ]
    said = publish(Shelf(place), parcels(tmp_path, a="1", b="1"))
    assert said == ["1 objects of others have a name of the site's, and are replaced: b"]


def test_an_old_object_does_not_keep_a_new_one_from_being_below_it(tmp_path: Path) -> None:
    """A server that keeps objects as files has no a/b beside an a."""
    place, page = store.MemoryStore(), tmp_path / "page"
    page.write_text("1")
    below, above = (Parcel(name, page, 1, {}, "1", 0) for name in ("a/b", "a"))

    class AsFiles(Shelf):
        def put(self, name: str, file: Path, headers: Mapping[str, str]) -> None:
            assert not held(place)
            super().put(name, file, headers)

    publish(AsFiles(place), [above], delete=False)
    said = publish(AsFiles(place), [below], delete=False)
    assert said == ["a and other old objects are in the way of new ones, and are deleted."]
    publish(AsFiles(place), [above], delete=False)
    assert held(place) == {"a": "1"}


def test_what_cannot_be_known_of_an_object_is_not_claimed_later(tmp_path: Path) -> None:
    """A killed publisher may have deleted what the next site has no use for, and the one after that has."""
    place = store.MemoryStore()
    publish(Shelf(place), parcels(tmp_path, a="1", b="1"))
    place.delete("b")
    place.put(CLAIM, packed(Claim("dead", False, 7)))
    place.put(DOUBT, packed(Doubt(("b",))))
    publish(Shelf(place), parcels(tmp_path, a="1"), delete=False)
    publish(Shelf(place), parcels(tmp_path, a="1", b="1"))
    assert held(place) == {"a": "1", "b": "1"}


def test_what_a_silent_publisher_has_sent_is_noted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place, things = store.MemoryStore(), parcels(tmp_path, a="1", b="1", c="1")

    class Silenced(Shelf):
        def put(self, name: str, file: Path, headers: Mapping[str, str]) -> None:
            super().put(name, file, headers)
            monkeypatch.setattr(publishing, "_clocks", lambda: (1e12, 1e12))
            monkeypatch.setattr(publishing, "DEAD", 1e13)

    with pytest.raises(SiteError, match="has not answered for"):
        publish(Silenced(place), things)
    monkeypatch.undo()
    left = Publisher(Shelf(place), things, tell=print, progress=lambda it, _c, _d: it).difference()
    assert [parcel.name for parcel in left.send] == ["b", "c"]


def test_a_ledger_whose_answer_was_lost_is_no_other_publisher(tmp_path: Path) -> None:
    place = store.MemoryStore()

    class Deaf(Bucket):
        def _opened(self, patience: str) -> Any:
            return place

        def swap(self, name: str, before: Kept, data: bytes) -> Kept | None:
            super().swap(name, before, data)  # it is done, and then tried again
            return super().swap(name, before, data)

    publish(Deaf("s3://shelf"), parcels(tmp_path, a="1"))
    assert held(place) == {"a": "1"}


def test_a_claim_that_cannot_be_tried_is_given_up(tmp_path: Path) -> None:
    place = store.MemoryStore()

    class Failing(Shelf):
        def swap(self, name: str, before: Kept, data: bytes) -> Kept | None:
            if self.done == 1:
                self.done += 1
                raise SiteError("the line is down")
            return super().swap(name, before, data)

    with pytest.raises(SiteError, match="the line is down"):
        publish(Failing(place), parcels(tmp_path, a="1"))
    assert claim_of(Shelf(place).read(CLAIM)).is_over
