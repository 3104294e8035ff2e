"""Bodies: what stands at the marks of a text, on its page and in feeds."""

import html
import re
from urllib.parse import urljoin

from byline.markdown.figures import COLUMN
from byline.markdown.render import filled
from byline.markdown.text import ANCHORS
from byline.models import Body, Picture

_SPECIAL = re.compile("[&<>\"']")
_SRCSET = re.compile(r' srcset="[^"]*"(?: sizes="[^"]*")?')
_ID = re.compile(r' id="([^"]*)"')
_ADDRESS = re.compile(r'^( (?:href|src|poster)=")([^"]*)(?:(" poster=")([^"]*))?')


def as_written(name: str, value: str) -> str:
    """The attribute `name` with `value` as it is."""
    return f' {name}="{html.escape(value) if _SPECIAL.search(value) else value}"'


def attribute(
    name: str, url: str | None, picture: Picture | None = None, sized: bool = False, chosen: bool = False
) -> str:
    """The attributes for one address in the page. A picture's include its widths unless they are `chosen`, and its size
    unless it is `sized`."""
    if url is None:
        return ""
    if picture is None:
        return as_written(name, url)
    text = f' {name}="{html.escape(picture.url)}"'
    if picture.srcset and not chosen:
        text += f' srcset="{html.escape(picture.srcset)}" sizes="{COLUMN}"'
    if picture.width and not sized:
        text += f' width="{picture.width}" height="{picture.height}"'
    return f'{text} loading="lazy" decoding="async"'


def source(picture: Picture | None) -> str:
    """What comes before the `<img>` in a `<picture>`."""
    if not picture or not picture.avif:
        return ""
    return f'<source type="image/avif" srcset="{html.escape(picture.avif)}" sizes="{COLUMN}">'


def film(url: str, poster: str, width: int, height: int) -> str:
    """The attributes of a film: its address, the picture that stands there until it plays, its size; what is known."""
    size = f' width="{width}" height="{height}"' if width else ""
    return as_written("src", url) + (as_written("poster", poster) if poster else "") + size


def captions(url: str, language: str) -> str:
    """What shows the words of a film, in a language if it is known."""
    return f'<track kind="captions"{as_written("srclang", language) if language else ""}{as_written("src", url)}>'


def absolute(attributes: str, origin: str, url: str) -> str:
    """`attributes` for a place outside the site, such as a feed: with scheme and host, and in one width."""

    def joined(address: str) -> str:
        if address.startswith(("https:", "http:", "mailto:")):  # most are, and joining is slow
            return address
        try:
            return html.escape(urljoin(origin + url, html.unescape(address)))
        except ValueError:  # `http://[`
            return address

    def whole(match: re.Match[str]) -> str:
        poster = match[3] + joined(match[4]) if match[3] else ""
        return match[1] + joined(match[2]) + poster

    return _ADDRESS.sub(whole, _SRCSET.sub("", attributes), count=1)


def filled_body(html: str, body: Body, origin: str = "", url: str = "") -> str:
    """The HTML of a body for its page; with `origin` and `url`, for places outside the site."""
    attributes = body.attributes
    if origin:
        html = ANCHORS.sub("", html)
        attributes = tuple(absolute(one, origin, url) for one in attributes)
    return filled(html, attributes, () if origin else body.sources)


def of_the_foot(html: str) -> str:
    """`html` below every text: with ids that none of those has, and without links to its own headings."""
    html = ANCHORS.sub("", html)
    ids = "|".join(map(re.escape, _ID.findall(html)))
    return re.sub(rf' (id="|href="#)({ids})"', r' \1footer-\2"', html) if ids else html
