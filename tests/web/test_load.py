"""Under load: content is swapped, a worker is killed, the server is restarted, and no reader sees an error."""

import asyncio
import collections
import contextlib
import os
import signal
import socket
import statistics
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.helpers.fresh import copy_project
from tests.helpers.production import get, start

CONNECTIONS, WORKERS = 200, 2
SECONDS, LONGEST = 30, 90
SETTLED = 5
"""Seconds after which Granian takes a worker's end for an accident, not for a program that cannot start."""
URLS = ["/", "/page/2/", "/posts/story-3/", "/posts/story-17/", "/tags/sea/", "/authors/news-desk/", "/feed.xml"]
URLS += ["/archive/", "/sitemap.xml", "/404.html", "/no/such/page/", "/search/?q=story", "/static/style.css"]


def write_edition(folder: Path, name: str) -> None:
    """Write a site: every page shows the name in its footer, and the stories' names in its text."""
    (folder / "site.toml").write_text(f'title = "The Paper {name}"\nurl = "https://paper.test"\n')
    for number in range(30):
        text = f"---\ntitle: Story {number} {name}\ndate: 2025-01-{number + 1:02}\nauthors: news-desk\ntags: sea\n---\n{name}\n"
        (folder / "pages" / "posts" / f"story-{number}.md").write_text(text)


class Readers:
    """Many connections, each asking for one page after another; failures are counted."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.until = 0.0
        self.statuses: collections.Counter[int] = collections.Counter()
        self.lost = 0
        self.lost_in_reload = 0
        self.mixed: list[str] = []
        self.seen: collections.Counter[str] = collections.Counter()
        self.seconds: list[float] = []

    async def run(self, until: float) -> None:
        self.until = until
        await asyncio.gather(*(self._read(number) for number in range(CONNECTIONS)))

    async def _read(self, number: int) -> None:
        asks_again = False
        while time.monotonic() < self.until:
            try:
                reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
                with contextlib.closing(writer):
                    goes_on = True
                    while goes_on and time.monotonic() < self.until:
                        number += not asks_again
                        goes_on = await self._ask(reader, writer, URLS[number % len(URLS)])
                        asks_again = False
            except (OSError, asyncio.IncompleteReadError):
                # Retry once, as browsers and proxies do: a server may close a connection just as it is reused.
                self.lost += asks_again
                await asyncio.sleep(0.1 * asks_again)
                asks_again = not asks_again

    async def _ask(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, url: str) -> bool:
        """Ask for a page; returns whether the connection stays open."""
        began = time.monotonic()
        writer.write(f"GET {url} HTTP/1.1\r\nHost: paper.test\r\n\r\n".encode())
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
        length = int(head.split("content-length: ")[1].split("\r\n")[0])
        body = (await reader.readexactly(length)).decode()
        self.seconds.append(time.monotonic() - began)
        self.statuses[int(head.split(" ")[1])] += 1
        templates = [name for name in ("Morning", "Evening") if name in body]
        self.seen.update(templates)
        if len(templates) > 1:
            self.mixed.append(url)
        return "connection: close" not in head


async def disturb(
    folder: Path, server: subprocess.Popen[bytes], port: int, readers: Readers
) -> subprocess.Popen[bytes]:
    """Change all content at once, kill a worker, and stop and restart the server."""
    log = folder.parent / "web.log"
    await asyncio.sleep(3)
    while log.read_text().count("Markdown is read") < WORKERS:  # a worker reads its site at its first request
        await asyncio.sleep(0.2)
    await asyncio.to_thread(write_edition, folder, "Evening")
    server.send_signal(signal.SIGHUP)
    while log.read_text().count("Stopped old worker") < WORKERS:
        await asyncio.sleep(0.2)
    await asyncio.sleep(SETTLED)
    readers.lost_in_reload = readers.lost
    found = subprocess.run(["pgrep", "-P", str(server.pid)], capture_output=True, text=True, check=True)
    os.kill(int(found.stdout.split()[0]), signal.SIGKILL)
    await asyncio.sleep(SETTLED)
    server.send_signal(signal.SIGTERM)
    assert await asyncio.to_thread(server.wait, 30) == 0
    return start(folder, "web", PORT=str(port))


@pytest.mark.proof
def test_readers_see_whole_pages_throughout(tmp_path: Path) -> None:
    folder = copy_project(tmp_path / "site")
    (folder / "pages" / "posts").mkdir(parents=True)
    write_edition(folder, "Morning")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    server = start(folder, "web", PORT=str(port))
    try:
        _wait(port)
        while (tmp_path / "web.log").read_text().count("Started worker") < WORKERS:  # else one gets all connections
            time.sleep(0.1)
        readers = Readers(port)

        async def load() -> subprocess.Popen[bytes]:
            began = time.monotonic()
            reading = asyncio.create_task(readers.run(began + LONGEST))
            last = await disturb(folder, server, port, readers)
            readers.until = max(began + SECONDS, time.monotonic() + SETTLED)
            await reading
            return last

        # In a thread of its own: after a browser test, Playwright's loop is still running in this one.
        with ThreadPoolExecutor(1) as thread:
            server = thread.submit(asyncio.run, load()).result()
        _wait(port)
        assert b"Evening" in get(f"http://127.0.0.1:{port}/").body
    finally:
        server.terminate()
        server.wait(30)
    quantiles = statistics.quantiles(readers.seconds, n=100)
    print(
        f"\n{dict(readers.statuses)}, {readers.lost} lost, {readers.lost_in_reload} of them in the reload, p50 {quantiles[49]:.3f} s, p99 {quantiles[98]:.3f} s"
    )
    assert set(readers.statuses) == {200, 404}
    assert readers.mixed == []
    assert readers.lost_in_reload == 0
    assert min(readers.seen["Morning"], readers.seen["Evening"]) > 100
    assert sum(readers.statuses.values()) > 1000


def _wait(port: int) -> None:
    for _ in range(300):
        with contextlib.suppress(OSError):
            get(f"http://127.0.0.1:{port}/")
            return
        time.sleep(0.1)
