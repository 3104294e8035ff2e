"""Fingerprints: equal values, and only equal values, have equal fingerprints.

The encoding is type-tagged and length-prefixed, so `1`, `True`, `"1"` and `["1"]` all differ, and an
aware datetime is told apart from the same instant in another zone. Only frozen values are accepted: a
value that can change after it was fingerprinted would make the fingerprint a lie.
"""

import datetime as dt
import functools
import hashlib
import operator
import platform
from collections.abc import Callable
from importlib import metadata
from pathlib import Path
from types import MappingProxyType
from typing import Any

import msgspec
from markupsafe import Markup

DIGEST_BYTES = 20
"""160 bits: a chance collision would need about 2**80 values."""


LIBRARIES = (
    "babel flask flask-flatpages jinja2 markdown markupsafe msgspec nh3 pillow pygments pymdown-extensions"
    " python-slugify pyyaml text-unidecode tzdata werkzeug"
).split()


def fingerprint(*values: object) -> str:
    """Hex digest of `values`. Raises TypeError for any type that is not a frozen value."""
    parts: list[bytes] = []
    for value in values:
        _encode(value, parts)
    return digest(b"".join(parts))


def digest(data: bytes) -> str:
    """Hex digest of raw bytes: a file, a source, a response body."""
    return hashlib.blake2b(data, digest_size=DIGEST_BYTES).hexdigest()


def code_digest(package: Path, *files: Path) -> str:
    """Digest of every Python source of `package` and of `files`, by name, and of the installed libraries.

    It stands in every cache key and tag, so a changed line of code or an upgraded library
    can never meet a result that the old one computed.
    """
    names = [(path.relative_to(package.parent).as_posix(), path) for path in package.rglob("*.py")]
    names += [(path.name, path) for path in files]
    sources = tuple((name, digest(path.read_bytes())) for name, path in sorted(names))
    return fingerprint(sources, library_versions())


def library_versions() -> tuple[tuple[str, str], ...]:
    """(name, version) of the interpreter and of every library that takes part in making a page."""
    return (("python", platform.python_version()), *((name, metadata.version(name)) for name in LIBRARIES))


def _encode(value: object, parts: list[bytes]) -> None:
    kind = type(value)
    if kind is str:  # most values are, so they are spared two calls
        data = value.encode("utf-8", "surrogatepass")  # type: ignore[attr-defined]
        parts += (b"s%d:" % len(data), data)
    elif kind in _ENCODERS:
        _ENCODERS[kind](value, parts)
    elif isinstance(value, msgspec.Struct) and value.__struct_config__.frozen:
        _struct(value, parts)
    else:
        raise TypeError(f"a context holds frozen values only, not {kind.__qualname__}: {value!r:.80}")


def _leaf(tag: bytes, payload: bytes, parts: list[bytes]) -> None:
    parts += (b"%b%d:" % (tag, len(payload)), payload)


def _text(tag: bytes, text: Callable[[Any], str]) -> Callable[[Any, list[bytes]], None]:
    return lambda value, parts: _leaf(tag, text(value).encode("utf-8", "surrogatepass"), parts)


def _tuple(value: tuple[object, ...], parts: list[bytes]) -> None:
    parts.append(b"t%d:" % len(value))
    for item in value:
        _encode(item, parts)


def _mapping(value: MappingProxyType[object, object], parts: list[bytes]) -> None:
    # In iteration order: a template that loops over a mapping shows that order.
    parts.append(b"m%d:" % len(value))
    for key, item in value.items():
        _encode(key, parts)
        _encode(item, parts)


def _struct(value: msgspec.Struct, parts: list[bytes]) -> None:
    """A struct that carries its own digest is that digest: an index need not walk every post it lists."""
    head, values_of = _shape(type(value))
    parts.append(head)
    own = getattr(value, "digest", None)
    if own:
        _leaf(b"D", own.encode(), parts)
        return
    for item in values_of(value):
        _encode(item, parts)


@functools.cache
def _shape(kind: type[msgspec.Struct]) -> tuple[bytes, Callable[[Any], tuple[object, ...]]]:
    """What the encoding of a struct starts with, and what takes all of its fields at once."""
    fields = kind.__struct_fields__
    head: list[bytes] = []
    _leaf(b"S", kind.__qualname__.encode(), head)
    if len(fields) > 1:
        return b"".join(head), operator.attrgetter(*fields)
    return b"".join(head), lambda value: tuple(getattr(value, field) for field in fields)


_ENCODERS: dict[type, Callable[[Any, list[bytes]], None]] = {
    type(None): lambda _none, parts: parts.append(b"n"),
    bool: lambda value, parts: parts.append(b"b1" if value else b"b0"),
    int: _text(b"i", str),
    float: _text(b"f", repr),
    Markup: _text(b"M", str.__str__),
    bytes: lambda value, parts: _leaf(b"y", value, parts),
    dt.date: _text(b"d", dt.date.isoformat),
    dt.datetime: _text(b"T", lambda value: f"{value.isoformat()}|{value.fold}|{value.tzinfo}"),
    tuple: _tuple,
    MappingProxyType: _mapping,
}
