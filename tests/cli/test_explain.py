"""What `flask explain` says of every kind of address."""

import os
import re
from pathlib import Path

import pytest

from byline.web.app import live_of
from byline.web.routes import all_urls, routes_of
from tests.helpers.paper import Paper
from tests.helpers.papers import full_paper

SETTINGS = 'title = "The Paper"\nurl = "https://paper.test"\nsocial_cards = false\n'
PAGE = '{%% extends "theme/page.html" %%}{%% block body %%}%s{%% endblock %%}'


def explained(paper: Paper, url: str, code: int = 0) -> tuple[str, dict[str, str]]:
    """The first line, and the others by their labels."""
    run = paper.run("explain", url)
    assert run.exit_code == code, run.output
    title, *lines = run.stdout.splitlines()
    said: dict[str, str] = {}
    label = ""
    for line in lines:
        label = line[2:16].strip() or label
        said[label] = f"{said.get(label, '')} {line[16:]}".strip()
    return title, said


@pytest.fixture
def small(paper: Paper) -> Paper:
    paper.settings(SETTINGS)
    paper.post("one", tags="[sea]")
    paper.post("two", date="2025-05-02", tags="[sea]")
    paper.write("pages/about.md", "---\ntitle: About\n---\nWe.")
    return paper


def saved_later(path: Path) -> None:
    """As if somebody had saved it a day after everything else."""
    stat = path.stat()
    os.utime(path, (stat.st_atime + 86400, stat.st_mtime + 86400))


def test_every_address_of_a_site_is_explained(paper: Paper) -> None:
    """With the tag that a browser gets, and the file that a freeze writes."""
    full_paper(paper)
    paper.freeze()
    app = paper.app()
    client, runner = app.test_client(), app.test_cli_runner()
    for url in all_urls(live_of(app).snapshot().site):
        run = runner.invoke(args=["explain", url])
        assert run.exit_code == 0, f"{url}: {run.output}"
        answer = client.get(url)
        tag = re.search(r"^  tag +(\w+)$", run.output, re.M)
        assert (tag[1] if tag else None) == answer.get_etag()[0], url
        assert run.output.startswith(f"{url}{':' if answer.status_code == 200 else ' leads to'}"), run.output
        name = re.search(r"^  frozen +(\S+)$", run.output, re.M)
        assert name, run.output
        assert (paper.folder / name[1]).is_file(), run.output
        assert "keeps it" in run.output, run.output


def test_every_route_says_what_it_is(paper: Paper) -> None:
    settings = paper.live().settings
    silent = {route.endpoint for route in routes_of(settings) if not route.what}
    assert silent == {"static", "media", "attachment", "page", "article"}, "these are told by what is found there"
    named = {key for route in routes_of(settings) for key in route.settings}
    assert named <= set(settings.__struct_fields__)


def test_a_story(paper: Paper) -> None:
    full_paper(paper)
    title, said = explained(paper, "/posts/one/")
    assert title == '/posts/one/: the story “Story <one> & "more"”'
    assert said["file"] == "pages/posts/one/index.md"
    assert said["rule"] == "/posts/<slug>/ (byline.web.views.article)"
    assert said["template"] == "theme/article.html"
    assert said["extends"] == "theme/base.html"
    assert "theme/parts/masthead.html" in said["includes"], "base.html includes it"
    assert set(said["shows"].split(", ")) == {"pages/posts/two.md", "pages/posts/three.md"}
    assert said["frozen"] == "not yet: the site was not frozen to build/"


@pytest.mark.parametrize(
    ("settings", "header", "url", "told"),
    [
        ("", {}, "/posts/one/", "/posts/{slug}/, as `permalink` is not set; the slug is from the file's name"),
        ("", {"slug": "first"}, "/posts/first/", "the slug is from `slug` in pages/posts/one.md:4"),
        ("", {"permalink": "/boat/"}, "/boat/", "its own, from `permalink` in pages/posts/one.md:4"),
        (
            'permalink = "/{year}/{slug}/"',
            {},
            "/2025/one/",
            'permalink = "/{year}/{slug}/" (site.toml:4); the last part is from the file\'s name',
        ),
    ],
)
def test_why_a_story_is_where_it_is(paper: Paper, settings: str, header: dict[str, str], url: str, told: str) -> None:
    paper.settings(SETTINGS + settings)
    paper.post("one", **header)
    assert explained(paper, url)[1]["address"].endswith(told)


def test_an_address_that_another_had_first(small: Paper) -> None:
    small.post("three", date="2025-05-03", slug="one")
    said = explained(small, "/posts/one-2/")[1]
    assert "pages/posts/three.md:4" in said["address"]
    assert "is also the URL of pages/posts/one.md, which keeps it" in said["address"]


def test_templates_of_the_site_and_what_they_ask_for(small: Paper) -> None:
    small.write("data/menu.toml", "soup = 3\n")
    text = '{% extends "theme/page.html" %}{% block body %}{{ latest(1)|length }}{{ data.menu.soup }}{% endblock %}'
    small.write("templates/page.html", text)
    said = explained(small, "/about/")[1]
    assert (said["template"], said["extends"]) == ("templates/page.html", "theme/page.html, theme/base.html")
    assert said["asks for"] == "the latest stories, data/menu"


def test_settings_are_told_with_their_places(small: Paper, monkeypatch: pytest.MonkeyPatch) -> None:
    small.settings(f"{SETTINGS}posts_per_page = 1\n")
    assert explained(small, "/page/2/")[1]["setting"] == 'posts_per_page = 1 (site.toml:4) stories = "/" (the default)'
    monkeypatch.setenv("BYLINE_POSTS_PER_PAGE", "2")
    said = explained(small, "/")[1]["setting"]
    assert said.startswith("posts_per_page = 2 (BYLINE_POSTS_PER_PAGE in the environment)")


def test_lists_show_what_is_on_them(small: Paper) -> None:
    small.settings(f"{SETTINGS}posts_per_page = 1\n")
    title, said = explained(small, "/tags/sea/page/2/")
    assert title == "/tags/sea/page/2/: a further page of the stories of one tag"
    assert (said["file"], said["shows"]) == ("none of its own", "pages/posts/one.md")


def test_files(paper: Paper) -> None:
    full_paper(paper)
    site = paper.site()
    for source, users in (("pages/posts/one/dot.png", "pages/posts/one/index.md"), ("pages/posts/one/notes.pdf", "")):
        url = next(url for url, file in site.files.items() if file.source == source)
        said = explained(paper, url)[1]
        assert said["file"].startswith(source)
        assert said["used by"] == (users or "pages/posts/one/index.md")
    assert explained(paper, "/ads.txt")[1]["file"] == "public/ads.txt"


def test_a_further_language(paper: Paper) -> None:
    paper.settings(f'{SETTINGS}[languages.de]\ntitle = "Die Zeitung"\n')
    paper.post("one")
    paper.write("pages/posts/one.de.md", "---\ntitle: Eins\ndate: 2025-05-01\n---\nText.")
    assert explained(paper, "/de/")[0] == "/de/: the front page, in `de`"
    assert explained(paper, "/de/posts/one/")[1]["file"] == "pages/posts/one.de.md"
    assert explained(paper, "/de/")[1]["shows"] == "pages/posts/one.de.md"


def test_a_site_below_a_path(paper: Paper) -> None:
    paper.settings('url = "https://paper.test/news"\n')
    paper.post("one")
    for typed in ("/posts/one/", "posts/one/", "/news/posts/one/", "https://paper.test/news/posts/one/?a=b#c"):
        assert explained(paper, typed)[0] == "/news/posts/one/: the story “The one story”"
    assert explained(paper, "http://127.0.0.1:5000/news/posts/one/")[0].startswith("/news/posts/one/: the story")


def test_an_address_of_another_site(small: Paper) -> None:
    run = small.run("explain", "https://other.test/posts/one/")
    assert run.exit_code == 1
    assert "https://other.test/posts/one/ is on another site than https://paper.test, which is `url`" in run.output


@pytest.mark.parametrize(
    ("url", "title", "because"),
    [
        ("/old/", "/old/ leads to /about/ (301)", "`aliases` in pages/about.md:3"),
        ("/old", "/old leads to /about/ (301)", "`aliases` in pages/about.md:3"),
        ("/?p=7", "/?p=7 leads to /about/ (301)", "`aliases` in pages/about.md:3"),
        ("/blog/one/", "/blog/one/ leads to /posts/one/ (301)", "`redirects` in site.toml:5: /blog/*"),
        ("/sale/", "/sale/ leads to https://shop.test/ (302)", "`redirects` in site.toml:6: /sale/"),
        ("/closed/", "/closed/ is gone (410)", "`redirects` in site.toml:7: /closed/"),
        (
            "/posts/",
            "/posts/ leads to /archive/ (301)",
            "it is a rule of Byline's own: /posts/ (byline.web.views.posts)",
        ),
        (
            "/rss.xml",
            "/rss.xml leads to /feed.xml (301)",
            "other systems have this at such an address; Byline leads on",
        ),
        ("/About/", "/About/ leads to /about/ (301)", "it is another way to write that address"),
        ("/about", "/about leads to /about/: the page “About” (308)", "the address of a page ends in a slash"),
    ],
)
def test_old_addresses(paper: Paper, url: str, title: str, because: str) -> None:
    paper.settings(
        f'{SETTINGS}[redirects]\n"/blog/*" = "/posts/:splat"\n"/sale/" = {{to = "https://shop.test/", status = 302}}\n'
        '"/closed/" = {status = 410}\n'
    )
    paper.post("one")
    paper.write("pages/about.md", '---\ntitle: About\naliases: [/old/, "/?p=7"]\n---\nWe.')
    found, said = explained(paper, url)
    assert found == title
    assert said["because"].startswith(because)
    answer = paper.client().get(url)
    assert answer.status_code == int(title.rpartition("(")[2][:3]), "it is what the app does"
    assert answer.headers.get("Location", "") in title


def test_what_is_not_published(paper: Paper) -> None:
    full_paper(paper)
    for url, because in (
        ("/posts/secret/", "it is a draft (pages/posts/secret.md:4)"),
        ("/posts/later/", "it appears 2025-07-01 00:00 (pages/posts/later.md:3)"),
        ("/posts/gone/", "it expired 2025-05-15 00:00 (pages/posts/gone.md:4)"),
    ):
        title, said = explained(paper, url, code=1)
        assert title == f"{url}: not published"
        assert said["because"] == because
    title, said = explained(paper, "/canary/", code=1)
    assert title == "/canary/: not published (an old address of /posts/secret/)"
    assert said["file"] == "pages/posts/secret.md"


def test_what_another_programs_key_keeps_back(small: Paper) -> None:
    small.post("kept", publish="false")
    said = explained(small, "/posts/kept/", code=1)[1]
    assert said["because"].startswith("pages/posts/kept.md:4")
    assert "`publish` keeps this from readers" in said["because"]


def test_a_list_of_what_is_not_published(small: Paper) -> None:
    small.post("later", date="2025-07-01", tags="[soon]")
    title, said = explained(small, "/tags/soon/", code=1)
    assert title == "/tags/soon/: not there yet"
    assert said["shows"] == "pages/posts/later.md"


def test_a_post_with_an_error(small: Paper) -> None:
    small.post("bad", date="soon")
    title, said = explained(small, "/posts/bad/", code=1)
    assert title == "/posts/bad/: not published, since what is there has an error"
    assert said["because"].startswith("pages/posts/bad.md:3")


def test_nothing_is_there(small: Paper) -> None:
    title, said = explained(small, "/posts/tow/", code=1)
    assert title == "/posts/tow/: nothing is at this address"
    assert said["did you mean"].startswith("/posts/two/")
    assert explained(small, "/2019/08/two.html", code=1)[1]["did you mean"] == "/posts/two/", "by its name"
    assert "explain /" in explained(small, "/qqqqqqqqqqqqqq", code=1)[1]["try"]


def test_a_page_of_the_apps_own(small: Paper) -> None:
    app = small.app()

    @app.get("/hello/")
    def hello() -> str:
        return "Hello"

    @app.get("/hello/<name>/")
    def greet(name: str) -> str:
        return name

    output = app.test_cli_runner().invoke(args=["explain", "/hello/"]).output
    assert output.startswith("/hello/: a page of the app's own, which answers 200\n")
    assert re.search(r"^  file +\S+test_explain\.py:\d+$", output, re.M)
    assert re.search(r"^  view +\S+hello$", output, re.M)
    output = app.test_cli_runner().invoke(args=["explain", "/hello/ann/"]).output
    assert "no: give the values of its address with @byline.urls('greet')" in output


def test_what_only_a_frozen_site_has(small: Paper) -> None:
    small.freeze("--search")
    title, said = explained(small, "/pagefind/pagefind.js")
    assert title == "/pagefind/pagefind.js: a part of the search index, which a freeze makes of all stories"
    assert said["frozen"] == "build/pagefind/pagefind.js"
    assert explained(small, "/healthz")[0] == "/healthz: an answer of the server alone, which no frozen site has"


def next_freeze(paper: Paper, url: str) -> str:
    return explained(paper, url)[1]["next freeze"]


def last_written(paper: Paper, url: str) -> str:
    return explained(paper, url)[1]["last written"].partition(": ")[2]


def test_why_it_was_written(small: Paper) -> None:
    small.freeze()
    assert last_written(small, "/posts/one/") == "it was not there before"
    assert next_freeze(small, "/posts/one/") == "keeps it: nothing that it is made of has changed"
    small.post("one", "Other text.", tags="[sea]")
    saved_later(small.folder / "pages/posts/one.md")
    assert next_freeze(small, "/posts/one/") == "writes it again: what it shows changed"
    assert explained(small, "/posts/one/")[1]["saved since"] == "pages/posts/one.md"
    assert "saved since" not in explained(small, "/about/")[1], "it is not in there"
    small.freeze()
    assert last_written(small, "/posts/one/") == "what it shows changed"
    assert last_written(small, "/about/") == "it was not there before"
    assert next_freeze(small, "/posts/one/") == "keeps it: nothing that it is made of has changed"


@pytest.mark.parametrize("what", ["template", "setting", "stylesheet"])
def test_a_part_of_all_pages_is_named(small: Paper, what: str) -> None:
    small.write("static/style.css", "body {}")
    small.write("templates/page.html", PAGE % "Old")
    small.freeze()
    if what == "template":
        small.write("templates/page.html", PAGE % "New")
        why = "templates/page.html changed"
    elif what == "setting":
        small.settings(SETTINGS + "[theme]\nmasthead = 'center'")
        why = "`theme` in site.toml changed"
    else:
        small.write("static/style.css", "body { color: red }")
        why = "static/style.css changed"
    assert next_freeze(small, "/about/") == f"writes it again: {why}"
    small.freeze()
    assert last_written(small, "/about/") == why


def test_what_also_changed_is_not_ruled_out(small: Paper) -> None:
    """The title is in the context as well, and so may be more."""
    small.freeze()
    small.settings(SETTINGS.replace("The Paper", "The Other Paper"))
    assert next_freeze(small, "/about/") == ("writes it again: `title` in site.toml changed, and perhaps what it shows")


def test_another_tag_for_the_same_bytes(small: Paper) -> None:
    small.freeze()
    small.settings(f"{SETTINGS}trusted_proxies = 1\n")
    same = "keeps it, as its bytes are the same: `trusted_proxies` in site.toml changed"
    assert next_freeze(small, "/about/") == same
    small.freeze()
    assert last_written(small, "/about/") == "it was not there before", "that freeze did not write it"
    assert next_freeze(small, "/about/") == "keeps it: nothing that it is made of has changed"


def test_a_file_that_somebody_touched(small: Paper) -> None:
    small.post("one", aliases="/old/")
    small.freeze()
    for name, url in (("about/index.html", "/about/"), ("old/index.html", "/old/")):
        (small.folder / "build" / name).unlink()
        damaged = "its file was missing, or no longer as Byline had written it"
        assert next_freeze(small, url) == f"writes it again: {damaged}"
        small.freeze()
        assert last_written(small, url) == damaged


def test_a_redirect_that_leads_elsewhere(small: Paper) -> None:
    small.post("one", aliases="/old/")
    small.freeze()
    assert next_freeze(small, "/old/") == "asks for it and keeps it: it says the same"
    small.post("one")
    small.post("two", aliases="/old/")
    assert next_freeze(small, "/old/") == "writes it again: it says something else"
    small.freeze()
    assert last_written(small, "/old/") == "it says something else"


def test_an_error_makes_the_next_freeze_wait(small: Paper) -> None:
    small.freeze()
    small.post("bad", date="soon")
    assert "but it waits: 1 error in this site" in next_freeze(small, "/about/")


def test_a_page_that_cannot_be_made(small: Paper) -> None:
    small.freeze()
    small.write("templates/page.html", "{{ nothing.at.all }}")
    assert next_freeze(small, "/about/").startswith("stops here: templates/page.html:1:1")
