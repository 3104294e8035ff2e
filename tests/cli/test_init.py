"""`byline init`: from nothing to a site that is complete, and whose owner has nothing to delete."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

import byline
from byline.cli.commands import main
from byline.cli.init import starter_files
from tests.helpers.paper import NOON, ROOT


@pytest.fixture(scope="module")
def new(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("new") / "the-morning post"
    run = CliRunner().invoke(main, ["init", str(folder)])
    assert run.exit_code == 0, run.output
    assert run.stdout.splitlines() == [str(folder / path) for path in starter_files()]
    assert f"cd {folder}" in run.stderr
    return folder


def test_it_is_small_and_has_nothing_of_the_engine_or_the_manual(new: Path) -> None:
    files = {path.relative_to(new).as_posix() for path in new.rglob("*") if path.is_file()}
    assert files == set(starter_files())
    assert len(files) < 20
    assert {"app.py", "site.toml", "pyproject.toml", "Makefile", "Procfile", "static/custom.css"} <= files
    text = "".join((new / path).read_text(encoding="utf-8") for path in files)
    assert "manual" not in text.lower()
    assert "$" not in text.replace("$(", "").replace("${", "")
    assert f"byline=={byline.__version__}" in (new / "requirements.txt").read_text()
    assert text.count(byline.__version__) == 1, "an upgrade changes one line"
    assert 'title = "The Morning Post"' in (new / "site.toml").read_text()


def test_nothing_is_wrong_with_it(new: Path) -> None:
    app = byline.create_app(new)
    run = app.test_cli_runner().invoke(args=["check", "--strict"])
    assert (run.exit_code, run.stdout) == (0, ""), run.output
    client = byline.create_app(new, clock=lambda: NOON.replace(year=9000)).test_client()
    for url in ("/", "/posts/first-story/", "/about/", "/authors/the-desk/", "/tags/news/"):
        assert client.get(url).status_code == 200, url
    assert "The Morning Post" in client.get("/").text


@pytest.mark.proof
def test_its_own_tests_pass(new: Path) -> None:
    environ = os.environ | {"PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"],
        cwd=new,
        env=environ,
        capture_output=True,
        text=True,
    )
    assert run.returncode == 0, run.stdout
    assert "3 passed" in run.stdout


def test_it_writes_into_an_empty_repository_and_over_nothing(tmp_path: Path) -> None:
    (tmp_path / "paper" / ".git").mkdir(parents=True)
    assert CliRunner().invoke(main, ["init", str(tmp_path / "paper")]).exit_code == 0
    (tmp_path / "paper" / "app.py").write_text("mine")
    run = CliRunner().invoke(main, ["init", str(tmp_path / "paper")])
    assert run.exit_code == 1
    assert "is not empty: it holds .devcontainer; name a folder that is new or empty" in run.output
    assert (tmp_path / "paper" / "app.py").read_text() == "mine"
    (tmp_path / "file").write_text("x")
    assert "is a file; name a folder" in CliRunner().invoke(main, ["init", str(tmp_path / "file")]).output


@pytest.mark.parametrize("name", ['say "hi"', "2025", "日本", "---", "a$b"])
def test_any_name_of_a_folder_gives_a_site(tmp_path: Path, name: str) -> None:
    assert CliRunner().invoke(main, ["init", str(tmp_path / name)]).exit_code == 0
    assert byline.create_app(tmp_path / name).test_client().get("/").status_code == 200
