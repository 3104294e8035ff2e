"""An upgrade, as an owner does it: another version is installed, and the site says what follows from that."""

import re
import shutil
from pathlib import Path
from typing import NamedTuple

import pytest

import byline
from tests.helpers.paper import ROOT, counts, tree
from tests.helpers.wheels import Installed, built

pytestmark = pytest.mark.proof

NEXT = "9999.0"
CHANGES = {
    "byline/__init__.py": (f'"{byline.__version__}"', f'"{NEXT}"'),
    # A template that the site has a copy of, ...
    "byline/theme/templates/article.html": ("<h1>{{ post.title }}</h1>", '<h1 class="headline">{{ post.title }}</h1>'),
    # ... and one that it has none of, with a new text.
    "byline/theme/templates/archive.html": ("</h1>", '</h1>\n<p class="dek">{{ t("all_years") }}</p>'),
    "byline/theme/texts/en.toml": ("\narchive = ", '\nall_years = "All stories, by year"\narchive = '),
    "byline/theme/texts/de.toml": ("\narchive = ", '\nall_years = "Alle Beiträge nach Jahren"\narchive = '),
    "byline/settings/settings.py": (
        "    tagline: Annotated",
        '    motto: Annotated[str, about("Replaces the tagline.")] = ""\n    tagline: Annotated',
    ),
    "byline/web/page.py": ("tagline=settings.tagline", "tagline=settings.motto or settings.tagline"),
}
"""What the next version changes: in each file, the first text becomes the second."""


class Versions(NamedTuple):
    """Two wheels of the engine."""

    now: Path
    next: Path


class Owner:
    """Somebody with a site in `folder` and the engine in an environment."""

    def __init__(self, folder: Path) -> None:
        self.env = Installed(folder / "env")
        self.folder = folder / "paper"
        self.build = self.folder / "build"

    def byline(self, *arguments: str, code: int = 0, **environ: str) -> str:
        run = self.env.run(self.folder, "byline", *arguments, **environ)
        assert run.returncode == code, run.stdout + run.stderr
        return run.stdout + run.stderr

    def write(self, path: str, text: str) -> None:
        (self.folder / path).parent.mkdir(parents=True, exist_ok=True)
        (self.folder / path).write_text(text, encoding="utf-8")

    def change(self, path: str, old: str, new: str) -> None:
        text = (self.folder / path).read_text(encoding="utf-8")
        assert old in text
        self.write(path, text.replace(old, new))

    def times(self) -> dict[str, int]:
        """When each file of the frozen site was written."""
        return {path: (self.build / path).stat().st_mtime_ns for path in tree(self.build)}


@pytest.fixture(scope="module")
def versions(tmp_path_factory: pytest.TempPathFactory) -> Versions:
    folder = tmp_path_factory.mktemp("versions")
    copy = folder / "repository"
    shutil.copytree(ROOT / "byline", copy / "byline", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, copy)
    for name, (old, new) in CHANGES.items():
        text = (copy / name).read_text(encoding="utf-8")
        assert old in text, name
        (copy / name).write_text(text.replace(old, new, 1), encoding="utf-8")
    return Versions(built(ROOT, folder / "now"), built(copy, folder / "next"))


@pytest.fixture
def owner(versions: Versions, tmp_path: Path) -> Owner:
    """With a new site that has ten posts, and changes something in each of the ways there are."""
    owner = Owner(tmp_path)
    owner.env.install(versions.now)
    run = owner.env.run(tmp_path, "byline", "init", "paper")
    assert run.returncode == 0, run.stderr
    owner.byline("eject", "article.html")
    owner.change("templates/article.html", "<h1>{{ post.title }}</h1>", "<h1>{{ post.title }}, we hear</h1>")
    owner.write(
        "templates/page.html", '{% extends "theme/page.html" %}\n{% block after %}<p>Write!</p>{% endblock %}\n'
    )
    owner.change("templates/texts/en.toml", "Latest stories", "Just in")
    owner.write("static/custom.css", ":root { --accent: #0b5d4b }\n")
    for number in range(10):
        header = f"title: Story {number}\ndate: 2025-0{number % 5 + 1}-03\nauthors: the-desk\ntags: [news]\n"
        owner.write(f"pages/posts/story-{number}.md", f"---\n{header}---\nThis is story {number}.\n")
    assert "No problems found." in owner.byline("check", "--strict")
    return owner


def test_there_and_back(owner: Owner, versions: Versions) -> None:
    owner.byline("freeze")
    first, times = tree(owner.build), owner.times()
    assert {"posts/story-9/index.html", "archive/index.html", "about/index.html", "pagefind/pagefind.js"} <= set(first)
    assert "we hear</h1>" in (owner.build / "posts/story-9/index.html").read_text()
    assert "Write!" in (owner.build / "about/index.html").read_text()
    assert "Just in" in (owner.build / "index.html").read_text()

    owner.env.install(versions.next)
    said = owner.byline("check")
    outdated = [line for line in said.splitlines() if re.match(r"\S+:\d+:\d+: ", line)]
    assert [line.split(" ")[:2] for line in outdated] == [["templates/article.html:1:1:", "outdated-template"]]
    assert '    +<h1 class="headline">{{ post.title }}</h1>\n' in said
    shown = (ROOT / "docs" / "upgrading.md").read_text("utf-8").partition("```console\n")[2].partition("```")[0]
    told = {line for line in shown.splitlines() if line.startswith("    ") and "@@" not in line}
    assert told <= set(said.splitlines()), said
    assert "1 warning" in said

    said = owner.byline("freeze")
    assert counts(said) == (len(first), 1, len(first) - 1, 0), "only the archive's page has another text"
    assert {path for path, time in owner.times().items() if time != times[path]} == {"archive/index.html"}
    assert "All stories, by year" in (owner.build / "archive/index.html").read_text()
    assert counts(owner.byline("freeze"))[1] == 0
    owner.byline("freeze", "--verify")
    owner.byline("freeze", "--out", "german", BYLINE_LANGUAGE="de")
    assert "Alle Beiträge nach Jahren" in (owner.folder / "german/archive/index.html").read_text()

    owner.change("site.toml", "tagline = ", 'motto = "Every day anew"\ntagline = ')
    owner.byline("freeze")
    assert "Every day anew" in (owner.build / "index.html").read_text()

    owner.env.install(versions.now)
    assert "`motto` is not a setting" in owner.byline("freeze", code=1)
    owner.change("site.toml", 'motto = "Every day anew"\n', "")
    assert "No problems found." in owner.byline("check", "--strict")
    owner.byline("freeze")
    assert tree(owner.build) == first
    owner.byline("freeze", "--verify")
