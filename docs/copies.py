"""Writes `byline/cli/copies.txt`: `python -m docs.copies`, in a clone with its history.

It is how `byline init --from` tells what Byline brought from what is a site's own. Run it again before a release: it
knows the versions up to the last commit.
"""

import subprocess
from collections.abc import Iterable
from pathlib import Path

from byline.cli.copies import DIGEST_CHARACTERS, KNOWN

ROOT = Path(__file__).parent.parent


def lines(versions: Iterable[tuple[str, str]]) -> str:
    """The text of the file for (path, digest) pairs."""
    digests: dict[str, set[str]] = {}
    for path, digest in versions:
        digests.setdefault(path, set()).add(digest[:DIGEST_CHARACTERS])
    return "".join(f"{path} {' '.join(sorted(held))}\n" for path, held in sorted(digests.items()))


def history() -> Iterable[tuple[str, str]]:
    """(path, digest) of every file in every commit, merges included."""
    command = ["git", "log", "-m", "--root", "--raw", "--no-abbrev", "--no-renames", "--format="]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    for line in run.stdout.splitlines():
        about, _, path = line.partition("\t")
        if about.split()[4] != "D":
            yield path, about.split()[3]


if __name__ == "__main__":
    KNOWN.write_text(lines(history()), encoding="utf-8")
