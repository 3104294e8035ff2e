"""The wheel: what `make dist` builds is all that a site needs."""

import zipfile
from pathlib import Path

import pytest

from byline.media.files import THEME
from tests.helpers.paper import ROOT, Paper
from tests.helpers.papers import full_paper
from tests.helpers.wheels import Installed, built


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built(ROOT, tmp_path_factory.mktemp("dist"))


def test_it_holds_the_engine_the_theme_and_the_texts_and_nothing_else(wheel: Path) -> None:
    names = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    files = (path for path in (ROOT / "byline").rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    assert names == {path.relative_to(ROOT).as_posix() for path in files}
    assert {"byline/py.typed", "byline/theme/templates/article.html", "byline/theme/texts/en.toml"} <= names
    assert THEME.is_relative_to(ROOT / "byline")


def test_it_names_what_it_needs(wheel: Path) -> None:
    archive = zipfile.ZipFile(wheel)
    (name,) = (name for name in archive.namelist() if name.endswith("/METADATA"))
    metadata = archive.read(name).decode()
    needed = {line.split(": ")[1].split("[")[0] for line in metadata.splitlines() if line.startswith("Requires-Dist: ")}
    assert {"flask", "flask-flatpages", "markdown", "python-slugify"} <= needed
    assert not needed & {"pytest", "ruff", "hatchling"}
    assert "Requires-Python: >=3.11" in metadata


@pytest.mark.proof
def test_a_site_stands_on_it_alone(wheel: Path, tmp_path: Path) -> None:
    """Installed in an environment of its own, whose other packages are those of this one, without the repository."""
    folder = tmp_path / "paper"
    folder.mkdir()
    full_paper(Paper(folder))
    (folder / "app.py").write_text((ROOT / "app.py").read_text(encoding="utf-8"))
    env = Installed(tmp_path / "env")
    env.install(wheel)
    for command in ("check", "freeze --no-search --verify", "next", "--help"):
        run = env.run(folder, "byline", *command.split())
        assert run.returncode == 0, run.stdout + run.stderr
    assert "Byline's commands" in run.stdout
    where = env.run(folder, "python", "-c", "import byline; print(byline.__file__)")
    assert where.stdout.startswith(str(tmp_path))
