"""`flask …` in a separate process, on a copy of the whole project, as a person's shell would start it.

The process is forked from this one, which has already loaded the libraries, and imports Byline again from
the copy: changed modules take effect, and nothing that another run left in memory does.
"""

import builtins
import errno
import functools
import itertools
import os
import shutil
import signal
import sys
import traceback
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).parent.parent.parent


class Run(NamedTuple):
    code: int
    output: str


def copy_project(folder: Path) -> Path:
    """The program and its theme, without content."""
    folder.mkdir(parents=True)
    shutil.copytree(ROOT / "byline", folder / "byline", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "app.py", folder)
    return folder


def unprivileged(command: list[str]) -> list[str]:
    """Root may write anything; without its capabilities it is like any other user."""
    if os.getuid() != 0:
        return command
    return ["setpriv", "--bounding-set", "-all", "--inh-caps", "-all", *command]


def flask(folder: Path, *arguments: str, **environ: str) -> Run:
    """Run one command in the project at `folder` and wait for it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # 3.12 warns of forking with xdist's idle thread
        child = start(folder, *arguments, kill_at=0, full_at=0, **environ)
    _, status = os.waitpid(child, 0)
    return Run(os.waitstatus_to_exitcode(status), output_of(folder, child))


def start(folder: Path, *arguments: str, kill_at: int = 0, full_at: int = 0, **environ: str) -> int:
    """Start one command; returns the id of its process.

    With `kill_at`, it kills itself at that change to the disk. With `full_at`, the disk is full from that change on:
    nothing can be written, made or renamed, only removed.
    """
    child = os.fork()
    if child:
        return child
    code = 99
    try:
        if kill_at:
            _intercept(functools.partial(_kill, itertools.count(1), kill_at))
        if full_at:
            _intercept(functools.partial(_refuse, itertools.count(1), full_at))
        code = _run(folder, arguments, environ)
    except BaseException:
        _log(folder).write_text(traceback.format_exc())
    finally:
        os._exit(code)


def _intercept(act: Callable[[str], None]) -> None:
    """Call `act` with the name of each change to the disk before it is made."""

    def intercepted(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any, **options: Any) -> Any:
            act(name)
            return function(*arguments, **options)

        return call

    def opened(path: Any, mode: str = "r", *arguments: Any, **options: Any) -> Any:
        if {"w", "a", "x", "+"} & set(mode):
            act("open")
        return real_open(path, mode, *arguments, **options)

    real_open = builtins.open
    builtins.open = opened  # type: ignore[assignment]
    for name in ("replace", "unlink", "rmdir", "mkdir"):
        setattr(os, name, intercepted(name, getattr(os, name)))


def _kill(steps: Iterator[int], last: int, _name: str) -> None:
    if next(steps) == last:
        os.kill(os.getpid(), signal.SIGKILL)


def _refuse(steps: Iterator[int], first: int, name: str) -> None:
    if next(steps) >= first and name not in ("unlink", "rmdir"):
        raise OSError(errno.ENOSPC, "No space left on device")


def output_of(folder: Path, child: int) -> str:
    log = folder.with_name(f"{folder.name}-{child}.log")
    if not log.exists():
        return ""
    text = log.read_text()
    log.unlink()
    return text


def _run(folder: Path, arguments: tuple[str, ...], environ: dict[str, str]) -> int:
    for name in [name for name in sys.modules if name in ("app", "byline") or name.startswith("byline.")]:
        del sys.modules[name]
    sys.path.insert(0, str(folder))
    sys.dont_write_bytecode = True
    os.environ.update(environ)
    os.chdir(folder)
    import byline

    result = byline.create_app(folder).test_cli_runner().invoke(args=list(arguments))
    text = result.output
    if result.exception and not isinstance(result.exception, SystemExit):
        text += "".join(traceback.format_exception(result.exception))
    _log(folder).write_text(text)
    return result.exit_code


def _log(folder: Path) -> Path:
    return folder.with_name(f"{folder.name}-{os.getpid()}.log")
