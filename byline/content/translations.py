"""Translations: which texts say the same in different languages, by their files or by `translation_of`."""

import posixpath
from collections.abc import Iterable, Sequence

from byline.content.entries import Entry, seniority
from byline.content.sources import stem_of
from byline.models import Alternate
from byline.settings.settings import Settings, folded_tag
from byline.urls import Urls

HINT = "write the path, the slug or the address of the other text"


def settle(shown: Sequence[Entry], everything: Sequence[Entry], urls: Urls) -> dict[str, tuple[Alternate, ...]]:
    """URL → the page and its translations, the main language first, for each of `shown` that has any.

    A `translation_of` that leads nowhere is told, and so are two texts of one group in one language.
    """
    joined = [entry for entry in shown if entry.header.translation_of]
    if not joined and not urls.settings.languages:
        return {}
    groups: dict[str, list[Entry]] = {}
    for entry in shown:
        groups.setdefault(entry.text, []).append(entry)
    of = {entry: group for group in groups.values() for entry in group}
    targets = _Targets(everything, urls)
    for entry in joined:
        for other in targets.find(entry):
            if other in of and of[other] is not of[entry]:
                of[entry].extend(of[other])
                of |= dict.fromkeys(of[other], of[entry])
    found: dict[str, tuple[Alternate, ...]] = {}
    for group in {id(group): group for group in of.values() if len(group) > 1}.values():
        alternates = _alternates(group, urls.settings)
        found |= {it.url: alternates for it in alternates if len(alternates) > 1}
    return found


class _Targets:
    """What a `translation_of` may name."""

    def __init__(self, entries: Iterable[Entry], urls: Urls) -> None:
        self._urls = urls
        self._root = urls.settings.content_root
        self._by_path: dict[str, Entry] = {}
        self._by_slug: dict[str, list[Entry]] = {}
        self._by_url: dict[str, Entry] = {}
        self._by_value: dict[str, list[Entry]] = {}
        for entry in sorted(entries, key=seniority):
            for path in (entry.path, stem_of(entry.path), stem_of(entry.path).removesuffix("/index")):
                self._by_path.setdefault(path, entry)
            self._by_slug.setdefault(entry.slug.casefold(), []).append(entry)
            self._by_url.setdefault(entry.url.casefold(), entry)
            self._by_value.setdefault(entry.header.translation_of, []).append(entry)

    def find(self, entry: Entry) -> list[Entry]:
        """The other text; or all that name the same thing, as Hugo's `translationKey` does."""
        value = entry.header.translation_of
        folder, path = posixpath.dirname(entry.path), value.removeprefix(self._urls.origin)
        files = (posixpath.normpath(posixpath.join(at, path.strip("/"))) for at in (folder, self._root))
        found = next((self._by_path[file] for file in files if file in self._by_path), None)
        found = found or self._by_url.get(self._urls.alias(path).casefold())
        if found is None:
            same = self._by_slug.get(value.strip("/").casefold(), ())
            found = next((it for it in same if it is not entry and it.language != entry.language), None)
        if found and found is not entry:
            return [found]
        others = [it for it in self._by_value[value] if it is not entry]
        if not others:
            message = f"{value!r} is no other text of this site" if found is None else f"{value!r} is this text itself"
            entry.report("no-translation", f"`translation_of`: {message}", HINT, "translation_of", "warning")
        return others


def _alternates(group: Iterable[Entry], settings: Settings) -> tuple[Alternate, ...]:
    order = ["", *settings.languages]
    first: dict[str, Entry] = {}
    for entry in sorted(group, key=seniority):
        lang = entry.header.lang or settings.language
        known = first.setdefault(folded_tag(lang), entry)
        if known is not entry and known.url != entry.url:
            message = f"{known.path} is the same text in the same language, {lang}, so this one is no translation"
            hint = "set another `lang`, or remove one of them"
            entry.report("two-translations", message, hint, "translation_of", "warning")
    ordered = sorted(first.values(), key=lambda it: (_is_foreign(it, settings), order.index(it.language), it.url))
    return tuple(
        Alternate(it.header.lang or settings.language, it.url, not number and not _is_foreign(it, settings))
        for number, it in enumerate(ordered)
    )


def _is_foreign(entry: Entry, settings: Settings) -> bool:
    """Whether it is in another language than the site's main one, with lists of its own or not."""
    return settings.language_of(entry.header.lang or settings.language) != ""
