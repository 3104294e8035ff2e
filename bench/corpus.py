"""Corpora for measurements: posts of about 600 words with lists, tables and code; 20 authors and 50 tags.

The same number of posts always gives the same bytes.
"""

import datetime as dt
import random
import shutil
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parent.parent
AUTHORS = [f"Desk {number:02}" for number in range(1, 21)]
TAGS = [f"topic-{number:02}" for number in range(1, 51)]
WORDS = (
    "ferry harbour council vote budget river bridge school winter market signal station border harvest engine paper"
    " night morning island winds carry reports that every second household had seen the water rise before noon while"
    " nobody on the quay could say when the next boat would leave or who had ordered the gates to be shut again"
).split()
CODE = """```python
def {name}(rows: list[int], limit: int = {limit}) -> int:
    total = 0
    for row in rows:
        if row > limit:
            total += row  # {word}
    return total
```"""


class Story(NamedTuple):
    slug: str
    title: str
    date: dt.date
    author: str
    tags: list[str]
    body: str


def stories(count: int) -> list[Story]:
    """`count` stories, at most a day apart, oldest first."""
    return [_story(number) for number in range(count)]


def write_byline(folder: Path, count: int) -> None:
    """As Byline's content folder."""
    for story in stories(count):
        path = folder / "posts" / str(story.date.year) / f"{story.slug}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        head = f"title: {story.title}\ndate: {story.date}\nauthors: [{story.author}]\ntags: [{', '.join(story.tags)}]"
        path.write_text(f"---\n{head}\n---\n{story.body}\n", encoding="utf-8")


def write_site(folder: Path, size: int, more: str = "") -> None:
    """A site with the engine beside it, whose templates can be changed."""
    shutil.copytree(ROOT / "byline", folder / "byline", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "app.py", folder)
    (folder / "site.toml").write_text(f'title = "Bench"\nurl = "https://bench.test"\n{more}')
    write_byline(folder / "pages", size)


def _story(number: int) -> Story:
    dice = random.Random(number)
    date = dt.date(2024, 12, 31) - dt.timedelta(days=number // 4)
    title = " ".join(dice.choices(WORDS, k=6)).capitalize()
    tags = sorted(dice.sample(TAGS, 3))
    return Story(f"story-{number:05}", title, date, dice.choice(AUTHORS), tags, _body(dice))


def _body(dice: random.Random) -> str:
    parts = []
    for section in range(4):
        parts.append(f"## {_words(dice, 4).capitalize()}")
        parts += [_paragraph(dice) for _ in range(2)]
        if section == 0:
            parts.append("\n".join(f"- {_words(dice, 7)}" for _ in range(5)))
        elif section == 1:
            rows = [f"| {_words(dice, 2)} | {dice.randint(1, 999)} | {_words(dice, 3)} |" for _ in range(5)]
            parts.append("\n".join(["| what | number | note |", "|---|--:|---|", *rows]))
        elif section == 2:
            parts.append(CODE.format(name=dice.choice(WORDS), limit=dice.randint(1, 99), word=dice.choice(WORDS)))
        else:
            parts.append(f"> {_words(dice, 20)}")
    return "\n\n".join(parts)


def _paragraph(dice: random.Random) -> str:
    words = _words(dice, 56).split()
    words[5] = f"**{words[5]}**"
    words[12] = f"*{words[12]}*"
    words[30] = f"[{words[30]}](https://example.org/{words[31]})"
    return " ".join(words).capitalize() + "."


def _words(dice: random.Random, count: int) -> str:
    return " ".join(dice.choices(WORDS, k=count))
