"""Lists and articles: orders, pages, neighbours and relatives."""

import re

from tests.helpers.paper import Paper


def titles(page: bytes) -> list[str]:
    """The stories of a list, in order."""
    return re.findall(r'<h[23]><a href="/posts/([^/]+)/">', page.decode())


def test_the_index_is_newest_first_with_pinned_posts_on_top(paper: Paper) -> None:
    paper.settings('url = "https://paper.test"\nposts_per_page = 2')
    for day in range(1, 6):
        paper.post(f"d{day}", date=f"2025-05-0{day}", pinned="true" if day == 2 else None)
    client = paper.client()
    first, second, third = (client.get(url).data for url in ("/", "/page/2/", "/page/3/"))
    assert [titles(first), titles(second), titles(third)] == [["d2", "d5"], ["d4", "d3"], ["d1"]]
    assert b'<a href="/page/2/" rel="next">' in first
    assert b'<a href="/" rel="prev">' in second
    assert b'rel="next"' not in third
    assert client.get("/page/4/").status_code == 404


def test_equal_dates_are_ordered_by_name(paper: Paper) -> None:
    for name in ("c", "a", "b"):
        paper.post(name)
    assert [post.slug for post in paper.site().posts] == ["a", "b", "c"]


def test_neighbours(paper: Paper) -> None:
    for day in (1, 2, 3):
        paper.post(f"d{day}", date=f"2025-05-0{day}")
    page = paper.client().get("/posts/d2/").data
    assert b'<a href="/posts/d1/" rel="prev"><span>Previous</span> <b lang="en" dir="ltr">The d1 story</b></a>' in page
    assert b'<a href="/posts/d3/" rel="next"><span>Next</span> <b lang="en" dir="ltr">The d3 story</b></a>' in page


def test_related_stories_share_tags_first_and_then_authors(paper: Paper) -> None:
    paper.post("here", tags="[sea, law]", authors="Ann", date="2025-05-05")
    paper.post("both", tags="[sea, law]", date="2025-01-01")
    paper.post("one-tag", tags="[sea]", date="2025-05-04")
    paper.post("same-author", authors="Ann", date="2025-05-04")
    paper.post("neither", date="2025-05-04")
    site = paper.site()
    here = next(post for post in site.posts if post.slug == "here")
    assert [post.slug for post in site.related(here)] == ["both", "one-tag", "same-author"]


def related(paper: Paper, slug: str) -> list[str]:
    """Stories that the page of `slug` calls related."""
    _, _, block = paper.client().get(f"/posts/{slug}/").text.partition('<section class="related"')
    return re.findall(r'<h3><a href="/posts/([^/]+)/">', block)


def test_neighbours_are_not_related_again(paper: Paper) -> None:
    for day in range(1, 6):
        paper.post(f"d{day}", tags="[sea]", date=f"2025-05-0{day}")
    assert related(paper, "d3") == ["d5", "d1"]
    assert related(paper, "d5") == ["d3", "d2", "d1"]


def test_common_tags_meet_in_a_story_far_away(paper: Paper) -> None:
    paper.post("here", tags="[sea, law]", date="2025-05-05")
    for day in range(1, 16):
        paper.post(f"sea{day}", tags="[sea]", date=f"2025-04-{day:02}")
        paper.post(f"law{day}", tags="[law]", date=f"2025-04-{day:02}")
    paper.post("both", tags="[sea, law]", date="2001-01-01")
    assert related(paper, "here")[0] == "both"
    assert related(paper, "both")[0] == "here"


def test_what_is_rare_relates_more_than_what_is_common(paper: Paper) -> None:
    paper.post("here", tags="[sea, eclipse]", category="World", series="Dots", date="2025-05-20")
    for day in range(1, 16):
        paper.post(f"sea{day:02}", tags="[sea]", category="World", date=f"2025-05-{day:02}")
    paper.post("rare", tags="[eclipse]", date="2001-01-01")
    paper.post("part", series="Dots", date="2001-01-02")
    paper.post("section", category="World", date="2025-05-18")
    paper.post("between", date="2025-05-19")
    assert related(paper, "here") == ["part", "rare", "sea15"]


def test_nothing_is_related_where_nothing_is_shared(paper: Paper) -> None:
    for day in range(1, 6):
        paper.post(f"d{day}", tags=f"[t{day}]", date=f"2025-05-0{day}")
    assert 'class="related"' not in paper.client().get("/posts/d3/").text


def test_the_archive(paper: Paper) -> None:
    paper.post("new", date="2025-01-01")
    paper.post("old", date="2019-12-31")
    client = paper.client()
    years = re.findall(r'<a href="/archive/(\d+)/">', client.get("/archive/").data.decode())
    assert years == ["2025", "2019"]
    assert b"/posts/old/" in client.get("/archive/2019/").data
    assert b"/posts/new/" not in client.get("/archive/2019/").data


def test_an_article_says_what_a_news_page_says(paper: Paper) -> None:
    paper.write("pages/authors/ann.md", "---\nname: Ann\n---\n")
    paper.post(
        "one",
        "## Part\n\nText.",
        dek="The line.",
        authors="ann",
        category="World",
        tags="[sea]",
        updated="2025-05-03",
        lang="de",
    )
    page = paper.client().get("/posts/one/").data.decode()
    assert '<html lang="de" dir="ltr">' in page
    for part in (
        '<body id="page-top">',
        '<p class="kicker"><a href="/categories/world/">World</a></p>',
        "<h1>The one story</h1>",
        '<p class="dek">The line.</p>',
        '<a href="/authors/ann/" rel="author">Ann</a>',
        '<time datetime="2025-05-01T00:00:00+00:00">1. Mai 2025</time>',
        '<span>Aktualisiert <time datetime="2025-05-03T00:00:00+00:00">',
        "1 Min. Lesezeit",
        '<h2 id="part">',
        '<a href="/tags/sea/" rel="tag">sea</a>',
        '<a href="#page-top">Nach oben</a>',
        '<link rel="canonical" href="https://paper.test/posts/one/">',
    ):
        assert part in page, part
    assert page.count("<h1") == 1


def test_an_update_on_the_same_day_is_not_shown(paper: Paper) -> None:
    paper.post("one", date="2025-05-01 08:00", updated="2025-05-01 20:00")
    assert b"Updated" not in paper.client().get("/posts/one/").data


def test_a_post_that_appeared_elsewhere_first(paper: Paper) -> None:
    paper.post("one", canonical="https://elsewhere.test/one")
    assert b'<link rel="canonical" href="https://elsewhere.test/one">' in paper.client().get("/posts/one/").data
