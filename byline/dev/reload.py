"""Live reload: a thread watches the files, a stream tells the browsers."""

import logging
import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

from flask import Flask, Response, g, request
from markupsafe import escape
from watchfiles import watch

from byline.errors import SiteError
from byline.newsroom import Newsroom
from byline.web import read_settings

PING_SECONDS = 15
SETTLED_SECONDS = 0.1
"""After which an editor that renames has put the new file in place."""
RESTART = 3
"""The exit code at which Werkzeug's reloader starts the server again."""


class Watcher:
    """Counts changes of the site's files, and makes the newsroom forget its snapshot at each."""

    def __init__(self, newsroom: Newsroom) -> None:
        self._newsroom = newsroom
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
        folder = self._newsroom.folder
        settings = folder / "site.toml"
        watched = [self._newsroom.pages, folder / "templates", folder / "static", settings]
        while True:
            for changes in watch(*(path for path in watched if path.exists()), debounce=50, step=10):
                is_settings = any(Path(path) == settings for _, path in changes)
                if is_settings:
                    self._restart()
                self._newsroom.refresh()
                with self._changed:
                    self.count += 1
                    self._changed.notify_all()
                if is_settings:
                    break  # editors save by renaming, and a watch goes with the file that it was put on
            time.sleep(SETTLED_SECONDS)
            if self._newsroom.trouble:
                self._restart()

    def _restart(self) -> None:
        """URLs depend on the settings, so the app must be made anew; unless it could not be: then pages say why."""
        try:
            read_settings(self._newsroom.folder)
        except SiteError as error:
            self._newsroom.trouble = str(error)
            return
        self._newsroom.trouble = ""
        if os.environ.get("WERKZEUG_RUN_MAIN") == "true":
            os._exit(RESTART)
        logging.getLogger("byline").warning("site.toml has changed: stop the server and start it again")


def add_reload(app: Flask, newsroom: Newsroom) -> None:
    base, rules = newsroom.settings.base_path, unquote(newsroom.settings.base_path)
    watcher = Watcher(newsroom)
    newsroom.remember()
    script = (Path(__file__).parent / "reload.js").read_text(encoding="utf-8")

    @app.get(f"{rules}/-/reload.js", endpoint="reload_script")
    def reload_script() -> Response:
        return Response(script, content_type="text/javascript; charset=utf-8")

    @app.get(f"{rules}/-/changes", endpoint="changes")
    def changes() -> Response:
        def stream(seen: int) -> Iterator[str]:
            yield "retry: 300\n\n"
            while True:
                count = watcher.wait(seen, PING_SECONDS)
                yield ": still here\n\n" if count == seen else f"event: change\ndata: {count}\n\n"
                seen = count

        # From the count that the page was made at: what changed before the stream was open is told at once.
        seen = request.args.get("seen", watcher.count, type=int)
        return Response(stream(seen), content_type="text/event-stream", headers={"Cache-Control": "no-store"})

    @app.before_request
    def start_watching() -> None:
        g.seen = watcher.count
        if request.environ.get("SERVER_SOFTWARE", "").startswith("Werkzeug/"):
            watcher.start()

    @app.after_request
    def insert_script(response: Response) -> Response:
        if (
            newsroom.is_live
            and response.mimetype == "text/html"
            and not response.is_streamed
            and response.status_code != 304
        ):
            tag = escape(response.headers.get("ETag", ""))
            source = f'src="{base}/-/reload.js" data-tag="{tag}" data-events="{base}/-/changes?seen={g.seen}"'
            element = f"<script {source} defer></script>\n</body>"
            response.set_data(response.get_data().replace(b"</body>", element.encode(), 1))
        return response
