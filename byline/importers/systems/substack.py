"""Substack: the zip file that Settings → Exports gives, or its folder. Lists of readers in it are never read."""

import csv
import io
import posixpath
import re
import sys
from collections import Counter
from html import unescape
from urllib.parse import urlsplit

from byline.importers import moments
from byline.importers.export import Export, Item, LeftOut, Options, Status
from byline.importers.source import Entry, Source
from byline.importers.substack.boxes import html_of
from byline.importers.text import pieces
from byline.importers.text.remarks import Remarks
from byline.importers.text.writing import words
from byline.problems import SiteError

NAME = "substack"
TITLE = "Substack"
HOSTS = (
    "substack-post-media.s3.amazonaws.com",
    "bucketeer-e05bbc84-baa3-437e-9518-adb32be77984.s3.amazonaws.com",
    "substackcdn.com",
    "cdn.substack.com",
    "api.substack.com",
)
_COLUMNS = {"post_id", "is_published", "audience"}
_OWN = re.compile(r"https://([\w.-]+)/(?:subscribe\b|p/[\w-]+/comments?\b)")
_STATISTICS = re.compile(r"\.(?:opens|delivers|clicks)\.csv$")
_TEXT = re.compile(r"(?:^|/)(\d+)(?:\.([^/]*))?\.html?$")

Row = dict[str, str]


def recognises(source: Source) -> bool:
    return bool(_tables(source))


def _tables(source: Source) -> list[Entry]:
    found = source.ending("posts.csv")
    return [entry for entry in found if set(_heads(source.head(entry))) >= _COLUMNS]


def _heads(head: bytes) -> list[str]:
    return next(csv.reader([head.decode("utf-8-sig", errors="replace").split("\n", 1)[0].strip()]), [])


def read(source: Source, options: Options) -> Export:
    texts = {found[1]: entry for entry in source.ending(".html", ".htm") if (found := _TEXT.search(entry.path))}
    left_out = _lists(source)
    items: dict[str, Item] = {}
    hosts: Counter[str] = Counter(host for entry in texts.values() for host in _OWN.findall(source.text(entry)))
    url = options.url or (f"https://{hosts.most_common(1)[0][0]}" if hosts else "")
    for table in _tables(source):
        for row in _rows(source.text(table), table):
            number = row["post_id"].partition(".")[0]
            item = _item(row, texts.get(number), source, url)
            if item.key in items:
                left_out["post", "is in the export twice"] += 1
            items.setdefault(item.key, item)
    for number, entry in texts.items():
        if f"{NAME}:{number}" not in items:
            item = _item({"post_id": posixpath.basename(entry.path).rpartition(".")[0]}, entry, source, url)
            items[item.key] = item
    guessed = f"the old site is taken to be {url}; if it is not, import with --url"
    return Export(
        url=url,
        items=tuple(items.values()),
        left_out=tuple(LeftOut(what, reason, count) for (what, reason), count in sorted(left_out.items())),
        hosts=HOSTS,
        notes=("the export names no authors: `default_author` in site.toml is everybody's",),
        doubts=(guessed,) if url and not options.url else (),
        total=len(items) + left_out.total(),
    )


def _rows(text: str, entry: Entry) -> list[Row]:
    csv.field_size_limit(sys.maxsize)
    lines = csv.reader(io.StringIO(text, newline=""))
    try:
        names = [name.strip() for name in next(lines)]
        found = [dict(zip(names, map(str.strip, line), strict=False)) for line in lines]
    except csv.Error as error:
        raise SiteError(f"{entry.path}:{lines.line_num}: is no CSV that can be read: {error}") from None
    return [row for row in found if row.get("post_id")]


def _item(row: Row, entry: Entry | None, source: Source, url: str) -> Item:
    """A row with its text. One without a row says nothing of itself, so it stays back."""
    number, _, slug = row["post_id"].partition(".")
    remarks = Remarks()
    if entry is None:
        remarks.doubt("its text is not in the export")
    body = html_of(source.text(entry), remarks) if entry else ""
    sound = row.get("podcast_url", "")
    player = pieces.element("audio", src=sound, controls=True) if urlsplit(sound).scheme in ("http", "https") else ""
    kind = row.get("type", "")
    if kind == "thread":
        remarks.note("was a thread: what its readers wrote stays behind")
    date = moments.of_iso(row.get("post_date", "")) or moments.of_iso(row.get("email_sent_at", ""))
    return Item(
        key=f"{NAME}:{number}",
        kind="page" if kind == "page" else "post",
        title=_plain(row.get("title", "")),
        dek=_plain(row.get("subtitle", "")),
        body=player + body,
        date=date,
        slug=slug,
        address=f"/p/{slug}" if slug else "",
        status=_status(row, remarks),
        id=f"{url.rstrip('/')}/p/{slug}" if url and slug else "",
        notes=remarks.notes,
        doubts=remarks.doubts,
    )


def _plain(cell: str) -> str:
    """A cell, in which signs may be written as in HTML."""
    return words(cell) if re.search(r"</?[a-z]+>", cell) else " ".join(unescape(cell).split())


def _status(row: Row, remarks: Remarks) -> Status:
    """What everyone could read is published, and nothing else."""
    if row.get("is_published", "").lower() != "true":
        return "draft"
    readers = row.get("audience", "")
    if readers == "everyone":
        return "published"
    who = {"only_paid": "readers who pay", "founding": "founding members", "only_free": "readers who do not pay"}
    remarks.doubt(f"was for {who.get(readers, 'some readers')} only, so it is a draft")
    return "private"


def _lists(source: Source) -> Counter[tuple[str, str]]:
    """All other tables, counted by their lines alone: they name readers, who are nobody's business here."""
    found: Counter[tuple[str, str]] = Counter()
    tables = set(_tables(source))
    for entry in source.ending(".csv"):
        if entry in tables:
            continue
        is_statistic = _STATISTICS.search(entry.path)
        what = "line of statistics" if is_statistic else "line of a list of readers"
        lines = max(0, source.data(entry).count(b"\n") - 1)
        found[what, "is about readers, and never imported"] += max(1, lines)
    return found
