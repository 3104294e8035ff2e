"""Odd stories and people in a real browser: nothing is squeezed, blown up, cut off or wider than its window."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.helpers.browsing import opened, served, static_host
from tests.helpers.odd import PATHS, odd_paper
from tests.helpers.paper import Paper
from tests.helpers.papers import jpeg, png

SIZE = "node => { const box = node.getBoundingClientRect(); return [box.width, box.height]; }"


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    paper = odd_paper(Paper(tmp_path_factory.mktemp("odd")))
    with served(paper.app()) as address:
        yield address


def test_a_portrait_is_round(browser: Browser, address: str) -> None:
    places = {
        "/posts/long/": (".author-box img", 48),
        "/posts/crowd/": (".byline img", 48),
        "/authors/": (".people img", 96),
        "/authors/desk-1/": (".profile img", 128),
    }
    for width in (360, 1440):
        with opened(browser, address, viewport={"width": width, "height": 900}) as page:
            for path, (selector, size) in places.items():
                page.goto(address + path)
                assert page.locator(selector).first.evaluate(SIZE) == [size, size], (path, width)


def test_a_crowd_of_authors_shows_three_portraits(browser: Browser, address: str) -> None:
    with opened(browser, f"{address}/posts/crowd/") as page:
        assert page.locator(".byline img").count() == 3
        assert page.locator(".byline a[rel=author]").count() == 12


@pytest.mark.parametrize("width", [360, 1440])
def test_a_long_word_makes_no_page_wider_than_its_window(browser: Browser, address: str, width: int) -> None:
    with opened(browser, address, viewport={"width": width, "height": 900}) as page:
        for path in PATHS:
            page.goto(address + path)
            assert page.evaluate("document.documentElement.scrollWidth") <= width, path
            assert page.evaluate("document.body.innerText").strip()


def test_the_navigation_is_one_row_on_a_phone(browser: Browser, address: str) -> None:
    with opened(browser, address, viewport={"width": 360, "height": 800}) as page:
        links = page.locator(".masthead nav a")
        assert links.count() == 12
        assert len({round(box["y"]) for link in links.all() if (box := link.bounding_box())}) == 1


@pytest.mark.parametrize("width", [390, 1440])
def test_a_cover_is_not_blown_up(browser: Browser, address: str, width: int) -> None:
    with opened(browser, address, viewport={"width": width, "height": 900}) as page:
        for name in ("small", "tall"):
            page.goto(f"{address}/posts/{name}/")
            for selector in (".cover img", ".body img"):
                wide, high = page.locator(selector).evaluate(SIZE)
                assert wide <= (120 if name == "small" else 900)
                assert high <= min(0.85 * 900, 44 * 16) + 1, (name, selector)
        page.goto(address)
        for image in page.locator(".teaser img").all():
            wide, high = image.evaluate(SIZE)
            assert high <= 500, image.get_attribute("src")


def test_a_small_cover_leads_no_front_page(browser: Browser, paper: Paper) -> None:
    paper.write("pages/posts/small.jpg", jpeg(120, 80))
    paper.post("small", cover="small.jpg")
    with served(paper.app()) as address, opened(browser, address, viewport={"width": 1440, "height": 900}) as page:
        assert page.locator(".teaser-lead img").evaluate(SIZE)[0] <= 160


@pytest.mark.parametrize("front", ["news", "grid", "list"])
def test_a_small_cover_is_as_small_in_every_list(browser: Browser, paper: Paper, front: str) -> None:
    paper.settings(f'url = "https://paper.test"\n[theme]\nfront = "{front}"\n')
    paper.write("pages/posts/small.jpg", jpeg(120, 80))
    for number in range(5):
        paper.post(f"story{number}", cover="small.jpg", date=f"2025-05-0{number + 1}")
    with served(paper.app()) as address, opened(browser, address, viewport={"width": 1440, "height": 900}) as page:
        assert max(image.evaluate(SIZE)[0] for image in page.locator(".teaser img").all()) <= 120


def test_many_words_are_set_smaller(browser: Browser, address: str) -> None:
    size = "node => parseFloat(getComputedStyle(node).fontSize)"
    with opened(browser, f"{address}/posts/wordy/") as page:
        wordy = page.locator("h1").evaluate(size)
        page.goto(f"{address}/posts/after/")
        assert wordy < page.locator("h1").evaluate(size) * 0.8


def test_a_picture_in_a_sentence_stays_in_its_line(browser: Browser, address: str) -> None:
    with opened(browser, f"{address}/posts/inline/") as page:
        image, text = page.locator(".body img").evaluate(SIZE), page.locator(".body p").evaluate(SIZE)
        assert image == [20, 20]
        assert text[1] < 60


@pytest.mark.parametrize("lang", ["ar", "ja"])
def test_headlines_of_other_scripts_have_room_in_lists(browser: Browser, address: str, lang: str) -> None:
    leading = "node => parseFloat(getComputedStyle(node).lineHeight) / parseFloat(getComputedStyle(node).fontSize)"
    with opened(browser, address) as page:
        for heading in page.locator(f".teaser:lang({lang}) :is(h2, h3)").all():
            assert heading.evaluate(leading) >= 1.3


def test_previous_and_next_stand_at_their_own_sides(browser: Browser, address: str) -> None:
    """Each word above its headline, whatever the direction of the two."""
    with opened(browser, f"{address}/posts/ar/", viewport={"width": 1000, "height": 900}) as page:
        for link in page.locator(".neighbours a").all():
            word, title = link.locator("span"), link.locator("b")
            aligned = "node => { const range = document.createRange(); range.selectNodeContents(node); const box = range.getBoundingClientRect(); return [box.left, box.right]; }"
            (left, right), (other_left, other_right) = word.evaluate(aligned), title.evaluate(aligned)
            assert abs(left - other_left) < 2 or abs(right - other_right) < 2


def test_code_can_be_read_beside_its_button_on_a_phone(browser: Browser, paper: Paper) -> None:
    paper.settings('url = "http://localhost:5000"')
    paper.post("code", "```python\n" + "x = 1  # a line that is long enough to reach the other side\n" * 2 + "```\n")
    options: Any = {"viewport": {"width": 360, "height": 800}, "permissions": ["clipboard-write"]}
    with served(paper.app()) as address, opened(browser, f"{address}/posts/code/", **options) as page:
        button, code = page.locator(".copy").bounding_box(), page.locator(".body pre").bounding_box()
        assert button
        assert code
        assert button["y"] + button["height"] <= code["y"] + 1


def test_print_keeps_all_columns_and_wastes_no_page(browser: Browser, address: str) -> None:
    with opened(browser, f"{address}/posts/table/", viewport={"width": 660, "height": 900}) as page:
        page.emulate_media(media="print")
        right = page.locator(".body td:last-child").first.evaluate("node => node.getBoundingClientRect().right")
        assert right <= 660
        assert page.locator(".body table").evaluate("node => getComputedStyle(node).breakInside") == "auto"
        assert page.locator(".printed").inner_text() == "https://paper.test/posts/table/"
        assert "Desk 1" in page.locator(".byline").inner_text()
        assert page.locator(".author-box").is_visible()


def test_a_print_of_a_short_story_is_one_page(browser: Browser, address: str) -> None:
    with opened(browser, f"{address}/posts/after/") as page:
        assert page.pdf(format="A4").count(b"/Type /Page\n") == 1
        page.goto(f"{address}/posts/table/")
        pages = page.pdf(format="A4").count(b"/Type /Page\n")
        assert 2 <= pages <= 6


@pytest.mark.parametrize("cover", [None, "dot.png"])
@pytest.mark.parametrize("width", [390, 1440])
def test_the_parts_of_a_story_stand_in_their_order(
    browser: Browser, paper: Paper, width: int, cover: str | None
) -> None:
    paper.write("pages/posts/dot.png", png(900, 600))
    paper.post("one", "## First\n\nText.\n\n## Second\n\nText.\n\n## Third\n\nText.", cover=cover)
    with (
        served(paper.app()) as address,
        opened(browser, f"{address}/posts/one/", viewport={"width": width, "height": 900}) as page,
    ):
        parts = [".article-header", ".cover", ".body", ".article-end"]
        tops = [page.locator(part).bounding_box() for part in parts if page.locator(part).count()]
        heights = [box["y"] for box in tops if box]
        assert heights == sorted(heights)
        assert len(heights) == 3 + bool(cover)


def test_a_copy_without_avif_shows_its_pictures(browser: Browser, paper: Paper) -> None:
    paper.settings('url = "http://localhost:5000"')
    paper.write("pages/posts/wide.jpg", jpeg(900, 600))
    paper.post("one", "![A field](wide.jpg)", cover="wide.jpg")
    assert paper.freeze().exit_code == 0
    for file in (paper.folder / "build/media").glob("*.avif"):
        file.unlink()
    with static_host(paper.folder / "build") as address, opened(browser, f"{address}/posts/one/") as page:
        page.wait_for_function("[...document.querySelectorAll('picture img')].every((image) => image.naturalWidth)")
        assert page.locator("picture img").count() == 2


def test_a_table_of_many_columns_may_be_wider_than_the_text(browser: Browser, address: str) -> None:
    with opened(browser, f"{address}/posts/table/", viewport={"width": 1440, "height": 900}) as page:
        text, table = page.locator(".body").bounding_box(), page.locator(".body .table").bounding_box()
        assert text
        assert table
        assert table["width"] > text["width"] * 1.5
        assert abs((table["x"] + table["width"] / 2) - (text["x"] + text["width"] / 2)) < 1
