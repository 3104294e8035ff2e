"""Aliases: what is an old address, in whatever form it is written, and what is only a name."""

import pytest

from byline.settings.settings import Settings
from byline.urls import Urls
from tests.helpers.paper import Paper


@pytest.mark.parametrize("name", ["Island trip", "Ferry", "The ferry is back.", "Übersicht", "C# 8"])
def test_a_name_is_no_address(paper: Paper, name: str) -> None:
    paper.post("one", aliases=f"['{name}', /old/]")
    paper.write("pages/authors/ann.md", f"---\nname: Ann\naliases: ['{name}']\n---\n")
    paper.post("two", authors="Ann")
    assert paper.site().redirects == {"/old/": "/posts/one/"}
    told = [problem for problem in paper.problems() if " alias-name " in problem]
    assert [line.partition(" alias-name")[0] for line in told] == [
        "hint pages/authors/ann.md:1:1:",
        "hint pages/posts/one.md:4:10:",
    ]
    assert f"{name!r} is a name, and no address" in told[1]


@pytest.mark.parametrize(
    ("typed", "url"),
    [
        ("imprint", "/imprint/"),
        ("old/place", "/old/place/"),
        ("imprint.html", "/imprint.html"),
        ("About.html", "/About.html"),
        ("/posts/python-3.8/", "/posts/python-3.8/"),
        ("/posts/python-3.8", "/posts/python-3.8/"),
        ("/posts/node.js/", "/posts/node.js/"),
        ("/v1.0.0", "/v1.0.0/"),
        ("/a.b/c", "/a.b/c/"),
        ("/.hidden", "/.hidden/"),
        ("/a/index.html", "/a/"),
        ("/a//b/../c", "/a/c/"),
        ("/gr%C3%BCn", "/gr%C3%BCn/"),
        ("/100%/", "/100%25/"),
        ("https://paper.test/whole/x.html", "/whole/x.html"),
        ("http://PAPER.test/", None),
        ("https://other.test/x/", None),
    ],
)
def test_forms_of_an_address(paper: Paper, typed: str, url: str | None) -> None:
    paper.post("one", aliases=f"['{typed}']")
    assert list(paper.site().redirects) == ([url] if url else [])
    client = paper.client()
    for form in {url, url.rstrip("/"), url.upper()} if url else ():
        assert client.get(form).headers.get("Location") == "/posts/one/", form
    assert len(paper.problems()) == (0 if url else 1)


def test_addresses_with_a_query_belong_to_one(paper: Paper) -> None:
    paper.post("one", aliases="['/?p=1', '/?p=1', '/x?a=1&b=2', '/?p=3#x', '/?']")
    paper.post("two", aliases="['/?p=1', '/?p=%31', '/?p=2']", date="2025-05-02")
    assert paper.site().redirects == {
        "/?p=1": "/posts/one/",
        "/?p=2": "/posts/two/",
        "/x/?a=1&b=2": "/posts/one/",
    }
    told = "\n".join(paper.problems())
    assert (
        told.count("/?p=1 belongs to pages/posts/one.md, so this alias is left out") == 1
    )  # for both ways to write it
    assert "'/?p=3#x' is not a path" in told


def test_a_withheld_query_hides_no_page(paper: Paper) -> None:
    """Of a draft's alias `/?p=1` the path is the front page, which is not withheld."""
    paper.post("secret", draft="true", aliases="['/?p=1', '/posts/one/?x=1']")
    paper.post("one", "See [the front page](/).")
    assert paper.site().withheld == ("/posts/secret/",)
    assert paper.client().get("/?p=1").status_code == 200
    assert paper.freeze().exit_code == 0


def test_below_a_path() -> None:
    urls = Urls(Settings(url="https://paper.test/re.po"))
    assert urls.alias("/re.po/a/") == urls.alias("/a") == "/re.po/a/"
    assert urls.alias("/re.po") == "/re.po/"
