"""Bodies: the text of a WordPress post as plain HTML, with a word on all that is not in it any more."""

import re
from collections import Counter
from html import escape
from typing import NamedTuple

from byline.importers.wxr import blocks, shortcodes
from byline.importers.wxr.autop import autop
from byline.importers.wxr.reading import Blog, Post

_NEXT_PAGE = re.compile(r"<!--\s*nextpage\s*-->")
_OWN_PIECES = frozenset(("spacer", "nextpage", "more", "block"))


class Body(NamedTuple):
    html: str
    notes: tuple[str, ...]
    doubts: tuple[str, ...]


def body_of(post: Post, blog: Blog) -> Body:
    """What readers of the old site saw as the text of `post`."""
    notes, doubts = [], []
    html = post.body.replace("\r\n", "\n").replace("\r", "\n")
    pages = len(_NEXT_PAGE.findall(html))
    if pages:
        notes.append(f"its {pages + 1} pages are one")
        html = _NEXT_PAGE.sub("\n\n", html)
    has_blocks = blocks.has_blocks(html)
    dynamic: Counter[str] = Counter()
    if has_blocks:
        html, dynamic = blocks.without_blocks(html, lambda ref: _reused(ref, blog), post.meta.get("footnotes", ""))
    html, unknown = shortcodes.replaced(html, lambda tag: _pictures(tag, post, blog))
    if not has_blocks:
        html = autop(html)
    elif dynamic:
        doubts += [f"uses a {blocks.MISSING}"] if dynamic.pop(blocks.MISSING, 0) else []
        names = sorted(set(dynamic) - _OWN_PIECES)
        notes += [
            f"the block `{name}` shows what WordPress makes of the site, and is not in the text" for name in names
        ]
    html += _episode(post)
    doubts += [
        f"nothing here runs the shortcode [{_counted(name, count)}]: its text stays, its signs go where it has any"
        for name, count in sorted(unknown.items())
    ]
    return Body(html, tuple(notes), tuple(doubts))


def _episode(post: Post) -> str:
    """What the post carries along for podcast programs, if its text does not show it."""
    url, kind = ([line.strip() for line in post.meta.get("enclosure", "").split("\n")] + [""] * 3)[0:3:2]
    name = kind.partition("/")[0]
    if name not in ("audio", "video") or not url.startswith("http") or url in post.body:
        return ""
    return f'\n<{name} controls src="{escape(url)}"></{name}>'


def figure_of(post: Post) -> shortcodes.Figure:
    return shortcodes.Figure(post.file, post.alt, post.excerpt)


def _reused(number: str, blog: Blog) -> str:
    shared = blog.by_id.get(number)
    return shared.body if shared and shared.type == "wp_block" and shared.status == "publish" else ""


def _pictures(tag: shortcodes.Tag, post: Post, blog: Blog) -> list[shortcodes.Figure]:
    """The pictures of a gallery: those that it names, or all of the post."""
    named = tag.attributes.get("ids") or tag.attributes.get("include") or tag.attributes.get("id", "")
    numbers = re.findall(r"\d+", named)
    if "id" in tag.attributes and not (tag.attributes.get("ids") or tag.attributes.get("include")):
        found = blog.children(numbers[0]) if numbers else []
    elif numbers:
        found = [blog.by_id[number] for number in numbers if number in blog.by_id]
    else:
        found = blog.children(post.id)
    left_out = re.findall(r"\d+", tag.attributes.get("exclude", ""))
    kinds = {"audio": ("mp3", "m4a", "ogg", "wav"), "video": ("mp4", "m4v", "webm", "ogv")}
    kind = tag.attributes.get("type", "audio") if tag.name == "playlist" else tag.name
    endings = kinds.get(kind, ("jpg", "jpeg", "png", "gif", "webp", "avif", "svg", "bmp", "tif", "tiff"))
    return [figure_of(one) for one in found if one.file.lower().endswith(endings) and one.id not in left_out]


def _counted(name: str, count: int) -> str:
    return escape(name, quote=False) + (f" ({count} times)" if count > 1 else "")
