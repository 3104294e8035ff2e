"""The output folder: Byline touches only what its manifest says it wrote, and switches whole sites.

New files wait in `.byline/staging`, inside the folder so that the folder may be a mount point. Once all are
there, a journal commits the switch; from then on any later run rolls it forward. Without a journal, what
was staged is thrown away. Either way the tree is the old site or the new one.
"""

import contextlib
import functools
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import Any

import filelock
import msgspec

from byline.freeze.manifest import OWN, Journal, Manifest, Origin, PrintedFile
from byline.problems import SiteError
from byline.storage.files import replace_file, sync_disk_of
from byline.storage.fingerprint import digest

DEFAULT_OUT = "build"
SYNC_EACH = 64
"""Up to this many staged files are synced one by one; for more, one sync of the whole disk is cheaper."""


OF_HOSTS = ("CNAME",)
"""What the owner puts beside a frozen site for a host to read."""


class Unfinished(SiteError):
    """Something stopped a switch after it was committed: until it is finished, files of both sites may be there."""


class Records:
    """The files of a manifest. On a disk that ignores case, another spelling of a path is the same file."""

    def __init__(self, files: Mapping[str, PrintedFile]) -> None:
        self.files = files

    def spelled_like(self, path: str) -> Sequence[PrintedFile]:
        """What was written at `path`, or at one that differs only in case."""
        return self._by_fold.get(path.casefold(), ())

    @functools.cached_property
    def _by_fold(self) -> Mapping[str, Sequence[PrintedFile]]:
        folded: dict[str, list[PrintedFile]] = {}
        for path, printed in self.files.items():
            folded.setdefault(path.casefold(), []).append(printed)
        return folded


class OutputFolder:
    """An open output folder. `manifest` is what it holds now."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._prefix = f"{folder}/"
        self._own = folder / OWN
        self._staging = self._own / "staging"
        self._staged: dict[str, tuple[str, PrintedFile]] = {}
        self._ways: set[str] = set()
        self.manifest = manifest_of(folder) or Manifest()
        self._recover()

    def is_unchanged(self, path: str, printed: PrintedFile) -> bool:
        """Whether the file on disk is still what was written, by its size and time."""
        return is_unchanged(f"{self._prefix}{path}", printed)

    def is_whole(self) -> bool:
        """Whether everything that was written is there, unchanged."""
        return all(self.is_unchanged(path, printed) for path, printed in self.manifest.files.items())

    def note(self, origin: Origin) -> None:
        """Remember what the site that the folder holds was printed from."""
        if self.manifest.origin != origin:
            self.manifest = msgspec.structs.replace(self.manifest, origin=origin)
            with contextlib.suppress(OSError):  # a full disk costs the next freeze time, nothing else
                replace_file(self._own / "manifest.json", msgspec.json.encode(self.manifest))

    def write(self, name: str, url: str, tag: str, body: bytes, why: str = "") -> PrintedFile:
        """Write `body` under a unique name, where it waits for the switch. Any process may call this."""
        with open(f"{self._staging}/{name}", "wb") as waiting:
            waiting.write(body)
            waiting.flush()
            stat = os.fstat(waiting.fileno())
        return PrintedFile(url, tag, digest(body), stat.st_size, stat.st_mtime_ns, why)

    def stage(self, path: str, name: str, printed: PrintedFile) -> None:
        """Note that what was written under `name` will become the file `path`."""
        self._staged[path] = (name, printed)

    def waiting(self) -> dict[str, PrintedFile]:
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
        """Whether the folder was printed from what `manifest` describes; its files are not known yet."""
        bare = msgspec.structs.replace(self.manifest, files={}, origin=Origin())
        return bool(self.manifest.files) and bare == manifest

    def switch(self, about: Manifest, kept: dict[str, PrintedFile]) -> list[str]:
        """Make the folder hold `kept` and what was staged, and nothing else of ours; returns the paths deleted.

        `about` is the new manifest, still without its files.

        Raises SiteError, with nothing changed, if something that is not ours is in the way.
        """
        files = dict(sorted((kept | self.waiting()).items()))
        deletes = [path for path in self.manifest.files if path not in files]
        self._refuse_strangers(deletes)
        moves = {name: path for path, (name, _) in self._staged.items()}
        journal = Journal(moves, deletes, msgspec.structs.replace(about, files=files))
        if moves or deletes or journal.manifest != self.manifest:
            self._sync()
            replace_file(self._own / "journal.json", msgspec.json.encode(journal))
            self._apply(journal)
        return deletes

    def _refuse_strangers(self, deletes: list[str]) -> None:
        """Refuse files, links and folders that are not ours but are where ours must come or go."""
        ours = Records(self.manifest.files)
        for path in self._staged:
            full = self._prefix + path
            is_folder = os.path.isdir(full) and not os.path.islink(full)
            if is_folder and not self._is_emptied(Path(full)):
                raise SiteError(f"{full} is a folder, but the site has a file there; move it away")
            self._refuse_way(path, ours)
            if not is_folder and os.path.lexists(full) and not self._is_ours(path, ours.spelled_like(path)):
                raise _in_the_way(full, path in ours.files)
        for path in deletes:
            self._is_to_delete(path, ours, ours)

    def _is_to_delete(self, path: str, held: Records, after: Records) -> bool:
        """Whether there is something of ours to delete at `path`. A folder there is not ours: it stays.

        On a disk that ignores case, it may be the new file of a page whose address has changed its case.
        """
        full = self._prefix + path
        if not os.path.lexists(full) or (os.path.isdir(full) and not os.path.islink(full)):
            return False
        self._refuse_way(path, held, after)
        if path not in after.files and self._is_ours(path, after.spelled_like(path)):
            return False
        if not self._is_ours(path, (held.files.get(path),)):
            raise _in_the_way(full, True)
        return True

    def _refuse_way(self, path: str, *ours: Records) -> None:
        """Everything on the way to `path` must be a folder in this folder, or one of our files, which will go."""
        folder = os.path.dirname(path)
        while folder and folder not in self._ways:
            full = self._prefix + folder
            is_stranger = (
                os.path.lexists(full) and not os.path.isdir(full) and not any(folder in own.files for own in ours)
            )
            if os.path.islink(full) or is_stranger:
                raise SiteError(f"{full} is in the way and Byline did not make it; move it, or choose another folder")
            self._ways.add(folder)
            folder = os.path.dirname(folder)

    def _is_ours(self, path: str, written: Sequence[PrintedFile | None]) -> bool:
        """Whether the file at `path` is one of those `written` there, by its time or else by its bytes."""
        full = self._prefix + path
        for printed in filter(None, written):
            if self.is_unchanged(path, printed):
                return True
        if os.path.islink(full) or not os.path.isfile(full):
            return False
        content = digest(Path(full).read_bytes())  # a checkout of the same site has different times
        return any(printed.content == content for printed in written if printed)

    def _is_emptied(self, folder: Path) -> bool:
        """Whether everything in `folder` is ours and will be deleted, to make way for a staged file."""
        ours = {self.folder / path for path in self.manifest.files}
        folders = {parent for path in ours for parent in path.parents}
        return folder in folders and all(path in ours or path in folders for path in folder.rglob("*"))

    def _sync(self) -> None:
        # One sync of all disks would wait for what other programs wrote, too.
        if len(self._staged) > SYNC_EACH and sync_disk_of(self._staging):
            return
        for name, _ in self._staged.values():
            with open(self._staging / name, "r+b") as file:
                os.fsync(file.fileno())

    def _recover(self) -> None:
        """Finish what an interrupted run committed, and drop what it did not."""
        journal = _read(self._own / "journal.json", Journal)
        if journal:
            _refuse_outside(self._own / "journal.json", [*journal.moves.values(), *journal.deletes])
            _refuse_outside(self._own / "journal.json", journal.manifest.files)
            if any("/" in name or name in ("", "..") for name in journal.moves):
                raise _damaged(self._own / "journal.json", "a staged file is outside the staging folder")
            self._apply(journal)
        shutil.rmtree(self._staging, ignore_errors=True)
        self._staging.mkdir()

    def _apply(self, journal: Journal) -> None:
        """Carry out the switch. An interrupted run may already have done any of the steps.

        Each step checks again, because anything may have got in the way since the journal was written.
        """
        before, after = Records(self.manifest.files), Records(journal.manifest.files)
        for path in journal.deletes:
            if self._is_to_delete(path, before, after):
                os.unlink(self._prefix + path)
        self._remove_empty(journal.deletes)
        staging, folders = f"{self._staging}/", set[str]()
        for name, path in journal.moves.items():
            if not os.path.lexists(staging + name):
                continue
            full, parent = self._prefix + path, os.path.dirname(path)
            self._refuse_way(path, before, after)
            written = (*before.spelled_like(path), after.files.get(path))
            if os.path.lexists(full) and not self._is_ours(path, written):
                raise _in_the_way(full, path in before.files)
            if parent not in folders:
                os.makedirs(self._prefix + parent, exist_ok=True)
                folders.add(parent)
            os.replace(staging + name, full)
        replace_file(self._own / "manifest.json", msgspec.json.encode(journal.manifest))
        (self._own / "journal.json").unlink()
        self.manifest = journal.manifest

    def _remove_empty(self, paths: list[str]) -> None:
        """Remove folders that our deleted files leave empty."""
        folders = {folder for path in paths for folder in PurePosixPath(path).parents if folder.name}
        for folder in sorted(folders, key=lambda folder: -len(folder.parts)):
            with contextlib.suppress(OSError):
                (self.folder / folder).rmdir()  # `_refuse_way` has made sure that no link is on the way


def is_unchanged(file: str | Path, printed: PrintedFile) -> bool:
    """Whether `file` is what was written as `printed`, by its size and time."""
    try:
        stat = os.lstat(file)
    except OSError:
        return False
    return stat.st_size == printed.size and stat.st_mtime_ns == printed.mtime_ns


def manifest_of(folder: Path) -> Manifest | None:
    """What Byline wrote into `folder`; None if it has written nothing there. Raises SiteError."""
    path = folder / OWN / "manifest.json"
    manifest: Manifest | None = _read(path, Manifest)
    if manifest:
        _refuse_outside(path, manifest.files)
    return manifest


def _refuse_outside(record: Path, paths: Iterable[str]) -> None:
    """Raise SiteError for a path that leads out of the output folder, or into Byline's own records in it."""
    for path in paths:
        parts = path.split("/")
        is_records = parts[0] == OWN and parts[1:2] != ["hosts"]
        if is_records or not {"", ".", ".."}.isdisjoint(parts) or not set("\\:\0").isdisjoint(path):
            raise _damaged(record, f"{path!r} is not a file of the site")


def _damaged(record: Path, fault: object) -> SiteError:
    return SiteError(f"{record} is damaged ({fault}); choose a new folder")


def _in_the_way(full: str, was_ours: bool) -> SiteError:
    if was_ours:
        return SiteError(f"{full} is no longer what Byline wrote there; move it, or delete it to have it made again")
    return SiteError(f"{full} is in the way and Byline did not write it; move it, or choose another folder")


def _read(path: Path, kind: type[Any]) -> Any:
    try:
        return msgspec.json.decode(path.read_bytes(), type=kind)
    except FileNotFoundError:
        return None
    except (msgspec.MsgspecError, RecursionError) as error:
        raise _damaged(path, error) from None


def refuse_mixing(output: OutputFolder, drafts: bool) -> None:
    """Raise SiteError if a review would replace the public site, or the other way round."""
    above = next((path for path in output.folder.resolve().parents if (path / OWN / "manifest.json").exists()), None)
    if above and drafts:
        raise SiteError(f"{output.folder} is inside {above}, which holds a frozen site; choose another folder")
    if output.manifest.files and output.manifest.drafts != drafts:
        kind = "a review with drafts" if output.manifest.drafts else "the public site"
        raise SiteError(f"{output.folder} holds {kind}; choose another folder, or delete it first")


@contextlib.contextmanager
def open_output(folder: Path) -> Iterator[OutputFolder]:
    """The output folder, created if it is missing, for this process alone.

    Raises SiteError if it holds files that Byline did not write, unless it is a work tree of git, where files of others
    are expected and stay; or if another freeze is using it.
    """
    own = folder / OWN
    try:
        folder.mkdir(parents=True, exist_ok=True)
        is_ours = any((folder / mark).exists() for mark in (f"{OWN}/manifest.json", f"{OWN}/journal.json", ".git"))
        strangers = [name for name in sorted(os.listdir(folder)) if not name.startswith(".") and name not in OF_HOSTS]
        if strangers and not is_ours:
            raise SiteError(
                f"{folder} holds files that Byline did not write, such as {strangers[0]}; choose another folder"
            )
        for record in (own, own / "lock", own / "staging", own / "journal.json", own / "manifest.json"):
            if record.is_symlink():
                raise SiteError(f"{record} is a link; remove it, or choose another folder")
        own.mkdir(exist_ok=True)
        with filelock.FileLock(own / "lock", timeout=0):
            output = OutputFolder(folder)
            try:
                yield output
            finally:
                if not (own / "journal.json").exists():  # committed: the next run needs what is staged
                    shutil.rmtree(own / "staging", ignore_errors=True)
    except filelock.Timeout:
        raise SiteError(f"another freeze is writing to {folder}; wait for it to end") from None
    except (OSError, SiteError) as error:
        text = f"{error.filename or folder}: {error.strerror}" if isinstance(error, OSError) else str(error)
        raise (Unfinished if (own / "journal.json").exists() else SiteError)(text) from None
