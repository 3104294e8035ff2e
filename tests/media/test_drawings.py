"""Drawings: SVG that browsers show as it was drawn, and that can do nothing else."""

import base64
import io
import re

import pytest
from PIL import Image

from tests.helpers.paper import Paper
from tests.helpers.papers import jpeg, png

SAFE_SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 20"><path id="a" d="M0 0"/>{}</svg>'
EVIL = {
    "script": "<script>alert(1)</script>",
    "handler": '<path onload="alert(1)" d="M0 0"/>',
    "foreign": "<foreignObject><p>x</p></foreignObject>",
    "javascript": '<a href="java&#10;script:alert(1)"><path d="M0 0"/></a>',
    "xlink": '<image xmlns:x="http://www.w3.org/1999/xlink" x:href="https://evil.test/x.png"/>',
    "style": "<style>path { fill: url(https://evil.test/x) }</style>",
    "import": "<style>@import 'https://evil.test/x.css'</style>",
    "attribute": '<path style="fill: url( https://evil.test/x )" d="M0 0"/>',
    "animate": '<a href="#a"><animate attributeName="href" to="javascript:alert(1)"/></a>',
    "data": '<use href="data:image/svg+xml;base64,PHN2Zz4="/>',
    "broken": "<path",
    "other space": '<s xmlns="http://www.w3.org/1999/xhtml"><script>run()</script></s>',
    "prefix": '<x:script xmlns:x="http://www.w3.org/2000/svg">run()</x:script>',
    "capitals": "<SCRIPT>run()</SCRIPT>",
    "capital handler": '<path ONLOAD="run()" d="M0 0"/>',
    "section": "<style><![CDATA[path { fill: url(//evil.test/x) }]]></style>",
    "escape": "<style>path { fill: u\\72l(//evil.test/x) }</style>",
    "escape in an attribute": '<path fill="u\\72l(//evil.test/x)" d="M0 0"/>',
    "character references": '<path fill="&#117;rl(//evil.test/x)" d="M0 0"/>',
    "behind one that is inside": '<path fill="url(#a) url(//evil.test/x)" d="M0 0"/>',
    "image set": "<style>path { background: image-set('//evil.test/x' 1x) }</style>",
    "binding": "<style>path { -moz-binding: x }</style>",
    "set": '<a href="#a"><set attributeName="href" to="javascript:run()"/></a>',
    "change of a link": '<a><animateTransform attributeName="href" to="javascript:run()"/></a>',
    "link elsewhere": '<a href="https://evil.test/"><path d="M0 0"/></a>',
    "use elsewhere": '<use href="https://evil.test/x.svg#a"/>',
    "drawing in a drawing": '<image href="data:image/svg+xml;base64,PHN2Zz4="/>',
    "no photograph": '<image href="data:image/png;base64,PHN2Zz4="/>',
    "base": '<g xml:base="https://evil.test/"><use href="x.svg#a"/></g>',
    "filter": '<filter id="f"><feImage href="https://evil.test/x.png"/></filter>',
    "frame": '<iframe src="https://evil.test/"/>',
}


@pytest.mark.parametrize("evil", EVIL.values(), ids=EVIL)
def test_an_svg_that_could_do_something_is_not_published(paper: Paper, evil: str) -> None:
    paper.write("pages/posts/a.svg", SAFE_SVG.format(evil))
    paper.post("one", "![a](a.svg) [link](a.svg)")
    assert paper.freeze().exit_code == 0
    assert not paper.media()
    assert "bad-picture" in paper.codes()


HEADS = {
    "stylesheet": '<?xml-stylesheet href="x.css"?>',
    "entities": '<!DOCTYPE svg [<!ENTITY a "b">]>',
    "many entities": '<!DOCTYPE svg [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;">]>',
    "parameter entity": '<!DOCTYPE svg [<!ENTITY % a SYSTEM "file:///etc/passwd"> %a;]>',
    "UTF-7": "<?xml version='1.0' encoding='UTF-7'?>",
    "UTF-16": "<?xml version='1.0' encoding='UTF-16'?>",
    "Latin 1": "<?xml version='1.0' encoding='ISO-8859-1'?>",
    "none such": "<?xml version='1.0' encoding='nonsense'?>",
}


@pytest.mark.parametrize("head", HEADS.values(), ids=HEADS)
def test_a_drawing_with_a_head_that_could_hide_something_is_not_published(paper: Paper, head: str) -> None:
    paper.write("pages/posts/a.svg", head + SAFE_SVG.format(""))
    paper.post("one", "![a](a.svg)")
    assert paper.codes() == {"bad-picture"}
    assert not [path for path in paper.site().files if "/a-" in path]


BYTES = {
    "UTF-16": SAFE_SVG.format("").encode("utf-16"),
    "Latin 1": SAFE_SVG.format("<text>\xe9</text>").encode("latin-1"),
    "nothing": b"",
    "no drawing": b"<html/>",
    "deep": SAFE_SVG.format("<g>" * 300 + "</g>" * 300).encode(),
    "an entity that is nowhere declared": b'<!DOCTYPE svg PUBLIC "a" "b">'
    + SAFE_SVG.format("<text>a&nbsp;b</text>").encode(),
    "a photograph by its ending": png(9, 9),
    "too large": SAFE_SVG.format(" " * 2_000_000).encode(),
}


@pytest.mark.parametrize("data", BYTES.values(), ids=BYTES)
def test_any_bytes_are_a_fault_with_a_name(paper: Paper, data: bytes) -> None:
    paper.write("pages/posts/a.svg", data)
    paper.post("one", "![a](a.svg)")
    assert paper.freeze().exit_code == 0
    (problem,) = paper.problems()
    assert problem.startswith("warning pages/posts/one.md:5:6: bad-picture pages/posts/a.svg ")
    assert not paper.media()


DRAWN = {
    "Graphviz": """<?xml version="1.0" encoding="UTF-8" standalone="no"?>
<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">
<!-- canary -->
<svg width="206pt" height="116pt" viewBox="0.00 0.00 206.00 116.00"
 xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">
<g id="node1" class="node" transform="scale(1 1) rotate(0) translate(4 112)"><title>A-&gt;B</title>
<ellipse fill="none" stroke="black" cx="33" cy="-90" rx="32.49" ry="18"/>
<text text-anchor="middle" x="33" y="-86.3" font-family="Times,serif" font-size="14.00">K\xf6ln</text></g></svg>""",
    "Matplotlib": """<?xml version="1.0" encoding="utf-8" standalone="no"?>
<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">
<svg xmlns:xlink="http://www.w3.org/1999/xlink" width="206pt" height="116pt" viewBox="0 0 206 116"
 xmlns="http://www.w3.org/2000/svg" version="1.1">
<metadata><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><a>canary</a></rdf:RDF></metadata>
<defs><style type="text/css">*{stroke-linejoin: round; stroke-linecap: butt}</style><path id="m" d="M 0 0 L 0 3.5"
 style="stroke: #000000; stroke-width: 0.8"/><clipPath id="c"><rect x="57" y="41"/></clipPath></defs>
<g clip-path="url(#c)"><use xlink:href="#m" x="73" y="307" style="fill: url('#m'); stroke: #000"/></g></svg>""",
    "Inkscape": """<svg xmlns="http://www.w3.org/2000/svg" width="72.7mm" height="41mm" viewBox="0 0 72.7 41"
 xmlns:inkscape="http://www.inkscape.org/namespaces/inkscape" inkscape:export-filename="C:\\canary"
 xmlns:sodipodi="http://sodipodi.sourceforge.net/DTD/sodipodi-0.dtd" sodipodi:docname="canary.svg">
<sodipodi:namedview inkscape:current-layer="canary"><inkscape:grid/></sodipodi:namedview>
<g inkscape:label="canary" style="font-family:'DejaVu Sans';fill:url(#a)"><flowRoot>canary</flowRoot><path d="M0 0"/></g>
</svg>""",
}


@pytest.mark.parametrize("text", DRAWN.values(), ids=DRAWN)
def test_what_programs_draw_is_published_without_their_notes(paper: Paper, text: str) -> None:
    paper.write("pages/posts/a.svg", text)
    paper.post("one", "![a](a.svg) [the drawing](a.svg)", cover="a.svg")
    assert paper.freeze().exit_code == 0
    assert not paper.problems()
    (path,) = paper.media()
    published = paper.page(path)
    assert "canary" not in published
    assert "<!" not in published
    for shown in re.findall(r"<(?:text|path|ellipse|use|rect|title)\b", text):
        assert shown in published
    for attribute in re.findall(r'(?:viewBox|d|style|transform|clip-path|font-family)="[^"]*"', text):
        assert attribute in published
    assert paper.page("posts/one/index.html").count('width="275" height="155"') == 2


def test_a_safe_svg_keeps_what_it_shows(paper: Paper) -> None:
    inside = '<use href="#a" /><path fill="url(#a)" d="M0 0" /><style>.b &gt; .c{fill:url( "#a" )}</style>'
    paper.write("pages/posts/a.svg", SAFE_SVG.format(inside))
    paper.post("one", "![a](a.svg)")
    paper.freeze()
    (path,) = paper.media()
    assert paper.page(path) == SAFE_SVG.format(inside).replace('d="M0 0"/>', 'd="M0 0" />')
    assert 'width="40" height="20"' in paper.page("posts/one/index.html")


def test_a_photograph_in_a_drawing_says_nothing_of_its_place(paper: Paper) -> None:
    exif = Image.Exif()
    exif[0x010F] = "CanaryCamera"
    data = base64.b64encode(jpeg(30, 20, exif=exif)).decode()
    paper.write("pages/posts/a.svg", SAFE_SVG.format(f'<image width="9" href="data:image/jpeg;base64,\n{data}"/>'))
    paper.post("one", "![a](a.svg)")
    paper.freeze()
    (path,) = paper.media()
    found = re.search(r'href="data:image/jpeg;base64,([^"]+)"', paper.page(path))
    assert found
    image = Image.open(io.BytesIO(base64.b64decode(found[1])))
    assert image.size == (30, 20)
    assert not image.getexif()


def test_a_drawing_in_static_is_the_owners(paper: Paper) -> None:
    text = SAFE_SVG.format(EVIL["script"])
    paper.write("static/a.svg", text)
    paper.post("one", "![a](/static/a.svg)")
    assert paper.freeze().exit_code == 0
    assert not paper.problems()
    assert paper.page("static/a.svg") == text
