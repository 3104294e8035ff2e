"""`flask check` says what browsers would refuse, and how to allow it; with that done, it says no more."""

import pytest

from tests.helpers.findings import report, reported
from tests.helpers.paper import Paper

URL = 'url = "https://paper.test"\n'


def told(paper: Paper) -> list[str]:
    return [
        f"{p['path']}:{p['line']}:{p['col']}: {p['message']} ({p['hint']})"
        for p in report(paper)
        if p["code"] == "not-allowed"
    ]


LOADS = {
    "scripts": '<script async src="https://a.test/x.js"></script>',
    "styles": '<link href="https://a.test/x.css" rel="stylesheet">',
    "fonts": '<link rel="preload" as="font" href="https://a.test/x.woff2" crossorigin>',
    "frames": '<iframe title="x" src="//a.test/{{ head.url }}"></iframe>',
    "forms": '<form method="post" action="https://a.test/f/{{ head.lang }}"><button>Go</button></form>',
}


@pytest.mark.parametrize("kind", LOADS)
def test_a_template_that_loads_from_elsewhere(paper: Paper, kind: str) -> None:
    template = f'{{% extends "theme/base.html" %}}\n{{# <script src="https://b.test/"> #}}\n{{% block after %}}\n  {LOADS[kind]}\n'
    paper.write("templates/index.html", f"{template}<!-- {LOADS[kind]} -->{{% endblock %}}")
    assert told(paper) == [
        f"templates/index.html:4:3: https://a.test is not allowed (add it to [allow] {kind})",
    ]
    assert paper.run("check").exit_code == 0  # readers miss something; the pages are there
    paper.settings(f'{URL}[allow]\n{kind} = ["https://a.test"]')
    assert told(paper) == []


def test_how_it_is_printed(paper: Paper) -> None:
    paper.write("templates/parts/end_of_head.html", '\n<script src="https://plausible.io/js/script.js" defer></script>')
    line = "templates/parts/end_of_head.html:2:1: not-allowed https://plausible.io is not allowed (add it to [allow] scripts)"
    assert line in paper.run("check").output


@pytest.mark.parametrize(
    ("markup", "message"),
    [
        ("<script>let x = 1;</script>", "a script within a page does not run (put it into a file in static/"),
        ("<script>\nlet x = {{ 1 }};\n</script>", "a script within a page does not run"),
        ('<script type="module">import "x";</script>', "a script within a page does not run"),
        ("<style>p { color: red }</style>", "a style within a page has no effect (put it into static/custom.css)"),
        ('<p style="color: red">x</p>', "a `style` attribute has no effect (give the element a class"),
        ('<button onclick="go()">x</button>', "`onclick` does not run (add a listener in a file in static/)"),
        ("<button {% if head.url %}onClick='{{ 1 }}'{% endif %}>x</button>", "`onclick` does not run"),
        ('<a href="javascript:go()">x</a>', "a `javascript:` address does not run"),
        ('<script src="/js/own.js"></script>', "/js/own.js does not run: only scripts in static/ do"),
        ('<script src="own.js"></script>', "own.js does not run: only scripts in static/ do"),
        (
            '<script src="http://a.test/x.js"></script>',
            "http://a.test is not allowed (write it with https:// and add it",
        ),
        ('<script src="data:text/javascript,1"></script>', "data: is not allowed here"),
        ('<iframe src="/about/"></iframe>', "/about/, a page of this site, is not shown in a frame (link to it)"),
        ('<embed src="https://a.test/x.swf">', "`<embed>` shows nothing (use an <iframe>"),
        ('<object data="/media/x.pdf"></object>', "`<object>` shows nothing"),
        ('<base href="/x/">', "`<base>` has no effect"),
        (
            '<form><button formaction="https://a.test/">x</button></form>',
            "https://a.test is not allowed (add it to [allow] forms)",
        ),
        (
            '<link rel="preload" as="script" href="https://a.test/x.js">',
            "https://a.test is not allowed (add it to [allow] scripts)",
        ),
    ],
)
def test_what_never_runs(paper: Paper, markup: str, message: str) -> None:
    paper.write("templates/parts/after_article.html", f"<div>\n{markup}\n</div>")
    found = told(paper)
    assert len(found) == 1
    place, _, said = found[0].partition(": ")
    assert place.startswith("templates/parts/after_article.html:2:")
    assert said.startswith(message)


def test_what_is_fine(paper: Paper) -> None:
    paper.write("static/x.js", "1")
    paper.write(
        "templates/parts/after_article.html",
        """<script src="{{ static("x.js") }}"></script><script src="/static/x.js"></script>
        <script src="https://paper.test/static/x.js"></script>
        <script src="{{ "https://" ~ head.url }}"></script><iframe src="{{ head.canonical }}"></iframe>
        <script type="application/ld+json">{"a": {{ head.url | tojson }}}</script><script></script>
        <template id="x"><p class="a">x</p></template><script type="text/x-template"><b onclick="x"></script>
        <form action="/search/"></form><form action=""></form><a href="https://a.test">a</a>
        <img src="https://a.test/x.png" srcset="/a.png 1x, https://b.test/b.png 2x" alt=""><img src="data:image/png,x" alt="">
        <img src="http://a.test/x.png" alt=""><video src="https://a.test/x.mp4" poster="//b.test/x.png"></video>
        <link rel="preconnect" href="https://a.test"><link rel="me" href="https://a.test"><link rel="stylesheet" href="/x.css">
        <img src="https://[" alt=""><iframe src="https://[x/"></iframe> <![x[ a ]]>
        {% raw %}{{ <script>1</script> }}{% endraw %}
        <p title="a > b" data-on="x" class="style">onclick="x" <code>style=""</code></p>""",
    )
    assert told(paper) == []


def test_the_theme_and_what_settings_open_are_fine(paper: Paper) -> None:
    scripts = '[head]\nscripts = [{ src = "https://a.test/x.js" }]\n[comments]\nprovider = "utterances"\nrepo = "a/b"'
    paper.settings(f"{URL}{scripts}")
    paper.post("one")
    assert told(paper) == []


@pytest.mark.parametrize(
    ("allowed", "address", "is_open"),
    [
        ("https://*.a.test", "https://b.a.test/x", True),
        ("https://*.a.test", "https://c.b.a.test/x", True),
        ("https://*.a.test", "https://a.test/x", False),
        ("https://*.a.test", "https://ba.test/x", False),
        ("https://a.test:8443", "https://a.test:8443/x", True),
        ("https://a.test:8443", "https://a.test/x", False),
        ("https://a.test:443", "https://a.test/x", True),
        ("https://a.test", "https://A.TEST/x", True),
        ("https://a.test/x/", "https://a.test/x/y?z", True),
        ("https://a.test/x", "https://a.test/x?z", True),
        ("https://a.test/x", "https://a.test/x/y", False),
        ("https://a.test/x", "https://a.test.evil.test/x", False),
        ("https://a.test/x/", "https://a.test/{{ head.url }}", True),
        ("https://b.test", "https://a.test/{{ head.url }}", False),
        ("https://b.test", "https://{{ head.url }}/x", True),
    ],
)
def test_sources_match_as_in_browsers(paper: Paper, allowed: str, address: str, is_open: bool) -> None:
    paper.settings(f'{URL}[allow]\nframes = ["{allowed}"]')
    paper.write("templates/parts/after_article.html", f'<iframe src="{address}"></iframe>')
    assert (told(paper) == []) == is_open


def test_style_sheets(paper: Paper) -> None:
    css = """/* @import "https://z.test/x.css"; */
@namespace svg url(http://www.w3.org/2000/svg);
@import url("https://a.test/x.css") screen;
  @import '//b.test/x.css';
@font-face { font-family: A; src: url(/static/a.woff2), url(https://c.test/a.woff2) }
@font-face { font-family: B; src: url(data:font/woff2;base64,xx) }
p { background: url(https://d.test/x.png) url("x.png") url(#a); }
"""
    paper.write("static/custom.css", css)
    paper.settings(f'{URL}[allow]\nimages = ["https://e.test"]')
    assert told(paper) == [
        "static/custom.css:3:1: https://a.test is not allowed (add it to [allow] styles)",
        "static/custom.css:4:3: https://b.test is not allowed (add it to [allow] styles)",
        "static/custom.css:5:57: https://c.test is not allowed (add it to [allow] fonts)",
        "static/custom.css:6:35: data: is not allowed here (put it into a file in static/)",
        "static/custom.css:7:17: https://d.test is not allowed (add it to [allow] images)",
    ]


def test_posts_where_html_is_trusted(paper: Paper) -> None:
    body = """```html
<iframe src="https://b.test/"></iframe>
```

Text.

<form action="https://a.test/f"><button onclick="x()">x</button></form>
<script src="https://a.test/x.js"></script>
<p style="color: red">x</p>"""
    paper.post("one", body)
    paper.write("pages/about.md", "---\ntitle: About\n---\n<script>1</script>")
    assert told(paper) == []  # taken out: html-removed says so
    paper.settings(f'{URL}trust_html = true\n[allow]\nframes = ["https://c.test"]')
    found = told(paper)
    assert [line.partition(" (")[0] for line in found] == [
        "pages/about.md:4:1: a script within a page does not run",
        "pages/posts/one.md:11:15: https://a.test is not allowed",
        "pages/posts/one.md:11:41: `onclick` does not run",
        "pages/posts/one.md:12:14: https://a.test is not allowed",
        "pages/posts/one.md:13:4: a `style` attribute has no effect",
    ]


def test_pictures_of_posts_where_some_are_listed(paper: Paper) -> None:
    paper.post("one", "Text.\n\n![A](https://a.test/x.png) ![B](https://b.test/x.png)", cover="https://a.test/c.jpg")
    paper.post("two", '<video src="https://a.test/x.mp4" controls></video>')
    paper.settings(f'{URL}[allow]\nimages = ["https://b.test"]')
    assert told(paper) == [
        "pages/posts/one.md:4:8: https://a.test is not allowed (add it to [allow] images)",
        "pages/posts/one.md:8:6: https://a.test is not allowed (add it to [allow] images)",
    ]
    paper.settings(f'{URL}[allow]\nmedia = ["https://b.test"]')
    assert reported(paper, "not-allowed") == ["pages/posts/two.md:5:13"]
