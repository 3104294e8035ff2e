"""Prose: the tree of a text as Markdown. What Markdown cannot say stays as HTML that the sanitiser lets through.

markdownify walks the tree; here is what it would lose or get wrong: figures, captions, players, headers of tables,
formats that touch a letter, languages of listings, signs that mean something in Byline.
"""

import copy
import re
from collections.abc import Callable
from typing import Any

from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString
from markdownify import MarkdownConverter

from byline.importers.text.dom import attribute, is_block
from byline.importers.text.escapes import destination, escaped, line_starts, settled, title
from byline.markdown.sanitize import TAGS, allows

BREAK, IMAGE, CAPTION, CAPTION_END, EMPTY = "\x01", "\x11", "\x0e", "\x0f", "\x10"
FORMATS = {"strong": ("\x02", "\x03", "**"), "em": ("\x04", "\x05", "*"), "del": ("\x06", "\x07", "~~")}
"""Marks of what opens and closes, until the letters around are known."""
_OPEN = {opening: (name, closing, sign) for name, (opening, closing, sign) in FORMATS.items()}
_CLOSE = {closing for _, closing, _ in FORMATS.values()}
_MARK = re.compile("[\x02-\x07]")
INLINE = frozenset("sup sub mark kbd small u ins abbr cite q samp var dfn time bdi bdo ruby rt rp span data".split())
"""Formats that stay HTML within Markdown."""
RAW = frozenset(("dl", "video", "audio"))
"""Blocks that stay HTML as a whole."""
_SPACE = " \t\r\n"
_LANGUAGE = re.compile(
    r"(?:^|\s)(?:(?:language|lang|highlight|brush)[-:]\s*([\w+#.-]+)"
    r"|(?:hljs|prettyprint|sourceCode|highlight|syntaxhighlighter)\s+(?!linenums)([\w+#-]+))"
)
_ONLY_IMAGE = re.compile(f"(?:\\[)?{IMAGE}\\[[^\n]*\\)")


def markdown(soup: BeautifulSoup) -> str:
    """The Markdown of a tidy tree."""
    for element in soup.find_all(["kbd", "samp"]):
        element.name = f"x-{element.name}"
    for code in soup.find_all("code"):
        if not code.find_parent("pre") and code.find(True):
            code.name = "x-code"
    text: str = _Writer(heading_style="ATX", bullets="-").convert_soup(soup)
    text = _formats(settled(text, IMAGE))
    lines = "\n".join(line.rstrip() for line in text.split("\n"))
    return re.sub(r"\n{3,}", "\n\n", lines.strip("\n")).replace(EMPTY, "")


class _Writer(MarkdownConverter):
    """Each method gets an element and the Markdown of what is in it."""

    def get_conv_fn(self, tag_name: str) -> Callable[..., str] | None:
        name = tag_name.removeprefix("x-")
        if name in INLINE or tag_name == "x-code":
            return lambda el, text, parent_tags: _inline(el, text, name)
        if tag_name in RAW:
            return lambda el, text, parent_tags: "" if RAW & parent_tags else f"\n\n{raw(el)}\n\n"
        found: Callable[..., str] | None = super().get_conv_fn(tag_name)  # type: ignore[misc]
        return found

    def escape(self, text: str, parent_tags: set[str]) -> str:
        return escaped(text.replace("\n", " "), in_link="a" in parent_tags) if text else ""

    def convert_br(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        return "\n" if "pre" in parent_tags else BREAK

    def convert_p(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        words = _flow(text)
        return f"\n\n{words}\n\n" if words else ""

    def convert_x_line(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        return f"\n{_flow(text)}\n"

    def convert_strong(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        return _marked("strong", text, parent_tags)

    def convert_em(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        return _marked("em", text, parent_tags)

    def convert_del(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        return _marked("del", text, parent_tags)

    convert_b, convert_i, convert_s = convert_strong, convert_em, convert_del

    def convert_a(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        if "_noformat" in parent_tags:
            return text
        name = attribute(el, "id") or attribute(el, "name")
        anchor = f'<a id="{name}"></a>' if name and re.fullmatch(r"[^\s\"<>&]+", name) and el.get("data-wanted") else ""
        before, words, after = _apart(text)
        href = attribute(el, "href")
        if not words or not href:
            return f"{before}{anchor}{words}{after}"
        is_same = el.get_text() == href and re.fullmatch(r"https?://[^\s<>]+", href) and not el.find(True)
        link = f"<{href}>" if is_same else f"[{words}]({destination(href)}{title(attribute(el, 'title'))})"
        return f"{before}{anchor}{link}{after}"

    def convert_img(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        src = attribute(el, "src")
        alt = escaped(" ".join(attribute(el, "alt").split()), in_link=True)
        return f"{IMAGE}[{alt}]({destination(src)})" if src else alt

    def convert_input(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        if attribute(el, "type").lower() != "checkbox" or "li" not in parent_tags:
            return ""
        return "[x] " if el.has_attr("checked") else "[ ] "

    def convert_hN(self, n: int, el: Tag, text: str, parent_tags: set[str]) -> str:
        words = " ".join(text.replace(BREAK, " ").split())
        if "_inline" in parent_tags:
            return words
        words = re.sub(r"(?<=\s)#", r"\#", words)
        return f"\n\n{'#' * min(n, 6)} {words}\n\n" if words else ""

    def convert_hr(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        return "\n\n***\n\n"  # `- ---` would be no item of a list

    def convert_pre(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        if el.find(["a", "b", "strong", "em", "i", "mark", "u", "s", "del", "ins", "sup", "sub", "img"]):
            return f"\n\n{raw(el)}\n\n"
        for line in el.find_all("br"):
            line.replace_with("\n")
        code = el.get_text().strip("\r\n").rstrip()
        if not code.strip():
            return ""
        fence = "`" * max(3, 1 + max((len(run) for run in re.findall(r"`+", code)), default=0))
        code = re.sub(r"^[ \t]*$", EMPTY, code, flags=re.MULTILINE)  # else empty lines would be one
        return f"\n\n{fence}{_language(el)}\n{code}\n{fence}\n\n"

    def convert_x_note(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        return f"[^{el.get_text()}]"

    def convert_x_more(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        return "\n\n<!-- more -->\n\n"

    def convert_li(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        is_task = el.find("input") is not None
        words = text if any(map(_is_own_block, el.children)) else _flow(text, is_safe=is_task)
        item: str = super().convert_li(el, words.strip(_SPACE + BREAK), parent_tags)  # type: ignore[misc]
        return item if item.strip() else "-\n"

    def convert_list(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        if el.has_attr("reversed") or attribute(el, "type") in ("a", "A", "i", "I"):
            return f"\n\n{raw(el)}\n\n"
        before = el.find_previous_sibling()
        is_next = before is not None and before.name == el.name and not _has_words_between(before, el)
        apart = "<!-- -->\n\n" + text.lstrip("\n") if is_next else text  # else two lists would be one
        written: str = super().convert_list(el, apart, parent_tags)  # type: ignore[misc]
        return written

    convert_ul = convert_ol = convert_list

    def convert_x_caption(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        return f"{CAPTION}{text.strip(_SPACE + BREAK)}{CAPTION_END}"

    convert_figcaption = convert_x_caption

    def convert_figure(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        found = re.search(f"{CAPTION}(.*?){CAPTION_END}", text, re.DOTALL)
        body = re.sub(f"{CAPTION}.*?{CAPTION_END}", "", text, flags=re.DOTALL).strip(_SPACE)
        words = found[1].strip() if found else ""
        if not (words and body):
            return f"\n\n{body or _flow(words)}\n\n"
        opening, closing, _ = FORMATS["em"]
        is_line = not re.search(f"[\n{BREAK}{opening}]", words)
        if is_line and _ONLY_IMAGE.fullmatch(body) and "figure" not in parent_tags:
            return f"\n\n{body}\n{opening}{words}{closing}\n\n"
        return f"\n\n<figure>\n\n{body}\n\n<figcaption>\n\n{_flow(words)}\n\n</figcaption>\n</figure>\n\n"

    def convert_details(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        summary = el.find("summary")
        head = raw(summary) if summary else "<summary></summary>"
        opening = "<details open>" if el.has_attr("open") else "<details>"
        return f"\n\n{opening}\n{head}\n\n{text.strip(_SPACE)}\n\n</details>\n\n"

    def convert_summary(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        return ""

    def convert_table(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        if "table" in parent_tags or RAW & parent_tags:
            return ""  # it is written with what is around it
        rows = el.find_all("tr")
        if not _is_simple(el, rows):
            return f"\n\n{raw(el)}\n\n"
        lines = text.strip(_SPACE).split("\n")
        marks = [_alignment([row.find_all(["td", "th"])[at] for row in rows]) for at in range(len(_cells(rows[0])))]
        return "\n\n{}\n| {} |\n{}\n\n".format(lines[0], " | ".join(marks), "\n".join(lines[1:]))

    def convert_tr(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        return f"|{text}\n"

    def convert_td(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        words = text.strip(_SPACE + BREAK).replace("\n", " ").replace(BREAK, "<br>")
        words = re.sub(r"(?<!\\)[|]", r"\|", words)
        return f" {words} |"

    convert_th = convert_td


def raw(element: Tag) -> str:
    """`element` as HTML, with what the sanitiser allows, in lines without an empty one: that would end it."""
    element = copy.copy(element)
    for inner in [element, *element.find_all(True)]:
        _strip(inner)
    for inner in element.find_all(True):
        if inner.name not in TAGS and inner.name != "line":
            inner.unwrap()
    for line in element.find_all(["line", "p"]):
        if line.name == "line" or (line.parent is not None and len(line.parent.find_all(True, recursive=False)) == 1):
            line.unwrap()
    for listing in [element] if element.name == "pre" else element.find_all("pre"):
        for words in listing.find_all(string=True):
            words.replace_with(NavigableString(words.replace("\n", "\x08")))
    if element.name in ("video", "audio") and not element.has_attr("controls"):
        element["controls"] = ""
    html = re.sub(r"\s*\n\s*", "\n", str(element)).replace("\x08\x08", "\n&#10;").replace("\x08", "\n")
    html = html.replace('=""', "") if element.name in ("video", "audio") else html
    return re.sub(r"^(<(?:video|audio)\b[^>]*>)(?!\n)", r"\1\n", re.sub(r"\n(?=\n)", "\n&#10;", html).strip())


def _strip(element: Tag) -> None:
    """Take the attributes away that are decoration, or that the sanitiser would take."""
    element.name = element.name.removeprefix("x-")
    dropped = ("class", "style", "role") if element.name == "a" else ("class", "id", "style", "role", "name")
    kept = {key: value for key, value in element.attrs.items() if allows(element.name, key) and key not in dropped}
    flags = ("controls", "loop", "muted", "playsinline", "open", "reversed", "default")
    element.attrs = {key: "" if key in flags else value for key, value in kept.items()}


def _inline(el: Tag, text: str, name: str) -> str:
    before, words, after = _apart(text)
    if not words or name == "span":
        kept = {key: el[key] for key in ("lang", "dir") if el.get(key)}
        if not kept or not words:
            return text
    given = {key: attribute(el, key) for key in el.attrs if allows(name, key) and key not in ("class", "id", "role")}
    written = "".join(f' {key}="{_quoted(value)}"' for key, value in given.items())
    return f"{before}<{name}{written}>{words}</{name}>{after}"


def _quoted(value: str) -> str:
    return value.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;").replace("\n", " ")


def _marked(name: str, text: str, parent_tags: set[str]) -> str:
    if "_noformat" in parent_tags:
        return text
    before, words, after = _apart(text)
    opening, closing, _ = FORMATS[name]
    if not words or opening in words:  # bold in bold
        words = words.replace(opening, "").replace(closing, "")
    return f"{before}{opening}{words}{closing}{after}" if words else text


def _apart(text: str) -> tuple[str, str, str]:
    """The spaces and line breaks around `text`, which a format cannot begin or end with."""
    around = _SPACE + BREAK + "\xa0"
    words = text.strip(around)
    start = len(text) - len(text.lstrip(around)) if words else len(text)
    return text[:start], words, text[start + len(words) :]


def _flow(text: str, *, is_safe: bool = False) -> str:
    """The words of a paragraph, with its line breaks; `is_safe` says that its first sign is meant."""
    lines = re.split(f"[ \t\r\n]*{BREAK}[ \t\r\n]*", text.strip(_SPACE + BREAK))
    words = "\\\n".join(line or "&nbsp;" for line in lines)
    return words if is_safe else line_starts(words)


def _formats(text: str) -> str:
    """Marks as signs, or as HTML where signs would not be read: https://spec.commonmark.org/0.31.2/#emphasis-and-strong-emphasis"""
    opened: list[tuple[int, str]] = []
    written: dict[int, str] = {}
    for mark in _MARK.finditer(text):
        if mark[0] in _OPEN:
            opened.append((mark.start(), mark[0]))
        elif opened:
            at, opening = opened.pop()
            name, _, sign = _OPEN[opening]
            is_read = _opens(text, at) and _closes(text, mark.start())
            written[at], written[mark.start()] = (sign, sign) if is_read else (f"<{name}>", f"</{name}>")
    return _MARK.sub(lambda mark: written.get(mark.start(), ""), text)


def _opens(text: str, at: int) -> bool:
    before, after = text[at - 1 : at] or "\n", text[at + 1 : at + 2] or "\n"
    if before in _CLOSE or (before in _OPEN and not _opens(text, at - 1)):
        return False
    is_apart = before.isspace() or before in _OPEN or (_is_punctuation(before) and before not in "*~_")
    return not after.isspace() and (
        is_apart or (not _is_punctuation(after) and after not in _OPEN and before not in "*~_")
    )


def _closes(text: str, at: int) -> bool:
    before, after = text[at - 1 : at] or "\n", text[at + 1 : at + 2] or "\n"
    if after in _OPEN or (after in _CLOSE and not _closes(text, at + 1)):
        return False
    is_apart = after.isspace() or after in _CLOSE or (_is_punctuation(after) and after not in "*~_")
    return not before.isspace() and (
        is_apart or (not _is_punctuation(before) and before not in _CLOSE and after not in "*~_")
    )


def _is_punctuation(sign: str) -> bool:
    return not sign.isalnum() and not sign.isspace()


def _language(el: Tag) -> str:
    for inner in [el, *el.find_all("code")]:
        for name in ("data-enlighter-language", "data-language", "data-lang"):
            if inner.get(name):
                return re.sub(r"[^\w+#.-]", "", attribute(inner, name))
        found = _LANGUAGE.search(attribute(inner, "class"))
        if found:
            return (found[1] or found[2]).lower()
    return ""


def _is_own_block(node: object) -> bool:
    return is_block(node) or (isinstance(node, Tag) and node.name == "x-line")


def _has_words_between(before: Tag, after: Tag) -> bool:
    node: Any = before.next_sibling
    while node is not None and node is not after:
        if str(node).strip():
            return True
        node = node.next_sibling
    return False


def _cells(row: Tag) -> list[Tag]:
    return list(row.find_all(["td", "th"]))


def _is_simple(table: Tag, rows: list[Tag]) -> bool:
    """Whether it is one row of headers and rows of as many cells, each of which holds a line."""
    if len(rows) < 2 or table.find(
        ["caption", "table", "ul", "ol", "pre", "blockquote", "figure", "video", "audio", "dl", "hr"]
    ):
        return False
    for cell in table.find_all(["td", "th"]):
        if any(attribute(cell, name) not in ("", "1") for name in ("colspan", "rowspan")):
            return False
        if cell.find(["h1", "h2", "h3", "h4", "h5", "h6", "details"]) or len(cell.find_all(["p", "div"])) > 1:
            return False
    width = len(_cells(rows[0]))
    heads = [cell.name == "th" for cell in _cells(rows[0])]
    is_headed = rows[0].parent is not None and (rows[0].parent.name == "thead" or all(heads))
    others = [_cells(row) for row in rows[1:]]
    return (
        bool(width)
        and is_headed
        and all(len(row) == width and all(cell.name == "td" for cell in row) for row in others)
    )


def _alignment(cells: list[Tag]) -> str:
    found = {_aligned(cell) for cell in cells}
    return {"left": ":---", "center": ":---:", "right": "---:"}.get(found.pop(), "---") if len(found) == 1 else "---"


def _aligned(cell: Tag) -> str:
    style = re.search(r"text-align\s*:\s*(\w+)", attribute(cell, "style"))
    named = re.search(r"has-text-align-(\w+)", attribute(cell, "class"))
    return style[1] if style else named[1] if named else attribute(cell, "align")
