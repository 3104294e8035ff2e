"""What programs read: a story as Markdown, and llms.txt; and the link with which a reader may edit a page."""

import re

import pytest

from byline.content.twins import twin_of
from byline.markdown.facts import Address
from byline.problems import SiteError
from tests.helpers.paper import Paper
from tests.helpers.papers import full_paper, png

SETTINGS = 'title = "The Paper"\ntagline = "News of the harbour"\nurl = "https://paper.test"\n'
TWINS = f"{SETTINGS}markdown_twins = true\n"
BODY = """## One

See [two](two.md#end), [here](#one) & [it](https://other.test/).

![A sign](sign.png "Big")

```
[x](two.md)
```"""


def test_a_story_is_there_as_it_was_typed_with_whole_addresses(paper: Paper) -> None:
    paper.settings(TWINS)
    paper.write("pages/posts/sign.png", png(900, 600))
    paper.post("two")
    corrections = "[{date: 2025-05-03, text: Not 3.}]"
    paper.post(
        "one", BODY, dek="The line.", authors="[Ann Desk, Ben Desk]", updated="2025-05-20", corrections=corrections
    )
    page = paper.client().get("/posts/one/").text
    assert '<link rel="alternate" type="text/markdown" href="/posts/one/index.md">' in page
    answer = paper.client().get("/posts/one/index.md")
    assert answer.content_type == "text/markdown; charset=utf-8"
    picture = re.search(r"https://paper.test/media/sign-\w+-900.png", answer.text)
    assert picture
    body = BODY.replace("sign.png", picture[0]).replace("[two](two.md", "[two](https://paper.test/posts/two/")
    assert answer.text == (
        "# The one story\n\n> The line.\n\n"
        "By Ann Desk, Ben Desk · 2025-05-01 · Updated 2025-05-20 · <https://paper.test/posts/one/>\n\n"
        f"{body.replace('(#one)', '(https://paper.test/posts/one/#one)')}\n\nCorrection, May 3, 2025: Not 3.\n"
    )
    assert paper.client().get(picture[0].removeprefix("https://paper.test")).status_code == 200


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("[a](b.md)", "[a](https://p.test/b/)"),
        ("[a](<b.md>)", "[a](https://p.test/b/)"),
        ("[a [b]](b.md)", "[a [b]](https://p.test/b/)"),
        ("[`]`](b.md)", "[`]`](https://p.test/b/)"),
        ("[![a](p.png)](b.md)", "[![a](https://p.test/p.png)](https://p.test/b/)"),
        ("[a][1]\n\n[1]: b.md", "[a][1]\n\n[1]: https://p.test/b/"),
        ("[a](c\\_d.md)", "[a](https://p.test/c_d/)"),
        ('<a href="b.md">a</a>', '<a href="https://p.test/b/">a</a>'),
        ("[[B]] ![[p.png|300]]", "[B](https://p.test/b/) ![300](https://p.test/p.png)"),
        ("[a](secret.md) b", "a b"),
        ("[`]`](secret.md)", "[`]`]"),
        ("![a](gone.png 'x (y)')", "a"),
        ("[a][1]\n\n[1]: secret.md", "[a][1]"),
        ('<a href="secret.md">a</a>', "<a >a</a>"),
        ("[[Secret]]", "Secret"),
        ("`[a](secret.md)`", "`[a](secret.md)`"),
        ("a ` b\n\n[a](secret.md)\n\n` c", "a ` b\n\na\n\n` c"),
        ("a %%[a](secret.md)%% b", "a  b"),
        ("a <!-- to do --> b", "a  b"),
        ("~~~\n%%a%%\n~~~\n", "~~~\n%%a%%\n~~~"),
        ("[a](mailto:a@b.test)", "[a](mailto:a@b.test)"),
    ],
)
def test_links(typed: str, said: str) -> None:
    known = {
        "b.md": "/b/",
        "c_d.md": "/c_d/",
        "p.png": "/p.png",
        "[[B]]": "/b/",
        "[[p.png]]": "/p.png",
        "secret.md": "",
    }
    addresses = [Address("a", "href", value) for value in known]
    attributes = [f' href="{url}"' if url else "" for url in known.values()]
    assert twin_of(typed, addresses, attributes, "https://p.test", "/x/") == said


def test_what_is_not_published_has_none_and_is_in_none(paper: Paper) -> None:
    full_paper(paper)
    paper.settings((paper.folder / "site.toml").read_text().replace("[[", "markdown_twins = true\nllms = true\n[[", 1))
    run = paper.freeze()
    assert run.exit_code == 0, run.output
    twins = [path for path in paper.tree() if path.endswith(".md")]
    assert len(twins) == len(paper.site().posts)
    for path in (*twins, "llms.txt"):
        page = paper.page(path)
        assert not re.search(r"secret|later\.md|gone\.md|Canary", page), path
        assert not re.search(r"\]\((?!https?:|mailto:)", page), path
    for name in ("secret", "later", "gone"):
        assert paper.client(debug=True).get(f"/posts/{name}/index.md").status_code == 404


def test_both_are_off_by_default(paper: Paper) -> None:
    paper.post("one")
    client = paper.client()
    assert "markdown" not in client.get("/posts/one/").text
    assert (client.get("/posts/one/index.md").status_code, client.get("/llms.txt").status_code) == (404, 404)
    paper.write("public/llms.txt", "ours")
    assert paper.client().get("/llms.txt").text == "ours"
    assert paper.problems() == []
    paper.settings(f"{SETTINGS}llms = true")
    assert any("error public/llms.txt:1:1: reserved-url" in problem for problem in paper.problems())


@pytest.mark.parametrize(
    ("permalink", "url", "twin"),
    [
        ("", "/posts/one/", "/posts/one/index.md"),
        ("/{year}/{slug}.html", "/2025/one.html", "/2025/one.md"),
        ("/{year}/{slug}", "/2025/one", "/2025/one.md"),
        ("/{slug}/", "/one/", "/one/index.md"),
    ],
)
@pytest.mark.parametrize("base", ["", "/repo"])
def test_a_twin_is_beside_its_story(paper: Paper, permalink: str, url: str, twin: str, base: str) -> None:
    paper.settings(f'{TWINS}permalink = "{permalink}"\n'.replace("paper.test", f"paper.test{base}"))
    paper.post("one")
    assert f'href="{base}{twin}"' in paper.client().get(base + url).text
    assert "# The one story" in paper.client().get(base + twin).text
    assert paper.freeze().exit_code == 0
    assert paper.page(twin.lstrip("/")) == paper.client().get(base + twin).text


def test_a_twin_follows_its_story(paper: Paper) -> None:
    paper.settings(TWINS)
    paper.post("one", "First.")
    assert paper.freeze().exit_code == 0
    paper.post("one", "Second.")
    assert paper.freeze().exit_code == 0
    assert "Second." in paper.page("posts/one/index.md")
    assert " 0 written" in paper.freeze().output


def test_hosts_are_told_what_kind_of_file_it_is(paper: Paper) -> None:
    paper.settings(f'{TWINS}hosts = ["nginx", "netlify"]')
    paper.post("one")
    assert paper.freeze().exit_code == 0
    assert "text/markdown" in next((paper.folder / "build").rglob("nginx*")).read_text()


def test_llms_txt(paper: Paper) -> None:
    paper.settings(f"{TWINS}llms = true")
    paper.write("pages/about.md", "---\ntitle: About\ndek: Who we are.\n---\n")
    paper.post("one", category="Harbour", title="A [new] ferry", dek="It is\n  back.")
    paper.post("two", date="2025-04-01", summary="Short.")
    answer = paper.client().get("/llms.txt")
    assert answer.content_type == "text/plain; charset=utf-8"
    assert answer.text == (
        "# The Paper\n\n> News of the harbour\n\n"
        "## Harbour\n\n- [A \\[new\\] ferry](https://paper.test/posts/one/index.md): It is back.\n\n"
        "## Stories\n\n- [The two story](https://paper.test/posts/two/index.md): Short.\n\n"
        "## Pages\n\n- [About](https://paper.test/about/): Who we are.\n\n"
        "## Optional\n\n- [Archive](https://paper.test/archive/)\n- [Feed](https://paper.test/feed.xml)\n"
    )
    paper.settings(f"{SETTINGS}llms = true")
    assert "(https://paper.test/posts/two/)" in paper.client().get("/llms.txt").text
    assert paper.freeze().exit_code == 0
    assert paper.page("llms.txt") == paper.client().get("/llms.txt").text


def test_a_reader_may_edit_a_page_where_the_settings_say(paper: Paper) -> None:
    paper.post("one", lang="de")
    paper.write("pages/über uns.md", "---\ntitle: About\nslug: about\n---\n")
    assert 'class="edit"' not in paper.client().get("/posts/one/").text
    paper.settings(f'{SETTINGS}edit = "https://git.test/o/r/edit/main/{{path}}?plain=1"')
    client = paper.client()
    link = 'href="https://git.test/o/r/edit/main/pages/{}?plain=1" rel="nofollow">{}</a>'
    assert link.format("posts/one.md", "Diese Seite bearbeiten") in client.get("/posts/one/").text
    assert link.format("%C3%BCber%20uns.md", "Edit this page") in client.get("/about/").text
    assert 'class="edit"' not in client.get("/").text


@pytest.mark.parametrize(
    "value",
    [
        "https://git.test/main/",
        "{path}",
        "https://{path}",
        "https://{path}.test/x",
        "javascript:{path}",
        "https://git.test/{path}/{path}",
        "https://git.test/ {path}",
    ],
)
def test_where_to_edit_is_checked(paper: Paper, value: str) -> None:
    paper.settings(f'{SETTINGS}edit = "{value}"')
    with pytest.raises(
        SiteError, match=r"site.toml:4:1: bad-setting `edit`: .* is not a web address with {path} in it"
    ):
        paper.app()
