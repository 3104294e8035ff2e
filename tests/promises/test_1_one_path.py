"""One path: the dev server, the production server and the frozen files give the same bytes for every URL."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from werkzeug.test import Client

from byline.freeze.paths import output_path
from byline.web.app import live_of, tag_at
from byline.web.routes import all_urls
from tests.helpers.languages import translated_paper
from tests.helpers.paper import Paper
from tests.helpers.papers import full_paper

RELOAD_SCRIPT = re.compile(rb'<script src="[^"]*/-/reload\.js"[^>]*></script>\n')


@pytest.mark.parametrize(
    ("base", "drafts", "fill"),
    [
        *((base, drafts, full_paper) for base in ("", "/under/a/path") for drafts in (False, True)),
        ("/under/a/path", True, translated_paper),
    ],
)
def test_development_production_and_frozen_are_one(
    paper: Paper, base: str, drafts: bool, fill: Callable[[Paper], Paper]
) -> None:
    fill(paper)
    settings = (paper.folder / "site.toml").read_text()
    paper.settings(settings.replace("https://paper.test", f"https://paper.test{base}"))
    frozen = paper.freeze(*["--drafts"][:drafts], out="out")
    assert frozen.exit_code == 0, frozen.output
    development, production = paper.app(debug=True), paper.app()
    for app in (development, production):
        live_of(app).shows_drafts = drafts
    known = list(all_urls(live_of(production).snapshot().site))
    assert len(known) == len(set(known)) > 40
    for url in known:
        compare(paper, url, base, development, production)
    assert {output_path(url, base) for url in known} == set(paper.tree("out"))


def compare(paper: Paper, url: str, base: str, development: Flask, production: Flask) -> None:
    shown, served = development.test_client().get(url), production.test_client().get(url)
    assert shown.status_code == served.status_code, url
    assert served.status_code in (200, 301), url
    assert RELOAD_SCRIPT.sub(b"", shown.data) == served.data, url
    assert served.data == (paper.folder / "out" / output_path(url, base)).read_bytes(), url
    assert shown.headers.get("ETag") == served.headers.get("ETag"), url
    tag = tag_at(production, live_of(production).snapshot(), url)  # what freeze compares with its manifest
    assert served.headers.get("ETag", '""') == f'"{tag}"', url
    cached = Client(production).get(url, environ_base={"SERVER_SOFTWARE": "Granian"})
    assert (cached.status_code, cached.data) == (served.status_code, served.data), url
    if served.status_code == 200:
        again = production.test_client().get(url, headers={"If-None-Match": served.headers["ETag"]})
        assert (again.status_code, again.data) == (304, b""), url


def test_the_reload_script_is_in_development_only(paper: Paper) -> None:
    full_paper(paper)
    assert RELOAD_SCRIPT.search(paper.client(debug=True).get("/").data)
    assert not RELOAD_SCRIPT.search(paper.client().get("/").data)
    assert paper.client().get("/-/reload.js").status_code == 404
    assert paper.client().get("/-/desk").status_code == 404


def test_an_unknown_url_shows_the_page_that_static_hosts_show(paper: Paper) -> None:
    full_paper(paper)
    client = paper.client()
    missing = client.get("/no/such/page/")
    assert (missing.status_code, missing.data) == (404, client.get("/404.html").data)
    assert "ETag" not in missing.headers


def test_freezing_in_debug_mode_prints_the_public_site(paper: Paper) -> None:
    full_paper(paper)
    assert paper.freeze(out="live").exit_code == 0
    run = paper.app(debug=True).test_cli_runner().invoke(args=["freeze", "--no-search", "--out", "debug"])
    assert run.exit_code == 0, run.output
    assert paper.tree("debug") == paper.tree("live")
