"""What is not published is nowhere: canaries in everything that a hidden post has."""

import datetime as dt
import gzip
import random
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from byline.freeze.leaks import LeakCheck
from tests.helpers.paper import NOON, Paper
from tests.helpers.papers import PNG, png

HIDDEN: dict[str, dict[str, str | None]] = {
    "draft": {"draft": "true"},
    "published false": {"published": "false", "date": None},
    "status draft": {"status": "draft"},
    "embargo": {"date": "2025-06-02"},
    "expired": {"expires": "2025-06-01"},
}


def every_byte(folder: Path) -> bytes:
    """Names and contents of all printed files, including Byline's own records."""
    files = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    return b"\n".join(str(path.relative_to(folder)).encode() + b"\n" + path.read_bytes() for path in files)


@pytest.mark.parametrize("how", HIDDEN)
def test_nothing_of_a_hidden_post_is_printed(paper: Paper, how: str) -> None:
    paper.write("pages/posts/canary-picture.png", PNG + b"canary")
    paper.write("pages/posts/canary-file.txt", "canary")
    paper.post(
        "canary-slug",
        "Canary text ![canary](canary-picture.png) [canary](canary-file.txt)",
        **{
            "title": "Canary title",
            "dek": "Canary dek",
            "authors": "[Canary Author]",
            "tags": "[canary-tag]",
            "category": "Canary Category",
            "series": "Canary Series",
            "aliases": "/canary-alias/",
            "id": "tag:canary",
            "cover": "canary-picture.png",
        }
        | HIDDEN[how],
    )
    paper.post("open", "A [link](canary-slug.md), a [second](/posts/canary-slug/) and an [old](/canary-alias/) one.")
    run = paper.freeze()
    assert run.exit_code == 0, run.output
    assert b"canary" not in every_byte(paper.folder / "build").lower()
    assert "<a>link</a>, a <a>second</a> and an <a>old</a> one." in paper.page("posts/open/index.html")
    assert "unpublished-link" in paper.codes()
    client = paper.client()
    for url in (
        "/posts/canary-slug/",
        "/canary-alias/",
        "/tags/canary-tag/",
        "/authors/canary-author/",
        "/posts/canary-slug",
    ):
        assert client.get(url).status_code == 404, url


def test_a_leak_through_a_template_stops_the_freeze(paper: Paper) -> None:
    paper.post("one")
    paper.post("secret", draft="true")
    assert paper.freeze().exit_code == 0
    before = paper.tree()
    footer = paper.override("parts/footer.html")
    paper.write("templates/parts/footer.html", footer + '<a href="/posts/secret/">Coming</a>')
    run = paper.freeze()
    assert run.exit_code == 1
    assert "leads to /posts/secret/" in run.output or "leads to /posts/secret," in run.output
    assert paper.tree() == before


def test_a_page_that_was_right_is_looked_at_again_when_a_post_is_withdrawn(paper: Paper) -> None:
    paper.settings('url = "https://paper.test"\n[[navigation]]\ntitle = "Two"\nurl = "/posts/two/"')
    paper.post("one")
    paper.post("two")
    assert paper.freeze().exit_code == 0
    paper.post("two", draft="true")
    run = paper.freeze()
    assert run.exit_code == 1
    assert "/posts/two/, which is not published" in run.output


def test_the_moment_of_publication(paper: Paper) -> None:
    paper.settings('url = "https://paper.test"\ntimezone = "Europe/Berlin"')
    paper.post("later", date="2025-06-01 14:30")  # 12:30 UTC
    app = paper.app()
    client = app.test_client()
    assert client.get("/posts/later/").status_code == 404
    paper.now = NOON + dt.timedelta(minutes=30)
    assert client.get("/posts/later/").status_code == 200
    assert b"later" in client.get("/").data


def test_freezing_another_moment(paper: Paper) -> None:
    paper.post("later", date="2025-07-01")
    assert paper.freeze("--at", "2025-07-01 00:00").exit_code == 0
    assert (paper.folder / "build/posts/later/index.html").exists()
    assert paper.freeze().exit_code == 0
    assert not (paper.folder / "build/posts/later/index.html").exists()


def test_drafts_are_frozen_for_review_only(paper: Paper) -> None:
    paper.post("secret", draft="true")
    paper.post("open")
    refused = paper.freeze("--drafts")
    assert refused.exit_code == 2
    assert "--out" in refused.output
    assert paper.freeze("--drafts", out="review").exit_code == 0
    for path in (paper.folder / "review").rglob("*.html"):
        assert '<meta name="robots" content="noindex">' in path.read_text()
    assert "Disallow: /" in paper.page("robots.txt", out="review")
    assert '<strong class="badge">draft</strong>' in paper.page("posts/secret/index.html", out="review")


@pytest.mark.parametrize(
    ("path", "text", "leaks"),
    [
        ("a.html", '<a href="/posts/x/">', True),
        ("a.html", "<a href='/posts/x'>", True),
        ("a.html", "<a href=/posts/x/>", True),
        ("a.html", '<a class="b" data-page="&#47;posts&#x2f;x/">', True),
        ("a.html", '<a href="posts/x/">', True),
        ("a.html", '<a href="https://paper.test/posts/x/#a">', True),
        ("a.html", '<img srcset="/a.png 1x, /posts/x/ 2x">', True),
        ("a.html", '<p style="background: url(/posts/x/)">', True),
        ("a.html", '<meta property="og:url" content="https://paper.test/posts/x/">', True),
        ("a.html", '<meta http-equiv="refresh" content="0; url=/posts/x/">', True),
        ("a.html", '<script type="application/ld+json">{"@id": "https:\\/\\/paper.test/posts/x/"}</script>', True),
        ("a.html", '<a href="/posts/xy/">', False),
        ("posts/a.html", '<input type="x" data-kind="x" loading="lazy x">', False),
        ("a.html", '<a href="https://other.test/posts/x/">', False),
        ("a.html", '<p>https://paper.test/posts/x/</p>"/posts/x/"<code>href="/posts/x/"</code>', False),
        ("a.html", '<img alt="/posts/x/" src="/a.png"><meta name="description" content="/posts/x/">', False),
        ("a.html", '<script type="application/ld+json">{"description": "/posts/x/"}</script>', False),
        ("a.xml", "<loc>https://paper.test/posts/x/</loc>", True),
        ("a.xml", '<feed><entry><link href="/posts/x/"/></entry></feed>', True),
        ("a.xml", "<content>&lt;a href=&#34;https://paper.test/posts/x/&#34;&gt;</content>", True),
        ("a.xml", "<content><![CDATA[<a href='/posts/x/'>]]></content>", True),
        ("a.xml", "<title>https://paper.test/posts/x/</title>", False),
        ("a.xml", "<content>&lt;p&gt;https://paper.test/posts/x/&lt;/p&gt;</content>", False),
        ("a.json", '{"items": [{"url": "https://paper.test/posts/x/"}]}', True),
        ("a.json", '{"content_html": "\\u003ca href=\\"https://paper.test/posts/x/\\"\\u003e"}', True),
        ("a.json", '{"summary": "https://paper.test/posts/x/", "content_html": "<p>/posts/x/</p>"}', False),
    ],
)
def test_what_is_a_leak(path: str, text: str, leaks: bool) -> None:
    check = LeakCheck(["/posts/x/"], "https://paper.test")
    assert bool(check.found_in(path, text.encode())) == leaks


WORDS = ["https://paper.test/posts/secret/", "`https://paper.test/posts/secret/`", '"/posts/secret/"']


@pytest.mark.parametrize("words", [*WORDS, "    /posts/secret/", "~~~html\n<a href='/posts/secret/'>\n~~~"])
@pytest.mark.parametrize("hidden", [{"draft": "true"}, {"expires": "2025-05-20"}])
def test_the_address_of_a_hidden_post_may_be_named(paper: Paper, words: str, hidden: dict[str, str]) -> None:
    paper.post("secret", **hidden)
    paper.post("open", words)
    run = paper.freeze()
    assert run.exit_code == 0, run.output
    page = paper.page("posts/open/index.html")
    assert "posts/secret" in page
    assert not re.search("(href|content)=[^>]*posts/secret", re.sub('name="description"[^>]*|="og:desc[^>]*', "", page))


def test_a_canonical_address_leads_to_no_hidden_post(paper: Paper) -> None:
    paper.post("secret", draft="true")
    paper.post("open", canonical="https://PAPER.test/posts/secret/")
    assert "warning pages/posts/open.md:4:12: unpublished-link" in "\n".join(paper.problems())
    assert paper.freeze().exit_code == 0
    assert 'rel="canonical" href="https://paper.test/posts/open/"' in paper.page("posts/open/index.html")


def test_an_authors_profile_leads_to_no_hidden_post(paper: Paper) -> None:
    paper.post("secret", draft="true")
    paper.post("open", authors="desk")
    paper.write("pages/authors/desk.md", "---\nname: Desk\nlinks:\n  Work: /posts/secret/\n---\n")
    assert "unpublished-link" in paper.codes()
    assert paper.freeze().exit_code == 0
    assert "posts/secret" not in paper.page("authors/desk/index.html")


@pytest.mark.parametrize("how", HIDDEN)
def test_an_address_that_a_hidden_post_has_by_another_rule_is_withheld(paper: Paper, how: str) -> None:
    paper.settings(
        'url = "https://paper.test"\ndialect = "hugo"\npages = "content"\npermalink = "/new/{slug}/"\n'
        '[redirects]\n"/away" = "/posts/canary/"'
    )
    paper.write("content/posts/open.md", "---\ntitle: Open\ndate: 2025-05-01\n---\nAn [old](/posts/canary/) one.\n")
    header = {"title": "Hidden", "date": "2025-05-02"} | HIDDEN[how]
    lines = "".join(f"{key}: {value}\n" for key, value in header.items() if value)
    paper.write("content/posts/canary.md", f"---\n{lines}---\n")
    run = paper.freeze()
    assert run.exit_code == 0, run.output
    assert b"canary" not in every_byte(paper.folder / "build")
    assert "An <a>old</a> one." in paper.page("new/open/index.html")


@pytest.mark.parametrize("how", HIDDEN)
def test_the_address_of_a_hidden_post_that_clashes_is_withheld(paper: Paper, how: str) -> None:
    """A hidden post moves no public one, and nothing leads to where it would be."""
    paper.settings('url = "https://paper.test"\n[languages.de]')
    paper.post("one", "A [second](/posts/x-2/) and a [German](/de/x/) one.", slug="x")
    hidden: dict[str, Any] = {"date": "2025-05-02"} | HIDDEN[how]
    paper.post("two", slug="x", **hidden)
    paper.post("three", permalink="/x/")
    paper.post("three.de", permalink="/x/", **hidden)
    run = paper.freeze()
    assert run.exit_code == 0, run.output
    assert "A <a>second</a> and a <a>German</a> one." in paper.page("posts/x/index.html")


@pytest.mark.parametrize("how", ["draft", "expired"])
def test_a_hidden_text_moves_no_translation(paper: Paper, how: str) -> None:
    paper.settings('url = "https://paper.test"\n[languages.de]')
    hidden: dict[str, Any] = {**HIDDEN[how]}
    paper.post("one", permalink="/x/", **hidden)
    paper.post("one.de", permalink="/x/")
    assert paper.client().get("/x/").status_code == 200


@pytest.mark.parametrize("url", ["/posts/secret/", "https://paper.test/posts/secret"])
def test_a_menu_that_leads_to_a_hidden_post_is_told_before_it_stops_a_freeze(paper: Paper, url: str) -> None:
    paper.settings(f'url = "https://paper.test"\n[[navigation]]\ntitle = "Soon"\nurl = "{url}"')
    paper.post("secret", draft="true")
    checked = paper.run("check")
    assert checked.exit_code == 1
    assert "site.toml: unpublished-link" in checked.output
    assert paper.freeze().exit_code == 1


def test_a_leak_names_the_file_that_it_comes_from(paper: Paper) -> None:
    paper.settings('url = "https://paper.test"\ntrust_html = true')
    paper.post("secret", draft="true")
    paper.post("open", '<form action="/posts/secret/"></form>')
    run = paper.freeze()
    assert run.exit_code == 1
    assert "pages/posts/open.md" in run.output


@pytest.mark.proof
def test_two_hundred_sites_leak_nothing(new_paper: Callable[[str], Paper]) -> None:
    """For every tenth site, the search index is unpacked and searched too."""
    dice = random.Random(5)
    for number in range(200):
        paper = new_paper(f"paper-{number}")
        names = [f"open{n}" for n in range(dice.randint(1, 4))] + [f"canary{n}" for n in range(dice.randint(1, 4))]
        for name in names:
            hidden = dice.choice(list(HIDDEN.values())) if name.startswith("canary") else {}
            paper.write(f"pages/posts/{name}.png", png(dice.randint(1, 9)) + name.encode())
            paper.write(f"pages/posts/{name}.txt", name)
            # A public post may link to a hidden one, but not name it in its text.
            links = " ".join(f"[text]({dice.choice(names)}.md)" for _ in range(3))
            paper.post(
                name,
                f"{links} ![{name}]({name}.png) [file]({name}.txt)",
                **{"title": name, "tags": f"[{name}, shared]", "authors": name, "aliases": f"/a/{name}/"}
                | {"cover": f"{{src: {name}.png, alt: {name}}}", "dek": name}
                | hidden,
            )
        run = paper.freeze(*["--search"][: number % 10 == 0])
        assert run.exit_code == 0, run.output
        index = unpacked(paper.folder / "build" / "pagefind")
        found = every_byte(paper.folder / "build") + index
        assert b"open0" in found
        assert number % 10 or b"open0" in index
        assert b"canary" not in found


def unpacked(folder: Path) -> bytes:
    """Everything that Pagefind has packed about the stories."""
    packed = [data for path in sorted(folder.rglob("*.pf_*")) if (data := path.read_bytes()).startswith(b"\x1f\x8b")]
    assert packed or not folder.exists()
    return b"\n".join(gzip.decompress(data) for data in packed)


@pytest.mark.parametrize(
    ("text", "leak"),
    [
        ("[x](https://paper.test/posts/secret/)", True),
        ("![x](</posts/secret>)", True),
        ("[x]: /posts/secret/", True),
        ('<a href="/posts/secret/">x</a>', True),
        ("`[x](/posts/secret/)` and /posts/secret/", False),  # words
        ("[x](https://paper.test/posts/open/)", False),
    ],
)
def test_leaks_in_the_markdown_of_a_story(text: str, leak: bool) -> None:
    check = LeakCheck(["/posts/secret/"], "https://paper.test")
    assert bool(check.found_in("posts/one/index.md", text.encode())) is leak
