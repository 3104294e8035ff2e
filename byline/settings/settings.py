"""Every setting with its default and its meaning."""

import functools
import posixpath
import typing
from collections.abc import Mapping
from typing import Annotated, Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Meta

from byline.settings.providers import PROVIDERS
from byline.settings.tables import (
    AllowSettings,
    HeadSettings,
    LanguageSettings,
    MarkdownSettings,
    MenuItem,
    Rule,
    ThemeSettings,
)
from byline.storage.zones import zone_of

PLACEHOLDER_HOSTS = ("localhost", "127.0.0.1", "example.com", "example.org", "example.net")
DIALECTS = (
    *("byline", "astro", "decap", "docusaurus", "eleventy", "flatpages", "gatsby", "ghost", "hexo", "hugo", "jekyll"),
    *("mkdocs", "nikola", "obsidian", "pelican", "zola"),
    *("11ty", "mkdocs-material", "sveltia"),
)
"""Ways of keeping a blog: Byline's own, and those of other programs, some of which have two names."""


def about(meaning: str, **bounds: Any) -> Meta:
    """What a setting is for, and the bounds of its value."""
    return Meta(description=meaning, **bounds)


class Settings(msgspec.Struct, frozen=True, eq=False, forbid_unknown_fields=True, kw_only=True, dict=True):
    """Every setting of a site, with its default. Each can be overridden by `BYLINE_<KEY>`.

    Compared by identity, so that what is derived from a `Settings` can be cached with it.
    """

    title: Annotated[str, about("The publication's name.")] = "Byline"
    tagline: Annotated[str, about("One line about the publication, shown under its name and in the feeds.")] = ""
    url: Annotated[str, about("Where the site will live; may include a path. Every absolute URL starts with it.")] = (
        "http://localhost:5000"
    )
    language: Annotated[str, about("BCP 47 language of the site; a post can set its own with `lang`.")] = "en"
    languages: Annotated[
        dict[str, LanguageSettings],
        about(
            "[languages.de] A further language, with a `title`, a `tagline` and a `navigation` of its own if need be:"
            " its texts and lists are below `/de/` (docs/languages.md)."
        ),
    ] = {}
    timezone: Annotated[str, about("IANA time zone of dates that name none, and of all dates shown.")] = "UTC"
    default_author: Annotated[str, about("Slug or name of the author of posts that name no author.")] = ""
    posts_per_page: Annotated[int, about("Stories per page of the index and of every list.", ge=1, le=1000)] = 10
    stories: Annotated[
        str,
        about(
            "Where the list of all stories begins. If that is `/blog/` or the like, `pages/index.md` is the front page."
        ),
    ] = "/"
    feed_items: Annotated[int, about("Stories in a feed.", ge=1, le=1000)] = 20
    permalink: Annotated[
        str,
        about(
            "URL of an article, from {slug} {year} {month} {day} {category} {folder} {lang}; it ends in `/`, `.html` or"
            " neither. Without it, `/posts/{slug}/`, or what the program that the texts come from makes of them."
        ),
    ] = ""
    navigation: Annotated[tuple[MenuItem, ...], about("Links in the masthead: [[navigation]] title, url.")] = ()
    social: Annotated[tuple[MenuItem, ...], about("Links in the footer: [[social]] title, url.")] = ()
    slugs: Annotated[
        dict[str, str],
        about('Slugs for tags, categories, series and authors that would otherwise share one: "C++" = "cpp".'),
    ] = {}
    redirects: Annotated[
        dict[str, str | Rule],
        about(
            '[redirects] Old addresses and where they lead: "/old/" = "/new/", "/blog/*" = "/posts/:splat",'
            ' "/sale/" = {to = "/offers/", status = 302}, "/gone/" = {status = 410} (docs/addresses.md).'
        ),
    ] = {}
    allowed_tags: Annotated[
        tuple[str, ...], about("The tags that posts may use. If any are listed, all others are errors.")
    ] = ()
    allowed_categories: Annotated[tuple[str, ...], about("The categories that posts may use, likewise.")] = ()
    unicode_slugs: Annotated[bool, about("Keep letters of other scripts in slugs instead of transliterating them.")] = (
        False
    )
    social_cards: Annotated[
        bool, about("Draw the headline as a preview picture for a story without a JPEG, PNG or GIF cover.")
    ] = True
    markdown_twins: Annotated[
        bool, about("Publish each story as Markdown, too, at `index.md` below its address, for programs that read.")
    ] = False
    llms: Annotated[
        bool,
        about("Publish `/llms.txt`, which tells programs what is where (https://llmstxt.org), twins first."),
    ] = False
    edit: Annotated[
        str,
        about(
            "Address at which a reader may edit a page, shown at its end:"
            ' "https://github.com/owner/repository/edit/main/{path}".'
        ),
    ] = ""
    trust_html: Annotated[
        bool,
        about("Publish raw HTML in posts unchanged: every writer is trusted with the readers' browsers."),
    ] = False
    hosts: Annotated[
        tuple[str, ...],
        about('What will serve the frozen site: "caddy", "cloudflare", "github", "netlify", "nginx" (docs/hosts.md).'),
    ] = ()
    precompressed: Annotated[
        bool,
        about("Write `.br` and `.gz` versions beside frozen text files, for hosts that serve them as they are."),
    ] = False
    trusted_proxies: Annotated[
        int,
        about(
            "How many proxies in front of the server to trust about where a request came from.",
            ge=0,
            le=9,
        ),
    ] = 0
    markdown: Annotated[
        MarkdownSettings,
        about(
            '[markdown] engine: "github" shows Markdown as GitHub does, "python" as Flask-FlatPages does, with'
            " Python-Markdown and its `extensions` and `extension_configs`. `shortcodes` is the folder of templates for"
            " `{{< name … >}}` and the like (docs/markdown.md)."
        ),
    ] = MarkdownSettings()
    theme: Annotated[
        ThemeSettings,
        about(
            "[theme] The look: `accent`, one colour for both schemes, and `sections`, one for a category each; `logo`"
            ' and `logo_dark`, files in static/; `scheme` = "auto", "light" or "dark"; `headline` = "serif", "sans" or'
            ' "system"; `front` = "news", "list" or "grid"; `masthead` = "left" or "center"; `footer`, in Markdown'
            " (docs/theming.md)."
        ),
    ] = ThemeSettings()
    allow: Annotated[
        AllowSettings,
        about(
            "[allow] What pages may use besides the site's own: lists of sources such as `https://fonts.example` for"
            " `scripts`, `styles`, `fonts`, `images`, `media`, `frames`, `connect` and `forms` (docs/third-parties.md)."
        ),
    ] = AllowSettings()
    head: Annotated[
        HeadSettings,
        about(
            "[head] scripts: those that run on every page, such as analytics, each with the attributes that it has in"
            ' HTML: `{ src = "https://plausible.io/js/script.js", defer = true, data-domain = "paper.example" }`'
            " (docs/third-parties.md)."
        ),
    ] = HeadSettings()
    comments: Annotated[
        dict[str, str],
        about(
            "[comments] provider: who keeps the comments below each story, `giscus`, `utterances` or `isso`, and its"
            " own values (docs/third-parties.md)."
        ),
    ] = {}
    embeds: Annotated[
        dict[str, bool | tuple[str, ...]],
        about(
            "[embeds] Sites whose players readers can load with a click, where a paragraph is nothing but an address:"
            f' {", ".join(f"`{name}`" for name in PROVIDERS)}, as in `youtube = true`, `mastodon = ["mastodon.social"]`'
            " (docs/markdown.md)."
        ),
    ] = {}
    pages: Annotated[str, about("The content folder, relative to the site's folder.")] = "pages"
    dialect: Annotated[
        str,
        about(
            "The program whose way of keeping posts the content folder follows, such as `jekyll` or `hugo`"
            " (docs/moving/README.md); `byline` for Byline's own. Without it, Byline looks at the files."
        ),
    ] = ""
    urls_elsewhere: Annotated[
        tuple[str, ...],
        about("Addresses of the host that are not this site's, such as `/shop/*`: links there are not dead."),
    ] = ()
    keys: Annotated[
        dict[str, str], about('[keys] The owner\'s own names of front matter keys: "thumbnail" = "cover".')
    ] = {}
    store: Annotated[
        str,
        about(
            "Where the cache lives, relative to the site's folder. May be deleted at any time. An address such as"
            " `s3://bucket/folder` is a store that machines share, behind the cache of each (docs/store.md)."
        ),
    ] = ".cache"

    @property
    def cache(self) -> str:
        """The folder of this machine's own store, relative to the site's."""
        return ".cache" if "://" in self.store else self.store

    @functools.cached_property
    def content_root(self) -> str:
        """The start of every content file's path, as people see it: "pages/"."""
        folder = posixpath.normpath(self.pages)
        return "" if folder == "." else f"{folder}/"

    @functools.cached_property
    def places(self) -> Mapping[str, tuple[int, int]]:
        """Key of `redirects` or `theme`, or address of a script → its line and column in site.toml."""
        return {}

    def language_of(self, tag: str) -> str | None:
        """The key in `languages` of the language that `tag` names, or a regional form of it; empty for the main one,
        None for any other."""
        codes = {folded_tag(self.language): ""} | {folded_tag(code): code for code in self.languages}
        wanted = folded_tag(tag)
        near = (code for known, code in codes.items() if known.partition("-")[0] == wanted.partition("-")[0])
        return codes[wanted] if wanted in codes else next(near, None)

    @functools.cached_property
    def in_language(self) -> Mapping[str, "Settings"]:
        """Key in `languages` → the settings of the site in that language."""
        return {
            code: msgspec.structs.replace(
                self, language=code, title=own.title or self.title, tagline=own.tagline, navigation=own.navigation
            )
            for code, own in self.languages.items()
        }

    @property
    def has_real_url(self) -> bool:
        return urlsplit(self.url).hostname not in PLACEHOLDER_HOSTS

    @functools.cached_property
    def zone(self) -> ZoneInfo:
        return zone_of(self.timezone)


KEYS = Settings.__struct_fields__


def meaning_of(key: str) -> str:
    """What a setting is for."""
    meta: Meta = typing.get_type_hints(Settings, include_extras=True)[key].__metadata__[0]
    return meta.description or ""


def folded_tag(tag: str) -> str:
    """The same for all ways to write the tag of a language."""
    return tag.replace("_", "-").casefold()
