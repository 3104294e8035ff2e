"""The extension: a news blog in a Flask app, as every Flask extension is used."""

import datetime as dt
import os
from pathlib import Path
from typing import Any

from flask import Flask

from byline.cli.commands import add_commands
from byline.dev.desk import add_desk
from byline.storage.fingerprint import code_digest
from byline.storage.store import Store
from byline.urls import Urls
from byline.web.app import add_routes, read_engine, read_settings
from byline.web.live import Clock, LiveSite
from byline.web.routes import RESERVED
from byline.web.server import Front, out_of_order


class Byline:
    """The site in an app's folder: `Byline(app)`, or `Byline()` and later `init_app(app)`.

    In debug mode drafts are shown and pages reload. `clock` says what time it is.
    """

    def __init__(self, app: Flask | None = None, *, clock: Clock | None = None) -> None:
        self._clock = clock or (lambda: dt.datetime.now(dt.UTC))
        if app is not None:
            self.init_app(app)

    def init_app(self, app: Flask) -> None:
        """Give `app` the site, its commands and, for servers, a cache and a log.

        A site that cannot be loaded stops a command with what is wrong; on a server it answers 503 to everyone, since
        a worker that ends at once would be started again for ever.
        """
        try:
            self.load(app)
        except Exception as error:  # of any kind: the folder may hold anything
            if os.environ.get("FLASK_RUN_FROM_CLI") == "true":
                raise
            app.wsgi_app = out_of_order(error)  # type: ignore[assignment]

    def load(self, app: Flask) -> None:
        """What `init_app` does, but raise SiteError if the site cannot be loaded."""
        folder = Path(app.root_path)
        settings, warnings = read_settings(folder)
        live = LiveSite(
            folder,
            Urls(settings, RESERVED),
            Store(folder / settings.store),
            code_digest(),
            read_engine(app, settings),
            drafts=app.debug,
            clock=self._clock,
            warnings=warnings,
        )
        add_routes(app, live)
        add_commands(app)
        if app.debug:
            add_desk(app, live)
        app.wsgi_app = Front(app, live)  # type: ignore[method-assign]


def create_app(folder: str | os.PathLike[str], *, clock: Clock | None = None, **config: Any) -> Flask:
    """The site in `folder` as an app of its own, with `config`. Raises SiteError if it cannot be loaded."""
    app = Flask("byline", root_path=str(folder), static_folder=None, template_folder=None)
    app.config.update(config)
    Byline(clock=clock).load(app)
    return app
