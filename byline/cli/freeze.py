"""`flask freeze`: the site as static files, and what a person is told about it."""

import datetime as dt
import importlib
import os
import subprocess
import sys
import time
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext

from byline.cli.progress import progress
from byline.freeze.freezer import FreezeSummary, differences, freeze, owned
from byline.freeze.manifest import Origin
from byline.freeze.output import DEFAULT_OUT, OutputFolder, Unfinished, open_output, refuse_mixing
from byline.frontmatter import dates
from byline.problems import SiteError, counted
from byline.settings.settings import Settings
from byline.storage.files import scratch_folder
from byline.web.app import NAME, live_of
from byline.web.live import LiveSite, Snapshot
from byline.web.routes import collisions, dead_links

ERRORS, LEFT_OUT = 1, 3
"""Exit codes: the site has errors and nothing was done; it was frozen without its broken posts."""

TOLD = 20
"""Vanished pages that are listed: more would hide the rest of the summary."""


@click.command("freeze")
@click.option(
    "--out", default=DEFAULT_OUT, show_default=True, help="The folder to write to; it must be new, empty or Byline's."
)
@click.option("--at", "moment", metavar="TIME", help="Freeze the site as of this time, such as 2025-04-03T10:00.")
@click.option("--verify", is_flag=True, help="Freeze once more from nothing, and compare every byte.")
@click.option("--skip-broken", is_flag=True, help="Leave out posts with errors instead of stopping; then exit 3.")
@click.option("--jobs", type=click.IntRange(1, 64), help="Processes that render at once; by default one per processor.")
@click.option("--scheduler", metavar="ADDRESS", help="Parse posts and make pictures on a Dask cluster: tcp://….")
@click.option("--drafts", is_flag=True, help="Show drafts and embargoed posts; needs its own --out.")
@click.option("--strict", is_flag=True, help="Stop if a page would vanish without an alias.")
@click.option("--search/--no-search", default=True, help="Whether to make the index for the search page.")
@with_appcontext
def freeze_command(
    out: str,
    moment: str | None,
    verify: bool,
    skip_broken: bool,
    jobs: int | None,
    scheduler: str | None,
    drafts: bool,
    strict: bool,
    search: bool,
) -> None:
    """Export the whole site as static files."""
    started = time.monotonic()
    live = live_of(current_app)
    live.memo.jobs = jobs or live.memo.jobs
    if scheduler:
        live.memo.cluster = importlib.import_module("byline.storage.cluster").Cluster(scheduler)
    folder = live.folder / out
    if drafts and folder.resolve() == (live.folder / DEFAULT_OUT).resolve():
        raise click.UsageError("--drafts would put drafts where the public site goes; choose another --out")
    refuse_source(live, folder, f"--out {out}")
    try:
        now = dates.parse(moment, live.settings.zone) if moment else live.clock().replace(microsecond=0)
    except dates.BadDate as error:
        raise click.UsageError(f"--at: {error.args[0]} ({error.args[1]})") from None
    try:
        with open_output(folder) as output:
            refuse_mixing(output, drafts)
            done, notes, has_errors = _frozen(
                live,
                output,
                now,
                is_now=not moment,
                drafts=drafts,
                skip_broken=skip_broken,
                strict=strict,
                search=search,
            )
    except SiteError as error:
        click.echo(str(error), err=True)
        click.echo(_state_after(error, out), err=True)
        sys.exit(ERRORS)
    if now > dt.datetime.now(dt.UTC):
        moment = f"{now:%Y-%m-%d %H:%M}"
        text = f"WARNING: {out} is the site as of {moment}, with posts scheduled until then; do not publish it earlier."
        click.secho(text, fg="yellow", bold=True, err=True)
    _warn(live.settings, notes, done.vanished)
    _tell_left_out(live, done)
    click.echo(f"Froze {live.settings.title} to {out}: {done}, in {time.monotonic() - started:.1f} s")
    if verify:
        flags = {"--skip-broken": skip_broken, "--drafts": drafts, "--no-search": not search}
        _verify(live, folder, ["--at", now.isoformat(), *(flag for flag, is_set in flags.items() if is_set)])
    if has_errors:
        sys.exit(LEFT_OUT)


def _state_after(error: SiteError, out: str) -> str:
    """What the output folder holds after `error`."""
    if isinstance(error, Unfinished):
        return f"The switch had begun: {out} may be part old and part new until the next freeze finishes it."
    return f"Nothing was written: {out} is unchanged."


def refuse_source(live: LiveSite, folder: Path, named: str) -> None:
    """Refuse to write into what the site is made from, or around it: the next freeze would publish this one.

    `named` is what a person calls the folder.
    """
    pages = live.pages.resolve()
    is_skipped = folder.is_relative_to(pages) and folder.relative_to(pages).parts[:1] in {
        (name,) for name in live.tree.dialect.skipped
    }
    sources = [live.public, live.folder / "static", live.folder / "templates"]
    for source in sources if is_skipped else [live.pages, *sources]:
        if folder.resolve().is_relative_to(source.resolve()):
            raise click.UsageError(f"{named} is in {source.name}/, from which the site is made; choose another folder")
        if source.resolve().is_relative_to(folder.resolve()):
            raise click.UsageError(f"{named} is around {source.name}/, from which the site is made; choose another")


def _frozen(
    live: LiveSite,
    output: OutputFolder,
    now: dt.datetime,
    *,
    is_now: bool,
    drafts: bool,
    skip_broken: bool,
    strict: bool,
    search: bool,
) -> tuple[FreezeSummary, str, bool]:
    """What was done, how many warnings there are, and whether posts were left out.

    If no file has been touched since the last freeze and every printed file is there, nothing is even read.
    """
    live.memo.remember()  # the same files are looked up twice
    inputs = live.inputs(drafts, search)
    origin = output.manifest.origin
    if origin.still_holds(inputs, now) and output.is_whole():
        return FreezeSummary(0, len(output.manifest.files), 0, 0), origin.notes, False
    with live.fixed(now, drafts=drafts) as snapshot:
        _stop_at_errors(snapshot, skip_broken)
        done = freeze(current_app, live, snapshot, output, progress, search=search, strict=strict, is_now=is_now)
    site = snapshot.site
    remarks = [
        *site.problems,
        *dead_links(site),
        *collisions(site),
    ]  # what cannot be printed has already stopped the freeze
    notes = counted([problem for problem in remarks if not problem.is_error])
    output.note(Origin("" if site.errors else inputs, now, site.valid_until, notes))
    return done, notes, bool(site.errors)


def _stop_at_errors(snapshot: Snapshot, skip_broken: bool) -> None:
    errors = snapshot.site.errors
    for problem in errors:
        click.echo(str(problem), err=True)
    if errors and not skip_broken:
        raise SiteError(f"{counted(errors)}: fix them, or leave these files out with --skip-broken.")
    if errors:
        files = len({problem.path for problem in errors})
        click.echo(f"Left out: {files} file{'s' * (files != 1)} with errors, listed above.", err=True)


def _warn(settings: Settings, notes: str, vanished: tuple[str, ...]) -> None:
    if not settings.has_real_url:
        text = (
            f"WARNING: `url` is {settings.url}: links in feeds and search engines will lead there. Set it in site.toml."
        )
        click.secho(text, fg="yellow", bold=True, err=True)
    for url in vanished[:TOLD]:
        click.secho(f"WARNING: {url} leads nowhere now; add it to the `aliases` of a post.", fg="yellow", err=True)
    if len(vanished) > TOLD:
        click.secho(f"WARNING: {len(vanished) - TOLD} more addresses lead nowhere now.", fg="yellow", err=True)
    if notes:
        click.echo(f"{notes}; `flask check` lists them.", err=True)


def _why(live: LiveSite) -> str:
    names = live.host.names
    if names or live.host.rules:
        own = ", ".join([*names, *(rule.rule for rule in live.host.rules)])
        return (
            f"What the app adds ({own}) may read a clock, chance or a database; if not, please report a bug in Byline."
        )
    return "This is a bug in Byline: please report it. To be safe, delete the output folder."


def _tell_left_out(live: LiveSite, done: FreezeSummary) -> None:
    """Pages of the app's own that nobody will find in the frozen site."""
    reasons = [*done.left_out, *(f"{url} {reason}" for url, reason in live.host.left_out.items())]
    for reason in reasons:
        click.secho(f"WARNING: {reason}, so it is not in the frozen site.", fg="yellow", err=True)
    others = [name for name in current_app.extensions[NAME] if name != live.host.name]
    for name in others:
        text = f"WARNING: the app's site `{name}` is not frozen: freeze it as an app of its own."
        click.secho(text, fg="yellow", err=True)
    for rule in live.host.uncovered():
        text = f"WARNING: {rule.rule} is not in the frozen site: give its values with @byline.urls({rule.endpoint!r})."
        click.secho(text, fg="yellow", err=True)


def _verify(live: LiveSite, folder: Path, options: list[str]) -> None:
    """A fresh process with an empty store prints the site into an empty folder; the trees must be the same."""
    with scratch_folder("byline-verify-") as scratch:
        cold = scratch / "build"
        command = [sys.executable, "-m", "flask", "freeze", "--out", str(cold), *options]
        environ = os.environ | {"BYLINE_STORE": f"{scratch}/store", "FLASK_DEBUG": "0"}
        run = subprocess.run(command, cwd=live.folder, env=environ, capture_output=True, text=True)
        if run.returncode not in (0, LEFT_OUT):
            click.echo(run.stderr, err=True)
            sys.exit(ERRORS)
        wrong = differences(owned(folder), owned(cold))
        if wrong:
            click.echo("\n".join([f"{path} differs from a cold freeze" for path in wrong[:20]]), err=True)
            click.echo(_why(live), err=True)
            sys.exit(ERRORS)
        click.echo(f"Verified: {len(owned(cold))} files are the same in a cold freeze.")
