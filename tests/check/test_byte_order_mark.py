from tests.helpers.findings import HEAD, fixed, fixed_file, in_text, reported
from tests.helpers.paper import Paper


def test_reported_and_fixed(paper: Paper) -> None:
    text = HEAD + "Text.\r\n"
    paper.write("pages/posts/one.md", b"\xef\xbb\xbf" + text.encode())
    paper.post("two", "A \ufeff inside.")
    assert reported(paper, "byte-order-mark") == ["pages/posts/one.md:1:1"]
    assert fixed_file(paper, b"\xef\xbb\xbf" + text.encode().replace(b"\r", b"")) == text.replace("\r", "")


def test_what_follows_the_mark_keeps_its_column() -> None:
    text = "\ufeffheadline: One\ndate: 2025-05-01\n\nText.\n"
    assert in_text("alias-key", text) == ["1:1"]
    assert fixed(text).startswith("title: One\n")
