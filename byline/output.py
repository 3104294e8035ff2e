"""The output folder: Byline touches only what its own manifest says it wrote, and switches sites whole.

New files wait in `.byline/staging`, inside the folder so that it may be a mount point of its own. Once all
are there, a journal commits the switch; from then on any later run rolls it forward. Without a journal,
what was staged is thrown away. Either way the tree is the old site or the new one.
"""

import contextlib
import fcntl
import os
import shutil
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import IO, Any

import msgspec

from byline.errors import SiteError
from byline.files import replace_file
from byline.fingerprint import digest
from byline.manifest import OWN, Journal, Manifest, Origin, Printed

DEFAULT_OUT = "build"
SYNC_EACH = 64
"""Up to so many staged files are synced one by one; for more, one sync of the whole system is cheaper."""


class OutputFolder:
    """An open output folder. `manifest` is what it holds now."""

    def __init__(self, folder: Path, lock: IO[Any]) -> None:
        self.folder = folder
        self._lock = lock
        self._prefix = f"{folder}/"
        self._own = folder / OWN
        self._staging = self._own / "staging"
        self._staged: dict[str, tuple[str, Printed]] = {}
        self._recover()
        self.manifest = manifest_of(folder) or Manifest()

    def is_unchanged(self, path: str, printed: Printed) -> bool:
        """Whether the file on disk still is what was written, by its size and time."""
        try:
            found = os.lstat(f"{self._prefix}{path}")
        except OSError:
            return False
        return found.st_size == printed.size and found.st_mtime_ns == printed.mtime_ns

    def is_whole(self) -> bool:
        """Whether everything that was written is there, unchanged."""
        return all(self.is_unchanged(path, printed) for path, printed in self.manifest.files.items())

    def note(self, origin: Origin) -> None:
        """Remember what the site that the folder holds was printed from."""
        if self.manifest.origin != origin:
            self.manifest = msgspec.structs.replace(self.manifest, origin=origin)
            replace_file(self._own / "manifest.json", msgspec.json.encode(self.manifest))

    def write(self, name: str, url: str, tag: str, body: bytes) -> Printed:
        """Write `body` under a name of its own where it waits for the switch; any process may."""
        with open(f"{self._staging}/{name}", "wb") as waiting:
            waiting.write(body)
            waiting.flush()
            found = os.fstat(waiting.fileno())
        return Printed(url, tag, digest(body), found.st_size, found.st_mtime_ns)

    def stage(self, path: str, name: str, printed: Printed) -> None:
        """Note that what was written under `name` shall be the file `path`."""
        self._staged[path] = (name, printed)

    def waiting(self) -> dict[str, Printed]:
        """What is staged, by its path."""
        return {path: printed for path, (_, printed) in self._staged.items()}

    def content(self, path: str) -> bytes:
        """What the file `path` holds, or will after the switch."""
        waits = self._staged.get(path)
        return (self._staging / waits[0] if waits else self.folder / path).read_bytes()

    def staged(self) -> Iterator[tuple[str, bytes]]:
        """Path and content of everything that waits."""
        for path in self._staged:
            yield path, self.content(path)

    def holds(self, manifest: Manifest) -> bool:
        """Whether the folder was printed from the same as `manifest` says, whose files are still unknown."""
        bare = msgspec.structs.replace(self.manifest, files={}, origin=Origin())
        return bool(self.manifest.files) and bare == manifest

    def switch(self, about: Manifest, kept: dict[str, Printed]) -> list[str]:
        """Make the folder hold `kept` and what was staged, and nothing else of ours; returns the paths deleted.

        `about` is the manifest that is then true, still without its files.

        Raises SiteError, with nothing changed, where something that is not ours is in the way.
        """
        self._refuse_strangers()
        files = dict(sorted((kept | self.waiting()).items()))
        deletes = [path for path in self.manifest.files if path not in files]
        moves = {name: path for path, (name, _) in self._staged.items()}
        journal = Journal(moves, deletes, msgspec.structs.replace(about, files=files))
        if moves or deletes or journal.manifest != self.manifest:
            self._sync()
            replace_file(self._own / "journal.json", msgspec.json.encode(journal))
            self._apply(journal)
        self.manifest = journal.manifest
        return deletes

    def _refuse_strangers(self) -> None:
        """Files, links and folders that are not in the manifest but where ours must go."""
        ours = self.manifest.files
        folders: set[str] = set()
        for path in self._staged:
            full = self._prefix + path
            is_folder = os.path.isdir(full) and not os.path.islink(full)
            if path not in ours and os.path.lexists(full) and not is_folder:
                raise SiteError(
                    f"{full} is in the way and Byline did not write it; move it, or freeze to another --out"
                )
            if is_folder and not self._is_emptied(Path(full)):
                raise SiteError(f"{full} is a folder, but the site has a file there; move it away")
            folder = os.path.dirname(path)
            while folder and folder not in folders:
                folders.add(folder)
                folder = os.path.dirname(folder)
        for folder in sorted(folders):
            full = self._prefix + folder
            is_stranger = os.path.lexists(full) and not os.path.isdir(full) and folder not in ours
            if os.path.islink(full) or is_stranger:
                raise SiteError(f"{full} is in the way and Byline did not make it; move it, or freeze to another --out")

    def _is_emptied(self, folder: Path) -> bool:
        """Whether all that lies in `folder` is ours and goes, for what is staged lies where the folder is."""
        ours = {self.folder / path for path in self.manifest.files}
        folders = {parent for path in ours for parent in path.parents}
        return folder in folders and all(path in ours or path in folders for path in folder.rglob("*"))

    def _sync(self) -> None:
        if len(self._staged) > SYNC_EACH:
            os.sync()
            return
        for name, _ in self._staged.values():
            with open(self._staging / name, "rb") as file:
                os.fsync(file.fileno())

    def _recover(self) -> None:
        """Finish what an interrupted run committed, and drop what it did not."""
        journal = _read(self._own / "journal.json", Journal)
        if journal:
            self._apply(journal)
        shutil.rmtree(self._staging, ignore_errors=True)
        self._staging.mkdir()

    def _apply(self, journal: Journal) -> None:
        """Carry the switch out. Every step may have been done before, by a run that was interrupted."""
        for path in journal.deletes:
            # A folder in the place of our file, or a file in that of its folder, is not ours: it stays.
            with contextlib.suppress(FileNotFoundError, NotADirectoryError, IsADirectoryError):
                (self.folder / path).unlink()
        self._remove_empty(journal.deletes)
        staging, folder = f"{self._staging}/", f"{self.folder}/"
        made: set[str] = set()
        for name, path in journal.moves.items():
            parent = os.path.dirname(path)
            if parent not in made:
                os.makedirs(folder + parent, exist_ok=True)
                made.add(parent)
            with contextlib.suppress(FileNotFoundError):
                os.replace(staging + name, folder + path)
        replace_file(self._own / "manifest.json", msgspec.json.encode(journal.manifest))
        (self._own / "journal.json").unlink()

    def _remove_empty(self, paths: list[str]) -> None:
        """Folders that our deleted files leave empty."""
        folders = {folder for path in paths for folder in PurePosixPath(path).parents if folder.name}
        for folder in sorted(folders, key=lambda folder: -len(folder.parts)):
            with contextlib.suppress(OSError):
                (self.folder / folder).rmdir()


def manifest_of(folder: Path) -> Manifest | None:
    """What Byline wrote into `folder`; None where it has written nothing there. Raises SiteError."""
    found: Manifest | None = _read(folder / OWN / "manifest.json", Manifest)
    return found


def _read(path: Path, kind: type[Any]) -> Any:
    try:
        return msgspec.json.decode(path.read_bytes(), type=kind)
    except FileNotFoundError:
        return None
    except msgspec.MsgspecError as error:
        raise SiteError(f"{path} is damaged ({error}); freeze to a new --out") from None


def refuse_mixing(output: OutputFolder, drafts: bool) -> None:
    """Raise SiteError where a review would go where the public site is, or the other way round."""
    above = next((path for path in output.folder.resolve().parents if (path / OWN / "manifest.json").exists()), None)
    if above and drafts:
        raise SiteError(f"{output.folder} lies in {above}, which holds a frozen site; choose another --out")
    if output.manifest.files and output.manifest.drafts != drafts:
        kind = "a review with drafts" if output.manifest.drafts else "the public site"
        raise SiteError(f"{output.folder} holds {kind}; choose another --out, or delete it first")


@contextlib.contextmanager
def open_output(folder: Path) -> Iterator[OutputFolder]:
    """The output folder, made where it is missing, for this process alone.

    Raises SiteError where it holds files that Byline did not write, or another freeze is at work in it.
    """
    own = folder / OWN
    try:
        folder.mkdir(parents=True, exist_ok=True)
        is_ours = (own / "manifest.json").exists() or (own / "journal.json").exists()
        strangers = [name for name in sorted(os.listdir(folder)) if not name.startswith(".")]
        if strangers and not is_ours:
            raise SiteError(
                f"{folder} holds files that Byline did not write, such as {strangers[0]}; choose another --out"
            )
        own.mkdir(exist_ok=True)
        with open(own / "lock", "w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise SiteError(f"another freeze is writing to {folder}; wait for it to end") from None
            output = OutputFolder(folder, lock)
            try:
                yield output
            finally:
                if not (own / "journal.json").exists():  # committed: the next run needs what is staged
                    shutil.rmtree(own / "staging", ignore_errors=True)
    except OSError as error:
        raise SiteError(
            f"{error.filename or folder}: {error.strerror}; the next freeze mends what this one left"
        ) from None
