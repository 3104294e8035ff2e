"""Shortcodes of WordPress: names in square brackets that it or a plugin replaces. Known ones become HTML; of all others
the text stays and the signs go, and each is named."""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from html import escape, unescape
from typing import NamedTuple

from byline.importers.text.dom import BLOCKS

_ATTRIBUTE = re.compile(r"([\w-]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"']+))|\"([^\"]*)\"|'([^']*)'|(\S+)")
_TAG = re.compile(r"(\[?)\[(/?)([A-Za-z][\w-]*)((?:\s+|(?=[=/\]]))(?:[^\[\]\"']|\"[^\"]*\"|'[^']*')*?)(/?)\](\]?)")
_CURLY = str.maketrans("“”„″′‘’", '""""\'\'\'')
LISTINGS = frozenset(
    "code sourcecode source php js javascript css html xml sql python ruby java bash shell csharp cpp c perl plain text"
    " codeblock cc highlight crayon cci prism".split()
)
LANGUAGE_NAMES = LISTINGS - {
    "code",
    "sourcecode",
    "source",
    "codeblock",
    "cc",
    "cci",
    "highlight",
    "crayon",
    "prism",
    "plain",
    "text",
}
_TEXTS = (
    "title",
    "heading",
    "headline",
    "subtitle",
    "label",
    "text",
    "caption",
    "content",
    "name",
    "author",
    "tab_title",
)
"""Attributes of boxes and buttons that readers see."""
_LINKS = ("url", "href", "link", "src")
_BLOCK = re.compile(rf"\n|<!--|</?(?:{'|'.join(sorted(BLOCKS))})\b", re.IGNORECASE)
"""Where a paragraph begins or ends."""
_NEAR = 200
"""Characters beside a shortcode that say whether it is in a sentence."""
MAX_LEVELS = 20
MAX_TAGS = 20_000


class Figure(NamedTuple):
    """A picture of the library: its address, the words for those who do not see it, and its caption."""

    src: str
    alt: str = ""
    caption: str = ""


class Tag(NamedTuple):
    name: str
    attributes: dict[str, str]
    bare: list[str]
    """What stands there without a name."""
    inner: str
    is_pair: bool


Pictures = Callable[[Tag], list[Figure]]
"""What a `[gallery]` or a `[playlist]` shows."""
Writer = Callable[[Tag, Pictures], str]


class _Found(NamedTuple):
    start: int
    end: int
    name: str
    closes: bool
    is_alone: bool
    is_escaped: bool
    attributes: str


def replaced(html: str, pictures: Pictures) -> tuple[str, Counter[str]]:
    """`html` with its shortcodes replaced, and the names of those that are not known, counted."""
    unknown: Counter[str] = Counter()
    return _replaced(html, pictures, unknown, 0), unknown


def _replaced(html: str, pictures: Pictures, unknown: Counter[str], level: int) -> str:
    if "[" not in html or level > MAX_LEVELS:
        return html
    kept, start = [], 0
    for found, tag in _tags(html):
        kept.append(html[start : found.start])
        start = found.end
        written = _written(html[found.start : found.end], found, tag, pictures, unknown, level)
        words = written.strip("\n")
        kept.append(words if _is_in_sentence(html, found) and not _BLOCK.search(words) else written)
    return "".join(kept) + html[start:]


def _is_in_sentence(html: str, found: _Found) -> bool:
    """Whether words of the same line go on before or after a shortcode, and no other one that would run into it."""
    before = html[max(0, found.start - _NEAR) : found.start].rstrip(" \t")
    after = html[found.end : found.end + _NEAR].lstrip(" \t")
    last = before[before.rfind("<") :] if before.endswith(">") else before[-1:]
    first = after[: after.find(">") + 1] if after.startswith("<") else after[:1]
    return last != "]" and first != "[" and any(sign and not _BLOCK.match(sign) for sign in (last, first))


def _written(typed: str, found: _Found, tag: Tag, pictures: Pictures, unknown: Counter[str], level: int) -> str:
    if found.is_escaped:
        return f"&#91;{typed[2:-1]}"
    if tag.name in LISTINGS and tag.is_pair:
        return _listing(tag)
    inner = _replaced(tag.inner, pictures, unknown, level + 1)
    tag = tag._replace(inner=inner)
    if tag.name in _KNOWN:
        return _KNOWN[tag.name](tag, pictures)
    unknown[tag.name] += 1
    if not tag.is_pair and not tag.attributes:
        return typed if tag.name not in _PLUGINS else ""
    return _kept(tag)


def _kept(tag: Tag) -> str:
    """What readers would see of a shortcode that nobody here knows."""
    words = [tag.attributes[name] for name in _TEXTS if tag.attributes.get(name)]
    link = next((tag.attributes[name] for name in _LINKS if tag.attributes.get(name, "").startswith(("http", "/"))), "")
    if link and (words or not tag.inner.strip()):
        shown = f'<p><a href="{escape(link)}">{escape(unescape(words[0] if words else link))}</a></p>'
        words = words[1:]
    else:
        shown = ""
    return (
        shown
        + "".join(f"<p><strong>{word}</strong></p>" for word in words)
        + (f"\n\n{tag.inner}\n\n" if tag.inner else "")
    )


def _tags(html: str) -> Iterator[tuple[_Found, Tag]]:
    """The outermost shortcodes: those with a partner, those that are known, and those with attributes."""
    found = [_found(match) for match in _TAG.finditer(html)][:MAX_TAGS]
    closing: dict[str, list[_Found]] = {}
    for one in reversed(found):
        if one.closes:
            closing.setdefault(one.name, []).append(one)
    end = 0
    for one in found:
        ends = closing.get(one.name, [])
        while ends and ends[-1].start < max(one.end, end):
            ends.pop()
        if one.start < end or one.closes:
            continue
        partner = ends[-1] if ends and not one.is_alone and not one.is_escaped else None
        attributes, bare = _attributes(one.attributes)
        is_known = one.name in _KNOWN or one.name in LISTINGS or one.name in _PLUGINS
        if not (partner or is_known or attributes or one.is_escaped):
            continue
        if one.name in LISTINGS and not partner:
            continue
        inner = html[one.end : partner.start] if partner else ""
        end = partner.end if partner else one.end
        yield one._replace(end=end), Tag(one.name, attributes, bare, inner, partner is not None)


def _found(match: re.Match[str]) -> _Found:
    is_escaped = bool(match[1] and match[6])
    start = match.start() + (bool(match[1]) and not is_escaped)
    end = match.end() - (bool(match[6]) and not is_escaped)
    return _Found(start, end, match[3].lower(), bool(match[2]), bool(match[5]), is_escaped, match[4])


def _attributes(text: str) -> tuple[dict[str, str], list[str]]:
    named, bare = {}, []
    for found in _ATTRIBUTE.finditer(unescape(text).translate(_CURLY).replace("\xa0", " ")):
        if found[1]:
            named[found[1].lower()] = next((value for value in found.groups()[1:4] if value), "")
        else:
            bare.append(next((value for value in found.groups()[4:] if value), "").strip("=").strip("\"'"))
    return named, [word for word in bare if word]


def _listing(tag: Tag) -> str:
    language = tag.attributes.get("lang") or tag.attributes.get("language") or (tag.bare[0] if tag.bare else "")
    language = language or (tag.name if tag.name in LANGUAGE_NAMES else "")
    code = re.sub(r"</?p>|<br\s*/?>\n?", "\n", tag.inner) if "<p>" in tag.inner or "<br" in tag.inner else tag.inner
    code = escape(unescape(code), quote=False).replace("[", "&#91;")
    if "\n" not in code.strip() and tag.name == "code":
        return f"<code>{code.strip()}</code>"
    return f'\n\n<pre><code class="language-{escape(language)}">{code.strip(chr(10))}</code></pre>\n\n'


def _caption(tag: Tag, _: Pictures) -> str:
    image = re.match(r"\s*((?:<a\b[^>]*>\s*)?<img\b[^>]*>(?:\s*</a>)?)(.*)", tag.inner, re.DOTALL)
    if not image:
        return f"\n\n{tag.inner}\n\n"
    words = image[2].strip() or tag.attributes.get("caption", "")
    caption = f"<figcaption>{words}</figcaption>" if words else ""
    return f"\n\n<figure>{image[1]}{caption}</figure>\n\n".replace("\n\n\n", "\n\n")


def _gallery(tag: Tag, pictures: Pictures) -> str:
    return "\n\n" + "".join(_figure(picture) for picture in pictures(tag)) + "\n\n"


def _figure(picture: Figure) -> str:
    ending = picture.src.rpartition(".")[2].lower()
    src = escape(picture.src)
    if ending in ("mp3", "m4a", "ogg", "wav", "flac"):
        image = f'<audio controls src="{src}"></audio>'
    elif ending in ("mp4", "m4v", "webm", "ogv", "mov"):
        image = f'<video controls src="{src}"></video>'
    else:
        image = f'<img src="{src}" alt="{escape(picture.alt)}">'
    return (
        f"<figure>{image}<figcaption>{picture.caption}</figcaption></figure>"
        if picture.caption
        else f"<figure>{image}</figure>"
    )


def _player(tag: Tag, pictures: Pictures) -> str:
    sources = [
        tag.attributes[name]
        for name in ("src", "mp4", "webm", "ogv", "m4v", "mp3", "m4a", "ogg", "wav")
        if tag.attributes.get(name)
    ]
    sources += [word.partition("|")[0] for word in tag.bare if word.startswith(("http", "/"))]
    inner = re.sub(r"<[^>]+>", "", tag.inner).strip()
    sources += [inner] if inner.startswith("http") else []
    if not sources:
        return _gallery(tag, pictures)
    poster = tag.attributes.get("poster", "")
    name = "audio" if tag.name == "audio" else "video"
    shown = f' poster="{escape(poster)}"' if poster else ""
    return f'\n\n<{name} controls src="{escape(sources[0])}"{shown}></{name}>\n\n'


def _address(tag: Tag, _: Pictures) -> str:
    """The address of what is shown, on a line of its own."""
    inner = re.sub(r"<[^>]+>", "", tag.inner).strip()
    given = [*(tag.attributes.get(name, "") for name in ("url", "src", "href", "id", "tweet")), *tag.bare, inner]
    value = next((one for one in given if one), "")
    if value and not value.startswith(("http", "/")):
        value = _PAGES.get(tag.name, "{}").format(value)
    return f"\n\n<p>{escape(value, quote=False)}</p>\n\n" if value else ""


def _nothing(*_: object) -> str:
    return ""


def _inner(tag: Tag, _: Pictures) -> str:
    return f"\n\n{tag.inner}\n\n"


_PAGES = {
    "youtube": "https://www.youtube.com/watch?v={}",
    "vimeo": "https://vimeo.com/{}",
    "gist": "https://gist.github.com/{}",
    "tweet": "https://twitter.com/i/status/{}",
    "dailymotion": "https://www.dailymotion.com/video/{}",
    "wpvideo": "https://videopress.com/v/{}",
    "videopress": "https://videopress.com/v/{}",
    "ted": "https://www.ted.com/talks/{}",
}
_ADDRESSES = (
    "embed youtube vimeo gist tweet twitter instagram facebook soundcloud dailymotion wpvideo videopress flickr ted"
    " spotify"
)
_KNOWN: dict[str, Writer] = {
    "caption": _caption,
    "wp_caption": _caption,
    "gallery": _gallery,
    "playlist": _gallery,
    "audio": _player,
    "video": _player,
    "googlemaps": _address,
    "raw": _inner,
    "more": _nothing,
    **dict.fromkeys(_ADDRESSES.split(), _address),
}
_PLUGINS = frozenset(
    "contact-form contact-form-7 wpforms gravityform gravityforms ninja_form mc4wp_form archives sitemap"
    " jetpack_subscription_form polldaddy slideshow toc ez-toc post_grid recent-posts subscribe2"
    " woocommerce_cart woocommerce_checkout".split()
)
"""Shortcodes that show what a program makes, and no text of the post."""
