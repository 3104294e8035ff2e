"""Keys: how the names of front matter are compared, and what defines one: a name, a type and a meaning."""

import functools
import re
import typing
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

_LISTED = "every published post is in the sitemap; `draft: true` keeps one back"
ADVICE = {
    "sitemap": _LISTED,
    "noindex": _LISTED,
    "robots": _LISTED,
    "redirect_to": "Byline's pages cannot redirect elsewhere; put a link in the text",
}
"""What to do about keys of other programs that Byline has no use for."""


class Kind(NamedTuple):
    """A type of value: how its keys are read from `Fields`, and its JSON Schema."""

    read: Callable[[Any, str], Any]
    schema: dict[str, Any]


class Key(NamedTuple):
    """A key of front matter, as an annotation on the field that it fills: its kind, its meaning and its other names."""

    kind: Kind
    meaning: str
    also: tuple[str, ...] = ()


@functools.cache
def keys_of(header: type) -> Mapping[str, Key]:
    """Field → key, for every field of a header's struct that is a key of front matter, in order."""
    hints = typing.get_type_hints(header, include_extras=True)
    marks = {name: getattr(hint, "__metadata__", ()) for name, hint in hints.items()}
    return {name: mark[0] for name, mark in marks.items() if mark}


def normal(key: str) -> str:
    """`Cover-Image`, `cover_image` and `coverImage` are one key."""
    return re.sub(r"[-_\s]", "", key.lower())


def spelled(key: str) -> str:
    """The name under which templates find a key that Byline does not know."""
    return key.strip().lower().replace("-", "_").replace(" ", "_")


@functools.cache
def names_of(header: type) -> Mapping[str, str]:
    """Every accepted name, in its normal form → its key."""
    return {normal(name): key for key, its in keys_of(header).items() for name in (key, *its.also)}
