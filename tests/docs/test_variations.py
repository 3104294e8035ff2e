"""docs/variations: each can be read, and is shown."""

import shutil
from pathlib import Path

import pytest

from byline.media.look import contrast, tokens_of
from docs import variations
from tests.helpers.paper import ROOT, Paper

NAMES = [name for name in variations.names() if name != "theme"]
STYLE = ROOT / "byline/theme/static/style.css"


@pytest.mark.parametrize(
    "path", [STYLE, *(variations.FOLDER / f"{name}.css" for name in NAMES)], ids=lambda it: it.stem
)
def test_all_words_have_contrast(path: Path) -> None:
    for tokens in tokens_of(path.read_text(encoding="utf-8")):
        for word in ("ink", "quiet", "accent"):
            for ground in ("paper", "tint"):
                assert contrast(tokens[word], tokens[ground]) >= 7, (word, ground, tokens)
        assert contrast(tokens["ink"], tokens["mark"]) >= 7


@pytest.mark.parametrize("name", NAMES)
def test_a_variation_is_the_look_of_a_site(paper: Paper, name: str) -> None:
    (paper.folder / "static").mkdir()
    shutil.copy(variations.FOLDER / f"{name}.css", paper.folder / "static/custom.css")
    paper.settings('url = "https://paper.test"\n' + (variations.FOLDER / f"{name}.toml").read_text(encoding="utf-8"))
    page = paper.client().get("/").text
    light, dark = tokens_of((variations.FOLDER / f"{name}.css").read_text(encoding="utf-8"))
    assert f'content="{light["paper"]}"' in page
    assert f'content="{dark["paper"]}"' in page
    assert paper.codes() <= {"author-without-file"}


@pytest.mark.parametrize("name", variations.names())
def test_the_docs_show_it(name: str) -> None:
    text = (ROOT / "docs/variations.md").read_text(encoding="utf-8")
    assert f"(variations/{name}.webp)" in text
    assert (variations.FOLDER / f"{name}.webp").stat().st_size > 20_000
