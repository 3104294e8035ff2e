"""The pages in a real browser: on a phone, by keyboard, without scripts, and reloading while they are written."""

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, sync_playwright
from werkzeug.serving import make_server

from tests.browser import ARGUMENTS, chromium
from tests.conftest import ROOT, Paper
from tests.papers import full_paper

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
def browser() -> Iterator[Browser]:
    path = chromium()
    if path is None:
        if os.environ.get("CI") == "true":
            pytest.fail("there is no Chromium")
        pytest.skip("there is no Chromium")
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield launched
        launched.close()


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    paper = full_paper(Paper(tmp_path_factory.mktemp("browser")))
    wide = "| a | b |\n|---|---|\n| " + "wide" * 60 + " | x |\n\n```\n" + "long " * 80 + "\n```\n\nLongword" + "o" * 200
    paper.post("wide", wide, date="2025-05-30")
    server = make_server("127.0.0.1", 0, paper.app(), threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


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


@pytest.fixture
def dev_server(paper: Paper) -> Iterator[str]:
    """`flask run --debug` in a process of its own, as `make serve` starts it."""
    shutil.copy(ROOT / "app.py", paper.folder)
    (paper.folder / "byline").symlink_to(ROOT / "byline")
    paper.post("one", "First text.")
    paper.post("two", "Other text.")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "flask", "run", "--debug", "--no-reload", "--port", str(port)]
    log = (paper.folder / "dev.log").open("wb")
    process = subprocess.Popen(command, cwd=paper.folder, stdout=log, stderr=log)
    address = f"http://127.0.0.1:{port}"
    for _ in range(100):
        with contextlib.suppress(OSError):
            urllib.request.urlopen(address).close()
            break
        time.sleep(0.1)
    yield address
    process.terminate()
    process.wait()
    log.close()


def test_the_browser_shows_what_was_saved(browser: Browser, paper: Paper, dev_server: str) -> None:
    with contextlib.closing(browser.new_context()) as context:
        one, two = context.new_page(), context.new_page()
        one.goto(f"{dev_server}/posts/one/")
        two.goto(f"{dev_server}/posts/two/")
        two.evaluate("window.untouched = true")
        time.sleep(1)  # the stream of changes is open by then
        paper.post("one", "Second text.")
        one.get_by_text("Second text.").wait_for(timeout=10_000)
        assert two.evaluate("window.untouched") is True
        paper.write("templates/article.html", "{{ nonsense }}")
        two.get_by_text("templates/article.html:1:1: template").wait_for(timeout=10_000)
        paper.write("templates/article.html", "<body>{{ post.title }} mended</body>")
        two.get_by_text("The two story mended").wait_for(timeout=10_000)
        paper.settings('titel = "The Paper"')
        two.get_by_text("did you mean `title`?").wait_for(timeout=10_000)
        paper.settings('title = "The Paper"')
        two.get_by_text("The two story mended").wait_for(timeout=10_000)


def test_the_desk_lists_what_is_not_published(paper: Paper) -> None:
    full_paper(paper)
    paper.post("bad", title=None)
    page = paper.client(debug=True).get("/-/desk").data.decode()
    for text in ("The secret story", "draft", "The later story", "scheduled", "pages/posts/bad.md:1:1", "no title"):
        assert text in page
    assert '<a href="/posts/secret/">The secret story</a>' in page
    assert "2025-07-01 00:00" in page  # by the site's clock
