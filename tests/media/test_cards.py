"""Social cards: the picture beside a link to a story that has none."""

import io
import re

import pytest
from PIL import Image

from tests.helpers.paper import Paper
from tests.helpers.papers import png

OG_IMAGE = re.compile(r'property="og:image(:\w+)?" content="([^"]*)"')


def shared(paper: Paper, path: str = "posts/one/index.html") -> dict[str, str]:
    return dict(OG_IMAGE.findall(paper.page(path)))


def drawn(paper: Paper) -> dict[str, bytes]:
    return {path: (paper.folder / "build" / path).read_bytes() for path in paper.tree() if "/card-" in path}


def test_a_story_without_a_cover_has_a_card(paper: Paper) -> None:
    paper.post("one", title="The clerk’s “Straße” opens again")
    assert paper.freeze().exit_code == 0
    (path, data), *others = drawn(paper).items()
    assert not others
    assert shared(paper) == {
        "": f"https://paper.test/{path}",
        ":width": "1200",
        ":height": "630",
        ":alt": "The clerk’s “Straße” opens again",
    }
    image = Image.open(io.BytesIO(data))
    assert (image.format, image.size) == ("PNG", (1200, 630))
    assert len(data) < 40_000
    assert f'"url": "https://paper.test/{path}"' in paper.page("posts/one/index.html")
    assert paper.client().get(f"/{path}").data == data


def test_a_cover_is_better_than_a_card(paper: Paper) -> None:
    paper.write("pages/posts/dot.png", png(900, 600))
    paper.post("one", cover="dot.png")
    paper.freeze()
    assert not drawn(paper)
    assert shared(paper)[":width"] == "900"


@pytest.mark.parametrize("title", ["港の物語", "قصة الميناء", "Weather ☂ report"])
def test_a_script_that_the_font_lacks_has_the_sites_picture(paper: Paper, title: str) -> None:
    paper.post("one", title=title)
    paper.freeze()
    assert not drawn(paper)
    assert re.fullmatch(r"https://paper\.test/static/icon\.png.*", shared(paper)[""])
    assert shared(paper)[":width"] == "512"
    assert '<meta name="twitter:card" content="summary">' in paper.page("posts/one/index.html")


def test_each_headline_has_a_card_of_its_own(paper: Paper) -> None:
    paper.post("one", title="Old")
    paper.freeze()
    old = drawn(paper)
    paper.post("one", title="New")
    paper.freeze()
    new = drawn(paper)
    assert old.keys().isdisjoint(new)
    assert set(old.values()).isdisjoint(new.values())
    (paper.folder / ".cache").rename(paper.folder / "gone")
    paper.freeze(out="cold")
    assert paper.tree("cold") == paper.tree()


@pytest.mark.parametrize("title", ["Word " * 100, "Longword" * 60, "W", "a\u0301" * 300])
def test_any_headline_fits(paper: Paper, title: str) -> None:
    paper.post("one", title=title)
    assert paper.freeze().exit_code == 0
    (data,) = drawn(paper).values()
    image = Image.open(io.BytesIO(data)).convert("L").point(lambda shade: 255 if shade < 200 else 0)
    left, top, right, bottom = image.getbbox() or (0, 0, 0, 0)
    assert min(left, top) >= 70
    assert right <= 1130
    assert bottom <= 580


def test_cards_can_be_left_out(paper: Paper) -> None:
    paper.settings('title = "The Paper"\nurl = "https://paper.test"\nsocial_cards = false')
    paper.post("one")
    paper.freeze()
    assert not drawn(paper)


def test_a_draft_has_no_card(paper: Paper) -> None:
    paper.post("one", draft="true")
    paper.freeze()
    assert not drawn(paper)
