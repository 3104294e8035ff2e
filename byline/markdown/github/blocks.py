"""GitHub's Markdown, by comrak: a body is parsed once and walked once, and everything has its place in the source."""

import collections
import itertools
import re
from collections.abc import Callable
from html import escape, unescape
from typing import Any
from urllib.parse import quote

import comrak

from byline.markdown.facts import Heading, Page
from byline.markdown.github import raw
from byline.markdown.github.attributes import AT_END, attributes, written
from byline.markdown.github.code import listing
from byline.markdown.github.inline import Inline
from byline.markdown.github.source import escaped, nodes, plain, tidy
from byline.markdown.github.tree import tree
from byline.markdown.ids import ID_SAFE, HeadingIds
from byline.markdown.text import ANCHOR
from byline.problems import NOT_XML

_ABBREVIATION = re.compile(r" {0,3}\*\[([^\]]+)\]:[ \t]*(\S.*)")
_FOLD = re.compile(r"\[![A-Za-z]+\]([+-])")
_SIDES = ("", "left", "center", "right")
MAX_COLOURED = 100_000_000
"""The sum of the squares of the lengths of listings in colours: some lexers are quadratic. 100 of 1,000 characters
reach it; further ones have no colours. The most in a real post that we know is 1,600,000."""
_KINDS = ("note", "tip", "important", "warning", "caution")
"""By the numbers that comrak gives them."""


def page(body: str, *, trust_html: bool) -> Page:
    """`body`, which is within bounds, as a page. Raises TooDeep."""
    body = tidy(body)
    with tree(body) as root:
        return _Blocks(root, body, trust_html).page()


class _Blocks(Inline):
    def __init__(self, root: Any, body: str, trusts_html: bool) -> None:
        self._root = root
        super().__init__(body, trusts_html)
        self._coloured = 0
        self._ids = HeadingIds(_reserved_ids(self._root) if "<" in body or "{#" in body else ())

    def page(self) -> Page:
        blocks = list(self._root.children)
        if "*[" in "\n".join(self._source.lines):
            blocks = [block for block in blocks if not self._defines_abbreviations(block)]
        self._blocks(blocks)
        if any("[^" in line for line in self._source.lines):
            self._print_notes()
        self._facts.prose = self._source.prose()
        return Page("".join(self._out), self._lead, self._facts, self._formulas)

    def _blocks(self, blocks: list[Any]) -> None:
        if not blocks:
            return
        self._deeper(blocks)
        is_caption = False
        for block, after in itertools.zip_longest(blocks, blocks[1:]):
            if is_caption:
                is_caption = False
                continue
            value = block.node_value
            if type(value) is comrak.Paragraph:
                is_caption = self._paragraph(block, after)
            else:
                _BLOCKS[type(value)](self, block, value)
        self._depth -= 1

    def _paragraph(self, node: Any, after: Any) -> bool:
        """Print a paragraph, or the figure that it is; whether the block `after` it was its caption."""
        children = node.children
        if children and not self._html.is_in_figure and self._begins_with_picture(children[0]):
            caption = self._caption(children, after)
            if caption is not None:
                self._figure(children, caption)
                return caption is after
        self._out.append("<p>")
        self._inline(children)
        self._out.append("</p>\n")
        return False

    def _begins_with_picture(self, node: Any) -> bool:
        kind = type(node.node_value)
        inner = node.children
        is_linked = kind is comrak.Link and len(inner) == 1 and type(inner[0].node_value) is comrak.Image
        return kind is comrak.Image or is_linked

    def _caption(self, children: list[Any], after: Any) -> Any:
        """Where the caption of the picture stands: a line of italics below it, its title, or a paragraph of italics."""
        rest = self._after_attributes(children)
        kinds = [type(child.node_value) for child in rest]
        if len(kinds) == 2 and kinds[0] in (comrak.SoftBreak, comrak.LineBreak) and kinds[1] is comrak.Emph:
            return rest[1]
        if kinds:
            return None
        first = children[0]
        image = first if type(first.node_value) is comrak.Image else first.children[0]
        if image.node_value.value.title:
            return image
        if after is not None and type(after.node_value) is comrak.Paragraph:
            inner = after.children
            if len(inner) == 1 and type(inner[0].node_value) is comrak.Emph:
                return after
        return None

    def _after_attributes(self, children: list[Any]) -> list[Any]:
        """What stands behind the picture and its attributes in braces."""
        rest = children[1:]
        if rest and type(rest[0].node_value) is comrak.Text:
            _, end = self._given(children, 0)
            if end and not rest[0].node_value.value[end:].strip():
                return rest[1:]
        return rest

    def _figure(self, children: list[Any], caption: Any) -> None:
        first = children[0]
        behind = children[1].node_value if len(children) > 1 else None
        has_attributes = type(behind) is comrak.Text and behind is not None
        self._out.append("<figure>")
        image = first if type(first.node_value) is comrak.Image else first.children[0]
        is_title = caption is image
        with_attributes = children[: 2 if has_attributes else 1]
        self._inline(with_attributes, without_title=is_title)
        self._out.append("\n<figcaption>")
        if is_title:
            self._out.append(escaped(image.node_value.value.title))
        elif type(caption.node_value) is comrak.Emph:
            self._inline(caption.children)
        else:
            self._inline(caption.children[0].children)
        self._out.append("</figcaption>\n</figure>\n")

    def _heading(self, node: Any, value: Any) -> None:
        level, children = value.value.level, node.children
        given: dict[str, str] = {}
        cut = 0
        if children and type(children[-1].node_value) is comrak.Text:
            text = children[-1].node_value.value
            match = AT_END.search(text) if text.endswith("}") else None
            found = attributes("h1", match[1]) if match else None
            typed = self._source.lines[children[-1].sourcepos.end.line - 1]
            if match and found is not None and match[0] in typed:  # not behind a backslash
                given, cut = found, len(text) - match.start()
                self._source.hide_part(children[-1].sourcepos.end.line, typed.rfind(match[0]) + 1, len(match[0]))
        title, typed_title = (
            (text[:-cut] if cut else text).strip() for text in (plain(node), plain(node, is_typed=True))
        )
        name = given.pop("id", "") or self._ids.of(typed_title)
        self._facts.headings.append(Heading(level, name, title, *self._source.place(node)))
        self._out.append(f"<h{level}{written(given | {'id': name})}>")
        self._inline(children, cut=cut)
        self._out.append(f"{ANCHOR.format(escape(quote(name, safe=ID_SAFE)))}</h{level}>\n")

    def _quote(self, node: Any, _value: Any) -> None:
        self._out.append("<blockquote>\n")
        self._blocks(node.children)
        self._out.append("</blockquote>\n")

    def _alert(self, node: Any, value: Any) -> None:
        alert = value.value
        kind = _KINDS[int(alert.alert_type)]
        fold = _FOLD.search(self._source.lines[self._source.place(node)[0] - 1])
        title = alert.title or ""
        title = title.lstrip("+- ") if fold else title
        if fold:
            is_open = " open" if fold[1] == "+" else ""
            self._out.append(f'<details class="{kind}"{is_open}>\n<summary>')
        else:
            self._out.append(f'<div class="admonition {kind}">\n<p class="admonition-title">')
        if title:
            self._titled(title, self._source.place(node)[0])
        else:
            self._out.append(kind.capitalize())
        self._out.append("</summary>\n" if fold else "</p>\n")
        self._blocks(node.children)
        self._out.append("</details>\n" if fold else "</div>\n")

    def _titled(self, title: str, line: int) -> None:
        """The title of a callout, with the marks of emphasis and code in it."""
        with tree(title) as root:
            blocks = root.children
            if len(blocks) == 1 and type(blocks[0].node_value) is comrak.Paragraph:
                with self._source.part(line, title):
                    self._inline(blocks[0].children)
            else:
                self._out.append(escaped(title))

    def _list(self, node: Any, value: Any) -> None:
        is_ordered = value.value.list_type == comrak.ListType.Ordered
        start = value.value.start
        tag = "ol" if is_ordered else "ul"
        number = f' start="{start}"' if is_ordered and start != 1 else ""
        tasks = ' class="task-list"' if value.value.is_task_list else ""
        self._out.append(f"<{tag}{number}{tasks}>\n")
        for item in node.children:
            self._item(item, value.value.tight)
        self._out.append(f"</{tag}>\n")

    def _item(self, node: Any, is_tight: bool) -> None:
        value, children, box = node.node_value, list(node.children), ""
        if type(value) is comrak.TaskItem and not self._is_task(node):
            self._out.append("<li>")
            box = f"[{value.value.symbol or ' '}]"
        elif type(value) is comrak.TaskItem:
            checked = ' checked=""' if value.value.symbol is not None else ""
            box = f'<input type="checkbox" disabled=""{checked}> '
            self._out.append('<li class="task-list-item">')
        else:
            self._out.append("<li>")
        if not is_tight:
            self._out.append("\n")
        has_text = bool(children) and type(children[0].node_value) is comrak.Paragraph
        if has_text and (is_tight or box):
            first = children.pop(0)
            self._out.append(box if is_tight else f"<p>{box}")
            self._inline(first.children)
            self._out.append("" if is_tight else "</p>\n")
        elif box:
            self._out.append(box if is_tight else f"<p>{box}</p>\n")
        if is_tight:
            for child in children:
                if type(child.node_value) is comrak.Paragraph:
                    self._out.append("\n")
                    self._inline(child.children)
                else:
                    self._out.append("\n")  # else the text before it would run into its first word
                    self._blocks([child])
        else:
            self._blocks(children)
        self._out.append("</li>\n")

    def _is_task(self, node: Any) -> bool:
        """Whether white space follows the box, which comrak does not ask."""
        end: Any = node.node_value.value.symbol_sourcepos.end
        line = self._source.lines[end.line - 1].encode()
        return line[end.column + 1 : end.column + 2] in (b" ", b"\t")

    def _code_block(self, node: Any, value: Any) -> None:
        info = unescape(value.value.info).split()
        language = info[0].split("{")[0].split(",")[0] if info else ""
        code = NOT_XML.sub("", value.value.literal)
        self._source.hide(node)
        if value.value.fenced:
            self._facts.listed(value.value.info, *self._source.place(node), is_closed=value.value.closed)
        if language == "math":
            self._math_block(code, node)
        elif language == "mermaid":
            self._out.append(f'<pre><code class="language-mermaid">{escaped(code)}</code></pre>\n')
        else:
            self._coloured += len(code) ** 2
            self._out.append(listing(code, language if self._coloured <= MAX_COLOURED else ""))

    def _math_block(self, formula: str, node: Any) -> None:
        self._out.append("<p>")
        self._formula(formula, True, node)
        self._out.append("</p>\n")

    def _html_block(self, node: Any, value: Any) -> None:
        literal = NOT_XML.sub("", value.value.literal)
        line, col = self._source.place(node)
        if raw.is_comment(literal.strip(" \t\n")):
            self._source.hide(node)
            self._comment(literal.strip(" \t\n"))
            return
        unclosed = raw.UNCLOSED.match(literal) if value.value.block_type == 1 else None
        if unclosed and not self._trusts_html:  # it would swallow the rest of the text
            self._facts.removed(f"<{unclosed[1].lower()}>", line, col)
            self._out.append(f"<p>{escaped(literal.strip())}</p>\n")
            return
        shown = self._html.printed(literal, line, col)
        is_frame = raw.LONE_FRAME.fullmatch(literal) and not self._trusts_html
        self._out.append(f"<p>{shown.strip()}</p>\n" if is_frame else shown)

    def _rule(self, _node: Any, _value: Any) -> None:
        self._out.append("<hr>\n")

    def _table(self, node: Any, value: Any) -> None:
        sides = [_SIDES[int(side)] for side in value.value.alignments]
        self._out.append("<table>\n")
        is_open = False
        for row in node.children:
            is_head = row.node_value.value
            if is_head:
                self._out.append("<thead>\n")
            elif not is_open:
                self._out.append("<tbody>\n")
                is_open = True
            self._row(row.children, sides, "th" if is_head else "td")
            self._tell_cells(row)
            if is_head:
                self._out.append("</thead>\n")
        self._out.append("</tbody>\n</table>\n" if is_open else "</table>\n")

    def _row(self, cells: list[Any], sides: list[str], tag: str) -> None:
        self._out.append("<tr>\n")
        for side, cell in zip(sides, [*cells, *[None] * (len(sides) - len(cells))], strict=False):
            children = cell.children if cell is not None else []
            name = tag if children else "td"  # a heading without words heads nothing
            shown = f' class="align-{side}"' if side else ""
            self._out.append(f"<{name}{shown}>")
            self._inline(children)
            self._out.append(f"</{name}>\n")
        self._out.append("</tr>\n")

    def _tell_cells(self, row: Any) -> None:
        """Tell of what stands behind the cells that a row may have."""
        last, end = row.children[-1].sourcepos.end, row.sourcepos.end
        if end.column - last.column > 1:
            rest = self._source.lines[end.line - 1].encode()[last.column : end.column]
            if rest.strip(b" \t|"):
                hint = "add a column, or put a backslash before each | that ends no cell"
                self._facts.hidden("the row has more cells than the table has columns", hint, *self._source.place(row))

    def _terms(self, node: Any, _value: Any) -> None:
        self._out.append("<dl>\n")
        for item in node.children:
            for part in item.children:
                tag = "dt" if type(part.node_value) is comrak.DescriptionTerm else "dd"
                self._out.append(f"<{tag}>")
                inner = part.children
                if len(inner) == 1 and type(inner[0].node_value) is comrak.Paragraph:
                    self._inline(inner[0].children)
                else:
                    self._out.append("\n")
                    self._blocks(inner)
                self._out.append(f"</{tag}>\n")
        self._out.append("</dl>\n")

    def _note(self, node: Any, _value: Any) -> None:
        """Printed at the end."""

    def _notes(self) -> list[tuple[str, int, Any]]:
        """Each note that a mark leads to, in the order of the marks, with their number; others are told."""
        numbers: dict[str, int] = {}
        marks: collections.Counter[str] = collections.Counter()
        found: list[Any] = []
        for node in nodes(self._root):
            value: Any = node.node_value
            if type(value) is comrak.FootnoteDefinition:
                found.append(node)
            elif type(value) is comrak.FootnoteReference:
                numbers[value.value.name] = value.value.ix
                marks[value.value.name] += 1
        shown: dict[str, Any] = {}
        for place, node in sorted(((self._source.place(node), node) for node in found), key=lambda pair: pair[0]):
            name = node.node_value.value.name
            if name not in numbers:
                self._facts.hidden(f"no mark leads to the note [^{name}]", f"put [^{name}] into the text", *place)
            elif name in shown:
                self._facts.hidden(f"there are two notes [^{name}]", "give this one a name of its own", *place)
            else:
                shown[name] = node
        return [(name, marks[name], shown[name]) for name in sorted(shown, key=lambda name: numbers[name])]

    def _print_notes(self) -> None:
        notes = self._notes()
        if not notes:
            return
        self._out.append('<div class="footnote">\n<hr>\n<ol>\n')
        for name, references, node in notes:
            shown = escape(quote(name, safe=ID_SAFE))
            self._out.append(f'<li id="fn:{shown}">\n')
            self._blocks(node.children)
            ids = [f"fnref{number}:" if number > 1 else "fnref:" for number in range(1, references + 1)]
            backs = "".join(
                f"&nbsp;<a{self._address('a', 'href', f'#{i}{name}', node)}"
                f' class="footnote-backref" title="Back to the text">↩</a>'
                for i in ids
            )
            if self._out[-1] == "</p>\n":
                self._out[-1] = f"{backs}</p>\n"
            else:
                self._out.append(f"<p>{backs}</p>\n")
            self._out.append("</li>\n")
        self._out.append("</ol>\n</div>\n")

    def _comment_block(self, node: Any, _value: Any) -> None:
        """What Obsidian keeps private."""
        self._source.hide(node)

    def _defines_abbreviations(self, block: Any) -> bool:
        if type(block.node_value) is not comrak.Paragraph:
            return False
        place = block.sourcepos
        matches = [_ABBREVIATION.fullmatch(line) for line in self._source.lines[place.start.line - 1 : place.end.line]]
        if not all(matches):
            return False
        self._source.hide(block)
        self._abbreviations |= {match[1]: match[2].strip() for match in matches if match}
        longest = sorted(self._abbreviations, key=lambda name: (-len(name), name))
        self._abbreviation = re.compile(rf"(?<!\w)(?:{'|'.join(re.escape(escaped(name)) for name in longest)})(?!\w)")
        return True


def _reserved_ids(root: Any) -> set[str]:
    """Ids that the writer has given himself, which no heading may take."""
    ids: set[str] = set()
    for node in nodes(root):
        value: Any = node.node_value
        kind = type(value)
        if kind is comrak.HtmlBlock:
            ids.update(raw.ids(value.value.literal))
        elif kind is comrak.HtmlInline:
            ids.update(raw.ids(value.value))
        elif kind is comrak.Text and "{" in value.value:
            ids.update(re.findall(r"\{[^{}]*#([\w.:-]+)", value.value))
    return ids


_BLOCKS: dict[type, Callable[[_Blocks, Any, Any], None]] = {
    comrak.Heading: _Blocks._heading,
    comrak.BlockQuote: _Blocks._quote,
    comrak.MultilineBlockQuote: _Blocks._quote,
    comrak.Alert: _Blocks._alert,
    comrak.List: _Blocks._list,
    comrak.CodeBlock: _Blocks._code_block,
    comrak.HtmlBlock: _Blocks._html_block,
    comrak.ThematicBreak: _Blocks._rule,
    comrak.Table: _Blocks._table,
    comrak.DescriptionList: _Blocks._terms,
    comrak.FootnoteDefinition: _Blocks._note,
    comrak.MultilineComment: _Blocks._comment_block,
}
