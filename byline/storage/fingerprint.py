"""Fingerprints: equal values, and only equal values, have equal fingerprints.

The encoding is type-tagged and length-prefixed, so `1`, `True`, `"1"` and `["1"]` all differ, and an
aware datetime is told apart from the same instant in another zone. Only frozen values are accepted: a
value that can change after it was fingerprinted would make the fingerprint a lie.
"""

import datetime as dt
import functools
import hashlib
import platform
from collections.abc import Callable
from importlib import metadata
from pathlib import Path
from types import MappingProxyType
from typing import Any

import msgspec
from markupsafe import Markup

import byline

DIGEST_BYTES = 20
"""160 bits: a chance collision would need about 2**80 values."""


LIBRARIES = (
    "babel flask flask-flatpages jinja2 markdown markupsafe msgspec nh3 pillow pygments pymdown-extensions"
    " python-slugify pyyaml text-unidecode tzdata werkzeug"
).split()


def fingerprint(*values: object) -> str:
    """Hex digest of `values`. Raises TypeError for any type that is not a frozen value."""
    parts: list[str] = []
    for value in values:
        _encode(value, parts)
    return digest("".join(parts).encode("utf-8", "surrogatepass"))


def digest(data: bytes) -> str:
    """Hex digest of raw bytes: a file, a source, a response body."""
    return hashlib.blake2b(data, digest_size=DIGEST_BYTES).hexdigest()


PACKAGE = Path(byline.__file__).parent
"""All of the program, wherever in it a module lies."""


@functools.cache
def code_digest(*files: Path, package: Path = PACKAGE) -> str:
    """Digest of every Python source of the program and of `files`, by name, and of the installed libraries.

    It stands in every cache key and tag, so a changed line of code or an upgraded library
    can never meet a result that the old one computed. It is worked out once a process: what runs is what was loaded.
    """
    names = [(path.relative_to(package.parent).as_posix(), path) for path in package.rglob("*.py")]
    names += [(path.name, path) for path in files]
    sources = tuple((name, digest(path.read_bytes())) for name, path in sorted(names))
    return fingerprint(sources, library_versions())


def library_versions() -> tuple[tuple[str, str], ...]:
    """(name, version) of the interpreter and of every library that takes part in making a page."""
    return (("python", platform.python_version()), *((name, metadata.version(name)) for name in LIBRARIES))


def _encode(value: object, parts: list[str]) -> None:
    """Add `value` as text that no other value has: each begins with its kind and its length."""
    kind = type(value)
    if kind is str:  # most values are, so they are spared a call
        parts.append(f"s{len(value)}:{value}")  # type: ignore[arg-type]
        return
    encoder = _ENCODERS.get(kind)
    if encoder is None:
        if not isinstance(value, msgspec.Struct) or not value.__struct_config__.frozen:
            raise TypeError(f"a context holds frozen values only, not {kind.__qualname__}: {value!r:.80}")
        encoder = _ENCODERS[kind] = _struct(type(value))
    encoder(value, parts)


def _text(tag: str, text: Callable[[Any], str]) -> Callable[[Any, list[str]], None]:
    def encode(value: Any, parts: list[str]) -> None:
        said = text(value)
        parts.append(f"{tag}{len(said)}:{said}")

    return encode


def _tuple(value: tuple[object, ...], parts: list[str]) -> None:
    parts.append(f"t{len(value)}:")
    for item in value:
        _encode(item, parts)


def _mapping(value: MappingProxyType[object, object], parts: list[str]) -> None:
    # In iteration order: a template that loops over a mapping shows that order.
    parts.append(f"m{len(value)}:")
    for key, item in value.items():
        _encode(key, parts)
        _encode(item, parts)


def _struct(kind: type[msgspec.Struct]) -> Callable[[Any, list[str]], None]:
    """What encodes values of `kind`. One that carries its own digest is that: an index need not walk every post."""
    name, fields = kind.__qualname__, kind.__struct_fields__
    start, is_sealed = f"S{len(name)}:{name}", "digest" in fields

    def encode(value: Any, parts: list[str]) -> None:
        parts.append(start)
        if is_sealed and value.digest:
            parts.append(f"D{len(value.digest)}:{value.digest}")
            return
        for field in fields:
            _encode(getattr(value, field), parts)

    return encode


_ENCODERS: dict[type, Callable[[Any, list[str]], None]] = {
    type(None): lambda _none, parts: parts.append("n"),
    bool: lambda value, parts: parts.append("b1" if value else "b0"),
    int: lambda value, parts: parts.append(f"i{value}:"),
    float: _text("f", repr),
    Markup: _text("M", str.__str__),
    bytes: _text("y", bytes.hex),
    dt.date: _text("d", dt.date.isoformat),
    dt.datetime: _text("T", lambda value: f"{value.isoformat()}|{value.fold}|{value.tzinfo}"),
    tuple: _tuple,
    MappingProxyType: _mapping,
}
