"""The registry: every system there is, found by listing the folder of systems."""

import functools
import importlib
import pkgutil
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from byline.importers.export import Export, Options
from byline.importers.source import Source
from byline.problems import SiteError

FOLDER = Path(__file__).parent / "systems"


class System(NamedTuple):
    """A system: `recognises` judges a source by its content, and `read` takes in one that it has recognised.

    `rank` orders those that recognise one source: a feed is also XML, and any folder may hold HTML. The lowest wins.
    """

    name: str
    title: str
    recognises: Callable[[Source], bool]
    read: Callable[[Source, Options], Export]
    rank: int
    beside: tuple[str, ...]
    """Names of files and folders that belong to a file of it if they are in the same folder."""


@functools.cache
def all_systems() -> tuple[System, ...]:
    """All systems by name. A module of the folder is one if it has `recognises` and `read`."""
    modules = (importlib.import_module(f"byline.importers.systems.{name}") for name in _names())
    return tuple(
        System(
            module.NAME,
            module.TITLE,
            module.recognises,
            module.read,
            getattr(module, "RANK", 0),
            getattr(module, "BESIDE", ()),
        )
        for module in modules
    )


def system_of(source: Source, name: str = "") -> System:
    """The system called `name`, or the one that recognises `source`. Raises SiteError where there is none, or two."""
    systems = all_systems()
    if name:
        named = next((system for system in systems if system.name == name), None)
        if named is None:
            raise SiteError(f"{name!r} is no system that Byline knows: {', '.join(system.name for system in systems)}")
        return named
    found = [system for system in systems if system.recognises(source)]
    best = [system for system in found if system.rank == min(one.rank for one in found)]
    names = ", ".join(system.name for system in best or systems)
    if not best:
        raise SiteError(
            f"{source.name}: not an export that Byline knows; say which system it is from, with --as ({names})"
        )
    if len(best) > 1:
        raise SiteError(f"{source.name}: may be from {names}; say which with --as")
    return best[0]


def _names() -> list[str]:
    return sorted(module.name for module in pkgutil.iter_modules([str(FOLDER)]))
