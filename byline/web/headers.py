"""The policy: headers that tell browsers what a page of this site may do, by the kind of address.

They follow from the settings and this code alone, so the digest of `Templates` covers them in every tag.
https://developer.mozilla.org/en-US/docs/Web/HTTP/Guides/CSP
"""

import functools
import re

from byline.settings.providers import frames
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
        framed = ("https:",) if settings.trust_html else frames(settings.embeds)
        content_policy = _page_policy(scripts, is_secure, framed, is_search, bool(here))
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


@functools.cache
def _page_policy(scripts: str, is_secure: bool, framed: tuple[str, ...], is_search: bool, in_development: bool) -> str:
    """The policy of a page. `scripts` are the folders that it may load them from: no writer's file is in them.
    `framed` is what the owner lets writers embed."""
    elsewhere = "https:" if is_secure else "https: http:"
    rules = {
        "default-src": "'none'",
        "script-src": scripts,
        "style-src": "'self'",
        # Posts may show pictures from other sites: that is the writer's choice, and a picture runs no script.
        "img-src": f"'self' {elsewhere} data:",
        "media-src": f"'self' {elsewhere}",
        "font-src": "'self'",
        "form-action": "'self'",
        "base-uri": "'none'",
        "frame-ancestors": "'none'",
    }
    if framed:
        rules["frame-src"] = " ".join(framed)
    if is_search:
        rules["script-src"] += " 'wasm-unsafe-eval'"  # Pagefind is a WebAssembly program
        rules["connect-src"] = "'self'"
    if in_development:
        rules["connect-src"] = "'self'"  # the stream of changes
    return "; ".join(f"{name} {value}" for name, value in rules.items())
