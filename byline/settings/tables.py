"""The tables of site.toml: one struct each."""

from typing import Any, Literal

import msgspec


class MenuItem(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An entry of the navigation or of the social links."""

    title: str
    url: str


class Rule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where an old address leads, if not by a 301; 410 says that it leads nowhere any more."""

    to: str = ""
    status: Literal[301, 302, 307, 308, 410] = 301


class LanguageSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What differs in a language besides the main one; without a title it is the site's."""

    title: str = ""
    tagline: str = ""
    navigation: tuple[MenuItem, ...] = ()


class MarkdownSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who reads Markdown: `engine` is empty where the site does not say."""

    engine: Literal["", "github", "python"] = ""
    extensions: tuple[str, ...] = ()
    extension_configs: dict[str, dict[str, Any]] = {}
    shortcodes: str = "shortcodes"


class ThemeSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The look of the theme. `logo` and `logo_dark` are files in static/, `sections` maps categories to colours."""

    accent: str = ""
    sections: dict[str, str] = {}
    logo: str = ""
    logo_dark: str = ""
    scheme: Literal["auto", "light", "dark"] = "auto"
    headline: Literal["serif", "sans", "system"] = "serif"
    front: Literal["news", "list", "grid"] = "news"
    masthead: Literal["left", "center"] = "left"
    footer: str = ""


class AllowSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Sources beyond the site's own that its pages may use. Pictures and media may come from anywhere until some are
    listed, and so may frames where HTML is trusted."""

    scripts: tuple[str, ...] = ()
    styles: tuple[str, ...] = ()
    fonts: tuple[str, ...] = ()
    images: tuple[str, ...] = ()
    media: tuple[str, ...] = ()
    frames: tuple[str, ...] = ()
    connect: tuple[str, ...] = ()
    forms: tuple[str, ...] = ()


class HeadSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What goes into the head of every page: of each script its attributes, named as in HTML."""

    scripts: tuple[dict[str, Any], ...] = ()
