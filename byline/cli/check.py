"""`flask check`: reports the problems of the site, or of a part of it, and fixes those that it can."""

import os
import sys
from pathlib import Path
from urllib.parse import urlsplit

import click
from flask import current_app
from flask.cli import with_appcontext

from byline.check.addresses import MOST, Addresses
from byline.check.fix import fix_files
from byline.check.formats import FORMATS
from byline.check.inspection import everything
from byline.check.lost import lost_addresses
from byline.problems import SiteError, counted
from byline.web.app import live_of
from byline.web.live import LiveSite


@click.command("check")
@click.option("--format", "form", type=click.Choice(list(FORMATS)), default="text", help="How to print problems.")
@click.option("--fix", is_flag=True, help="Fix what can be fixed safely, and print what remains.")
@click.option("--strict", is_flag=True, help="Exit 1 on warnings and hints too.")
@click.option(
    "--against",
    metavar="FILE",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Instead, print each address of an old sitemap, list or server's log that leads nowhere here.",
)
@click.argument("paths", nargs=-1, metavar="[PATH]...")
@with_appcontext
def check_command(form: str, fix: bool, strict: bool, against: Path | None, paths: tuple[str, ...]) -> None:
    """Print every problem in the content, or in the files and folders at PATH."""
    live = live_of(current_app)
    if against:
        if fix or paths:
            raise click.UsageError("--against looks at the addresses of the whole site, and fixes nothing")
        _check_addresses(live, against, form)
        return
    scope = Scope(live.folder, paths)
    if fix:
        for problem in fix_files(live, scope.holds):
            click.echo(f"Fixed: {problem}", err=True)
    problems = [problem for problem in everything(live) if scope.holds(problem.path)]
    if problems or form == "json":
        click.echo(FORMATS[form](problems))
    click.echo(f"{live.engine}.", err=True)
    if not live.tree.dialect.is_own:
        click.echo(f"{live.tree.dialect}.", err=True)
    click.echo(counted(problems) if problems else "No problems found.", err=True)
    if any(problem.is_error or strict for problem in problems):
        sys.exit(1)


def _check_addresses(live: LiveSite, path: Path, form: str) -> None:
    """Tell which addresses that are listed at `path` would lead nowhere."""
    listed = Addresses(path, urlsplit(live.settings.url).hostname or "")
    if not listed.found:
        raise SiteError(f"{path}: no addresses of this site were found in it")
    problems = lost_addresses(current_app, live, listed, str(path))
    if problems or form == "json":
        click.echo(FORMATS[form](problems))
    if listed.old_host:
        click.echo(f"Its addresses are of {listed.old_host}, taken for this site's former host.", err=True)
    for host, count in listed.elsewhere.items():
        click.echo(f"Not checked: {count:,} of {host}, another site.", err=True)
    for part in listed.missing:
        click.echo(f"Not checked: {part} is not beside {path.name}; put it there.", err=True)
    if listed.dropped:
        click.echo(f"Not checked: {listed.dropped:,} more lines, after {MOST:,} addresses.", err=True)
    lost = sum(max(1, len(problem.detail.splitlines())) for problem in problems)
    answered = len(listed.found) - lost
    click.echo(f"{len(listed.found):,} addresses: {answered:,} are answered, {lost:,} lead nowhere.", err=True)
    if problems or listed.missing:
        sys.exit(1)


class Scope:
    """The files to check: all of the site in `folder`, or those at or below `paths`."""

    def __init__(self, folder: Path, paths: tuple[str, ...]) -> None:
        self._folder = folder
        self._roots = [os.path.realpath(self._found(path)) for path in paths]

    def holds(self, path: str) -> bool:
        """Whether `path`, absolute or relative to the site's folder, is one of them."""
        real = os.path.realpath(self._folder / path) if self._roots else ""
        return not self._roots or any(real == root or real.startswith(f"{root}{os.sep}") for root in self._roots)

    def _found(self, path: str) -> Path:
        """`path` relative to the current folder, or else to the site's folder."""
        for base in (Path.cwd(), self._folder):
            if (base / path).exists():
                return base / path
        raise click.UsageError(f"there is no file or folder {path!r}")
