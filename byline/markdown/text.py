"""Plain text: what a body says without its markup, how long it takes to read, and its summary."""

import html as html_text
import math
import re

WORDS_A_MINUTE = 238
"""Silent reading of English non-fiction: Brysbaert 2019, https://doi.org/10.1016/j.jml.2019.104047"""
CJK_A_MINUTE = 500
"""Characters of Chinese, Japanese or Korean a minute."""
SUMMARY_CHARACTERS = 300

_ANY_TAG = re.compile(r'<[^">]*(?:"[^"]*"[^">]*)*>')
ANCHOR = re.compile(r'<a class="anchor"[^>]*>#</a>')
"""A heading's link to itself."""
_BREAK = re.compile(r"<br>")
_NOTE_MARK = re.compile(r'<sup id="fnref.*?</sup>', re.DOTALL)
_PARAGRAPH = re.compile(r'<p(?! class="admonition-title")(?: [^>]*)?>(.*?)</p>', re.DOTALL)
CJK = re.compile(r"[぀-ヿ㐀-䶿一-鿿豈-﫿가-힣\U00020000-\U0003134f]")


def minutes(text: str) -> int:
    """Minutes to read `text`, rounded up, at least one."""
    spaced, ideographs = (text, 0) if text.isascii() else CJK.subn(" ", text)
    return max(1, math.ceil(len(spaced.split()) / WORDS_A_MINUTE + ideographs / CJK_A_MINUTE))


def plain_text(html: str) -> str:
    """The text of sanitised `html`, its white space folded."""
    return " ".join(html_text.unescape(_ANY_TAG.sub("", _BREAK.sub(" ", ANCHOR.sub("", html)))).split())


def first_paragraph(html: str) -> str:
    """The text of the first paragraph of `html` that has any."""
    texts = (plain_text(_NOTE_MARK.sub("", paragraph[1])) for paragraph in _PARAGRAPH.finditer(html))
    return next((text for text in texts if text), "")


def clipped(text: str) -> str:
    """`text`, cut between words where it is too long for a summary."""
    if len(text) <= SUMMARY_CHARACTERS:
        return text
    return text[:SUMMARY_CHARACTERS].rsplit(" ", 1)[0].rstrip(",;:–—-") + "…"
