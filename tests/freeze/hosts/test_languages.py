"""nginx and Caddy answer for a site in several languages as the app does, in each of them."""

import pytest

from byline.web.app import live_of
from byline.web.routes import all_urls
from tests.helpers.languages import translated_paper
from tests.helpers.paper import Paper
from tests.helpers.servers import COMPARED, serving


@pytest.mark.parametrize(("name", "base"), [("nginx", ""), ("nginx", "/sub"), ("caddy", "/sub")])
def test_every_url(paper: Paper, name: str, base: str) -> None:
    translated_paper(paper)
    text = (paper.folder / "site.toml").read_text().replace("https://paper.test", f"https://paper.test{base}")
    paper.settings(f'hosts = ["nginx", "caddy"]\n{text}')
    assert paper.freeze(out=f"www{base}").exit_code == 0
    app = paper.app()
    client, site = app.test_client(), live_of(app).snapshot().site
    others = [
        f"{base}{path}" for path in ("/de/nothing/", "/nothing/", "/de", "/de/posts/ferry", "/de/feed/", "/dean/")
    ]
    others += [f"{base}/de/tag/sea/", f"{base}/de/posts"]
    folders = (paper.folder / "www", paper.folder / f"www{base}", paper.folder / "scratch")
    with serving(name, *folders, 0) as (ask, _):
        for url in (*all_urls(site), *others):
            expected, found = client.get(url), ask(url)
            assert found.status == expected.status_code, url
            if expected.status_code in (200, 404):
                assert found.body == expected.data, url
                assert [found.headers.get(name) for name in COMPARED] == [
                    expected.headers.get(name) for name in COMPARED
                ], url
    assert "Seite nicht gefunden" in client.get(f"{base}/de/nothing/").text
    assert "Page not found" in client.get(f"{base}/nothing/").text


def test_netlify_shows_the_page_of_what_is_missing_in_each_language(paper: Paper) -> None:
    translated_paper(paper)
    paper.settings('hosts = ["netlify"]\n' + (paper.folder / "site.toml").read_text())
    assert paper.freeze().exit_code == 0
    assert paper.page("_redirects").splitlines()[-2:] == ["/de/* /de/404.html 404", "/ar/* /ar/404.html 404"]
