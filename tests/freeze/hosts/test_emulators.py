"""Netlify and Cloudflare, by their own emulators, answer every URL as the app does, but for what is listed here."""

import contextlib
import re
import shutil
from collections.abc import Iterator, Mapping
from typing import NamedTuple
from urllib.parse import parse_qsl, unquote, urlsplit

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from byline.site import Site
from byline.web.app import live_of
from byline.web.routes import all_urls
from tests.freeze.hosts.test_servers import LEADING, QUERIES, SPLATS, write_paper
from tests.helpers.emulators import Headers, emulating, installed, netlify_headers
from tests.helpers.paper import Paper
from tests.helpers.servers import COMPARED, Ask, Reply

pytestmark = [
    pytest.mark.skipif(not shutil.which("npm"), reason="npm is not installed"),
    pytest.mark.proof_long,
]
HOSTS = [("cloudflare", ""), ("cloudflare", "/a/re.po"), ("netlify", ""), ("netlify", "/a/re.po")]
ORIGIN = "https://paper.test"
MISSING = ["/no/such/page/", "/nothing.html", "/%c3%a9/", "/media/no.png", "/.byline/manifest.json", "/.byline/x/y"]


class Emulated(NamedTuple):
    """A host, and for Netlify what its own reading of `_headers` gives for each of the URLs of the site."""

    name: str
    base: str
    ask: Ask
    port: int
    client: FlaskClient
    site: Site
    paper: Paper
    rules: Mapping[str, Headers]


@pytest.fixture(scope="module", params=HOSTS, ids=["".join(each) for each in HOSTS])
def host(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulated]:
    name, base = request.param
    with emulator(name, base, request, tmp_path_factory) as found:
        yield found


@contextlib.contextmanager
def emulator(
    name: str,
    base: str,
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    *,
    bare: bool = False,
) -> Iterator[Emulated]:
    """A frozen site below `base` in the emulator of that name; if `bare`, without what Byline wrote for the host."""
    own = tmp_path_factory.getbasetemp()
    packages = installed(name, own.parent if hasattr(request.config, "workerinput") else own)
    paper = Paper(tmp_path_factory.mktemp(name))
    write_paper(paper, [name], f"{ORIGIN}{base}")
    assert paper.freeze("--search").exit_code == 0
    app, folder = paper.app(), paper.folder / "build"
    for path in ("_redirects", "_headers") if bare else ():
        (folder / path).write_text("")
    site = live_of(app).snapshot().site
    urls = [*all_urls(site), *(base + path for path in MISSING)]
    rules = netlify_headers(packages, folder, urls) if name == "netlify" else {}
    with emulating(name, packages, folder, paper.folder / "scratch") as (ask, port):
        yield Emulated(name, base, ask, port, app.test_client(), site, paper, rules)


def check_headers(host: Emulated, url: str, found: Reply, expected: Headers) -> None:
    given = dict(found.headers)
    if host.name == "netlify":
        # Its file server sets these itself and `netlify dev` lets it, so Netlify's reading of our rules is compared.
        rules = host.rules.get(url, {})
        given["cache-control"] = rules.get("cache-control", "")
        given["content-type"] = rules.get("content-type", given["content-type"])
    if host.name == "cloudflare" and found.status == 404:
        # Its program replaces ours, so that nothing missing is cached.
        assert given.pop("cache-control") == "no-store"
    else:
        assert given["cache-control"] == expected["cache-control"], url
    for name in set(COMPARED) - {"cache-control"}:
        assert given.get(name) == expected.get(name), (url, name)
    assert as_sent(given["content-type"]) == as_sent(expected["content-type"]), url


def small(answer: TestResponse) -> dict[str, str]:
    """The headers of an answer of the app, with their names in small letters."""
    return {name.lower(): value for name, value in answer.headers.items()}


def as_sent(content_type: str) -> str:
    """As one for what hosts send by the ending of a file, where we let them. XML, JSON and a script of a page in UTF-8
    are UTF-8 whether or not it is said, and `application/javascript` is a script's type before RFC 9239."""
    kind, _, _ = content_type.replace("application/javascript", "text/javascript").partition(";")
    return kind if kind in ("application/xml", "application/json", "text/javascript") else content_type


def compare(host: Emulated, url: str) -> None:
    """The same status, and either the same place or the same bytes with the same headers."""
    expected, found = host.client.get(url), host.ask(url)
    if is_not_decoded(host, url):
        check_not_decoded(host, url, found)
        return
    assert found.status == expected.status_code, url
    if expected.status_code in (200, 404):
        assert found.body == expected.data, url
        check_headers(host, url, found, small(expected))
        return
    assert found.headers["location"] == expected.headers["Location"], url
    if (
        host.name == "cloudflare"
    ):  # Netlify's headers are for files only: https://docs.netlify.com/manage/routing/headers.md
        for name in COMPARED:
            assert found.headers.get(name) == expected.headers.get(name), (url, name)


def is_not_decoded(host: Emulated, url: str) -> bool:
    """Whether `netlify dev` cannot find it: it decodes the address that is asked for, but neither that of a rule, which
    must be encoded (https://docs.netlify.com/manage/routing/redirects/overview.md), nor that to which a rule rewrites."""
    is_redirect = f"{url.rstrip('/')}/" in host.site.redirects or url in host.site.redirects
    return host.name == "netlify" and "%" in url and (is_redirect or bool(host.base))


def check_not_decoded(host: Emulated, url: str, found: Reply) -> None:
    """The rule is as Netlify's documentation has it, and the page that redirects by itself is shown if any is."""
    target = host.client.get(url).headers.get("Location")
    if target:
        rule = rf"^{re.escape(url.rstrip('/'))}/? {re.escape(target)} 301!$"
        assert re.search(rule, host.paper.page("_redirects"), re.MULTILINE), url
    if not host.base:
        assert found.status == 200, url
        assert f"url={target}" in found.body.decode(), url


def test_every_url(host: Emulated) -> None:
    known = [url for url in all_urls(host.site) if "?" not in url]
    assert len(known) > 90
    for url in known:
        compare(host, url)


def test_aliases_without_their_slash(host: Emulated) -> None:
    known = [url for url in host.site.redirects if "?" not in url]
    assert len(known) > 5
    for url in known:
        compare(host, url.rstrip("/"))


def test_a_query_leads_nowhere(host: Emulated) -> None:
    """Neither host is given redirects that ask for a query, as docs/addresses.md says: the path is answered."""
    for path in ("/?p=7", "/?p=7&a=1", "/?feed=rss2", "/x.php?t=1&u=2"):
        expected = host.client.get(f"{host.base}{path.partition('?')[0]}")
        found = host.ask(f"{host.base}{path}")
        assert (found.status, found.body) == (expected.status_code, expected.data), path


def test_the_form_without_slash(host: Emulated) -> None:
    paths = ["/about", "/posts/one", "/authors/ann-desk", "/tags/law/page/2", "/archive", "/search"]
    for path in [*paths, "/posts/vier-g%C3%A4nse", "/tags/g%C3%A4nse"]:
        url = host.base + path
        for query in ("", "?a=1&b=2"):
            found = host.ask(url + query)
            if host.name == "cloudflare":
                expected = host.client.get(url + query)
                assert (found.status, found.headers["location"]) == (308, expected.headers["Location"]), url
            elif not is_not_decoded(host, url):
                # To Netlify the two are one address: https://docs.netlify.com/manage/routing/redirects/redirect-options.md
                assert (found.status, found.body) == (200, host.client.get(f"{url}/").data), url
    if host.base:
        found = host.ask(host.base)
        shown = (308, f"{host.base}/") if host.name == "cloudflare" else (200, None)
        assert (found.status, found.headers.get("location")) == shown


PATHS = [*LEADING, *"/Gr%C3%BCn/law /Gr%C3%BCn /shop /closed /author /author/ /category /blog/one/two /top/".split()]


def test_patterns_and_statuses(host: Emulated) -> None:
    """The same place, and the query with it; the app alone knows how a page there is written."""
    for path in PATHS:
        for query in QUERIES:
            url = f"{host.base}{path}{query}"
            expected, found = host.client.get(url), host.ask(url)
            status, there = otherwise(host, path, query) or (expected.status_code, expected.headers.get("Location", ""))
            assert found.status == status, url
            assert as_one(found.headers.get("location", "")) == as_one(there), url


def otherwise(host: Emulated, path: str, query: str) -> tuple[int, str] | None:
    """Status and place, if the host cannot answer as the app does."""
    if path.startswith(("/gone", "/closed")):
        return 404, ""  # neither host has a 410
    if path in ("/BLOG/x/y", "/gr%C3%BCn/law"):
        return 404, ""  # to both hosts, small and capital letters are different
    if path == "/posts/nothing/" and (host.name == "cloudflare" or host.base):
        return 404, ""  # rules come before files there, so the host is not given one that fits pages
    if path.startswith("/sale") and query:
        return 307, f"{host.base}/about/?from=sale#now"  # to both hosts, a query that a rule has is the whole one
    if host.name == "netlify" and path == "/about":
        return 200, ""  # the same as with its slash
    if host.name == "netlify" and path.startswith("/Gr%C3%BCn"):
        return 404, ""  # see `is_not_decoded`
    return None


def as_one(location: str) -> tuple[str, list[tuple[str, str]], str]:
    """As one for all the ways to write it."""
    parts = urlsplit(location.removeprefix(ORIGIN))
    head = unquote(parts._replace(query="", fragment="").geturl()).rstrip("/").lower()
    return head, parse_qsl(parts.query, keep_blank_values=True), parts.fragment


@pytest.mark.parametrize("splat", SPLATS)
def test_a_pattern_leads_to_no_other_host(host: Emulated, splat: str) -> None:
    for path in ("/top", "/blog", "/tag"):
        found = host.ask(f"{host.base}{path}{splat}")
        location = found.headers.get("location", f"{host.base}/")
        inner = location.removeprefix(ORIGIN)
        assert inner.startswith(f"{host.base}/"), location
        assert inner != location or not inner.startswith(("//", "/\\")), location
        assert "x-evil" not in found.headers


@pytest.mark.parametrize("path", MISSING)
def test_what_is_not_there(host: Emulated, path: str) -> None:
    url = host.base + path
    expected, found = host.client.get(url), host.ask(url)
    assert found.status == expected.status_code == 404
    assert found.body == expected.data
    if path != "/media/no.png":  # it comes with the headers of a picture, as docs/hosts.md says
        check_headers(host, url, found, small(expected))
    elif host.name == "cloudflare":
        assert found.headers["cache-control"] == "no-store"


def test_versioned_files_are_asked_for_again(host: Emulated) -> None:
    """Neither host sees the query, as docs/hosts.md says; the app has them kept for ever."""
    link = host.client.get(f"{host.base}/").text.split('rel="stylesheet" href="')[1].split('"')[0]
    expected, found = host.client.get(link), host.ask(link)
    assert "immutable" in expected.headers["Cache-Control"]
    assert (found.status, found.body) == (200, expected.data)
    assert found.headers["cache-control"] == "no-cache" or host.name == "netlify"


def excepted(host: Emulated) -> list[str]:
    """What `flask verify` may find, as regular expressions: what other tests here except, and nothing else."""
    if host.name == "cloudflare":
        return []
    own = [
        r"/(\S+/)?feed\.xml: Content-Type is 'application/xml' instead of 'application/atom\+xml; charset=utf-8'",
        r"/(\S+/)?feed\.json: Content-Type is 'application/json; charset=utf-8' instead of 'application/feed\+json; charset=utf-8'",
        r"/\.well-known/webfinger: Content-Type is 'application/octet-stream' instead of 'application/jrd\+json'",
        r"/Gr%C3%BCn/byline-\w+: 404 instead of 301 to \S+",
    ]
    below = [
        r"/\S*: Cache-Control is 'public, max-age=0' instead of '(no-cache|public, max-age=31536000, immutable)'",
        r"/\S*%\S*: (404 instead of 200.*|Content-Type is .*|other bytes .*)",
    ]
    return own + (below if host.base else [])


def test_verify_finds_only_what_is_excepted_here(host: Emulated, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("byline.cli.hosting.verify.TOLD", 10_000)
    address = f"http://127.0.0.1:{host.port}{host.base}"
    output = host.paper.run("verify", address).output
    *faults, lacks, told = output.splitlines()
    assert lacks.startswith("WARNING: this host has no 410 for gone, no "), output
    asked = re.fullmatch(rf"{address}: (\d+) addresses asked, \d+ wrong", told)
    assert asked
    assert int(asked[1]) > 150
    patterns = [re.compile(re.escape(host.base) + one) for one in excepted(host)]
    assert [fault for fault in faults if not any(pattern.fullmatch(fault) for pattern in patterns)] == []
    assert [one.pattern for one in patterns if not any(map(one.fullmatch, faults))] == []  # each is needed


@pytest.mark.parametrize("name", ["cloudflare", "netlify"])
def test_it_can_fail(name: str, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> None:
    """A host that was given no rules fails the comparison."""
    with emulator(name, "", request, tmp_path_factory, bare=True) as host:
        for url in ("/", "/posts/one/", "/2019/one.html", "/feed.xml"):
            with pytest.raises(AssertionError):
                compare(host, url)
