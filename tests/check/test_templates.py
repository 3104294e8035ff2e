"""`flask check` finds blocks of a site's templates that no page shows."""

import shutil

import pytest

from byline.media.files import THEME
from tests.helpers.findings import report
from tests.helpers.paper import Paper


def unseen(paper: Paper) -> list[str]:
    """`file:line code message (hint)` of each."""
    found = (p for p in report(paper) if p["code"] in ("unknown-block", "lost-block"))
    return [f"{p['path']}:{p['line']} {p['code']} {p['message']} ({p['hint']})" for p in found]


def test_a_block_that_the_theme_does_not_have(paper: Paper) -> None:
    paper.write("templates/article.html", '{% extends "theme/article.html" %}\n\n{% block boddy %}x{% endblock %}')
    assert paper.run("check").exit_code == 1
    assert unseen(paper) == [
        "templates/article.html:3 unknown-block theme/article.html has no block `boddy`, so what is in it is not shown"
        " (did you mean `body`?)"
    ]


def test_without_a_near_name_it_lists_them(paper: Paper) -> None:
    paper.write("templates/redirect.html", '{% extends "theme/redirect.html" %}{% block xyz %}x{% endblock %}')
    assert unseen(paper)[0].endswith("(it has `head`, `main`, `title`)")


FINE = {
    "every block, at every depth": {
        "article.html": '{% extends "theme/article.html" %}{% block title %}{% endblock %}{% block meta %}{% endblock %}'
        "{% block masthead %}{% endblock %}{% block related %}{% endblock %}"
    },
    "a block within one that is shown": {
        "article.html": '{% extends "theme/article.html" %}{% block body %}{% block own %}{% endblock %}{% endblock %}',
        "article-long.html": '{% extends "article.html" %}{% block own %}{% endblock %}',
    },
    "a frame of the site's own": {
        "frame.html": "{% block inner %}{% block core %}{% endblock %}{% endblock %}",
        "article.html": '{% extends "frame.html" %}{% block core %}{% endblock %}',
    },
    "main anew, which calls the block": {
        "article.html": '{% extends "theme/article.html" %}{% block main %}{{ self.body() }}{% endblock %}'
        "{% block body %}{{ super() }}{% endblock %}"
    },
    "main with super, and a block in it": {
        "article.html": '{% extends "theme/article.html" %}{% block main %}{{ super() }}{% endblock %}'
        "{% block body %}{{ super() }}{% endblock %}"
    },
    "main anew, with the block in it": {
        "article.html": '{% extends "theme/article.html" %}{% block main %}{% block body %}{{ super() }}{% endblock %}'
        "{% endblock %}"
    },
    "a name that is known when the page is made": {
        "article.html": '{% extends "theme/" ~ "article.html" %}{% block whatever %}{% endblock %}'
    },
    "the theme's own templates": {"base.html": "{% block main %}{% endblock %}"},
}


@pytest.mark.parametrize("case", FINE)
def test_what_is_shown_is_fine(paper: Paper, case: str) -> None:
    for name, text in FINE[case].items():
        paper.write(f"templates/{name}", text)
    assert unseen(paper) == []


LOST = {
    "through the site's own frame": (
        {
            "base.html": '{% extends "theme/base.html" %}\n{% block sidebar %}{% endblock %}',
            "article.html": '{% extends "theme/article.html" %}\n\n{% block sidebar %}{% endblock %}',
        },
        ["templates/article.html:3 unknown-block", "templates/base.html:2 unknown-block"],
    ),
    "three templates deep": (
        {
            "article.html": '{% extends "theme/article.html" %}',
            "article-long.html": '{% extends "article.html" %}',
            "article-longer.html": '{% extends "article-long.html" %}\n{% block head %}{% endblock %}{% block list %}{% endblock %}',
        },
        ["templates/article-longer.html:2 unknown-block"],
    ),
    "a frame that lacks what the theme's has": (
        {
            "base.html": "{% block main %}{% endblock %}",
            "article.html": '{% extends "theme/article.html" %}\n{% block footer %}{% endblock %}',
        },
        ["templates/article.html:2 unknown-block"],
    ),
    "within another that is unknown": (
        {
            "index.html": '{% extends "theme/index.html" %}{% block gone %}\n{% block more %}{% endblock %}{% endblock %}'
        },
        ["templates/index.html:1 unknown-block"],
    ),
    "within one that is replaced": (
        {
            "article.html": '{% extends "theme/article.html" %}{% block main %}{% endblock %}\n{% block body %}x{% endblock %}'
        },
        ["templates/article.html:2 lost-block"],
    ),
}


@pytest.mark.parametrize("case", LOST)
def test_what_is_not_shown_is_found(paper: Paper, case: str) -> None:
    templates, found = LOST[case]
    for name, text in templates.items():
        paper.write(f"templates/{name}", text)
    assert [" ".join(one.split()[:2]) for one in unseen(paper)] == found


def test_what_cannot_be_followed_is_another_fault(paper: Paper) -> None:
    paper.write("templates/article.html", '{% extends "article.html" %}{% block x %}{% endblock %}')
    paper.write("templates/page.html", '{% extends "nowhere.html" %}{% block x %}{% endblock %}')
    paper.write("templates/index.html", '{% extends "tag.html" %}{% block x %}{% endblock %}')
    paper.write("templates/tag.html", "{% block x %}")
    assert unseen(paper) == []


@pytest.mark.parametrize(
    ("markup", "place"),
    [
        ('<a href="/abuot/">About</a>', "2:10"),
        ("<a href='/abuot/#x'>About</a>", "2:10"),
        ('<a href="https://paper.test/abuot/">About</a>', "2:10"),
        ('<img src="/static/gone.png" alt="">', "2:11"),
        ('<a href="/about/?x=1#y">About</a> <a href="/">Home</a> <a href="/about">A</a>', ""),
        ('<a href="/feed.xml">F</a> <a href="/search/">S</a> <a href="/ads.txt">A</a> <a href="/old/">O</a>', ""),
        ('<a href="https://e.test/abuot/">E</a> <a href="//e.test/abuot/">E</a> <a href="#top">T</a>', ""),
        ('<a href="/{{ lang }}/x/">L</a> {# <a href="/abuot/"> #} <!-- <a href="/abuot/"> -->', ""),
        ('<a href="/-/desk">D</a> <link href="/pagefind/pagefind-ui.css">', ""),
    ],
)
def test_a_link_in_a_template_is_checked_like_one_in_a_post(paper: Paper, markup: str, place: str) -> None:
    paper.write("pages/about.md", "---\ntitle: About\naliases: /old/\n---\n")
    paper.write("public/ads.txt", "x")
    paper.write("templates/own.html", f"<p>\n{markup}\n")
    told = [found for found in report(paper) if found["code"] == "dead-link"]
    assert [f"{found['line']}:{found['col']}" for found in told] == [place] * bool(place)


def test_a_link_in_a_template_of_a_site_below_a_path(paper: Paper) -> None:
    paper.settings('url = "https://paper.test/blog"')
    paper.write("pages/about.md", "---\ntitle: About\n---\n")
    paper.write("templates/own.html", '<a href="/about/">A</a> <a href="/blog/about/">B</a> <a href="/shop/">C</a>')
    told = [found["hint"] for found in report(paper) if found["code"] == "dead-link"]
    assert told == ["the site is at /blog/: write /blog/about/"]


def left_out(paper: Paper) -> list[str]:
    return [
        str(f"{p['path']}:{p['line']} {p['message']} ({p['hint']})")
        for p in report(paper)
        if p["code"] == "not-included"
    ]


def test_a_template_that_leaves_out_what_settings_name(paper: Paper) -> None:
    paper.post("one")
    paper.write("static/own.js", "1")
    scripts = 'scripts = [\n{ src = "https://a.test/?a&b" },\n{ src = "/static/own.js" }]'
    paper.settings(f'url = "https://paper.test"\n[head]\n{scripts}\n[comments]\nprovider = "utterances"\nrepo = "a/b"')
    assert left_out(paper) == []
    paper.write(
        "templates/article.html",
        '{% extends "theme/article.html" %}{% block main %}<h1>{{ post.title }}</h1>{% endblock %}',
    )
    assert left_out(paper) == [
        "site.toml:1 utterances, in `comments`, is not on /posts/one/: a template of yours leaves it out"
        ' (put {% include "parts/comments.html" %} into it)'
    ]
    paper.write("templates/article.html", "<!doctype html><title>{{ post.title }}</title>")
    assert [line.partition(",")[0] for line in left_out(paper)] == [
        "site.toml:1 utterances",
        "site.toml:4 https://a.test/?a&b",
        "site.toml:5 /static/own.js",
    ]
    paper.settings('url = "https://paper.test"')
    assert left_out(paper) == []


def test_the_themes_templates_have_no_fault(paper: Paper) -> None:
    """Only a site's own are checked, since these cannot change: here they are its own."""
    shutil.copytree(THEME / "templates", paper.folder / "templates", dirs_exist_ok=True)
    paper.post("one")
    assert [p for p in report(paper) if p["path"].startswith("templates/")] == []
