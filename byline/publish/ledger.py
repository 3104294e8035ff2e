"""The ledger: what was sent to a bucket, and the claim of who is sending now. Both are kept in the bucket itself."""

from collections.abc import Mapping
from typing import NamedTuple, TypeVar

import brotli
import msgspec

from byline.freeze.manifest import OWN
from byline.problems import SiteError

LEDGER, CLAIM = f"{OWN}/ledger", f"{OWN}/claim"
"""Their names in a bucket."""


class Ledger(msgspec.Struct, frozen=True):
    """Name of each object that was sent → digest of its bytes and headers."""

    sent: dict[str, str] = {}


class Claim(msgspec.Struct, frozen=True):
    """Who is sending, and what they may have sent or deleted that the ledger does not say.

    `publisher` is who wrote it, and `is_over` says that they no longer send; who is at work raises `beat` all the time.
    """

    publisher: str = ""
    is_over: bool = True
    beat: int = 0
    uncertain: tuple[str, ...] = ()


class Kept(NamedTuple):
    """An object as the bucket has it: its bytes, and its version, for replacing just that; None if there is none."""

    data: bytes
    version: Mapping[str, str] | None


NOTHING = Kept(b"", None)
Value = TypeVar("Value", Ledger, Claim)


def packed(value: Ledger | Claim) -> bytes:
    return bytes(brotli.compress(msgspec.json.encode(value), quality=5))


def ledger_of(kept: Kept) -> Ledger:
    return _unpacked(kept, Ledger, LEDGER) if kept.version is not None else Ledger()


def claim_of(kept: Kept) -> Claim:
    return _unpacked(kept, Claim, CLAIM) if kept.version is not None else Claim()


def _unpacked(kept: Kept, kind: type[Value], name: str) -> Value:
    try:
        return msgspec.json.decode(brotli.decompress(kept.data), type=kind)
    except (brotli.error, msgspec.MsgspecError):
        raise SiteError(
            f"{name} in the bucket is damaged, or another program's: delete {LEDGER} and {CLAIM}, and everything is"
            " sent again; what is there already and the site no longer has then stays for you to delete"
        ) from None
