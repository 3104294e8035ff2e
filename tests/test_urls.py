"""A page has one URL, however a writer spells it; and no address can run a script."""

import pytest

from byline.settings.settings import Settings
from byline.urls import scheme_of, site_path, slug_of
from tests.helpers.paper import Paper

ORIGIN = "https://paper.test"
LETTERS = [
    "p\u00adaper.test",
    "ｐａｐｅｒ.test",
    "paper。test",
    "paper.test.",
    "PAPER．TEST",
    "%70aper.test",
    "a:b@paper.test",
]
HOSTS = [*LETTERS, "paper%2etest", "pa\u200bper.test", "ᵖaper.test", "paper.test:80"]

SAME = """/posts/secret/ /posts/secret http://paper.test/posts/secret/ //paper.test/posts/secret/
HTTPS://PAPER.test/posts/secret/ https://paper.test:443/posts/secret/ /posts/secret/index.html /posts//secret/
/posts/./secret/ /Posts/Secret/ https://paper.test/posts/%73ecret/ https://paper.test/posts/x/../secret/
\\\\paper.test\\posts\\secret /posts/secret/?a=b#c https://p%61per.test/posts/secret/ ../../posts/secret/""".split()


@pytest.mark.parametrize("value", [*SAME, *(f"https://{host}/posts/secret/" for host in HOSTS)])
def test_spellings_of_one_page(value: str) -> None:
    assert site_path(value, ORIGIN, "/posts/open/") == "/posts/secret"


@pytest.mark.parametrize("value", ["https://other.test/posts/secret/", "mailto:a@b.test", "http://[", "//x.test/a"])
def test_addresses_elsewhere(value: str) -> None:
    assert site_path(value, ORIGIN) is None


@pytest.mark.parametrize(
    ("own", "typed"),
    [
        ("https://zürich.test", "https://xn--zrich-kva.test/a"),
        ("https://xn--zrich-kva.test", "https://ZÜRICH.test/a"),
        ("https://10.0.0.1", "https://0x0a000001/a"),
        ("https://10.0.0.1", "https://10.1/a"),
        ("https://paper.test", "https:///paper.test/a"),
        ("https://paper.test", "///paper.test//a"),
    ],
)
def test_spellings_of_one_host(own: str, typed: str) -> None:
    assert site_path(typed, own, "/") == "/a"


@pytest.mark.parametrize("typed", ["https://paper.test.evil/a", "https://paper-test/a", "https://10.0.0.1/a"])
def test_another_host(typed: str) -> None:
    assert site_path(typed, ORIGIN, "/") is None


HIDDEN = [value for value in SAME if "\\" not in value] + [f"https://{host}/posts/secret/" for host in HOSTS]


@pytest.mark.parametrize("value", HIDDEN)
def test_no_spelling_of_a_hidden_page_is_printed(paper: Paper, value: str) -> None:
    paper.post("secret", draft="true")
    paper.post("open", f"[text](<{value}>)")
    assert paper.freeze().exit_code == 0
    assert "secret" not in paper.page("posts/open/index.html").lower()


@pytest.mark.parametrize("value", SAME[:-1])
def test_a_template_with_any_spelling_stops_the_freeze(paper: Paper, value: str) -> None:
    paper.post("secret", draft="true")
    paper.write("templates/parts/footer.html", f'<footer><a href="{value}">x</a></footer>')
    run = paper.freeze()
    assert run.exit_code == 1


def test_a_hidden_page_below_its_category(paper: Paper) -> None:
    paper.settings('url = "https://paper.test"\npermalink = "/{category}/{slug}/"')
    paper.post("later", date="2025-07-01", category="World")
    paper.post("open", "[text](/world/later/)", category="Home")
    assert paper.freeze().exit_code == 0
    assert "/world/later" not in paper.page("home/open/index.html")


@pytest.mark.parametrize(
    "body",
    [
        "[click](%6aavascript:alert(1))",
        "[click](%64ata:text/html,x)",
        "[click](java&#115;cript:alert(1))",
        "![x](%6aavascript:alert%281%29.png)",
        '<a title=" href=" class=" onmouseover=alert(1) ">x</a>',
        '<img alt=" src=" class=" onerror=alert(1) src=x ">',
        '<a href="&#1;javascript:alert(1)">x</a>',
        "[click](<java\tscript:alert(1)>)",
    ],
)
def test_nothing_typed_runs(paper: Paper, body: str) -> None:
    paper.post("one", body)
    page = paper.client().get("/posts/one/").text
    text = page[page.index('class="body"') : page.index("article-end")]
    assert 'href="javascript:' not in text.lower()
    assert 'src="javascript:' not in text.lower()
    assert 'href="data:' not in text.lower()
    for mark in ("onerror", "onmouseover"):  # only ever inside a quoted value
        assert all(part.count('"') % 2 == 1 for part in [p.rsplit("<", 1)[-1] for p in text.split(mark)[:-1]])


def test_a_colon_in_a_name_is_no_scheme(paper: Paper) -> None:
    paper.post("one", "[x](re:start/)")
    assert 'href="re:start/"' not in paper.client().get("/posts/one/").text


@pytest.mark.parametrize(
    ("value", "scheme"),
    [("https://a", "https"), (" java\nscript:x", "javascript"), ("a/b:c", ""), ("/x:y", ""), ("\x01data:x", "data")],
)
def test_the_scheme_that_a_browser_reads(value: str, scheme: str) -> None:
    assert scheme_of(value) == scheme


@pytest.mark.parametrize(
    ("language", "name", "slug"),
    [
        ("de", "Grüße aus Köln", "gruesse-aus-koeln"),
        ("de-AT", "Ärger mit Öl", "aerger-mit-oel"),
        ("en", "Grüße", "grusse"),
        ("sv", "Åbo över ån", "abo-over-an"),
        ("da", "Smørrebrød på Årø", "smoerrebroed-paa-aaroe"),
        ("nb", "Ålesund", "aalesund"),
        ("el", "Χανιά", "chania"),
        ("de", "plain-name", "plain-name"),
    ],
)
def test_slugs_are_in_the_language_of_the_site(language: str, name: str, slug: str) -> None:
    assert slug_of(name, Settings(language=language)) == slug
    assert slug_of(name, Settings(language=language, slugs={name: "own"})) == "own"


def test_slugs_in_other_scripts_keep_their_letters() -> None:
    assert slug_of("Grüße", Settings(language="de", unicode_slugs=True)) == "grüße"
