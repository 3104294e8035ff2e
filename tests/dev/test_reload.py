"""The dev server in a real browser: saves show, errors cover the page, and the desk shows the rest."""

import contextlib
import html
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Error, Page

from byline.media.files import THEME
from tests.helpers.paper import ROOT, Paper
from tests.helpers.papers import full_paper


class Server:
    """`flask run --debug` in a separate process, as `make serve` starts it."""

    def __init__(self, folder: Path, port: int) -> None:
        self.port = port
        self.address = f"http://127.0.0.1:{port}"
        command = [sys.executable, "-m", "flask", "run", "--debug", "--no-reload", "--port", str(port)]
        with (folder / "dev.log").open("ab") as log:
            self._process = subprocess.Popen(command, cwd=folder, stdout=log, stderr=log)
        for _ in range(200):
            with contextlib.suppress(OSError):
                urllib.request.urlopen(self.address).close()
                break
            time.sleep(0.1)

    def pause(self) -> None:
        time.sleep(0.1)

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait()


@pytest.fixture
def serve(paper: Paper) -> Iterator[Callable[..., Server]]:
    """Start a dev server, on the port of an earlier one if need be."""
    shutil.copy(ROOT / "app.py", paper.folder)
    (paper.folder / "byline").symlink_to(ROOT / "byline")
    paper.post("one", "First text.")
    paper.post("two", "Other text.")
    servers: list[Server] = []

    def start(port: int = 0) -> Server:
        if not port:
            with socket.create_server(("127.0.0.1", 0)) as free:
                port = free.getsockname()[1]
        servers.append(Server(paper.folder, port))
        return servers[-1]

    yield start
    for server in servers:
        server.stop()


@pytest.fixture
def dev_server(serve: Callable[..., Server]) -> str:
    return serve().address


def wait_for(page: Page, expression: str) -> None:
    """Wait until it is true. Playwright's own waiting would evaluate text in the page, which the site's policy forbids."""
    for _ in range(200):
        with contextlib.suppress(Error):  # the page is being left
            if page.evaluate(expression):
                return
        time.sleep(0.1)
    pytest.fail(f"{expression} is not true")


@pytest.fixture
def tabs(browser: Browser, dev_server: str) -> Iterator[tuple[Page, Page]]:
    """Two stories in two tabs of one browser."""
    with contextlib.closing(browser.new_context()) as context:
        one, two = context.new_page(), context.new_page()
        one.goto(f"{dev_server}/posts/one/")
        two.goto(f"{dev_server}/posts/two/")
        for page in (one, two):
            page.evaluate("window.untouched = true")
        yield one, two


def test_the_browser_shows_what_was_saved(paper: Paper, tabs: tuple[Page, Page]) -> None:
    one, two = tabs
    paper.post("one", "Second text.\n\n" + "Much more.\n\n" * 200)
    one.get_by_text("Second text.").wait_for(timeout=20_000)
    assert two.evaluate("window.untouched") is True
    for _ in range(3):  # while the page is loaded again, it is too short to be scrolled
        wait_for(one, "document.readyState === 'complete' && (scrollTo(0, 700), scrollY === 700)")
        time.sleep(0.5)
    paper.post("one", "Third text.\n\n" + "Much more.\n\n" * 200)
    one.get_by_text("Third text.").wait_for(timeout=20_000)
    wait_for(one, "scrollY === 700")


def test_a_style_is_put_in_place_without_loading_the_page(paper: Paper, tabs: tuple[Page, Page]) -> None:
    """A sheet of the site's own changes the page once, since the theme's faces are no longer loaded."""
    style, spacing = (THEME / "static/style.css").read_text(), "getComputedStyle(document.querySelector('.body p'))"
    paper.write("static/style.css", style + "\n.body p { letter-spacing: 6px !important; }")
    for page in tabs:
        wait_for(page, f"{spacing}.letterSpacing === '6px'")
        page.evaluate("window.untouched = true")
    paper.write("static/style.css", style + "\n.body p { letter-spacing: 7px !important; }")
    for page in tabs:
        wait_for(page, f"{spacing}.letterSpacing === '7px'")
        assert page.evaluate("window.untouched") is True
        assert page.evaluate("document.querySelectorAll('link[rel=stylesheet]').length") == 1


def test_custom_css_appears_changes_and_goes(paper: Paper, tabs: tuple[Page, Page]) -> None:
    """It is loaded with the page when it appears, and put in place afterwards."""
    one, _ = tabs
    spacing = "getComputedStyle(document.querySelector('.body p')).letterSpacing"
    paper.write("static/custom.css", ".body p { letter-spacing: 5px }")
    one.locator("link[href*='custom.css']").wait_for(state="attached", timeout=20_000)
    wait_for(one, f"{spacing} === '5px'")
    one.evaluate("window.untouched = true")
    paper.write("static/custom.css", ".body p { letter-spacing: 6px }")
    wait_for(one, f"{spacing} === '6px'")
    assert one.evaluate("window.untouched") is True
    (paper.folder / "static/custom.css").unlink()
    one.locator("link[href*='custom.css']").wait_for(state="detached", timeout=20_000)
    wait_for(one, f"{spacing} === 'normal'")


def test_files_of_public_are_watched(paper: Paper, browser: Browser, dev_server: str) -> None:
    """Also if there was no such folder when the server started."""
    with contextlib.closing(browser.new_context()) as context:
        page = context.new_page()
        page.goto(f"{dev_server}/hello.html")
        page.get_by_text("Page not found").first.wait_for(timeout=20_000)
        paper.write("public/hello.html", "<body>Hello.</body>")
        page.get_by_text("Hello.").wait_for(timeout=20_000)
        paper.write("public/hello.html", "<body>Hello again.</body>")
        page.get_by_text("Hello again.").wait_for(timeout=20_000)


def test_an_error_lies_over_the_last_good_page(paper: Paper, tabs: tuple[Page, Page]) -> None:
    one, two = tabs
    article = paper.override("article.html", "{{ post.title }}", "{{ nonsense }}")
    for page in tabs:
        page.get_by_text("'nonsense' is undefined").wait_for(timeout=20_000)
        assert page.get_by_role("alert").locator("mark").inner_text().endswith("{{ nonsense }}</h1>")
        assert page.evaluate("window.untouched") is True
    assert one.get_by_text("First text.").is_visible()
    one.get_by_role("button", name="Close").click()
    assert one.get_by_role("alert").count() == 0
    paper.write("templates/article.html", article)
    two.get_by_role("alert").wait_for(state="detached", timeout=20_000)
    assert two.evaluate("window.untouched") is True


def test_a_post_with_an_error_stays_in_sight(paper: Paper, tabs: tuple[Page, Page]) -> None:
    one, two = tabs
    paper.post("one", date="yesterday")
    one.get_by_text("pages/posts/one.md:3:7").wait_for(timeout=20_000)
    assert one.evaluate("window.untouched") is True
    assert one.get_by_text("First text.").is_visible()
    two.get_by_text("pages/posts/one.md:3:7").wait_for(timeout=20_000)  # a list next to it has lost the post
    two.goto(two.url.replace("/posts/two/", "/-/desk"))
    assert two.get_by_text("is not a date").count() == 1
    paper.post("one", "Mended text.")
    one.get_by_text("Mended text.").wait_for(timeout=20_000)
    assert one.get_by_role("alert").count() == 0
    two.get_by_text("None found.").wait_for(timeout=20_000)


def test_the_address_of_a_post_with_an_error_says_so(paper: Paper) -> None:
    paper.post("one")
    client = paper.client(debug=True)
    assert 'data-broken=""' in client.get("/posts/other/").text
    paper.post("other", date="soon")
    for path, status in (("/posts/other/", 404), ("/posts/one/", 200)):
        answer = paper.client(debug=True).get(path)
        assert (answer.status_code, 'data-broken="yes"' in answer.text) == (status, True)


def test_a_page_comes_back_after_an_error(paper: Paper, tabs: tuple[Page, Page]) -> None:
    _, two = tabs
    paper.write("templates/article.html", "{{ nonsense }}")
    two.get_by_role("alert").wait_for(timeout=20_000)
    two.reload()
    two.get_by_text("This page has an error").wait_for(timeout=20_000)
    paper.write("templates/article.html", "<body>{{ post.title }} mended</body>")
    two.get_by_text("The two story mended").wait_for(timeout=20_000)
    paper.settings('titel = "The Paper"')
    two.get_by_text("did you mean `title`?").wait_for(timeout=20_000)
    paper.settings('title = "The Paper"')
    two.get_by_role("alert").wait_for(state="detached", timeout=20_000)


def test_the_stream_comes_back_with_the_server(paper: Paper, browser: Browser, serve: Callable[..., Server]) -> None:
    with contextlib.closing(browser.new_context()) as context:
        page = context.new_page()
        first = serve()
        page.goto(f"{first.address}/posts/one/")
        first.stop()
        paper.post("one", "While it was away.")
        serve(first.port)
        page.get_by_text("While it was away.").wait_for(timeout=20_000)


def test_the_desk(paper: Paper) -> None:
    full_paper(paper)
    paper.freeze()
    paper.post("bad", date="soon")
    paper.post("later", date="2025-06-03 08:00", title="The later story")
    client = paper.client(debug=True)
    page = html.unescape(client.get("/-/desk").data.decode())
    for text in (
        '<a href="/posts/secret/">The secret story</a> <span class="place">pages/posts/secret.md</span>',
        '<time datetime="2025-06-03T08:00:00+02:00">2025-06-03 08:00</time> The later story appears',
        "<h3>pages/posts/bad.md</h3>",
        "'soon' is not a date",
        '<span class="place">3:7 bad-date</span>',
    ):
        assert text in page, text
    assert "build holds the site as it is" in page
    paper.post("new")
    (paper.folder / "pages/posts/bad.md").unlink()
    page = paper.client(debug=True).get("/-/desk").data.decode()
    assert '<li><a href="/posts/new/">/posts/new/</a></li>' in page.split("<summary>New:")[1].split("</details>")[0]
    assert '<a href="/feed.xml">' in page.split("<summary>Changed:")[1]
