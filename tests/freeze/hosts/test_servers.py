"""nginx and Caddy with the generated configuration answer every URL as the app does."""

import contextlib
import gzip
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote, unquote, urlsplit

import brotli
import pytest
from flask.testing import FlaskClient
from playwright.sync_api import Browser

from byline.site import Site
from byline.web.app import live_of
from byline.web.routes import all_urls
from tests.helpers.paper import Paper
from tests.helpers.papers import full_paper
from tests.helpers.servers import BROTLI, COMPARED, Ask, free_port, serving


class Hosted(NamedTuple):
    name: str
    base: str
    ask: Ask
    client: FlaskClient
    site: Site
    folder: Path
    port: int


HOSTS = [("nginx", ""), ("nginx", "/a/re.po"), ("caddy", ""), ("caddy", "/a/re.po")]


REDIRECTS = """
[redirects]
"/blog/*/amp/" = "/posts/:splat/"
"/blog/*" = "/posts/:splat"
"/shop/*" = {to = "https://shop.test/:splat", status = 302}
"/top/*" = "/:splat"
"/posts/*" = "/archive/"
"/sale/" = {to = "/about/?from=sale#now", status = 307}
"/gone/" = {status = 410}
"/closed/*" = {status = 410}
"/Grün/*" = "/tags/:splat$1"
"/blog/" = "/archive/"
"""


@pytest.fixture(scope="module", params=HOSTS)
def hosted(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hosted]:
    name, base = request.param
    with hosting(Paper(tmp_path_factory.mktemp("host")), name, base, "https://paper.test") as found:
        yield found


@contextlib.contextmanager
def hosting(paper: Paper, name: str, base: str, origin: str, port: int = 0) -> Iterator[Hosted]:
    """A frozen site whose `url` is `origin` plus `base`, on a server of that name."""
    write_paper(paper, ["nginx", "caddy"], f"{origin}{base}")
    assert paper.freeze("--search", out=f"www{base}").exit_code == 0
    site_folder = paper.folder / f"www{base}"
    app = paper.app()
    with serving(name, paper.folder / "www", site_folder, paper.folder / "scratch", port) as (ask, port):
        yield Hosted(name, base, ask, app.test_client(), live_of(app).snapshot().site, site_folder, port)


def write_paper(paper: Paper, hosts: list[str], url: str) -> None:
    """All that a host has to answer: every kind of page, file and old address."""
    full_paper(paper)
    text = (paper.folder / "site.toml").read_text().replace("https://paper.test", url)
    paper.settings(f"hosts = {hosts}\nprecompressed = true\n{text}\n{REDIRECTS}")
    paper.post(
        "moved", "Text.", aliases="[/alte/gänse/, /a b/c, /old/100%/, /old/$1/, /old/3.8/, '/?p=7', '/x.php?t=1&u=2']"
    )
    paper.post("bare", "Text.", permalink="/2022/Rust_1.62.0")
    paper.post("ended", "Text.", permalink="/2022/Old.html")
    paper.write("static/old/feed.json", "{}")  # a file, not a feed


def compare(hosted: Hosted, url: str) -> None:
    expected, found = hosted.client.get(url), hosted.ask(url)
    assert found.status == expected.status_code, url
    compared = list(COMPARED)
    if expected.status_code in (200, 404):
        assert found.body == expected.data, url
        compared.append("content-type")
    else:
        assert found.headers["location"] == expected.headers["Location"].replace("$", found_dollar(hosted)), url
    for name in compared:
        assert found.headers.get(name) == expected.headers.get(name), (url, name)


QUERIES = ["", "?a=1&b=%26%20", "?a={uri}&b=$host&c={$HOME}&d={env.HOME}"]
LEADING = """/blog/one/ /blog/one/amp/ /blog/one/amp /blog/a%20b/%C3%A4 /blog /BLOG/x/y /shop/x/y /shop/ /top/about /top
/posts/nothing/ /sale/ /sale /gone/ /gone /closed/x/y /closed/ /gr%C3%BCn/law /old/3.8 /old/3.8/ /posts /feed/ /feed /rss.xml
/tag/law/ /tag/law/feed/ /tags/law/index.xml /category/World/rss/ /author/ann-desk /blog/feed/ /x.php
/posts/one/ /tags/law/feed.xml /static/style.css / /about /nothing/ /blogger/ /top/posts/one""".split()


def test_patterns_and_statuses(hosted: Hosted) -> None:
    """The same place, and the query with it; the app alone knows how a page there is written."""
    for path in LEADING:
        for query in QUERIES:
            url = f"{hosted.base}{path}{query}"
            expected, found = hosted.client.get(url), hosted.ask(url)
            assert found.status == expected.status_code, url
            there = expected.headers.get("Location", "").replace("$1", f"{found_dollar(hosted)}1")
            if hosted.name == "caddy" and found.status == 308:
                continue  # told in the next test
            told = found.headers.get("location", "")
            assert as_one(told) == as_one(there), url


def as_one(location: str) -> str:
    head, mark, query = location.partition("?")
    return head.rstrip("/").lower() + mark + unquote(query)


def test_queries(hosted: Hosted) -> None:
    for path in ("/?p=7", "/?p=7&a=1", "/x.php?t=1&u=2", "/?feed=rss2", "/?feed=atom&x=1", "/blog?format=rss"):
        url = hosted.base + path
        location = hosted.client.get(url).headers["Location"]
        found = hosted.ask(url)
        assert found.status == 301, url
        assert found.headers["location"].partition("?")[0] == location.partition("?")[0], url
        if "&" not in path or "u=2" in path:
            assert found.headers["location"] == location
    for path in ("/?p=8", "/?q=7", "/blog/?format=html", "/x.php?t=1"):
        url = hosted.base + path
        assert hosted.ask(url).status == hosted.client.get(url).status_code, url


SPLATS = [
    "//evil.test",
    "/%2fevil.test",
    "/\\evil.test",
    "/%5cevil.test",
    "/%0d%0aX-Evil:%20a",
    "/..//evil.test",
    "/.//evil",
]


@pytest.mark.parametrize("splat", SPLATS)
def test_a_pattern_leads_to_no_other_host(hosted: Hosted, splat: str) -> None:
    for path in ("/top", "/blog", "/tag"):
        found = hosted.ask(f"{hosted.base}{path}{splat}")
        location = found.headers.get("location", "/")
        assert location.startswith("/"), location
        assert not location.startswith(("//", "/\\")), location
        assert "x-evil" not in found.headers


def found_dollar(hosted: Hosted) -> str:
    return "%24" if hosted.name == "nginx" else "$"


def test_every_url(hosted: Hosted) -> None:
    known = all_urls(hosted.site)
    assert len(known) > 50
    for url in known:
        compare(hosted, url)


def test_aliases_without_their_slash(hosted: Hosted) -> None:
    assert len(hosted.site.redirects) > 5
    for url in hosted.site.redirects:
        compare(hosted, url.rstrip("/"))


def test_the_form_without_slash(hosted: Hosted) -> None:
    paths = ["/about", "/posts/one", "/authors/ann-desk", "/tags/law/page/2", "/archive", "/search"]
    for path in [*paths, "/posts/vier-g%C3%A4nse"]:
        url = hosted.base + path
        for query in ("", "?a=1&b=2"):
            found = hosted.ask(url + query, Host="evil.test")
            assert found.status == 308
            expected = hosted.client.get(url + query).headers["Location"]
            assert expected == f"{url}/{query}"
            # Caddy before 2.7 drops the query here, and writes %c3 for %C3.
            known = (expected, *([f"{url}/"] if hosted.name == "caddy" else []))
            assert unquote(found.headers["location"]) in map(unquote, known)
    if hosted.base:
        assert hosted.ask(hosted.base).headers["location"] == f"{hosted.base}/"


@pytest.mark.parametrize(
    "path", ["//about", "/posts//one", "/./about", "/x/../about", "/%2fabout", "//evil.test/%2e%2e"]
)
def test_a_slash_leads_to_no_other_host(hosted: Hosted, path: str) -> None:
    location = hosted.ask(hosted.base + path).headers.get("location", "/")
    assert not urlsplit(location).netloc


def test_versioned_files_are_kept_for_ever(hosted: Hosted) -> None:
    link = hosted.client.get(f"{hosted.base}/").text.split('rel="stylesheet" href="')[1].split('"')[0]
    assert "?v=" in link
    compare(hosted, link)
    assert "immutable" in hosted.ask(link).headers["cache-control"]


@pytest.mark.parametrize("path", ["/no/such/page/", "/posts/no/", "/nothing.html", "/%c3%a9/", "/posts/one/no.png"])
def test_what_is_not_there(hosted: Hosted, path: str) -> None:
    compare(hosted, hosted.base + path)


def test_what_is_hidden(hosted: Hosted) -> None:
    (hosted.folder / ".git").mkdir(exist_ok=True)
    (hosted.folder / ".git/config").write_text("secret")
    for path in (
        "/.byline/manifest.json",
        "/.byline/hosts/nginx.conf",
        "/.byline/hosts/Caddyfile",
        "/.git/config",
    ):
        compare(hosted, hosted.base + path)
        assert hosted.ask(hosted.base + path).status == 404


def test_only_reading_is_allowed(hosted: Hosted) -> None:
    for method in ("POST", "PUT", "DELETE"):
        answer = hosted.ask(f"{hosted.base}/posts/one/", method)
        assert answer.status == 405
        assert answer.headers["allow"] == "GET, HEAD"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["content-security-policy"].startswith("default-src 'none'")


def test_a_known_page_is_a_304_with_the_headers(hosted: Hosted) -> None:
    url = f"{hosted.base}/posts/one/"
    tag = hosted.ask(url).headers["etag"]
    again = hosted.ask(url, If_None_Match=tag)
    assert (again.status, again.body) == (304, b"")
    assert again.headers["content-security-policy"] == hosted.client.get(url).headers["Content-Security-Policy"]


DECODERS: dict[str, Callable[[bytes], bytes]] = {"gzip": gzip.decompress, "br": brotli.decompress}


@pytest.mark.parametrize("encoding", ["gzip", "br"])
def test_compressed_forms_are_sent(hosted: Hosted, encoding: str) -> None:
    if (hosted.name, encoding) == ("nginx", "br") and not BROTLI.exists():
        assert os.environ.get("CI") != "true"
        pytest.skip("nginx has no Brotli; on Debian: apt-get install libnginx-mod-http-brotli-static")
    for path in ("/posts/one/", "/static/style.css", "/feed.xml", "/static/site.js"):
        url = hosted.base + path
        answer = hosted.ask(url, Accept_Encoding=encoding)
        assert answer.headers["content-encoding"] == encoding
        assert "Accept-Encoding" in answer.headers["vary"]
        plain = hosted.client.get(url)
        assert DECODERS[encoding](answer.body) == plain.data
        assert answer.headers["content-type"] == plain.headers["Content-Type"]
        assert answer.headers["content-security-policy"] == plain.headers["Content-Security-Policy"]


def test_the_search_index_lies_under_the_search_pages_policy(hosted: Hosted) -> None:
    page = hosted.ask(f"{hosted.base}/search/").headers["content-security-policy"]
    worker = hosted.ask(f"{hosted.base}/pagefind/pagefind-worker.js")
    assert (worker.status, worker.headers["content-security-policy"]) == (200, page)
    assert "javascript" in worker.headers["content-type"]


def test_it_can_fail(paper: Paper, tmp_path: Path) -> None:
    """A host that does not use the table fails the comparison."""
    full_paper(paper)
    paper.settings(f'hosts = ["nginx"]\n{(paper.folder / "site.toml").read_text()}')
    assert paper.freeze().exit_code == 0
    (paper.folder / "build/.byline/hosts/nginx.conf").write_text("index index.html;")
    client, site = paper.client(), paper.site()
    with serving("nginx", paper.folder / "build", paper.folder / "build", tmp_path / "scratch") as (ask, port):
        for url in ("/", "/posts/one/", "/2019/one.html", "/feed.xml", "/no/"):
            with pytest.raises(AssertionError):
                compare(Hosted("nginx", "", ask, client, site, paper.folder, port), url)


@pytest.mark.parametrize(("name", "base"), HOSTS)
def test_a_reader_searches_under_the_policy(paper: Paper, name: str, base: str, browser: Browser) -> None:
    port = free_port()
    origin = f"http://paper.localhost:{port}"
    with hosting(paper, name, base, origin, port) as hosted, contextlib.closing(browser.new_page()) as page:
        told: list[str] = []
        page.on("console", lambda message: told.append(message.text))
        page.goto(f"{origin}{base}/search/?q=ente")
        page.locator(".results li a").first.wait_for()
        assert page.locator(".results li a").first.get_attribute("href") == f"{hosted.base}/posts/vier-gänse/"
        assert len(page.workers) == 1  # Pagefind's, whose file has its own policy
        assert told == []


@pytest.mark.parametrize("name", ["x" * 300, "ä" * 150, "字" * 100, "😀" * 80, "a\x00b"])
def test_a_name_that_no_disk_can_look_up_is_no_fault_of_the_server(hosted: Hosted, name: str) -> None:
    assert hosted.ask(f"{hosted.base}/{quote(name)}").status in (400, 404)
    assert hosted.ask(f"{hosted.base}/{quote('字' * 60)}/").status == 404
