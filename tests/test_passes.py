"""The selective inline pass gives what the library's own pass gives."""

from typing import Any

import markdown as library
import pytest

from byline import inlines, markdown
from byline.inlines import InlinesExtension
from tests.conftest import ROOT
from tests.test_corpus import CORPUS

SAMPLES = [
    "",
    "plain",
    "*a* _b_ **c** __d__ ***e*** ~~f~~ `g` ``h ` h``",
    "[a](b) [a][b] [a] ![a](b) ![a][b] ![a] [^1] [a [b](c) d](e)\n\n[b]: /x\n[a]: /y\n\n[^1]: *note*",
    "<https://paper.test> <a@paper.test> https://paper.test/x www.paper.test a@paper.test",
    "line  \nbreak\\\nand \\* \\[ \\` &amp; &copy; \\&copy; & <b>x</b> <br>",
    "| *a* | [b](c) |\n|---|---|\n| `x|y` | https://paper.test |",
    "> - *a*\n>   `b`\n\n1. **c** [d](e)",
    "*[LAW]: The law\n\nLAW and **LAW** and `LAW`",
]


def both() -> tuple[library.Markdown, library.Markdown]:
    extensions: list[Any] = [*markdown.EXTENSIONS, *markdown.our_extensions()]
    configs = markdown.EXTENSION_CONFIGS
    plain = library.Markdown(extensions=extensions, extension_configs=configs)
    return plain, library.Markdown(extensions=[*extensions, InlinesExtension()], extension_configs=configs)


@pytest.mark.parametrize("body", SAMPLES)
def test_samples(body: str) -> None:
    plain, selective = both()
    assert selective.convert(body) == plain.convert(body)


def test_the_starter_site_and_the_corpus() -> None:
    plain, selective = both()
    paths = sorted((ROOT / "pages").rglob("*.md")) + sorted(CORPUS.rglob("*.md"))
    for path in paths:
        body = path.read_text(encoding="utf-8").split("\n---\n", 1)[-1]
        assert selective.reset().convert(body) == plain.reset().convert(body), path


def test_every_pattern_of_the_library_is_listed() -> None:
    """One that is not is always tried, which is right but slow."""
    names = {item.name for item in both()[1].inlinePatterns._priority}  # type: ignore[attr-defined]
    assert names == set(inlines.NEEDS)
