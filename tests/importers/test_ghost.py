"""Ghost: its tables, the three forms of its texts, cards, and the routes and redirects beside them."""

import json
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup

from byline.importers.ghost import lexical
from byline.importers.text import writing
from byline.importers.text.remarks import Remarks
from byline.markdown.render import render
from tests.helpers.exports import EXPORTS, body, header, imported, ledger, no_errors, words
from tests.helpers.paper import ROOT, Paper, tree

Row = dict[str, Any]
URL = "__GHOST_URL__"
TABLES = {
    "users": [
        {"id": "u1", "name": "News desk", "slug": "news", "email": "desk@old.test", "bio": "Tides.", "twitter": "@quay"}
    ],
    "tags": [
        {"id": "t1", "name": "Harbour", "slug": "harbour", "visibility": "public"},
        {"id": "t2", "name": "#front", "slug": "hash-front", "visibility": "internal"},
        {"id": "t3", "name": "Unused", "slug": "unused"},
    ],
    "settings": [
        {"key": "title", "value": "The Quay"},
        {"key": "timezone", "value": "Europe/Paris"},
        {"key": "navigation", "value": '[{"label": "Home", "url": "/"}]'},
    ],
    "newsletters": [{"id": "n1"}],
}


def export(*posts: Row, **tables: list[Row]) -> str:
    """A file as Ghost writes it."""
    data: dict[str, list[Row]] = {**TABLES, "posts": list(posts), **tables}
    data.setdefault("posts_authors", [{"post_id": post["id"], "author_id": "u1", "sort_order": 0} for post in posts])
    return json.dumps({"db": [{"meta": {"exported_on": 1, "version": "6.0.0"}, "data": data}]})


def post(number: int, title: str, *nodes: Any, **values: Any) -> Row:
    tree = json.dumps({"root": {"type": "root", "children": list(nodes)}})
    usual = {"id": f"p{number}", "title": title, "slug": title.lower().replace(" ", "-"), "lexical": tree}
    usual |= {"type": "post", "status": "published", "visibility": "public", "published_at": "2024-04-30 22:30:00"}
    return usual | values


def text(words: str, form: int = 0) -> Row:
    return {"type": "extended-text", "text": words, "format": form}


def p(*inner: Row | str) -> Row:
    return {"type": "paragraph", "children": [text(one) if isinstance(one, str) else one for one in inner]}


def take(paper: Paper, *posts: Row, arguments: tuple[str, ...] = (), **tables: list[Row]) -> str:
    return imported(paper, str(paper.write("export/blog.json", export(*posts, **tables))), *arguments).output


def test_a_post_has_all_that_it_had(paper: Paper) -> None:
    row = post(
        1,
        "The ferry",
        p("It is back."),
        custom_excerpt="After two winters.",
        feature_image=f"{URL}/content/images/2024/quay.png",
        featured=1,
        canonical_url="https://first.test/ferry",
        updated_at="2024-05-09T10:00:00.000Z",
        comment_id="c1",
        codeinjection_head="<style></style>",
    )
    picture = (ROOT / "byline/theme/static/icon.png").read_bytes()
    (paper.folder / "export/images/2024").mkdir(parents=True)
    (paper.folder / "export/images/2024/quay.png").write_bytes(picture)
    told = take(
        paper,
        row,
        posts_meta=[
            {
                "post_id": "p1",
                "feature_image_alt": "A quay",
                "feature_image_caption": "At <i>dawn</i>",
                "meta_description": "Ferry news.",
            }
        ],
        posts_tags=[
            {"post_id": "p1", "tag_id": "t2", "sort_order": 0},
            {"post_id": "p1", "tag_id": "t1", "sort_order": 1},
        ],
    )
    assert "4 in the export = posts 1 + pages 0 + files of the library 0 + left out 3" in told
    path = ledger(paper)["ghost:p1"]
    found = header(paper, path)
    assert (found["title"], found["dek"], found["summary"]) == ("The ferry", "After two winters.", "Ferry news.")
    assert found["date"].isoformat() == "2024-04-30T22:30:00+00:00"
    assert found["updated"].isoformat() == "2024-05-09T10:00:00+00:00"
    assert (found["tags"], found["authors"], found["id"]) == (("Harbour",), ("news",), "c1")
    assert (found["pinned"], found["canonical"]) == (True, "https://first.test/ferry")
    assert (found["cover"].alt, found["cover"].caption) == ("A quay", "At dawn")
    assert (paper.folder / "pages/media/2024/quay.png").read_bytes() == picture
    person = (paper.folder / "pages/authors/news.md").read_text()
    assert 'X: "https://x.com/quay"' in person
    assert "@" not in person
    report = (paper.folder / "import-report.md").read_text()
    for line in (
        "is internal",
        "is on no post",
        "1 × newsletter",
        "#front",
        "code that it put into its page",
        "Europe/Paris",
    ):
        assert line in report
    client = paper.client()
    assert client.get("/the-ferry/").location == "/posts/the-ferry/"
    assert client.get("/author/news/").location == "/authors/news/"
    no_errors(paper)


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"status": "draft", "published_at": None}, ""),
        ({"visibility": "members"}, "was for members only"),
        ({"visibility": "paid"}, "was for members who pay only"),
        ({"visibility": "tiers"}, "was for some members only"),
        ({"status": "sent"}, "was sent as a letter only"),
        ({"email_only": 1}, "was sent as a letter only"),
        ({"status": "whatever"}, "its status 'whatever' is not known"),
        (
            {"status": "scheduled", "visibility": "members", "published_at": "2099-01-01 10:00:00"},
            "was for members only",
        ),
    ],
)
def test_what_was_not_public_is_a_draft(paper: Paper, values: Row, told: str) -> None:
    take(paper, post(1, "Secret", p("Hidden words."), **values))
    assert header(paper, ledger(paper)["ghost:p1"])["draft"] is True
    assert paper.client().get("/posts/secret/").status_code == 404
    assert told in (paper.folder / "import-report.md").read_text()


def test_nothing_of_a_private_site_is_public(paper: Paper) -> None:
    take(paper, post(1, "Secret", p("Hidden words.")), settings=[{"key": "is_private", "value": "true"}])
    assert header(paper, ledger(paper)["ghost:p1"])["draft"] is True


def test_what_is_scheduled_stays_so(paper: Paper) -> None:
    take(paper, post(1, "Later", p("Words."), status="scheduled", published_at="2099-01-01 10:00:00"))
    assert "draft" not in (paper.folder / ledger(paper)["ghost:p1"]).read_text()
    assert paper.client().get("/posts/later/").status_code == 404


MEMBERS = {"web": {"nonMember": False, "memberSegment": "status:free"}}
BUTTON = {"type": "button", "buttonText": "Press", "buttonUrl": "https://x.test/"}
PLAYER = '<iframe src="https://www.youtube.com/embed/abcdefghijk"></iframe>'


def item(*inner: Row | str, **values: Any) -> Row:
    return {"type": "listitem", "children": [text(one) if isinstance(one, str) else one for one in inner], **values}


@pytest.mark.parametrize(
    ("nodes", "written"),
    [
        (
            [p(text("a", 1), " ", text("b", 2), " ", text("c", 4), " ", text("d", 16), " ", text("e", 3))],
            "**a** *b* ~~c~~ `d` ***e***",
        ),
        (
            [p(text("u", 8), text("2", 32), text("3", 64), " ", text("m", 128))],
            "<u>u</u><sub>2</sub><sup>3</sup> <mark>m</mark>",
        ),
        ([p("One", {"type": "linebreak"}, "two")], "One\\\ntwo"),
        (
            [p({"type": "link", "url": "https://x.test/", "title": "T", "children": [text("l", 1)]})],
            '[**l**](https://x.test/ "T")',
        ),
        ([p({"type": "link", "url": f"{URL}/#/portal/signup", "children": [text("join")]})], "join"),
        ([{"type": "extended-heading", "tag": "h3", "children": [text("Part")]}], "### Part"),
        (
            [{"type": "extended-quote", "children": [text("Q")]}, {"type": "aside", "children": [text("R")]}],
            "> Q\n\n> R",
        ),
        (
            [
                {
                    "type": "list",
                    "tag": "ul",
                    "children": [item("a"), item({"type": "list", "tag": "ol", "start": 1, "children": [item("b")]})],
                }
            ],
            "- a\n  1. b",
        ),
        ([{"type": "list", "tag": "ul", "listType": "check", "children": [item("a", checked=True)]}], "- [x] a"),
        ([{"type": "horizontalrule"}], "***"),
        (
            [
                {
                    "type": "image",
                    "src": "https://x.test/a.jpg",
                    "alt": "A",
                    "caption": "At <b>dawn</b>",
                    "href": "https://x.test/",
                }
            ],
            "[![A](https://x.test/a.jpg)](https://x.test/)\n*At **dawn***",
        ),
        (
            [
                {
                    "type": "gallery",
                    "images": [{"src": "https://x.test/a.jpg", "alt": "A"}, {"src": "https://x.test/b.jpg"}],
                }
            ],
            "![A](https://x.test/a.jpg)\n\n![](https://x.test/b.jpg)",
        ),
        ([{"type": "codeblock", "code": "a = 1\n\n\nb", "language": "python"}], "```python\na = 1\n\n\nb\n```"),
        (
            [{"type": "markdown", "markdown": "## H\n\nNote[^1] ==m== H~2~O\n\n- [x] t\n\n[^1]: Foot."}],
            "## H\n\nNote[^1] <mark>m</mark> H<sub>2</sub>O\n\n- [x] t\n\n[^1]: Foot.",
        ),
        ([{"type": "html", "html": "<p>Raw <em>x</em></p>"}], "Raw *x*"),
        (
            [
                {
                    "type": "bookmark",
                    "url": "https://x.test/",
                    "metadata": {"title": "T", "description": "D", "author": "A", "publisher": "P"},
                }
            ],
            "[T](https://x.test/)\\\nD\\\nP · A",
        ),
        (
            [{"type": "embed", "url": "https://youtu.be/abcdefghijk", "html": PLAYER, "caption": "Film"}],
            "https://youtu.be/abcdefghijk\n\n*Film*",
        ),
        (
            [
                {
                    "type": "embed",
                    "url": "https://t.test/",
                    "html": "<blockquote><p>Said</p></blockquote><script></script>",
                }
            ],
            "> Said",
        ),
        ([{"type": "callout", "calloutText": "<p>Mind <b>it</b></p>", "calloutEmoji": "⚓"}], "> ⚓ Mind **it**"),
        (
            [{"type": "toggle", "heading": "<span>When?</span>", "content": "<p>Now.</p>"}],
            "<details>\n<summary>When?</summary>\n\nNow.\n\n</details>",
        ),
        ([BUTTON], "[Press](https://x.test/)"),
        ([{"type": "button", "buttonText": "Join", "buttonUrl": "#/portal/signup"}], ""),
        (
            [{"type": "file", "src": "https://x.test/a.pdf", "fileTitle": "Fares", "fileCaption": "For print"}],
            "[Fares](https://x.test/a.pdf)\\\nFor print",
        ),
        (
            [{"type": "video", "src": "https://x.test/a.mp4", "thumbnailSrc": "https://x.test/t.jpg", "loop": True}],
            '<video controls loop poster="https://x.test/t.jpg" src="https://x.test/a.mp4">\n</video>',
        ),
        (
            [{"type": "audio", "src": "https://x.test/a.mp3", "title": "Horn"}],
            '<figure>\n\n<audio controls src="https://x.test/a.mp3">\n</audio>\n\n<figcaption>\n\nHorn\n\n</figcaption>\n</figure>',
        ),
        (
            [
                {
                    "type": "product",
                    "productTitle": "Rope",
                    "productDescription": "<p>Long.</p>",
                    "productRatingEnabled": True,
                    "productStarRating": 4,
                }
            ],
            "**Rope**\n\n★★★★☆\n\nLong.",
        ),
        (
            [
                {
                    "type": "header",
                    "header": "<p>Big</p>",
                    "subheader": "small",
                    "buttonEnabled": False,
                    "buttonText": "No",
                }
            ],
            "## Big\n\nsmall",
        ),
        (
            [
                {
                    "type": "call-to-action",
                    "textValue": "<p>Rope.</p>",
                    "buttonText": "Go",
                    "buttonUrl": "https://x.test/",
                    "sponsorLabel": "<p>AD</p>",
                    "hasSponsorLabel": True,
                }
            ],
            "AD\n\nRope.\n\n[Go](https://x.test/)",
        ),
        (
            [
                {"type": "signup", "header": "Join"},
                {"type": "email", "html": "<p>Hey</p>"},
                {"type": "email-cta", "html": "<p>Hey</p>"},
                p("x"),
            ],
            "x",
        ),
        ([BUTTON | {"visibility": MEMBERS}, p("x")], "x"),
        ([BUTTON | {"visibility": {"showOnWeb": False}}, p("x")], "x"),
        ([p("a"), {"type": "paywall"}, p("b")], "a\n\n***\n\nb"),
        ([{"type": "hologram", "title": "Outer", "children": [p("Inner.")]}], "Outer\n\nInner."),
    ],
)
def test_nodes_and_cards(nodes: list[Row], written: str) -> None:
    html = lexical.html_of({"children": nodes}, Remarks(), is_strict=False)
    assert writing.written(html, lambda _, url: url).markdown == written


def test_what_is_left_out_is_told(paper: Paper) -> None:
    nodes = [
        BUTTON | {"visibility": MEMBERS},
        {"type": "email", "html": "<p>Hey</p>"},
        {"type": "signup", "header": "Join us"},
        {"type": "hologram"},
    ]
    take(paper, post(1, "One", *nodes))
    report = (paper.folder / "import-report.md").read_text()
    for line in (
        "only members see is left out (words: 1)",
        "only letters have is left out (words: 1)",
        "to sign up is left out: “Join us”",
        "the card `hologram`",
    ):
        assert line in report


MOBILEDOC = {
    "version": "0.3.1",
    "atoms": [["soft-return", "", {}]],
    "cards": [
        ["image", {"src": "https://x.test/a.jpg", "alt": "A", "caption": "C"}],
        ["code", {"code": "ls", "language": "sh"}],
        ["card-markdown", {"markdown": "*m*"}],
    ],
    "markups": [["strong"], ["em"], ["a", ["href", f"{URL}/two/"]]],
    "sections": [
        [1, "p", [[0, [], 0, "One "], [0, [0], 0, "two "], [0, [1], 2, "three"], [1, [], 0, 0], [0, [2], 1, "four"]]],
        [1, "h2", [[0, [], 0, "Head"]]],
        [3, "ul", [[[0, [], 0, "a"]], [[0, [0], 1, "b"]]]],
        [1, "blockquote", [[0, [], 0, "Q"]]],
        [10, 0],
        [10, 1],
        [10, 2],
    ],
}


def test_mobiledoc(paper: Paper) -> None:
    take(paper, post(1, "One", lexical=None, mobiledoc=json.dumps(MOBILEDOC)), post(2, "Two", p("x")))
    assert body(paper, ledger(paper)["ghost:p1"]) == (
        "One **two *three***\\\n[four](two.md)\n\n## Head\n\n- a\n- **b**\n\n> Q\n\n![A](https://x.test/a.jpg)\n*C*\n\n```sh\nls\n```\n\n*m*"
    )


HTML = (
    '<p>One</p><div class="kg-card kg-toggle-card"><div class="kg-toggle-heading"><h4 class="kg-toggle-heading-text">When?</h4>'
    '<button><svg></svg></button></div><div class="kg-toggle-content"><p>Now.</p></div></div>'
    '<div class="kg-card kg-callout-card"><div class="kg-callout-emoji">⚓</div><div class="kg-callout-text">Mind it</div></div>'
    '<!--kg-gated-block:begin nonMember:false memberSegment:"status:free" --><p>Members!</p><!--kg-gated-block:end-->'
    '<div class="kg-card kg-signup-card"><h2>Join</h2><form><button>Go</button></form></div>'
    '<div class="kg-card kg-file-card"><a href="https://x.test/a.pdf"><div class="kg-file-card-title">Fares</div><div>9 KB</div></a></div>'
    '<div class="kg-card kg-audio-card"><audio src="https://x.test/a.mp3"></audio><div class="kg-audio-title">Horn</div><span>0:02</span></div>'
    '<figure class="kg-card kg-bookmark-card"><a href="https://x.test/"><div class="kg-bookmark-title">T</div>'
    '<div class="kg-bookmark-description">D</div></a></figure>'
)


def test_html_alone(paper: Paper) -> None:
    take(paper, post(1, "One", lexical=None, html=HTML))
    assert body(paper, ledger(paper)["ghost:p1"]) == (
        "One\n\n<details>\n<summary>When?</summary>\n\nNow.\n\n</details>\n\n> ⚓ Mind it\n\n[Fares](https://x.test/a.pdf)\n\n<figure>\n\n"
        '<audio controls src="https://x.test/a.mp3">\n</audio>\n\n<figcaption>\n\nHorn\n\n</figcaption>\n</figure>\n\n[T](https://x.test/)\\\nD'
    )
    assert "that only members see is left out (words: 1)" in (paper.folder / "import-report.md").read_text()


def test_a_card_that_is_not_known_is_taken_from_the_html(paper: Paper) -> None:
    take(paper, post(1, "One", {"type": "hologram"}, html="<p>As it was</p>"))
    assert body(paper, ledger(paper)["ghost:p1"]) == "As it was"


REDIRECTS = [
    {"from": "^/old-ferry/?$", "to": "/the-ferry/", "permanent": True},
    {"from": r"^\/\d{4}\/\d{2}\/([a-z0-9-]+)\/?$", "to": "/$1/", "permanent": True},
    {"from": "^/blog/(.*)$", "to": "/$1", "permanent": True},
    {"from": "/shop", "to": "https://x.test/shop", "permanent": False},
    {"from": "^/(a|b)/(?!c).*$", "to": "/", "permanent": True},
]
ROUTES = (
    "routes:\n  /notices/:\n    controller: channel\n    data: tag.harbour\n  /special/: special\n"
    "collections:\n  /: {permalink: '/{year}/{slug}/'}\ntaxonomies: {tag: '/topic/{slug}/', author: '/by/{slug}/'}\n"
)


def test_routes_and_redirects_lead_on(paper: Paper) -> None:
    paper.write("export/redirects.json", json.dumps(REDIRECTS))
    paper.write("export/routes.yaml", ROUTES.replace("'/{year}/{slug}/'", "'/{slug}/'"))
    take(paper, post(1, "The ferry", p("x")), posts_tags=[{"post_id": "p1", "tag_id": "t1"}])
    client = paper.client()
    for old in ("/the-ferry/", "/old-ferry/", "/2024/05/the-ferry/"):  # in Paris it was May already
        assert client.get(old).location == "/posts/the-ferry/"
    assert client.get("/by/news/").location == "/authors/news/"
    report = (paper.folder / "import-report.md").read_text()
    for line in (
        '"/blog/*" = "/:splat"\n',
        '"/shop/" = {to = "https://x.test/shop", status = 302}\n',
        "1 old addresses with a day are in `aliases`",
        "the redirect `^/(a|b)/(?!c).*$` → `/` does not fit",
        "the route /special/ of routes.yaml",
        '"/topic/harbour/" = "/tags/harbour/"\n',
        '"/notices/" = "/tags/harbour/"\n',
    ):
        assert line in report
    no_errors(paper)


def test_a_permalink_of_routes(paper: Paper) -> None:
    paper.write("export/routes.yaml", ROUTES)
    take(paper, post(1, "The ferry", p("x")))
    assert paper.client().get("/2024/the-ferry/").location == "/posts/the-ferry/"


def test_the_oldest_exports(paper: Paper) -> None:
    row = {
        "id": 7,
        "title": "One",
        "slug": "one",
        "html": "<p>Text.</p>",
        "status": "published",
        "page": 0,
        "author_id": 1,
        "published_at": 1400000000000,
        "mobiledoc": None,
    }
    data = {
        "meta": {"exported_on": 1},
        "data": {"posts": [row], "users": [{"id": 1, "name": "News desk", "slug": "news"}]},
    }
    imported(paper, str(paper.write("blog.json", json.dumps(data))))
    found = header(paper, ledger(paper)["ghost:7"])
    assert (found["date"].year, found["authors"]) == (2014, ("news",))


@pytest.mark.parametrize(
    "data", ["[]", '{"posts": 1}', '{"posts": [1, {"lexical": "{"}, {"mobiledoc": "[1]", "slug": 3}]}']
)
def test_odd_exports_end_with_one_line_or_come_in(paper: Paper, data: str) -> None:
    path = str(paper.write("blog.json", f'{{"db": [{{"meta": {{"exported_on": 1}}, "data": {data}}}]}}'))
    result = paper.run("import", path)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception


PAGES = sorted((EXPORTS / "ghost/pages").glob("*.html"))
ADDED = {
    "·",
    "★★★★☆",
    "https://www.youtube.com/watch?v=abcdefghijk",
    "https://maps.example.com/quay-3",
    "https://maps.example.com/embed/quay-3",
}
"""Words of ours: what stands for stars, frames and the gap between two names."""


def _apart(html: BeautifulSoup, *gone: str) -> tuple[list[str], list[str]]:
    """The words of a text, and those of its notes, without what ours and theirs number or decorate differently."""
    for box in html.select(", ".join((".footnote-ref", ".footnote-backref", *gone))):
        box.decompose()
    notes = [note.extract() for note in html.select(".footnotes, .footnote")]
    said = " ".join(words(str(html))).replace("[ ] ", "").replace("[x] ", "").replace("archiveThe", "archive The")
    said = said.replace("ExampleArchive", "Example Archive")
    return [word for word in said.split() if word not in ADDED], sorted(words(" ".join(map(str, notes))))


@pytest.mark.skipif(not EXPORTS.is_dir(), reason="the exports are not beside the project")
def test_the_pages_say_what_ghost_showed(paper: Paper) -> None:
    imported(paper, str(EXPORTS / "ghost"), "--url", "http://127.0.0.1:6801")
    compared = 0
    for page in PAGES:
        content = BeautifulSoup(page.read_text(), "html.parser").select_one(".gh-content")
        paths = [path for path in ledger(paper).values() if path.endswith(f"/{page.stem.removeprefix('page-')}.md")]
        if content is None or not paths or "draft: true" in (paper.folder / paths[0]).read_text():
            continue
        compared += 1
        shown = "button form .kg-file-card-metadata .kg-video-player .kg-audio-player .kg-signup-card .footnotes-sep".split()
        before, notes = _apart(BeautifulSoup(str(content), "html.parser"), *shown)
        after, ours = _apart(BeautifulSoup(render(body(paper, paths[0])).html, "html.parser"))
        assert before == after, page.name
        assert notes == ours, page.name
    assert compared == 9
    no_errors(paper)
    edited = paper.folder / ledger(paper)["ghost:6b07ec2c65e18e1579a96eac"]
    edited.write_text(edited.read_text() + "\nA line of the owner's.\n")
    before_second = tree(paper.folder)
    imported(paper, str(EXPORTS / "ghost"), "--url", "http://127.0.0.1:6801")
    assert tree(paper.folder) == before_second


@pytest.mark.skipif(not EXPORTS.is_dir(), reason="the exports are not beside the project")
def test_nothing_that_members_or_letters_had_is_anywhere(paper: Paper) -> None:
    imported(paper, str(EXPORTS / "ghost/ghost.json"))
    public = [path for path in Path(paper.folder / "pages").rglob("*.md") if "draft: true" not in path.read_text()]
    said = " ".join(path.read_text() for path in public)
    for secret in (
        "Only members see",
        "For members only",
        "stands only in the letter",
        "example.com\n",
        "editors@example.com,",
    ):
        assert secret not in said
    assert len(public) == 14
