"""docs/flask.md: its app runs, and so does the shop at its end."""

import importlib.util
import os
import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest
from flask import Flask

from tests.helpers.paper import ROOT, Paper

TEXT = (ROOT / "docs" / "flask.md").read_text(encoding="utf-8")


def listing(kind: str) -> str:
    return "\n\n".join(re.findall(rf"```python {kind}\n(.*?)```", TEXT, re.DOTALL))


def module(folder: Path, source: str) -> ModuleType:
    (folder / "app.py").write_text(source, encoding="utf-8")
    spec = importlib.util.spec_from_file_location("documented_app", folder / "app.py")
    assert spec is not None
    assert spec.loader is not None
    loaded = importlib.util.module_from_spec(spec)
    sys.modules["documented_app"] = loaded  # Flask finds its folder by the module
    spec.loader.exec_module(loaded)
    return loaded


def frozen(app: Flask) -> str:
    run = app.test_cli_runner().invoke(args=["freeze", "--no-search"])
    assert run.exit_code == 0, run.output
    return run.output


def test_the_app(paper: Paper) -> None:
    paper.post("one", title="ONE", date="2025-05-01")
    main = '{% extends "base.html" %}{% block main %}'
    paper.write("templates/contact.html", main + '{{ "hello" | shout }} {{ edition }}{% endblock %}')
    paper.write("templates/letter.html", main + "letter {{ letter }}{% endblock %}")
    app: Flask = module(paper.folder, listing("app") + "\n\nfrom byline.check.manuscript import Finding\n").app
    client = app.test_client()
    assert "HELLO! Morning edition" in client.get("/contact/").text
    assert client.get("/api/posts.json").get_json() == {"posts": [{"title": "ONE", "url": "/posts/one/"}]}
    assert "WARNING: /letters" not in frozen(app)
    assert "letter b" in paper.page("letters/b/index.html")
    assert "pages/posts/one.md:2:8: no-shouting" in app.test_cli_runner().invoke(args=["check"]).stdout


def test_the_shop_of_thirty_lines(tmp_path: Path) -> None:
    source = listing("shop")
    assert len(source.strip().splitlines()) <= 30
    news = Paper(tmp_path / "news")
    news.post("one", '!!! note "Tide"\n    Low.')
    (tmp_path / "news" / "templates").mkdir()
    shop = '{% extends "base.html" %}{% block main %}{{ 1250 | price }}{% endblock %}'
    (tmp_path / "news" / "templates" / "shop.html").write_text(shop, encoding="utf-8")
    app: Flask = module(tmp_path, source).app
    client = app.test_client()
    assert "12.50 €" in client.get("/").text
    assert client.post("/contact/", data={"name": "Ann"}).headers["Location"] == "/"
    assert client.get("/api/posts.json").get_json() == [{"title": "The one story", "url": "/news/posts/one/"}]
    assert '<div class="admonition note">' in client.get("/news/posts/one/").text
    frozen(app)
    assert (tmp_path / "news" / "build" / "index.html").is_file()
    assert (tmp_path / "news" / "build" / "news" / "posts" / "one" / "index.html").is_file()


def test_the_environment_comes_from_a_file(paper: Paper) -> None:
    pytest.importorskip("dotenv")
    paper.post("one")
    (paper.folder / "app.py").write_text((ROOT / "app.py").read_text(encoding="utf-8"), encoding="utf-8")
    (paper.folder / ".env").write_text("BYLINE_TITLE=The Evening Paper\n", encoding="utf-8")
    command = [sys.executable, "-m", "flask", "freeze", "--no-search"]
    environ = os.environ | {"PYTHONPATH": str(ROOT)}
    run = subprocess.run(command, cwd=paper.folder, env=environ, capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    assert "<title>The Evening Paper</title>" in paper.page("index.html")
