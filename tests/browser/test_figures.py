"""Figures beside the text and wider than it, and a gallery's pictures in full, as readers see and steer them."""

from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from byline.media.files import THEME
from tests.helpers.browsing import TAGS, at_its_own_address, opened, served
from tests.helpers.paper import Paper
from tests.helpers.papers import jpeg

GALLERY = '![First](a.jpg "The title of the first")\n![Second](b.jpg)\n![Third](a.jpg)'
SIZES = ("wide", "full", "left", "right", "small")
WORDS = "A sentence that is long enough to stand beside a picture, and to go on below it. " * 8


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    paper = Paper(tmp_path_factory.mktemp("figures"))
    paper.write("pages/posts/a.jpg", jpeg(1800, 600))
    paper.write("pages/posts/b.jpg", jpeg(600, 900))
    figures = "\n\n".join(f"![{size}](a.jpg){{.{size}}}\n\n{WORDS}\n\n## {size}" for size in SIZES)
    paper.post("one", f"{WORDS}\n\n{GALLERY}\n\n{figures}")
    paper.post("rtl", f"متن\n\n{GALLERY}\n\n{figures}", lang="ar", toc="false")
    port = at_its_own_address(paper)
    with served(paper.app(), port):
        yield f"http://paper.localhost:{port}/posts/"


def boxes(page: Page) -> dict[str, Any]:
    return {size: page.locator(f"figure.{size}").bounding_box() for size in SIZES} | {
        "text": page.locator(".body > p").first.bounding_box()
    }


@pytest.mark.parametrize("story", ["one", "rtl"])
def test_figures_on_a_wide_screen(browser: Browser, address: str, story: str) -> None:
    with opened(browser, f"{address}{story}/", viewport={"width": 1200, "height": 900}) as page:
        box = boxes(page)
        width = page.evaluate("document.documentElement.scrollWidth")
        text = box["text"]
        assert width <= 1200
        assert 1110 < box["wide"]["width"] <= 1152
        assert 1150 < box["full"]["width"] <= 1200
        assert box["left"]["width"] == box["right"]["width"] == text["width"] / 2
        assert box["left"]["x"] == text["x"]
        assert box["right"]["x"] + box["right"]["width"] == text["x"] + text["width"]
        assert box["small"]["width"] == 320
        beside = page.locator("figure.left + p").bounding_box()
        assert beside
        assert beside["y"] < box["left"]["y"] + box["left"]["height"]


def test_figures_do_not_cover_the_contents(browser: Browser, address: str) -> None:
    with opened(browser, f"{address}one/", viewport={"width": 1440, "height": 900}) as page:
        box, contents = boxes(page), page.locator(".contents").bounding_box()
        assert contents
        assert box["wide"]["x"] >= contents["x"] + contents["width"]
        assert box["wide"]["width"] > box["text"]["width"] + 200


def test_figures_on_a_phone(browser: Browser, address: str) -> None:
    with opened(browser, f"{address}one/", viewport={"width": 360, "height": 800}) as page:
        box = boxes(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
        for size in ("wide", "left", "right", "small"):
            assert abs(box[size]["width"] - min(box["text"]["width"], 320 if size == "small" else 999)) < 1


def test_the_keyboard_steers_the_pictures(browser: Browser, address: str) -> None:
    with opened(browser, f"{address}one/", reduced_motion="reduce") as page:
        first, box, words = (
            page.get_by_role("link", name="First"),
            page.get_by_role("dialog"),
            page.locator("dialog figcaption"),
        )
        first.focus()
        page.keyboard.press("Enter")
        assert words.inner_text() == "The title of the first · Picture 1 of 3"
        for key, said in (
            ("ArrowRight", "Second · Picture 2 of 3"),
            ("ArrowRight", "Third · Picture 3 of 3"),
            ("ArrowRight", "The title of the first · Picture 1 of 3"),
            ("ArrowLeft", "Third · Picture 3 of 3"),
        ):
            page.keyboard.press(key)
            assert words.inner_text() == said
        page.get_by_role("button", name="Previous picture").click()
        assert words.inner_text().startswith("Second")
        shown = box.locator("img").bounding_box()
        assert shown
        assert shown["height"] < 720
        assert shown["height"] / shown["width"] == pytest.approx(1.5, 0.02)
        page.keyboard.press("Escape")
        assert box.count() == 0
        assert page.evaluate("document.activeElement.getAttribute('href')") == first.get_attribute("href")
        assert page.evaluate(
            "document.activeElement.textContent !== null && document.activeElement.matches('.enlarge')"
        )
        first.click()
        page.get_by_role("button", name="Close").click()
        assert box.count() == 0


def test_from_right_to_left_the_arrows_change_sides(browser: Browser, address: str) -> None:
    with opened(browser, f"{address}rtl/") as page:
        page.get_by_role("link", name="First").click()
        page.keyboard.press("ArrowLeft")
        assert page.locator("dialog figcaption").inner_text() == "Second · الصورة 2 من 3"


def test_without_scripts_each_picture_leads_to_its_file(browser: Browser, address: str) -> None:
    with opened(browser, f"{address}one/", java_script_enabled=False) as page:
        page.get_by_role("link", name="Second").click()
        assert page.url.endswith(".jpg")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_rule_of_accessibility_is_broken(browser: Browser, address: str, scheme: Any) -> None:
    options: Any = {"runOnly": {"type": "tag", "values": TAGS[scheme]}, "resultTypes": ["violations"]}
    with opened(browser, f"{address}one/", color_scheme=scheme) as page:
        assert Axe().run(page, options=options).response["violations"] == []
        page.get_by_role("link", name="First").click()
        assert Axe().run(page, options=options).response["violations"] == []


def test_the_script_is_small() -> None:
    assert (THEME / "static/gallery.js").stat().st_size < 2_000
