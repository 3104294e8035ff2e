"""A site in several languages in a real browser: from right to left, and from one language to another."""

import contextlib
from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from tests.helpers.browsing import TAGS, served, static_host
from tests.helpers.languages import translated_paper
from tests.helpers.paper import Paper

CODE = """## عنوان

نص مع `sail()` في السطر.

- واحد

> اقتباس

| أ | ب |
|---|---|
| ١ | ٢ |
"""


@pytest.fixture(scope="module")
def paper(tmp_path_factory: pytest.TempPathFactory) -> Paper:
    paper = translated_paper(Paper(tmp_path_factory.mktemp("languages")))
    paper.post("bridge.ar", CODE, title="الجسر", dek="خلاصة.", tags="[بحر]", authors="sea-desk", date="2025-05-30")
    return paper


@pytest.fixture(scope="module")
def address(paper: Paper) -> Iterator[str]:
    with served(paper.app()) as address:
        yield address


@pytest.mark.parametrize("width", [1000, 360])
@pytest.mark.parametrize("path", ["/ar/", "/ar/posts/old-bridge/"])
def test_arabic_runs_from_right_to_left(browser: Browser, address: str, path: str, width: int) -> None:
    with contextlib.closing(browser.new_context(viewport={"width": width, "height": 800})) as context:
        page = context.new_page()
        page.goto(address + path)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert left_of(page, ".masthead-title a") > left_of(page, ".masthead-tools")
        for words in ("h1", ".masthead-title", ".meta", ".masthead-tools"):
            assert page.locator(words).first.evaluate("node => getComputedStyle(node).direction") == "rtl"
        options: Any = {"runOnly": {"type": "tag", "values": TAGS["light"]}, "resultTypes": ["violations"]}
        assert [fault["id"] for fault in Axe().run(page, options=options).response["violations"]] == []


def left_of(page: Page, selector: str) -> float:
    box = page.locator(selector).first.bounding_box()
    assert box
    return box["x"]


def test_code_in_a_line_of_arabic_keeps_its_order(browser: Browser, address: str) -> None:
    with contextlib.closing(browser.new_page()) as page:
        page.goto(f"{address}/ar/posts/old-bridge/")
        code = page.locator("p code")
        assert code.evaluate("node => getComputedStyle(node).direction") == "ltr"
        assert code.evaluate("node => getComputedStyle(node).unicodeBidi") == "isolate"


def test_from_one_language_to_another_and_back(browser: Browser, address: str) -> None:
    with contextlib.closing(browser.new_page()) as page:
        page.goto(f"{address}/posts/ferry/")
        page.get_by_role("group", name="Languages").get_by_role("link", name="Deutsch").click()
        assert page.url == f"{address}/de/posts/ferry/"
        page.get_by_role("group", name="Sprachen").get_by_role("link", name="العربية").click()
        assert page.locator("h1").inner_text() == "العبارة"
        page.get_by_role("banner").get_by_role("link", name="الصحيفة").click()
        assert page.url == f"{address}/ar/"


def test_the_frozen_search_of_each_language(browser: Browser, paper: Paper) -> None:
    assert paper.freeze("--search", out="www").exit_code == 0
    with static_host(paper.folder / "www") as address, contextlib.closing(browser.new_page()) as page:
        for path, found in (
            ("/ar/search/?q=تبحر", "/ar/posts/ferry/"),
            ("/de/search/?q=Brücke", "/de/posts/old-bridge/"),
        ):
            page.goto(address + path)
            page.locator(".results li a").first.wait_for()
            assert [link.get_attribute("href") for link in page.locator(".results li a").all()] == [found]
