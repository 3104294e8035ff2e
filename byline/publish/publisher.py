"""The publisher: brings a bucket from whatever it holds to the frozen site, so that it can be interrupted anywhere.

What differs from the ledger is sent, and the ledger is written anew. Before anything is touched, it is in doubt, so
the next publisher knows what an unfinished one may have left. A claim is replaced only by who has read it last (compare
and swap), and who holds one shows it by its beat: so two never work at once.
"""

import contextlib
import threading
import time
import uuid
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from typing import Any

from msgspec import structs

from byline.freeze.pictures import Progress
from byline.problems import SiteError
from byline.publish.bucket import AT_ONCE, Bucket
from byline.publish.ledger import (
    CLAIM,
    DOUBT,
    LEDGER,
    Claim,
    Doubt,
    Kept,
    Ledger,
    claim_of,
    doubt_of,
    ledger_of,
    packed,
)
from byline.publish.shipment import FIRST, LAST, Difference, Parcel, in_the_way

BEAT = 5.0
"""Seconds between two signs of life of who is publishing."""
SILENT = 20.0
"""After as many without one, a publisher begins nothing any more."""
DEAD = 120.0
"""After as many, it is taken for dead: what it had begun has ended by then, because of `bucket.RETRIES`."""
WRITTEN = 15.0
"""Seconds after which the ledger is written once more: what a killed publisher has sent since is sent again."""


class Publisher:
    """`wait` sleeps for that many seconds; `tell` gets words for a person."""

    def __init__(
        self,
        bucket: Bucket,
        parcels: Iterable[Parcel],
        *,
        tell: Callable[[str], None],
        progress: Progress,
        wait: Callable[[float], None] = time.sleep,
    ) -> None:
        self._bucket = bucket
        self._parcels = {parcel.name: parcel for parcel in parcels}
        self._tell = tell
        self._progress = progress
        self._wait = wait

    def difference(self) -> Difference:
        """What `publish` would do now."""
        found = _Found(self._bucket)
        todo = self._difference(found)
        self._tell_of_strangers(found)
        return todo

    def publish(self, *, delete: bool) -> Difference:
        """Send what differs; with `delete`, then delete what the site no longer has. Returns what was done.

        Raises SiteError: if another is publishing, and if anything cannot be sent, with the next run finishing it.
        """
        claimed = self._free()
        found = _Found(self._bucket)
        todo = self._difference(found)
        # A server that keeps objects as files has no `a/b` beside an `a`.
        blocking = in_the_way(todo.gone, self._parcels.keys())
        if blocking and not delete:
            self._tell(f"{blocking[0]} and other old objects are in the way of new ones, and are deleted.")
        gone = todo.gone if delete else blocking
        if todo.send or gone or found.doubt or not claim_of(claimed).is_over:
            self._tell_of_strangers(found)
            touched = {parcel.name for parcel in todo.send} | set(gone)
            with _Holding(self._bucket, claimed) as holding, _Record(holding, found, touched) as record:
                self._delete(holding, blocking, record)
                for wave in range(FIRST, LAST + 1):
                    self._send(holding, [parcel for parcel in todo.send if parcel.wave == wave], record)
                self._delete(holding, [name for name in gone if name not in blocking], record)
        return Difference(todo.send, [name for name in todo.gone if delete or name not in gone])

    def _difference(self, found: "_Found") -> Difference:
        send = [
            parcel
            for name, parcel in self._parcels.items()
            if name in found.doubt or found.sent.get(name) != parcel.digest
        ]
        return Difference(send, sorted(found.ours - self._parcels.keys()))

    def _tell_of_strangers(self, found: "_Found") -> None:
        """What others have put where the site has something new, and, the first time, beside it."""
        ours = found.ours
        new = self._parcels.keys() - ours
        strange = self._bucket.existing(new) if ours else set(self._bucket.names())
        same = sorted(strange & new)
        if same:
            others = ", …" if len(same) > 1 else ""
            self._tell(f"{len(same)} objects of others have a name of the site's, and are replaced: {same[0]}{others}")
        if not ours and len(strange) > len(same):
            self._tell(f"{len(strange) - len(same)} other objects that are there stay as they are.")

    def _free(self) -> Kept:
        """The claim, once it is certain that nobody is at work. Raises SiteError if somebody is."""
        found = self._bucket.read(CLAIM)
        if claim_of(found).is_over:
            return found
        self._tell(f"Another publisher has not finished: looking for {DEAD:.0f} s whether it is still at work …")
        self._wait(DEAD)
        now = self._bucket.read(CLAIM)
        if now.data != found.data and not claim_of(now).is_over:
            raise SiteError(
                f"{self._bucket.address} is being published to from elsewhere; run this again when that is done"
            )
        if now.data == found.data:
            self._tell("It is not: this run finishes what it began.")
        return now

    def _send(self, holding: "_Holding", parcels: Sequence[Parcel], record: "_Record") -> None:
        def send(parcel: Parcel) -> None:
            self._bucket.put(parcel.name, parcel.file, parcel.headers)
            record.has(parcel.name, parcel.digest)

        self._each(holding, parcels, send, record, "Sending")

    def _delete(self, holding: "_Holding", names: Sequence[str], record: "_Record") -> None:
        def delete(name: str) -> None:
            self._bucket.delete(name)
            record.has(name, None)

        self._each(holding, names, delete, record, "Deleting")

    def _each(
        self, holding: "_Holding", items: Sequence[Any], work: Callable[[Any], None], record: "_Record", doing: str
    ) -> None:
        """`work` for each of `items`, some at a time. The first fault ends it."""

        def one(item: Any) -> None:
            holding.check(SILENT)
            work(item)

        if not items:
            return
        with ThreadPoolExecutor(AT_ONCE) as threads:
            try:
                done = as_completed([threads.submit(one, item) for item in items])
                for future in self._progress(done, len(items), doing):
                    future.result()
                    record.write_now_and_then()
            except BaseException:
                threads.shutdown(cancel_futures=True)
                raise


class _Found:
    """What a bucket knows of itself: `sent` is name → digest, and of the names in `doubt` that may not be right."""

    def __init__(self, bucket: Bucket) -> None:
        self.ledger, self.doubted = bucket.read(LEDGER), bucket.read(DOUBT)
        self.sent = ledger_of(self.ledger).sent
        self.doubt = set(doubt_of(self.doubted).names)
        self.ours = self.sent.keys() | self.doubt


class _Holding:
    """A claim that is held: the beat goes on until it ends."""

    def __init__(self, bucket: Bucket, before: Kept) -> None:
        self.bucket = bucket
        self._claim = Claim(uuid.uuid4().hex, is_over=False)
        self._kept = before
        self._seen = (0.0, 0.0)
        self._is_lost = False
        self._over = threading.Event()
        self._beating = threading.Thread(target=self._beat, daemon=True)
        self._lock = threading.Lock()

    def __enter__(self) -> "_Holding":
        before = self._kept
        self._change(is_over=False)
        try:
            if self.bucket.swap(CLAIM, before, packed(structs.replace(self._claim, beat=1))):
                raise SiteError(
                    f"{self.bucket.address}: the server replaces an object also if it has changed (it ignores If-Match)"
                    ", so two publishers could mix; use another server, or a version of it that does not"
                )
        except BaseException:
            self._end()
            raise
        self._beating.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._beating.join()
        self._end()

    def check(self, longest: float) -> None:
        """Raise SiteError unless the claim was certainly held so many seconds ago, and nobody is known to have it."""
        if self._is_lost:
            raise _overtaken()
        if max(now - seen for now, seen in zip(_clocks(), self._seen, strict=True)) > longest:
            raise SiteError(f"{self.bucket.address} has not answered for {longest:.0f} s; run this again")

    def _end(self) -> None:
        """The publisher's name stays in the claim, so that no two claims are the same to a server."""
        with contextlib.suppress(SiteError):  # then the next run has to wait
            self._change(is_over=True)

    def _change(self, **fields: Any) -> None:
        """Replace fields of the claim. Raises SiteError if it is not held any more."""
        with self._lock:
            self._claim = structs.replace(self._claim, **fields)
            self._renew()

    def _renew(self) -> None:
        began = _clocks()
        kept = self.bucket.swap(CLAIM, self._kept, packed(self._claim))
        if kept is None:  # it may be an earlier one of ours, the answer to which was lost
            now = self.bucket.read(CLAIM)
            is_ours = now.version is not None and claim_of(now).publisher == self._claim.publisher
            kept = self.bucket.swap(CLAIM, now, packed(self._claim)) if is_ours else None
        if kept is None:
            self._is_lost = True
            raise _overtaken()
        self._kept, self._seen = kept, began

    def _beat(self) -> None:
        while not self._over.wait(BEAT):
            with contextlib.suppress(SiteError):  # `check` sees that it has been too long
                self._change(beat=self._claim.beat + 1)


class _Record:
    """The ledger while it changes. What was done is written now and then, and at the end, also after a fault."""

    def __init__(self, holding: _Holding, found: _Found, touched: Iterable[str]) -> None:
        self._holding = holding
        self._ledger, self._doubted = found.ledger, found.doubted
        self._sent = dict(found.sent)
        self._doubt = found.doubt | set(touched)
        self._written = time.monotonic()
        self._lock = threading.Lock()

    def __enter__(self) -> "_Record":
        self._doubted = self._swap(DOUBT, self._doubted, Doubt(tuple(sorted(self._doubt))))
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        if kind is None:
            self._write()
            return
        with contextlib.suppress(SiteError):
            self._write()

    def has(self, name: str, digest: str | None) -> None:
        """The bucket has this object now, or, with None, no longer. Any thread may say so."""
        with self._lock:
            self._doubt.discard(name)
            if digest is None:
                self._sent.pop(name, None)
            else:
                self._sent[name] = digest

    def write_now_and_then(self) -> None:
        if time.monotonic() - self._written > WRITTEN:
            self._write()

    def _write(self) -> None:
        with self._lock:
            # Of what is in doubt only the name is known, which stays ours until it is deleted.
            sent = self._sent | dict.fromkeys(self._doubt, "")
        self._ledger = self._swap(LEDGER, self._ledger, Ledger(dict(sorted(sent.items()))))
        if doubt_of(self._doubted).names:  # the ledger says it by now
            self._doubted = self._swap(DOUBT, self._doubted, Doubt())
        self._written = time.monotonic()

    def _swap(self, name: str, before: Kept, value: Ledger | Doubt) -> Kept:
        self._holding.check(DEAD / 2)  # nobody else has begun before that
        kept = self._holding.bucket.swap(name, before, packed(value))
        if kept is None:
            raise _overtaken()
        return kept


def _clocks() -> tuple[float, float]:
    """One that nobody sets, and one that goes on while the machine sleeps."""
    return time.monotonic(), time.time()


def _overtaken() -> SiteError:
    return SiteError("another publisher has begun; run this again when that is done")
