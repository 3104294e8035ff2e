"""The engine for blogs that come from Flask-FlatPages, Pelican, MkDocs or Nikola: as Flask-FlatPages shows them."""

import json
import re
import time
from html import escape
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask_flatpages import FlatPages

from byline.markdown.engines import Engine
from byline.markdown.render import facts_of, filled, render
from tests.helpers.paper import Paper

EXTRA = ("extra", "admonition", "toc", "codehilite", "smarty", "sane_lists", "wikilinks")
NUMBERED = {"codehilite": {"linenums": True, "css_class": "code"}, "toc": {"permalink": True, "title": "Contents"}}

HARBOUR = """[TOC]

# The harbour

The *HTML* of a page -- with "quotes", an apostrophe's and dots... ends here.

Notes and links
---------------

A note[^one], a [link](../harbour.md "The title"), a [reference][piers], an <https://example.org/?a=1&b=2> and a
picture ![of a pier](pier.jpg){: .wide #pier width=300 }. AT&T, &copy; 2020, 1 < 2, `a < b`, [[Wiki Name]].

!!! warning "Low *tide*"
    The ferry does not leave.

    - at three
    - at four

!!! note
    Without a title.

Tide
:   The sea, twice a day.
:   A second meaning.

Ebb

:   In a paragraph of its own.

| from | to | fare |
|:-----|:--:|-----:|
| A    | B  | 1    |
| C `|` | D | 22   |

1. one

    goes on

2. two
    * inner
    * more
3. three

- a list
1. another

> A quotation
> in two lines.

The rest of it
==============

### With `code` and *stress* {: #own .loud }

### With `code` and *stress*

*[HTML]: The language of pages
[piers]: https://example.org/piers (All piers)

[^one]: The note, with a [link](https://example.org/note).

    And a second paragraph.
"""
CODE = """A listing by its first line:

    :::python
    def fare(stops):
        return "<" + str(stops * 2)  # [no](link.md)

With a shebang:

    #!bash
    echo "hello" | tr a-z A-Z

Fenced:

```python
import this
```

~~~
# not a heading
~~~

Plain:

    x = 1
"""
RAW = """<div markdown="1" class="box">
A *paragraph* in a box.
</div>

<details><summary>More</summary>

Text.

</details>

<p align="center">Centred<br>and broken</p>

Inline <kbd>Ctrl</kbd> and <abbr title="et cetera">etc.</abbr>
A line with two spaces at its end\x20\x20
and a second one. <!-- a remark -->
"""
SAMPLES = {"harbour": HARBOUR, "code": CODE, "raw": RAW}
CONFIGS: dict[str, dict[str, Any]] = {
    "as it comes": {},
    "Pelican": {"FLATPAGES_MARKDOWN_EXTENSIONS": list(EXTRA)},
    "numbered": {"FLATPAGES_MARKDOWN_EXTENSIONS": list(EXTRA), "FLATPAGES_EXTENSION_CONFIGS": NUMBERED},
    "nl2br": {"FLATPAGES_MARKDOWN_EXTENSIONS": ["nl2br", "attr_list", "markdown.extensions.fenced_code", "meta"]},
}


class Tokens(HTMLParser):
    """Every tag with its attributes, and every text, but for what Byline adds on purpose."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.ids: set[str] = set()
        self._hidden = False
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs if name != "tabindex"}
        self.ids.add(values.get("id", ""))
        if values.get("class") == "anchor":
            self._hidden = True
            return
        if tag in ("h1", "h2", "h3"):
            values.pop("id", "")
        if values.get("style", "").startswith("text-align: "):
            values["class"] = "align-" + values.pop("style")[len("text-align: ") : -1]
        if (tag, values.get("role")) != ("div", "group") and tag != "tbody":  # a browser puts the latter in itself
            self.found.append(f"<{tag} {sorted(values.items())}>")

    def handle_endtag(self, tag: str) -> None:
        if self._hidden:
            self._hidden = False
        elif tag not in ("br", "img", "hr", "tbody"):
            self.found.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        if self._hidden:
            return
        if self.found and not self.found[-1].startswith(("<", "</")):
            self.found[-1] += data
        else:
            self.found.append(f" {data}")

    def handle_comment(self, data: str) -> None:
        """Readers do not see it, and Byline does not publish it."""


def theirs(folder: Path, body: str, config: dict[str, Any]) -> str:
    """What Flask-FlatPages itself makes of `body`."""
    (folder / "pages").mkdir()
    (folder / "pages" / "one.html").write_text(f"---\ntitle: One\n---\n\n{body}", encoding="utf-8")
    app = Flask("theirs", root_path=str(folder))
    app.config.update(config)
    pages = FlatPages(app)
    with app.app_context():
        html: str = pages.get("one").html
    return html


def ours(body: str, config: dict[str, Any]) -> str:
    rendered = render(body, engine(config))
    assert rendered.problems == ()
    html = filled(rendered.html, tuple(f' {a.attribute}="{a.value}"' for a in rendered.addresses))
    return re.sub(r'(<div class="table"[^>]*>)(<table.*?</table>)</div>', r"\2", html, flags=re.DOTALL)


def engine(config: dict[str, Any]) -> Engine:
    names = tuple(config.get("FLATPAGES_MARKDOWN_EXTENSIONS", ()))
    return Engine("python", "", names, json.dumps(config.get("FLATPAGES_EXTENSION_CONFIGS", {})))


@pytest.mark.parametrize("config", CONFIGS)
@pytest.mark.parametrize("sample", SAMPLES)
def test_a_post_looks_as_flask_flatpages_shows_it(tmp_path: Path, sample: str, config: str) -> None:
    body = SAMPLES[sample]
    if sample == "raw" and config != "Pelican":
        body = body.replace(' markdown="1"', "")  # without its extension an attribute that no browser knows
    them, us = Tokens(theirs(tmp_path, body, CONFIGS[config])), Tokens(ours(body, CONFIGS[config]))
    assert text_of(us.found) == text_of(them.found)
    assert us.found == them.found
    assert us.ids >= them.ids


def text_of(found: list[str]) -> str:
    return "".join(token for token in found if token.startswith(" "))


PLACED = """Ein süßes *Wort* mit `[kein](b.md)` und [hier](b.md), ![](a.png) <b onclick="x">b</b>.

    [kein](b.md) <form>

Head *two*
----------

<!-- [kein](b.md) -->
[hier][ziel] <img src="c.png"> <form action="x"> [**Mehr**](<c.md> "T") <https://example.org/>

### Drei

> - [![Bild](d.png)](e(1).md) [oben](#drei)

[ziel]: b.md
"""


def test_places_are_those_of_the_text() -> None:
    lines = PLACED.split("\n")

    def typed(place: tuple[int, int], length: int) -> str:
        return lines[place[0] - 1][place[1] - 1 :][:length]

    facts = facts_of(PLACED, Engine("python", "", EXTRA[:1]))
    assert [(it.level, it.id, it.line, it.col) for it in facts.headings] == [(2, "head-two", 5, 1), (3, "drei", 11, 1)]
    assert [(it.text, typed((it.line, it.col), 6), it.line) for it in facts.links] == [
        ("hier", "[hier]", 1),
        ("hier", "[hier]", 9),
        ("Mehr", "[**Meh", 9),
        ("https://example.org/", "<https", 9),
        ("Bild", "[![Bil", 13),
        ("oben", "[oben]", 13),
    ]
    assert [(it.alt, typed((it.line, it.col), 6), it.is_html) for it in facts.images] == [
        ("", "![](a.", False),
        (None, "<img s", True),
        ("Bild", "![Bild", False),
    ]
    assert len(facts.addresses) == 9
    for it in facts.addresses:
        assert typed((it.line, it.col), len(it.value)) == it.value
    assert [it.line for it in facts.addresses if it.value == "b.md"] == [1, 15]
    assert facts.fragments == [("drei", 13, lines[12].index("#drei") + 1)]
    assert [(it.message.split(" is")[0], typed((it.line, it.col), 5)) for it in facts.problems] == [
        ("<form>", "<form"),
        ("onclick= of <b>", "oncli"),
    ]


@pytest.mark.parametrize(
    ("body", "places"),
    [
        ("[a](x.md) and `[b](x.md)` and [c](x.md)", [(1, 5), (1, 35)]),
        ("[a][1], [b][1]\n\n[1]: x.md\n", [(3, 6), (3, 6)]),
        ("[a](x.md)\n\n[b][1]\n\n[1]: x.md\n[2]: x.md\n", [(0, 0), (0, 0)]),
        ("[a](x\\_y.md)", [(0, 0)]),
        ("<a@example.org>", [(1, 2)]),
    ],
    ids=["beside code", "defined once", "defined twice", "typed in another way", "mail"],
)
def test_a_place_is_exact_or_unknown(body: str, places: list[tuple[int, int]]) -> None:
    addresses = render(body, Engine("python")).addresses
    assert [(it.line, it.col) for it in addresses] == places


def test_a_problem_without_a_place_says_so(paper: Paper) -> None:
    paper.settings('title = "P"\nurl = "https://paper.test"\nmarkdown.engine = "python"')
    paper.post("one", "[a](gone\\_by.md)")
    run = paper.run("check")
    (line,) = (line for line in run.stdout.splitlines() if "broken-link" in line)
    assert line.startswith("pages/posts/one.md: broken-link 'gone_by.md' ")
    assert "; where in the file is not known (" in line
    annotated = paper.run("check", "--format", "github").stdout
    assert "::warning file=pages/posts/one.md,title=broken-link::" in annotated


def test_what_scripts_and_dangerous_addresses_become(paper: Paper) -> None:
    paper.settings('title = "P"\nurl = "https://paper.test"\n[markdown]\nengine = "python"\nextensions = ["extra"]')
    paper.post("one", "<script>alert(1)</script>\n\n[a](javascript:alert(2)) ![b](x.png){: onerror=alert(3) }\n")
    page = paper.client().get("/posts/one/").text
    assert "alert(" not in page.split('<div class="body">')[1].split("</div>")[0]
    assert paper.codes() >= {"html-removed", "bad-address", "broken-image"} - {"broken-image"}


def test_a_site_reads_with_the_extensions_that_it_names(paper: Paper) -> None:
    paper.settings(
        'title = "P"\nurl = "https://paper.test"\n[markdown]\nengine = "python"\n'
        'extensions = ["toc", "admonition"]\n[markdown.extension_configs.toc]\nanchorlink = true\n'
    )
    paper.post("one", "[TOC]\n\n## A *b*\n\n!!! note\n    Text.\n\n<!-- more -->\n\n## C\n\n## D\n\n[two](two.md)\n")
    paper.post("two", "Text.")
    page = paper.client().get("/posts/one/").text
    assert '<h2 id="a-b"><a class="toclink" href="#a-b">A <em>b</em></a></h2>' in page
    assert '<div class="admonition note">' in page
    assert '<a href="/posts/two/">two</a>' in page
    assert [heading.title for heading in paper.site().posts[0].toc] == ["A b", "C", "D"]
    assert paper.problems() == []


def test_a_changed_extension_of_the_site_prints_the_page_anew(paper: Paper, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(paper.folder))
    source = (
        "from markdown import Extension\nfrom markdown.preprocessors import Preprocessor\n"
        "class Shout(Preprocessor):\n    def run(self, lines):\n        return [line.upper() for line in lines]\n"
        "class Own(Extension):\n    def extendMarkdown(self, md):\n        md.preprocessors.register(Shout(md), 'shout', 1)\n"
    )
    paper.write("shouting.py", source)
    paper.settings(
        'title = "P"\nurl = "https://paper.test"\n[markdown]\nengine = "python"\nextensions = ["shouting:Own"]'
    )
    paper.post("one", "A quiet word.")
    assert "A QUIET WORD." in paper.client().get("/posts/one/").text
    paper.write("shouting.py", source.replace("upper", "title"))
    monkeypatch.delitem(__import__("sys").modules, "shouting")
    __import__("importlib").invalidate_caches()
    assert "A Quiet Word." in paper.client().get("/posts/one/").text


ATTACKS = [
    '<div><style></style x><a title="&#2;0&#3;">hover</a></style></div>\n\n[l](http://e/onmouseover=alert(1)//)',
    "<div><style></style x><a title='</style><a href=\"http://e/onmouseover=alert(1)//\">'>hover</a></div>",
    "<div><script></script/><a title='</script><a href=\"http://e/onmouseover=alert(1)//\">'>hover</a></div>",
    "<textarea><a title='</textarea><a href=\"http://e/onmouseover=alert(1)//\">'>hover</a></textarea>",
    "<svg><style><a title='</style><a href=\"http://e/onmouseover=alert(1)//\">'>hover</a></style></svg>",
    "<math><mtext><title><a title='</title><a href=\"http://e/onmouseover=alert(1)//\">'>x</a></title></mtext></math>",
    "<a href='x&#x22;&#62;<img src=x onerror=alert(1)>'>a</a>",
    "&#2;0&#3; [l](http://e/) &#x2;99&#x3; &#4;0&#4;",
]


@pytest.mark.parametrize("body", ATTACKS)
def test_no_tag_becomes_another(body: str) -> None:
    """The engine's HTML is read by one parser and sanitised by another, which may see other ends of elements."""
    rendered = render(body, Engine("python", "", ("extra",)))
    attributes = tuple(f' {it.attribute}="{escape(it.value)}"' for it in rendered.addresses)

    names: list[str] = []

    class Names(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            names.extend(name for name, _ in attrs)

    Names().feed(filled(rendered.html, attributes))
    assert not [name for name in names if name.startswith("on") or "alert" in name]
    assert "unrenderable" not in {problem.code for problem in rendered.problems}


@pytest.mark.parametrize(
    "body", ["a" * 100_000, "a|b\n" + "-" * 100_000 + "x", "<table></table>\n\n-" + " " * 100_000 + "x", "|" * 1001 + "\n\n" + "-" * 100_000 + "x"]
)  # fmt: skip
def test_long_lines_are_read_once(body: str) -> None:
    """Expressions that try each start of a line of 100 kB took half a minute."""
    began = time.process_time()
    for engine in (Engine("python", "", ("extra",)), Engine()):
        render(body, engine)
        facts_of(body, engine)
    assert time.process_time() - began < 20  # a bound on the kind of growth, not a speed
