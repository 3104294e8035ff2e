"""Addresses that a post gives itself, by `permalink` or `slug`, and by the setting: served, frozen, never lost."""

import pytest

from byline.problems import SiteError
from tests.helpers.paper import Paper


@pytest.mark.parametrize(
    ("header", "url", "file"),
    [
        ({"permalink": "/2025/The-Ferry/"}, "/2025/The-Ferry/", "2025/The-Ferry/index.html"),
        ({"permalink": "/2025/ferry"}, "/2025/ferry", "2025/ferry.html"),
        ({"permalink": "/releases/Rust_1.62.0"}, "/releases/Rust_1.62.0", "releases/Rust_1.62.0.html"),
        ({"permalink": "/2025/ferry.html"}, "/2025/ferry.html", "2025/ferry.html"),
        ({"url": "2025/ferry/index.html"}, "/2025/ferry/", "2025/ferry/index.html"),
        ({"path": "https://paper.test/ferry/"}, "/ferry/", "ferry/index.html"),
        ({"permalink": "/:year/:month/:title/"}, "/2025/05/one/", "2025/05/one/index.html"),
        ({"slug": "Rust_1.62.0"}, "/posts/Rust_1.62.0/", "posts/Rust_1.62.0/index.html"),
        ({"slug": "a/b"}, "/posts/a/b/", "posts/a/b/index.html"),
        ({"slug": "'%d8%b7'"}, "/posts/%D8%B7/", "posts/ط/index.html"),
        ({"slug": "My own slug"}, "/posts/my-own-slug/", "posts/my-own-slug/index.html"),
        ({"slug": "../../etc"}, "/posts/etc/", "posts/etc/index.html"),
    ],
)
def test_a_posts_own_address(paper: Paper, header: dict[str, str], url: str, file: str) -> None:
    paper.post("one", **header)
    paper.post("two", "[One](one.md)")
    assert paper.problems() == []
    assert [post.url for post in paper.site().posts if post.path.endswith("one.md")] == [url]
    client = paper.client()
    served = client.get(url)
    assert served.status_code == 200
    assert f'href="{url}"' in client.get("/posts/two/").data.decode()
    assert f"<loc>https://paper.test{url}</loc>" in client.get("/sitemap.xml").data.decode()
    assert paper.freeze().exit_code == 0
    assert (paper.folder / "build" / file).read_bytes() == served.data
    assert "0 written" in paper.freeze().output


@pytest.mark.parametrize(
    "typed", ["https://elsewhere.test/x/", "//elsewhere.test/x", "/{{ title | slug }}/", "/a?b/", "javascript:x"]
)
def test_what_is_no_address_of_this_site(paper: Paper, typed: str) -> None:
    paper.post("one", permalink=f"'{typed}'")
    assert [post.url for post in paper.site().posts] == ["/posts/one/"]
    assert any(":4:12: bad-permalink" in problem for problem in paper.problems())


@pytest.mark.parametrize(
    "typed", ["/", "/feed.xml", "/page/2/", "/tags/x/", "/sitemap-1.xml", "/posts/", "/static/x", "/index.html"]
)
def test_no_post_takes_an_address_of_bylines_own(paper: Paper, typed: str) -> None:
    paper.post("one", permalink=typed)
    told = next(problem for problem in paper.problems() if "reserved-url" in problem)
    assert told.startswith("error pages/posts/one.md")
    assert paper.client().get("/").status_code == 200


@pytest.mark.parametrize(
    ("asked", "leads"),
    [
        ("/2025/ferry/", "/2025/ferry"),
        ("/2025/ferry.html", "/2025/ferry"),
        ("/2025/FERRY", "/2025/ferry"),
        ("/x", "/x.html"),
        ("/X.HTML", "/x.html"),
        ("/posts/Two/", "/posts/two/"),
    ],
)
def test_near_forms_lead_there(paper: Paper, asked: str, leads: str) -> None:
    paper.post("one", permalink="/2025/ferry")
    paper.post("x", permalink="/x.html")
    paper.post("two")
    reply = paper.client().get(asked)
    assert (reply.status_code, reply.headers["Location"]) == (301, leads)


@pytest.mark.parametrize(
    ("permalink", "url"),
    [
        ("/{year}/{slug}.html", "/2025/one.html"),
        ("/{year}/{slug}", "/2025/one"),
        ("/{folder}/{slug}/", "/posts/news/one/"),
        ("/{lang}/{slug}/", "/de/one/"),
    ],
)
def test_forms_of_the_setting(paper: Paper, permalink: str, url: str) -> None:
    paper.settings(f'url = "https://paper.test"\nlanguage = "de"\npermalink = "{permalink}"')
    paper.post("news/one")
    assert paper.problems() == []
    assert paper.client().get(url).status_code == 200
    assert paper.freeze().exit_code == 0


def test_an_old_slug_leads_to_the_one_that_is_written(paper: Paper) -> None:
    """Slugs used to be changed; and a file's name may have been the address in another program."""
    paper.post("one", slug="Rust_1.62")
    paper.write("pages/posts/2025-05-02-Two.1.md", "---\ntitle: Two\n---\n")
    client = paper.client()
    assert client.get("/posts/rust-1-62/").headers["Location"] == "/posts/Rust_1.62/"
    assert client.get("/posts/Two.1/").headers["Location"] == "/posts/two-1/"
    assert paper.freeze().exit_code == 0
    assert "/posts/two-1/" in paper.page("posts/Two.1/index.html")


def test_keys_of_the_owner(paper: Paper) -> None:
    paper.settings('url = "https://paper.test"\n[keys]\ntopics = "tags"\n"Top Line" = "dek"')
    paper.post("one", topics="[sea, law]", top_line="A line")
    post = paper.site().posts[0]
    assert ([tag.name for tag in post.tags], post.dek) == (["sea", "law"], "A line")
    assert paper.problems() == []


def test_a_key_that_byline_has_not(paper: Paper) -> None:
    paper.settings('[keys]\ntopics = "tagz"')
    with pytest.raises(SiteError, match="'tagz' is not a key of Byline"):
        paper.app()


@pytest.mark.parametrize(
    ("files", "url"),
    [
        (
            {
                "docusaurus.config.js": 'blog: {routeBasePath: "a/../b"}',
                "blog/2025-05-01-one.md": "---\ntitle: A\n---\n",
            },
            "/a/b/2025/05/01/one/",
        ),
        ({"pages/posts/one.md": f"---\ntitle: A\ndate: 2025-05-01\npermalink: /{'l' * 260}/\n---\n"}, "/posts/one/"),
    ],
)
def test_an_address_that_no_file_can_have_does_not_stop_a_freeze(paper: Paper, files: dict[str, str], url: str) -> None:
    if "docusaurus.config.js" in files:
        (paper.folder / "pages" / "posts").rmdir()
        (paper.folder / "pages").rmdir()
    for path, text in files.items():
        paper.write(path, text)
    assert paper.freeze().exit_code == 0
    assert set(paper.site().by_url) == {url}


@pytest.mark.parametrize(("first", "second"), [("/a.html", "/a"), ("/a", "/A.html"), ("/a.html", "/a.html/")])
def test_addresses_of_one_file_are_told_and_do_not_stop_a_freeze(paper: Paper, first: str, second: str) -> None:
    paper.post("one", permalink=first)
    paper.post("two", permalink=second, date="2025-05-02")
    assert paper.freeze().exit_code == 0
    assert first in paper.site().by_url
    assert "url-collision" in paper.codes()
