"""The starter site, frozen: every link on every page, the accessibility rules on every page, and page weights."""

import contextlib
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urldefrag, urljoin, urlsplit

import brotli
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

import app as front_door
from tests.helpers.browsing import TAGS, opened, static_host
from tests.helpers.manual import copy_manual

HOST = "http://localhost:5000"
NOT_LINKED = {"404.html"}
COVER, FIGURE = "/posts/first-post/", "/posts/markdown/"


@pytest.fixture(scope="module")
def frozen(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = copy_manual(tmp_path_factory.mktemp("manual"))
    result = front_door.create_app(folder, DEBUG=False).test_cli_runner().invoke(args=["freeze"])
    assert result.exit_code == 0, result.output
    return folder / "build"


@pytest.fixture(scope="module")
def address(frozen: Path) -> Iterator[str]:
    with static_host(frozen) as address:
        yield address


class Page(HTMLParser):
    def __init__(self, path: Path) -> None:
        super().__init__()
        self.links: list[tuple[str, str]] = []
        self.ids: set[str] = set()
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name in ("href", "src") and value:
                self.links.append((tag, value))
            if name == "srcset" and value:
                self.links += [(tag, part.split()[0]) for part in value.split(",")]
            if name == "id" and value:
                self.ids.add(value)


def file_of(url: str) -> str:
    path = unquote(urlsplit(url).path).lstrip("/")
    return f"{path}index.html" if path.endswith("/") or not path else path


def pages_of(frozen: Path) -> dict[str, Page]:
    return {path.relative_to(frozen).as_posix(): Page(path) for path in sorted(frozen.rglob("*.html"))}


def is_redirect(frozen: Path, path: str) -> bool:
    return 'http-equiv="refresh"' in (frozen / path).read_text(encoding="utf-8")


def test_every_link_arrives_without_a_detour(frozen: Path) -> None:
    pages = pages_of(frozen)
    faults = []
    for path, page in pages.items():
        for tag, link in page.links:
            url, fragment = urldefrag(urljoin(f"{HOST}/{path.removesuffix('index.html')}", link))
            if not url.startswith(f"{HOST}/"):
                continue
            target = file_of(url)
            if not (frozen / target).is_file():
                faults.append(f"{path}: {link} is broken")
            elif tag == "a" and target in pages and is_redirect(frozen, target) and not is_redirect(frozen, path):
                faults.append(f"{path}: {link} leads to a redirect")
            elif fragment and fragment not in pages[target].ids:
                faults.append(f"{path}: {link} has no such place")
    assert not faults, "\n".join(faults)


def test_every_page_can_be_reached_from_the_front_page(frozen: Path) -> None:
    pages = pages_of(frozen)
    seen, ahead = set[str](), ["index.html"]
    while ahead:
        path = ahead.pop()
        if path not in seen:
            seen.add(path)
            links = [urljoin(f"{HOST}/{path.removesuffix('index.html')}", link) for tag, link in pages[path].links]
            ahead += [file_of(url) for url in links if url.startswith(HOST) and file_of(url) in pages]
    orphans = {path for path in pages if not is_redirect(frozen, path)} - seen - NOT_LINKED
    assert not orphans


@pytest.mark.proof  # test_reader checks one page of each kind
@pytest.mark.parametrize(("width", "scheme"), [(360, "light"), (768, "dark"), (1440, "light")])
def test_no_page_breaks_a_rule(browser: Browser, frozen: Path, address: str, width: int, scheme: Any) -> None:
    options: Any = {"runOnly": {"type": "tag", "values": TAGS[scheme]}, "resultTypes": ["violations"]}
    broken = []
    with opened(browser, address, viewport={"width": width, "height": 900}, color_scheme=scheme) as page:
        for path in pages_of(frozen):
            if not is_redirect(frozen, path):
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
    is_text = file_of(url).endswith((".html", ".css", ".js", ".svg"))
    return len(brotli.compress(body)) if is_text else len(body)


@pytest.mark.parametrize("path", [COVER, FIGURE, "/posts/call-up/"])
def test_the_text_of_an_article(browser: Browser, address: str, path: str) -> None:
    sizes = received(browser, address, path)
    text = {url: size for url, size in sizes.items() if file_of(url).endswith((".html", ".css", ".js"))}
    assert len(text) <= 4
    assert sum(text.values()) <= 15_000, text
    assert sum(size for url, size in text.items() if ".js" in url) <= 2_000


SCREENS = [
    {"viewport": {"width": 412, "height": 823}, "device_scale_factor": 1.75},
    {"viewport": {"width": 1440, "height": 900}},
]


@pytest.mark.parametrize("screen", SCREENS, ids=["phone", "desk"])
@pytest.mark.parametrize(("path", "most"), [(FIGURE, 80_000), ("/", 120_000)])
def test_pages_with_pictures(browser: Browser, address: str, path: str, most: int, screen: dict[str, Any]) -> None:
    sizes = received(browser, address, path, **screen)
    assert sum(size for url, size in sizes.items() if "/media/" in url) > 2_000
    assert sum(sizes.values()) <= most, sizes
