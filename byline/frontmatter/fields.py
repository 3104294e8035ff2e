"""Fields: the keys of front matter as typed values.

A reader takes each key from the header as text and converts it to the field's type. It never stops at the
first fault: all problems of a header are reported together.
"""

import datetime as dt
import difflib
from collections.abc import Iterator, Mapping
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from byline.frontmatter import dates
from byline.frontmatter.keys import ADVICE, Kind, keys_of, names_of, normal, spelled
from byline.frontmatter.syntax import Node, plain_value
from byline.problems import Problem, Severity

TRUE, FALSE = ("true", "yes", "on", "1"), ("false", "no", "off", "0")
MANY = 100
"""Unknown keys that get a suggestion: each is compared with sixty known ones."""
CURLY = "“”„‟«»‘’‚‹› "
DECISIVE = ("date", "expires", "draft")
"""Keys that decide whether and when something is published: what cannot be read there keeps the post back."""
COVER_PARTS = ("alt", "caption", "credit", "focus")
SIDES = ("top", "bottom", "left", "right")
TABLES = ("extra", "params", "taxonomies")
"""Tables of Hugo and Zola: what Byline knows in them counts as if it stood outside."""
NOT_IN_TABLES = ("title", "slug", "permalink", "aliases", "id", "template", "date", "expires", "draft")
"""Keys that decide whether or where a text is published mean something else in them."""


class Cover(msgspec.Struct, frozen=True):
    src: str
    alt: str = ""
    caption: str = ""
    credit: str = ""
    focus: str = ""
    line: int = 1
    col: int = 1


class Fields:
    """The fields of one header, by the keys of `struct`. Each method reads one type; faults go to `problems`."""

    def __init__(
        self, header: dict[str, Node], struct: type, zone: ZoneInfo, renamed: Mapping[str, str] | None = None
    ) -> None:
        self.zone = zone
        self.problems: list[Problem] = []
        self.values: dict[str, Node] = {}
        self.extra: dict[str, Any] = {}
        self._names = {**names_of(struct), **(renamed or {})}
        self.others: dict[str, tuple[Node, ...]] = {}
        """Further values of keys that the header gives under several names."""
        self.item_places: dict[str, tuple[int, int]] = {}
        """Line and column of list items, under names like `tags:law`."""
        for node in header.values():
            for slip in node.slips:
                code = "bad-yaml" if slip.old else "duplicate-key"
                self.problems.append(Problem("", slip.line, slip.col, code, slip.message, slip.hint, "warning"))
        flat = self._lifted(self._normalised(header))
        for key in keys_of(struct):
            names = [name for name, its in self._names.items() if its == key and name in flat]
            self._take(key, [flat.pop(name) for name in names])
        self._cover_parts(flat)
        for name, node in flat.items():
            self.extra[name] = plain_value(node)
            is_odd = name in ADVICE or len(self.extra) > MANY
            near = [] if is_odd else difflib.get_close_matches(name, self._names, n=1, cutoff=0.8)
            hint = f"did you mean `{near[0]}`?" if near else ADVICE.get(name, "")
            # A key close to one of ours is more likely a typo than another program's key.
            severity: Severity = "warning" if near else "hint"
            message = f"Byline has no key `{node.key or name}`; it is kept as extra.{name}"
            self.report_key(node, "unknown-key", message, hint, severity)

    def refuse(self, key: str, node: Node | None, code: str, message: str, hint: str = "") -> None:
        """Report a value that cannot be used. Only keys that decide whether something is published cost the post."""
        self.report(node, code, message, hint, "error" if key in DECISIVE else "warning")

    def report(self, node: Node | None, code: str, message: str, hint: str = "", severity: Severity = "error") -> None:
        line, col = (node.line, node.col) if node else (1, 1)
        self.problems.append(Problem("", line, col, code, message, hint, severity))

    def report_key(self, node: Node, code: str, message: str, hint: str = "", severity: Severity = "error") -> None:
        """Report a problem with a key, not with its value."""
        self.report(node._replace(line=node.key_at[0], col=node.key_at[1]), code, message, hint, severity)

    def text(self, key: str) -> str:
        """One line of text; empty if the key is absent."""
        node = self.values.get(key)
        if node is None:
            return ""
        if not isinstance(node.value, str):
            self.refuse(key, node, "not-text", f"`{key}` must be text", "write it on one line")
            return ""
        return " ".join(node.value.split())

    def texts(self, key: str) -> tuple[str, ...]:
        """A list, a comma-separated line or one value; empty items and duplicates are dropped."""
        node = self.values.get(key)
        if node is None:
            return ()
        items: list[str] = []
        for item in _flat(node):
            if not isinstance(item.value, str):
                self.refuse(key, item, "not-text", f"an item of `{key}` must be text, or a table with a `name`")
                continue
            # Pelican sets authors apart with semicolons, because names may be written with a comma.
            mark = ";" if key == "authors" and ";" in item.value else ","
            parts = item.value.split(mark) if item is node else [item.value]
            self._place_items(key, item, parts)
            items += parts
        return tuple(dict.fromkeys(" ".join(item.split()) for item in items if item.strip()))

    def flag(self, key: str) -> bool | None:
        node = self.values.get(key)
        if node is None:
            return None
        word = self._straight(node).lower()
        if word not in TRUE + FALSE:
            self.refuse(key, node, "not-true-or-false", f"`{key}` must be true or false")
        return word in TRUE

    def date(self, key: str, node: Node | None = None) -> dt.datetime | None:
        """The moment in UTC."""
        node = node or self.values.get(key)
        if node is None:
            return None
        try:
            moment = dates.parse(self._straight(node) or repr(node.value), self.zone)
        except dates.BadDate as error:
            self.refuse(key, node, "bad-date", f"`{key}`: {error.args[0]}", error.args[1])
            return None
        if dates.is_in_gap(moment):
            self.report(node, "dst-gap", f"`{key}`: clocks skip this time in {self.zone}", severity="warning")
        return moment.astimezone(dt.UTC)

    def parts(self, key: str, main: str) -> dict[str, Node]:
        """A table; a single text counts as its part `main`, and a list as its first item."""
        node = self.values.get(key)
        if node is None:
            return {}
        if isinstance(node.value, tuple):
            if len(node.value) > 1:
                self.refuse(
                    key, node.value[1], "too-many", f"`{key}` holds one; the first is used", "remove the others"
                )
            node = node.value[0]
        if isinstance(node.value, dict):
            return {spelled(name): part for name, part in node.value.items() if not part.is_empty}
        if isinstance(node.value, str):
            return {main: node}
        self.refuse(key, node, "not-a-table", f"`{key}` must be text or a table with `{main}`")
        return {}

    def cover(self, key: str = "cover") -> Cover | None:
        parts = self.parts(key, "src")
        texts = {name: node.value.strip() for name, node in parts.items() if isinstance(node.value, str)}
        source = next((texts[part] for part in ("src", "path", "url", "image") if texts.get(part)), "")
        is_choice = source.lower() in TRUE + FALSE  # of a theme: `hero: false`
        if not source or is_choice:
            if parts and not is_choice:
                message = f"`{key}` has no `src`, so there is none"
                self.refuse(key, self.values[key], "cover-without-src", message, "add the picture's path")
            return None
        node = parts.get("src", self.values[key])
        alt, caption, credit, _ = (texts.get(part, "") for part in COVER_PARTS)
        return Cover(source, alt, caption, credit, self._focus(parts.get("focus")), node.line, node.col)

    def _focus(self, node: Node | None) -> str:
        """The sides of a picture that stay where it is cropped: "top", "left", "top-left"; none is its middle."""
        words = str(node.value).lower().replace("-", " ").replace("center", "").split() if node else []
        sides = tuple(side for side in SIDES if side in words)
        if len(sides) == len(words) and sides not in (SIDES[:2], SIDES[2:]) and len(sides) <= 2:
            return "-".join(sides)
        message = f"`focus` is {' '.join(words)!r}, so the picture is cropped around its middle"
        self.report(node, "bad-focus", message, "write top, bottom, left or right, or two of them", "warning")
        return ""

    def table_list(self, key: str) -> tuple[dict[str, Node], ...]:
        """A list of tables, or one table."""
        node = self.values.get(key)
        if node is None:
            return ()
        items = node.value if isinstance(node.value, tuple) else (node,)
        for item in items:
            if not isinstance(item.value, dict):
                self.refuse(key, item, "not-a-table", f"an item of `{key}` must be a table")
        return tuple(
            {spelled(name): part for name, part in item.value.items()} for item in items if isinstance(item.value, dict)
        )

    def latest(self, key: str) -> dt.datetime | None:
        """The latest date under any of the key's names: a story is not out before the last of them."""
        moments = (self.date(key, node) for node in (self.values.get(key), *self.others.get(key, ())) if node)
        return max((moment for moment in moments if moment), default=None)

    def _straight(self, node: Node) -> str:
        """The text of a value that cannot hold quotation marks, without those that an editor has curled."""
        typed = node.value.strip() if isinstance(node.value, str) else ""
        plain = typed.strip(CURLY)
        if plain != typed:
            message = "curly quotation marks are a part of the text, and have been left out"
            self.report(node, "curly-quotes", message, 'write "straight" ones, or none', "warning")
        return plain

    def _normalised(self, header: dict[str, Node]) -> dict[str, Node]:
        """The header by the normal form of its known keys, and the plain spelling of the others."""
        flat: dict[str, Node] = {}
        for key, node in header.items():
            first = flat.setdefault(normal(key) if normal(key) in self._names else spelled(key), node)
            if first is not node:
                hint = f"`{first.key}` on line {first.line} is the same key; keep one"
                self.report_key(node, "duplicate-key", f"`{key}` appears twice", hint)
        return flat

    def _take(self, key: str, nodes: list[Node]) -> None:
        """The first name with a value wins; others are reported, unless their value is the same."""
        filled = [node for node in nodes if not node.is_empty]
        if filled:
            self.values[key] = filled[0]
            self._report_lost(filled[0])
        self.others[key] = tuple(filled[1:])
        for other in filled[1:]:
            if other.value != filled[0].value and key != "date":
                message = f"`{other.key}` is another name for `{filled[0].key}`, which is used"
                self.report_key(other, "two-names", message, "keep one of them", "hint")

    def _place_items(self, key: str, node: Node, parts: list[str]) -> None:
        col = node.col + (not node.is_plain and len(parts) > 1)  # after the quotation mark
        for part in parts:
            at = col + len(part) - len(part.lstrip()) if len(parts) > 1 else col
            self.item_places.setdefault(f"{key}:{' '.join(part.split())}", (node.line, at))
            col += len(part) + 1

    def _report_lost(self, node: Node) -> None:
        if node.lost:
            message = (
                f"YAML reads `{node.lost}` as {node.value!r}: ` #` starts a comment; a leading `!`, `&`, `*` is syntax"
            )
            self.report(node, "lost-text", message, 'put the whole value in "quotes"', "warning")

    def _cover_parts(self, flat: dict[str, Node]) -> None:
        """`image_alt`, `cover_caption` and the like belong to the cover."""
        cover = self.values.get("cover")
        for name in list(flat):
            part = self._cover_part(normal(name))
            if not part:
                continue
            node = flat.pop(name)
            if cover and isinstance(cover.value, str):
                cover = Node({"src": cover._replace(key="src")}, cover.line, cover.col, key=cover.key)
            if cover and isinstance(cover.value, dict):
                cover.value.setdefault(part, node)
        if cover:
            self.values["cover"] = cover

    def _cover_part(self, name: str) -> str:
        """What of the cover the key `name` gives, if it is one of those."""
        for ending in ("figcaption", *COVER_PARTS):
            if self._names.get(name.removesuffix(ending)) == "cover" and name.endswith(ending):
                return "caption" if ending == "figcaption" else ending
        return ""

    def _lifted(self, flat: dict[str, Node]) -> dict[str, Node]:
        """`flat` with what Byline knows in tables outside of them; `date: {created: …}` is the key `date.created`."""
        lifted: dict[str, Node] = {}
        for table, node in flat.items():
            if not isinstance(node.value, dict):
                lifted.setdefault(table, node)
                continue
            rest = {}
            for key, value in node.value.items():
                dotted, plain = f"{normal(table)}.{normal(key)}", normal(key)
                is_common = table in TABLES and self._names.get(plain, "title") not in NOT_IN_TABLES
                name = dotted if dotted in self._names else plain if is_common else ""
                if name and not (plain in flat and name == plain):
                    lifted.setdefault(name, value._replace(key=f"{node.key}.{key}" if name == dotted else key))
                else:
                    rest[key] = value
            if rest or not node.value:
                lifted[table] = node._replace(value=rest)
        return lifted


def _flat(node: Node) -> Iterator[Node]:
    """The items of a list, and of lists in it as Jekyll's categories are; of a table its `name`, as for an author."""
    if isinstance(node.value, tuple):
        for item in node.value:
            yield from _flat(item)
    else:
        named = node.value.get("name") if isinstance(node.value, dict) else None
        yield named or node


def table_schema(required: str, *others: str, **special: dict[str, Any]) -> dict[str, Any]:
    """The schema of a table whose parts are text, except those in `special`."""
    parts = dict.fromkeys((required, *others), TEXT.schema) | special
    return {"type": "object", "properties": parts, "required": [required]}


TEXT = Kind(Fields.text, {"type": ["string", "number", "boolean"]})
"""What YAML would read as a number or a boolean is read as the text that was typed."""
TEXTS = Kind(Fields.texts, {"anyOf": [TEXT.schema, {"type": "array", "items": TEXT.schema}]})
CHOICE = Kind(Fields.flag, {"enum": [True, False, "true", "false", "yes", "no", "on", "off", 1, 0]})
"""A flag that may be left out."""
FLAG = Kind(lambda fields, key: bool(fields.flag(key)), CHOICE.schema)
ON = Kind(lambda fields, key: fields.flag(key) is not False, CHOICE.schema)
"""A flag that is true where it is left out."""
DATE = Kind(
    Fields.date, {"type": "string", "examples": ["2025-04-03", "2025-04-03 10:00", "2025-04-03T10:00:00+02:00"]}
)
LATEST_DATE = Kind(Fields.latest, DATE.schema)
COVER = Kind(Fields.cover, {"anyOf": [TEXT.schema, table_schema("src", *COVER_PARTS)]})
