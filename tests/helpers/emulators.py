"""What Netlify and Cloudflare do with a published folder, by their own emulators, which come from npm."""

import contextlib
import functools
import json
import os
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from filelock import FileLock

from tests.helpers.servers import Ask, ask, free_port

PACKAGES = {"cloudflare": "wrangler@4.86.0", "netlify": "netlify-cli@26.2.0"}
"""The newest that run on Node.js 20."""
PATIENCE = 120
"""Seconds for the start: either reads thousands of files."""
RULES_OF = """
const [module, path, urls] = process.argv.slice(1);
const { parseHeaders, headersForPath } = await import(module);
const headers = await parseHeaders({ headersFiles: [path], config: {} });
console.log(JSON.stringify(JSON.parse(urls).map((url) => headersForPath(headers, url))));
"""

Headers = Mapping[str, str]


def installed(name: str, shared: Path) -> Path:
    """The folder of the emulator's packages, in `shared`, which all processes of a test run have in common."""
    folder = shared / name
    with FileLock(shared / f"{name}.lock"):
        if not (folder / "done").exists():
            command = ["npm", "install", "--silent", "--no-fund", "--no-audit", "--prefix", str(folder)]
            subprocess.run([*command, PACKAGES[name]], check=True)
            (folder / "done").touch()
    return folder / "node_modules"


@contextlib.contextmanager
def emulating(name: str, packages: Path, site: Path, scratch: Path) -> Iterator[tuple[Ask, int]]:
    """Serve the frozen `site` as that host would; yield a function that asks for a URL, and the port."""
    scratch.mkdir(parents=True)
    port = free_port()
    commands = {
        "cloudflare": ["wrangler", "pages", "dev", site, "--ip", "127.0.0.1", "--compatibility-date", "2025-09-01"],
        # Edge functions would need Deno, which it downloads.
        "netlify": [
            *["netlify", "dev", "--offline", "--internal-disable-edge-functions", "--no-open", "--skip-gitignore"],
            *["--dir", site, "--staticServerPort", free_port()],
        ],
    }
    program, *options = map(str, commands[name])
    # With CI=1 Netlify's sends no telemetry, and neither asks questions.
    environ = os.environ | {"HOME": str(scratch), "CI": "1", "WRANGLER_SEND_METRICS": "false"}
    with (scratch / "log").open("wb") as log:
        process = subprocess.Popen(
            [packages / ".bin" / program, *options, "--port", str(port)],
            cwd=scratch,
            env=environ,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    try:
        _wait(port, process, scratch / "log")
        yield functools.partial(ask, port), port
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)  # both start others
        process.wait()


def netlify_headers(packages: Path, site: Path, urls: Sequence[str]) -> dict[str, Headers]:
    """What `_headers` says for each of `urls`, by Netlify's own reading of it; the names are in small letters.

    `netlify dev` itself replaces two of them by those of its file server.
    """
    module = packages / "netlify-cli" / "dist" / "utils" / "headers.js"
    command = ["node", "--input-type=module", "-e", RULES_OF, str(module), str(site / "_headers"), json.dumps(urls)]
    told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    found = ({name.lower(): value for name, value in one.items()} for one in json.loads(told))
    return dict(zip(urls, found, strict=True))


def _wait(port: int, process: "subprocess.Popen[bytes]", log: Path) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        assert process.poll() is None, log.read_text()
        with contextlib.suppress(OSError):
            ask(port, "/")
            return
        time.sleep(0.2)
    raise AssertionError(log.read_text())
