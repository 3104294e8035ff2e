"""The allow-list: what raw HTML in a post may hold. Everything else is taken out, and named."""

import functools
import re

import nh3

TAGS = frozenset(
    "a abbr address article aside audio b bdi bdo big blockquote br caption center cite code col colgroup data dd del"
    " details dfn div dl dt em figcaption figure font footer h1 h2 h3 h4 h5 h6 header hgroup hr i img input ins kbd li"
    " mark nav ol p picture pre q rp rt ruby s samp section small source span strike strong sub summary sup table tbody"
    " td tfoot th thead time tr track tt u ul var video wbr".split()
)
ATTRIBUTES: dict[str, set[str]] = {
    "*": {"class", "id", "lang", "dir", "title", "role", "aria-label", "aria-hidden"},
    "a": {"href", "hreflang"},
    "img": {"src", "alt", "width", "height"},
    "audio": {"src", "controls", "loop", "preload"},
    "video": {"src", "controls", "loop", "preload", "poster", "width", "height", "muted", "playsinline"},
    "source": {"src", "type"},
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
SCHEMES = {"http", "https", "mailto", "tel", "sms", "xmpp", "irc", "ircs", "geo", "magnet", "matrix", "news", "ftp"}

_TAG_NAME = re.compile(r"<([A-Za-z][A-Za-z0-9-]*)")


def clean(html: str) -> str:
    """`html` with what is not allowed taken out, well-formed, each attribute in double quotes."""
    return _cleaner().clean(html)


def removed(html: str) -> list[str]:
    """Names of the elements in `html` that `clean` takes out, sorted."""
    return sorted({name.lower() for name in _TAG_NAME.findall(html)} - TAGS)


@functools.cache
def _cleaner() -> nh3.Cleaner:
    return nh3.Cleaner(tags=set(TAGS), attributes=ATTRIBUTES, url_schemes=SCHEMES, link_rel=None)
