"""Lines that a merge left behind are errors wherever readers would see them; an example in a listing is not one."""

import pytest

from byline.problems import merge_conflict
from tests.helpers.findings import HEAD, reported
from tests.helpers.paper import Paper

CONFLICT = "<<<<<<< HEAD\none\n=======\ntwo\n>>>>>>> feature/x\n"
DIFF3 = "<<<<<<< ours\none\n||||||| base\nzero\n=======\ntwo\n>>>>>>> theirs\n"


@pytest.mark.parametrize(
    ("path", "text", "place"),
    [
        ("pages/posts/one.md", f"{HEAD}Text.\n\n{CONFLICT}", "7:1"),
        ("pages/posts/one.md", f"{HEAD}Text.\n\n{DIFF3}".replace("\n", "\r\n"), "7:1"),
        ("pages/posts/one.md", f"---\ntitle: One\n{CONFLICT.replace('one', 'date: 2025-05-01')}---\n", "3:1"),
        ("pages/posts/one.md", CONFLICT.replace("one", HEAD).replace("two", HEAD), "1:1"),
        ("pages/posts/one.md", f"+++\ntitle = 'One'\n{CONFLICT}+++\n", "3:1"),
        ("pages/posts/one.md", f"{HEAD}```\na\n```\n{CONFLICT}```\n", "8:1"),
        ("pages/posts/one.md", f"{HEAD}```\n<<<<<<< HEAD\n```\n=======\n```\n>>>>>>> x\n", "6:1"),
        ("pages/posts/one.md", f"{HEAD}one\n=======\ntwo\n>>>>>>> x\n", "6:1"),
        ("pages/posts/one.md", f"{HEAD}<<<<<<< HEAD\none\n", "5:1"),
        ("pages/about.md", f"---\ntitle: About\n---\n{CONFLICT}", "4:1"),
        ("pages/authors/desk.md", f"---\nname: Desk\n{CONFLICT}---\n", "3:1"),
        ("templates/base.html", f"<p>\n{CONFLICT}", "2:1"),
        ("templates/texts/en.toml", f"{CONFLICT}", "1:1"),
        ("static/custom.css", f"a {{}}\n{CONFLICT}", "2:1"),
        ("static/drawing.svg", f"<svg>\n{CONFLICT}</svg>", "2:1"),
        ("public/ads.txt", CONFLICT, "1:1"),
        ("public/CNAME", CONFLICT, "1:1"),
        ("public/x/index.html", f"<p>\n\n{DIFF3}", "3:1"),
        ("public/app.webmanifest", CONFLICT, "1:1"),
    ],
)
def test_a_conflict_is_one_error_with_its_place(paper: Paper, path: str, text: str, place: str) -> None:
    paper.post("two")
    paper.write(path, text)
    run = paper.run("check")
    told = [line for line in run.stdout.splitlines() if line.startswith(f"{path}:")]
    assert [line.split(" ")[:2] for line in told] == [[f"{path}:{place}:", "merge-conflict"]]
    assert run.exit_code == 1
    assert "<<<<<<<" not in paper.client().get("/posts/two/").text


def test_nothing_is_frozen(paper: Paper) -> None:
    paper.write("public/a/b.html", CONFLICT)
    paper.post("one")
    run = paper.freeze()
    assert run.exit_code == 1
    assert "public/a/b.html:1:1: merge-conflict" in run.output


@pytest.mark.parametrize(("path", "text"), [("site.toml", f'title = "A"\n{CONFLICT}'), ("rules/own.py", CONFLICT)])
def test_what_keeps_the_check_from_starting(paper: Paper, path: str, text: str) -> None:
    paper.write(path, text)
    try:
        output = paper.run("check").output
    except Exception as error:
        output = str(error)
    assert f"{path}:{text.count(chr(10), 0, text.index('<')) + 1}:1: merge-conflict" in output


@pytest.mark.parametrize(
    "body",
    [
        f"How git says so:\n\n```diff\n{CONFLICT}```\n\nChoose.\n",
        f"~~~\n{DIFF3}~~~\n",
        "    " + CONFLICT.replace("\n", "\n    ") + "\n\nText.\n",
        "A heading\n=======\n\nText.\n",
        ">>>>>>> deep\n\nText.\n",
        "`<<<<<<< HEAD` begins it.\n",
        "<<<<<<<< eight\n",
        "```\n<<<<<<< HEAD\n```\n\nbegins it, and\n\n```\n>>>>>>>\n```",
        f"````\n```\n{CONFLICT}```\n````\n",
    ],
)
def test_what_is_none(paper: Paper, body: str) -> None:
    paper.post("one", body)
    if "begins it, and" in body:
        assert reported(paper, "merge-conflict") == ["pages/posts/one.md:6:1"]
    else:
        assert reported(paper, "merge-conflict") == []


def test_a_long_text_is_read_once() -> None:
    assert merge_conflict("", "=======\n" * 10_000 + ">>>>>>> x\n") is not None
    assert merge_conflict("", "```\n<<<<<<< x\n```\n" * 2_000, has_listings=True) is None
