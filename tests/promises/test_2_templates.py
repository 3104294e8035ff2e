"""A template sees its context and nothing else, so that equal tags mean equal bytes."""

import pytest

from tests.helpers.paper import Paper


@pytest.mark.parametrize(
    "expression",
    [
        "request.path",
        "session",
        "g",
        "config",
        "get_flashed_messages()",
        "url_for('index')",
        "lipsum()",
        "[1, 2] | random",
        "nonsense",
        "post.nonsense",
        "head.nonsense",
        "static('nothing.css')",
        "static(head.title)",
    ],
)
def test_templates_see_no_request_no_chance_and_no_undefined_name(paper: Paper, expression: str) -> None:
    paper.post("one")
    paper.write("templates/article.html", "{{ " + expression + " }}")
    assert paper.client(debug=True).get("/posts/one/").status_code == 500


def tags(paper: Paper) -> dict[str, str]:
    client = paper.client()
    return {url: client.get(url).headers["ETag"] for url in ("/", "/posts/one/", "/posts/two/", "/about/", "/feed.xml")}


def changed(before: dict[str, str], after: dict[str, str]) -> set[str]:
    return {url for url in before if before[url] != after[url]}


@pytest.fixture
def small(paper: Paper) -> Paper:
    paper.settings('url = "https://paper.test"\nfeed_items = 1')
    paper.post("one", date="2025-01-01")
    paper.post("two", date="2025-02-01", dek="A line.")
    paper.write("pages/about.md", "---\ntitle: About\n---\n")
    return paper


def test_tags_are_the_same_in_another_process(small: Paper) -> None:
    assert tags(small) == tags(small)


def test_editing_a_body_leaves_the_lists_alone(small: Paper) -> None:
    before = tags(small)
    small.post("two", "Another text.", date="2025-02-01", dek="A line.", summary="Text.")
    small.post("two", "Another text.", date="2025-02-01", dek="A line.", summary="Text.")
    before = tags(small)
    small.post("two", "A third text.", date="2025-02-01", dek="A line.", summary="Text.")
    assert changed(before, tags(small)) == {"/posts/two/", "/feed.xml"}


def test_editing_a_title_reaches_the_pages_that_show_it(small: Paper) -> None:
    before = tags(small)
    small.post("one", date="2025-01-01", title="Another title")
    assert changed(before, tags(small)) == {"/", "/posts/one/", "/posts/two/"}


@pytest.mark.parametrize("what", ["template", "setting", "linked static file"])
def test_what_all_pages_depend_on(small: Paper, what: str) -> None:
    before = tags(small)
    if what == "template":
        small.write("templates/page.html", small.override("page.html") + " ")
    elif what == "setting":
        small.settings('url = "https://paper.test"\nfeed_items = 1\ntagline = "New"')
    else:
        small.write("static/style.css", "body {}")
    assert changed(before, tags(small)) == set(before)


def test_a_static_file_that_no_template_links_changes_no_page(small: Paper) -> None:
    before = tags(small)
    small.write("static/new.txt", "new")
    assert changed(before, tags(small)) == set()


def test_a_running_server_keeps_the_templates_of_its_tags(small: Paper) -> None:
    """A template replaced before its first use must not render new bytes under the old tag."""
    client = small.client()
    client.get("/")
    small.write("templates/article.html", "replaced")
    assert b"replaced" not in client.get("/posts/one/").data


def test_custom_templates(small: Paper) -> None:
    small.write("templates/article-interview.html", "Interview: {{ post.title }}")
    small.post("one", template="interview")
    small.post("two", template="nothing")
    client = small.client()
    assert client.get("/posts/one/").data == b"Interview: The one story"
    assert b"<h1>The two story</h1>" in client.get("/posts/two/").data
    assert any("pages/posts/two.md:1:1: unknown-template" in problem for problem in small.problems())


@pytest.mark.parametrize(
    ("language", "date"), [("en", "January 1, 2025"), ("de", "1. Januar 2025"), ("xx-nowhere", "January 1, 2025")]
)
def test_dates_in_words(small: Paper, language: str, date: str) -> None:
    small.settings(f'url = "https://paper.test"\nlanguage = "{language}"')
    assert date in small.client().get("/posts/one/").data.decode()
