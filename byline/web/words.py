"""Words: a text as search compares it, whatever its case, accents and endings."""

import functools
import importlib
import re
import threading
import unicodedata
from typing import Any

from byline.markdown.text import CJK
from byline.urls import LETTERS
from byline.web.languages import is_known, locale_of

TOKEN = re.compile(rf"{CJK.pattern}|[^\W{CJK.pattern[1:-1]}]+")
"""A word; each Chinese, Japanese and Korean character counts as one, because there are no spaces between words."""
KNOWN = 20_000


class Words:
    """The words of a language, and `forms`: how one is indexed.

    Two words are taken for the same if they share a form. The first form is the whole word. Pagefind, which
    searches the frozen site, cuts endings by the same rules: https://snowballstem.org
    """

    def __init__(self, language: str) -> None:
        self._language = language
        self._letters = LETTERS.get(locale_of(language).language, ())
        self._lock = threading.Lock()
        self.forms = functools.lru_cache(KNOWN)(self._forms)
        self._indexed = functools.lru_cache(KNOWN)(lambda word: " ".join(self.forms(word)))

    @functools.cached_property
    def _stemmer(self) -> Any:
        """The stemmer of the language, if it has one. A freeze needs none, so it does not wait for the library."""
        snowball = importlib.import_module("snowballstemmer")
        name = (locale_of(self._language).get_language_name("en") or "").split(" ")[0].lower()
        return snowball.stemmer(name) if is_known(self._language) and name in snowball.algorithms() else None

    def indexed(self, text: str) -> str:
        """All forms of all words of `text`."""
        return " ".join(map(self._indexed, TOKEN.findall(text)))

    def _forms(self, word: str) -> tuple[str, ...]:
        typed = unicodedata.normalize("NFC", word).lower()
        spelt = typed
        for letter, letters in self._letters:
            spelt = spelt.replace(letter, letters)
        plain = _folded(typed)
        # Accents tell endings apart, but readers leave them out.
        stems = (_folded(self._stem(typed)), self._stem(plain))
        return tuple(dict.fromkeys((plain, *stems, _folded(spelt))))

    def _stem(self, word: str) -> str:
        with self._lock:  # a stemmer holds the word that it is at
            return str(self._stemmer.stemWord(word)) if self._stemmer else word


def _folded(word: str) -> str:
    """`word` without case and accents; ß is ss."""
    letters = unicodedata.normalize("NFKD", word.casefold())
    return "".join(letter for letter in letters if not unicodedata.combining(letter))
