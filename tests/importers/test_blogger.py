"""Blogger: a backup, Google Takeout and the API, which are three forms of one thing."""

import json
from html import escape

from tests.helpers.exports import body, header, imported, ledger, no_errors
from tests.helpers.paper import Paper

HEAD = (
    '<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom" xmlns:blogger="http://schemas.google.com/blogger/2018"'
    ' xmlns:app="http://purl.org/atom/app#"><id>tag:blogger.com,1999:blog-1</id><title>Harbour notes</title>'
)
TEXT = 'First line<br /><br />Second &amp; <b>bold</b>\n<div class="separator"><a href="https://1.bp.blogspot.com/x/s1600/a.jpg"><img src="https://1.bp.blogspot.com/x/s320/a.jpg" /></a></div>'
MARKDOWN = "First line\n\nSecond & **bold**\n\n[![](https://1.bp.blogspot.com/x/s1600/a.jpg)](https://1.bp.blogspot.com/x/s1600/a.jpg)"


def entry(number: int, title: str, *, kind: str = "POST", status: str = "LIVE", text: str = TEXT) -> str:
    """As Takeout writes it."""
    return (
        f"<entry><id>tag:blogger.com,1999:blog-1.post-{number}</id><blogger:type>{kind}</blogger:type>"
        f"<blogger:status>{status}</blogger:status><author><name>Harbour desk</name></author><title>{title}</title>"
        f"<content type='html'>{escape(text)}</content><published>2017-06-20T00:32:00-04:00</published>"
        f"<updated>2017-06-25T00:32:00-04:00</updated><category scheme='tag:blogger.com,1999:blog-1' term='sea &amp; land'/>"
        f"<blogger:filename>/2017/06/{title.lower()}.html</blogger:filename></entry>"
    )


def test_takeout(paper: Paper) -> None:
    entries = [
        entry(1, "One"),
        entry(2, "Two", status="DRAFT"),
        entry(3, "Us", kind="PAGE"),
        entry(4, "No", kind="COMMENT"),
        entry(5, "Bin", status="SOFT_TRASHED"),
    ]
    path = paper.write("Blogger/feed.atom", HEAD + "".join(entries) + "</feed>")
    told = imported(paper, str(path.parent), "--url", "https://harbour.blogspot.com").output
    assert "5 in the export = posts 2 + pages 1 + files of the library 0 + left out 2" in told
    found = header(paper, "pages/posts/2017/one.md")
    assert found["date"].isoformat() == "2017-06-20T04:32:00+00:00"
    assert found["updated"].isoformat() == "2017-06-25T04:32:00+00:00"
    assert found["tags"] == ("sea & land",)
    assert found["id"] == "tag:blogger.com,1999:blog-1.post-1"
    assert body(paper, "pages/posts/2017/one.md") == MARKDOWN
    client = paper.client()
    assert client.get("/2017/06/one.html").location == "/posts/one/"
    assert client.get("/posts/two/").status_code == 404
    assert client.get("/us/").status_code == 200
    no_errors(paper)


def test_a_backup_as_it_was_before_takeout(paper: Paper) -> None:
    kind = "<category scheme='http://schemas.google.com/g/2005#kind' term='http://schemas.google.com/blogger/2008/kind#{}'/>"
    shared = "<published>2012-01-02T03:04:05Z</published><content type='html'>Text.</content><title>{}</title>"
    link = "<link rel='alternate' href='http://harbour.blogspot.com/2012/01/{}.html'/>"
    draft = "<app:control><app:draft>yes</app:draft></app:control>"
    entries = [
        ("post", shared.format("One") + link.format("one")),
        ("post", shared.format("Two") + draft),
        ("comment", shared.format("No")),
        ("template", shared.format("T")),
        ("settings", shared.format("S")),
    ]
    feed = "".join(
        f"<entry><id>tag:blogger.com,1999:blog-1.post-{number}</id>{kind.format(name)}{rest}</entry>"
        for number, (name, rest) in enumerate(entries)
    )
    told = imported(paper, str(paper.write("blog.xml", f"{HEAD}{feed}</feed>"))).output
    assert "5 in the export = posts 2 + pages 0 + files of the library 0 + left out 3" in told
    assert header(paper, ledger(paper)["blogger:1"])["draft"] is True
    assert paper.client().get("/2012/01/one.html").location == "/posts/one/"


def test_the_api_gives_the_same_post(paper: Paper) -> None:
    post = {
        "kind": "blogger#post",
        "id": "1",
        "blog": {"id": "1"},
        "published": "2017-06-20T00:32:00-04:00",
        "updated": "2017-06-25T00:32:00-04:00",
        "url": "https://harbour.blogspot.com/2017/06/one.html",
        "title": "One",
        "content": TEXT,
        "author": {"displayName": "Harbour desk"},
        "labels": ["sea &amp; land"],
    }
    imported(
        paper,
        str(paper.write("feed.atom", HEAD + entry(1, "One") + "</feed>")),
        "--url",
        "https://harbour.blogspot.com",
    )
    first = (paper.folder / "pages/posts/2017/one.md").read_text()
    told = imported(paper, str(paper.write("posts.json", json.dumps({"items": [post]})))).output
    assert "0 files written" in told
    assert (paper.folder / "pages/posts/2017/one.md").read_text() == first
