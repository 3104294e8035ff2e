"""The commands that Byline adds to Flask's: each is a client of the finished app."""

import functools
import importlib
from typing import Any

import click
from flask import Flask
from flask.cli import FlaskGroup

from byline.cli.init import init_command

MODULES = {
    "freeze": "freeze",
    "publish": "hosting.publish",
    "verify": "hosting.verify",
    "check": "check",
    "changed": "changed",
    "explain": "explain",
    "next": "next",
    "new": "new",
    "import": "imports",
    "eject": "eject",
    "schema": "schema",
}
"""Name of a command → its module in this package."""


class Command(click.Command):
    """A command that is loaded when it is run or listed: the others, and a server, need not wait for it."""

    @functools.cached_property
    def _loaded(self) -> click.Command:
        module = importlib.import_module(f"byline.cli.{MODULES[str(self.name)]}")
        command: click.Command = getattr(module, f"{self.name}_command")
        return command

    def make_context(self, *args: Any, **named: Any) -> click.Context:
        return self._loaded.make_context(*args, **named)

    def invoke(self, ctx: click.Context) -> Any:
        return self._loaded.invoke(ctx)

    def get_params(self, ctx: click.Context) -> list[click.Parameter]:
        return self._loaded.get_params(ctx)

    def get_short_help_str(self, limit: int = 45) -> str:
        return self._loaded.get_short_help_str(limit)


def add_commands(app: Flask) -> None:
    for name in MODULES:
        app.cli.add_command(Command(name))


@click.group(
    cls=FlaskGroup,
    name="byline",
    help="Byline's commands, and Flask's, for the site in this folder: `byline run --debug` serves it while you write.",
)
def main() -> None:
    """The same commands as `flask …`, for people who do not know Flask."""


main.add_command(init_command)
