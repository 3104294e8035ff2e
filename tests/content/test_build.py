"""Content: authors, topics, slugs, links, media and collisions, seen on the pages."""

import os

import pytest

from byline.web.app import live_of
from tests.helpers.paper import Paper
from tests.helpers.papers import PNG


def test_authors_by_slug_by_name_and_without_a_file(paper: Paper) -> None:
    paper.write("pages/authors/ann-desk.md", "---\nname: Ann Ångström\nbio: Writes.\n---\n")
    paper.post("one", authors="[ann-desk, Ben Desk]")
    paper.post("two", authors="Ann Ångström")
    paper.post("three", authors="ben-desk")
    client = paper.client()
    page = client.get("/authors/ann-desk/").data.decode()
    assert "Ann Ångström" in page
    assert "The one story" in page
    assert "The two story" in page
    assert "The three story" in client.get("/authors/ben-desk/").data.decode()
    assert (
        '<a href="/authors/ann-desk/" rel="author">Ann Ångström</a>, <a href="/authors/ben-desk/"'
        in client.get("/posts/one/").data.decode()
    )
    assert any(
        "hint pages/posts/one.md:4:21: author-without-file 'Ben Desk'" in problem for problem in paper.problems()
    )


@pytest.mark.parametrize(
    ("header", "told"), [("", "hint"), ("aliases: /people/ben/\n", "warning")], ids=["plain", "with an alias"]
)
def test_an_author_without_a_published_story_has_no_page(paper: Paper, header: str, told: str) -> None:
    paper.write("pages/authors/ben-desk.png", PNG)
    paper.write("pages/authors/ben-desk.md", f"---\nname: Ben Desk\n{header}avatar: ben-desk.png\n---\nLong.")
    paper.post("one", "[Ben](../authors/ben-desk.md) and [again](/authors/ben-desk/).", authors="Ann Desk")
    paper.post("later", authors="ben desk", date="2030-01-01")
    assert paper.freeze().exit_code == 0
    assert not [path for path in paper.tree() if "ben" in path]
    for path in ("authors/index.html", "sitemap.xml"):
        assert "ben-desk" not in paper.page(path)
    assert "<p><a>Ben</a> and " in paper.page("posts/one/index.html")
    problems = [problem for problem in paper.problems() if "ben" in problem]
    assert any(f"{told} pages/authors/ben-desk.md:1:1: author-without-story" in problem for problem in problems), (
        problems
    )
    assert any("pages/posts/one.md:6:7: unpublished-link" in problem for problem in problems)
    assert "dead-link /authors/ben-desk/ is not a page of this site" in paper.run("check").output
    client = paper.client(debug=True)  # with drafts and what is scheduled
    assert client.get("/authors/ben-desk/").status_code == 200
    assert client.get("/people/ben/").status_code == (301 if header else 404)
    assert client.get("/authors/ben-desk/feed.xml").status_code == 200


def test_an_author_comes_and_goes_with_the_stories(paper: Paper) -> None:
    paper.write("pages/authors/ben.md", "---\nname: Ben Desk\n---\nLong.")
    paper.post("about", "See [Ben](../authors/ben.md).")
    paper.freeze()
    assert "authors/ben/index.html" not in paper.tree()
    paper.post("one", authors="Ben Desk")  # by name; the file's name is its slug
    paper.freeze()
    assert {"authors/ben/index.html", "authors/ben/feed.xml"} <= set(paper.tree())
    assert '<a href="/authors/ben/">Ben</a>' in paper.page("posts/about/index.html")
    paper.post("one")
    paper.freeze()
    assert "authors/ben/index.html" not in paper.tree()


def test_the_default_author(paper: Paper) -> None:
    paper.settings('url = "https://paper.test"\ndefault_author = "The desk"')
    paper.post("one")
    assert [author.name for author in paper.site().posts[0].authors] == ["The desk"]


def test_tags_equal_but_for_case_are_one(paper: Paper) -> None:
    paper.post("one", tags="[Law]")
    paper.post("two", tags="[Law, law]")
    paper.post("three", tags="[LAW]")
    assert [(tag.name, tag.url) for tag in paper.site().tags] == [("Law", "/tags/law/")]
    assert sum("topic-spelling" in problem for problem in paper.problems()) == 2


def test_different_tags_with_one_slug(paper: Paper) -> None:
    paper.post("one", tags="[C]")
    paper.post("two", tags="[C]")
    paper.post("three", tags="[C++]")
    (told,) = [problem for problem in paper.problems() if "topic-collision" in problem]
    assert told.startswith("warning pages/posts/three.md:4:8: ")
    assert "so this one's is /tags/c-2/" in told
    assert """add `"C++" = "another-slug"` to [slugs] in site.toml""" in told
    assert [(tag.name, tag.url) for tag in paper.site().tags] == [("C", "/tags/c/"), ("C++", "/tags/c-2/")]
    paper.settings('url = "https://paper.test"\n[slugs]\n"C++" = "cpp"\n"C#" = "csharp"')
    assert [tag.url for tag in paper.site().tags] == ["/tags/c/", "/tags/cpp/"]


def test_slugs_kept_or_transliterated(paper: Paper) -> None:
    paper.post("gänse-五", tags="[Düne]")
    assert paper.site().posts[0].url == "/posts/ganse-wu/"
    paper.settings('url = "https://paper.test"\nunicode_slugs = true')
    assert paper.site().posts[0].url == "/posts/g%C3%A4nse-%E4%BA%94/"
    client = paper.client()
    assert client.get("/posts/gänse-五/").status_code == 200
    assert client.get("/tags/düne/").status_code == 200
    assert client.get("/tags/düne").headers["Location"] == "/tags/d%C3%BCne/"


def test_of_posts_at_one_address_the_oldest_keeps_it(paper: Paper) -> None:
    """The others get a number, and nobody loses a post."""
    paper.post("a/same", date="2025-05-03")
    paper.post("b/same", date="2025-05-02")
    paper.post("c/other", slug="Same", date="2025-05-04")
    paper.post("same-2")
    paper.post("d/same", date="2025-05-01", draft="true")
    told = [problem for problem in paper.problems() if "url-collision" in problem]
    assert [problem.partition(" /")[0] for problem in told] == [
        "warning pages/posts/a/same.md:1:1: url-collision",
        "warning pages/posts/c/other.md:4:7: url-collision",
    ]
    assert "/posts/same/ is also the URL of pages/posts/b/same.md, which keeps it" in told[0]
    urls = {post.path: post.url for post in paper.site().posts}
    assert [urls[f"pages/posts/{name}.md"] for name in ("b/same", "a/same", "c/other", "same-2")] == [
        "/posts/same/",
        "/posts/same-3/",
        "/posts/Same-4/",
        "/posts/same-2/",
    ]
    assert paper.freeze().exit_code == 0


@pytest.mark.parametrize(
    ("permalink", "header", "url"),
    [
        ("/{year}/{month}/{day}/{slug}/", {"date": "2025-05-01"}, "/2025/05/01/one/"),
        ("/{category}/{slug}/", {"category": "World News"}, "/world-news/one/"),
        ("/{slug}/", {}, "/one/"),
    ],
)
def test_permalinks(paper: Paper, permalink: str, header: dict[str, str], url: str) -> None:
    paper.settings(f'url = "https://paper.test"\npermalink = "{permalink}"')
    paper.write("pages/about.md", "---\ntitle: About\n---\n")
    paper.post("one", **header)
    client = paper.client()
    assert client.get(url).status_code == 200
    assert client.get(url.rstrip("/")).headers["Location"] == url
    assert client.get("/about/").status_code == 200


def test_a_permalink_that_a_post_cannot_fill(paper: Paper) -> None:
    paper.settings('url = "https://paper.test"\npermalink = "/{category}/{slug}/"')
    paper.post("one")
    paper.post("two", category="Tags")
    paper.post("three", draft="true")
    assert {"permalink-part", "reserved-url"} <= paper.codes()
    assert paper.client(debug=True).get("/posts/three/").status_code == 200


def test_reserved_addresses(paper: Paper) -> None:
    paper.write("pages/tags.md", "---\ntitle: Tags\n---\n")
    assert any("pages/tags.md:1:1: reserved-url" in problem for problem in paper.problems())


def test_plain_pages_may_nest(paper: Paper) -> None:
    paper.write("pages/about/us.md", "---\ntitle: Us\n---\n[home](../index-page.md)")
    paper.write("pages/contact/index.md", "---\ntitle: Contact\n---\n")
    client = paper.client()
    assert client.get("/about/us/").status_code == 200
    assert client.get("/contact/").status_code == 200


def test_aliases_redirect_with_the_page_that_is_printed(paper: Paper) -> None:
    paper.post("one", aliases="[/2019/one.html, old/place, /ü/, https-is-fine]")
    assert paper.freeze().exit_code == 0
    client = paper.client()
    for alias, file in (
        ("/2019/one.html", "2019/one.html"),
        ("/old/place/", "old/place/index.html"),
        ("/ü/", "ü/index.html"),
    ):
        answer = client.get(alias)
        assert (answer.status_code, answer.headers["Location"]) == (301, "/posts/one/")
        assert answer.data == (paper.folder / "build" / file).read_bytes()
        assert "ETag" not in answer.headers
        assert client.get(alias, headers={"If-None-Match": "*"}).status_code == 301
    assert client.get("/old/place").status_code == 301


@pytest.mark.parametrize("alias", ["/posts/two/", "/posts/one/", "/a?p=1#b", "/a#b"])
def test_aliases_that_cannot_be(paper: Paper, alias: str) -> None:
    paper.post("one", aliases=f"'{alias}'")
    paper.post("two")
    (told,) = paper.problems()
    assert told.startswith("warning pages/posts/one.md:4:10: ")
    for url in ("/posts/one/", "/posts/two/"):
        assert paper.client().get(url).status_code == 200


def test_two_posts_with_one_alias(paper: Paper) -> None:
    paper.post("one", aliases="/old/")
    paper.post("two", aliases="/old")
    (told,) = paper.problems()
    assert told.startswith("warning pages/posts/two.md:4:10: ")
    assert "/old/ belongs to pages/posts/one.md" in told
    assert paper.client().get("/old/").headers["Location"] == "/posts/one/"


@pytest.mark.parametrize("base", ["", "/repo"])
def test_links_between_files(paper: Paper, base: str) -> None:
    paper.settings(f'url = "https://paper.test{base}"')
    paper.write("pages/about.md", "---\ntitle: About\n---\n")
    paper.write("pages/authors/ann.md", "---\nname: Ann\n---\n")
    paper.write("static/x.png", PNG)
    paper.post("deep/folder/two")
    links = {
        "deep/folder/two.md": "/posts/two/",
        "deep/folder/two.md#part": "/posts/two/#part",
        "../about.md?x=1": "/about/?x=1",
        "../authors/ann.md": "/authors/ann/",
        "/posts/deep/folder/two.md": "/posts/two/",
        "/about/": "/about/",
        f"https://paper.test{base}/about/": None,
        "https://else.test/a.md": None,
        "mailto:a@paper.test": None,
        "#here": None,
        "../../static/x.png": "/static/x.png",
        "/static/x.png": "/static/x.png",
    }
    paper.post("one", "\n".join(f"[{n}]({link})" for n, link in enumerate(links)), authors="ann")
    page = paper.client().get(f"{base}/posts/one/").data.decode()
    for number, (link, url) in enumerate(links.items()):
        assert f'<a href="{link if url is None else base + url}">{number}</a>' in page, link


@pytest.mark.parametrize(
    ("link", "url"),
    [
        ("[[the port]]", "/posts/the-port/"),
        ("[[The Port|the harbour]]", "/posts/the-port/"),
        ("[[the port#What it cost]]", "/posts/the-port/#what-it-cost"),
        ("[[bundle]]", "/posts/bundle/"),
        ("[[old/twice]]", "/posts/twice-b/"),
        ("[[#Here]]", "#here"),
    ],
)
def test_a_file_can_be_linked_to_by_its_name(paper: Paper, link: str, url: str) -> None:
    paper.post("the port", "## What it cost")
    paper.post("bundle/index", "Text.", title="Bundle")
    paper.post("new/twice", "Text.", slug="twice-a")
    paper.post("old/twice", "Text.", slug="twice-b")
    paper.post("one", f"Text {link}.\n\n## Here")
    assert f'<a href="{url}">' in paper.client().get("/posts/one/").data.decode()
    assert paper.problems() == []


@pytest.mark.parametrize(
    ("link", "said"),
    [
        (
            "[[nothing]]",
            "broken-link [[nothing]] leads nowhere, so it prints as text (no file has the name nothing.md)",
        ),
        (
            "[[twice]]",
            "broken-link [[twice]] is the name of 2 files, so it prints as text (write which: [[new/twice]])",
        ),
        ("[[secret]]", "unpublished-link"),
    ],
)
def test_a_name_that_leads_nowhere_is_told(paper: Paper, link: str, said: str) -> None:
    paper.post("new/twice", "Text.", slug="twice-a")
    paper.post("old/twice", "Text.", slug="twice-b")
    paper.post("secret", "Text.", draft="true")
    paper.post("one", f"Straße {link}.")
    (problem,) = [problem for problem in paper.problems() if "posts/one.md" in problem]
    assert problem.startswith("warning pages/posts/one.md:5:8: ")
    assert said in problem
    assert "<p>Straße " in paper.client().get("/posts/one/").data.decode()


def test_a_broken_link_is_a_warning_with_its_line(paper: Paper) -> None:
    paper.post("one", "Text.\n\nMore [text](missing.md) and ![alt](missing.png).")
    warnings = [problem for problem in paper.problems() if problem.startswith("warning")]
    assert "pages/posts/one.md:7:13: broken-link 'missing.md' leads nowhere" in warnings[0]
    assert "pages/posts/one.md:7:36: missing-picture" in warnings[1]
    assert "More <a>text</a>" in paper.client().get("/posts/one/").data.decode()


def test_files_are_published_under_their_content_and_only_when_linked(paper: Paper) -> None:
    paper.write("pages/posts/one/re port%2e.pdf", b"report")
    paper.write("pages/posts/one/unused.pdf", b"unused")
    paper.write("pages/posts/one/index.md", "---\ntitle: One\ndate: 2025-05-01\n---\n[pdf](<re port%252e.pdf>)")
    assert paper.freeze().exit_code == 0
    files = paper.media()
    assert len(files) == 1
    assert files[0].startswith("media/re-port-2e-")
    assert f'href="/{files[0]}"' in paper.page("posts/one/index.html")
    answer = paper.client().get(f"/{files[0]}")
    assert (answer.data, answer.mimetype) == (b"report", "application/pdf")
    assert "immutable" in answer.headers["Cache-Control"]


def test_pictures_have_their_size_and_captions_are_read_once(paper: Paper) -> None:
    paper.write("pages/posts/dot.png", PNG)
    paper.post("one", "![A dot](dot.png)", cover="{src: dot.png, alt: The same, caption: The same, credit: Desk}")
    page = paper.client().get("/posts/one/").data.decode()
    assert 'alt="" width="1" height="1" fetchpriority="high">' in page
    assert 'alt="A dot"' in page
    assert '<figcaption>The same <span class="credit">Desk</span></figcaption>' in page
    assert page.count('width="1" height="1"') == 2


def test_a_damaged_picture_is_left_out(paper: Paper) -> None:
    paper.write("pages/posts/bad.png", b"\x89PNG no picture")
    paper.post("one", "![A dot](bad.png)")
    assert paper.client().get("/posts/one/").status_code == 200


def test_series_are_in_reading_order(paper: Paper) -> None:
    paper.post("late", series="{name: Sea, part: 1}", date="2025-05-03")
    paper.post("early", series="{name: Sea, part: 2}", date="2025-05-01")
    paper.post("loose", series="Sea", date="2025-04-01")
    page = paper.client().get("/series/sea/").data.decode()
    assert page.index("The late") < page.index("The early") < page.index("The loose")


def test_the_store_and_the_folder_may_lie_elsewhere(paper: Paper, tmp_path: object) -> None:
    paper.settings('url = "https://paper.test"\npages = "content"\nstore = "kept/here"')
    (paper.folder / "pages").rename(paper.folder / "content")
    paper.write("content/posts/one.md", "---\ntitle: One\n---\n[x](no.md)")
    assert paper.problems()[0].startswith("error content/posts/one.md:1:1: missing-date")
    assert (paper.folder / "kept/here/store.sqlite3").exists()


def test_the_jekyll_dialect(paper: Paper) -> None:
    paper.settings('url = "https://paper.test"\ndialect = "jekyll"')
    paper.write("pages/_authors/ann.md", "---\nname: ann\nfull_name: Ann Desk\n---\n")
    paper.write("pages/assets/dot.png", PNG)
    paper.write(
        "pages/_posts/2025-05-01-one.md",
        "---\nlayout: post\ntitle: One\nauthors: [ann]\nimage: /assets/dot.png\n---\n![A]({{site.baseurl}}/assets/dot.png) [B]({{ site.baseurl }}/2025/05/01/one.html)",
    )
    page = paper.client().get("/2025/05/01/one.html").data.decode()
    assert "Ann Desk" in page
    assert page.count('src="/media/dot-') == 2
    assert 'href="/2025/05/01/one.html">B' in page


def test_both_apostrophes_are_one(paper: Paper) -> None:
    paper.post("one", authors='"Ann O’Desk"')
    paper.post("two", authors='"Ann O\'Desk"')
    assert [author.slug for author in paper.site().authors] == ["ann-o-desk"]


def test_a_changed_file_counts_even_if_its_time_does_not_say_so(paper: Paper) -> None:
    path = paper.post("one", "Old text.")
    before = path.stat()
    assert b"Old text." in paper.client().get("/posts/one/").data
    paper.post("one", "New text.")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert b"New text." in paper.client().get("/posts/one/").data


def test_the_tree_is_not_walked_on_every_request(paper: Paper) -> None:
    paper.post("one")
    app = paper.app(debug=True)
    client = app.test_client()
    first = live_of(app).snapshot()
    for _ in range(3):
        client.get("/posts/one/")
    assert live_of(app).snapshot() is first


def test_a_byte_order_mark_is_no_text(paper: Paper) -> None:
    paper.write("pages/about.md", "\ufeff---\ntitle: About\n---\nText.")
    assert b"\xef\xbb\xbf" not in paper.client().get("/about/").data


def test_the_collection_is_flask_flatpages(paper: Paper) -> None:
    """Iterating and asking for a path work as the documentation says."""
    paper.post("one", "Some *text* with a [link](two.md).")
    pages = paper.live().tree
    assert [page.path for page in pages] == ["posts/one"]
    page = pages.get_or_404("posts/one")
    assert page.body.strip() == "Some *text* with a [link](two.md)."
    assert pages.get("posts/two") is None


def test_files_about_the_repository_are_no_pages(paper: Paper) -> None:
    paper.write("pages/README.md", "# The repository\n")
    paper.write("pages/contact.md", "# Write to us\n\nText.\n")
    paper.write("pages/license.md", "---\ntitle: Our licence\n---\n")
    site = paper.site()
    assert [(page.url, page.title) for page in site.pages] == [
        ("/contact/", "Write to us"),
        ("/license/", "Our licence"),
    ]
    assert "pages/README.md:1:1: not-a-page" in "\n".join(paper.problems())


def test_a_missing_file_is_named_with_the_one_that_may_be_meant(paper: Paper) -> None:
    """It prints as its text, and a picture not at all: nobody gets a link or a picture that is broken."""
    paper.write("pages/posts/report.pdf", "%PDF-1.4")
    paper.write("pages/posts/Ferry.png", PNG)
    paper.post("one", "[a](repport.pdf) [b](none.pdf) ![c](ferry.png) ![d](/assets/none.png) [e](/about) [f](two)")
    told = "\n".join(paper.problems())
    assert (
        "one.md:5:5: broken-link 'repport.pdf' leads nowhere, so it prints as text (did you mean 'report.pdf'?)" in told
    )
    assert "one.md:5:22: broken-link 'none.pdf' leads nowhere, so it prints as text (there is no file" in told
    assert "there is no picture 'ferry.png', so none is shown (did you mean 'Ferry.png'?)" in told
    page = paper.client().get("/posts/one/").text.partition('<div class="body')[2]
    assert "<a>a</a> <a>b</a> c d " in page, "the words of a picture are all that is left of it"
    assert page.count("<img") == 0
