"""`flask verify`: whether a live site answers with what was frozen."""

import sys

import click
from flask import current_app
from flask.cli import with_appcontext

from byline.cli.freeze import ERRORS
from byline.cli.progress import progress
from byline.freeze.hosts.files import host_files
from byline.freeze.hosts.table import table_of
from byline.freeze.output import DEFAULT_OUT, manifest_of
from byline.problems import SiteError
from byline.publish.verifier import Findings, Verifier, expectations
from byline.web.app import live_of
from byline.web.routes import redirects_of

TOLD = 20
"""Faults that are listed: more would hide the summary."""


@click.command("verify")
@click.argument("url")
@with_appcontext
def verify_command(url: str) -> None:
    """Ask the live site at URL for every address that was frozen, and compare status, bytes and headers."""
    live = live_of(current_app)
    try:
        manifest = manifest_of(live.folder / DEFAULT_OUT)
        if not manifest or not manifest.files:
            raise SiteError(f"nothing is frozen in {DEFAULT_OUT}: run `flask freeze`, or `flask publish`, first")
        snapshot = live.snapshot()
        verifier = Verifier(url, live.urls)
        site = snapshot.site
        expected = list(expectations(manifest.files, table_of(site), redirects_of(site), host_files(site)))
        if manifest.whole != snapshot.digest:
            text = f"WARNING: the site has changed since it was frozen; asking for what is in {DEFAULT_OUT}."
            click.secho(text, fg="yellow", err=True)
        found = verifier.verify(expected, progress)
    except SiteError as error:
        click.echo(str(error), err=True)
        sys.exit(ERRORS)
    _tell(verifier.address, found)
    sys.exit(ERRORS if found.faults else 0)


def _tell(url: str, found: Findings) -> None:
    for fault in found.faults[:TOLD]:
        click.echo(f"{fault.url}: {fault.text}")
    if len(found.faults) > TOLD:
        click.echo(f"… and {len(found.faults) - TOLD:,} more")
    if found.lacks:
        text = (
            f"WARNING: this host has no {', no '.join(found.lacks)}: is the configuration missing that it is to read?"
        )
        click.secho(text, fg="yellow", err=True)
    wrong = len({fault.url for fault in found.faults})
    click.echo(f"{url}: {found.asked:,} addresses asked, {wrong:,} wrong")
