"""Figures: pictures as a page shows them: in the size that a writer asks for, or several as a gallery."""

import re
from collections.abc import Callable
from html import escape, unescape

COLUMN = "(min-width: 41rem) 38rem, calc(95vw - 1rem)"
"""The width of the text, for browsers that choose among a picture's widths."""
_BESIDE = "(min-width: 41rem) 19rem, calc(95vw - 1rem)"
SIZES = {
    "wide": "(min-width: 76rem) 72rem, calc(95vw - 1rem)",
    "full": "100vw",
    "left": _BESIDE,
    "right": _BESIDE,
    "small": "20rem",
}
"""The classes with which a writer asks for a size, and how wide the stylesheet shows it."""
_TWO, _MORE = "(min-width: 41rem) 19rem, calc(47.5vw - 1rem)", "(min-width: 41rem) 13rem, calc(47.5vw - 1rem)"
"""Of the pictures of a gallery."""

_TAG = r'(?:[^">]|"[^"]*")*+'
_PICTURE = rf"(?:<picture>\s*(?:<source\b{_TAG}>\s*)*+<img\b{_TAG}>\s*</picture>|<img\b{_TAG}>)"
_SHOWN = rf"(?:<a\b{_TAG}>\s*{_PICTURE}\s*</a>|{_PICTURE})"
_ONE = re.compile(_SHOWN)
_SEVERAL = re.compile(rf"<p>\s*({_SHOWN}(?:(?:\s|<br>)*+{_SHOWN})++)\s*</p>")
_FIGURE = re.compile(
    rf"<figure\b(?P<given>{_TAG})>(?P<inner>(?:(?!</?figure\b).)*+)</figure>"
    rf"|<p>\s*(?P<alone>{_SHOWN}|<(?:video|audio)\b{_TAG}>(?:(?!</(?:video|audio)>).)*+</(?:video|audio)>)\s*</p>",
    re.DOTALL,
)
_MEDIA = re.compile(rf"<(?:img|video|audio)\b{_TAG}>")
_CLASS = re.compile(r' class="([^"]*)"')
_TITLE = re.compile(r' title="([^"]*)"')
_SRC = re.compile(r'<img\b[^>]*? src="([^"]*)"')
_ALT = re.compile(r' alt="([^"]+)"')

Say = Callable[..., str]
"""A text of the interface by its key, with values."""


def arranged(html: str, say: Say) -> str:
    """The HTML of a body for its page: several pictures alone in a paragraph are a gallery, and figures have their
    sizes."""
    if "<img" not in html and "</video>" not in html:
        return html
    return _FIGURE.sub(_figure, _SEVERAL.sub(lambda paragraph: _gallery(paragraph[1], say), html))


def _figure(found: re.Match[str]) -> str:
    """A figure whose class, or that of its picture, names a size; a picture alone in its paragraph with such a class
    is one."""
    given, inner = found["given"] or "", found["inner"] if found["alone"] is None else found["alone"]
    media = _MEDIA.search(inner)
    own, names = _classes(given), _classes(media[0]) if media else []
    size = next((name for name in SIZES if name in (*own, *names)), "")
    if not size or not media:
        return found[0]
    others = [name for name in names if name not in SIZES]
    bare = _CLASS.sub(f' class="{" ".join(others)}"' if others else "", media[0])
    title = _TITLE.search(bare) if found["alone"] else None
    bare = bare.replace(title[0], "", 1) if title else bare
    caption = f"\n<figcaption>{escape(unescape(title[1]), quote=False)}</figcaption>" if title else ""
    inner = inner.replace(media[0], bare, 1).replace(f'sizes="{COLUMN}"', f'sizes="{SIZES[size]}"') + caption
    classes = " ".join(dict.fromkeys((size, *own)))
    return f'<figure class="{classes}"{_CLASS.sub("", given)}>{inner}</figure>'


def _classes(tag: str) -> list[str]:
    found = _CLASS.search(tag)
    return found[1].split() if found else []


def _gallery(pictures: str, say: Say) -> str:
    """Each picture is a link to its file, unless the writer has made it one to something else."""
    each = _ONE.findall(pictures)
    sizes = _TWO if len(each) == 2 else _MORE
    shown = []
    for number, picture in enumerate(each, 1):
        picture = picture.replace(f'sizes="{COLUMN}"', f'sizes="{sizes}"')
        src = _SRC.search(picture)
        if src and not picture.startswith("<a"):
            place = escape(say("picture_of", number=number, total=len(each)))
            name = "" if _ALT.search(picture) else f' aria-label="{place}"'
            picture = f'<a class="enlarge" href="{src[1]}"{name}>{picture}</a>'
        shown.append(picture)
    words = {"close": "close", "previous": "picture_previous", "next": "picture_next"}
    data = "".join(f' data-{name}="{escape(say(key))}"' for name, key in words.items())
    of = escape(say("picture_of", number="{number}", total="{total}"))
    return f'<div class="gallery"{data} data-of="{of}">\n' + "\n".join(shown) + "\n</div>"
