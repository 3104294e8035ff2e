"""This repository's own site, the manual: its checks, links, accessibility rules and page weights. Nothing else reads it."""

import contextlib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import brotli
import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser

import byline
from byline.freeze.paths import output_path
from byline.frontmatter.headers import PostHeader
from byline.frontmatter.keys import keys_of
from byline.web.app import live_of
from tests.helpers.browsing import TAGS, opened, static_host
from tests.helpers.crawling import assert_links_are_urls
from tests.helpers.manual import IS_HERE, MANUAL, copy_manual

HOST = "http://localhost:5000"
COVER, FIGURE = "/posts/first-post/", "/posts/markdown/"

pytestmark = pytest.mark.skipif(not IS_HERE, reason="the manual is not here: this is a blog's own copy")


@pytest.fixture(scope="module")
def manual(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    return byline.create_app(copy_manual(tmp_path_factory.mktemp("manual")), DEBUG=False)


@pytest.fixture(scope="module")
def frozen(manual: Flask) -> Path:
    result = manual.test_cli_runner().invoke(args=["freeze"])
    assert result.exit_code == 0, result.output
    return Path(manual.root_path) / "build"


@pytest.fixture(scope="module")
def address(frozen: Path) -> Iterator[str]:
    with static_host(frozen) as address:
        yield address


def pages_of(frozen: Path) -> list[str]:
    paths = [path for path in sorted(frozen.rglob("*.html")) if 'http-equiv="refresh"' not in path.read_text("utf-8")]
    return [path.relative_to(frozen).as_posix() for path in paths]


def test_the_check_finds_nothing(manual: Flask) -> None:
    run = manual.test_cli_runner().invoke(args=["check", "--strict"])
    assert (run.stdout, run.stderr.splitlines()[-1], run.exit_code) == ("", "No problems found.", 0)


def test_every_link_arrives_and_every_page_can_be_reached(manual: Flask, frozen: Path) -> None:
    aliases = {output_path(url, "") for url in live_of(manual).snapshot().site.redirects}
    assert_links_are_urls(frozen, "", HOST, aliases)


def test_the_keys_of_front_matter_are_those_there_are() -> None:
    rows = re.findall(r"^\| `(\w+)` \| [^|]* \| ([^|]*)\|$", (MANUAL / "front-matter.md").read_text("utf-8"), re.M)
    told = {key: tuple(re.findall("`([^`]+)`", also)) for key, also in rows}
    assert told.pop("draft") == ("published: false", "status: draft")
    assert told == {name: key.also for name, key in keys_of(PostHeader).items() if name != "draft"}


@pytest.mark.proof  # test_reader checks one page of each kind
@pytest.mark.parametrize(("width", "scheme"), [(360, "light"), (768, "dark"), (1440, "light")])
def test_no_page_breaks_a_rule(browser: Browser, frozen: Path, address: str, width: int, scheme: Any) -> None:
    options: Any = {"runOnly": {"type": "tag", "values": TAGS[scheme]}, "resultTypes": ["violations"]}
    broken = []
    with opened(browser, address, viewport={"width": width, "height": 900}, color_scheme=scheme) as page:
        for path in pages_of(frozen):
            page.goto(f"{address}/{path}")
            found = Axe().run(page, options=options).response["violations"]
            broken += [f"{path}: {fault['id']} {fault['nodes'][0]['html'][:200]}" for fault in found]
    assert not broken, "\n".join(broken)


def received(browser: Browser, address: str, path: str, **options: Any) -> dict[str, int]:
    """What a browser fetches for a page that is read to the end, and its compressed size."""
    sizes: dict[str, int] = {}
    with contextlib.closing(browser.new_context(**options)) as context:
        page = context.new_page()
        page.on("response", lambda response: sizes.__setitem__(response.url, _sent(response.url, response.body())))
        page.goto(address + path)
        page.evaluate("document.querySelectorAll('img').forEach((image) => { image.loading = 'eager' })")
        page.wait_for_load_state("networkidle")
    assert all(url.startswith(address) for url in sizes)
    return sizes


def _sent(url: str, body: bytes) -> int:
    is_text = urlsplit(url).path.endswith(("/", ".html", ".css", ".js", ".svg"))
    return len(brotli.compress(body)) if is_text else len(body)


@pytest.mark.parametrize("path", [COVER, FIGURE, "/posts/call-up/"])
def test_the_text_of_an_article(browser: Browser, address: str, path: str) -> None:
    sizes = received(browser, address, path)
    text = {url: size for url, size in sizes.items() if urlsplit(url).path.endswith(("/", ".css", ".js"))}
    assert len(text) <= 4
    assert sum(text.values()) <= 15_000, text
    assert sum(size for url, size in text.items() if ".js" in url) <= 2_000


WIDTH = re.compile(r"-(\d+)\.avif$")
SHARP: dict[str, Any] = {"viewport": {"width": 412, "height": 823}, "device_scale_factor": 2.6}
SCREENS = [SHARP | {"device_scale_factor": 1.75}, SHARP, {"viewport": {"width": 1440, "height": 900}}]


def test_lists_on_a_phone_have_small_pictures(browser: Browser, address: str) -> None:
    widths = sorted(int(width) for url in received(browser, address, "/", **SHARP) for width in WIDTH.findall(url))
    assert set(widths[:-1]) == {320}
    assert widths[-1] == 1200


@pytest.mark.parametrize("screen", SCREENS, ids=["phone", "sharp phone", "desk"])
@pytest.mark.parametrize(("path", "most"), [(FIGURE, 80_000), ("/", 90_000)])
def test_pages_with_pictures(browser: Browser, address: str, path: str, most: int, screen: dict[str, Any]) -> None:
    sizes = received(browser, address, path, **screen)
    assert sum(size for url, size in sizes.items() if "/media/" in url) > 2_000
    assert sum(sizes.values()) <= most, sizes
