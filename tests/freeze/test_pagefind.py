"""Search in both worlds: the server's index and the frozen site's index find the same stories."""

import contextlib
import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from byline.freeze import pagefind
from tests.helpers.browsing import hits_of_browser, static_host
from tests.helpers.paper import Paper
from tests.helpers.papers import full_paper, png


@pytest.mark.parametrize("base", ["", "/repo"])
def test_a_frozen_site_searches_itself(paper: Paper, browser: Browser, tmp_path: Path, base: str) -> None:
    full_paper(paper)
    paper.settings((paper.folder / "site.toml").read_text().replace("paper.test", f"paper.test{base}"))
    assert paper.freeze("--search", out=f"host{base or '/root'}").exit_code == 0
    folder = paper.folder / "host" if base else paper.folder / "host/root"
    with static_host(folder) as address:
        assert hits_of_browser(browser, f"{address}{base}/search/", "ente") == [f"{base}/posts/vier-gänse/"]
        hits = hits_of_browser(browser, f"{address}{base}/search/", "canary")  # Pagefind guesses at nearby words
        assert not [url for url in hits if any(name in url for name in ("secret", "later", "gone"))]


def test_an_index_is_made_only_when_a_text_changed(paper: Paper, monkeypatch: pytest.MonkeyPatch) -> None:
    full_paper(paper)
    made = []
    begun = pagefind.begun

    def counted(*given: object) -> object:
        made.append(given)
        return begun(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(pagefind, "begun", counted)
    assert paper.freeze("--search").exit_code == 0
    files = {path for path in paper.tree() if path.startswith("pagefind/")}
    assert "pagefind/pagefind.js" in files
    assert paper.freeze("--search").exit_code == 0
    paper.write("templates/parts/footer.html", "<footer>New</footer>")
    assert paper.freeze("--search").exit_code == 0
    assert len(made) == 1
    paper.post("five", "Other words.", date="2023-01-01", updated="2025-01-01", pinned="true", tags="[sea]")
    assert paper.freeze("--search").exit_code == 0
    assert len(made) == 2
    (paper.folder / "build/pagefind/pagefind.js").unlink()
    assert paper.freeze("--search").exit_code == 0
    assert (paper.folder / "build/pagefind/pagefind.js").exists()
    assert paper.freeze().exit_code == 0  # without
    assert not [path for path in paper.tree() if path.startswith("pagefind/")]


def test_a_warm_index_is_that_of_a_cold_one(paper: Paper) -> None:
    full_paper(paper)
    paper.write("pages/posts/shown.png", png(2, 2))
    paper.post("new", "![A sign](shown.png) Words.")
    paper.freeze("--search")
    paper.write("pages/posts/shown.png", png(3, 4))  # no words changed
    paper.freeze("--search")
    paper.freeze("--search", out="cold")
    assert paper.tree() == paper.tree("cold")


def test_nothing_hidden_is_in_the_index(paper: Paper) -> None:
    import gzip

    full_paper(paper)
    paper.freeze("--search")
    for path in sorted((paper.folder / "build/pagefind").rglob("*")):
        data = path.read_bytes() if path.is_file() else b""
        if data[:2] == b"\x1f\x8b":
            data = gzip.decompress(data)
        assert b"canary" not in data.lower(), path


def test_a_site_without_stories_has_a_search_too(paper: Paper) -> None:
    assert paper.freeze("--search").exit_code == 0


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("query", ["Strasse", "Straße"])
def test_both_searches_take_a_sharp_s_for_two(paper: Paper, browser: Browser, language: str, query: str) -> None:
    paper.settings(f'title = "The Paper"\nurl = "https://paper.test"\nlanguage = "{language}"')
    paper.post("one", "Die Straße.", title="Eins")
    paper.post("two", "Die Strasse.", title="Zwei")
    assert paper.freeze("--search").exit_code == 0
    assert "2 " in paper.client().get("/search/", query_string={"q": query}).text.split('role="status">')[1][:2]
    with static_host(paper.folder / "build") as address, contextlib.closing(browser.new_page()) as page:
        page.goto(f"{address}/search/?q={query}")
        page.wait_for_selector(".results li")
        assert page.locator(".results li").count() == 2


def test_both_searches_find_the_same_and_show_the_text_alone(paper: Paper, browser: Browser) -> None:
    paper.settings('title = "Die Zeitung"\nurl = "https://paper.test"\nlanguage = "de"')
    paper.post("one", "Das Meer ist ruhig.", title="Die alte Straße", tags="[Häfen]", authors="Eine Redaktion")
    paper.post("two", "Zwei Fähren fahren zum Hafen.", title="Nachts")
    assert paper.freeze("--search").exit_code == 0
    client = paper.client()
    with static_host(paper.folder / "build") as address, contextlib.closing(browser.new_page()) as page:
        for query, url in [("Strassen", "/posts/one/"), ("Redaktion", "/posts/one/"), ("Fähre", "/posts/two/")]:
            found = client.get("/search/", query_string={"q": query}).text
            page.goto(f"{address}/search/?q={query}")
            page.wait_for_selector(".results li")
            links = [link.get_attribute("href") for link in page.locator(".results li a").all()]
            assert links == re.findall(r'<li><a href="([^"]+)">[^<]*</a> <p>', found) == [url]
            excerpt = re.search(r"</a> <p>(.*?)</p>\n", found)
            assert excerpt
            shown = page.locator(".results li p").first.inner_text()
            assert shown.rstrip(".") == re.sub("</?mark>", "", excerpt[1]).rstrip(".")


def test_a_result_shows_people_date_and_picture_and_none_of_them_is_found(paper: Paper, browser: Browser) -> None:
    paper.write("pages/posts/zebra.png", png(900, 600))
    paper.settings('url = "https://paper.test"')
    paper.post("one", "Text.", cover="zebra.png", authors="Ann Desk")
    assert paper.freeze("--search").exit_code == 0
    with static_host(paper.folder / "build") as address, contextlib.closing(browser.new_page()) as page:
        page.goto(f"{address}/search/?q=text")
        page.wait_for_selector(".results li img")
        assert page.locator(".results li .meta").inner_text().split("\n") == ["Ann Desk", "May 1, 2025"]
        assert page.locator(".results li img").evaluate("image => image.decode().then(() => image.naturalWidth)") == 240
        for query in ("zebra", "media", "2025"):
            page.goto(f"{address}/search/?q={query}")
            page.wait_for_function("/No story/.test(document.querySelector('[role=status]').textContent)")
