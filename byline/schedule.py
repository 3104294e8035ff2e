"""The schedule: when posts appear and expire, and `flask next`, which tells a timer when to freeze again."""

import datetime as dt
from typing import NamedTuple

import click
from flask import current_app
from flask.cli import with_appcontext

from byline.entries import ROOT
from byline.site import Site
from byline.web import newsroom_of


class Event(NamedTuple):
    """`what` happens to the post in the file `path`, as the site's time zone has it."""

    moment: dt.datetime
    what: str
    path: str
    title: str


def schedule_of(site: Site, now: dt.datetime) -> list[Event]:
    """Everything that will happen by itself after `now`, in order."""
    folder = site.settings.pages.rstrip("/") + "/"
    scheduled = [(date, path, title) for path, title, status, date in site.unpublished if status == "scheduled"]
    events = [Event(date, "appears", path, title) for date, path, title in scheduled if date]
    events += [Event(post.expires, "expires", post.path, post.title) for post in site.posts if post.expires]
    zone = site.settings.zone
    told = (
        event._replace(moment=event.moment.astimezone(zone), path=folder + event.path.removeprefix(ROOT))
        for event in events
    )
    return sorted(event for event in told if event.moment > now)


@click.command("next")
@with_appcontext
def next_command() -> None:
    """Print when the next scheduled post appears or the next one expires, and which."""
    newsroom = newsroom_of(current_app)
    now = newsroom.clock()
    events = schedule_of(newsroom.taken(now).site, now)
    if not events:
        click.echo("Nothing is scheduled.", err=True)
    for event in events:
        if event.moment == events[0].moment:
            click.echo(f"{event.moment.isoformat()} {event.path} {event.what}")
