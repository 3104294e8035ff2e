"""`flask eject`: copies of the theme's templates, for a site that changes more than a block."""

import difflib
import os
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext

from byline.check.ejected import marked, version_of
from byline.problems import SiteError
from byline.storage.files import TreeFile, walk
from byline.web.app import live_of


@click.command("eject")
@click.argument("names", nargs=-1, required=True, metavar="TEMPLATE...")
@with_appcontext
def eject_command(names: tuple[str, ...]) -> None:
    """Copy templates of the theme, such as article.html, into templates/, and print their paths."""
    theme, _, own = live_of(current_app).template_folders
    known = {file.path: Path(file.real) for file in walk(theme) if isinstance(file, TreeFile)}
    chosen = tuple(dict.fromkeys(names))
    for name in chosen:
        if name not in known:
            near = difflib.get_close_matches(name, known, n=1)
            hint = f"did you mean {near[0]}?" if near else f"it has {', '.join(known)}"
            raise click.UsageError(f"the theme has no template {name}; {hint}")
        if os.path.lexists(own / name):
            raise SiteError(f"templates/{name} already exists; delete it, or change it as it is")
    for name in chosen:
        text = known[name].read_text(encoding="utf-8")
        _write(own / name, marked(name, text, version_of(text)))
        click.echo(f"templates/{name}")
    click.echo("`flask check` will warn when the theme's templates change.", err=True)


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "x", encoding="utf-8", newline="\n") as file:
        file.write(text)
