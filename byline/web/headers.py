"""The policy: headers that tell browsers what a page of this site may do, by the kind of address.

They follow from the settings and this code alone, so the digest of `Templates` covers them in every tag.
https://developer.mozilla.org/en-US/docs/Web/HTTP/Guides/CSP
"""

import functools
import re
from collections.abc import Mapping
from types import MappingProxyType
from urllib.parse import quote, urlsplit

from byline.settings.parties import STATIC, bad_source, origin_of, provider_of, values_of
from byline.settings.providers import frames
from byline.settings.settings import Settings
from byline.urls import FORMATS, GROUPS, Urls

FEEDS = re.compile(rf"(/({'|'.join(GROUPS)})/[^/]+)?/({'|'.join(re.escape(form.name) for form in FORMATS)})")
"""What other sites, such as feed readers, may load, besides the files of static/ and media/."""
ATTACHMENTS = "/attachments/"
"""Where writers' files are that no browser may open."""
ATTACHMENT_POLICY = "default-src 'none'; sandbox; base-uri 'none'; frame-ancestors 'none'"
MEDIA_POLICY = "default-src 'none'; img-src 'self' data:; media-src 'self'; base-uri 'none'; frame-ancestors 'none'"
"""For pictures, sound, video and documents opened by themselves: no script, whatever they contain."""
SCRIPTS = ("/static/", "/pagefind/")
"""Where scripts are: the owner's, and those of the search."""
THIS_MACHINE = ("http://localhost:*", "http://127.0.0.1:*")
"""Where a site is tried that has no address yet."""
MAX_ADDRESS = 2048
"""Characters of path and query: the longest address that Byline itself makes is under 800."""
YEAR = 31536000
DIRECTIVES = MappingProxyType(
    {
        "scripts": "script-src",
        "styles": "style-src",
        "fonts": "font-src",
        "images": "img-src",
        "media": "media-src",
        "frames": "frame-src",
        "connect": "connect-src",
        "forms": "form-action",
    }
)
"""Key of `[allow]` → what it opens."""


def headers_of(path: str, urls: Urls, here: str = "") -> dict[str, str]:
    """The headers of every answer at `path`, which starts with the site's base path.

    `here` is scheme and host of a writer's own server, which is opened at other addresses than the site will have.
    """
    settings, inner = urls.settings, urls.local(path)
    is_secure = urls.origin.startswith("https:")
    # A web worker is under the policy of its own file.
    is_search = inner in ("/search/", "/search") or inner.startswith("/pagefind/")
    is_open = inner.startswith(("/static/", "/media/", ATTACHMENTS)) or bool(FEEDS.fullmatch(inner))
    if inner.startswith(ATTACHMENTS):
        content_policy = ATTACHMENT_POLICY
    elif inner.startswith("/media/"):
        content_policy = MEDIA_POLICY
    else:
        origins = (here,) if here else (urls.origin, *(() if settings.has_real_url else THIS_MACHINE))
        base = urls.base.replace(";", "%3B").replace(",", "%2C")  # which end a source and a policy
        folders = (*SCRIPTS, *(("/-/",) if here else ()))
        scripts = " ".join(f"{origin}{base}{folder}" for origin in dict.fromkeys(origins) for folder in folders)
        content_policy = _page_policy(settings, scripts, is_secure, is_search)
    headers = {
        "Content-Security-Policy": content_policy,
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "strict-origin-when-cross-origin",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "cross-origin" if is_open else "same-origin",
    }
    if is_secure:
        headers["Strict-Transport-Security"] = f"max-age={YEAR}"
    if inner.startswith(ATTACHMENTS):
        headers["Content-Disposition"] = "attachment"
    return headers


@functools.lru_cache(maxsize=64)
def _page_policy(settings: Settings, scripts: str, is_secure: bool, is_search: bool) -> str:
    """The policy of a page. `scripts` are the folders that it may load them from: no writer's file is in them."""
    elsewhere = "https:" if is_secure else "https: http:"
    allow = settings.allow
    rules = {
        "default-src": "'none'",
        "script-src": scripts,
        "style-src": "'self'",
        # Posts may show pictures from other sites: that is the writer's choice, and a picture runs no script.
        "img-src": f"'self' {'data:' if allow.images else f'{elsewhere} data:'}",
        "media-src": "'self'" if allow.media else f"'self' {elsewhere}",
        "font-src": "'self'",
        # The search, a writer's stream of changes, and auditors, who ask for robots.txt as the page would.
        "connect-src": "'self'",
        "form-action": "'self'",
        "base-uri": "'none'",
        "frame-ancestors": "'none'",
    }
    if settings.trust_html and not allow.frames:
        rules["frame-src"] = "https:"  # what the owner lets writers embed
    if is_search:
        rules["script-src"] += " 'wasm-unsafe-eval'"  # Pagefind is a WebAssembly program
    for kind, sources in opened_by(settings).items():
        name = DIRECTIVES[kind]
        rules[name] = " ".join(dict.fromkeys((*rules.get(name, "").split(), *sources)))
    return "; ".join(f"{name} {value}" for name, value in rules.items())


@functools.lru_cache(maxsize=8)
def opened_by(settings: Settings) -> Mapping[str, tuple[str, ...]]:
    """Key of `[allow]` → the sources that it opens, as it is set and as scripts in the head and comments need it."""
    own, allow = origin_of(settings.url), settings.allow
    opened = {kind: [*getattr(allow, kind)] for kind in DIRECTIVES}
    for script in settings.head.scripts:
        src, origin = str(script["src"]), origin_of(str(script["src"]))
        if src.startswith(STATIC):
            continue
        # On this host only the script itself: writers' files are there, too.
        opened["scripts"].append(origin + quote(urlsplit(src).path, safe="/%") if origin == own else origin)
        named = (origin_of(str(value)) for name, value in script.items() if name.startswith("data-"))
        asked = [it for it in (origin, *named) if it != own and not bad_source(it)]
        opened["connect"] += asked
        opened["images"] += asked if allow.images else ()  # some ask for a picture
    if not settings.trust_html:
        opened["frames"] += frames(settings.embeds)
    provider = provider_of(settings)
    if provider:
        values = values_of(settings)
        for kind, sources in provider.opens.items():
            opened[kind] += (source.format_map(values) for source in sources)
    return {kind: tuple(sources) for kind, sources in opened.items() if sources}
