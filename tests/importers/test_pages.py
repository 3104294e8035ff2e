"""HTML files: what is the article, and what a page says of itself."""

from pathlib import Path

from tests.helpers.exports import body, header, imported, no_errors
from tests.helpers.paper import Paper

POST = """<?xml version="1.0"?><!doctype html><html lang="en"><head><title>The ferry | Quay</title>
<link rel="canonical" href="https://old.test/2023/04/05/ferry.html"><meta name="description" content="It is back.">
<meta property="article:published_time" content="2023-04-05T10:00:00+02:00"><meta property="article:tag" content="sea">
<script type="application/ld+json">{"@graph": [{"@type": "NewsArticle", "author": [{"@type": "Person", "name": "News desk"}]}]}</script>
</head><body><header><h1>Quay</h1></header><nav><a href="/">Home</a></nav>
<article><h1>The ferry</h1><p>It is <a href="../../../about.html">back</a>.<p>With a picture: <img src="/img/quay.png" alt="A quay">
<ul><li>one<li>two</ul></article><footer>Imprint</footer></body></html>"""
ABOUT = "<title>About us</title><body><main><h1>About us</h1><p>We write.</p></main></body>"
INDEX = '<title>Quay</title><body><main><a href="ferry.html">The ferry</a></main></body>'


def site(folder: Path, pixel: bytes) -> None:
    for path, text in (("2023/04/05/ferry.html", POST), ("about.html", ABOUT), ("index.html", INDEX)):
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)
    (folder / "img").mkdir()
    (folder / "img/quay.png").write_bytes(pixel)


def test_a_folder_of_pages(paper: Paper, tmp_path: Path) -> None:
    site(tmp_path / "mirror", (Path(__file__).parent.parent.parent / "byline/theme/static/icon.png").read_bytes())
    told = imported(paper, str(tmp_path / "mirror"), "--url", "https://old.test").output
    assert "3 in the export = posts 1 + pages 1 + files of the library 0 + left out 1" in told
    path = "pages/posts/2023/ferry.md"
    found = header(paper, path)
    assert found["title"] == "The ferry"
    assert found["summary"] == "It is back."
    assert found["authors"] == ("news-desk",)
    assert found["tags"] == ("sea",)
    assert body(paper, path) == (
        "It is [back](../../about.md).\n\nWith a picture: ![A quay](../../media/img/quay.png)\n\n- one\n- two"
    )
    client = paper.client()
    assert client.get("/2023/04/05/ferry.html").location == "/posts/ferry/"
    assert client.get("/about.html").location == "/about/"
    assert "/media/quay-" in client.get("/posts/ferry/").get_data(as_text=True)
    no_errors(paper)
