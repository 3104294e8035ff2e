"""Days as a page shows them: with or without a year, with names of months in the languages of Byline's interface."""

import datetime as dt
import functools
import re
from typing import NamedTuple

from babel.dates import get_month_names

LANGUAGES = "en de fr es it nl pt pl ja zh ar".split()
_WORD_FIRST = re.compile(r"(?P<word>[^\W\d_]+)\.?\s+(?P<day>\d{1,2})(?:st|nd|rd|th)?(?:,?\s+(?P<year>\d{4}))?")
_DAY_FIRST = re.compile(
    r"(?P<day>\d{1,2})(?:\.|st|nd|rd|th|er)?\s+(?:de\s+|of\s+)?(?P<word>[^\W\d_]+)\.?(?:,?\s+(?:de\s+)?(?P<year>\d{4}))?"
)
_NUMBERS = (
    re.compile(r"(?P<year>\d{4})[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})"),
    re.compile(r"(?P<day>\d{1,2})\.\s?(?P<month>\d{1,2})\.\s?(?P<year>\d{4})?"),
    re.compile(r"(?:(?P<year>\d{4})\s*年\s*)?(?P<month>\d{1,2})\s*月\s*(?P<day>\d{1,2})\s*日"),
)
_WEEKDAY = re.compile(r"^[^\W\d_]{2,12}\.?,\s+(?=\d|[^\W\d_]+\.?\s\d)")
_TIME = re.compile(
    r",?\s+(?:at\s+|um\s+|à\s+)?\d{1,2}[:.]\d{2}(?:\s*[ap]m)?(?:\s+(?:uhr|h|[A-Z]{3,4}))?$", re.IGNORECASE
)
RELATIVE = re.compile(
    r"(?:\d+|an?|one)\s*(?:s|min(?:ute)?s?|h(?:ou)?rs?|h|d|days?|weeks?|months?|years?)\.?\s+ago"
    r"|(?:just now|yesterday|today)"
    r"|vor\s+\d+\s+\w+\.?|il y a\s+\d+\s+\w+|hace\s+\d+\s+\w+|\d+\s+\w+\s+fa|\d+\s+\w+\s+geleden|há\s+\d+\s+\w+"
    r"|\d+\s*(?:分钟|小时|天|日|時間|分)前|\d{1,2}/\d{1,2}/\d{2,4}",
    re.IGNORECASE,
)
"""What says a day only to who knows today's, or which number is the month."""


class Day(NamedTuple):
    month: int
    day: int
    year: int = 0
    """0 if the page does not say it."""


def day_of(line: str) -> Day | None:
    """The day that is all that a line says."""
    text = _TIME.sub("", _WEEKDAY.sub("", line.strip())).strip()
    for pattern in (_WORD_FIRST, _DAY_FIRST, *_NUMBERS):
        found = pattern.fullmatch(text)
        if found:
            parts = found.groupdict()
            month = int(parts["month"]) if parts.get("month") else _months().get(str(parts.get("word")).casefold(), 0)
            day = Day(month, int(parts["day"]), int(parts["year"] or 0))
            if moment(day, day.year or 2000):
                return day
    return None


def moment(day: Day, year: int) -> dt.datetime | None:
    """The start of a day in the zone of the site, or None if that year has no such."""
    try:
        return dt.datetime(year, day.month, day.day)
    except ValueError:
        return None


@functools.cache
def _months() -> dict[str, int]:
    """The number of each month by its names, without those that mean two."""
    found: dict[str, set[int]] = {"sept": {9}}
    for language in LANGUAGES:
        for width in ("wide", "abbreviated"):
            for context in ("format", "stand-alone"):
                for number, name in get_month_names(width, context, language).items():
                    found.setdefault(name.casefold().rstrip("."), set()).add(number)
    return {name: next(iter(numbers)) for name, numbers in found.items() if len(numbers) == 1}
