"""`flask publish`: the frozen site, brought to where its readers are."""

import sys

import click
from flask import current_app
from flask.cli import with_appcontext

from byline.cli.freeze import ERRORS, freeze_command
from byline.cli.progress import progress
from byline.freeze.hosts.files import host_files
from byline.freeze.hosts.table import table_of
from byline.freeze.output import DEFAULT_OUT, OutputFolder, open_output
from byline.problems import SiteError
from byline.publish.bucket import SCHEMES, Bucket
from byline.publish.publisher import Difference, Publisher
from byline.publish.shipment import copies, parcels
from byline.site import Site
from byline.web.app import live_of

LISTED = 20
"""Names that a dry run lists of each kind."""


@click.command("publish")
@click.argument("target")
@click.option("--dry-run", is_flag=True, help="Say what would be sent and deleted, and change nothing there.")
@click.option("--delete", is_flag=True, help="Delete what an earlier publish sent and the site no longer has.")
@with_appcontext
def publish_command(target: str, dry_run: bool, delete: bool) -> None:
    """Freeze the site, and send what differs to TARGET: s3://bucket/folder, gs://…, az://… or file:///folder."""
    if target.startswith("file:") and not target.startswith("file:///"):
        raise click.BadParameter(f"{target!r}: write the whole path, like file:///srv/www", param_hint="TARGET")
    if not target.startswith(SCHEMES):
        raise click.BadParameter(f"{target!r} starts with none of {', '.join(SCHEMES)}", param_hint="TARGET")
    click.get_current_context().invoke(freeze_command)
    live = live_of(current_app)
    site = live.snapshot().site
    try:
        with open_output(live.folder / DEFAULT_OUT) as output:
            publisher = _publisher(target, site, output)
            todo = publisher.difference() if dry_run else publisher.publish(delete=delete)
    except SiteError as error:
        click.echo(str(error), err=True)
        if not dry_run:
            click.echo("What was sent before that stays, and the next run finishes it.", err=True)
        sys.exit(ERRORS)
    if dry_run:
        _list(todo, delete=delete)
    would = "would be " if dry_run else ""
    size, deleted = f"{todo.size / 1000:,.0f} kB", len(todo.gone) if delete else 0
    click.echo(f"{target}: {len(todo.send)} {would}sent ({size}), {deleted} {would}deleted")
    if todo.gone and not delete:
        names = ", ".join(todo.gone[:3]) + (", …" if len(todo.gone) > 3 else "")
        click.secho(
            f"WARNING: {len(todo.gone)} that the site no longer has are still there ({names}): --delete deletes them.",
            fg="yellow",
            err=True,
        )


def _publisher(target: str, site: Site, output: OutputFolder) -> Publisher:
    files = output.manifest.files
    bucket, things = Bucket(target), copies(output.folder, files, site.by_url)
    if not bucket.is_folder:
        _tell_of_redirects(site, {printed.url for printed in files.values()})
        things = parcels(output.folder, files, table_of(site), site.urls.mount, site.by_url, host_files(site))
    return Publisher(bucket, things, tell=lambda text: click.echo(text, err=True), progress=progress)


def _tell_of_redirects(site: Site, printed: set[str]) -> None:
    """A page can lead on by itself, but a rule for many addresses has none."""
    lost = [source for source in site.settings.redirects if site.urls.alias(source) not in printed]
    if lost:
        text = f"WARNING: {len(lost)} of your `redirects` need a server, such as {lost[0]}: a bucket has no rules."
        click.secho(text, fg="yellow", err=True)


def _list(todo: Difference, *, delete: bool) -> None:
    for what, names in (("send", [it.name for it in todo.send]), ("delete", list(todo.gone) if delete else [])):
        for name in names[:LISTED]:
            click.echo(f"{what} {name}")
        if len(names) > LISTED:
            click.echo(f"{what} {len(names) - LISTED:,} more")
