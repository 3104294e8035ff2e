import pytest

from tests.helpers.findings import HEAD, found, report
from tests.helpers.paper import Paper


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ("## The end\n\nSee [there](#the-ende).\n", "7:13"),
        ("See [there](two.md#old).\n", "5:13"),
        ("See [there](/posts/two/#old), [again](/posts/two/#old).\n", "5:13"),
        ('<a href="/posts/two/#old">There</a>\n', "5:10"),
        ("`[no](#x)` and [there](#x)\n", "5:24"),
        ("[about](/about/#old)\n", "5:9"),
        ("[Ann](../authors/ann.md#old)\n", "5:7"),
    ],
)
def test_reported(paper: Paper, body: str, place: str) -> None:
    paper.post("two", "## New", authors="ann")
    paper.write("pages/about.md", "---\ntitle: About\n---\nText.\n")
    paper.write("pages/authors/ann.md", "---\nname: Ann\n---\nText.\n")
    paper.write("pages/posts/one.md", HEAD + body)
    assert found(paper, "broken-anchor")[0] == f"pages/posts/one.md:{place}"


@pytest.mark.parametrize(
    "body",
    [
        "## The end\n\nSee [there](#the-end).\n",
        "See [there](two.md#new).\n",
        '<a id="mine"></a>\n\n[Up](#mine), [top](#top), [top](#)\n',
        "A note[^1].\n\n[^1]: The note.\n\n[Back](#fn:1)\n",
        "[Elsewhere](https://example.org/#x)\n",
        "```\n[a](#nowhere)\n```\n",
        "[There](two.md#:~:text=words)\n",
        "## Gänse\n\n[Geese](#g%C3%A4nse)\n",
        "[A list](/archive/#x)\n",
    ],
)
def test_not_reported(paper: Paper, body: str) -> None:
    paper.post("two", "## New")
    paper.write("pages/posts/one.md", HEAD + body)
    assert found(paper, "broken-anchor") == []


def test_the_nearest_is_named(paper: Paper) -> None:
    paper.write("pages/posts/one.md", HEAD + "## Timetable\n\n[When?](#timetabel)\n")
    assert [p["hint"] for p in report(paper)] == ["did you mean `#timetable`?"]


def test_an_anchor_breaks_when_its_heading_changes(paper: Paper) -> None:
    paper.post("one", "See [there](two.md#new).")
    paper.post("two", "## New")
    assert found(paper, "broken-anchor") == []
    paper.post("two", "## Newer")
    assert found(paper, "broken-anchor") == ["pages/posts/one.md:5:13"]
