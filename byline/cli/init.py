"""`byline init`: a new site in a folder of its own, with one story and one desk, and nothing of the engine."""

import datetime as dt
import os
import re
from pathlib import Path
from string import Template

import click

from byline import __version__
from byline.problems import SiteError

STARTER = Path(__file__).parent.parent / "starter"


@click.command("init")
@click.argument("folder", type=click.Path(path_type=Path))
def init_command(folder: Path) -> None:
    """Write a new site into FOLDER, which must be new or empty but for .git."""
    if folder.exists() and not folder.is_dir():
        raise SiteError(f"{folder} is a file; name a folder that is new or empty")
    held = sorted(set(os.listdir(folder)) - {".git"}) if folder.exists() else []
    if held:
        raise SiteError(f"{folder} is not empty: it holds {held[0]}; name a folder that is new or empty")
    title = " ".join(re.sub(r"[\W_]+", " ", folder.resolve().name).split()).title() or "Paper"
    values = {
        "title": title,
        "name": re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-") or "paper",
        "date": dt.datetime.now(dt.UTC).date().isoformat(),
        "version": __version__,
    }
    for path in starter_files():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        text = (STARTER / path).read_text(encoding="utf-8")
        target.write_text(Template(text).substitute(values), encoding="utf-8", newline="\n")
        click.echo(target)
    click.echo(f"\nA new site is in {folder}. Go on with:\n  cd {folder}\n  byline run --debug", err=True)


def starter_files() -> list[str]:
    """The files of a new site, relative to its folder."""
    paths = (path for path in STARTER.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    return sorted(path.relative_to(STARTER).as_posix() for path in paths)
