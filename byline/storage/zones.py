"""Time zones, read from the tzdata package: the same on every machine, whatever its own are."""

import functools
import re
from pathlib import Path
from zoneinfo import ZoneInfo

import tzdata

FOLDER = Path(tzdata.__file__).parent / "zoneinfo"
_NAME = re.compile(r"[A-Za-z0-9_+-]+(?:/[A-Za-z0-9_+-]+)*")


@functools.cache
def zone_of(name: str) -> ZoneInfo:
    """The IANA time zone of this name. Raises ValueError if there is none."""
    file = FOLDER / name
    if not _NAME.fullmatch(name) or not file.is_file():
        raise ValueError(f"{name!r} is not a time zone")
    with file.open("rb") as opened:
        return ZoneInfo.from_file(opened, key=name)
