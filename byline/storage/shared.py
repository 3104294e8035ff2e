"""The shared store: what one machine has computed, for others, in a bucket behind their own stores.

Keys are digests of what a value was computed from, so a value cannot be checked by its key: each object is signed with
a secret that all who share it know. What is forged, damaged, swapped or another's counts as absent, and so does all of
it if the bucket cannot be reached: that costs time, and nothing else.

Entries are kept in a fixed number of shards, so that a machine that has none asks for a few objects, and one that has
computed something new writes a few. Who writes a shard last wins: what others had in it is computed again.
"""

import contextlib
import datetime as dt
import functools
import hashlib
import hmac
import itertools
import logging
import os
import platform
import re
import time
import zlib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

import brotli
import msgspec
import obstore
import PIL
from obstore import exceptions
from obstore.store import from_url
from PIL import features

from byline.storage.files import replace_file
from byline.storage.fingerprint import code_digest, fingerprint

SHARDS = 64
AT_ONCE = 16
"""Objects on their way at a time."""
SHORTEST = 16
"""Characters of a secret: a short one could be found from what it has signed."""
SIGNATURE = 32
"""Bytes, in front of every object."""
CODECS = "jpg jpg_2000 libjpeg_turbo zlib zlib_ng webp avif freetype2 raqm libimagequant littlecms2".split()
"""Libraries of Pillow that decide about the bytes of a picture."""

BATCH = 64
"""Objects that are in memory at once."""
YES, NO = ("1", "true", "yes", "on"), ("", "0", "false", "no", "off")
FRESH = 86_400
"""Seconds for which a machine trusts what it knows of the bucket, from which others delete."""
LONGEST = 300
"""Characters of what a server says."""
Value = TypeVar("Value")

logger = logging.getLogger("byline")


@functools.cache
def edition(code: str) -> str:
    """Digest of all that values depend on besides their keys: the program, and what computes on this machine."""
    system = platform.system(), platform.machine(), *platform.libc_ver(), platform.python_version()
    codecs = tuple((name, str(features.version(name))) for name in CODECS)
    libraries = PIL.__version__, codecs, zlib.ZLIB_RUNTIME_VERSION, brotli.__version__
    return fingerprint(code, system, libraries)


def opened(address: str, record: Path, environ: Mapping[str, str]) -> "Shared":
    """The shared store as the variables of this machine say."""
    write = environ.get("BYLINE_STORE_WRITE", "").strip().lower()
    if write not in (*YES, *NO):
        logger.warning("BYLINE_STORE_WRITE is %r, which is neither 1 nor 0: nothing is given to %s", write, address)
    secret = environ.get("BYLINE_STORE_SECRET", "")
    return Shared(address, secret, edition(code_digest()), record, may_write=write in YES)


class Known(msgspec.Struct):
    """What a machine knows of the shared store: the edition that it was filled from, and what is there."""

    edition: str = ""
    shards: dict[str, str] = {}
    """Name → digest of its keys."""
    files: set[str] = set()
    asked: float = 0
    """When that was, in seconds since 1970."""


class Shared:
    """The shared store at `address`: values of one `edition`, signed with `secret`. Only who `may_write` gives any.

    What it knows of the bucket is in `record`, a file of this machine.
    """

    def __init__(self, address: str, secret: str, edition: str, record: Path, *, may_write: bool) -> None:
        self.address = address
        self.may_write = may_write
        self._secret = secret.encode()
        self._edition = edition
        self._record = record
        self._pid = os.getpid()
        self._place: Any = None
        self._is_out = self._is_asked = False
        if len(secret) < SHORTEST:
            how = f"set BYLINE_STORE_SECRET to what all who share it know, {SHORTEST} characters or more"
            self._leave(f"counts as empty: {how}")

    def entries(self) -> Iterator[tuple[str, bytes]]:
        """All that others have computed, if this machine has not been filled with it: once for an edition."""
        known = self._known()
        if self._is_asked or known.edition == self._edition:
            return
        self._is_asked = True
        shards = {}
        for name, packed in self._get_many([f"entries/{shard}" for shard in sorted(self._list("entries/"))]):
            values = _unpacked(packed) if packed else {}
            if values:
                shards[name] = _keys_digest(values)
                yield from values.items()
        if shards:
            self._note(Known(self._edition, shards))

    def files(self, names: Collection[str]) -> Iterator[tuple[str, bytes]]:
        """Those of the files `names` that are there."""
        there = self._list("files/") if names else set()
        for name, data in self._get_many([f"files/{name}" for name in names if name in there]):
            if data is not None:
                yield name.removeprefix("files/"), data

    def file(self, name: str) -> bytes | None:
        return self._get(f"files/{name}")

    def give(
        self,
        keys: Iterable[str],
        files: Collection[str],
        values_of: Callable[[list[str]], Mapping[str, bytes]],
        file_of: Callable[[str], bytes | None],
    ) -> None:
        """Make the entries under `keys`, and the `files`, there for others, unless they are there.

        Other entries are no longer there then, and other files once they outnumber these.
        """
        if not self.may_write or not self._is_open:
            return
        known = self._known()
        known = known if known.edition == self._edition else Known(self._edition)
        if time.time() - known.asked > FRESH:
            there = {f"entries/{name}" for name in self._list("entries/")}
            shards_there = {name: known.shards.get(name, "") for name in there}
            known = Known(self._edition, shards_there, self._list("files/"), time.time())
        shards: dict[str, list[str]] = {name: [] for name in known.shards}
        for key in keys:
            shards.setdefault(f"entries/{int(key[:8], 16) % SHARDS:02}", []).append(key)
        new = {name: some for name, some in shards.items() if known.shards.get(name) != _keys_digest(some)}
        self._put_many((name, _packed(values_of(some))) for name, some in new.items())
        made = ((f"files/{name}", file_of(name)) for name in files if name not in known.files)
        self._put_many((name, data) for name, data in made if data is not None)
        now, stale = known.files | set(files), known.files - set(files)
        if len(stale) > len(files):
            self._asked(lambda: obstore.delete(self._opened(), [self._path(f"files/{name}") for name in stale]))
            now = set(files)
        if self._is_open:
            digests = {name: _keys_digest(some) for name, some in shards.items()}
            self._note(Known(self._edition, digests, now, known.asked))

    @property
    def _is_open(self) -> bool:
        # What speaks to the bucket has threads, which do not cross a fork.
        return not self._is_out and os.getpid() == self._pid

    def _get(self, name: str) -> bytes | None:
        path = self._path(name)
        found = self._asked(lambda: bytes(obstore.get(self._opened(), path).bytes()))
        if found is None:
            return None
        data = found[SIGNATURE:]
        return data if hmac.compare_digest(found[:SIGNATURE], self._signature(path, data)) else None

    def _get_many(self, names: Sequence[str]) -> Iterator[tuple[str, bytes | None]]:
        if names and self._is_open:
            with ThreadPoolExecutor(AT_ONCE) as threads:
                for start in range(0, len(names), BATCH):
                    some = names[start : start + BATCH]
                    yield from zip(some, threads.map(self._get, some), strict=True)

    def _put_many(self, values: Iterator[tuple[str, bytes]]) -> None:
        def put(item: tuple[str, bytes]) -> None:
            path, data = self._path(item[0]), item[1]
            self._asked(lambda: obstore.put(self._opened(), path, self._signature(path, data) + data))

        with ThreadPoolExecutor(AT_ONCE) as threads:
            while self._is_open and (some := list(itertools.islice(values, BATCH))):
                list(threads.map(put, some))

    def _list(self, folder: str) -> set[str]:
        """The names below `folder`, without it."""
        start = self._path(folder)
        listed = self._asked(lambda: [it["path"] for some in obstore.list(self._opened(), start) for it in some])
        return {path.removeprefix(start) for path in listed or ()}

    def _path(self, name: str) -> str:
        return f"{self._edition}/{name}"

    def _signature(self, path: str, data: bytes) -> bytes:
        signed = hmac.new(self._secret, f"{len(path)}:{path}".encode(), hashlib.sha256)
        signed.update(data)
        return signed.digest()

    def _opened(self) -> Any:
        if self._place is None:
            options: Any = {"connect_timeout": "3s", "timeout": "10s", "allow_http": True}
            retries: Any = {"max_retries": 2, "retry_timeout": dt.timedelta(seconds=10)}
            self._place = from_url(self.address, client_options=options, retry_config=retries)
        return self._place

    def _asked(self, ask: Callable[[], Value]) -> Value | None:
        """What the bucket answers; None if there is nothing, and from the first fault on."""
        if not self._is_open:
            return None
        try:
            return ask()
        except (exceptions.NotFoundError, FileNotFoundError):
            return None
        except (exceptions.BaseError, OSError, ValueError) as error:
            self._leave(f"cannot be used ({said_by(error)}): what it holds is computed here")
            return None

    def _leave(self, why: str) -> None:
        if not self._is_out:
            self._is_out = True
            logger.warning("the shared store %s %s", self.address, why)

    def _known(self) -> Known:
        try:
            return _decoder.decode(self._record.read_bytes())
        except (OSError, msgspec.MsgspecError):
            return Known()

    def _note(self, known: Known) -> None:
        with contextlib.suppress(OSError):  # then it is asked for again
            replace_file(self._record, msgspec.json.encode(known), must_last=False)


def said_by(error: Exception) -> str:
    """What a server says of an error, which is at the end of what the library does."""
    said = re.search(r"<Message>(.*?)</Message>", str(error), re.DOTALL)
    return " ".join((said[1] if said else str(error)).split())[:LONGEST]


def _packed(values: Mapping[str, bytes]) -> bytes:
    return zlib.compress(msgspec.msgpack.encode(values), 1)


def _unpacked(packed: bytes) -> dict[str, bytes]:
    """The entries of a shard. It was signed, so only a fault of ours could make it unreadable."""
    return msgspec.msgpack.decode(zlib.decompress(packed), type=dict[str, bytes])


def _keys_digest(keys: Iterable[str]) -> str:
    return fingerprint(tuple(sorted(keys)))


_decoder = msgspec.json.Decoder(Known)
