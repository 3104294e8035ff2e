"""Feeds: the same two posts in each form."""

import json
from html import escape

import pytest

from tests.helpers.exports import body, header, imported, ledger, no_errors
from tests.helpers.paper import Paper

TEXT = "<p>The <b>ferry</b> &amp; more.</p>"
RSS = f"""<?xml version="1.0"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel><title>Quay</title><link>https://old.test/</link><item><title>The &amp;amp; ferry</title><link>https://old.test/a/ferry</link>
<guid isPermaLink="false">id-1</guid><pubDate>Tue, 03 Jan 2023 10:00:00 +0100</pubDate><dc:creator>News desk</dc:creator>
<category>sea</category><description>Short.</description><content:encoded><![CDATA[{TEXT}]]></content:encoded>
<enclosure url="https://old.test/x.mp3" type="audio/mpeg" length="3"/></item></channel></rss>"""
RDF = f"""<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel><title>Quay</title><link>https://old.test/</link></channel><item><title>The &amp;amp; ferry</title><link>https://old.test/a/ferry</link>
<description>{escape(TEXT)}</description><dc:creator>News desk</dc:creator><dc:date>2023-01-03T10:00:00+01:00</dc:date><dc:subject>sea</dc:subject></item></rdf:RDF>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><title>Quay</title><link href="https://old.test/"/><entry><id>id-1</id>
<title type="html">The &amp;amp; ferry</title><link rel="alternate" type="text/html" href="https://old.test/a/ferry"/>
<published>2023-01-03T10:00:00+01:00</published><updated>2023-02-03T10:00:00+01:00</updated><author><name>News desk</name></author>
<category term="sea"/><summary>Short.</summary>%s</entry></feed>"""
XHTML = '<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>The <b>ferry</b> &amp; more.</p></div></content>'
JSON = {
    "version": "https://jsonfeed.org/version/1.1",
    "title": "Quay",
    "home_page_url": "https://old.test/",
    "items": [
        {
            "id": "id-1",
            "url": "https://old.test/a/ferry",
            "title": "The & ferry",
            "content_html": TEXT,
            "summary": "Short.",
            "date_published": "2023-01-03T10:00:00+01:00",
            "authors": [{"name": "News desk"}],
            "tags": ["sea"],
        }
    ],
}
FEEDS = {
    "feed.rss": RSS,
    "rdf.xml": RDF,
    "atom.xml": ATOM % f'<content type="html">{escape(TEXT)}</content>',
    "xhtml.xml": ATOM % XHTML,
    "feed.json": json.dumps(JSON),
}


@pytest.mark.parametrize("name", FEEDS)
def test_a_feed_becomes_posts(paper: Paper, name: str) -> None:
    told = imported(paper, str(paper.write(name, FEEDS[name]))).output
    assert "a feed: 1 in the export = posts 1" in told
    path = "pages/posts/2023/ferry.md"
    found = header(paper, path)
    assert found["title"] == "The & ferry"
    assert found["date"].isoformat() == "2023-01-03T09:00:00+00:00"
    assert (found["authors"], found["tags"]) == (("news-desk",), ("sea",))
    assert body(paper, path).startswith("The **ferry** & more.")
    assert ("audio" in body(paper, path)) == (name == "feed.rss")
    assert found["id"] == ("https://old.test/a/ferry" if name == "rdf.xml" else "id-1")
    assert paper.client().get("/a/ferry/").location == "/posts/ferry/"
    no_errors(paper)


def test_a_feed_without_dates_gives_drafts(paper: Paper) -> None:
    path = paper.write("feed.json", json.dumps(JSON | {"items": [{"id": "1", "content_text": "A & b <c>\n\nd"}]}))
    imported(paper, str(path))
    written = ledger(paper)["feed:1"]
    assert header(paper, written)["draft"] is True
    assert body(paper, written) == "A & b \\<c>\n\nd"
    paper.write("dated.json", path.read_bytes())
    imported(paper, str(path), "--date", "2023-05-06")
    assert "draft" not in header(paper, ledger(paper)["feed:1"])
