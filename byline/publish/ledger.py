"""The ledger: what was sent to a bucket, what of that is in doubt, and who is sending now: all kept in the bucket."""

from collections.abc import Mapping
from typing import NamedTuple, TypeVar

import brotli
import msgspec

from byline.freeze.manifest import OWN
from byline.problems import SiteError

LEDGER, DOUBT, CLAIM = f"{OWN}/ledger", f"{OWN}/doubt", f"{OWN}/claim"
"""Their names in a bucket."""


class Ledger(msgspec.Struct, frozen=True):
    """Name of each object that was sent → digest of its bytes and headers."""

    sent: dict[str, str] = {}


class Doubt(msgspec.Struct, frozen=True):
    """Names of objects of which the ledger may be wrong: they are being sent or deleted, or that was interrupted."""

    names: tuple[str, ...] = ()


class Claim(msgspec.Struct, frozen=True):
    """Who is sending: `is_over` says that they no longer are; who is at work raises `beat` all the time."""

    publisher: str = ""
    is_over: bool = True
    beat: int = 0


class Kept(NamedTuple):
    """An object as the bucket has it: its bytes, and its version, for replacing just that; None if there is none."""

    data: bytes
    version: Mapping[str, str] | None


NOTHING = Kept(b"", None)
Value = TypeVar("Value", Ledger, Doubt, Claim)


def packed(value: Ledger | Doubt | Claim) -> bytes:
    return bytes(brotli.compress(msgspec.json.encode(value), quality=5))


def ledger_of(kept: Kept) -> Ledger:
    return _unpacked(kept, Ledger, LEDGER)


def doubt_of(kept: Kept) -> Doubt:
    return _unpacked(kept, Doubt, DOUBT)


def claim_of(kept: Kept) -> Claim:
    return _unpacked(kept, Claim, CLAIM)


def _unpacked(kept: Kept, kind: type[Value], name: str) -> Value:
    if kept.version is None:
        return kind()
    try:
        return msgspec.json.decode(brotli.decompress(kept.data), type=kind)
    except (brotli.error, msgspec.MsgspecError):
        raise SiteError(
            f"{name} in the bucket is damaged, or another program's: delete {LEDGER}, {DOUBT} and {CLAIM}, and"
            " everything is sent again; what is there already and the site no longer has then stays for you to delete"
        ) from None
