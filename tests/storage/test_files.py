"""Files on disk."""

import ctypes
import os
import sys
from pathlib import Path

import pytest

from byline.storage.files import sync_disk_of
from tests.helpers.paper import Paper


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has syncfs")
def test_a_disk_is_synced(tmp_path: Path) -> None:
    assert sync_disk_of(tmp_path)


def test_where_a_disk_cannot_be_synced_each_file_is(paper: Paper, monkeypatch: pytest.MonkeyPatch) -> None:
    def none(_name: object) -> None:
        raise OSError

    for number in range(70):
        paper.post(f"story{number}")
    monkeypatch.setattr(ctypes, "CDLL", none)
    assert sync_disk_of(paper.folder)
    monkeypatch.delattr(os, "sync")
    assert not sync_disk_of(paper.folder)
    assert paper.freeze().exit_code == 0
