"""Languages: what templates say in each, from the theme's `texts/<language>.toml` and the site's `templates/texts/`."""

import functools
from collections.abc import Mapping
from typing import NamedTuple

import jinja2
from babel import Locale, UnknownLocaleError
from babel.core import get_global
from markupsafe import Markup, escape

from byline.problems import Problem, SiteError, read_toml

FOLDER = "texts/"
FALLBACK = "en"
TITLE, LABEL, HINT = '<p class="admonition-title">{}</p>', 'aria-label="{}"', 'title="{}"'
PRINTED = {
    "note": (TITLE, "Note"),
    "tip": (TITLE, "Tip"),
    "important": (TITLE, "Important"),
    "warning": (TITLE, "Warning"),
    "caution": (TITLE, "Caution"),
    "table": (LABEL, "Table"),
    "done": (LABEL, "Done"),
    "to_do": (LABEL, "To do"),
    "back": (HINT, "Back to the text"),
}
"""What Markdown prints in English: its output is cached by content, and that has no language."""

NOTHING = Markup("")


class Language:
    """A language of the interface: `code` and `direction` of its pages, and `say`, whose texts are in `words`."""

    def __init__(self, code: str, words: str, texts: Mapping[str, str]) -> None:
        self.code = code
        self.words = words
        self.direction = direction(code)
        self._texts = texts
        self._marked = Markup(' lang="{}" dir="{}"').format(words, direction(words))
        said = [(form, word, str(escape(texts.get(key, word)))) for key, (form, word) in PRINTED.items()]
        self._printed = [(form.format(word), form.format(own)) for form, word, own in said if own != word]

    def in_body(self, html: str) -> str:
        """`html` of a body, with the words that Markdown printed in this language."""
        for printed, said in self._printed:
            html = html.replace(printed, said)
        return html

    def offered(self, key: str, title: str, host: str) -> str:
        """The text called `key` as HTML, around `title`, which is HTML."""
        before, _, after = str(escape(self.say(key, title="\0", host=host))).partition("\0")
        spoken = f"<span{self.spoken()}>"
        return f"{spoken}{before}</span>{title}{spoken}{after}</span>"

    def spoken(self, lang: str = "") -> Markup:
        """Attributes for the interface's words inside a text in the language `lang`, which is the page's own if it is
        empty; none if the two are the same."""
        return NOTHING if (lang or self.code) == self.words else self._marked

    def say(self, key: str, **values: object) -> str:
        """The text called `key`, with `{name}` replaced by values."""
        text = self._texts.get(key)
        if text is None:
            raise jinja2.UndefinedError(f"t({key!r}): there is no such text in {FOLDER}{FALLBACK}.toml")
        return text.format(**values) if values else text


class Source(NamedTuple):
    """The text of a template or of a table of texts, and its file as people see it."""

    text: str
    path: str


class Languages:
    """All languages that have texts. The site's table overrides the theme's, key by key."""

    def __init__(self, sources: Mapping[str, Source], default: str, others: tuple[str, ...] = ()) -> None:
        self._default = default
        self._own = (default, *others)
        self._tables: dict[str, dict[str, str]] = {}
        for prefix in (f"theme/{FOLDER}", FOLDER):
            for name in sorted(name for name in sources if name.startswith(prefix) and name.endswith(".toml")):
                table = self._tables.setdefault(name[len(prefix) : -len(".toml")], {})
                table |= _read(sources[name])

    def of(self, code: str) -> Language:
        """The interface for a page in the language `code`, or in the site's language if that has no texts.

        The site's own languages are what its pages are marked with, whether they have texts or not.
        """
        if code not in self._own and not self._key(code):
            code = self._default
        key = self._key(code)
        return Language(code, code if key else FALLBACK, self._tables.get(FALLBACK, {}) | self._tables.get(key, {}))

    def _key(self, code: str) -> str:
        """`de-AT` is served by `de`."""
        return next((key for key in (code, code.split("-")[0]) if key in self._tables), "")


@functools.cache
def direction(code: str) -> str:
    """`ltr` or `rtl`."""
    return "rtl" if locale_of(code).character_order == "right-to-left" else "ltr"


@functools.cache
def with_country(code: str) -> str:
    """`en_US` for `en`: cards want a language and a country, https://ogp.me/#optional."""
    tag = locale_of(code)
    if not is_known(code):
        return code.replace("-", "_")
    if not tag.territory:
        tag = Locale.parse(get_global("likely_subtags").get(str(tag), str(tag)))
    return f"{tag.language}_{tag.territory}" if tag.territory else tag.language


@functools.cache
def own_name(code: str) -> str:
    """What the speakers of a language call it: "Deutsch"; the code where Babel does not know."""
    name = locale_of(code).get_display_name() if is_known(code) else None
    return name[:1].upper() + name[1:] if name else code


@functools.cache
def news_language(code: str) -> str:
    """What Google News calls the language `code`: two or three letters, except for Chinese,
    https://developers.google.com/search/docs/crawling-indexing/sitemaps/news-sitemap#news-sitemap-reference."""
    language = code.split("-")[0].lower()
    if language != "zh":
        return language
    tag = str(locale_of(code))
    return "zh-tw" if "Hant" in get_global("likely_subtags").get(tag, tag) else "zh-cn"


def is_known(code: str) -> bool:
    """Whether Babel has data for the language `code`."""
    return locale_of(code).language != FALLBACK or code.split("-")[0].lower() == FALLBACK


@functools.cache
def locale_of(code: str) -> Locale:
    """Babel's data for a BCP 47 code; English where it has none."""
    try:
        return Locale.parse(code, sep="-")
    except (UnknownLocaleError, ValueError):
        return Locale(FALLBACK)


def _read(source: Source) -> dict[str, str]:
    table = read_toml(source.path, source.text)
    if isinstance(table, Problem):
        raise SiteError(str(table))
    wrong = [key for key, value in table.items() if not isinstance(value, str)]
    if wrong:
        raise SiteError(f"{source.path}: `{wrong[0]}` must be text")
    return table
