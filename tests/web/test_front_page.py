"""The front page: with a text above the stories, made by a template, or a page of its own with the stories elsewhere."""

import re
from xml.etree import ElementTree

import pytest

from byline.problems import SiteError
from tests.helpers.paper import Paper

SETTINGS = 'title = "The Paper"\ntagline = "News."\nurl = "https://paper.test"\nposts_per_page = 1\n'
BLOG = f'{SETTINGS}stories = "/blog/"\n'
INDEX = "---\ntitle: Welcome\n---\nHello, *reader*. See [one](posts/one.md)."
LOC = "{http://www.sitemaps.org/schemas/sitemap/0.9}url/{http://www.sitemaps.org/schemas/sitemap/0.9}loc"


@pytest.fixture
def two(paper: Paper) -> Paper:
    paper.settings(SETTINGS)
    paper.post("one")
    paper.post("two", date="2025-04-01")
    paper.write("pages/index.md", INDEX)
    return paper


def mapped(paper: Paper) -> list[str]:
    found = ElementTree.fromstring(paper.client().get("/sitemap.xml").data).findall(LOC)
    return [(loc.text or "").removeprefix("https://paper.test") for loc in found]


def test_a_text_above_the_stories(two: Paper) -> None:
    page = two.client().get("/").text
    assert "<title>The Paper</title>" in page
    assert '<meta name="description" content="Hello, reader. See one.">' in page
    text = 'Hello, <em>reader</em>. See <a href="/posts/one/">one</a>.'
    assert page.index(text) < page.index("The one story</a>")
    assert "Hello" not in two.client().get("/page/2/").text
    assert two.client().get("/index/").headers["Location"].endswith("/")  # where it was
    assert mapped(two).count("/") == 1
    assert two.problems() == []


def test_a_link_to_its_file_leads_to_the_front_page(two: Paper) -> None:
    two.write("pages/about.md", "---\ntitle: About\n---\n[Home](index.md)")
    assert '<a href="/">Home</a>' in two.client().get("/about/").text


def test_a_template_of_its_own(two: Paper) -> None:
    two.write("data/boats.csv", "name\nFerry\n")
    two.write("pages/index.md", INDEX.replace("Welcome", "Welcome\ntemplate: home"))
    template = "{{ page.title }}: {{ data.boats[0].name }}, {{ latest(1)[0].title }}, {{ listing.pager.older }}"
    two.write("templates/page-home.html", template)
    assert two.client().get("/").text == "Welcome: Ferry, The one story, /page/2/"
    assert "The two story" in two.client().get("/page/2/").text
    assert two.problems() == []


@pytest.mark.parametrize("at", ["/blog/", "/posts/", "/news/all/"])
@pytest.mark.parametrize("base", ["", "/repo"])
def test_the_stories_elsewhere(two: Paper, at: str, base: str) -> None:
    two.settings(BLOG.replace("/blog/", at).replace("paper.test", f"paper.test{base}"))
    client = two.client()
    front = client.get(f"{base}/").text
    assert ("<title>The Paper</title>" in front, "<h1>Welcome</h1>" in front) == (True, True)
    assert "The one story" not in front
    first, second = client.get(base + at).text, client.get(f"{base}{at}page/2/").text
    assert ("The one story" in first, "The two story" in second) == (True, True)
    assert f'href="{base}{at}page/2/" rel="next"' in first
    assert f'href="{base}{at}" rel="prev"' in second
    assert "<title>Latest stories · The Paper</title>" in first
    assert client.get(f"{base}/page/2/").status_code == 404
    assert "The one story" in client.get(f"{base}/feed.xml").text
    assert client.get(f"{base}/posts/one/").status_code == 200
    assert two.freeze().exit_code == 0
    assert two.page("index.html") == front
    assert two.page(f"{at[1:]}page/2/index.html") == second
    assert two.run("check", "--strict").exit_code == 0, two.run("check").output


def test_the_map_names_the_front_page_and_the_list(two: Paper) -> None:
    two.settings(BLOG)
    urls = mapped(two)
    assert (urls.count("/"), urls.count("/blog/")) == (1, 1)


def test_without_a_text_the_front_page_shows_the_stories_and_the_check_says_so(two: Paper) -> None:
    two.settings(BLOG)
    (two.folder / "pages/index.md").unlink()
    assert "The one story" in two.client().get("/").text
    told = two.run("check").output
    assert "no-front-page / has no text of its own, so it shows the stories that are at /blog/" in told
    assert "(write pages/index.md)" in told


@pytest.mark.parametrize("name", ["index.de.md", "de/index.md"])
@pytest.mark.parametrize("stories", ["/", "/blog/"])
def test_each_language_has_its_own(two: Paper, name: str, stories: str) -> None:
    two.settings(f'{SETTINGS}stories = "{stories}"\n[languages.de]\ntitle = "Die Zeitung"')
    two.write(f"pages/{name}", "---\ntitle: Willkommen\n---\nGuten Tag.")
    two.post("eins", lang="de")
    client = two.client()
    page = client.get("/de/").text
    assert "Guten Tag." in page
    assert ("The eins story" in page) is (stories == "/")
    assert "The eins story" in client.get(f"/de{stories}").text
    assert re.search('hreflang="de" href="https://paper.test/de/"', client.get("/").text)
    assert two.freeze().exit_code == 0
    assert two.page("de/index.html") == page


def test_a_draft_of_it_is_shown_to_writers_alone(two: Paper) -> None:
    two.write("pages/index.md", INDEX.replace("Welcome", "Welcome\ndraft: true"))
    assert "Hello" not in two.client().get("/").text
    assert "Hello" in two.client(debug=True).get("/").text
    assert two.freeze().exit_code == 0


def test_an_edit_of_it_is_frozen(two: Paper) -> None:
    assert two.freeze().exit_code == 0
    two.write("pages/index.md", INDEX.replace("Hello", "Welcome"))
    assert two.freeze().exit_code == 0
    assert "Welcome, <em>reader</em>" in two.page("index.html")


@pytest.mark.parametrize(
    ("value", "fault"),
    [
        ("blog", "`stories`: 'blog' is not a path like /blog/"),
        ("/blog", "is not a path like /blog/"),
        ("//blog/", "is not a path like /blog/"),
        ("/archive/", "site.toml:5:1: bad-setting `stories`: /archive/ is reserved for Byline"),
        ("/tags/x/", "/tags/x/ is reserved"),
    ],
)
def test_where_the_stories_may_not_be(two: Paper, value: str, fault: str) -> None:
    two.settings(BLOG.replace("/blog/", value))
    with pytest.raises(SiteError, match=re.escape(fault)):
        two.app()


def test_the_stories_may_not_be_where_a_language_begins(two: Paper) -> None:
    two.settings(BLOG.replace("/blog/", "/de/") + '[languages.de]\ntitle = "Die Zeitung"\n')
    with pytest.raises(SiteError, match=r"site.toml:5:1: bad-setting `stories`: '/de/' is where a language begins"):
        two.app()


def test_nothing_else_may_be_where_the_stories_are(two: Paper) -> None:
    two.settings(BLOG)
    two.write("pages/blog.md", "---\ntitle: Blog\n---\n")
    assert any("error pages/blog.md:1:1: reserved-url /blog/ is reserved" in problem for problem in two.problems())


@pytest.mark.parametrize(
    ("name", "header", "url"),
    [
        ("a/b", "", "/a/b/"),
        ("blog/index", "", "/blog/"),
        ("x", "permalink: /a/b.html", "/a/b.html"),
        ("x", "permalink: /deep/er/", "/deep/er/"),
        ("x", "permalink: /bare", "/bare"),
    ],
)
def test_a_page_may_be_anywhere(two: Paper, name: str, header: str, url: str) -> None:
    two.write(f"pages/{name}.md", f"---\ntitle: Here\n{header}\n---\nText.")
    assert "<h1>Here</h1>" in two.client().get(url).text
    two.write("public/humans.txt", "We.")
    assert two.client().get("/humans.txt").text == "We."
    assert two.freeze().exit_code == 0
    assert two.page("humans.txt") == "We."
