"""Embeds: frames, players and scripts of other sites. Each leaves the address of what it shows."""

import re
from urllib.parse import parse_qs, unquote, urlsplit

from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString

from byline.importers.text.dom import attribute

_SCRIPT = re.compile(r"<script\b([^>]*)>.*?</script\s*>", re.DOTALL | re.IGNORECASE)
_SRC = re.compile(r"\bsrc\s*=\s*[\"']?([^\"'\s>]+)", re.IGNORECASE)
_FRAMES = (
    (r"(?:www\.)?youtube(?:-nocookie)?\.com/(?:embed|v)/([\w-]{6,})", "https://www.youtube.com/watch?v={}"),
    (r"player\.vimeo\.com/video/(\d+)", "https://vimeo.com/{}"),
    (r"(?:www\.)?dailymotion\.com/embed/video/(\w+)", "https://www.dailymotion.com/video/{}"),
    (r"open\.spotify\.com/embed/([a-z]+/\w+)", "https://open.spotify.com/{}"),
    (r"codepen\.io/([\w-]+)/embed/(?:preview/)?(\w+)", "https://codepen.io/{}/pen/{}"),
    (r"videopress\.com/(?:embed|v)/(\w+)", "https://videopress.com/v/{}"),
    (r"(?:www\.)?ted\.com/embed/|embed\.ted\.com/talks/([\w-]+)", "https://www.ted.com/talks/{}"),
    (r"(?:www\.)?instagram\.com/(p|reel)/([\w-]+)/embed", "https://www.instagram.com/{}/{}/"),
    (r"w\.soundcloud\.com/player/", "{url}"),
    (r"(?:www\.)?facebook\.com/plugins/\w+\.php", "{href}"),
)
"""Addresses of players, and those of the pages that show the same."""
_WIDGETS = re.compile(r"widgets\.js|embed\.js|platform\.js|sdk\.js|/embed\.min\.js", re.IGNORECASE)


def without_scripts(html: str) -> tuple[str, int]:
    """`html` with the address of each script that shows something in its place, and the number of all others."""
    lost = 0

    def replaced(script: re.Match[str]) -> str:
        nonlocal lost
        found = _SRC.search(script[1])
        url = found[1] if found else ""
        gist = re.match(r"(?:https?:)?//gist\.github\.com/[\w/-]+", url)
        if gist:
            return f"<p>{_whole(gist[0])}</p>"
        lost += not _WIDGETS.search(url)
        return ""

    return _SCRIPT.sub(replaced, html), lost


def replace_frames(soup: BeautifulSoup) -> list[str]:
    """Put in place of each frame a paragraph with the address of what it shows; the addresses, for the report."""
    shown = []
    for box in soup.find_all(["iframe", "embed", "object"]):
        if box.parent is None or box.find_parent("object"):
            continue
        url = _whole(_address_of(box))
        page = page_of(url)
        text = box.get_text(" ").strip()
        if box.name == "object":
            for inner in box.find_all(["param", "embed", "iframe"]):
                inner.extract()
            if box.contents:
                box.insert_before(*[child.extract() for child in list(box.children)])
        elif box.name == "iframe" and text and "<" not in text:
            box.insert_before(NavigableString(text))
        if page:
            paragraph = soup.new_tag("p")
            paragraph.string = page
            if not page.startswith(("https://", "http://")):
                link = soup.new_tag("a", href=page)
                link.string = page
                paragraph.string = ""
                paragraph.append(link)
            box.replace_with(paragraph)
            shown.append(page)
        else:
            box.decompose()
    return shown


def page_of(url: str) -> str:
    """The address of the page that shows what the player at `url` plays."""
    for pattern, page in _FRAMES:
        found = re.match(rf"https?://{pattern}", url)
        if found:
            query = parse_qs(urlsplit(url).query)
            inner = unquote((query.get("url") or query.get("href") or [""])[0])
            known = (
                page.format(*(found.groups() or ("",)), url=inner, href=inner) if None not in found.groups() else url
            )
            return known if known.startswith(("https://", "http://")) else url
    return url


def _address_of(box: Tag) -> str:
    inner = box.find("embed") or box.find("iframe")
    param = box.find("param", attrs={"name": re.compile(r"movie|src", re.IGNORECASE)})
    late = attribute(box, "src") or attribute(box, "data-src") or attribute(box, "data")
    return late or (attribute(inner, "src") if inner else "") or (attribute(param, "value") if param else "")


def _whole(url: str) -> str:
    return f"https:{url}" if url.startswith("//") else "" if url.startswith(("about:", "javascript:")) else url
