import pytest

from tests.helpers.findings import found, report
from tests.helpers.paper import Paper


@pytest.mark.parametrize(
    ("usual", "rare"),
    [
        ("ferry", "ferries"),
        ("ship", "ships"),
        ("open source", "opensource"),
        ("e-mail", "email"),
        ("church", "churches"),
        ("box", "boxes"),
        ("glass", "glasses"),
    ],
)
def test_the_rarer_one_is_reported_at_its_place(paper: Paper, usual: str, rare: str) -> None:
    paper.post("one", tags=f"[sea, {usual}]")
    paper.post("two", tags=f"[{usual}]")
    paper.post("three", tags=f"[sea, {rare}]")
    assert found(paper, "near-tags") == ["pages/posts/three.md:4:13"]
    assert report(paper)[0]["message"] == f"the tag {rare!r} (posts: 1) nearly repeats {usual!r} (posts: 2)"


@pytest.mark.parametrize(
    ("one", "two"),
    [("news", "new"), ("gas", "ga"), ("glass", "glas"), ("virus", "viru"), ("law", "lawyer"), ("C", "D")],
)
def test_other_words_are_other_words(paper: Paper, one: str, two: str) -> None:
    paper.post("one", tags=f"[{one}]")
    paper.post("two", tags=f"[{two}]")
    assert found(paper, "near-tags") == []


def test_a_comma_separated_line_has_places_too(paper: Paper) -> None:
    paper.post("one", tags="sea, ship")
    paper.post("two", tags="'sea,  ships'")
    assert found(paper, "near-tags") == ["pages/posts/two.md:4:14"]
