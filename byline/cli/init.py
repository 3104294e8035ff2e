"""`byline init`: a new site in a folder of its own, with one story and one desk, or with what is a site's in a copy of
Byline's repository; and nothing of the engine."""

import datetime as dt
import os
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from string import Template

import click

from byline import __version__
from byline.cli.copies import Copy, Move, copied, read_copy
from byline.problems import SiteError
from byline.settings.file import FILE_NAME

STARTER = Path(__file__).parent.parent / "starter"
CONTENT = ("pages/", "static/", "templates/", FILE_NAME)
"""The starter's files that a site from a copy does not get: it has its own."""


@click.command("init")
@click.option(
    "--from",
    "copy",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    metavar="COPY",
    help="Take what is a site's own from a copy of Byline's repository, which stays as it is.",
)
@click.argument("folder", type=click.Path(path_type=Path))
def init_command(folder: Path, copy: Path | None) -> None:
    """Write a new site into FOLDER, which must be new or empty but for .git."""
    if folder.exists() and not folder.is_dir():
        raise SiteError(f"{folder} is a file; name a folder that is new or empty")
    held = sorted(set(os.listdir(folder)) - {".git"}) if folder.exists() else []
    if held:
        raise SiteError(f"{folder} is not empty: it holds {held[0]}; name a folder that is new or empty")
    if copy is None:
        _write_starter(folder, starter_files())
        click.echo(f"\nA new site is in {folder}. Go on with:\n  cd {folder}\n  byline run --debug", err=True)
        return
    try:
        _write_from(copy, folder)
    except OSError as error:
        raise SiteError(f"{error}; when this is mended, empty {folder} and start again") from None
    click.echo(f"The site is in {folder}. Go on with:\n  cd {folder}\n  byline check", err=True)


def starter_files() -> list[str]:
    """The files of a new site, relative to its folder."""
    paths = (path for path in STARTER.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    return sorted(path.relative_to(STARTER).as_posix() for path in paths)


def scaffold_files() -> list[str]:
    """Those of them that every site has, whatever is in it."""
    return [path for path in starter_files() if not path.startswith(CONTENT)]


def _write_starter(folder: Path, paths: Iterable[str]) -> None:
    title = " ".join(re.sub(r"[\W_]+", " ", folder.resolve().name).split()).title() or "Paper"
    values = {
        "title": title,
        "name": re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-") or "paper",
        "date": dt.datetime.now(dt.UTC).date().isoformat(),
        "version": __version__,
    }
    for path in paths:
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        text = (STARTER / path).read_text(encoding="utf-8")
        target.write_text(Template(text).substitute(values), encoding="utf-8", newline="\n")
        click.echo(target)


def _write_from(copy: Path, folder: Path) -> None:
    if folder.resolve().is_relative_to(copy.resolve()):
        raise SiteError(f"{folder} is in {copy}, which stays as it is; name a folder outside of it")
    scaffold = scaffold_files() if (copy / FILE_NAME).is_file() else [*scaffold_files(), FILE_NAME]
    found = read_copy(copy, scaffold)
    if not any(move.target.startswith("pages/") for move in found.moves) and (copy / "pages").is_dir():
        scaffold += [path for path in starter_files() if path.startswith("pages/")]  # a site has some content
    _write_starter(folder, scaffold)
    changed = []
    for move in found.moves:
        if move.target:
            if copied(copy, move, folder / move.target):
                changed.append(move.target)
            click.echo(click.format_filename(folder / move.target))
    click.echo(f"\nTaken over from {copy}: {_counted(move.source for move in found.moves if move.target)}.", err=True)
    click.echo(click.format_filename("\n".join([*_report(copy, found, changed), ""])), err=True)


def _report(copy: Path, found: Copy, changed: list[str]) -> Iterator[str]:
    """What did not come along as it is, each once: the site's own files by name, with what to do about them."""
    moves = found.moves
    groups = {
        "Under another name:": [(f"{move.source} → {move.target}", move) for move in moves if _is_renamed(move)],
        "To look at:": [(move.target, move) for move in moves if move.source == move.target and move.note],
        "Yours, but left behind:": [(move.source, move) for move in moves if not move.target],
    }
    for title, rows in groups.items():
        notes: dict[str, list[str]] = {}
        for name, move in rows:
            notes.setdefault(move.note, []).append(name)
        if rows:
            yield title
        for note, names in notes.items():
            yield from (f"  {name}" for name in names)
            yield f"    {note}"
    if changed:
        yield "With changes, to fit the theme as it is now:"
        yield from (f"  {path}" for path in sorted(changed))
        yield "    templates call others by the names that these have now, and name the one that they are copies of;"
        yield "    texts hold only the words that differ from the theme's"
    if found.bylines:
        yield f"Left behind, as Byline brought it: {_counted(found.bylines)}."
    if found.made:
        yield f"Left behind, as it is made again: {', '.join(found.made)}."
    if (copy / ".git").exists():
        yield f"Left behind: {copy / '.git'}, the history; docs/upgrading.md has a way to keep it."


def _is_renamed(move: Move) -> bool:
    return move.target not in ("", move.source)


def _counted(paths: Iterable[str]) -> str:
    """How many files each folder has, and the names of those in none."""
    folders = Counter(path.partition("/")[0] + "/" * ("/" in path) for path in paths)
    return ", ".join(f"{name} ({count})" if name.endswith("/") else name for name, count in sorted(folders.items()))
