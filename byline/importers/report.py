"""The report: what came in and what did not, where each old address leads, what was changed, and what needs a look."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import NamedTuple

import msgspec

from byline.importers.export import Item, LeftOut

FILE_NAME = "import-report.md"
MOST = 500
"""Lines of a list. Addresses are listed to the last: someone may look for one."""


class Placed(NamedTuple):
    """An item with where it went and what was said about it."""

    item: Item
    path: str
    url: str
    is_draft: bool
    aliases: tuple[str, ...]
    lost: tuple[str, ...]
    notes: tuple[str, ...]
    doubts: tuple[str, ...]


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """All that a run has to say; nothing in it depends on whether this is the first run."""

    system: str
    source: str
    title: str
    old: str
    total: int
    items: tuple[Placed, ...]
    authors: tuple[tuple[str, str], ...]
    files: int
    used: int
    left_out: tuple[LeftOut, ...]
    missing: tuple[tuple[str, str], ...]
    redirects: tuple[tuple[str, str], ...]
    rules: tuple[str, ...]
    dead: tuple[tuple[str, str], ...]
    permalink: tuple[str, int, int]
    notes: tuple[str, ...]
    doubts: tuple[str, ...]
    kept: tuple[tuple[str, str], ...] = ()
    """Files that are not as the export would have them, with the reason."""

    @property
    def posts(self) -> int:
        return sum(one.item.kind == "post" for one in self.items)

    @property
    def pages(self) -> int:
        return len(self.items) - self.posts

    @property
    def drafts(self) -> int:
        return sum(one.is_draft for one in self.items)

    @property
    def adds_up(self) -> bool:
        return self.total == len(self.items) + self.files + sum(one.count for one in self.left_out)

    def lines(self) -> Iterator[str]:
        """What the command prints."""
        yield (
            f"{self.system}: {self.total} in the export = posts {self.posts} + pages {self.pages}"
            f" + files of the library {self.files} + left out {sum(one.count for one in self.left_out)};"
            f" drafts among the first two: {self.drafts}"
        )
        yield from (f"Left out: {_left(one)}" for one in self.left_out)
        if self.missing:
            yield f"{len(self.missing)} pictures or files could not be had, and keep their old address"
        if self.permalink[0]:
            yield from _permalink(self.permalink)
        looks = sum(bool(one.doubts) for one in self.items) + len(self.doubts) + len(self.dead)
        if looks:
            yield f"{looks} things need a look"

    def text(self) -> str:
        """The report as Markdown."""
        return "\n".join(self._sections()).rstrip() + "\n"

    def _sections(self) -> Iterator[str]:
        yield f"# Import from {self.system}\n"
        yield f"{self.source}: {self.title or 'no title'}{f', {self.old}' if self.old else ''}\n"
        yield "| | |\n|---|---:|"
        yield f"| in the export | {self.total} |"
        yield f"| posts | {self.posts} |\n| pages | {self.pages} |\n| of these, drafts | {self.drafts} |"
        yield f"| files of the library | {self.files} |\n| left out | {sum(one.count for one in self.left_out)} |"
        yield f"\nThe texts use {self.used} files; what no text shows stays behind. Authors: {len(self.authors)}.\n"
        yield from _list("Left out", map(_left, self.left_out))
        yield from _list("Not written", (f"{path}: {reason}" for path, reason in self.kept))
        yield from self._addresses()
        yield from _list("To look at", self._looks())
        yield from _list("Pictures and files that could not be had", (f"{name}: {why}" for name, why in self.missing))
        yield from _list("Changed", self._changes())
        yield from _list("Drafts", (f"{one.path}: {one.item.status}" for one in self.items if one.is_draft))

    def _addresses(self) -> Iterator[str]:
        rows = [(old, one.url) for one in self.items if not one.is_draft for old in _old(one)]
        yield "## Addresses\n"
        yield from _permalink(self.permalink)
        yield "| old address | leads to |\n|---|---|"
        yield from (f"| {_cell(old)} | {_cell(new)} |" for old, new in rows)
        yield ""
        lost = [(old, one.url) for one in self.items if not one.is_draft for old in one.lost]
        plain = {old: new for old, new in reversed([*self.redirects, *lost]) if "?" not in old}
        if plain or self.rules:
            yield "These cannot stand in a header, but in site.toml:\n\n```toml\n[redirects]"
            yield from (f"{json.dumps(old, ensure_ascii=False)} = {json.dumps(new)}" for old, new in plain.items())
            yield from self.rules
            yield "```\n"
        queries = [(old, new) for old, new in lost if "?" in old]
        if queries:
            yield "These are questions to the front page, which only a server's own rules can answer:\n"
            yield "| old address | should lead to |\n|---|---|"
            yield from (f"| {_cell(old)} | {_cell(new)} |" for old, new in queries)
            yield ""

    def _looks(self) -> Iterator[str]:
        yield from self.doubts
        for one in self.items:
            yield from (f"{one.path}: {doubt}" for doubt in one.doubts)
        yield from (f"{path}: a link leads to {url}, which did not come along" for path, url in self.dead)

    def _changes(self) -> Iterator[str]:
        yield from self.notes
        counted = Counter(note for one in self.items for note in one.notes)
        for note, count in sorted(counted.items()):
            paths = [one.path for one in self.items if note in one.notes]
            yield f"{note}: {', '.join(paths[:5])}{f' and {count - 5} more' if count > 5 else ''}"


def _old(one: Placed) -> list[str]:
    own = [one.item.address] if one.item.address and one.item.address not in one.lost else []
    return list(dict.fromkeys(own + [alias for alias in one.aliases if not one.item.address.endswith(alias)]))


def _permalink(found: tuple[str, int, int]) -> Iterator[str]:
    pattern, count, posts = found
    if pattern:
        yield (
            f"{count} of {posts} posts keep their address with this line in site.toml. Add it, and import once more:\n"
            f'\n    permalink = "{pattern}"\n'
        )


def _left(one: LeftOut) -> str:
    return f"{one.count} × {one.what}: {one.reason}"


def _list(title: str, lines: Iterable[str]) -> Iterator[str]:
    found = list(lines)
    if not found:
        return
    yield f"## {title}\n"
    yield from (f"- {' '.join(line.split())}" for line in found[:MOST])
    if len(found) > MOST:
        yield f"- and {len(found) - MOST} more"
    yield ""


def _cell(text: str) -> str:
    return text.replace("|", "%7C").replace("\n", " ")
