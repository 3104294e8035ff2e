"""Bounds: what a body may hold. Python-Markdown takes the square of some counts, so it is counted, never timed."""

import itertools
import re
from collections import Counter
from collections.abc import Iterator

from byline.problems import Problem

MAX_CHARACTERS = 1_000_000
"""A long novel. Python-Markdown takes 1.3 s for it."""
MAX_LINES = 20_000
"""0.6 s where each is an item of a list."""
MAX_BRACKETS = 1000
"""`[` in one block: the library is quadratic in them, 0.2 s for 1,000 links that take 100,000 characters."""
MAX_SIGNS = 10_000
"""Signs of markup in one block: the library is quadratic in them too, 0.6 s for 10,000 mail addresses."""
MAX_OPEN_TAGS = 200
"""`<` without `>` in one block: the library is quadratic in them too, 2.3 s for 5,000."""
MAX_QUOTES = 20
"""`>` at the start of one line."""
MAX_UNCLOSED = 1000
"""Of them in the whole text: 0.3 s."""
MAX_HEADINGS = 2000
"""0.1 s."""
MAX_ABBREVIATIONS = 200
"""0.8 s in a megabyte: the library starts anew behind each."""
MAX_FENCES = 4000
"""Lines that open or close code: 0.3 s."""
MAX_OPEN_ELEMENTS = 1000
"""Elements of one kind that are not closed; 0.02 s."""

_SIGN = re.compile(r"[*_~`\\&@]|://")
_TAG = re.compile(r"<(/?)(?!(?:br|hr|img|input|wbr|source|track|col|embed|area|meta|link)\b)([A-Za-z][A-Za-z0-9]*)")
_QUOTES = re.compile(rf"^(?:[ \t]*>){{{MAX_QUOTES + 1}}}", re.M)
_HEADING = re.compile(r"^ {0,3}(?:#{1,6}[ \t].*|=+[ \t]*|-+[ \t]*)$", re.M)
_ABBREVIATION = re.compile(r"^[ \t]*\*\[", re.M)
_FENCE = re.compile(r"^[ \t>*+-]*(?:```|~~~)", re.M)
_OPEN_TAG = re.compile(r"<[A-Za-z/!?][^<>]*(?=<|\Z)")


def excess(body: str) -> Problem | None:
    """The first bound that `body` is over, with its line; None for any text that people write."""
    if len(body) > MAX_CHARACTERS:
        message = f"the text has {len(body):,} characters; {MAX_CHARACTERS:,} is the most"
        return Problem("", 1, 1, "too-long", message, "split it into several posts")
    if body.count("\n") > MAX_LINES:
        message = f"the text has over {MAX_LINES:,} lines"
        return Problem("", MAX_LINES, 1, "too-long", message, "split it into several posts")
    return next(_excesses(body), None)


def _excesses(body: str) -> Iterator[Problem]:
    """A sign is counted first: without enough of it in the whole text, there is nothing to look for."""
    if len(body) > MAX_SIGNS or body.count("[") > MAX_BRACKETS or body.count("<") > MAX_OPEN_TAGS:
        yield from _blocks(body)
    quoted = _QUOTES.search(body) if body.count(">") > MAX_QUOTES else None
    if quoted:
        line = body.count("\n", 0, quoted.start()) + 1
        yield Problem("", line, 1, "too-deep", f"quotes nest over {MAX_QUOTES} deep", "take some `>` away")
    if body.count("<") > MAX_OPEN_ELEMENTS:
        yield from _elements(body)
    for sign, pattern, most, what in (
        ("\n", _HEADING, MAX_HEADINGS, "headings and rules"),
        ("*[", _ABBREVIATION, MAX_ABBREVIATIONS, "abbreviations"),
        ("\n", _FENCE, MAX_FENCES, "lines that open or close code"),
        ("<", _OPEN_TAG, MAX_UNCLOSED, "`<` without a `>`"),
    ):
        many = pattern.finditer(body) if body.count(sign) >= most else ()
        for excess in itertools.islice(many, most, most + 1):
            message = f"the text has over {most:,} {what}"
            yield Problem("", body.count("\n", 0, excess.start()) + 1, 1, "too-long", message, "split it")


def _blocks(body: str) -> Iterator[Problem]:
    line = 1
    for block in re.split(r"(\n[ \t]*\n)", body):
        if block.count("[") > MAX_BRACKETS:
            message = f"this block has over {MAX_BRACKETS:,} opening brackets"
            yield Problem("", line, 1, "too-many-brackets", message, "write \\[ or split the block")
        if block.count("<") - block.count(">") > MAX_OPEN_TAGS:
            message = f"this block has over {MAX_OPEN_TAGS} `<` without a `>`"
            yield Problem("", line, 1, "too-many-brackets", message, "write &lt; or split the block")
        if len(block) > MAX_SIGNS and len(_SIGN.findall(block)) > MAX_SIGNS:
            message = f"this block has over {MAX_SIGNS:,} signs of markup"
            yield Problem("", line, 1, "too-long", message, "put empty lines between its parts")
        line += block.count("\n")


def _elements(body: str) -> Iterator[Problem]:
    opened: Counter[str] = Counter()
    for tag in _TAG.finditer(body):
        opened[tag[2].lower()] += -1 if tag[1] else 1
        if opened[tag[2].lower()] > MAX_OPEN_ELEMENTS:
            line = body.count("\n", 0, tag.start()) + 1
            message = f"over {MAX_OPEN_ELEMENTS:,} <{tag[2]}> are open at once"
            yield Problem("", line, 1, "too-deep", message, f"close them with </{tag[2]}>")
            return
