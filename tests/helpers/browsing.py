"""Pages on loopback, and how a browser shows them."""

import contextlib
import functools
import http.server
import re
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser, Page
from werkzeug.serving import make_server

from tests.helpers.paper import Paper
from tests.helpers.servers import free_port

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice", "wcag2aaa"]


TAGS = {"light": RULES, "dark": ["cat.color"]}  # only colours differ between them


@contextlib.contextmanager
def opened(browser: Browser, url: str, **options: Any) -> Iterator[Page]:
    context = browser.new_context(**options)
    page = context.new_page()
    page.goto(url)
    yield page
    context.close()


@contextlib.contextmanager
def served(app: Flask, port: int = 0) -> Iterator[str]:
    with _answering(make_server("127.0.0.1", port, app, threaded=True)) as address:
        yield address


def at_its_own_address(paper: Paper) -> int:
    """The port at which a browser finds the paper under its own `url`."""
    port = free_port()
    settings = (paper.folder / "site.toml").read_text()
    paper.settings(settings.replace("https://paper.test", f"http://paper.localhost:{port}"))
    return port


@contextlib.contextmanager
def static_host(folder: Path) -> Iterator[str]:
    """A plain file server, like a static host."""
    handler = functools.partial(QuietHandler, directory=str(folder))
    with _answering(http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)) as address:
        yield address


@contextlib.contextmanager
def _answering(server: http.server.HTTPServer) -> Iterator[str]:
    """The address of `server`, which answers in a thread of its own."""
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class QuietHandler(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_arguments: object) -> None:
        pass


def hits_of_browser(browser: Browser, address: str, query: str) -> list[str]:
    with contextlib.closing(browser.new_page()) as page:
        page.goto(f"{address}?q={query.replace(' ', '+')}")
        page.wait_for_function("!/Words from/.test(document.querySelector('[role=status]').textContent)")
        links = page.locator(".results li a").all()
        return [str(link.get_attribute("href")) for link in links]


def hits_of_server(client: FlaskClient, query: str) -> list[str]:
    page = client.get("/search/", query_string={"q": query}).text
    return re.findall(r'<li><a href="([^"]+)">[^<]*</a> <p>', page)
