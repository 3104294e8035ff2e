"""Plain text: what a body says without its markup, how long it takes to read, and its summary."""

import html as html_text
import math
import re
from collections.abc import Iterator

WORDS_A_MINUTE = 238
"""Silent reading of English non-fiction: Brysbaert 2019, https://doi.org/10.1016/j.jml.2019.104047"""
CJK_A_MINUTE = 500
"""Characters of Chinese, Japanese or Korean a minute."""
SUMMARY_CHARACTERS = 300

_ANY_TAG = re.compile(r'<[^">]*(?:"[^"]*"[^">]*)*>')
ANCHOR = '<a class="anchor" href="#{}" aria-label="Link to this section"></a>'
"""A heading's link to itself. Its sign is the stylesheet's: what reads the page aloud or as text gets no lone `#`."""
ANCHORS = re.compile(r'<a class="anchor"[^>]*></a>')
_BREAK = re.compile(r"<br>")
_NOTE_MARK = re.compile(r'<sup id="fnref.*?</sup>', re.DOTALL)
_PARAGRAPH = re.compile(r'<p(?! class="admonition-title")(?: [^>]*)?>(.*?)</p>', re.DOTALL)
_BOX = re.compile(r"<(/?)(div|details)\b([^>]*)>")
_MARKUP_OF_OTHERS = re.compile(r"import .+ from |:::")
"""Lines of MDX and of Docusaurus."""
CJK = re.compile(r"[぀-ヿ㐀-䶿一-鿿豈-﫿가-힣\U00020000-\U0003134f]")


def minutes(text: str) -> int:
    """Minutes to read `text`, rounded up, at least one."""
    spaced, ideographs = (text, 0) if text.isascii() else CJK.subn(" ", text)
    return max(1, math.ceil(len(spaced.split()) / WORDS_A_MINUTE + ideographs / CJK_A_MINUTE))


def plain_text(html: str) -> str:
    """The text of sanitised `html`, its white space folded."""
    return " ".join(html_text.unescape(_ANY_TAG.sub("", _BREAK.sub(" ", html))).split())


def first_paragraph(html: str) -> str:
    """The text of the first paragraph of `html` that has any, outside boxes if there is one."""
    return next(_paragraphs(_without_boxes(html)), "") or next(_paragraphs(html), "")


def _paragraphs(html: str) -> Iterator[str]:
    for paragraph in _PARAGRAPH.finditer(html):
        text = plain_text(_NOTE_MARK.sub("", paragraph[1]))
        if text and not _MARKUP_OF_OTHERS.match(text):
            yield text


def _without_boxes(html: str) -> str:
    """Sanitised `html` without callouts and details."""
    kept, start, depth = [], 0, 0
    for tag in _BOX.finditer(html):
        if depth:
            depth += -1 if tag[1] else 1
            start = tag.end()
        elif not tag[1] and (tag[2] == "details" or "admonition" in tag[3]):
            kept.append(html[start : tag.start()])
            depth = 1
    return "".join(kept) + ("" if depth else html[start:])


def clipped(text: str, most: int = SUMMARY_CHARACTERS) -> str:
    """`text`, cut between words where there are any if it has more than `most` characters."""
    if len(text) <= most:
        return text
    cut = text[:most]
    words = cut.rsplit(" ", 1)[0]
    # Chinese has no spaces, and a long address has none either: little is left before the last one.
    return (words if len(words) > most // 2 else cut).rstrip(",;:–—-") + "…"
