import pytest

from tests.helpers.findings import HEAD, found, in_body
from tests.helpers.paper import Paper
from tests.helpers.papers import PNG


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ("![](dot.png)\n", "5:1"),
        ("Text ![ ](dot.png) text\n", "5:6"),
        ('<img src="dot.png">\n', "5:1"),
        ('Text.\n\n<figure>\n  <img src="dot.png" title="alt text">\n</figure>\n', "8:3"),
        ("[![](dot.png)](https://example.org/)\n", "5:2"),
        ("![][dot]\n\n[dot]: dot.png\n", "5:1"),
        ("`![](no.png)` ![](dot.png)\n", "5:15"),
    ],
)
def test_reported(body: str, place: str) -> None:
    assert in_body("missing-alt", body) == [place]


@pytest.mark.parametrize(
    "body",
    [
        "![A dot](dot.png)\n",
        '<img alt="A dot" src="dot.png">\n',
        "<img src=dot.png alt=dot>\n",
        '<img src="dot.png" alt="">\n',
        '<img src="dot.png" aria-hidden="true">\n',
        "`![](dot.png)`\n",
        "```\n![](dot.png)\n```\n",
        "<!-- ![](dot.png) -->\n",
        "\\![](dot.png)\n",
    ],
)
def test_not_reported(body: str) -> None:
    assert in_body("missing-alt", body) == []


@pytest.mark.parametrize(
    ("line", "places"),
    [
        ("cover: dot.png", ["4:8"]),
        ("image: dot.png", ["4:8"]),
        ("cover: {src: dot.png, caption: A dot}", ["4:8"]),
        ("cover: {src: dot.png, alt: A dot}", []),
        ("cover: {src: dot.png, alt: ''}", []),
        ("image: dot.png\nimage_alt: A dot", []),
    ],
)
def test_covers(line: str, places: list[str]) -> None:
    assert in_body("missing-alt", "Text.\n", HEAD[:-4] + line + "\n---\n") == places


def test_covers_of_a_blog_in_its_old_form_are_left_alone(paper: Paper) -> None:
    paper.settings('dialect = "jekyll"\nurl = "https://paper.test"')
    paper.write("pages/_posts/dot.png", PNG)
    paper.write("pages/_posts/2025-05-01-one.md", "---\ntitle: One\nimage: dot.png\n---\n")
    assert found(paper, "missing-alt") == []
