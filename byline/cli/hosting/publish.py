"""`flask publish`: the frozen site, brought to where its readers are."""

import re
import sys
from pathlib import Path
from typing import Protocol
from urllib.request import url2pathname

import click
from flask import current_app
from flask.cli import with_appcontext

from byline.cli.freeze import ERRORS, freeze_command, refuse_source
from byline.cli.progress import progress
from byline.freeze.hosts.files import host_files
from byline.freeze.hosts.table import table_of
from byline.freeze.output import DEFAULT_OUT, OutputFolder, open_output
from byline.problems import SiteError
from byline.publish import branch, bucket
from byline.publish.folder import Folder
from byline.publish.publisher import Publisher
from byline.publish.shipment import Difference, parcels
from byline.site import Site
from byline.web.app import live_of

FOLDER = "file://"
LISTED = 20
"""Names that a dry run lists of each kind."""
_PASSWORD = re.compile(r"(?<=://)[^/@\s]+@")


class Target(Protocol):
    """A place that a frozen site is brought to. Both methods raise SiteError."""

    def difference(self) -> Difference: ...

    def publish(self, *, delete: bool) -> Difference: ...


@click.command("publish")
@click.argument("target")
@click.option("--dry-run", is_flag=True, help="Say what would be sent and deleted, and change nothing there.")
@click.option("--delete", is_flag=True, help="Delete what an earlier publish sent and the site no longer has.")
@with_appcontext
def publish_command(target: str, dry_run: bool, delete: bool) -> None:
    """Freeze the site, and send what differs to TARGET: s3://bucket/folder, gs://…, az://…, file:///folder or
    git+https://…#branch.
    """
    if target.startswith("file:") and not target.startswith("file:///"):
        raise click.BadParameter(f"{target!r}: write the whole path, like file:///srv/www", param_hint="TARGET")
    schemes = (*bucket.SCHEMES, FOLDER, branch.SCHEME)
    if not target.startswith(schemes):
        raise click.BadParameter(f"{target!r} starts with none of {', '.join(schemes)}", param_hint="TARGET")
    if target.startswith(branch.SCHEME) and not all(target.removeprefix(branch.SCHEME).rpartition("#")):
        raise click.BadParameter("name the branch, as in git+https://git.example.org/paper.git#gh-pages")
    live = live_of(current_app)
    if target.startswith(FOLDER):
        refuse_source(live, _path(target), target)
        path, frozen = _path(target).resolve(), (live.folder / DEFAULT_OUT).resolve()
        if path.is_relative_to(frozen) or frozen.is_relative_to(path):
            raise click.BadParameter(f"{target!r} is in or around {DEFAULT_OUT}/, where the site is frozen to")
    click.get_current_context().invoke(freeze_command)
    site = live.snapshot().site
    try:
        with open_output(live.folder / DEFAULT_OUT) as output:
            there = _target(target, site, output)
            todo = there.difference() if dry_run else there.publish(delete=delete)
    except SiteError as error:
        click.echo(_PASSWORD.sub("", str(error)), err=True)
        if not dry_run and target.startswith(bucket.SCHEMES):
            click.echo("What was sent before that stays, and the next run finishes it.", err=True)
        sys.exit(ERRORS)
    if dry_run:
        _list(todo, delete=delete)
    would = "would be " if dry_run else ""
    size, deleted = f"{todo.size / 1000:,.0f} kB", len(todo.gone) if delete else 0
    click.echo(f"{_PASSWORD.sub('', target)}: {len(todo.send)} {would}sent ({size}), {deleted} {would}deleted")
    if todo.gone and not delete:
        names = ", ".join(todo.gone[:3]) + (", …" if len(todo.gone) > 3 else "")
        click.secho(
            f"WARNING: {len(todo.gone)} that the site no longer has are still there ({names}): --delete deletes them.",
            fg="yellow",
            err=True,
        )


def _target(target: str, site: Site, output: OutputFolder) -> Target:
    if target.startswith(FOLDER):
        return Folder(_path(target), output)
    if target.startswith(branch.SCHEME):
        return branch.Branch(target, output, site.settings.title)
    files = output.manifest.files
    _tell_of_redirects(site, {printed.url for printed in files.values()})
    things = parcels(output.folder, files, table_of(site), site, host_files(site))
    return Publisher(bucket.Bucket(target), things, tell=lambda text: click.echo(text, err=True), progress=progress)


def _path(target: str) -> Path:
    return Path(url2pathname(target.removeprefix(FOLDER)))


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
