"""Every page can be reached, and every link leads to a page: links and URLs match both ways."""

import re
import shutil
import subprocess
import sys

import pytest

from byline.web import routes, views
from tests.helpers.crawling import assert_links_are_urls, crawl
from tests.helpers.paper import ROOT, Paper
from tests.helpers.papers import full_paper


@pytest.mark.parametrize("base", ["", "/repo"])
def test_links_are_urls(paper: Paper, base: str) -> None:
    full_paper(paper)
    paper.settings((paper.folder / "site.toml").read_text().replace("paper.test", f"paper.test{base}"))
    assert paper.freeze().exit_code == 0
    assert_links_are_urls(paper.folder / "build", base, "https://paper.test", {"imprint.html", "2019/one.html"})


def test_a_link_that_the_site_lacks_is_seen(paper: Paper) -> None:
    paper.post("one", "[Nowhere](/no/such/page/)")
    assert paper.freeze().exit_code == 0
    _, broken = crawl(paper.folder / "build", "", "https://paper.test")
    assert broken == ["/posts/one/ → /no/such/page/"]


def test_flask_routes_lists_the_map(paper: Paper) -> None:
    shutil.copy(ROOT / "app.py", paper.folder)
    (paper.folder / "byline").symlink_to(ROOT / "byline")
    run = subprocess.run([sys.executable, "-m", "flask", "routes"], cwd=paper.folder, capture_output=True, text=True)
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
from byline import create_app
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


@pytest.mark.parametrize("base", ["", "/paper"])
def test_links_of_the_settings_that_lead_nowhere_are_told(paper: Paper, base: str) -> None:
    links = ["/about/", "/über", f"{base}/archive/", "/search/?q=a", "//other.test/x/", "https://other.test/", "/gone/"]
    menu = "".join(f'[[navigation]]\ntitle = "N"\nurl = "{link}"\n' for link in links)
    paper.settings(
        f'url = "https://paper.test{base}"\nunicode_slugs = true\n{menu}[[social]]\ntitle = "S"\nurl = "/lost/"\n'
    )
    paper.write("pages/about.md", "---\ntitle: About\n---\n")
    paper.write("pages/über.md", "---\ntitle: About\nslug: über\n---\n")
    lines = paper.run("check").stdout.splitlines()
    assert [line.partition(";")[0] for line in lines if "dead-link" in line] == [
        "site.toml: dead-link /gone/ (N, in `navigation`) is not a page of this site",
        "site.toml: dead-link /lost/ (S, in `social`) is not a page of this site",
    ]
