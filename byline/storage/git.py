"""git, apart from the repository that a hook of it may be running in."""

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

from byline.problems import SiteError

LOCAL = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_OBJECT_DIRECTORY")
"""What git tells a hook about the repository that it runs in."""


def git(folder: Path, *arguments: str, given: str = "", environ: Mapping[str, str] | None = None) -> str:
    """What git says, run in `folder`; names that are no UTF-8 are kept. Raises SiteError."""
    kept = {name: value for name, value in os.environ.items() if name not in LOCAL}
    kept |= {"LC_ALL": "C"} | dict(environ or {})  # what it says is looked into
    try:
        run = subprocess.run(
            ["git", *arguments], cwd=folder, env=kept, capture_output=True, input=given.encode(errors="surrogateescape")
        )
    except FileNotFoundError:
        raise SiteError("git is not installed, which this needs") from None
    if run.returncode:
        verb = next(word for at, word in enumerate(arguments) if word[0] != "-" and "-c" not in arguments[at - 1 : at])
        raise SiteError(f"git could not {verb}: {' '.join(run.stderr.decode(errors='replace').split())}")
    return run.stdout.decode(errors="surrogateescape")
