"""The shape of a copied page: which lines are headline, writer, days, caption and dek, and which are the text."""

import itertools
import re
import unicodedata
from typing import NamedTuple

from byline.importers.pasted import days, signs
from byline.importers.pasted.days import Day

MOST_BEFORE = 80
"""Lines in which the lines about the article begin; above may be the site's navigation."""
LONG = 40
"""Words that only a paragraph has."""
MAX_HEADING = 12
"""Words of a section's heading."""
MAX_HEADING_CHARACTERS = 90
_STOP = (".", "!", "…", ":", ";", ",", "。", "！", "；", "，", "؟", "۔", '."', ".”", ".“", ".»", ".)")
_INVISIBLE = re.compile("[\u200b-\u200f\u2060\ufeff]")
_BETWEEN = re.compile(r"\s+[·|•—–]\s+")
_HASHTAGS = re.compile(r"(?:#[^\s#]+[\s,]*)+")


class Line(NamedTuple):
    """A line that is not empty: its number in the file, and how many empty ones are above it."""

    number: int
    text: str
    gap: int
    is_item: bool = False
    is_numbered: bool = False


class Page(NamedTuple):
    """All that a page says; `text` are its lines below, `dropped` those that belong to the site around it."""

    title: str
    text: list[Line]
    writer: str = ""
    day: Day | None = None
    day_line: int = 0
    updated: Day | None = None
    minutes: str = ""
    unclear: str = ""
    caption: str = ""
    dek: str = ""
    tags: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()


def looks_like(text: str) -> bool:
    """Whether a text has the signs of a copied page."""
    lines = [part.text for line in lines_of(text[:20_000]) for part in _parts(line)]
    has_landmark = any(signs.key(line) in (signs.TOP, signs.BOTTOM) for line in lines)
    return has_landmark or any(signs.MINUTES.fullmatch(line) for line in lines[:MOST_BEFORE])


def lines_of(text: str) -> list[Line]:
    """The lines of a text that are not empty, without the signs of lists."""
    found, gap = [], 0
    for number, typed in enumerate(unicodedata.normalize("NFC", text).splitlines(), 1):
        line = " ".join(_INVISIBLE.sub("", typed).split())
        if not line or line in "·|•":
            gap += not line
            continue
        bullet, count = signs.BULLET.match(line), signs.NUMBERED.match(line)
        mark = bullet or (count if days.day_of(line) is None else None)
        words = line[mark.end() :].strip() if mark else line
        is_item = mark is not None and bool(words)
        found.append(Line(number, words or line, gap, is_item, is_item and not bullet))
        gap = 0
    return found


class Reader:
    """Takes the lines of a page apart, from its ends to its middle."""

    def __init__(self, text: str) -> None:
        self.lines = [part for line in lines_of(text) for part in _parts(line)]
        self.dropped: list[str] = []
        self.tags: list[str] = []

    def page(self) -> Page:
        self._cut_landmarks()
        self._cut_tail()
        start, end = self._about()
        about = self.lines[start:end]
        before, after = self.lines[:start], self.lines[end:]
        title, before, after = _title(before, after)
        self.dropped = [*(line.text for line in before), *self.dropped]
        below = list(itertools.takewhile(lambda line: _is_fact(line.text), after))
        facts = _facts([*about, *below])
        caption, after = _caption(after[len(below) :])
        after = [line for line in after if not self._is_button(line)]
        dek, after = _dek(after)
        return facts._replace(
            title=title, text=after, caption=caption, dek=dek, tags=tuple(self.tags), dropped=tuple(self.dropped)
        )

    def _is_button(self, line: Line) -> bool:
        is_one = signs.key(line.text) in signs.SHARES or bool(signs.COUNT.fullmatch(line.text))
        if is_one:
            self.dropped.append(line.text)
        return is_one

    def _cut_landmarks(self) -> None:
        keys = [signs.key(line.text) for line in self.lines]
        if signs.BOTTOM in keys:
            end = len(keys) - 1 - keys[::-1].index(signs.BOTTOM)
            self._drop(end, len(keys))
            keys = keys[:end]
        if signs.TOP in keys:
            self._drop(0, keys.index(signs.TOP) + 1)

    def _drop(self, start: int, end: int) -> None:
        self.dropped += [
            line.text for line in self.lines[start:end] if signs.key(line.text) not in (signs.TOP, signs.BOTTOM)
        ]
        self.lines = self.lines[:start] + self.lines[end:]

    def _cut_tail(self) -> None:
        """Take away what stands below the text: other posts, comments, buttons, tags, a question about cookies."""
        self._cut_consent()
        for at, line in enumerate(self.lines):
            if signs.key(line.text) in signs.TAILS and not any(is_long(one) for one in self.lines[at:]) and at > 3:
                self._drop(at, len(self.lines))
                break
        while len(self.lines) > 3:
            last = self.lines[-1]
            if _HASHTAGS.fullmatch(last.text):
                self.tags = [tag.strip("#, ") for tag in re.findall(r"#[^\s#,]+", last.text)] + self.tags
                self.lines.pop()
            elif signs.key(last.text) in signs.SHARES or signs.COUNT.fullmatch(last.text) or last.text.isdigit():
                self._drop(len(self.lines) - 1, len(self.lines))
            else:
                break
        self._cut_tags()

    def _cut_tags(self) -> None:
        """`Tags:` and what follows it in short lines, at the end."""
        for at in range(len(self.lines) - 1, max(3, len(self.lines) - 20), -1):
            head, colon, rest = self.lines[at].text.partition(":")
            if signs.key(head) in signs.TAGS and (colon or len(self.lines[at].text.split()) == 1):
                below = [line.text for line in self.lines[at + 1 :]]
                if all(len(text.split()) <= 4 for text in below):
                    found = [part.strip(" #") for text in [*rest.split(","), *below] for part in text.split(",")]
                    self.tags = [tag for tag in found if tag] + self.tags
                    self.lines = self.lines[:at]
                return

    def _cut_consent(self) -> None:
        keys = [signs.key(line.text) for line in self.lines]
        for at, line in enumerate(self.lines):
            if not signs.COOKIES.search(line.text):
                continue
            end = at + 1
            while end < len(keys) and keys[end] in signs.CONSENT:
                end += 1
            if end > at + 1:
                self._drop(at, end)
                return self._cut_consent()
        return None

    def _about(self) -> tuple[int, int]:
        """From where to where the lines stand that tell writer, dates and minutes."""
        start = next((at for at, line in enumerate(self.lines[:MOST_BEFORE]) if _is_fact(line.text)), -1)
        if start < 0:
            return (1, 1) if self.lines else (0, 0)
        while start > 1 and self._is_around(start - 1):
            start -= 1
        start -= self._has_name_above(start)
        end = start + 1
        while end < len(self.lines) and self._is_more(start, end):
            end += 1
        return start, end

    def _is_around(self, at: int) -> bool:
        """Whether a line above the facts is a button, or a name that stands there twice."""
        text = self.lines[at].text
        neighbours = [self.lines[place].text for place in (at - 1, at + 1)]
        return signs.key(text) in signs.SHARES or (text in neighbours and len(text.split()) <= 4)

    def _has_name_above(self, start: int) -> bool:
        """Whether the line above the facts is the writer's name: short, close to them, where they name nobody."""
        facts = self.lines[start : start + 4]
        if facts[0].text == facts[-1].text or facts[0].text == facts[min(1, len(facts) - 1)].text:
            return False
        if not start or facts[0].gap or start + 1 == len(self.lines) or any(_name_in(line.text) for line in facts):
            return False
        return len(self.lines[start - 1].text.split()) <= 4

    def _is_more(self, start: int, at: int) -> bool:
        """Whether a line is a fact too, only repeats the writer's name, or is a button or a number among the facts."""
        text = self.lines[at].text
        if _is_fact(text) or text.isdigit():
            return True
        names = {_name_in(line.text) or line.text for line in self.lines[start:at]}
        return (text in names and len(text.split()) <= 5) or signs.key(text) in signs.SHARES


def _parts(line: Line) -> list[Line]:
    """A line that tells several facts, with signs between, as one line for each."""
    posted, by = signs.POSTED.fullmatch(line.text), signs.BY_AND_DAY.fullmatch(line.text)
    found = posted or by
    if found and days.day_of(found["day"]):
        told = [found["day"], *([f"by {found['name']}"] if found["name"] else [])]
        return [line._replace(text=part, gap=0 if at else line.gap) for at, part in enumerate(told)]
    parts = _BETWEEN.split(line.text)
    if len(parts) < 2 or not all(map(_is_fact, parts[1:])):
        return [line]
    return [line._replace(text=part, gap=0 if at else line.gap) for at, part in enumerate(parts)]


def is_long(line: Line) -> bool:
    return _length(line.text) >= LONG


def _length(text: str) -> int:
    """Words; two characters of a script without spaces count as one."""
    wide = sum(unicodedata.east_asian_width(sign) in "WF" for sign in text)
    return len(text.split()) + wide // 2


def _name_in(text: str) -> str:
    """The name that a line gives as the writer's."""
    head, colon, rest = text.partition(":")
    if colon and head.strip().casefold() in signs.WRITERS and 0 < len(rest.split()) <= 6:
        return rest.strip()
    found = signs.BYLINE.fullmatch(text)
    return found["name"] if found and len(text.split()) <= 6 and not text.endswith((".", "?", "!")) else ""


def _is_fact(text: str) -> bool:
    if _name_in(text) or signs.MINUTES.fullmatch(text) or days.day_of(text) or days.RELATIVE.fullmatch(text):
        return True
    if signs.COUNT.fullmatch(text):
        return True
    head, colon, rest = text.partition(":")
    return bool(colon) and len(head.split()) <= 3 and bool(days.day_of(rest) or days.RELATIVE.fullmatch(rest.strip()))


def _facts(lines: list[Line]) -> Page:
    page = Page("", [])
    for line in lines:
        name, day, minutes = _name_in(line.text), days.day_of(line.text), signs.MINUTES.fullmatch(line.text)
        head, colon, rest = line.text.partition(":")
        later = days.day_of(rest) if colon else None
        if name and not page.writer:
            page = page._replace(writer=name)
        elif day and not page.day:
            page = page._replace(day=day, day_line=line.number)
        elif minutes:
            page = page._replace(minutes=line.text)
        elif later and signs.key(head) in signs.PUBLISHED and not page.day:
            page = page._replace(day=later, day_line=line.number)
        elif later:
            page = page._replace(updated=later)
        elif days.RELATIVE.fullmatch(line.text):
            page = page._replace(unclear=line.text, day_line=line.number)
        elif not page.writer and line is lines[0] and signs.key(line.text) not in signs.SHARES:
            page = page._replace(writer=line.text)
    return page


def _title(before: list[Line], after: list[Line]) -> tuple[str, list[Line], list[Line]]:
    """The headline, which stands right above the lines about the article, or else right below them."""
    above, below = before[-1:], after[:1]
    is_menu = len(before) > 1 and _length(above[0].text) < 4
    if above and is_menu and signs.key(above[0].text) not in signs.SHARES and above[0].gap:
        is_menu = _length(below[0].text) < 4 if below else False
    if below and (not above or is_menu) and not (above and (is_long(below[0]) or below[0].text.endswith(_STOP))):
        return below[0].text, before, after[1:]
    if len(before) == 2 and not above[0].gap and min(_length(line.text) for line in before) >= 4:
        return before[0].text, [], [*above, *after]  # a dek, which stands above them too
    return (above[0].text if above else ""), before[:-1], after


def _caption(lines: list[Line]) -> tuple[str, list[Line]]:
    """The caption of the picture above the text: a page has it twice, for those who see it and those who do not."""
    if len(lines) > 1 and lines[0].text == lines[1].text and not is_long(lines[0]):
        return lines[0].text, lines[2:]
    return "", lines


def _dek(lines: list[Line]) -> tuple[str, list[Line]]:
    """The line between headline and text: like a heading, but there is nothing above it that it could divide."""
    if len(lines) > 1 and is_heading(lines, 0, most=40) and (_length(lines[0].text) >= 5 or is_heading(lines, 1)):
        return lines[0].text, lines[1:]
    return "", lines


def is_heading(lines: list[Line], at: int, most: int = MAX_HEADING) -> bool:
    """Whether a line is a heading by its shape: short, alone, without a full stop, and with text below it."""
    line = lines[at]
    after = lines[at + 1] if at + 1 < len(lines) else None
    if line.is_item or after is None or (after.gap == 0 and not (after.is_item or _is_sentence(after.text))):
        return False
    if at and line.gap == 0 and not _is_sentence(lines[at - 1].text):
        return False
    return _is_short(line.text, most) and after.text != line.text


def _is_short(text: str, most: int) -> bool:
    characters = MAX_HEADING_CHARACTERS if most == MAX_HEADING else 4 * MAX_HEADING_CHARACTERS
    first = next((sign for sign in text if sign.isalnum()), "")
    return (
        0 < _length(text) <= most
        and len(text) <= characters
        and not text.endswith(_STOP)
        and bool(first)
        and not first.islower()
        and not text.startswith(("http://", "https://", "“", '"', "„", "«", "—", "–"))
        and not signs.CREDITS.match(text)
    )


def _is_sentence(text: str) -> bool:
    return text.endswith((*_STOP, "?", "？")) or _length(text) > 2 * MAX_HEADING
