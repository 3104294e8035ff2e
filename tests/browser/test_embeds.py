"""Players of other sites: nothing is asked of them before a reader wants it, and everybody can want it."""

import contextlib
from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Route

from tests.helpers.browsing import TAGS, at_its_own_address, served
from tests.helpers.paper import Paper
from tests.helpers.papers import jpeg

BODY = """
[![A white ship](ferry.jpg)](https://youtu.be/a_1-B2c3D4e?t=9)

https://social.example.org/@desk/12

Text.
"""


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    paper = Paper(tmp_path_factory.mktemp("embeds"))
    paper.settings(
        'title = "The Paper"\nurl = "https://paper.test"\n[embeds]\nyoutube = true\nmastodon = ["social.example.org"]'
    )
    paper.write("pages/posts/ferry.jpg", jpeg(900, 600))
    paper.post("one", BODY)
    port = at_its_own_address(paper)
    with served(paper.app(), port):
        yield f"http://paper.localhost:{port}/posts/one/"


@contextlib.contextmanager
def visited(browser: Browser, address: str, **options: Any) -> Iterator[tuple[Page, list[str]]]:
    """The page, and all that it asks of other sites, which answer with a page that has a field."""
    asked: list[str] = []

    def answer(route: Route) -> None:
        asked.append(route.request.url)
        route.fulfill(body="<title>Player</title><input aria-label='in the player'>", content_type="text/html")

    with contextlib.closing(browser.new_context(**options)) as context:
        context.route(lambda url: "paper.localhost" not in url, answer)
        page = context.new_page()
        page.on("console", lambda message: asked.append(message.text) if message.type == "error" else None)
        page.goto(address)
        page.wait_for_load_state("networkidle")
        yield page, asked


def test_a_click_loads_the_player_and_nothing_else_does(browser: Browser, address: str) -> None:
    with visited(browser, address) as (page, asked):
        button = page.get_by_role("button", name="Play: A white ship (loads youtube.com)", exact=True)
        box = button.bounding_box()
        button.hover()
        button.focus()
        assert asked == []
        button.click()
        player = page.frame_locator("iframe").get_by_label("in the player")
        player.wait_for()
        assert asked == ["https://www.youtube-nocookie.com/embed/a_1-B2c3D4e?autoplay=1&start=9"]
        frame = page.locator("iframe")
        assert frame.get_attribute("title") == "A white ship"
        assert "autoplay" in str(frame.get_attribute("allow"))
        assert "allow-top-navigation" not in str(frame.get_attribute("sandbox"))
        assert page.evaluate("document.activeElement.tagName") == "IFRAME"
        shown = frame.bounding_box()
        assert box
        assert shown
        assert abs(shown["height"] - box["height"]) < 3
        assert page.locator(".embed button").count() == 1


def test_the_keyboard_goes_into_the_player(browser: Browser, address: str) -> None:
    with visited(browser, address, viewport={"width": 390, "height": 800}) as (page, asked):
        page.get_by_role("button", name="Show: Mastodon (loads social.example.org)").focus()
        page.keyboard.press("Enter")
        page.frame_locator("iframe").get_by_label("in the player").wait_for()
        page.keyboard.press("Tab")
        page.keyboard.type("x")
        assert page.frame_locator("iframe").get_by_label("in the player").input_value() == "x"
        assert asked == ["https://social.example.org/@desk/12/embed"]
        assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_without_scripts_there_are_links(browser: Browser, address: str) -> None:
    with visited(browser, address, java_script_enabled=False) as (page, asked):
        links = page.locator(".embed a")
        assert links.all_inner_texts() == ["A white ship", "Mastodon"]
        assert links.first.get_attribute("href") == "https://youtu.be/a_1-B2c3D4e?t=9"
        assert asked == []


@pytest.mark.parametrize("with_script", [True, False])
def test_print_shows_the_address(browser: Browser, address: str, with_script: bool) -> None:
    with visited(browser, address, java_script_enabled=with_script) as (page, _):
        page.emulate_media(media="print")
        box = page.locator(".embed").last
        where = ("::after", box) if with_script else ("::after", box.locator("a"))
        content = where[1].evaluate(f"node => getComputedStyle(node, '{where[0]}').content")
        text = content if with_script else content + str(box.locator("a").get_attribute("href"))
        assert "https://social.example.org/@desk/12" in text or "attr(href)" in content
        assert box.locator(".words").inner_text() == "Mastodon"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_rule_of_accessibility_is_broken(browser: Browser, address: str, scheme: Any) -> None:
    options: Any = {"runOnly": {"type": "tag", "values": TAGS[scheme]}, "resultTypes": ["violations"]}
    with visited(browser, address, color_scheme=scheme) as (page, _):
        assert Axe().run(page, options=options).response["violations"] == []
