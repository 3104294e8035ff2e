"""The allow-list: what raw HTML in a post may hold. Everything else is taken out, and named."""

import functools
import re
from collections.abc import Mapping

import nh3

TAGS = frozenset(
    "a abbr address article aside audio b bdi bdo big blockquote br caption center cite code col colgroup data dd del"
    " details dfn div dl dt em figcaption figure font footer h1 h2 h3 h4 h5 h6 header hgroup hr i img input ins kbd li"
    " mark nav ol p picture pre q rp rt ruby s samp section small source span strike strong sub summary sup table tbody"
    " td tfoot th thead time tr track tt u ul var video wbr".split()
)
ATTRIBUTES: dict[str, set[str]] = {
    "*": {"class", "id", "lang", "dir", "title", "role", "aria-label", "aria-hidden"},
    "a": {"href", "hreflang", "name"},
    "img": {"src", "srcset", "sizes", "alt", "width", "height", "align"},
    **{tag: {"align"} for tag in ("p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "table", "caption")},
    "audio": {"src", "controls", "loop", "preload"},
    "video": {"src", "controls", "loop", "preload", "poster", "width", "height", "muted", "playsinline"},
    "source": {"src", "srcset", "sizes", "media", "type"},
    "track": {"src", "kind", "srclang", "label", "default"},
    "input": {"type", "checked", "disabled"},
    "details": {"open"},
    "blockquote": {"cite"},
    "q": {"cite"},
    "ol": {"start", "reversed", "type"},
    "li": {"value"},
    "td": {"align", "colspan", "rowspan", "headers"},
    "th": {"align", "colspan", "rowspan", "headers", "scope"},
    "col": {"span"},
    "colgroup": {"span"},
    "time": {"datetime"},
    "data": {"value"},
    "del": {"datetime", "cite"},
    "ins": {"datetime", "cite"},
}
_REFERENCE = re.compile(r"&#(?:[xX]([0-9a-fA-F]+)|([0-9]+));?")
SCHEMES = {"http", "https", "mailto", "tel", "sms", "xmpp", "irc", "ircs", "geo", "magnet", "matrix", "news", "ftp"}


def clean(html: str) -> str:
    """`html` with what is not allowed taken out, well-formed, each attribute in double quotes."""
    return _cleaner().clean(html)


def allows(tag: str, attribute: str) -> bool:
    """Whether an allowed element may have `attribute`."""
    return attribute in ATTRIBUTES["*"] or attribute in ATTRIBUTES.get(tag, ())


def is_box(attributes: Mapping[str, object]) -> bool:
    """Whether an `<input>` is the box of a task: any other is of no use without its form, which is taken out."""
    return str(attributes.get("type")).lower() == "checkbox" and "disabled" in attributes


def without_control(html: str) -> str:
    """`html` without references to control characters: the marks of `render` are made of them."""
    return _REFERENCE.sub(_without_control, html)


def _without_control(reference: re.Match[str]) -> str:
    digits = (reference[1] or reference[2]).lstrip("0")[:9]
    number = int(digits or "0", 16 if reference[1] else 10)
    return "" if 0 < number < 32 and number not in (9, 10, 13) else reference[0]


@functools.cache
def _cleaner() -> nh3.Cleaner:
    return nh3.Cleaner(tags=set(TAGS), attributes=ATTRIBUTES, url_schemes=SCHEMES, link_rel=None)
