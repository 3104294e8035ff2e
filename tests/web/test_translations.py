"""A site in several languages: addresses, lists, feeds and search of each, and what leads from one to another."""

import pytest

from tests.helpers.languages import translated_paper
from tests.helpers.paper import Paper


@pytest.fixture
def paper(paper: Paper) -> Paper:
    return translated_paper(paper)


def test_addresses(paper: Paper) -> None:
    site = paper.site()
    assert {item.path.removeprefix("pages/"): url for url, item in site.by_url.items()} == {
        "about.md": "/about/",
        "about.de.md": "/de/about/",
        "posts/ferry.md": "/posts/ferry/",
        "posts/ferry.de.md": "/de/posts/ferry/",
        "posts/ferry.ar.md": "/ar/posts/ferry/",
        "posts/bridge.md": "/posts/old-bridge/",
        "posts/de/bridge.md": "/de/posts/old-bridge/",
        "posts/only-english.md": "/posts/only-english/",
        "posts/wahl.md": "/de/posts/wahl/",
        "posts/nur-deutsch.md": "/de/posts/nur-deutsch/",
        "posts/swedish.md": "/posts/swedish/",
    }
    assert [str(it) for it in site.problems if it.severity != "hint"] == []
