"""Headers: front matter as Byline reads it, written by the YAML library, so that each value comes back as it was."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

import yaml

Value = str | bool | dt.datetime | tuple[str, ...] | Mapping[str, str] | Mapping[str, Any]


class _Dumper(yaml.SafeDumper):
    """Lists of words stand on one line, and nothing refers to anything."""

    def ignore_aliases(self, _data: Any) -> bool:
        return True


class _Quoted(str):
    """A text that YAML, or Byline's way of reading lists, could take for something else."""

    __slots__ = ()


class _Flow(list[str]):
    """A list on one line."""


_Dumper.add_representer(
    _Quoted, lambda dumper, data: dumper.represent_scalar("tag:yaml.org,2002:str", str(data), style='"')
)
_Dumper.add_representer(
    _Flow, lambda dumper, data: dumper.represent_sequence("tag:yaml.org,2002:seq", data, flow_style=True)
)


def written(values: Mapping[str, Value]) -> str:
    """The header with `values`, in their order, between its fences. Those that are empty are left out."""
    table = {key: _plain(value) for key, value in values.items() if value not in ("", (), None, False, {})}
    text = yaml.dump(table, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=10_000, default_flow_style=False)
    return f"---\n{text}---\n"


def _plain(value: Any) -> Any:
    if isinstance(value, dt.datetime):
        return Moment.of(value)
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, tuple):
        return _Flow([_text(one) for one in value])
    if isinstance(value, Mapping):
        return {key: _plain(one) for key, one in value.items() if one}
    return value


def _text(value: str) -> str:
    text = " ".join("".join(sign if sign.isprintable() else " " for sign in value).split())
    return _Quoted(text) if any(sign in text for sign in ",:#\"'[]{}|>&*!%@`\\") or not text.isprintable() else text


class Moment(str):
    """A date in the form in which Byline writes them."""

    __slots__ = ()

    @classmethod
    def of(cls, moment: dt.datetime) -> "Moment":
        if moment.tzinfo:
            return cls(moment.isoformat(timespec="seconds"))
        return cls(moment.strftime("%Y-%m-%d" if moment.time() == dt.time() else "%Y-%m-%d %H:%M:%S"))


_Dumper.add_representer(Moment, lambda dumper, data: dumper.represent_scalar("tag:yaml.org,2002:timestamp", str(data)))
