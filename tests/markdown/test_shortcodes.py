"""Shortcodes, boxes and values of other programs become what they mean, and lines stay known."""

import pytest

from byline.markdown.shortcodes.expansion import Codes, expanded
from byline.media.files import THEME
from tests.helpers.paper import ROOT, Paper

FILES = sorted((THEME / "shortcodes").glob("*.html"))
CODES = Codes(tuple((path.stem, path.read_text(encoding="utf-8")) for path in FILES), (("site.baseurl", ""),), True)
WATCH = "https://www.youtube.com/watch?v="
A = f'<a href="{WATCH}id">{WATCH}id</a>'


def run(body: str, codes: Codes = CODES) -> str:
    return expanded(body, codes, {"page.title": "Boat"}).text


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("{{< youtube id >}}", f"<p>{A}</p>"),
        ("{{% youtube id %}}", f"<p>{A}</p>"),
        ('{{ youtube(id="id") }}', f"<p>{A}</p>"),
        ("{% youtube id %}", f"<p>{A}</p>"),
        ('{% youtube "id" %}', f"<p>{A}</p>"),
        ('{% include youtube.html id="id" %}', f"<p>{A}</p>"),
        ('<YouTube id="id" />', f"<p>{A}</p>"),
        ("See {{< youtube id >}} now", f"See {A} now"),
        ('{{< figure src="/a.png" alt="A" >}}', '<figure><img src="/a.png" alt="A"></figure>'),
        (
            '{% include figure image_path="/a.png" caption="A <b>" %}',
            '<figure><img src="/a.png" alt="A &lt;b&gt;"><figcaption>A &lt;b&gt;</figcaption></figure>',
        ),
        ("{% asset_img a.jpg A boat %}", '<figure><img src="a.jpg" alt="A boat"></figure>'),
        (
            "{{< gist sea 123 >}}",
            '<p><a href="https://gist.github.com/sea/123">https://gist.github.com/sea/123</a></p>',
        ),
        ("{% note %}\nx\n{% endnote %}", "> [!NOTE]\n> x"),
        ('{{< notice tip "Hm" >}}x{{< /notice >}}', "> [!TIP]\n> x"),
        ('<Callout type="warning">x</Callout>', "> [!WARNING]\n> x"),
        ("!!! danger\n    x\n\n    - y\n\nz", "> [!CAUTION]\n> x\n>\n> - y\n\nz"),
        ('!!! note "Mind"\n    x\n', "> [!NOTE]\n> **Mind**\n>\n> x\n"),
        (":::tip Mind\nx\n:::\nz", "> [!TIP]\n> **Mind**\n>\n> x\n\nz"),
        (":::info[Mind]\nx\n:::", "> [!NOTE]\n> **Mind**\n>\n> x"),
        ("{% highlight py linenos %}\n{{ x }}\n{% endhighlight %}", "```py\n{{ x }}\n```"),
        ("{% blockquote Ann Desk %}\nx\n{% endblockquote %}", "> x\n>\n> — Ann Desk"),
        ("{{< details Open >}}\nx\n{{< /details >}}", "<details><summary>Open</summary>\n\nx\n\n</details>"),
        ("a{% comment %}b{% endcomment %}c", "ac"),
        ("a{{/* b */}}c{/* d */}", "ac"),
        ("[x]({% post_url 2025-05-01-boat %})", "[x]([[2025-05-01-boat]])"),
        ("[x]({{ site.baseurl }}{% link _posts/2025-05-01-boat.md %})", "[x]([[2025-05-01-boat]])"),
        ('[x]({{< relref "posts/boat.md#sea" >}})', "[x]([[posts/boat#sea]])"),
        ("{% post_link boat The boat %}", "[The boat]([[boat]])"),
        ('![x]({{ "/a.png" | relative_url }})', "![x](/a.png)"),
        ('{{ "/a.png" | prepend: site.baseurl }}', "/a.png"),
        ("{{ page.title }}", "Boat"),
        ("{% raw %}{{ x }}{% endraw %}", "&#123;{ x }}"),
        ("`{% raw %}{{ x }}{% endraw %}`", "`{{ x }}`"),
        ("{{</* youtube id */>}}", "&#123;{< youtube id >}}"),
        ("import X from './x'\n\nText.", "\n\nText."),
        ('<p style={{color: "red"}}>x</p>{/* y */}', "<p>x</p>"),
        ("<img src={require('./a.png').default} />", '<img src="./a.png" />'),
    ],
)
def test_what_they_become(typed: str, shown: str) -> None:
    assert run(typed) == shown


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("Say {% note %}x{% endnote %} z", "Say \n\n> [!NOTE]\n> x\n\n z"),
        ("- a {% note %}x{% endnote %} z\n- b", "- a \n\n  > [!NOTE]\n  > x\n\n   z\n- b"),
        ("- {% note %}\n  x\n  y\n  {% endnote %}", "- > [!NOTE]\n  > x\n  > y"),
        ("- a\n\n    {% note %}\n    x\n    {% endnote %}", "- a\n\n    > [!NOTE]\n    > x"),
        ("> {% note %}\n> x\n> {% endnote %}\n> z", "> > [!NOTE]\n> > x\n>\n> z"),
        ("{% note %}x{% endnote %}\nz", "> [!NOTE]\n> x\n\nz"),
        ("!!! tip\n    x\nz", "> [!TIP]\n> x\n\nz"),
        ("{% note %}a {% tip %}b{% endtip %} c{% endnote %}", "> [!NOTE]\n> a\n>\n> > [!TIP]\n> > b\n>\n>  c"),
        ("- a {% highlight py %}x{% endhighlight %} z", "- a \n\n  ```py\n  x\n  ```\n\n   z"),
        (
            "1. a\n\n    {% highlight py %}\n    x\n      y\n    {% endhighlight %}",
            "1. a\n\n    ```py\n    x\n      y\n    ```",
        ),
        ("> {% highlight py %}\n> x\n> {% endhighlight %}", "> ```py\n> x\n> ```"),
        ("| a {% note %}x{% endnote %} | b |", "| a {% note %}x{% endnote %} | b |"),
        ("~~~\n{% raw %}{{ x }}{% endraw %}\n~~~", "~~~\n{{ x }}\n~~~"),
        ("a {% raw %}{{ x }}{% endraw %}\nb", "a &#123;{ x }}\nb"),
        ("{% raw %}\n```\n{{ x }}\n```\n{% endraw %}\nz", "```\n{{ x }}\n```\nz"),
    ],
)
def test_a_box_or_a_listing_has_lines_of_its_own_where_it_is(typed: str, shown: str) -> None:
    assert run(typed) == shown


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        (":::note\na {/* b */}\n\nimport X from './x'\n:::\nc", "> [!NOTE]\n> a\n>\n>\n\nc"),
        (":::note\n{% raw %}{{ x }}{% endraw %}\n:::", "> [!NOTE]\n> &#123;{ x }}"),
        ("{% note %}\n!!! tip\n    {{< youtube id >}}\n{% endnote %}", f"> [!NOTE]\n> > [!TIP]\n> > <p>{A}</p>"),
        (
            '{{ youtube(id="id") }}\n{% tip() %}{% quote(author="A") %}\n{{ y(a=1) }}\n{% end %}{% end %}',
            f"<p>{A}</p>\n\n> [!TIP]\n> > {{{{ y(a=1) }}}}\n> >\n> > — A",
        ),
        ("{% note %}{/* x */}y{% endnote %}{{ page.title }}", "> [!NOTE]\n> y\n\nBoat"),
    ],
)
def test_one_in_another(typed: str, shown: str) -> None:
    assert run(typed) == shown


@pytest.mark.parametrize(
    "typed",
    [
        "{{< chart a=b >}}",
        "{% if x %}a{% endif %}",
        "{{ x }}",
        "`{{< youtube id >}}`",
        "```\n{{< youtube id >}}\n```",
        "Text:\n\n    {{< youtube id >}}\n    :::note\n    x\n    :::",
        "~~~ py\n:::note\n:::\n~~~",
        "<!-- {% note %} -->",
        ":::tabs\nx\n:::",
        ":::note\nnever closed",
        "<Tabs>x</Tabs>",
        "{% youtube",
        "{{< youtube",
        "a :::note b",
    ],
)
def test_what_stays_as_it_is_typed(typed: str) -> None:
    assert run(typed) == typed


def test_lines_are_those_that_were_typed() -> None:
    shown = expanded('a\n{{< youtube id >}}\nb\n\n!!! note "T"\n    x\n\nc\n{% note %}y\n{% endnote %}\nd', CODES)
    places = dict(zip(shown.text.split("\n"), shown.lines, strict=True))
    assert (places["a"], places["b"], places["c"], places["d"]) == (1, 3, 8, 11)


@pytest.mark.parametrize("body", ["- a\n\n    {}", "1. a\n\n    {}", "!!! note\n\n    {}", "Text\n    {}"])
def test_indented_text_that_is_no_listing_is_run(body: str) -> None:
    assert WATCH in run(body.format("{{< youtube id >}}"))


def test_a_line_of_mdx_is_told_where_readers_lose_it() -> None:
    assert [it.line for it in expanded("a\n\nimport X from './x'\n", CODES).problems] == [3]
    assert expanded("{% highlight js %}\nimport X from './x'\n{% endhighlight %}", CODES).problems == ()


def test_a_problem_and_a_link_below_have_the_right_line(paper: Paper) -> None:
    paper.post("one", '!!! note "T"\n    x\n\n[a](nowhere.md)\n\n{% chart %}')
    told = paper.run("check").stdout
    assert "one.md:8:5: broken-link" in told
    assert "one.md:10:1: foreign-syntax" in told


def test_a_site_adds_a_template_and_replaces_one(paper: Paper) -> None:
    paper.write("shortcodes/chart.html", "<p>Chart {{ args[0] }} of {{ kind }}</p>")
    paper.write("shortcodes/youtube.html", "<p>Film {{ args[0] }}</p>")
    paper.post("one", "{{< chart <a> kind=ships >}}\n\n{{< youtube id >}}")
    page = paper.client().get("/posts/one/").data
    assert b"<p>Chart &lt;a&gt; of ships</p>" in page or b"Film id" in page
    assert b"<p>Film id</p>" in page


def test_an_edited_template_is_seen(paper: Paper) -> None:
    paper.write("shortcodes/chart.html", "<p>Old</p>")
    paper.post("one", "{{< chart >}}")
    paper.freeze()
    assert "<p>Old</p>" in paper.page("posts/one/index.html")
    paper.write("shortcodes/chart.html", "<p>New</p>")
    paper.freeze()
    assert "<p>New</p>" in paper.page("posts/one/index.html")


def test_a_box_whose_template_fails_stays_as_it_is_typed(paper: Paper) -> None:
    paper.write("shortcodes/note.html", "{{ 1 / 0 }}")
    paper.post("one", ":::note\nText.\n:::\n\n{% tip %}More.{% endtip %}")
    page = paper.client().get("/posts/one/").data
    assert b":::note" in page
    assert b"{% tip %}More." in page
    assert sum("bad-shortcode" in problem for problem in paper.problems()) == 2


@pytest.mark.parametrize("template", ["{{ 1 / 0 }}", "{% if %}", "{{ x.y.z() }}", "{% include 'none.html' %}"])
def test_a_template_that_fails_costs_its_place_only(paper: Paper, template: str) -> None:
    paper.write("shortcodes/chart.html", template)
    paper.post("one", "Before.\n\n{{< chart >}}\n\nAfter.")
    page = paper.client().get("/posts/one/").data
    assert b"Before." in page
    assert b"After." in page
    assert any(
        ":7:1: bad-shortcode the template shortcodes/chart.html failed" in problem for problem in paper.problems()
    )


def test_a_template_that_cannot_be_read_is_named_and_hides_nothing(paper: Paper) -> None:
    paper.write("shortcodes/chart.html", b"\xff")
    paper.post("one", "{{< chart >}} {{< youtube id >}}")
    assert WATCH.encode() in paper.client().get("/posts/one/").data
    assert any(problem.startswith("error shortcodes/chart.html:1:1: unreadable") for problem in paper.problems())


def test_what_a_template_prints_is_sanitised(paper: Paper) -> None:
    paper.write("shortcodes/chart.html", '<p onclick="x()">{{ inner }}</p><script>x()</script>')
    paper.post("one", "{{< chart >}}<b onclick='x()'>y</b>{{< /chart >}}")
    page = paper.client().get("/posts/one/").data.decode()
    assert "x()" not in page.partition("<main")[2].partition("</main>")[0]


def test_the_other_engine_has_boxes_of_its_own(paper: Paper) -> None:
    paper.settings('url = "https://paper.test"\n[markdown]\nengine = "python"\nextensions = ["admonition"]')
    paper.post("one", '!!! note "T"\n    x\n\n{{< youtube id >}}')
    page = paper.client().get("/posts/one/").data.decode()
    assert '<div class="admonition note">' in page
    assert A in page


def test_every_template_of_the_theme_is_described() -> None:
    told = (ROOT / "docs" / "markdown.md").read_text(encoding="utf-8")
    assert [path.stem for path in FILES if f"`{path.stem}`" not in told] == []


@pytest.mark.parametrize(
    "unit", ["{{< a ", "{% raw %}\n", ":::note\n", "```\n~~~\n", "{% note %}\n", "<Note>", "{/* ", "`a``b"]
)
def test_hostile_texts_stay_bounded(unit: str) -> None:
    """The time grows with the text: this one would take minutes if a search began anew at each place."""
    body = unit * (300_000 // len(unit))
    assert len(run(body)) < 3 * len(body)
