"""Medium: the zip file that Settings → Security and apps → Download your information gives, or its folder."""

import datetime as dt
import posixpath
import re
from collections import Counter
from typing import NamedTuple
from urllib.parse import urlsplit

from bs4 import BeautifulSoup, Tag

from byline.importers import moments
from byline.importers.export import Export, Item, LeftOut, Options, Picture, Writer
from byline.importers.source import Entry, Source
from byline.importers.text.dom import attribute
from byline.importers.text.remarks import Remarks
from byline.importers.text.writing import words
from byline.importers.wxr.items import without_mail

NAME = "medium"
TITLE = "Medium"
HOSTS = ("cdn-images-1.medium.com", "cdn-images-2.medium.com", "miro.medium.com")
_BODY = re.compile(rb"data-field=[\"']body[\"']")
_ADDRESS = re.compile(r"(?:(?P<slug>.*)-)?(?P<id>[0-9a-f]{8,14})")
"""The last part of an address at Medium."""
_FIRST = re.compile(r"originally (?:published|appeared|posted)\b", re.IGNORECASE)
_FOLDER = re.compile(r"(?:^|/)([\w-]+)/[^/]+$")


class _Address(NamedTuple):
    """Where a post was: at Medium, or at a domain of its owner's there; `first` is where it stood before Medium."""

    path: str = ""
    slug: str = ""
    number: str = ""
    host: str = ""
    first: str = ""


def recognises(source: Source) -> bool:
    return bool(_posts(source))


def _posts(source: Source) -> list[Entry]:
    found = source.ending(".html", ".htm")
    heads = ((entry, source.head(entry)) for entry in found)
    return [entry for entry, head in heads if _BODY.search(head) and b"h-entry" in head and b"e-content" in head]


def read(source: Source, options: Options) -> Export:
    entries = _posts(source)
    pages = [(entry, BeautifulSoup(source.text(entry), "html.parser")) for entry in entries]
    addresses = {entry: _address(soup) for entry, soup in pages}
    known = {one.number: one.path for one in addresses.values() if one.number}
    left_out = _left_out(source, set(entries))
    items = []
    for entry, soup in pages:
        if _is_response(soup):
            left_out["response", "answers another text, and is no post"] += 1
        else:
            items.append(_item(entry, soup, addresses[entry], known))
    hosts = Counter(one.host for one in addresses.values() if one.host)
    return Export(
        url=options.url or (f"https://{hosts.most_common(1)[0][0]}" if hosts else ""),
        items=tuple(items),
        writers=tuple(_writers(source, [soup for _, soup in pages])),
        left_out=tuple(LeftOut(what, reason, count) for (what, reason), count in sorted(left_out.items())),
        hosts=HOSTS,
        total=len(items) + left_out.total(),
    )


def _address(soup: BeautifulSoup) -> _Address:
    """What the footer says of where the post was."""
    canonical, short = _href(soup, ".p-canonical"), _href(soup, 'footer a[href*="/p/"]')
    number = posixpath.basename(urlsplit(short).path)
    parts = urlsplit(canonical)
    found = _ADDRESS.fullmatch(posixpath.basename(parts.path))
    if found:
        is_medium = re.search(r"(?:^|\.)medium\.com$", parts.hostname or "") is not None
        return _Address(parts.path, found["slug"] or "", found["id"], "" if is_medium else parts.netloc)
    return _Address(f"/p/{number}" if number else "", "", number, "", canonical)


def _href(soup: BeautifulSoup | Tag, selector: str) -> str:
    found = soup.select_one(selector)
    return attribute(found, "href") if found else ""


def _text(soup: BeautifulSoup | Tag, selector: str) -> str:
    found = soup.select_one(selector)
    return " ".join(found.get_text().split()) if found else ""


def _is_response(soup: BeautifulSoup) -> bool:
    """Whether it answers another text: it has neither headline nor subtitle, so Medium names it by its first words."""
    title, first = _text(soup, ".p-name").rstrip("…. "), _text(soup, ".e-content .graf")
    has_head = soup.select_one('[data-field="subtitle"], .graf--title') is not None
    return not has_head and bool(title) and first.startswith(title)


def _item(entry: Entry, soup: BeautifulSoup, address: _Address, known: dict[str, str]) -> Item:
    remarks = Remarks()
    title = _text(soup, ".p-name")
    body = soup.select_one(".e-content") or soup
    dek = _dek(soup, body)
    _without_head(body, title, dek)
    cover = _cover(body)
    _plain(body, remarks)
    for link in body.find_all("a", href=True):
        found = _ADDRESS.fullmatch(posixpath.basename(urlsplit(attribute(link, "href")).path))
        if found and found["id"] in known:
            link["href"] = known[found["id"]]
    time = soup.select_one(".dt-published")
    date = moments.of_iso(attribute(time, "datetime")) if time else None
    is_draft = posixpath.basename(entry.path).lower().startswith("draft_") or not (date or _href(soup, ".p-canonical"))
    number = posixpath.basename(urlsplit(_href(soup, 'footer a[href*="/p/"]')).path) or address.number
    return Item(
        key=f"{NAME}:{posixpath.basename(entry.path)}",
        kind="post",
        title=title,
        body=body.decode_contents(),
        dek=dek,
        date=date or _day_of(entry),
        slug=address.slug,
        address="" if is_draft else address.path,
        authors=_authors(soup),
        tags=tuple(dict.fromkeys(" ".join(tag.get_text().split()) for tag in soup.select(".p-tags .p-tag"))),
        cover=cover,
        status="draft" if is_draft else "published",
        id=f"https://medium.com/p/{number}" if number else "",
        canonical=address.first or _first(body),
        notes=remarks.notes,
        doubts=remarks.doubts,
    )


def _day_of(entry: Entry) -> dt.datetime | None:
    """The day in the name of the file, for a post that does not say its own."""
    found = re.match(r"\d{4}-\d{2}-\d{2}(?=_)", posixpath.basename(entry.path))
    return moments.of_iso(found[0]) if found else None


def _dek(soup: BeautifulSoup, body: Tag) -> str:
    """The subtitle; for a post without one, Medium has the beginning of its text there."""
    said = _text(soup, '[data-field="subtitle"]')
    first = next((" ".join(one.get_text().split()) for one in body.select("p.graf, .graf--p")), "")
    is_beginning = first.startswith(said.rstrip("… ")) and not body.select_one(".graf--subtitle")
    return "" if is_beginning else said


def _without_head(body: Tag, title: str, dek: str) -> None:
    """Take headline and subtitle out of the text, if they are the header's, and the line above the first section."""
    for name, said in (("title", title), ("subtitle", dek)):
        head = body.select_one(f".graf--{name}")
        if head and " ".join(head.get_text().split()) == said:
            head.decompose()
    for at, divider in enumerate(body.select(".section-divider:not(hr)")):
        if at == 0:
            divider.decompose()


def _cover(body: Tag) -> Picture | None:
    """The picture between headline and text."""
    first = body.select_one(".graf")
    image = first.find("img") if first and first.name == "figure" else None
    if first is None or not isinstance(image, Tag) or first.find("a", recursive=False):
        return None
    caption = first.find("figcaption")
    found = Picture(attribute(image, "src"), attribute(image, "alt"), words(str(caption)) if caption else "")
    first.decompose()
    return found


def _plain(body: Tag, remarks: Remarks) -> None:
    """Give Medium's own elements the shape of others."""
    levels = ("h3", "h4") if body.find("h3") else ("h4",)  # Medium has two, below that of its own headline
    for heading in body.find_all(levels):
        heading.name = f"h{levels.index(heading.name) + 2}"
    for listing in body.find_all("pre"):
        language = attribute(listing, "data-code-block-lang")
        for line in listing.find_all("br"):
            line.replace_with("\n")
        code = listing.get_text()
        listing.string = code.strip() if code.startswith("\n") else code
        listing["class"] = f"language-{language}" if language else ""
    for card in body.select(".graf--mixtapeEmbed"):
        _link_card(card, remarks)


def _link_card(card: Tag, remarks: Remarks) -> None:
    link = card.find("a", href=True)
    if not isinstance(link, Tag):
        return
    for picture in card.select(".mixtapeImage, .js-mixtapeImage"):
        remarks.note("the pictures of link previews are left out")
        picture.decompose()
    head = link.find("strong")
    rest = [node.extract() for node in list(link.children) if head and node is not head]
    card.name = "p"
    card.extend(rest)


def _first(body: Tag) -> str:
    """Where a post says that it stood first, in one of its last lines."""
    for line in body.select("p")[-3:]:
        if _FIRST.match(line.get_text().strip()):
            url = _href(line, "a[href]")
            return url if url.startswith(("https://", "http://")) else ""
    return ""


def _authors(soup: BeautifulSoup) -> tuple[str, ...]:
    name = _text(soup, ".p-author")
    return (_href(soup, ".p-author") or name,) if name else ()


def _writers(source: Source, pages: list[BeautifulSoup]) -> list[Writer]:
    """All who wrote, with what the profile says of the one whose it is."""
    names = {key: _text(soup, ".p-author") for soup in reversed(pages) for key in _authors(soup)}
    profile = next(
        (entry for entry in source.by_name.get("profile.html", ()) if b"h-card" in source.head(entry)[:20_000]), None
    )
    card = BeautifulSoup(source.text(profile), "html.parser") if profile else BeautifulSoup("", "html.parser")
    own, own_name = _href(card, ".u-url"), _text(card, ".p-name")
    written = []
    for key, name in names.items():
        links: tuple[tuple[str, str], ...] = (("Medium", key),) if key.startswith("https://") else ()
        photo = card.select_one(".u-photo") if own == key or own_name == name else None
        if photo and (found := _href(card, 'a[href^="https://twitter.com/"], a[href^="https://x.com/"]')):
            links = (*links, ("X", found))
        avatar = Picture(attribute(photo, "src")) if photo else None
        written.append(Writer(key=key, name=without_mail(name), avatar=avatar, links=links))
    return written


def _left_out(source: Source, posts: set[Entry]) -> Counter[tuple[str, str]]:
    """What Medium keeps of a reader: each list by its folder, and how long it is."""
    found: Counter[tuple[str, str]] = Counter()
    for entry in source.ending(".html", ".htm"):
        folder = _FOLDER.search(entry.path)
        if entry in posts or posixpath.basename(entry.path) in ("profile.html", "README.html"):
            continue
        lines = BeautifulSoup(source.text(entry), "html.parser").find_all("li")
        found[folder[1] if folder else "file", "is no text of yours"] += max(1, len(lines))
    return found
