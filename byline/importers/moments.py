"""Moments as files of other systems write them."""

import datetime as dt
import email.utils


def of_iso(text: str) -> dt.datetime | None:
    """A date of RFC 3339 or ISO 8601, or None."""
    try:
        moment = dt.datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    return moment if moment.year > 1 else None


def of_mail(text: str) -> dt.datetime | None:
    """A date of RSS; or None, also for the year -1, which WordPress gives a draft."""
    try:
        return email.utils.parsedate_to_datetime(text) if " -000" not in text else None
    except (ValueError, TypeError, IndexError):
        return of_iso(text)


def is_later(updated: dt.datetime | None, published: dt.datetime | None) -> bool:
    """Whether a text changed on a later day than it appeared: systems count every press of a button as a change."""
    if not (updated and published) or (updated.tzinfo is None) != (published.tzinfo is None):
        return False
    return updated - published > dt.timedelta(days=1)
