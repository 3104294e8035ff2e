"""`flask next`: when a timer should freeze again."""

import click
from flask import current_app
from flask.cli import with_appcontext

from byline.site import schedule_of
from byline.web.app import live_of


@click.command("next")
@with_appcontext
def next_command() -> None:
    """Print when the next scheduled post appears or the next one expires, and which."""
    live = live_of(current_app)
    now = live.clock()
    events = schedule_of(live.at(now).site, now)
    if not events:
        click.echo("Nothing is scheduled.", err=True)
    for event in events:
        if event.moment == events[0].moment:
            click.echo(f"{event.moment.isoformat()} {event.path} {event.what}")
