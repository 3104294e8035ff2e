import pytest

from tests.helpers.findings import HEAD, fixed, fixed_file, in_text, reported
from tests.helpers.paper import Paper

CRLF = HEAD.replace("\n", "\r\n")


@pytest.mark.parametrize(
    ("text", "place", "after"),
    [
        (HEAD + "One.\r\nTwo.\n", "5:5", HEAD + "One.\nTwo.\n"),
        (CRLF + "One.\nTwo.\r\n", "5:5", CRLF + "One.\r\nTwo.\r\n"),
        (HEAD + "One.\rTwo.\n", "5:5", HEAD + "One.\nTwo.\n"),
        (HEAD.replace("\n", "\r\n", 1) + "No end", "1:4", HEAD + "No end"),
    ],
)
def test_reported_and_fixed(text: str, place: str, after: str) -> None:
    assert in_text("mixed-line-endings", text) == [place]
    assert fixed(text) == after
    assert in_text("mixed-line-endings", after) == []


def test_in_a_file(paper: Paper) -> None:
    paper.write("pages/posts/one.md", CRLF + "One.\nTwo.\r\n")
    assert reported(paper, "mixed-line-endings") == ["pages/posts/one.md:5:5"]
    assert fixed_file(paper, CRLF + "One.\nTwo.\r\n") == CRLF + "One.\r\nTwo.\r\n"
    assert reported(paper, "mixed-line-endings") == []


@pytest.mark.parametrize(
    "text", [HEAD + "One.\nTwo.", CRLF + "One.\r\n\r\nTwo.\r\n", HEAD.replace("\n", "\r") + "One.\r"]
)
def test_one_kind_is_fine(text: str) -> None:
    assert fixed(text) == text
    assert in_text("mixed-line-endings", text) == []
