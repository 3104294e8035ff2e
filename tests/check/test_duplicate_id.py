from tests.helpers.findings import found, report
from tests.helpers.paper import Paper


def test_every_culprit_names_the_others(paper: Paper) -> None:
    paper.post("one", id="ferry")
    paper.post("two", id="ferry")
    paper.post("three", id="ferries")
    paper.post("four", id="ferry", draft="true")
    paper.post("five", id="tag:paper.test,2005:/posts/six/")
    paper.post("six")
    assert found(paper, "duplicate-id") == [
        "pages/posts/five.md:4:5",
        "pages/posts/four.md:4:5",
        "pages/posts/one.md:4:5",
        "pages/posts/six.md:1:1",
        "pages/posts/two.md:4:5",
    ]
    assert "pages/posts/six.md" in report(paper)[0]["message"]
