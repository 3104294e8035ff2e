"""Cards: what Ghost's editor puts between paragraphs. Words and pictures stay, but for what members or letters get.

https://github.com/TryGhost/Koenig/tree/main/packages/kg-default-nodes
"""

import re
from collections.abc import Callable
from html import escape
from typing import Any, NamedTuple

import comrak

from byline.importers.text import pieces
from byline.importers.text.remarks import Remarks
from byline.importers.text.values import part, tables
from byline.importers.text.writing import words
from byline.markdown.bounds import excess

_EXTENSIONS = comrak.ExtensionOptions(
    strikethrough=True,
    table=True,
    autolink=True,
    tasklist=True,
    superscript=True,
    subscript=True,
    footnotes=True,
    highlight=True,
)
_RENDERING = comrak.RenderOptions(unsafe_=True)
_PORTAL = re.compile(r"#/(?:portal|share|search)\b")
_GATED = re.compile(r"<!--kg-gated-block:begin nonMember:false\b.*?-->(.*?)<!--kg-gated-block:end-->", re.DOTALL)


class Card(NamedTuple):
    """What a card says of itself, and where to tell what became of it."""

    data: dict[str, Any]
    remarks: Remarks

    def text(self, *names: str) -> str:
        """The first of its values that is not empty, as it is: HTML with some, words with others."""
        found = (self.data.get(name) for name in names)
        return next((str(one) for one in found if isinstance(one, str | int | float) and one), "")

    def part(self, name: str) -> dict[str, Any]:
        return part(self.data, name)


def written(name: str, data: dict[str, Any], remarks: Remarks) -> str | None:
    """A card as HTML; None if nothing here knows it."""
    writer = _WRITERS.get(name)
    if writer is None:
        return None
    card = Card(data, remarks)
    web = card.part("visibility").get("web")
    shown = web.get("nonMember", True) if isinstance(web, dict) else card.part("visibility").get("showOnWeb", True)
    html = writer(card)
    if shown is False:
        _hidden(html, "that only members see", remarks)
        return ""
    return html


def public(html: str, remarks: Remarks) -> str:
    """Ghost's own HTML without what it shows to members only."""

    def gone(block: re.Match[str]) -> str:
        _hidden(block[1], "that only members see", remarks)
        return ""

    return _GATED.sub(gone, html)


def is_portal(url: str) -> bool:
    """Whether an address opens Ghost's window for signing up."""
    return bool(_PORTAL.search(url))


def _hidden(html: str, what: str, remarks: Remarks) -> None:
    """Tell of it, and not what it says: the report may be in a public repository."""
    count = len(words(html).split())
    remarks.doubt(f"a card {what} is left out (words: {count})")


def _image(card: Card) -> str:
    picture = pieces.image(card.text("src"), card.text("alt"), card.text("href"))
    return pieces.figure(picture, card.text("caption"))


def _gallery(card: Card) -> str:
    images = tables(card.data.get("images"))
    shown = [pieces.image(*(str(one.get(name) or "") for name in ("src", "alt", "href"))) for one in images]
    if not card.text("caption"):
        return "".join(map(pieces.figure, shown))
    return pieces.figure("".join(f"<p>{one}</p>" for one in shown), card.text("caption"))


def _code(card: Card) -> str:
    listing = pieces.listing(card.text("code"), card.text("language"))
    return pieces.figure(listing, card.text("caption")) if card.text("caption") else listing


def _markdown(card: Card) -> str:
    typed = card.text("markdown")
    if excess(typed):
        card.remarks.doubt("a Markdown card is too large to be read: its signs are words now")
        return pieces.plain(typed)
    html = comrak.markdown_to_html(typed, _EXTENSIONS, None, _RENDERING)
    return re.sub(r"(<input [^>]*>) ", r"\1", html)


def _html(card: Card) -> str:
    return f"<div>{card.text('html')}</div>"


def _bookmark(card: Card) -> str:
    page = Card(card.part("metadata"), card.remarks)
    if page.text("thumbnail", "icon"):
        card.remarks.note("the pictures of link previews are left out")
    url = card.text("url") or page.text("url")
    by = " · ".join(dict.fromkeys(filter(None, (page.text("publisher"), page.text("author")))))
    return pieces.card(url, page.text("title") or url, page.text("description"), by) + _caption(card)


def _caption(card: Card) -> str:
    caption = card.text("caption")
    return f"<p><em>{caption}</em></p>" if caption else ""


def _embed(card: Card) -> str:
    """What another site shows: its words if it has any, else the address of its page."""
    html, url = card.text("html"), card.text("url") or str(card.part("metadata").get("url") or "")
    if words(re.sub(r"<script\b.*?</script\s*>", "", html, flags=re.DOTALL | re.IGNORECASE)):
        return f"<div>{html}</div>{_caption(card)}"
    if not url:
        return html + _caption(card)
    card.remarks.doubt(f"shows {url} where a frame was")
    return pieces.address(url) + _caption(card)


def _callout(card: Card) -> str:
    emoji, text = escape(card.text("calloutEmoji", "emoji")), card.text("calloutText", "text")
    first = re.match(r"\s*<p\b[^>]*>", text)
    inner = f"{first[0]}{emoji} {text[first.end() :]}" if first and emoji else f"{emoji} {text}".strip()
    return pieces.element("blockquote", inner)


def _toggle(card: Card) -> str:
    return pieces.details(_inline(card.text("heading")), card.text("content"))


def _inline(html: str) -> str:
    """HTML without the paragraph around it."""
    found = re.fullmatch(r"\s*<p\b[^>]*>(.*)</p>\s*", html, re.DOTALL)
    return found[1] if found and "<p" not in found[1] else html


def _button(card: Card) -> str:
    return _press(card, "buttonText", "buttonUrl")


def _press(card: Card, text: str, url: str) -> str:
    """A button as a link. Those of Ghost's own window lead nowhere any more."""
    if is_portal(card.text(url)):
        card.remarks.note(f"a button to sign up is left out: “{words(card.text(text))}”")
        return ""
    return pieces.paragraph(pieces.linked(card.text(url), words(card.text(text)))) if card.text(text) else ""


def _file(card: Card) -> str:
    link = pieces.linked(card.text("src"), card.text("fileTitle", "fileName"))
    return pieces.paragraph(link, card.text("fileCaption"))


def _video(card: Card) -> str:
    poster = card.text("customThumbnailSrc", "thumbnailSrc")
    loop = card.data.get("loop") is True
    player = pieces.element("video", src=card.text("src"), poster=poster, controls=True, loop=loop)
    return pieces.figure(player, card.text("caption"))


def _audio(card: Card) -> str:
    if card.text("thumbnailSrc"):
        card.remarks.note("the pictures of sounds are left out")
    return pieces.figure(pieces.element("audio", src=card.text("src"), controls=True), escape(card.text("title")))


def _product(card: Card) -> str:
    stars = card.data.get("productStarRating")
    is_rated = card.data.get("productRatingEnabled") and isinstance(stars, int) and 0 <= stars <= 5
    title = pieces.paragraph(f"<strong>{_inline(card.text('productTitle'))}</strong>")
    rating = pieces.paragraph("★" * stars + "☆" * (5 - stars)) if is_rated and isinstance(stars, int) else ""
    button = _press(card, "productButton", "productUrl") if card.data.get("productButtonEnabled") else ""
    picture = pieces.figure(pieces.image(card.text("productImageSrc")))
    return picture + title + rating + card.text("productDescription") + button


def _header(card: Card) -> str:
    """A banner: its words, and its picture as one of the text."""
    button = _press(card, "buttonText", "buttonUrl") if card.data.get("buttonEnabled") else ""
    head, below = _inline(card.text("header", "heading")), _inline(card.text("subheader", "subheading"))
    picture = pieces.figure(pieces.image(card.text("backgroundImageSrc")))
    return picture + (f"<h2>{head}</h2>" if head else "") + pieces.paragraph(below) + button


def _call(card: Card) -> str:
    label = card.text("sponsorLabel") if card.data.get("hasSponsorLabel") else ""
    url = "" if is_portal(card.text("buttonUrl")) else card.text("buttonUrl")
    picture = pieces.figure(pieces.image(card.text("imageUrl"), href=url))
    button = _press(card, "buttonText", "buttonUrl") if card.data.get("showButton", True) else ""
    return label + picture + card.text("textValue") + button


def _before_after(card: Card) -> str:
    both = [card.part(name) for name in ("beforeImage", "afterImage")]
    shown = "".join(f"<p>{pieces.image(str(one.get('src') or ''))}</p>" for one in both)
    return pieces.figure(shown, card.text("caption"))


def _letter(card: Card) -> str:
    _hidden(card.text("html"), "that only letters have", card.remarks)
    return ""


def _signup(card: Card) -> str:
    said = "".join(pieces.paragraph(card.text(name)) for name in ("header", "subheader", "disclaimer"))
    card.remarks.note(f"a form to sign up is left out: “{words(said)}”")
    return ""


def _paywall(card: Card) -> str:
    card.remarks.note("from a place on, it was for members only: a line divides it")
    return "<hr>"


def _podcast(card: Card) -> str:
    card.remarks.note("a list of podcasts for members is left out")
    return ""


_WRITERS: dict[str, Callable[[Card], str]] = {
    "image": _image,
    "gallery": _gallery,
    **dict.fromkeys(("codeblock", "code"), _code),
    **dict.fromkeys(("markdown", "card-markdown"), _markdown),
    "html": _html,
    "bookmark": _bookmark,
    "embed": _embed,
    **dict.fromkeys(("horizontalrule", "hr"), lambda _: "<hr>"),
    "callout": _callout,
    "toggle": _toggle,
    "button": _button,
    "file": _file,
    "video": _video,
    "audio": _audio,
    "product": _product,
    "header": _header,
    "call-to-action": _call,
    "before-after": _before_after,
    **dict.fromkeys(("email", "email-cta"), _letter),
    "signup": _signup,
    "paywall": _paywall,
    "transistor": _podcast,
}
