"""What a reader sees of HTML, so that two renderers can be compared.

Kept: the elements in order, text with white space collapsed, code unchanged, where links lead, what pictures show,
list numbers, task list ticks, cell alignment. Left out: classes, ids, code colours, heading anchors, elements that show
nothing by themselves, and the list of footnotes, which every renderer builds differently.
"""

import re
from html.parser import HTMLParser
from urllib.parse import unquote

UNSEEN = {"span", "div", "thead", "tbody", "tfoot", "section", "html", "body", "figure"}
VOID = {"br", "hr", "img", "input", "source", "col", "wbr", "area", "embed", "track"}
BLOCKS = {
    "p",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "ul",
    "ol",
    "li",
    "blockquote",
    "pre",
    "hr",
    "table",
    "tr",
    "th",
    "td",
}
BLOCKS |= {"br", "br-p", "details", "summary", "dl", "dt", "dd", "figcaption", "aside", "center"}
SHOWN = {
    "a": ("href",),
    "img": ("src", "alt"),
    "ol": ("start",),
    "input": ("checked",),
    "td": ("align",),
    "th": ("align",),
}


def seen(html: str) -> list[str]:
    """The elements and texts of `html` that a reader sees."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return _folded(reader.found)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._hidden = 0
        self._pre = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        classes = set(values.get("class", "").split())
        if self._hidden or classes & {"anchor", "headerlink", "footnote", "footnotes", "footnote-backref"}:
            self._hidden += tag not in VOID
            return
        if tag in UNSEEN:
            return
        self._pre += tag == "pre"
        shown = [f"{name}={self._value(name, values[name])}" for name in SHOWN.get(tag, ()) if name in values]
        shown = [text for text in shown if text != "start=1"]
        self.found.append(f"<{' '.join([tag, *shown])}>")

    @staticmethod
    def _value(name: str, value: str) -> str:
        if name in ("href", "src"):
            return "#footnote" if value.startswith("#fn") else unquote(value).replace("mailto:", "")
        return "" if name == "checked" else " ".join(value.split())

    def handle_endtag(self, tag: str) -> None:
        if self._hidden:
            self._hidden -= tag not in VOID
            return
        if tag in UNSEEN or tag in VOID:
            return
        self._pre -= tag == "pre"
        self.found.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        if self._hidden:
            return
        text = data if self._pre else re.sub(r"[ \t\r\n]+", " ", data)
        if self.found and not self.found[-1].startswith("<"):
            self.found[-1] += text[1:] if text.startswith("\x01") else text
        else:
            self.found.append("\x01" + text)


def _folded(found: list[str]) -> list[str]:
    """Remove the white space that nobody sees: around blocks and at the ends of code."""
    kept: list[str] = []
    pre = False
    found = _without_paragraphs(found)
    for at, token in enumerate(found):
        if not token.startswith("\x01"):
            pre = token == "<pre>" or (pre and token != "</pre>")
            kept.append(token)
            continue
        text = token[1:]
        if pre:
            text = "\n".join(line.rstrip() for line in text.strip("\n").split("\n"))
        else:
            text = re.sub(" +", " ", text)
            before, after = found[at - 1] if at else "<p>", found[at + 1] if at + 1 < len(found) else "<p>"
            text = text.lstrip() if _is_block(before) else text
            text = text.rstrip() if _is_block(after) else text
        if text:
            kept.append(text)
    return kept


def _without_paragraphs(found: list[str]) -> list[str]:
    """Outside lists, `<p>` only says that a new paragraph begins, as every other block does."""
    kept: list[str] = []
    depth = 0
    for token in found:
        depth += (token == "<li>") - (token == "</li>")
        kept.append("<br-p>" if token in ("<p>", "</p>") and not depth else token)
    shown: list[str] = []
    for token in kept:
        is_blank = token.startswith("\x01") and not token.strip("\x01 ")
        if is_blank and (not shown or _is_block(shown[-1])):
            continue
        if token == "<br-p>" and (not shown or _is_block(shown[-1])):
            continue
        if shown and shown[-1] == "<br-p>" and _is_block(token):
            shown.pop()
        shown.append(token)
    return shown


def _is_block(token: str) -> bool:
    return re.split("[ >]", token.strip("</>"))[0] in BLOCKS
