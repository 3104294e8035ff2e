"""Values of JSON that others wrote: of the type that is wanted, or empty."""

from typing import Any

Table = dict[str, Any]


def part(found: Table, key: str) -> Table:
    """A table in a table."""
    value = found.get(key)
    return value if isinstance(value, dict) else {}


def tables(found: Any) -> list[Table]:
    """The tables of a list."""
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []
