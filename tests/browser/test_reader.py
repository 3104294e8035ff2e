"""Every kind of page checked for what readers need: accessibility rules, weight, stable layout, print, zoom."""

from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from byline.media.files import THEME
from tests.helpers.browsing import TAGS, opened, served, static_host
from tests.helpers.paper import Paper
from tests.helpers.papers import full_paper, png

PAGES = {
    "index": "/",
    "article": "/posts/all/",
    "author": "/authors/ann-desk/",
    "authors": "/authors/",
    "tag": "/tags/law/",
    "search": "/search/",
    "archive": "/archive/",
    "year": "/archive/2025/",
    "404": "/404.html",
    "page": "/about/",
}
BODY = """
First words.[^1]

## Lists

- [x] done
- [ ] to do

| a | b |
|---|--:|
| wide | 1 |

| | the corner is empty |
|---|---|
| one | two |

## Code

```python
def f(x: int) -> str:  # a comment
    return "text" * x
```

## Quotes

> [!WARNING]
> Take care.

> Said somebody.

<details><summary>More</summary>

Inside.

</details>

![A dot](dot.png)

[^1]: A note.
"""


MORE_WINDOWS = [(360, "dark"), (768, "light"), (768, "dark"), (1440, "light")]


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A frozen site with every kind of page."""
    paper = full_paper(Paper(tmp_path_factory.mktemp("reader")))
    paper.write("pages/posts/dot.png", png(900, 600))
    paper.post(
        "all",
        BODY,
        date="2025-05-30",
        dek="The line below.",
        authors="[ann-desk, Ben Desk]",
        tags="[law, sea]",
        category="World",
        cover="{src: dot.png, alt: A red field, caption: A caption., credit: The Paper}",
        corrections="[{date: 2025-06-01, text: A number was wrong.}]",
    )
    paper.post("persian", "متن فارسی.\n\n## عنوان\n\n- یک", title="داستان", lang="fa", date="2025-05-29")
    paper.post("chinese", "中文正文。\n\n## 标题\n\n文字。", title="中文标题", lang="zh", date="2025-05-28")
    assert paper.freeze("--search").exit_code == 0
    with static_host(paper.folder / "build") as address:
        yield address


@pytest.mark.parametrize(
    ("width", "scheme"),
    [
        (360, "light"),
        (1440, "dark"),
        *(pytest.param(width, scheme, marks=pytest.mark.proof) for width, scheme in MORE_WINDOWS),
    ],
)
def test_no_rule_of_accessibility_is_broken(browser: Browser, address: str, width: int, scheme: Any) -> None:
    broken = []
    options: Any = {"runOnly": {"type": "tag", "values": TAGS[scheme]}, "resultTypes": ["violations"]}
    with opened(browser, address, viewport={"width": width, "height": 900}, color_scheme=scheme) as page:
        for path in [*PAGES.values(), "/posts/persian/", "/posts/chinese/"]:
            page.goto(address + path)
            found = Axe().run(page, options=options).response["violations"]
            broken += [f"{path}: {fault['id']} {fault['nodes'][0]['html'][:200]}" for fault in found]
    assert not broken, "\n".join(broken)


@pytest.mark.parametrize("path", PAGES.values(), ids=PAGES)
def test_nothing_moves_while_it_loads(browser: Browser, address: str, path: str) -> None:
    with opened(browser, address + path, viewport={"width": 390, "height": 800}) as page:
        shift = page.evaluate("""() => new Promise((resolve) => {
            let sum = 0;
            new PerformanceObserver((list) => list.getEntries().forEach((entry) => { sum += entry.value; }))
                .observe({ type: "layout-shift", buffered: true });
            setTimeout(() => resolve(sum), 200);
        })""")
        assert shift == 0


@pytest.mark.parametrize("path", [*PAGES.values(), "/posts/persian/", "/posts/chinese/"])
@pytest.mark.parametrize("width", [320, 640])  # 1280 px at 400 % and at 200 %
def test_zoomed_pages_do_not_scroll_sideways(browser: Browser, address: str, path: str, width: int) -> None:
    with opened(browser, address + path, viewport={"width": width, "height": 800}) as page:
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_what_an_article_weighs(browser: Browser, address: str) -> None:
    sizes: dict[str, int] = {}
    context = browser.new_context()
    page = context.new_page()
    page.on("response", lambda response: sizes.__setitem__(response.url, len(response.body())))
    page.goto(f"{address}/posts/two/")
    page.wait_for_load_state("networkidle")
    context.close()
    import brotli

    scripts = [url for url in sizes if ".js" in url]
    assert all(url.startswith(address) for url in sizes), sizes
    text = [
        url
        for url in sizes
        if not url.endswith((".png", ".jpg", ".avif")) and "icon" not in url and "/fonts/" not in url
    ]
    assert len(text) <= 4, text
    files = [(THEME / "static" / url.split("/")[-1].split("?")[0]) for url in scripts]
    assert sum(len(brotli.compress(path.read_bytes())) for path in files) <= 2000
    assert len(brotli.compress((THEME / "static/style.css").read_bytes())) <= 8000


def test_print(browser: Browser, address: str) -> None:
    with opened(browser, f"{address}/posts/all/") as page:
        page.emulate_media(media="print")
        for selector in (".masthead nav", ".footer", ".contents", ".share", ".neighbours", ".related", ".copy"):
            assert not page.locator(f"{selector}:visible").count(), selector
        assert page.locator(".byline:visible").count() == 1
        assert page.locator("h1:visible").count() == 1
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"


def test_the_chosen_scheme_is_remembered_without_a_flash(browser: Browser, address: str) -> None:
    with opened(browser, address, color_scheme="light") as page:
        paper = "getComputedStyle(document.body).backgroundColor"
        light = page.evaluate(paper)
        page.get_by_role("button", name="Light or dark").click()
        dark = page.evaluate(paper)
        assert dark != light
        page.goto(f"{address}/posts/all/")
        assert page.evaluate(paper) == dark
        assert page.evaluate("document.head.querySelector('script').src").split("?")[0].endswith("theme.js")
        page.get_by_role("button", name="Light or dark").click()
        assert page.evaluate(paper) == light


def test_without_scripts_nothing_is_there_that_does_nothing(browser: Browser, address: str) -> None:
    with opened(browser, f"{address}/posts/all/", java_script_enabled=False) as page:
        assert page.locator("button:visible").count() == 0
        assert page.locator(".body > p:not(.corrected)").first.inner_text().startswith("First words.")
        page.locator(".contents summary").click()
        assert page.locator(".contents a:visible").count() == 3


def test_contents_stand_beside_the_text_on_wide_screens(browser: Browser, address: str) -> None:
    with opened(browser, f"{address}/posts/all/", viewport={"width": 1440, "height": 900}) as page:
        contents, body = page.locator(".contents").bounding_box(), page.locator(".body").bounding_box()
        assert contents
        assert body
        assert contents["x"] + contents["width"] <= body["x"] + 1
        assert abs(contents["y"] - body["y"]) < 5
        assert page.locator(".contents a:visible").count() == 3
    with opened(browser, f"{address}/posts/all/", viewport={"width": 360, "height": 900}) as page:
        assert page.locator(".contents a:visible").count() == 0


def test_right_to_left(browser: Browser, address: str) -> None:
    with opened(browser, f"{address}/posts/persian/", viewport={"width": 1000, "height": 900}) as page:
        heading = page.locator("h1")
        assert heading.evaluate("node => getComputedStyle(node).direction") == "rtl"
        assert page.locator(".masthead").evaluate("node => getComputedStyle(node).direction") == "ltr"


def test_slash_goes_to_the_search(browser: Browser, address: str) -> None:
    with opened(browser, f"{address}/posts/all/") as page:
        page.keyboard.press("/")
        page.wait_for_url(f"{address}/search/")
        page.keyboard.press("/")
        assert page.evaluate("document.activeElement.id") == "page-query"
        page.keyboard.type("a/b")
        assert page.locator("#page-query").input_value() == "a/b"


def test_code_and_links_can_be_copied(browser: Browser, address: str) -> None:
    with opened(browser, f"{address}/posts/all/", permissions=["clipboard-read", "clipboard-write"]) as page:
        page.locator(".highlight").hover()
        page.locator(".copy").click()
        assert page.evaluate("navigator.clipboard.readText()").startswith("def f(x: int)")
        page.get_by_role("button", name="Copy link").click()
        assert page.evaluate("navigator.clipboard.readText()") == "https://paper.test/posts/all/"
        assert page.get_by_role("button", name="Copied").count() >= 1


def test_motion_and_contrast_preferences(browser: Browser, address: str) -> None:
    with opened(browser, f"{address}/posts/all/", reduced_motion="reduce", forced_colors="active") as page:
        assert page.evaluate("getComputedStyle(document.querySelector('.article'), '::before').content") in (
            "none",
            "normal",
        )
        assert page.locator("h1").is_visible()


CONTROLS = "a[href], button, input, summary, [tabindex='0']"
ON_THE_WAY = f"""() => {{
    const shown = [...document.querySelectorAll("{CONTROLS}")].filter((node) => node.checkVisibility() && !node.disabled);
    return shown.indexOf(document.activeElement);
}}"""


@pytest.mark.parametrize("width", [360, 1440])
@pytest.mark.parametrize("path", [*PAGES.values(), "/posts/persian/"])
def test_the_keyboard_meets_every_control_in_order(browser: Browser, address: str, path: str, width: int) -> None:
    with opened(browser, address + path, viewport={"width": width, "height": 900}) as page:
        count = page.locator(CONTROLS).evaluate_all(
            "nodes => nodes.filter((node) => node.checkVisibility() && !node.disabled).length"
        )
        for number in range(count):
            page.keyboard.press("Tab")
            assert page.evaluate(ON_THE_WAY) == number
            outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
            assert outline == "solid", page.evaluate("document.activeElement.outerHTML")


def test_the_keyboard_alone_opens_copies_and_clears(browser: Browser, address: str) -> None:
    clipboard = ["clipboard-read", "clipboard-write"]
    with opened(
        browser, f"{address}/posts/all/", viewport={"width": 360, "height": 900}, permissions=clipboard
    ) as page:
        page.locator(".contents summary").focus()
        page.keyboard.press("Enter")
        assert page.locator(".contents a:visible").count() == 3
        page.keyboard.press("Space")
        assert page.locator(".contents a:visible").count() == 0
        page.locator(".copy").focus()
        assert page.locator(".copy").evaluate("node => getComputedStyle(node).opacity") == "1"
        page.keyboard.press("Enter")
        page.get_by_role("button", name="Copied").wait_for()
        assert page.evaluate("navigator.clipboard.readText()").startswith("def f(x: int)")
        page.keyboard.press("/")
        page.wait_for_url(f"{address}/search/")
        page.keyboard.press("/")
        page.keyboard.type("ferry")
        page.keyboard.press("Escape")
        assert page.locator("#page-query").input_value() == ""


def test_the_device_shares(browser: Browser, address: str) -> None:
    context = browser.new_context()
    context.add_init_script("navigator.share = (what) => { window.shared = what; return Promise.resolve(); }")
    page = context.new_page()
    page.goto(f"{address}/posts/all/")
    page.get_by_role("button", name="Share…").press("Enter")
    assert page.evaluate("window.shared.url") == "https://paper.test/posts/all/"
    context.close()


def test_words_of_the_interface_keep_their_language(browser: Browser, address: str) -> None:
    """An English "1 min read" beside a Persian headline is not reordered, and is read aloud in English."""
    with opened(browser, f"{address}/posts/persian/") as page:
        assert page.locator(".byline span", has_text="min read").get_attribute("dir") == "ltr"
        assert page.locator(".byline time").get_attribute("lang") == "en"
        assert page.locator("h1").evaluate("node => node.closest('[lang]').lang") == "fa"
        leading = "node => parseFloat(getComputedStyle(node).lineHeight) / parseFloat(getComputedStyle(node).fontSize)"
        assert page.locator("h1").evaluate(leading) < 1.5
        assert page.locator(".body p").first.evaluate(leading) > 1.7
        assert {link.get_attribute("lang") for link in page.locator(".neighbours b").all()} <= {"en", "zh", "de"}


def test_the_front_page_fills_its_width(browser: Browser, address: str) -> None:
    with opened(browser, address, viewport={"width": 1440, "height": 900}) as page:
        right = "node => node.getBoundingClientRect().right"
        masthead = page.locator(".masthead").evaluate(right)
        assert (
            max(page.locator(".teaser").evaluate_all("all => all.map(n => n.getBoundingClientRect().right)"))
            == masthead
        )
        assert page.locator(".pager").evaluate(right) == masthead


def test_a_cover_is_no_wider_than_it_is_and_no_taller_than_the_window(paper: Paper, browser: Browser) -> None:
    sizes = {"small": (120, 80), "tall": (900, 1600), "wide": (1500, 500)}
    for name, size in sizes.items():
        paper.write(f"pages/posts/{name}.png", png(*size))
        paper.post(name, cover=f"{{src: {name}.png, alt: A field}}")
    with served(paper.app()) as address:
        for name, (width, height) in sizes.items():
            with opened(browser, f"{address}/posts/{name}/", viewport={"width": 1280, "height": 800}) as page:
                shown = page.locator(".cover img").bounding_box()
                fit = page.locator(".cover img").evaluate("image => getComputedStyle(image).objectFit")
            assert shown
            assert shown["width"] <= width
            assert shown["height"] <= 0.85 * 800
            assert fit == "contain"
            if name != "tall":
                assert abs(shown["width"] / shown["height"] - width / height) < 0.05
                assert shown["width"] == min(width, 1152)
