from tests.helpers.findings import HEAD, fixed, found
from tests.helpers.paper import Paper


def test_reported_and_fixed(paper: Paper) -> None:
    text = HEAD + "Text.\r\n"
    paper.write("pages/posts/one.md", b"\xef\xbb\xbf" + text.encode())
    paper.post("two", "A \ufeff inside.")
    assert found(paper, "byte-order-mark") == ["pages/posts/one.md:1:1"]
    assert fixed(paper, b"\xef\xbb\xbf" + text.encode().replace(b"\r", b"")) == text.replace("\r", "")


def test_what_follows_the_mark_keeps_its_column(paper: Paper) -> None:
    paper.write("pages/posts/one.md", b"\xef\xbb\xbfheadline: One\ndate: 2025-05-01\n\nText.\n")
    assert found(paper, "alias-key") == ["pages/posts/one.md:1:1"]
    assert fixed(paper, b"\xef\xbb\xbfheadline: One\ndate: 2025-05-01\n\nText.\n").startswith("title: One\n")
