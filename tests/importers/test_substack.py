"""Substack: its table of posts, who could read them, and each box of their HTML."""

import json
from html import escape
from typing import Any

import pytest

from byline.importers.substack.boxes import html_of
from byline.importers.text import writing
from byline.importers.text.remarks import Remarks
from tests.helpers.exports import body, header, imported, ledger, no_errors
from tests.helpers.paper import Paper

HEAD = "post_id,post_date,is_published,email_sent_at,inbox_sent_at,type,audience,title,subtitle,podcast_url\n"
CDN = "https://substackcdn.com/image/fetch/$s_!x!,w_1456,c_limit,f_auto/https%3A%2F%2Fsubstack-post-media.s3.amazonaws.com%2Fpublic%2Fa.png"
PICTURE = "https://substack-post-media.s3.amazonaws.com/public/a.png"


def row(
    number: int,
    slug: str,
    *,
    kind: str = "newsletter",
    audience: str = "everyone",
    published: str = "TRUE",
    sound: str = "",
) -> str:
    title, day = slug.replace("-", " ").capitalize(), "2024-04-05T10:30:00.000Z"
    return f'{number}.{slug},{day},{published},,,{kind},{audience},"{title}","About &#x201C;{slug}&#x201D;",{sound}\n'


def take(paper: Paper, html: str, rows: str = "", **files: str) -> str:
    paper.write("out/posts.csv", HEAD + (rows or row(1, "one")))
    paper.write("out/posts/1.one.html", html)
    for name, data in files.items():
        paper.write(f"out/{name}", data)
    return imported(paper, str(paper.folder / "out"), "--url", "https://old.test").output


def box(name: str, values: dict[str, Any], inner: str = "", tag: str = "div") -> str:
    return f'<{tag} class="{name}" data-attrs="{escape(json.dumps(values))}">{inner}</{tag}>'


def test_a_post_has_all_that_it_had(paper: Paper) -> None:
    rows = row(1, "one") + row(2, "two", kind="podcast", sound="https://old.test/a.mp3") + row(3, "us", kind="page")
    rows += row(4, "talk", kind="thread") + row(1, "one") + row(5, "gone")
    paper.write("out/posts/2.two.html", '<p>See <a href="https://old.test/p/one?utm=1">one</a>.</p>')
    for number, slug in ((3, "us"), (4, "talk")):
        paper.write(f"out/posts/{number}.{slug}.html", "<p>Text.</p>")
    lists = {
        "email_list.old.csv": "email,name\nreader@x.test,R\nother@x.test,O\n",
        "posts/1.opens.csv": "a\nreader@x.test\n",
    }
    told = take(paper, "<p>Text.</p>", rows, **lists)
    assert "9 in the export = posts 4 + pages 1 + files of the library 0 + left out 4" in told
    paths = ledger(paper)
    found = header(paper, paths["substack:1"])
    assert (found["title"], found["dek"]) == ("One", "About “one”")
    assert found["date"].isoformat() == "2024-04-05T10:30:00+00:00"
    assert found["id"] == "https://old.test/p/one"
    assert (
        body(paper, paths["substack:2"])
        == '<audio controls src="https://old.test/a.mp3">\n</audio>\n\nSee [one](one.md).'
    )
    client = paper.client()
    assert client.get("/p/one").location == "/posts/one/"
    assert client.get("/p/us").location == "/us/"
    report = (paper.folder / "import-report.md").read_text()
    assert "was a thread" in report
    assert "its text is not in the export" in report
    everything = "".join(path.read_text() for path in paper.folder.rglob("*.md"))
    assert "reader@x.test" not in everything
    assert "other@x.test" not in everything
    no_errors(paper)


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"published": "FALSE"}, ""),
        ({"audience": "only_paid"}, "was for readers who pay only"),
        ({"audience": "founding"}, "was for founding members only"),
        ({"audience": "only_free"}, "was for readers who do not pay only"),
        ({"audience": ""}, "was for some readers only"),
    ],
)
def test_what_was_not_public_is_a_draft(paper: Paper, values: dict[str, str], told: str) -> None:
    take(paper, "<p>Hidden words.</p>", row(1, "one", **values))
    assert header(paper, ledger(paper)["substack:1"])["draft"] is True
    assert paper.client().get("/posts/one/").status_code == 404
    assert told in (paper.folder / "import-report.md").read_text()


def test_a_text_that_the_table_does_not_have_stays_back(paper: Paper) -> None:
    take(paper, "<p>Text.</p>", row(2, "two"))
    assert header(paper, ledger(paper)["substack:1"])["draft"] is True


def test_the_old_site_is_told_from_its_buttons(paper: Paper) -> None:
    paper.write("out/posts.csv", HEAD + row(1, "one"))
    paper.write(
        "out/posts/1.one.html",
        '<p class="button-wrapper"><a href="https://quay.substack.com/subscribe?">Go</a></p><p>x</p>',
    )
    imported(paper, str(paper.folder / "out"))
    assert header(paper, ledger(paper)["substack:1"])["id"] == "https://quay.substack.com/p/one"
    assert "is taken to be https://quay.substack.com" in (paper.folder / "import-report.md").read_text()


IMAGE = f'<img src="{CDN}" data-attrs="{escape(json.dumps({"src": PICTURE, "alt": "A quay", "href": None}))}">'
LINKED = IMAGE.replace("null", "&quot;https://x.test/&quot;")
FRAME = '<div class="youtube-inner"><iframe src="https://www.youtube-nocookie.com/embed/abcdefghijk"></iframe></div>'


@pytest.mark.parametrize(
    ("html", "written"),
    [
        (
            f'<div class="captioned-image-container"><figure><a class="image-link image2" href="{CDN}">{IMAGE}</a>'
            "<figcaption class='image-caption'>At <em>dawn</em></figcaption></figure></div>",
            f"<figure>\n\n![A quay]({PICTURE})\n\n<figcaption>\n\nAt *dawn*\n\n</figcaption>\n</figure>",
        ),
        (
            f'<figure><a class="image-link" href="{CDN}">{LINKED}</a></figure>',
            f"[![A quay]({PICTURE})](https://x.test/)",
        ),
        (f'<p><img src="{CDN}"></p>', f"![]({PICTURE})"),
        (
            '<p>Word<a class="footnote-anchor" id="footnote-anchor-1" href="#footnote-1">1</a>.</p><div class="footnote">'
            '<a id="footnote-1" href="#footnote-anchor-1" class="footnote-number">1</a><div class="footnote-content"><p>A <em>note</em>.</p></div></div>',
            "Word[^1].\n\n[^1]: A *note*.",
        ),
        (
            box(
                "button-wrapper",
                {"url": "https://x.test/buy", "text": "Buy"},
                '<a href="https://x.test/buy">Buy</a>',
                "p",
            ),
            "[Buy](https://x.test/buy)",
        ),
        (
            box(
                "button-wrapper",
                {"url": "%%checkout_url%%", "text": "Join"},
                '<a href="%%checkout_url%%">Join</a>',
                "p",
            )
            + "<p>x</p>",
            "x",
        ),
        ('<p>x</p><div><hr></div><div class="subscription-widget-wrap"><p>Thanks!</p><form><input></form></div>', "x"),
        ("<p>x</p><div><hr></div><p>y</p>", "x\n\n***\n\ny"),
        (
            '<div class="captioned-button-wrap"><p class="cta-caption">Thanks</p><p class="button-wrapper"><a href="%%share_url%%">Share</a></p></div><p>x</p>',
            "x",
        ),
        ('<div class="pullquote"><p>Q</p></div>', "> Q"),
        (
            '<div class="preformatted-block"><label class="hide-text">Text within</label><pre class="text">a\n\nb</pre></div>',
            "```\na\n\nb\n```",
        ),
        (
            box("highlighted_code_block", {"language": "python"}, "<pre><code>a = 1</code></pre>"),
            "```python\na = 1\n```",
        ),
        (box("latex-rendered", {"persistentExpression": "a^2"}), "```math\na^2\n```"),
        (box("youtube-wrap", {"videoId": "abcdefghijk"}, FRAME), "https://www.youtube.com/watch?v=abcdefghijk"),
        (
            box("spotify-wrap", {"url": "https://open.spotify.com/episode/1", "title": "Horn"}),
            "[Horn](https://open.spotify.com/episode/1)",
        ),
        (
            box(
                "tweet",
                {"url": "https://x.com/quay/status/1", "full_text": "Ferry & fog", "username": "quay", "name": "Quay"},
            ),
            "> Ferry & fog\n>\n> [Quay (@quay)](https://x.com/quay/status/1)",
        ),
        (
            box(
                "embedded-post-wrap",
                {"url": "https://b.test/p/x", "title": "T", "truncated_body_text": "D", "publication_name": "P"},
            ),
            "[T](https://b.test/p/x)\\\nD\\\nP",
        ),
        (
            box(
                "image-gallery-embed",
                {"gallery": {"images": [{"src": CDN}, {"src": PICTURE}], "alt": "", "caption": ""}},
            ),
            f"![]({PICTURE})\n\n![]({PICTURE})",
        ),
        (
            '<div class="file-embed-wrapper"><div class="file-embed-details-h1">Fares</div><div>9KB</div><a class="file-embed-button" href="https://x.test/a.pdf">Download</a></div>',
            "[Fares](https://x.test/a.pdf)",
        ),
        (box("native-audio-embed", {"label": "Horn", "mediaUploadId": "1"}), "Horn"),
        ('<p>a</p><div class="paywall-jump"></div><p>b</p>', "a\n\n***\n\nb"),
    ],
)
def test_boxes(html: str, written: str) -> None:
    assert writing.written(html_of(html, Remarks()), lambda _, url: url).markdown == written


def test_what_is_left_out_is_told(paper: Paper) -> None:
    take(
        paper,
        '<p class="button-wrapper"><a href="%%share_url%%">Share</a></p>'
        + box("hologram", {"id": 1})
        + box("native-video-embed", {"x": 1}),
    )
    report = (paper.folder / "import-report.md").read_text()
    for line in ("`button-wrapper` is left out: “Share”", "the box `hologram`", "a film is not in the export"):
        assert line in report
