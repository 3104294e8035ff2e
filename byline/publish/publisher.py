"""The publisher: brings a bucket from whatever it holds to the frozen site, so that it can be interrupted anywhere.

What differs from the ledger is sent, and the ledger is written anew. Before anything is touched, a claim names it, so
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
from byline.publish.ledger import CLAIM, LEDGER, Claim, Kept, Ledger, claim_of, ledger_of, packed
from byline.publish.shipment import FIRST, LAST, Difference, Parcel, in_the_way

BEAT = 5.0
"""Seconds between two signs of life of who is publishing."""
SILENT = 20.0
"""After as many without one, a publisher begins nothing any more."""
DEAD = 120.0
"""After as many, it is taken for dead: what it had begun has ended by then, because of `bucket.RETRIES`."""
WRITTEN = 30.0
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
        ledger, claim = self._bucket.read(LEDGER), claim_of(self._bucket.read(CLAIM))
        todo = self._difference(ledger_of(ledger), claim)
        self._tell_of_strangers(ledger_of(ledger), claim)
        return todo

    def publish(self, *, delete: bool) -> Difference:
        """Send what differs; with `delete`, then delete what the site no longer has. Returns what was done.

        Raises SiteError: if another is publishing, and if anything cannot be sent, with the next run finishing it.
        """
        claimed = self._free()
        kept = self._bucket.read(LEDGER)
        ledger, before = ledger_of(kept), claim_of(claimed)
        todo = self._difference(ledger, before)
        # A server that keeps objects as files has no `a/b` beside an `a`.
        blocking = in_the_way(todo.gone, self._parcels.keys())
        if blocking and not delete:
            self._tell(f"{blocking[0]} and other old objects are in the way of new ones, and are deleted.")
        gone = todo.gone if delete else blocking
        if todo.send or gone or not before.is_over or before.uncertain:
            self._tell_of_strangers(ledger, before)
            touched = {parcel.name for parcel in todo.send} | set(gone) | set(before.uncertain)
            claim = Claim(uuid.uuid4().hex, False, 0, tuple(sorted(touched)))
            with _Holding(self._bucket, claimed, claim) as holding, _Record(holding, kept, ledger) as record:
                self._delete(holding, blocking, record)
                for wave in range(FIRST, LAST + 1):
                    self._send(holding, [parcel for parcel in todo.send if parcel.wave == wave], record)
                self._delete(holding, [name for name in gone if name not in blocking], record)
        return Difference(todo.send, [name for name in todo.gone if delete or name not in gone])

    def _difference(self, ledger: Ledger, claim: Claim) -> Difference:
        uncertain = set(claim.uncertain)
        send = [
            parcel
            for name, parcel in self._parcels.items()
            if name in uncertain or ledger.sent.get(name) != parcel.digest
        ]
        return Difference(send, sorted((ledger.sent.keys() | uncertain) - self._parcels.keys()))

    def _tell_of_strangers(self, ledger: Ledger, claim: Claim) -> None:
        """What others have put where the site has something new, and, the first time, beside it."""
        ours = ledger.sent.keys() | set(claim.uncertain)
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
            holding.check()
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


class _Holding:
    """A claim that is held: the beat goes on until it ends. After a fault, what is uncertain stays in it."""

    def __init__(self, bucket: Bucket, before: Kept, claim: Claim) -> None:
        self.bucket = bucket
        self.claim = claim
        self._kept = before
        self._seen = (0.0, 0.0)
        self._is_lost = False
        self._over = threading.Event()
        self._beating = threading.Thread(target=self._beat, daemon=True)
        self._lock = threading.Lock()

    def __enter__(self) -> "_Holding":
        before = self._kept
        self.change()
        if self.bucket.swap(CLAIM, before, packed(self.claim)):
            raise SiteError(
                f"{self.bucket.address}: the server replaces an object also if it has changed (it ignores If-Match), so"
                " two publishers could mix; use another, or one version of it that does not"
            )
        self._beating.start()
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        self._over.set()
        self._beating.join()
        if kind is None:
            # The publisher's name stays in it, so that no two claims are the same to a server.
            self.change(is_over=True, uncertain=())
            return
        with contextlib.suppress(SiteError):  # then the next run has to wait
            self.change(is_over=True)

    def check(self) -> None:
        """Raise SiteError unless the claim is certainly still held."""
        if self._is_lost:
            raise _overtaken()
        if max(now - seen for now, seen in zip(_clocks(), self._seen, strict=True)) > SILENT:
            raise SiteError(f"{self.bucket.address} has not answered for {SILENT:.0f} s; run this again")

    def change(self, **fields: Any) -> None:
        """Replace fields of the claim. Raises SiteError if it is not held any more."""
        with self._lock:
            self.claim = structs.replace(self.claim, **fields)
            self._renew()

    def _renew(self) -> None:
        began = _clocks()
        kept = self.bucket.swap(CLAIM, self._kept, packed(self.claim))
        if kept is None:  # it may be an earlier one of ours, the answer to which was lost
            now = self.bucket.read(CLAIM)
            is_ours = now.version is not None and claim_of(now).publisher == self.claim.publisher
            kept = self.bucket.swap(CLAIM, now, packed(self.claim)) if is_ours else None
        if kept is None:
            self._is_lost = True
            raise _overtaken()
        self._kept, self._seen = kept, began

    def _beat(self) -> None:
        while not self._over.wait(BEAT):
            with contextlib.suppress(SiteError):  # `check` sees that it has been too long
                self.change(beat=self.claim.beat + 1)


class _Record:
    """The ledger while it changes. What was done is written now and then, and at the end, also after a fault."""

    def __init__(self, holding: _Holding, kept: Kept, ledger: Ledger) -> None:
        self._holding = holding
        self._kept = kept
        self._sent = dict(ledger.sent)
        self._noted = holding.claim.uncertain
        self._uncertain = set(self._noted)
        self._written = time.monotonic()
        self._lock = threading.Lock()

    def __enter__(self) -> "_Record":
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        if kind is None:
            self._write()
            return
        with contextlib.suppress(SiteError):
            self._write()
            self._narrow()

    def has(self, name: str, digest: str | None) -> None:
        """The bucket has this object now, or, with None, no longer. Any thread may say so."""
        with self._lock:
            self._uncertain.discard(name)
            if digest is None:
                self._sent.pop(name, None)
            else:
                self._sent[name] = digest

    def write_now_and_then(self) -> None:
        if time.monotonic() - self._written > WRITTEN:
            self._write()
            self._narrow()

    def _narrow(self) -> None:
        """Say in the claim what is still uncertain. The ledger knows of the rest: it has been written before."""
        self._holding.change(uncertain=self._noted)

    def _write(self) -> None:
        self._holding.check()
        with self._lock:
            # Of what is uncertain only the name is known, which stays ours until it is deleted.
            sent = self._sent | dict.fromkeys(self._uncertain, "")
            uncertain = tuple(sorted(self._uncertain))
        kept = self._holding.bucket.swap(LEDGER, self._kept, packed(Ledger(dict(sorted(sent.items())))))
        if kept is None:
            raise _overtaken()
        self._kept, self._noted, self._written = kept, uncertain, time.monotonic()


def _clocks() -> tuple[float, float]:
    """One that nobody sets, and one that goes on while the machine sleeps."""
    return time.monotonic(), time.time()


def _overtaken() -> SiteError:
    return SiteError("another publisher has begun; run this again when that is done")
