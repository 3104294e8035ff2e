"""Boxes: what Substack's editor puts between paragraphs. Buttons and forms of its own go; everything else stays."""

import json
import re
from collections.abc import Callable
from html import escape
from typing import Any
from urllib.parse import unquote

from bs4 import BeautifulSoup, Tag

from byline.importers.text import pieces
from byline.importers.text.dom import attribute
from byline.importers.text.remarks import Remarks
from byline.importers.text.values import part, tables

_FETCHED = re.compile(
    r"https?://(?:substackcdn\.com|cdn\.substack\.com)/image/fetch/[^\s\"']*?/(https?(?:%3A|:)[^\s\"']+)"
)
"""Substack's way to a picture in another size: the address of the whole one is at its end."""
_OWN_BUTTON = re.compile(
    r"%%\w+%%|/subscribe\b|/comments?\b|[?&]action=share|/share\b|/survey/|/account\b|/leaderboard\b|/gift\b|/chat\b|/app\b",
    re.IGNORECASE,
)
_WIDGETS = (
    ".subscription-widget-wrap, .subscription-widget-wrap-editor, .subscription-widget, .captioned-button-wrap,"
    " .install-substack-app-embed, .community-chat, .directMessage, .sponsorship-campaign-embed, .poll-embed,"
    " .captioned-shortcut-wrap, .donation-embed, .cashtag-wrap-empty, .referral-embed"
)
Values = dict[str, Any]


def html_of(html: str, remarks: Remarks) -> str:
    """The HTML of a post without what only Substack's scripts understand."""
    soup = BeautifulSoup(html, "html.parser")
    _drop_widgets(soup, remarks)
    _drop_last_rule(soup)
    _pictures(soup)
    _notes(soup)
    for selector, write in _WRITERS.items():
        for box in soup.select(selector):
            if box.parent is not None:
                written = write(_values(box), box, remarks)
                box.replace_with(BeautifulSoup(written, "html.parser"))
    _tell_unknown(soup, remarks)
    return str(soup)


def whole(url: str) -> str:
    """The address of a picture in its own size."""
    found = _FETCHED.match(url)
    return unquote(found[1]) if found else url


def _values(box: Tag) -> Values:
    try:
        found = json.loads(attribute(box, "data-attrs") or "{}")
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _get(values: Values, *names: str) -> str:
    found = (values.get(name) for name in names)
    return next((str(one) for one in found if isinstance(one, str | int) and one), "")


def _drop_widgets(soup: BeautifulSoup, remarks: Remarks) -> None:
    for box in soup.select(_WIDGETS):
        if box.parent is not None:
            _drop(box, remarks)
    for button in soup.select(".button-wrapper"):
        link = button.find("a", href=True)
        url = _get(_values(button), "url") or (attribute(link, "href") if isinstance(link, Tag) else "")
        if not url or _OWN_BUTTON.search(url):
            _drop(button, remarks)


def _drop_last_rule(soup: BeautifulSoup) -> None:
    """The line above a button at the end divides nothing any more."""
    for rule in reversed(soup.find_all("hr")):
        after = [str(node).strip() for node in rule.next_elements]
        if any(text and not text.startswith("</") for text in after):
            return
        rule.decompose()


def _drop(box: Tag, remarks: Remarks) -> None:
    words = " ".join(box.get_text(" ").split()) or _get(_values(box), "text")
    name = " ".join(attribute(box, "class").split()[:1])
    remarks.note(f"Substack's own `{name}` is left out" + (f": “{words[:80]}”" if words else ""))
    box.decompose()


def _pictures(soup: BeautifulSoup) -> None:
    """Each picture at its own address, with the link that its writer gave it, not the one to its larger self."""
    for image in soup.find_all("img"):
        values = _values(image)
        image["src"] = whole(_get(values, "src") or attribute(image, "src"))
        image["alt"] = attribute(image, "alt") or _get(values, "alt")
        link = image.find_parent("a", class_="image-link")
        href = _get(values, "href")
        if link and href:
            link["href"] = href
        elif link:
            link.unwrap()
    for source in soup.find_all("source"):
        source.decompose()
    for hidden in soup.select(".image-link-expand, .hide-text"):
        hidden.decompose()


def _notes(soup: BeautifulSoup) -> None:
    """Footnotes in the shape in which others have them: a raised mark that leads to an element with a name."""
    for note in soup.select("div.footnote"):
        number = note.select_one("a.footnote-number")
        if number:
            note["id"] = attribute(number, "id")
            number.decompose()
        for content in note.select(".footnote-content"):
            content.unwrap()
    for mark in soup.select("a.footnote-anchor"):
        if not mark.find_parent("sup"):
            mark.wrap(soup.new_tag("sup"))


def _button(values: Values, box: Tag, remarks: Remarks) -> str:  # noqa: ARG001
    link = box.find("a", href=True)
    url = _get(values, "url") or (attribute(link, "href") if isinstance(link, Tag) else "")
    return pieces.paragraph(pieces.linked(url, _get(values, "text") or " ".join(box.get_text().split())))


def _quote(values: Values, box: Tag, remarks: Remarks) -> str:  # noqa: ARG001
    return pieces.element("blockquote", box.decode_contents())


def _inner(values: Values, box: Tag, remarks: Remarks) -> str:  # noqa: ARG001
    return box.decode_contents()


def _code(values: Values, box: Tag, remarks: Remarks) -> str:  # noqa: ARG001
    listing = box if box.name == "pre" else box.find("pre")
    language = _get(values, "language").lower()
    return pieces.listing((listing or box).get_text().strip("\n"), "" if language == "plaintext" else language)


def _formula(values: Values, box: Tag, remarks: Remarks) -> str:  # noqa: ARG001
    return pieces.listing(_get(values, "persistentExpression") or box.get_text(), "math")


def _post(values: Values, box: Tag, remarks: Remarks) -> str:  # noqa: ARG001
    name = _get(values, "publication_name")
    return pieces.card(
        _get(values, "url", "canonical_url"),
        _get(values, "title"),
        _get(values, "truncated_body_text", "caption", "description"),
        name,
    )


def _tweet(values: Values, box: Tag, remarks: Remarks) -> str:  # noqa: ARG001
    said = _get(values, "full_text", "body") or " ".join(box.get_text(" ").split())
    url, name = _get(values, "url"), " ".join(filter(None, (_get(values, "name"), _at(_get(values, "username")))))
    by = pieces.paragraph(pieces.linked(url, name or url))
    return pieces.element("blockquote", pieces.plain(said) + by)


def _at(name: str) -> str:
    return f"(@{name})" if name else ""


def _page(values: Values, box: Tag, remarks: Remarks) -> str:
    """What another site plays: the address of its page, with its title where it has one."""
    frame = box.find("iframe")
    url = _get(values, "url", "belowTheFoldUrl", "src") or (attribute(frame, "src") if isinstance(frame, Tag) else "")
    video, post = _get(values, "videoId"), _get(values, "instagram_id")
    if video:
        kind = "vimeo" if "vimeo-wrap" in attribute(box, "class").split() else "youtube"
        url = f"https://vimeo.com/{video}" if kind == "vimeo" else f"https://www.youtube.com/watch?v={video}"
    url = url or (f"https://www.instagram.com/p/{post}/" if post else "")
    title = _get(values, "title")
    if url:
        remarks.doubt(f"shows {url} where a frame was")
    return pieces.paragraph(pieces.linked(url, title)) if title and url else pieces.address(url) if url else ""


def _gallery(values: Values, box: Tag, remarks: Remarks) -> str:  # noqa: ARG001
    gallery = part(values, "gallery")
    shown = tables(gallery.get("images"))
    alt, caption = _get(gallery, "alt"), escape(_get(gallery, "caption"))
    images = "".join(f"<p>{pieces.image(whole(_get(one, 'src')), alt)}</p>" for one in shown)
    return pieces.figure(images, caption) if caption else images


def _file(values: Values, box: Tag, remarks: Remarks) -> str:  # noqa: ARG001
    link = box.select_one("a.file-embed-button, a[href]")
    name = box.select_one(".file-embed-details-h1")
    about = box.select_one(".file-embed-description")
    words = " ".join((name or box).get_text().split())
    return pieces.paragraph(
        pieces.linked(attribute(link, "href") if link else "", words), escape(about.get_text()) if about else ""
    )


def _media(values: Values, box: Tag, remarks: Remarks) -> str:
    """A sound or film that only Substack has: its export names it by a number."""
    what = "sound" if "native-audio-embed" in attribute(box, "class").split() else "film"
    said = _get(values, "label", "title")
    remarks.doubt(f"a {what} is not in the export" + (f": “{said}”" if said else ""))
    return pieces.paragraph(escape(said))


def _paywall(values: Values, box: Tag, remarks: Remarks) -> str:  # noqa: ARG001
    remarks.note("from a place on, it was for members only: a line divides it")
    return "<hr>"


def _tell_unknown(soup: BeautifulSoup, remarks: Remarks) -> None:
    """Name the boxes that show something by a script and have no words: nothing of them is left."""
    for box in soup.select("[data-attrs]:not(img, p, a, iframe)"):
        if not box.get_text().strip() and not box.find(["img", "iframe"]):
            name = attribute(box, "data-component-name") or attribute(box, "class") or box.name
            remarks.doubt(f"nothing here knows the box `{escape(name, quote=False)}`, and it has no words")


_WRITERS: dict[str, Callable[[Values, Tag, Remarks], str]] = {
    ".button-wrapper": _button,
    ".pullquote": _quote,
    ".callout-block": _quote,
    ".preformatted-block": _inner,
    ".highlighted_code_block": _code,
    ".latex-rendered": _formula,
    ".embedded-post-wrap, .digest-post-embed, .embedded-publication-wrap": _post,
    "div.tweet, .twitter-embed, div.comment[data-attrs]": _tweet,
    ".youtube-wrap, .vimeo-wrap, .spotify-wrap, .soundcloud-wrap, .tiktok-wrap, .instagram, .apple-podcast-container,"
    " .datawrapper-wrap, .bandcamp-wrap, .prediction-market-wrap": _page,
    ".image-gallery-embed": _gallery,
    ".file-embed-wrapper": _file,
    ".native-audio-embed, .native-video-embed": _media,
    ".paywall-jump, .paywall": _paywall,
}
