"""HTML files: the pages of any site, as a folder or a zip file of them, such as a browser or `wget --mirror` saves.

Of each, the article is taken, not what is around it; title, date, author and the like come from where pages say them.
"""

import datetime as dt
import json
import posixpath
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any
from urllib.parse import urljoin, urlsplit

from bs4 import BeautifulSoup, Tag

from byline.importers import moments
from byline.importers.export import Export, Item, LeftOut, Options, Picture, Writer
from byline.importers.source import Entry, Source
from byline.importers.text.dom import attribute
from byline.importers.wxr.items import without_mail

NAME = "html"
TITLE = "HTML files"
RANK = 9
"""Any export may hold HTML."""
_DATED = re.compile(r"(?:^|/)((?:19|20)\d\d)[/-](\d\d?)[/-](\d\d?)(?=[/-]|$)")
_XML = re.compile(r"\A\s*<\?xml[^>]*>")
"""XHTML begins so, and the parser would warn that it is no parser of XML."""
_CHARSET = re.compile(rb"<meta[^>]+charset\s*=\s*[\"']?([\w-]+)", re.IGNORECASE)
_DATE_NAMES = (
    "article:published_time datePublished date dc.date dcterms.created pubdate publish-date DC.date.issued".split()
)
_UPDATED_NAMES = "article:modified_time dateModified og:updated_time dcterms.modified".split()
_AROUND = ["nav", "header", "footer", "aside", "form", "dialog"]
_ARTICLES = (
    "article",
    "[itemprop=articleBody]",
    ".entry-content",
    ".post-content",
    ".article-body",
    ".h-entry",
    "main",
    "[role=main]",
)
MAX_BYTES = 20_000_000
"""Of one page."""


def recognises(source: Source) -> bool:
    return bool(_pages(source))


def read(source: Source, options: Options) -> Export:
    items: list[Item] = []
    left_out: Counter[tuple[str, str]] = Counter()
    for entry in _pages(source):
        found = _item(entry, source, options)
        if isinstance(found, str):
            left_out["page", found] += 1
        else:
            items.append(found)
    names = dict.fromkeys(name for item in items for name in item.authors)
    return Export(
        url=options.url or _origin(items),
        items=tuple(items),
        writers=tuple(Writer(key=name, name=name) for name in names),
        left_out=tuple(LeftOut(what, reason, count) for (what, reason), count in sorted(left_out.items())),
        total=len(items) + left_out.total(),
    )


def _pages(source: Source) -> tuple[Entry, ...]:
    return source.ending(".html", ".htm", ".xhtml")


def _item(entry: Entry, source: Source, options: Options) -> Item | str:
    """The page in a file, or why there is none."""
    if entry.size > MAX_BYTES:
        return f"is larger than {MAX_BYTES:,} bytes"
    soup = BeautifulSoup(_XML.sub("", _decoded(source.data(entry))) + "\n", "html.parser")
    if soup.find("meta", attrs={"http-equiv": re.compile("^refresh$", re.IGNORECASE)}):
        return "only leads to another page"
    data = _linked_data(soup)
    address = _address(entry, soup, options)
    article = _article(soup)
    path = urlsplit(address).path
    if path.strip("/") in ("", "index.html", "index.htm") and not _is_article(article):
        return "is the front page, which Byline makes itself"
    date = _date(soup, data, path, article)
    title = _title(soup, article)
    return Item(
        key=f"{NAME}:{entry.path}",
        kind="post" if date else "page",
        title=title,
        body=_body(article),
        summary=_meta(soup, "description", "og:description"),
        date=date,
        updated=_first_moment([_meta(soup, *_UPDATED_NAMES), str(data.get("dateModified", ""))], date),
        slug=_slug(path),
        folder="" if date else posixpath.dirname(path.strip("/")),
        address=address,
        authors=tuple(dict.fromkeys(without_mail(name) for name in _authors(soup, data, article) if name)),
        tags=tuple(dict.fromkeys(_tags(soup, article))),
        cover=_cover(soup, article),
    )


def _decoded(data: bytes) -> str:
    """The page as text: pages without a word on their encoding that are not UTF-8 are of the West, and old."""
    named = _CHARSET.search(data[:4096])
    for encoding in (named[1].decode() if named else "utf-8", "utf-8"):
        try:
            return data.decode(encoding).removeprefix("\ufeff")
        except (UnicodeDecodeError, LookupError):
            continue
    return data.decode("cp1252", errors="replace")


def _slug(path: str) -> str:
    stem = re.sub(r"/index\.html?$", "", path.rstrip("/"))
    return posixpath.basename(stem)


def _address(entry: Entry, soup: BeautifulSoup, options: Options) -> str:
    """Where the page was: as it says, or else by its path in the folder."""
    link = soup.find("link", rel="canonical")
    said = attribute(link, "href") if link else _meta(soup, "og:url")
    if said.startswith(("https://", "http://")):
        return said
    return urljoin(options.url.rstrip("/") + "/" if options.url else "/", entry.path)


def _meta(soup: BeautifulSoup, *names: str) -> str:
    for name in names:
        for key in ("name", "property", "itemprop"):
            found = soup.find("meta", attrs={key: re.compile(f"^{re.escape(name)}$", re.IGNORECASE)})
            if found and attribute(found, "content").strip():
                return " ".join(attribute(found, "content").split())
    return ""


def _linked_data(soup: BeautifulSoup) -> dict[str, Any]:
    """What the page says of its article in JSON-LD."""
    for script in soup.find_all("script", type="application/ld+json"):
        try:
            found = json.loads(script.get_text())
        except (ValueError, RecursionError):
            continue
        for one in _things(found):
            if "Article" in str(one.get("@type", "")) or one.get("@type") in ("BlogPosting", "Report"):
                return one
    return {}


def _things(found: Any) -> Iterator[dict[str, Any]]:
    if isinstance(found, list):
        for one in found:
            yield from _things(one)
    elif isinstance(found, dict):
        yield found
        if isinstance(found.get("@graph"), list):
            yield from (one for one in found["@graph"] if isinstance(one, dict))


def _article(soup: BeautifulSoup) -> Tag:
    """The part of the page that holds its text: the longest that says so, or all but what is around."""
    for selector in _ARTICLES:
        found = soup.select(selector)
        if found:
            return max(found, key=lambda one: len(one.get_text()))
    return soup.body or soup


def _is_article(part: Tag) -> bool:
    return part.name == "article" or "articleBody" in attribute(part, "itemprop")


def _title(soup: BeautifulSoup, article: Tag) -> str:
    heading = article.find("h1") or soup.find("h1")
    said = _meta(soup, "og:title") or (soup.title.get_text() if soup.title else "")
    return " ".join((heading.get_text(" ") if heading else said).split())


def _date(soup: BeautifulSoup, data: dict[str, Any], path: str, article: Tag) -> dt.datetime | None:
    time = article.find("time", attrs={"datetime": True}) or soup.find("time", attrs={"datetime": True})
    found = _first_moment(
        [_meta(soup, *_DATE_NAMES), str(data.get("datePublished", "")), attribute(time, "datetime") if time else ""]
    )
    dated = _DATED.search(path)
    return found or (moments.of_iso(f"{dated[1]}-{int(dated[2]):02}-{int(dated[3]):02}") if dated else None)


def _first_moment(texts: list[str], after: dt.datetime | None = None) -> dt.datetime | None:
    """The first of `texts` that is a date, if it is later than `after`."""
    found = next((moment for text in texts if (moment := moments.of_iso(text) or moments.of_mail(text))), None)
    return found if after is None or moments.is_later(found, after) else None


def _authors(soup: BeautifulSoup, data: dict[str, Any], article: Tag) -> Iterator[str]:
    known = data.get("author") or []
    people = known if isinstance(known, list) else [known]
    names = [one.get("name", "") if isinstance(one, dict) else str(one) for one in people]
    link = article.find(["a", "span"], rel="author") or article.find(class_="p-author")
    said = _meta(soup, "author", "dc.creator", "article:author")
    yield from (str(name) for name in names)
    if not any(names) and (said or link):
        yield said if said and not said.startswith("http") else link.get_text(" ").strip() if link else ""


def _tags(soup: BeautifulSoup, article: Tag) -> Iterator[str]:
    found = [attribute(one, "content") for one in soup.find_all("meta", property="article:tag")]
    found += [link.get_text(" ") for link in article.find_all("a", rel="tag")]
    found += _meta(soup, "keywords").split(",") if not found else []
    return (" ".join(tag.split()) for tag in found if tag.strip())


def _cover(soup: BeautifulSoup, article: Tag) -> Picture | None:
    """The picture that the page shows elsewhere, unless it is in the text."""
    src = _meta(soup, "og:image", "twitter:image")
    names = {posixpath.basename(urlsplit(attribute(image, "src")).path) for image in article.find_all("img")}
    is_shown = posixpath.basename(urlsplit(src).path) in names
    return Picture(src, _meta(soup, "og:image:alt")) if src and not is_shown else None


def _body(article: Tag) -> str:
    """The text without its own headline, and without what belongs to the page around it."""
    heading = article.find("h1")
    if heading:
        heading.decompose()
    for around in article.find_all(["nav", "form", "dialog"] if _is_article(article) else _AROUND):
        around.decompose()
    return article.decode_contents()


def _origin(items: list[Item]) -> str:
    parts = [urlsplit(item.address) for item in items if "://" in item.address]
    return f"{parts[0].scheme}://{parts[0].netloc}" if parts else ""
