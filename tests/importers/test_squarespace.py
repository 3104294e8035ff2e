"""Squarespace: WXR whose HTML is whole, with pictures that scripts load."""

from tests.helpers.exports import body, imported, ledger, no_errors, wxr, wxr_item
from tests.helpers.paper import Paper

IMAGE = "https://images.squarespace-cdn.com/content/v1/5f/quay.jpg"
HTML = (
    '<div class="sqs-html-content"><p>One.</p>\n\n<p>Two.</p></div>'
    f'<div class="sqs-block"><noscript><img src="{IMAGE}"></noscript><img class="thumb-image" data-src="{IMAGE}" alt="Quay">'
    '<div class="image-caption"><p>The quay</p></div></div>'
)


def test_a_post_comes_in(paper: Paper) -> None:
    page = wxr_item(2, "", "<h2>Our services</h2><p>Text.</p>", type="page", link="/services", slug="services")
    post = wxr_item(1, "One", HTML, link="/blog/one.html", slug="one.html", terms=[("post_tag", "sea")])
    told = imported(paper, str(paper.write("export.xml", wxr(post, page)))).output
    assert told.startswith("Squarespace: 2 in the export = posts 1 + pages 1")
    assert body(paper, ledger(paper)["squarespace:1"]) == f"One.\n\nTwo.\n\n![Quay]({IMAGE})\n\nThe quay"
    client = paper.client()
    assert client.get("/blog/one.html").location == "/posts/one/"
    assert "<title>Our services" in client.get("/services/").get_data(as_text=True)
    report = (paper.folder / "import-report.md").read_text()
    assert "?p=1" not in report
    assert "/tag/" not in report
    no_errors(paper)
