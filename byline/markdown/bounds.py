"""Bounds: what a body may hold, counted before a parser sees it.

comrak is linear in time, but calls itself for each level of nesting, in C: thousands of levels would end the process.
"""

import itertools
import re
from collections.abc import Iterator

from byline.problems import Problem

MAX_CHARACTERS = 1_000_000
"""A long novel."""
MAX_LINES = 20_000
MAX_OPEN = 500
"""Emphasis and pictures that are open at a time, outside code; inside, ten times as many."""
MAX_LEVELS = 500
"""Of quotes and lists."""
MAX_CELLS = 100_000
"""Of all tables: short rows are filled up, so that few characters can make many cells."""
MAX_PIECES = 20_000
"""Of each kind in `_PIECES`."""
MAX_SIGNS = 100_000
"""Of each group in `_SIGNS`: every one may be an element, or a step of the sanitiser, and costs 5 µs and 700 bytes."""
_SIGNS = (
    ("*_~=^[", MAX_SIGNS, "signs of emphasis and links"),
    ("`", MAX_SIGNS, "backticks"),
    ("&", MAX_SIGNS, "ampersands"),
    (">", MAX_SIGNS, "greater-than signs"),
    (":", MAX_SIGNS, "colons"),
    ("\"'!]{%\\", 5 * MAX_SIGNS, "quotation marks and brackets"),
)
"""The first group is counted outside code, where names have underscores and pointers asterisks. comrak has a node of
200 bytes for each of the last."""
_PIECES = (
    ("[^", "footnotes"),
    ("![", "pictures"),
    ("$", "formulas"),
    ("<", "HTML tags"),
    ("^", "powers"),
    ("](", "links"),
    ("[[", "links by name"),
    ("://", "addresses"),
    ("www.", "addresses"),
    ("@", "mail addresses"),
)
"""What is costlier to print than to type, by the sign that every one of them has."""

MAX_PAIRS = 20_000_000
"""For Python-Markdown, which is quadratic in the signs of a paragraph: pairs of them in all paragraphs; about 2 s."""
_SIGN = re.compile(r"[][<>&*_`@#=:!^$~|{}\\]")
_ITEM = re.compile(r" {0,3}(?:[*+-]|\d+\.)[ \t]")

_BLOCK = r"\n(?:[ \t]*\n| {0,3}(?:[-*+]|1[.)])[ \t]++(?=\S))"
"""Where another paragraph begins, so that nothing stays open: below an empty line, or in an item of a list."""
_EMPHASIS = re.compile(rf"{_BLOCK}|(?<![\\\[*_~=^])([*_~=^]++)(?=\S)|(?<=[^\s*_~=^\\])([*_~=^]++)")
"""Runs of signs, each looked at once, from its first."""
_PICTURE = re.compile(rf"{_BLOCK}|(?<!\\)(!\[)|(?<!\\)(\])")
_CONTAINERS = re.compile(r"(?:[ \t]*(?:>|[-*+][ \t]|\d{1,9}[.)][ \t]|:[ \t]))++")
_DELIMITER_ROW = re.compile(r"^(?:[ \t|:-]*+[>*+])*+[ \t|:]*+-[ \t|:-]*+$", re.MULTILINE)
_FENCE = re.compile(r"[ \t>*+-]*(?:\d{1,9}[.)][ \t]+)?(`{3,}|~{3,})([^\n]*)")
_CODE = re.compile(r"`[^`\n]*`")


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
    yield from _levels(body)
    for pattern, signs, what in ((_EMPHASIS, "*_~=^", "emphasis signs"), (_PICTURE, ["!["], "pictures")):
        if sum(map(body.count, signs)) > MAX_OPEN:
            yield from _open(_without_code(body), pattern, MAX_OPEN, what)
            yield from _open(body, pattern, 10 * MAX_OPEN, what)
    yield from _signs(body)
    cells = 0
    for row in _DELIMITER_ROW.finditer(body) if body.count("|") > 1000 else ():
        columns = row[0].count("|") + 1
        end = re.compile(r"\n[ \t]*(?:\n|\Z)").search(body, row.end())
        cells += columns * (body.count("\n", row.end(), end.start() if end else len(body)) + 1)
        if cells > MAX_CELLS:
            message = f"the tables have over {MAX_CELLS:,} cells"
            yield _problem(body, row.start(), "too-long", message, "split the table, or link to a file")
    for sign, what in _PIECES:
        if body.count(sign) > MAX_PIECES:
            at = -1
            for _ in range(MAX_PIECES):
                at = body.index(sign, at + 1)
            yield _problem(body, at, "too-long", f"the text has too many {what}", "split it into several posts")


def _signs(body: str) -> Iterator[Problem]:
    for signs, most, what in _SIGNS:
        if sum(map(body.count, signs)) > most:
            counted = _without_code(body) if "*" in signs else body
            if sum(map(counted.count, signs)) > most:
                found = next(itertools.islice(re.finditer(f"[{re.escape(signs)}]", counted), most, None))
                hint = "split it into several posts"
                yield _problem(counted, found.start(), "too-long", f"the text has too many {what}", hint)


def _levels(body: str) -> Iterator[Problem]:
    """Quotes and lists: the signs at the start of a line, and how far in it stands."""
    for number, line in enumerate(body.split("\n"), 1):
        if len(line) > MAX_LEVELS:
            signs = _CONTAINERS.match(line)
            levels = sum(1 for _ in re.finditer(r"[>*+:-]|\d[.)]", signs[0])) if signs else 0
            width = len(line) - len(line.lstrip(" \t>"))
            if levels > MAX_LEVELS or (width > 4 * MAX_LEVELS and line.strip(" \t>")):
                message = f"quotes or lists nest over {MAX_LEVELS} deep"
                yield Problem("", number, 1, "too-deep", message, "take some levels away")
                return


def _without_code(body: str) -> str:
    """`body` with an `x` for each line of fenced code and none of the code in lines."""
    lines: list[str] = []
    fence = ""
    for line in body.split("\n"):
        match = _FENCE.match(line)
        if fence:
            lines.append("x")
            if match and match[1].startswith(fence) and not match[2].strip():
                fence = ""
        elif match and "`" not in match[2]:
            lines.append("x")
            fence = match[1]
        else:
            lines.append(line)
    return _CODE.sub("", "\n".join(lines))


def _open(body: str, pattern: re.Pattern[str], most: int, what: str) -> Iterator[Problem]:
    """The place in a block where more is open than may be; whoever opens and closes at once changes nothing."""
    depth = 0
    for sign in pattern.finditer(body):
        if sign[1] is None and sign[2] is None:  # an empty line ends all
            depth = 0
        elif sign[1] is not None:
            before = body[sign.start() - 1 : sign.start()]
            depth += pattern is _PICTURE or not before or before.isspace() or not (before.isalnum() or before in ".,;")
        else:
            depth = max(0, depth - 1)
        if depth > most:
            hint = "close what is open, or put a backslash before each sign"
            yield _problem(body, sign.start(), "too-deep", f"over {most:,} {what} are open at a time", hint)
            return


def _problem(body: str, at: int, code: str, message: str, hint: str) -> Problem:
    line = body.count("\n", 0, at) + 1
    return Problem("", line, at - body.rfind("\n", 0, at), code, message, hint)


def slow(body: str) -> Problem | None:
    """Where `body` has more signs in a paragraph than Python-Markdown can read in seconds; None if nowhere.

    Items of lists and rows of tables are read by themselves, and listings are not read.
    """
    pairs = start = signs = 0
    is_apart = is_code = False
    lines = body.split("\n")
    for number, line in enumerate(lines):
        if not line.strip():
            start, signs = number + 1, 0
            continue
        if start == number:
            row = lines[number + 1] if number + 1 < len(lines) else ""
            is_apart = bool(_ITEM.match(line)) or ("|" in line and bool(_DELIMITER_ROW.fullmatch(row)))
            is_code = line.startswith(("    ", "\t"))
        if is_apart:
            signs = 0
        more = 0 if is_code else len(_SIGN.findall(line))
        pairs += (signs + more) ** 2 - signs**2
        signs += more
        if pairs > MAX_PAIRS:
            message = "the text has more signs of Markdown in paragraphs than Python-Markdown can read in seconds"
            return Problem("", start + 1, 1, "too-long", message, "put empty lines between its parts")
    return None
