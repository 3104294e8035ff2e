"""The selective passes give the same result as the library's own."""

from typing import Any

import markdown as library
import pytest
from hypothesis import given
from hypothesis import strategies as st

from byline.markdown import passes
from byline.markdown.passes import PassesExtension
from byline.markdown.render import EXTENSION_CONFIGS, EXTENSIONS, our_extensions
from tests.helpers.corpus import CORPUS
from tests.helpers.paper import ROOT

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
    "Title\n===\n\ntext\n---\n\n***\n\n* * *\n\n_ _ _\n\n#no\n\n## yes ##\ntext\n### more",
    "1. a\n2. b\n\n- a\n  + b\n\n   * c\n\n> q\nlazy\n> > deeper\n\ntext\n> q",
    "text\n[a]: /x 'y'\n\n  [b]: /x\n\n[^1]: note\n    more\n\n[a] [b] [^1]",
    "a | b\n--|--\nc | d\n\n|a|\n|-|\n|b|\n\n<div markdown='1'>\n*a*\n</div>\n\n    code",
]


def both() -> tuple[library.Markdown, library.Markdown]:
    extensions: list[Any] = [*EXTENSIONS, *our_extensions()]
    configs = EXTENSION_CONFIGS
    plain = library.Markdown(extensions=extensions, extension_configs=configs)
    return plain, library.Markdown(extensions=[*extensions, PassesExtension()], extension_configs=configs)


BOTH = both()


@pytest.mark.parametrize("body", SAMPLES)
def test_samples(body: str) -> None:
    plain, selective = both()
    assert selective.convert(body) == plain.convert(body)


def test_the_starter_site_and_the_corpus() -> None:
    plain, selective = both()
    paths = sorted((ROOT / "docs").rglob("*.md")) + sorted(CORPUS.rglob("*.md"))
    for path in paths:
        body = path.read_text(encoding="utf-8").split("\n---\n", 1)[-1]
        assert selective.reset().convert(body) == plain.reset().convert(body), path


def test_every_pattern_of_the_library_is_listed() -> None:
    """One that is not listed is always tried, which is correct but slow."""
    converter = both()[1]
    patterns: Any = converter.inlinePatterns
    processors: Any = converter.parser.blockprocessors
    assert set(patterns._data) == set(passes.NEEDS)
    assert set(processors._data) - {"empty", "indent", "code", "paragraph"} == set(passes.STARTS)


@given(st.text(st.sampled_from("ab 1.#=-_*+>[]^:|`~<&\\\n!"), max_size=80))
def test_any_text(body: str) -> None:
    plain, selective = BOTH
    assert selective.reset().convert(body) == plain.reset().convert(body)
