"""Facts: what a body says besides its words, each with its line and column, counted from 1."""

import dataclasses
import re
from collections.abc import Sequence
from typing import Literal, NamedTuple

import msgspec

from byline.problems import Problem

ADDRESSES = ("href", "src", "poster", "srcset")

CHOICES = {"img": ("srcset",), "source": ("sizes",), "video": ("poster",)}
"""Attributes with which a writer chooses a picture, so that Byline does not."""
PLAYED = {
    "video": (".mp4", ".m4v", ".mov", ".ogv", ".webm"),
    "audio": (".mp3", ".m4a", ".aac", ".flac", ".oga", ".ogg", ".opus", ".wav", ".weba"),
}
"""What browsers play, by the element that does it."""


def player_of(address: str) -> str:
    """The element that plays what is at `address`; empty for all else, such as pictures."""
    path = re.split("[?#]", address, maxsplit=1)[0].lower()
    return next((tag for tag, endings in PLAYED.items() if path.endswith(endings)), "")


class Address(msgspec.Struct, frozen=True):
    """A link or a picture: `attribute` of `tag`, and its value as typed; `srcset` holds several.

    `sized`: it has a width or a height. `chosen`: the writer says what browsers may choose from.
    """

    tag: str
    attribute: Literal["href", "src", "poster", "srcset"]
    value: str
    line: int = 1
    col: int = 1
    sized: bool = False
    chosen: bool = False


class Heading(NamedTuple):
    level: int
    id: str
    title: str
    line: int = 1
    col: int = 1


class Link(NamedTuple):
    """A link and what it says."""

    text: str
    line: int
    col: int


class Fence(NamedTuple):
    """The first line of a fenced listing: what stands behind its signs."""

    info: str
    line: int
    col: int


class Image(NamedTuple):
    """`alt` is None where an HTML tag has none at all."""

    alt: str | None
    line: int
    col: int
    is_html: bool = False


FRAME = "iframe"
FRAME_HINT = (
    "its address is shown; alone in its paragraph, it is a player for the sites that [embeds] in site.toml names"
)


@dataclasses.dataclass
class Facts:
    """`headings` are in the order of the text; those of HTML have no id. `fragments` are links within the page, without
    their `#`; `raw_addresses` those in HTML. `prose` is the body with spaces for what readers do not get as text, like
    listings, formulas and attributes. `printed` is what they do get; None where `prose` is exact.
    """

    headings: list[Heading] = dataclasses.field(default_factory=list)
    links: list[Link] = dataclasses.field(default_factory=list)
    images: list[Image] = dataclasses.field(default_factory=list)
    fragments: list[tuple[str, int, int]] = dataclasses.field(default_factory=list)
    addresses: list[Address] = dataclasses.field(default_factory=list)
    raw_addresses: list[tuple[str, int, int]] = dataclasses.field(default_factory=list)
    fences: list[Fence] = dataclasses.field(default_factory=list)
    problems: list[Problem] = dataclasses.field(default_factory=list)
    prose: str = ""
    printed: str | None = None

    def removed(self, what: str, line: int, col: int, hint: str = "") -> None:
        """Note that an element or an attribute does not pass the allow-list."""
        hint = hint or "set trust_html in site.toml to let raw HTML through"
        problem = Problem("", line, col, "html-removed", f"{what} is not shown", hint, "warning")
        self.problems.append(problem)

    def listed(self, info: str, line: int, col: int, *, is_closed: bool) -> None:
        """Note a fenced listing, and tell of one without an end."""
        self.fences.append(Fence(info, line, col))
        if not is_closed:
            message, hint = "the listing has no end, so all below it is code", "put a line like its first one below it"
            self.problems.append(Problem("", line, col, "open-listing", message, hint, "warning"))

    def hidden(self, what: str, hint: str, line: int, col: int) -> None:
        """Note that Markdown does not show something that stands in the text."""
        self.problems.append(Problem("", line, col, "not-shown", what, hint, "warning"))


class Page(NamedTuple):
    """A body as HTML that is still to be sanitised, with what a site needs to know of it.

    An address may be marked as `href="\\x02<n>\\x03"`. `lead` is the HTML before `<!-- more -->`, if there is one.
    """

    html: str
    lead: str
    facts: Facts
    formulas: Sequence[str] = ()
    """What stands at each `\\x04<n>\\x04`: MathML, which the sanitiser does not know."""
