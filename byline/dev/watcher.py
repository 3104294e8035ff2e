"""The watcher: a thread that notices what is saved, also where the disk tells nobody of it."""

import logging
import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
from watchfiles import watch

from byline.dev.report import Report
from byline.media.files import THEME
from byline.problems import SiteError
from byline.web.app import read_settings
from byline.web.live import LiveSite

SETTLED_SECONDS = 0.1
"""After this, an editor that saves by renaming has put the new file in place."""
WATCHING_MS = 500
"""After this, the files are certainly being watched."""
POLL_MS = 1000
MOUNTS = Path("/proc/self/mountinfo")
"""https://man7.org/linux/man-pages/man5/proc_pid_mountinfo.5.html"""
SILENT = tuple("9p afs ceph cifs drvfs fuse grpcfuse nfs prl_fs smb vboxsf virtiofs vmhgfs".split())
"""File systems whose files are changed by other machines: network drives, and the folders of a host in a container."""
RESTART = 3
"""The exit code at which Werkzeug's reloader starts the server again."""


class Watcher:
    """Counts changes to the site's files, makes the live site drop its snapshot at each, and then prints a report."""

    def __init__(self, live: LiveSite, report: Report) -> None:
        self._live = live
        self._report = report
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

    def turn(self) -> None:
        """The site has changed: browsers ask again."""
        self._live.refresh()
        with self._changed:
            self.count += 1
            self._changed.notify_all()

    def _watch(self) -> None:
        folder = self._live.folder
        settings = folder / "site.toml"
        watched = [self._live.pages, folder / "templates", folder / "static", self._live.public, self._live.data]
        watched += [THEME, settings]
        silent = next((path for path in watched if is_silent(path)), None)
        if silent:
            click.echo(f" * {silent} is on a disk that tells nobody of saves: looking every second instead", err=True)
        while True:
            missing = [path for path in watched if not path.exists()]
            is_first = True
            there = [path for path in watched if path not in missing]
            for changes in self._changes(there, polls=bool(silent)):
                has_appeared = any(path.exists() for path in missing)  # such as the site's first own template
                if not changes and not is_first and not has_appeared:
                    continue
                is_first = False  # picks up what was saved before the watch began
                is_settings = any(Path(path) == settings for _, path in changes)
                if is_settings or self._live.trouble:  # it may have been fixed before the watch began
                    self._restart()
                self.turn()
                for line in self._report.news():
                    click.echo(line, err=True)
                if is_settings or has_appeared:
                    break  # editors save by renaming, and a watch stays with the old file
            time.sleep(SETTLED_SECONDS)
            if self._live.trouble:
                self._restart()

    def _changes(self, there: list[Path], *, polls: bool) -> Iterator[set[Any]]:
        """Sets of changes, and an empty one now and then. If the system has no more watches, the disk is polled."""
        options: dict[str, Any] = {"debounce": 50, "step": 10, "rust_timeout": WATCHING_MS, "yield_on_timeout": True}
        try:
            yield from watch(*there, force_polling=polls or None, poll_delay_ms=POLL_MS, **options)
        except OSError as error:
            click.echo(f" * saves cannot be watched ({error}): looking every second instead", err=True)
            yield from watch(*there, force_polling=True, poll_delay_ms=POLL_MS, **options)

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


def is_silent(path: Path, mounts: Path = MOUNTS) -> bool:
    """Whether `path` is on a disk from which no event comes when a file on it is saved elsewhere."""
    try:
        lines = [line.split(" - ") for line in mounts.read_text(encoding="utf-8", errors="replace").splitlines()]
    except OSError:  # not Linux: its own way of watching reaches all disks
        return False
    kinds = {line[0].split(" ")[4]: line[1].split(" ")[0] for line in lines if len(line) == 2}
    real = path.resolve()
    return next((kinds[str(at)] for at in (real, *real.parents) if str(at) in kinds), "").startswith(SILENT)
