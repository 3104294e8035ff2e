"""Ghost's own HTML, for posts that have nothing else: its cards without the signs that only its scripts understand."""

from collections.abc import Callable

from bs4 import BeautifulSoup, Tag

from byline.importers.ghost import cards
from byline.importers.text.dom import attribute
from byline.importers.text.remarks import Remarks


def html_of(html: str, remarks: Remarks) -> str:
    """The HTML of a post as Ghost keeps it, with cards as plain elements."""
    soup = BeautifulSoup(cards.public(html, remarks), "html.parser")
    for name, change in _CARDS.items():
        for card in soup.select(f".{name}"):
            change(card, soup, remarks)
    return str(soup)


def _toggle(card: Tag, soup: BeautifulSoup, remarks: Remarks) -> None:  # noqa: ARG001
    head, inner = card.select_one(".kg-toggle-heading-text"), card.select_one(".kg-toggle-content")
    box, summary = soup.new_tag("details"), soup.new_tag("summary")
    summary.extend(list(head.children) if head else [])
    box.append(summary)
    box.extend(list(inner.children) if inner else [])
    card.replace_with(box)


def _callout(card: Tag, soup: BeautifulSoup, remarks: Remarks) -> None:  # noqa: ARG001
    box, line = soup.new_tag("blockquote"), soup.new_tag("p")
    emoji, text = card.select_one(".kg-callout-emoji"), card.select_one(".kg-callout-text")
    line.append(f"{emoji.get_text()} " if emoji else "")
    line.extend(list(text.children) if text else list(card.children))
    box.append(line)
    card.replace_with(box)


def _player(card: Tag, soup: BeautifulSoup, remarks: Remarks) -> None:
    """A film or a sound with its title or caption; the buttons around are a script's."""
    media = card.find(["video", "audio"])
    words = card.find("figcaption") or card.select_one(".kg-audio-title")
    if not isinstance(media, Tag):
        return
    box = soup.new_tag("figure")
    named = (attribute(card, f"data-kg-{name}") for name in ("custom-thumbnail", "thumbnail"))
    given = {"src": attribute(media, "src"), "controls": "", "poster": next(filter(None, named), "")}
    if not given["poster"]:
        del given["poster"]
    box.append(soup.new_tag(media.name, attrs=given))
    if words:
        caption = soup.new_tag("figcaption")
        caption.extend(list(words.children))
        box.append(caption)
    if card.select_one(".kg-audio-thumbnail[src]"):
        remarks.note("the pictures of sounds are left out")
    card.replace_with(box)


def _bookmark(card: Tag, soup: BeautifulSoup, remarks: Remarks) -> None:
    link = card.find("a")
    lines = [card.select_one(f".kg-bookmark-{name}") for name in ("title", "description", "author", "publisher")]
    box = soup.new_tag("p")
    anchor = soup.new_tag("a", href=attribute(link, "href") if isinstance(link, Tag) else "")
    for number, line in enumerate(one for one in lines if one):
        place = anchor if number == 0 else box
        place.append(line.get_text())
        if number == 0:
            box.append(anchor)
        box.append(soup.new_tag("br"))
    caption = card.find("figcaption")
    if card.find("img"):
        remarks.note("the pictures of link previews are left out")
    card.replace_with(box)
    if isinstance(caption, Tag):
        caption.name = "p"
        box.insert_after(caption)


def _file(card: Tag, soup: BeautifulSoup, remarks: Remarks) -> None:  # noqa: ARG001
    link = card.find("a")
    title, caption = card.select_one(".kg-file-card-title"), card.select_one(".kg-file-card-caption")
    box = soup.new_tag("p")
    anchor = soup.new_tag("a", href=attribute(link, "href") if isinstance(link, Tag) else "")
    anchor.append(title.get_text() if title else card.get_text(" "))
    box.append(anchor)
    if caption:
        box.extend([soup.new_tag("br"), caption.get_text()])
    card.replace_with(box)


def _signup(card: Tag, soup: BeautifulSoup, remarks: Remarks) -> None:  # noqa: ARG001
    remarks.note(f"a form to sign up is left out: “{' '.join(card.get_text(' ').split())[:100]}”")
    card.decompose()


_CARDS: dict[str, Callable[[Tag, BeautifulSoup, Remarks], None]] = {
    "kg-toggle-card": _toggle,
    "kg-callout-card": _callout,
    "kg-audio-card": _player,
    "kg-video-card": _player,
    "kg-bookmark-card": _bookmark,
    "kg-file-card": _file,
    "kg-signup-card": _signup,
}
