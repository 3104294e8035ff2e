import pytest

from tests.helpers.findings import fixed, found, in_text
from tests.helpers.paper import Paper

HEAD = "---\ntitle: One # of two\n{}\n---\nApr 3, 2025\n"


@pytest.mark.parametrize(
    ("line", "after"),
    [
        ("date: Apr 3, 2025", "date: 2025-04-03"),
        ("date:   April 3rd, 2025  # spring", "date:   2025-04-03  # spring"),
        ("date: '3 April 2025'", "date: '2025-04-03'"),
        ('date: "2025-4-3 9:30"', 'date: "2025-04-03 09:30"'),
        ("date: 2025-4-3T9:30:05+02:00", "date: 2025-04-03 09:30:05 +0200"),
        ("date: 2025/04/03", "date: 2025-04-03"),
        ("date: 2025.4.3 9:15", "date: 2025-04-03 09:15"),
        ("date: Thu, 03 Apr 2025 10:00:00 +0000", "date: 2025-04-03 10:00:00 +0000"),
        ("date: Thursday, April 3, 2025 at 1:05 PM EDT", "date: 2025-04-03 13:05 -0400"),
        ("date: 2025-05-01\nupdated: May 2, 2025", "date: 2025-05-01\nupdated: 2025-05-02"),
        ("published: May 2, 2025\ndate: May 3, 2025", "published: 2025-05-02\ndate: 2025-05-03"),
    ],
)
def test_reported_and_fixed(line: str, after: str) -> None:
    assert in_text("date-form", HEAD.format(line))
    assert fixed(HEAD.format(line)) == HEAD.format(after)
    assert in_text("date-form", HEAD.format(after)) == []


def test_the_place_is_that_of_the_date() -> None:
    assert in_text("date-form", HEAD.format("date: 2025-05-01\nexpires:  Jan 1, 2030")) == ["4:11"]


@pytest.mark.parametrize(
    "line", ["date: 2025-04-03", "date: 2025-04-03 10:00 +0200", "date: 2025-04-03T10:00:00.5Z", "date:\ndraft: true"]
)
def test_not_reported(line: str) -> None:
    text = HEAD.format(line)
    assert fixed(text) == text
    assert in_text("date-form", text) == []


@pytest.mark.parametrize(
    "text", ["3/4/2025", "03.04.2025", "Apr 3", "2025-04", "2025-02-30", "2025/13/01", "2016-07-19 (optional)", "soon"]
)
def test_what_could_mean_several_things_is_left_alone(paper: Paper, text: str) -> None:
    assert fixed(HEAD.format(f"date: {text}")) == HEAD.format(f"date: {text}")
    paper.write("pages/posts/one.md", HEAD.format(f"date: {text}"))
    assert found(paper, "bad-date") == ["pages/posts/one.md:3:7"]
