"""The schedule: what changes by itself, and when a timer must freeze again."""

import pytest

from tests.helpers.paper import Paper


def test_nothing_is_scheduled(paper: Paper) -> None:
    paper.post("one")
    paper.post("two", draft="true", date="2025-07-01")
    run = paper.run("next")
    assert (run.exit_code, run.stdout, run.stderr) == (0, "", "Nothing is scheduled.\n")


@pytest.mark.parametrize(
    ("header", "line"),
    [
        ({"date": "2025-06-02 08:00"}, "2025-06-02T08:00:00+02:00 pages/posts/it.md appears"),
        ({"expires": "2025-06-03"}, "2025-06-03T00:00:00+02:00 pages/posts/it.md expires"),
    ],
)
def test_the_next_event_comes_first_and_alone(paper: Paper, header: dict[str, str], line: str) -> None:
    paper.settings('url = "https://paper.test"\ntimezone = "Europe/Berlin"')
    paper.post("it", **header)
    paper.post("later", date="2025-06-04", expires="2025-06-05")
    paper.post("gone", expires="2025-05-31")
    assert paper.run("next").stdout == f"{line}\n"


def test_events_of_one_moment_come_together(paper: Paper) -> None:
    paper.post("a", date="2025-06-02")
    paper.post("b", expires="2025-06-02")
    assert paper.run("next").stdout.split("\n") == [
        "2025-06-02T00:00:00+00:00 pages/posts/a.md appears",
        "2025-06-02T00:00:00+00:00 pages/posts/b.md expires",
        "",
    ]


def test_paths_are_those_of_the_content_folder(paper: Paper) -> None:
    paper.settings('url = "https://paper.test"\npages = "content"')
    (paper.folder / "pages").rename(paper.folder / "content")
    paper.write("content/posts/a.md", "---\ntitle: A\ndate: 2025-06-02\n---\n")
    assert "content/posts/a.md" in paper.run("next").stdout
