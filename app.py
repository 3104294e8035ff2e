"""Byline's front door: `flask run`, `flask freeze`, the production server and the tests all come in here."""

import datetime as dt
import zoneinfo
from collections.abc import Callable, Iterable
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
from byline.web.server import served

HERE = Path(__file__).resolve().parent

zoneinfo.reset_tzpath(to=())  # zones come from the locked tzdata package: the same on every machine


def create_app(folder: Path = HERE, *, clock: Clock | None = None, **config: Any) -> Flask:
    """The site in `folder` as a Flask application with `config`. In debug mode drafts are shown and pages reload."""
    app = Flask("byline", root_path=str(folder), static_folder=None, template_folder=None)
    app.config.update(config)
    chosen, warnings = read_settings(folder)
    live = LiveSite(
        folder,
        Urls(chosen, RESERVED),
        Store(folder / chosen.store),
        code_digest(HERE / "app.py"),
        read_engine(app, chosen),
        drafts=app.debug,
        clock=clock or (lambda: dt.datetime.now(dt.UTC)),
        warnings=warnings,
    )
    add_routes(app, live)
    add_commands(app)
    if app.debug:
        add_desk(app, live)
    return app


def create_server() -> Callable[..., Iterable[bytes]]:
    """What the production server runs: the same app, loaded, behind a cache and a log."""
    return served(lambda: create_app(DEBUG=False))
