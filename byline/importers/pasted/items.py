"""Items of copied pages: a page as a post. Its picture is not in a text, and the minutes are for Byline to count."""

import datetime as dt
import itertools
from collections.abc import Callable, Iterator
from html import escape

from byline.importers.export import Item, Options, Picture
from byline.importers.pasted import days
from byline.importers.pasted.page import Line, Page, Reader, is_heading, is_long, looks_like
from byline.importers.source import Entry, Source
from byline.importers.text import pieces
from byline.importers.text.remarks import Remarks
from byline.markdown.text import minutes
from byline.problems import SiteError

MAX_BYTES = 2_000_000
MOST_NAMED = 12
"""Lines around the text that are named; all of them would be a page again."""
KEY = "pasted:"


def pages_in(source: Source) -> list[Entry]:
    """The files that are copied pages."""
    found = [entry for entry in source.ending(".txt") if entry.size <= MAX_BYTES]
    return [entry for entry in found if looks_like(source.head(entry).decode("utf-8-sig", errors="replace"))]


def item_of(entry: Entry, source: Source, options: Options) -> Item:
    """The page in a file. Raises SiteError where its day has no year, and nobody said which."""
    page = Reader(source.text(entry)).page()
    remarks = Remarks()
    date = _date(page, entry, options)
    body = "".join(_blocks(page.text, remarks))
    if page.caption:
        remarks.doubt(
            "a copied text has no pictures: put the one with this caption beside the post, as `src` of its cover"
        )
    if page.minutes:
        counted = minutes(" ".join(line.text for line in page.text))
        remarks.note(f"its “{page.minutes}” is left out: Byline counts {counted} from the text")
    if page.dropped:
        named = " · ".join(f"“{line[:60]}”" for line in page.dropped[:MOST_NAMED])
        rest = len(page.dropped) - MOST_NAMED
        remarks.note(f"left out from around the text: {named}{f' and {rest} more lines' if rest > 0 else ''}")
    return Item(
        key=f"{KEY}{entry.path}",
        kind="post",
        title=page.title,
        dek=page.dek,
        body=body,
        date=date,
        updated=_updated(page, date),
        authors=(page.writer,) if page.writer else (),
        tags=tuple(dict.fromkeys(page.tags)),
        cover=Picture("", caption=page.caption) if page.caption else None,
        notes=remarks.notes,
        doubts=remarks.doubts,
    )


def _date(page: Page, entry: Entry, options: Options) -> dt.datetime | None:
    place = f"{entry.path}:{page.day_line}:1"
    if page.day is None:
        if page.unclear and not options.date:
            raise SiteError(f"{place}: {page.unclear!r} does not say which day; say it with --date 2026-05-04")
        return options.date
    year = page.day.year or _year_of(page) or (options.date.year if options.date else 0)
    typed = f"{page.day.day} {page.day.month:02}"
    if not year:
        raise SiteError(f"{place}: the day of the post has no year; say which with --date 2026")
    moment = days.moment(page.day, year)
    if moment is None:
        raise SiteError(f"{place}: there is no {typed} in {year}; say which year with --date")
    return moment


def _year_of(page: Page) -> int:
    """The year that follows from the day of the last change, if that has one."""
    if page.day is None or page.updated is None or not page.updated.year:
        return 0
    return page.updated.year - (page.day[:2] > page.updated[:2])


def _updated(page: Page, date: dt.datetime | None) -> dt.datetime | None:
    if page.updated is None or date is None:
        return None
    year = page.updated.year or date.year + (page.updated[:2] < (date.month, date.day))
    return days.moment(page.updated, year)


def _blocks(lines: list[Line], remarks: Remarks) -> Iterator[str]:
    """The text as HTML: sections, paragraphs, lists, and captions of pictures that are not there."""
    at = 0
    while at < len(lines):
        line = lines[at]
        if line.is_item:
            run = _run(lines, at, lambda one, first: one.is_item and one.is_numbered == first.is_numbered)
            yield pieces.items((escape(one.text) for one in run), "ol" if line.is_numbered else "ul")
            at += len(run)
        elif at + 1 < len(lines) and lines[at + 1].text == line.text and not is_long(line):
            remarks.doubt("a copied text has no pictures: the caption of one is in slanted letters")
            yield f"<p><em>{escape(line.text)}</em></p>"
            at += 2
        elif is_heading(lines, at) and not _is_row(lines, at):
            yield pieces.element("h3" if at and is_heading(lines, at - 1) else "h2", escape(line.text))
            at += 1
        else:
            run = _run(lines, at, _continues)
            yield pieces.paragraph(*(escape(one.text) for one in run))
            at += len(run)


def _run(lines: list[Line], at: int, belongs: Callable[[Line, Line], bool]) -> list[Line]:
    """A line and those below that belong to it."""
    return [lines[at], *itertools.takewhile(lambda one: belongs(one, lines[at]), lines[at + 1 :])]


def _is_row(lines: list[Line], at: int) -> bool:
    """Whether a line is one of three or more that look like headings: a list, a poem, an address."""
    start, end = at, at
    while start and is_heading(lines, start - 1):
        start -= 1
    while end + 1 < len(lines) and is_heading(lines, end + 1):
        end += 1
    return end - start >= 2


def _continues(line: Line, first: Line) -> bool:
    """Whether a line is of the paragraph above: a line break is, what a browser puts between paragraphs is not."""
    return line.gap == 0 and not line.is_item and len(line.text) < 80 and len(first.text) < 80
