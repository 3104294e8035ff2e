"""Texts in another language that no setting knows: told once, with what to write; never changed by themselves."""

import pytest

from tests.helpers.paper import Paper


def told(paper: Paper) -> list[str]:
    return [text for text in paper.problems() if "unset-language" in text]


@pytest.mark.parametrize("names", [("a.fr", "b.fr"), ("fr/a", "fr/b"), ("a.fr", "fr/b")])
def test_two_texts_are_told(paper: Paper, names: tuple[str, ...]) -> None:
    for name in ("a", "b", *names):
        paper.post(name)
    [line] = told(paper)
    assert line.startswith("hint site.toml:1:1: unset-language some texts seem to be in another language, fr")
    assert "`[languages.fr]`" in line
    paper.settings('url = "https://paper.test"\n[languages.fr]\n')
    assert told(paper) == []
    assert "/fr/posts/b/" in paper.site().by_url


@pytest.mark.parametrize("names", [("a.fr",), ("a.fr", "c.fr"), ("a.xx", "b.xx"), ("x/a", "x/b"), ("en/a", "en/b")])
def test_less_is_not(paper: Paper, names: tuple[str, ...]) -> None:
    for name in ("a", "b", *names):
        paper.post(name)
    assert told(paper) == []


def test_what_the_owner_says_comes_first(paper: Paper) -> None:
    paper.settings('dialect = "hugo"\nlanguage = "fr"\n')
    paper.write("hugo.toml", "[languages.en]\n[languages.fr]\n[languages.de]\n")
    for path in ("fr/posts/a", "en/posts/a", "de/posts/a"):
        paper.write(f"content/{path}.md", "---\ntitle: A\ndate: 2025-05-01\n---\n")
    (paper.folder / "pages" / "posts").rmdir()
    (paper.folder / "pages").rmdir()
    assert sorted(paper.site().by_url) == ["/de/posts/a/", "/en/posts/a/", "/posts/a/"]
    run = paper.run("check")
    assert "read as those of hugo in fr, en, de (`dialect` in site.toml)" in run.output
