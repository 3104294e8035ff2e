"""A body as readers see it here, and as they see it on GitHub, by GitHub's own library."""

import html
import re

import cmarkgfm
from cmarkgfm.cmark import Options

from byline.markdown import sanitize
from byline.markdown.render import filled, render
from tests.helpers.seen import seen

EXTENSIONS = ["table", "autolink", "strikethrough", "tasklist"]


def ours(body: str) -> list[str]:
    rendered = render(body)
    attributes = tuple(f' {a.attribute}="{html.escape(a.value)}"' for a in rendered.addresses)
    shown = re.sub(r'(<t[dh]) class="align-(\w+)"', r'\1 align="\2"', filled(rendered.html, attributes))
    return _alike(seen(shown))


def theirs(body: str) -> list[str]:
    options = Options.CMARK_OPT_UNSAFE | Options.CMARK_OPT_FOOTNOTES
    return shown_by_github(cmarkgfm.markdown_to_html_with_extensions(body, options, EXTENSIONS))


def shown_by_github(page: str) -> list[str]:
    """What a reader sees of HTML that GitHub's engine makes."""
    return _alike(seen(sanitize.clean(page)))


FORMATTING = set("a b code em i s small span strong tt u".split())
SINGLE = {"br", "br-p", "hr", "img", "input", "wbr"}


def _alike(found: list[str]) -> list[str]:
    """Without what changes nothing: elements that hold nothing (a tag that a writer left open is opened again in each
    block, even in the white space between two), `<strong>` right within another, and where a box and its `<p>` begin."""
    kept: list[str] = []
    opened: list[str] = []
    for token in found:
        tag = re.split("[ >]", token.strip("</>"))[0] if token.startswith("<") else ""
        after_box = bool(kept) and kept[-1].startswith("<input")
        if token.startswith("</"):
            start = opened.pop() if opened else token
            blank = 1 if kept and not kept[-1].strip(" \n") else 0
            if tag in FORMATTING and kept[-1 - blank :][:1] == [start]:
                del kept[-1 - blank :]
            elif start:
                kept.append(token)
        elif tag and tag not in SINGLE:
            is_again = token == "<strong>" and opened[-1:] in (["<strong>"], [""])
            opened.append("" if is_again else token)
            if not is_again:
                kept.insert(len(kept) - (after_box and tag == "p"), token)
        else:
            text = token.lstrip(" ") if after_box else token
            if kept and not kept[-1].startswith("<"):
                kept[-1] += text
            elif text:
                kept.append(text)
    return kept
