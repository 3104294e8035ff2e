"""Words in, words out: whatever is written around them, words are shown, in order, or it is told that they are not."""

import functools
import html
import random
import re
from collections.abc import Callable, Iterator
from html.parser import HTMLParser

import pytest

from byline.markdown import python
from byline.markdown.engines import Engine
from byline.markdown.render import Rendered, filled, render

WORD = re.compile(r"[wunr]\d+q")
PYTHON = Engine("python", "", ("extra", "admonition", "toc", "sane_lists", "codehilite"))
MOST_LOST = 5
"""Of 500 bodies, those in which Python-Markdown itself loses a word, such as the second of `***a*** ***b***` in a row."""
ENGINES: dict[str, Callable[[str], Rendered]] = {"github": render, "python": functools.partial(render, engine=PYTHON)}

# In each of these `w` stands for a word that is shown in its place, `u` for one of an attribute, `n` for one of a note
# and `r` for one that is taken out and told.
INLINE = r"""w¦w w¦*w*¦**w w**¦***w***¦_w_¦__w__¦~~w~~¦==w==¦x^w^¦`w`¦`` w`w ``¦$w$¦[w](/u)¦[w](/u "u")¦[w](<u u>)¦![w](/u)¦
![w](/u 'u')¦[![w](/u)](/u)¦[w *w*][ref]¦[w][]¦[w]¦[w](/u){.u}¦[[u|w]]¦<b>w</b>¦<b title="u">w</b>¦<br>¦<!-- remark -->¦
<a href="/u">w</a>¦<img src="/u" alt="w">¦<form>w</form>¦<script>r</script>¦<w-w>¦<b r=r>w</b>¦<?r?>¦https://u.example/u¦
<https://u.example/u>¦w@u.example¦&amp;w¦&w;¦w[^1]¦[^w]¦w\¦\*w*¦“w”¦— w¦w_w_w¦w*w*w¦w**w**¦1*w¦字**字w**字¦%w%¦5$ w¦<w¦< w¦
w>¦[w¦w]¦(w¦w)¦*¦**¦_¦`¦~~¦~¦==¦^¦$¦|¦\|¦<¦>¦&¦#¦-¦+¦=¦:¦"¦'¦\¦{w}¦{.w}¦{#w}""".replace("\n", "").split("¦")
BLOCKS = (
    r"""# i¦### w {#u}¦i\n---¦i\n===¦> i\n> i¦> [!NOTE] i\n> i¦> [!TIP]- i¦- i\n- i¦- i\n  - i\n\n    i¦1. i\n2. i¦7) i\n\n   i¦
- [ ] i\n- [x] i\n- [ ]\n- [x]w¦```\nw\n\n  w\n```¦```py\nw = w(w)\n```¦~~~html\n<b>w</b>\n~~~¦    w\n    w¦w\n    w¦
| w | w |\n|---|:-:|\n| w | *w* |\n| w |¦|w|\n|-|\n|w|r|\n`w\|w`|¦i\n|w|\n|-|\ni¦w\n\n: i\n\n: i¦![w](/u)\n*i*¦
![w](/u "u")\n\n*w*¦$$\nw\n$$¦```math\nw\n```¦```mermaid\nw\n```¦<div>\nw\n</div>¦<div>\n\ni\n\n</div>¦
<details>\n<summary>w</summary>\n\ni\n\n</details>¦<p align="center">w¦<pre>\nw\n\nw\n</pre>¦<table><tr><td>\n\ni\n\n</td></tr></table>¦
<!-- more -->¦<!--\n\nremark\n\n-->¦<script>\nr\n</script>¦<style>r</style>w¦<div r=r>w</div>¦<div>\nw <b w\n¦<b>¦</b>¦<ul>¦
[^1]: n\n\n    n\n¦[^1]: n\n¦[^r]: r\n¦[ref]: /x "y"¦*[HTML]: x\n\nHTML w¦* * *¦---¦w  \nw\\\nw¦w\vw\fw¦w\u00a0w\u2003w¦#w¦-w¦1.w¦
====\nw¦:::w\nw\n:::¦<td>w¦<w\n\nw""".replace("¦\n", "¦")
    .replace("\\n", "\n")
    .replace("\\v", "\v")
    .replace("\\f", "\f")
    .split("¦")
)


def written(number: int) -> str:
    """The body of this number."""
    dice = random.Random(number)
    parts = []
    for _ in range(dice.randint(1, 8)):
        block = re.sub(r"(?<![\w/])i(?!\w)", lambda _: _line(dice), dice.choice([*BLOCKS, *["i"] * 20]))
        for _ in range(dice.choice([0, 0, 0, 1, 1, 2])):
            first, rest = dice.choice(
                [("> ", "> "), ("- ", "  "), ("1. ", "   "), ("* ", "    "), (">", ">"), ("   ", "")]
            )
            block = first + block.replace("\n", f"\n{rest}")
        parts.append(block + dice.choice(["\n\n", "\n\n", "\n"]))
    count = iter(range(1, 10_000))
    return re.sub(
        r"(?<![A-Za-z\d/?&])[wunr](?![A-Za-z\d])|(?<=/)u", lambda sign: f"{sign[0]}{next(count)}q", "".join(parts)
    )


def _line(dice: random.Random) -> str:
    glue = ["", " ", " ", " ", "\n"]
    return "".join(dice.choice([*INLINE, *["w"] * 30]) + dice.choice(glue) for _ in range(dice.randint(1, 7))).strip()


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.text = ""
        self.attributes = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name == "alt":
                self.text += f" {value} "
            else:
                self.attributes += f" {value} "

    def handle_data(self, data: str) -> None:
        self.text += data


def _words(text: str) -> list[str]:
    return re.findall(WORD, text)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("part", [0, *(pytest.param(part, marks=pytest.mark.proof) for part in range(1, 10))])
def test_no_word_is_lost(engine: str, part: int) -> None:
    by_python_markdown = 0
    for number in range(part * 500, (part + 1) * 500):
        body = written(number)
        rendered = ENGINES[engine](body)
        problems = [problem for problem in rendered.problems if problem.code in ("html-removed", "not-shown")]
        assert not {problem.code for problem in rendered.problems} & {"unrenderable", "too-deep", "too-long"}, number
        attributes = tuple(f' {a.attribute}="{html.escape(a.value)}"' for a in rendered.addresses)
        in_text, in_attributes = _shown(filled(rendered.html, attributes))
        named = [word for problem in problems for word in _words(problem.message)]
        told = {problem.line for problem in problems}
        lost = set(_lost_in_silence(body, {*in_text, *in_attributes, *named}, told))
        if engine == "python" and lost:
            raw_text, raw_attributes = _shown(python._converted(body, PYTHON))
            lost &= {*raw_text, *raw_attributes} if 0 not in told else set()
            by_python_markdown += not lost
        assert lost == set(), f"body {number}"
        if engine == "github":  # Python-Markdown puts notes and attributes elsewhere
            words = [word for word in in_text if word[0] == "w"]
            assert words == sorted(words, key=lambda word: int(word[1:-1])), f"body {number}"
    assert by_python_markdown <= MOST_LOST


def _shown(page: str) -> tuple[list[str], list[str]]:
    """The words of a page, and those in attributes that readers do not see."""
    reader = _Words()
    reader.feed(page)
    reader.close()
    return _words(reader.text), _words(reader.attributes)


def _lost_in_silence(body: str, kept: set[str], told: set[int]) -> Iterator[str]:
    """Words that are not shown, unless something of their block, or what is lost right before, is said not to be."""
    is_told = False
    for word in re.finditer(WORD, body):
        if word[0] in kept:
            is_told = False
            continue
        block = max((gap.end() for gap in re.finditer(r"\n[> ]*(?=\n)", body[: word.start()])), default=-1) + 1
        lines = range(body.count("\n", 0, block) + 1, body.count("\n", 0, word.start()) + 2)
        is_told = is_told or not told.isdisjoint(lines)
        if not is_told:
            yield word[0]
