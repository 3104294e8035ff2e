"""Nothing in silence: what Byline does not run, keep or publish is named by `flask check`, or it is run."""

from typing import NamedTuple

import pytest

from tests.helpers.findings import report
from tests.helpers.paper import Paper


class Case(NamedTuple):
    """A text of a post, the code that it gets, and where."""

    body: str
    code: str
    place: str = "5:1"
    header: str = ""


TOLD = {
    "liquid": Case("{% include x %}", "foreign-syntax"),
    "hugo": Case("{{< chart id >}}", "foreign-syntax"),
    "hugo-note": Case("{{% steps %}}", "foreign-syntax"),
    "value": Case("{{page.excerpt}}", "foreign-syntax"),
    "attribute": Case('<p class="{{ page.kind }}">x</p>', "foreign-syntax", "5:11"),
    "address": Case('<a href="{{ page.url }}">x</a>', "liquid", "5:10"),
    "box": Case(":::tabs\nx\n:::", "foreign-syntax"),
    "note": Case("[[Other note|that]]", "broken-link"),
    "embed": Case("![[cat.png]]", "broken-link"),
    "embedded-note": Case("![[Other note]]", "foreign-syntax"),
    "block": Case("Text. ^ab12cd", "foreign-syntax", "5:7"),
    "import": Case("import X from './x'", "not-shown"),
    "component": Case("<Tabs />", "html-removed"),
    "toc-kramdown": Case("{:toc}", "foreign-syntax"),
    "lead": Case("Text.\n{: .lead}", "foreign-syntax", "6:1"),
    "toc": Case("[TOC]", "foreign-syntax"),
    "tab": Case('=== "One"\n    x', "foreign-syntax"),
    "mermaid": Case("```mermaid\ngraph\n```", "foreign-syntax"),
    "option": Case("```py title=x linenos=1\nx\n```", "fence-option"),
    "conflict": Case("<<<<<<< HEAD\na\n=======\nb\n>>>>>>> x", "merge-conflict"),
    "fence": Case("```\nx", "open-listing"),
    "form": Case('<input name="q">', "html-removed"),
    "frames": Case('<iframe src="https://e.test/1"></iframe><iframe src="https://e.test/2"></iframe>', "html-removed"),
    "authors": Case("x", "author-without-file", "4:10", "authors: North Bureau and South Bureau"),
    "publish": Case("x", "kept-back", "4:1", "publish: false"),
    "draft": Case("x", "kept-back", "4:1", "isDraft: true"),
    "status": Case("x", "kept-back", "4:1", "post_status: draft"),
    "build": Case("x", "kept-back", "4:9", "build: {render: never}"),
    "unclear": Case("x", "not-true-or-false", "4:11", "unlisted: perhaps"),
    "scheduled": Case("[a](#nowhere)", "broken-anchor", "6:5", "date: 2025-06-05\ntags: a"),
}
RUN = {
    "!!! note\n    x": "<p>x</p>",
    ":::tip\nx\n:::": "<p>x</p>",
    "{{< youtube id >}}": '<a href="https://www.youtube.com/watch?v=id">',
    "{% include figure.html url='https://e.test/x.png' %}": '<img src="https://e.test/x.png"',
    "==high==": "<mark>high</mark>",
    "Open %%a private remark%%.": "Open .",
    "$a_1$": "<math",
    ":smile:": "😄",
    "Term\n: definition": "<dd>definition</dd>",
    "![](https://e.test/x.mp4)": "<video controls",
    "https://www.youtube.com/watch?v=x": '<a href="https://www.youtube.com/watch?v=x">',
}
FILES = {
    "pages/ads.txt": "stray-file",
    "pages/2024-01-01-x.md": "stray-file",
    "2024-01-01-y.md": "stray-file",
    "pages/posts/x.txt": "stray-file",
    "pages/posts/x.html": "stray-file",
    "templates/own.html": "merge-conflict",
    "templates/menu.html": "dead-link",
    "site.toml": "dead-link",
}


@pytest.fixture
def told(paper: Paper) -> set[tuple[str, str, str]]:
    """(file, code, place) of all that is reported of a site with one example of each."""
    paper.settings('url = "https://paper.test"\n[[navigation]]\ntitle = "A"\nurl = "/gone/"\n')
    for name, case in TOLD.items():
        date = "" if "date:" in case.header else "date: 2025-05-01"
        lines = [line for line in (f"title: The {name} story", date, case.header) if line]
        paper.write(f"pages/posts/{name}.md", "\n".join(["---", *lines, "---", case.body, ""]))
    for path in FILES:
        text = {"merge-conflict": TOLD["conflict"].body, "dead-link": '<a href="/abuot/">A</a>'}.get(
            FILES[path], "Text."
        )
        if path != "site.toml":
            paper.write(path, f"---\ntitle: X\n---\n{text}\n" if path.endswith(".md") else f"{text}\n")
    return {(p["path"], p["code"], f"{p['line']}:{p['col']}") for p in report(paper)}


def test_every_one_is_named(told: set[tuple[str, str, str]]) -> None:
    wanted = {(f"pages/posts/{name}.md", case.code, case.place) for name, case in TOLD.items()}
    assert wanted - told == set()
    assert set(FILES.items()) - {(path, code) for path, code, _ in told} == set()


@pytest.mark.parametrize("body", list(RUN))
def test_what_is_run(paper: Paper, body: str) -> None:
    paper.post("one", body)
    assert RUN[body] in paper.client().get("/posts/one/").text
    assert "foreign-syntax" not in {found["code"] for found in report(paper)}
