"""Fingerprints: equal values, and only equal values, have equal fingerprints.

The encoding is type-tagged and length-prefixed, so `1`, `True`, `"1"` and `["1"]` all differ, and an
aware datetime differs from the same instant in another zone. Only frozen values are accepted: a value
that could change after it was fingerprinted would make the fingerprint a lie.
"""

import datetime as dt
import functools
import hashlib
import io
import os
import platform
import re
import sys
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
    "babel comrak-ext flask flask-flatpages jinja2 latex2mathml markdown markupsafe msgspec nh3 pillow pygments"
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


def file_digest(file: io.BufferedReader) -> str:
    """The digest of what an open file holds, of any size: it is read in pieces."""
    return hashlib.file_digest(file, lambda: hashlib.blake2b(digest_size=DIGEST_BYTES)).hexdigest()


_IS_PACKAGE = re.compile(r".+-.+\.(dist|egg)-info").fullmatch
PACKAGE = Path(byline.__file__).parent
"""The whole program, with all modules."""


@functools.cache
def code_digest(package: Path = PACKAGE) -> str:
    """Digest of every Python source of the program, by name, and of the libraries that it uses.

    It is part of every cache key and tag, so after a line of code changes or a library is upgraded, no old result is
    ever used. It is computed once per process, because what runs is what was loaded.
    """
    names = [(path.relative_to(package.parent).as_posix(), path) for path in package.rglob("*.py")]
    sources = tuple((name, digest(path.read_bytes())) for name, path in sorted(names))
    return fingerprint(sources, library_versions())


def widened(code: str, folder: Path, content: Path) -> str:
    """`code`, and all else that may take part in making a page: the installed packages, with their versions, and the
    Python sources below `folder`, except in its `content`, in environments, and in hidden and frozen folders."""
    packages = {name for path in sys.path if os.path.isdir(path) for name in os.listdir(path) if _IS_PACKAGE(name)}
    sources = []
    for here, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not _is_foreign(Path(here, name), content))
        for name in sorted(names):
            if name.endswith(".py"):
                path = Path(here, name)
                sources.append((path.relative_to(folder).as_posix(), digest(path.read_bytes())))
    return fingerprint(code, tuple(sorted(packages)), tuple(sources))


def _is_foreign(folder: Path, content: Path) -> bool:
    if folder.name.startswith(".") or folder.name in ("node_modules", "__pycache__") or folder == content:
        return True
    return any((folder / mark).exists() for mark in ("pyvenv.cfg", ".byline"))


def library_versions() -> tuple[tuple[str, str], ...]:
    """(name, version) of the interpreter and of every library that helps to make a page."""
    return (("python", platform.python_version()), *((name, metadata.version(name)) for name in LIBRARIES))


def _encode(value: object, parts: list[str]) -> None:
    """Append `value` as text that no other value has: it begins with the value's kind and length."""
    kind = type(value)
    if kind is str:  # most values are strings, so they skip a call
        parts.append(f"s{len(value)}:{value}")  # type: ignore[arg-type]
        return
    encoder = _ENCODERS.get(kind)
    if encoder is None:
        if not isinstance(value, msgspec.Struct) or not value.__struct_config__.frozen:
            raise TypeError(f"a context may hold only frozen values, not {kind.__qualname__}: {value!r:.80}")
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
    """The encoder for `kind`. A value with a digest is encoded as that, so an index need not walk every post."""
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
