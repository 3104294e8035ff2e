"""Engines: which of the two reads Markdown on a site, and why."""

import json
from collections.abc import Mapping
from typing import Literal

import msgspec

from byline.markdown.shortcodes.expansion import NONE, Codes
from byline.problems import SiteError
from byline.settings.file import FILE_NAME
from byline.settings.tables import MarkdownSettings

EXTENSIONS = "FLATPAGES_MARKDOWN_EXTENSIONS"
CONFIGS = "FLATPAGES_EXTENSION_CONFIGS"
RENDERER = "FLATPAGES_HTML_RENDERER"


class Engine(msgspec.Struct, frozen=True):
    """What reads Markdown: a plain value, which may go into keys and to other processes.

    `configs` is JSON. If `is_custom`, the app's config holds Python objects, and Flask-FlatPages itself makes the HTML.
    """

    name: Literal["github", "python"] = "github"
    reason: str = "the default"
    extensions: tuple[str, ...] = ()
    configs: str = "{}"
    is_custom: bool = False
    codes: Codes = NONE
    """What shortcodes become before it reads a text."""

    def __str__(self) -> str:
        return f"Markdown is read by the {self.name} engine ({self.reason})"


GITHUB = Engine()


def engine_of(settings: MarkdownSettings, config: Mapping[str, object]) -> Engine:
    """The engine for the site's settings and the app's config.

    Raises SiteError where the two contradict each other, or an extension cannot be loaded.
    """
    named = [key for key in (EXTENSIONS, CONFIGS, RENDERER) if config.get(key) is not None]
    given = [key for key in ("extensions", "extension_configs") if getattr(settings, key)]
    if settings.engine != "python" and given:
        is_said = f'`markdown.engine` is "{settings.engine}"' if settings.engine else "`markdown.engine` is not set"
        raise SiteError(f'{FILE_NAME}: `markdown.{given[0]}` is for the engine "python", but {is_said}')
    if named and (settings.engine == "github" or given):
        key = f"markdown.{given[0]}" if given else "markdown.engine"
        raise SiteError(f"{FILE_NAME}: `{key}` contradicts {named[0]} in the app's config; remove one of them")
    if named:
        return _configured(named[0], config)
    if not settings.engine:
        return GITHUB
    configs = json.dumps(settings.extension_configs, sort_keys=True)
    return Engine(settings.engine, f"`markdown.engine` in {FILE_NAME}", settings.extensions, configs)


def _configured(reason: str, config: Mapping[str, object]) -> Engine:
    """The engine that the app's config asks for, as Flask-FlatPages documents it."""
    extensions = config.get(EXTENSIONS) or ()
    configs = config.get(CONFIGS) or {}
    if not isinstance(extensions, list | tuple | set) or not isinstance(configs, dict):
        key, kind = (CONFIGS, "a dictionary") if isinstance(extensions, list | tuple | set) else (EXTENSIONS, "a list")
        raise SiteError(f"{key} in the app's config is not {kind}; see Flask-FlatPages' documentation")
    why = f"{reason} in the app's config"
    try:
        plain = json.dumps(configs, sort_keys=True)
    except (TypeError, ValueError):
        plain = ""
    if config.get(RENDERER) is not None or not plain or not all(isinstance(name, str) for name in extensions):
        return Engine("python", why, is_custom=True)
    return Engine("python", why, tuple(map(str, extensions)), plain)
