"""Digests of files, without reading again what the disk says has not changed.

The store keeps the digest under the file's signature: device, inode, size, and both times to the
nanosecond. Setting a file's time back does not fool it, since that changes the second time.
"""

from collections.abc import Sequence

from byline.files import Found
from byline.fingerprint import digest
from byline.store import Store


class Digests:
    def __init__(self, store: Store) -> None:
        self._store = store
        self.used: set[str] = set()
        self._remembered: dict[str, bytes] | None = None

    def remember(self) -> None:
        """Keep what the store says in memory from one call to the next."""
        self._remembered = {}

    def of(self, files: Sequence[Found]) -> dict[str, str]:
        """Path → digest of the content; the empty text for what cannot be read."""
        keys = {file.path: f"file:{file.signature}" for file in files if file.signature}
        self.used |= set(keys.values())
        known = self._known(list(keys.values()))
        found: dict[str, str] = {}
        for file in files:
            key = keys.get(file.path, "")
            kept = known.get(key)
            found[file.path] = kept.decode() if kept is not None else self._read(file, key)
        return found

    def _known(self, keys: list[str]) -> dict[str, bytes]:
        before = self._remembered
        if before is None:
            return self._store.get_many(keys)
        before |= self._store.get_many([key for key in keys if key not in before])
        return before

    def _read(self, file: Found, key: str) -> str:
        try:
            with open(file.real, "rb") as opened:
                content = digest(opened.read())
        except OSError:
            return ""
        if key:
            self._store.put(key, content.encode())
        return content
