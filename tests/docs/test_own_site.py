"""The suite is about the engine: it passes whatever a blog does to pages/, templates/, static/ and site.toml."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.helpers.paper import ROOT

ENGINE = ("app.py", "byline", "CONTRIBUTING.md", "docs", "Makefile", "Procfile", "pyproject.toml", "README.md", "tests")
SITE = {
    "pages/posts/hallo.md": "---\ntitle: Hallo\ndate: 2026-01-02\nauthors: Erika\n---\n[Nirgends](nirgends.md) ![](kein.png)\n",
    "templates/base.html": '<!doctype html><title>{{ head.title }}</title><link rel="stylesheet" href="{{ static("style.css") }}">'
    "{% block main %}{% endblock %}",
    "static/style.css": "body { width: 2000px; color: #999 }",
    "site.toml": 'title = "Tagebuch"\nurl = "https://tagebuch.test/blog"\nlanguage = "de"\ntimezone = "Europe/Berlin"\n'
    'permalink = "/{year}/{slug}/"\nposts_per_page = 1\nallowed_tags = ["See"]\n',
}
TESTS = ("check/test_vague_link.py", "docs/test_manual.py", "web/test_routes.py", "web/test_theme.py")
"""Some that use a site; those that have read this repository's own among them."""


@pytest.mark.proof
def test_a_blogs_own_site_does_not_matter(tmp_path: Path) -> None:
    for name in ENGINE:
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, tmp_path / name)
    for name, text in SITE.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    environ = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST")}
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *(f"tests/{name}" for name in TESTS)]
    run = subprocess.run(command, cwd=tmp_path, env=environ, capture_output=True, text=True)
    assert run.returncode == 0, run.stdout[-4000:]
    assert " passed" in run.stdout
