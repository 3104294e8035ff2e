"""The tables of Ghost's export, and what belongs together in them."""

import datetime as dt
import json
from typing import Any

from byline.importers import moments
from byline.importers.source import Entry, Source
from byline.importers.text.values import tables
from byline.problems import SiteError

Row = dict[str, Any]


class Tables:
    """All rows of one export. Where addresses stand, `url` is put in place of Ghost's name for its own."""

    def __init__(self, entry: Entry, source: Source, url: str) -> None:
        try:
            found = json.loads(source.text(entry).replace("__GHOST_URL__", url))
        except (ValueError, RecursionError) as error:
            raise SiteError(f"{entry.path}: is no JSON that can be read: {error}") from None
        whole = found.get("db") if isinstance(found, dict) else None
        whole = whole[0] if isinstance(whole, list) and whole else found
        data = whole.get("data") if isinstance(whole, dict) else None
        if not isinstance(data, dict):
            raise SiteError(f"{entry.path}: has no `data`, as Ghost's exports have; export it again")
        self._data = data
        self.meta = {str(row.get("post_id")): row for row in self.rows("posts_meta")}
        self.settings = {str(row.get("key")): row.get("value") for row in self.rows("settings")}

    def rows(self, name: str) -> list[Row]:
        return tables(self._data.get(name))

    def of_post(self, name: str, key: str) -> dict[str, list[str]]:
        """What the table `name` gives each post, in its order: the ids in its column `key`."""
        found: dict[str, list[tuple[int, str]]] = {}
        for row in self.rows(name):
            order = row.get("sort_order")
            found.setdefault(str(row.get("post_id")), []).append(
                (order if isinstance(order, int) else 0, str(row.get(key)))
            )
        return {post: [one for _, one in sorted(rows, key=lambda row: row[0])] for post, rows in found.items()}


def text(row: Row, *names: str) -> str:
    """The first of some columns that is not empty."""
    found = (row.get(name) for name in names)
    return next((str(one) for one in found if one not in (None, "", 0, False)), "")


def moment(value: Any) -> dt.datetime | None:
    """A date, which is in UTC; the oldest exports count milliseconds."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        try:
            return dt.datetime.fromtimestamp(value / 1000, dt.UTC)
        except (ValueError, OverflowError, OSError):
            return None
    found = moments.of_iso(str(value or ""))
    return found.replace(tzinfo=dt.UTC) if found and found.tzinfo is None else found
