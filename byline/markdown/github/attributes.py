"""Attributes in braces behind headings, links and pictures: `{#id .class width=300}`."""

import re
from html import escape

from byline.markdown import sanitize

_ATTRIBUTE = r"""(?:#[\w.:-]+|\.[\w-]+|[a-z-]+=(?:"[^"]*"|[\w.%-]+))"""
_ATTRIBUTES = rf"\{{:? *({_ATTRIBUTE}(?: +{_ATTRIBUTE})*) *\}}"
AT_START = re.compile(_ATTRIBUTES)
AT_END = re.compile(rf" +{_ATTRIBUTES}$")


def attributes(tag: str, typed: str) -> dict[str, str] | None:
    """The attributes in braces, or None where one may not stand at `tag`: then all of it is text."""
    values: dict[str, str] = {}
    for part in re.findall(_ATTRIBUTE, typed):
        if part[0] == "#":
            values["id"] = part[1:]
        elif part[0] == ".":
            values["class"] = f"{values.get('class', '')} {part[1:]}".lstrip()
        else:
            name, value = part.split("=", 1)
            values[name] = value.strip('"')
    allowed = sanitize.ATTRIBUTES["*"] | sanitize.ATTRIBUTES.get(tag, set())
    return values if values.keys() <= allowed.difference(("href", "src", "alt")) else None


def written(attributes: dict[str, str]) -> str:
    return "".join(f' {name}="{escape(value)}"' for name, value in sorted(attributes.items()))
