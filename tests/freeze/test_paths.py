"""File names that some disk could not tell apart, or not store, stop the freeze."""

import pytest

from byline.freeze.paths import clashes, output_path
from tests.helpers.paper import Paper


@pytest.mark.parametrize(
    ("url", "base", "path"),
    [
        ("/", "", "index.html"),
        ("/posts/a/", "", "posts/a/index.html"),
        ("/repo/", "/repo", "index.html"),
        ("/repo/feed.xml", "/repo", "feed.xml"),
        ("/posts/g%C3%A4nse/", "", "posts/gänse/index.html"),
    ],
)
def test_output_path(url: str, base: str, path: str) -> None:
    assert output_path(url, base) == path


@pytest.mark.parametrize(
    "paths",
    [
        ("a/index.html", "A/index.html"),
        ("g\u00e4/index.html", "ga\u0308/index.html"),
        ("a", "a/index.html"),
        ("A", "a/index.html"),
        ("con/index.html",),
        ("aux.html",),
        ("a./index.html",),
        ("a?b.html",),
        (".byline/manifest.json",),
        ("../outside.html",),
        (f"{'ä' * 130}/index.html",),
    ],
)
def test_clashes_are_named(paths: tuple[str, ...]) -> None:
    assert clashes({path: f"/{path}" for path in paths})


def test_ordinary_paths_do_not_clash() -> None:
    paths = ("index.html", "a/index.html", "a/feed.xml", "b/index.html", "console/index.html")
    assert clashes({path: f"/{path}" for path in paths}) == []


def test_an_alias_that_no_disk_can_keep_stops_the_freeze(paper: Paper) -> None:
    paper.post("one", aliases="/POSTS/one/")
    run = paper.freeze()
    assert run.exit_code == 1
    assert "alias-collision /POSTS/one/ belongs to its own address" in run.output
    assert not (paper.folder / "build/index.html").exists()
