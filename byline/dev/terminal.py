"""The terminal of a dev server: where the desk is, and no line for what a page loads by itself."""

import logging
import re

import click
from werkzeug.serving import is_running_from_reloader

from byline.settings.settings import Settings


def tell_address(base: str) -> None:
    """Print where the desk is, if this is `flask run`; in the process that stays, not in those that it restarts."""
    command = click.get_current_context(silent=True)
    if command and command.info_name == "run" and not is_running_from_reloader():
        host, port = command.params["host"], command.params["port"]
        click.echo(f" * Drafts, problems and the schedule: http://{host}:{port}{base}/-/desk", err=True)


def tell_scripts(settings: Settings) -> None:
    """Say once, on `flask run`, that scripts of `[head]` are left out."""
    command = click.get_current_context(silent=True)
    if settings.head.scripts and command and command.info_name == "run" and not is_running_from_reloader():
        click.echo(" * Where drafts are shown, scripts of [head] are left out: your visits are not counted", err=True)


def quieten(base: str) -> None:
    """Leave out successful requests for pictures, static files and the dev server's own, in Werkzeug's log."""
    pattern = re.compile(rf'"[^"]*?(?:GET|HEAD|POST) {re.escape(base)}/(?:-|media|static)/[^"]*" [123]')
    logging.getLogger("werkzeug").addFilter(lambda record: not pattern.search(record.getMessage()))
