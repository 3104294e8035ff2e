"""`latest()` in templates: the newest stories, on any page, and in the tags of the pages that call it."""

import pytest

from byline.models import Teaser
from tests.helpers.paper import Paper
from tests.promises.test_2_templates import changed

TITLES = "{% for story in {} %}{{ story.title }}{% if not loop.last %}, {% endif %}{% endfor %}"
PAGES = ("/", "/posts/one/", "/archive/", "/about/", "/feed.xml")


def titles(call: str) -> str:
    return TITLES.replace("{}", call, 1)


@pytest.fixture
def listed(paper: Paper) -> Paper:
    paper.post("one", title="One", date="2025-01-01", tags="[C++, sea]", category="World", authors="Ann", series="S")
    paper.post("two", title="Two", date="2025-01-02", tags="[sea]", category="News", authors="[Ann, Ben]")
    paper.post("three", title="Three", date="2025-01-03", tags="[sea]", category="World", authors="Ben", series="S")
    paper.post("four", title="Four", date="2025-07-03", tags="[sea]")  # not yet
    paper.write("pages/about.md", "---\ntitle: About\n---\n")
    paper.settings('title = "The Paper"\nurl = "https://paper.test"\n[slugs]\n"C++" = "cpp"')
    return paper


@pytest.mark.parametrize(
    ("call", "said"),
    [
        ("latest(2)", "Three, Two"),
        ("latest(9)", "Three, Two, One"),
        ("latest(0)", ""),
        ('latest(9, tag="cpp")', "One"),
        ('latest(9, tag="C++")', "One"),
        ('latest(9, category="world")', "Three, One"),
        ('latest(1, author="ann")', "Two"),
        ('latest(9, author="ben", category="news")', "Two"),
        ('latest(9, series="s")', "Three, One"),  # newest first here, too
        ('latest(9, tag="none")', ""),
        ('latest(9, tag="")', "Three, Two, One"),
        ('latest(*[9], tag="sea" ~ "")', "Three, Two, One"),
    ],
)
def test_the_newest_stories(listed: Paper, call: str, said: str) -> None:
    listed.write("templates/page.html", titles(call))
    assert listed.client().get("/about/").text == said


def test_a_topic_may_be_given_as_it_is(listed: Paper) -> None:
    listed.write("templates/article.html", titles("latest(9, category=post.category, author=post.authors[0])"))
    assert listed.client().get("/posts/three/").text == "Three"


def test_a_macro_may_call_it_too(listed: Paper) -> None:
    listed.write("templates/parts/own.html", "{% macro newest() %}" + titles("latest(1)") + "{% endmacro %}")
    listed.write("templates/page.html", '{% import "parts/own.html" as own %}{{ own.newest() }}')
    assert listed.client().get("/about/").text == "Three"


def tags(paper: Paper) -> dict[str, str]:
    client = paper.client()
    return {url: client.get(url).headers["ETag"] for url in PAGES}


@pytest.mark.parametrize(
    ("call", "is_changed"),
    [
        ("latest(1)", False),
        ("latest(3)", True),
        ('latest(3, tag="cpp")', True),
        ('latest(3, category="news")', False),
        ('latest(3, category="ne" ~ "ws")', False),
        ("latest(*[1])", True),  # nobody knows what it will be
        ("latest(head.number)", True),
    ],
)
def test_the_tag_of_a_page_is_that_of_what_it_lists(listed: Paper, call: str, is_changed: bool) -> None:
    listed.write("templates/parts/own.html", titles(call))
    listed.write("templates/page.html", '{% include "parts/own.html" %}')
    before, page = tags(listed), listed.client().get("/about/").text
    one = listed.folder / "pages/posts/one.md"
    one.write_text(one.read_text().replace("title: One", "title: Another"))
    assert ("/about/" in changed(before, tags(listed))) is is_changed
    assert listed.client().get("/about/").text == page or is_changed


def test_what_a_macro_lists_is_not_remembered_for_a_page_of_later(listed: Paper) -> None:
    macro = "{% macro card(teaser) %}{{ teaser.title }}: " + titles("latest(1)") + "{% endmacro %}"
    listed.write("templates/parts/own.html", macro)
    page = '{% import "parts/own.html" as own %}{% for teaser in listing.teasers %}{{ memo(own.card, teaser) }};{% endfor %}'
    listed.write("templates/index.html", page)
    app = listed.app()
    assert app.test_client().get("/").text == "Three: Three;Two: Three;One: Three;"
    listed.now = listed.now.replace(month=8)  # the fourth has come out
    assert app.test_client().get("/").text == "Four: Four;Three: Four;Two: Four;One: Four;"


@pytest.mark.parametrize("call", ["latest(2)", 'latest(2, tag="se" ~ "a")'])
def test_a_warm_freeze_gives_what_a_cold_one_does(listed: Paper, call: str) -> None:
    listed.write("templates/page.html", titles(call))
    assert listed.freeze().exit_code == 0
    listed.post("five", title="Five", date="2025-02-01", tags="[sea]")
    assert listed.freeze().exit_code == 0
    assert listed.page("about/index.html") == "Five, Three"
    assert listed.freeze(out="cold").exit_code == 0
    assert listed.tree() == listed.tree("cold")


def test_each_language_lists_its_own(listed: Paper) -> None:
    listed.settings('url = "https://paper.test"\n[languages.de]\ntitle = "Die Zeitung"')
    listed.post("eins", title="Eins", date="2025-02-01", lang="de")
    listed.write("templates/archive.html", titles("latest(1)"))
    client = listed.client()
    assert (client.get("/archive/").text, client.get("/de/archive/").text) == ("Three", "Eins")


def test_the_extension_gives_the_same(listed: Paper) -> None:
    found = listed.site().latest(9, series="s")
    assert [teaser.title for teaser in found] == ["Three", "One"]
    assert all(isinstance(teaser, Teaser) for teaser in found)


@pytest.mark.parametrize("call", ["latest()", 'latest(2, tags="sea")', 'latest("2")'])
def test_a_wrong_call_is_named(listed: Paper, call: str) -> None:
    listed.write("templates/page.html", "\n" + titles(call))
    run = listed.freeze()
    assert run.exit_code == 1
    assert "/about/: 500 templates/page.html:2:1: template" in run.output


def test_a_topic_that_no_story_has_is_named(listed: Paper) -> None:
    listed.write(
        "templates/page.html", 'x\n{{ latest(2, tag="sae") }}{{ latest(2, tag="sea") }}{{ latest(2, series="S") }}'
    )
    run = listed.run("check")
    assert "templates/page.html:2:1: unknown-name no story has the tag `sae` (did you mean `sea`?)" in run.output
    assert run.output.count("unknown-name") == 1
