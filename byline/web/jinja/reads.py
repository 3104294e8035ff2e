"""Reads: what templates take from the whole site besides their context, found in their sources, so that it is part of
the tags of exactly the pages that may show it."""

import contextvars
import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

import jinja2
from jinja2 import meta, nodes

from byline.models import Data, Teaser
from byline.site import Site
from byline.storage.fingerprint import fingerprint

MAY_READ = re.compile(r"""(?<![\w"'/.])(?:latest|data)(?!\w|["'/]|-[a-z])""")
"""Where a template may ask for more than its context holds."""
TOPICS = {"tag", "category", "author", "series"}
MAPPING_METHODS = frozenset(dir(Mapping))


class Call(NamedTuple):
    """A call of `latest` that is written out in a template."""

    number: int
    topics: tuple[tuple[str, str], ...] = ()


class Reads(NamedTuple):
    """What templates take: calls of `latest`, names in `data`; None where that is only known when a page is made."""

    calls: frozenset[Call] | None = frozenset()
    names: frozenset[str] | None = frozenset()

    def with_those(self, other: "Reads") -> "Reads":
        calls = None if self.calls is None or other.calls is None else self.calls | other.calls
        return Reads(calls, None if self.names is None or other.names is None else self.names | other.names)

    def may_read(self, name: str) -> bool:
        return self.names is None or name in self.names


NOTHING = Reads()


class Seen(NamedTuple):
    """What templates see of the site in the language of a page, and of all data."""

    edition: Site
    data: Data

    @classmethod
    def of(cls, site: Site, home: str) -> "Seen":
        """Of the page whose front page is at `home`."""
        return cls(next((edition for edition in site.all_editions if edition.urls.home == home), site), site.data)

    @property
    def mark(self) -> str:
        """Identifies all of it."""
        return fingerprint(self.edition.listed, self.data.digests)

    def taken(self, reads: Reads) -> str:
        """Identifies what `reads` is of it."""
        calls, names = reads
        chosen = tuple(self.edition.latest(call.number, **dict(call.topics)) for call in sorted(calls or ()))
        digests = self.data.digests
        read = digests if names is None else tuple((name, digests.get(name)) for name in sorted(names))
        return fingerprint(self.edition.listed if calls is None else chosen, read)


SEEN: contextvars.ContextVar[Seen] = contextvars.ContextVar("seen")
"""For the page that is being made: macros that are imported get no context."""


class DataTable(Mapping[str, Any]):
    """`data` in templates."""

    def __getitem__(self, name: str) -> Any:
        return SEEN.get().data.values[name]

    def __iter__(self) -> Iterator[str]:
        return iter(SEEN.get().data.values)

    def __len__(self) -> int:
        return len(SEEN.get().data.values)


TABLES = (MappingProxyType, DataTable)


def latest(number: int, **topics: object) -> tuple[Teaser, ...]:
    """`latest` in templates."""
    return SEEN.get().edition.latest(number, **topics)


def reads_of(sources: Mapping[str, str], environment: jinja2.Environment) -> dict[str, Reads]:
    """What each template of `sources`, with all that it extends, includes and imports, takes; those that take nothing
    may be left out."""
    if not any(map(MAY_READ.search, sources.values())):
        return {}
    own: dict[str, Reads] = {}
    above: dict[str, set[str]] = {}
    for name, text in sources.items():
        try:
            tree = environment.parse(text)
        except jinja2.TemplateSyntaxError:  # no page can be made from it
            continue
        own[name] = read_by(tree)
        named = list(meta.find_referenced_templates(tree))
        joined = {environment.join_path(one, name) for one in named if one}
        above[name] = set(sources) if None in named else joined | {f"theme/{name}"}  # whose macros it may lack
    return {name: _together(name, own, above) for name in own}


def read_by(tree: nodes.Template) -> Reads:
    """What one template takes by itself."""
    calls, names, written = set(), set(), set()
    for call, found in calls_in(tree):
        calls.add(found)
        written.add(id(call.node))
    for get, name in data_names(tree):
        names.add(name)
        written.add(id(get.node))
    loose = {name.name for name in tree.find_all(nodes.Name) if name.ctx == "load" and id(name) not in written}
    return Reads(None if "latest" in loose else frozenset(calls), None if "data" in loose else frozenset(names))


def calls_in(tree: nodes.Template) -> Iterator[tuple[nodes.Call, Call]]:
    """The calls of `latest` that are written out."""
    found = ((call, _call_of(call)) for call in tree.find_all(nodes.Call))
    return ((node, call) for node, call in found if call)


def data_names(tree: nodes.Template) -> Iterator[tuple[nodes.Getattr | nodes.Getitem, str]]:
    """Where a name in `data` is written out, and that name."""
    for get in tree.find_all((nodes.Getattr, nodes.Getitem)):
        assert isinstance(get, nodes.Getattr | nodes.Getitem)
        key = get.attr if isinstance(get, nodes.Getattr) else getattr(get.arg, "value", None)
        if isinstance(key, str) and key not in MAPPING_METHODS and getattr(get.node, "name", "") == "data":
            yield get, key


def _call_of(call: nodes.Call) -> Call | None:
    """A call of `latest`, if all that it gives is written out."""
    if not (isinstance(call.node, nodes.Name) and call.node.name == "latest") or call.dyn_args or call.dyn_kwargs:
        return None
    try:
        given = [argument.as_const() for argument in call.args]
        topics = {keyword.key: keyword.value.as_const() for keyword in call.kwargs}
    except nodes.Impossible:
        return None
    is_written = len(given) == 1 and isinstance(given[0], int) and topics.keys() <= TOPICS
    if not is_written or not all(isinstance(one, str) for one in topics.values()):
        return None
    return Call(given[0], tuple(sorted(topics.items())))


def _together(name: str, own: Mapping[str, Reads], above: Mapping[str, set[str]]) -> Reads:
    found, waiting, done = NOTHING, [name], set[str]()
    while waiting:
        one = waiting.pop()
        if one not in done and one in own:
            done.add(one)
            found = found.with_those(own[one])
            waiting += above[one]
    return found
