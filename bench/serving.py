"""Serving: the production server and nginx with the same bytes, under load from wrk if both are installed."""

import contextlib
import os
import re
import shutil
import socket
import statistics
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from bench import rivals
from bench.measure import family, kilobytes, processor

if TYPE_CHECKING:
    from bench.run import Rows

SECONDS = 3
CONNECTIONS = 16
WORD = "the"
NGINX = """
{user} worker_processes 2; daemon off; pid {folder}/nginx.pid; error_log {folder}/nginx.log;
events {{ worker_connections 1024; }}
http {{
  include /etc/nginx/mime.types; access_log {folder}/access.log; etag on; sendfile on; tcp_nopush on; open_file_cache max=1000;
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
  server {{ listen 127.0.0.1:{port}; root {folder}/build; }}
}}
"""


def measure(rows: "Rows", site: Path, tools: Path, times: int) -> None:
    """Requests per second for one article, and the time from start to first byte. Both servers log each request."""
    path = f"/posts/{sorted((site / 'build' / 'posts').glob('*/index.html'))[0].parent.name}/"
    size = len(list((site / "pages").rglob("*.md")))
    starts, sizes, searches = [], [], []
    for _ in range(times):
        port, began = free_port(), time.perf_counter()
        with server(granian(port, "app:app"), site, port, path) as process:
            starts.append(time.perf_counter() - began)
            sizes.append(max(map(kilobytes, family(process.pid))) / 1024)
            searches.append(_search(port, process.pid))
    rows.alone(f"first byte from a fresh server, warm store, {size:,} posts", statistics.median(starts), "s", "≤ 0.8")
    rows.alone(f"memory a worker, {size:,} posts", statistics.median(sizes), "MiB", "≤ 120")
    rows.alone(
        f"search for {WORD!r}, in every one of {size:,} posts", statistics.median(searches), "ms of processor", "≤ 30"
    )
    if not (shutil.which("wrk") and shutil.which("nginx")):
        print("wrk or nginx is not installed: requests a second were not measured")
        return
    _compare_rates(rows, site, path, times)
    _compare_uncached(rows, site, path, tools, times)


def _search(port: int, pid: int) -> float:
    """Milliseconds of processor time for a word that every story has; the answer is in no cache, but the index is made."""
    for word in ("harbour", "council"):  # each of the workers makes its snapshot first
        for _ in range(8):
            urllib.request.urlopen(f"http://127.0.0.1:{port}/search/?q={word}", timeout=120).read()
    words = [f"{WORD} {'!' * number}" for number in range(10)]  # ten queries, since a process counts in hundredths
    before = processor(pid)
    for number, word in enumerate(words):
        query = urllib.parse.urlencode({"q": word, "past": number})
        urllib.request.urlopen(f"http://127.0.0.1:{port}/search/?{query}", timeout=120).read()
    return 1000 * (processor(pid) - before) / len(words)


def _compare_rates(rows: "Rows", site: Path, path: str, times: int) -> None:
    ours, theirs = free_port(), free_port()
    (site / "nginx.conf").write_text(
        NGINX.format(folder=site, port=theirs, user="user root;" if os.getuid() == 0 else "")
    )
    nginx = [str(shutil.which("nginx")), "-c", str(site / "nginx.conf")]
    with (
        server(granian(ours, "app:app"), site, ours, path),
        server(nginx, site, theirs, path),
    ):
        for what, target in (("cached article", "≥ 0.5"), ("304", "≥ 0.5")):
            headers = {port: _tag(port, path) if what == "304" else "" for port in (ours, theirs)}
            rates: dict[int, list[float]] = {ours: [], theirs: []}
            for _ in range(times):
                for port, many in rates.items():
                    many.append(_rate(port, path, headers[port]))
            medians = [statistics.median(rates[port]) for port in (ours, theirs)]
            rows.add(f"{what}, 2 workers, {CONNECTIONS} connections", medians[0], "nginx", medians[1], "req/s", target)


def _compare_uncached(rows: "Rows", site: Path, path: str, tools: Path, times: int) -> None:
    """A query bypasses the cache; the rival is Flask-FlatPages as documented, with 1,000 posts, on the same server."""
    other = site.parent / "flatpages-served"
    rivals.write_flatpages(other, 1000)
    ours, theirs = free_port(), free_port()
    with (
        server(granian(ours, "app:app"), site, ours, path),
        server(granian(theirs, "site_app:app"), _importable(other, tools), theirs, "/posts/story-00500/"),
    ):
        rates: dict[int, list[float]] = {ours: [], theirs: []}
        for _ in range(times):
            rates[ours].append(_rate(ours, f"{path}?past=cache", ""))
            rates[theirs].append(_rate(theirs, "/posts/story-00500/", ""))
        rows.add(
            "uncached article",
            statistics.median(rates[ours]),
            "Flask-FlatPages",
            statistics.median(rates[theirs]),
            "req/s",
            "≥ 2",
        )


def _importable(folder: Path, tools: Path) -> Path:
    """The documented app, under a name that does not shadow the standard library's `site`, with its libraries on the path."""
    libraries = next(tools.parent.glob("lib/python*/site-packages"))
    text = (folder / "site.py").read_text()
    (folder / "site_app.py").write_text(f"import sys\nsys.path.append({str(libraries)!r})\n{text}")
    (folder / "site.py").unlink()
    return folder


def granian(port: int, target: str, *options: str) -> list[str]:
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port)]
    return [
        *command,
        "--workers",
        "2",
        "--blocking-threads",
        "16",
        "--workers-kill-timeout",
        "5",
        "--no-log",
        *options,
        target,
    ]


@contextlib.contextmanager
def server(command: list[str], folder: Path, port: int, path: str) -> Iterator["subprocess.Popen[bytes]"]:
    """A running server, once it has answered for the first time."""
    with (folder / "server.log").open("ab") as log:
        process = subprocess.Popen(command, cwd=folder, stdout=log, stderr=log)
    try:
        for _ in range(6000):
            with contextlib.suppress(OSError):
                urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=60).read()
                break
            time.sleep(0.01)
        yield process
    finally:
        process.terminate()
        process.wait()


def _rate(port: int, path: str, tag: str) -> float:
    """Requests per second. Raises if an answer was neither a 2xx nor a 3xx."""
    headers = ["-H", f"If-None-Match: {tag}"] if tag else []
    url = f"http://127.0.0.1:{port}{path}"
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{SECONDS}s", *headers, url]
    output = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    if "Non-2xx" in output:
        raise RuntimeError(output)
    found = re.search(r"Requests/sec:\s+([\d.]+)", output)
    assert found
    return float(found[1])


def _tag(port: int, path: str) -> str:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}") as answer:
        return str(answer.headers["ETag"])


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])
