"""File names that some disk could not tell apart, or not store, stop the freeze."""

import pytest

from byline.freeze import paths
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
    "printed",
    [
        ("a/index.html", "A/index.html"),
        ("g\u00e4/index.html", "ga\u0308/index.html"),
        ("a", "a/index.html"),
        ("A", "a/index.html"),
        (".byline/manifest.json",),
        ("../outside.html",),
        ("a\nb.txt",),
        (f"{'ä' * 130}/index.html",),
    ],
)
def test_clashes_are_named(printed: tuple[str, ...]) -> None:
    assert clashes({path: f"/{path}" for path in printed})


def test_ordinary_paths_do_not_clash() -> None:
    printed = ("index.html", "a/index.html", "a/feed.xml", "b/index.html", "console/index.html")
    assert clashes({path: f"/{path}" for path in printed}) == []


def test_an_alias_that_no_disk_can_keep_is_left_out(paper: Paper) -> None:
    long = "x" * 300
    paper.post("one", aliases=f"[/POSTS/one/, /Old/, /old/, /{long}/]")
    assert paper.freeze().exit_code == 0
    assert list(paper.site().redirects) == ["/Old/"]
    told = "\n".join(paper.problems())
    assert "alias-collision /POSTS/one/ is the page's own address" in told
    assert "bad-alias" in told


@pytest.mark.parametrize("name", ["con", "aux.html", "a.", "LPT1"])
def test_names_that_windows_refuses_are_told_and_published(
    paper: Paper, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """A site that is frozen on Linux and served there has no use for the rule; one on Windows cannot be written."""
    paper.post("one", tags=f"['{name}']", aliases=f"/{name}/")
    assert "unprintable" in paper.run("check").stdout
    assert paper.freeze().exit_code == 0
    monkeypatch.setattr(paths, "IS_WINDOWS", True)
    assert paper.freeze(out="other").exit_code == 1
