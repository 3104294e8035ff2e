"""Twins: a text as its writer typed it, fit for a place outside the site: its links are whole addresses, and what
readers do not get is not in it."""

import html
import re
from collections.abc import Iterable, Iterator, Mapping
from urllib.parse import urljoin

from byline.markdown.facts import Address

_PIECE = re.compile(
    r"""
    (?P<code>
        ^[ >]{0,12}(?P<fence>`{3,}(?=[^`\n]*$)|~{3,}).*?(?:^[ >]{0,12}(?P=fence)[`~]*[ \t]*$|\Z)
      | (?<!`)(?P<tick>`+)(?!`)(?:(?!\n[ \t]*\n).)+?(?<!`)(?P=tick)(?!`)
    )
  | (?P<hidden><!--.*?(?:-->|\Z)|%%.*?%%)
  | (?P<wiki>!?\[\[(?P<name>[^\[\]\n]+)\]\])
  | (?P<link>
        (?:(?P<mark>!?)\[(?P<text>(?:[^\[\]]|\[[^\[\]]*\])*))?
        \]\(\s*(?:<(?P<angled>[^<>\n]*)>|(?P<plain>[^\s()<>]*(?:\([^\s()<>]*\)[^\s()<>]*)*))
        (?P<title>(?:\s+(?:"[^"]*"|'[^']*'|\([^()]*\)))?)\s*\)
    )
  | (?P<defined>^[ ]{0,3}\[(?P<label>[^\[\]]+)\]:[ \t]*<?(?P<target>[^\s<>]+)>?)
  | (?P<attribute>\b(?P<key>href|src|poster)\s*=\s*(?P<quote>["'])(?P<value>.*?)(?P=quote))
    """,
    re.MULTILINE | re.DOTALL | re.VERBOSE,
)
"""What is not shown as it is typed, and code, in which nothing is."""
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")
_WHOLE = re.compile(r"(?:[a-z][a-z0-9+.-]*:|#)", re.IGNORECASE)
_IN_PAGE = re.compile(r'^ (?:href|src|poster)="([^"]*)')


def twin_of(text: str, addresses: Iterable[Address], attributes: Iterable[str], origin: str, url: str) -> str:
    """`text`, the Markdown of the page at `url`, whose `addresses` lead where its `attributes` say."""
    leads: dict[str, str] = {}
    for address, attribute in zip(addresses, attributes, strict=True):
        found = _IN_PAGE.match(attribute)
        if found and address.value not in leads:
            leads[address.value] = urljoin(origin + url, html.unescape(found[1]))
    return _PIECE.sub(lambda piece: _whole(piece, leads, origin + url), text).strip()


def links_in(text: str) -> Iterator[str]:
    """The addresses in Markdown, outside code."""
    for piece in _PIECE.finditer(text):
        address = next((piece[name] for name in ("plain", "angled", "target", "value") if piece[name]), "")
        if address and not piece["code"]:
            yield html.unescape(address)


def _whole(piece: re.Match[str], leads: Mapping[str, str], here: str) -> str:
    """A piece of the text with its address made whole; one that leads nowhere is its words, as on the page."""
    if piece["code"]:
        return piece[0]
    if piece["hidden"]:
        return ""
    if piece["wiki"]:
        target, _, words = piece["name"].partition("|")
        lead = leads.get(f"[[{target}]]") or leads.get(piece["wiki"].lstrip("!"))
        mark = "!" if piece["wiki"].startswith("!") else ""
        return f"{mark}[{words or target}]({lead})" if lead else words or target
    if piece["link"]:
        lead = _lead(piece["plain"] if piece["angled"] is None else piece["angled"], leads, here)
        if piece["text"] is None:  # its words are not simple, and stand before
            return f"]({lead}{piece['title']})" if lead else "]"
        words = _PIECE.sub(lambda inner: _whole(inner, leads, here), piece["text"])
        return f"{piece['mark']}[{words}]({lead}{piece['title']})" if lead else words
    if piece["defined"]:
        lead = _lead(piece["target"], leads, here)
        return f"[{piece['label']}]: {lead}" if lead else ""
    lead = _lead(piece["value"], leads, here)
    return f'{piece["key"]}="{html.escape(lead)}"' if lead else ""


def _lead(typed: str, leads: Mapping[str, str], here: str) -> str:
    """Where `typed` leads; empty if that is nowhere, or if nobody has looked."""
    plain = _ESCAPE.sub(r"\1", html.unescape(typed))
    if typed in leads or plain in leads:
        return leads.get(typed) or leads[plain]
    return urljoin(here, typed) if _WHOLE.match(typed) else ""
