"""Markdown in a form that tests compare."""

from tests.helpers.paper import Paper


def html(paper: Paper, body: str) -> str:
    paper.post("one", body)
    page: str = paper.client().get("/posts/one/").text
    return page.split('<div class="body">\n')[1].split("\n</div>\n<footer")[0]
