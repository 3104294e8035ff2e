"""Something on a page that browsers refuse, because the site's policy does not allow it.

Every answer says what its page may load and run: what is the site's own, and what `[allow]`, `[head]` and `[comments]`
in site.toml open besides. All else is refused without a word to the reader: a script of another host, a frame, a form
that is sent elsewhere. What is within a page is refused as well: a `<script>` without an address, `onclick=`, `<style>`
and `style=` belong into files in static/. Templates, style sheets in static/ and posts are compared with the policy
that the site really sends ([docs/third-parties.md](third-parties.md)).

A template such as this is reported, with `add it to [allow] scripts`:

```html
{% extends "theme/base.html" %}
{% block head %}
<script src="https://cdn.example/confetti.js"></script>
{% endblock %}
```
"""

import contextlib
import re
from collections.abc import Iterator, Mapping, Sequence
from html.parser import HTMLParser
from typing import NamedTuple
from urllib.parse import unquote, urljoin, urlsplit

from byline.check.survey import Survey
from byline.problems import Problem
from byline.urls import Urls
from byline.web.headers import DIRECTIVES, headers_of
from byline.web.templates import APP

CODE = "not-allowed"
LOADED = {
    ("script", "src"): "scripts",
    ("iframe", "src"): "frames",
    ("form", "action"): "forms",
    ("button", "formaction"): "forms",
    ("input", "formaction"): "forms",
    ("input", "src"): "images",
    ("img", "src"): "images",
    ("img", "srcset"): "images",
    ("source", "srcset"): "images",
    ("source", "src"): "media",
    ("video", "poster"): "images",
    ("video", "src"): "media",
    ("audio", "src"): "media",
    ("track", "src"): "media",
}
"""Element and attribute → the key of `[allow]` for what is loaded from there."""
LINKED = {"stylesheet": "styles", "modulepreload": "scripts", "icon": "images", "apple-touch-icon": "images"}
PRELOADED = {"script": "scripts", "style": "styles", "font": "fonts", "image": "images"}
NEVER = {
    "base": ("`<base>` has no effect", "write whole paths"),
    "embed": ("`<embed>` shows nothing", "use an <iframe>, or link to the file"),
    "object": ("`<object>` shows nothing", "use an <iframe>, or link to the file"),
}
"""Elements that no setting allows."""
PROGRAMS = ("", "module", "text/javascript", "application/javascript", "importmap", "speculationrules")
"""Types of scripts that a browser runs; any other is data."""
UNKNOWN = "\x01"
"""Stands for what an expression of a template prints."""

_JINJA = re.compile(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)
_IN_CSS = re.compile(
    r"""(?P<comment>/\*.*?\*/)|(?P<import>@import)\s+(?:url\(\s*)?["']?(?P<sheet>[^"')\s;]+)"""
    r"""|(?P<face>@font-face)|(?P<end>\})|url\(\s*["']?(?P<url>[^"')\s]+)""",
    re.DOTALL | re.IGNORECASE,
)


class Refused(NamedTuple):
    """`word` is what a source that is no template has at the place."""

    line: int
    col: int
    word: str
    message: str
    hint: str


class Policy:
    """What pages of a site may load."""

    def __init__(self, urls: Urls) -> None:
        policy = headers_of(urls.home, urls)["Content-Security-Policy"]
        self._rules = {rule.split()[0]: rule.split()[1:] for rule in policy.split("; ")}
        self._urls = urls

    def refuses(self, kind: str, typed: str) -> tuple[str, str] | None:
        """What to say about the address `typed`, and what to do, if it may not be loaded as `kind`."""
        known, mark, _ = typed.strip().partition(UNKNOWN)
        if mark and not re.match(r"(https?:)?//[^/]+/", known):
            return None
        if known.lower().startswith("javascript:"):
            return "a `javascript:` address does not run", _FILE
        try:
            url = urljoin(f"{self._urls.origin}{self._urls.home}page/", known)
        except ValueError:  # `https://[`
            return None
        if kind in ("images", "media") and self._urls.origin.startswith("https:"):
            url = re.sub(
                "^http:", "https:", url
            )  # browsers do so, too: https://www.w3.org/TR/mixed-content/#upgrade-algorithm
        parts, own = urlsplit(url), url.startswith(f"{self._urls.origin}/")
        if own and kind == "frames":
            return f"{known}, a page of this site, is not shown in a frame", "link to it"
        sources = self._rules.get(DIRECTIVES[kind], [])
        if any(_matches(source, url, self._urls.origin, is_whole=not mark) for source in sources):
            return None
        if own:
            return (f"{known} does not run: only scripts in static/ do", _FILE) if kind == "scripts" else None
        if parts.scheme not in ("http", "https"):
            return f"{parts.scheme}: is not allowed here", "put it into a file in static/"
        way = "write it with https:// and " if parts.scheme == "http" else ""
        return f"{parts.scheme}://{parts.netloc} is not allowed", f"{way}add it to [allow] {kind}"


_FILE = "put it into a file in static/, and write its address as {{ static(…) }}"
_CLASS = "give the element a class, and write its style into static/custom.css"


def _matches(source: str, url: str, origin: str, *, is_whole: bool) -> bool:
    """https://www.w3.org/TR/CSP3/#match-url-to-source-expression"""
    if source == "'self'":
        return url.startswith(f"{origin}/")
    scheme, colon, rest = source.partition(":")
    parts = urlsplit(url)
    if colon and not rest:
        return parts.scheme == scheme or (scheme == "http" and parts.scheme == "https")
    wanted = urlsplit(source)
    host, _, port = wanted.netloc.lower().partition(":")
    its_host, _, its_port = parts.netloc.lower().partition(":")
    is_host = its_host.endswith(host[1:]) if host.startswith("*.") else its_host == host
    is_port = port in ("*", its_port) or {port, its_port} <= {"", "443" if parts.scheme == "https" else "80"}
    if not (parts.scheme == wanted.scheme and is_host and is_port):
        return False
    path, its_path = unquote(wanted.path), unquote(parts.path)
    return not is_whole or path in ("", its_path) or (path.endswith("/") and its_path.startswith(path))


class _Page(HTMLParser):
    """Reads HTML, or a template without its Jinja, and keeps what is refused."""

    def __init__(self, policy: Policy) -> None:
        super().__init__(convert_charrefs=True)
        self.refused: list[Refused] = []
        self._policy = policy
        self._is_program = False

    def handle_starttag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        kind = values.get("type", "").lower()
        self._is_program = tag == "script" and "src" not in values and kind in PROGRAMS
        if tag in NEVER:
            self._refuse(f"<{tag}", *NEVER[tag])
        if tag == "style":
            self._refuse("<style", "a style within a page has no effect", "put it into static/custom.css")
        for name, value in values.items():
            if name == "style":
                self._refuse("style=", "a `style` attribute has no effect", _CLASS)
            elif re.fullmatch("on[a-z]+", name):
                self._refuse(f"{name}=", f"`{name}` does not run", "add a listener in a file in static/")
            elif name == "href" and value.strip().lower().startswith("javascript:"):
                self._refuse(value, "a `javascript:` address does not run", _FILE)
        for what, address in _loads(tag, values):
            found = self._policy.refuses(what, address)
            if found:
                self._refuse(address, *found)

    def handle_data(self, data: str) -> None:
        if self._is_program and data.strip():
            self._refuse("<script", "a script within a page does not run", _FILE)
        self._is_program = False

    def _refuse(self, word: str, message: str, hint: str) -> None:
        line, offset = self.getpos()
        self.refused.append(Refused(line, offset + 1, word, message, hint))


def _loads(tag: str, values: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Key of `[allow]` and address of everything that an element loads."""
    for name, value in values.items():
        kind = LOADED.get((tag, name))
        if kind and name == "srcset":
            yield from ((kind, part.split()[0]) for part in value.split(",") if part.split())
        elif kind and value:
            yield kind, value
    if tag == "link" and values.get("href"):
        kinds = {LINKED.get(rel) for rel in values.get("rel", "").lower().split()}
        if "preload" in values.get("rel", "").lower().split():
            kinds.add(PRELOADED.get(values.get("as", "").lower()))
        yield from ((kind, values["href"]) for kind in sorted(kinds - {None}, key=str) if kind)


def in_site(survey: Survey) -> Iterator[Problem]:
    policy = Policy(survey.site.urls)
    for source in {source.path: source for source in survey.templates.values()}.values():
        if source.path.endswith(".html") and not source.path.startswith(APP):
            refused = _refused(_JINJA.sub(_without_jinja, source.text), policy)
            yield from (_problem(source.path, found.line, found.col, found) for found in refused)
    for path in sorted({file.source for file in survey.site.files.values()}):
        if path.startswith("static/") and path.endswith(".css"):
            yield from (_problem(path, found.line, found.col, found) for found in _in_css(survey.read(path), policy))
    yield from _in_posts(survey, policy)


def _refused(html: str, policy: Policy) -> list[Refused]:
    page = _Page(policy)
    with contextlib.suppress(AssertionError):  # of the library, about `<![x[`: what it has read counts
        page.feed(html)
        page.close()
    return page.refused


def _in_posts(survey: Survey, policy: Policy) -> Iterator[Problem]:
    """Where HTML is sanitised, only pictures and media can be refused, and those only where some are listed."""
    settings, site = survey.site.settings, survey.site
    if not (settings.trust_html or settings.allow.images or settings.allow.media):
        return
    for item in (*site.by_url.values(), *site.all_authors):
        if item.body is None:
            continue
        in_body = _refused(survey.html_of(item.body), policy)
        text = survey.read(item.path) if in_body else ""
        for found in dict.fromkeys(found._replace(line=0, col=0) for found in in_body):
            at = max(text.lower().find(found.word.lower()), 0)
            yield _problem(item.path, text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at), found)
        cover = getattr(item, "cover", None) or getattr(item, "avatar", None)
        refused = policy.refuses("images", cover.url) if cover else None
        if refused:
            yield survey.at(item.path, "cover", CODE, *refused)


def _in_css(text: str, policy: Policy) -> Iterator[Refused]:
    is_face = False
    for found in _IN_CSS.finditer(text):
        if found["face"] or found["end"]:
            is_face = bool(found["face"])
        address = found["sheet"] or found["url"]
        if not address or not re.match(r"([a-z][a-z0-9+.-]*:|//)", address, re.IGNORECASE):
            continue
        before = text[: found.start()].rpartition("\n")[2].lower()
        refused = policy.refuses("styles" if found["import"] else "fonts" if is_face else "images", address)
        if refused and "@namespace" not in before:
            at = found.start()
            yield Refused(text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at), address, *refused)


def _without_jinja(found: re.Match[str]) -> str:
    """As long as before, so that places stay."""
    return re.sub(r"[^\n]", UNKNOWN if found[0].startswith("{{") else " ", found[0])


def _problem(path: str, line: int, col: int, found: Refused) -> Problem:
    return Problem(path, line, col, CODE, found.message, found.hint, "warning")
