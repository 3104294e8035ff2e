"""The store: a content-addressed cache on disk, one SQLite file, safe to delete at any time.

A key is the digest of everything the value was computed from, so a value is never updated and never
stale. Anything damaged, foreign or unreachable counts as absent: the caller computes it again.
"""

import contextlib
import hashlib
import os
import sqlite3
import threading
import weakref
from collections.abc import Collection, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from byline.storage.files import replace_file

if TYPE_CHECKING:
    from byline.storage.shared import Shared  # which takes longer to load than all of this

FILE_NAME = "store.sqlite3"
MEDIA = "media"
CHECK_BYTES = 8
BUSY = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
"""Another process is using the file: no reason to throw it away."""
DAMAGE = (sqlite3.DatabaseError, UnicodeDecodeError)
"""What a damaged file raises: the words of SQLite's own message may come from it."""
PENDING = 256
"""Writes wait in memory until there are this many, because one transaction costs as much as hundreds of rows."""


class Store:
    """`get` and `put` bytes by key. With no folder it lives in memory.

    If the folder is read-only, as in a container, stored values are read and new ones stay in memory. What is missing
    may be in the `shared` one, which is asked by `fill`, and for files.
    """

    def __init__(self, folder: Path | None, shared: "Shared | None" = None) -> None:
        self.shared = shared
        self._path = folder / FILE_NAME if folder else None
        self._lock = threading.RLock()
        self._pending: dict[str, bytes] = {}
        self._pid = os.getpid()
        self._inherited: list[sqlite3.Connection] = []
        self._is_read_only = False
        self._db = self._open()
        # Closing moves everything written into the main file, the only one that is copied into a container.
        self._closing = weakref.finalize(self, _close, os.getpid(), self._db)

    def close(self) -> None:
        """Write what is pending and close the file."""
        self.flush()
        with self._lock:
            self._db.close()

    @property
    def is_persistent(self) -> bool:
        """Whether what is put here will be there at the next start."""
        return self._path is not None and not self._is_read_only

    @property
    def folder(self) -> Path | None:
        """The folder of the file, or None for a store in memory."""
        return self._path.parent if self._path else None

    def get(self, key: str) -> bytes | None:
        """The bytes put under `key`, or None; never damaged bytes."""
        with self._lock:
            waiting = self._pending.get(key)
            if waiting is not None:
                return waiting
            try:
                row = self._connection().execute("SELECT value FROM entry WHERE key = ?", (key,)).fetchone()
            except sqlite3.OperationalError:  # locked, or a disk error: the file itself is sound
                return None
            except DAMAGE:
                self._reset()
                return None
        return _unsealed(key, row[0]) if row else None

    def get_many(self, keys: Sequence[str]) -> dict[str, bytes]:
        """What `get` would return, for many keys at once."""
        with self._lock:
            self.flush()
            values: dict[str, bytes] = {}
            try:
                for at in range(0, len(keys), PENDING):
                    some = keys[at : at + PENDING]
                    marks = ",".join("?" * len(some))
                    rows = self._connection().execute(f"SELECT key, value FROM entry WHERE key IN ({marks})", some)
                    values |= {key: value for key, row in rows if (value := _unsealed(key, row)) is not None}
            except DAMAGE:
                return {key: value for key in keys if (value := self.get(key)) is not None}
            if self._pending:  # the folder is read-only
                values |= {key: self._pending[key] for key in keys if key in self._pending}
        return values

    def put(self, key: str, value: bytes) -> None:
        with self._lock:
            self._pending[key] = value
            if len(self._pending) >= PENDING:
                self.flush()

    def get_file(self, name: str) -> bytes | None:
        """What `put_file` kept under `name`: values too large for a table."""
        if not self.folder:
            return self.get(f"media:{name}")
        try:
            kept = _unsealed(name, (self.folder / MEDIA / name).read_bytes())
        except OSError:
            kept = None
        if kept is None and self.shared and (kept := self.shared.file(name)) is not None:
            self.put_file(name, kept)
        return kept

    def has_file(self, name: str) -> bool:
        return (self.folder / MEDIA / name).exists() if self.folder else self.get(f"media:{name}") is not None

    def fill(self) -> None:
        """Bring what other machines have computed here, once."""
        for key, value in self.shared.entries() if self.shared else ():
            self.put(key, value)

    def fill_files(self, names: Iterable[str]) -> None:
        """Bring those of the files `names` here that other machines have made."""
        if self.shared:
            for name, data in self.shared.files([name for name in names if not self.has_file(name)]):
                self.put_file(name, data)

    def share(self, keys: Iterable[str], files: Collection[str]) -> None:
        """Make these entries and files there for other machines."""
        if self.shared:
            self.flush()
            self.shared.give(keys, files, self.get_many, self.get_file)

    def put_file(self, name: str, value: bytes) -> None:
        if not self.folder:
            self.put(f"media:{name}", value)
            return
        with contextlib.suppress(OSError):  # a full disk costs speed, never correctness
            (self.folder / MEDIA).mkdir(exist_ok=True)
            # A crash may leave a part of it, which its seal tells.
            replace_file(self.folder / MEDIA / name, _sealed(name, value), must_last=False)

    def prune_files(self, live: Iterable[str]) -> None:
        """Delete files that are not in `live`, once they outnumber it."""
        keep = set(live)
        with contextlib.suppress(OSError):
            stale = [name for name in os.listdir(self.folder / MEDIA) if name not in keep] if self.folder else []
            for name in stale if len(stale) > len(keep) else ():
                os.unlink(f"{self.folder}/{MEDIA}/{name}")

    def flush(self) -> None:
        """Write what is pending. A full or vanished disk costs speed, never correctness."""
        with self._lock:
            if not self._pending or self._is_read_only:
                return
            rows = [(key, _sealed(key, value)) for key, value in self._pending.items()]
            try:
                self._insert(rows)
            except sqlite3.OperationalError:
                pass
            except DAMAGE:
                self._reset()
                with contextlib.suppress(*DAMAGE):
                    self._insert(rows)
            self._pending.clear()

    def prune(self, live: Iterable[str]) -> int:
        """Delete entries that are not in `live`, once they outnumber it two to one; return how many were deleted."""
        keep = set(live)
        if self._is_read_only:
            return 0
        self.flush()
        with self._lock, contextlib.suppress(*DAMAGE), self._connection() as db:
            stored = {key for (key,) in db.execute("SELECT key FROM entry")}
            stale = stored - keep
            if len(stale) > 2 * max(len(keep), 1):
                db.executemany("DELETE FROM entry WHERE key = ?", [(key,) for key in stale])
                return len(stale)
        return 0

    def _insert(self, rows: list[tuple[str, bytes]]) -> None:
        with self._connection() as db:
            db.executemany("INSERT OR REPLACE INTO entry VALUES (?, ?)", rows)

    def _connection(self) -> sqlite3.Connection:
        if self._path and os.getpid() != self._pid:
            # A connection must not cross a fork, not even to be closed there:
            # https://www.sqlite.org/howtocorrupt.html section 2.6
            self._inherited.append(self._db)
            self._pid = os.getpid()
            self._db = self._open()
        return self._db

    def _open(self) -> sqlite3.Connection:
        if self._path and self._path.exists() and not _can_write(self._path):
            reader = _reader(self._path)
            self._is_read_only = reader is not None
            if reader:
                return reader
            self._path = None
        if self._path:
            try:
                self._path.parent.mkdir(parents=True, exist_ok=True)
                return _database(str(self._path))
            except (OSError, *DAMAGE) as error:
                if getattr(error, "sqlite_errorcode", 0) not in BUSY:
                    self._discard()
            try:
                return _database(str(self._path))
            except (OSError, *DAMAGE):
                self._path = None
        return _database(":memory:")

    def _reset(self) -> None:
        """The file is not our database any more: start over with an empty one."""
        with contextlib.suppress(sqlite3.Error):
            self._db.close()
        self._discard()
        self._db = self._open()
        self._closing = weakref.finalize(self, _close, os.getpid(), self._db)

    def _discard(self) -> None:
        if self._path:
            for suffix in ("", "-wal", "-shm"):
                with contextlib.suppress(OSError):
                    os.unlink(f"{self._path}{suffix}")


def _database(path: str) -> sqlite3.Connection:
    db = sqlite3.connect(path, timeout=10, check_same_thread=False)
    try:
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA synchronous = OFF")  # a lost cache entry is recomputed; a torn one fails its check
        with db:
            # Keep row ids: without them, comparing keys walks over the values and takes seven times as long.
            db.execute("CREATE TABLE IF NOT EXISTS entry (key TEXT PRIMARY KEY, value BLOB NOT NULL)")
        db.execute("SELECT key, value FROM entry LIMIT 1").fetchone()
    except DAMAGE:
        db.close()
        raise
    return db


def _close(owner: int, db: sqlite3.Connection) -> None:
    """Close `db` in the process that opened it; a fork must leave it alone."""
    if owner == os.getpid():
        db.close()


def _can_write(path: Path) -> bool:
    return os.access(path.parent, os.W_OK) and os.access(path, os.W_OK)


def _reader(path: Path) -> sqlite3.Connection | None:
    """The database at `path`, read-only; None if it is not one."""
    try:
        # Immutable, because otherwise even a reader has to write beside the file:
        # https://www.sqlite.org/wal.html#read_only_databases
        db = sqlite3.connect(f"{path.absolute().as_uri()}?immutable=1", uri=True, check_same_thread=False)
        db.execute("SELECT key, value FROM entry LIMIT 1").fetchone()
    except DAMAGE:
        return None
    return db


def _sealed(key: str, value: bytes) -> bytes:
    """`value` behind a check of it and its key: a damaged index may lead to the value of another key."""
    return _check(key, value) + value


def _unsealed(key: object, row: object) -> bytes | None:
    if not isinstance(key, str) or not isinstance(row, bytes):
        return None
    value = row[CHECK_BYTES:]
    return value if _check(key, value) == row[:CHECK_BYTES] else None


def _check(key: str, value: bytes) -> bytes:
    sealed = hashlib.blake2b(f"{len(key)}:{key}".encode(), digest_size=CHECK_BYTES)
    sealed.update(value)
    return sealed.digest()
