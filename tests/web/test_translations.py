"""A site in several languages: addresses, lists, feeds and search of each, and what leads from one to another."""

import re

import pytest

from byline.problems import SiteError
from tests.helpers.languages import translated_paper
from tests.helpers.paper import Paper


@pytest.fixture
def paper(paper: Paper) -> Paper:
    return translated_paper(paper)


def test_addresses(paper: Paper) -> None:
    site = paper.site()
    assert {item.path.removeprefix("pages/"): url for url, item in site.by_url.items()} == {
        "about.md": "/about/",
        "about.de.md": "/de/about/",
        "posts/ferry.md": "/posts/ferry/",
        "posts/ferry.de.md": "/de/posts/ferry/",
        "posts/ferry.ar.md": "/ar/posts/ferry/",
        "posts/bridge.md": "/posts/old-bridge/",
        "posts/de/bridge.md": "/de/posts/old-bridge/",
        "posts/only-english.md": "/posts/only-english/",
        "posts/wahl.md": "/de/posts/wahl/",
        "posts/nur-deutsch.md": "/de/posts/nur-deutsch/",
        "posts/swedish.md": "/posts/swedish/",
    }
    assert [str(it) for it in site.problems if it.severity != "hint"] == []


def titles(page: str) -> list[str]:
    return re.findall(r"<h2><a href=\"[^\"]*\">([^<]*)</a></h2>", page)


def test_lists_show_their_language_alone(paper: Paper) -> None:
    client = paper.client()
    assert titles(client.get("/").text + client.get("/page/2/").text) == [
        "The ferry story",
        "The bridge story",
        "The only-english story",
        "The swedish story",  # which has no lists of its own
    ]
    assert titles(client.get("/de/").text) == ["Die Fähre", "Die Brücke"]
    assert titles(client.get("/de/page/2/").text) == ["Nur deutsch", "Die Wahl"]
    assert titles(client.get("/ar/").text) == ["العبارة"]
    assert client.get("/de/page/3/").status_code == client.get("/de/series/roads/").status_code == 404
    assert "/de/tags/haefen/" in client.get("/de/tags/").text
    assert "haefen" not in client.get("/tags/").text
    assert titles(client.get("/de/tags/sea/").text) == ["Die Fähre"]
    assert "Die Wahl" in client.get("/de/archive/2025/").text
    assert "Die Wahl" not in client.get("/archive/2025/").text


def test_an_author_has_a_page_in_each_language_with_a_story(paper: Paper) -> None:
    client = paper.client()
    english, german, arabic = (client.get(f"{front}/authors/sea-desk/").text for front in ("", "/de", "/ar"))
    assert ("Writes of ships." in english, "The ferry story" in english, "Die Fähre" in english) == (True, True, False)
    assert ("Schreibt über Schiffe." in german, "Die Fähre" in german, ">The ferry" in german) == (True, True, False)
    assert ("Writes of ships." in arabic, "العبارة" in arabic) == (True, True)
    assert 'hreflang="ar" href="https://paper.test/ar/authors/sea-desk/"' in german
    paper.post("ferry.de", title="Die Fähre", date="2025-06-01")
    assert paper.client().get("/de/authors/sea-desk/").status_code == 404


def test_neighbours_and_related_stories_are_in_the_same_language(paper: Paper) -> None:
    page = paper.client().get("/de/posts/old-bridge/").text
    assert re.findall(r'href="([^"]*)" rel="(?:prev|next)"', page) == ["/de/posts/nur-deutsch/", "/de/posts/ferry/"]
    assert not re.findall(r'<article class="teaser"[^>]*lang="(?!de)', page)


def test_pages_name_their_translations(paper: Paper) -> None:
    client = paper.client()
    ferry = [
        ("en", "/posts/ferry/"),
        ("x-default", "/posts/ferry/"),
        ("de", "/de/posts/ferry/"),
        ("ar", "/ar/posts/ferry/"),
    ]
    for url in ("/posts/ferry/", "/de/posts/ferry/", "/ar/posts/ferry/"):
        assert alternates(client.get(url).text) == ferry
    wahl = [("en", "/posts/only-english/"), ("x-default", "/posts/only-english/"), ("de", "/de/posts/wahl/")]
    assert alternates(client.get("/de/posts/wahl/").text) == alternates(client.get("/posts/only-english/").text) == wahl
    assert alternates(client.get("/de/posts/nur-deutsch/").text) == []
    assert alternates(client.get("/about/").text)[2] == ("de", "/de/about/")
    assert [lang for lang, _ in alternates(client.get("/ar/search/").text)] == ["en", "x-default", "de", "ar"]
    assert alternates(client.get("/de/tags/haefen/").text) == alternates(client.get("/page/2/").text) == []
    page = client.get("/de/posts/ferry/").text
    assert re.findall(r'og:locale(?::alternate)?" content="(\w+)"', page) == ["de_DE", "en_US", "ar_EG"]
    assert '"inLanguage": "de"' in page
    assert '<html lang="de" dir="ltr">' in page
    assert '<html lang="ar" dir="rtl">' in client.get("/ar/").text


def alternates(page: str) -> list[tuple[str, str]]:
    return re.findall(r'<link rel="alternate" hreflang="([\w-]+)" href="https://paper.test([^"]*)">', page)


def test_the_switch_offers_what_exists(paper: Paper) -> None:
    client = paper.client()

    def offered(url: str) -> list[tuple[str, str]]:
        return re.findall(
            r'<a href="([^"]*)" hreflang="[^"]*" lang="[^"]*" dir="[^"]*">([^<]*)</a>', client.get(url).text
        )

    assert offered("/posts/ferry/") == [("/de/posts/ferry/", "Deutsch"), ("/ar/posts/ferry/", "العربية")]
    assert offered("/posts/swedish/") == offered("/series/roads/") == []
    assert offered("/de/") == [("/", "English"), ("/ar/", "العربية")]
    assert offered("/de/nothing/") == [("/", "English"), ("/ar/", "العربية")]
    assert 'aria-label="Sprachen"' in client.get("/de/").text


def test_each_language_has_its_own_name_navigation_and_feeds(paper: Paper) -> None:
    client = paper.client()
    german = client.get("/de/").text
    assert "<title>Die Zeitung</title>" in german
    assert "Nachrichten von der Küste" in german
    assert '<a href="/de/about/">Über uns</a>' in german
    assert ">About<" not in german + client.get("/ar/").text
    feed = client.get("/de/feed.xml").text
    assert 'xml:lang="de"' in feed
    assert "<title>Die Zeitung</title>" in feed
    assert re.findall(r"<entry>\n<title>([^<]*)", feed) == ["Die Fähre", "Die Brücke", "Nur deutsch", "Die Wahl"]
    assert client.get("/de/feed.json").json["language"] == "de"  # type: ignore[index]
    assert "Die Fähre" not in client.get("/feed.xml").text
    assert client.get("/de/tags/sea/feed.xml").text.count("<entry") == 1
    assert client.get("/de/feed/").headers["Location"] == "/de/feed.xml"
    assert client.get("/de/posts/").headers["Location"] == "/de/archive/"
    for path in ("/de/feed.xml", "/de/search/", "/de/"):
        same = client.get(path.removeprefix("/de")).headers
        assert client.get(path).headers["Content-Security-Policy"] == same["Content-Security-Policy"]
        assert client.get(path).headers["Cross-Origin-Resource-Policy"] == same["Cross-Origin-Resource-Policy"]


def test_each_language_has_its_own_search(paper: Paper) -> None:
    client = paper.client()
    assert "/de/posts/ferry/" in client.get("/de/search/?q=fähren").text  # endings of German
    assert "Kein Artikel" in client.get("/de/search/?q=sails").text
    assert '"/posts/ferry/"' in client.get("/search/?q=sails").text
    assert "No story" in client.get("/search/?q=Fähre").text
    assert 'data-results="/pagefind/de/pagefind.js"' in client.get("/de/search/").text


def test_the_sitemaps_list_all_languages(paper: Paper) -> None:
    client = paper.client()
    sitemap = client.get("/sitemap.xml").text
    assert {"/", "/de/", "/ar/posts/ferry/", "/de/tags/haefen/"} <= set(
        re.findall(r"<loc>https://paper.test([^<]*)", sitemap)
    )
    assert '<xhtml:link rel="alternate" hreflang="ar" href="https://paper.test/ar/posts/ferry/"/>' in sitemap
    news = client.get("/news-sitemap.xml").text
    assert "<news:name>Die Zeitung</news:name><news:language>de</news:language>" in news
    assert client.get("/de/sitemap.xml").status_code == 404


def test_drafts_and_their_addresses_stay_hidden(paper: Paper) -> None:
    paper.post("ferry.ar", title="العبارة", date="2025-07-01")
    client = paper.client()
    assert client.get("/ar/posts/ferry/").status_code == 404
    assert "/ar/posts/ferry/" not in client.get("/posts/ferry/").text + client.get("/sitemap.xml").text
    paper.post("names-it", lang="ar", translation_of="secret", date="2025-05-05")
    assert paper.freeze().exit_code == 0
    assert "secret" not in paper.page("ar/posts/names-it/index.html")


def test_a_permalink_with_a_place_for_the_language(paper: Paper) -> None:
    paper.settings('permalink = "/{lang}/{slug}/"\n' + (paper.folder / "site.toml").read_text())
    paper.post("ferry.ar", title="العبارة", permalink="/مركب/")
    urls = {item.path.rpartition("/")[2]: url for url, item in paper.site().by_url.items()}
    assert urls["ferry.md"] == "/en/ferry/"
    assert urls["ferry.de.md"] == "/de/ferry/"
    assert urls["ferry.ar.md"] == "/%D9%85%D8%B1%D9%83%D8%A8/"
    page = paper.client().get("/%D9%85%D8%B1%D9%83%D8%A8/").text
    assert '<p class="masthead-title"><a href="/ar/">' in page
    assert ("de", "/de/ferry/") in alternates(page)


def test_one_permalink_for_all_translations(paper: Paper) -> None:
    """As blogs of other programs have it: the main language keeps it, whichever text is older."""
    paper.post("ferry", permalink="/boat/", date="2025-05-31")
    paper.post("ferry.de", permalink="/boat/", title="Die Fähre", date="2025-05-01")
    paper.post("ferry.ar", permalink="/boat/", title="العبارة", date="2025-05-02")
    client = paper.client()
    assert [it.url for it in paper.site().alternates("/boat/")] == ["/boat/", "/de/boat/", "/ar/boat/"]
    assert "Die Fähre" in client.get("/de/boat/").text
    assert [text for text in paper.problems() if "url-collision" in text and not text.startswith("hint")] == []


def test_a_tag_is_the_same_however_it_is_written(paper: Paper) -> None:
    paper.post("one", lang="DE")
    paper.post("two", lang="de-AT")
    paper.post("three", lang="EN_gb")
    site = paper.site()
    assert {"/de/posts/one/", "/de/posts/two/", "/posts/three/"} <= site.by_url.keys()
    page = paper.client().get("/de/posts/one/").text
    assert '<html lang="de" dir="ltr">' in page
    assert "Min. Lesezeit" in page


def test_the_main_language_may_have_a_folder_and_an_ending(paper: Paper) -> None:
    for path, title in {"en/posts/tide.md": "Tide", "de/posts/tide.md": "Flut", "posts/fog.en.md": "Fog"}.items():
        paper.write(f"pages/{path}", f"---\ntitle: {title}\ndate: 2025-05-20\n---\nText.")
    paper.write("pages/de/team.md", "---\ntitle: Mannschaft\n---\nText.")
    urls = {item.title: url for url, item in paper.site().by_url.items()}
    assert [urls[title] for title in ("Tide", "Flut", "Fog", "Mannschaft")] == [
        "/posts/tide/",
        "/de/posts/tide/",
        "/posts/fog/",
        "/de/team/",
    ]
    assert alternates(paper.client().get("/posts/tide/").text)[2] == ("de", "/de/posts/tide/")


def test_nothing_changes_without_the_setting(paper: Paper) -> None:
    paper.settings('url = "https://paper.test"')
    paper.write("pages/guide.io.md", "---\ntitle: Guide\n---\nText.")
    site = paper.site()
    assert {"/guide-io/", "/posts/ferry-de/", "/about-de/", "/posts/wahl/"} <= site.by_url.keys()
    assert len(site.posts) == 9
    assert paper.client().get("/de/").status_code == 404


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        ("nowhere", "no-translation `translation_of`: 'nowhere' is no other text of this site"),
        ("wahl", "no-translation `translation_of`: 'wahl' is this text itself"),
        ("ferry", "two-translations pages/posts/wahl.md is the same text in the same language, de"),
    ],
)
def test_what_is_no_translation_is_told(paper: Paper, value: str, problem: str) -> None:
    paper.post("wahl", title="Die Wahl", lang="de", translation_of=value, date="2025-04-02")
    found = [text for text in paper.problems() if "translation" in text]
    assert len(found) == 1
    assert problem in found[0]


@pytest.mark.parametrize(
    "value",
    [
        "only-english",
        "posts/only-english.md",
        "only-english.md",
        "/posts/only-english/",
        "https://paper.test/posts/only-english",
    ],
)
def test_a_translation_is_named_in_many_ways(paper: Paper, value: str) -> None:
    paper.post("wahl", title="Die Wahl", lang="de", translation_of=value, date="2025-04-02")
    assert ("de", "/de/posts/wahl/") in alternates(paper.client().get("/posts/only-english/").text)
    assert not [text for text in paper.problems() if "translation" in text]


def test_texts_that_name_the_same_thing_are_translations(paper: Paper) -> None:
    """As with Hugo's `translationKey`."""
    paper.post("storm", translationKey="storm-2025")
    paper.post("sturm", lang="de", translationKey="storm-2025")
    assert ("de", "/de/posts/sturm/") in alternates(paper.client().get("/posts/storm/").text)


def test_the_front_page_of_a_language_is_reserved(paper: Paper) -> None:
    paper.write("pages/de.md", "---\ntitle: Deutsch\n---\nText.")
    paper.post("clash", permalink="/de/")
    paper.post("list", permalink="/de/tags/", lang="de")
    told = [text for text in paper.problems() if "reserved-url" in text]
    assert [re.search(r"/de/\S*", text)[0] for text in told] == ["/de/", "/de/", "/de/tags/"]  # type: ignore[index]


@pytest.mark.parametrize(
    ("settings", "fault"),
    [
        ("[languages.german]", "`languages.german`: this is not the tag of a language"),
        ("[languages.en_US]", "`languages.en_US`: this is not the tag of a language"),
        ("[languages.EN]", "`languages.EN`: this is the site's main language, or there twice"),
        ('[languages.de]\ntitel = "Zeitung"', "site.toml:2:1: unknown-setting `languages.de.titel` is not a setting"),
        (
            '[[languages.de.navigation]]\ntitle = "Über"\nurl = "/de/ueber/"',
            "/de/ueber/ (Über, in `languages.de.navigation`)",
        ),
    ],
)
def test_bad_settings_are_told(paper: Paper, settings: str, fault: str) -> None:
    paper.settings(settings)
    try:
        told = paper.run("check").output
    except SiteError as error:
        told = str(error)
    assert fault in told
