"""Equal values have equal fingerprints, different values have different ones, and only frozen values have any."""

import datetime as dt
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from byline.storage.fingerprint import fingerprint

NOON = dt.datetime(2025, 6, 1, 12, tzinfo=dt.UTC)
DIFFERENT: list[Any] = [
    None,
    True,
    False,
    0,
    1,
    1.0,
    "",
    "1",
    "True",
    b"1",
    Markup("1"),
    (),
    ((),),
    ("1",),
    ("1", "1"),
    ("11",),
    (("1",), "1"),
    ("1", ("1",)),
    MappingProxyType({}),
    MappingProxyType({"a": 1, "b": 2}),
    MappingProxyType({"b": 2, "a": 1}),
    NOON,
    NOON.astimezone(dt.timezone(dt.timedelta(hours=2))),
    NOON.astimezone(ZoneInfo("Europe/Berlin")),
    NOON.replace(fold=1),
    NOON.date(),
    NOON.isoformat(),
]


class Left(msgspec.Struct, frozen=True):
    a: Any
    b: Any = ""


class Right(msgspec.Struct, frozen=True):
    a: Any
    b: Any = ""


class Digested(msgspec.Struct, frozen=True):
    a: Any
    digest: str = ""


class Loose(msgspec.Struct):
    a: int = 1


def test_different_values_differ() -> None:
    values = [
        *DIFFERENT,
        Left("x", "y"),
        Left("xy"),
        Right("x", "y"),
        Digested("x"),
        Digested("y", "d"),
        Digested("z", "e"),
    ]
    assert len({fingerprint(value) for value in values}) == len(values)


def test_a_struct_that_carries_its_digest_is_that_digest() -> None:
    assert fingerprint(Digested("x", "d")) == fingerprint(Digested("y", "d"))


@pytest.mark.parametrize(
    "value", [[1], {"a": 1}, {1}, frozenset({1}), object(), Loose(), bytearray(b"x"), lambda: 1, (1, [2])]
)
def test_what_can_change_is_refused(value: object) -> None:
    with pytest.raises(TypeError, match="frozen"):
        fingerprint(value)


FROZEN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text() | st.binary(),
    lambda inner: (
        st.lists(inner, max_size=3).map(tuple) | st.dictionaries(st.text(), inner, max_size=3).map(MappingProxyType)
    ),
)


def typed(value: object) -> str:
    """A value written out with its types: `1` and `True` differ."""
    if isinstance(value, tuple):
        return f"({','.join(map(typed, value))})"
    if isinstance(value, MappingProxyType):
        return f"{{{','.join(f'{typed(k)}:{typed(v)}' for k, v in value.items())}}}"
    return f"{type(value).__name__} {value!r}"


@given(FROZEN, FROZEN)
def test_fingerprints_are_equal_just_when_the_values_are(one: object, other: object) -> None:
    assert (fingerprint(one) == fingerprint(other)) == (typed(one) == typed(other))
