"""Front matter: finding the header of a file and reading its YAML or TOML into text with positions.

Nothing is guessed from how a value looks: scalars stay the text that was typed (`no`, `2024`, `12:30`),
and fields of another type convert it when they are read.
"""

import json
import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

import yaml

from byline.frontmatter.keys import normal
from byline.frontmatter.slips import Slip, repaired
from byline.problems import NOT_XML, Problem, merge_conflict, read_toml

MAX_NODES = 5000
"""Values in one header. YAML aliases can turn a few lines into billions, so each use counts."""
MAX_DEPTH = 20
MAX_CHARACTERS = 100_000
"""In one header, read in 0.1 s. Real headers have less than a tenth of that."""

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # libyaml: 0.10 ms a header against 0.82 ms
_TOML_KEY = re.compile(
    r"^[ \t]*(?:\[\[?[ \t]*)?(?:(?P<bare>[A-Za-z0-9_-]+)|(?P<quote>[\"'])(?P<quoted>.*?)(?P=quote))[ \t]*[=.\]]",
    re.MULTILINE,
)
_ANY_KEY = re.compile(r"[ \t]*([A-Za-z][\w.-]{0,40})[ \t]*[:=]")
_ODD_FENCE = re.compile(r"[-–—]{1,9}|[*_=]{3,9}")
_PLAIN_KEY = re.compile(r"([A-Za-z][\w.\- ]{0,40}?)[ \t]*:(?:[ \t]|$)")
_JSON_KEY = re.compile(r"\{\s*\"([^\"\n]{1,100})\"\s*:")
_NIKOLA_KEY = re.compile(r"\.\. (?=[A-Za-z][\w-]{0,40}:(?:[ \t]|$))")
_LINE = re.compile(r"[ ]{0,3}(?P<key>[A-Za-z][\w.\- ]{0,40}?)[ \t]*:[ \t]*(?P<value>.*?)[ \t]*")
_RULE = re.compile(r"-{3,}[ \t]*")


class Split(NamedTuple):
    """A file's text in two: `form` is "yaml", "toml", "plain" (YAML, or else lines of text) or "none"; the lines are
    where the two parts start."""

    form: str
    header: str
    header_line: int
    body: str
    body_line: int


class Node(NamedTuple):
    """A value of a header and its place in the file. `value` is text, a tuple of nodes, or a dict of nodes."""

    value: "str | tuple[Node, ...] | dict[str, Node]"
    line: int
    col: int
    is_plain: bool = False
    key: str = ""
    lost: str = ""
    """The text in the file, if YAML reads part of it as a comment or as syntax."""
    key_at: tuple[int, int] = (1, 1)
    """Line and column of the key."""
    slips: tuple[Slip, ...] = ()
    """What was put right so that YAML could read the key and its value."""

    @property
    def is_empty(self) -> bool:
        return not self.value or (isinstance(self.value, str) and not self.value.strip())


class HeaderError(Exception):
    """A header that cannot be read at all; carries the problem (without the file's path)."""

    def __init__(self, line: int, col: int, code: str, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.problem = Problem("", line, col, code, message, hint)


def split(text: str, is_known: Callable[[str], bool]) -> Split:
    """Split `text` (newlines already `\\n`). A header without fences counts only if its first key is known."""
    conflict = merge_conflict("", text, has_listings=True)  # before YAML, whose advice would mislead
    if conflict:
        raise HeaderError(conflict.line, conflict.col, conflict.code, conflict.message, conflict.hint)
    lines = text.split("\n")
    top = _top(lines, is_known)
    first = lines[top].strip() if top else lines[0].rstrip()
    for form, fence, ends in (("yaml", "---", ("---", "...")), ("toml", "+++", ("+++",))):
        if first == fence:
            for number, line in enumerate(lines[top + 1 :], top + 1):
                if line.rstrip() in ends:
                    header, body = lines[top + 1 : number], lines[number + 1 :]
                    return Split(form, "\n".join(header), top + 2, "\n".join(body), number + 2)
            hint = f"add a line `{fence}` below the last key"
            raise HeaderError(
                top + 1, 1, "header-without-end", f"the header that starts with `{fence}` has no end", hint
            )
    return _json(text, lines[0], is_known) or _of_nikola(lines) or _without_fences(lines, is_known)


def _json(text: str, first: str, is_known: Callable[[str], bool]) -> Split | None:
    """Hugo's third form: an object at the start. YAML reads JSON, so that is what it is from here on."""
    if not first.startswith("{") or first.startswith(("{{", "{%", "{#")):
        return None
    try:
        table, end = json.JSONDecoder().raw_decode(text)
    except json.JSONDecodeError as error:
        key = _JSON_KEY.match(text)
        if key and is_known(key[1]):  # it may say that this is a draft
            hint = "put it right as JSON, or write it as YAML between lines of `---`"
            raise HeaderError(
                error.lineno, error.colno, "bad-header", f"the header is not JSON: {error.msg}", hint
            ) from None
        return None
    except RecursionError:
        return None
    below = text[end:].partition("\n")
    if not (isinstance(table, dict) and any(map(is_known, table))) or below[0].strip():
        return None
    header = text[:end].replace("\t", " ")  # YAML cannot be indented with tabs
    return Split("yaml", header, 1, below[2], header.count("\n") + 2)


def _of_nikola(lines: list[str]) -> Split | None:
    """Nikola's lines `.. title: …`, most often in a comment."""
    top = int(lines[0].rstrip() == "<!--")
    end = next((at for at, line in enumerate(lines) if at >= top and not _NIKOLA_KEY.match(line)), len(lines))
    if end == top:
        return None
    header = "\n".join("   " + line[3:] for line in lines[top:end])
    below = next((at for at, line in enumerate(lines) if at >= end and "-->" in line), end) + 1 if top else end
    return Split("plain", header, top + 1, "\n".join(lines[below:]), below + 1)


def _without_fences(lines: list[str], is_known: Callable[[str], bool]) -> Split:
    """A header that begins with a known key and ends at an empty line, or at a rule as in Hexo."""
    key = _PLAIN_KEY.match(lines[0])
    if not key or not is_known(key[1]):
        return Split("none", "", 1, "\n".join(lines), 1)
    end = next((at for at, line in enumerate(lines) if not line.strip() or _RULE.fullmatch(line)), len(lines))
    return Split("plain", "\n".join(lines[:end]), 1, "\n".join(lines[end + 1 :]), end + 2)


def _top(lines: list[str], is_known: Callable[[str], bool]) -> int:
    """Where the header begins: below empty lines, if a known key follows there. Raises HeaderError for an odd fence."""
    top = next((number for number, line in enumerate(lines) if line.strip()), 0)
    key = _ANY_KEY.match(lines[top + 1]) if top + 1 < len(lines) else None
    if key is None or not is_known(key[1]):
        return 0
    fence = lines[top].strip()
    if fence not in ("---", "+++") and _ODD_FENCE.fullmatch(fence):
        hint = "write `---` above and below the keys"
        raise HeaderError(top + 1, 1, "bad-fence", f"a header begins with three hyphens, not with {fence}", hint)
    return top if fence in ("---", "+++") else 0


def read(part: Split) -> dict[str, Node]:
    """The header's keys, as typed, with their values. Raises HeaderError, and nothing else."""
    if len(part.header) > MAX_CHARACTERS:
        message = f"the header has {len(part.header):,} characters; the limit is {MAX_CHARACTERS:,}"
        raise HeaderError(part.header_line, 1, "huge-header", message, "move what is not metadata into the text")
    try:
        return _read_toml(part) if part.form == "toml" else _read_yaml(part)
    except HeaderError:
        raise
    except Exception as error:  # a limit or a bug of the parser: a problem of this file only
        raise unreadable(part, error) from None


def unreadable(part: Split, error: Exception) -> HeaderError:
    """What to say of a header that `error` keeps from being read, which nobody foresaw."""
    message = f"the header cannot be read: {type(error).__name__}: {error}"[:200]
    return HeaderError(part.header_line, 1, "bad-header", message, "simplify it")


def plain_value(node: Node) -> Any:
    """An unknown key's value: unquoted true, false, null and numbers as YAML 1.2 has them, all else as typed."""
    if isinstance(node.value, dict):
        return {key: plain_value(item) for key, item in node.value.items()}
    if isinstance(node.value, tuple):
        return [plain_value(item) for item in node.value]
    if node.is_plain:
        if node.value in ("true", "false", "null", "~", ""):
            return {"true": True, "false": False}.get(node.value)
        if re.fullmatch(r"[-+]?(0|[1-9][0-9]{0,17})", node.value):
            return int(node.value)
        if re.fullmatch(r"[-+]?[0-9]{1,17}\.[0-9]{1,17}", node.value):
            return float(node.value)
    return node.value


def _read_yaml(part: Split) -> dict[str, Node]:
    """The table in a header. If YAML cannot read it, slips that can mean only one thing are put right first."""
    try:
        return _composed(part)
    except HeaderError as error:
        if error.problem.code != "bad-yaml":
            raise
        plain = _of_lines(part) if part.form == "plain" else {}
        if plain:
            return plain
        header, slips = repaired(part.header, part.header_line, _Loader)
        try:
            return _with_slips(_composed(part._replace(header=header)), slips)
        except HeaderError:
            raise error from None


def _of_lines(part: Split) -> dict[str, Node]:
    """A header without fences as Pelican and Nikola read it: each line is a key and a text; indented ones go on."""
    table: dict[str, Node] = {}
    last = ""
    for number, line in enumerate(part.header.split("\n"), part.header_line):
        match = _LINE.fullmatch(line)
        if match and normal(match["key"]) not in map(normal, table):
            col = match.start("value") + 1
            last = match["key"]
            table[last] = Node(match["value"], number, col, True, last, key_at=(number, match.start("key") + 1))
        elif last and line.startswith(" "):
            table[last] = table[last]._replace(value=f"{table[last].value} {line.strip()}".strip())
        else:
            return {}
    return table


def _with_slips(table: dict[str, Node], slips: Sequence[Slip]) -> dict[str, Node]:
    """`table`, in which each slip is with the last key that begins above it."""
    starts = sorted((node.key_at[0], key) for key, node in table.items())
    for slip in slips:
        key = next((key for line, key in reversed(starts) if line <= slip.line), starts[0][1])
        table[key] = table[key]._replace(slips=(*table[key].slips, slip))
    return table


def _composed(part: Split) -> dict[str, Node]:
    try:
        _refuse_deep_yaml(part)
        root = yaml.compose(part.header, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        raise _yaml_error(error, part) from None
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        odd = NOT_XML.search(part.header)
        line, col = _place(part, odd.start()) if odd else (part.header_line, 1)
        raise HeaderError(line, col, "bad-yaml", f"the header is not YAML: {error}".split("\n")[0]) from None
    if root is None:
        return {}
    if not isinstance(root, yaml.MappingNode):
        message = "the header is not a list of `key: value` lines"
        hint = "for `key = value` lines, write `+++` above and below" if " = " in part.header else ""
        raise HeaderError(part.header_line, 1, "bad-yaml", message, hint)
    value = _yaml_node(root, part.header_line, iter(range(MAX_NODES)), MAX_DEPTH).value
    assert isinstance(value, dict)
    lines = part.header.split("\n")
    known = {key: _with_lost(node, lines[node.line - part.header_line]) for key, node in value.items() if key != "<<"}
    return _merged(value["<<"]) | known if "<<" in value else known


def _merged(node: Node) -> dict[str, Node]:
    """The keys that a header takes over from other tables: https://yaml.org/type/merge.html"""
    tables = node.value if isinstance(node.value, tuple) else (node,)
    merged: dict[str, Node] = {}
    for table in tables:
        merged = table.value | merged if isinstance(table.value, dict) else merged
    return merged


def _refuse_deep_yaml(part: Split) -> None:
    """Raise HeaderError for deep nesting. The composer recurses in C, so too many levels would crash the process.

    Events come one by one, whatever the depth. Most headers have too few brackets and dashes to nest that deeply.
    """
    header = part.header
    if sum(map(header.count, "[{-?")) < MAX_DEPTH and " " * MAX_DEPTH not in header:
        return
    depth = 0
    for event in yaml.parse(header, Loader=_Loader):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > MAX_DEPTH:
            mark: Any = event.start_mark
            raise _too_deep(mark.line + part.header_line, mark.column + 1)


def _too_deep(line: int, col: int) -> HeaderError:
    return HeaderError(line, col, "huge-header", "the header has too many values, or nests them too deeply")


def _with_lost(node: Node, line: str) -> Node:
    """`node`, a value on the same line as its key, with the text as typed if YAML dropped part of it."""
    written = line.partition(":")[2].strip()
    is_text = node.is_plain and isinstance(node.value, str) and node.value and written not in ("|", ">", "")
    if not is_text or str(node.value).startswith(written):
        return node
    return node._replace(lost=written)


def _yaml_node(node: Any, top: int, budget: Iterator[int], depth: int) -> Node:
    line, col = node.start_mark.line + top, node.start_mark.column + 1
    if next(budget, None) is None or depth == 0:
        raise _too_deep(line, col)
    if isinstance(node, yaml.ScalarNode):
        is_null = not node.style and node.value in ("", "~", "null", "Null", "NULL")
        return Node("" if is_null else NOT_XML.sub("", node.value), line, col, not node.style)
    if isinstance(node, yaml.SequenceNode):
        return Node(tuple(_yaml_node(item, top, budget, depth - 1) for item in node.value), line, col)
    table: dict[str, Node] = {}
    for key, value in node.value:
        name = key.value if isinstance(key, yaml.ScalarNode) else "?"
        at = key.start_mark.line + top, key.start_mark.column + 1
        inner = _yaml_node(value, top, budget, depth - 1)
        if name in table:
            hint = f"it is also on line {table[name].line}; keep one"
            if plain_value(inner) != plain_value(table[name]):
                raise HeaderError(*at, "duplicate-key", f"`{name}` appears twice", hint)
            again = Slip(*at, f"`{name}` appears twice with one value", hint, "", "")
            table[name] = table[name]._replace(slips=(*table[name].slips, again))
            continue
        place = at if inner.is_empty else (inner.line, inner.col)
        table[name] = inner._replace(line=place[0], col=place[1], key=name, key_at=at)
    return Node(table, line, col)


def _sign_at(part: Split, mark: Any) -> str:
    lines = part.header.split("\n")  # YAML counts more characters as line ends
    return lines[mark.line][mark.column : mark.column + 1] if mark and mark.line < len(lines) else ""


def _yaml_error(error: yaml.MarkedYAMLError, part: Split) -> HeaderError:
    is_open = any(word in (error.context or "") for word in ("flow", "quoted scalar"))
    mark = (error.context_mark if is_open else error.problem_mark) or error.context_mark or error.problem_mark
    line = mark.line + part.header_line if mark else part.header_line
    text = error.problem or str(error)
    hint = ""
    if "mapping values are not allowed" in text:
        text, hint = "an unquoted value cannot contain a colon followed by a space", 'put the value in "quotes"'
    elif "\\t" in text or "'\t'" in text or _sign_at(part, mark) == "\t":
        text, hint = "YAML cannot be indented with tabs", "use spaces"
    elif "cannot start any token" in text or "alias" in text or "tag" in text:
        hint = 'put the value in "quotes"'
    elif "quoted scalar" in text or "quoted scalar" in (error.context or ""):
        hint = "close the quotation marks"
    elif is_open:
        hint = "close the bracket"
    else:
        hint = 'put the whole value in "quotes"'
    return HeaderError(line, mark.column + 1 if mark else 1, "bad-yaml", text, hint)


def _read_toml(part: Split) -> dict[str, Node]:
    table = read_toml("", part.header)
    if isinstance(table, Problem):
        raise HeaderError(table.line + part.header_line - 1, table.col, table.code, table.message, table.hint)
    starts: dict[str, int] = {}
    for match in _TOML_KEY.finditer(part.header):
        starts.setdefault(match["bare"] or match["quoted"], match.start() + len(match[0]) - len(match[0].lstrip()))
    budget = iter(range(MAX_NODES))
    return {key: _Toml(part, starts.get(key, 0), budget).node(key, value) for key, value in table.items()}


class _Toml:
    """The places of one key's values, searched for in order, starting at the key; tomllib gives none:
    https://docs.python.org/3/library/tomllib.html"""

    def __init__(self, part: Split, start: int, budget: Iterator[int]) -> None:
        self._part = part
        self._at = start
        self._key_at = _place(part, self._at)
        self._budget = budget

    def node(self, key: str, value: Any, depth: int = MAX_DEPTH) -> Node:
        self._pass(key)
        key_at = self._key_at
        line, col = self._found(value)
        if next(self._budget, None) is None or depth == 0:
            raise _too_deep(line, col)
        if isinstance(value, dict):
            inner: Any = {k: self.node(k, v, depth - 1) for k, v in value.items()}
        elif isinstance(value, list):
            inner = tuple(self.node("", item, depth - 1) for item in value)
        else:
            inner = NOT_XML.sub("", value) if isinstance(value, str) else str(value)
            inner = inner.lower() if isinstance(value, bool) else inner
        is_plain = not isinstance(value, dict | list | str)
        return Node(inner, line, col, is_plain, key, key_at=key_at)

    def _pass(self, key: str) -> None:
        """Move past `key`; list items have none."""
        at = self._part.header.find(key, self._at) if key else -1
        if at >= 0:
            self._key_at = _place(self._part, at - (self._part.header[at - 1 : at] in tuple("\"'")))
            self._at = at + len(key)

    def _found(self, value: Any) -> tuple[int, int]:
        """Where `value` starts, with its quotation mark; the place of the key if it is written differently."""
        opening = "{" if isinstance(value, dict) else "[" if isinstance(value, list) else ""
        text = opening or (str(value).lower() if isinstance(value, bool) else str(value))
        at = self._part.header.find(text, self._at) if text else -1
        is_section = opening and self._part.header[self._at : at].strip(" \t\n,=\"'")  # its name is its place
        if at < 0 or is_section:
            return self._key_at
        self._at = at + len(text)
        return _place(self._part, at - (not opening and self._part.header[at - 1] in "\"'"))


def _place(part: Split, at: int) -> tuple[int, int]:
    """Line and column in the file of an offset in the header."""
    return part.header.count("\n", 0, at) + part.header_line, at - part.header.rfind("\n", 0, at)
