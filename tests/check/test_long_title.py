from tests.helpers.findings import reported
from tests.helpers.paper import Paper


def test_a_line_is_drawn(paper: Paper) -> None:
    paper.post("fits", title="x" * 110)
    paper.write("pages/posts/long.md", f"---\ndate: 2025-05-01\ntitle:  {'y' * 111}\n---\nText.\n")
    paper.write("pages/posts/other.md", f"+++\ndate = 2025-05-01\nheadline = '{'z' * 111}'\n+++\nText.\n")
    assert reported(paper, "long-title") == ["pages/posts/long.md:3:9", "pages/posts/other.md:3:12"]
