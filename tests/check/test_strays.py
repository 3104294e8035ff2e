"""Files that look like content and are not read where they are: each is told once, with what to do."""

import pytest

from tests.helpers.findings import report
from tests.helpers.paper import Paper


def strays(paper: Paper) -> list[str]:
    return [found["path"] for found in report(paper) if found["code"] == "stray-file"]


@pytest.mark.parametrize(
    "path",
    [
        "pages/posts/x.txt",
        "pages/posts/a/x.HTML",
        "pages/posts/x.org",
        "pages/posts/x.rst",
        "pages/posts/x.ipynb",
        "pages/about.html",
        "pages/ads.txt",
        "pages/CNAME",
        "pages/favicon.ico",
        "pages/_redirects",
        "pages/.well-known",
        "pages/robots.txt",
        "pages/google0123456789abcdef.html",
        "static/ads.txt",
        "static/CNAME",
        "CNAME",
        "pages/2024-01-01-x.md",
        "pages/news/2024-1-1-x.md",
        "2024-01-01-x.md",
        "posts/2024-01-01-x.md",
        "_posts/2024-01-01-x.markdown",
        "pages/_posts/2024-01-01-x.md",
    ],
)
def test_a_file_where_nobody_looks(paper: Paper, path: str) -> None:
    name = f"{path}/x.json" if path.endswith(".well-known") else path
    paper.write(name, "---\ntitle: X\ndate: 2024-01-01\n---\nText.\n")
    assert strays(paper) == [path]


@pytest.mark.parametrize(
    "path",
    [
        "pages/posts/2024-01-01-x.md",
        "pages/posts/a/2024-01-01-x.md",
        "pages/posts/a/data.csv",
        "pages/about.md",
        "static/favicon.ico",
        "static/notes.txt",
        "public/ads.txt",
        "public/CNAME",
        "README.md",
        "notes.txt",
        "posts/notes.md",
        "pages/posts/_x.txt",
    ],
)
def test_a_file_in_its_place(paper: Paper, path: str) -> None:
    paper.write(path, "---\ntitle: X\ndate: 2024-01-01\n---\nText.\n")
    assert strays(paper) == []


def test_what_a_text_or_a_draft_links_to_has_been_found(paper: Paper) -> None:
    paper.post("one", "[a](a.txt)")
    paper.post("two", "[b](b.txt)", draft="true")
    for name in ("a", "b", "c"):
        paper.write(f"pages/posts/{name}.txt", "Text.")
    assert strays(paper) == ["pages/posts/c.txt"]


def test_a_folder_of_posts_is_told_once(paper: Paper) -> None:
    for day in (1, 2, 3):
        paper.write(f"_posts/2024-01-0{day}-x.md", "Text.")
    assert strays(paper) == ["_posts/2024-01-01-x.md"]
    assert "and neither are 2 more beside it (move it to pages/posts/)" in paper.run("check").output


def test_posts_of_jekyll_are_read_where_jekyll_has_them(paper: Paper) -> None:
    paper.settings('dialect = "jekyll"\npages = "."')
    paper.write("_posts/2024-01-01-x.md", "---\ntitle: X\n---\n")
    assert strays(paper) == []
