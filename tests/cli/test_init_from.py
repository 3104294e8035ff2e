"""`byline init --from`: of a copy of Byline's repository, the new site gets what its owner made, and loses none of it."""

import json
import os
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import byline
from byline.cli import copies
from byline.cli.commands import main
from byline.cli.init import scaffold_files, starter_files
from byline.media.files import THEME
from docs.copies import lines
from tests.helpers.paper import ROOT, tree

EARLIER = "5931748"
"""A commit from before the engine was a package."""
FOOTER = '<footer>{% include "share.html" %}{{ t("archive") }}</footer>\n'
AUTHOR = "---\nname: News desk\navatar: {src: news-desk.png, alt: A paper}\n---\n"
BYLINES = {
    ".github/workflows/pages.yml": "name: pages\n",
    "LICENSE": "MIT\n",
    "Makefile": "serve:\n",
    "app.py": "app = 1\n",
    "byline/__init__.py": "",
    "byline/feeds.py": "feeds = 1\n",
    "docs/hosts.md": "# Hosts\n",
    "pages/about.md": "---\ntitle: About\n---\n",
    "pages/authors/news-desk.md": AUTHOR,
    "pages/authors/news-desk.png": "picture",
    "pages/posts/manual/first.md": "---\ntitle: First\ndate: 2025-01-01\n---\n",
    "pages/posts/manual/hills.jpg": "picture",
    "site.toml": 'title = "Byline"\n',
    "static/icon.svg": "<svg/>",
    "static/style.css": "body { color: #000 }\n",
    "templates/article.html": '{% extends "base.html" %}\n',
    "templates/footer.html": FOOTER,
    "templates/gone.html": "gone\n",
    "templates/texts/en.toml": (THEME / "texts" / "en.toml").read_text("utf-8"),
    "tests/test_web.py": "def test(): pass\n",
}
"""A repository as it was before the engine was a package, in small: the theme at its top, without folders."""


STORY = "pages/posts/own.md"


class Copy:
    """A copy of `BYLINES` that somebody made a site of, with a `STORY`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "copy"
        self.new = folder / "new"
        for path, text in BYLINES.items():
            self.write(path, text)
        self.write(STORY, "---\ntitle: Own\ndate: 2026-01-01\n---\n")

    def write(self, path: str, text: str) -> Path:
        full = self.folder / path
        full.parent.mkdir(parents=True, exist_ok=True)
        full.write_bytes(text.encode())
        return full

    def init(self, code: int = 0) -> Result:
        run = CliRunner().invoke(main, ["init", "--from", str(self.folder), str(self.new)])
        assert run.exit_code == code, run.output
        return run

    def own(self) -> dict[str, str]:
        """Path → text of what the new site has from the copy, besides the story."""
        paths = (path for path in self.new.rglob("*") if path.is_file())
        texts = {path.relative_to(self.new).as_posix(): path.read_text("utf-8") for path in paths}
        return {path: text for path, text in texts.items() if path not in (STORY, *scaffold_files())}


@pytest.fixture
def copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Copy:
    known = tmp_path / "known.txt"
    known.write_text(lines((path, copies.git_digest(text.encode())) for path, text in BYLINES.items()))
    monkeypatch.setattr(copies, "KNOWN", known)
    return Copy(tmp_path)


def codes(site: Path) -> set[tuple[str, str]]:
    run = byline.create_app(site).test_cli_runner().invoke(args=["check", "--format", "json"])
    return {(problem["path"], problem["code"]) for problem in json.loads(run.stdout)}


def test_of_what_nobody_changed_only_the_settings_come_along(copy: Copy) -> None:
    run = copy.init()
    assert copy.own() == {"site.toml": BYLINES["site.toml"]}
    assert "Taken over from" in run.stderr
    assert ": pages/ (1), site.toml.\n" in run.stderr
    counted = "byline/ (2), docs/ (1), pages/ (5), static/ (2), templates/ (4), tests/ (1)."
    assert f"Left behind, as Byline brought it: .github/ (1), LICENSE, Makefile, app.py, {counted}" in run.stderr
    assert "Yours" not in run.stderr
    assert "from byline import Byline" in (copy.new / "app.py").read_text()


def test_a_copy_without_a_story_gets_one(copy: Copy) -> None:
    (copy.folder / STORY).unlink()
    copy.init()
    assert {path for path in copy.own() if path.startswith("pages/")} == {
        path for path in starter_files() if path.startswith("pages/")
    }
    assert byline.create_app(copy.new).test_client().get("/posts/first-story/").status_code == 200


def test_line_ends_of_a_checkout_are_no_change(copy: Copy) -> None:
    for path, text in BYLINES.items():
        copy.write(path, text.replace("\n", "\r\n"))
    copy.init()
    assert set(copy.own()) == {"site.toml"}


@pytest.mark.parametrize(
    "path",
    [
        "CNAME",
        "LICENSE",
        "archetypes/post.md",
        "docs/notes.md",
        "pages/about.md",
        "pages/posts/2026/ferry.md",
        "pages/posts/manual/first.md",
        "public/ads.txt",
        "rules/own.py",
        "static/icon.svg",
        "static/custom.css",
        "templates/article-special.html",
        "templates/texts/fr.toml",
        "tests/test_own.py",
        ".github/workflows/own.yml",
    ],
)
def test_what_is_new_or_changed_comes_along(copy: Copy, path: str) -> None:
    copy.write(path, "own")
    run = copy.init()
    assert copy.own() == {"site.toml": BYLINES["site.toml"], path: "own"}
    assert str(copy.new / path) in run.stdout.splitlines()


@pytest.mark.parametrize(
    ("path", "target", "why"),
    [
        ("app.py", "app.py.old", "add your routes and filters to it"),
        ("Makefile", "Makefile.old", "the new site has its own"),
        ("tests/test_site.py", "tests/test_site.py.old", "the new site has its own"),
        (".github/workflows/pages.yml", ".github/workflows/pages.yml.old", "change it for the installed one"),
        ("Dockerfile", "Dockerfile.old", "change it for the installed one"),
        ("templates/footer.html", "templates/parts/footer.html", "the theme's template is called that now"),
        ("byline/theme/templates/article.html", "templates/article.html", "folders of its own"),
        ("byline/theme/texts/en.toml", "templates/texts/en.toml", "folders of its own"),
        ("byline/theme/static/style.css", "static/style.css", "folders of its own"),
    ],
)
def test_what_gets_another_name_is_told(copy: Copy, path: str, target: str, why: str) -> None:
    copy.write(path, "# own\n")
    run = copy.init()
    assert set(copy.own()) == {"site.toml", target}
    assert f"Under another name:\n  {path} → {target}\n    " in run.stderr
    assert why in run.stderr


@pytest.mark.parametrize(
    "path", ["byline/feeds.py", "byline/mine.py", "byline/check/rules/mine.py", "tests/test_web.py"]
)
def test_changes_to_the_engine_are_told(copy: Copy, path: str) -> None:
    copy.write(path, "mine = 1\n")
    run = copy.init()
    assert set(copy.own()) == {"site.toml"}
    assert f"Yours, but left behind:\n  {path}\n    the engine is installed now; rules go into rules/" in run.stderr


def test_a_template_that_the_theme_no_longer_has_keeps_its_name(copy: Copy) -> None:
    copy.write("templates/gone.html", "mine\n")
    assert (
        "To look at:\n  templates/gone.html\n    the theme no longer has a template of this name" in copy.init().stderr
    )
    assert copy.own()["templates/gone.html"] == "mine\n"


def test_a_whole_stylesheet_is_told(copy: Copy) -> None:
    copy.write("static/style.css", "body { color: #111 }\n")
    assert "To look at:\n  static/style.css\n    it replaces the theme's as a whole" in copy.init().stderr


def test_no_two_files_come_to_the_same_place(copy: Copy) -> None:
    copy.write("app.py", "changed")
    copy.write("app.py.old", "older")
    copy.write("templates/article.html", "of the site")
    copy.write("byline/theme/templates/article.html", "of the theme")
    run = copy.init()
    assert (copy.own()["app.py.old"], copy.own()["app.py.old.old"]) == ("older", "changed")
    assert copy.own()["templates/article.html"].endswith("of the site")
    assert "byline/theme/templates/article.html\n    templates/article.html was shown in its place" in run.stderr


def test_templates_fit_the_new_theme_or_the_check_says_why_not(copy: Copy) -> None:
    copy.write("templates/footer.html", FOOTER.replace("</footer>", "<p>own</p></footer>"))
    copy.write("templates/page-a.html", '{% extends "base.html" %}{% from "teaser.html" import card %}')
    copy.write(
        "templates/page-b.html", '{% extends "base.html" %}{% block lost %}{% endblock %}{% include "gone.html" %}'
    )
    run = copy.init()
    names = "templates/page-a.html\n  templates/parts/footer.html"
    assert f"With changes, to fit the theme as it is now:\n  {names}\n    templates call others" in run.stderr
    own = copy.own()
    mark, _, footer = own["templates/parts/footer.html"].partition("\n")
    assert mark.startswith("{#- Copied from theme/parts/footer.html, version 000000000000: ")
    assert '{% include "parts/share.html" %}' in footer
    assert footer.endswith("<p>own</p></footer>\n")
    assert own["templates/page-a.html"] == '{% extends "base.html" %}{% from "parts/teaser.html" import card %}'
    assert codes(copy.new) >= {
        ("templates/parts/footer.html", "outdated-template"),
        ("templates/page-b.html", "unknown-block"),
        ("templates/page-b.html", "missing-template"),
    }
    assert "templates/page-a.html" not in {path for path, _ in codes(copy.new)}


def test_a_later_copy_has_the_names_of_today(copy: Copy) -> None:
    copy.write("byline/theme/templates/parts/footer.html", (THEME / "templates/parts/footer.html").read_text("utf-8"))
    copy.write("templates/footer.html", "own")
    copy.write("templates/texts/en.toml", '# Ours.\nlatest = "Just in"\n')
    copy.write(
        "templates/index.html",
        '{% extends "theme/index.html" %}{% block after %}{% include "footer.html" %}{% endblock %}',
    )
    before = (copy.folder / "templates/index.html").read_text()
    assert "With changes" not in copy.init().stderr
    names = {"templates/footer.html", "templates/index.html", "templates/texts/en.toml"}
    assert {path for path in copy.own() if "/" in path} == names
    assert copy.own()["templates/texts/en.toml"].startswith("# Ours.")
    assert copy.own()["templates/index.html"] == before
    assert "own" in byline.create_app(copy.new).test_client().get("/").text


def test_of_texts_come_the_words_that_are_others(copy: Copy) -> None:
    theme = BYLINES["templates/texts/en.toml"]
    words = tomllib.loads(theme)
    own = theme.replace(f'latest = "{words["latest"]}"', 'latest = "Just in"') + 'mine = "Mine"\n'
    assert own.count("Just in") == 1
    copy.write("templates/texts/en.toml", own)
    copy.init()
    assert copy.own()["templates/texts/en.toml"] == 'latest = "Just in"\nmine = "Mine"\n'


def test_bylines_authors_and_pictures_come_along_where_a_story_names_them(copy: Copy) -> None:
    header = "title: Ferry\ndate: 2026-01-01\nauthors: [News Desk]\n"
    copy.write("pages/posts/ferry.md", f"---\n{header}---\n![Hills](manual/hills.jpg)\n")
    copy.init()
    named = {"pages/authors/news-desk.md", "pages/authors/news-desk.png", "pages/posts/manual/hills.jpg"}
    assert set(copy.own()) == {"site.toml", "pages/posts/ferry.md", *named}


def test_what_programs_make_is_left_and_what_others_put_there_is_told(copy: Copy) -> None:
    copy.write("site.toml", 'store = "var/kept"\n')
    for path in ("var/kept/x", ".venv/pyvenv.cfg", "env/pyvenv.cfg", ".pytest_cache/x", "byline/__pycache__/x.pyc"):
        copy.write(path, "x")
    copy.write("public_html/.byline/manifest.json", "{}")
    copy.write("public_html/.git/HEAD", "x")
    copy.write(".git/HEAD", "x")
    run = copy.init()
    assert set(copy.own()) == {"site.toml"}
    assert "as it is made again: .pytest_cache/, .venv/, env/, public_html/, var/kept/.\n" in run.stderr
    assert "Yours, but left behind:\n  public_html/.git\n    it is in a folder that Byline writes" in run.stderr
    assert f"Left behind: {copy.folder / '.git'}, the history" in run.stderr


def test_the_copy_stays_as_it_is_and_links_stay_links(copy: Copy) -> None:
    script = copy.write("scripts/publish", "#!/bin/sh\n")
    script.chmod(0o755)
    (copy.folder / "scripts/same").symlink_to("publish")
    (copy.folder / "pages/shared").symlink_to("../scripts")
    before = {path: os.lstat(path) for path in copy.folder.rglob("*")}
    copy.init()
    after = {path: os.lstat(path) for path in copy.folder.rglob("*")}
    assert {path: (stat.st_mode, stat.st_size, stat.st_mtime_ns) for path, stat in after.items()} == {
        path: (stat.st_mode, stat.st_size, stat.st_mtime_ns) for path, stat in before.items()
    }
    assert os.access(copy.new / "scripts/publish", os.X_OK)
    assert os.readlink(copy.new / "scripts/same") == "publish"
    assert os.readlink(copy.new / "pages/shared") == "../scripts"


def test_it_goes_into_a_repository_with_the_history_of_the_copy(copy: Copy) -> None:
    (copy.new / ".git").mkdir(parents=True)
    copy.init()
    assert (copy.new / ".git").is_dir()
    assert "is not empty: it holds .devcontainer" in copy.init(code=1).output


def test_what_cannot_be_done_says_why(copy: Copy, tmp_path: Path) -> None:
    copy.new = copy.folder / "new"
    assert "which stays as it is; name a folder outside of it" in copy.init(code=1).output
    copy.new = tmp_path / "new"
    os.mkfifo(copy.folder / "pipe")
    assert f"when this is mended, empty {copy.new} and start again" in copy.init(code=1).output
    shutil.rmtree(copy.folder / "byline")
    shutil.rmtree(copy.new)
    assert "is not a copy of Byline's repository" in copy.init(code=1).output
    assert not copy.new.exists()


@pytest.fixture(scope="module")
def earlier(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The repository as it was at `EARLIER`."""
    folder = tmp_path_factory.mktemp("earlier")
    archive = subprocess.run(["git", "archive", EARLIER], cwd=ROOT, capture_output=True)
    if archive.returncode:
        pytest.skip(f"this checkout does not have the commit {EARLIER}")
    subprocess.run(["tar", "-x", "-C", folder], input=archive.stdout, check=True)
    return folder


def test_a_real_copy_that_nobody_changed(earlier: Path, tmp_path: Path) -> None:
    run = CliRunner().invoke(main, ["init", "--from", str(earlier), str(tmp_path / "new")])
    assert run.exit_code == 0, run.output
    assert set(tree(tmp_path / "new")) <= {"site.toml", *starter_files()}
    assert "Yours" not in run.stderr


def test_a_real_copy_becomes_a_site(earlier: Path, tmp_path: Path) -> None:
    folder = tmp_path / "copy"
    shutil.copytree(earlier, folder)
    for path, old, new in (
        ("site.toml", "http://localhost:5000", "https://island.test"),
        ("templates/masthead.html", "</header>", "<p>Island paper</p></header>"),
        ("templates/texts/en.toml", "Latest stories", "Just in"),
    ):
        text = (folder / path).read_text("utf-8")
        assert old in text, path
        (folder / path).write_text(text.replace(old, new), "utf-8")
    post = "---\ntitle: Ferry\ndate: 2026-01-01\nauthors: [News desk]\n---\nIt is back.\n"
    (folder / "pages/posts/ferry.md").write_text(post)
    run = CliRunner().invoke(main, ["init", "--from", str(folder), str(tmp_path / "new")])
    assert run.exit_code == 0, run.output
    assert ("templates/parts/masthead.html", "outdated-template") in codes(tmp_path / "new")
    client = byline.create_app(tmp_path / "new").test_client()
    assert "Island paper" in client.get("/posts/ferry/").text
    assert "Just in" in client.get("/").text
    assert client.get("/authors/news-desk/").status_code == 200
    assert client.get("/series/the-manual/").status_code == 404
