from tests.helpers.findings import found, report
from tests.helpers.paper import Paper


def test_every_culprit_names_the_others(paper: Paper) -> None:
    paper.post("one", title="The ferry")
    paper.write("pages/posts/two.md", "---\ndate: 2025-05-02\ntitle:  'THE  Ferry'\n---\nText.\n")
    paper.post("three", title="The ferries")
    paper.post("four", title="The ferry", draft="true")
    assert found(paper, "duplicate-title") == [
        f"pages/posts/{place}" for place in ("four.md:2:8", "one.md:2:8", "two.md:3:9")
    ]
    assert "pages/posts/two.md" in report(paper)[0]["message"]
