"""Dates as writers type them, in the site's time zone."""

import datetime as dt
import re
from zoneinfo import ZoneInfo

from byline.storage.zones import zone_of

FORMS = "write it like 2025-04-03, 2025-04-03 10:00 or 2025-04-03T10:00:00+02:00"

_NAMES = "january february march april may june july august september october november december".split()
_MONTHS = {form: number for number, name in enumerate(_NAMES, 1) for form in (name, name[:3])} | {"sept": 9}
"""Whole names and their usual short forms: November is `marraskuu` in Finnish, and no March."""
_HOURS = {"z": 0, "utc": 0, "gmt": 0, "wet": 0, "west": 1, "cet": 1, "cest": 2, "eet": 2, "eest": 3} | {
    f"{letter}{kind}t": hours + (kind == "d")
    for letter, hours in zip("ecmp", (-5, -6, -7, -8), strict=True)
    for kind in "sd"
}
"""Names of zones that mean one thing, and those of North America as in mails: RFC 2822, section 4.3."""

_WEEKDAY = re.compile(r"(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?\b[,.]?[ ]+", re.IGNORECASE)
_TH = r"(?:st|nd|rd|th)?"
_DATE = re.compile(
    r"(?:(?P<year>\d{4})(?P<mark>[-/.])(?P<month>\d{1,2})(?P=mark)(?P<day>\d{1,2})"
    rf"|(?P<word>[^\W\d_]+)\.?[ ]+(?P<day2>\d{{1,2}}){_TH}(?:,?[ ]+(?P<year2>\d{{4}}))?"
    rf"|(?P<day3>\d{{1,2}}){_TH}\.?[ ]+(?:of[ ]+)?(?P<word2>[^\W\d_]+)\.?(?:,?[ ]+(?P<year3>\d{{4}}))?)"
    r"(?P<time>(?:T|,?[ ]+(?:at[ ]+)?)(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,]\d+)?)?"
    r"(?:[ ]*(?P<half>[ap])\.?m\b\.?)?"
    r"(?:[ ]*(?P<zone>(?:UTC|GMT)?[+-]\d{2}:?\d{2}|[+-]\d{2}|[a-z]{1,5})(?:[ ]*\([^)]*\))?)?)?",
    re.IGNORECASE,
)


_UNIX = re.compile(
    r"(?:[A-Z][a-z]{2} )?([A-Z][a-z]{2}) +(\d{1,2}) (\d{1,2}:\d{2}(?::\d{2})?) ([A-Z]{2,5}|[+-]\d{4}) (\d{4})"
)
"""What the command `date` prints."""


class BadDate(ValueError):
    """A date that cannot be read; the second argument is the hint."""


def parse(text: str, zone: ZoneInfo) -> dt.datetime:
    """`text` as an aware datetime. A date alone is the start of that day; a time without an offset is in `zone`.

    Raises BadDate(message, hint), also for what could mean two days, such as 3/4/2025.
    """
    match = _match(text)
    year, month, day = _day(match, text)
    hour, minute, second = (int(match[name] or 0) for name in ("hour", "minute", "second"))
    if match["half"]:
        if not 1 <= hour <= 12:
            raise BadDate(f"{text!r} is not a date: there is no {hour} o'clock {match['half']}m", FORMS)
        hour = hour % 12 + 12 * (match["half"].lower() == "p")
    return _checked(
        text, (year, month, day), (hour, minute, second), _zone(match["zone"], text) if match["zone"] else zone
    )


def iso(text: str) -> str:
    """`text`, a date that `parse` reads, as Byline writes dates."""
    match = _match(text)
    moment = parse(text, zone_of("UTC"))
    if not match["time"]:
        return f"{moment:%Y-%m-%d}"
    second = ":%S" if match["second"] else ""
    return moment.strftime(f"%Y-%m-%d %H:%M{second}{' %z' if match['zone'] else ''}")


def _match(text: str) -> re.Match[str]:
    typed = _UNIX.sub(r"\1 \2, \5 \3 \4", text.strip())
    match = _DATE.fullmatch(_WEEKDAY.sub("", typed, count=1))
    if not match:
        raise BadDate(f"{text.strip()!r} is not a date", FORMS)
    return match


def _day(match: re.Match[str], text: str) -> tuple[int, int, int]:
    """Year, month and day."""
    word = match["word"] or match["word2"]
    month = int(match["month"]) if match["month"] else _MONTHS.get(word.lower(), 0)
    year = match["year"] or match["year2"] or match["year3"]
    if word and not month:
        raise BadDate(f"{text.strip()!r} is not a date", FORMS)
    if not year:
        raise BadDate(f"{text.strip()!r} has no year", FORMS)
    return int(year), month, int(match["day"] or match["day2"] or match["day3"])


def is_in_gap(moment: dt.datetime) -> bool:
    """Whether clocks jumped over this local time, as they do when summer time starts."""
    there = moment.astimezone(dt.UTC).astimezone(moment.tzinfo)
    return there.replace(fold=0) != moment.replace(fold=0)


def _checked(text: str, date: tuple[int, int, int], time: tuple[int, int, int], zone: dt.tzinfo) -> dt.datetime:
    if not 1000 <= date[0] <= 9000:  # moments near the ends of the calendar cannot be converted to other zones
        raise BadDate(f"{text!r}: the year must be from 1000 to 9000", FORMS)
    try:
        moment = dt.datetime(*date, *time, tzinfo=zone)
        moment.astimezone(dt.UTC)
    except (ValueError, OverflowError) as error:
        raise BadDate(f"{text!r} is not a date: {error}", FORMS) from None
    return moment


def _zone(typed: str, text: str) -> dt.tzinfo:
    name = typed.lower()
    if name in _HOURS:
        return dt.timezone(dt.timedelta(hours=_HOURS[name])) if _HOURS[name] else dt.UTC
    offset = name.removeprefix("utc").removeprefix("gmt").replace(":", "")
    hours, minutes = (int(offset[1:3]), int(offset[3:] or 0)) if offset[0] in "+-" else (99, 0)
    if hours > 14 or minutes > 59:
        raise BadDate(f"{text!r}: there is no time zone {typed}", FORMS)
    shift = dt.timedelta(hours=hours, minutes=minutes)
    return dt.timezone(-shift if offset[0] == "-" else shift)
