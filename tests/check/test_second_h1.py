import pytest

from tests.helpers.findings import in_body


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ("# One\n", "5:1"),
        ("Text.\n\n# One\n\n# Two\n", "7:1"),
        ("One\n===\n\nText.\n", "5:1"),
        ("Text\n\n  # One\n", "7:3"),
        ("<h1>One</h1>\n", "5:1"),
        ("```sh\n# no\n```\n\n# Yes\n", "9:1"),
    ],
)
def test_reported(body: str, place: str) -> None:
    assert in_body("second-h1", body) == [place]


@pytest.mark.parametrize(
    "body",
    [
        "## One\n",
        "```sh\n# a comment\n```\n",
        "~~~~\n~~~\n# a comment\n~~~~\n",
        "Text.\n\n    # indented code\n",
        "\t# indented code\n",
        "<!--\n# hidden\n-->\n",
        "#hashtag\n",
        "\\# escaped\n",
        "- a list\n\n  ```\n  # a comment\n  ```\n",
        "> ```\n> # a comment\n> ```\n",
        "<pre>\n# shell\n</pre>\n",
        "Text\n\n---\n",
    ],
)
def test_not_reported(body: str) -> None:
    assert in_body("second-h1", body) == []
