import pytest

from tests.helpers.findings import HEAD, in_body

WITH_DEK = HEAD.replace("date:", "dek: After two winters\ndate:")


@pytest.mark.parametrize(
    ("head", "body", "place"),
    [
        (HEAD, "## The ferry is back\n", "5:1"),
        (HEAD, "Text.\n\n# **The Ferry** is *back*!\n", "7:1"),
        (WITH_DEK, "## After two winters.\n", "6:1"),
        (WITH_DEK.replace("dek", "subtitle"), "## After two winters.\n", "6:1"),
    ],
)
def test_reported(head: str, body: str, place: str) -> None:
    assert in_body("repeated-heading", body, head) == [place]


@pytest.mark.parametrize(
    "body", ["## Why the ferry is back\n", "## One\n\n## The ferry is back\n", "The ferry is back\n"]
)
def test_not_reported(body: str) -> None:
    assert in_body("repeated-heading", body) == []
