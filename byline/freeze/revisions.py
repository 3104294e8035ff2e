"""Revisions: the site as git has it, asked for its pages by this same engine in a process of its own.

An app is code, so two of them cannot be loaded into one process. Nothing in the repository is touched: the files are
written from a scratch index into a scratch folder.
"""

import datetime as dt
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import msgspec
from flask import Flask
from flask.cli import ScriptInfo

from byline.freeze.changes import Changes, Page, asked, compared, doubtful, tagged_pages
from byline.problems import SiteError
from byline.storage.files import scratch_folder
from byline.storage.fingerprint import PACKAGE
from byline.storage.git import git
from byline.web.app import live_of
from byline.web.live import LiveSite

SUBMODULE = "160000"
"""The mode of one in an index: https://git-scm.com/docs/git-update-index"""


class Question(msgspec.Struct, frozen=True):
    """What the other process is asked: the app to load, the moment, and the tags that pages have here, by URL."""

    program: str
    now: dt.datetime
    tags: dict[str, str]


class Reply(msgspec.Struct, frozen=True):
    """Where the site was read, and the tag of each page, with the digest of its bytes where the tag leaves doubt."""

    folders: tuple[str, ...]
    pages: dict[str, tuple[str, str | None]]


class Since(NamedTuple):
    """What has changed since a revision, and the submodules in it, of which git keeps no files."""

    changes: Changes
    submodules: tuple[str, ...]


def changes_since(app: Flask, live: LiveSite, revision: str, program: str) -> Since:
    """How the site differs from what it was at `revision`, at the same moment. `program` is where Flask was told to
    find the app; empty if it was not. Raises SiteError, with what to do, where the answer cannot be known."""
    folder, root, here = live.folder.resolve(), Path(app.root_path).resolve(), Path.cwd()
    top = Path(_git(folder, "rev-parse", "--show-toplevel").strip())
    found = Path(os.path.realpath(program)) if program else None  # as Flask does
    start = here if here.is_relative_to(top) else root
    places = [path for path in (folder, live.pages.resolve(), root, start) if path.is_relative_to(top)]
    now = live.clock()
    with live.fixed(now) as snapshot, scratch_folder("byline-since-") as scratch:
        then = _Then(scratch, top, revision)
        submodules = then.check_out(places)
        pages = tagged_pages(app, snapshot)
        tags = {url: page.tag for url, page in pages.items()}
        question = Question(str(then.at(found)) if found else "", now, tags)
        before = then.pages(then.at(start), question, live.store.folder)
        unsure = {url for url, page in before.items() if page.content} | {*doubtful(snapshot.site, before, pages)}
        after = pages | asked(live, pages, [url for url in pages if url in unsure])
        return Since(compared(before, after), submodules)


class _Then:
    """The folder `scratch`, in which files are as they were at `revision`, below it as they are below `top` now."""

    def __init__(self, scratch: Path, top: Path, revision: str) -> None:
        self._scratch = scratch
        self._files = scratch.resolve() / "files"
        self._top = top
        self._revision = revision

    def check_out(self, folders: list[Path]) -> tuple[str, ...]:
        """Write all that was in `folders`, and between them; returns the submodules there, of which git has no files.

        Raises SiteError if the revision is unknown or had no such folder.
        """
        name, top = self._revision, self._top
        try:
            commit = _git(top, "rev-parse", "--verify", "--quiet", f"{name}^{{commit}}").strip()
        except SiteError:
            hint = "name a commit, a branch or a tag, like HEAD~1 or main; `git log --oneline` lists commits"
            raise SiteError(f"{name} is no revision of {top}: {hint}") from None
        inner = Path(os.path.commonpath(folders)).relative_to(top).as_posix()
        inner = "" if inner == "." else f"{inner}/"
        index = {"GIT_INDEX_FILE": str(self._scratch / "index")}
        try:
            _git(top, "read-tree", f"{commit}:{inner}", environ=index)
        except SiteError:
            raise SiteError(f"{name} has no {inner}: name a later revision, or commit the folder first") from None
        _git(top, "checkout-index", "--all", "--quiet", f"--prefix={self._files}/{inner}", environ=index)
        listed = _git(top, "ls-files", "--stage", "-z", environ=index).split("\0")
        return tuple(inner + line.partition("\t")[2] for line in listed if line.startswith(SUBMODULE))

    def at(self, path: Path) -> Path:
        """Where what is at `path` now is as it was then; `path` itself outside of the repository."""
        return self._files / path.relative_to(self._top) if path.is_relative_to(self._top) else path

    def pages(self, here: Path, question: Question, store: Path | None) -> dict[str, Page]:
        """The pages of the site whose app Flask finds from the folder `here`. Raises SiteError if it cannot be made."""
        asking, answer = self._scratch / "question.json", self._scratch / "answer.json"
        asking.write_bytes(msgspec.json.encode(question))
        # That is a program of then: it may use what has been computed, but not give any of it away.
        known = {name: value for name, value in os.environ.items() if not name.startswith("BYLINE_STORE")}
        environ = known | {"FLASK_DEBUG": "0", "FLASK_RUN_FROM_CLI": "true"}
        environ["PYTHONPATH"] = os.pathsep.join(filter(None, (str(PACKAGE.parent), os.environ.get("PYTHONPATH", ""))))
        if store:
            environ["BYLINE_STORE"] = str(store.resolve())  # its keys are digests of contents, so both may share it
        command = [sys.executable, "-P", "-m", __name__, str(asking), str(answer)]
        run = subprocess.run(command, cwd=here, env=environ, capture_output=True, text=True)
        if run.returncode:
            said = (run.stderr.strip() or f"its process ended with {run.returncode}").split("\n")[-1]
            raise SiteError(f"the site as of {self._revision} cannot be made with the Byline of now: {said}")
        reply = msgspec.json.decode(answer.read_bytes(), type=Reply)
        for folder in reply.folders:
            if not Path(folder).is_relative_to(self._files):
                raise SiteError(
                    f"{folder} is not as it was at {self._revision}, because its whole path is set:"
                    " write it relative to the site's folder"
                )
        return {url: Page(*page) for url, page in reply.pages.items()}


def _git(folder: Path, *arguments: str, environ: Mapping[str, str] | None = None) -> str:
    try:
        return git(folder, *arguments, environ=environ)
    except SiteError as error:
        if "not a git repository" in str(error):
            text = f"{folder} is not in a git repository: leave --since out, or run `git init` and commit"
            raise SiteError(text) from None
        raise


def answer(asking: Path, answered: Path) -> None:
    """Answer the question in the file `asking` about the site in this folder, in a process of its own."""
    question = msgspec.json.decode(asking.read_bytes(), type=Question)
    app = ScriptInfo(question.program or None).load_app()
    live = live_of(app)
    with live.fixed(question.now) as snapshot:
        pages = tagged_pages(app, snapshot)
        known = {url: Page(tag) for url, tag in question.tags.items()}
        pages |= asked(live, pages, doubtful(snapshot.site, known, pages))
    live.store.close()
    folders = (str(live.folder.resolve()), str(live.pages.resolve()))
    reply = Reply(folders, {url: (page.tag, page.content) for url, page in pages.items()})
    answered.write_bytes(msgspec.json.encode(reply))


if __name__ == "__main__":
    answer(*map(Path, sys.argv[1:]))
