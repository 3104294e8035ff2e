"""Feeds and maps, parsed back."""

import datetime as dt
import json
from xml.etree import ElementTree

import pytest

from tests.helpers.paper import NOON, Paper
from tests.helpers.papers import full_paper, png

ATOM = "{http://www.w3.org/2005/Atom}"
MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
MEDIA = "{http://search.yahoo.com/mrss/}"
NEWS = "{http://www.google.com/schemas/sitemap-news/0.9}"


def parsed(paper: Paper, url: str) -> ElementTree.Element:
    return ElementTree.fromstring(paper.client().get(url).data)


def text(element: ElementTree.Element, name: str) -> str:
    found = element.find(name)
    assert found is not None
    return found.text or ""


@pytest.mark.parametrize("base", ["", "/repo"])
@pytest.mark.parametrize("page", ["/", "/authors/ann-desk/", "/tags/law/", "/categories/world/"])
def test_atom(paper: Paper, base: str, page: str) -> None:
    full_paper(paper)
    paper.settings((paper.folder / "site.toml").read_text().replace("paper.test", f"paper.test{base}"))
    answer = paper.client().get(f"{base}{page}feed.xml")
    assert answer.mimetype == "application/atom+xml"
    feed = ElementTree.fromstring(answer.data)
    links = {link.get("rel"): link.get("href") for link in feed.findall(f"{ATOM}link")}
    assert links == {"self": f"https://paper.test{base}{page}feed.xml", "alternate": f"https://paper.test{base}{page}"}
    entries = feed.findall(f"{ATOM}entry")
    assert entries
    for element in (feed, *entries):
        assert text(element, f"{ATOM}id").startswith("tag:paper.test,2005:/")
        assert dt.datetime.fromisoformat(text(element, f"{ATOM}updated")).tzinfo
        assert text(element, f"{ATOM}title")
    assert len({text(entry, f"{ATOM}id") for entry in entries}) == len(entries)
    for entry in entries:
        assert entry.findall(f"{ATOM}author/{ATOM}name")
        content = text(entry, f"{ATOM}content")
        assert 'href="/' not in content
        assert 'src="/' not in content
        assert 'href="#' not in content


def test_the_feed_has_full_content_and_corrections(paper: Paper) -> None:
    feed = parsed(full_paper(paper), "/feed.xml")
    entry = next(e for e in feed.findall(f"{ATOM}entry") if "Story" in text(e, f"{ATOM}title"))
    content = text(entry, f"{ATOM}content")
    assert text(entry, f"{ATOM}title") == 'Story <one> & "more"'
    assert '<a href="https://paper.test/posts/two/#end">two</a>' in content
    assert "<p>Correction, June 1, 2025: A number was wrong.</p>" in content
    assert text(entry, f"{ATOM}id") == "tag:paper.test,2005:/posts/one/"
    assert text(entry, f"{ATOM}updated") == "2025-06-01T00:00:00+02:00"


def test_a_heading_in_a_feed_has_no_link_to_itself(paper: Paper) -> None:
    paper.post("one", "## A heading\n\nText with [a link](#a-heading).")
    content = json.loads(paper.client().get("/feed.json").data)["items"][0]["content_html"]
    assert '<h2 id="a-heading">A heading</h2>' in content
    assert 'href="https://paper.test/posts/one/#a-heading"' in content


def test_ids_stay_when_a_post_moves(paper: Paper) -> None:
    paper.post("one")
    before = text(parsed(paper, "/feed.xml"), f"{ATOM}entry/{ATOM}id")
    paper.post("one", slug="moved", aliases="/posts/one/", id="/posts/one/")
    assert text(parsed(paper, "/feed.xml"), f"{ATOM}entry/{ATOM}id") == before


def test_json_feed(paper: Paper) -> None:
    answer = full_paper(paper).client().get("/feed.json")
    assert answer.mimetype == "application/feed+json"
    feed = json.loads(answer.data)
    assert (feed["version"], feed["feed_url"]) == ("https://jsonfeed.org/version/1.1", "https://paper.test/feed.json")
    item = next(item for item in feed["items"] if item["url"].endswith("/posts/one/"))
    assert item["title"] == 'Story <one> & "more"'
    assert item["authors"] == [
        {"name": "Ann Desk", "url": "https://paper.test/authors/ann-desk/"},
        {"name": "Ben Desk", "url": "https://paper.test/authors/ben-desk/"},
    ]
    assert item["image"].startswith("https://paper.test/media/dot-")
    assert "https://paper.test/posts/two/#end" in item["content_html"]


def test_an_empty_site_has_valid_feeds(paper: Paper) -> None:
    assert text(parsed(paper, "/feed.xml"), f"{ATOM}updated") == "1970-01-01T00:00:00+00:00"
    assert json.loads(paper.client().get("/feed.json").data)["items"] == []
    assert paper.client().get("/").status_code == 200
    assert paper.client().get("/archive/").status_code == 200


def test_the_sitemap_lists_what_may_be_found(paper: Paper) -> None:
    urls = {text(url, f"{MAP}loc") for url in parsed(full_paper(paper), "/sitemap.xml")}
    client = paper.client()
    for url in urls:
        page = client.get(url.removeprefix("https://paper.test"))
        assert page.status_code == 200, url
        assert b'content="noindex"' not in page.data
    assert {"https://paper.test/", "https://paper.test/posts/vier-g%C3%A4nse/", "https://paper.test/about/"} <= urls


def test_news_are_two_days_old_at_most(paper: Paper) -> None:
    paper.post("fresh", date="2025-05-30 12:01")
    paper.post("stale", date="2025-05-30 12:00")
    app = paper.app()
    news = ElementTree.fromstring(app.test_client().get("/news-sitemap.xml").data)
    assert [text(url, f"{NEWS}news/{NEWS}title") for url in news] == ["The fresh story"]
    paper.now = NOON + dt.timedelta(minutes=1)
    stale = ElementTree.fromstring(app.test_client().get("/news-sitemap.xml").data)
    assert [text(url, f"{MAP}loc") for url in stale] == ["https://paper.test/"]  # one without a URL is invalid
    assert stale.find(f".//{NEWS}news") is None


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("en", "en"),
        ("pt-BR", "pt"),
        ("de-AT", "de"),
        ("zh", "zh-cn"),
        ("zh-Hans", "zh-cn"),
        ("zh-TW", "zh-tw"),
        ("zh-Hant", "zh-tw"),
        ("zh-HK", "zh-tw"),
        ("zh-Hans-HK", "zh-cn"),
        ("fil", "fil"),
    ],
)
def test_news_name_the_language_in_two_or_three_letters(paper: Paper, lang: str, said: str) -> None:
    paper.post("fresh", date="2025-06-01", lang=lang)
    assert parsed(paper, "/news-sitemap.xml").findtext(f".//{NEWS}language") == said


@pytest.mark.parametrize(
    ("canonical", "is_listed"),
    [
        ("https://other.test/a/", False),
        ("https://paper.test/posts/two/", False),
        ("https://paper.test/posts/one/", True),
        ("http://PAPER.test/posts/one", True),
        (None, True),
    ],
)
def test_a_story_that_belongs_elsewhere_is_in_no_map(paper: Paper, canonical: str | None, is_listed: bool) -> None:
    paper.post("one", date="2025-06-01", canonical=canonical)
    paper.post("two", date="2025-06-01")
    for url in ("/sitemap.xml", "/news-sitemap.xml"):
        found = {text(entry, f"{MAP}loc") for entry in parsed(paper, url)}
        assert ("https://paper.test/posts/one/" in found) == is_listed
        assert "https://paper.test/posts/two/" in found
    assert "/posts/one/" in paper.client().get("/feed.xml").text


def test_feeds_have_the_cover_and_the_language_of_a_story(paper: Paper) -> None:
    paper.write("pages/posts/sign.png", png(900, 600))
    paper.post("one", cover="sign.png", lang="de")
    paper.post("two", date="2025-04-01")
    one, two = parsed(paper, "/feed.xml").findall(f"{ATOM}entry")
    cover = one.find(f"{MEDIA}content")
    assert cover is not None
    assert (cover.get("medium"), cover.get("width"), cover.get("height")) == ("image", "900", "600")
    assert cover.get("type") == "image/png"
    items = json.loads(paper.client().get("/feed.json").data)["items"]
    assert cover.get("url") == items[0]["image"]
    assert (one.get("{http://www.w3.org/XML/1998/namespace}lang"), items[0]["language"]) == ("de", "de")
    assert two.find(f"{MEDIA}content") is None
    assert not {"image", "language"} & set(items[1])


def test_both_feeds_have_the_corrections_and_name_the_site_where_no_author_is_named(paper: Paper) -> None:
    paper.post("one", corrections="[{date: 2025-05-02, text: 'Not 3, but <4.'}]")
    entry = parsed(paper, "/feed.xml").find(f"{ATOM}entry")
    item = json.loads(paper.client().get("/feed.json").data)["items"][0]
    assert entry is not None
    assert text(entry, f"{ATOM}content") == item["content_html"]
    assert item["content_html"].endswith("<p>Correction, May 2, 2025: Not 3, but &lt;4.</p>")
    assert item["authors"] == [{"name": "The Paper", "url": "https://paper.test/"}]
    assert entry.findtext(f"{ATOM}author/{ATOM}name") == "The Paper"
    assert entry.findtext(f"{ATOM}author/{ATOM}uri") == "https://paper.test/"


@pytest.mark.parametrize(("url", "kind"), [("/a.JPG?w=2", "image/jpeg"), ("/a.webp", "image/webp"), ("/a", None)])
def test_a_feed_says_what_kind_of_picture_a_cover_is_where_its_address_does(
    paper: Paper, url: str, kind: str | None
) -> None:
    paper.post("one", cover=f"https://pictures.test{url}")
    cover = parsed(paper, "/feed.xml").find(f".//{MEDIA}content")
    assert cover is not None
    assert (cover.get("url"), cover.get("type")) == (f"https://pictures.test{url}", kind)


def test_robots(paper: Paper) -> None:
    robots = paper.client().get("/robots.txt").text
    assert "Sitemap: https://paper.test/sitemap.xml\nSitemap: https://paper.test/news-sitemap.xml\n" in robots
    assert "Sitemap" not in paper.client(debug=True).get("/robots.txt").text
