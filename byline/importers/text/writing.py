"""Writing: the one door to text. HTML of another system in, Markdown out, with every address decided by who asks."""

import re
from collections.abc import Callable, Collection
from typing import Literal, NamedTuple

from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString

from byline.importers.text import dom, embeds, escapes, notes, prose
from byline.markdown.text import plain_text

Use = Literal["link", "frame", "file"]
Address = Callable[[Use, str], str]
"""What an address becomes, given whether it is that of a link, of a link around a picture, or of a picture; empty takes
it away."""

_ADDRESSES: tuple[tuple[str, str, Use], ...] = (
    ("a", "href", "link"),
    ("img", "src", "file"),
    ("video", "src", "file"),
    ("video", "poster", "file"),
    ("audio", "src", "file"),
    ("source", "src", "file"),
    ("track", "src", "file"),
)
_MARKDOWN_LINK = re.compile(r"(!?)(\[(?:[^\[\]\\]|\\.|!\[[^\]]*\]\([^)]*\))*\]\(\s*)<?([^()\s<>]+)")


class Text(NamedTuple):
    """Markdown, the addresses of what frames showed, and how many scripts are gone."""

    markdown: str
    embeds: tuple[str, ...] = ()
    scripts: int = 0


def written(html: str, address: Address, anchors: Collection[str] = ()) -> Text:
    """The Markdown of `html`, in which the places called `anchors`, to which other texts lead, keep their names."""
    html, scripts = embeds.without_scripts(html)
    soup = dom.parsed(html)
    shown = embeds.replace_frames(soup)
    dom.settle_pictures(soup)
    _address(soup, address)
    taken = notes.take_notes(soup)
    _keep_anchors(soup, anchors)
    for _, item in taken:
        box = BeautifulSoup("", "html.parser")
        box.append(item)
        dom.tidy(box)
    dom.tidy(soup)
    text = prose.markdown(soup)
    below = notes.written(taken)
    return Text("\n\n".join(part for part in (text, below) if part), tuple(shown), scripts)


def addresses(html: str, address: Address) -> None:
    """Show `address` all that `written` would ask it, and write nothing."""
    soup = dom.parsed(embeds.without_scripts(html)[0])
    embeds.replace_frames(soup)
    dom.settle_pictures(soup)
    _address(soup, address)


def readdressed(markdown: str, address: Address) -> str:
    """Markdown with its addresses changed; for systems whose texts are Markdown."""

    def changed(link: re.Match[str]) -> str:
        new = address("file" if link[1] else "link", link[3])
        return f"{link[1]}{link[2]}{escapes.destination(new)}" if new != link[3] else link[0]

    return _MARKDOWN_LINK.sub(changed, markdown)


def words(html: str) -> str:
    """The words of a piece of HTML on one line, for a header."""
    soup = dom.parsed(html)
    for box in soup.find_all([*dom.BLOCKS, "br"]):
        box.insert_after(NavigableString(" "))
    return plain_text(str(soup))


def _keep_anchors(soup: BeautifulSoup, anchors: Collection[str]) -> None:
    """Keep the names to which links lead, and no others."""
    wanted = {dom.attribute(link, "href")[1:] for link in soup.find_all("a", href=re.compile(r"^#."))} | {*anchors}
    for element in soup.find_all(True):
        name = dom.attribute(element, "id") or (dom.attribute(element, "name") if element.name == "a" else "")
        if name not in wanted:
            continue
        wanted.discard(name)
        if element.name == "a":
            element["data-wanted"] = "1"
            continue
        place: Tag = element
        while isinstance(first := next((child for child in place.children if str(child).strip()), None), Tag) and (
            first.name in dom.BLOCKS
        ):
            place = first
        if place.name not in ("img", "hr", "br", "table", "video", "audio", "pre", "x-more"):
            anchor = soup.new_tag("a", id=name)
            anchor["data-wanted"] = "1"
            place.insert(0, anchor)


def _is_frame(link: Tag) -> bool:
    return link.find("img") is not None and not link.get_text().strip()


def _address(soup: BeautifulSoup, address: Address) -> None:
    for name, attribute, use in _ADDRESSES:
        for element in soup.find_all(name, attrs={attribute: True}):
            value = dom.attribute(element, attribute).strip()
            if value.startswith("#"):
                continue
            new = address("frame" if name == "a" and _is_frame(element) else use, value)
            if new:
                element[attribute] = new
            else:
                del element[attribute]
