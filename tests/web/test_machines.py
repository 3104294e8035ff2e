"""What an article tells machines, parsed back: cards, structured data, links between pages."""

import io
import json
import re
from html.parser import HTMLParser
from typing import Any

import pytest
from PIL import Image

from byline.web import feeds
from tests.helpers.paper import Paper
from tests.helpers.papers import full_paper


class Head(HTMLParser):
    """Meta, link and data elements of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.meta: dict[str, list[str]] = {}
        self.links: dict[str, list[str]] = {}
        self.feed(page)
        data = re.search(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
        self.data: Any = json.loads(data[1]) if data else None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if tag == "meta":
            self.meta.setdefault(found.get("property") or found.get("name") or "", []).append(
                found.get("content") or ""
            )
        if tag == "link":
            self.links.setdefault(found.get("rel") or "", []).append(found.get("href") or "")


def picture(form: str) -> bytes:
    if form == "SVG":
        return b'<svg xmlns="http://www.w3.org/2000/svg" width="900" height="600"/>'
    file = io.BytesIO()
    Image.new("RGB", (900, 600), (138, 28, 20)).save(file, form)
    return file.getvalue()


@pytest.fixture
def paper_of_all(paper: Paper) -> Paper:
    full_paper(paper)
    paper.write(
        "pages/authors/ann-desk.md",
        "---\nname: Ann Desk\nbio: Writes </script> & more.\navatar: ann.png\n"
        "links: {Web: https://ann.test, Mail: ann@paper.test}\n---\nLong.",
    )
    return paper


def head(paper: Paper, url: str) -> Head:
    return Head(paper.client().get(url).text)


def test_an_article_as_structured_data(paper_of_all: Paper) -> None:
    article, crumbs = head(paper_of_all, "/posts/one/").data["@graph"]
    url = "https://paper.test/posts/one/"
    assert article["@type"] == "NewsArticle"
    assert article["headline"] == 'Story <one> & "more"'
    assert article["mainEntityOfPage"] == article["url"] == url
    assert article["datePublished"] == "2025-05-31T09:00:00+02:00"
    assert article["dateModified"] == "2025-06-01T00:00:00+02:00"  # its correction
    assert article["correction"][0]["text"] == "A number was wrong."
    assert article["image"][0]["url"].startswith("https://paper.test/media/dot-")
    assert article["articleSection"] == "World"
    assert article["keywords"] == ["law", "C++", "C"]
    assert article["isPartOf"]["name"] == "Dots"
    ann, ben = article["author"]
    assert ann["@type"] == "Organization"
    assert ann["url"] == "https://paper.test/authors/ann-desk/"
    assert ann["image"].startswith("https://paper.test/media/")
    assert ann["sameAs"] == ["https://ann.test"]
    assert ann["description"] == "Writes </script> & more."
    assert ben["sameAs"] == []
    assert article["publisher"]["logo"]["url"].startswith("https://paper.test/static/icon.png")
    names = [item["name"] for item in crumbs["itemListElement"]]
    assert names == ["The Paper", "World", 'Story <one> & "more"']
    assert [item["position"] for item in crumbs["itemListElement"]] == [1, 2, 3]


@pytest.mark.parametrize("base", ["", "/repo"])
def test_all_data_of_all_pages_can_be_read(paper_of_all: Paper, base: str) -> None:
    text = (paper_of_all.folder / "site.toml").read_text().replace("paper.test", f"paper.test{base}")
    paper_of_all.settings(text)
    paper_of_all.freeze()
    for path in paper_of_all.tree():
        if path.endswith(".html"):
            found = Head(paper_of_all.page(path))
            assert '"/' not in json.dumps(found.data), path
            if "canonical" in found.links:
                assert found.links["canonical"] == found.meta.get("og:url", found.links["canonical"])


def test_cards(paper_of_all: Paper) -> None:
    meta = head(paper_of_all, "/posts/one/").meta
    assert meta["og:type"] == ["article"]
    assert meta["og:title"] == ['Story <one> & "more"']
    assert meta["og:image"][0].startswith("https://paper.test/media/")
    assert meta["og:image:alt"] == ["A dot"]
    assert meta["og:image:width"] == ["1"]
    assert meta["twitter:card"] == ["summary"]  # a one-pixel picture is not shown large
    assert meta["article:published_time"] == ["2025-05-31T09:00:00+02:00"]
    assert meta["article:author"][0] == "https://paper.test/authors/ann-desk/"
    assert meta["article:tag"] == ["law", "C++", "C"]
    assert meta["robots"] == ["max-image-preview:large"]
    assert head(paper_of_all, "/authors/ann-desk/").meta["og:type"] == ["profile"]
    assert head(paper_of_all, "/authors/ann-desk/").data["@type"] == "ProfilePage"


@pytest.mark.parametrize("page", ["/", "/authors/ann-desk/", "/tags/law/", "/categories/world/"])
def test_json_feeds(paper_of_all: Paper, page: str) -> None:
    answer = paper_of_all.client().get(f"{page}feed.json")
    feed = json.loads(answer.data)
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed["feed_url"] == f"https://paper.test{page}feed.json"
    assert feed["home_page_url"] == f"https://paper.test{page}"
    assert feed["items"]
    assert len({item["id"] for item in feed["items"]}) == len(feed["items"])
    same = paper_of_all.client().get(f"{page}feed.json", headers={"If-None-Match": answer.headers["ETag"]})
    assert same.status_code == 304


def test_a_large_map_is_split(paper_of_all: Paper, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = paper_of_all.client().get("/sitemap.xml").text
    monkeypatch.setattr(feeds, "MAP_ENTRIES", 7)
    client = paper_of_all.client()
    parts = re.findall("<loc>https://paper.test([^<]+)</loc>", client.get("/sitemap.xml").text)
    assert parts == [f"/sitemap-{number}.xml" for number in range(1, len(parts) + 1)]
    found = [loc for part in parts for loc in re.findall("<loc>[^<]+</loc>", client.get(part).text)]
    assert found == re.findall("<loc>[^<]+</loc>", whole)
    assert client.get(f"/sitemap-{len(parts) + 1}.xml").status_code == 404
    assert paper_of_all.freeze().exit_code == 0
    assert {part.lstrip("/") for part in parts} <= set(paper_of_all.tree())


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("The Paper", "Organization"),
        ("Harbour Desk", "Organization"),
        ("Sports staff", "Organization"),
        ("Die Sportredaktion", "Organization"),
        ("La rédaction", "Organization"),
        ("A Reader", "Person"),
        ("Steamer Deskin", "Person"),
    ],
)
def test_a_desk_is_no_person(paper: Paper, name: str, kind: str) -> None:
    paper.write("pages/authors/filed.md", f"---\nname: {name} II\n---\n")
    paper.post("one", authors=f"[{name}, filed]")
    authors = head(paper, "/posts/one/").data["@graph"][0]["author"]
    assert authors[0]["@type"] == kind
    if name != "The Paper":
        assert authors[1]["@type"] == kind
    assert head(paper, "/authors/filed/").data["mainEntity"]["@type"] == authors[1]["@type"]


def test_a_story_without_a_byline_is_by_the_publisher(paper: Paper) -> None:
    paper.post("one")
    found = head(paper, "/posts/one/")
    (author,) = found.data["@graph"][0]["author"]
    publisher = found.data["@graph"][0]["publisher"]
    assert {key: publisher[key] for key in author} == author
    assert author["name"] == "The Paper"
    assert found.meta["author"] == ["The Paper"]
    assert found.meta["article:modified_time"] == found.meta["article:published_time"]


@pytest.mark.parametrize(("form", "is_shown"), [("PNG", True), ("JPEG", True), ("WEBP", False), ("SVG", False)])
@pytest.mark.parametrize("cards", ["true", "false"])
def test_previews_get_a_picture_that_networks_show(paper: Paper, form: str, is_shown: bool, cards: str) -> None:
    paper.settings(f'title = "The Paper"\nurl = "https://paper.test"\nsocial_cards = {cards}')
    name = f"sign.{form.lower()}"
    paper.write(f"pages/posts/{name}", picture(form))
    paper.write(f"pages/authors/{name}", picture(form))
    paper.write("pages/authors/desk.md", f"---\nname: A Desk\navatar: {name}\n---\n")
    paper.post("one", cover=f"{{src: {name}, alt: A sign}}", authors="desk")
    shown, profile = head(paper, "/posts/one/"), head(paper, "/authors/desk/")
    instead = "/media/card-" if cards == "true" else "/static/icon.png"
    assert (("/media/sign-" if is_shown else instead) in shown.meta["og:image"][0]) is True
    assert (("/media/sign-" if is_shown else "/static/icon.png") in profile.meta["og:image"][0]) is True
    assert "/media/sign-" in shown.data["@graph"][0]["image"][0]["url"]


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ("x" * 58, "x" * 58 + " · The Paper"),
        ("x" * 59, "x" * 59),
        ("x" * 70, "x" * 70),
        ("x" * 71, "x" * 69 + "…"),
        ("word " * 30, "word " * 12 + "word…"),
        ("岛" * 200, "岛" * 69 + "…"),
    ],
)
def test_a_long_headline_stands_alone_in_the_title_and_is_cut_between_words(
    paper: Paper, title: str, shown: str
) -> None:
    paper.post("one", title=title)
    page = paper.client().get("/posts/one/").text
    assert f"<title>{shown}</title>" in page
    assert f'<meta property="og:title" content="{title.strip()}">' in page


def test_a_long_name_keeps_the_number_of_its_page(paper: Paper) -> None:
    paper.settings('title = "The Paper"\nurl = "https://paper.test"\nposts_per_page = 1')
    for name in ("one", "two"):
        paper.post(name, tags=f"[{'word ' * 20}]")
    url = paper.site().tags[0].url
    page = paper.client().get(f"{url}page/2/").text
    assert "<title>" + "word " * 11 + "word…, page 2</title>" in page


def test_titles_of_pages_differ(paper_of_all: Paper) -> None:
    paper_of_all.freeze()
    titles: dict[str, str] = {}
    for path in paper_of_all.tree():
        page = paper_of_all.page(path) if path.endswith(".html") else ""
        found = re.search("<title>(.*?)</title>", page, re.DOTALL)
        if found and "http-equiv" not in page and path != "404.html":
            assert found[1] not in titles, (path, titles.get(found[1]))
            titles[found[1]] = path
