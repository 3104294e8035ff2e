"""Feeds checked against their specifications: RFC 4287 for Atom, https://www.jsonfeed.org/version/1.1/ for JSON Feed."""

import datetime as dt
import json
import re
from html.parser import HTMLParser
from typing import Any
from xml.etree import ElementTree

import pytest

from tests.helpers.paper import Paper
from tests.helpers.papers import full_paper, png

ATOM = "{http://www.w3.org/2005/Atom}"
RFC_3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
PAGES = ["/", "/authors/ann-desk/", "/tags/law/", "/categories/world/"]
BODY = """
[Here](#there), [one](one/index.md), [elsewhere](https://other.test/) and <a href="//other.test/a">without a scheme</a>.

![A sign](sign.png)
*A caption.*

> [!NOTE]
> A note.[^1]

| a | |
|---|---|
| 1 | 2 |

[^1]: Below.
"""


@pytest.fixture
def fed(paper: Paper) -> Paper:
    full_paper(paper)
    paper.write("pages/posts/sign.png", png(900, 600))
    paper.post("rich", BODY, tags="[law]", authors="ann-desk", category="World", cover="sign.png")
    return paper


class Addresses(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name in ("href", "src", "poster") and value:
                self.found.append(value)
            if name == "srcset" and value:
                self.found += [part.split()[0] for part in value.split(",")]


def assert_absolute(html: str) -> None:
    assert [url for url in Addresses(html).found if not re.match("https?:|mailto:", url)] == []


def one(element: ElementTree.Element, name: str) -> str:
    found = element.findall(f"{ATOM}{name}")
    assert len(found) == 1, name
    return found[0].text or ""


@pytest.mark.parametrize("page", PAGES)
def test_atom(fed: Paper, page: str) -> None:
    answer = fed.client().get(f"{page}feed.xml")
    feed = ElementTree.fromstring(answer.data)
    entries = feed.findall(f"{ATOM}entry")
    assert feed.tag == f"{ATOM}feed"
    assert any("https://paper.test/posts/rich/#there" in one(entry, "content") for entry in entries)
    for element in (feed, *entries):
        assert one(element, "title").strip()
        assert re.match(r"tag:paper\.test,2005:/|https://", one(element, "id"))
        assert RFC_3339.fullmatch(one(element, "updated"))
        links = element.findall(f"{ATOM}link")
        assert all((link.get("href") or "").startswith("https://paper.test/") for link in links)
        assert [link.get("rel") for link in links].count("alternate") == 1
    own = [link.get("href") for link in feed.findall(f"{ATOM}link") if link.get("rel") == "self"]
    assert own == [f"https://paper.test{page}feed.xml"]
    ids = [one(element, "id") for element in (feed, *entries)]
    assert len(ids) == len(set(ids))
    moments = [dt.datetime.fromisoformat(one(entry, "updated")) for entry in entries]
    assert dt.datetime.fromisoformat(one(feed, "updated")) == max(moments)


@pytest.mark.parametrize("page", PAGES)
def test_entries(fed: Paper, page: str) -> None:
    for entry in ElementTree.fromstring(fed.client().get(f"{page}feed.xml").data).findall(f"{ATOM}entry"):
        published, updated = one(entry, "published"), one(entry, "updated")
        assert RFC_3339.fullmatch(published)
        assert dt.datetime.fromisoformat(published) <= dt.datetime.fromisoformat(updated)
        assert all(author.findtext(f"{ATOM}name") for author in entry.findall(f"{ATOM}author"))
        assert entry.findall(f"{ATOM}author")
        assert all(category.get("term") for category in entry.findall(f"{ATOM}category"))
        assert [content.get("type") for content in entry.findall(f"{ATOM}content")] == ["html"]
        assert len(entry.findall(f"{ATOM}summary")) <= 1
        assert_absolute(one(entry, "content"))


@pytest.mark.parametrize("page", PAGES)
def test_json(fed: Paper, page: str) -> None:
    feed = json.loads(fed.client().get(f"{page}feed.json").data)
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed["title"]
    assert feed["home_page_url"] == f"https://paper.test{page}"
    assert feed["feed_url"] == f"https://paper.test{page}feed.json"
    ids = [item["id"] for item in feed["items"]]
    assert ids
    assert len(ids) == len(set(ids))
    for item in feed["items"]:
        assert_item(item)


def assert_item(item: dict[str, Any]) -> None:
    assert isinstance(item["id"], str)
    assert item["url"].startswith("https://paper.test/")
    assert item["content_html"]
    assert RFC_3339.fullmatch(item["date_published"])
    assert RFC_3339.fullmatch(item["date_modified"])
    assert item.get("image", "https://").startswith("https://")
    assert all(author["name"] and author["url"].startswith("https://") for author in item["authors"])
    assert all(isinstance(tag, str) for tag in item["tags"])
    assert_absolute(item["content_html"])


@pytest.mark.parametrize("name", ["feed.xml", "feed.json"])
@pytest.mark.parametrize("page", PAGES)
def test_a_feed_that_is_known_is_not_sent_again(fed: Paper, page: str, name: str) -> None:
    client = fed.client()
    tag = client.get(f"{page}{name}").headers["ETag"]
    again = client.get(f"{page}{name}", headers={"If-None-Match": tag})
    assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", tag)
    fed.post("news", tags="[law]", authors="ann-desk", category="World")
    assert fed.client().get(f"{page}{name}", headers={"If-None-Match": tag}).status_code == 200


def test_corrections_speak_the_language_of_the_site(paper: Paper) -> None:
    paper.settings('title = "Die Zeitung"\nurl = "https://paper.test"\nlanguage = "de"')
    paper.post("one", corrections="[{date: 2025-05-02, text: Falsche Zahl.}]")
    assert "Korrektur, 2. Mai 2025: Falsche Zahl." in paper.client().get("/feed.xml").text


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("urn:uuid:1225c695-cfb8-4ebb-aaaa-80da344efa6a", "urn:uuid:1225c695-cfb8-4ebb-aaaa-80da344efa6a"),
        ("https://old.test/?p=12", "https://old.test/?p=12"),
        ("12", "tag:paper.test,2005:12"),
        ("intro doc", "tag:paper.test,2005:intro%20doc"),
    ],
)
def test_an_id_of_the_header_is_an_iri(paper: Paper, typed: str, said: str) -> None:
    paper.post("one", id=typed)
    assert f"<id>{said}</id>" in paper.client().get("/feed.xml").text
    assert json.loads(paper.client().get("/feed.json").data)["items"][0]["id"] == said


@pytest.mark.parametrize("setting", ["", "trust_html = true", '[markdown]\nengine = "python"'])
def test_no_character_ends_a_feed(paper: Paper, setting: str) -> None:
    paper.settings(f'title = "The \\u0001Paper"\nurl = "https://paper.test"\n{setting}')
    paper.post("one", 'Text \x01, &#1;, \ufffe <b title="\x02">end</b>.', title='"A\\x01B"', date="2025-06-01")
    for url in ("/feed.xml", "/news-sitemap.xml", "/sitemap.xml"):
        assert ElementTree.fromstring(paper.client().get(url).data) is not None
    assert ElementTree.fromstring(paper.client().get("/feed.xml").data).findtext(f"{ATOM}title") == "The Paper"


def test_ids_stay_when_the_site_gets_another_scheme(paper: Paper) -> None:
    def ids() -> list[str]:
        return re.findall("<id>(.*?)</id>", paper.client().get("/feed.xml").text)

    paper.settings('title = "The Paper"\nurl = "http://paper.test:8000"')
    paper.post("one")
    before = ids()
    paper.settings('title = "The Paper"\nurl = "https://paper.test"')
    assert ids() == before == ["tag:paper.test,2005:/", "tag:paper.test,2005:/posts/one/"]
