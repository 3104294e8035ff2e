"""Search: a full-text index of the stories, in one SQLite file that the server's processes share.

https://www.sqlite.org/fts5.html. Like the store it may be deleted at any time. It is made only when
somebody first searches, and then updated with what has changed.
"""

import re
import sqlite3
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec

from byline.markdown.text import CJK, plain_text
from byline.models import Body, Post
from byline.site import Site
from byline.storage.store import BUSY

MOST = 20
"""Most hits on the page."""
LONGEST = 200
"""Characters of a query that count."""
WEIGHTS = "0, 0, 10, 5, 4, 1"
"""Of url, digest, title, dek, names (authors, tags, category) and text: bm25's arguments."""
EXCERPT_WORDS = 30

_START, _END = "\x02", "\x03"
_WORD = re.compile(r"\w+")
_PRINTED = CJK.pattern.replace("[", "[\u3000-\u303f\uff00-\uffef", 1)
_BETWEEN = re.compile(f"(?<={_PRINTED})({_END}?) ({_START}?)(?={_PRINTED})")


class Part(msgspec.Struct, frozen=True):
    """A piece of an excerpt; `is_match` if it is what was searched for."""

    text: str
    is_match: bool


class Hit(msgspec.Struct, frozen=True):
    title: str
    url: str
    excerpt: tuple[Part, ...]


class Results(msgspec.Struct, frozen=True):
    """The best hits for `query`, and how many there are in all."""

    query: str = ""
    count: int = 0
    hits: tuple[Hit, ...] = ()


class SearchIndex:
    """`find` answers from the index of the site that it gets. `html_of` gives a story's text."""

    def __init__(self, folder: Path | None, code: str, html_of: Callable[[Body], str]) -> None:
        self._folder = folder
        self._code = code
        self._html_of = html_of
        self._lock = threading.Lock()
        self._memory = None if folder else sqlite3.connect(":memory:", check_same_thread=False, isolation_level=None)

    def find(self, site: Site, query: str) -> Results:
        """Stories that contain every word of `query`, best first; the last word may be unfinished."""
        query = " ".join(query[:LONGEST].split())
        words = _WORD.findall(_spaced(query))
        if not words:
            return Results(query)
        terms = " AND ".join(f'"{word}"' for word in words[:-1])
        match = f'{terms} AND "{words[-1]}"*' if terms else f'"{words[-1]}"*'
        with self._lock:
            try:
                rows = self._rows(site, match)
            except sqlite3.DatabaseError as error:  # damaged, or another program's
                if self._memory or error.sqlite_errorcode in BUSY:
                    raise
                self._path(site).unlink(missing_ok=True)
                rows = self._rows(site, match)
        matches = [(post, row[1]) for row in rows if isinstance(post := site.by_url.get(row[0]), Post)]
        hits = tuple(Hit(post.title, post.url, tuple(_parts(excerpt))) for post, excerpt in matches[:MOST])
        return Results(query, len(matches), hits)

    def _rows(self, site: Site, match: str) -> list[tuple[str, str]]:
        """What is found, from the index of `site` alone: another worker may be using the file for a newer site."""
        db = self._memory or sqlite3.connect(self._path(site), timeout=10, isolation_level=None)
        state = f"{self._code} {site.digest}"
        excerpt = f"snippet(story, 5, '{_START}', '{_END}', '…', {EXCERPT_WORDS})"
        ranked = f"SELECT url, {excerpt} FROM story WHERE story MATCH ? ORDER BY bm25(story, {WEIGHTS}), url"
        try:
            with db:
                db.execute("BEGIN")
                if _state(db) != state:
                    db.execute("ROLLBACK")
                    db.execute("BEGIN IMMEDIATE")
                    self._bring_up(db, site, state)
                return db.execute(ranked, (match,)).fetchall()
        finally:
            if not self._memory:
                db.close()

    def _path(self, site: Site) -> Path:
        """Reviews have their own index, so that nothing from a draft is ever in the public one."""
        assert self._folder is not None
        self._folder.mkdir(parents=True, exist_ok=True)
        return self._folder / ("search-drafts.sqlite3" if site.shows_drafts else "search.sqlite3")

    def _bring_up(self, db: sqlite3.Connection, site: Site, state: str) -> None:
        """Bring the index up to `site`: digests show which stories have changed."""
        known_state = _state(db)
        if known_state == state:
            return
        if known_state.split(" ")[0] != self._code:
            _create(db)
        known = {url: (row, digest) for row, url, digest in db.execute("SELECT rowid, url, digest FROM story")}
        fresh = {post.url: post for post in site.posts}
        gone = [row for url, (row, digest) in known.items() if url not in fresh or fresh[url].digest != digest]
        db.executemany("DELETE FROM story WHERE rowid = ?", [(row,) for row in gone])
        added = (post for post in site.posts if known.get(post.url, (0, ""))[1] != post.digest)
        db.executemany("INSERT INTO story VALUES (?, ?, ?, ?, ?, ?)", map(self._row, added))
        db.execute("UPDATE state SET value = ?", (state,))

    def _row(self, post: Post) -> tuple[str, ...]:
        names = [author.name for author in post.authors] + [tag.name for tag in post.tags]
        names += [post.category.name] if post.category else []
        texts = post.title, post.dek or post.summary, " ".join(names), plain_text(self._html_of(post.body))
        return post.url, post.digest, *map(_spaced, texts)


def _state(db: sqlite3.Connection) -> str:
    """What the index holds; empty for a new file."""
    if not db.execute("SELECT 1 FROM sqlite_master WHERE name = 'state'").fetchone():
        return ""
    return str(db.execute("SELECT value FROM state").fetchone()[0])


def _create(db: sqlite3.Connection) -> None:
    columns = "url UNINDEXED, digest UNINDEXED, title, dek, names, text"
    db.execute("DROP TABLE IF EXISTS story")
    db.execute("DROP TABLE IF EXISTS state")
    db.execute(f"CREATE VIRTUAL TABLE story USING fts5({columns}, tokenize = 'unicode61 remove_diacritics 2')")
    db.execute("CREATE TABLE state (value TEXT)")
    db.execute("INSERT INTO state VALUES ('')")


def _spaced(text: str) -> str:
    """`text` with Chinese, Japanese and Korean characters as separate words: the tokenizer knows only spaces."""
    return CJK.sub(r" \g<0> ", text)


def _parts(excerpt: str) -> Iterator[Part]:
    joined = _BETWEEN.sub(r"\1\2", re.sub(" +", " ", excerpt)).replace(_END + _START, "")
    for number, text in enumerate(re.split(f"[{_START}{_END}]", joined)):
        if text:
            yield Part(text, number % 2 == 1)
