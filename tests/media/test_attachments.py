"""Files that writers link to: none runs a script in a reader's browser or on a server."""

import contextlib
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Error

from byline.web.headers import headers_of
from tests.helpers.browsing import served
from tests.helpers.paper import Paper

SCRIPT = "document.documentElement.innerHTML = 'ran'; fetch('/ran')"
XML = (
    '<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml">'
    '<head><script src="/{run}"></script><script>{script}</script></head></html>'
)
REFUSED = [
    "html",
    "HTM",
    "xhtml",
    "xml",
    "rdf",
    "wsdl",
    "svgz",
    "rss",
    "xsl",
    "mml",
    "php",
    "PhP7",
    "cgi",
    "shtml",
    "jsp",
]
DISGUISED = ["g.ｈtml", "i.htm ", "g.HTML", "j.ｐhp", "k.ｓvg", "l.xＨtml"]
SAVED = ["js", "css", "zip", "docx", "json", "csv", "gpx", "foo", "mjs", "wasm", "woff2", "ics", "tga"]
OPENED = {"pdf": "application/pdf", "txt": "text/plain; charset=utf-8", "mp4": "video/mp4", "ogg": "audio/ogg"}


def link(paper: Paper, *names: str) -> None:
    for name in names:
        paper.write(f"pages/posts/{name}", XML)
    paper.post("one", "\n\n".join(f"[x]({quote(name)})" for name in names))


def published(paper: Paper) -> list[str]:
    return sorted(url for url, file in paper.site().files.items() if file.source.startswith("pages/"))


@pytest.mark.parametrize("name", [*(f"evil.{ending}" for ending in REFUSED), *DISGUISED])
@pytest.mark.parametrize("trust_html", ["false", "true"])
def test_what_could_run_is_not_published(paper: Paper, name: str, trust_html: str) -> None:
    """Not even if the server could be told how to send it: a static host goes by the file's ending."""
    paper.settings(f'url = "https://paper.test"\ntrust_html = {trust_html}')
    link(paper, name)
    assert published(paper) == []
    assert {"unsafe-file", "bad-picture"} & paper.codes()


@pytest.mark.parametrize("ending", SAVED)
def test_what_no_browser_shall_open_is_saved(paper: Paper, ending: str) -> None:
    link(paper, f"file.{ending}")
    (url,) = published(paper)
    assert url.startswith("/attachments/file-")
    assert url.endswith(f".{ending}")
    headers = paper.client().get(url).headers
    assert headers["Content-Type"] == "application/octet-stream"
    assert headers["Content-Disposition"] == "attachment"
    assert "sandbox" in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("ending", OPENED)
def test_what_is_opened_has_a_type_without_scripts(paper: Paper, ending: str) -> None:
    link(paper, f"file.{ending}", "run.js")
    url = next(url for url in published(paper) if url.endswith(ending))
    assert url.startswith("/media/")
    headers = paper.client().get(url).headers
    assert headers["Content-Type"] == OPENED[ending]
    assert "Content-Disposition" not in headers
    assert "script-src" not in headers["Content-Security-Policy"]
    assert headers["Content-Security-Policy"].startswith("default-src 'none'")


@pytest.mark.parametrize("base", ["", "/a,b;c"])
def test_pages_take_scripts_from_the_owners_folders_only(paper: Paper, base: str) -> None:
    paper.settings(f'url = "https://paper.test{base}"')
    place = "https://paper.test" + base.replace(",", "%2C").replace(";", "%3B")
    for url in ("/", "/search/", "/static/site.js", "/no/such/"):
        policy = headers_of(base + url, paper.live().urls)["Content-Security-Policy"]
        (scripts,) = [rule for rule in policy.split("; ") if rule.startswith("script-src")]
        sources = scripts.split()[1:]
        assert sources[:2] == [f"{place}/static/", f"{place}/pagefind/"]
        assert sources[2:] == (["'wasm-unsafe-eval'"] if url == "/search/" else [])


def test_no_file_runs_a_script_in_a_browser(paper: Paper, browser: Browser) -> None:
    """The browser opens whatever a writer links to, next to the published copy of a script."""
    link(paper, "run.js")
    paper.write("pages/posts/run.js", SCRIPT)
    (run,) = published(paper)
    document = XML.replace("{run}", run[1:]).replace("{script}", SCRIPT)
    names = [*(f"evil.{ending}" for ending in [*REFUSED, *SAVED, *OPENED, "svg"]), *DISGUISED]
    link(paper, "run.js", *names)
    for name in names:
        paper.write(f"pages/posts/{name}", document)
    paper.write("pages/posts/run.js", SCRIPT)
    urls = published(paper)
    assert run in urls
    assert len(urls) > len(SAVED)
    asked: list[str] = []
    with served(paper.app()) as address, contextlib.closing(browser.new_context()) as context:
        page = context.new_page()
        page.on("request", lambda request: asked.append(request.url))
        for url in urls:
            with contextlib.suppress(Error):  # a download is not a page
                page.goto(address + url, timeout=5000)
    assert len(asked) >= len(urls)
    assert not [url for url in asked if url.endswith("/ran")]
