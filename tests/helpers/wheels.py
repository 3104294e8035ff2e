"""The engine as a package: built as a wheel, and installed in an environment of its own."""

import os
import subprocess
import sys
import venv
from pathlib import Path


class Installed:
    """An environment with pip and, through a link, the other packages of this one: nothing comes from a network."""

    def __init__(self, folder: Path) -> None:
        venv.create(folder, with_pip=True)
        self.bin = folder / "bin"
        (packages,) = (folder / "lib").glob("python*/site-packages")
        others = next(entry for entry in sys.path if entry.endswith("site-packages"))
        (packages / "others.pth").write_text(f"{others}\n")

    def install(self, wheel: Path) -> None:
        """Put `wheel` in the place of any other version."""
        command = [str(self.bin / "python"), *"-m pip install --quiet --no-deps --no-index".split(), str(wheel)]
        run = subprocess.run(command, capture_output=True, text=True)
        assert run.returncode == 0, run.stderr

    def run(self, folder: Path, command: str, *arguments: str, **environ: str) -> "subprocess.CompletedProcess[str]":
        """What `command arguments` says when it is typed in `folder`."""
        others = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
        return subprocess.run(
            [self.bin / command, *arguments], cwd=folder, env=others | environ, capture_output=True, text=True
        )


def built(repository: Path, folder: Path) -> Path:
    """The wheel of `repository`, in `folder`."""
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    run = subprocess.run(command, cwd=repository, capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    (path,) = folder.glob("byline-*.whl")
    return path
