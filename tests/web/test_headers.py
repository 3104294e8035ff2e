"""The policy: every answer carries its headers, and no page of the site breaks them in a browser."""

import contextlib
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from werkzeug.test import Client

from byline.web.app import live_of
from byline.web.routes import all_urls
from byline.web.server.cache import PageCache
from tests.helpers.browsing import at_its_own_address, served
from tests.helpers.paper import Paper
from tests.helpers.papers import full_paper

ALWAYS = (
    "Content-Security-Policy",
    "X-Content-Type-Options",
    "Referrer-Policy",
    "Permissions-Policy",
    "Cross-Origin-Opener-Policy",
    "Cross-Origin-Resource-Policy",
    "Strict-Transport-Security",
)


def rules_of(policy: str) -> dict[str, str]:
    return dict(rule.split(" ", 1) for rule in policy.split("; "))


def test_every_answer_has_them(paper: Paper) -> None:
    app = full_paper(paper).app()
    client = Client(PageCache(app.wsgi_app, live_of(app)))
    answers = [client.get(url) for url in all_urls(live_of(app).snapshot().site)]
    answers += [client.get(answer.request.path, headers={"If-None-Match": "*"}) for answer in answers[:3]]
    answers += [client.get(url) for url in ("/no/such/", "/posts/one", "/healthz", "/" + "x" * 3000)]
    answers += [client.post("/"), client.head("/posts/one/")]
    assert {answer.status_code for answer in answers} >= {200, 301, 308, 404, 405, 414}
    for answer in answers:
        missing = [name for name in ALWAYS if name not in answer.headers]
        assert not missing, (answer.request.path, answer.status_code)
        rules = rules_of(answer.headers["Content-Security-Policy"])
        assert rules["default-src"] == rules["base-uri"] == rules["frame-ancestors"] == "'none'"
        assert "unsafe-inline" not in str(rules)
        assert ("wasm" in rules.get("script-src", "")) == (answer.request.path == "/search/")


def test_a_304_has_those_of_its_page(paper: Paper) -> None:
    app = full_paper(paper).app()
    for client in (app.test_client(), Client(PageCache(app.wsgi_app, live_of(app)))):
        for url in ("/posts/one/", "/static/style.css", "/feed.xml", "/search/"):
            page = client.get(url)
            again = client.get(url, headers={"If-None-Match": page.headers["ETag"]})
            assert again.status_code == 304
            assert {name: again.headers[name] for name in ALWAYS} == {name: page.headers[name] for name in ALWAYS}


@pytest.mark.parametrize(
    ("url", "policy"),
    [
        ("/", "same-origin"),
        ("/posts/one/", "same-origin"),
        ("/healthz", "same-origin"),
        ("/feed.xml", "cross-origin"),
        ("/feed.json", "cross-origin"),
        ("/tags/law/feed.xml", "cross-origin"),
        ("/static/style.css", "cross-origin"),
    ],
)
def test_what_other_sites_may_show(paper: Paper, url: str, policy: str) -> None:
    assert full_paper(paper).client().get(url).headers["Cross-Origin-Resource-Policy"] == policy


def test_https_only_where_the_site_has_it(paper: Paper) -> None:
    assert "http:" not in paper.client().get("/").headers["Content-Security-Policy"].split()
    paper.settings('url = "http://paper.test"')
    headers = paper.client().get("/").headers
    assert "Strict-Transport-Security" not in headers
    assert "https: http:" in rules_of(headers["Content-Security-Policy"])["img-src"]


def test_embedding_where_html_is_trusted(paper: Paper) -> None:
    assert "frame-src" not in paper.client().get("/").headers["Content-Security-Policy"]
    paper.settings('url = "https://paper.test"\ntrust_html = true')
    assert "frame-src https:" in paper.client().get("/").headers["Content-Security-Policy"]


@pytest.mark.parametrize("debug", [False, True])
def test_no_page_breaks_its_policy(browser: Browser, paper: Paper, debug: bool) -> None:
    full_paper(paper)
    paper.write(
        "static/drawing.svg", '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><path d="M0 0"/></svg>'
    )
    paper.post(
        "drawn",
        "![d](/static/drawing.svg)\n\n```py\nx = 1\n```\n\n| a | b |\n|:-:|--:|\n| 1 | 2 |\n\n> [!NOTE]\n> Look.",
    )
    port = at_its_own_address(paper)
    app = paper.app(debug=debug)
    site = live_of(app).snapshot().site
    pages = [url for url in all_urls(site) if url.endswith("/") and url not in site.redirects]
    found: list[str] = []
    with served(app, port), contextlib.closing(browser.new_context()) as context:
        page, address = context.new_page(), f"http://paper.localhost:{port}"
        page.on("console", lambda message: found.append(message.text) if "Content Security" in message.text else None)
        for url in [*pages, "/404.html", "/search/?q=one", *(["/-/desk"] if debug else [])]:
            page.goto(address + url)
            page.wait_for_load_state()
    assert found == []


def test_the_frozen_search_works_under_the_policy(browser: Browser, paper: Paper, tmp_path: Path) -> None:
    """A static host that sends what the app sends."""
    full_paper(paper)
    port = at_its_own_address(paper)
    assert paper.freeze("--search").exit_code == 0
    headers = dict(paper.client().get("/search/").headers)

    def host(environ: dict[str, str], start: object) -> list[bytes]:
        path = paper.folder / "build" / environ["PATH_INFO"].lstrip("/")
        path = path / "index.html" if path.is_dir() else path
        kinds = {".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".wasm": "application/wasm"}
        if not path.is_file():
            start("404 NOT FOUND", [])  # type: ignore[operator]
            return []
        sent = [("Content-Type", kinds.get(path.suffix, "application/octet-stream"))]
        start("200 OK", [*sent, *((name, headers[name]) for name in ALWAYS[:2])])  # type: ignore[operator]
        return [path.read_bytes()]

    with served(host, port), contextlib.closing(browser.new_context()) as context:  # type: ignore[arg-type]
        page = context.new_page()
        page.goto(f"http://paper.localhost:{port}/search/")
        page.locator("#page-query").fill("Vier")
        page.keyboard.press("Enter")
        page.get_by_role("link", name="Vier Gänse").first.wait_for(timeout=20_000)


DEFAULT = (
    "default-src 'none'; script-src https://paper.test/static/ https://paper.test/pagefind/; style-src 'self';"
    " img-src 'self' https: data:; media-src 'self' https:; font-src 'self'; connect-src 'self'; form-action 'self';"
    " base-uri 'none'; frame-ancestors 'none'"
)
"""Of a site that allows nothing: as strict as can be, letter by letter."""


def policy_of(paper: Paper, more: str, url: str = "/") -> str:
    paper.settings(f'url = "https://paper.test"\n{more}')
    return paper.client().get(url).headers["Content-Security-Policy"]


@pytest.mark.parametrize("more", ["", "[allow]\nscripts = []", "[allow]", "[head]\nscripts = []", "[comments]"])
def test_nothing_is_open_that_is_not_allowed(paper: Paper, more: str) -> None:
    assert policy_of(paper, more) == DEFAULT


@pytest.mark.parametrize(
    ("key", "rule", "before"),
    [
        ("scripts", "script-src", "https://paper.test/static/ https://paper.test/pagefind/ "),
        ("styles", "style-src", "'self' "),
        ("fonts", "font-src", "'self' "),
        ("images", "img-src", "'self' data: "),
        ("media", "media-src", "'self' "),
        ("frames", "frame-src", ""),
        ("connect", "connect-src", "'self' "),
        ("forms", "form-action", "'self' "),
    ],
)
def test_what_is_allowed_is_open_and_nothing_else(paper: Paper, key: str, rule: str, before: str) -> None:
    found = rules_of(policy_of(paper, f'[allow]\n{key} = ["https://a.test", "https://*.b.test/c/"]'))
    assert found.pop(rule) == f"{before}https://a.test https://*.b.test/c/"
    assert found.items() <= rules_of(DEFAULT).items()


def test_listed_frames_are_all_that_trusted_html_may_have(paper: Paper) -> None:
    policy = policy_of(paper, 'trust_html = true\n[allow]\nframes = ["https://a.test"]')
    assert rules_of(policy)["frame-src"] == "https://a.test"


def test_search_keeps_what_it_needs(paper: Paper) -> None:
    rules = rules_of(policy_of(paper, '[allow]\nconnect = ["https://a.test"]', "/search/"))
    assert rules["connect-src"] == "'self' https://a.test"
    assert rules["script-src"].endswith("'wasm-unsafe-eval'")


def test_a_script_of_the_head_opens_its_own_origin(paper: Paper) -> None:
    script = '{ src = "https://a.test:8443/b.js?c=1", data-api = "https://d.test/e", data-bad = "https://f.test; x" }'
    rules = rules_of(policy_of(paper, f"[head]\nscripts = [{script}]"))
    assert rules["script-src"].endswith("/pagefind/ https://a.test:8443")
    assert rules["connect-src"] == "'self' https://a.test:8443 https://d.test"


def test_of_this_host_a_script_opens_only_itself(paper: Paper) -> None:
    """Writers' files are on it, too."""
    scripts = '{ src = "https://Paper.test:443/js/a;b $c.js?d" }, { src = "/static/own.js" }'
    rules = rules_of(policy_of(paper, f"[head]\nscripts = [{scripts}]"))
    assert rules["script-src"].endswith("/pagefind/ https://paper.test/js/a%3Bb%20%24c.js")
    assert rules["connect-src"] == "'self'"


def test_every_host_gets_the_same_policy(paper: Paper) -> None:
    sources = ", ".join(f'"https://{name}.test"' for name in ("a", "*.b"))
    opened = "[allow]\n" + "\n".join(f"{key} = [{sources}]" for key in ("scripts", "frames", "connect", "forms"))
    policy = policy_of(paper, opened)
    for hosts in ('"nginx", "caddy", "netlify"', '"cloudflare"'):
        paper.settings(f'url = "https://paper.test"\nhosts = [{hosts}]\n{opened}')
        assert paper.freeze().exit_code == 0
        files = ["_headers", *([".byline/hosts/nginx.conf", ".byline/hosts/Caddyfile"] if "nginx" in hosts else [])]
        assert [policy in paper.page(name) for name in files] == [True] * len(files)
