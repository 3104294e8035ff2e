"""Embeds: a paragraph that is nothing but the address of a provider is a figure on its page, and a link elsewhere."""

import re

import pytest

from tests.helpers.paper import Paper
from tests.helpers.papers import jpeg
from tests.helpers.rendering import html

PLAIN = 'title = "The Paper"\nurl = "https://paper.test"\n'
EMBEDS = PLAIN + '[embeds]\nyoutube = true\nx = true\nmastodon = ["social.example.org"]\n'
ENGINES = {"github": EMBEDS, "python": EMBEDS + '[markdown]\nengine = "python"\nextensions = ["extra"]\n'}
FILM = "https://youtu.be/a_1-B2c3D4e"
FIGURE = f'<figure class="embed film" data-frame="https://www.youtube-nocookie.com/embed/{FILM[-11:]}?autoplay=1"'


@pytest.fixture(params=ENGINES)
def embedding(request: pytest.FixtureRequest, paper: Paper) -> Paper:
    paper.settings(ENGINES[request.param])
    return paper


@pytest.mark.parametrize(
    ("body", "title"),
    [
        (FILM, "YouTube"),
        (f"<{FILM}?si=x>", "YouTube"),
        (f"[The *ferry*]({FILM})", "The ferry"),
        (f'[here]({FILM} "The ferry & <us>")', "The ferry &amp; &lt;us&gt;"),
        (f"{{{{< youtube {FILM[-11:]} >}}}}", "YouTube"),
        (f'{{% include youtube.html id="{FILM[-11:]}" title="The ferry" %}}', "The ferry"),
        (f'<iframe src="https://www.youtube.com/embed/{FILM[-11:]}?rel=0" allowfullscreen></iframe>', "YouTube"),
        (f'<div class="x"><iframe src="https://www.youtube.com/embed/{FILM[-11:]}"></iframe></div>', "YouTube"),
    ],
)
def test_an_address_alone_in_its_paragraph_is_a_figure(embedding: Paper, body: str, title: str) -> None:
    shown = html(embedding, f"One.\n\n{body}\n\nTwo.")
    assert FIGURE in shown
    words = f"<span>Play: </span>{title}<span> (loads youtube.com)</span>"
    assert f'data-title="{title}"><a href="https://' in shown
    assert f'<span class="words">{words}</span></a></figure>' in shown
    assert "<iframe" not in shown
    assert shown.count("<script") == 1


@pytest.mark.parametrize(
    "body",
    [
        f"See {FILM}",
        f"[The ferry]({FILM}) is back",
        f"- <{FILM}>",
        f"<{FILM}>\n<{FILM}>",
        f"`{FILM}`",
        "<https://vimeo.com/123>",
        "<https://evil.example/@desk/12>",
        f'<div class="box"><a href="{FILM}">The ferry</a></div>',
        f"## <{FILM}>",
    ],
)
def test_other_addresses_stay_links(embedding: Paper, body: str) -> None:
    shown = html(embedding, body)
    assert "<figure" not in shown
    assert "<script" not in shown


def test_a_site_without_the_table_is_as_it_was(paper: Paper) -> None:
    assert html(paper, FILM).strip() == f'<p><a href="{FILM}">{FILM}</a></p>'
    answer = paper.client().get("/posts/one/")
    assert "frame-src" not in answer.headers["Content-Security-Policy"]
    paper.settings(EMBEDS)
    policy = paper.client().get("/posts/one/").headers["Content-Security-Policy"]
    ours = "frame-src https://www.youtube-nocookie.com https://social.example.org https://platform.twitter.com"
    assert policy == f"{answer.headers['Content-Security-Policy']}; {ours}"
    assert answer.get_etag() != paper.client().get("/posts/one/").get_etag()
    assert paper.run("check").exit_code == 0


def test_a_picture_of_the_owner_stands_before_the_player(embedding: Paper) -> None:
    embedding.write("pages/posts/ferry.jpg", jpeg(900, 600))
    shown = html(embedding, f"[![The ferry](ferry.jpg)]({FILM})")
    assert re.search(
        rf'{re.escape(FIGURE)} data-title="The ferry"><a [^>]+><picture>.*<img alt="" src="/media/ferry-', shown
    )
    with_title = html(embedding, f'[![A ship](ferry.jpg "The ferry")]({FILM})')
    assert with_title.count("<figure") == with_title.count("</figure>") == 1
    assert "The ferry" in with_title


def test_feeds_and_the_summary_have_the_link(embedding: Paper) -> None:
    embedding.post("one", f"[The ferry]({FILM})\n\nText.")
    feed = embedding.client().get("/feed.json").get_json()["items"][0]["content_html"]
    assert feed.startswith(f'<p><a href="{FILM}">The ferry</a></p>')


def test_the_words_are_those_of_the_page(embedding: Paper) -> None:
    embedding.post("one", f"[Die Fähre]({FILM})\n\n<https://social.example.org/@desk/12>", lang="de")
    page = embedding.client().get("/posts/one/").text
    assert "<span>Abspielen: </span>Die Fähre<span> (lädt youtube.com)</span>" in page
    assert "<span>Anzeigen: </span>Mastodon<span> (lädt social.example.org)</span>" in page


def test_every_host_gets_the_policy(paper: Paper) -> None:
    paper.settings(EMBEDS.replace("[embeds]", 'hosts = ["netlify", "caddy"]\n[embeds]'))
    paper.post("one", FILM)
    assert paper.freeze().exit_code == 0
    assert "frame-src https://www.youtube-nocookie.com " in paper.page("_headers")
