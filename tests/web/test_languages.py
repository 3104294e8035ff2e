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
