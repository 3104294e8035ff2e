"""Python-Markdown, exactly as Flask-FlatPages runs it, with the extensions that the owner names and none of ours.

The engine tells nothing of its syntax tree, so what a site needs to know is read from the HTML that it makes.
"""

import functools
import json
import re
from html import escape, unescape
from html.parser import HTMLParser
from typing import Any, NamedTuple
from urllib.parse import quote

from flask_flatpages import pygmented_markdown
from msgspec import structs

from byline.markdown import sanitize
from byline.markdown.engines import Engine
from byline.markdown.facts import (
    ADDRESSES,
    CHOICES,
    FRAME,
    FRAME_HINT,
    Address,
    Facts,
    Heading,
    Image,
    Link,
    Page,
    player_of,
)
from byline.markdown.figures import SIZES
from byline.markdown.ids import ID_SAFE, HeadingIds
from byline.markdown.places import Code, Places
from byline.markdown.text import ANCHOR
from byline.problems import NOT_XML, SiteError

_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_OWN_ANCHORS = ("headerlink", "toclink")
"""Classes of the links that the extension `toc` puts into headings."""
_SIDE = re.compile(r"\s*text-align:\s*(left|right|center);?\s*")
_DELIMITERS = re.compile(r"(?:[ \t>]*+\|?+[ \t]*+)(?=[:|-])(?::?-++:?[ \t]*+)(?:\|[ \t]*+:?-++:?[ \t]*+)*+\|?[ \t]*")
_CELL_END = re.compile(r"(?<!\\)\|")
_CODE = re.compile(r"(`+)(?!`).*?(?<!`)\1(?!`)")
_NOTE = re.compile(r"(?:[ \t>]|[-*+][ \t]|\d+\.[ \t])*\[\^([^\]]+)\]:")
_WITHOUT_END = re.compile(r"<(?=[A-Za-z/](?:[^<>\"']|\"[^\"]*\"|'[^']*')*(?:<|\Z))")
"""Starts of tags that do not end, and would swallow what follows: they are shown."""
_SIZE = re.compile(rf"(<p><img\b[^<>]*?) ?/?>\{{:? ?\.({'|'.join(SIZES)}) ?\}}(?=</p>)")
"""The size of a figure, as the extension `attr_list` reads it; without that it is text."""
_CODES = ("script", "style")
_VOID = frozenset("area base br col embed hr img input link meta source track wbr".split())


def page(body: str, engine: Engine, html: str | None = None, *, trust_html: bool = False) -> Page:
    """`body` as a page; `html` is given where the app has made it. Raises what an extension raises."""
    made = _SIZE.sub(r'\1 class="\2">', _converted(body, engine)) if html is None else html
    clean = sanitize.without_control(NOT_XML.sub("", made))
    reading = _Reading(trust_html)
    reading.feed(clean if trust_html else _WITHOUT_END.sub("&lt;", clean))
    reading.close()
    facts = reading.facts(body)
    if "<table" in clean:
        _tell_lost_cells(body, facts)
    if 'class="footnote"' in clean:
        _tell_lost_notes(body, facts)
    return Page("".join(reading.out), reading.lead, facts)


def check(engine: Engine) -> None:
    """Raise SiteError if the extensions cannot be loaded."""
    try:
        _converted("", engine)
    except Exception as error:  # of any kind: extensions are code of others
        raise SiteError(
            f"Python-Markdown cannot load {', '.join(engine.extensions)}: {type(error).__name__}: {error};"
            " check the names, and whether the packages are installed"
        ) from None


def _tell_lost_cells(body: str, facts: Facts) -> None:
    """Cells beyond the last column are left out."""
    columns = 0
    for number, line in enumerate(body.split("\n"), 1):
        if _DELIMITERS.fullmatch(line):
            columns = _cells(line)
        elif "|" not in line:
            columns = 0
        elif columns and _cells(line) > columns:
            hint = "add a column, or put a backslash before each | that ends no cell"
            facts.hidden("the row has more cells than the table has columns", hint, number, 1)


def _cells(line: str) -> int:
    return len(_CELL_END.findall(_CODE.sub("", line).strip(" \t>|"))) + 1


def _tell_lost_notes(body: str, facts: Facts) -> None:
    """Of two notes of one name, the first is left out."""
    last: dict[str, tuple[int, int]] = {}
    for number, line in enumerate(body.split("\n"), 1):
        note = _NOTE.match(line)
        if note:
            if note[1] in last:
                hint = "give this one a name of its own"
                facts.hidden(f"there are two notes [^{note[1]}]", hint, *last[note[1]])
            last[note[1]] = number, note.start(1) - 1


class _Options:
    """What Flask-FlatPages' renderer asks of its collection."""

    def __init__(self, engine: Engine) -> None:
        self._values = {
            "markdown_extensions": list(engine.extensions),
            "extension_configs": json.loads(engine.configs),
        }

    def config(self, key: str) -> Any:
        return self._values[key]


def _converted(body: str, engine: Engine) -> str:
    html = pygmented_markdown(body, _options(engine))
    assert isinstance(html, str)
    return html


@functools.lru_cache(1)
def _options(engine: Engine) -> _Options:
    return _Options(engine)


class _Title(NamedTuple):
    """A heading: its start tag and its anchor are finished when all ids are known."""

    level: int
    id: str
    text: str
    start: int
    anchor: int


class _Reading(HTMLParser):
    """Goes through the HTML once. `out` is the same HTML with an id and an anchor for each heading that has none, and
    with addresses as marks."""

    def __init__(self, trusts_html: bool) -> None:
        super().__init__(convert_charrefs=False)
        self.out: list[str] = []
        self.lead = ""
        self._trusts_html = trusts_html
        self._words: list[str] = []
        self._ids: set[str] = set()
        self._titles: list[_Title] = []
        self._title: tuple[str, int, int, str] | None = None
        self._has_anchor = False
        self._is_in_paragraph = False
        self._links: list[tuple[str, int]] = []
        self._open_links: list[tuple[int, int, bool]] = []
        self._images: list[tuple[str | None, int | None]] = []
        self._addresses: list[Address] = []
        self._codes: list[Code] = []
        self._code: list[str] | None = None
        self._numbers = ""
        self._removed: list[tuple[str, str, str]] = []
        self._printed: list[str] = []
        """Words outside code."""

    def facts(self, body: str) -> Facts:
        """What was read, with the places in `body`."""
        places = Places(body, self._codes)
        facts = Facts(prose=places.prose, printed=" ".join("".join(self._printed).split()))
        self._give_addresses(facts, places)
        self._give_headings(facts, places)
        for kind in ("tag", "attribute"):
            removed = [(what, name) for where, what, name in self._removed if where == kind]
            for (what, _), spot in zip(removed, places.named(kind, [name for _, name in removed]), strict=True):
                facts.removed(what, *places.at(spot), hint=FRAME_HINT if what == f"<{FRAME}>" else "")
        return facts

    def _give_addresses(self, facts: Facts, places: Places) -> None:
        """Links and pictures. Links within the page that are not in the text are of extensions: contents, notes."""
        spots = places.addresses([address.value for address in self._addresses])
        is_typed = [spot is not None or it.value[:1] != "#" for spot, it in zip(spots, self._addresses, strict=True)]
        for address, spot in zip(self._addresses, spots, strict=True):
            line, col = places.at(spot)
            facts.addresses.append(structs.replace(address, line=line, col=col))
            if spot is not None and address.value.startswith("#"):
                facts.fragments.append((address.value[1:], line, col))
        labels = places.labels([text for text, _ in self._links])
        for (text, number), label in zip(self._links, labels, strict=True):
            if is_typed[number]:
                start = places.start(spots[number])
                facts.links.append(Link(text, *places.at(label if start is None else start)))
        for alt, at in self._images:
            start = None if at is None else places.start(spots[at])
            facts.images.append(Image(alt, *places.at(start), is_html=places.is_tag(start)))

    def _give_headings(self, facts: Facts, places: Places) -> None:
        """Headings; those without an id get one, and an anchor unless they have that."""
        ids = HeadingIds(self._ids)
        for title, spot in zip(self._titles, places.headings([title.level for title in self._titles]), strict=True):
            name = title.id or ids.of(title.text)
            facts.headings.append(Heading(title.level, name, title.text, *places.at(spot)))
            if not title.id:
                self.out[title.start] = f'{self.out[title.start][:-1]} id="{escape(name)}">'
            if title.anchor:
                self.out[title.anchor] = ANCHOR.format(escape(quote(name, safe=ID_SAFE)))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(reversed(attrs))  # of two of one name, browsers take the first
        classes = (values.get("class") or "").split()
        self._ids.add(values.get("id") or "")
        if tag in ("td", "th") and not self._trusts_html:
            side = _SIDE.fullmatch(values.get("style") or "")
            if side:
                del values["style"]
                values["align"] = side[1]
        if self._played(tag, values) or (not self._trusts_html and self._note_removed(tag, values)):
            return
        number = self._note_addresses(tag, values)
        if tag in _HEADINGS and self._title is None:
            self._title = tag, len(self.out), len(self._words), values.get("id") or ""
            self._has_anchor = False
        elif tag == "a" and number is not None:
            is_own = any(name in classes for name in _OWN_ANCHORS)
            self._has_anchor = self._has_anchor or is_own
            self._open_links.append((number, len(self._words), is_own and "headerlink" in classes))
        elif tag == "img":
            is_hidden = "aria-hidden" in values or values.get("role") in ("presentation", "none")
            self._images.append((values.get("alt", "" if is_hidden else None), number))
            self._words.append(values.get("alt") or "")
        elif tag in ("pre", "code") and self._code is None and not self._numbers:
            self._code = []
            self._codes.append(Code(tag == "pre", self._code))
        elif tag in ("td", "span") and "linenos" in classes:
            self._numbers = tag
        elif tag == "br":
            self._words.append(" ")
        shown = "".join(f' {name}="{escape(value or "")}"' for name, value in reversed(values.items()))
        self._put(tag, f"<{tag}{shown}>")

    handle_startendtag = handle_starttag

    def _played(self, tag: str, values: dict[str, str | None]) -> bool:
        """Whether it is a film or a sound, typed like a picture, and now printed as one."""
        player = player_of(values.get("src") or "") if tag == "img" else ""
        if player:
            label = values.pop("alt", "")
            named = [("aria-label", label)] if label else []
            self.handle_starttag(player, [("controls", ""), ("preload", "metadata"), *named, *reversed(values.items())])
            self.handle_endtag(player)
        return bool(player)

    def _note_removed(self, tag: str, values: dict[str, str | None]) -> bool:
        """Note what the sanitiser takes out. True for a field of a form, which it would leave."""
        is_field = tag == "input" and not sanitize.is_box(values)
        if is_field or tag not in sanitize.TAGS:
            self._removed.append(("tag", f"<{tag}>", tag))
            if tag == FRAME and values.get("src"):
                self._link_to_frame(values["src"] or "")
            return is_field
        for name in values:
            if not sanitize.allows(tag, name):
                self._removed.append(("attribute", f"{name}= of <{tag}>", name))
        return False

    def _link_to_frame(self, address: str) -> None:
        """Print the address of a frame that goes, in a paragraph of its own if it is in none."""
        is_alone = not self._is_in_paragraph
        if is_alone:
            self._put("p", "<p>")
        self.handle_starttag("a", [("href", address)])
        self.handle_data(address)
        self.handle_endtag("a")
        if is_alone:
            self._put("p", "</p>")

    def _note_addresses(self, tag: str, values: dict[str, str | None]) -> int | None:
        """The number of the tag's first address; all of its addresses become marks."""
        first = None
        if tag in ("a", "img", "audio", "video", "source", "track"):
            is_sized = "width" in values or "height" in values
            is_chosen = any(name in values for name in CHOICES.get(tag, ()))
            name: Any
            for name in ADDRESSES:
                value = values.get(name)
                if value is not None and (self._trusts_html or sanitize.allows(tag, name)):
                    first = len(self._addresses) if first is None else first
                    values[name] = f"\x02{len(self._addresses)}\x03"
                    self._addresses.append(Address(tag, name, value, sized=is_sized, chosen=is_chosen))
        return first

    def handle_endtag(self, tag: str) -> None:
        if tag in _VOID:
            return
        if self._title and tag == self._title[0]:
            name, start, words, given = self._title
            self._title = None
            text = " ".join("".join(self._words[words:]).split())
            self._titles.append(_Title(int(name[1]), given, text, start, 0 if self._has_anchor else len(self.out)))
            self.out.append("")
        elif tag == "a" and self._open_links:
            number, words, is_sign = self._open_links.pop()
            if is_sign:
                del self._words[words:]
            else:
                self._links.append((" ".join("".join(self._words[words:]).split()), number))
        elif tag == "pre" or (tag == "code" and self._codes and not self._codes[-1].is_block):
            self._code = None
        elif tag == self._numbers:
            self._numbers = ""
        self._put(tag, f"</{tag}>")

    def handle_data(self, data: str) -> None:
        if self._is_dropped():
            return
        if self.cdata_elem not in _CODES:
            self._say(data)
            data = data.replace("<", "&lt;")  # of a tag without an end, which would swallow what follows
        self.out.append(data)

    def _put(self, tag: str, markup: str) -> None:
        if tag == "p":
            self._is_in_paragraph = markup != "</p>"
        if tag not in _CODES or self._trusts_html:
            self.out.append(markup)

    def _is_dropped(self) -> bool:
        """Whether what is met is in a script or a style. The sanitiser takes them out, too, but sees their ends
        elsewhere: what is text here could become a tag there."""
        return self.cdata_elem in _CODES and not self._trusts_html

    def handle_entityref(self, name: str) -> None:
        text = unescape(f"&{name};")
        is_known = not text.startswith(f"&{name}")
        self.out.append(f"&{name};" if is_known else f"&amp;{name}")
        self._say(text if is_known else f"&{name}")

    def handle_charref(self, name: str) -> None:
        self.out.append(f"&#{name};")
        self._say(unescape(f"&#{name};"))

    def handle_comment(self, data: str) -> None:
        if data.strip().lower() == "more" and not self.lead:
            self.lead = "".join(self.out)
        if self._trusts_html:
            self.out.append(f"<!--{data}-->")

    def _say(self, text: str) -> None:
        self._words.append(text)
        if self._code is None:
            self._printed.append(text)
        elif not self._numbers:
            self._code.append(text)
