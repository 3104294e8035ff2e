"""`flask import`: another system's export becomes files of this site."""

import importlib
import re
from collections import Counter
from pathlib import Path
from typing import Any

import click
from flask import current_app
from flask.cli import with_appcontext

from byline.frontmatter import dates
from byline.importers.export import Options
from byline.importers.registry import system_of
from byline.importers.source import Source
from byline.web.app import live_of

MOST = 20
"""Files that are named: more would hide the rest."""


@click.command("import")
@click.argument("sources", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="SOURCE...")
@click.option("--as", "name", default="", metavar="SYSTEM", help="The system it is from, if Byline cannot tell.")
@click.option("--url", default="", metavar="OLD", help="The old site's address.")
@click.option("--media", type=click.Path(path_type=Path), metavar="DIR", help="A folder or zip file with its pictures.")
@click.option("--date", metavar="DATE", help="For texts that have no date, or no year; a year alone is enough.")
@click.option("--dry-run", "is_dry", is_flag=True, help="Write nothing, and tell what would be done.")
@with_appcontext
def import_command(
    sources: tuple[Path, ...], name: str, url: str, media: Path | None, date: str | None, is_dry: bool
) -> None:
    """Write posts, pages, authors and pictures from another system's export, and a report of what it has."""
    live = live_of(current_app)
    try:
        typed = f"{date.strip()}-01-01" if date and re.fullmatch(r"\s*\d{4}\s*", date) else date
        moment = dates.parse(typed, live.settings.zone) if typed else None
    except dates.BadDate as error:
        raise click.BadParameter(f"{error.args[0]}; {error.args[1]}", param_hint="--date") from None
    source = Source(sources)
    system = system_of(source, name)
    source = source.beside(system.beside)
    importing = importlib.import_module("byline.importers.importing")  # other commands need not wait for its libraries
    options = Options(url=url, date=moment)
    outcome = importing.Run(live, system, source, options, Source((media,)) if media else None).run(is_dry=is_dry)
    _tell(outcome, importing.REASONS, is_dry=is_dry)


def _tell(outcome: Any, reasons: dict[str, str], *, is_dry: bool) -> None:
    for line in outcome.report.lines():
        click.echo(line)
    for fate, reason in reasons.items():
        paths = [path for path, one in outcome.fates.items() if one == fate]
        for path in paths[:MOST]:
            click.echo(f"{path} {reason}")
        if len(paths) > MOST:
            click.echo(f"and {len(paths) - MOST} more")
    counts = Counter(outcome.fates.values())
    verb = "would be written" if is_dry else "written"
    told = [f"{counts['written']} files {verb}", f"{counts['updated']} made anew", f"{counts['same']} as they were"]
    told += [f"{counts['kept']} as you edited them"] if counts["kept"] else []
    click.echo(f"{', '.join(told)}.", err=True)
    after = "Nothing was written." if is_dry else f"The report is {outcome.path}. Go on with: flask check"
    click.echo(after, err=True)
