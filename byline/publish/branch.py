"""A branch of a git repository as a target, such as the one that GitHub Pages and its like publish.

One commit brings it from one site to the next, so there is nothing to interrupt. It is made in a scratch repository and
pushed onto the one that it was made from: if that is no longer the last, git refuses it.
"""

import contextlib
from collections.abc import Iterator
from pathlib import Path

import msgspec

from byline.freeze.output import OutputFolder
from byline.problems import SiteError
from byline.publish.ledger import LEDGER, Ledger
from byline.publish.shipment import Difference, copies, in_the_way
from byline.storage.files import scratch_folder
from byline.storage.git import git

SCHEME = "git+"
FILE, NO_FILE = "100644", "0"
"""Modes of what an index is told: https://git-scm.com/docs/git-update-index"""
TOLD = 10
"""Names that are listed."""
CONFIG = ("user.name=Byline", "user.email=byline@localhost", "advice.pushUpdateRejected=false")
"""The author of a commit, unless the environment says otherwise; and no advice to merge by hand."""


class Branch:
    """The branch that `address`, such as `git+https://…#gh-pages`, names."""

    def __init__(self, address: str, source: OutputFolder, title: str) -> None:
        self._remote, _, self._branch = address.removeprefix(SCHEME).rpartition("#")
        self._parcels = {parcel.name: parcel for parcel in copies(source.folder, source.manifest.files)}
        self._title = title

    def difference(self) -> Difference:
        """What `publish` would do now."""
        with self._repository() as git:
            return self._difference(git.ledger())

    def publish(self, *, delete: bool) -> Difference:
        """Commit what differs and push that; with `delete`, without what the site no longer has. Returns what was done.

        Raises SiteError, with the branch unchanged, if git cannot push it, and if files of others are in the way.
        """
        with self._repository() as git:
            sent = git.ledger().sent
            todo = self._difference(Ledger(sent))
            others = git.names() - sent.keys()
            blocked = sorted(in_the_way(others, self._parcels.keys()) + list(others & self._parcels.keys()))
            if blocked:
                names = ", ".join(blocked[:TOLD]) + (f" and {len(blocked) - TOLD} more" if len(blocked) > TOLD else "")
                raise SiteError(f"in the way in {self._branch}, and not written by Byline: {names}; remove them")
            gone = set(todo.gone) if delete else set(in_the_way(todo.gone, self._parcels.keys()))
            stays = [name for name in todo.gone if name not in gone]
            if todo.send or gone:
                now = {name: parcel.digest for name, parcel in self._parcels.items()}
                ledger = Ledger(dict(sorted(({name: sent[name] for name in stays} | now).items())))
                git.change({parcel.name: parcel.file for parcel in todo.send}, gone, ledger)
                git.push(f"Publish {self._title}")
        return Difference(todo.send, todo.gone if delete else stays)

    def _difference(self, ledger: Ledger) -> Difference:
        send = [parcel for name, parcel in self._parcels.items() if ledger.sent.get(name) != parcel.digest]
        return Difference(send, sorted(ledger.sent.keys() - self._parcels.keys()))

    @contextlib.contextmanager
    def _repository(self) -> Iterator["_Repository"]:
        with scratch_folder("byline-branch-") as folder:
            yield _Repository(folder, self._remote, f"refs/heads/{self._branch}")


class _Repository:
    """A scratch repository whose index starts as the tree of `ref` in the remote one, or empty if that has none."""

    def __init__(self, folder: Path, remote: str, ref: str) -> None:
        self._folder = folder
        self._ref = ref
        refs = [line.split("\t") for line in git(folder, "ls-remote", remote).splitlines()]
        form = "sha256" if any(len(found) == 64 for found, _ in refs) else "sha1"
        git(folder, "init", "--quiet", "--bare", f"--object-format={form}")
        self._run("remote", "add", "origin", remote)
        self._is_new = ref not in (name for _, name in refs)
        if not self._is_new:
            # What has not changed is neither brought here nor sent back.
            self._run("fetch", "--quiet", "--no-tags", "--depth=1", "--filter=blob:none", "origin", ref)
            self._run("read-tree", "FETCH_HEAD")

    def names(self) -> set[str]:
        """Of all files in the branch, but for Byline's own."""
        listed = self._run("ls-files", "-z").split("\0")
        return {name for name in listed if name and name != LEDGER}

    def ledger(self) -> Ledger:
        """What was published to the branch. Raises SiteError if that cannot be read."""
        if self._is_new or not self._run("ls-files", LEDGER):
            return Ledger()
        try:
            return msgspec.json.decode(self._run("cat-file", "blob", f"FETCH_HEAD:{LEDGER}"), type=Ledger)
        except msgspec.MsgspecError:
            raise SiteError(f"{LEDGER} in the branch is damaged: delete it, and all that was published there") from None

    def change(self, files: dict[str, Path], gone: set[str], ledger: Ledger) -> None:
        """Put `files`, by their names, into the index, with the `ledger`, and take what is `gone` out of it."""
        paths = [str(file) for file in files.values()]
        hashes = self._run("hash-object", "-w", "--no-filters", "--stdin-paths", given="\n".join(paths)).split()
        record = self._run("hash-object", "-w", "--stdin", given=msgspec.json.encode(ledger).decode()).strip()
        blobs = dict(zip((*files, LEDGER), (*hashes, record), strict=True))
        lines = [f"{NO_FILE} {'0' * len(record)}\t{name}\0" for name in gone]
        lines += [f"{FILE} {blob}\t{name}\0" for name, blob in blobs.items()]
        self._run("update-index", "-z", "--index-info", given="".join(lines))

    def push(self, message: str) -> None:
        """Commit the index onto the branch. Raises SiteError if the branch is no longer what it was."""
        tree = self._run("write-tree", "--missing-ok").strip()
        parent = [] if self._is_new else ["-p", "FETCH_HEAD"]
        commit = self._run("commit-tree", tree, *parent, "-m", message).strip()
        try:
            self._run("push", "--quiet", "--no-thin", "origin", f"{commit}:{self._ref}")
        except SiteError as error:
            raise SiteError(f"{error}; run this again if another has published in the meantime") from None

    def _run(self, *arguments: str, given: str = "") -> str:
        config = [word for setting in CONFIG for word in ("-c", setting)]
        return git(self._folder, *config, "--git-dir=.", *arguments, given=given)
