"""Medium: its zip file, and each piece of its HTML."""

import io
import zipfile

import pytest

from tests.helpers.exports import body, header, imported, ledger, no_errors
from tests.helpers.paper import Paper

HEAD = '<section data-field="subtitle" class="p-summary">After two winters</section>'
PROFILE = (
    '<section class="h-card"><h3 class="p-name">News desk</h3><img class="u-photo" src="https://x.test/desk.jpg"><ul>'
    '<li><a class="u-url" href="https://medium.com/@desk">@desk</a></li><li>Email address: desk@old.test</li>'
    '<li><a href="https://twitter.com/quay">@quay</a></li></ul></section>'
)


def page(
    title: str, inner: str, *, head: str = HEAD, foot: str = "", number: str = "aaaaaaaa0001", date: str = "2018-08-11"
) -> str:
    """A post as Medium exports it."""
    slug = title.lower().replace(" ", "-")
    said = f' on <a href="https://medium.com/p/{number}"><time class="dt-published" datetime="{date}T11:23:34.123Z">x</time></a>'
    canonical = f'<a href="https://medium.com/@desk/{slug}-{number}" class="p-canonical">Canonical link</a>'
    return (
        f'<html><body><article class="h-entry"><header><h1 class="p-name">{title}</h1></header>{head}'
        '<section data-field="body" class="e-content"><section class="section"><div class="section-divider"><hr></div>'
        f'<div class="section-content"><div class="section-inner">{inner}</div></div></section></section><footer>'
        + (
            foot
            or f'<p class="p-tags"><a class="p-tag">Sea</a></p><p>By <a href="https://medium.com/@desk" class="p-author">News desk</a>{said}.</p>{canonical}'
        )
        + "</footer></article></body></html>"
    )


def graf(words: str, name: str = "p", kind: str = "") -> str:
    return f'<{name} class="graf graf--{kind or name}">{words}</{name}>'


def text(paper: Paper, inner: str, **values: str) -> str:
    imported(paper, str(paper.write("posts/2018-08-11_One-aaaaaaaa0001.html", page("One", inner, **values))))
    return body(paper, ledger(paper)["medium:2018-08-11_One-aaaaaaaa0001.html"])


TITLE = graf("The ferry", "h3", "h3 graf--title") + graf("After two winters", "h4", "h4 graf--subtitle")
COVER = '<figure class="graf graf--figure"><img src="https://x.test/a.jpg" alt="A"><figcaption>At <em>dawn</em></figcaption></figure>'


def test_a_zip_file_comes_in(paper: Paper) -> None:
    files = {
        "posts/2018-08-11_The-ferry-aaaaaaaa0001.html": page(
            "The ferry", TITLE + COVER + graf('It is <a href="https://medium.com/p/aaaaaaaa0002?source=x">back</a>.')
        ),
        "posts/2019-01-01_Two-aaaaaaaa0002.html": page(
            "Two", graf('Of <a href="https://medium.com/@other/x-bbbbbbbb0009">another</a>.'), number="aaaaaaaa0002"
        ),
        "posts/draft_Three-aaaaaaaa0003.html": page(
            "Three", graf("Later."), foot='<a href="https://medium.com/p/aaaaaaaa0003">View original.</a>'
        ),
        "posts/2019-02-02_Thanks-aaaaaaaa0004.html": page(
            "Thanks for it", graf("Thanks for it, said we."), head="", number="aaaaaaaa0004"
        ),
        "profile/profile.html": PROFILE,
        "claps/claps-0001.html": "<ul><li>one</li><li>two</li></ul>",
        "README.html": "<p>Read me</p>",
    }
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    (paper.folder / "medium.zip").write_bytes(packed.getvalue())
    told = imported(paper, str(paper.folder / "medium.zip")).output
    assert "6 in the export = posts 3 + pages 0 + files of the library 0 + left out 3" in told
    paths = ledger(paper)
    path = paths["medium:2018-08-11_The-ferry-aaaaaaaa0001.html"]
    found = header(paper, path)
    assert (found["title"], found["dek"], found["tags"]) == ("The ferry", "After two winters", ("Sea",))
    assert (found["id"], found["authors"]) == ("https://medium.com/p/aaaaaaaa0001", ("news-desk",))
    assert (found["cover"].src, found["cover"].alt, found["cover"].caption) == ("https://x.test/a.jpg", "A", "At dawn")
    assert body(paper, path) == "It is [back](two.md)."
    assert "/bbbbbbbb0009" not in (paper.folder / "import-report.md").read_text()
    assert (
        body(paper, paths["medium:2019-01-01_Two-aaaaaaaa0002.html"])
        == "Of [another](https://medium.com/@other/x-bbbbbbbb0009)."
    )
    assert header(paper, paths["medium:draft_Three-aaaaaaaa0003.html"])["draft"] is True
    person = (paper.folder / "pages/authors/news-desk.md").read_text()
    assert "https://x.test/desk.jpg" in person
    assert "https://twitter.com/quay" in person
    assert "old.test" not in person
    client = paper.client()
    assert client.get("/@desk/the-ferry-aaaaaaaa0001").location == "/posts/the-ferry/"
    assert client.get("/posts/three/").status_code == 404
    no_errors(paper)


@pytest.mark.parametrize(
    ("inner", "written"),
    [
        (graf("A", "h3") + graf("B", "h4") + graf("x"), "## A\n\n### B\n\nx"),
        (graf("B", "h4") + graf("x"), "## B\n\nx"),
        (graf("“Q”", "blockquote", "pullquote"), "> “Q”"),
        ('<pre class="graf graf--pre"><code>a = 1<br><br>b</code></pre>', "```\na = 1\n\nb\n```"),
        (
            '<pre data-code-block-lang="python" class="graf graf--preV2"><span class="pre--content"><span class="hljs-k">if</span> a:<br>  b</span></pre>',
            "```python\nif a:\n  b\n```",
        ),
        (
            graf("x") + COVER,
            "x\n\n<figure>\n\n![A](https://x.test/a.jpg)\n\n<figcaption>\n\nAt *dawn*\n\n</figcaption>\n</figure>",
        ),
        (
            '<figure class="graf graf--figure graf--iframe"><iframe src="https://www.youtube.com/embed/abcdefghijk"></iframe></figure>',
            "https://www.youtube.com/watch?v=abcdefghijk",
        ),
        (
            '<figure class="graf"><script src="https://gist.github.com/desk/12.js"></script></figure>',
            "https://gist.github.com/desk/12",
        ),
        (
            '<div class="graf graf--mixtapeEmbed"><a href="https://x.test/"><strong>T</strong><br><em>D</em>x.test</a>'
            '<a href="https://x.test/" class="js-mixtapeImage mixtapeImage"></a></div>',
            "[**T**](https://x.test/)\\\n*D*x.test",
        ),
        ('<ol class="postList"><li class="graf">a</li><li class="graf">b</li></ol>', "1. a\n2. b"),
        (
            graf("x") + '</div></div></section><section><div class="section-divider"><hr></div><div><div>' + graf("y"),
            "x\n\n***\n\ny",
        ),
    ],
)
def test_pieces(paper: Paper, inner: str, written: str) -> None:
    assert text(paper, inner) == written


def test_where_it_stood_first(paper: Paper) -> None:
    inner = graf("x") + graf('<em>Originally published at </em><a href="https://old.test/ferry"><em>old.test</em></a>.')
    assert text(paper, inner).endswith("*Originally published at* [*old.test*](https://old.test/ferry).")
    assert (
        header(paper, ledger(paper)["medium:2018-08-11_One-aaaaaaaa0001.html"])["canonical"] == "https://old.test/ferry"
    )


def test_the_beginning_of_a_text_is_no_dek(paper: Paper) -> None:
    summary = '<section data-field="subtitle" class="p-summary">The ferry is back after…</section>'
    text(paper, graf("The ferry is back after two winters."), head=summary)
    assert "dek" not in header(paper, ledger(paper)["medium:2018-08-11_One-aaaaaaaa0001.html"])


def test_a_domain_of_ones_own(paper: Paper) -> None:
    foot = (
        '<p>By <a href="https://medium.com/@desk" class="p-author">News desk</a> on <a href="https://medium.com/p/aaaaaaaa0001">'
        '<time class="dt-published" datetime="2018-08-11T11:23:34.123Z">x</time></a></p>'
        '<a href="https://quay.test/one-aaaaaaaa0001" class="p-canonical">c</a>'
    )
    text(paper, graf('<a href="https://quay.test/gone-cccccccc0001">g</a>'), foot=foot)
    assert paper.client().get("/one-aaaaaaaa0001").location == "/posts/one/"
    assert "a link leads to https://quay.test/gone-cccccccc0001" in (paper.folder / "import-report.md").read_text()
