"""Text that another program would run, and that readers now see as it is typed.

Blogs that move to Byline bring the languages of their old programs: tags of Liquid, shortcodes, boxes between colons.
What has a template runs (docs/markdown.md), so it is not among them. Each kind is reported once in a file, at its first
place, with its number. What stands in code is left alone: it is an example.

Reported:

```markdown
The timetable:

{% include timetable.html %}
```

```markdown
:::tabs
No ferry on Sunday.
:::
```

Fine:

```markdown
> [!WARNING]
> No ferry on Sunday. Jekyll would say it with `{% include warning.html %}`.
```
"""

import itertools
import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from byline.check.manuscript import Finding, Manuscript
from byline.markdown.facts import player_of
from byline.markdown.github.inline import PICTURES

CODE = "foreign-syntax"
MOST = 50
"""Characters of what was found that are shown."""

_BOX = "write it as a quote that begins with [!NOTE], [!TIP], [!IMPORTANT], [!WARNING] or [!CAUTION]"
_LINK = "write a picture, a link or a text in its place"
_SAY = "write what readers are to see"
_REMOVE = "remove it: readers see it"
_BOXES = (
    "note|abstract|info|tip|success|question|warning|failure|danger|bug|example|quote|attention|caution|error|hint"
    "|important|seealso|todo|summary|details"
)
_ATTRIBUTES = "target|rel|width|height|class|id|style|loading|title|alt|align|download|data-[a-z-]+"
_SHORTCODES = (
    r"audio|button|caption|code|columns?|contact-form(?:-7)?|embed|gallery|gist|googlemaps|gravityform|instagram|playlist"
    r"|polldaddy|slideshow|soundcloud|sourcecode|tabs?|toggle|tweet|twitter|video|vimeo|wpforms|wpvideo|youtube"
    r"|(?:et_pb|fusion|su|vc|wp)_\w+"
)


class Kind(NamedTuple):
    """A language of another program: what it is, what it looks like, and what to do about it."""

    what: str
    pattern: re.Pattern[str]
    hint: str


def _kind(what: str, hint: str, *patterns: str) -> Kind:
    return Kind(what, re.compile("|".join(patterns), re.MULTILINE), hint)


KINDS = (
    _kind("a shortcode of Hugo", _LINK, r"\{\{[<%]\s*/?\s*[\w./-]+[^{}]*?[>%]\}\}"),
    _kind(
        "a tag of Liquid, Jinja or Nunjucks",
        _SAY,
        r"\{%-?\s*/?[A-Za-z_]\w*(?:[^%{}]|%(?!\})|\{\{[^{}]*\}\})*?-?%\}",
    ),
    _kind("a value of a template", _SAY, r"\{\{-?\s*[\w.\"'#/^>@$][^{}\n]*\}\}"),
    _kind("a comment of a template", _REMOVE, r"\{#[ -][^{}\n]*#\}|\{\{![^{}\n]*\}\}"),
    _kind("code of ERB or EJS", _SAY, r"<%[=#-]?\s[^%\n]*%>"),
    _kind(
        "an import or export of MDX",
        "remove it",
        r"^import\s+(?:[\w*{][^'\"\n]*?\sfrom\s+)?(?:'[^'\n]+'|\"[^\"\n]+\");?[ \t]*$",
        r"^export\s+(?:default\s+(?:[({]|function\b|class\b|\w+;)|(?:const|let|var|function)\s+\w+\s*[=({])",
    ),
    _kind("a comment of MDX", _REMOVE, r"\{/\*[^\n]{0,500}?\*/\}"),
    _kind(
        "a fence that begins no listing",
        "close it with a line like it, or add the extension fenced_code",
        r"^[ \t>]*(?:`{3,}[^`\n]*|~{3,}[^\n]*)$",
    ),
    _kind("a box between colons", _BOX, r"^[ \t>]*:{3,}[ \t]*\{?[.A-Za-z][^\n]*$"),
    _kind(
        "a box of Python-Markdown",
        _BOX,
        rf"^[ \t>]*(?:!!!|\?\?\?\+?)[ \t]+(?:{_BOXES})\b(?:[ \t]+[\w-]+)*(?:[ \t]+\"[^\"\n]*\")?[ \t]*$",
    ),
    _kind(
        "a tab or a block of MkDocs",
        "write a heading",
        r"^===[!+]?[ \t]+\"[^\"\n]+\"[ \t]*$",
        r"^///[ \t]*[a-z][\w-]*(?:[ \t]*\|[^\n]*)?$",
    ),
    _kind("the name of a file to insert", _SAY, r"^[ \t]*-{1,2}8<-{1,2}[ \t]*\"[^\"\n]+\"|^<<<[ \t]+@?[./]\S+"),
    _kind(
        "a callout of Obsidian",
        _BOX,
        r"^[ ]*(?:>[ ]*)+\[!(?!(?i:note|tip|important|warning|caution)\])"
        r"[A-Za-z][\w-]*\][-+]?",
    ),
    _kind("an embedded note", "the link is shown; copy the text if it is to stand here", r"!\[\[[^\[\]\n]+\]\]"),
    _kind(
        "the name of a block in Obsidian",
        "remove it; links can lead to headings",
        r"(?:(?<=[ \t])\^(?=[a-z-]*\d)[a-z0-9-]{4,}|^\^(?=[\d-]*[A-Za-z])[A-Za-z0-9-]{4,})[ \t]*$",
    ),
    _kind(
        "a table of contents",
        "remove it, and write `toc: true` into the header",
        r"^[ \t]*(?:\[(?:TOC|toc)\]|\$\{toc\})[ \t]*$|\{:[ \t]*toc\b[^{}\n]*\}",
    ),
    _kind(
        "attributes of kramdown",
        "remove it; only headings, links and pictures can have some, and not all",
        r"\{:[ \t]*(?:[#.][A-Za-z]|:|/|[A-Za-z-]+[ \t]*=)[^{}\n]*\}",
        rf"(?<=[)\]])\{{[ \t]*(?:[#.][A-Za-z][\w-]*|(?:{_ATTRIBUTES})=)[^{{}}\n]*\}}",
    ),
    _kind(
        "a shortcode of WordPress",
        _LINK,
        rf"\[(?:{_SHORTCODES})[ \t]+(?:[\w-]+[ \t]*=|https?:)[^\[\]\n]*\](?![(\[:])",
        r"\[[a-z][\w-]*(?:[ \t]+[\w-]+=(?:\"[^\"\n\]]*\"|“[^”\n\]]*”))+[ \t]*/?\](?![(\[:])",
        rf"\[(?:gallery|embed)\](?![(\[:])|\[/(?:{_SHORTCODES})\](?![(\[:])",
    ),
    _kind(
        "a tag of BBCode", "write it in Markdown", r"\[/(?:b|i|u|url|img|quote|color|size|center|spoiler)\](?![(\[:])"
    ),
    _kind("a directive of reStructuredText", _LINK, r"^[ \t]*\.\. [A-Za-z][\w:-]*::"),
    _kind("a role of reStructuredText", _SAY, r"(?<![\w:]):[a-z][a-z:-]*:(?= )"),
    _kind("a macro of AsciiDoc", _LINK, r"^(?:image|video|audio|include|toc)::\S*\[[^\]\n]*\][ \t]*$"),
    _kind("a line of Org mode", _SAY, r"^#\+[A-Za-z_]+:(?:[ \t]|$)|^#\+(?:BEGIN|END|begin|end)_\w+"),
    _kind("a note of Pandoc", "write [^1], and the note below as [^1]: …", r"(?<!\\)\^\[[^\[\]\n]{3,}\](?![(^])"),
    _kind(
        "a citation of Pandoc",
        "write the source as a note or a link",
        r"\[-?@[A-Za-z][\w:.-]*?(?:19|20)\d\d[\w:.-]*(?:[;,][^\[\]\n]*)?\](?![(\[:])",
    ),
    _kind(
        "a change that an editor proposes",
        "accept or reject it: readers see it",
        r"\{(?:\+\+[^\n]{0,500}?\+\+|--[^\n]{0,500}?--|~~[^\n]{0,500}?~~|>>[^\n]{0,500}?<<)\}",
    ),
    _kind("a name of no emoji", "write the sign itself", r"(?<![\w:/.@\\-]):[a-z][a-z0-9_+-]*[a-z0-9]:(?![\w:/])"),
)
"""All that is recognised. Of two that match at one place, the first counts."""
ROLE, EMOJI = "a role of reStructuredText", "a name of no emoji"
DRAWN = ("mermaid", "plantuml", "puml", "kroki", "dataview", "dataviewjs", "geojson", "topojson", "tikz")
"""Languages of listings that other programs draw or run."""
_NOT_SHOWN = re.compile(r"<(pre|code|script|style)\b[^>]*>.*?</\1\s*>|<!--.*?-->", re.DOTALL | re.IGNORECASE)


def in_text(manuscript: Manuscript) -> Iterator[Finding]:
    printed = manuscript.facts.printed
    prose = _prose(manuscript)
    for kind in KINDS:
        found = [match for match in kind.pattern.finditer(prose) if _counts(kind, match, manuscript)]
        if printed is not None:
            found = [match for match in found if " ".join(match[0].split()) in printed]
        if found:
            at = found[0].start() + len(found[0][0]) - len(found[0][0].lstrip())
            line, col = prose.count("\n", 0, at) + 1, at - prose.rfind("\n", 0, at)
            typed = manuscript.shown.text[slice(*found[0].span())]
            yield _finding(manuscript, typed, kind.what, kind.hint, len(found), line, col)
            prose = _blanked(prose, (match.span() for match in found))
    yield from _in_listings(manuscript)


def _finding(manuscript: Manuscript, typed: str, what: str, hint: str, count: int, line: int, col: int) -> Finding:
    typed = " ".join(typed.split())
    shown = typed if len(typed) <= MOST else f"{typed[: MOST - 1]}…"
    more = f" ({count} of them)" if count > 1 else ""
    message = f"`{shown}` is {what}{more}, which Byline does not run: it stays as it is typed"
    return Finding(*manuscript.place(line, col), message, hint)


def _prose(manuscript: Manuscript) -> str:
    """What readers get as text, at its place: without addresses, raw code, and what the dialect replaces."""
    facts, prose = manuscript.facts, manuscript.facts.prose
    starts = list(itertools.accumulate((len(line) + 1 for line in prose.split("\n")), initial=0))
    known = [(it.value, it.line, it.col) for it in facts.addresses] + facts.raw_addresses
    places = [(starts[line - 1] + col - 1, value) for value, line, col in known if 0 < line < len(starts)]
    prose = _blanked(prose, ((at, at + len(value)) for at, value in places if prose.startswith(value, at)))
    prose = _blanked(prose, (match.span() for match in _NOT_SHOWN.finditer(prose)))
    return prose


def _blanked(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """`text` with spaces in place of `spans`; lines stay lines."""
    parts, done = [], 0
    for start, end in sorted(spans):
        if start >= done:
            parts += [text[done:start], re.sub(r"[^\n]", " ", text[start:end])]
            done = end
    return "".join(parts) + text[done:]


def _counts(kind: Kind, match: re.Match[str], manuscript: Manuscript) -> bool:
    """Whether a match is what it looks like: code behind it, which is blank in prose, makes a name a role."""
    body = manuscript.shown.text
    if match[0].startswith("[") and f"\n{match[0].strip()}:" in body:  # the label of a link
        return False
    is_before_code = body[match.end() : match.end() + 1] == "`"
    if kind.what in (ROLE, EMOJI):
        return is_before_code == (kind.what == ROLE)
    if kind.what == "an embedded note":
        name = re.split(r"[|#\]]", match[0][3:])[0].lower()
        return not (player_of(name) or name.endswith(PICTURES))
    return True


def _in_listings(manuscript: Manuscript) -> Iterator[Finding]:
    """Listings that are no listings elsewhere."""
    kinds: dict[str, list[tuple[str, int, int]]] = {}
    for info, line, col in manuscript.facts.fences:
        language = info.split(maxsplit=1)[0].lower() if info.strip() else ""
        if language in DRAWN or language.startswith("ad-"):
            kinds.setdefault("a listing that other programs draw or run", []).append((info, line, col))
        elif re.match(r"\{[a-z]", language):
            kinds.setdefault("a cell or a directive of other programs", []).append((info, line, col))
    for what, found in kinds.items():
        info, line, col = found[0]
        yield _finding(manuscript, info, what, "write or show what it gives", len(found), line, col)
