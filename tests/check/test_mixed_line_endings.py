import pytest

from tests.helpers.findings import HEAD, fixed, found
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
def test_reported_and_fixed(paper: Paper, text: str, place: str, after: str) -> None:
    paper.write("pages/posts/one.md", text)
    assert found(paper, "mixed-line-endings") == [f"pages/posts/one.md:{place}"]
    assert fixed(paper, text) == after
    assert found(paper, "mixed-line-endings") == []


@pytest.mark.parametrize(
    "text", [HEAD + "One.\nTwo.", CRLF + "One.\r\n\r\nTwo.\r\n", HEAD.replace("\n", "\r") + "One.\r"]
)
def test_one_kind_is_fine(paper: Paper, text: str) -> None:
    assert fixed(paper, text) == text
    assert found(paper, "mixed-line-endings") == []
