"""The bucket: a place for objects at S3, Google, Azure or any server that speaks S3, through obstore.

https://developmentseed.org/obstore/ — addresses and credentials are those of its `from_url`.
"""

import contextlib
import datetime as dt
import threading
from collections.abc import Collection, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import obstore
from obstore import exceptions
from obstore.store import from_url

from byline.freeze.manifest import OWN
from byline.problems import SiteError
from byline.publish.ledger import CLAIM, NOTHING, Kept
from byline.storage.shared import said_by

SCHEMES = ("s3://", "gs://", "az://")
PATIENCE, IMPATIENCE = "45s", "9s"
"""Of one try, with all that it sends; a file of more than 5 MB goes in several. The other is that of a sign of life."""
RETRIES: Any = {"max_retries": 8, "retry_timeout": dt.timedelta(seconds=50)}
"""No try begins later than that: it is longer than one, since a lost connection may be silent."""
AT_ONCE = 8
"""Objects that are sent or asked for at a time; of those that are large, one is sent."""
FEW = 100
"""Names that are asked for one by one."""
LARGE = 1_000_000
"""Bytes of a file that is sent while no other large one is, piece by piece: a slow line brings little in one try."""


class Bucket:
    """An open target. Whatever its server refuses is a SiteError that says what to do."""

    def __init__(self, address: str) -> None:
        self.address = address
        self._large = threading.Lock()
        with self._told():
            self._store = self._opened(PATIENCE)
            self._quick = self._opened(IMPATIENCE)

    def _opened(self, patience: str) -> Any:
        options: Any = {"connect_timeout": "5s", "timeout": patience, "allow_http": True}
        return from_url(self.address, client_options=options, retry_config=RETRIES)

    def read(self, name: str) -> Kept:
        """The object, or NOTHING."""
        with self._told():
            try:
                found = obstore.get(self._store, name)
                return Kept(bytes(found.bytes()), _version(found.meta))
            except (exceptions.NotFoundError, FileNotFoundError):
                return NOTHING

    def swap(self, name: str, before: Kept, data: bytes) -> Kept | None:
        """Replace the object if it is still what was read `before`; None if it is another by now."""
        with self._told():
            mode: Any = "create" if before.version is None else dict(before.version)
            try:
                store = self._quick if name == CLAIM else self._store
                made = obstore.put(store, name, data, mode=mode, use_multipart=False)
                return Kept(data, _version(made))
            except (exceptions.AlreadyExistsError, exceptions.PreconditionError, FileExistsError):
                now = self.read(name)
                return now if now.data == data else None  # it was done, but the answer was lost

    def existing(self, names: Collection[str]) -> set[str]:
        """Those of `names` that are there."""
        if len(names) > FEW:  # a list has a thousand in an answer, but all that there are
            return {name for name in self.names() if name in names}
        with ThreadPoolExecutor(AT_ONCE) as threads:
            return {name for name, is_there in zip(names, threads.map(self._has, names), strict=True) if is_there}

    def _has(self, name: str) -> bool:
        with self._told(name):
            try:
                obstore.head(self._store, name)
            except (exceptions.NotFoundError, FileNotFoundError):
                return False
            return True

    def names(self) -> Iterator[str]:
        """Of all that is there, but for Byline's own."""
        with self._told():
            for some in obstore.list(self._store):
                yield from (found["path"] for found in some if not found["path"].startswith(f"{OWN}/"))

    def put(self, name: str, file: Path, headers: Mapping[str, str]) -> None:
        """Send a file; one that is large goes in pieces of 5 MB, and shows when all are there."""
        with self._told(name), self._large if file.stat().st_size > LARGE else contextlib.nullcontext():
            obstore.put(self._store, name, file, attributes=dict(headers), max_concurrency=1)

    def delete(self, name: str) -> None:
        """Delete an object, which may be gone already."""
        with self._told(name), contextlib.suppress(exceptions.NotFoundError, FileNotFoundError):
            obstore.delete(self._store, name)

    @contextlib.contextmanager
    def _told(self, name: str = "") -> Iterator[None]:
        what = f"{self.address}/{name}" if name else self.address
        try:
            yield
        except (exceptions.UnauthenticatedError, exceptions.PermissionDeniedError) as error:
            raise SiteError(
                f"{what}: the server does not let you in ({said_by(error)}); check the credentials"
            ) from None
        except exceptions.NotSupportedError:
            raise SiteError(f"{what}: the server cannot replace an object only if it is unchanged") from None
        except (exceptions.BaseError, OSError, ValueError) as error:
            raise SiteError(f"{what}: {said_by(error)}") from None


def _version(known: Mapping[str, Any]) -> dict[str, str]:
    """What a server calls this version of an object; each kind of server uses other ones of these."""
    return {name: known[name] for name in ("e_tag", "version") if known[name]}
