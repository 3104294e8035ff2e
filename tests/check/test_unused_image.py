import pytest

from tests.helpers.findings import HEAD, found, reported
from tests.helpers.paper import Paper
from tests.helpers.papers import PNG


@pytest.mark.parametrize(
    "text",
    [
        "![A dot](dot.png)",
        "![A dot](<dot.png>)",
        '<img src="dot.png" alt="A dot">',
        "[A dot](./dot.png)",
        "[A dot][1]\n\n[1]: dot.png",
        "![A dot](DOT.PNG)",
        "```\n![in a listing](dot.png)\n```",
    ],
)
def test_named_in_a_text(paper: Paper, text: str) -> None:
    paper.write("pages/posts/dot.png", PNG)
    paper.write("pages/posts/one.md", HEAD + text)
    assert found(paper, "unused-image") == []


def test_named_in_headers(paper: Paper) -> None:
    for name in ("a", "b", "c", "d"):
        paper.write(f"pages/posts/{name}.png", PNG)
    paper.post("one", cover="{src: a.png, alt: A}")
    paper.post("two", image="b.png")
    paper.post("three", cover="c.png", draft="true")
    paper.write("pages/authors/ann.md", "---\nname: Ann\navatar: ../posts/d.png\n---\n")
    assert found(paper, "unused-image") == []


def test_reported(paper: Paper) -> None:
    paper.write("pages/posts/dot.png", PNG)
    paper.write("pages/posts/a dot.png", PNG)
    paper.write("pages/posts/notes.pdf", b"%PDF")
    paper.post("one", "![Another](another-dot.png) and dot.jpg")
    assert reported(paper, "unused-image") == ["pages/posts/a dot.png:1:1", "pages/posts/dot.png:1:1"]
