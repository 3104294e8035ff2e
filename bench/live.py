"""The dev server: how long from its start to the first page, and from a save to the browser's hearing of it and to the new page."""

import contextlib
import re
import statistics
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from bench.measure import aside
from bench.serving import free_port, server

if TYPE_CHECKING:
    from bench.run import Rows

DEV = [sys.executable, "-m", "flask", "run", "--debug"]
SETTLED = 3.0
"""Seconds between edits: newer files are read again, and no writer saves twice a second."""


def measure(rows: "Rows", site: Path, times: int) -> None:
    """Edit one post again and again, as its writer would."""
    post = sorted((site / "pages" / "posts").rglob("*.md"))[0]
    url = f"/posts/{post.stem}/"
    size = len(list((site / "pages").rglob("*.md")))
    for what, made in (("warm", ()), ("cold", (".cache",))):
        starts = [_first(aside(site, *made), url) for _ in range(times)]
        rows.alone(f"first page of a dev server, {what} store, {size:,} posts", statistics.median(starts), "s", "")
    port = free_port()
    command = [*DEV, "--no-reload", "--port", str(port)]
    told, shown = [], []
    with server(command, site, port, url):
        page = _get(port, url)
        with _listening(port, page) as heard:
            for number in range(times):
                time.sleep(SETTLED)
                heard.clear()
                began = time.perf_counter()
                post.write_text(post.read_text() + f"\nSaved for the {number}th time.\n")
                heard.wait(60)
                told.append(time.perf_counter() - began)
                while f"Saved for the {number}th time." not in _get(port, url):
                    time.sleep(0.001)
                shown.append(time.perf_counter() - began)
    rows.alone(f"edit saved → browser told, {size:,} posts", statistics.median(told), "s", "≤ 0.3")
    rows.alone(f"edit saved → new page there, {size:,} posts", statistics.median(shown), "s", "≤ 0.25")


def _first(site: Path, url: str) -> float:
    """Seconds from the command to the first page."""
    port, began = free_port(), time.perf_counter()
    with server([*DEV, "--port", str(port)], site, port, url):
        return time.perf_counter() - began


def _get(port: int, url: str) -> str:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{url}", timeout=60) as answer:
        return str(answer.read().decode())


@contextlib.contextmanager
def _listening(port: int, page: str) -> Iterator[threading.Event]:
    """The stream that the page's script opens; sets the event at each change that the server announces."""
    found = re.search(r'data-events="([^"]+)"', page)
    assert found
    heard = threading.Event()
    command = ["curl", "--silent", "--no-buffer", f"http://127.0.0.1:{port}{found[1]}"]
    stream = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)

    def listen() -> None:
        assert stream.stdout
        for line in stream.stdout:
            if line.startswith("event: "):
                heard.set()

    thread = threading.Thread(target=listen, daemon=True)
    thread.start()
    try:
        yield heard
    finally:
        stream.terminate()
        stream.wait()
        thread.join()
