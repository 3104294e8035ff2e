"""Places: a finding about a link points at the link, not at the first occurrence of its text."""

import pytest

from tests.helpers.paper import Paper


@pytest.mark.parametrize(
    ("body", "places"),
    [
        ("`no.md`\n\n```\n[a](no.md)\n```\n\n[a](no.md)", ["11:5"]),
        ("[a](no.md) and [b](no.md)\n\n[c](no.md)", ["5:5", "5:20", "7:5"]),
        ("[a] and [b][a]\n\n[a]: no.md", ["7:6"]),
        ("<!-- no.md --> <a href='no.md'>b</a>", ["5:25"]),
        ("[a](no%20way.md) [b](<no way.md>)", ["5:5", "5:23"]),
        ("[a](https://example.org/) [b](no.md)", ["5:31"]),
    ],
)
def test_broken_links(paper: Paper, body: str, places: list[str]) -> None:
    paper.post("one", body)
    found = [problem.split(": broken-link")[0].partition("one.md:")[2] for problem in paper.problems()]
    assert found == places


def test_removed_html(paper: Paper) -> None:
    paper.post("one", "`<script>`\n\nText <iframe src='https://example.org/'></iframe>")
    assert "warning pages/posts/one.md:7:6: html-removed <iframe> is not shown" in paper.problems()[0]


def test_the_sites_own_address(paper: Paper) -> None:
    paper.post("one", "[a](https://example.org/)\n\nSee [b](https://paper.test/no/).")
    assert "pages/posts/one.md:7:9: dead-link https://paper.test/no/" in paper.run("check").output
