"""Whatever is in the content folder: the problem names the file and the line, and every other page is served."""

import codecs
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.helpers.paper import ROOT, Paper
from tests.helpers.papers import PNG

GOOD = "---\ntitle: {title}\ndate: 2025-05-01\n---\nText.\n"


def bad(text: str | bytes, name: str = "bad.md") -> Callable[[Path], None]:
    def write(posts: Path) -> None:
        (posts / name).write_bytes(text.encode() if isinstance(text, str) else text)

    return write


def with_line(line: str) -> str:
    return f"---\ntitle: A\ndate: 2025-05-01\n{line}\n---\nText.\n"


def link(target: str, name: str = "bad.md") -> Callable[[Path], None]:
    def write(posts: Path) -> None:
        (posts / name).symlink_to(target)

    return write


def loop(posts: Path) -> None:
    (posts / "bad").symlink_to(posts)


def outside(posts: Path) -> None:
    secret = posts.parent.parent / "secret.md"
    secret.write_text(GOOD.format(title="Canary"))
    (posts / "bad.md").symlink_to(secret)


def fifo(posts: Path) -> None:
    os.mkfifo(posts / "bad.md")


CASES: dict[str, tuple[Callable[[Path], None], str]] = {
    # case: (what to write, how its problem starts)
    "empty file": (bad(""), "error pages/posts/bad.md:1:1: missing-date"),
    "no header": (bad("Just text.\n"), "error pages/posts/bad.md:1:1: missing-date"),
    "no date": (bad("---\ntitle: A\n---\n"), "error pages/posts/bad.md:1:1: missing-date"),
    "5 MB": (bad("x" * 5_000_000), "error pages/posts/bad.md:1:1: too-large"),
    "long text": (bad(GOOD.format(title="A") + "word " * 250_000), "error pages/posts/bad.md:5:1: too-long"),
    "binary": (bad(b"---\ntitle: A\n---\n\x00\x01"), "error pages/posts/bad.md:4:1: binary"),
    "a picture named .md": (bad(PNG), "error pages/posts/bad.md:1:1: not-utf-8"),
    "Latin-1": (bad("---\ntitle: Gänse\n---\n".encode("latin-1")), "error pages/posts/bad.md:2:9: not-utf-8"),
    "UTF-16": (bad("---\ntitle: A\n---\n".encode("utf-16")), "error pages/posts/bad.md:1:1: not-utf-8"),
    "header without end": (bad("---\ntitle: A\n\nText.\n"), "error pages/posts/bad.md:1:1: header-without-end"),
    "TOML without end": (bad('+++\ntitle = "A"\n'), "error pages/posts/bad.md:1:1: header-without-end"),
    "a colon in a title": (
        bad("---\ndate: 2025-05-01\ntitle: A: b\n---\n"),
        "warning pages/posts/bad.md:3:8: bad-yaml",
    ),
    "a duplicate key": (bad("---\ntitle: A\ntitle: B\n---\n"), "error pages/posts/bad.md:3:1: duplicate-key"),
    "a tab": (bad("---\ntitle: A\ntags:\n\t- b\n---\n"), "error pages/posts/bad.md:4:1: bad-yaml"),
    "an open quote": (bad('---\ntitle: "A\ndate: 2025-05-01\n---\n'), "error pages/posts/bad.md:2:8: bad-yaml"),
    "a list as header": (bad("---\n- a\n---\n"), "error pages/posts/bad.md:2:1: bad-yaml"),
    "a long dash as fence": (bad("—\ntitle: A\ndate: 2025-05-01\n—\n"), "error pages/posts/bad.md:1:1: bad-fence"),
    "four hyphens": (bad("\n----\ntitle: A\ndate: 2025-05-01\n----\n"), "error pages/posts/bad.md:2:1: bad-fence"),
    "bad TOML": (bad("+++\ntitle = \n+++\n"), "error pages/posts/bad.md:2:9: bad-toml"),
    "YAML bomb": (
        bad(
            "---\na: &a [1,1,1,1,1,1,1,1,1]\n"
            + "".join(f"{chr(98 + n)}: &{chr(98 + n)} [{','.join(['*' + chr(97 + n)] * 9)}]\n" for n in range(8))
            + "---\n"
        ),
        "error pages/posts/bad.md:",
    ),
    "YAML that holds itself": (bad("---\ntitle: &a [*a]\n---\n"), "error pages/posts/bad.md:2:8: huge-header"),
    "deep YAML": (bad("---\nx: " + "[" * 3000 + "]" * 3000 + "\n---\n"), "error pages/posts/bad.md:2:23: huge-header"),
    "a control character": (bad("---\ntitle: A\x07\n---\n"), "error pages/posts/bad.md:2:9: bad-yaml"),
    "a bad date": (bad("---\ntitle: A\ndate: soon\n---\n"), "error pages/posts/bad.md:3:7: bad-date"),
    "a day that is not": (bad("---\ntitle: A\ndate: 2025-02-30\n---\n"), "error pages/posts/bad.md:3:7: bad-date"),
    "a date without year": (bad("---\ntitle: A\ndate: Apr 3\n---\n"), "error pages/posts/bad.md:3:7: bad-date"),
    "the year 0": (bad("---\ntitle: A\ndate: 0000-01-01\n---\n"), "error pages/posts/bad.md:3:7: bad-date"),
    "10,000 pictures": (bad(GOOD.format(title="A") + "![" * 10_000), "error pages/posts/bad.md:6:1001: too-deep"),
    "emphasis in emphasis": (
        bad(GOOD.format(title="A") + "*a **b " * 60 + "x" + " b** a*" * 60),
        "error pages/posts/bad.md:6:345: too-deep",
    ),
    "deep quotes": (bad(GOOD.format(title="A") + "\n" + ">" * 500 + " x"), "error pages/posts/bad.md:7:101: too-deep"),
    "a dangling link": (link("nowhere.md"), "error pages/posts/bad.md:1:1: dangling-link"),
    "a link to itself": (link("bad.md"), "error pages/posts/bad.md:1:1: dangling-link"),
    "a folder in itself": (loop, "error pages/posts/bad:1:1: link-loop"),
    "a link out of the tree": (outside, "error pages/posts/bad.md:1:1: outside-link"),
    "a pipe": (fifo, "error pages/posts/bad.md:1:1: not-a-file"),
    "a long slug": (
        bad(f"---\ntitle: A\ndate: 2025-05-01\nslug: {'very-' * 60}long\n---\n"),
        "error pages/posts/bad.md:4:7: bad-slug",
    ),
    "a title that is no slug": (
        bad("---\ntitle: '!!!'\ndate: 2025-05-01\nslug: '!!!'\n---\n"),
        "error pages/posts/bad.md:4:7: bad-slug",
    ),
    "a long tag": (
        bad(f"---\ntitle: A\ndate: 2025-05-01\ntags: [{'very-' * 60}long]\n---\n"),
        "warning pages/posts/bad.md:4:8: bad-slug",
    ),
    "a title that is a list": (
        bad("---\ntitle: [a]\ndate: 2025-05-01\n---\n"),
        "warning pages/posts/bad.md:2:8: not-text",
    ),
    "a draft perhaps": (bad(with_line("draft: perhaps")), "error pages/posts/bad.md:4:8: not-true-or-false"),
    "a draft in a list": (bad(with_line("draft: [true]")), "error pages/posts/bad.md:4:8: not-true-or-false"),
    "pinned sometimes": (bad(with_line("pinned: sometimes")), "warning pages/posts/bad.md:4:9: not-true-or-false"),
    "a part in words": (bad(with_line("series: {name: B, part: one}")), "warning pages/posts/bad.md:4:25: bad-part"),
    "two series": (bad(with_line("series: [a, b]")), "warning pages/posts/bad.md:4:13: too-many"),
    "a canonical without scheme": (
        bad(with_line("canonical: example.org/x")),
        "warning pages/posts/bad.md:4:12: bad-address",
    ),
    "a correction without date": (
        bad(with_line("corrections:\n- text: A")),
        "warning pages/posts/bad.md:5:1: bad-correction",
    ),
    "a correction without text": (
        bad(with_line("corrections:\n- {date: 2025-05-02}")),
        "warning pages/posts/bad.md:5:10: bad-correction",
    ),
    "a correction that is no table": (
        bad(with_line("corrections: [A]")),
        "warning pages/posts/bad.md:4:15: not-a-table",
    ),
    "a cover without src": (bad(with_line("cover:\n  alt: A")), "warning pages/posts/bad.md:5:3: cover-without-src"),
    "two covers": (bad(with_line("cover: [a.png, b.png]")), "warning pages/posts/bad.md:4:16: too-many"),
    "a dek that is a list": (bad(with_line("dek:\n- a")), "warning pages/posts/bad.md:5:1: not-text"),
    "a tag that is a table": (bad(with_line("tags:\n- a\n- {b: c}")), "warning pages/posts/bad.md:6:3: not-text"),
    "tags that are a table": (bad(with_line("tags: {a: b}")), "warning pages/posts/bad.md:4:7: not-text"),
    "a language that is a list": (bad(with_line("lang: [en, de]")), "warning pages/posts/bad.md:4:7: not-text"),
    "a curly date": (bad("---\ntitle: A\ndate: “2025-05-01”\n---\n"), "warning pages/posts/bad.md:3:7: curly-quotes"),
    "a key without a space": (bad("---\ntitle:A\ndate: 2025-05-01\n---\n"), "warning pages/posts/bad.md:2:6: bad-yaml"),
    "a wide colon": (bad("---\ntitle：A\ndate: 2025-05-01\n---\n"), "warning pages/posts/bad.md:2:6: bad-yaml"),
    "long dashes": (bad(with_line("tags:\n– a\n– b")), "warning pages/posts/bad.md:5:1: bad-yaml"),
    "text after a list": (
        bad("---\ntitle: [x] y\ndate: 2025-05-01\n---\n"),
        "warning pages/posts/bad.md:2:8: bad-yaml",
    ),
    "a key twice with one value": (bad(with_line("tags: a\ntags: a")), "warning pages/posts/bad.md:5:1: duplicate-key"),
    "a bad date beside that of the name": (
        bad("---\ntitle: A\ndate: soon\n---\n", "2025-05-01-bad.md"),
        "warning pages/posts/2025-05-01-bad.md:3:7: bad-date",
    ),
    "no title": (bad("---\ndate: 2025-05-01\n---\n# A\n"), "warning pages/posts/bad.md:1:1: missing-title"),
    "an alias of its own": (bad(with_line("aliases: /Posts/bad")), "warning pages/posts/bad.md:4:10: alias-collision"),
    "an alias with a fragment": (
        bad(with_line("aliases: [/a/, '/b#c']")),
        "warning pages/posts/bad.md:4:10: bad-alias",
    ),
    "an alias that is Byline's": (
        bad(with_line("aliases: /archive/")),
        "warning pages/posts/bad.md:4:10: alias-collision",
    ),
    "one key in two spellings": (
        bad(with_line("Cover_Image: a.png\ncover-image: b.png")),
        "error pages/posts/bad.md:5:1: duplicate-key",
    ),
    "an update yesterday": (bad(with_line("updated: yesterday")), "warning pages/posts/bad.md:4:10: bad-date"),
    "an expiry in month 13": (bad(with_line("expires: 2025-13-01")), "error pages/posts/bad.md:4:10: bad-date"),
    "an author without letters": (bad(with_line("authors: ['???']")), "warning pages/posts/bad.md:4:10: bad-slug"),
    "a category without letters": (bad(with_line("category: '???'")), "warning pages/posts/bad.md:4:11: bad-slug"),
    "6,000 tags": (bad(with_line(f"tags: [{'a, ' * 6000}]")), "error pages/posts/bad.md:4:14996: huge-header"),
    "a time zone of 99 hours": (
        bad("---\ntitle: A\ndate: 2025-05-01 10:00 +99:00\n---\n"),
        "error pages/posts/bad.md:3:7: bad-date",
    ),
    "the hour 25": (bad("---\ntitle: A\ndate: 2025-05-01 25:00\n---\n"), "error pages/posts/bad.md:3:7: bad-date"),
    "a date of which country": (
        bad("---\ntitle: A\ndate: 05/01/2025\n---\n"),
        "error pages/posts/bad.md:3:7: bad-date",
    ),
    "a date in a list": (bad("---\ntitle: A\ndate: [2025-05-01]\n---\n"), "error pages/posts/bad.md:3:7: bad-date"),
    "a title that is a table": (
        bad("---\ntitle: {a: b}\ndate: 2025-05-01\n---\n"),
        "warning pages/posts/bad.md:2:8: not-text",
    ),
    "an unknown alias": (bad("---\ndate: 2025-05-01\ntitle: *x\n---\n"), "warning pages/posts/bad.md:3:8: bad-yaml"),
    "an @ at the start": (bad("---\ndate: 2025-05-01\ntitle: @x\n---\n"), "warning pages/posts/bad.md:3:8: bad-yaml"),
    "a % at the start": (bad("---\ndate: 2025-05-01\ntitle: %x\n---\n"), "warning pages/posts/bad.md:3:8: bad-yaml"),
    "an open bracket": (bad("---\ndate: 2025-05-01\ntitle: [x\n---\n"), "error pages/posts/bad.md:3:8: bad-yaml"),
    "an open apostrophe": (bad("---\ndate: 2025-05-01\ntitle: 'x\n---\n"), "error pages/posts/bad.md:3:8: bad-yaml"),
    "text after a quote": (
        bad("---\ndate: 2025-05-01\ntitle: 'x' y\n---\n"),
        "error pages/posts/bad.md:3:12: bad-yaml",
    ),
    "an indented key": (bad("---\ndate: 2025-05-01\n title: x\n---\n"), "warning pages/posts/bad.md:3:1: bad-yaml"),
    "a header of one sentence": (bad("---\njust text\n---\n"), "error pages/posts/bad.md:2:1: bad-yaml"),
    "a duplicate key in TOML": (bad("+++\ntitle = 'A'\ntitle = 'B'\n+++\n"), "error pages/posts/bad.md:3:12: bad-toml"),
    "no quotes in TOML": (bad("+++\ntitle = A\n+++\n"), "error pages/posts/bad.md:2:9: bad-toml"),
    "a bad date in TOML": (bad("+++\ntitle = 'A'\ndate = '1/2/2025'\n+++\n"), "error pages/posts/bad.md:3:8: bad-date"),
    "a bad date with CRLF": (bad("---\r\ntitle: A\r\ndate: soon\r\n---\r\n"), "error pages/posts/bad.md:3:7: bad-date"),
    "a bad date with CR": (bad("---\rtitle: A\rdate: soon\r---\r"), "error pages/posts/bad.md:3:7: bad-date"),
    "a bad date after a byte order mark": (
        bad("\ufeff---\ntitle: A\ndate: soon\n---\n"),
        "error pages/posts/bad.md:3:7: bad-date",
    ),
    "binary data in a header": (bad("---\ntitle: A\0\n---\n"), "error pages/posts/bad.md:2:1: binary"),
    "20,001 tags": (
        bad(GOOD.format(title="A") + "\n" + "<b>" * 20_001),
        "error pages/posts/bad.md:7:59998: too-long",
    ),
    "deep quotes in a list": (
        bad(GOOD.format(title="A") + "\n- a\n\n  " + ">" * 150 + " x"),
        "error pages/posts/bad.md:9:102: too-deep",
    ),
    "two with one slug": (
        lambda posts: (bad(GOOD.format(title="A"), "2025-05-02-good.md")(posts), None)[1],
        "warning pages/posts/good.md:1:1: url-collision",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_one_bad_file_hides_no_other(paper: Paper, case: str) -> None:
    write, expected = CASES[case]
    paper.post("neighbour")
    if case == "two with one slug":
        paper.post("good")
    write(paper.folder / "pages" / "posts")
    problems = paper.problems()
    assert any(problem.startswith(expected) for problem in problems), problems
    client = paper.client()
    assert client.get("/posts/neighbour/").status_code == 200
    assert b"neighbour" in client.get("/").data
    assert b"Canary" not in client.get("/").data
    url = "/posts/good-2/" if case == "two with one slug" else "/posts/bad/"
    assert client.get(url).status_code == (200 if expected.startswith("warning") else 404)


MENDED = {
    "a colon in a title": '---\ndate: 2025-05-01\ntitle: "A: b"\n---\n',
    "an @ at the start": '---\ndate: 2025-05-01\ntitle: "@x"\n---\n',
    "a % at the start": '---\ndate: 2025-05-01\ntitle: "%x"\n---\n',
    "an unknown alias": '---\ndate: 2025-05-01\ntitle: "*x"\n---\n',
    "an indented key": "---\ndate: 2025-05-01\ntitle: x\n---\n",
    "a key without a space": "---\ntitle: A\ndate: 2025-05-01\n---\n",
    "a wide colon": "---\ntitle: A\ndate: 2025-05-01\n---\n",
    "long dashes": "---\ntitle: A\ndate: 2025-05-01\ntags:\n- a\n- b\n---\nText.\n",
    "text after a list": '---\ntitle: "[x] y"\ndate: 2025-05-01\n---\n',
}
"""Cases where only one thing can have been meant, and the result of `flask check --fix`."""


@pytest.mark.parametrize(
    "case",
    [
        *MENDED,
        *(pytest.param(case, marks=pytest.mark.proof) for case in CASES if case not in MENDED),
    ],
)
def test_the_check_names_each_and_fixes_what_is_certain(paper: Paper, case: str) -> None:
    if case == "two with one slug":
        paper.post("good")
    folder = paper.folder / "pages" / "posts"
    CASES[case][0](folder)
    severity, _, expected = CASES[case][1].partition(" ")
    before = {path: path.read_bytes() for path in folder.iterdir() if path.is_file()}
    run = paper.run("check")
    assert run.exit_code == (severity == "error")
    assert any(line.startswith(expected) for line in run.stdout.splitlines()), run.output
    assert "Traceback" not in run.output
    fixing = paper.run("check", "--fix")
    assert fixing.exit_code == (severity == "error"), fixing.output
    # An alias, whether it can be used or not, was the post's name in feeds: `unpinned-id` writes that.
    after = {path: re.sub(rb"(?m)^id: .*\n(?=aliases:)", b"", path.read_bytes()) for path in before}
    if case in MENDED:
        assert (folder / "bad.md").read_text() == MENDED[case]
    else:
        unmarked = {path: data.removeprefix(codecs.BOM_UTF8) for path, data in before.items()}
        assert after == unmarked


def test_there_are_many_ways_to_be_wrong() -> None:
    assert len(CASES) >= 80


@pytest.mark.parametrize(
    "name",
    [
        "new\nline",
        'quo"te',
        "apo'strophe",
        "ha#sh",
        "que?stion",
        "per%2ecent",
        "back\\slash",
        "sp ace",
        "semi;colon",
        "<tag>",
    ],
)
def test_odd_names_are_slugs_or_problems(paper: Paper, name: str) -> None:
    paper.post("neighbour", f"[odd](<{name}.md>)" if name.isprintable() else "x")
    (paper.folder / "pages" / "posts" / f"{name}.md").write_text(GOOD.format(title="Odd"))
    site = paper.site()
    assert not site.errors
    url = next(post.url for post in site.posts if post.title == "Odd")
    assert url.isascii()
    assert url.isprintable()
    assert paper.client().get(url).status_code == 200
    assert paper.freeze().exit_code == 0


def test_problems_print_on_one_line_each(paper: Paper) -> None:
    (paper.folder / "pages" / "posts" / "new\nline.md").write_text("---\n---\n")
    run = paper.freeze()
    assert run.exit_code == 1
    assert "pages/posts/new\\nline.md:1:1: missing-date" in run.output


def test_a_name_that_is_not_utf_8(paper: Paper) -> None:
    paper.post("neighbour")
    folder = os.fsencode(paper.folder / "pages" / "posts")
    (Path(os.fsdecode(folder)) / os.fsdecode(b"b\xe4d.md")).write_text(GOOD.format(title="A"))
    assert "bad-name" in paper.codes()
    assert paper.client().get("/posts/neighbour/").status_code == 200


def test_decomposed_and_composed_names_are_one(paper: Paper) -> None:
    paper.settings('unicode_slugs = true\nurl = "https://paper.test"')
    posts = paper.folder / "pages" / "posts"
    (posts / "ga\u0308nse.md").write_text(GOOD.format(title="Decomposed"))
    client = paper.client()
    assert client.get("/posts/g\u00e4nse/").status_code == 200
    assert client.get("/posts/ga\u0308nse/").status_code == 200
    (posts / "g\u00e4nse.md").write_text(GOOD.format(title="Composed"))
    assert "duplicate-path" in paper.codes()


def test_all_problems_are_reported_at_once(paper: Paper) -> None:
    paper.write("pages/posts/a.md", "---\ndate: soon\ndraft: perhaps\n---\n")
    paper.write("pages/posts/b.md", "---\ntitle: [\n---\n")
    run = paper.freeze()
    assert run.exit_code == 1
    for problem in (
        "a.md:2:7: bad-date",
        "a.md:3:8: not-true-or-false",
        "b.md:3:1: bad-yaml",
    ):
        assert f"pages/posts/{problem}" in run.output
    assert "--skip-broken" in run.output


def test_private_names_are_not_published(paper: Paper) -> None:
    paper.post("neighbour")
    for name in ("_draft.md", ".b.md", ".#lock.md", "_folder/c.md"):
        paper.write(f"pages/posts/{name}", GOOD.format(title="Canary"))
    (paper.folder / "pages" / "posts" / ".#neighbour.md").symlink_to("user@host.1234")
    assert paper.problems() == []
    assert [post.slug for post in paper.site().posts] == ["neighbour"]


def test_linked_folders_inside_the_tree_are_read(paper: Paper) -> None:
    paper.write("pages/shelf/deep.md", GOOD.format(title="Deep"))
    (paper.folder / "pages" / "posts" / "linked").symlink_to("../shelf")
    assert paper.client().get("/posts/deep/").status_code == 200


def test_what_cannot_be_read_is_named() -> None:
    """Root can read everything, so this runs as another user if it has to."""
    script = (
        "import os, tempfile\n"
        "from pathlib import Path\n"
        "from byline.content.sources import SourceTree\n"
        "folder = Path(tempfile.mkdtemp())\n"
        "(folder / 'closed').mkdir()\n"
        "(folder / 'bad.md').write_text('x')\n"
        "(folder / 'good.md').write_text('x')\n"
        "if os.getuid() == 0:\n"
        "    os.chown(folder, 65534, 65534)\n"
        "    [os.chown(path, 65534, 65534) for path in folder.iterdir()]\n"
        "    os.setgid(65534); os.setuid(65534)\n"
        "(folder / 'bad.md').chmod(0); (folder / 'closed').chmod(0)\n"
        "tree = SourceTree(folder)\n"
        "texts, others, problems = tree.scan()\n"
        "print([str(problem) for problem in problems])\n"
        "print([(text.path, str(tree.load(text).problem)) for text in texts])\n"
    )
    run = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    assert "closed/:1:1: unreadable-folder cannot be listed: Permission denied" in run.stdout
    assert "('bad.md', ':1:1: unreadable cannot be read: Permission denied" in run.stdout
    assert "('good.md', 'None')" in run.stdout


@pytest.mark.parametrize(
    ("line", "place", "hint"),
    [
        ("cover:\n\tsrc: a.png", "4:1", "use spaces"),
        ("title: [Breaking] a bracket", "3:", 'put the value in "quotes"'),
        ("title: 'It's fine'", "3:", "quot"),
        ("title: - dash", "3:", "quot"),
        ("title: *star*", "3:", "quot"),
    ],
)
def test_yaml_says_what_to_do(paper: Paper, line: str, place: str, hint: str) -> None:
    paper.write("pages/posts/bad.md", f"---\ndate: 2025-05-01\n{line}\n---\n")
    (problem,) = [text for text in paper.problems() if "bad-yaml" in text]
    assert f"bad.md:{place}" in problem
    assert hint in problem.rpartition("(")[2]
