"""Scripts of `[head]` and comments: where they are, and where they are not."""

import re

import pytest

from tests.helpers.paper import Paper
from tests.settings.test_parties import GISCUS

COMMENTS = f'url = "https://paper.test"\n[comments]\n{GISCUS}'


def scripts(page: str) -> list[str]:
    """Those that are not the theme's own."""
    return [tag for tag in re.findall(r"<script[^>]*>", page) if "theme.js" not in tag and "site.js" not in tag]


def with_script(paper: Paper, script: str) -> None:
    paper.settings(f'url = "https://paper.test"\n[head]\nscripts = [{script}]')


def test_a_script_is_on_every_page_that_readers_see(paper: Paper) -> None:
    with_script(paper, '{ src = "https://a.test/x.js", defer = true }')
    paper.post("one", tags="law")
    client = paper.client()
    for url in ("/", "/posts/one/", "/tags/law/", "/search/", "/archive/", "/404.html", "/no/such/"):
        assert '<script src="https://a.test/x.js" defer="">' in scripts(client.get(url).text), url


def test_its_attributes_are_those_that_are_typed(paper: Paper) -> None:
    typed = '{ src = "https://a.test/?a&b", async = true, defer = false, type = "module", integrity = "sha384-x",'
    typed += ' crossorigin = "anonymous", data-website-id = "1\\"<&>", data-auto-track = false, data-n = 3 }'
    with_script(paper, typed)
    assert scripts(paper.client().get("/").text)[0] == (
        '<script src="https://a.test/?a&amp;b" async="" type="module" integrity="sha384-x" crossorigin="anonymous"'
        ' data-website-id="1&#34;&lt;&amp;&gt;" data-auto-track="false" data-n="3">'
    )


def test_a_script_of_the_sites_own_has_its_version(paper: Paper) -> None:
    with_script(paper, '{ src = "/static/stats/own.js" }')
    paper.write("static/stats/own.js", "1")
    client = paper.client()
    before = scripts(client.get("/").text)[0]
    assert re.fullmatch(r'<script src="/static/stats/own\.js\?v=[0-9a-f]{12}">', before)
    assert "immutable" in client.get(re.findall('src="([^"]+)', before)[0]).headers["Cache-Control"]
    paper.write("static/stats/own.js", "2")
    assert scripts(paper.client().get("/").text)[0] != before


def test_below_a_path_too(paper: Paper) -> None:
    paper.settings('url = "https://paper.test/news"\n[head]\nscripts = [{ src = "/static/own.js" }]')
    paper.write("static/own.js", "1")
    assert 'src="/news/static/own.js?v=' in paper.client().get("/news/").text


def test_a_script_that_is_not_there_stops_a_freeze(paper: Paper) -> None:
    paper.settings('url = "https://paper.test"\n[head]\nscripts = [\n  { src = "/static/own.js" },\n]')
    paper.post("one")
    assert paper.problems() == [
        "error site.toml:4:12: missing-script /static/own.js, in `head.scripts`, is not there"
        " (put it into static/own.js, or fix the name)"
    ]
    assert scripts(paper.client().get("/").text) == []
    assert paper.freeze().exit_code == 1


def test_where_drafts_are_shown_no_visit_is_counted(paper: Paper) -> None:
    with_script(paper, '{ src = "https://a.test/x.js" }')
    paper.post("one")
    assert "a.test" not in paper.client(debug=True).get("/").text
    assert paper.freeze("--drafts", out="preview").exit_code == 0
    assert "a.test" not in paper.page("posts/one/index.html", "preview")
    assert paper.freeze().exit_code == 0
    assert "a.test" in paper.page("posts/one/index.html")


def test_comments_are_below_stories_and_nowhere_else(paper: Paper) -> None:
    paper.settings(COMMENTS)
    paper.post("one", tags="law")
    paper.post("none", comments="false")
    paper.post("draft", draft="true")
    paper.post("later", date="2030-01-01")
    paper.write("pages/about.md", "---\ntitle: About\ncomments: true\n---\nText.")
    client = paper.client(debug=True)
    assert "giscus" in client.get("/posts/one/").text
    for url in (
        "/posts/none/",
        "/posts/draft/",
        "/posts/later/",
        "/about/",
        "/",
        "/tags/law/",
        "/404.html",
        "/feed.xml",
    ):
        page = client.get(url)
        assert page.status_code == 200
        assert "giscus" not in page.text, url


def test_comments_of_giscus(paper: Paper) -> None:
    paper.settings(COMMENTS.replace('"C"', '"A \\"<b>"') + 'strict = "1"\n')
    paper.post("one", lang="de-AT")
    page = paper.client().get("/posts/one/").text
    assert '<h2 class="label" id="page-comments" lang="de-AT">Kommentare</h2>' in page
    assert 'data-category="A &#34;&lt;b&gt;"' in page
    assert 'data-strict="1"' in page
    assert 'data-lang="de"' in page
    assert 'data-theme="data-theme" data-themes="preferred_color_scheme light dark"' in page
    assert '<noscript><p><a href="https://github.com/a/b/discussions">' in page


@pytest.mark.parametrize(
    ("lang", "attribute"), [("zh", ' data-lang="zh-CN"'), ("sv", ""), ("pt-BR", ' data-lang="pt"')]
)
def test_giscus_is_asked_for_no_language_that_it_does_not_speak(paper: Paper, lang: str, attribute: str) -> None:
    paper.settings(COMMENTS)
    paper.post("one", lang=lang)
    tag = re.findall("<script[^>]*giscus[^>]*>", paper.client().get("/posts/one/").text)[0]
    assert re.findall(r' data-lang="[^"]*"', tag) == ([attribute] if attribute else [])


def test_a_theme_that_the_owner_chose_stays(paper: Paper) -> None:
    paper.settings(f'{COMMENTS}theme = "noborder_light"')
    paper.post("one")
    page = paper.client().get("/posts/one/").text
    assert 'data-theme="noborder_light"' in page
    assert "data-themes" not in page


def test_comments_of_isso(paper: Paper) -> None:
    paper.settings('url = "https://paper.test"\n[comments]\nprovider = "isso"\nserver = "https://c.test/isso/"')
    paper.post("one", title="'A \"B\" <c>'")
    answer = paper.client().get("/posts/one/")
    assert '<div id="isso-thread" data-title="A &#34;B&#34; &lt;c&gt;">' in answer.text
    assert (
        '<script src="https://c.test/isso/js/embed.min.js" data-isso="https://c.test/isso" data-isso-avatar="false"'
        ' data-isso-lang="en">' in answer.text
    )
    assert "noscript" not in answer.text
    rules = dict(rule.split(" ", 1) for rule in answer.headers["Content-Security-Policy"].split("; "))
    assert rules["script-src"].endswith("/pagefind/ https://c.test/isso/js/")
    assert rules["style-src"] == "'self' https://c.test/isso/css/"
    assert rules["connect-src"] == "'self' https://c.test/isso/"


def test_a_template_of_the_sites_own_is_any_other_provider(paper: Paper) -> None:
    paper.write("templates/parts/comments.html", '<div id="other">{{ post.comments }} {{ post.url }}</div>')
    paper.post("one")
    assert '<div id="other">True /posts/one/</div>' in paper.client().get("/posts/one/").text


def test_comments_change_the_tag(paper: Paper) -> None:
    paper.settings(COMMENTS)
    paper.post("one")
    before = paper.client().get("/posts/one/").headers["ETag"]
    paper.post("one", comments="no")
    assert paper.client().get("/posts/one/").headers["ETag"] != before


@pytest.mark.parametrize(
    ("name", "before", "after"),
    [
        ("end_of_head", "</script>", "</head>"),
        ("after_article", "</article>", "</main>"),
        ("before_footer", "</main>", "<foot"),
    ],
)
def test_a_slot_is_filled_by_a_file_of_its_name(paper: Paper, name: str, before: str, after: str) -> None:
    """Without one, there is nothing."""
    paper.post("one")
    plain = paper.client().get("/posts/one/").text
    paper.write(f"templates/parts/{name}.html", "<!-- mine, {{ head.url }} -->\n")
    page = paper.client().get("/posts/one/").text
    assert page.replace("<!-- mine, /posts/one/ -->\n", "") == plain
    assert f"{before}\n<!-- mine, /posts/one/ -->\n{after}" in page
