"""Pictures among which browsers choose: `<picture>` and `srcset` in raw HTML, resolved like any other picture."""

import re

import pytest

from tests.helpers.paper import Paper
from tests.helpers.papers import jpeg, png

DARK = "(prefers-color-scheme: dark)"
ENGINES = ["github", "python"]


@pytest.fixture(params=ENGINES)
def engine(paper: Paper, request: pytest.FixtureRequest) -> Paper:
    paper.settings(f'url = "https://paper.test"\n[markdown]\nengine = "{request.param}"')
    for name, width in (("light", 900), ("dark", 1000), ("large", 1800)):
        paper.write(f"pages/posts/{name}.jpg", jpeg(width, 400))
    return paper


def body(paper: Paper) -> str:
    found = re.search(r'<div class="body".*?>\n(.*?)</div>', paper.client().get("/posts/one/").text, re.DOTALL)
    assert found
    return found[1]


def test_a_picture_for_dark_mode(engine: Paper) -> None:
    engine.post(
        "one", f'Text.\n\n<picture><source srcset="dark.jpg" media="{DARK}"><img src="light.jpg" alt="A"></picture>'
    )
    assert not engine.problems()
    shown = body(engine)
    (dark,) = re.findall(r'<source srcset="([^"]+)" sizes="[^"]+" media="\(prefers-color-scheme: dark\)">', shown)
    assert re.fullmatch(
        r"/media/dark-\w+-240.jpg 240w, .* /media/dark-\w+-800.jpg 800w, /media/dark-\w+-1000.jpg 1000w", dark
    )
    assert re.search(r'<source type="image/avif" srcset="/media/light-\w+-240.avif 240w, ', shown)
    assert shown.count("<picture") == shown.count("</picture>") == 1
    assert shown.index("dark") < shown.index("image/avif") < shown.index("<img")
    assert engine.freeze().exit_code == 0
    for url in re.findall(r"/media/\S+", f"{dark} "):
        assert (engine.folder / "build" / url[1:]).exists()
    assert "/dark" not in engine.client().get("/feed.xml").text


def test_each_of_several_is_resolved(engine: Paper) -> None:
    engine.post("one", '<p><img alt="A" srcset="light.jpg 1x, large.jpg 2x" src="light.jpg"></p>')
    shown = body(engine)
    (choices,) = re.findall(r'srcset="([^"]+)"', shown)
    assert re.fullmatch(r"/media/light-\w+-900.jpg 1x, /media/large-\w+-1600.jpg 2x", choices)
    assert re.search(r'src="/media/light-\w+-900.jpg" width="900"', shown)
    assert "avif" not in shown
    assert shown.count("srcset=") == 1


def test_widths_are_those_of_what_is_published(engine: Paper) -> None:
    engine.post("one", '<p><img alt="A" src="light.jpg" srcset="light.jpg 901w,\n large.jpg 1800w" sizes="50vw"></p>')
    shown = body(engine)
    assert re.search(r'srcset="/media/light-\w+-900.jpg 900w, /media/large-\w+-1600.jpg 1600w"', shown)
    assert 'sizes="50vw"' in shown
    assert shown.count("sizes=") == 1


def test_what_is_missing_is_left_out_and_told(engine: Paper) -> None:
    engine.write("pages/posts/bad.png", b"no picture")
    engine.post("one", 'Text.\n\n<p><img alt="A" src="light.jpg" srcset="gone.jpg 1x, bad.png 2x, large.jpg 3x"></p>')
    assert re.search(r'srcset="/media/large-\w+-1600.jpg 3x"', body(engine))
    assert [problem.partition(" (")[0] for problem in engine.problems()] == [
        "warning pages/posts/one.md:7:41: bad-picture pages/posts/bad.png is not a picture that Byline can read",
        "warning pages/posts/one.md:7:41: missing-picture there is no picture 'gone.jpg', so none is shown",
    ]


SETS = {
    "javascript:run() 1x": None,
    "%6aavascript:run() 2x": "/posts/one/javascript:run() 2x",
    "java&#10;script:run()": None,
    "data:image/svg+xml;base64,AAAA 1x": None,
    "secret.md": None,
    "/posts/secret/ 2x": None,
    "https://paper.test/posts/secret/": None,
    ",, ,": None,
    "": None,
    "light.jpg nonsense": None,
    "https://e.test/a.png, https://e.test/b,c.png 2x": "https://e.test/a.png, https://e.test/b,c.png 2x",
    "https://e.test/a.png 1.5x,": "https://e.test/a.png 1.5x",
}


@pytest.mark.parametrize("choices", SETS)
def test_nothing_unsafe_and_nothing_withheld_remains(engine: Paper, choices: str) -> None:
    engine.post("secret", draft="true")
    engine.post("one", f'<picture><source srcset="{choices}"><img src="light.jpg" alt="A"></picture>')
    assert engine.freeze().exit_code == 0
    shown = engine.page("posts/one/index.html")
    (source,) = re.findall(r"<picture><source([^>]*)>(?=<source|<img)", shown)
    expected = SETS[choices]
    assert source == (f' srcset="{expected}"' if expected else "")


def test_a_picture_without_any_that_can_be_shown_is_left_out(engine: Paper) -> None:
    engine.write("pages/posts/a.png", png(9, 9))
    engine.post("one", '<p><img alt="A" srcset="a.png 1x" src="gone.md"> <img alt="B" srcset="a.png 1x"></p>')
    shown = body(engine)
    assert 'alt="A"' not in shown
    assert re.search(r'<img alt="B" srcset="/media/a-\w+-9.png 1x">', shown)
