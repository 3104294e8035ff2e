"""`flask check`: exit codes, formats, and which files it reports on."""

import json
import os
import re
from pathlib import Path

import pytest

from tests.helpers.findings import HEAD, found, report
from tests.helpers.paper import ROOT, Paper


@pytest.mark.parametrize(
    ("body", "header", "code", "strict"),
    [
        ("Text.", {}, 0, 0),
        ("Text.", {"colour": "red"}, 0, 1),  # a hint
        ("[here](https://example.org/)", {}, 0, 1),  # a warning
        ("Text.", {"date": "soon"}, 1, 1),
    ],
)
def test_exit_codes(paper: Paper, body: str, header: dict[str, str], code: int, strict: int) -> None:
    paper.post("one", body, **header)
    assert paper.run("check").exit_code == code
    assert paper.run("check", "--strict").exit_code == strict


def test_text_is_a_line_each(paper: Paper) -> None:
    paper.write("pages/posts/one.md", "---\ntitle: A\ndate: soon\ncolour: red\n---\n[here](https://example.org/)\n")
    run = paper.run("check")
    assert run.stdout.splitlines() == [
        "pages/posts/one.md:3:7: bad-date `date`: 'soon' is not a date"
        " (write it like 2025-04-03, 2025-04-03 10:00 or 2025-04-03T10:00:00+02:00)",
        "pages/posts/one.md:4:1: unknown-key Byline has no key `colour`; it is kept as extra.colour [hint]",
        "pages/posts/one.md:6:1: vague-link 'here' does not say where the link leads"
        " (use words that name what is there) [warning]",
    ]
    assert run.stderr.splitlines()[-1] == "1 error, 1 warning, 1 hint"


def test_a_hint_of_many_files_is_printed_once(paper: Paper) -> None:
    for number in range(4):
        paper.post(f"few-{number}", colour="red")
    assert paper.run("check").stdout.count("unknown-key") == 4
    paper.post("few-4", colour="red")
    assert paper.run("check").stdout.count("unknown-key") == 1
    assert "[hint, 5 times]" in paper.run("check").stdout
    assert len(report(paper)) == 5


def test_json_is_all_that_stands_on_stdout(paper: Paper) -> None:
    paper.write("pages/posts/gänse.md", "---\ntitle: A\ndate: Apr 3\n---\n")
    run = paper.run("check", "--format", "json")
    assert json.loads(run.stdout) == [
        {
            "path": "pages/posts/gänse.md",
            "line": 3,
            "col": 7,
            "code": "bad-date",
            "message": "`date`: 'Apr 3' has no year",
            "hint": "write it like 2025-04-03, 2025-04-03 10:00 or 2025-04-03T10:00:00+02:00",
            "severity": "error",
            "detail": "",
        }
    ]
    paper.write("pages/posts/gänse.md", HEAD)
    assert paper.run("check", "--format", "json").stdout == "[]\n"
    assert json.loads(paper.run("check", "--format", "json", "--fix").stdout) == []


def test_json_of_a_name_that_is_not_utf_8(paper: Paper) -> None:
    (Path(os.fsdecode(os.fsencode(paper.folder / "pages" / "posts") + b"/b\xe4d.md"))).write_text(HEAD)
    assert [problem["code"] for problem in report(paper)] == ["bad-name"]


def test_github_annotations_are_escaped(paper: Paper) -> None:
    paper.write("pages/posts/a,b:c%.md", "---\ntitle: A\ndate: 100%\ncolour: red\n---\n[here](https://example.org/)\n")
    lines = paper.run("check", "--format", "github").stdout.splitlines()
    assert lines[0].startswith(
        "::error file=pages/posts/a%2Cb%3Ac%25.md,line=3,col=7,title=bad-date::`date`: '100%25' is not a date (write"
    )
    assert lines[1].startswith("::notice file=")
    assert lines[2].startswith("::warning file=")
    assert len(lines) == 3


@pytest.fixture
def three(paper: Paper) -> Paper:
    """A paper with one warning in each of three posts."""
    for name in ("a/one", "a/two", "ab"):
        paper.write(f"pages/posts/{name}.md", HEAD.replace("The", name) + "[here](https://example.org/)\n")
    return paper


@pytest.mark.parametrize(
    ("paths", "names"),
    [
        ([], ["a/one", "a/two", "ab"]),
        (["pages"], ["a/one", "a/two", "ab"]),
        (["pages/posts/a"], ["a/one", "a/two"]),
        (["pages/posts/a/"], ["a/one", "a/two"]),
        (["pages/posts/a/../ab.md", "pages/posts/a/one.md"], ["a/one", "ab"]),
        (["site.toml"], []),
    ],
)
def test_paths_limit_the_report(
    three: Paper, monkeypatch: pytest.MonkeyPatch, paths: list[str], names: list[str]
) -> None:
    monkeypatch.chdir(three.folder)
    assert [p["path"] for p in report(three, *paths)] == [f"pages/posts/{name}.md" for name in names]
    absolute = [str(three.folder / path) for path in paths]
    assert [p["path"] for p in report(three, *absolute)] == [f"pages/posts/{name}.md" for name in names]


def test_paths_are_seen_from_where_the_command_runs(three: Paper, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(three.folder / "pages" / "posts")
    assert [p["path"] for p in report(three, "ab.md")] == ["pages/posts/ab.md"]


def test_paths_limit_the_fixing(paper: Paper) -> None:
    first = paper.post("one", date="Apr 3, 2025")
    second = paper.post("two", date="Apr 3, 2025")
    paper.run("check", "--fix", "pages/posts/one.md")
    assert "2025-04-03" in first.read_text()
    assert "Apr 3, 2025" in second.read_text()


def test_the_whole_site_is_read_all_the_same(paper: Paper) -> None:
    paper.post("one", "[Two](two.md)", title="Same")
    paper.post("two", title="Same")
    assert [p["code"] for p in report(paper, "pages/posts/one.md")] == ["duplicate-title"]


def test_a_path_that_is_not_there_is_named(paper: Paper) -> None:
    run = paper.run("check", "pages/posts/nowhere.md")
    assert run.exit_code == 2
    assert "there is no file or folder 'pages/posts/nowhere.md'" in run.stderr


def test_another_content_folder_has_its_own_paths(paper: Paper) -> None:
    paper.settings('pages = "content"\nurl = "https://paper.test"')
    paper.write("content/posts/one.md", HEAD + "![](one.png)\n[here](https://example.org/)\n")
    assert [p["path"] for p in report(paper, "content")] == ["content/posts/one.md"] * 3


def test_drafts_and_scheduled_posts_are_checked_as_they_will_be(paper: Paper) -> None:
    paper.post("a-draft", "[x](no.md)", draft="true")
    paper.post("later", "[x](no.md) [y](a-draft.md) [z](two.md) [here](https://example.org/)", date="2025-07-01")
    paper.post("two", "[x](later.md)")
    problems = report(paper)
    found = {(p["path"].rpartition("/")[2], p["line"], p["col"], p["code"]) for p in problems}
    assert [p["message"].split()[0] for p in problems[:3]] == ["[draft]", "[scheduled]", "[scheduled]"]
    assert found == {
        ("a-draft.md", 6, 5, "broken-link"),
        ("later.md", 5, 5, "broken-link"),
        ("later.md", 5, 40, "vague-link"),
        ("two.md", 5, 5, "unpublished-link"),
    }


def test_a_second_check_says_the_same(paper: Paper) -> None:
    paper.write("pages/posts/one.md", "---\ntitle: A\ndate: soon\n---\n# B\n![](c.png)\n[here](#d)\n")
    first = report(paper)
    assert len(first) == 4
    assert report(paper) == first
    paper.write("pages/posts/one.md", HEAD)
    assert report(paper) == []


def test_unknown_authors_who_are_nearly_known_are_warnings(paper: Paper) -> None:
    paper.write("pages/authors/news-desk.md", "---\nname: News desk\n---\n")
    paper.post("one", authors="[News desk, newsdesk, Sea desk]")
    assert [(p["severity"], p["col"], p["hint"][:12]) for p in report(paper)] == [
        ("warning", 22, "did you mean"),
        ("hint", 32, "write pages/"),
    ]
    assert found(paper, "author-without-file") == ["pages/posts/one.md:4:22", "pages/posts/one.md:4:32"]


def test_keys_that_are_nearly_known_are_warnings(paper: Paper) -> None:
    paper.post("one", sumary="Short", colour="red", redirect_to="/x/")
    assert [(p["severity"], p["hint"][:12]) for p in report(paper)] == [
        ("warning", "did you mean"),
        ("hint", ""),
        ("hint", "Byline's pag"),
    ]


def test_the_desk_says_the_same(paper: Paper) -> None:
    paper.post("one", "# Big\n\n[here](https://example.org/)", date="Apr 3, 2025")
    page = paper.client(debug=True).get("/-/desk").data.decode()
    for text in ("is a first-level heading", "does not say where", "is read as 2025-04-03"):
        assert text in page


def test_the_editors_task_understands_what_is_printed(paper: Paper) -> None:
    task = json.loads((ROOT / ".vscode" / "tasks.json").read_text())["tasks"][0]
    paper.write("pages/posts/one.md", "---\ntitle: A\ndate: soon\ncolour: red\n---\n[here](https://example.org/)\n")
    lines = paper.run(*task["args"]).stdout.splitlines()
    found = []
    for matcher in task["problemMatcher"]:
        pattern = re.compile(matcher["pattern"]["regexp"])
        found += [(matcher["severity"], *m.groups()[:3], m[4].split()[0]) for m in map(pattern.match, lines) if m]
    assert found == [
        ("error", "pages/posts/one.md", "3", "7", "bad-date"),
        ("warning", "pages/posts/one.md", "6", "1", "vague-link"),
        ("info", "pages/posts/one.md", "4", "1", "unknown-key"),
    ]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("\n{% blok main %}", "templates/extra.html:2: template"),
        ("\n\n{{ post | nothing }}", "templates/extra.html:3: template"),
        ("{{ static('mine.css') }}", "templates/extra.html:1: template"),
        ('{% include "gone.html" %}', "templates/extra.html:1: missing-template"),
    ],
)
def test_templates_are_looked_at_before_any_page_is_made(paper: Paper, text: str, place: str) -> None:
    paper.write("templates/extra.html", text)
    run = paper.run("check")
    assert run.exit_code == 1
    path, line, code = place.split(":")
    assert f"{path}:{line}:1:{code}" in run.output
    paper.write("templates/extra.html", "{{ static('style.css') }}{% include name %}{# static('mine.css') #}")
    assert "extra.html" not in paper.run("check").output
