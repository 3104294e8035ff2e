"""Publication: the keys by which other programs keep a text from readers, and what their values mean.

What its owner keeps back in another program must not become public here. So each key is obeyed, or refused where its
value says neither yes nor no.
"""

import difflib
import re
from collections.abc import Callable, Iterator
from typing import Any, Literal, NamedTuple

from byline.frontmatter.fields import FALSE, TRUE
from byline.frontmatter.keys import normal
from byline.frontmatter.syntax import Node

PUBLIC = ("published", "publish", "public", "live", "final", "scheduled", "future", "featured", "everyone")
"""States that do not keep a text back; the dates hold its schedule."""
KEPT = (
    "draft|drafts|private|hidden|pending|unlisted|unpublished|trash|members|paid|subscribers|only_paid|review|in review"
    "|in progress|wip|todo|to do|not started|backlog|idea"
).split("|")
"""States that do, even under a key that may mean something else."""
TABLES = ("params", "extra", "build")
"""Tables of Hugo and Zola in which such keys stand, too."""

Meaning = Literal["kept", "public", "unclear", "other"]
"""What a value says; of `other`, nothing about readers."""


def _if_true(word: str) -> Meaning:
    return "kept" if word in TRUE else "public" if word in FALSE else "unclear"


def _if_false(word: str) -> Meaning:
    return "kept" if word in FALSE else "public" if word in TRUE else "unclear"


def _if_false_or_date(word: str) -> Meaning:
    return "other" if len(word) > 1 and any(sign.isdigit() for sign in word) else _if_false(word)


def _if_often(word: str) -> Meaning:
    return "kept" if word in ("never", "link", "local") else "public" if word == "always" else _if_false(word)


_MEANINGS: tuple[tuple[Callable[[str], Meaning], str], ...] = (
    (
        _if_true,
        "is draft|private|is private|hidden|is hidden|unlisted|is unlisted|unpublished|headless|wip|deleted|trashed"
        "|encrypt|encrypted|protected|members only|subscribers only|eleventy exclude from collections|params.draft"
        "|extra.draft",
    ),
    (
        _if_false,
        "publish|is published|public|is public|visible|is visible|discoverable|routable|listed|render|dg publish",
    ),
    (_if_false_or_date, "published"),
    (_if_often, "build.render|build.list"),
    (lambda word: "public" if word in PUBLIC else "kept", "status|post status|publish status|visibility"),
    (lambda word: "kept" if word in KEPT else "other", "state|stage|workflow|access|audience"),
    (
        lambda word: "kept" if word in TRUE else "other",
        "hide|disabled|skip|ignore|ignored|exclude|do not publish|dont publish|no publish|secret|confidential|internal"
        "|embargoed",
    ),
    (lambda word: "kept" if word in FALSE else "other", "permalink|url|show|display|enabled|active"),
    (lambda word: "other" if word in FALSE else "kept", "password|post password"),
)
"""How the value of a key is understood, and the keys of which that is true. Among them are those of Astro, Docusaurus,
Eleventy, Ghost, Grav, Hexo, Hugo, Jekyll, Lektor, Nikola, Obsidian, Pelican, Substack, WordPress and Zola."""


class Said(NamedTuple):
    """What a key of a header says about readers; the name is as it is typed."""

    name: str
    node: Node
    meaning: Meaning


def said(header: dict[str, Node]) -> Iterator[Said]:
    """All that `header` says about readers in the words of other programs. Byline's own `draft` is not among it."""
    for key, node in header.items():
        table = _squashed(key)
        if table == "draft" and normal(key) != "draft":
            table = "isdraft"  # `draft?`
        yield from _said(key, node, table)
        if isinstance(node.value, dict) and table in TABLES:
            for inner, value in node.value.items():
                name = _squashed(inner)
                yield from _said(f"{key}.{inner}", value, f"{table}.{name}", name)


def is_said(key: str) -> bool:
    """Whether `key` is one of those, and seldom anything else."""
    understand = _KEYS.get(_squashed(key))
    return understand is not None and understand("?") != "other"


def nearly_said(key: str, node: Node) -> str:
    """The key that `key` is perhaps a misspelling of, if that would keep the text back with this value."""
    word = _word(node)
    if word not in TRUE + FALSE or _squashed(key) in _KEYS:
        return ""
    near = difflib.get_close_matches(_squashed(key), _CLEAR, n=1, cutoff=0.8)
    return near[0] if near and _CLEAR[near[0]](word) == "kept" else ""


def _said(name: str, node: Node, *keys: str) -> Iterator[Said]:
    understand = next((_KEYS[key] for key in keys if key in _KEYS), None)
    meaning = understand(_word(node)) if understand and not node.is_empty else "other"
    if meaning != "other":
        yield Said(name, node, meaning)


def _squashed(key: str) -> str:
    """`is_draft`, `isDraft` and `Is draft?` are one key."""
    return re.sub(r"[^\w.]|_", "", key.lower())


def _word(node: Node) -> str:
    """The value as a word, also if it is the only one of a list; empty for all else."""
    value: Any = node.value
    if isinstance(value, tuple) and len(value) == 1:
        value = value[0].value
    return " ".join(value.lower().split()) if isinstance(value, str) else ""


_KEYS = {_squashed(key): understand for understand, keys in _MEANINGS for key in keys.split("|")}
_CLEAR = {"draft": _if_true} | {
    key: it for key, it in _KEYS.items() if it in (_if_true, _if_false, _if_false_or_date) and "." not in key
}
"""Those that mean nothing else."""
