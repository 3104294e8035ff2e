"""The survey: what rules for the whole site look at."""

import functools
import re
from collections.abc import Callable, Mapping
from typing import NamedTuple

import msgspec

from byline.models import Body
from byline.problems import Problem, Severity
from byline.site import Site
from byline.web.languages import Source

_ID = re.compile(r'<[^>]*? id="([^"]+)"')


class Spot(msgspec.Struct, frozen=True):
    """A piece of a source and its place."""

    text: str
    line: int
    col: int


class Sheet(msgspec.Struct, frozen=True):
    """What one source tells the rules for the whole site: a pure function of its text.

    `problems` have no path; `places` are those of the header's keys, and of tags as `tags:law`; `fragments` are links
    within the page, `pictures` the names of picture files that appear anywhere in it.
    """

    problems: tuple[Problem, ...] = ()
    places: dict[str, tuple[int, int]] = {}
    fragments: tuple[Spot, ...] = ()
    pictures: tuple[str, ...] = ()


class Picture(NamedTuple):
    path: str
    size: int


class Survey:
    """Paths are as people see them: `pages/posts/a.md`. `read` gives the text of a file there or in static/."""

    def __init__(
        self,
        site: Site,
        sheets: Mapping[str, Sheet],
        pictures: list[Picture],
        templates: Mapping[str, Source],
        html_of: Callable[[Body], str],
        read: Callable[[str], str],
    ) -> None:
        self.site = site
        self.sheets = sheets
        self.pictures = pictures
        self.templates = templates
        self.html_of = html_of
        self.read = read

    @functools.cached_property
    def bodies(self) -> dict[str, Body]:
        """URL → the text that is shown there."""
        bodies = {author.url: author.body for author in self.site.all_authors if author.body}
        return bodies | {url: item.body for url, item in self.site.by_url.items()}

    @functools.cached_property
    def urls(self) -> dict[str, str]:
        """File → its URL."""
        urls = {author.path: author.url for author in self.site.all_authors}
        return urls | {item.path: item.url for item in self.site.by_url.values()}

    def anchors(self, url: str) -> frozenset[str] | None:
        """The places within the page at `url` that a link can lead to; None if it has no text."""
        if url not in self._anchors:
            body = self.bodies.get(url)
            self._anchors[url] = None if body is None else frozenset(_ID.findall(self.html_of(body)))
        return self._anchors[url]

    @functools.cached_property
    def _anchors(self) -> dict[str, frozenset[str] | None]:
        return {}

    def at(self, path: str, place: str, code: str, message: str, hint: str, severity: Severity = "warning") -> Problem:
        """A problem in the source `path`, at `place` in its header if it has that."""
        places = self.sheets[path].places if path in self.sheets else {}
        line, col = places.get(place) or places.get(place.partition(":")[0], (1, 1))
        return Problem(path, line, col, code, message, hint, severity)
