"""Interface texts: complete in each language, used under their names, and right for a page's own language."""

import re
import tomllib

import pytest

from byline.media.files import THEME
from tests.helpers.paper import ROOT, Paper

TABLES = {path.stem: tomllib.loads(path.read_text(encoding="utf-8")) for path in (THEME / "texts").glob("*.toml")}


@pytest.mark.parametrize("language", TABLES)
def test_each_language_says_everything(language: str) -> None:
    assert TABLES[language].keys() == TABLES["en"].keys()
    for key, text in TABLES[language].items():
        assert set(re.findall(r"{\w+}", text)) == set(re.findall(r"{\w+}", TABLES["en"][key])), key


def test_each_text_is_used() -> None:
    files = [*(THEME / "templates").rglob("*.*"), *(ROOT / "byline").rglob("*.py")]
    code = " ".join(path.read_text(encoding="utf-8") for path in files)
    status = {"draft", "scheduled", "expired"}
    assert {key for key in TABLES["en"] if f'"{key}"' not in code} <= status


def test_a_german_story_on_an_english_site(paper: Paper) -> None:
    paper.post("one", lang="de-AT")
    page = paper.client().get("/posts/one/").text
    assert '<html lang="de-AT" dir="ltr">' in page
    assert "Min. Lesezeit" in page
    assert "1. Mai 2025" in page
    assert "min read" in paper.client().get("/").text


def test_a_language_without_texts_keeps_its_own_mark(paper: Paper) -> None:
    paper.post("one", lang="he")
    page = paper.client().get("/posts/one/").text
    assert '<html lang="en" dir="ltr">' in page
    assert '<main id="page-main" tabindex="-1" lang="he" dir="rtl">' in page


def test_a_site_in_a_language_without_texts(paper: Paper) -> None:
    paper.settings('url = "https://paper.test"\nlanguage = "he"')
    paper.post("one")
    page = paper.client().get("/posts/one/").text
    assert '<html lang="he" dir="rtl">' in page
    assert '<span lang="en" dir="ltr">1 min read</span>' in page
    front = paper.client().get("/").text
    assert '<span class="minutes" lang="en" dir="ltr">1 min read</span>' in front
    assert '<h1 class="hidden" lang="en" dir="ltr">Latest stories</h1>' in front


@pytest.mark.parametrize("path", ["/archive/", "/authors/", "/tags/", "/nothing/", "/search/?q=text"])
def test_words_in_another_language_than_the_page_say_which(paper: Paper, path: str) -> None:
    paper.settings('url = "https://paper.test"\nlanguage = "he"')
    paper.post("one")
    main = paper.client().get(path).text.split("<main")[1].split("</main>")[0]
    assert re.search(r'<h1 lang="en" dir="ltr">\w+', main)
    paper.settings('url = "https://paper.test"\nlanguage = "de"')
    assert re.search(r"<h1>\w+", paper.client().get(path).text)


def test_a_language_of_the_owners_own(paper: Paper) -> None:
    paper.settings('url = "https://paper.test"\nlanguage = "sv"')
    paper.write("templates/texts/sv.toml", 'minutes = "{n} min läsning"')
    paper.post("one")
    page = paper.client().get("/posts/one/").text
    assert "1 min läsning" in page
    assert "Skip to the story" in page  # missing texts are in English
    before = paper.client().get("/").headers["ETag"]
    paper.write("templates/texts/sv.toml", 'minutes = "{n} minuter"')
    assert paper.client().get("/").headers["ETag"] != before


def of_texts(paper: Paper) -> list[str]:
    """Problems with texts as a person reads them."""
    return [problem for problem in paper.problems() if "templates/texts/" in problem]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('search = "Find"', []),
        ('"search" = "Find"', []),
        ('minutes = "{n}"', []),
        ('minutes = "{n} {{min}}"', []),
        ('search = "{"', []),  # this one has no placeholders, so a brace is a sign like any other
        ('\n serach = "Find"', ["warning 2:2: unknown-text no template says `serach` (did you mean `search`?)"]),
        ('xyz = "x"', ["warning 1:1: unknown-text no template says `xyz` (remove it)"]),
        ("search = 3", ["error 1:1: bad-text `search` must be text (put it in quotes)"]),
        ('[search]\nx = "y"', ["error 1:2: bad-text `search` must be text (put it in quotes)"]),
        (
            'skip = "a"\nminutes = "{m} min"',
            ["error 2:12: bad-text `minutes` has {m}, but there is {n} for it (correct it)"],
        ),
        (
            'minutes = "{n} {n.real}"',
            ["error 1:16: bad-text `minutes` has {n.real}, but there is {n} for it (correct it)"],
        ),
        ('minutes = "{n} {"', ["error 1:16: bad-text `minutes` has {, but there is {n} for it (correct it)"]),
        ('minutes = "{n} {}"', ["error 1:16: bad-text `minutes` has {}, but there is {n} for it (correct it)"]),
        (
            'page_of = "{number} / {sum}"',
            ["error 1:23: bad-text `page_of` has {sum}, but there is {number} and {total} for it (correct it)"],
        ),
        ('search = "{n}"', ["error 1:11: bad-text `search` has {n}, but there is no placeholder for it (correct it)"]),
        ('minutes = "quick"', ["warning 1:1: bad-text `minutes` does not show {n} (add {n})"]),
    ],
)
def test_a_text_that_does_not_fit_is_named_with_its_place(paper: Paper, text: str, told: list[str]) -> None:
    paper.post("one")
    paper.write("templates/texts/en.toml", text)
    assert of_texts(paper) == [one.replace(" ", " templates/texts/en.toml:", 1) for one in told]
    front = paper.client().get("/")
    assert front.status_code == 200
    if told and told[0].startswith("error"):  # then the theme's text is said
        assert "1 min read" in front.text
        assert paper.freeze().exit_code == 1


def test_a_broken_table_leaves_the_others_and_the_site_alone(paper: Paper) -> None:
    paper.post("one")
    paper.write("templates/texts/en.toml", 'search = "Find"')
    paper.write("templates/texts/fr.toml", "x = ")
    paper.write("templates/texts/de.toml", b"\xff")
    assert [one.split(": ")[0] for one in of_texts(paper)] == [
        "error templates/texts/de.toml:1:1",
        "error templates/texts/fr.toml:1:5",
    ]
    assert ">Find</a>" in paper.client().get("/").text


def test_a_text_of_the_owners_own_is_for_the_owners_templates(paper: Paper) -> None:
    paper.write("templates/texts/en.toml", 'imprint = "Imprint"')
    paper.write("templates/parts/footer.html", "<footer>{{ t('imprint') }}</footer>")
    assert of_texts(paper) == []
    assert "<footer>Imprint</footer>" in paper.client().get("/").text


@pytest.mark.parametrize("name", ["english.toml", "en.yaml", "more/de.toml"])
def test_a_table_that_no_page_uses_is_named(paper: Paper, name: str) -> None:
    paper.write(f"templates/texts/{name}", 'search = "Find"')
    assert [one.split(" is not read")[0] for one in of_texts(paper)] == [
        f"warning templates/texts/{name}:1:1: unknown-language"
    ]


@pytest.mark.parametrize("name", ["de-AT", "de_at", "de-at"])
def test_a_regional_table_says_only_what_differs(paper: Paper, name: str) -> None:
    paper.settings('url = "https://paper.test"\nlanguage = "de-AT"')
    paper.write(f"templates/texts/{name}.toml", 'search = "Suchfeld"')
    paper.post("one")
    page = paper.client().get("/").text
    assert ">Suchfeld</a>" in page
    assert "Min. Lesezeit" in page
    assert of_texts(paper) == []


def test_what_an_own_language_lacks_is_listed_once(paper: Paper) -> None:
    paper.settings('url = "https://paper.test"\nlanguage = "sv"')
    paper.write("templates/texts/sv.toml", 'minutes = "{n} min läsning"\nsearch = "Sök"')
    for name in ("one", "two"):
        paper.post(name)
    run = paper.run("check")
    total = len(TABLES["en"])
    told = f"{total - 2} of {total} texts are not there, and are said in English"
    assert run.output.count("missing-text") == run.output.count(told) == 1
    assert '    skip = "Skip to the story"\n' in run.output
    assert "    minutes" not in run.output
    assert run.exit_code == 0


def test_a_table_beside_the_templates_is_a_stray(paper: Paper) -> None:
    paper.write("texts/en.toml", 'search = "Find"')
    assert "texts/en.toml:1:1: stray-file its words are not said (move it to templates/texts/en.toml)" in (
        paper.run("check").output
    )


def test_no_word_of_the_interface_is_anywhere_else(paper: Paper) -> None:
    """Where no text has a letter, no page has one, apart from names."""
    marks = {key: "¤" + " ".join(re.findall(r"{\w+}", text)) for key, text in TABLES["en"].items()}
    paper.write("templates/texts/en.toml", "\n".join(f'{key} = "{text}"' for key, text in marks.items()))
    paper.settings('title = "0"\nurl = "https://paper.test"\nposts_per_page = 1')
    paper.write("pages/authors/7.md", '---\nname: "7"\nbio: "8"\n---\n')
    body = "## 1\n\n> [!NOTE]\n> 2\n\n- [ ] 3\n\n|4|\n|-|\n|5|\n\n```\n6\n```\n\n7[^1]\n\n[^1]: 8"
    for name in "12":
        paper.post(
            name,
            body,
            title=f'"{name}"',
            authors='["7"]',
            tags='["6"]',
            category='"5"',
            series='{name: "4", part: 1}',
            updated="2025-05-20",
            corrections='[{date: 2025-05-03, text: "3"}]',
        )
    site, client = paper.site(), paper.client()
    paths = [
        site.posts[0].url,
        site.posts[0].authors[0].url,
        site.tags[0].url,
        site.categories[0].url,
        site.series[0].url,
    ]
    for path in ("/", "/page/2/", "/archive/", "/archive/2025/", "/tags/", "/authors/", "/nothing/", *paths):
        page = client.get(path).text
        page = re.sub(r'<(script|time)\b.*?</\1>|<p class="printed">.*?</p>', "", page, flags=re.DOTALL)
        said = re.findall(r'(?:aria-label|title|alt|placeholder|data-(?:copy-code|done|one|many|none))="([^"]*)"', page)
        words = re.findall(r"[A-Za-z]{2,}", " ".join([re.sub("<[^>]+>|&\\w+;", "", page), *said]))
        assert {*words} <= {"Mastodon", "Bluesky"}, path


@pytest.mark.parametrize(
    ("path", "said"), [("/posts/one/", "This page cannot be shown."), ("/de/", "Diese Seite kann")]
)
def test_a_page_with_a_fault_says_so_in_its_language(paper: Paper, path: str, said: str) -> None:
    paper.settings('url = "https://paper.test"\n[languages.de]\ntitle = "Die Zeitung"')
    paper.post("one")
    paper.write("templates/base.html", "{{ nonsense }}")
    answer = paper.client().get(path)
    assert answer.status_code == 500
    assert answer.text.startswith(said)


@pytest.mark.parametrize(
    ("text", "fault"), [("x = ", "templates/texts/fr.toml:1:5: bad-toml"), ("minutes = 3", "`minutes` must be text")]
)
def test_a_broken_table_is_named(paper: Paper, text: str, fault: str) -> None:
    paper.write("templates/texts/fr.toml", text)
    paper.post("one")
    run = paper.freeze()
    assert run.exit_code == 1
    assert fault in run.output


def test_an_unknown_text_is_named(paper: Paper) -> None:
    paper.write("templates/parts/footer.html", '{{ t("nonsense") }}')
    paper.post("one")
    assert "templates/parts/footer.html:1:1: template t('nonsense')" in paper.freeze().output


def test_words_that_markdown_prints(paper: Paper) -> None:
    body = "> [!WARNING]\n> Glatt.\n\n> [!NOTE] Eigener Titel\n> Text.\n\n- [x] a\n\n| a |\n|---|\n| b |\n\nText.[^1]\n\n[^1]: F."
    paper.post("german", body, lang="de")
    paper.post("english", body)
    client = paper.client()
    german, english = client.get("/posts/german/").text, client.get("/posts/english/").text
    for word, wort in {">Warning<": ">Warnung<", '"Table"': '"Tabelle"', '"Done"': '"Erledigt"'}.items():
        assert (word in english, wort in english) == (True, False)
        assert (word in german, wort in german) == (False, True)
    assert ">Eigener Titel<" in german
    assert 'title="Zurück zum Text"' in german
    paper.settings('title = "Die Zeitung"\nurl = "https://paper.test"\nlanguage = "de"')
    assert "Warnung" in paper.client().get("/feed.xml").text


def test_one_story_has_the_words_of_each_page_that_lists_it(paper: Paper) -> None:
    for name, lang in (("english", "en"), ("german", "de"), ("listed", "en"), ("its-neighbour", "en")):
        paper.post(name, lang=lang, tags="[shared]")
    client = paper.client()
    cards = {}
    for name in ("english", "german"):
        page = client.get(f"/posts/{name}/").text
        cards[name] = page[page.index('<a href="/posts/listed/">The listed story</a>') :].split("</article>")[0]
    assert "1 min read" in cards["english"]
    assert 'lang="de" dir="ltr">1 Min. Lesezeit' in cards["german"]
