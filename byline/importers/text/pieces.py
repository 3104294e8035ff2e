"""Pieces of HTML for systems whose texts are none: each takes plain words, or HTML where it says so."""

import re
from collections.abc import Iterable
from html import escape


def element(name: str, inner: str = "", **attributes: str | bool) -> str:
    """An element around the HTML `inner`, with the attributes that are not empty."""
    given = "".join(
        f" {key}" if value is True else f' {key}="{escape(str(value))}"'
        for key, value in ((key.replace("_", "-").strip("-"), value) for key, value in attributes.items())
        if value
    )
    return f"<{name}{given}>" if name in ("img", "br", "hr", "input") else f"<{name}{given}>{inner}</{name}>"


def paragraph(*lines: str) -> str:
    """Lines of HTML; nothing where all of them are empty."""
    inner = "<br>".join(line for line in lines if line)
    return f"<p>{inner}</p>" if inner else ""


def image(src: str, alt: str = "", href: str = "") -> str:
    """A picture, which may be a link."""
    found = element("img", src=src, alt=alt) if src else escape(alt)
    return element("a", found, href=href) if href and found else found


def figure(media: str, caption: str = "") -> str:
    """HTML with a caption, which is HTML too."""
    return f"<figure>{media}{element('figcaption', caption) if caption else ''}</figure>" if media else ""


def linked(url: str, words: str = "") -> str:
    """A link; one without words shows its address, and words without an address are words."""
    return element("a", escape(words or url), href=url) if url else escape(words)


def address(url: str) -> str:
    """A paragraph of an address alone, which Byline may show as what is there."""
    return paragraph(escape(url) if url.startswith(("http://", "https://")) else linked(url))


def card(url: str, title: str, *lines: str) -> str:
    """What the preview of a page says of it."""
    return paragraph(linked(url, title), *map(escape, lines)) if url or title else paragraph(*map(escape, lines))


def details(summary: str, inner: str, *, is_open: bool = False) -> str:
    """Both are HTML."""
    return f"<details{' open' if is_open else ''}><summary>{summary}</summary>{inner}</details>"


def listing(code: str, language: str = "") -> str:
    """Code as it was typed."""
    return element("pre", element("code", escape(code), class_=f"language-{language}" if language else ""))


def items(lines: Iterable[str], name: str = "ul") -> str:
    """A list of lines of HTML."""
    inner = "".join(element("li", line) for line in lines)
    return element(name, inner) if inner else ""


def plain(text: str) -> str:
    """Words without formats: an empty line ends a paragraph."""
    parts = re.split(r"\n[ \t]*\n", text.replace("\r\n", "\n"))
    return "".join(paragraph(*map(escape, part.strip().split("\n"))) for part in parts)
