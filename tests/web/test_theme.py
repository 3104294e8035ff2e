"""The theme and the site's own files: the site's file wins, and can extend the theme's."""

import re
import shutil
from pathlib import Path

import pytest

from byline.media import files
from byline.media.files import THEME
from byline.web import live
from docs.theming import blocks, templates
from tests.helpers.paper import Paper
from tests.helpers.papers import full_paper


def test_a_site_needs_neither_templates_nor_static_files(paper: Paper) -> None:
    paper.post("one")
    assert not (paper.folder / "templates").exists()
    assert not (paper.folder / "static").exists()
    page = paper.client().get("/posts/one/").text
    assert 'href="/static/style.css?v=' in page
    assert paper.client().get("/static/style.css").data.startswith(b"@layer tokens, base, ")


def test_a_template_of_the_sites_own_wins(paper: Paper) -> None:
    paper.post("one")
    paper.write("templates/article.html", "mine: {{ post.title }}")
    assert paper.client().get("/posts/one/").text == "mine: The one story"
    paper.write("templates/parts/footer.html", "<footer>my footer</footer>")
    assert "<footer>my footer</footer>" in paper.client().get("/").text


def test_a_template_of_the_sites_own_is_built_on_the_themes(paper: Paper) -> None:
    paper.post("one")
    before = paper.client().get("/posts/one/").text
    own = '{% extends "theme/article.html" %}{% block main %}{{ super() }}<p>below</p>{% endblock %}'
    paper.write("templates/article.html", own)
    after = paper.client().get("/posts/one/").text
    assert after.replace("<p>below</p>", "") == before
    base = '{% extends "theme/base.html" %}{% block style %}{{ super() }}<link href="{{ static("own.css") }}">{% endblock %}'
    paper.write("templates/base.html", base)
    paper.write("static/own.css", "p {}")
    after = paper.client().get("/posts/one/").text
    assert "<p>below</p>" in after  # the theme's article inside the site's own frame
    assert '<link href="/static/own.css?v=' in after


PAGES = {
    "404.html": "/404.html",
    "archive.html": "/archive/",
    "archive_year.html": "/archive/2025/",
    "article.html": "/posts/one/",
    "author.html": "/authors/ann-desk/",
    "authors.html": "/authors/",
    "category.html": "/categories/news/",
    "index.html": "/",
    "page.html": "/about/",
    "redirect.html": "/imprint.html",
    "search.html": "/search/",
    "series.html": "/series/boats/",
    "tag.html": "/tags/sea/",
    "topics.html": "/tags/",
}


def test_every_block_of_every_page_can_be_filled(paper: Paper) -> None:
    full_paper(paper)
    paper.post("boat", tags="[sea]", category="News", series="Boats", authors="[ann-desk]")
    assert {*PAGES, "base.html", "topic.html"} == set(templates())
    before = {name: paper.client().get(url).text for name, url in PAGES.items()}
    for name in PAGES:
        filled = (f"{{% block {block} %}}<i>{block}</i>{{{{ super() }}}}{{% endblock %}}" for block in blocks(name))
        paper.write(f"templates/{name}", f'{{% extends "theme/{name}" %}}{"".join(filled)}')
    for name, url in PAGES.items():
        page = paper.client().get(url).text
        for block in blocks(name):
            assert page.count(f"<i>{block}</i>") == 1, (name, block)
            page = page.replace(f"<i>{block}</i>", "")
        assert page == before[name]


def test_what_the_frame_has_in_a_block_is_on_every_page(paper: Paper) -> None:
    """Also where a page of the theme has something of its own there."""
    full_paper(paper)
    paper.post("boat", tags="[sea]", category="News", series="Boats", authors="[ann-desk]")
    names = ("head", "masthead", "before", "after", "footer")
    filled = (f"{{% block {name} %}}<i>{name}</i>{{{{ super() }}}}{{% endblock %}}" for name in names)
    paper.write("templates/base.html", f'{{% extends "theme/base.html" %}}{"".join(filled)}')
    for url in PAGES.values():
        page = paper.client().get(url).text
        assert [name for name in names if f"<i>{name}</i>" in page] == (
            [] if url == "/imprint.html" else list(names)
        ), url


def test_a_block_knows_what_the_themes_template_knows(paper: Paper) -> None:
    paper.post("one", authors="[Ann]")
    own = "{% block meta %}{{ bylines.names(post.authors) }}, {{ bylines.day(post.date) }}{% endblock %}"
    paper.write("templates/article.html", '{% extends "theme/article.html" %}' + own)
    page = paper.client().get("/posts/one/").text
    assert 'rel="author">Ann</a>, <time datetime="2025-05-01' in page
    assert 'class="byline"' not in page


def test_a_static_file_of_the_sites_own_wins(paper: Paper) -> None:
    paper.post("one")
    before = paper.client().get("/").text
    paper.write("static/style.css", "body {}")
    assert paper.client().get("/static/style.css").data == b"body {}"
    assert paper.client().get("/").text != before  # its version is in the address
    assert paper.freeze().exit_code == 0
    assert paper.page("static/style.css") == "body {}"
    assert "theme.js" in str(paper.tree())
    (paper.folder / "static/style.css").unlink()
    assert paper.client().get("/").text == before


def test_custom_css_is_linked_where_it_exists(paper: Paper) -> None:
    paper.post("one")
    before = paper.client().get("/posts/one/")
    assert "custom" not in before.text
    assert paper.freeze().exit_code == 0
    assert "custom.css" not in paper.run("check").output
    paper.write("static/custom.css", "p {}")
    after = paper.client().get("/posts/one/")
    assert after.headers["ETag"] != before.headers["ETag"]
    style, custom = re.findall(r'<link rel="stylesheet" href="/static/(\w+\.css)\?v=\w+">', after.text)
    assert (style, custom) == ("style.css", "custom.css")
    assert paper.freeze().exit_code == 0
    assert paper.page("posts/one/index.html") == after.text
    assert paper.page("static/custom.css") == "p {}"
    paper.write("static/custom.css", "p { color: red }")
    assert paper.client().get("/posts/one/").headers["ETag"] != after.headers["ETag"]
    (paper.folder / "static/custom.css").unlink()
    assert paper.client().get("/posts/one/").headers["ETag"] == before.headers["ETag"]
    assert paper.freeze().exit_code == 0
    assert paper.page("posts/one/index.html") == before.text
    assert "static/custom.css" not in paper.tree()


def test_a_template_may_ask_for_any_static_file(paper: Paper) -> None:
    paper.post("one")
    paper.write("templates/article.html", "{% if 'logo.svg' is static %}it is there{% else %}there is none{% endif %}")
    client = paper.client()
    before = client.get("/posts/one/")
    assert before.text == "there is none"
    paper.write("static/logo.svg", "<svg/>")
    after = paper.client().get("/posts/one/")
    assert after.text == "it is there"
    assert after.headers["ETag"] != before.headers["ETag"]


def test_words_of_the_sites_own_go_before_the_themes_one_by_one(paper: Paper) -> None:
    paper.post("one")
    paper.write("templates/texts/en.toml", 'search = "Find"')
    page = paper.client().get("/").text
    assert ">Find</a>" in page
    assert "1 min read" in page
    paper.settings('url = "https://paper.test"\nlanguage = "de"')
    assert "Min. Lesezeit" in paper.client().get("/").text


def test_a_fault_is_named_with_the_file_it_is_in(paper: Paper) -> None:
    paper.post("one")
    paper.write(
        "templates/article.html", '{% extends "theme/article.html" %}\n{% block main %}{{ nonsense }}{% endblock %}'
    )
    assert "templates/article.html:2:1: template" in paper.freeze().output
    paper.write("templates/article.html", '{% extends "theme/gone.html" %}')
    assert "templates/article.html:1:1: missing-template theme/gone.html" in paper.run("check").output


@pytest.fixture
def theme(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A theme that the test may change."""
    copy = tmp_path / "theme"
    shutil.copytree(THEME, copy)
    for module in (files, live):
        monkeypatch.setattr(module, "THEME", copy)
    return copy


@pytest.mark.parametrize(
    "name", ["templates/article.html", "templates/parts/head.html", "static/style.css", "texts/en.toml"]
)
def test_a_change_of_the_theme_changes_the_tag(paper: Paper, theme: Path, name: str) -> None:
    paper.post("one")
    before = paper.client().get("/posts/one/").headers["ETag"]
    with (theme / name).open("a") as file:
        file.write(
            "{# changed #}\n" if name.endswith(".html") else "/**/\n" if name.endswith(".css") else "# changed\n"
        )
    assert paper.client().get("/posts/one/").headers["ETag"] != before


def test_an_upgraded_theme_is_frozen_and_nothing_else(paper: Paper, theme: Path) -> None:
    full_paper(paper)
    assert paper.freeze().exit_code == 0
    assert " 0 written" in paper.freeze().output
    footer = theme / "templates/parts/footer.html"
    footer.write_text(footer.read_text() + "<p>upgraded</p>\n")
    assert paper.freeze().exit_code == 0
    assert "<p>upgraded</p>" in paper.page("index.html")
    assert "upgraded" not in paper.page("feed.xml")


def test_every_template_of_the_theme_has_its_room() -> None:
    """Pages are on top; included or imported files in `parts/`; files for machines in `feeds/` and `data/`."""
    names = {path.relative_to(THEME / "templates").as_posix() for path in (THEME / "templates").rglob("*.*")}
    assert {name.partition("/")[0] for name in names if "/" in name} == {"parts", "feeds", "data"}
    for name in names:
        text = (THEME / "templates" / name).read_text(encoding="utf-8")
        is_page = "{% extends" in text or "<!doctype html>" in text
        assert is_page == ("/" not in name), name


def test_a_copy_may_lack_macros_that_the_theme_has_since(paper: Paper) -> None:
    paper.write("pages/authors/desk.md", "---\nname: Desk\nbio: Writes.\n---\n")
    paper.post("one", authors="desk")
    pages = ["/", "/posts/one/", "/authors/", "/archive/2025/", "/404.html"]
    as_they_are = [paper.client().get(path).text for path in pages]
    for name in ("byline", "listing", "picture", "teaser"):
        theme = (THEME / "templates/parts" / f"{name}.html").read_text(encoding="utf-8")
        paper.write(f"templates/parts/{name}.html", "".join(re.findall(r"^{% import [^\n]*\n", theme, re.MULTILINE)))
    assert [paper.client().get(path).text for path in pages] == as_they_are
    paper.write("templates/page.html", '{% import "parts/byline.html" as bylines %}{{ bylines.nobody() }}')
    paper.write("pages/about.md", "---\ntitle: About\n---\n")
    assert paper.client().get("/about/").status_code == 500


def test_what_the_theme_then_says_is_in_the_tag(paper: Paper) -> None:
    """The theme's macro takes in a template of the site's own, which reads data."""
    paper.post("one")
    paper.write("data/team.toml", 'name = "Desk"')
    paper.write("templates/parts/listing.html", "")
    paper.override(
        "parts/byline.html",
        '{% macro short_day(date, lang="") %}',
        '{% macro short_day(date, lang="") %}{{ data.team.name }}',
    )
    assert paper.freeze().exit_code == 0
    paper.write("data/team.toml", 'name = "Harbour"')
    assert paper.freeze().exit_code == 0
    assert "Harbour" in paper.page("index.html")


def test_a_copy_of_the_front_page_from_before_it_had_layouts_is_shown(paper: Paper) -> None:
    paper.post("one")
    before = paper.client().get("/").text
    paper.override("index.html", "listings.front(listing)", "listings.stories(listing, lead=true)")
    assert re.sub(r"\s+", "", paper.client().get("/").text) == re.sub(r"\s+", "", before)
