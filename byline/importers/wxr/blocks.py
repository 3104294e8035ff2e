"""Blocks of WordPress's editor: comments in the HTML that say what each piece is; some hold all there is of it.

https://developer.wordpress.org/block-editor/explanations/architecture/key-concepts/#data-serialization
"""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from html import escape
from typing import Any

from byline.importers.wxr.autop import autop

_INSIDE = re.compile(r"\s+(/?)wp:([a-z][a-z0-9_-]*(?:/[a-z][a-z0-9_-]*)?)\s+(?:(\{.*\})\s+)?(/?)", re.DOTALL)
MAX_LEVELS = 5
"""Of blocks that are used within each other."""
MISSING = "shared block that is not in the export"
MAX_REUSED = 200
"""Of shared blocks in a text: each could hold many others."""


def has_blocks(html: str) -> bool:
    return "<!-- wp:" in html


def without_blocks(html: str, reused: Callable[[str], str], footnotes: str, level: int = 0) -> tuple[str, Counter[str]]:
    """The HTML that blocks leave to readers, and the names of those that a site makes anew for each reader, counted.

    `reused` gives the text of a block that many posts share; `footnotes` is what the post keeps of them.
    """
    kept: list[str] = []
    dynamic: Counter[str] = Counter()
    start = depth = 0
    for at, comment, end in _comments(html):
        between = html[start:at]
        kept.append(between if depth else _classic(between))
        start = end
        closes, name, alone = bool(comment[1]), comment[2].removeprefix("core/"), bool(comment[4])
        if not alone:
            depth = max(0, depth - 1) if closes else depth + 1
            continue
        written = _written(name, _values(comment[3]), footnotes)
        if name == "block" and level < MAX_LEVELS and dynamic["block"] < MAX_REUSED:
            shared = reused(str(_values(comment[3]).get("ref", "")))
            inner, more = without_blocks(shared, reused, "", level + 1)
            written, dynamic = inner, dynamic + more
            dynamic["block" if shared else MISSING] += 1
        elif not written:
            dynamic[name] += 1
        kept.append(written)
    rest = html[start:]
    return "".join(kept) + (rest if depth else _classic(rest)), dynamic


def _comments(html: str) -> Iterator[tuple[int, re.Match[str], int]]:
    """The comments that begin or end a block, with their places."""
    end = 0
    while (start := html.find("<!--", end)) >= 0 and (stop := html.find("-->", start + 4)) >= 0:
        end = stop + 3
        start = html.rfind("<!--", start, stop)
        found = _INSIDE.fullmatch(html, start + 4, stop)
        if found:
            yield start, found, end


def _classic(html: str) -> str:
    """What stands between blocks is of the classic editor."""
    return autop(html) if "\n\n" in html.strip() and "<p" not in html else html


def _values(text: str | None) -> dict[str, Any]:
    try:
        found = json.loads(text or "{}")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _written(name: str, values: dict[str, Any], footnotes: str) -> str:
    """What a block that is all comment shows; empty if it is made from the rest of the site."""
    if name == "footnotes":
        return footnote_list(footnotes)
    url, label = (
        str(values.get("url") or values.get("src") or ""),
        str(values.get("label") or values.get("service") or ""),
    )
    if name in ("social-link", "navigation-link") and url:
        return f'<p><a href="{escape(url)}">{escape(label or url)}</a></p>'
    if name in ("embed", "video", "audio", "file") and url.startswith("http"):
        return f"\n\n<p>{escape(url)}</p>\n\n"
    if name == "image" and url:
        return f'<p><img src="{escape(url)}" alt="{escape(str(values.get("alt") or ""))}"></p>'
    return ""


def footnote_list(meta: str) -> str:
    """The notes of a post, which WordPress keeps beside its text, as the list that readers see."""
    try:
        notes = json.loads(meta or "[]")
    except ValueError:
        return ""
    items = [
        f'<li id="{escape(str(note.get("id", "")))}">{note.get("content", "")}</li>'
        for note in (notes if isinstance(notes, list) else [])
        if isinstance(note, dict)
    ]
    return f"<ol>{''.join(items)}</ol>" if items else ""
