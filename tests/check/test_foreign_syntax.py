"""Text of other programs is told once for each kind; code, Byline's own Markdown and ordinary prose never are."""

from zoneinfo import ZoneInfo

import pytest

from byline.check.manuscript import Manuscript
from byline.check.registry import all_rules
from byline.dialects.dialect import BYLINE
from byline.markdown.engines import Engine
from tests.helpers.findings import HEAD, in_body, reported
from tests.helpers.paper import Paper

FOREIGN = [
    "{% include x.html %}",
    "{%- assign a = 1 -%}",
    "{% oembed https://e.test/x %}",
    "{% raw %}",
    "{{ page.excerpt }}",
    "{{page.excerpt}}",
    '{{ "https://e.test/x" | embed: "A film" }}',
    '{{ youtube(id="x") }}',
    "{{< youtube id >}}",
    "{{% note %}}",
    "{{</* x */>}}",
    "{# a remark #}",
    "<%= title %>",
    "{/* a remark */}",
    "import Tabs from '@theme/Tabs';",
    'import { a, b } from "./x"',
    "import './x.css'",
    "export const meta = {",
    "export default function Page() {",
    ":::warning",
    "::: note Title",
    ":::{note}",
    '!!! note "Title"\n    Inside.',
    "??? tip\n    Inside.",
    '=== "Tab"',
    "/// note | Title",
    '--8<-- "file.md"',
    "> [!info] Title",
    "> [!quote]- Title",
    "![[Other note]]",
    "![[Other note#Part]]",
    "A sentence. ^ab12cd",
    "[TOC]",
    "{:toc}",
    "{: .lead}",
    '[a](/b){:target="_blank"}',
    '[a](/b){target="_blank"}',
    "*a*{:.x}",
    '{::options parse_block_html="true" /}',
    '[caption id="x" width="3"]A[/caption]',
    "[gallery ids=1,2]",
    "[gallery]",
    "[youtube https://e.test/x]",
    "[embed]https://e.test/x[/embed]",
    '[su_button url="/x"]A[/su_button]',
    '[pullquote align="left"]',
    "[b]bold[/b]",
    ".. image:: x.png",
    "See :ref:`x`.",
    "image::x.png[A ferry]",
    "#+TITLE: A",
    "A claim^[with a note] here.",
    "A claim [@smith2020, p. 3].",
    "A {++new++} word",
    "A {>>why?<<} word",
    "A :octocat: sign",
    "```mermaid\ngraph\n```",
    "```dataview\nlist\n```",
    "```{r}\nplot(1)\n```",
    "```{note}\nx\n```",
]
FINE = [
    "`{% include %}` and ``{{ x }}`` and `:::`",
    "```liquid\n{% include x %}\n:::warning\n[TOC]\n```",
    "    {{ x }}\n    :::note",
    "<pre>\n{{ x }}\n</pre>",
    "<code>{% x %}</code> and <!-- {% x %} -->",
    "$x_{i=1}$ and $$\n{{a}}\n$$",
    "%%{{ x }}%%",
    "A set {a, b} and {}; f(x){y}; {:.2f} and {:d}",
    "[a](/b){.big} ![x](https://e.test/x.png){width=300}\n\n## T {#id .c}",
    "[a](/b){: .big}",
    "> [!NOTE]\n> x\n\n> [!Tip]- Title\n> y",
    "import nothing from abroad\n\nexport default settings are fine",
    "Text: a::b and std::vector, at 12:30:45, or a:b:c. C::x::y",
    "A :smile: and :+1: run; https://e.test/:a_b:/x",
    "[x], [video](/v), [1]: and [gallery](/g) and [b]\n\n[b]: /b",
    "[[Note]] ![[cat.png]] ![[film.mp4|A film]]",
    "2^10^ and ^up^ and x ^2\n\nA note[^1].\n\n[^1]: Text.",
    "!!! Wow !!!\n\n=== Heading-like",
    "[@jane](/x), [@jane1999] and [@jane2020] wrote to [me@e.test]; x ^Same\n\n[@jane2020]: /x\n[@jane1999]: /x",
    "Term\n: Definition",
    "A ```b``` c",
    "10 % {of} 20 %",
    '<a href="{{ page.url }}">told as an address</a> [x]({{page.url}}) ![x](/{{y}}.png)',
    "```python\nx\n```",
    "\\{{ x",
]


@pytest.mark.parametrize("body", FOREIGN)
def test_the_language_of_another_program(body: str) -> None:
    found = in_body("foreign-syntax", f"Text.\n\n{body}\n")
    assert len(found) == 1, found
    assert found[0].startswith("7:")


@pytest.mark.parametrize("body", FINE)
def test_what_is_ours_or_an_example(body: str) -> None:
    assert in_body("foreign-syntax", body) == []


def test_each_kind_once_at_its_first_place_with_its_number(paper: Paper) -> None:
    paper.post("one", "Text.\n\nSee {{ a }} and {{ b }}.\n\n:::tabs\nx {{ c }}\n:::\n\n{% x %}")
    assert reported(paper, "foreign-syntax") == [f"pages/posts/one.md:{at}" for at in ("7:5", "9:1", "13:1")]
    assert "`{{ a }}` is a value of a template (3 of them), which Byline does not run" in paper.run("check").stdout


def test_columns_behind_letters_of_other_scripts() -> None:
    assert in_body("foreign-syntax", "é `ü` 渡 {{ x }}") == ["5:9"]


@pytest.mark.parametrize(
    ("extensions", "kinds"),
    [((), 3), (("toc", "admonition", "attr_list"), 0), (("admonition",), 2)],
)
def test_what_extensions_of_python_markdown_run(extensions: tuple[str, ...], kinds: int) -> None:
    rule = next(rule for rule in all_rules() if rule.code == "foreign-syntax")
    assert rule.in_text
    body = "[TOC]\n\n!!! note\n    Inside.\n\n[a](/b){: .x }\n\n    {{ x }}\n\n`{% x %}`\n"
    manuscript = Manuscript("post", HEAD + body, ZoneInfo("UTC"), BYLINE, Engine("python", "a test", extensions))
    assert len(list(rule.in_text(manuscript))) == kinds


@pytest.mark.parametrize(
    ("body", "places"),
    [
        ("~~~py\nx\n~~~\n", []),
        ("```py\nx\n```\n", []),
        ("Text.\n\n~~~py\nx\n\nText.\n", [(7, 1)]),
        ("```py\nx\n\nText.\n", [(5, 1)]),
    ],
)
def test_a_fence_without_an_end_in_python_markdown(body: str, places: list[tuple[int, int]]) -> None:
    rule = next(rule for rule in all_rules() if rule.code == "foreign-syntax")
    assert rule.in_text
    engine = Engine("python", "a test", ("fenced_code",))
    manuscript = Manuscript("post", HEAD + body, ZoneInfo("UTC"), BYLINE, engine)
    assert [(found.line, found.col) for found in rule.in_text(manuscript)] == places


def test_a_film_as_a_picture_is_played_by_python_markdown_too() -> None:
    rule = next(rule for rule in all_rules() if rule.code == "foreign-syntax")
    assert rule.in_text
    manuscript = Manuscript("post", f"{HEAD}![a](x.mp4)\n", ZoneInfo("UTC"), BYLINE, Engine("python", "a test"))
    assert list(rule.in_text(manuscript)) == []
    assert [address.tag for address in manuscript.facts.addresses] == ["video"]


@pytest.mark.parametrize(
    "sign", ["{>>", "{{<", "{% a ", "{/*", ":a", "[x", "![[", "<% ", "import a from ", "^a", "{:a="]
)
def test_no_text_takes_long(sign: str) -> None:
    assert isinstance(in_body("foreign-syntax", sign * 15_000), list)
