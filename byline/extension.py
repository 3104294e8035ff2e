"""The extension: a news blog in a Flask app, as every Flask extension is used."""

import datetime as dt
import importlib
import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar

from flask import Flask, Response, current_app

from byline.cli.commands import add_commands
from byline.content.sources import Collection, pages_setting
from byline.dialects.dialect import dialect_of
from byline.models import Teaser
from byline.problems import SiteError
from byline.settings.settings import Settings
from byline.site import Site
from byline.storage.fingerprint import code_digest
from byline.storage.store import Store
from byline.urls import Urls
from byline.web import views
from byline.web.app import NAME, add_routes, answered, live_of, read_engine, read_settings, requested_url
from byline.web.host import Host, mark
from byline.web.live import Clock, LiveSite, Snapshot
from byline.web.responses import Answer
from byline.web.routes import RESERVED
from byline.web.server.front import Front, below, out_of_order

Generator = Callable[[], Iterable[Mapping[str, Any]]]
Check = TypeVar("Check", bound=Callable[[Any], Iterator[Any]])
_PREFIX = re.compile(r"(/[\w.~-]+)+")


class Byline:
    """The site in an app's folder: `Byline(app)`, or `Byline()` and later `init_app(app)`.

    In debug mode drafts are shown and pages reload. `folder`, relative to the app's, is where the site's files are;
    `url_prefix` is where it begins in the app, and `name` is that of its blueprint. `clock` says what time it is.
    """

    def __init__(
        self,
        app: Flask | None = None,
        *,
        folder: str | os.PathLike[str] = "",
        url_prefix: str = "",
        name: str = NAME,
        clock: Clock | None = None,
    ) -> None:
        if url_prefix and not _PREFIX.fullmatch(url_prefix):
            raise ValueError(f"url_prefix is {url_prefix!r}, but must be like /news, without a slash at its end")
        self.name = name
        self._folder = folder
        self._prefix = url_prefix
        self._clock = clock or (lambda: dt.datetime.now(dt.UTC))
        self._generators: dict[str, Generator] = {}
        self._rules: list[Callable[[Any], Iterator[Any]]] = []
        if app is not None:
            self.init_app(app)

    def init_app(self, app: Flask) -> None:
        """Give `app` the site, its commands and, for servers, a cache and a log.

        A site that cannot be loaded stops a command with what is wrong; on a server it answers 503 to everyone, since
        a worker that ends at once would be started again for ever.
        """
        if self.name in app.extensions.get(NAME, ()):
            raise ValueError(f"the app has a site called {self.name!r} already: give this one another `name`")
        try:
            self.load(app)
        except Exception as error:  # of any kind: the folder may hold anything
            if os.environ.get("FLASK_RUN_FROM_CLI") == "true":
                raise
            app.wsgi_app = below(self._prefix, out_of_order(error), app.wsgi_app)  # type: ignore[assignment]

    def load(self, app: Flask) -> None:
        """What `init_app` does, but raise SiteError if the site cannot be loaded."""
        folder = Path(app.root_path, self._folder)
        settings, warnings = read_settings(folder)
        dialect, settings = dialect_of(folder, pages_setting(settings, app.config))
        live = LiveSite(
            folder,
            Urls(settings, RESERVED, self._prefix),
            _store(folder, settings),
            code_digest(),
            read_engine(app, settings),
            Host(app, settings, self.name, self._generators),
            drafts=app.debug,
            clock=self._clock,
            warnings=warnings,
            dialect=dialect,
        )
        live.rules = self._rules
        is_first = NAME not in app.extensions
        app.extensions.setdefault("flatpages", {})[None if is_first else self.name] = live.collection
        add_routes(app, live, self.name)
        if is_first:
            add_commands(app)
        if app.debug:
            # What only writers have, readers do not wait for.
            importlib.import_module("byline.dev.desk").add_desk(app, live)
        if is_first:
            app.wsgi_app = Front(app)  # type: ignore[method-assign]

    @property
    def site(self) -> Site:
        """What is published now, of the current app."""
        return self._live.snapshot().site

    @property
    def pages(self) -> Collection:
        """What is published of the current app's site as a Flask-FlatPages collection."""
        return self._live.collection

    def latest(
        self, number: int, *, tag: str = "", category: str = "", author: str = "", series: str = ""
    ) -> tuple[Teaser, ...]:
        """The newest stories as lists show them, of a tag, a category, an author or a series if one is named."""
        return self.site.latest(number, tag=tag, category=category, author=author, series=series)

    def render(
        self, template: str, /, *, title: str = "", description: str = "", status: int = 200, **context: object
    ) -> Response:
        """A page of the app's own in the theme, with a tag like all others if it is a 200.

        `context` may hold only frozen values, and neither `head` nor `masthead`, which every page has.
        """
        for key, value in context.items():
            if key in ("head", "masthead"):
                raise SiteError(f"byline.render({template!r}): every page has its own `{key}`; use another name")
            mark(f"byline.render({template!r})", key, value)

        def answer(snapshot: Snapshot) -> Answer:
            return views.own(snapshot.site, template, requested_url(), title, description, status, context)

        return answered(self._live, answer)

    def urls(self, endpoint: str) -> Callable[[Generator], Generator]:
        """Register a generator of values for the arguments of `endpoint`: the pages that a frozen site has of it."""

        def register(generator: Generator) -> Generator:
            self._generators[endpoint] = generator
            return generator

        return register

    def rule(self, function: Check) -> Check:
        """Register a rule for `flask check`; with a parameter called `survey`, one for the whole site."""
        self._rules.append(function)
        return function

    @property
    def _live(self) -> LiveSite:
        return live_of(current_app, self.name)


def _store(folder: Path, settings: Settings) -> Store:
    """The store of this machine, and behind it the one that is shared, if `settings` name one."""
    local = folder / settings.cache
    if settings.cache == settings.store:
        return Store(local)
    shared = importlib.import_module("byline.storage.shared")  # which most sites do without
    return Store(local, shared.opened(settings.store, local / "shared.json", os.environ))


def create_app(folder: str | os.PathLike[str], *, clock: Clock | None = None, **config: Any) -> Flask:
    """The site in `folder` as an app of its own, with `config`. Raises SiteError if it cannot be loaded."""
    app = Flask("byline", root_path=str(folder), static_folder=None, template_folder=None)
    app.config.update(config)
    Byline(clock=clock).load(app)
    return app
