"""The shared store in a server that speaks S3: what is frozen through it is the same, byte for byte."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.helpers.buckets import Server, environ, server
from tests.helpers.fresh import copy_project
from tests.helpers.paper import Paper, tree
from tests.helpers.papers import full_paper, jpeg

__all__ = ["server"]
pytestmark = pytest.mark.proof_long


def freeze(folder: Path, server: Server, **variables: str) -> str:
    command = [sys.executable, "-m", "flask", "freeze"]
    variables = {"BYLINE_STORE_SECRET": "a secret of all desks"} | variables
    run = subprocess.run(
        command, cwd=folder, env=environ(server.port) | variables, capture_output=True, text=True, check=True
    )
    return run.stderr


def test_a_freeze_through_the_shared_store_is_the_same_byte_for_byte(server: Server, tmp_path: Path) -> None:
    place = server.make("shared")
    paper = full_paper(Paper(copy_project(tmp_path / "first")))
    paper.write("pages/posts/wide.jpg", jpeg())
    for number in range(300):
        paper.post(f"more-{number}", f"Words of {number}.\n\n![Red and blue](wide.jpg)")
    freeze(paper.folder, server)
    alone = tree(paper.folder / "build")
    shutil.rmtree(paper.folder / ".cache")
    shutil.rmtree(paper.folder / "build")
    freeze(paper.folder, server, BYLINE_STORE="s3://shared", BYLINE_STORE_WRITE="1")
    names = [found["path"] for some in place.list() for found in some]
    assert len(names) > 300  # the cards among them
    assert tree(paper.folder / "build") == alone
    second = Path(shutil.copytree(paper.folder, tmp_path / "second", ignore=shutil.ignore_patterns(".cache", "build")))
    assert "shared store" not in freeze(second, server, BYLINE_STORE="s3://shared")
    assert tree(second / "build") == alone
    kept = {path.name for path in (second / ".cache" / "media").iterdir()}
    assert kept == {name.rpartition("/")[2] for name in names if "/files/" in name}
    for name in names:  # all of it forged
        place.put(name, bytes(place.get(name).bytes()).replace(b"a", b"b"))
    third = Path(shutil.copytree(paper.folder, tmp_path / "third", ignore=shutil.ignore_patterns(".cache", "build")))
    freeze(third, server, BYLINE_STORE="s3://shared")
    assert tree(third / "build") == alone
