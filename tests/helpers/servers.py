"""Real static servers over a frozen site, with the configuration that Byline wrote and a few lines around it."""

import contextlib
import functools
import http.client
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

NGINX = """\
{module}
daemon off;
pid {scratch}/nginx.pid;
error_log {scratch}/error.log;
{user}
events {{}}
http {{
    access_log off;
    client_body_temp_path {scratch}/body;
    proxy_temp_path {scratch}/proxy;
    fastcgi_temp_path {scratch}/fastcgi;
    uwsgi_temp_path {scratch}/uwsgi;
    scgi_temp_path {scratch}/scgi;
    server {{
        listen 127.0.0.1:{port};
        {inside}
    }}
}}
"""
FROZEN = """\
root {root};
        {brotli}
        include {site}/.byline/hosts/nginx.conf;"""
CADDY = """\
{{
    admin off
    auto_https off
    storage file_system {scratch}
}}
http://:{port} {{
    bind 127.0.0.1
    root * {root}
    import {site}/.byline/hosts/Caddyfile
}}
"""
BROTLI = Path("/usr/lib/nginx/modules/ngx_http_brotli_static_module.so")
FOUND = {"nginx": "/usr/sbin/nginx", "caddy": "/usr/bin/caddy"}


class Reply(NamedTuple):
    status: int
    headers: dict[str, str]
    body: bytes


Ask = Callable[..., Reply]


def program(name: str) -> str:
    path = shutil.which(name) or FOUND[name]
    if not Path(path).exists():
        if os.environ.get("CI") == "true":
            pytest.fail(f"there is no {name}")
        pytest.skip(f"there is no {name}; on Debian: apt-get install {name}")
    return path


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


@contextlib.contextmanager
def serving(name: str, root: Path, site: Path, scratch: Path, port: int = 0) -> Iterator[tuple[Ask, int]]:
    """Serve the frozen `site`, which is in `root`; yield a function that asks for a URL, and the port."""
    path = program(name)
    scratch.mkdir(parents=True, exist_ok=True)
    port = port or free_port()
    user = "user root;" if os.getuid() == 0 else ""
    module, brotli = (f"load_module {BROTLI};", "brotli_static on;") if BROTLI.exists() else ("", "")
    values = {"port": port, "root": root, "site": site, "scratch": scratch, "user": user}
    inside = FROZEN.format(root=root, site=site, brotli=brotli)
    text = {"nginx": NGINX, "caddy": CADDY}[name].format(**values, module=module, inside=inside)
    config = scratch / name
    config.write_text(text)
    commands = {
        "nginx": [path, "-p", str(scratch), "-c", str(config)],
        "caddy": [path, "run", "--adapter", "caddyfile", "--config", str(config)],
    }
    environ = os.environ | {"HOME": str(scratch), "XDG_CONFIG_HOME": str(scratch), "XDG_DATA_HOME": str(scratch)}
    with (scratch / "log").open("wb") as log:
        process = subprocess.Popen(commands[name], env=environ, stdout=log, stderr=log)
    try:
        _wait(port, process, scratch / "log")
        yield functools.partial(ask, port), port
    finally:
        process.terminate()
        process.wait()


@contextlib.contextmanager
def behind_nginx(location: str, scratch: Path) -> Iterator[int]:
    """The port of an nginx that answers with that `location` block."""
    scratch.mkdir(parents=True, exist_ok=True)
    port = free_port()
    user = "user root;" if os.getuid() == 0 else ""
    config = scratch / "nginx"
    config.write_text(NGINX.format(module="", scratch=scratch, user=user, port=port, inside=location))
    with (scratch / "log").open("wb") as log:
        process = subprocess.Popen([program("nginx"), "-p", str(scratch), "-c", str(config)], stdout=log, stderr=log)
    try:
        _wait(port, process, scratch / "log")
        yield port
    finally:
        process.terminate()
        process.wait()


def ask(port: int, url: str, method: str = "GET", **headers: str) -> Reply:
    """Send `url` unchanged, percent-encoded, to the server at `port`."""
    with contextlib.closing(http.client.HTTPConnection("127.0.0.1", port, timeout=10)) as connection:
        connection.request(method, url, headers={name.replace("_", "-"): value for name, value in headers.items()})
        answer = connection.getresponse()
        return Reply(answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read())


def _wait(port: int, process: "subprocess.Popen[bytes]", log: Path) -> None:
    for _ in range(200):
        assert process.poll() is None, log.read_text()
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.05)
    raise AssertionError(log.read_text())


COMPARED = (
    "cache-control",
    "content-security-policy",
    "cross-origin-opener-policy",
    "cross-origin-resource-policy",
    "permissions-policy",
    "referrer-policy",
    "strict-transport-security",
    "x-content-type-options",
)
