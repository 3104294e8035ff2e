"""Files: walking a tree that people edit, and writing files so that none is ever half written."""

import contextlib
import ctypes
import os
import stat
import tempfile
import time
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from byline.problems import Problem, SiteError

YOUNG = 2_000_000_000
"""Nanoseconds for which a file's times are not trusted: FAT keeps them in steps of two seconds."""

PRIVATE = (".", "_")
"""What names start with that are left out of a tree."""


class TreeFile(NamedTuple):
    """A regular file of a tree: `path` is relative, with `/`, in NFC; `real` is its path on disk.

    `signature` changes whenever the content does; it is empty if the file is too young for its times to be trusted.
    """

    path: str
    real: str
    signature: str = ""


def walk(
    root: Path,
    keep: frozenset[str] = frozenset(),
    private: tuple[str, ...] = PRIVATE,
    skip: frozenset[str] = frozenset(),
) -> Iterator[TreeFile | Problem]:
    """Every file below `root`, sorted by name, and a problem for every entry that cannot be used.

    Names that start with one of `private` are left out (editor locks, partials, `_draft.md`), except the paths
    named in `keep`, and so are the paths in `skip`. Symlinks are followed as long as they stay inside `root`.
    """
    if root.is_dir():
        real = os.path.realpath(root)
        yield from _walk(str(root), "", real, (real,), keep, private, skip)


def real_path(root: Path, path: str) -> str:
    """The path on disk of the file that `walk` calls `path`: macOS writes names in another Unicode form."""
    plain = root / path
    if path.isascii() or plain.exists():
        return str(plain)
    files = (file for file in walk(root, private=()) if isinstance(file, TreeFile))
    return next((file.real for file in files if file.path == path), str(plain))


def _walk(
    folder: str,
    prefix: str,
    root: str,
    above: tuple[str, ...],
    keep: frozenset[str],
    private: tuple[str, ...],
    skip: frozenset[str],
) -> Iterator[TreeFile | Problem]:
    try:
        with os.scandir(folder) as scanned:
            entries = sorted(scanned, key=lambda entry: entry.name)
    except OSError as error:
        yield Problem(prefix or ".", 1, 1, "unreadable-folder", f"cannot be listed: {error.strerror}")
        return
    for entry in entries:
        name = entry.name if entry.name.isascii() else unicodedata.normalize("NFC", entry.name)
        path = prefix + name
        if (name.startswith(private) and path not in keep) or path in skip:
            continue
        looked = _look(entry, path, root, above)
        if isinstance(looked, str):
            yield from _walk(entry.path, f"{path}/", root, (*above, looked), keep, private, skip)
        else:
            yield looked


def _look(entry: os.DirEntry[str], path: str, root: str, above: tuple[str, ...]) -> TreeFile | Problem | str:
    """What `entry` is: a file, a folder (its real path), or a problem."""
    if not path.isascii() and any("\ud800" <= character <= "\udfff" for character in path):
        return Problem(path, 1, 1, "bad-name", "the file's name is not UTF-8", "rename it")
    if not entry.is_symlink():  # known without asking the disk again; only links need following
        if entry.is_file(follow_symlinks=False):
            return TreeFile(path, entry.path, _signature(entry))
        if entry.is_dir(follow_symlinks=False):
            return os.path.join(above[-1], entry.name)
        return Problem(path, 1, 1, "not-a-file", "is neither a file nor a folder", "remove it")
    return _follow(Path(entry.path), path, root, above)


def _signature(entry: os.DirEntry[str]) -> str:
    try:
        return signature(entry.stat(follow_symlinks=False))
    except OSError:
        return ""


def signature(stat: os.stat_result) -> str:
    """The file's identity, size and times; empty if it changed a moment ago: it may change again within one tick.

    The clock only decides whether to trust the times, as in git:
    https://git-scm.com/docs/racy-git
    """
    if max(stat.st_mtime_ns, stat.st_ctime_ns) > time.time_ns() - YOUNG:
        return ""
    return f"{stat.st_dev}:{stat.st_ino}:{stat.st_size}:{stat.st_mtime_ns}:{stat.st_ctime_ns}"


def _follow(full: Path, path: str, root: str, above: tuple[str, ...]) -> TreeFile | Problem | str:
    """What the symlink `full` leads to, if it stays inside `root`."""
    try:
        mode = full.stat().st_mode
        real = os.path.realpath(full)
    except OSError as error:
        return _unusable(full, path, error)
    if not Path(real).is_relative_to(root):
        hint = "move the file into the tree"
        return Problem(path, 1, 1, "outside-link", f"links to {os.readlink(full)}, outside the tree", hint)
    if stat.S_ISDIR(mode):
        if real in above:
            return Problem(path, 1, 1, "link-loop", "links to a folder that contains it", "remove the link")
        return real
    if not stat.S_ISREG(mode):
        return Problem(path, 1, 1, "not-a-file", "is neither a file nor a folder", "remove it")
    return TreeFile(path, str(full))


def _unusable(full: Path, path: str, error: OSError) -> Problem:
    if full.is_symlink() and not isinstance(error, PermissionError):
        target = os.readlink(full)
        return Problem(path, 1, 1, "dangling-link", f"links to {target}, which cannot be reached", "remove the link")
    return Problem(path, 1, 1, "unreadable", f"cannot be read: {error.strerror}", "check its permissions")


@contextlib.contextmanager
def scratch_folder(prefix: str) -> Iterator[Path]:
    """A temporary folder, whose name starts with `prefix`. Raises SiteError where there is no room for one."""
    try:
        with tempfile.TemporaryDirectory(prefix=prefix, ignore_cleanup_errors=True) as name:
            yield Path(name)
    except OSError as error:
        raise no_room(error) from None


def no_room(error: OSError) -> SiteError:
    return SiteError(f"no temporary file can be written: {error.strerror or error}; free some space, or set TMPDIR")


def replace_file(path: Path, data: bytes, *, must_last: bool = True) -> None:
    """Write `data` to `path` so that a reader finds the old file or the new one, never a part.

    If it `must_last`, that holds even after a crash of the machine: the disk is waited for. An existing file keeps its
    permissions.
    """
    waiting = path.with_name(f".{path.name}.{os.getpid()}.new")
    with open(waiting, "wb") as file:
        file.write(data)
        if must_last:
            file.flush()
            os.fsync(file.fileno())
    with contextlib.suppress(FileNotFoundError):
        os.chmod(waiting, stat.S_IMODE(os.stat(path).st_mode))
    os.replace(waiting, path)


def sync_disk_of(folder: Path) -> bool:
    """Wait until everything written to the file system of `folder` is on its disk. False if this machine cannot.

    https://man7.org/linux/man-pages/man2/syncfs.2.html
    """
    try:
        syncfs = ctypes.CDLL(None).syncfs
    except (AttributeError, TypeError, OSError):  # only Linux has one; elsewhere all disks are waited for
        if hasattr(os, "sync"):
            os.sync()
        return hasattr(os, "sync")
    opened = os.open(folder, os.O_RDONLY)
    try:
        return int(syncfs(opened)) == 0
    finally:
        os.close(opened)
