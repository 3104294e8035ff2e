"""Search: a full-text index of the stories, in one SQLite file that the server's processes share.

https://www.sqlite.org/fts5.html. Like the store it may be deleted at any time. It is made only when
somebody first searches, and then updated with what has changed.
"""

import contextlib
import re
import sqlite3
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
from cachetools import LRUCache

from byline.markdown.text import plain_text
from byline.models import Body, Post, Teaser
from byline.site import Site
from byline.storage.store import BUSY
from byline.web.words import TOKEN, Words

MOST = 20
"""Most hits on the page."""
LONGEST = 200
"""Characters of a query that count."""
MOST_WORDS = 16
"""Words of a query that count: each is looked up in every story."""
UNFINISHED = 2
"""Fewest letters of an unfinished word: what begins with one letter is half of all words."""
WEIGHTS = "10, 5, 4, 1"
"""Of title, dek, names (authors, tags, category) and text: bm25's arguments."""
RANKED = (
    "SELECT url FROM story JOIN post ON post.id = story.rowid WHERE story MATCH ?"
    f" ORDER BY bm25(story, {WEIGHTS}), moment DESC, url LIMIT {MOST}"
)
COUNTED = "SELECT count(*) FROM story WHERE story MATCH ?"
EXCERPT_WORDS = 30
EXCERPT_WITHIN = 5000
"""Words of a story among which the excerpt is sought."""
LATEST = 500
"""Answers that are kept, a few kilobytes each."""
PATIENCE = 60
"""Seconds to wait while another process makes the index."""


class Part(msgspec.Struct, frozen=True):
    """A piece of an excerpt; `is_match` if it is what was searched for."""

    text: str
    is_match: bool


class Hit(msgspec.Struct, frozen=True):
    title: str
    url: str
    teaser: Teaser
    excerpt: tuple[Part, ...]


class Results(msgspec.Struct, frozen=True):
    """The best hits for `query`, and how many there are in all."""

    query: str = ""
    count: int = 0
    hits: tuple[Hit, ...] = ()


class Sought(msgspec.Struct, frozen=True):
    """What a query asks for: forms of each of its words, and how the last one begins if it may be unfinished."""

    words: tuple[tuple[str, ...], ...]
    start: str

    @property
    def match(self) -> str:
        """The query as FTS5 wants it; its words are letters and digits only."""
        terms = [[f'"{form}"' for form in forms] for forms in self.words]
        if self.start:
            terms[-1].append(f'"{self.start}"*')
        return " AND ".join(f"({' OR '.join(forms)})" for forms in terms)

    def has(self, forms: tuple[str, ...]) -> bool:
        """Whether a word with these forms is one of those sought."""
        is_start = bool(self.start) and forms[0].startswith(self.start)
        return is_start or any(form in known for known in self.words for form in forms)


class SearchIndex:
    """`find` answers from the index of the site that it gets. `html_of` gives a story's text."""

    def __init__(self, folder: Path | None, code: str, language: str, html_of: Callable[[Body], str]) -> None:
        self._folder = folder
        self._key = f"{code}-{language}"
        self._words = Words(language)
        self._html_of = html_of
        self._making = threading.Lock()
        self._memory = None if folder else sqlite3.connect(":memory:", check_same_thread=False, isolation_level=None)
        self._latest: LRUCache[tuple[str, str], Results] = LRUCache(LATEST)
        self._keeping = threading.Lock()

    def find(self, site: Site, query: str) -> Results:
        """Stories that contain every word of `query`, best first; the last word may be unfinished."""
        query = " ".join(query[:LONGEST].split())
        tokens = list(TOKEN.finditer(query))[:MOST_WORDS]
        if not tokens:
            return Results(query)
        query = query[: tokens[-1].end()] if len(tokens) == MOST_WORDS else query
        key = (site.digest, query)
        with self._keeping:
            known = self._latest.get(key)
        if known is None:
            known = self._answer(site, query, [token[0] for token in tokens])
            with self._keeping:
                self._latest[key] = known
        return known

    def _answer(self, site: Site, query: str, words: list[str]) -> Results:
        forms = tuple(dict.fromkeys(map(self._words.forms, words)))
        last = self._words.forms(words[-1])
        ordered = (*(each for each in forms if each != last), last)
        sought = Sought(ordered, last[0] if len(last[0]) >= UNFINISHED else "")
        try:
            urls, count = self._rows(site, sought.match)
        except sqlite3.DatabaseError as error:  # damaged, or another program's
            if self._memory or error.sqlite_errorcode in BUSY:
                raise
            self._path(site).unlink(missing_ok=True)
            urls, count = self._rows(site, sought.match)
        found = [post for url in urls if isinstance(post := site.by_url.get(url), Post)]
        hits = tuple(Hit(post.title, post.url, post.teaser, tuple(self._excerpt(post, sought))) for post in found)
        return Results(query, count, hits)

    def _rows(self, site: Site, match: str) -> tuple[list[str], int]:
        """The URLs of the best hits, and the number of all, from the index of `site` alone: another worker may be
        using the file for a newer site."""
        state = f"{self._key} {site.digest}"
        with self._opened(site) as db:
            db.execute("BEGIN")
            if _state(db) != state:
                db.execute("ROLLBACK")
                with self._making if not self._memory else contextlib.nullcontext():
                    db.execute("BEGIN IMMEDIATE")
                    self._bring_up(db, site, state)
            urls = [url for (url,) in db.execute(RANKED, (match,))]
            return urls, len(urls) if len(urls) < MOST else int(db.execute(COUNTED, (match,)).fetchone()[0])

    @contextlib.contextmanager
    def _opened(self, site: Site) -> Iterator[sqlite3.Connection]:
        """The index, in a transaction. Each search of a file has its own connection, so none waits for another."""
        if self._memory:
            with self._making, self._memory:
                yield self._memory
            return
        with contextlib.closing(sqlite3.connect(self._path(site), timeout=PATIENCE, isolation_level=None)) as db, db:
            yield db

    def _path(self, site: Site) -> Path:
        """Each language has its own index. So have reviews, so that nothing from a draft is ever in the public one."""
        assert self._folder is not None
        self._folder.mkdir(parents=True, exist_ok=True)
        parts = ("search", site.urls.language, "drafts" if site.shows_drafts else "")
        return self._folder / f"{'-'.join(filter(None, parts))}.sqlite3"

    def _bring_up(self, db: sqlite3.Connection, site: Site, state: str) -> None:
        """Bring the index up to `site`: digests show which stories have changed."""
        known_state = _state(db)
        if known_state == state:
            return
        if known_state.split(" ")[0] != self._key:
            _create(db)
        known = {url: (row, digest) for row, url, digest in db.execute("SELECT id, url, digest FROM post")}
        fresh = {post.url: post for post in site.posts}
        gone = [(row,) for url, (row, digest) in known.items() if url not in fresh or fresh[url].digest != digest]
        for table, row in (("story", "rowid"), ("post", "id")):
            db.executemany(f"DELETE FROM {table} WHERE {row} = ?", gone)
        for post in site.posts:
            if known.get(post.url, (0, ""))[1] != post.digest:
                moment = post.date.timestamp() if post.date else 0.0
                added = db.execute("INSERT INTO post VALUES (NULL, ?, ?, ?)", (post.url, post.digest, moment))
                texts = map(self._words.indexed, self._texts(post))
                db.execute(
                    "INSERT INTO story (rowid, title, dek, names, text) VALUES (?, ?, ?, ?, ?)",
                    (added.lastrowid, *texts),
                )
        db.execute("UPDATE state SET value = ?", (state,))

    def _texts(self, post: Post) -> tuple[str, ...]:
        names = [author.name for author in post.authors] + [tag.name for tag in post.tags]
        names += [post.category.name] if post.category else []
        return post.title, post.dek or post.summary, " ".join(names), plain_text(self._html_of(post.body))

    def _excerpt(self, post: Post, sought: Sought) -> Iterator[Part]:
        """The part of the story's text with the first of the words, or its beginning if only its title has them."""
        text = plain_text(self._html_of(post.body))
        tokens: list[re.Match[str]] = []
        marked: set[int] = set()
        first, last = 0, EXCERPT_WITHIN
        for number, token in enumerate(TOKEN.finditer(text)):
            tokens.append(token)
            if sought.has(self._words.forms(token[0])):
                first = first if marked else max(0, number - EXCERPT_WORDS // 4)
                last = min(EXCERPT_WITHIN, first + EXCERPT_WORDS + 1)  # one more shows that the text goes on
                marked.add(number)
            if len(tokens) >= last:
                break
        shown = tokens[first : first + EXCERPT_WORDS]
        if not shown:
            return
        at = shown[0].start() if first else 0
        end = shown[-1].end() if tokens[-1] is not shown[-1] or len(tokens) == EXCERPT_WITHIN else len(text)
        pieces = [("…", False)] if first else []
        for number, token in enumerate(shown, first):
            pieces.append((text[at : token.start()], False))
            pieces.append((token[0], number in marked))
            at = token.end()
        pieces += [(text[at:end], False), ("" if end == len(text) else "…", False)]
        yield from _joined(pieces)


def _state(db: sqlite3.Connection) -> str:
    """What the index holds; empty for a new file."""
    if not db.execute("SELECT 1 FROM sqlite_master WHERE name = 'state'").fetchone():
        return ""
    return str(db.execute("SELECT value FROM state").fetchone()[0])


def _create(db: sqlite3.Connection) -> None:
    for table in ("story", "post", "state"):
        db.execute(f"DROP TABLE IF EXISTS {table}")
    # Words come apart and lose their accents before; an index of beginnings would only gain a third.
    options = "tokenize = 'ascii tokenchars _'"
    db.execute(f"CREATE VIRTUAL TABLE story USING fts5(title, dek, names, text, {options})")
    db.execute("CREATE TABLE post (id INTEGER PRIMARY KEY, url TEXT, digest TEXT, moment REAL)")
    db.execute("CREATE TABLE state (value TEXT)")
    db.execute("INSERT INTO state VALUES ('')")


def _joined(pieces: list[tuple[str, bool]]) -> Iterator[Part]:
    """`pieces` of text as parts, those that follow each other in one."""
    text, was_match = "", False
    for piece, is_match in pieces:
        if piece and is_match != was_match and text:
            yield Part(text, was_match)
            text = ""
        if piece:
            text, was_match = text + piece, is_match
    if text:
        yield Part(text, was_match)
