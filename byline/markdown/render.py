"""Markdown: a body's text in, sanitised HTML and what a site needs to know of it out.

`render` is a pure function of its arguments and this program's code, so its results are kept by content.
What depends on other files (where a link leads, how large a picture is) is left open: each such
attribute is a mark in the HTML, `\\x02<n>\\x03`, that `filled` replaces when the page is made.
"""

import functools
import html as html_text
import re
import threading
from typing import Any, Literal

import markdown
import msgspec
from markdown.extensions import Extension

from byline.markdown import bounds, sanitize
from byline.markdown.passes import ListingsExtension, PassesExtension
from byline.markdown.patterns import AttributesExtension, BracketsExtension, FiguresExtension, GfmExtension
from byline.markdown.text import clipped, first_paragraph, minutes, plain_text
from byline.models import Heading
from byline.problems import NOT_XML, Problem

ADDRESSES = ("href", "src", "poster")
MORE = "<!-- more -->"
OWN_ANCHOR = ' class="anchor" href="#'
"""A heading's link to itself: it leads nowhere else on any page, so it is no address to resolve."""

EXTENSIONS = (
    "tables",
    "footnotes",
    "sane_lists",
    "toc",
    "md_in_html",
    "abbr",
    "pymdownx.superfences",
    "pymdownx.tasklist",
    "pymdownx.tilde",
    "pymdownx.magiclink",
    "pymdownx.betterem",
    "pymdownx.saneheaders",
    "pymdownx.quotes",
)


EXTENSION_CONFIGS: dict[str, dict[str, Any]] = {
    # The default writes style= on cells, which a strict Content-Security-Policy blocks.
    "tables": {"use_align_attribute": True},
    "toc": {
        "marker": "",  # a site has its own contents; looking for a marker walks the whole tree
        "permalink": "#",
        "permalink_class": "anchor",
        "permalink_title": "",
    },
    "footnotes": {"BACKLINK_TITLE": "Back to the text"},
    "pymdownx.superfences": {"relaxed_headers": True},
    "pymdownx.tilde": {"subscript": False},
    "pymdownx.betterem": {"smart_enable": "underscore"},
    "pymdownx.quotes": {"callouts": True},
}

# Exact on nh3's output, which quotes every attribute and escapes `"` inside.
_OPEN_TAG = re.compile(r'<(a|img|audio|video|source|track)\b([^">]*(?:"[^"]*"[^">]*)*)>')
_ATTRIBUTE = re.compile(r' ([^\s="<>]+)(?:="([^"]*)")?')
_LOCK = threading.Lock()
_ALIGN = re.compile(r'(<t[dh](?:[^">]|"[^"]*")*?) align="(left|right|center)"')
_ACCESSIBLE = (
    ("<table", '<div class="table" role="group" aria-label="Table" tabindex="0"><table'),
    ("</table>", "</table></div>"),
    ("<pre>", '<pre tabindex="0">'),
    ('<input type="checkbox" disabled="" checked="">', '<input type="checkbox" disabled checked aria-label="Done">'),
    ('<input type="checkbox" disabled="">', '<input type="checkbox" disabled aria-label="To do">'),
)
_EMPTY_HEADING = re.compile(r'<th((?: class="[^"]*")?)></th>')
"""The corner of a table: a heading without words heads nothing, so it is a cell."""
_MARKED_IMAGE = re.compile('<img(?:[^\x02">]|"[^"]*")*\x02(\\d+)\x03(?:[^">]|"[^"]*")*>')
_MARK = re.compile("\x02(\\d+)\x03")


class Address(msgspec.Struct, frozen=True):
    """A link or a picture of a body: `attribute` of `tag`, its value as written, its line in the body."""

    tag: str
    attribute: Literal["href", "src", "poster"]
    value: str
    line: int
    sized: bool = False
    col: int = 1


class Rendered(msgspec.Struct, frozen=True):
    """`minutes` to read, rounded up; `problems` have lines of the body and no path."""

    html: str
    toc: tuple[Heading, ...] = ()
    minutes: int = 1
    summary: str = ""
    addresses: tuple[Address, ...] = ()
    problems: tuple[Problem, ...] = ()


def render(body: str, *, trust_html: bool = False) -> Rendered:
    """Render `body`. A body that is over a bound, or that the library fails on, is an error, never an exception."""
    excess = bounds.excess(body)
    if excess:
        return Rendered("", problems=(excess,))
    try:
        raw, headings = _converted(body)
    except Exception as error:  # a fault of the library in one post must not take the others down
        message = f"the Markdown could not be rendered: {type(error).__name__}: {error}"
        return Rendered("", problems=(Problem("", 1, 1, "unrenderable", message, "simplify what stands last"),))
    removed = [] if trust_html else sanitize.removed(raw)
    problems = tuple(_not_shown(kind, body) for kind in removed)
    marked = _tidied(raw, trust_html)
    lead = raw.split(MORE)[0] if MORE in raw else ""
    text = plain_text(marked)
    summary = plain_text(_tidied(lead, False)) if lead else first_paragraph(marked)
    addresses: list[Address] = []
    lowered = body.lower()
    marked = _OPEN_TAG.sub(lambda tag: _marked(tag, addresses, lowered), marked)
    toc = tuple(_headings(headings))
    return Rendered(marked, toc, minutes(text), clipped(summary), tuple(addresses), problems)


def filled(html: str, attributes: tuple[str, ...], sources: tuple[str, ...] = ()) -> str:
    """`html` with each mark replaced by the attributes that stand there.

    A picture that has `sources` is put into a `<picture>` with them; one without an address is left out.
    """

    def picture(image: re.Match[str]) -> str:
        number = int(image[1])
        if not attributes[number]:
            return ""
        return f"<picture>{sources[number]}{image[0]}</picture>" if sources and sources[number] else image[0]

    return _MARK.sub(lambda mark: attributes[int(mark[1])], _MARKED_IMAGE.sub(picture, html))


def _converted(body: str) -> tuple[str, list[dict[str, Any]]]:
    """The HTML of `body` and its headings. One body at a time: a converter keeps what it reads in itself."""
    with _LOCK:
        converter = _converter()
        html = converter.reset().convert(body)
        return html, getattr(converter, "toc_tokens", [])


@functools.cache
def _converter() -> Any:
    # One instance a process, reset between bodies: setting one up costs as much as 20 bodies.
    return markdown.Markdown(
        extensions=[*EXTENSIONS, *our_extensions(), PassesExtension()], extension_configs=EXTENSION_CONFIGS
    )


def our_extensions() -> list[Extension]:
    """What none of `EXTENSIONS` does."""
    return [ListingsExtension(), GfmExtension(), BracketsExtension(), AttributesExtension(), FiguresExtension()]


def _tidied(raw: str, trust_html: bool) -> str:
    """HTML that the patterns above are exact on, without marks that a writer could forge."""
    html = raw if trust_html else sanitize.clean(raw)
    return _accessible(_ALIGN.sub(r'\1 class="align-\2"', NOT_XML.sub("", html)))


def _accessible(html: str) -> str:
    """What scrolls sideways can be reached by keyboard, and boxes of task lists have names."""
    for plain, better in _ACCESSIBLE:
        html = html.replace(plain, better)
    return _EMPTY_HEADING.sub(r"<td\1></td>", html)


def _not_shown(kind: str, body: str) -> Problem:
    hint = "set trust_html in site.toml to let raw HTML through"
    return Problem("", _line_of(body.lower(), f"<{kind}"), 1, "html-removed", f"<{kind}> is not shown", hint, "warning")


def _marked(tag: re.Match[str], addresses: list[Address], lowered: str) -> str:
    """`tag` with its addresses as marks. It is read attribute by attribute: a value may look like another one."""
    name, rest = tag[1], tag[2]
    if rest.startswith(OWN_ANCHOR):
        return tag[0]
    sized = any(attribute_match[1] in ("width", "height") for attribute_match in _ATTRIBUTE.finditer(rest))

    def mark(attribute_match: re.Match[str]) -> str:
        if attribute_match[1] not in ADDRESSES or attribute_match[2] is None:
            return attribute_match[0]
        value = html_text.unescape(attribute_match[2])
        attribute: Any = attribute_match[1]
        addresses.append(Address(name, attribute, value, _line_of(lowered, value), sized))
        return f"\x02{len(addresses) - 1}\x03"

    return f"<{name}{_ATTRIBUTE.sub(mark, rest)}>"


def _line_of(lowered: str, text: str) -> int:
    """The line of a body in small letters that has `text`."""
    at = lowered.find(text.lower()) if text else -1
    return lowered.count("\n", 0, at) + 1 if at >= 0 else 1


def _headings(tokens: list[dict[str, Any]]) -> list[Heading]:
    headings = []
    for token in tokens:
        headings.append(Heading(token["level"], token["id"], html_text.unescape(token["name"])))
        headings += _headings(token["children"])
    return headings
