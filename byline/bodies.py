"""Bodies: the HTML of a post, from the store or from its source, with its addresses filled in."""

from byline import links, markdown
from byline.entries import ROOT
from byline.models import Body
from byline.plaintext import ANCHOR
from byline.reader import Reader
from byline.sources import SourceTree


def restored_html(tree: SourceTree, reader: Reader, body: Body) -> str | None:
    """The HTML of `body` from its source, for a store that has lost it; None where the source has changed since."""
    file = body.path.removeprefix(ROOT)
    source = tree.get(file.removesuffix(".md"))
    return reader.restore(source, tree.kind(file), body.key) if source else None


def filled_body(html: str, body: Body, origin: str = "", url: str = "") -> str:
    """The HTML of a body as it stands in its page; with `origin` and `url`, as it stands elsewhere."""
    attributes = body.attributes
    if origin:
        html = ANCHOR.sub("", html)
        attributes = tuple(links.absolute(attribute, origin, url) for attribute in attributes)
    return markdown.filled(html, attributes, () if origin else body.sources)
