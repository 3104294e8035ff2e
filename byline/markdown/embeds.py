"""Embeds: a paragraph that is nothing but the address of a film, a sound or a post of another site becomes a figure.

Nothing of the other site is in it: a script puts its player there when a reader asks for it. Without the script, in
feeds and in print the link remains.
"""

import re
from collections.abc import Callable
from html import escape, unescape

from byline.markdown.text import plain_text
from byline.settings.providers import Embed, Enabled, embed_of

Words = Callable[[str, str, str], str]
"""(kind of what is shown, its title as HTML, its site) → what the figure says, in the language of the page."""

_TAG = r'(?:[^">]|"[^"]*")*'
_ALONE = re.compile(
    rf"(?P<open><p>|<(?P<box>div|figure|center){_TAG}>)\s*"
    rf"(?:<a\b(?P<attributes>{_TAG})>(?P<inner>(?:(?!</?a\b).)*+)</a>|(?P<address>https?://[^\s<>\"]++))\s*"
    r"(?P<close></(?:p|div|figure|center)>|<figcaption>)",
    re.DOTALL,
)
"""A link or an address with nothing beside it in its paragraph, or in the box that a writer made for a frame."""
_ATTRIBUTE = re.compile(r' (href|title|class|rel|target)="([^"]*)"')
_PICTURE = re.compile(rf"\s*(?:<picture>\s*<source\b{_TAG}>\s*)?(<img\b{_TAG}>)(?:\s*</picture>)?\s*")
_WORDS = re.compile(r' (alt|title)="([^"]*)"')


def with_players(html: str, enabled: Enabled, words: Words) -> str:
    """The HTML of a body with a figure for each address of a provider that is `enabled`, alone in its paragraph."""
    if not enabled or "://" not in html:
        return html
    return _ALONE.sub(lambda alone: _shown(alone, enabled, words) or alone[0], html)


def _shown(alone: re.Match[str], enabled: Enabled, words: Words) -> str:
    attributes = alone["attributes"] or ""
    given = dict(_ATTRIBUTE.findall(attributes))
    address = unescape(alone["address"] or given.get("href", ""))
    embed = embed_of(address, enabled)
    if not embed or _ATTRIBUTE.sub("", attributes).strip() or (alone["close"] == "<figcaption>" and not alone["box"]):
        return ""
    inner = alone["inner"] or ""
    picture = _PICTURE.fullmatch(inner)
    if "<img" in inner and not picture:
        return ""
    typed = plain_text(inner)
    title = unescape(given.get("title", "")) or ("" if "://" in typed else typed)
    if alone["box"] in ("div", "center") and title:  # a link in a box of its own
        return ""
    figure = _figure(embed, title, picture, words)
    if alone["open"] == "<figure>":
        return figure.removesuffix("</figure>") + alone["close"]
    return f"{alone['open']}{figure}{alone['close']}" if alone["box"] else figure


def _figure(embed: Embed, title: str, picture: re.Match[str] | None, words: Words) -> str:
    shown = picture[0].strip() if picture else ""
    said = {name: unescape(value) for name, value in _WORDS.findall(picture[1])} if picture else {}
    title = title or said.get("title") or said.get("alt") or embed.title
    if said.get("alt") == title:  # which would be read twice
        shown = _WORDS.sub(lambda word: ' alt=""' if word[1] == "alt" else word[0], shown)
    said_of_it = words("show" if embed.shape == "post" else "play", escape(title), embed.host)
    return (
        f'<figure class="embed {embed.shape}" data-frame="{escape(embed.frame)}" data-title="{escape(title)}">'
        f'<a href="{escape(embed.page)}">{shown}<span class="words">{said_of_it}</span></a></figure>'
    )
