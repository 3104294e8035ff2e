"""Inline: what stands within a paragraph, printed as HTML."""

import re
from collections.abc import Callable, Mapping
from html import escape, unescape
from types import MappingProxyType
from typing import Any
from urllib.parse import quote

import comrak

from byline.markdown.facts import Address, Facts, Image, Link, player_of
from byline.markdown.github.attributes import AT_START, attributes, written
from byline.markdown.github.formulas import mathml
from byline.markdown.github.raw import RawHtml, is_comment
from byline.markdown.github.source import Source, clean, escaped, plain
from byline.markdown.ids import ID_SAFE
from byline.problems import NOT_XML, Problem

_MAIL = re.compile(r"(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+(?<=[A-Za-z])(?![\w@-])", re.ASCII)
PICTURES = (".jpg", ".jpeg", ".png", ".gif", ".webp", ".avif", ".svg", ".bmp", ".heic", ".tif", ".tiff")
"""Endings of what Obsidian shows where it is embedded."""
_SIZE = re.compile(r"(?P<width>\d{1,4})(?:x(?P<height>\d{1,4}))?")
MAX_DEPTH = 100
"""Levels of quotes, lists, emphasis or links within each other; Python gives up at some 300."""
MAX_EXPLANATIONS = 20_000
"""Of abbreviations; they stand without one further on."""


class TooDeep(ValueError):
    """What nests over `MAX_DEPTH` levels deep, at `line` and `col`."""

    def __init__(self, line: int, col: int) -> None:
        super().__init__(f"quotes, lists or emphasis nest over {MAX_DEPTH} deep")
        self.line, self.col = line, col


class Inline:
    """Prints the inline nodes of one body, still to be sanitised."""

    def __init__(self, body: str, trusts_html: bool) -> None:
        self._source = Source(body)
        self._trusts_html = trusts_html
        self._out: list[str] = []
        self._facts = Facts()
        self._html = RawHtml(self._out, self._facts, trusts_html)
        self._lead = ""
        self._formulas: list[str] = []
        self._abbreviations: dict[str, str] = {}
        self._abbreviation: re.Pattern[str] | None = None
        self._explanations = 0
        self._depth = 0
        self._is_in_link = False

    def _inline(self, nodes: list[Any], *, cut: int = 0, without_title: bool = False) -> None:
        """Print inline nodes; of the last text, `cut` characters at its end are left out."""
        if not nodes:
            return
        self._deeper(nodes)
        last = len(nodes) - 1
        skip = 0
        for at, node in enumerate(nodes):
            value = node.node_value
            kind = type(value)
            if kind is comrak.Text:
                text = value.value[skip:]
                skip = 0
                if at == last and cut:
                    text = text[:-cut]
                if "@" in text and "[" in text and not self._is_in_link and not self._html.is_in_link:
                    self._mail(text, node)
                else:
                    self._out.append(self._text(text))
            elif kind is comrak.Link or kind is comrak.Image:
                given, skip = self._given(nodes, at)
                if kind is comrak.Link:
                    self._link(node, value, given, without_title)
                else:
                    self._image(node, value, given, without_title)
                if skip:
                    self._source.hide_part(*self._source.place(nodes[at + 1]), skip)
            else:
                _INLINE[kind](self, node, value)
        self._depth -= 1

    def _given(self, nodes: list[Any], at: int) -> tuple[dict[str, str], int]:
        """The attributes in braces right behind a link or a picture, and how many characters they take."""
        following = nodes[at + 1].node_value if at + 1 < len(nodes) else None
        if type(following) is comrak.Text and following.value.startswith("{"):
            line, col = self._source.place(nodes[at + 1])
            match = AT_START.match(following.value)
            value: Any = nodes[at].node_value
            tag = "a" if type(value) is comrak.Link else player_of(value.value.url) or "img"
            given = attributes(tag, match[1]) if match else None
            is_typed = self._source.lines[line - 1][col - 2 : col] in ("){", "]{")  # not behind a backslash
            if match and given is not None and is_typed:
                return given, match.end()
        return {}, 0

    def _mail(self, text: str, node: Any) -> None:
        """Print text with links for the mail addresses in brackets, which comrak passes over and GitHub links."""
        end = 0
        for mail in _MAIL.finditer(text):
            mark = self._address("a", "href", f"mailto:{mail[0]}", node)
            self._out.append(f"{self._text(text[end : mail.start()])}<a{mark}>{self._text(mail[0])}</a>")
            end = mail.end()
        self._out.append(self._text(text[end:]))

    def _text(self, text: str) -> str:
        shown = escaped(text)
        if self._abbreviation and self._explanations < MAX_EXPLANATIONS:
            left = MAX_EXPLANATIONS - self._explanations
            shown, count = self._abbreviation.subn(self._explained, shown, left)
            self._explanations += count
        return shown

    def _explained(self, match: re.Match[str]) -> str:
        return f'<abbr title="{escape(self._abbreviations[unescape(match[0])])}">{match[0]}</abbr>'

    def _link(self, node: Any, value: Any, given: dict[str, str], without_title: bool) -> None:
        url, title = value.value.url, value.value.title
        text = plain(node)
        is_automatic = self._source.is_automatic(node)
        if is_automatic and self._html.is_in_link:
            self._inline(node.children)
            return
        line, col = self._source.place_of_address(node)
        if not is_automatic:
            self._facts.links.append(Link(text, *self._source.place(node)))
            if url.startswith("#"):
                self._facts.fragments.append((url[1:], line, col))
        mark = self._address("a", "href", clean(url), node, (line, col))
        shown = f' title="{escape(title)}"' if title else ""
        self._out.append(f"<a{written(given)}{mark}{shown}>")
        self._is_in_link = True
        self._inline(node.children, without_title=without_title)
        self._is_in_link = False
        self._out.append("</a>")

    def _image(self, node: Any, value: Any, given: dict[str, str], without_title: bool) -> None:
        alt = plain(node)
        line, col = self._source.place_of_address(node)
        player = player_of(value.value.url)
        title = "" if without_title else value.value.title
        if player:
            self._player(player, clean(value.value.url), alt, node, (line, col), title, given)
            return
        self._facts.images.append(Image(alt, *self._source.place(node)))
        is_sized = "width" in given or "height" in given
        mark = self._address("img", "src", clean(value.value.url), node, (line, col), is_sized)
        shown = f' title="{escape(title)}"' if title else ""
        self._out.append(f'<img alt="{escape(clean(alt))}"{mark}{shown}{written(given)}>')

    def _player(
        self,
        tag: str,
        url: str,
        label: str,
        node: Any,
        place: tuple[int, int],
        title: str = "",
        given: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        """A film or a sound, typed like a picture."""
        named = {"aria-label": clean(label)} if label else {}
        shown = {"controls": "", "preload": "metadata"} | named | ({"title": title} if title else {}) | dict(given)
        poster = shown.pop("poster", "")
        sized = not given.keys().isdisjoint(("width", "height"))
        src = self._address(tag, "src", url, node, place, sized, bool(poster))
        src += self._address(tag, "poster", poster, node, place) if poster else ""
        text = "".join(f' {name}="{escape(value)}"' for name, value in shown.items())
        self._out.append(f"<{tag}{text}{src}></{tag}>")

    def _address(
        self,
        tag: str,
        attribute: Any,
        value: str,
        node: Any,
        place: tuple[int, int] | None = None,
        is_sized: bool = False,
        is_chosen: bool = False,
    ) -> str:
        addresses = self._facts.addresses
        line, col = place or self._source.place(node)
        addresses.append(Address(tag, attribute, value, line, col, is_sized, is_chosen))
        return f' {attribute}="\x02{len(addresses) - 1}\x03"'

    def _wrapped(self, tag: str, node: Any) -> None:
        self._out.append(f"<{tag}>")
        self._inline(node.children)
        self._out.append(f"</{tag}>")

    def _superscript(self, node: Any, _value: Any) -> None:
        """A power; what holds a space is two signs that stand apart, as in `2^10 and 3^5`."""
        if any(sign.isspace() for sign in plain(node)):
            self._out.append("^")
            self._inline(node.children)
            self._out.append("^")
        else:
            self._wrapped("sup", node)

    def _code(self, node: Any, value: Any) -> None:
        self._source.hide(node)
        self._out.append(f"<code>{escaped(value.value.literal)}</code>")

    def _emoji(self, node: Any, value: Any) -> None:
        """`:smile:` as a sign; within a word, as in `user:id:7`, it is text."""
        line, col = self._source.place(node)
        typed = f":{value.value.code}:"
        text = self._source.lines[line - 1]
        around = text[max(0, col - 2) : col - 1] + text[col - 1 + len(typed) :][:1]
        is_in_word = any(sign.isalnum() or sign == ":" for sign in around)
        self._out.append(typed if is_in_word else value.value.emoji)
        if not is_in_word:
            self._source.hide(node)

    def _soft_break(self, _node: Any, _value: Any) -> None:
        self._out.append("\n")

    def _line_break(self, _node: Any, _value: Any) -> None:
        self._out.append("<br>\n")

    def _html_inline(self, node: Any, value: Any) -> None:
        literal = NOT_XML.sub("", value.value)
        if is_comment(literal):
            self._source.hide(node)
            self._comment(literal)
        else:
            shown = self._html.printed(literal, *self._source.place(node))
            is_title = literal.lower().startswith(("<title", "</title"))
            self._out.append(escaped(literal) if is_title and not self._trusts_html else shown)

    def _note_mark(self, node: Any, value: Any) -> None:
        note = value.value
        number = f"{note.ref_num}:" if note.ref_num > 1 else ":"
        name = escape(quote(note.name, safe=ID_SAFE))
        mark = self._address("a", "href", f"#fn:{note.name}", node)
        self._out.append(f'<sup id="fnref{number}{name}"><a class="footnote-ref"{mark}>{note.ix}</a></sup>')

    def _math(self, node: Any, value: Any) -> None:
        self._formula(value.value.literal, value.value.display_math, node)

    def _formula(self, formula: str, is_display: bool, node: Any) -> None:
        """A formula as MathML; what cannot be read is shown as it was typed, and told."""
        self._source.hide(node)
        try:
            shown = mathml(formula.strip(), is_display)
        except ValueError as error:
            line, col = self._source.place(node)
            hint = "correct the formula, or put a backslash before each $"
            message = f"the formula cannot be read: {error}"[:200]
            self._facts.problems.append(Problem("", line, col, "bad-formula", message, hint, "warning"))
            signs = "$$" if is_display else "$"
            self._out.append(escaped(f"{signs}{formula}{signs}"))
            return
        # The sanitiser knows no formulas: they are put in after it.
        self._out.append(f"\x04{len(self._formulas)}\x04")
        self._formulas.append(shown)

    def _wiki_link(self, node: Any, value: Any) -> None:
        """`[[Other note|text]]`: the note is looked for by its name among all files. `![[cat.png]]` is a picture."""
        line, col = self._source.place(node)
        text, name = plain(node), f"[[{value.value.url}]]"
        if value.value.embed and (player := player_of(value.value.url)):
            self._player(player, name, "" if text == value.value.url else text, node, (line, col))
            return
        if value.value.embed and value.value.url.lower().endswith(PICTURES):
            self._embedded(value.value.url, text, node, (line, col))
            return
        self._facts.links.append(Link(text, line, col))
        mark = self._address("a", "href", name, node)
        self._out.append(f"<a{mark}>")
        self._inline(node.children)
        self._out.append("</a>")

    def _embedded(self, url: str, text: str, node: Any, place: tuple[int, int]) -> None:
        """A picture by its name; behind the bar stands its width, or what it shows."""
        size = _SIZE.fullmatch(text)
        alt = "" if size or text == url else text
        self._facts.images.append(Image(alt, *place))
        mark = self._address("img", "src", f"[[{url}]]", node, place, bool(size))
        shown = "".join(f' {name}="{value}"' for name, value in size.groupdict().items() if value) if size else ""
        self._out.append(f'<img alt="{escape(clean(alt))}"{mark}{shown}>')

    def _nothing(self, node: Any, _value: Any) -> None:
        """What is kept private."""
        self._source.hide(node)

    def _comment(self, literal: str) -> None:
        if literal == "<!-- more -->" and not self._lead:
            self._lead = "".join(self._out)

    def _deeper(self, nodes: list[Any]) -> None:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise TooDeep(*self._source.place(nodes[0]))


def _wrap(tag: str) -> Callable[[Inline, Any, Any], None]:
    return lambda printer, node, _value: printer._wrapped(tag, node)


_INLINE: dict[type, Callable[[Inline, Any, Any], None]] = {
    comrak.SoftBreak: Inline._soft_break,
    comrak.LineBreak: Inline._line_break,
    comrak.Code: Inline._code,
    comrak.HtmlInline: Inline._html_inline,
    comrak.Emph: _wrap("em"),
    comrak.Strong: _wrap("strong"),
    comrak.Strikethrough: _wrap("del"),
    comrak.Highlight: _wrap("mark"),
    comrak.Superscript: Inline._superscript,
    comrak.FootnoteReference: Inline._note_mark,
    comrak.Math: Inline._math,
    comrak.WikiLink: Inline._wiki_link,
    comrak.CommentInline: Inline._nothing,
    comrak.ShortCode: Inline._emoji,
}
