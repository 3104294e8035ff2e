"""ISO dates: what a date in another form means, if only one thing can have been meant."""

import re

from byline.frontmatter import dates
from byline.storage.zones import zone_of

_CLEAN = re.compile(r"\d{4}-\d{2}-\d{2}(?:(?:T| +)\d{2}:\d{2}.*)?", re.DOTALL)
_SEPARATED = re.compile(r"(\d{4})([/.])(\d{1,2})\2(\d{1,2})(?=\D|$)")
_WEEKDAY = re.compile(r"(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?,?[ ]+", re.IGNORECASE)
_MAIL = re.compile(r"(\d{1,2})[ ]+([A-Za-z]{3})[a-z]*[ ]+(\d{4})[ ]+(\d{1,2}:\d{2}(?::\d{2})?(?:[ ].*)?)")


def iso_form(text: str) -> str | None:
    """`text` as Byline writes dates, or None if it is already written that way, or could mean several things.

    `3/4/2025` is March in one country and April in another.
    """
    typed = text.strip()
    if _CLEAN.fullmatch(typed):
        return None
    plain = _WEEKDAY.sub("", _SEPARATED.sub(r"\1-\3-\4", typed), count=1)
    mail = _MAIL.fullmatch(plain)
    if mail and mail[2].lower() in dates.MONTHS:
        plain = f"{mail[3]}-{dates.MONTHS.index(mail[2].lower()) + 1}-{mail[1]} {mail[4]}"
    try:
        moment = dates.parse(plain, zone_of("UTC"))
    except dates.BadDate:
        return None
    return f"{moment:%Y-%m-%d}{_time(plain)}"


def _time(text: str) -> str:
    """The time of day in `text`, as typed, but with two digits for the hour."""
    match = re.search(r"(?:T| +)(\d{1,2})(:\d{2}.*)", text)
    return f" {int(match[1]):02}{match[2]}" if match else ""
