"""A publication in a temporary folder, tested through the front door: its app's client and its commands."""

import datetime as dt
import re
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from flask import Flask
from flask.testing import FlaskClient

import byline
from byline.freeze.manifest import OWN
from byline.media.files import THEME
from byline.problems import SiteError
from byline.site import Site
from byline.storage.fingerprint import digest
from byline.web.app import live_of
from byline.web.live import LiveSite

ROOT = Path(__file__).parent.parent.parent


NOON = dt.datetime(2025, 6, 1, 12, tzinfo=dt.UTC)


class Paper:
    """A publication: write files, ask its app, freeze it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.now = NOON
        (folder / "pages" / "posts").mkdir(parents=True)
        self.settings('title = "The Paper"\nurl = "https://paper.test"')

    def settings(self, text: str) -> None:
        self.write("site.toml", text)

    def write(self, path: str, content: str | bytes) -> Path:
        full = self.folder / path
        full.parent.mkdir(parents=True, exist_ok=True)
        full.write_bytes(content.encode() if isinstance(content, str) else content)
        return full

    def post(self, name: str, body: str = "Text.", **header: Any) -> Path:
        """Write a valid post, `pages/posts/<name>.md`; keys can be changed, or left out with None."""
        keys = {"title": f"The {name} story", "date": "2025-05-01"} | header
        lines = [f"{key}: {value}" for key, value in keys.items() if value is not None]
        return self.write(f"pages/posts/{name}.md", "---\n" + "\n".join(lines) + f"\n---\n{body}\n")

    def override(self, name: str, old: str = "", new: str = "") -> str:
        """Copy the theme's template of that name into the site, with `old` replaced; return the theme's text."""
        theme = (THEME / "templates" / name).read_text(encoding="utf-8")
        assert old in theme
        self.write(f"templates/{name}", theme.replace(old, new) if old else theme)
        return theme

    def spoil(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Keep every snapshot from being taken, as a fault of ours or of the disk would."""

        def fail(*_: object) -> None:
            raise SiteError("templates: the disk is gone")

        monkeypatch.setattr("byline.web.live.read_templates", fail)

    def app(self, *, debug: bool = False) -> Flask:
        return byline.create_app(self.folder, DEBUG=debug, clock=lambda: self.now)

    def client(self, *, debug: bool = False) -> FlaskClient:
        return self.app(debug=debug).test_client()

    def live(self) -> LiveSite:
        return live_of(self.app())

    def site(self) -> Site:
        return self.live().snapshot().site

    def problems(self) -> list[str]:
        """Every problem as a person reads it, with its severity."""
        return [f"{problem.severity} {problem}" for problem in self.site().problems]

    def codes(self) -> set[str]:
        return {problem.code for problem in self.site().problems}

    def run(self, *arguments: str) -> Result:
        return self.app().test_cli_runner().invoke(args=list(arguments))

    def freeze(self, *arguments: str, out: str = "build") -> Result:
        """Freeze without a search index unless asked for: making one takes longer than the rest."""
        search = [] if "--search" in arguments else ["--no-search"]
        return self.run("freeze", "--out", out, *search, *arguments)

    def tree(self, out: str = "build") -> dict[str, str]:
        return tree(self.folder / out)

    def printed(self) -> dict[str, bytes]:
        """Path → bytes of every file of the frozen site that readers may get."""
        return contents(self.folder / "build")

    def media(self) -> list[str]:
        """Frozen pictures and files that posts show or link to, except the social cards, which every post has."""
        return [path for path in self.tree() if path.startswith("media/") and not path.startswith("media/card-")]

    def page(self, path: str, out: str = "build") -> str:
        return (self.folder / out / path).read_text(encoding="utf-8")


def contents(folder: Path) -> dict[str, bytes]:
    """Path → bytes of every file in `folder`, but for Byline's own records."""
    files = (path for path in folder.rglob("*") if path.is_file() and OWN not in path.parts)
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


HIDDEN = (f"{OWN}/hosts/", ".nojekyll", ".well-known/")
"""Hidden files that belong to a frozen site all the same: hosts or other programs read them."""


def tree(folder: Path) -> dict[str, str]:
    """Path → digest of every file of a frozen site."""
    files = (path for path in folder.rglob("*") if path.is_file())
    paths = ((path.relative_to(folder).as_posix(), path) for path in files)
    ours = ((name, path) for name, path in paths if name.startswith(HIDDEN) or not name.startswith("."))
    return {name: digest(path.read_bytes()) for name, path in ours}


def counts(output: str) -> tuple[int, ...]:
    """(files, written, kept, deleted) of the summary line."""
    found = re.search(r"(\d+) files: (\d+) written, (\d+) kept, (\d+) deleted, in [\d.]+ s", output)
    assert found, output
    return tuple(map(int, found.groups()))
