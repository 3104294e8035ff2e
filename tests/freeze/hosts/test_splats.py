"""`_redirects` and `_headers`, read back by the hosts' own rules and compared with the app."""

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple
from urllib.parse import unquote

import pytest
from flask.testing import FlaskClient

from byline.freeze.hosts.splats import MOST_REDIRECTS
from byline.freeze.paths import output_path
from byline.web.app import live_of
from byline.web.routes import all_urls
from tests.helpers.paper import Paper
from tests.helpers.papers import full_paper
from tests.helpers.servers import COMPARED

BASES = ["", "/a/re.po"]


class Redirect(NamedTuple):
    source: str
    target: str
    status: str


class Host:
    """The generated files as a host reads them: https://developers.cloudflare.com/pages/configuration/headers/ and
    https://docs.netlify.com/manage/routing/headers.md."""

    def __init__(self, paper: Paper, name: str) -> None:
        self.name = name
        self._paths = set(paper.tree())
        lines = [line for line in paper.page("_redirects").splitlines() if line and not line.startswith("#")]
        self.redirects = [Redirect(*line.split(" ")) for line in lines]
        self.rules = list(_rules(paper.page("_headers")))

    def location(self, url: str) -> str | None:
        """Where `url` redirects; None if a file is shown."""
        for source, target, status in self.redirects:
            found = self._matches(source, url)
            if found is not None and status.rstrip("!") != "200":
                # Netlify shows a file if there is one, unless a rule is forced; Cloudflare looks at rules first.
                if self.name == "netlify" and not status.endswith("!") and output_path(url, "") in self._paths:
                    continue
                assert status.rstrip("!") in ("301", "302", "308")
                return target.replace(":splat", found).replace(":part", found)
        return self._own_location(self.shown(url)) if self.name == "cloudflare" else None

    def _own_location(self, shown: str) -> str | None:
        """Cloudflare looks at the file: https://developers.cloudflare.com/pages/configuration/serving-pages/"""
        if shown.endswith(".html") and output_path(shown, "") in self._paths:
            return unquote(shown.removesuffix(".html"))
        is_folder = not shown.endswith("/") and output_path(f"{shown}/", "") in self._paths
        return f"{unquote(shown)}/" if is_folder else None

    def shown(self, url: str) -> str:
        """The address of the file shown at `url`, rewritten if a rule says so."""
        for source, target, status in self.redirects:
            found = self._matches(source, url)
            if found is not None and status == "200":
                return target.replace(":splat", found)
        return url

    def file(self, url: str) -> str | None:
        """The path of the file shown at `url`."""
        path = output_path(self.shown(url), "")
        return next((it for it in (path, f"{path}.html") if it in self._paths), None)

    def headers(self, url: str) -> dict[str, str]:
        given: dict[str, str] = {}
        for pattern, lines in self.rules:
            if self._matches(pattern, url) is None:
                continue
            for line in lines:
                if line.startswith("! "):
                    assert self.name == "cloudflare"
                    given.pop(line[2:], None)
                    continue
                name, _, value = line.partition(": ")
                is_joined = self.name == "cloudflare" and name in given
                given[name] = f"{given[name]}, {value}" if is_joined else value
        return {name.lower(): value for name, value in given.items()}

    def _matches(self, pattern: str, url: str) -> str | None:
        if self.name == "netlify" and "*" not in pattern and pattern != "/":
            pattern, url = pattern.rstrip("/"), url.rstrip("/")
        if ":" in pattern:
            found = re.fullmatch(re.escape(pattern).replace(":part", "([^/]+)"), url)
            return found[1] if found else None
        head, star, tail = pattern.partition("*")
        if not star:
            return "" if url == pattern else None
        assert "*" not in tail, "both hosts know one star"
        if self.name == "netlify" and url == head.rstrip("/"):
            return ""
        is_match = len(url) >= len(head + tail) and url.startswith(head) and url.endswith(tail)
        return url[len(head) : len(url) - len(tail)] if is_match else None


def _rules(text: str) -> Iterator[tuple[str, list[str]]]:
    pattern, lines = "", list[str]()
    for line in text.splitlines():
        if line.startswith("/"):
            if pattern:
                yield pattern, lines
            pattern, lines = line, []
        elif line.startswith("  "):
            lines.append(line.strip())
    yield pattern, lines


Read = Callable[[str, str], tuple[Host, FlaskClient, list[str]]]


@pytest.fixture
def read(paper: Paper) -> Read:
    def read_back(name: str, base: str) -> tuple[Host, FlaskClient, list[str]]:
        full_paper(paper)
        text = (paper.folder / "site.toml").read_text().replace("paper.test", f"paper.test{base}")
        paper.settings(f'hosts = ["{name}"]\n{text}')
        paper.post("moved", "Text.", aliases="[/alte/gänse/, /old/100%/]")
        paper.post("ended", "Text.", permalink="/2022/Old.html")
        paper.post("listed", "Text.", permalink="/2023/index.html")
        paper.post("bare", "Text.", permalink="/2022/Rust_1.62.0")
        run = paper.freeze()
        assert run.exit_code == 0, run.output
        app = paper.app()
        return Host(paper, name), app.test_client(), list(all_urls(live_of(app).snapshot().site))

    return read_back


@pytest.mark.parametrize("base", BASES)
@pytest.mark.parametrize("name", ["netlify", "cloudflare"])
def test_every_url_is_answered_as_by_the_app(paper: Paper, read: Read, name: str, base: str) -> None:
    host, client, known = read(name, base)
    assert len(known) > 50
    for url in known:
        answer = client.get(url)
        assert host.location(url) == answer.headers.get("Location"), url
        if answer.status_code == 200:
            assert host.file(url) == output_path(url, base, is_page=url.endswith("/Rust_1.62.0")), url
            check_headers(host, url, answer.headers)
    redirects = [url for url in known if client.get(url).status_code == 301]
    assert len(redirects) > 4
    for url in redirects:
        bare = url.rstrip("/")
        assert host.location(bare) == client.get(bare).headers["Location"]
    if name == "cloudflare":  # to Netlify the two are the same
        for url in known:
            bare = url.rstrip("/") or "/"
            assert host.location(bare) == client.get(bare).headers.get("Location"), bare


def check_headers(host: Host, url: str, expected: object) -> None:
    given = host.headers(url)
    for header in COMPARED:
        assert given.get(header) == expected.get(header), (url, header)  # type: ignore[attr-defined]
    if re.search(r"/feed\.(xml|json)$|/CNAME$|/webfinger$", url) and not re.search("/(static|old)/", url):
        assert given["content-type"] == expected["Content-Type"], url  # type: ignore[index]
    else:
        assert "content-type" not in given


@pytest.mark.parametrize("name", ["netlify", "cloudflare"])
def test_below_a_path(read: Read, name: str) -> None:
    host, client, _ = read(name, "/a/re.po")
    if name == "cloudflare":
        assert host.location("/a/re.po") == client.get("/a/re.po").headers["Location"] == "/a/re.po/"
    assert host.shown("/a/re.po/posts/one/") == "/posts/one/"
    assert host.headers("/a/re.po/no/such/")["cache-control"] == "no-cache"
    if name == "netlify":  # whose rules for headers may see either address
        for path in ("/feed.xml", "/tags/law/feed.json", "/media/x.png", "/CNAME"):
            assert host.headers(path) == host.headers(f"/a/re.po{path}")
        assert host.headers("/search/index.html") == host.headers("/a/re.po/search/")


@pytest.mark.parametrize("base", BASES)
@pytest.mark.parametrize("name", ["netlify", "cloudflare"])
def test_the_folder_of_byline_is_hidden(paper: Paper, read: Read, name: str, base: str) -> None:
    host, client, _ = read(name, base)
    assert (paper.folder / "build/.byline/manifest.json").exists()
    for place in {base, ""}:
        url = f"{place}/.byline/manifest.json"
        assert client.get(url).status_code == 404
        line = next(one for one in host.redirects if host._matches(one.source, url) is not None)
        assert line[1:] == ("/404.html", "404!") if name == "netlify" else ("/.byline/", "200")
    assert not (paper.folder / "build/.byline/index.html").exists()


def many(paper: Paper, *aliases: str) -> Host:
    paper.settings('url = "https://paper.test"\nhosts = ["cloudflare"]')
    listed = "\n".join(f"- {alias}" for alias in aliases)
    paper.write("pages/posts/many.md", f"---\ntitle: Many\ndate: 2025-01-01\naliases:\n{listed}\n---\nText.\n")
    assert paper.freeze().exit_code == 0
    return Host(paper, "cloudflare")


def test_a_longer_policy_than_cloudflare_takes(paper: Paper) -> None:
    def told(number: int) -> str:
        hosts = ", ".join(f'"https://host-{n:03}.frames.test"' for n in range(number))
        paper.settings(f'url = "https://paper.test"\nhosts = ["cloudflare"]\n[allow]\nframes = [{hosts}]')
        return paper.run("check").stdout

    assert "long-policy" not in told(50)
    assert re.search(r"site.toml:1:1: long-policy the policy has 2,\d+ characters, of which Cloudflare takes", told(70))
    assert paper.freeze().exit_code == 0


def test_more_redirects_than_cloudflare_takes(paper: Paper) -> None:
    host = many(paper, *(f"/old/{number}/" for number in range(2100)))
    single = [redirect.source for redirect in host.redirects if not set("*:") & set(redirect.source)]
    assert len(single) == len(set(single)) == MOST_REDIRECTS - 1
    told = paper.run("check").stdout
    assert re.search(r"site.toml:1:1: too-many-redirects the site has 2,\d+ old addresses, of which", told)
    assert "of which Cloudflare takes 1,999 " in told
    unsent = [number for number in range(2100) if host.location(f"/old/{number}/") is None]
    assert len(unsent) == 2100 + 1 - (MOST_REDIRECTS - 1)  # `/posts/` is one too
    for number in unsent:  # their pages redirect
        assert "url=/posts/many/" in paper.page(f"old/{number}/index.html")


def test_fewer_redirects_are_told_in_both_forms(paper: Paper) -> None:
    host = many(paper, *(f"/old/{number}/" for number in range(900)))
    assert len([redirect for redirect in host.redirects if redirect.target in ("/posts/many/", "/archive/")]) == 1802
    assert host.location("/old/7") == host.location("/old/7/") == "/posts/many/"


def test_the_headers_stay_within_the_limits(paper: Paper) -> None:
    host = many(paper, "/old/")
    assert len(host.rules) < 100
    assert all(len(line) < 2000 for line in paper.page("_headers").splitlines())
    assert all(len(line) < 1000 for line in paper.page("_redirects").splitlines())


def test_github_is_given_the_one_file_that_it_reads(paper: Paper) -> None:
    paper.settings('url = "https://paper.test"\nhosts = ["github"]')
    paper.post("one", aliases="/old/")
    assert paper.freeze().exit_code == 0
    assert (paper.folder / "build/.nojekyll").read_bytes() == b""
    assert "url=/posts/one/" in paper.page("old/index.html")


@pytest.mark.parametrize("name", ["netlify", "cloudflare"])
def test_patterns_are_told_as_each_host_writes_them(paper: Paper, name: str) -> None:
    paper.settings(
        f'url = "https://paper.test"\nhosts = ["{name}"]\n[redirects]\n"/blog/*/amp/" = "/posts/:splat/"\n'
        '"/blog/*" = {to = "/posts/:splat", status = 302}\n"/old/*" = "/:splat"\n"/posts/*" = "/archive/"\n'
        '"/gone/" = {status = 410}\n"/a:b/" = "/archive/"\n"/closed/*" = {status = 410}\n"/moved/" = "https://b.test/"\n"/?p=1" = "/archive/"'
    )
    paper.post("one", tags="[law]")
    assert paper.freeze().exit_code == 0
    host, client = Host(paper, name), paper.client()
    for path in ("/blog/one/amp/", "/blog/one/", "/moved/", "/feed/", "/rss.xml", "/tag/law/", "/tags/law/index.xml"):
        assert host.location(path) == client.get(path).headers["Location"], path
    assert host.location("/old/x") == "https://paper.test/x"  # never `//x`
    assert host.location("/old") == "https://paper.test/"
    assert host.location("/tag") == client.get("/tag").headers["Location"] == "/tags/"
    assert host.location("/posts/one/") is None
    assert ("/posts/* " in paper.page("_redirects")) == (name == "netlify")  # which shows a file first
    assert host.location("/category/law/") is None  # the site has no categories
    assert "/a:b" not in paper.page("_redirects")  # `:b` would stand for anything; its page redirects
    assert "url=/archive/" in paper.page("a:b/index.html")
    assert "410" not in paper.page("_redirects")
    assert not (paper.folder / "build/gone").exists()
    assert "url=https://b.test/" in paper.page("moved/index.html")
    assert "?" not in paper.page("_redirects")
