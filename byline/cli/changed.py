"""`flask changed`: the addresses whose pages are not what they were."""

import click
from flask import current_app
from flask.cli import ScriptInfo, with_appcontext

from byline.freeze.changes import Changes, exact_changes
from byline.freeze.output import DEFAULT_OUT
from byline.freeze.revisions import changes_since
from byline.problems import SiteError, counted
from byline.web.app import live_of
from byline.web.live import LiveSite


@click.command("changed")
@click.option("--since", "revision", metavar="REV", help="Compare with the site as it was at this revision of git.")
@with_appcontext
def changed_command(revision: str | None) -> None:
    """Print the addresses whose pages differ since the last freeze, or since a revision of git."""
    live = live_of(current_app)
    if revision is None:
        changes = exact_changes(current_app, live, live.folder / DEFAULT_OUT)
        if changes is None:
            raise SiteError(
                f"there is no frozen site in {DEFAULT_OUT}/ to compare with: run `flask freeze` first,"
                " or name a revision of git with --since"
            )
    else:
        program = click.get_current_context().ensure_object(ScriptInfo).app_import_path or ""
        changes, submodules = changes_since(current_app, live, revision, program)
        for path in submodules:
            click.echo(f"Not compared: {path}, a submodule, whose files git keeps elsewhere.", err=True)
    _tell(changes, revision or "the last freeze")
    _warn(live)


def _tell(changes: Changes, since: str) -> None:
    for what, urls in changes._asdict().items():
        for url in urls:
            click.echo(f"{what} {url}")
    counts = ", ".join(f"{len(urls):,} {what}" for what, urls in changes._asdict().items() if urls)
    click.echo(f"Since {since}: {counts}." if counts else f"Nothing has changed since {since}.", err=True)


def _warn(live: LiveSite) -> None:
    """What has an error is in no page, so it may be among what is gone."""
    errors = live.snapshot().site.errors
    if errors:
        text = f"{counted(errors)}: what has one is left out here, and `flask freeze` waits; `flask check` lists them."
        click.secho(text, fg="yellow", err=True)
