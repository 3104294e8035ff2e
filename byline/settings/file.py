"""The file of the settings, site.toml, and the variables that override it."""

import difflib
import types
import typing
from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any, get_args, get_origin

import msgspec

from byline.problems import Problem, SiteError, read_toml
from byline.settings.parties import faults_of
from byline.settings.places import Keys, Places
from byline.settings.settings import KEYS, Settings
from byline.settings.tables import Rule, ThemeSettings
from byline.settings.values import bad_redirect, bad_values

FILE_NAME = "site.toml"
PREFIX = "BYLINE"
NO_SETTINGS = ("store_secret", "store_write")
"""Variables that are for one machine, and never in the file."""


def parse(text: str, environ: Mapping[str, str], path: str = FILE_NAME) -> tuple[Settings, tuple[Problem, ...]]:
    """Settings from the text of site.toml and from `BYLINE_*` values, and warnings.

    Raises a SiteError that lists every fault: unknown keys with the nearest known one, wrong types, bad values.
    """
    table = read_toml(path, text)
    if isinstance(table, Problem):
        raise SiteError(str(table))
    places = Places(text)
    faults = [_unknown(path, places, (key,)) for key in table if key not in KEYS]
    warnings = [_unknown("environment", Places(""), (key,)) for key in environ if key not in (*KEYS, *NO_SETTINGS)]
    for key, value in environ.items():
        if key in KEYS:
            table[key] = _from_environment(key, value, faults)
    settings = _convert(table, places, path, faults)
    if faults or settings is None:
        raise SiteError("\n".join(str(fault) for fault in sorted(faults)))
    found = {name: places.at(("theme", name)) for name in ThemeSettings.__struct_fields__}
    found |= {name: places.at(("theme", "sections", name)) for name in settings.theme.sections}
    found |= {old: places.at(("redirects", old)) for old in settings.redirects if places.has(("redirects", old))}
    found |= {src: places.at(("head",), src) for src in (str(one["src"]) for one in settings.head.scripts)}
    vars(settings)["places"] = found | {"stories": places.at(("stories",))}
    return settings, tuple(msgspec.structs.replace(w, severity="warning") for w in warnings)


def _convert(table: dict[str, Any], places: Places, path: str, faults: list[Problem]) -> Settings | None:
    """Convert each key separately, so that one fault does not hide the next."""
    values = {}
    kinds = typing.get_type_hints(Settings, include_extras=True)
    for key in KEYS:
        if key in table:
            found = list(_misfits(kinds[key], table[key], (key,), path, places))
            faults += found
            if not found:
                values[key] = msgspec.convert(table[key], kinds[key])
    if faults:
        return None
    settings = Settings(**values)
    for key, message in bad_values(settings):
        keys = key.split(".", 2 if key.startswith("theme.sections.") else 1)  # a name may have dots
        faults.append(Problem(path, *places.at(tuple(keys)), "bad-setting", f"`{key}`: {message}"))
    for source, value in settings.redirects.items():
        message = bad_redirect(source, value if isinstance(value, Rule) else Rule(value))
        if message:
            place = places.at(("redirects", source))
            faults.append(Problem(path, *place, "bad-setting", f"`redirects`: {message}"))
    for fault in faults_of(settings):
        place = places.at((fault.table.partition(".")[0],), fault.value)
        faults.append(Problem(path, *place, fault.code, fault.message, fault.hint))
    return settings


def _misfits(kind: Any, value: Any, keys: Keys, path: str, places: Places) -> Iterator[Problem]:
    """What in `value`, the setting at `keys`, is not of its type, or is no setting: each fault at its own place."""
    bare = get_args(kind)[0] if get_origin(kind) is Annotated else kind
    options = get_args(bare) if get_origin(bare) in (typing.Union, types.UnionType) else (bare,)
    one = next((option for option in options if _holds(option, value)), None)
    inner: list[tuple[Any, str | int]] = []
    if isinstance(value, list) and one:
        inner = [(get_args(one)[0], number) for number in range(len(value))]
    elif get_origin(one) is dict:
        inner = [(get_args(one)[1], name) for name in value]
    elif one:
        hints = typing.get_type_hints(one, include_extras=True)
        unknown = [name for name in value if name not in hints]
        if unknown:
            yield from (_unknown(path, places, (*keys, name), tuple(hints)) for name in unknown)
            return
        inner = [(hints[name], name) for name in value]
    found = [fault for its, name in inner for fault in _misfits(its, value[name], (*keys, name), path, places)]
    yield from found
    if not found:
        try:
            msgspec.convert(value, kind)
        except msgspec.ValidationError as error:
            choices = [repr(choice) for choice in get_args(bare) if isinstance(choice, str) and choice]
            hint = f"write one of {', '.join(choices)}" if choices and "enum" in str(error) else ""
            yield Problem(path, *places.at(keys), "bad-setting", f"`{_dotted(keys)}`: {error}", hint)


def _holds(kind: Any, value: Any) -> bool:
    """Whether `kind` is the list, the mapping or the table that `value` would be in."""
    if isinstance(value, list):
        return get_origin(kind) is tuple
    is_struct = isinstance(kind, type) and issubclass(kind, msgspec.Struct)
    return isinstance(value, dict) and (is_struct or get_origin(kind) is dict)


def _dotted(keys: Keys) -> str:
    return ".".join(key for key in keys if isinstance(key, str))


def _from_environment(key: str, value: str, faults: list[Problem]) -> Any:
    """The text of a variable converted to its setting's type: text stays text, tables and lists are JSON."""
    kind: Any = typing.get_type_hints(Settings)[key]
    try:
        if kind is str or (get_args(kind) and isinstance(get_args(kind)[0], str)):
            return value
        if kind in (int, bool):
            return msgspec.convert(value, kind, strict=False)
        return msgspec.to_builtins(msgspec.json.decode(value, type=kind))
    except (msgspec.ValidationError, msgspec.DecodeError, RecursionError) as error:
        faults.append(Problem("environment", 1, 1, "bad-setting", f"BYLINE_{key.upper()}: {error}"))
        return msgspec.UNSET


def _unknown(path: str, places: Places, keys: Keys, known: Sequence[str] = KEYS) -> Problem:
    *around, key = keys
    near = difflib.get_close_matches(str(key).lower(), known, n=1)
    name = f"BYLINE_{_dotted(keys).upper()}" if path == "environment" else f"`{_dotted(keys)}`"
    hint = f"did you mean `{_dotted((*around, *near))}`?" if near else ""
    line, col = places.at(keys)
    return Problem(path, line, col, "unknown-setting", f"{name} is not a setting", hint)
