"""A site in a temporary folder, entered by the front door: the app's client and its commands."""

import datetime as dt
import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from flask import Flask
from flask.testing import FlaskClient

import app as front_door
from byline.freeze.freezer import tree
from byline.site import Site
from byline.web.app import live_of
from byline.web.live import LiveSite

ROOT = Path(__file__).parent.parent
NOON = dt.datetime(2025, 6, 1, 12, tzinfo=dt.UTC)

# Zones other than the machine's must not matter: the whole suite runs far from UTC.
os.environ["TZ"] = "Pacific/Chatham"
time.tzset()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes long comes first, so that no processor waits for it at the end: browsers, and processes of their own."""
    long = ("browser", "incremental", "docs", "hostile", "hosts")
    items.sort(key=lambda item: not any(word in item.nodeid + str(getattr(item, "fixturenames", "")) for word in long))


class Paper:
    """A publication: write files, ask its app, freeze it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.now = NOON
        shutil.copytree(ROOT / "templates", folder / "templates")
        shutil.copytree(ROOT / "static", folder / "static")
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
        """A sound post, `pages/posts/<name>.md`; keys may be changed, or left out with None."""
        keys = {"title": f"The {name} story", "date": "2025-05-01"} | header
        lines = [f"{key}: {value}" for key, value in keys.items() if value is not None]
        return self.write(f"pages/posts/{name}.md", "---\n" + "\n".join(lines) + f"\n---\n{body}\n")

    def app(self, *, debug: bool = False) -> Flask:
        return front_door.create_app(self.folder, debug=debug, clock=lambda: self.now)

    def client(self, *, debug: bool = False) -> FlaskClient:
        return self.app(debug=debug).test_client()

    def live(self) -> LiveSite:
        return live_of(self.app())

    def site(self) -> Site:
        return self.live().snapshot().site

    def problems(self) -> list[str]:
        """Every problem as the person reads it, with its severity."""
        return [f"{problem.severity} {problem}" for problem in self.site().problems]

    def codes(self) -> set[str]:
        return {problem.code for problem in self.site().problems}

    def run(self, *arguments: str) -> Result:
        return self.app().test_cli_runner().invoke(args=list(arguments))

    def freeze(self, *arguments: str, out: str = "build") -> Result:
        """A freeze without a search index, unless it is asked for: making one takes longer than the rest."""
        search = [] if "--search" in arguments else ["--no-search"]
        return self.run("freeze", "--out", out, *search, *arguments)

    def tree(self, out: str = "build") -> dict[str, str]:
        return tree(self.folder / out)

    def media(self) -> list[str]:
        """Frozen pictures and files that posts show or link to; not the social cards, which every post has."""
        return [path for path in self.tree() if path.startswith("media/") and not path.startswith("media/card-")]

    def page(self, path: str, out: str = "build") -> str:
        return (self.folder / out / path).read_text(encoding="utf-8")


@pytest.fixture
def paper(tmp_path: Path) -> Paper:
    return Paper(tmp_path / "paper")


@pytest.fixture
def new_paper(tmp_path: Path) -> Callable[[str], Paper]:
    """Several papers in one test."""
    return lambda name: Paper(tmp_path / name)
