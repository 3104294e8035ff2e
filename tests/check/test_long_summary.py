from tests.helpers.findings import reported
from tests.helpers.paper import Paper


def test_a_line_is_drawn(paper: Paper) -> None:
    paper.post("fits", summary="x" * 400)
    paper.post("folded", summary=f">\n  {'word ' * 40}\n  {'word ' * 39}word")  # 399 characters on two lines
    paper.post("long", summary="x" * 401)
    paper.post("other", description="x" * 401)
    assert reported(paper, "long-summary") == ["pages/posts/long.md:4:10", "pages/posts/other.md:4:14"]
