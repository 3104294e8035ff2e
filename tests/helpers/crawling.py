"""A frozen site as a reader walks it, from link to link."""

from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urldefrag, urljoin, urlsplit

from byline.freeze.paths import output_path

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
UNLINKED |= {"ads.txt", "google1234.html", "CNAME", "opensearch.xml", "old/index.html", "old/feed.json"}
UNLINKED |= {"static/comments.js", "static/comments.css"}
UNLINKED |= {"static/embeds.js", "static/gallery.js", "static/media.css"}
"""Found by name, not by a link: so are the files of public/; and `/posts/`, which redirects. Scripts are for pages that
need them."""


def assert_links_are_urls(folder: Path, base: str, origin: str, aliases: set[str]) -> None:
    reached, broken = crawl(folder, base, origin)
    assert broken == []
    assert reached & aliases == set(), "links lead to redirects"
    printed = {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}
    printed = {path for path in printed if not path.startswith((".", "pagefind/", "static/fonts/"))}
    # A script loads the index, and the stylesheet the faces.
    assert printed - reached - UNLINKED - aliases == set()
