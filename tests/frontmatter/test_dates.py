"""Dates as people type them."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from byline.frontmatter.dates import BadDate, parse
from tests.helpers.paper import Paper

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("typed", "utc"),
    [
        ("2025-04-03", "2025-04-02T22:00"),
        ("2025-4-3", "2025-04-02T22:00"),
        ("2025-04-03 10:00", "2025-04-03T08:00"),
        ("2025-04-03T10:00", "2025-04-03T08:00"),
        ("2025-04-03T10:00:00Z", "2025-04-03T10:00"),
        ("Thu Apr  3 10:00:00 CEST 2025", "2025-04-03T08:00"),
        ("Apr 3 10:00 +0200 2025", "2025-04-03T08:00"),
        ("2025-04-03 10:00 UTC", "2025-04-03T10:00"),
        ("2025-04-03T10:00:00.123+02:00", "2025-04-03T08:00"),
        ("2019-08-08 14:10:00 +0800", "2019-08-08T06:10"),
        ("2014-07-15 12:00 -0500", "2014-07-15T17:00"),
        ("2025-04-03 10:00 -03", "2025-04-03T13:00"),
        ("Apr 3, 2025", "2025-04-02T22:00"),
        ("April 3 2025", "2025-04-02T22:00"),
        ("3 April 2025", "2025-04-02T22:00"),
        ("2025-12-24", "2025-12-23T23:00"),
        ("2020/01/02 10:00:00", "2020-01-02T09:00"),
        ("2020.1.2", "2020-01-01T23:00"),
        ("2016-03-21 12:00 EDT", "2016-03-21T16:00"),
        ("2016-03-21 12:00 CET", "2016-03-21T11:00"),
        ("May 5, 2025 10:00", "2025-05-05T08:00"),
        ("May 5th, 2025 at 10:05 PM", "2025-05-05T20:05"),
        ("5 May 2025, 12:30 a.m.", "2025-05-04T22:30"),
        ("Sept. 3, 2025", "2025-09-02T22:00"),
        ("Monday, 5 May 2025", "2025-05-04T22:00"),
        ("Mon, 05 May 2025 10:00:00 +0200", "2025-05-05T08:00"),
        ("Mon May 05 2025 10:00:00 GMT+0200 (Central European Summer Time)", "2025-05-05T08:00"),
    ],
)
def test_dates_that_are_read(typed: str, utc: str) -> None:
    assert parse(typed, BERLIN).astimezone(dt.UTC).isoformat(timespec="minutes") == f"{utc}+00:00"


@pytest.mark.parametrize(
    "typed",
    [
        "Apr 3",
        "soon",
        "2025-13-01",
        "2025-02-30",
        "2025",
        "03/04/2025",
        "2025-04-03 25:00",
        "0000-01-01",
        "1-1-1",
        "Foo 3, 2025",
        "2025-04-03 10:00 +99:00",
        "9999-12-31T23:59-14:00",
        "3 marraskuu 2025",
        "3 mars 2025",
        "3 Mayonnaise 2025",
        "3 März 2025",
        "2025-01/02",
        "2025-01-02 13:00 PM",
        "2025-01-02 10:00 IST",
        "2025-01-02 10:00 +0260",
    ],
)
def test_dates_that_are_refused_with_a_hint(typed: str) -> None:
    with pytest.raises(BadDate) as caught:
        parse(typed, BERLIN)
    assert "2025-04-03" in caught.value.args[1]


def test_dates_are_shown_in_the_sites_zone(paper: Paper) -> None:
    paper.settings('url = "https://paper.test"\ntimezone = "Asia/Tokyo"\npermalink = "/{year}/{month}/{day}/{slug}/"')
    paper.post("one", date="2024-12-31T20:00Z")
    page = paper.client().get("/2025/01/01/one/")
    assert b'<time datetime="2025-01-01T05:00:00+09:00">January 1, 2025</time>' in page.data


def test_a_time_that_clocks_skip_is_a_warning(paper: Paper) -> None:
    paper.settings('timezone = "Europe/Berlin"')
    paper.post("one", date="2025-03-30 02:30")
    assert any("one.md:3:7: dst-gap" in problem for problem in paper.problems())


@pytest.mark.parametrize("name", ["2025-04-03-one.md", "2025-04-03-one/index.md"])
def test_a_date_in_the_file_name(paper: Paper, name: str) -> None:
    paper.write(f"pages/posts/{name}", "---\ntitle: One\n---\n")
    post = paper.site().posts[0]
    assert (post.slug, post.date) == ("one", dt.datetime(2025, 4, 3, tzinfo=dt.UTC))
