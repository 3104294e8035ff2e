"""The pages in a real browser: on a phone, by keyboard, without scripts, and reloading while someone writes."""

import contextlib
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.helpers.browsing import served
from tests.helpers.paper import Paper
from tests.helpers.papers import full_paper

PATHS = (
    "/",
    "/posts/one/",
    "/authors/ann-desk/",
    "/tags/law/",
    "/archive/",
    "/archive/2025/",
    "/authors/",
    "/404.html",
    "/about/",
    "/search/",
    "/search/?q=dot",
)


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    paper = full_paper(Paper(tmp_path_factory.mktemp("browser")))
    wide = "| a | b |\n|---|---|\n| " + "wide" * 60 + " | x |\n\n```\n" + "long " * 80 + "\n```\n\nLongword" + "o" * 200
    paper.post("wide", wide, date="2025-05-30")
    with served(paper.app()) as address:
        yield address


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    with contextlib.closing(
        browser.new_context(viewport={"width": 320, "height": 640}, java_script_enabled=False)
    ) as context:
        yield context.new_page()


@pytest.mark.parametrize("path", [*PATHS, "/posts/wide/"])
def test_nothing_scrolls_sideways_on_a_phone(browser: Browser, address: str, path: str) -> None:
    with contextlib.closing(browser.new_context(viewport={"width": 320, "height": 640})) as context:
        page = context.new_page()
        page.goto(address + path)
        assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_the_article_without_scripts(phone: Page, address: str) -> None:
    phone.goto(f"{address}/posts/one/")
    assert phone.locator("h1").all_inner_texts() == ['Story <one> & "more"']
    assert phone.locator("a[rel=author]").first.get_attribute("href") == "/authors/ann-desk/"
    assert phone.locator("time").first.get_attribute("datetime") == "2025-05-31T09:00:00+02:00"
    assert "1 min read" in phone.locator("article").first.inner_text()
    assert phone.locator("details summary").inner_text() == "Contents"
    phone.locator("summary").click()
    phone.get_by_role("link", name="Second", exact=True).click()
    assert phone.url.endswith("#second")


def test_the_skip_link_is_first_and_seen_on_focus(browser: Browser, address: str) -> None:
    with contextlib.closing(browser.new_page()) as page:
        page.goto(f"{address}/posts/one/")
        page.keyboard.press("Tab")
        focused = page.locator(":focus")
        assert focused.inner_text() == "Skip to the story"
        box = focused.bounding_box()
        assert box is not None
        assert box["y"] >= 0
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == "page-main"
        page.get_by_role("link", name="Back to the top").click()
        assert page.url.endswith("#page-top")


@pytest.mark.parametrize("path", PATHS)
def test_every_focus_is_seen(browser: Browser, address: str, path: str) -> None:
    with contextlib.closing(browser.new_page()) as page:
        page.goto(address + path)
        for _ in range(page.locator("a[href]:visible, summary").count()):
            page.keyboard.press("Tab")
            style = "getComputedStyle(document.activeElement).outlineStyle"
            assert page.evaluate(style) == "solid", page.evaluate("document.activeElement.outerHTML")


@pytest.mark.parametrize("path", PATHS)
def test_no_request_leaves_the_site_and_none_fails(browser: Browser, address: str, path: str) -> None:
    with contextlib.closing(browser.new_page()) as page:
        seen: list[tuple[str, int]] = []
        page.on("response", lambda response: seen.append((response.url, response.status)))
        page.goto(address + path, wait_until="networkidle")
        assert seen
        assert all(url.startswith(address) and status == 200 for url, status in seen), seen


def test_dark_when_the_reader_prefers_it(browser: Browser, address: str) -> None:
    grounds = []
    for scheme in ("light", "dark"):
        with contextlib.closing(browser.new_context(color_scheme=scheme)) as context:
            page = context.new_page()
            page.goto(address)
            grounds.append(page.evaluate("getComputedStyle(document.body).backgroundColor"))
    assert grounds[0] != grounds[1]


def test_print_drops_navigation(browser: Browser, address: str) -> None:
    with contextlib.closing(browser.new_page()) as page:
        page.goto(f"{address}/posts/one/")
        page.emulate_media(media="print")
        assert not page.locator(".masthead nav").is_visible()
        assert not page.locator(".footer").is_visible()
        assert page.locator(".byline").is_visible()
