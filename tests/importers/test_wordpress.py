"""WordPress: what each piece of a WXR file becomes."""

import pytest

from tests.helpers.exports import body, header, imported, ledger, no_errors, wxr, wxr_item
from tests.helpers.paper import Paper

DESK = (
    "<wp:author><wp:author_login>desk@old.test</wp:author_login><wp:author_email>desk@old.test</wp:author_email>"
    "<wp:author_display_name><![CDATA[News desk]]></wp:author_display_name></wp:author>"
    "<wp:author><wp:author_login>desk</wp:author_login><wp:author_display_name><![CDATA[Harbour desk]]>"
    "</wp:author_display_name></wp:author>"
)


def take(paper: Paper, *items: str, arguments: tuple[str, ...] = ()) -> None:
    imported(paper, str(paper.write("export.xml", wxr(*items, head=DESK))), *arguments)


def text(paper: Paper, html: str, *others: str, **values: object) -> str:
    take(paper, wxr_item(1, "One", html, **values), *others)
    return body(paper, ledger(paper)["wordpress:1"])


def test_a_post_has_all_that_it_had(paper: Paper) -> None:
    cover = wxr_item(
        9,
        "quay",
        type="attachment",
        status="inherit",
        excerpt="The quay at dawn",
        meta={"_wp_attachment_image_alt": "A quay"},
        extra="<wp:attachment_url>https://cdn.elsewhere.test/quay.jpg</wp:attachment_url>",
    )
    post = wxr_item(
        1,
        'The "ferry": it\'s back & fine',
        "<p>Text.</p>",
        slug="ferry-back",
        date="2023-04-05 00:30:00",
        gmt="2023-04-04 22:30:00",
        excerpt="Back <em>at last</em>.",
        terms=[("category", "Harbour"), ("post_tag", "sea"), ("post_tag", "C, C++")],
        meta={"_thumbnail_id": "9", "_yoast_wpseo_canonical": "https://first.test/ferry/"},
        sticky=1,
        creator="desk@old.test",
    )
    take(paper, post, cover)
    assert ledger(paper)["wordpress:1"] == "pages/posts/2023/ferry-back.md"
    found = header(paper, "pages/posts/2023/ferry-back.md")
    assert found["title"] == 'The "ferry": it\'s back & fine'
    assert found["date"].isoformat() == "2023-04-04T22:30:00+00:00"
    assert found["tags"] == ("sea", "C, C++")
    assert found["category"] == "Harbour"
    assert found["summary"] == "Back at last."
    assert (found["cover"].src, found["cover"].alt) == ("https://cdn.elsewhere.test/quay.jpg", "A quay")
    assert found["cover"].caption == "The quay at dawn"
    assert found["pinned"]
    assert found["authors"] == ("news-desk",)
    assert found["id"] == "https://old.test/?p=1"
    assert found["canonical"] == "https://first.test/ferry/"
    assert "@" not in "".join(path.read_text() for path in (paper.folder / "pages").rglob("*.md"))
    assert "@" not in (paper.folder / "import-report.md").read_text()
    assert "News desk" in paper.client().get("/posts/ferry-back/").get_data(as_text=True)
    no_errors(paper)


@pytest.mark.parametrize(
    ("status", "values"),
    [
        ("draft", {}),
        ("pending", {}),
        ("private", {}),
        ("archived-by-a-plugin", {}),
        ("", {}),
        ("publish", {"password": "open sesame"}),
        ("future", {}),  # its time has passed, and whether it was published is not known
    ],
)
def test_what_was_not_public_is_a_draft(paper: Paper, status: str, values: dict[str, str]) -> None:
    take(paper, wxr_item(1, "Secret", "Text.", status=status, **values), wxr_item(2, "Open", "Text."))
    assert header(paper, ledger(paper)["wordpress:1"])["draft"] is True
    client = paper.client()
    assert client.get("/posts/secret/").status_code == 404
    assert client.get("/posts/open/").status_code == 200
    everything = "".join(path.read_text() for path in paper.folder.rglob("*.md"))
    assert "open sesame" not in everything


def test_what_is_scheduled_waits(paper: Paper) -> None:
    take(paper, wxr_item(1, "Later", "Text.", status="future", date="2030-01-01 10:00:00"))
    assert paper.client().get("/posts/later/").status_code == 404
    paper.now = paper.now.replace(year=2031)
    assert paper.client().get("/posts/later/").status_code == 200


def test_all_that_is_left_out_is_told_and_counted(paper: Paper) -> None:
    comment = "<wp:comment><wp:comment_content>Nice!</wp:comment_content></wp:comment>"
    others = [("nav_menu_item", "publish"), ("product", "publish"), ("post", "trash"), ("post", "auto-draft")]
    others += [("revision", "inherit"), ("wp_template", "publish")]
    items = [wxr_item(n, f"Item {n}", "Text.", type=kind, status=status) for n, (kind, status) in enumerate(others, 10)]
    path = paper.write("export.xml", wxr(wxr_item(1, "One", "Text.", extra=comment), *items))
    told = imported(paper, str(path)).output
    assert "8 in the export = posts 1 + pages 0 + files of the library 0 + left out 7" in told
    assert told.count("Left out: 1 × ") == 7
    assert sorted(ledger(paper)) == ["author:desk", "report", "wordpress:1"]


def test_pages_keep_their_places(paper: Paper) -> None:
    about = wxr_item(1, "About", "Us.", type="page", link="https://old.test/about/")
    team = wxr_item(2, "Team", "We.", type="page", parent=1, link="https://old.test/about/team/")
    archive = wxr_item(3, "Archive", "Old.", type="page", link="https://old.test/archive/")
    take(paper, about, team, archive)
    client = paper.client()
    assert [client.get(url).status_code for url in ("/about/", "/about/team/", "/archive-page/")] == [200, 200, 200]
    no_errors(paper)


def test_old_addresses_lead_to_the_new_ones(paper: Paper) -> None:
    one = wxr_item(1, "One", "Text.", meta={"_wp_old_slug": "first"})
    two = wxr_item(2, "Two", "Text.", link="https://old.test/2023/two.html", slug="two.html")
    take(paper, one, two)
    client = paper.client()
    for old, new in (
        ("/2023/04/05/one/", "/posts/one/"),
        ("/2023/04/05/first/", "/posts/one/"),
        ("/2023/two.html", "/posts/two/"),
    ):
        assert client.get(old).location == new
    report = (paper.folder / "import-report.md").read_text()
    assert "| /?p=1 | /posts/one/ |" in report


def test_the_permalink_that_keeps_all_addresses_is_told(paper: Paper) -> None:
    path = paper.write("export.xml", wxr(*(wxr_item(n, f"Post {n}", "Text.") for n in range(3))))
    line = 'permalink = "/{year}/{month}/{day}/{slug}/"'
    assert line in imported(paper, str(path)).output
    paper.settings(f'title = "The Paper"\nurl = "https://paper.test"\n{line}')
    assert line not in imported(paper, str(path)).output
    assert "aliases: ['/?p=1']" in (paper.folder / ledger(paper)["wordpress:1"]).read_text()
    client = paper.client()
    assert client.get("/2023/04/05/post-1/").status_code == 200
    assert client.get("/?p=1").headers["Location"] == "/2023/04/05/post-1/"
    no_errors(paper)


@pytest.mark.parametrize("version", ["1.0", "1.1"])
def test_older_versions_are_read(paper: Paper, version: str) -> None:
    extra = "<category><![CDATA[Harbour]]></category><category domain='tag'><![CDATA[sea]]></category>"
    item = wxr_item(1, "One", "Text.", terms=[("category", "Harbour"), ("tag", "sea")], extra=extra, excerpt="Short.")
    export = wxr(item).replace("export/1.2/", f"export/{version}/")
    imported(paper, str(paper.write("export.xml", export)))
    found = header(paper, ledger(paper)["wordpress:1"])
    assert (found["category"], found["tags"], found["summary"]) == ("Harbour", ("sea",), "Short.")


def test_a_place_in_another_text_keeps_its_name(paper: Paper) -> None:
    two = wxr_item(2, "Two", '<h2 id="old-name">Heading</h2><h2 id="nobody">Other</h2>')
    text(paper, '<p><a href="https://old.test/2023/04/05/two/#old-name">a</a></p>', two)
    assert body(paper, ledger(paper)["wordpress:2"]) == '## <a id="old-name"></a>Heading\n\n## Other'
    assert "broken-anchor" not in paper.run("check").output


def test_links_between_texts_lead_to_files(paper: Paper) -> None:
    html = (
        '<p><a href="https://old.test/2023/04/05/two/#part">a</a> <a href="/?p=2">b</a> <a href="http://www.old.test/about">c</a>'
        ' <a href="https://old.test/tag/sea/">d</a> <a href="https://old.test/gone/">e</a> <a href="https://other.test/">f</a>'
        ' <a href="/author/desk">g</a> <a href="/feed/">h</a></p>'
    )
    about = wxr_item(3, "About", "Us.", type="page", link="https://old.test/about/")
    two = wxr_item(
        2,
        "Two",
        "Text.",
        date="2022-01-01 00:00:00",
        terms=[("post_tag", "Sea")],
        link="https://old.test/2023/04/05/two/",
    )
    assert text(paper, html, two, about) == (
        "[a](../2022/two.md#part) [b](../2022/two.md) [c](../../about.md) [d](/tags/sea/)"
        " [e](https://old.test/gone/) [f](https://other.test/) [g](/authors/harbour-desk/) [h](/feed.xml)"
    )
    assert (
        "a link leads to https://old.test/gone/, which did not come along"
        in (paper.folder / "import-report.md").read_text()
    )


def test_classic_text_has_paragraphs(paper: Paper) -> None:
    typed = "One line\nand another\n\nSecond <em>paragraph</em>\n<ul>\n<li>a</li>\n</ul>\n<pre>x\n\n\ny</pre>\nhttps://youtu.be/abc"
    assert text(paper, typed) == (
        "One line\\\nand another\n\nSecond *paragraph*\n\n- a\n\n```\nx\n\n\ny\n```\n\nhttps://youtu.be/abc"
    )


def test_blocks_are_their_html(paper: Paper) -> None:
    typed = (
        "<!-- wp:paragraph -->\n<p>A</p>\n<!-- /wp:paragraph -->\n\n<!-- wp:latest-posts /-->\n\n"
        '<!-- wp:quote -->\n<blockquote class="wp-block-quote"><p>Q</p><cite>Who</cite></blockquote>\n<!-- /wp:quote -->'
        '<!-- wp:image {"id":5} -->\n<figure class="wp-block-image"><img src="https://x.test/a.jpg" alt="B"/>'
        "<figcaption>C <strong>d</strong></figcaption></figure>\n<!-- /wp:image -->"
        '<!-- wp:social-link {"url":"https://s.test/","service":"mail"} /--><!-- wp:block {"ref":7} /-->'
    )
    shared = wxr_item(7, "Shared", "<!-- wp:paragraph --><p>Shared words.</p><!-- /wp:paragraph -->", type="wp_block")
    assert text(paper, typed, shared) == (
        "A\n\n> Q\n>\n> <cite>Who</cite>\n\n![B](https://x.test/a.jpg)\n*C **d***\n\n[mail](https://s.test/)\n\nShared words."
    )
    assert "the block `latest-posts` shows" in (paper.folder / "import-report.md").read_text()


def test_footnotes_are_markdowns(paper: Paper) -> None:
    typed = (
        '<!-- wp:paragraph --><p>Word<sup data-fn="u-1" class="fn"><a href="#u-1" id="u-1-link">1</a></sup>.</p><!-- /wp:paragraph -->'
        "<!-- wp:footnotes /-->"
    )
    note = '[{"content":"A <em>note</em>.","id":"u-1"}]'
    assert text(paper, typed, meta={"footnotes": note}) == "Word[^1].\n\n[^1]: A *note*."


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        (
            '[caption id="a" width="3"]<img src="https://x.test/a.jpg" alt="A" /> Words[/caption]',
            "![A](https://x.test/a.jpg)\n*Words*",
        ),
        ('[gallery ids="5"]', "![alt five](https://x.test/five.jpg)\n*Five*"),
        ("[embed]https://v.test/1[/embed]", "https://v.test/1"),
        ("[youtube abcdefgh]", "https://www.youtube.com/watch?v=abcdefgh"),
        ('[audio src="https://x.test/a.mp3"]', '<audio controls src="https://x.test/a.mp3">\n</audio>'),
        (
            '[video mp4="https://x.test/a.mp4" poster="https://x.test/p.jpg"][/video]',
            '<video controls poster="https://x.test/p.jpg" src="https://x.test/a.mp4">\n</video>',
        ),
        (
            '[code lang="php"]\n<?php $a = [1];\n\n\necho "[gallery]";\n[/code]',
            '```php\n<?php $a = [1];\n\n\necho "[gallery]";\n```',
        ),
        ("[[gallery]] shows pictures", "\\[gallery\\] shows pictures"),
        ('[box title="Note"]Words <b>here</b>[/box]', "**Note**\n\nWords **here**"),
        ('[button url="https://x.test/" text="Press"]', "[Press](https://x.test/)"),
        ("As she said [sic], [1] and [x] stay.", "As she said \\[sic\\], \\[1\\] and \\[x\\] stay."),
        ('[contact-form-7 id="3"]', ""),
        ("Out at [time]eight[/time], back at [raw]<b>six</b>[/raw].", "Out at eight, back at **six**."),
        ("[big]Out[/big] at [a][b]eight[/b][/a]", "Out at eight"),
        ("See <em>[big]this[/big]</em> now", "See *this* now"),
        ("[half]One[/half][half]Two[/half]", "One\n\nTwo"),
        ("Left: [half]One[/half] [half]Two[/half] right", "Left:\n\nOne\n\nTwo\n\nright"),
        ("Before\n[box]One\n\nTwo[/box]\nafter", "Before\n\nOne\n\nTwo\n\nafter"),
        ("At [box]<ul><li>a</li></ul>[/box] once", "At\n\n- a\n\nonce"),
    ],
)
def test_shortcodes(paper: Paper, typed: str, written: str) -> None:
    picture = wxr_item(
        5,
        "five",
        type="attachment",
        status="inherit",
        excerpt="Five",
        meta={"_wp_attachment_image_alt": "alt five"},
        extra="<wp:attachment_url>https://x.test/five.jpg</wp:attachment_url>",
    )
    assert text(paper, typed, picture) == written


def test_an_unknown_shortcode_is_told(paper: Paper) -> None:
    text(paper, '[fancy_box color="red"]Words[/fancy_box]')
    assert "nothing here runs the shortcode [fancy_box]" in (paper.folder / "import-report.md").read_text()


def test_an_episode_comes_along(paper: Paper) -> None:
    enclosure = {"enclosure": "https://pod.test/1.mp3\n123\naudio/mpeg\na:0:{}"}
    assert (
        text(paper, "<p>Notes.</p>", meta=enclosure)
        == 'Notes.\n\n<audio controls src="https://pod.test/1.mp3">\n</audio>'
    )


@pytest.mark.parametrize(
    ("meta", "excerpt", "summary"),
    [
        ({"_yoast_wpseo_metadesc": "Found."}, "", "Found."),
        ({"rank_math_description": "%title% %sep%", "_aioseop_description": "Found."}, "", "Found."),
        ({"_yoast_wpseo_metadesc": "Found."}, "Said.", "Said."),
    ],
)
def test_the_summary(paper: Paper, meta: dict[str, str], excerpt: str, summary: str) -> None:
    take(paper, wxr_item(1, "One", "Text.", meta=meta, excerpt=excerpt))
    assert header(paper, ledger(paper)["wordpress:1"])["summary"] == summary


@pytest.mark.parametrize("slug", ["مرحبا", "%d9%85%d8%b1", "Straße", "C++", "2020-01-02-review", "a--b"])
def test_an_address_of_any_script_leads_on(paper: Paper, slug: str) -> None:
    take(paper, wxr_item(1, "One", "Text.", slug=slug, link=f"https://old.test/2023/{slug}/"))
    client = paper.client()
    answer = client.get(f"/2023/{slug}/")
    assert answer.status_code in (301, 308)
    assert client.get(answer.location).status_code == 200
    no_errors(paper)


def test_several_authors(paper: Paper) -> None:
    terms = [("author", "desk"), ("author", "Guest team"), ("author", "desk")]
    take(paper, wxr_item(1, "One", "Text.", terms=terms))
    assert header(paper, ledger(paper)["wordpress:1"])["authors"] == ("harbour-desk", "guest-team")
    assert (paper.folder / "pages/authors/guest-team.md").exists()
    assert paper.client().get("/author/desk/").location == "/authors/harbour-desk/"


def test_parts_of_an_export_are_one(paper: Paper) -> None:
    post = wxr_item(1, "One", "Text.", meta={"_thumbnail_id": "5"})
    picture = wxr_item(
        5,
        "five",
        type="attachment",
        status="inherit",
        extra="<wp:attachment_url>https://cdn.elsewhere.test/five.jpg</wp:attachment_url>",
    )
    posts, files = paper.write("export/posts.xml", wxr(post)), paper.write("export/files.xml", wxr(picture))
    imported(paper, str(posts))
    assert "its cover, file 5 of the library, is not in the export" in (paper.folder / "import-report.md").read_text()
    imported(paper, str(posts), str(files))
    assert header(paper, ledger(paper)["wordpress:1"])["cover"].src == "https://cdn.elsewhere.test/five.jpg"
    assert imported(paper, str(paper.folder / "export")).output.startswith("WordPress: 2 in the export = posts 1")


def test_what_is_not_quite_xml_is_read(paper: Paper) -> None:
    broken = wxr(wxr_item(1, "One", "Text & <b>more</b>\x0b")).replace("The Quay", "Q & A &mdash; &copy; caf&eacute;")
    broken = broken.replace(' xmlns:dc="http://purl.org/dc/elements/1.1/"', "")
    imported(paper, str(paper.write("export.xml", broken)))
    assert body(paper, ledger(paper)["wordpress:1"]) == "Text & **more**"
    assert "Q & A — © café" in (paper.folder / "import-report.md").read_text()


def test_the_same_post_twice_is_one(paper: Paper) -> None:
    one = wxr_item(1, "One", "Text.")
    told = imported(paper, str(paper.write("export.xml", wxr(one, one)))).output
    assert "2 in the export = posts 1 + pages 0 + files of the library 0 + left out 1" in told


def test_one_slug_for_two_posts(paper: Paper) -> None:
    take(
        paper,
        wxr_item(1, "One", "First.", slug="x"),
        wxr_item(2, "Two", "Second.", slug="X", link="https://old.test/?p=2"),
    )
    client = paper.client()
    assert "First." in client.get("/posts/x/").get_data(as_text=True)
    assert "Second." in client.get("/posts/X-2/").get_data(as_text=True)
    no_errors(paper)
