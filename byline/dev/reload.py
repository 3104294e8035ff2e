"""Live reload: a stream tells the browsers what the watcher notices, and a script on each page acts on it."""

import os
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

from flask import Flask, Response, g, request
from markupsafe import escape

from byline.dev.watcher import Watcher
from byline.problems import SiteError
from byline.storage.fingerprint import digest
from byline.web.live import LiveSite

PING_SECONDS = 15
_VERSION = re.compile(rb"\?v=[0-9a-f]+")  # if only these differ, the page is the same with other styles


def add_reload(app: Flask, live: LiveSite, watcher: Watcher) -> None:
    base, rules = live.urls.base, unquote(live.urls.base)
    live.remember()
    if os.environ.get("WERKZEUG_RUN_MAIN") == "true":
        watcher.start()
    script = (Path(__file__).parent / "reload.js").read_text(encoding="utf-8")

    @app.get(f"{rules}/-/reload.js", endpoint=f"{live.host.name}.reload_script")
    def reload_script() -> Response:
        return Response(script, content_type="text/javascript; charset=utf-8")

    @app.get(f"{rules}/-/changes", endpoint=f"{live.host.name}.changes")
    def changes() -> Response:
        # Start from the page's own count, so that changes made before the stream opened are sent at once.
        seen = request.args.get("seen", watcher.count, type=int)
        return Response(_stream(watcher, seen), content_type="text/event-stream", headers={"Cache-Control": "no-store"})

    @app.before_request
    def start_watching() -> None:
        g.seen = watcher.count
        if request.environ.get("SERVER_SOFTWARE", "").startswith("Werkzeug/"):
            watcher.start()

    @app.after_request
    def insert_script(response: Response) -> Response:
        is_page = response.mimetype == "text/html" and not response.is_streamed and response.status_code != 304
        if live.is_live and is_page:
            page = response.get_data()
            response.headers["X-Byline-Shape"] = shape = digest(_VERSION.sub(b"", page))[:12]
            is_desk = request.path.startswith(f"{rules}/-/")
            is_told = not is_desk and response.status_code in (200, 404)  # a 404 may be the post with the error
            facts = {
                "src": f"{base}/-/reload.js",
                "data-tag": response.headers.get("ETag", ""),
                "data-shape": shape,
                "data-style": f"{base}/-/desk.css",
                "data-errors": "" if is_desk else f"{base}/-/errors",
                "data-here": "" if is_desk else f"{base}/-/",
                "data-events": f"{base}/-/changes?seen={g.seen}",
                "data-broken": "yes" if is_told and _has_errors(live) else "",
            }
            attributes = " ".join(f'{name}="{escape(value)}"' for name, value in facts.items())
            element = f"<script {attributes} defer></script>\n</body>"
            response.set_data(page.replace(b"</body>", element.encode(), 1))
        return response


def _stream(watcher: Watcher, seen: int) -> Iterator[str]:
    """Server-sent events: one for each change, and a comment now and then that keeps the connection open."""
    yield "retry: 300\n\n"
    while True:
        count = watcher.wait(seen, PING_SECONDS)
        yield ": still here\n\n" if count == seen else f"event: change\ndata: {count}\n\n"
        seen = count


def _has_errors(live: LiveSite) -> bool:
    try:
        return bool(live.snapshot().site.errors)
    except SiteError:
        return False  # the page itself says so
