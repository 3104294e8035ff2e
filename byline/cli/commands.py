"""The commands that Byline adds to Flask's: each is a client of the finished app."""

import click
from flask import Flask
from flask.cli import FlaskGroup

from byline.cli.check import check_command
from byline.cli.eject import eject_command
from byline.cli.freeze import freeze_command
from byline.cli.imports import import_command
from byline.cli.init import init_command
from byline.cli.new import new_command
from byline.cli.next import next_command
from byline.cli.schema import schema_command


def add_commands(app: Flask) -> None:
    commands = freeze_command, check_command, next_command, new_command, import_command, eject_command, schema_command
    for command in commands:
        app.cli.add_command(command)


@click.group(
    cls=FlaskGroup,
    name="byline",
    help="Byline's commands, and Flask's, for the site in this folder: `byline run --debug` serves it while you write.",
)
def main() -> None:
    """The same commands as `flask …`, for people who do not know Flask."""


main.add_command(init_command)
