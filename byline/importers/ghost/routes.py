"""Routes and redirects: where Ghost had its posts, and which older addresses it led on.

Patterns of the old site are read, never run: a pattern can be written so that it takes hours.
"""

import datetime as dt
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

import yaml

from byline.importers.source import Entry, Source
from byline.problems import SiteError

MAX_BYTES = 2_000_000
_WILD = re.compile(r"\(?(?:\?[:P<\w>]+)?(?:\\[dwS]|\[[^\]]+\]|\.)(?:[+*]\??|\{\d+(?:,\d*)?\})\)?")
_LITERAL = re.compile(r"(?:[\w~%@!-]|\\[-./~_])*")
_AROUND = re.compile(r"^/\^?(?=\^|\\/)(.*)/([gimu]*)$")


class Redirect(NamedTuple):
    """An old address and where it led. In `parts`, None stands for anything; there are none if it cannot be read."""

    typed: str
    parts: tuple[str | None, ...]
    groups: tuple[int, ...]
    target: str
    status: int

    @property
    def wild(self) -> int:
        return self.parts.count(None)

    @property
    def path(self) -> str:
        """As an address, with `*` for anything."""
        return "/" + "/".join("*" if part is None else part for part in self.parts)

    def leads(self, path: str) -> str:
        """Where `path` led, if this fits it."""
        given = [part for part in path.split("/") if part]
        if len(given) != len(self.parts):
            return ""
        if any(own not in (None, one) for own, one in zip(self.parts, given, strict=True)):
            return ""
        found = [given[place] for place in self.groups]
        return re.sub(
            r"\$(\d)", lambda sign: found[int(sign[1]) - 1] if int(sign[1]) <= len(found) else "", self.target
        )


def redirects_in(source: Source) -> list[Redirect]:
    """All redirects of the files that Ghost calls redirects.json and redirects.yaml, each once."""
    found: dict[tuple[str, str], Redirect] = {}
    for entry in _called(source, "redirects.json", "redirects.yaml", "redirects.yml"):
        for typed, target, status in _rules(_loaded(entry, source)):
            found.setdefault((typed, target), _redirect(typed, target, status))
    return list(found.values())


def _called(source: Source, *names: str) -> list[Entry]:
    return [entry for name in names for entry in source.by_name.get(name, ())]


def _loaded(entry: Entry, source: Source) -> Any:
    if entry.size > MAX_BYTES:
        raise SiteError(f"{entry.path}: is larger than {MAX_BYTES:,} bytes")
    try:
        return yaml.safe_load(source.text(entry))  # which reads JSON too
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        raise SiteError(f"{entry.path}: cannot be read: {str(error).splitlines()[0]}") from None


def _rules(found: Any) -> Iterator[tuple[str, str, int]]:
    if isinstance(found, list):
        for one in found:
            if isinstance(one, dict) and one.get("from") and one.get("to"):
                yield str(one["from"]), str(one["to"]), 301 if one.get("permanent") else 302
    elif isinstance(found, dict):
        for status in (301, 302):
            for old, new in (found.get(status) or found.get(str(status)) or {}).items():
                yield str(old), str(new), status


def _redirect(typed: str, target: str, status: int) -> Redirect:
    around = _AROUND.match(typed)
    pattern = (around[1] if around else typed).replace("\\/", "/")
    pattern = re.sub(r"(?:/\?|/\)\?|\(/\)\?|/)?\$?$", "", pattern.removeprefix("^"))
    parts: list[str | None] = []
    groups: list[int] = []
    for part in pattern.strip("/").split("/"):
        if _LITERAL.fullmatch(part) or (part and not re.search(r"[\\^$.|?*+()\[\]{}]", part)):
            parts.append(re.sub(r"\\(.)", r"\1", part))
        elif _WILD.fullmatch(part):
            groups += [len(parts)] if part.startswith("(") and not part.startswith("(?:") else []
            parts.append(None)
        else:
            return Redirect(typed, (), (), target, status)
    return Redirect(typed, tuple(parts), tuple(groups), target, status)


class Routes(NamedTuple):
    """The permalink of posts by the tag that chooses it (None for all others), and what else routes.yaml has."""

    permalinks: tuple[tuple[str | None, str], ...] = ((None, "/{slug}/"),)
    channels: tuple[tuple[str, str], ...] = ()
    """Addresses that show the posts of a tag, each with the tag's slug."""
    others: tuple[str, ...] = ()
    tags: str = "/tag/{slug}/"
    authors: str = "/author/{slug}/"
    odd: tuple[str, ...] = ()
    """Filters that are not read."""


def routes_in(source: Source) -> Routes:
    entries = _called(source, "routes.yaml", "routes.yml")
    found = _loaded(entries[0], source) if entries else None
    if not isinstance(found, dict):
        return Routes()
    permalinks: list[tuple[str | None, str]] = []
    odd = []
    for one in _table(found, "collections").values():
        rule = one if isinstance(one, dict) else {}
        chosen = re.fullmatch(r"(?:primary_)?tag:\[?([\w-]+)\]?", str(rule.get("filter") or ""))
        if rule.get("filter") and not chosen:
            odd.append(str(rule["filter"]))
        else:
            permalinks.append((chosen[1] if chosen else None, str(rule.get("permalink") or "/{slug}/")))
    channels, others = [], []
    for path, one in _table(found, "routes").items():
        data = one.get("data") if isinstance(one, dict) else None
        tag = re.fullmatch(r"tag\.([\w-]+)", str(data or ""))
        if tag:
            channels.append((str(path), tag[1]))
        else:
            others.append(str(path))
    taxonomies = _table(found, "taxonomies")
    return Routes(
        tuple(permalinks) or ((None, "/{slug}/"),),
        tuple(channels),
        tuple(others),
        str(taxonomies.get("tag") or "/tag/{slug}/"),
        str(taxonomies.get("author") or "/author/{slug}/"),
        tuple(odd),
    )


def _table(found: dict[Any, Any], key: str) -> dict[Any, Any]:
    table = found.get(key)
    return table if isinstance(table, dict) else {}


def address(pattern: str, slug: str, date: dt.datetime | None, **names: str) -> str:
    """The address of a post by a permalink; empty if the post lacks a part of it."""
    parts = {"slug": slug, **names}
    if date:
        parts |= {"year": f"{date.year}", "month": f"{date.month:02}", "day": f"{date.day:02}"}
    wanted = re.findall(r"\{(\w+)\}", pattern)
    if any(not parts.get(name) for name in wanted):
        return ""
    return re.sub(r"\{(\w+)\}", lambda name: parts[name[1]], pattern)
