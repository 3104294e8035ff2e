import pytest

from tests.helpers.findings import fixed, found, in_text, report
from tests.helpers.paper import Paper


@pytest.mark.parametrize(
    ("text", "place", "after"),
    [
        (
            "---\n# moved in\nheadline: 'One'   # so\ndate: 2025-05-01\nDescription:   In short\n---\nheadline: no\n",
            "3:1",
            "---\n# moved in\ntitle: 'One'   # so\ndate: 2025-05-01\nsummary:   In short\n---\nheadline: no\n",
        ),
        (
            '+++\ntitle = "One" # so\npubDate = 2025-05-01\n"keywords" = ["a"]\n+++\n',
            "3:1",
            '+++\ntitle = "One" # so\ndate = 2025-05-01\n"tags" = ["a"]\n+++\n',
        ),
        ("headline: One\ndate: 2025-05-01\n\nText.\n", "1:1", "title: One\ndate: 2025-05-01\n\nText.\n"),
        (
            "---\ntitle: One\ndate: 2025-05-01\nby:\n- Ann\n- Ben\n---\n",
            "4:1",
            "---\ntitle: One\ndate: 2025-05-01\nauthors:\n- Ann\n- Ben\n---\n",
        ),
    ],
)
def test_reported_and_fixed(text: str, place: str, after: str) -> None:
    assert in_text("alias-key", text) == [place]
    assert fixed(text) == after
    assert in_text("alias-key", after) == []


@pytest.mark.parametrize(
    "lines",
    [
        "date: 2025-05-01",
        "Date: 2025-05-01",
        "date: 2025-05-01\npublished: false",
        "date: 2025-05-01\npublished: 2025-05-02",
        "created: 2025-05-01\npublished: 2025-05-02",
        "date: 2025-05-01\nstatus: draft",
        "published: false",
        "date: {created: 2025-05-01}",
    ],
)
def test_left_alone(lines: str) -> None:
    text = f"---\ntitle: One\n{lines}\n---\nText.\n"
    assert fixed(text) == text
    assert in_text("alias-key", text) == []


def test_authors_have_keys_of_their_own(paper: Paper) -> None:
    paper.write("pages/authors/ann.md", "---\nfull_name: Ann\ndescription: Writes.\n---\n")
    paper.write("pages/authors/ben.md", "---\nname: Ben\nbio: Writes.\n---\n")
    paper.post("one", authors="[ann, ben]")
    assert found(paper, "alias-key") == ["pages/authors/ann.md:2:1"]
    assert report(paper)[0]["message"] == "Byline's names: `full_name` is `name`, `description` is `bio`"


def test_a_blog_in_its_old_form_keeps_its_keys(paper: Paper) -> None:
    paper.settings('dialect = "jekyll"\nurl = "https://paper.test"')
    paper.write("pages/_posts/2025-05-01-one.md", "---\ntitle: One\ndescription: Short\n---\n")
    assert found(paper, "alias-key") == []
