"""What is not published is nowhere: canaries in everything that a hidden post has."""

import datetime as dt
import gzip
import random
from collections.abc import Callable
from pathlib import Path

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
    ("text", "leaks"),
    [
        ('<a href="/posts/x/">', True),
        ("<a href='/posts/x'>", True),
        ('<a href="https://paper.test/posts/x/#a">', True),
        ("<loc>https://paper.test/posts/x/</loc>", True),
        ('{"url": "https://paper.test/posts/x/"}', True),
        ("&lt;a href=&#34;https://paper.test/posts/x/&#34;&gt;", True),
        ('\\u003ca href=\\"https://paper.test/posts/x/\\"', True),
        ('<meta http-equiv="refresh" content="0; url=/posts/x/">', True),
        ('<a href="/posts/xy/">', False),
        ("<code>see /posts/x/ there</code>", False),
        ('<a href="https://other.test/posts/x/">', False),
    ],
)
def test_what_is_a_leak(text: str, leaks: bool) -> None:
    check = LeakCheck(["/posts/x/"], "https://paper.test")
    assert bool(check.found_in("page.html", text.encode())) == leaks


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
