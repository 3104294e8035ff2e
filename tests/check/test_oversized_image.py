from tests.helpers.findings import reported
from tests.helpers.paper import Paper
from tests.helpers.papers import PNG


def test_photographs_and_what_is_sent_as_it_is(paper: Paper) -> None:
    for name, size in {"a.png": 8_000_001, "b.png": 8_000_000, "c.svg": 1_000_001, "d.gif": 999_999}.items():
        paper.write(f"pages/posts/{name}", PNG + bytes(size - len(PNG)))
    assert reported(paper, "oversized-image") == ["pages/posts/a.png:1:1", "pages/posts/c.svg:1:1"]
