"""XML as other systems write it, which is not always XML: read within bounds, and mended where one thing is meant."""

import codecs
import html
import re
from xml.etree import ElementTree as ET

from byline.problems import NOT_XML, SiteError

_PROLOG = re.compile(r"(?:\s+|<\?.*?\?>|<!--.*?-->|<!DOCTYPE\b[^>\[]*(?:\[.*?\]\s*)?>)*+", re.DOTALL | re.IGNORECASE)
_ENCODING = re.compile(rb"<\?xml[^>]*?encoding\s*=\s*[\"']([\w.-]+)[\"']")
_AMPERSAND = re.compile(
    r"<!\[CDATA\[.*?(?:\]\]>|\Z)|<!--.*?(?:-->|\Z)|&(#\d{1,7};|#[xX][0-9a-fA-F]{1,6};|\w{1,40};)?", re.DOTALL
)
_OWN = ("amp;", "lt;", "gt;", "quot;", "apos;")
_OPENING = re.compile(r"<([A-Za-z_][\w.:-]*)((?:[^<>\"']|\"[^\"]*\"|'[^']*')*)>")
_PREFIX = re.compile(r"</?([A-Za-z_][\w.-]*):[A-Za-z_]")
_WXR = re.compile(r"\{https?://wordpress\.org/export/[\d.]+/(excerpt/)?\}")
NAMESPACES = {
    "content": "http://purl.org/rss/1.0/modules/content/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "excerpt": "http://wordpress.org/export/1.2/excerpt/",
    "wp": "http://wordpress.org/export/1.2/",
    "atom": "http://www.w3.org/2005/Atom",
    "media": "http://search.yahoo.com/mrss/",
    "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
    "app": "http://www.w3.org/2007/app",
    "blogger": "http://schemas.google.com/blogger/2018",
    "thr": "http://purl.org/syndication/thread/1.0",
    "xhtml": "http://www.w3.org/1999/xhtml",
}
"""The names by which this package calls the vocabularies of feeds; no prefix stands for one that is not listed."""
_PREFIXES = {uri: prefix for prefix, uri in NAMESPACES.items()}


def tree(name: str, data: bytes) -> ET.Element:
    """The root of the document `data`, with names such as `wp:post_id`. Raises SiteError with line and column.

    Entities of a document's own are refused: a few lines of them can stand for gigabytes.
    """
    text = decoded(data)
    prolog = _PROLOG.match(text)
    end = prolog.end() if prolog else 0
    if "<!ENTITY" in text[:end].upper():
        raise SiteError(f"{name}: declares entities, which no export does, so it is not read")
    lines = "\n" * text.count("\n", 0, end)
    try:
        root = ET.fromstring(lines + text[end:])  # noqa: S314 - without a DOCTYPE there is nothing to expand
    except (ET.ParseError, ValueError):
        root = _mended(name, lines + text[end:])
    for element in root.iter():
        if isinstance(element.tag, str):
            element.tag = _named(element.tag)
    return root


def decoded(data: bytes) -> str:
    """The text of a document, in the encoding that it names."""
    for mark, encoding in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if data.startswith(mark):
            return data.decode(encoding, errors="replace")
    named = _ENCODING.search(data[:300])
    try:
        return data.decode(named[1].decode() if named else "utf-8", errors="replace")
    except LookupError:
        return data.decode("utf-8", errors="replace")


def _mended(name: str, text: str) -> ET.Element:
    """The root of a document with bare ampersands, HTML's names of characters, control characters or odd prefixes."""
    text = _AMPERSAND.sub(_escaped, NOT_XML.sub("", text.strip("\ufeff")))
    opening = _OPENING.search(text)
    if opening:
        used = dict.fromkeys(_PREFIX.findall(text))
        missing = [prefix for prefix in used if f"xmlns:{prefix}" not in opening[2] and prefix != "xml"]
        declared = "".join(f' xmlns:{prefix}="{NAMESPACES.get(prefix, f"urn:{prefix}")}"' for prefix in missing)
        at = opening.end(1)
        text = text[:at] + declared + text[at:]
    try:
        return ET.fromstring(text)  # noqa: S314 - likewise
    except (ET.ParseError, ValueError) as error:
        line, col = getattr(error, "position", (0, 0))
        raise SiteError(
            f"{name}:{line}:{col + 1}: is no XML that can be read: {str(error).partition(':')[0]}; export it again"
        ) from None


def _escaped(found: re.Match[str]) -> str:
    if not found[0].startswith("&"):
        return found[0]
    if found[1] in _OWN:
        return found[0]
    character = html.unescape(found[0]) if found[1] else ""
    if not character or character == found[0] or NOT_XML.search(character):
        return f"&amp;{found[0][1:]}"
    return html.escape(character)


def _named(tag: str) -> str:
    if not tag.startswith("{"):
        return tag
    wxr = _WXR.match(tag)
    if wxr:
        return f"{'excerpt' if wxr[1] else 'wp'}:{tag[wxr.end() :]}"
    uri, _, local = tag[1:].partition("}")
    prefix = _PREFIXES.get(uri, "")
    return f"{prefix}:{local}" if prefix else local


def is_draft(entry: ET.Element) -> bool:
    """Whether an entry of Atom is kept back, by whichever name of the vocabulary: RFC 5023 or its drafts."""
    return any(one.tag.rpartition(":")[2] == "draft" and content(one).lower() == "yes" for one in entry.iter())


def content(element: ET.Element | None, path: str = "") -> str:
    """The text of `element`, or of its first child called `path`, without spaces around; empty if there is none."""
    found = element if element is None or not path else next((child for child in element if child.tag == path), None)
    return "".join(found.itertext()).strip() if found is not None else ""
