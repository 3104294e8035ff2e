"""Dates as writers type them, in the site's time zone."""

import datetime as dt
import re
from zoneinfo import ZoneInfo

MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
FORMS = "write it like 2025-04-03, 2025-04-03 10:00 or 2025-04-03T10:00:00+02:00"

_NUMERIC = re.compile(
    r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})"
    r"(?:(?:[T ]|[ ]+)(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,]\d+)?)?"
    r"[ ]*(?P<zone>[Zz]|UTC|GMT|[+-]\d{2}:?\d{2}|[+-]\d{2})?)?"
)
_WORDED = re.compile(
    r"(?:(?P<month>[A-Za-z]{3,9})\.?[ ]+(?P<day>\d{1,2})|(?P<day2>\d{1,2})\.?[ ]+(?P<month2>[A-Za-z]{3,9})\.?)"
    r"(?:st|nd|rd|th)?(?:,?[ ]+(?P<year>\d{4}))?"
)


class BadDate(ValueError):
    """A date that cannot be read; the second argument is the hint."""


def parse(text: str, zone: ZoneInfo) -> dt.datetime:
    """`text` as an aware datetime. A date alone is the start of that day; a time without an offset is in `zone`.

    Raises BadDate(message, hint).
    """
    text = text.strip()
    match = _NUMERIC.fullmatch(text)
    if match:
        return _numeric(match, text, zone)
    match = _WORDED.fullmatch(text)
    month = (match["month"] or match["month2"]).lower()[:3] if match else ""
    if not match or month not in MONTHS:
        raise BadDate(f"{text!r} is not a date", FORMS)
    if not match["year"]:
        raise BadDate(f"{text!r} has no year", FORMS)
    day = int(match["day"] or match["day2"])
    return _checked(text, (int(match["year"]), MONTHS.index(month) + 1, day), (0, 0, 0), zone)


def is_in_gap(moment: dt.datetime) -> bool:
    """Whether clocks jumped over this local time, as they do when summer time starts."""
    there = moment.astimezone(dt.UTC).astimezone(moment.tzinfo)
    return there.replace(fold=0) != moment.replace(fold=0)


def _numeric(match: re.Match[str], text: str, zone: ZoneInfo) -> dt.datetime:
    date = int(match["year"]), int(match["month"]), int(match["day"])
    time = int(match["hour"] or 0), int(match["minute"] or 0), int(match["second"] or 0)
    return _checked(text, date, time, _offset(match["zone"], text) if match["zone"] else zone)


def _checked(text: str, date: tuple[int, int, int], time: tuple[int, int, int], zone: dt.tzinfo) -> dt.datetime:
    if not 1000 <= date[0] <= 9000:  # moments near the ends of the calendar cannot be converted to other zones
        raise BadDate(f"{text!r}: the year must be from 1000 to 9000", FORMS)
    try:
        moment = dt.datetime(*date, *time, tzinfo=zone)
        moment.astimezone(dt.UTC)
    except (ValueError, OverflowError) as error:
        raise BadDate(f"{text!r} is not a date: {error}", FORMS) from None
    return moment


def _offset(zone: str, text: str) -> dt.tzinfo:
    if zone[0] not in "+-":
        return dt.UTC
    hours, minutes = int(zone[1:3]), int(zone[3:].lstrip(":") or 0)
    if hours > 14 or minutes > 59:
        raise BadDate(f"{text!r}: there is no time zone {zone}", FORMS)
    offset = dt.timedelta(hours=hours, minutes=minutes)
    return dt.timezone(offset if zone[0] == "+" else -offset)
