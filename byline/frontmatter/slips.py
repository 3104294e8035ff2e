"""Slips: lines of a header that YAML cannot read as its writer meant them, where they can mean only one thing."""

import re
from typing import Any, NamedTuple

import yaml

_KEY = r"[A-Za-z_][\w.-]*"
_INDENTED = re.compile(rf"[ \t]{{1,3}}(?={_KEY}:(?:[ \t]|$))")
_COMPLETE = re.compile(rf"{_KEY}:[ \t]+[^\s|>]")
"""A key with its value on one line: nothing can belong below it."""
_JOINED = re.compile(rf"[ \t]*{_KEY}(?P<old>：[ \t]*|:[\u00a0\u3000 ]*)(?=[^\s:/])")
_DASH = re.compile(r"[ \t]*(?P<old>[–—•*][ \t\u00a0]+)(?=\S)")
_VALUE = re.compile(rf"[ \t]*(?:-[ ]+)?{_KEY}:[ \t]+(?P<old>[^\s\"'{{|>#].*?)(?=[ \t]*$|[ \t]+#)")
MOST_BRACKETS = 20
"""In a value that may be a text: trying to read thousands takes seconds."""
_LIST = re.compile(r"\[[^\]]*\][ \t]*$|\[[^\]]*$")


class Slip(NamedTuple):
    """What is wrong at a place of the file, and the text `old` there, for which `new` would be right."""

    line: int
    col: int
    message: str
    hint: str
    old: str
    new: str


def repaired(header: str, top: int, loader: Any) -> tuple[str, list[Slip]]:
    """`header`, whose first line is the line `top` of its file, without its slips, and those."""
    lines = header.split("\n")
    slips = []
    for number, line in enumerate(lines):
        before = next((above for above in reversed(lines[:number]) if above.strip()), "")
        below = lines[number + 1] if number + 1 < len(lines) else ""
        for find in (_indented, _joined, _dash):
            slip = find(lines[number], before, number + top)
            if slip:
                slips.append(slip)
                lines[number] = _without(lines[number], slip)
        slip = _unquoted(lines[number], below, number + top, loader)
        if slip:
            slips.append(slip._replace(col=slip.col + len(line) - len(lines[number])))
            lines[number] = _without(lines[number], slip)
    return "\n".join(lines), slips


def _without(line: str, slip: Slip) -> str:
    at = slip.col - 1
    return line[:at] + slip.new + line[at + len(slip.old) :]


def _indented(line: str, before: str, number: int) -> Slip | None:
    match = _INDENTED.match(line)
    if not match or (before and not _COMPLETE.match(before)):
        return None
    return Slip(
        number, 1, "the key is indented, but does not belong to the one above", "remove the spaces", match[0], ""
    )


def _joined(line: str, _before: str, number: int) -> Slip | None:
    match = _JOINED.match(line)
    if not match or match["old"] == ": " or re.fullmatch(": +", match["old"]):
        return None
    return Slip(number, match.start("old") + 1, "a space is missing after the colon", "add it", match["old"], ": ")


def _dash(line: str, before: str, number: int) -> Slip | None:
    match = _DASH.match(line)
    if not match or not (before.rstrip().endswith(":") or before.lstrip().startswith("- ")):
        return None
    return Slip(
        number, match.start("old") + 1, "an item of a list starts with a hyphen", "write `- `", match["old"], "- "
    )


def _unquoted(line: str, below: str, number: int, loader: Any) -> Slip | None:
    match = _VALUE.match(line)
    is_continued = len(below) - len(below.lstrip()) > len(line) - len(line.lstrip()) and below.strip()
    if not match or is_continued or _LIST.match(match["old"]) or match["old"].count("[") > MOST_BRACKETS:
        return None
    if _is_read(line.strip().removeprefix("- "), loader):
        return None
    what = "a colon and a space" if ": " in f"{match['old']} " else f"`{match['old'][0]}` at its start"
    message = f"YAML cannot read an unquoted value with {what}; it is taken as text"
    quoted = in_quotes(match["old"])
    return Slip(number, match.start("old") + 1, message, 'put the value in "quotes"', match["old"], quoted)


def _is_read(line: str, loader: Any) -> bool:
    """Whether YAML can read `line` by itself. Its events come one by one; composing them could end the process."""
    try:
        return not any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(line, Loader=loader))
    except yaml.YAMLError:
        return False


def in_quotes(value: str) -> str:
    """In double quotes, or in single quotes if double quotes would change its meaning."""
    if '"' in value or "\\" in value:
        return "'" + value.replace("'", "''") + "'"
    return f'"{value}"'
