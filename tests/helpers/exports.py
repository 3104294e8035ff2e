"""Exports of other systems: small ones of our own, and what an import made of one."""

import json
import re
from html import escape
from typing import Any

from bs4 import BeautifulSoup
from bs4.element import Comment
from click.testing import Result

from byline.content.sources import Source
from tests.helpers.paper import ROOT, Paper

EXPORTS = ROOT.parent / "shared" / "exports"
_BLOCKS = (
    "address article aside blockquote br caption dd details div dl dt figcaption figure form h1 h2 h3 h4 h5 h6 hr li ol p pre"
    " section summary table td th tr ul video audio iframe"
).split()


def wxr(*items: str, head: str = "") -> str:
    """A file as WordPress exports it."""
    return (
        '<?xml version="1.0" encoding="UTF-8" ?>\n<!-- generator="WordPress/6.4" -->\n<rss version="2.0"'
        ' xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/" xmlns:content="http://purl.org/rss/1.0/modules/content/"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:wp="http://wordpress.org/export/1.2/">\n<channel>'
        "<title>The Quay</title><link>https://old.test</link><wp:wxr_version>1.2</wp:wxr_version>"
        f"<wp:base_blog_url>https://old.test</wp:base_blog_url>{head}{''.join(items)}</channel></rss>"
    )


def wxr_item(number: int, title: str, body: str = "", **values: Any) -> str:
    """An item; `meta`, `terms` and `extra` are further elements, all else replaces what is usual."""
    slug = values.get("slug", re.sub(r"\W+", "-", title.lower()).strip("-"))
    date = values.get("date", "2023-04-05 10:30:00")
    terms = "".join(
        f'<category domain="{domain}" nicename="{name.lower()}"><![CDATA[{name}]]></category>'
        for domain, name in values.get("terms", ())
    )
    meta = "".join(
        f"<wp:postmeta><wp:meta_key>{key}</wp:meta_key><wp:meta_value><![CDATA[{value}]]></wp:meta_value></wp:postmeta>"
        for key, value in values.get("meta", {}).items()
    )
    link = values.get("link", f"https://old.test/2023/04/05/{slug}/")
    return (
        f"<item><title>{escape(title)}</title><link>{link}</link><dc:creator>{values.get('creator', 'desk')}</dc:creator>"
        f'<guid isPermaLink="false">https://old.test/?p={number}</guid>'
        f"<content:encoded><![CDATA[{body}]]></content:encoded>"
        f"<excerpt:encoded><![CDATA[{values.get('excerpt', '')}]]></excerpt:encoded><wp:post_id>{number}</wp:post_id>"
        f"<wp:post_date>{date}</wp:post_date><wp:post_date_gmt>{values.get('gmt', date)}</wp:post_date_gmt>"
        f"<wp:post_name>{slug}</wp:post_name><wp:status>{values.get('status', 'publish')}</wp:status>"
        f"<wp:post_parent>{values.get('parent', 0)}</wp:post_parent><wp:post_type>{values.get('type', 'post')}</wp:post_type>"
        f"<wp:post_password>{values.get('password', '')}</wp:post_password><wp:is_sticky>{values.get('sticky', 0)}</wp:is_sticky>"
        f"{terms}{meta}{values.get('extra', '')}</item>"
    )


def imported(paper: Paper, *arguments: str) -> Result:
    """Import, and fail as the command does."""
    result = paper.run("import", *arguments)
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code == 0, result.output
    return result


def ledger(paper: Paper) -> dict[str, str]:
    """What was written: from what → path."""
    files = json.loads((paper.folder / ".byline-import.json").read_text())["files"]
    return {record["source"]: path for path, record in files.items()}


def header(paper: Paper, path: str) -> dict[str, Any]:
    """A header as Byline reads it."""
    live = paper.live()
    source = live.tree.get(path.removeprefix("pages/").removesuffix(".md"))
    assert isinstance(source, Source), path
    return source.meta


def body(paper: Paper, path: str) -> str:
    """The text of a post as it was written."""
    return (paper.folder / path).read_text(encoding="utf-8").split("\n---\n", 1)[1].strip()


def words(html: str) -> list[str]:
    """The words of `html`, read by a parser that is not ours."""
    soup = BeautifulSoup(html, "html.parser")
    for gone in soup(["script", "style", "head", "svg"]):
        gone.decompose()
    for block in soup.find_all(_BLOCKS):
        block.insert_before(" ")
        block.insert_after(" ")
    return "".join(text for text in soup.strings if not isinstance(text, Comment)).replace("\u200b", "").split()


def no_errors(paper: Paper) -> None:
    result = paper.run("check")
    assert result.exit_code == 0, result.output
