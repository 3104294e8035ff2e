"""Languages: what templates say in each, from the theme's `texts/<language>.toml` and the site's `templates/texts/`."""

import difflib
import functools
import posixpath
import re
import tomllib
from collections.abc import Iterable, Mapping
from typing import NamedTuple

import jinja2
import msgspec
from babel import Locale, UnknownLocaleError
from babel.core import get_global
from markupsafe import Markup, escape

from byline.problems import Problem, Severity, read_toml
from byline.settings.settings import folded_tag

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
    "section_link": (LABEL, "Link to this section"),
    "back": (HINT, "Back to the text"),
}
"""What Markdown prints in English: its output is cached by content, and that has no language."""

NOTHING = Markup("")
_PLACEHOLDER = re.compile(r"\{\w+\}")
_PARTS = re.compile(r"\{\{|\}\}|\{[^{}\n]*\}|[{}]")
"""What is not shown as it is in a text with placeholders."""


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
    """All languages that have texts. The site's table overrides the theme's, key by key; `problems` are those of the
    site's own tables, of which what cannot be used is left out."""

    def __init__(self, sources: Mapping[str, Source], default: str, others: tuple[str, ...] = ()) -> None:
        self._default = default
        self._own = (default, *others)
        self._tables: dict[str, dict[str, str]] = {}
        self.problems: list[Problem] = []
        for prefix in (f"theme/{FOLDER}", FOLDER):
            for name in sorted(name for name in sources if name.startswith(prefix)):
                code, ending = posixpath.splitext(name[len(prefix) :])
                source = sources[name]
                if prefix != FOLDER:
                    self._tables[code] = tomllib.loads(source.text)
                elif not source.path.startswith("theme/"):
                    self._add(code if ending == ".toml" else "", source, sources.values())

    def of(self, code: str) -> Language:
        """The interface for a page in the language `code`, or in the site's language if that has no texts.

        The site's own languages are what its pages are marked with, whether they have texts or not.
        """
        if code not in self._own and not self._has(code):
            code = self._default
        return Language(code, code if self._has(code) else FALLBACK, self._texts(code))

    def _has(self, code: str) -> bool:
        return any(one in self._tables for one in _chain(code))

    def _texts(self, code: str) -> dict[str, str]:
        """`de-AT` says what `de` does where it has nothing of its own, and English says the rest."""
        texts: dict[str, str] = {}
        for one in (FALLBACK, *reversed(_chain(code))):
            texts |= self._tables.get(one, {})
        return texts

    def _add(self, code: str, source: Source, sources: Iterable[Source]) -> None:
        """Take what can be used of the site's own table of the language `code`, and tell of the rest."""
        code = folded_tag(code)
        if not is_known(code) and code not in map(folded_tag, self._own):
            message, hint = "is not read: its name is not that of a language", f"call it {FALLBACK}.toml or the like"
            self.problems.append(Problem(source.path, 1, 1, "unknown-language", message, hint, "warning"))
            return
        table = read_toml(source.path, source.text)
        if isinstance(table, Problem):
            self.problems.append(table)
            return
        known, is_new = self._texts(FALLBACK), not self._has(code)
        for key, value in table.items():
            fault = _fault(key, value, known, sources)
            self.problems += [fault.at(source)] if fault else []
            if not (fault and fault.is_error):
                self._tables.setdefault(code, {})[key] = value
        missing = [f"{key} = {msgspec.json.encode(text).decode()}" for key, text in known.items() if key not in table]
        if is_new and missing:
            message = f"{len(missing)} of {len(known)} texts are not there, and are said in English"
            problem = Problem(source.path, 1, 1, "missing-text", message, "translate them", "hint", "\n".join(missing))
            self.problems.append(problem)


class Fault(NamedTuple):
    """What is wrong with the text called `key`; `part` is what the fault is in, if that is not the whole."""

    key: str
    part: str
    code: str
    message: str
    hint: str
    is_error: bool = True

    def at(self, source: Source) -> Problem:
        """The fault as a problem at its place in `source`."""
        key = rf"""^[ \t]*\[?(["']?){re.escape(self.key)}\1[ \t]*[=.\]]"""
        found = re.search(key, source.text, re.MULTILINE)
        at = found.start(1) if found else 0
        parts = _PARTS.finditer(source.text, at)
        at = next((part.start() for part in parts if part[0] == self.part), at)
        line, col = source.text.count("\n", 0, at) + 1, at - source.text.rfind("\n", 0, at)
        severity: Severity = "error" if self.is_error else "warning"
        return Problem(source.path, line, col, self.code, self.message, self.hint, severity)


def _fault(key: str, text: object, known: Mapping[str, str], sources: Iterable[Source]) -> Fault | None:
    """What is wrong with a text of the site's own. One that the theme does not have is for the site's own templates."""
    if not isinstance(text, str):
        return Fault(key, "", "bad-text", f"`{key}` must be text", "put it in quotes")
    if key not in known:
        if any(f"{quote}{key}{quote}" in source.text for source in sources for quote in "\"'"):
            return None
        near = difflib.get_close_matches(key, known, n=1)
        hint = f"did you mean `{near[0]}`?" if near else "remove it"
        return Fault(key, "", "unknown-text", f"no template says `{key}`", hint, is_error=False)
    given = dict.fromkeys(_PLACEHOLDER.findall(known[key]))
    names = " and ".join(given) or "no placeholder"
    unfit = next((part for part in _PARTS.findall(text) if part not in (*given, "{{", "}}")), "")
    if unfit and (given or _PLACEHOLDER.fullmatch(unfit)):  # without placeholders, a brace is a sign like any other
        return Fault(key, unfit, "bad-text", f"`{key}` has {unfit}, but there is {names} for it", "correct it")
    missing = " and ".join(name for name in given if name not in text)
    if missing:
        return Fault(key, "", "bad-text", f"`{key}` does not show {missing}", f"add {missing}", is_error=False)
    return None


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


def _chain(code: str) -> list[str]:
    """The keys of the tables for the language `code`, its own first: `de-at`, `de`."""
    parts = folded_tag(code).split("-")
    return ["-".join(parts[:count]) for count in range(len(parts), 0, -1)]
