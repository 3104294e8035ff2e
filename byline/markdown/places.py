"""Prose: a body as its writer sees it, with the places of its headings, links and pictures.

A light scanner, not a second renderer: it knows what is no prose (code, comments), and finds by pattern in the rest.
Rendered HTML has no places, and a search for a text finds it in a listing as well.
"""

import bisect
import functools
import html
import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from msgspec import structs

from byline.markdown.render import ADDRESSES, Address
from byline.problems import Problem

_TEXT = r"\[((?:[^\[\]\\\n]|\n(?![ \t]*\n)|\\.|\[(?:[^\[\]\\\n]|\\.)*+\](?:\([^()\n]*\))?)*+)\]"
_ADDRESS = (
    r"\([ \t\n]*+(?:<(?P<angled>[^<>\n]*)>|(?P<bare>(?:[^\s()<>\\]|\\.|\((?:[^\s()\\]|\\.)*+\))*+))"
    r"(?:\s+(?:\"(?:[^\"\\]|\\.)*+\"|'(?:[^'\\]|\\.)*+'|\([^()]*\)))?[ \t\n]*+\)"
)
_REST = r"((?:[^<>\"']|\"[^\"]*\"|'[^']*')*+)>"

_LINK = re.compile(rf"(?<![\\!]){_TEXT}(?:{_ADDRESS}|[ ]?\[[^\[\]\n]*\])")
_IMAGE = re.compile(rf"(?<!\\)!{_TEXT}(?:{_ADDRESS}|[ ]?\[[^\[\]\n]*\])")
_DEFINITION = re.compile(r"^ {0,3}\[(?!\^)(?:[^\]\\\n]|\\.)+\]:[ \t]*\n?[ \t]*<?([^\s>]+)", re.MULTILINE)
_TAG = re.compile(rf"<(a|img|audio|video|source|track)\b{_REST}", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"([^\s\"'<>/=]+)(?:\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+)))?")
_ANCHOR = re.compile(rf"<(a)\b{_REST}", re.IGNORECASE)
_ATX = re.compile(r"^ {0,3}(#{1,6})[ \t]+(?=\S)(.+?)(?:[ \t]+#+)?[ \t]*$", re.MULTILINE)
_UNDERLINE = re.compile(r"^(=+|-+)[ \t]*$", re.MULTILINE)
_HTML_HEADING = re.compile(rf"<(h[1-6])\b{_REST}", re.IGNORECASE)

_CODE = re.compile(r"`|~~~|<!--|^ {4}|^ *\t|<(?:pre|script|style|code|textarea)\b", re.MULTILINE | re.IGNORECASE)
"""What a body without code or comments has nowhere."""
_SPAN = re.compile(r"(?<![`\\])(`+)(?!`)(?:[^`\n]|\n(?![ \t]*\n)|(?!(?<!`)\1(?!`))`)+?(?<!`)\1(?!`)")
_COMMENT = re.compile(r"<!--.*?(?:-->|$)")
_RAW = re.compile(r"<(pre|script|style|code|textarea)\b", re.IGNORECASE)
_FENCE = re.compile(r"(?:[ \t>]|[-*+][ \t]|\d{1,9}[.)][ \t])*(`{3,}(?=[^`]*$)|~{3,})")
_ITEM = re.compile(r"[ \t>]*(?:[-*+]|\d{1,9}[.)]|\[\^[^\]]+\]:)(?:[ \t]|$)")


class Heading(NamedTuple):
    """`at` is its offset in the body, as everywhere here."""

    at: int
    level: int
    title: str
    is_html: bool = False


class Link(NamedTuple):
    at: int
    text: str


class Image(NamedTuple):
    """`alt` is None where an HTML tag has none at all."""

    at: int
    alt: str | None
    is_html: bool = False


class Prose:
    def __init__(self, body: str) -> None:
        self.body = body
        self.text = masked(body)
        """The body in its length and lines, with spaces for code and comments."""

    @functools.cached_property
    def headings(self) -> tuple[Heading, ...]:
        headings = [Heading(m.start(1), len(m[1]), self.body[slice(*m.span(2))]) for m in _ATX.finditer(self.text)]
        headings += filter(None, map(self._underlined, _UNDERLINE.finditer(self.text)))
        for m, end, _ in _enclosed(_HTML_HEADING, self.text):
            headings.append(Heading(m.start(), int(m[1][1]), self.text[m.end() : end], True))
        return tuple(sorted(headings))

    def _underlined(self, line: re.Match[str]) -> Heading | None:
        """The heading that `====` or `----` makes of a block's first line."""
        end = line.start() - 1
        start = self.text.rfind("\n", 0, max(end, 0)) + 1
        title = self.text[start : max(end, 0)]
        is_first = start == 0 or not self.text[self.text.rfind("\n", 0, start - 1) + 1 : start].strip()
        if not title.strip() or not is_first or title[0] in "#>|<":
            return None
        return Heading(start, 1 if line[1][0] == "=" else 2, self.body[start:end].strip())

    @functools.cached_property
    def links(self) -> tuple[Link, ...]:
        links = [Link(m.start(), m[1]) for m in _LINK.finditer(self.text)]
        links += [Link(m.start(), self.text[m.end() : end]) for m, end, _ in _enclosed(_ANCHOR, self.text)]
        return tuple(sorted(links))

    @functools.cached_property
    def images(self) -> tuple[Image, ...]:
        images = [Image(m.start(), self.body[slice(*m.span(1))]) for m in _IMAGE.finditer(self.text)]
        for tag in _TAG.finditer(self.text):
            if tag[1].lower() == "img":
                said = {name: value for name, _, value in _attributes(tag)}
                is_hidden = "aria-hidden" in said or said.get("role") in ("presentation", "none")
                images.append(Image(tag.start(), said.get("alt", "" if is_hidden else None), True))
        return tuple(sorted(images, key=lambda image: image.at))

    @functools.cached_property
    def addresses(self) -> tuple[tuple[int, str], ...]:
        """Where the addresses of links and pictures stand, and what they say, in the order of the body."""
        addresses = []
        for pattern in (_LINK, _IMAGE):
            for m in pattern.finditer(self.text):
                group = "angled" if m["angled"] is not None else "bare"
                if m[group] is not None:
                    addresses.append((m.start(group), m[group]))
                addresses += self._inner(m)
        addresses += [(m.start(1), m[1]) for m in _DEFINITION.finditer(self.text)]
        for tag in _TAG.finditer(self.text):
            addresses += [(at, value) for name, at, value in _attributes(tag) if name in ADDRESSES]
        return tuple(sorted({(at, _unescaped(value)) for at, value in addresses}))

    def _inner(self, link: re.Match[str]) -> list[tuple[int, str]]:
        """Addresses in a link's text: of a picture that is a link."""
        return [
            (link.start(1) + m.start(group), m[group])
            for m in _IMAGE.finditer(link[1])
            for group in ("angled", "bare")
            if m[group] is not None
        ]

    def place(self, at: int) -> tuple[int, int]:
        """Line and column of an offset, from 1."""
        line = bisect.bisect_right(self._starts, at)
        return line, at - self._starts[line - 1] + 1

    @functools.cached_property
    def _starts(self) -> list[int]:
        return [0, *(m.end() for m in re.finditer("\n", self.body))]


def masked(body: str) -> str:
    """`body` with every character of code and comments as a space; lines and columns stay."""
    if not _CODE.search(body):
        return body
    lines = _Lines()
    text = "\n".join([lines.shown(line) for line in body.split("\n")])
    text = _SPAN.sub(_blank, text)
    parts, done = [], 0
    for tag, _, end in _enclosed(_RAW, text):
        parts += [text[done : tag.start()], re.sub(r"[^\n]", " ", text[tag.start() : end])]
        done = end
    return "".join(parts) + text[done:]


class _Lines:
    """Hides fenced and indented code and comments, line after line."""

    def __init__(self) -> None:
        self._fence = ""
        self._is_comment = False
        self._after_blank = True
        self._item = -1  # the indentation of the list item that we are in
        self._is_html = False

    def shown(self, line: str) -> str:
        if self._fence:
            if line.lstrip(" \t>").startswith(self._fence) and not line.strip(f" \t>{self._fence[0]}"):
                self._fence = ""
            return " " * len(line)
        if self._is_comment:
            return self._after_comment(line)
        if not line.strip():
            self._after_blank = True
            return line
        if self._is_indented_code(line):
            return " " * len(line)
        self._follow_list(line)
        fence = _FENCE.match(line)
        if fence:
            self._fence = fence[1]
            return " " * len(line)
        return self._without_comments(line) if "<!--" in line else line

    def _is_indented_code(self, line: str) -> bool:
        indent = _indent(line)
        if indent < 4 or not self._after_blank or self._is_html:
            return False
        return self._item < 0 or (indent >= self._item + 8 and not _ITEM.match(line))

    def _follow_list(self, line: str) -> None:
        if _ITEM.match(line):
            self._item = _indent(line)
        elif self._after_blank and line[0] not in " \t":
            self._item = -1
            self._is_html = line[0] == "<"
        self._after_blank = False

    def _after_comment(self, line: str) -> str:
        end = line.find("-->") + 3
        if end < 3:
            return " " * len(line)
        self._is_comment = False
        return " " * end + self._without_comments(line[end:])

    def _without_comments(self, line: str) -> str:
        parts, done = [], 0
        for comment in _COMMENT.finditer(_SPAN.sub(_blank, line)):
            parts += [line[done : comment.start()], " " * len(comment[0])]
            done = comment.end()
            self._is_comment = not comment[0].endswith("-->")
        return "".join(parts) + line[done:]


def _enclosed(opening: re.Pattern[str], text: str) -> Iterator[tuple[re.Match[str], int, int]]:
    """Tags with the start and the end of those that close them, outermost first.

    One search for each, and none after one in vain: a pattern that spans both takes seconds for what is left open.
    """
    done, unclosed = 0, set()
    for tag in opening.finditer(text):
        name = tag[1].lower()
        if tag.start() < done or name in unclosed:
            continue
        closing = re.compile(rf"</{name}\s*>", re.IGNORECASE).search(text, tag.end())
        if closing is None:
            unclosed.add(name)
            continue
        done = closing.end()
        yield tag, closing.start(), done


def _blank(match: re.Match[str]) -> str:
    return re.sub(r"[^\n]", " ", match[0])


def _indent(line: str) -> int:
    wide = line.expandtabs(4)
    return len(wide) - len(wide.lstrip(" "))


def _attributes(tag: re.Match[str]) -> Iterator[tuple[str, int, str]]:
    """Name, place and value of each attribute of a tag; one without a value has an empty one."""
    for m in _ATTRIBUTE.finditer(tag[2]):
        group = m.lastindex or 1
        yield m[1].lower(), tag.start(2) + m.start(group), m[group] if group > 1 else ""


def _unescaped(value: str) -> str:
    return html.unescape(re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", value))


ELSEWHERE = ("http://", "https://", "mailto:", "#")


class Places:
    """Finds places in one body; `down` is how many lines stand above it in the file."""

    def __init__(self, body: str, down: int) -> None:
        self._body = body
        self._down = down

    def of(self, addresses: tuple[Address, ...]) -> tuple[Address, ...]:
        """`addresses` with the line and column where each stands in the file, in the order in which they are used."""
        if all(address.value.startswith(ELSEWHERE) for address in addresses):
            return tuple(self._roughly(address) for address in addresses)
        prose = Prose(self._body)
        typed: dict[str, list[int]] = {}
        for at, value in reversed(prose.addresses):
            typed.setdefault(value, []).append(at)
        placed = []
        for address in addresses:
            waiting = typed.get(address.value)
            if waiting:
                at = waiting.pop() if len(waiting) > 1 else waiting[0]
            else:  # bare addresses, and anchors that no one typed
                at = -1 if address.value.startswith("#") else self._found(prose, address.value)
            line, col = prose.place(at) if at >= 0 else (address.line, 1)
            placed.append(structs.replace(address, line=line + self._down, col=col))
        return tuple(placed)

    def _roughly(self, address: Address) -> Address:
        """The place where the address stands first: what leads to other sites is hardly ever reported."""
        at = -1 if address.value.startswith("#") else self._body.find(address.value)
        if at < 0:
            return structs.replace(address, line=address.line + self._down)
        line, col = self._body.count("\n", 0, at) + 1, at - self._body.rfind("\n", 0, at)
        return structs.replace(address, line=line + self._down, col=col)

    def of_problems(self, problems: Iterable[Problem]) -> tuple[Problem, ...]:
        return tuple(self._moved(problem) for problem in problems)

    def _moved(self, problem: Problem) -> Problem:
        line, col = problem.line, problem.col
        if problem.code == "html-removed":
            prose = Prose(self._body)
            at = self._found(prose, problem.message.split(">")[0])
            line, col = prose.place(at) if at >= 0 else (line, col)
        return structs.replace(problem, line=line + self._down, col=col)

    def _found(self, prose: Prose, text: str) -> int:
        """Where `text` stands first outside of code, or else anywhere."""
        pattern = re.compile(re.escape(text), re.IGNORECASE)
        match = pattern.search(prose.text) or pattern.search(self._body)
        return match.start() if match else -1
