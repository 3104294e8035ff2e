"""A post keeps its name in feeds when it moves, and when somebody adds an old address to it."""

import json

import pytest

from tests.helpers.findings import fixed, fixed_file, in_text
from tests.helpers.paper import Paper

HEAD = "---\ntitle: One\ndate: 2025-05-01\n{}\n---\nText.\n"


@pytest.mark.parametrize(
    ("line", "after"),
    [
        ("aliases: [/a/, /b/]", "id: /a/\naliases: [/a/, /b/]"),
        ("aliases:\n- /2019/a.html", "id: /2019/a.html\naliases:\n- /2019/a.html"),
        ("aliases: [Island trip, '/?p=1', /gr%C3%BCn]", "id: /grün/\naliases: [Island trip, '/?p=1', /gr%C3%BCn]"),
        ("aliases: old/place", "id: /old/place/\naliases: old/place"),
        ("aliases: /a/  # before\ntags: [x]", "id: /a/\naliases: /a/  # before\ntags: [x]"),
    ],
)
def test_reported_and_fixed(line: str, after: str) -> None:
    assert in_text("unpinned-id", HEAD.format(line)) == ["4:1"]
    assert fixed(HEAD.format(line)) == HEAD.format(after)
    assert in_text("unpinned-id", HEAD.format(after)) == []


def test_other_headers() -> None:
    toml = "+++\ntitle = 'One'\ndate = 2025-05-01\naliases = ['/a\"b/', '/c/']\n+++\n"
    assert fixed(toml) == toml.replace("aliases", 'id = "/c/"\naliases')
    bare = "title: One\ndate: 2025-05-01\naliases: /a/\n\nText.\n"
    assert fixed(bare) == bare.replace("aliases", "id: /a/\naliases")


@pytest.mark.parametrize(
    "line", ["id: x\naliases: /a/", "draft: true\naliases: /a/", "aliases: [Island trip]", "aliases: '/?p=1'"]
)
def test_not_reported(line: str) -> None:
    assert in_text("unpinned-id", HEAD.format(line)) == []


def id_of(paper: Paper) -> str:
    (item,) = json.loads(paper.client().get(f"{paper.site().urls.base}/feed.json").data)["items"]
    return str(item["id"])


@pytest.mark.parametrize("base", ["", "/re.po"])
def test_an_alias_changes_no_name_in_feeds(paper: Paper, base: str) -> None:
    paper.settings(f'url = "https://paper.test{base}"')
    paper.post("one")
    before = id_of(paper)
    assert before == f"tag:paper.test,2005:{base}/posts/one/"
    paper.post("one", aliases="/old/")
    assert id_of(paper) == before
    paper.post("one", slug="moved", aliases="/posts/one/")
    assert id_of(paper) != before
    paper.run("check", "--fix")
    assert "id: /posts/one/\n" in (paper.folder / "pages/posts/one.md").read_text()
    assert id_of(paper) == before


def test_a_site_of_before_keeps_its_names(paper: Paper) -> None:
    """What `--fix` writes is what the feeds said when the first alias was the name."""
    text = "---\ntitle: One\ndate: 2025-05-01\naliases: [old/gänse, /b/]\n---\nText.\n"
    assert fixed_file(paper, text).startswith("---\ntitle: One\ndate: 2025-05-01\nid: /old/gänse/\n")
    assert id_of(paper) == "tag:paper.test,2005:/old/g%C3%A4nse/"
