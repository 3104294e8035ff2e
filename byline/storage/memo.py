"""The memo: results of pure functions, each computed once for one input.

A key is the digest of everything that its result depends on. A result comes from memory, if a server has asked for
that, or from the store; otherwise it is computed, on all processors, and kept.
"""

import itertools
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import msgspec

from byline.storage.fingerprint import fingerprint
from byline.storage.parallel import FEWEST, in_order, processors
from byline.storage.store import Store

if TYPE_CHECKING:
    from byline.storage.cluster import Cluster

BATCH = 1000
"""How many stored values are read at once."""
TASK = 32
"""Jobs that go to a cluster together."""

Name = TypeVar("Name")
Job = TypeVar("Job")
Value = TypeVar("Value")


class Result(NamedTuple):
    """What a computation returns: its value as the store keeps it, and further entries for the store, by key."""

    value: bytes
    beside: Mapping[str, bytes] = {}
    is_kept: bool = True
    """Whether to keep the value under its key; false if the input could not be read."""


class Memo:
    """`code` is the digest of the program; `about` puts it into keys. `jobs` is how many processes compute at once."""

    def __init__(self, store: Store, code: str) -> None:
        self.store = store
        self.code = code
        self.jobs = processors()
        self.cluster: Cluster | None = None
        self.used: set[str] = set()
        """Keys of the store that were used since `begin`: all others are leftovers."""
        self._memory: dict[str, Any] | None = None

    @property
    def remembers(self) -> bool:
        return self._memory is not None

    def remember(self) -> None:
        """From now on, also keep values in memory between readings of the site."""
        self._memory = {}

    def begin(self) -> None:
        """Start a new reading of the site: forget what the last one did not use."""
        if self._memory is not None:
            self._memory = {key: value for key, value in self._memory.items() if key in self.used}
        self.used = set()

    def about(self, *values: object) -> str:
        """The start of keys that depend on the program and on `values`."""
        return fingerprint(self.code, *values)

    def each(
        self,
        keys: Mapping[Name, str],
        job_of: Callable[[Name], Job],
        compute: Callable[[Job], Result],
        decode: Callable[[bytes], Value],
        fewest: int = FEWEST,
        *,
        needs_files: bool = True,
    ) -> Iterator[tuple[Name, Value]]:
        """(name, value) for each of `keys`, in their order. A value with an empty key is computed but not kept.

        `compute` is pure and importable: it may run in another process if there are at least `fewest` jobs, and on
        another machine unless it `needs_files` of this one.
        """
        self.used.update(filter(None, keys.values()))
        known = self._known(keys, decode)
        jobs = [job_of(name) for name, value in known.items() if value is None]
        if self.cluster and not needs_files and len(jobs) >= fewest:
            results = self.cluster.in_order(compute, jobs, TASK)
        else:
            results = in_order(compute, jobs, self.jobs, fewest)
        for name, value in known.items():
            key = keys[name]
            if value is None:
                result = next(results)
                value = decode(result.value)
                if key and result.is_kept:
                    self._keep(key, result)
                else:
                    key = ""
            if key and self._memory is not None:
                self._memory[key] = value
            yield name, value

    def _known(self, keys: Mapping[Name, str], decode: Callable[[bytes], Value]) -> dict[Name, Value | None]:
        """The values that need not be computed. The bytes of all of them at once would be as large as they are."""
        memory = {} if self._memory is None else self._memory
        known: dict[Name, Value | None] = {}
        items = iter(keys.items())
        while some := list(itertools.islice(items, BATCH)):
            sought = [key for _, key in some if key and key not in memory]
            stored = self.store.get_many(sought) if sought else {}
            known |= {name: memory[key] if key in memory else _decoded(stored.get(key), decode) for name, key in some}
        return known

    def _keep(self, key: str, result: Result) -> None:
        self.store.put(key, result.value)
        for other, content in result.beside.items():
            self.store.put(other, content)


def _decoded(stored: bytes | None, decode: Callable[[bytes], Value]) -> Value | None:
    try:
        return None if stored is None else decode(stored)
    except (msgspec.MsgspecError, ValueError):
        return None
