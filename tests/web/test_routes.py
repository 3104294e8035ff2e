"""Every page can be reached, and every link leads to a page: links and URLs match both ways."""

import datetime as dt
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urldefrag, urljoin, urlsplit

import pytest

from byline.freeze.paths import output_path
from byline.web import routes, views
from tests.helpers.manual import copy_manual
from tests.helpers.paper import ROOT, Paper
from tests.helpers.papers import full_paper

ADDRESSES = {"href", "src", "poster"}


class Page(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.ids: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name in ADDRESSES and value is not None:
                self.links.append(value)
            if name == "srcset" and value:
                self.links += [part.split()[0] for part in value.split(",")]
            if name == "id" and value:
                assert value not in self.ids, f"id {value} stands twice"
                self.ids.add(value)
            if name == "content" and dict(attrs).get("property") == "og:image":
                self.links.append(str(value))
            if name == "content" and value and "url=" in value:
                self.links.append(value.split("url=")[1])


def crawl(folder: Path, base: str, origin: str) -> tuple[set[str], list[str]]:
    """Files that links from the front page lead to, and links that lead nowhere."""
    pages = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
    parsed: dict[str, Page] = {}
    reached, waiting, broken = set(), [f"{base}/"], []
    while waiting:
        url = waiting.pop()
        path = output_path(url, base)
        if path in reached or path not in pages:
            continue
        reached.add(path)
        if not path.endswith(".html"):
            continue
        page = parsed.setdefault(path, Page(pages[path].read_text(encoding="utf-8")))
        for link in page.links:
            full = urljoin(origin + url, link)
            if not full.startswith(origin + base + "/") and full != origin + base:
                continue
            target, fragment = urldefrag(full)
            there = output_path(urlsplit(target).path, base)
            if there not in pages:
                broken.append(f"{url} → {link}")
            elif fragment and there.endswith(".html"):
                other = parsed.setdefault(there, Page(pages[there].read_text(encoding="utf-8")))
                if unquote(fragment) not in other.ids:
                    broken.append(f"{url} → {link} (no such part)")
            waiting.append(urlsplit(target).path)
    return reached, broken


UNLINKED = {"404.html", "robots.txt", "sitemap.xml", "news-sitemap.xml", "feed.json", "posts/index.html"}
"""Found by name, not by a link; and `/posts/`, which redirects."""


def assert_links_are_urls(folder: Path, base: str, origin: str, aliases: set[str]) -> None:
    reached, broken = crawl(folder, base, origin)
    assert broken == []
    printed = {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}
    printed = {path for path in printed if not path.startswith(".")}
    assert printed - reached - UNLINKED - aliases == set()


@pytest.mark.parametrize("base", ["", "/repo"])
def test_links_are_urls(paper: Paper, base: str) -> None:
    full_paper(paper)
    paper.settings((paper.folder / "site.toml").read_text().replace("paper.test", f"paper.test{base}"))
    assert paper.freeze().exit_code == 0
    assert_links_are_urls(paper.folder / "build", base, "https://paper.test", {"imprint.html", "2019/one.html"})


def test_the_starter_site_has_no_broken_link_and_no_orphan(paper: Paper) -> None:
    copy_manual(paper.folder)
    paper.now = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)  # by then all starter posts are published
    run = paper.freeze()
    assert run.exit_code == 0, run.output
    aliases = {output_path(url, "") for url in paper.site().redirects}
    assert_links_are_urls(paper.folder / "build", "", "http://localhost:5000", aliases)


def test_a_link_that_the_site_lacks_is_seen(paper: Paper) -> None:
    paper.post("one", "[Nowhere](/no/such/page/)")
    assert paper.freeze().exit_code == 0
    _, broken = crawl(paper.folder / "build", "", "https://paper.test")
    assert broken == ["/posts/one/ → /no/such/page/"]


def test_flask_routes_lists_the_map() -> None:
    run = subprocess.run([sys.executable, "-m", "flask", "routes"], cwd=ROOT, capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    for rule in ("/posts/<slug>/", "/authors/<slug>/", "/feed.xml", "/healthz"):
        assert re.search(rf"{re.escape(rule)}\s", run.stdout)


def test_two_routes_may_have_one_view(paper: Paper, monkeypatch: pytest.MonkeyPatch) -> None:
    """The rule decides about closing slashes, not the view: with two rules, the last one used to decide for both."""
    added = routes.Route("/archive.txt", views.archive, lambda _site: ())
    monkeypatch.setattr(routes, "ROUTES", (*routes.ROUTES, added))
    paper.post("one")
    client = paper.client()
    assert client.get("/archive").headers["Location"] == "/archive/"
    assert client.get("/archive/").status_code == 200
    assert client.get("/archive.txt").status_code == 404  # the view's page has a different address


def test_a_feed_format_is_one_line_and_one_template(paper: Paper) -> None:
    """Routes, links in heads, headers, host types and reserved names all read `FORMATS`."""
    program = """
import sys
from pathlib import Path
from byline import urls
urls.FORMATS = (*urls.FORMATS, urls.Format("feed.txt", "text/plain"))
from app import create_app
app = create_app(Path(sys.argv[1]))
client = app.test_client()
for page in ("/", "/tags/law/", "/authors/ann-desk/"):
    feed = client.get(page + "feed.txt")
    assert (feed.status_code, feed.mimetype) == (200, "text/plain"), page
    assert feed.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert f'type="text/plain" title' in client.get(page).text
    assert f'href="{page}feed.txt"' in client.get(page).text
result = app.test_cli_runner().invoke(args=["freeze", "--no-search"])
assert result.exit_code == 0, result.output
assert Path(sys.argv[1], "build/tags/law/feed.txt").exists()
assert "/tags/.*/feed\\.txt" in Path(sys.argv[1], "build/.byline/hosts/nginx.conf").read_text()
"""
    full_paper(paper)
    paper.write("templates/feeds/feed.txt", "{% for post in posts %}{{ post.title }}\n{% endfor %}")
    paper.settings(f'hosts = ["nginx"]\n{(paper.folder / "site.toml").read_text()}')
    command = [sys.executable, "-c", program, str(paper.folder)]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert run.returncode == 0, run.stderr


@pytest.mark.parametrize("root", ["archive", "attachments", "media", "page", "pagefind", "search", "series", "tags"])
def test_what_byline_answers_itself_is_no_plain_page(paper: Paper, root: str) -> None:
    paper.write(f"pages/{root}.md", "---\ntitle: Mine\n---\n")
    paper.post("one", aliases=f"[/{root}/]")
    assert {"reserved-url", "alias-collision"} <= paper.codes()
