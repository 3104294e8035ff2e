"""`flask check --fix`: fixes what is certain, and touches nothing else."""

import datetime as dt
import os
from zoneinfo import ZoneInfo

import pytest

from byline.check.fix import fixed
from byline.check.manuscript import Manuscript
from byline.dialects.dialect import BYLINE, Dialect
from byline.frontmatter.dates import parse
from byline.frontmatter.headers import Habits, PostHeader
from byline.frontmatter.keys import names_of, normal
from tests.helpers.corpus import CORPUS
from tests.helpers.findings import HEAD, manuscript
from tests.helpers.findings import fixed as fixed_text
from tests.helpers.paper import Paper

ZONE = ZoneInfo("America/New_York")
LINE = "---\n# A comment\ndate: 2025-05-01 # first\n{}\ntags: ['a', \"b\"]   \n---\ntitle: a: b\n"


@pytest.mark.parametrize(
    ("line", "after"),
    [
        ("title: Ferry: it is back", 'title: "Ferry: it is back"'),
        ("title:   Ferry: it is back  # so", 'title:   "Ferry: it is back"  # so'),
        ('title: The "ferry": it is back', "title: 'The \"ferry\": it is back'"),
        ('title: It\'s \\ "so": here', "title: 'It''s \\ \"so\": here'"),
        ("title: @ferry is back", 'title: "@ferry is back"'),
        ("title: `ferry` is back", 'title: "`ferry` is back"'),
        ("title: Ferry:", 'title: "Ferry:"'),
        (
            "title: One\ncover:\n  src: a.png\n  alt: Ferry: white",
            'title: One\ncover:\n  src: a.png\n  alt: "Ferry: white"',
        ),
        ("title: One: a\ndek: Two: b", 'title: "One: a"\ndek: "Two: b"'),
    ],
)
def test_colons_are_quoted(line: str, after: str) -> None:
    assert is_bad_yaml(LINE.format(line))
    assert fixed_text(LINE.format(line)) == LINE.format(after)
    assert not is_bad_yaml(LINE.format(after))


@pytest.mark.parametrize(
    "line",
    [
        "title: One: a\n  goes on",
        'title: "One": a',
        "title: [One: a: b",
        "title: {a: b: c}",
        "tags:\n\t- b",
        "title: 'open",
    ],
)
def test_what_is_not_certain_is_left_alone(line: str) -> None:
    assert fixed_text(LINE.format(line)) == LINE.format(line)
    assert is_bad_yaml(LINE.format(line))


def is_bad_yaml(text: str) -> bool:
    read = manuscript(text)
    has_slips = any(node.slips for node in read.header.values())
    return has_slips or (read.fault is not None and read.fault.problem.code == "bad-yaml")


def test_what_is_fixed_and_what_remains_is_said(paper: Paper) -> None:
    paper.write("pages/posts/one.md", "---\nheadline: A: b\ndate: Apr 3, 2025\ndraft: perhaps\n---\nText.\r\nText.\n")
    run = paper.run("check", "--fix")
    assert [line.split(" ")[:3] for line in run.stderr.splitlines() if line.startswith("Fixed:")] == [
        ["Fixed:", "pages/posts/one.md:2:11:", "bad-yaml"],
        ["Fixed:", "pages/posts/one.md:2:1:", "alias-key"],
        ["Fixed:", "pages/posts/one.md:3:7:", "date-form"],
        ["Fixed:", "pages/posts/one.md:6:6:", "mixed-line-endings"],
    ]
    assert run.stdout.startswith("pages/posts/one.md:4:8: not-true-or-false")
    assert run.exit_code == 1
    assert paper.run("check", "--fix").stderr.splitlines()[-1] == "1 error"


def test_a_file_keeps_its_permissions_and_a_link_stays_one(paper: Paper) -> None:
    real = paper.write("pages/posts/real.md", HEAD.replace("2025-05-01", "May 1, 2025"))
    real.chmod(0o640)
    link = paper.folder / "pages" / "posts" / "link.md"
    link.symlink_to("real.md")
    paper.run("check", "--fix", "pages/posts/link.md")
    assert link.is_symlink()
    assert real.read_text() == HEAD
    assert real.stat().st_mode & 0o777 == 0o640
    assert sorted(os.listdir(real.parent)) == ["link.md", "real.md"]


def test_a_file_with_nothing_to_fix_is_not_written(paper: Paper) -> None:
    path = paper.post("one")
    before = path.stat()
    assert paper.run("check", "--fix").exit_code == 0
    assert (path.stat().st_ino, path.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


@pytest.mark.parametrize("text", [b"\xff\xfe", b"---\ntitle: A\n", b"", b"---\n- a: b: c\n---\n", b"+++\na = \n+++\n"])
def test_what_cannot_be_read_is_left_alone(paper: Paper, text: bytes) -> None:
    path = paper.write("pages/posts/one.md", text)
    paper.run("check", "--fix")
    assert path.read_bytes() == text


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus ../shared/corpus is not here")
@pytest.mark.parametrize("dialect", [BYLINE, Dialect(name="jekyll", habits=Habits(("tags", "categories")))])
def test_a_real_blog_is_fixed_once_and_its_bodies_stay(dialect: Dialect) -> None:
    count = 0
    for path in sorted((CORPUS / "_posts").glob("*.md")):
        original = Manuscript("post", path.read_bytes().decode(), ZONE, dialect)
        text, problems = fixed(original)
        again = Manuscript("post", text, ZONE, dialect)
        assert fixed(again) == (text, []), path
        assert again.part.body == original.part.body, path
        lines = [line for line in text.splitlines(True) if not line.startswith("id: /")]  # of posts with old addresses
        pairs = list(zip(original.text.splitlines(True), lines, strict=True))
        changed = [(old, new) for old, new in pairs if old != new]
        assert all(_is_one_fixed(old, new) for old, new in changed), changed
        assert bool(changed) == bool(problems), path
        count += len(changed)
    assert count > (400 if dialect.is_own else 30)


def _is_one_fixed(old: str, new: str) -> bool:
    """Whether two lines of a header say the same in different ways."""
    (old_key, _, old_value), (new_key, _, new_value) = old.partition(":"), new.partition(":")
    same_key = old_key == new_key or names_of(PostHeader)[normal(old_key)] == new_key
    return same_key and (old_value == new_value or _day(old_value) == _day(new_value))


def _day(value: str) -> dt.datetime:
    return parse(value.strip(" '\"\r\n"), ZONE)
