"""Third parties: who keeps a site's comments, which scripts are in its head, and what is wrong with either."""

import contextlib
import difflib
import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from byline.settings.settings import Settings

STATIC = "/static/"
"""Before the name of a script of the site's own."""
ATTRIBUTES = ("src", "defer", "async", "type", "id", "integrity", "crossorigin", "referrerpolicy")
"""Those that a script in the head may have, besides `data-…`."""

_LABEL = r"[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?"
_HOST = rf"{_LABEL}(?:\.{_LABEL})*(?::[1-9][0-9]{{0,4}})?"
_PATH = r"(?:/[\w.~%/@:+=-]*)?"
SOURCE = re.compile(rf"https://(?:{_HOST}|\*\.{_LABEL}\.{_HOST}){_PATH}", re.ASCII | re.IGNORECASE)
"""What a policy and every host's file of headers can hold: https://www.w3.org/TR/CSP3/#framework-directive-source-list"""
LAST_PORT = 65535
_DATA = re.compile(r"data-[a-z0-9_.-]+", re.ASCII)


class Fault(NamedTuple):
    """What is wrong with `value`, or with the key of that name, below the key `table`."""

    table: str
    value: str
    message: str
    hint: str = ""
    code: str = "bad-setting"


class Provider(NamedTuple):
    """Who keeps comments. `{name}` stands for a value of the owner's everywhere.

    The script has an attribute for each value: its name after `prefix`, and with hyphens. `fixed` has further ones;
    a value that is in `defaults` is not required. `themes` are the values of `theme` for the scheme of the reader's
    system, for light and for dark.
    """

    script: str
    prefix: str
    required: tuple[str, ...]
    defaults: Mapping[str, str]
    fixed: Mapping[str, str]
    opens: Mapping[str, tuple[str, ...]]
    page: str = ""
    """Where readers find the comments without a script."""
    element: str = ""
    """The id of the element that the script fills, if it makes none itself."""
    themes: tuple[str, ...] = ()
    languages: Mapping[str, str] = MappingProxyType({})
    """Languages that it speaks, and its names for them; of any language where there are none."""


PROVIDERS = {
    # https://giscus.app, https://github.com/giscus/giscus/blob/main/ADVANCED-USAGE.md
    "giscus": Provider(
        script="https://giscus.app/client.js",
        prefix="data-",
        required=("repo", "repo_id", "category", "category_id"),
        defaults={
            "mapping": "pathname",
            "strict": "0",
            "reactions_enabled": "1",
            "emit_metadata": "0",
            "input_position": "bottom",
            "theme": "",
            "lang": "",
        },
        fixed={"crossorigin": "anonymous"},
        opens={
            "scripts": ("https://giscus.app/client.js",),
            "styles": ("https://giscus.app/default.css",),
            "frames": ("https://giscus.app",),
        },
        page="https://github.com/{repo}/discussions",
        themes=("preferred_color_scheme", "light", "dark"),
        # It has a page for these and none for others: https://github.com/giscus/giscus/blob/main/i18n.json
        languages={code: code for code in "ar de en es fr it ja ko nl pl pt ro ru tr vi".split()} | {"zh": "zh-CN"},
    ),
    # https://utteranc.es
    "utterances": Provider(
        script="https://utteranc.es/client.js",
        prefix="",
        required=("repo",),
        defaults={"issue_term": "pathname", "label": "", "theme": ""},
        fixed={"crossorigin": "anonymous"},
        opens={"scripts": ("https://utteranc.es/client.js",), "frames": ("https://utteranc.es",)},
        page="https://github.com/{repo}/issues",
        themes=("preferred-color-scheme", "github-light", "github-dark"),
    ),
    # https://isso-comments.de/docs/reference/client-config/; its avatars are drawn with styles that a policy refuses
    "isso": Provider(
        script="{server}/js/embed.min.js",
        prefix="data-isso-",
        required=("server",),
        defaults={
            "avatar": "false",
            "vote": "",
            "sorting": "",
            "max_comments_top": "",
            "max_comments_nested": "",
            "lang": "",
        },
        fixed={"data-isso": "{server}"},
        opens={"scripts": ("{server}/js/",), "styles": ("{server}/css/",), "connect": ("{server}/",)},
        element="isso-thread",
    ),
}


def provider_of(settings: Settings) -> Provider | None:
    """Who keeps the comments of the site, if anybody does."""
    return PROVIDERS[settings.comments["provider"]] if settings.comments else None


def values_of(settings: Settings) -> dict[str, str]:
    """The values of the provider's names; the address of a server without the slash at its end."""
    provider = provider_of(settings)
    given = {name: value.removesuffix("/") if name == "server" else value for name, value in settings.comments.items()}
    return {**provider.defaults, **given} if provider else {}


def attributes_of(provider: Provider, values: Mapping[str, str]) -> dict[str, str]:
    """Those of the script of `provider`, apart from its address."""
    named = {name: values[name] for name in (*provider.required, *provider.defaults) if name != "server"}
    own = {f"{provider.prefix}{name.replace('_', '-')}": value for name, value in named.items() if value}
    return {name: value.format_map(values) for name, value in provider.fixed.items()} | own


def origin_of(address: str) -> str:
    """`https://host` of an address, as browsers compare it; empty if it has no host."""
    try:
        parts = urlsplit(address)
    except ValueError:  # `https://[`
        return ""
    host = parts.netloc.lower().removesuffix(":443" if parts.scheme == "https" else ":80")
    return f"{parts.scheme}://{host}" if host else ""


def faults_of(settings: Settings) -> Iterator[Fault]:
    """What is wrong with `[allow]`, `[head]` and `[comments]`."""
    for kind in settings.allow.__struct_fields__:
        for source in getattr(settings.allow, kind):
            message = bad_source(source)
            if (
                not message
                and kind == "scripts"
                and origin_of(source) == origin_of(settings.url)
                and urlsplit(source).path in ("", "/")
            ):
                message = f"{source} is this site: its scripts are in static/, and writers' files are elsewhere"
            if message:
                yield Fault(f"allow.{kind}", source, f"`allow.{kind}`: {message}")
    for script in settings.head.scripts:
        yield from _of_script(script)
    if settings.comments:
        yield from _of_comments(settings.comments)


def bad_source(source: str) -> str:
    """What keeps `source` out of a policy, with what to write; empty if it can be in one."""
    if _is_source(source):
        return ""
    named = f"{source!r} is no source for a policy"
    if "unsafe" in source:
        return f"{named}: scripts and styles within a page stay refused; put them into a file in static/"
    if source.startswith(("'", "data:", "blob:", "*")) or source in ("https:", "http:", "https://*"):
        return f"{named}: name the host, like https://example.org"
    bare = source.strip().removeprefix("http://").removeprefix("https://").removeprefix("//")
    host, slash, path = str(re.split("[?#;, ]", bare)[0]).partition("/")
    with contextlib.suppress(UnicodeError):  # a host in letters of other scripts
        host = host.encode("idna").decode()
    near = f"https://{host}{slash}{path}"
    hint = near if _is_source(near) and "." in host else "https://example.org or https://*.example.org"
    return f"{named}: write it like {hint}"


def _is_source(text: str) -> bool:
    port = re.match(r"https://[^/:]+:(\d+)", text)
    return bool(SOURCE.fullmatch(text)) and not (port and int(port[1]) > LAST_PORT)


def _of_script(script: Mapping[str, Any]) -> Iterator[Fault]:
    src = str(script.get("src", ""))
    for name, value in script.items():
        if name not in ATTRIBUTES and not _DATA.fullmatch(name):
            near = difflib.get_close_matches(name, (*ATTRIBUTES, "data-"), n=1)
            hint = f"did you mean `{near[0]}`?" if near else f"it can have {', '.join(ATTRIBUTES)} and data-…"
            hint = "write each as an attribute: data-domain = …" if name == "data" else hint
            yield Fault("head.scripts", name, f"`head.scripts.{name}` is not a setting", hint, "unknown-setting")
        elif not isinstance(value, str | bool | int):
            yield Fault("head.scripts", name, f"`head.scripts.{name}` must be text or true")
    if not src:
        how = "put a script without an address into a file in static/ and write its path: /static/stats.js"
        yield Fault("head", "scripts", f"a script in `head.scripts` has no `src`; {how}")
    elif not src.isprintable() or (not src.startswith(STATIC) and bad_source(origin_of(src))):
        how = "write its whole address, which begins with https://, or /static/ and the name of a file there"
        yield Fault("head.scripts", src, f"{src!r} is not the address of a script; {how}")
    elif src.startswith(STATIC) and not src.endswith((".js", ".mjs")):
        yield Fault("head.scripts", src, f"{src!r} is not a script; the name of one ends in .js or .mjs")


def _of_comments(values: Mapping[str, str]) -> Iterator[Fault]:
    name = values.get("provider", "")
    provider = PROVIDERS.get(name)
    if provider is None:
        near = difflib.get_close_matches(name.lower(), PROVIDERS, n=1, cutoff=0.75)
        how = f"did you mean {near[0]!r}?" if near else "for any other see docs/third-parties.md#another-provider"
        what = f"{name!r} is not one that Byline knows; {how}" if name else f"name one of {', '.join(PROVIDERS)}"
        yield Fault("comments", "provider", f"`comments.provider`: {what}")
        return
    known = ("provider", *provider.required, *provider.defaults)
    for key in values:
        if key not in known:
            near = difflib.get_close_matches(key.lower().replace("-", "_"), known, n=1)
            hint = f"did you mean `comments.{near[0]}`?" if near else f"{name} has {', '.join(known[1:])}"
            yield Fault("comments", key, f"`comments.{key}` is not a setting of {name}", hint, "unknown-setting")
    for key in provider.required:
        if not values.get(key):
            yield Fault("comments", "provider", f"`comments`: {name} needs `{key}`")
    if values.get("server"):
        message = bad_source(values["server"])
        if "*" in values["server"]:
            message = f"{values['server']!r} is no one server; write its whole name, like https://comments.example.org"
        if message:
            yield Fault("comments", "server", f"`comments.server`: {message}")
    repo = values.get("repo")
    if repo and not re.fullmatch(r"[\w.-]+/[\w.-]+", repo, re.ASCII):
        yield Fault("comments", "repo", f"`comments.repo`: {repo!r} is not the name of a repository, like owner/name")
