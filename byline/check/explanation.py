"""Explanations: what is at an address of the site, what made it, and what the next freeze does with it.

Everything here is asked of what serves and freezes the site. What none of them knows is not said.
"""

import datetime as dt
import difflib
import inspect
from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from flask import Flask

from byline.check.lost import Guesser
from byline.check.origins import Origins
from byline.content.aliases import paths_of
from byline.dialects import permalinks
from byline.freeze.manifest import Manifest
from byline.freeze.output import DEFAULT_OUT, is_unchanged, manifest_of
from byline.freeze.paths import files_of, output_path
from byline.freeze.reasons import Reasons
from byline.models import File, PlainPage, Post
from byline.problems import SiteError, counted
from byline.redirects import Led, redirect_of, usual
from byline.settings.file import FILE_NAME
from byline.settings.tables import Rule
from byline.settings.values import GONE
from byline.storage.fingerprint import digest
from byline.urls import PERMALINK, quoted, site_path
from byline.web import views
from byline.web.app import Found, answer_at, tag_at
from byline.web.live import LiveSite, Snapshot
from byline.web.responses import Answer, FileAnswer, PageAnswer, RedirectAnswer
from byline.web.routes import all_urls, redirects_of

HERE = ("localhost", "127.0.0.1", "::1")
"""Hosts of a server on the writer's own machine."""
OF_POSTS = ("comments", "embeds", "markdown", "social_cards", "edit")
OF_PAGES = ("embeds", "markdown", "edit")
ADDRESSES = ("bad-permalink", "bad-slug", "reserved-url", "url-collision")
"""Problems that give a page another address than its file says."""
NEAREST = 3
LONGEST = 500
"""Characters of a fault."""
MANY = 8
"""Files that are named; of more, only how many."""


class Line(NamedTuple):
    """A part of an explanation; without a label, it goes on with the one before."""

    label: str
    text: str


class Explanation(NamedTuple):
    """What is at an address, in words, and what there is to say of it; `is_there` says that readers get something."""

    title: str
    lines: tuple[Line, ...]
    is_there: bool = True


def explain(app: Flask, live: LiveSite, typed: str) -> Explanation:
    """Explain what is at `typed`, a path or a whole address of this site. Raises SiteError for that of another one."""
    url, query = _path(live, typed)
    with live.fixed(live.clock()) as snapshot:
        return _Explainer(app, live, snapshot).explanation(url, query)


def _path(live: LiveSite, typed: str) -> tuple[str, str]:
    """The path of `typed` in the form of Byline's URLs, and its query."""
    try:
        parts = urlsplit(typed)
    except ValueError:
        raise SiteError(f"{typed} is no address") from None
    if (parts.scheme or parts.netloc) and parts.hostname not in HERE and site_path(typed, live.urls.origin) is None:
        raise SiteError(f"{typed} is on another site than {live.urls.origin}, which is `url` in {FILE_NAME}")
    return live.urls.below(quoted(unquote(f"/{parts.path.lstrip('/')}"))), parts.query


class _Explainer:
    """Explains addresses of `snapshot`."""

    def __init__(self, app: Flask, live: LiveSite, snapshot: Snapshot) -> None:
        self._app = app
        self._live = live
        self._snapshot = snapshot
        self._site = snapshot.site
        self._origins = Origins(live, snapshot)
        self._held = manifest_of(live.folder / DEFAULT_OUT)

    def explanation(self, url: str, query: str = "") -> Explanation:
        """In the order in which a request finds something."""
        redirects = redirects_of(self._site)
        led = redirects.find_query(url, query) if query else None
        found = answer_at(self._app, self._snapshot, url)
        answer = views.at_root(self._site, url) or found.answer
        if led is None and answer:
            return self._answered(url, found, answer)
        if led is None and found.endpoint and not self._live.host.owns(found.endpoint):
            return self._of_app(url, found.endpoint)
        led = led or redirects.find(url)
        if led:
            return self._redirect(f"{url}?{query}" if led.redirect.query else url, led)
        if found.endpoint and found.route is None:
            return Explanation(f"{url}: an answer of the server alone, which no frozen site has", ())
        return self._held_back(url) or self._made_by_freeze(url) or self._nowhere(url)

    def _answered(self, url: str, found: Found, answer: Answer) -> Explanation:
        if isinstance(answer, RedirectAnswer):
            rule = Line("because", f"it is a rule of Byline's own: {self._rule(found)}")
            return Explanation(f"{url} leads to {answer.target} ({answer.status})", (rule, *self._frozen(answer.url)))
        if answer.url != url:
            own = self._answered(answer.url, found, answer)
            because = Line("because", "the address of a page ends in a slash")
            return Explanation(f"{url} leads to {own.title} (308)", (because, *own.lines))
        lines = self._file(answer.file) if isinstance(answer, FileAnswer) else self._page(found, answer)
        return Explanation(f"{url}: {self._what(found, answer)}", (*lines, *self._frozen(url)))

    def _what(self, found: Found, answer: Answer) -> str:
        if isinstance(answer, FileAnswer):
            return _kind_of(answer.file)
        item = self._site.by_url.get(answer.url)
        if answer.url in self._site.twins:
            return f"the story “{self._site.twins[answer.url].title}” as Markdown"
        if isinstance(item, Post):
            return f"the story “{item.title}”"
        what = found.route.what if found.route and found.route.what else "a page"
        if isinstance(item, PlainPage):
            return f"the page “{item.title}”" if what == "a page" else f"{what}, with a text of its own"
        language = self._site.urls.language_at(answer.url)
        return f"{what}, in `{language}`" if language else what

    def _page(self, found: Found, answer: Answer) -> Iterator[Line]:
        assert isinstance(answer, PageAnswer)
        own, shown = self._origins.files(answer.context)
        for path in own:
            yield Line("file", path)
        if not own:
            yield Line("file", "none of its own")
        item = self._site.by_url.get(answer.url)
        if item:
            yield from self._address(item)
        yield Line("rule", self._rule(found))
        template = self._snapshot.templates.choose(answer.templates)
        yield from (Line(*line) for line in self._origins.templates(template))
        if shown:
            yield Line("shows", _listed(shown))
        keys = (
            *(found.route.settings if found.route else ()),
            *(OF_POSTS if isinstance(item, Post) else OF_PAGES if item else ()),
        )
        yield from (Line("setting", text) for text in self._origins.settings(keys))
        yield Line("tag", tag_at(self._app, self._snapshot, answer.url))

    def _address(self, item: Post | PlainPage) -> Iterator[Line]:
        """Why a text is where it is."""
        header, urls = self._origins.header(item.path), self._site.urls
        problems = [it for it in self._site.problems if it.path == item.path and it.code in ADDRESSES]
        yield from (Line("address", str(problem)) for problem in problems)
        if problems or header is None:
            return
        if permalinks.own(header.permalink):
            yield Line("address", f"its own, from `permalink` in {self._origins.place(item.path, 'permalink')}")
            return
        slug = f"`slug` in {self._origins.place(item.path, 'slug')}" if "slug" in header.places else "the file's name"
        if isinstance(item, PlainPage):
            yield Line("address", f"from {slug} and its folders")
        elif self._site.settings.permalink:
            yield Line("address", f"{self._origins.setting('permalink')}; the last part is from {slug}")
        elif self._live.tree.dialect.permalinks:
            yield Line("address", f"by the rules of {self._live.tree.dialect.name}")
        elif urls.local(item.url).startswith("/posts/"):
            yield Line("address", f"{PERMALINK}, as `permalink` is not set; the slug is from {slug}")

    def _file(self, file: File) -> Iterator[Line]:
        if file.words and not file.source:
            yield Line("file", "none: it is drawn from a headline")
        else:
            made = f", made {file.width} pixels wide as {file.form}" if file.width else ""
            yield Line("file", f"{file.source}{made}")
        users = self._origins.users(file.url)
        if users:
            yield Line("used by", _listed(users))
        yield Line("tag", file.content)

    def _rule(self, found: Found) -> str:
        route = found.route
        if route is None:
            return "none"
        view = getattr(route.view, "func", route.view)
        return f"{self._site.urls.base}{route.rule} ({view.__module__}.{view.__name__})"

    def _of_app(self, url: str, endpoint: str) -> Explanation:
        """A page that the app around the site has by itself."""
        function = inspect.unwrap(self._app.view_functions[endpoint])
        code = getattr(function, "__code__", None)
        lines = [Line("file", f"{code.co_filename}:{code.co_firstlineno}")] if code else []
        lines += [Line("view", f"{function.__module__}.{function.__qualname__}"), Line("endpoint", endpoint)]
        if url in self._site.other_urls:
            lines += self._frozen(url)
        else:
            lines.append(Line("frozen", f"no: give the values of its address with @byline.urls({endpoint!r})"))
        reply = self._live.host.ask(url)
        return Explanation(f"{url}: a page of the app's own, which answers {reply.status}", tuple(lines))

    def _redirect(self, url: str, led: Led) -> Explanation:
        redirect = led.redirect
        said = self._said_by(led)
        if redirect.status == GONE:
            return Explanation(f"{url} is gone ({GONE})", (Line("because", said),), is_there=True)
        title = f"{url} leads to {led.target} ({redirect.status})"
        if not redirect.query and redirect.source in redirects_of(self._site).printed:
            return Explanation(title, (Line("because", said), *self._frozen(redirect.source)))
        hosts = Line("frozen", "not as a page: only a server, and a host that takes rules, leads on from here")
        return Explanation(title, (Line("because", said), hosts))

    def _said_by(self, led: Led) -> str:
        """Which line says where an old address leads."""
        site, settings = self._site, self._site.settings
        for source, value in settings.redirects.items():
            if redirect_of(source, value if isinstance(value, Rule) else Rule(value), site.urls) == led.redirect:
                return f"`redirects` in {self._origins.place_of(source)}: {source}"
        source, target = led.redirect.source, led.target
        item = site.by_url.get(target)
        author = next((one for one in site.all_authors if one.url == target and one.path), None)
        if source in site.redirects and item:
            header = self._origins.header(item.path)
            typed = (it for it in header.aliases if source in paths_of([it], site.urls)) if header else iter(())
            alias = next(typed, "")
            if alias:
                return f"`aliases` in {self._origins.place(item.path, f'aliases:{alias}', 'aliases')}"
            return f"{item.path} had this address by other rules, such as the name of its file"
        if led.redirect.query and item:
            return f"`aliases` in {self._origins.place(item.path, 'aliases')}"
        if source in site.redirects and author:
            return f"`aliases` in {author.path}"
        if led.redirect in usual(site.urls):
            star = f", by {source}" if "*" in source else ""
            return f"other systems have this at such an address{star}; Byline leads on by itself"
        return "it is another way to write that address"

    def _held_back(self, url: str) -> Explanation | None:
        """What will be or was at an address, as long as it is not published."""
        whole = self._live.at(self._site.now, drafts=True)
        led = redirects_of(whole.site).find(url)
        path = led.target if led else url
        item = whole.site.by_url.get(path) or whole.site.twins.get(path)
        if item and item.status != "published":
            lines = [Line("file", item.path), Line("because", self._origins.why_not(item, whole.site))]
            old = f" (an old address of {path})" if led else ""
            return Explanation(f"{url}: not published{old}", tuple(lines), is_there=False)
        if url in self._site.withheld:
            errors = [str(problem) for problem in self._site.errors]
            told = [Line("" if number else "because", text) for number, text in enumerate(errors[:MANY])]
            title = f"{url}: not published, since what is there has an error"
            return Explanation(title, tuple(told), is_there=False) if errors else None
        found = answer_at(self._app, whole, url)
        if isinstance(found.answer, PageAnswer) and found.answer.url == url:
            shown = Origins(self._live, whole).files(found.answer.context)[1]
            lines = [
                Line("shows", _listed(shown) if shown else "nothing"),
                Line("because", "nothing in it is published"),
            ]
            return Explanation(f"{url}: not there yet", tuple(lines), is_there=False)
        return None

    def _made_by_freeze(self, url: str) -> Explanation | None:
        """A file that only the frozen site has."""
        path = output_path(url, self._site.urls.mount)
        if self._held is None or path not in self._held.files:
            return None
        if f"{url}/".startswith(f"{self._site.urls.base}/pagefind/"):
            what = "a part of the search index, which a freeze makes of all stories"
        else:
            what = "a file that only the frozen site has"
        return Explanation(f"{url}: {what}", (Line("frozen", f"{DEFAULT_OUT}/{path}"),))

    def _nowhere(self, url: str) -> Explanation:
        language = self._site.urls.language_at(url)
        guess = Guesser(self._site.edition(language)).found(url)
        near = difflib.get_close_matches(url, all_urls(self._site), n=NEAREST)
        nearest = list(dict.fromkeys([*([guess.url] if guess else []), *near]))[:NEAREST]
        lines = [Line("" if at else "did you mean", text) for at, text in enumerate(nearest)]
        if not nearest:
            lines = [Line("try", f"`flask explain {self._site.urls.home}`; the archive lists all stories")]
        if self._held and url in {printed.url for printed in self._held.files.values()}:
            lines.append(Line("frozen", "there is still a file, which the next freeze deletes"))
        if self._site.errors:
            lines.append(Line("errors", f"{counted(self._site.errors)} in this site; `flask check` lists them"))
        return Explanation(f"{url}: nothing is at this address", tuple(lines), is_there=False)

    def _frozen(self, url: str) -> Iterator[Line]:
        """What the last freeze did with a page, and what the next one will do."""
        path = next(iter(files_of(self._site, [url])[0]))
        name = f"{DEFAULT_OUT}/{path}"
        if self._held is None:
            yield Line("frozen", f"not yet: the site was not frozen to {DEFAULT_OUT}/")
            return
        printed = self._held.files.get(path)
        if printed is None:
            yield Line("next freeze", f"writes {name}, which was not there before")
            return
        zone = self._site.settings.zone
        written = dt.datetime.fromtimestamp(printed.mtime_ns / 1e9, zone)
        why = printed.why or "the Byline that wrote it did not keep why"
        yield Line("frozen", name)
        yield Line("last written", f"{written:%Y-%m-%d %H:%M:%S}: {why}")
        next_freeze = self._next(url, path, self._held)
        yield Line("next freeze", next_freeze)
        if not next_freeze.startswith("keeps it: nothing"):
            found = answer_at(self._app, self._snapshot, url).answer
            touched = self._origins.touched(found, written) if found else []
            if touched:
                yield Line("saved since", _listed(touched))
        if self._site.errors:
            yield Line("", f"but it waits: {counted(self._site.errors)} in this site; `flask check` lists them")

    def _next(self, url: str, path: str, held: Manifest) -> str:
        printed, site = held.files[path], self._site
        tag = tag_at(self._app, self._snapshot, url)
        is_damaged = not is_unchanged(self._live.folder / DEFAULT_OUT / path, printed)
        if tag and tag == printed.tag and not is_damaged:
            return "keeps it: nothing that it is made of has changed"
        reply = None if url in site.files else self._live.host.ask(url)  # a picture would have to be made first
        if reply and reply.status >= 500:
            return f"stops here: {reply.body.decode(errors='replace').strip()[:LONGEST]}"
        is_same = reply and not is_damaged and digest(reply.body) == printed.content
        if is_same and not (tag and printed.tag):
            return "asks for it and keeps it: it says the same"
        why = Reasons(self._app, self._snapshot, held).of(path, url, tag, is_damaged=is_damaged)
        said = f": {why}" if why else ""
        return f"keeps it, as its bytes are the same{said}" if is_same else f"writes it again{said}"


def _kind_of(file: File) -> str:
    if file.words and not file.source:
        return "a card that previews of a link show"
    if file.form and file.width:
        return "a picture in another size or format"
    return "a file"


def _listed(paths: list[str]) -> str:
    more = len(paths) - MANY
    return ", ".join(paths[:MANY]) + (f" and {more:,} more" if more > 0 else "")
