"""Live reload: a thread watches the files, a stream tells the browsers."""

import logging
import os
import re
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

from flask import Flask, Response, g, request
from markupsafe import escape
from watchfiles import watch

from byline.media.files import THEME
from byline.problems import SiteError
from byline.storage.fingerprint import digest
from byline.web.app import read_settings
from byline.web.live import LiveSite

PING_SECONDS = 15
_VERSION = re.compile(rb"\?v=[0-9a-f]+")  # if only these differ, the page is the same with other styles
SETTLED_SECONDS = 0.1
"""After this, an editor that saves by renaming has put the new file in place."""
WATCHING_MS = 500
"""After this, the files are certainly being watched."""
RESTART = 3
"""The exit code at which Werkzeug's reloader starts the server again."""


class Watcher:
    """Counts changes to the site's files, and makes the live site drop its snapshot at each."""

    def __init__(self, live: LiveSite) -> None:
        self._live = live
        self._changed = threading.Condition()
        self._started = threading.Lock()
        self.count = 0

    def start(self) -> None:
        """Start watching, once."""
        if self._started.acquire(blocking=False):
            threading.Thread(target=self._watch, daemon=True).start()

    def wait(self, seen: int, seconds: float) -> int:
        """The count once it is no longer `seen`, or after `seconds`."""
        with self._changed:
            self._changed.wait_for(lambda: self.count != seen, seconds)
            return self.count

    def _watch(self) -> None:
        folder = self._live.folder
        settings = folder / "site.toml"
        watched = [self._live.pages, folder / "templates", folder / "static", self._live.public, THEME, settings]
        while True:
            missing = [path for path in watched if not path.exists()]
            is_first = True
            there = [path for path in watched if path not in missing]
            for changes in watch(*there, debounce=50, step=10, rust_timeout=WATCHING_MS, yield_on_timeout=True):
                has_appeared = any(path.exists() for path in missing)  # such as the site's first own template
                if not changes and not is_first and not has_appeared:
                    continue
                is_first = False  # picks up what was saved before the watch began
                is_settings = any(Path(path) == settings for _, path in changes)
                if is_settings or self._live.trouble:  # it may have been fixed before the watch began
                    self._restart()
                self._live.refresh()
                with self._changed:
                    self.count += 1
                    self._changed.notify_all()
                if is_settings or has_appeared:
                    break  # editors save by renaming, and a watch stays with the old file
            time.sleep(SETTLED_SECONDS)
            if self._live.trouble:
                self._restart()

    def _restart(self) -> None:
        """URLs depend on the settings, so the server must restart. If they are faulty it stays, and pages say why."""
        try:
            read_settings(self._live.folder)
        except SiteError as error:
            self._live.trouble = str(error)
            return
        self._live.trouble = ""
        if os.environ.get("WERKZEUG_RUN_MAIN") == "true":
            os._exit(RESTART)
        logging.getLogger("byline").warning("site.toml has changed: stop the server and start it again")


def add_reload(app: Flask, live: LiveSite) -> None:
    base, rules = live.urls.base, unquote(live.urls.base)
    watcher = Watcher(live)
    live.remember()
    script = (Path(__file__).parent / "reload.js").read_text(encoding="utf-8")

    @app.get(f"{rules}/-/reload.js", endpoint=f"{live.host.name}.reload_script")
    def reload_script() -> Response:
        return Response(script, content_type="text/javascript; charset=utf-8")

    @app.get(f"{rules}/-/changes", endpoint=f"{live.host.name}.changes")
    def changes() -> Response:
        def stream(seen: int) -> Iterator[str]:
            yield "retry: 300\n\n"
            while True:
                count = watcher.wait(seen, PING_SECONDS)
                yield ": still here\n\n" if count == seen else f"event: change\ndata: {count}\n\n"
                seen = count

        # Start from the page's own count, so that changes made before the stream opened are sent at once.
        seen = request.args.get("seen", watcher.count, type=int)
        return Response(stream(seen), content_type="text/event-stream", headers={"Cache-Control": "no-store"})

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
                "data-events": f"{base}/-/changes?seen={g.seen}",
                "data-broken": "yes" if is_told and _has_errors(live) else "",
            }
            attributes = " ".join(f'{name}="{escape(value)}"' for name, value in facts.items())
            element = f"<script {attributes} defer></script>\n</body>"
            response.set_data(page.replace(b"</body>", element.encode(), 1))
        return response


def _has_errors(live: LiveSite) -> bool:
    try:
        return bool(live.snapshot().site.errors)
    except SiteError:
        return False  # the page itself says so
