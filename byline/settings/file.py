"""The file of the settings, site.toml, and the variables that override it."""

import difflib
import re
import typing
from collections.abc import Mapping, Sequence
from typing import Any, get_args

import msgspec

from byline.problems import Problem, SiteError, read_toml
from byline.settings.parties import faults_of
from byline.settings.settings import KEYS, Settings
from byline.settings.tables import LanguageSettings, Rule, ThemeSettings
from byline.settings.values import bad_redirect, bad_values

FILE_NAME = "site.toml"
PREFIX = "BYLINE"


def parse(text: str, environ: Mapping[str, str], path: str = FILE_NAME) -> tuple[Settings, tuple[Problem, ...]]:
    """Settings from the text of site.toml and from `BYLINE_*` values, and warnings.

    Raises a SiteError that lists every fault: unknown keys with the nearest known one, wrong types, bad values.
    """
    table = read_toml(path, text)
    if isinstance(table, Problem):
        raise SiteError(str(table))
    faults = [_unknown(path, text, key) for key in table if key not in KEYS]
    warnings = [_unknown("environment", "", key) for key in environ if key not in KEYS]
    for key, value in environ.items():
        if key in KEYS:
            table[key] = _from_environment(key, value, faults)
    settings = _convert(table, text, path, faults)
    if faults or settings is None:
        raise SiteError("\n".join(str(fault) for fault in sorted(faults)))
    names = (*settings.theme.sections, *ThemeSettings.__struct_fields__)
    places = {name: _place_of(text, name) or _place_in(text, "theme", name) for name in names}
    places |= {name: place for name in (*settings.redirects, "stories") if (place := _place_of(text, name))}
    scripts = (str(script["src"]) for script in settings.head.scripts)
    vars(settings)["places"] = places | {src: _place_in(text, "head", src) for src in scripts}
    return settings, tuple(msgspec.structs.replace(w, severity="warning") for w in warnings)


def _convert(table: dict[str, Any], text: str, path: str, faults: list[Problem]) -> Settings | None:
    """Convert each key separately, so that one fault does not hide the next."""
    values = {}
    types = {field.name: field.type for field in msgspec.structs.fields(Settings)}
    for key in KEYS:
        if key in table:
            try:
                unknown = _unknown_inside(path, text, key, table[key])
                if unknown:
                    faults += unknown
                else:
                    values[key] = msgspec.convert(table[key], types[key])
            except msgspec.ValidationError as error:
                faults.append(_unfit(path, text, key, str(error)))
    if faults:
        return None
    settings = Settings(**values)
    for key, message in bad_values(settings):
        around, name = key.partition(".")[0], key.rpartition(".")[2]
        place = _place_of(text, name) or ((_line_of(text, key), 1) if around == name else _place_in(text, around, name))
        faults.append(Problem(path, *place, "bad-setting", f"`{key}`: {message}"))
    for source, value in settings.redirects.items():
        message = bad_redirect(source, value if isinstance(value, Rule) else Rule(value))
        if message:
            place = _place_of(text, source) or (_line_of(text, "redirects"), 1)
            faults.append(Problem(path, *place, "bad-setting", f"`redirects`: {message}"))
    for fault in faults_of(settings):
        place = _place_in(text, fault.table.partition(".")[0], fault.value)
        faults.append(Problem(path, *place, fault.code, fault.message, fault.hint))
    return settings


def _unfit(path: str, text: str, key: str, error: str) -> Problem:
    """A value of the wrong type, in a table at its own key, or one that is none of the few that there are."""
    kind: Any = typing.get_type_hints(Settings)[key]
    message, _, inner = error.partition(" - at `$.")
    name = re.split(r"[.\[]", inner.rstrip("`"))[0]
    if not name or not isinstance(kind, type):
        return Problem(path, _line_of(text, key), 1, "bad-setting", f"`{key}`: {error}")
    choices = [repr(one) for one in get_args(typing.get_type_hints(kind).get(name)) if isinstance(one, str) and one]
    hint = f"write one of {', '.join(choices)}" if choices and "enum" in message else ""
    return Problem(path, *_place_in(text, key, name), "bad-setting", f"`{key}.{name}`: {message}", hint)


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


def _unknown(path: str, text: str, key: str, keys: Sequence[str] = KEYS, table: str = "") -> Problem:
    near = difflib.get_close_matches(key.lower(), keys, n=1)
    name = f"BYLINE_{key.upper()}" if path == "environment" else f"`{table}{key}`"
    hint = f"did you mean `{table}{near[0]}`?" if near else ""
    return Problem(path, _line_of(text, key), 1, "unknown-setting", f"{name} is not a setting", hint)


def _unknown_inside(path: str, text: str, key: str, value: object) -> list[Problem]:
    """The keys of `value`, a table under `key`, that no setting has."""
    kind: Any = typing.get_type_hints(Settings)[key]
    if key == "languages" and isinstance(value, dict):
        known = LanguageSettings.__struct_fields__
        inner = ((code, name) for code, table in value.items() if isinstance(table, dict) for name in table)
        return [_unknown(path, text, name, known, f"{key}.{code}.") for code, name in inner if name not in known]
    if not (isinstance(value, dict) and isinstance(kind, type) and issubclass(kind, msgspec.Struct)):
        return []
    keys = kind.__struct_fields__
    return [_unknown(path, text, name, keys, f"{key}.") for name in value if name not in keys]


def _place_of(text: str, key: str) -> tuple[int, int] | None:
    """The line and the column of `key` in site.toml, quoted or at the start of a line."""
    for number, line in enumerate(text.splitlines(), 1):
        start = line.lstrip()
        if start.startswith((f'"{key}"', f"'{key}'")) or start.partition("=")[0].rstrip() == key:
            return number, len(line) - len(start) + 1
    return None


def _place_in(text: str, table: str, value: str) -> tuple[int, int]:
    """The line and the column of the first `value` in `table`, or those where that begins."""
    start = _line_of(text, table)
    for number, line in enumerate(text.splitlines()[start - 1 :], start):
        found = re.search(rf"(?<![\w.-]){re.escape(value)}(?![\w.-])", line)
        if found:
            return number, found.start() + 1
    return start, 1


def _line_of(text: str, key: str) -> int:
    """The line of `key` in site.toml, for keys and tables as people write them."""
    for number, line in enumerate(text.splitlines(), 1):
        head = line.split("=")[0].strip().strip("[]").strip().strip("\"'")
        if head == key or head.startswith(f"{key}."):
            return number
    return 1
