"""What an article tells machines, fact by fact: each failing row is named."""

import datetime as dt
import json
import re
import shutil
from collections.abc import Callable
from html import escape, unescape
from html.parser import HTMLParser
from typing import Any, NamedTuple
from urllib.parse import urljoin
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient

import byline
from byline.cli.commands import main
from byline.markdown.text import clipped
from byline.models import Post
from byline.web.app import live_of
from tests.helpers.corpus import CORPUS
from tests.helpers.paper import NOON, Paper
from tests.helpers.papers import png

URL = "https://paper.test/posts/all/"
DEK = "After two winters, the island has its own boat again."


class Article(HTMLParser):
    """The elements of a page in order, and its structured data."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.text = page
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.feed(page)
        found = re.search(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
        assert found, "no structured data"
        self.story, self.crumbs = json.loads(found[1])["@graph"]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def all(self, tag: str, **wanted: str) -> list[dict[str, str]]:
        return [a for name, a in self.elements if name == tag and all(a.get(k) == v for k, v in wanted.items())]

    def meta(self, name: str) -> str:
        """The content of the only such element; nothing if there are none or several."""
        found = self.all("meta", name=name) + self.all("meta", property=name)
        return found[0]["content"] if len(found) == 1 else ""

    def link(self, rel: str, **wanted: str) -> str:
        return next((found["href"] for found in self.all("link", rel=rel, **wanted)), "")

    def inside(self, tag: str) -> str:
        found = re.search(rf"<{tag}[ >].*?</{tag}>", self.text, re.DOTALL)
        return found[0] if found else ""


def is_absolute(url: Any) -> bool:
    return str(url).startswith("https://paper.test/")


def zoned(moment: str) -> dt.datetime:
    found = dt.datetime.fromisoformat(moment)
    assert found.tzinfo
    return found


def levels(a: Article) -> list[int]:
    return [int(tag[1]) for tag, _ in a.elements if re.fullmatch("h[1-6]", tag)]


FACTS: dict[str, Callable[[Article], object]] = {
    # the document
    "doctype": lambda a: a.text.startswith("<!doctype html>"),
    "charset in the first kilobyte": lambda a: '<meta charset="utf-8">' in a.text[:1024],
    "lang and dir": lambda a: a.all("html", lang="en", dir="ltr"),
    "viewport that can be zoomed": lambda a: a.meta("viewport") == "width=device-width, initial-scale=1",
    "title of story and site": lambda a: "<title>A ferry &amp; a harbour · The Paper</title>" in a.text,
    "the dek as description": lambda a: a.meta("description") == DEK == a.story["description"],
    "description": lambda a: 20 <= len(a.meta("description")) <= 300,
    "canonical": lambda a: [link["href"] for link in a.all("link", rel="canonical")] == [URL],
    "large previews allowed": lambda a: a.meta("robots") == "max-image-preview:large",
    "author": lambda a: [m["content"] for m in a.all("meta", name="author")] == ["Ann Desk", "Ben Desk"],
    "favicon": lambda a: a.link("icon"),
    "icon of a home screen": lambda a: a.link("apple-touch-icon").split("?")[0].endswith(".png"),
    "theme colours": lambda a: len(a.all("meta", name="theme-color")) == 2,
    "colour schemes": lambda a: a.meta("color-scheme") == "light dark",
    "Atom feed": lambda a: a.link("alternate", type="application/atom+xml"),
    "JSON feed": lambda a: a.link("alternate", type="application/feed+json"),
    # cards: https://ogp.me
    "og:title": lambda a: a.meta("og:title") == "A ferry & a harbour",
    "og:description": lambda a: a.meta("og:description") == a.meta("description"),
    "og:type": lambda a: a.meta("og:type") == "article",
    "og:url": lambda a: a.meta("og:url") == URL,
    "og:site_name": lambda a: a.meta("og:site_name") == "The Paper",
    "og:locale": lambda a: a.meta("og:locale") == "en_US",
    "og:image": lambda a: is_absolute(a.meta("og:image")),
    "og:image:width and :height": lambda a: (a.meta("og:image:width"), a.meta("og:image:height")) == ("900", "600"),
    "og:image:alt": lambda a: a.meta("og:image:alt") == "A red field",
    "twitter:card": lambda a: a.meta("twitter:card") == "summary_large_image",
    "twitter:image:alt": lambda a: a.meta("twitter:image:alt") == "A red field",
    "article:published_time": lambda a: zoned(a.meta("article:published_time")),
    "article:modified_time": lambda a: a.meta("article:modified_time") == a.story["dateModified"],
    "article:section": lambda a: a.meta("article:section") == "World",
    "article:tag": lambda a: [m["content"] for m in a.all("meta", property="article:tag")] == ["law", "sea"],
    "article:author": lambda a: all(is_absolute(m["content"]) for m in a.all("meta", property="article:author")),
    # structured data: https://developers.google.com/search/docs/appearance/structured-data/article
    "NewsArticle": lambda a: a.story["@type"] == "NewsArticle",
    "headline": lambda a: a.story["headline"] == "A ferry & a harbour" and len(a.story["headline"]) <= 110,
    "mainEntityOfPage": lambda a: a.story["mainEntityOfPage"] == URL,
    "datePublished": lambda a: zoned(a.story["datePublished"]),
    "dateModified": lambda a: zoned(a.story["dateModified"]) > zoned(a.story["datePublished"]),
    "authors with pages": lambda a: all(
        p["@type"] == "Organization" and p["name"] and is_absolute(p["url"]) for p in a.story["author"]
    ),
    "an author's picture": lambda a: is_absolute(a.story["author"][0]["image"]),
    "an author's other pages": lambda a: a.story["author"][0]["sameAs"] == ["https://ann.test"],
    "publisher": lambda a: a.story["publisher"]["name"] == "The Paper" and is_absolute(a.story["publisher"]["url"]),
    "the publisher's logo with its size": lambda a: a.story["publisher"]["logo"]["width"] == 512,
    "picture with its size": lambda a: (a.story["image"][0]["width"], a.story["image"][0]["height"]) == (900, 600),
    "section and keywords": lambda a: (a.story["articleSection"], a.story["keywords"]) == ("World", ["law", "sea"]),
    "language": lambda a: a.story["inLanguage"] == "en",
    "corrections": lambda a: a.story["correction"][0]["@type"] == "CorrectionComment",
    "breadcrumbs": lambda a: [c["position"] for c in a.crumbs["itemListElement"]] == [1, 2, 3],
    # the text
    "one h1": lambda a: len(a.all("h1")) == 1,
    "no heading jumps": lambda a: all(b - c <= 1 for b, c in zip(levels(a)[1:], levels(a), strict=False)),
    "main and article": lambda a: len(a.all("main")) == 1 and a.all("article", **{"class": "article"}),
    "time": lambda a: zoned(a.all("time")[0]["datetime"]),
    "rel=author": lambda a: [x["href"] for x in a.all("a", rel="author")][:1] == ["/authors/ann-desk/"],
    "rel=tag": lambda a: len(a.all("a", rel="tag")) == 2,
    "pictures with alternatives": lambda a: a.all("img") and all("alt" in img for img in a.all("img")),
    "pictures with sizes": lambda a: all(img.get("width") and img.get("height") for img in a.all("img")),
    "the lead picture first": lambda a: [i.get("loading") for i in a.all("img", fetchpriority="high")] == [None],
    "caption and credit": lambda a: "A caption." in a.inside("figcaption") and "The Paper" in a.inside("figcaption"),
    "navigation with names": lambda a: all(nav.get("aria-label") for nav in a.all("nav")),
    "skip link": lambda a: a.all("a", href="#page-main") and a.all("main", id="page-main"),
    "ids once": lambda a: len({i["id"] for _, i in a.elements if "id" in i}) == a.text.count(' id="'),
    "nothing inline": lambda a: not [1 for _, i in a.elements if "style" in i or any(n.startswith("on") for n in i)],
    "nothing from elsewhere": lambda a: (
        not [
            1
            for tag, i in a.elements
            if tag in ("script", "img", "source") and re.match("(https?:)?//", i.get("src", ""))
        ]
    ),
}


@pytest.fixture(scope="module")
def article(tmp_path_factory: pytest.TempPathFactory) -> Article:
    paper = Paper(tmp_path_factory.mktemp("facts"))
    paper.write("pages/posts/field.png", png(900, 600))
    paper.write("pages/authors/ann.png", png(96, 96))
    paper.write(
        "pages/authors/ann-desk.md", "---\nname: Ann Desk\navatar: ann.png\nlinks: {Web: https://ann.test}\n---\n"
    )
    paper.post(
        "all",
        "## One\n\n![A field](field.png)\n\n### Two\n\n## Three",
        title="A ferry & a harbour",
        dek=DEK,
        date="2025-05-30 09:00",
        authors="[ann-desk, Ben Desk]",
        tags="[law, sea]",
        category="World",
        cover="{src: field.png, alt: A red field, caption: A caption., credit: The Paper}",
        corrections="[{date: 2025-06-01, text: A number was wrong.}]",
    )
    paper.post("before", date="2025-05-29", category="World")
    return Article(paper.client().get("/posts/all/").text)


@pytest.mark.parametrize("name", FACTS)
def test_an_article_says(article: Article, name: str) -> None:
    assert FACTS[name](article), name


def test_there_are_as_many_facts_as_were_promised() -> None:
    assert len(FACTS) >= 42


@pytest.mark.parametrize(
    ("lang", "locale"),
    [
        ("en", "en_US"),
        ("de-AT", "de_AT"),
        ("zh", "zh_CN"),
        ("zh-Hant", "zh_TW"),
        ("pt-BR", "pt_BR"),
        ("qya-Latn", "qya_Latn"),
    ],
)
def test_cards_name_a_country(paper: Paper, lang: str, locale: str) -> None:
    paper.post("one", lang=lang)
    assert Article(paper.client().get("/posts/one/").text).meta("og:locale") == locale


ATOM, MEDIA = "{http://www.w3.org/2005/Atom}", "{http://search.yahoo.com/mrss/}"


class Told(NamedTuple):
    """A story, and what its page and both feeds say of it."""

    post: Post
    site: str
    origin: str
    page: Article
    atom: ElementTree.Element
    item: dict[str, Any]

    @property
    def title(self) -> str:
        found = re.search("<title>(.*?)</title>", self.page.text, re.DOTALL)
        return unescape(found[1]) if found else ""


def has_short_title(told: Told) -> bool:
    whole = f"{told.post.title} · {told.site}"
    rest = told.post.title if len(told.post.title) <= 70 else clipped(told.post.title, 69)
    return told.title == (whole if len(whole) <= 70 else rest) and len(told.title) <= 70


def has_corrections(told: Told) -> bool:
    feeds = told.atom.findtext(f"{ATOM}content") or "", told.item["content_html"]
    said = [escape(correction.text, quote=False) for correction in told.post.corrections]
    told_machines = [unescape(found["text"]) for found in told.page.story.get("correction", ())]
    return all(text in feed for feed in feeds for text in said) and len(told_machines) == len(said)


def has_authors(told: Told) -> bool:
    names = [author.name for author in told.post.authors] or [told.site]
    return all(
        list(found) == names
        for found in (
            (one["name"] for one in told.page.story["author"]),
            (one["content"] for one in told.page.all("meta", name="author")),
            (one["name"] for one in told.item["authors"]),
            (one.text for one in told.atom.findall(f"{ATOM}author/{ATOM}name")),
        )
    )


def has_cover(told: Told) -> bool:
    urls = [urljoin(told.origin, told.post.cover.url)] if told.post.cover else []
    covers = told.atom.findall(f"{MEDIA}content")
    typed = [cover.get("type") for cover in covers]
    return [one.get("url") for one in covers] == [
        told.item[key] for key in told.item if key == "image"
    ] == urls and all(typed)


def has_change(told: Told) -> bool:
    published, modified = zoned(told.page.story["datePublished"]), zoned(told.page.story["dateModified"])
    others = told.page.meta("article:modified_time"), told.item["date_modified"], told.atom.findtext(f"{ATOM}updated")
    return published <= modified and all(zoned(other or "") == modified for other in others)


TOLD: dict[str, Callable[[Told], object]] = {
    "when it was changed": has_change,
    "what it is about": lambda t: t.page.meta("description") == clipped(t.post.summary, 200) != "",
    "a title under 70 characters, without the site's name if it has no room": has_short_title,
    "who wrote it, or else the publisher": has_authors,
    "corrections": has_corrections,
    "cover": has_cover,
}


@pytest.fixture(scope="module", params=["starter", "corpus"])
def stories(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[list[Told], FlaskClient]:
    """Every story of a new site, and of the corpus."""
    folder = tmp_path_factory.mktemp("facts") / "site"
    if request.param == "starter":
        assert CliRunner().invoke(main, ["init", str(folder)]).exit_code == 0
    elif CORPUS.is_dir():
        for name in ("_posts", "_authors"):
            shutil.copytree(CORPUS / name, folder / "18f" / name)
        (folder / "site.toml").write_text('url = "https://corpus.test"\npages = "18f"\ndialect = "jekyll"\n')
    else:
        pytest.skip("the corpus ../shared/corpus is not here")
    settings = folder / "site.toml"
    settings.write_text("feed_items = 1000\n" + settings.read_text())
    app = byline.create_app(folder, clock=lambda: NOON.replace(year=9000))
    site, client = live_of(app).snapshot().site, app.test_client()
    entries = ElementTree.fromstring(client.get("/feed.xml").data).findall(f"{ATOM}entry")
    items = json.loads(client.get("/feed.json").data)["items"]
    told = [
        Told(post, site.settings.title, site.urls.origin, Article(client.get(post.url).text), entry, item)
        for post, entry, item in zip(site.posts, entries, items, strict=True)
    ]
    assert told
    return told, client


@pytest.mark.parametrize("name", TOLD)
def test_every_story_says(stories: tuple[list[Told], FlaskClient], name: str) -> None:
    assert [told.post.path for told in stories[0] if not TOLD[name](told)] == []


def test_the_news_are_announced(stories: tuple[list[Told], FlaskClient]) -> None:
    told, client = stories
    assert f"Sitemap: {told[0].origin}/news-sitemap.xml\n" in client.get("/robots.txt").text
    assert client.get("/news-sitemap.xml").status_code == 200
