"""`[redirects]`, aliases and the usual addresses of other systems: where a request for an old address is sent."""

import pytest
from flask.testing import FlaskClient
from werkzeug.test import Client

from tests.helpers.paper import Paper
from tests.promises.test_1_one_path import RELOAD_SCRIPT

SETTINGS = """
url = "https://paper.test{base}"
[redirects]
"/feed.php" = "/feed.xml"
"/blog/*" = "/posts/:splat"
"/shop/*" = {{to = "https://shop.test/:splat", status = 302}}
"/tag/*/rss2/" = "/tags/:splat/feed.xml"
"/top/*" = "/:splat"
"/sale/" = {{to = "/about/?from=sale#now", status = 307}}
"/gone/" = {{status = 410}}
"/closed/*" = {{status = 410}}
"/?page_id=7" = "/about/"
"/forum.php?t=1&p=2" = "/posts/two/"
"/forum.php?t=1" = "/posts/one/"
"/grüße/" = "/about/"
"""


@pytest.fixture(params=["", "/a/re.po"])
def base(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def client(paper: Paper, base: str) -> FlaskClient:
    paper.settings(SETTINGS.format(base=base))
    paper.post("one", tags="[Law]", category="World", authors="Ann Desk", aliases="['/?p=12', /Alte/Gänse/]")
    paper.post("two", aliases="[/posts/python-3.8/, /posts/node-4.1, /x.php, 'https://paper.test/whole/']")
    paper.write("pages/about.md", "---\ntitle: About\n---\nWho we are.")
    paper.write("public/ads.txt", "x")
    return paper.client()


LEADS = {
    "/feed.php": "/feed.xml",
    "/blog/one/": "/posts/one/",
    "/blog/ONE": "/posts/one/",
    "/blog/nothing/x": "/posts/nothing/x",
    "/Blog/python-3.8/": "/posts/two/",
    "/tag/law/rss2/": "/tags/law/feed.xml",
    "/tag/law/rss2": "/tags/law/feed.xml",
    "/top/about": "/about/",
    "/gr%C3%BC%C3%9Fe": "/about/",
    "/GR%C3%9CSSE/": "/about/",
    "/?p=12": "/posts/one/",
    "/?p=12&utm=1": "/posts/one/?utm=1",
    "/?utm=1&page_id=7": "/about/?utm=1",
    "/forum.php?t=1": "/posts/one/",
    "/forum.php?p=2&t=1": "/posts/two/",
    "/forum.php?t=1&p=3": "/posts/one/?p=3",
    "/alte/g%C3%A4nse": "/posts/one/",
    "/alte/g%C3%84nse/?a=b%26c&d": "/posts/one/?a=b%26c&d",
    "/posts/python-3.8/": "/posts/two/",
    "/posts/python-3.8": "/posts/two/",
    "/posts/node-4.1": "/posts/two/",
    "/posts/node-4.1/": "/posts/two/",
    "/x.php/?q=1": "/posts/two/?q=1",
    "/whole": "/posts/two/",
    "/About/": "/about/",
    "/ABOUT?x=1": "/about/?x=1",
    "/Posts/One": "/posts/one/",
    "/TAGS/LAW/": "/tags/law/",
    "/Feed.XML": "/feed.xml",
    "/ADS.txt": "/ads.txt",
    "/Archive/2025": "/archive/2025/",
    "/posts/?x=1": "/archive/?x=1",
    "/posts/one/index.html": "/posts/one/",
    "/Index.html": "/",
    "/index.php": "/",
    "/whole/index.html?a=1": "/posts/two/?a=1",
    "/feed/": "/feed.xml",
    "/feed": "/feed.xml",
    "/rss.xml?src=app": "/feed.xml?src=app",
    "/index.xml": "/feed.xml",
    "/atom.xml": "/feed.xml",
    "/feed/json/": "/feed.json",
    "/?feed=rss2": "/feed.xml",
    "/blog?format=rss": "/feed.xml",
    "/tag/law/": "/tags/law/",
    "/tag/Law/feed/": "/tags/law/feed.xml",
    "/tags/law/index.xml": "/tags/law/feed.xml",
    "/category/world/feed/atom/": "/categories/world/feed.xml",
    "/category/world": "/categories/world/",
    "/author/ann-desk/": "/authors/ann-desk/",
    "/author/ann-desk/rss/": "/authors/ann-desk/feed.xml",
    "/tag/": "/tags/",
}


def test_old_addresses_lead_on(client: FlaskClient, base: str) -> None:
    for old, new in LEADS.items():
        answer = client.get(base + old)
        assert (answer.status_code, answer.headers.get("Location")) == (301, base + new), old


def test_other_statuses(client: FlaskClient, base: str) -> None:
    sale = client.get(f"{base}/sale?a=1")
    assert (sale.status_code, sale.headers["Location"]) == (307, f"{base}/about/?from=sale&a=1#now")
    shop = client.get(f"{base}/shop/a%20b/c?d=1")
    assert (shop.status_code, shop.headers["Location"]) == (302, "https://shop.test/a%20b/c?d=1")
    missing = client.get(f"{base}/404.html").data
    for gone in ("/gone", "/gone/", "/closed/x/y/", "/closed/"):
        answer = client.get(base + gone)
        assert (answer.status_code, answer.data) == (410, missing), gone
        assert "ETag" not in answer.headers


@pytest.mark.parametrize(
    "path", ["/tag/nothing/", "/category/law/feed/", "/author/x/", "/tag/law/x/", "/nothing/", "/tagged/"]
)
def test_what_leads_nowhere_is_missing(client: FlaskClient, base: str, path: str) -> None:
    assert client.get(base + path).status_code == 404


def test_one_page_has_one_address(client: FlaskClient, base: str) -> None:
    """Pages win over every pattern, and a query that nobody listed changes nothing."""
    for path in ("/about/", "/posts/one/", "/tags/law/", "/", "/?p=13", "/?utm=1", "/ads.txt", "/tags/law/feed.xml"):
        assert client.get(base + path).status_code == 200, path


HOSTILE = [
    "/top//evil.test",
    "/top/%2F%2Fevil.test",
    "/top/%5C%5Cevil.test",
    "/top/\\evil.test",
    "/tag//evil.test",
    "/blog//evil.test/",
    "/blog/%0D%0ASet-Cookie:%20a=b",
    "/shop/%0d%0a@evil.test",
    "/shop/.evil.test",
    "/old?%0d%0aX: y",
    "/feed/?\r\nX: y",
    "/top/http://evil.test",
    "/shop/%00",
]


@pytest.mark.parametrize("path", HOSTILE)
def test_no_request_leads_to_another_host(client: FlaskClient, base: str, path: str) -> None:
    answer = client.get(base + path)
    location = answer.headers.get("Location", "/")
    assert location.isprintable()
    assert location.isascii()
    assert location.startswith(("https://shop.test/", "/"))
    assert not location.startswith(("//", "/\\"))
    assert "Set-Cookie" not in answer.headers


def test_the_owner_comes_before_the_usual(paper: Paper) -> None:
    paper.settings(
        '[redirects]\n"/rss.xml" = "https://feeds.test/paper"\n"/tag/*" = "/archive/"\n"/feed/*" = "https://feeds.test/"\n"/blog/*" = "/x/:splat"'
    )
    paper.post("one", tags="[law]", aliases="/atom.xml")
    paper.write("pages/feed.md", "---\ntitle: Our feeds\n---\nHere.")
    paper.write("public/index.xml", "<old/>")
    client = paper.client()
    assert client.get("/rss.xml").headers["Location"] == "https://feeds.test/paper"
    assert client.get("/atom.xml").headers["Location"] == "/posts/one/"
    assert client.get("/tag/law/").headers["Location"] == "/archive/"
    assert client.get("/feed/").status_code == 200
    assert client.get("/feed/atom/").headers["Location"] == "https://feeds.test/"
    assert client.get("/blog/feed/").headers["Location"] == "/feed.xml"  # what the owner's line says is no page
    assert client.get("/index.xml").data == b"<old/>"


def told(paper: Paper) -> list[str]:
    lines = paper.run("check").stdout.splitlines()
    return [line for line in lines if "redirect" in line or "site.toml" in line]


def test_what_cannot_be_is_told_with_its_place(paper: Paper) -> None:
    paper.settings(
        'url = "https://paper.test"\n[redirects]\n"/about/" = "/posts/one/"\n"/ads.txt" = "/"\n"/old/" = "/posts/one/"\n'
        '"/posts/*" = "/archive/"\n"/a/" = "/b/"\n"/b/" = "/a/"\n"/c/" = "/d/"\n"/d/" = "/posts/one/"\n'
        '"/e/" = "/nowhere/"\n"/self/*" = "/self/x/:splat"\n"/draft/" = "/posts/secret/"\n"/static/*" = "/"\n'
        '  "/x/*" = "/nowhere/:splat"\n"/?p=1" = "/"\n"/sitemap.xml" = "/feed.xml"\n"/D" = "/"\n"/Posts/secret" = "/"'
    )
    paper.post("one", aliases="[/old/, '/?p=1']")
    paper.post("secret", draft="true")
    paper.write("pages/about.md", "---\ntitle: About\n---\nWho.")
    paper.write("public/ads.txt", "x")
    found = {line.partition(" ")[0]: line for line in told(paper)}
    expected = {
        3: ("redirect-collision", "/about/ is also the address of pages/about.md"),
        4: ("redirect-collision", "public/ads.txt"),
        5: ("redirect-collision", "/old/ is also an old address of /posts/one/"),
        6: ("redirect-collision", "/posts/* stands for pages/posts/one.md and 1 more addresses too"),
        7: ("redirect-loop", "/a/ leads back to itself"),
        8: ("redirect-loop", "/b/ leads back to itself"),
        9: ("redirect-chain", 'write "/posts/one/"'),
        11: ("dead-link", "/e/ leads to /nowhere/"),
        12: ("redirect-loop", "/self/*"),
        13: ("unpublished-link", "/posts/secret/ is not published"),
        14: ("redirect-collision", "/static/*"),
        16: ("redirect-collision", "/?p=1 is also an old address of /posts/one/"),
        17: ("redirect-collision", "/sitemap.xml is also the address of the page /sitemap.xml"),
        18: ("redirect-collision", "/D is also an old address of /posts/one/"),
    }
    for line, (code, words) in expected.items():
        assert code in found[f"site.toml:{line}:1:"], line
        assert words in found[f"site.toml:{line}:1:"], line
    assert "dead-link /x/* leads to /nowhere/:splat" in found["site.toml:15:3:"]
    assert "/Posts/secret is the address of what is not published" in found["site.toml:19:1:"]
    assert len(found) == len(expected) + 2
    client = paper.client()
    assert (
        client.get("/a/").status_code == client.get("/self/x").status_code == client.get("/draft/").status_code == 404
    )
    assert client.get("/about/").status_code == 200


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ('"old/" = "/"', "write only its path"),
        ('"https://a.test/x/" = "/"', "write only its path"),
        ('"//x/" = "/"', "write only its path"),
        ('"/a/../b" = "/"', "write only its path"),
        ('"/a*" = "/"', "in place of a whole part"),
        ('"/a/*/*" = "/"', "in place of a whole part"),
        ('"/a/*?b=1" = "/"', "both a `*` and a query"),
        ('"/a/" = ""', "needs either an address"),
        ('"/a/" = {to = "/b/", status = 410}', "needs either an address"),
        ('"/a/" = {status = 302}', "needs either an address"),
        ('"/a/" = "/:splat"', "has no `*`"),
        ('"/a/*" = "//:splat"', "is not an address"),
        ('"/a/*" = "https://:splat/"', "is not an address"),
        ('"/a/*" = "https://b.test:splat"', "is not an address"),
        ('"/a/*" = "https://b:splat.test/"', "is not an address"),
        ('"/a/" = "javascript:alert(1)"', "is not an address"),
        ('"/a/" = "b/"', "is not an address"),
        ('"/a/" = "/b c/"', "is not an address"),
        ('"/a/" = "/\\\\b.test"', "is not an address"),
        ('"/a/" = "/b\\nc"', "is not an address"),
        ('"/a/" = {to = "/b/", status = 200}', "Invalid enum value 200"),
        ('"/a/" = {target = "/b/"}', "`redirects./a/.target` is not a setting"),
        ('"/a/" = 410', "redirects"),
    ],
)
def test_a_line_that_means_nothing_is_refused(paper: Paper, line: str, words: str) -> None:
    paper.settings(f'title = "x"\n[redirects]\n{line}')
    with pytest.raises(Exception, match="-setting ") as error:
        paper.app()
    assert words in str(error.value)
    assert str(error.value).startswith(("site.toml:3:", "site.toml:2:1:"))


ONE = 'url = "https://paper.test"\nhosts = ["netlify", "nginx", "caddy"]\n[redirects]\n'


def test_development_production_and_frozen_are_one(paper: Paper) -> None:
    """A redirect's page is the same everywhere, whatever its status and its query; a warm freeze is a cold one."""
    paper.post("one", aliases="/posts/3.8/")
    for line in (
        '"/old/" = {to = "/posts/one/", status = 302}',
        '"/old/" = "https://b.test/?a=1"',
        '"/new.html" = "/"',
    ):
        paper.settings(ONE + line)
        assert paper.freeze().exit_code == 0
        assert paper.freeze(out="cold").exit_code == 0
        assert paper.tree() == paper.tree("cold")
        (paper.folder / "cold").rename(paper.folder / f"cold-{len(line)}")
        source = line.split('"')[1]
        for path in ("/posts/3.8/", source):
            file = f"{path[1:]}index.html" if path.endswith("/") else path[1:]
            answers = [paper.client(debug=debug).get(url) for debug in (False, True) for url in (path, f"{path}?a=1")]
            shown = {RELOAD_SCRIPT.sub(b"", answer.data) for answer in answers}
            assert shown == {(paper.folder / "build" / file).read_bytes()}
    assert not (paper.folder / "build/old").exists()


def test_nothing_withheld_is_told(paper: Paper) -> None:
    paper.settings(
        ONE + '"/a/" = "/posts/secret/"\n"/b/*" = "https://paper.test/Posts/Secret"\n"/?p=1" = "/posts/secret/?x#y"\n'
        '"/posts/secret/" = "/"\n"/canary/" = "/"'
    )
    paper.post("secret", draft="true", aliases="/canary/")
    paper.post("one")
    run = paper.freeze()
    assert run.exit_code == 0, run.output
    for path in paper.tree():
        assert b"secret" not in (paper.folder / "build" / path).read_bytes(), path
        assert b"canary" not in (paper.folder / "build" / path).read_bytes(), path
    client = paper.client()
    for url in ("/a/", "/b/x", "/?p=1", "/canary/", "/posts/secret/"):
        assert "Location" not in client.get(url).headers, url


def test_a_server_answers_from_its_cache_as_without(paper: Paper) -> None:
    paper.settings(ONE + '"/old/" = "/posts/one/"\n"/?p=1" = "/posts/one/"')
    paper.post("one")
    served = Client(paper.app())
    for url in ("/?p=1", "/old/?a=1", "/Posts/ONE/", "/feed/"):
        found = served.get(url, environ_base={"SERVER_SOFTWARE": "Granian"})
        plain = paper.client().get(url)
        assert (found.status_code, found.headers["Location"]) == (301, plain.headers["Location"]), url
        assert found.headers["Cache-Control"] == "no-cache"
    assert served.get("/", environ_base={"SERVER_SOFTWARE": "Granian"}).status_code == 200
