"""Languages: which ones the settings of another program name, and which the files of a site seem to be in."""

import functools
import posixpath
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from babel import localedata

from byline.dialects.permalinks import HUGO_FILES, hugo_files, table_in
from byline.settings.settings import Settings, folded_tag
from byline.settings.tables import LanguageSettings
from byline.settings.values import LANGUAGE_TAG

FEWEST = 2
"""Texts that say one language, from which on it is hardly by chance."""


def named_by(system: str, folder: Path) -> tuple[str, dict[str, LanguageSettings]]:
    """The main language, and all that the settings of a site of `system` name, if they name any."""
    if system == "hugo":
        table = table_in(folder, *HUGO_FILES)
        main, those = (
            _value(table, "defaultContentLanguage") or "en",
            table.get("languages") or table_in(folder, *hugo_files("languages")),
        )
    elif system == "zola":
        table = table_in(folder, "config.toml", "zola.toml")
        main, those = _value(table, "default_language") or "en", table.get("languages")
    else:
        return "", {}
    others = those if isinstance(those, dict) else {}
    found = {code: _settings(own) for code, own in others.items() if LANGUAGE_TAG.fullmatch(code)}
    return main, found


def _settings(own: object) -> LanguageSettings:
    return LanguageSettings(title=_value(own, "title")) if isinstance(own, dict) else LanguageSettings()


def _value(table: Mapping[str, Any], key: str) -> str:
    value = next((value for name, value in table.items() if name.lower() == key.lower()), "")
    return value if isinstance(value, str) else ""


def unset(files: Iterable[str], posts: Iterable[str], settings: Settings) -> list[str]:
    """The languages that two or more texts say by their names or folders, and that no setting knows."""
    known = set(map(folded_tag, (settings.language, *settings.languages)))
    names = list(files)
    everything = set(names)
    found: Counter[str] = Counter()
    for file in names:
        if file.count(".") > 1:
            stem, ending = posixpath.splitext(file)
            stem, _, tag = stem.rpartition(".")
            found[tag] += stem + ending in everything
    for folder, count in Counter(file.rpartition("/")[0] for file in names).items():
        inner = (folder[len(place) :].lstrip("/") for place in ("", *posts) if f"{folder}/".startswith(place))
        first = dict.fromkeys(it.partition("/")[0] for it in inner)
        found.update(dict.fromkeys(filter(_is_language, first), count))
    seen = (tag for tag, count in found.items() if count >= FEWEST and folded_tag(tag) not in known)
    return sorted(filter(_is_language, seen))


@functools.cache
def _is_language(tag: str) -> bool:
    return bool(LANGUAGE_TAG.fullmatch(tag)) and localedata.exists(tag.replace("-", "_"))
