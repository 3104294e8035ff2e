"""The tree of a text: HTML as a browser would read it, without decoration and programs, and with either blocks or words
in each block, never both."""

import re
from collections.abc import Iterator, Sequence
from typing import Any

import nh3
from bs4 import BeautifulSoup, Comment, Tag
from bs4.element import NavigableString

from byline.markdown.sanitize import TAGS
from byline.problems import NOT_XML

MAX_LEVELS = 100
"""Of elements: what is deeper loses its elements, not its words. Python's own stack holds about three times as many."""
MORE = "x-more"
"""Stands for a `<!--more-->`."""
BLOCKS = frozenset(
    "article aside blockquote caption dd details div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5"
    " h6 header hgroup hr li main nav ol p pre section summary table tbody td tfoot th thead tr ul video audio"
    " center".split()
) | {MORE}
PLAIN = frozenset("article aside center div fieldset footer form header hgroup main nav section address".split())
"""Boxes that say nothing in a text."""
FORMATS = (
    "a",
    "b",
    "strong",
    "i",
    "em",
    "u",
    "s",
    "del",
    "strike",
    "ins",
    "mark",
    "small",
    "big",
    "code",
    "font",
    "span",
)
LAZY = (
    "data-src",
    "data-lazy-src",
    "data-orig-file",
    "data-original",
    "data-image",
    "data-large-file",
    "data-full-url",
)
"""Where scripts that load pictures late keep their addresses."""
_TAGS = set(TAGS) | {
    *"iframe embed object param noscript acronym strike center font nobr main form button label fieldset".split(),
    *("legend", "textarea", "map", "tfoot", "thead", MORE),
}
_DROPPED = {"script", "style", "template", "title", "head", "svg", "math", "select", "canvas"}
_MORE = re.compile(r"<!--\s*more\b.*?-->", re.DOTALL)
_BOLD = re.compile(r"font-weight\s*:\s*(?:bold|[6-9]00)", re.IGNORECASE)
_ITALIC = re.compile(r"font-style\s*:\s*(?:italic|oblique)", re.IGNORECASE)
_ANY_ATTRIBUTE = (
    "href src alt title id name class style width height align type start reversed value colspan rowspan headers scope"
    " cite datetime lang dir poster controls loop muted playsinline preload srcset sizes media kind srclang label"
    " default checked disabled open role aria-label span data".split()
)
_SCHEMES = {
    "http",
    "https",
    "mailto",
    "tel",
    "sms",
    "xmpp",
    "irc",
    "ircs",
    "geo",
    "magnet",
    "matrix",
    "news",
    "ftp",
    "data",
}


def parsed(html: str) -> BeautifulSoup:
    """The tree of `html`, sound as a browser would make it: elements are closed and nested as they must be."""
    html = _MORE.sub(f"<{MORE}></{MORE}>", NOT_XML.sub("", html))
    sound = nh3.clean(
        html,
        tags=_TAGS,
        clean_content_tags=_DROPPED - _TAGS,
        attributes={"*": set(_ANY_ATTRIBUTE)},
        generic_attribute_prefixes={"data-"},
        url_schemes=_SCHEMES,
        link_rel=None,
    )
    # With a line end it does not look like the name of a file, of which the parser would warn.
    soup = BeautifulSoup(_flattened(sound) + "\n", "html.parser")
    for comment in soup.find_all(string=lambda text: isinstance(text, Comment)):
        comment.extract()
    return soup


_TAG = re.compile(r"<(/?)([a-z][\w-]*)[^>\"]*(?:\"[^\"]*\"[^>\"]*)*>")
_VOID = ("img", "br", "hr", "input", "source", "track", "wbr", "col", "param", "embed", "area")


def _flattened(html: str) -> str:
    """Sound `html` without the elements that are nested too deeply."""
    depth, kept, start = 0, [], 0
    for tag in _TAG.finditer(html):
        if tag[2] in _VOID:
            continue
        depth -= bool(tag[1])
        if depth >= MAX_LEVELS:
            kept.append(html[start : tag.start()] + " ")
            start = tag.end()
        depth += not tag[1]
    return "".join(kept) + html[start:]


def tidy(soup: BeautifulSoup) -> None:
    """Give the tree the shape in which Markdown has it, without a word less."""
    _formats(soup)
    _galleries(soup)
    for box in soup.find_all(True):
        if box.name in FORMATS and box.find(BLOCKS):
            _push_in(soup, box)
    for box in [soup, *soup.find_all(["blockquote", "dd", "li", "figure", "details", "figcaption", *PLAIN])]:
        _paragraphs(soup, box)
    for box in soup.find_all(list(PLAIN)):
        if not box.find_parent("table") or box.name in ("form", "fieldset"):
            box.unwrap()
    for line in soup.find_all(["p", "h1", "h2", "h3", "h4", "h5", "h6", "x-line"]):
        if not has_content(line):
            line.decompose()
    _merge(soup)
    _headings(soup)


def has_content(element: Tag) -> bool:
    """Whether readers see anything of it."""
    seen = ["img", "video", "audio", "hr", "input", "x-note", MORE]
    return bool(element.get_text().strip() or element.find(seen) or element.find("a", attrs={"data-wanted": True}))


def is_block(node: object) -> bool:
    return isinstance(node, Tag) and node.name in BLOCKS


def attribute(element: Tag, name: str) -> str:
    """The value of an attribute as text."""
    value = element.get(name)
    return " ".join(value) if isinstance(value, list) else value or ""


def settle_pictures(soup: BeautifulSoup) -> None:
    """Give each picture its one address, wherever a script would look for it."""
    for image in soup.find_all("img"):
        src = attribute(image, "src")
        if not src or src.startswith("data:"):
            late = next((attribute(image, name) for name in LAZY if image.get(name)), "")
            choice = attribute(image, "srcset") or attribute(image, "data-srcset")
            src = late or (
                src if src.startswith("data:image/") and len(src) > 2000 else choice.split(" ")[0].rstrip(",")
            )
            image["src"] = src
        if not src:
            image.replace_with(NavigableString(attribute(image, "alt")))
    shown = {attribute(image, "src") for image in soup.find_all("img") if not image.find_parent("noscript")}
    for box in soup.find_all("noscript"):
        images = box.find_all("img")
        if images and all(attribute(image, "src") in shown for image in images):
            box.decompose()
        else:
            box.unwrap()
    for box in soup.find_all("picture"):
        for source in box.find_all("source"):
            source.decompose()
        box.unwrap()


def _galleries(soup: BeautifulSoup) -> None:
    """A list that holds only figures is a gallery."""
    for gallery in soup.find_all(["ul", "ol"]):
        items = gallery.find_all(True, recursive=False)
        if items and all(item.name == "li" and _is_figure(item) for item in items):
            for item in items:
                item.unwrap()
            gallery.unwrap()


def _is_figure(item: Tag) -> bool:
    inner = [node for node in item.children if isinstance(node, Tag) or str(node).strip()]
    return len(inner) == 1 and isinstance(inner[0], Tag) and inner[0].name == "figure"


def _formats(soup: BeautifulSoup) -> None:
    """What a style makes bold or slanted is; everything else of a style is decoration."""
    for element in soup.find_all(["span", "font"]):
        style = attribute(element, "style")
        names = [name for name, form in (("strong", _BOLD), ("em", _ITALIC)) if form.search(style)]
        if names:
            element.name, inner = names[0], names[1:]
            for name in inner:
                _wrap(soup, list(element.children), name)
    _unwrap(soup)


def _unwrap(soup: BeautifulSoup) -> None:
    """Take away elements without a meaning, not what is in them."""
    for element in soup.find_all(["font", "nobr", "button", "label", "legend", "textarea", "map", "hgroup"]):
        element.unwrap()
    for element in soup.find_all("span"):
        if not (element.get("lang") or element.get("dir") or element.get("id")):
            element.unwrap()
    for name, plain in (("acronym", "abbr"), ("strike", "s"), ("tt", "code"), ("big", "span")):
        for element in soup.find_all(name):
            element.name = plain
            if plain == "span":
                element.unwrap()
    for element in soup.find_all(True):
        if element.name in ("strong", "b", "em", "i", "u", "s", "mark", "small") and not has_content(element):
            element.unwrap()


def _wrap(soup: BeautifulSoup, nodes: Sequence[Any], name: str, like: Tag | None = None) -> Tag:
    """Put `nodes`, which are neighbours, into a new element, with the attributes of `like`."""
    box = soup.new_tag(name)
    if like is not None:
        box.attrs = dict(like.attrs)
    nodes[0].insert_before(box)
    for node in nodes:
        box.append(node.extract())
    return box


def _runs(box: Tag) -> Iterator[list[Any]]:
    """The neighbours in `box` that are no blocks, if readers see any of them."""
    run: list[Any] = []
    for child in [*box.children, None]:
        if child is not None and not is_block(child):
            run.append(child)
            continue
        if any(isinstance(node, Tag) or node.strip() for node in run):
            yield run
        run = []


def _push_in(soup: BeautifulSoup, box: Tag) -> None:
    """`<a><h2>…</h2></a>` becomes `<h2><a>…</a></h2>`: Markdown has no words around blocks."""
    for block in [box, *box.find_all(BLOCKS)]:
        if block.name not in (
            "ul",
            "ol",
            "dl",
            "table",
            "tbody",
            "thead",
            "tfoot",
            "tr",
            "pre",
            "hr",
            "video",
            "audio",
            MORE,
        ):
            for run in list(_runs(block)):
                _wrap(soup, run, box.name, like=box)
    box.unwrap()


def _paragraphs(soup: BeautifulSoup, box: Tag) -> None:
    """Words that stand beside blocks become paragraphs, and two line breaks end one."""
    has_blocks = any(is_block(child) for child in box.children)
    if box.name in ("li", "dd", "figcaption") and not has_blocks and not _broken(box):
        return
    for run in list(_runs(box)):
        is_tight = box.name == "li" and all(
            child in run or child.name in ("ul", "ol") for child in box.find_all(True, recursive=False)
        )
        if box.name == "figure" and len([node for node in run if isinstance(node, Tag) or node.strip()]) == 1:
            continue  # its picture
        _wrap_parts(soup, run, "x-line" if is_tight else "p")
    for paragraph in box.find_all("p", recursive=False):
        if _broken(paragraph):
            _wrap_parts(soup, list(paragraph.children), "p")
            paragraph.unwrap()


def _wrap_parts(soup: BeautifulSoup, nodes: list[Any], name: str) -> None:
    """Make an element of each part of `nodes` between pairs of line breaks, which go."""
    parts = list(_split(nodes))
    kept = {id(node) for part in parts for node in part}
    for part in parts:
        if any(isinstance(node, Tag) or node.strip() for node in part):
            _wrap(soup, part, name)
    for node in nodes:
        if id(node) not in kept:
            node.extract()


def _broken(box: Tag) -> bool:
    return len(list(_split(list(box.children)))) > 1


def _split(nodes: list[Any]) -> Iterator[list[Any]]:
    """`nodes` without the pairs of line breaks, each of which ends a paragraph."""
    part: list[Any] = []
    breaks: list[Any] = []
    for node in nodes:
        if isinstance(node, Tag) and node.name == "br":
            breaks.append(node)
            continue
        if breaks and isinstance(node, NavigableString) and not node.strip(" \t\r\n"):
            breaks.append(node)
            continue
        if sum(isinstance(one, Tag) for one in breaks) > 1:
            if part:
                yield part
            part = []
        elif breaks and part:
            part += breaks
        breaks = []
        part.append(node)
    if part:
        yield part


def _merge(soup: BeautifulSoup) -> None:
    """Neighbours of one format are one: `**a****b**` would not be read as two."""
    for element in soup.find_all(["strong", "b", "em", "i", "s", "del", "code"]):
        after = element.next_sibling
        while element.parent is not None and isinstance(after, Tag) and after.name == element.name and not after.attrs:
            for child in list(after.children):
                element.append(child.extract())
            after.decompose()
            after = element.next_sibling


def _headings(soup: BeautifulSoup) -> None:
    """The title of a page is its only heading of the first level."""
    if soup.find("h1"):
        for level in range(5, 0, -1):
            for heading in soup.find_all(f"h{level}"):
                heading.name = f"h{level + 1}"
