"""public/: files that are at the site's root as they are, on a server and in the frozen site."""

from pathlib import Path

import pytest
from werkzeug.test import Client

from byline.web.app import live_of
from byline.web.server.cache import PageCache
from tests.helpers.findings import reported
from tests.helpers.paper import Paper

FILES = {
    "ads.txt": "text/plain; charset=utf-8",
    "favicon.ico": "image/x-icon",
    "google1234.html": "text/html; charset=utf-8",
    "manifest.webmanifest": "application/manifest+json",
    "opensearch.xml": "application/xml; charset=utf-8",
    "CNAME": "application/octet-stream",
    "_redirects": "application/octet-stream",
    "apple-app-site-association": "application/json",
    ".well-known/security.txt": "text/plain; charset=utf-8",
    ".well-known/assetlinks.json": "application/json",
    ".well-known/webfinger": "application/jrd+json",
    ".well-known/acme-challenge/AbC_1-2": "application/octet-stream",
    "posts/map.pdf": "application/pdf",
    "a b/100%/grüße?.txt": "text/plain; charset=utf-8",
}


@pytest.mark.parametrize("base", ["", "/re.po"])
def test_files_are_served_as_they_are(paper: Paper, base: str) -> None:
    paper.settings(f'url = "https://paper.test{base}"')
    paper.post("one")
    for name in FILES:
        paper.write(f"public/{name}", f"bytes of {name}")
    app = paper.app()
    policy = app.test_client().get(f"{base}/posts/one/").headers["Content-Security-Policy"]
    for client in (app.test_client(), Client(PageCache(app.wsgi_app, live_of(app)))):
        for name, kind in FILES.items():
            url = f"{base}/{name.replace('%', '%25').replace('?', '%3F')}"
            answer = client.get(url)
            assert (answer.status_code, answer.content_type) == (200, kind), name
            assert answer.data.decode() == f"bytes of {name}"
            assert answer.headers["Content-Security-Policy"] == policy
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            assert client.get(url, headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304
            if base:
                assert client.get(f"/{name}").status_code == 404


def test_files_are_frozen_and_go_again(paper: Paper) -> None:
    paper.post("one")
    paper.write("public/ads.txt", "one")
    paper.write("public/.well-known/security.txt", "Contact: mailto:desk@paper.test")
    assert paper.freeze().exit_code == 0
    assert paper.page("ads.txt") == "one"
    assert paper.page(".well-known/security.txt").startswith("Contact:")
    assert ".well-known/security.txt" in paper.tree()  # what `--verify` compares
    assert " 0 written" in paper.freeze().output
    paper.write("public/ads.txt", "two")
    assert " 1 written" in paper.freeze().output
    assert paper.page("ads.txt") == "two"
    (paper.folder / "public/ads.txt").unlink()
    (paper.folder / "public/.well-known/security.txt").unlink()
    assert " 2 deleted" in paper.freeze().output
    assert not (paper.folder / "build/ads.txt").exists()
    assert not (paper.folder / "build/.well-known").exists()


def test_a_folder_with_an_index_has_the_address_of_a_page(paper: Paper) -> None:
    paper.write("public/old/index.html", "<title>Old</title>")
    client = paper.client()
    assert client.get("/old/").text == "<title>Old</title>"
    assert client.get("/old").headers["Location"] == "/old/"
    assert client.get("/old/index.html").headers["Location"] == "/old/"  # as for every page
    assert paper.freeze().exit_code == 0
    assert paper.page("old/index.html") == "<title>Old</title>"


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("about/index.html", "{base}/about/ is also the URL of pages/about.md"),
        ("about", "{base}/about is also the URL of pages/about.md"),
        ("About/index.html", "{base}/About/ is also the URL of pages/about.md"),
        ("posts/one/index.html", "{base}/posts/one/ is also the URL of pages/posts/one.md"),
        ("posts/soon/index.html", "{base}/posts/soon/ is also the URL of pages/posts/soon.md"),
        ("imprint.html", "{base}/imprint.html is also the old address of {base}/about/"),
        ("index.html", "{base}/ is reserved for Byline"),
        ("robots.txt", "{base}/robots.txt is reserved for Byline"),
        ("sitemap-2.xml", "{base}/sitemap-2.xml is reserved for Byline"),
        ("Feed.xml", "{base}/Feed.xml is reserved for Byline"),
        ("healthz", "{base}/healthz is reserved for Byline"),
        ("static/style.css", "{base}/static/style.css is reserved for Byline"),
        ("tags/law/index.html", "{base}/tags/law/ is reserved for Byline"),
    ],
)
@pytest.mark.parametrize("base", ["", "/Re.po"])
def test_a_clash_names_both(paper: Paper, base: str, name: str, told: str) -> None:
    paper.settings(f'url = "https://paper.test{base}"')
    paper.post("one")
    paper.post("soon", date="2025-07-01")
    paper.write("pages/about.md", "---\ntitle: About\naliases: /imprint.html\n---\n")
    paper.write(f"public/{name}", "mine")
    run = paper.run("check")
    assert f"public/{name}:1:1: " in run.stdout
    assert told.format(base=base) in run.stdout
    assert (run.exit_code, paper.freeze().exit_code) == (1, 1)
    for url in ("/", "/posts/one/", "/about/", "/robots.txt", "/static/style.css"):
        assert paper.client().get(f"{base}{url}").data != b"mine"


def test_drafts_do_not_count(paper: Paper) -> None:
    paper.post("one")
    paper.post("secret", draft="true")
    paper.write("public/posts/secret/index.html", "public")
    assert paper.freeze().exit_code == 0
    assert paper.page("posts/secret/index.html") == "public"
    assert paper.client().get("/posts/secret/").text == "public"


def test_a_file_where_a_page_needs_a_folder(paper: Paper) -> None:
    paper.settings('url = "https://paper.test"\npermalink = "/{year}/{slug}/"')
    paper.post("one")
    paper.write("public/2025", "mine")
    assert "public/2025:1:1: unprintable" in paper.run("check").stdout
    assert paper.freeze().exit_code == 1


def test_a_file_that_the_host_has_too(paper: Paper) -> None:
    paper.post("one")
    paper.write("public/_redirects", "/a /b")
    assert paper.freeze().exit_code == 0
    paper.settings('url = "https://paper.test"\nhosts = ["netlify"]')
    told = "/_redirects is also the file that `hosts` in site.toml makes"
    assert f"public/_redirects:1:1: unprintable {told}" in paper.run("check").stdout
    assert told in paper.freeze().output
    assert paper.page("_redirects") == "/a /b"


def test_what_cannot_be_published(paper: Paper, tmp_path: Path) -> None:
    paper.post("one")
    paper.write("public/.htaccess", "secret")
    paper.write("public/.well-known/.hidden", "secret")
    paper.write("public/old/.well-known/x", "secret")
    secret = tmp_path / "secret.txt"
    secret.write_text("secret")
    (paper.folder / "public/out.txt").symlink_to(secret)
    (paper.folder / "public/up").symlink_to(tmp_path)
    (paper.folder / "public/gone.txt").symlink_to("nowhere")
    (paper.folder / "public/same.txt").symlink_to("ads.txt")
    paper.write("public/ads.txt", "ads")
    paper.write("public/aux.txt", "on Windows")
    assert reported(paper, "outside-link") == ["public/out.txt:1:1", "public/up:1:1"]
    assert reported(paper, "dangling-link") == ["public/gone.txt:1:1"]
    assert reported(paper, "unprintable") == ["public/aux.txt:1:1"]
    client = paper.client()
    assert client.get("/same.txt").text == "ads"
    for url in (
        "/.htaccess",
        "/.well-known/.hidden",
        "/old/.well-known/x",
        "/out.txt",
        "/up/secret.txt",
        "/../site.toml",
    ):
        assert b"secret" not in client.get(url).data, url


def test_a_page_of_public_leads_to_no_draft(paper: Paper) -> None:
    paper.post("one", "See [the ads](/ads.txt).")
    paper.post("secret", draft="true")
    paper.write("public/ads.txt", "ads")
    assert paper.problems() == []
    paper.write("public/old.html", '<a href="/posts/secret/">read</a>')
    assert "old.html leads to /posts/secret/, which is not published" in paper.freeze().output


@pytest.mark.parametrize("out", ["public", "public/site", "pages/build", "static", "templates/x"])
def test_no_site_is_frozen_into_its_own_sources(paper: Paper, out: str) -> None:
    paper.post("one")
    run = paper.freeze(out=out)
    assert run.exit_code == 2
    assert f"--out {out} is in {out.partition('/')[0]}/, from which the site is made" in run.output
    assert not (paper.folder / "public").exists()
