"""Render: the one door to Markdown. A body in, sanitised HTML and what a site needs to know of it out.

`render` is a pure function of its arguments and this program's code, so its results are kept by content.
What depends on other files (where a link leads, how large a picture is) is left open: each such
attribute is a mark in the HTML, `\\x02<n>\\x03`, that `filled` replaces when the page is made.
"""

import re
from html import unescape
from typing import Any

import msgspec

from byline import models
from byline.markdown import bounds, python, sanitize
from byline.markdown.engines import GITHUB, Engine
from byline.markdown.facts import ADDRESSES, CHOICES, Address, Facts, Page
from byline.markdown.github import blocks
from byline.markdown.github.inline import TooDeep
from byline.markdown.text import clipped, first_paragraph, minutes, plain_text
from byline.problems import Problem

# Exact on the sanitiser's output, which quotes every attribute and escapes `"` inside.
_OPEN_TAG = re.compile(r'<(a|img|audio|video|source|track)\b([^">]*(?:"[^"]*"[^">]*)*)>')
_ATTRIBUTE = re.compile(r' ([^\s="<>]+)(?:="([^"]*)")?')
_MARKED_VALUE = re.compile(' (?:href|src|poster|srcset)="(\x02\\d+\x03)"')
_ALIGN = re.compile(r'(<t[dh](?:[^">]|"[^"]*")*?) align="(left|right|center)"')
_MARKED_IMAGE = re.compile('(</?picture)\\b|<img(?:[^\x02">]|"[^"]*")*\x02(\\d+)\x03(?:[^">]|"[^"]*")*>')
_MARKED_PLAYER = re.compile(
    '(<(video|audio)\\b(?:[^\x02">]|"[^"]*")*\x02(\\d+)\x03(?:[^">]|"[^"]*")*>)(</\\2>)', re.DOTALL
)
_LABEL = re.compile(r' aria-label="([^"]*)"')
_SRC = re.compile(r' src="[^"]*"')
_ALT = re.compile(r' alt="([^"]*)"')
_FORMULA = re.compile("\x04(\\d+)\x04")
_ACCESSIBLE = (
    ("<table", '<div class="table" role="group" aria-label="Table" tabindex="0"><table'),
    ("</table>", "</table></div>"),
    ("<pre>", '<pre tabindex="0">'),
    ('<input type="checkbox" disabled="" checked="">', '<input type="checkbox" disabled checked aria-label="Done">'),
    ('<input type="checkbox" disabled="">', '<input type="checkbox" disabled aria-label="To do">'),
)
_MARK = re.compile("\x02(\\d+)\x03")


class Rendered(msgspec.Struct, frozen=True):
    """`minutes` to read, rounded up. Lines of problems and addresses are those of the body; problems have no path."""

    html: str
    toc: tuple[models.Heading, ...] = ()
    minutes: int = 1
    summary: str = ""
    addresses: tuple[Address, ...] = ()
    problems: tuple[Problem, ...] = ()


def render(body: str, engine: Engine = GITHUB, html: str | None = None, *, trust_html: bool = False) -> Rendered:
    """Render `body`. A body that is over a bound, or that the engine fails on, is an error, never an exception.

    `html` is given where the body is HTML, or the app has a renderer of its own: what that made of `body`.
    """
    excess = _excess(body, engine)
    if excess:
        return Rendered("", problems=(excess,))
    try:
        page = _page(body, engine, html, trust_html)
        shown = _accessible(_marked(page, trust_html))
    except TooDeep as error:
        problem = Problem("", error.line, error.col, "too-deep", str(error), "take some levels away")
        return Rendered("", problems=(problem,))
    except Exception as error:  # a fault of the engine in one post must not take the others down
        message = f"the Markdown could not be rendered: {type(error).__name__}: {error}"[:200]
        return Rendered("", problems=(Problem("", 1, 1, "unrenderable", message, "simplify what you changed last"),))
    facts = page.facts
    summary = plain_text(sanitize.clean(page.lead)) if page.lead else first_paragraph(shown)
    toc = tuple(models.Heading(level, name, title) for level, name, title, *_ in facts.headings if name)
    problems = tuple(facts.problems)
    return Rendered(shown, toc, minutes(plain_text(shown)), clipped(summary), tuple(facts.addresses), problems)


def facts_of(body: str, engine: Engine = GITHUB, html: str | None = None) -> Facts:
    """What the check looks at; nothing for a body that is reported as it is rendered."""
    if _excess(body, engine):
        return Facts()
    try:
        return _page(body, engine, html, trust_html=False).facts
    except Exception:
        return Facts()


def _excess(body: str, engine: Engine) -> Problem | None:
    return bounds.excess(body) or (bounds.slow(body) if engine.name == "python" else None)


def _page(body: str, engine: Engine, html: str | None, trust_html: bool) -> Page:
    if engine.name == "github" and html is None:
        return blocks.page(body, trust_html=trust_html)
    return python.page(body, engine, html, trust_html=trust_html)


def filled(html: str, attributes: tuple[str, ...], sources: tuple[str, ...] = ()) -> str:
    """`html` with each mark replaced by the attributes that stand there.

    A picture that has `sources` is put into a `<picture>` with them, unless the writer did so; a film gets them as they
    are. Of what has no address its words remain.
    """
    is_inside = False

    def picture(image: re.Match[str]) -> str:
        nonlocal is_inside
        if image[1]:
            is_inside = image[1] == "<picture"
            return image[0]
        number = int(image[2])
        if not attributes[number]:  # its words are all that readers get
            words = "" if is_inside else _ALT.search(image[0])
            return words[1] if words else ""
        if not sources or not sources[number]:
            return image[0]
        shown = sources[number] + image[0]
        return shown if is_inside else f"<picture>{shown}</picture>"

    html = _MARKED_PLAYER.sub(lambda player: _player(player, attributes, sources), _MARKED_IMAGE.sub(picture, html))
    return _MARK.sub(lambda mark: attributes[int(mark[1])], html)


def _player(player: re.Match[str], attributes: tuple[str, ...], sources: tuple[str, ...]) -> str:
    """A film or a sound with its captions, and a link for programs that do not play it; its words if it is missing."""
    number, label = int(player[3]), _LABEL.search(player[1])
    words = label[1] if label else ""
    src = _SRC.match(attributes[number])
    if not src:
        return words
    link = f"<a{src[0].replace(' src=', ' href=', 1)}>{words}</a>" if words else ""
    return f"{player[1]}{sources[number] if sources else ''}{link}{player[4]}"


def _accessible(html: str) -> str:
    """What scrolls sideways can be reached by keyboard, and boxes of task lists have names."""
    for plain, better in _ACCESSIBLE:
        html = html.replace(plain, better)
    return html


def _marked(page: Page, trust_html: bool) -> str:
    """The HTML of `page`, sanitised and with every address as a mark."""
    facts = page.facts
    html = page.html if trust_html else _ALIGN.sub(r'\1 class="align-\2"', sanitize.clean(page.html))
    html = _MARKED_VALUE.sub(r"\1", html)
    html = _FORMULA.sub(lambda mark: page.formulas[int(mark[1])], html)
    places: dict[str, list[tuple[int, int]]] = {}
    for value, line, col in reversed(facts.raw_addresses):
        places.setdefault(value, []).append((line, col))

    def tag(match: re.Match[str]) -> str:
        name, rest = match[1], match[2]
        if "\x02" in rest or rest.startswith(' class="anchor"'):
            return f"<{name}{_src_first(rest, facts)}>"
        given = {attribute[1] for attribute in _ATTRIBUTE.finditer(rest)}
        sized = not given.isdisjoint(("width", "height"))
        chosen = not given.isdisjoint(CHOICES[name]) if name in CHOICES else False

        def mark(attribute: re.Match[str]) -> str:
            if attribute[1] not in ADDRESSES or attribute[2] is None:
                return attribute[0]
            value = unescape(attribute[2])
            waiting = places.get(value)
            line, col = (waiting.pop() if len(waiting) > 1 else waiting[0]) if waiting else (1, 1)
            kind: Any = attribute[1]
            facts.addresses.append(Address(name, kind, value, line, col, sized, chosen))
            return f"\x02{len(facts.addresses) - 1}\x03"

        return f"<{name}{_src_first(_ATTRIBUTE.sub(mark, rest), facts)}>"

    return _OPEN_TAG.sub(tag, html)


def _src_first(attributes: str, facts: Facts) -> str:
    """`attributes` with the mark of `src` before any other: the first one decides whether a picture is shown."""
    numbers = [int(number) for number in _MARK.findall(attributes)]
    if len(numbers) < 2:
        return attributes
    ordered = iter(sorted(numbers, key=lambda number: facts.addresses[number].attribute != "src"))
    return _MARK.sub(lambda _: f"\x02{next(ordered)}\x03", attributes)
