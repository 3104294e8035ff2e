"""Links: what a relative address in a post means on the published site."""

import difflib
import functools
import html
import posixpath
import re
import unicodedata
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple
from urllib.parse import quote, unquote, urljoin, urlsplit

from msgspec import structs

from byline.content import bodies
from byline.content.reader import Parsed
from byline.content.sources import SUFFIXES, stem_of
from byline.frontmatter.fields import Cover
from byline.markdown.facts import PLAYED, Address, player_of
from byline.markdown.figures import COLUMN
from byline.markdown.ids import slug
from byline.markdown.sanitize import SCHEMES
from byline.media.files import PICTURES, POSTER_WIDTHS, WIDTHS, Media, is_harmless, is_picture, published_suffix
from byline.models import Body, File, Picture, Reference
from byline.problems import Problem
from byline.settings.values import LANGUAGE_TAG
from byline.urls import SAFE as URL_SAFE
from byline.urls import Urls, same_host, scheme_of, site_path

_CANDIDATE = re.compile(r"[\s,]*+(\S*[^\s,])(?:\s+([^\s,][^,]*))?")
"""A picture of `srcset` and its descriptor: https://html.spec.whatwg.org/multipage/images.html#srcset-attributes"""
_POSTERS = re.compile(r"(?:\.poster)?\.(?:jpe?g|png|webp|avif)", re.IGNORECASE)
_CAPTIONS = re.compile(rf"(?:\.({LANGUAGE_TAG.pattern}))?\.vtt", re.IGNORECASE)
"""How files end that belong to a film of the same name."""
_DESCRIPTOR = re.compile(r"\d{1,6}(?:\.\d{1,4})?x|\d{1,6}w|")
SAFE = URL_SAFE + "%"


CONTENT = "pages/"
"""The content folder, as links between files name it; its real name and place may differ."""


_UP = re.compile(r"^(?:\.{1,2}/)+")
_OF_OTHERS = re.compile(r"@/|(?:\{|%7B)(?:filename|static|attach)(?:\}|%7D)|\|(?:filename|static)\||link://slug/")
"""How Zola, Pelican and Nikola begin the address of a file."""


def _as_ours(start: re.Match[str]) -> str:
    return "/" if start[0] == "@/" else ""


class Target(NamedTuple):
    """What a link becomes in the page: `url`, or None if it prints as its text."""

    url: str | None
    file: File | None = None
    reference: bool = False
    problem: tuple[str, str, str] | None = None


class Resolver:
    """Resolves addresses of one site. Paths are as people see them: `pages/posts/a.md`.

    `urls_by_file` maps published Markdown files to their URLs; `withheld` holds files and URLs that exist but
    are not published, `redirects` old URLs and where they lead, `public` the URLs of files that are published as they
    are.
    """

    def __init__(
        self,
        urls: Urls,
        urls_by_file: Mapping[str, str],
        withheld: frozenset[str],
        media: Media,
        redirects: Mapping[str, str] = MappingProxyType({}),
        public: frozenset[str] = frozenset(),
        *,
        is_foreign: bool = False,
    ) -> None:
        self.is_foreign = is_foreign
        self.urls = urls
        self.redirects = redirects
        self.public = public
        self.root = urls.settings.content_root
        self.base = urls.base
        self.root_base = urls.mount if urls.prefix else urls.base
        """What is before an address from the root: in an app with other pages, `/shop/` is one of those."""
        self.origin = urls.origin
        host = urlsplit(urls.origin).hostname or ""
        own = "|".join(map(re.escape, {host, same_host(host)}))
        # Before a third slash or a digit, the host may be one of ours in another form.
        self.hosts = re.compile(rf"{own}|:///|://[^/]*@|://\d", re.IGNORECASE)
        self.trusts_html = urls.settings.trust_html
        self.urls_by_file = urls_by_file
        self.withheld = withheld
        self.withheld_paths = {site_path(url, self.origin) for url in withheld if url.startswith("/")}
        self.media = media

    def resolve(self, value: str, path: str, url: str) -> Target:
        """What `value`, written in the file `path` whose page is `url`, leads to."""
        if value.startswith("#") or self.is_elsewhere(value):
            return Target(value)
        is_name = value.startswith("[[") and value.endswith("]]")
        target = self._named(value[2:-2]) if is_name else self._target(value, path, url)
        scheme = scheme_of(target.url or "")
        if scheme and scheme not in SCHEMES and not self.trusts_html:  # `%6aavascript:` has become one only now
            return Target(None, problem=("bad-address", f"{value!r} is an unsafe {scheme}: address", "remove it"))
        return target

    @property
    def world(self) -> tuple[Any, ...]:
        """All that addresses are resolved with, besides the settings."""
        return self.urls_by_file, self.withheld, self.media.contents, self.redirects, self.public

    def is_elsewhere(self, value: str) -> bool:
        """Whether it certainly leads to another site: a fast answer for most of a large site's 100,000 links."""
        is_plain = value.startswith(("https://", "http://")) and value.isascii() and value.isprintable()
        return is_plain and "%" not in value and not self.hosts.search(value)

    def _target(self, value: str, path: str, url: str) -> Target:
        value = _OF_OTHERS.sub(_as_ours, value, count=1) if value[:1] in "@{|l%" else value
        try:
            parts = urlsplit(value)
        except ValueError:  # `http://[`
            return Target(value)
        if parts.scheme in ("http", "https") or parts.netloc or value.startswith("//"):
            return self._with_host(value, parts.path)
        if "{{" in value or "{%" in value:
            return Target(
                value, problem=("liquid", f"{value!r} is Liquid, which Byline does not run", "write the address itself")
            )
        if parts.scheme:
            return Target(value)
        tail = value[len(parts.path) :]
        target = unicodedata.normalize("NFC", unquote(parts.path))
        if not parts.path:
            return Target(value)
        if target.startswith("/"):
            return self._from_root(target, tail)
        return self._relative(target, tail, path, url)

    def _named(self, name: str) -> Target:
        """`[[name]]`, `[[name#Heading]]`, `[[cat.png]]`: a file by its name, or the end of its path, in any folder."""
        wanted, _, heading = (unicodedata.normalize("NFC", part.strip()) for part in unquote(name).partition("#"))
        tail = f"#{quote(slug(heading), SAFE)}" if heading else ""
        if not wanted:
            return Target(tail or None)
        end = f"/{_name_of(wanted)}"
        found = [path for path in self.files_by_name.get(posixpath.basename(end), ()) if _name_of(path).endswith(end)]
        target = self._file(found[0], tail) if len(found) == 1 else None
        if target:
            return target
        hint = (
            f"write which: [[{'/'.join(_bare(found[0]).split('/')[-2:])}]]"
            if found
            else f"no file has the name {wanted}{'' if player_of(wanted) or is_picture(wanted) else '.md'}"
        )
        fault = f"is the name of {len(found)} files" if found else "leads nowhere"
        return Target(None, problem=("broken-link", f"[[{name}]] {fault}, so it prints as text", hint))

    @functools.cached_property
    def files_by_name(self) -> dict[str, list[str]]:
        names: dict[str, list[str]] = {}
        texts = {*self.urls_by_file, *(path for path in self.withheld if not path.startswith("/"))}
        for path in sorted(texts | self.media.contents.keys()):
            names.setdefault(posixpath.basename(_name_of(path)), []).append(path)
        return names

    def _with_host(self, value: str, path: str) -> Target:
        """An address with a host, which may be this site's own."""
        if site_path(value, self.origin) is None:
            return Target(value)
        return self._site_url(value, path) if f"{path}/".startswith(f"{self.base}/") else Target(value)

    def _from_root(self, target: str, tail: str) -> Target:
        """`/static/x.png`, `/assets/x.png` in the content folder, or a URL of the site."""
        inner = target.removeprefix(self.base) if self.base and f"{target}/".startswith(f"{self.base}/") else target
        inner = inner or "/"
        for path in (inner[1:], CONTENT + inner[1:]):
            file = self._file(self._real(posixpath.normpath(path)), tail)
            if file:
                return file
        if quote(inner, SAFE) in self.public:
            return Target(self.base + quote(inner, SAFE) + tail)
        if posixpath.splitext(inner)[1].lower() in PICTURES and not self.urls.is_elsewhere(inner):
            return Target(None, problem=_missing("picture", target, self._near(CONTENT + inner[1:])))
        base = self.base if inner != target else self.root_base
        url = base + quote(inner, SAFE)
        return self._site_url(url + tail, url)

    def _relative(self, target: str, tail: str, path: str, url: str) -> Target:
        inside = CONTENT + path.removeprefix(self.root)
        joined = posixpath.normpath(posixpath.join(posixpath.dirname(inside), target))
        places = [joined, *(self._of_others(target, inside) if self.is_foreign else ())]
        for place in places:
            file = None if place.startswith("../") else self._file(self._real(place), tail)
            if file:
                return file
        if self.is_foreign and quote(f"/{_UP.sub('', target)}", SAFE) in self.public:
            return Target(f"{self.base}/{quote(_UP.sub('', target), SAFE)}{tail}")
        suffix = posixpath.splitext(target)[1].lower()
        if suffix in PICTURES:
            return Target(None, problem=_missing("picture", target, self._near(joined)))
        if suffix in SUFFIXES or (suffix and is_harmless(target)):
            hint = self._near(joined) or f"there is no file {self._real(joined)}"
            return Target(None, problem=("broken-link", f"{target!r} leads nowhere, so it prints as text", hint))
        there = urljoin(url, "./" + quote(target, SAFE))  # a path with a colon in it is still a path
        return self._site_url(there + tail, there)

    def _of_others(self, target: str, inside: str) -> tuple[str, ...]:
        """Where else programs look for a file: in the folder named like the post, and from the site's root."""
        return posixpath.join(stem_of(inside), target), CONTENT + _UP.sub("", target)

    def _near(self, path: str) -> str:
        """A question for a writer who may have mistyped `path`, below `pages/`; empty if nothing there is like it."""
        folder, _, name = self._real(path).rpartition("/")
        names = self._names_in.get(folder, [])
        near = [known for known in names if known.casefold() == name.casefold()]
        near = near or difflib.get_close_matches(name, names, n=1, cutoff=0.75)
        return f"did you mean {near[0]!r}?" if near else ""

    @functools.cached_property
    def _names_in(self) -> Mapping[str, list[str]]:
        """The names of the files in each folder."""
        names: dict[str, list[str]] = {}
        for path in sorted({*self.urls_by_file, *self.media.contents}):
            folder, _, name = path.rpartition("/")
            names.setdefault(folder, []).append(name)
        return names

    def beside(self, path: str, endings: re.Pattern[str]) -> list[tuple[str, re.Match[str]]]:
        """The files in the folder of `path` that have its name and one of `endings`."""
        folder, _, name = path.rpartition("/")
        stem = posixpath.splitext(name)[0]
        names = [one for one in self._names_in.get(folder, ()) if one.startswith(f"{stem}.")]
        found = [(f"{folder}/{one}", endings.fullmatch(one, len(stem))) for one in names]
        return [(one, match) for one, match in found if match]

    def _real(self, path: str) -> str:
        """`path` below `pages/` as a path below the real content folder, which may be anywhere."""
        return self.root + path.removeprefix(CONTENT) if path.startswith(CONTENT) else path

    def _file(self, path: str, tail: str) -> Target | None:
        if path in self.urls_by_file:
            return Target(self.urls_by_file[path] + tail)
        if path in self.withheld:
            return _unpublished(path)
        fault = self.media.fault(path)
        if fault:
            return Target(None, problem=self._faulty(path, fault))
        file = self.media.file(path)
        if file and not file.form and not path.startswith("static/") and not is_harmless(path):
            hint = "pack it in a .zip, or put it in public/ if readers are to open it"
            message = f"{path} prints as text: a browser or a host could run {published_suffix(path)} files"
            return Target(None, problem=("unsafe-file", message, hint))
        if not file:
            return None
        names_camera = bool(self.media.facts(path).trace)
        problem = self._faulty(path, "is published with the name of a camera in it") if names_camera else None
        return Target(file.url + tail, file, problem=problem)

    def _faulty(self, path: str, fault: str) -> tuple[str, str, str]:
        found = self.media.facts(path)
        if found.trace:
            return "private-data", f"{path} {fault}", found.hint
        return "bad-picture", f"{path} {fault}", found.hint

    def _site_url(self, written: str, url: str) -> Target:
        if self.withheld_paths and site_path(url, self.origin) in self.withheld_paths:
            return _unpublished(urlsplit(url).path)
        parts = urlsplit(url)
        if self.urls.is_elsewhere(self.urls.inner(parts.path)):
            return Target(written)
        moved = self.redirects.get(parts.path) or self.redirects.get(f"{parts.path}/")
        if moved and moved.startswith("/"):
            return Target(moved + (f"#{urlsplit(written).fragment}" if "#" in written else ""), reference=True)
        return Target(written, reference=True)


def _bare(path: str) -> str:
    """The path of a text as people call it: without its ending, and a bundle by its folder."""
    return stem_of(path).removesuffix("/index")


def _name_of(path: str) -> str:
    return _bare(path).casefold()


def _unpublished(what: str) -> Target:
    return Target(None, problem=("unpublished-link", f"{what!r} is not published, so the link prints as text", ""))


def _missing(kind: str, what: str, near: str) -> tuple[str, str, str]:
    message = f"there is no {kind} {what!r}, so none is shown"
    return "missing-picture", message, near or "put it beside the post, or fix the path"


def warning(code: str, message: str, hint: str, path: str, line: int, col: int = 1) -> Problem:
    return Problem(path, line, col, code, message, hint, "warning")


class Resolution:
    """The addresses in one file: `problems` with them, `references` to pages of the site, `files` that they publish."""

    def __init__(self, path: str, resolver: Resolver, media: Media) -> None:
        self._path = path
        self._resolver = resolver
        self._media = media
        self.problems: list[Problem] = []
        self.references: list[Reference] = []
        self.files: dict[str, File] = {}

    def body(self, parsed: Parsed, url: str) -> Body:
        """The body with its addresses resolved: this is where other pages' URLs enter a post, as values."""
        attributes, sources = [], []
        is_elsewhere = self._resolver.is_elsewhere
        for address in parsed.addresses:
            if address.attribute == "srcset":
                attributes.append(self._choices(address, url))
                sources.append("")
                continue
            if is_elsewhere(address.value):
                attributes.append(bodies.as_written(address.attribute, address.value))
                sources.append("")
                continue
            target = self._resolved(address.value, url, address.line, address.col, address.tag)
            picture = None
            if target.file and address.tag == "img":
                target, picture = self._pictured(target, target.file, WIDTHS, address.line, address.col)
            if target.file and not picture:
                self.files[target.file.url] = target.file
            if target.file and address.tag == "video" and address.attribute == "src":
                attributes.append(self._film(address, target, target.file))
                sources.append(self._captions(target.file))
                continue
            attributes.append(bodies.attribute(address.attribute, target.url, picture, address.sized, address.chosen))
            sources.append("" if address.chosen else bodies.source(picture))
        return Body(parsed.html, self._path, tuple(attributes), tuple(sources))

    def _film(self, address: Address, target: Target, file: File) -> str:
        """The attributes of a film. Its poster is the picture beside it that has its name."""
        posters = [] if address.chosen else [path for path, _ in self._resolver.beside(file.source, _POSTERS)]
        poster = max(posters, key=lambda path: ".poster." in path, default="")
        shown = self._media.shown(poster, POSTER_WIDTHS) if poster else None
        if shown:
            self.files |= {one.url: one for one in shown.files if one.url == shown.picture.url}
        facts = self._media.facts(file.source)
        size = (0, 0) if address.sized else (facts.width, facts.height)
        return bodies.film(target.url or "", shown.picture.url if shown else "", *size)

    def _captions(self, film: File) -> str:
        """The captions beside a film that have its name: `ferry.vtt`, `ferry.de.vtt`."""
        found = [(self._media.file(path), ending[1]) for path, ending in self._resolver.beside(film.source, _CAPTIONS)]
        self.files |= {file.url: file for file, _ in found if file}
        return "".join(bodies.captions(file.url, language or "") for file, language in found if file)

    def _choices(self, address: Address, url: str) -> str:
        """The attribute `srcset`, each of its pictures resolved; what cannot be shown is left out, and told."""
        shown = []
        found = _CANDIDATE.findall(address.value)
        for value, descriptor in found:
            descriptor, picture = descriptor.strip(), None
            target = self._resolved(value, url, address.line, address.col)
            if target.file:
                target, picture = self._pictured(target, target.file, WIDTHS, address.line, address.col)
            if target.url is None or target.problem or not _DESCRIPTOR.fullmatch(descriptor):
                continue
            if picture and picture.srcset and len(found) == 1 and not descriptor and not address.chosen:
                return f' srcset="{html.escape(picture.srcset)}" sizes="{COLUMN}"'
            if picture and picture.width and descriptor.endswith("w"):
                descriptor = f"{picture.width}w"
            shown.append(f"{picture.url if picture else target.url} {descriptor}".strip())
        return bodies.as_written("srcset", ", ".join(shown)) if shown else ""

    def picture(self, cover: Cover, widths: tuple[int, ...] = WIDTHS) -> Picture | None:
        target, shown = self._resolved(cover.src, "", cover.line, cover.col), None
        if target.url is None or target.problem:
            return None
        if target.file:
            target, shown = self._pictured(target, target.file, widths, cover.line, cover.col)
        if target.url is None:
            return None
        if target.file and not shown:
            self.files[target.file.url] = target.file
        words = {"alt": cover.alt, "caption": cover.caption, "credit": cover.credit, "focus": cover.focus}
        return structs.replace(shown or Picture(target.url), **words)

    def address(self, value: str, place: tuple[int, int] = (1, 1)) -> str:
        """An address of the header, unchanged; empty if it leads to something that is not published."""
        return value if value and self._resolved(value, "", *place).url else ""

    def card(self, headline: str, name: str, byline: str) -> Picture | None:
        """The social card of a story without a cover."""
        shown = self._media.card(headline, name, byline)
        if shown:
            self.files |= {file.url: file for file in shown.files}
        return shown.picture if shown else None

    def _pictured(
        self, target: Target, file: File, widths: tuple[int, ...], line: int, col: int
    ) -> tuple[Target, Picture | None]:
        """The picture at `target`, and the target; that leads nowhere if a browser could not show its file as one."""
        shown = self._media.shown(file.source, widths)
        if shown:
            self.files |= {file.url: file for file in shown.files}
            return target, shown.picture
        if file.source.startswith("static/"):
            return target, None
        hint = "link to it, or show it with <video> or <audio>"
        fault = f"{file.source} is not a picture"
        self.problems.append(warning("bad-picture", fault, hint, self._path, line, col))
        return Target(None), None

    def _resolved(self, value: str, url: str, line: int, col: int, tag: str = "") -> Target:
        target = self._resolver.resolve(value, self._path, url)
        if target.problem and target.problem[0] == "broken-link" and tag in PLAYED and value[:2] != "[[":
            target = target._replace(problem=_missing("film" if tag == "video" else "sound", value, target.problem[2]))
        if target.problem:
            self.problems.append(warning(*target.problem, self._path, line, col))
        if target.url and (target.reference or (target.url.startswith("/") and "#" in target.url)):
            self.references.append(Reference(target.url, self._path, line, col))
        return target
