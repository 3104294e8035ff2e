"""The publisher: brings a target from whatever it holds to the frozen site, so that it can be interrupted anywhere.

What differs from the ledger is sent; then the ledger is written anew. Before anything is touched, a claim names it, so
the next publisher knows what an unfinished one may have left. A claim is replaced only by who has read it last (compare
and swap), and who holds one shows it by its beat: so two never work at once.
"""

import contextlib
import threading
import time
import uuid
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple

from msgspec import structs

from byline.freeze.pictures import Progress
from byline.problems import SiteError
from byline.publish.bucket import Bucket
from byline.publish.ledger import CLAIM, LEDGER, Claim, Kept, Ledger, claim_of, ledger_of, packed
from byline.publish.shipment import FIRST, LAST, Parcel

BEAT = 5.0
"""Seconds between two signs of life of who is publishing."""
SILENT = 20.0
"""After as many without one, a publisher begins nothing any more."""
DEAD = 120.0
"""After as many, it is taken for dead: what it had begun has ended by then, because of `bucket.PATIENCE`."""
AT_ONCE = 8
"""Objects that are sent at a time; of each at most two pieces of 5 MB are in memory."""


class Difference(NamedTuple):
    """What is to be sent, and the names of what the site no longer has."""

    send: Sequence[Parcel]
    gone: Sequence[str]

    @property
    def size(self) -> int:
        return sum(parcel.size for parcel in self.send)


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
        if ledger.version is None:
            self._tell_of_strangers(claim)
        return self._difference(ledger_of(ledger), claim)

    def publish(self, *, delete: bool) -> Difference:
        """Send what differs; with `delete`, then delete what the site no longer has. Returns what was done.

        Raises SiteError: if another is publishing, and if anything cannot be sent, with the next run finishing it.
        """
        with self._bucket.alone():
            claimed = self._free()
            ledger_now = self._bucket.read(LEDGER)
            ledger, before = ledger_of(ledger_now), claim_of(claimed)
            todo = self._difference(ledger, before)
            if ledger_now.version is None:
                self._tell_of_strangers(before)
            gone = todo.gone if delete else ()
            if not todo.send and not gone and before.is_over and not before.uncertain:
                return todo
            touched = {parcel.name for parcel in todo.send} | set(gone) | set(before.uncertain)
            mine = Claim(uuid.uuid4().hex, False, 0, tuple(sorted(touched)))
            with _Holding(self._bucket, claimed, mine) as holding:
                for wave in range(FIRST, LAST + 1):
                    some = [parcel for parcel in todo.send if parcel.wave == wave]
                    self._all(holding, some, lambda it: self._bucket.put(it.name, it.file, it.headers), "Sending")
                self._all(holding, gone, self._bucket.delete, "Deleting")
                sent = {name: parcel.digest for name, parcel in self._parcels.items()}
                left = {name: ledger.sent.get(name, "") for name in todo.gone if name not in gone}
                holding.check()
                if not self._bucket.swap(LEDGER, ledger_now, packed(Ledger(dict(sorted((left | sent).items()))))):
                    raise _overtaken()
        return todo

    def _difference(self, ledger: Ledger, claim: Claim) -> Difference:
        uncertain = set(claim.uncertain)
        send = [
            parcel
            for name, parcel in self._parcels.items()
            if name in uncertain or ledger.sent.get(name) != parcel.digest
        ]
        return Difference(send, sorted((ledger.sent.keys() | uncertain) - self._parcels.keys()))

    def _tell_of_strangers(self, claim: Claim) -> None:
        """What is in the target before the first publisher of a site comes there."""
        strange = set(self._bucket.names()) - set(claim.uncertain)
        same = strange & self._parcels.keys()
        if strange:
            others = len(strange) - len(same)
            text = f"{len(same)} that have a name of the site's are replaced, {others} stay as they are"
            self._tell(f"Of the objects that are there already, {text}.")

    def _free(self) -> Kept:
        """The claim, once it is certain that nobody is at work. Raises SiteError if somebody is."""
        found = self._bucket.read(CLAIM)
        if claim_of(found).is_over or self._bucket.is_folder:
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

    def _all(self, holding: "_Holding", items: Sequence[Any], work: Callable[[Any], None], doing: str) -> None:
        """`work` for each of `items`, some at a time. The first fault ends it."""

        def one(item: Any) -> None:
            holding.check()
            work(item)

        if items:
            with ThreadPoolExecutor(AT_ONCE) as threads:
                try:
                    for _ in self._progress(threads.map(one, items), len(items), doing):
                        pass
                except BaseException:
                    threads.shutdown(cancel_futures=True)
                    raise


class _Holding:
    """A claim that is held: the beat goes on until it ends. After a fault, what is uncertain stays in it."""

    def __init__(self, bucket: Bucket, before: Kept, claim: Claim) -> None:
        self._bucket = bucket
        self._claim = claim
        self._kept = before
        self._seen = 0.0
        self._is_lost = False
        self._over = threading.Event()
        self._beating = threading.Thread(target=self._beat, daemon=True)

    def __enter__(self) -> "_Holding":
        self._renew()
        self._beating.start()
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        self._over.set()
        self._beating.join()
        if kind is None:
            # With its name still in it, so that no two claims are the same to a server.
            self._claim = Claim(self._claim.publisher)
            self._renew()
            return
        self._claim = structs.replace(self._claim, is_over=True)
        with contextlib.suppress(SiteError):  # then the next run has to wait
            self._renew()

    def check(self) -> None:
        """Raise SiteError unless the claim is certainly still held."""
        if self._is_lost or time.monotonic() - self._seen > SILENT:
            raise _overtaken()

    def _renew(self) -> None:
        began = time.monotonic()
        kept = self._bucket.swap(CLAIM, self._kept, packed(self._claim))
        if kept is None:  # it may be an earlier one of ours, the answer to which was lost
            now = self._bucket.read(CLAIM)
            is_ours = now.version is not None and claim_of(now).publisher == self._claim.publisher
            kept = self._bucket.swap(CLAIM, now, packed(self._claim)) if is_ours else None
        if kept is None:
            self._is_lost = True
            raise _overtaken()
        self._kept, self._seen = kept, began

    def _beat(self) -> None:
        while not self._over.wait(BEAT):
            self._claim = structs.replace(self._claim, beat=self._claim.beat + 1)
            with contextlib.suppress(SiteError):  # `check` sees that it has been too long
                self._renew()


def _overtaken() -> SiteError:
    return SiteError("another publisher has begun, or the target could not be reached for too long; run this again")
