"""Front matter: every key under every accepted name, in every form, with exact positions."""

import datetime as dt
import itertools
import re
import subprocess
import sys
from typing import Any

import pytest

from byline.frontmatter.headers import AuthorHeader, PostHeader
from byline.frontmatter.keys import keys_of
from tests.helpers.paper import ROOT, Paper

VALUES: dict[str, tuple[str, object]] = {
    # key: what is typed, what the post then holds (`title` and `date` have their own tests)
    "dek": ("A line", "A line"),
    "updated": ("2025-05-20", dt.datetime(2025, 5, 20, tzinfo=dt.UTC)),
    "expires": ("2030-01-01", dt.datetime(2030, 1, 1, tzinfo=dt.UTC)),
    "slug": ("other", "other"),
    "aliases": ("[/a/, /b.html]", ("/a/", "/b.html")),
    "authors": ("Ann Desk, Ben Desk", ["Ann Desk", "Ben Desk"]),
    "tags": ("[law, 12:30, no, 2024]", ["law", "12:30", "no", "2024"]),
    "category": ("World", "World"),
    "summary": ("In short", "In short"),
    "pinned": ("yes", True),
    "id": ("tag:paper.test,2025:one", "tag:paper.test,2025:one"),
    "canonical": ("https://elsewhere.test/x", "https://elsewhere.test/x"),
    "lang": ("de", "de"),
    "template": ("special", "special"),
}


def shown(value: object) -> object:
    """A post's value as VALUES writes it."""
    if isinstance(value, tuple) and value and hasattr(value[0], "name"):
        return [item.name for item in value]
    return getattr(value, "name", value)


@pytest.mark.parametrize(
    ("key", "name"), [(key, name) for key in VALUES for name in (key, *keys_of(PostHeader)[key].also)]
)
@pytest.mark.parametrize("form", ["as listed", "upper", "hyphens"])
def test_every_name_of_every_key(paper: Paper, key: str, name: str, form: str) -> None:
    typed, expected = VALUES[key]
    name = {"as listed": name, "upper": name.upper(), "hyphens": name.replace("_", "-")}[form]
    outer, _, inner = name.rpartition(".")
    if outer:
        also = "created: 2025-05-01, " if outer.lower() == "date" else ""
        header = f"{outer}: {{{also}{inner}: {typed}}}" + ("" if also else "\ndate: 2025-05-01")
        paper.write("pages/posts/one.md", f"---\ntitle: One\n{header}\n---\n")
    else:
        paper.post("one", **{name: typed})
    assert [p for p in paper.problems() if "author-without-file" not in p and "unknown-template" not in p] == []
    post = paper.site().posts[0]
    assert shown(getattr(post, key)) == expected


@pytest.mark.parametrize("name", ["title", *keys_of(PostHeader)["title"].also])
@pytest.mark.parametrize("typed", ["no", "2024", "12:30", "0123", "1e3", "~x", "'quoted: colon'", "null and void"])
def test_titles_are_what_was_typed(paper: Paper, name: str, typed: str) -> None:
    keys: dict[str, Any] = {"title": None} | {name: typed}
    paper.post("one", **keys)
    assert paper.site().posts[0].title == typed.strip("'")


@pytest.mark.parametrize("name", ["date", *(n for n in keys_of(PostHeader)["date"].also if "." not in n)])
def test_dates_by_every_name(paper: Paper, name: str) -> None:
    keys: dict[str, Any] = {"date": None} | {name: "2025-04-03"}
    paper.post("one", **keys)
    assert paper.site().posts[0].date == dt.datetime(2025, 4, 3, tzinfo=dt.UTC)


@pytest.mark.parametrize("name", keys_of(PostHeader)["cover"].also)
def test_covers_by_every_name_with_alt_and_caption(paper: Paper, name: str) -> None:
    paper.write("static/x.svg", "<svg xmlns='http://www.w3.org/2000/svg'/>")
    paper.post("one", **{name: "/static/x.svg", f"{name}_alt": "Alt", f"{name}_caption": "Cap"})
    cover = paper.site().posts[0].cover
    assert cover is not None
    assert (cover.url, cover.alt, cover.caption) == ("/static/x.svg", "Alt", "Cap")


@pytest.mark.parametrize("header", ["draft: true", "published: false", "published: no", "status: draft", "draft: yes"])
def test_ways_to_say_draft(paper: Paper, header: str) -> None:
    paper.write("pages/posts/one.md", f"---\ntitle: One\ndate: 2025-05-01\n{header}\n---\n")
    assert paper.site().posts == ()


def test_published_with_a_date_is_the_date(paper: Paper) -> None:
    paper.write("pages/posts/one.md", "---\ntitle: One\npublished: 2025-05-01\n---\n")
    assert paper.site().posts[0].date == dt.datetime(2025, 5, 1, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    "text",
    [
        "---\ntitle: One\ndate: 2025-05-01\ntags: [a, b]\nextra_key: true\n---\nBody.\n",
        "---\r\ntitle: One\r\ndate: 2025-05-01\r\ntags:\r\n- a\r\n- b\r\nextra_key: true\r\n---\r\nBody.\r\n",
        "\ufeff---\ntitle: One\ndate: 2025-05-01\ntags: a, b\nextra_key: true\n...\nBody.\n",
        '+++\ntitle = "One"\ndate = 2025-05-01\ntags = ["a", "b"]\nextra_key = true\n+++\nBody.\n',
        "Title: One\nDate: 2025-05-01\nTags: a, b\nextra_key: true\n\nBody.\n",
        "\n \n---\ntitle: One\ndate: 2025-05-01\ntags: [a, b]\nextra_key: true\n---\nBody.\n",
        "\n ---\ntitle: One\ndate: 2025-05-01\ntags: [a, b]\nextra_key: true\n---\nBody.\n",
    ],
    ids=["yaml", "crlf", "bom", "toml", "fenceless", "below empty lines", "an indented fence"],
)
def test_every_form_of_header(paper: Paper, text: str) -> None:
    paper.write("pages/posts/one.md", text)
    post = paper.site().posts[0]
    assert (post.title, [tag.name for tag in post.tags], dict(post.extra)) == ("One", ["a", "b"], {"extra_key": True})
    assert b"<p>Body.</p>" in paper.client().get("/posts/one/").data


def test_a_body_is_not_eaten_as_header(paper: Paper) -> None:
    paper.write("pages/posts/one.md", "# Hello\nworld: yes\n\nText.\n")
    assert paper.problems()[0].startswith("error pages/posts/one.md:1:1: missing-date")
    paper.post("two", "world: yes\n\n---\n\nafter: rule")
    page = paper.client().get("/posts/two/").data
    assert b"world: yes" in page
    assert b"after: rule" in page


@pytest.mark.parametrize(
    ("header", "problem"),
    [
        ("titel: One", "2:1: unknown-key Byline has no key `titel`; it is kept as extra.titel (did you mean `title`?)"),
        ("draft: perhaps", "2:8: not-true-or-false"),
        ("canonical: elsewhere", "2:12: bad-address"),
        ("series: {name: A, part: one}", "2:25: bad-part"),
        ("corrections: [{date: 2025-01-01}]", "2:22: bad-correction"),
        ("cover: {alt: A}", "2:8: cover-without-src"),
        ("dek: [a]", "2:6: not-text"),
        ("tags:\n- {a: b}", "3:3: not-text"),
        ("category: [A, B]", "2:11: many-categories"),
        ("title: A\nheadline: B", "3:1: two-names"),
    ],
)
def test_problems_have_exact_places(paper: Paper, header: str, problem: str) -> None:
    paper.write("pages/posts/one.md", f"---\n{header}\ndate: 2025-05-01\n---\n")
    assert any(f"pages/posts/one.md:{problem}" in found for found in paper.problems()), paper.problems()


@pytest.mark.parametrize(
    ("header", "problem"),
    [
        ('  date = "soon"', "2:10: bad-date"),
        ("titel = 'One'", "2:1: unknown-key"),
        ("'titel' = 'One'", "2:1: unknown-key"),
        ("draft = 2", "2:9: not-true-or-false"),
        ("tags = ['a',\n  'b',\n  {a = 'a'},\n]", "4:3: not-text"),
        ("series = {name = 'e', part = 'one'}", "2:30: bad-part"),
        ("[series]\nname = 'A'\npart = 'one'", "4:8: bad-part"),
        ("[[corrections]]\ntext = 'A'\ndate = 2025-01-01\n[[corrections]]\ntext = 'B'\ndate = '?'", "7:8: bad-date"),
        ("title = 'A'\ntitle = 'B'", "3:12: bad-toml"),
    ],
)
def test_toml_problems_have_exact_places(paper: Paper, header: str, problem: str) -> None:
    paper.write("pages/posts/one.md", f"+++\n{header}\n+++\n")
    assert any(f"pages/posts/one.md:{problem}" in found for found in paper.problems()), paper.problems()


def test_extra_keys_reach_templates_frozen(paper: Paper) -> None:
    paper.write(
        "templates/article-special.html",
        "{{ post.extra.colour }} {{ post.extra.list | join('+') }} {{ post.extra.deep.a }}",
    )
    paper.post("one", template="special", colour="red", list="[1, 2.5, x]", deep="{a: true}")
    assert paper.client().get("/posts/one/").data == b"red 1+2.5+x True"


@pytest.mark.parametrize("name", ["name", *keys_of(AuthorHeader)["name"].also])
def test_authors_names(paper: Paper, name: str) -> None:
    paper.write("pages/authors/ann.md", f"---\n{name}: Ann Desk\n---\n")
    paper.post("one", authors="ann")
    assert [author.name for author in paper.site().authors] == ["Ann Desk"]


def test_authors_links_in_every_form(paper: Paper) -> None:
    paper.write(
        "pages/authors/a.md", "---\nname: A\nlinks: {Mastodon: https://m.test/@a, Bad: 'javascript:alert(1)'}\n---\n"
    )
    paper.write("pages/authors/b.md", "---\nname: B\nlinks: [{title: M, url: https://m.test}, https://n.test/]\n---\n")
    paper.post("one", authors="[a, b]")
    links = {a.name: [(link.title, link.url) for link in a.links] for a in paper.site().authors}
    assert links == {
        "A": [("Mastodon", "https://m.test/@a")],
        "B": [("M", "https://m.test"), ("n.test", "https://n.test/")],
    }


N = 30_000
DEEP = {
    "behind a slip": "y: a: b\nx: " + "[" * N + "]" * N,
    "flow": "x: " + "[" * N + "]" * N,
    "open": "x: " + "[" * N,
    "mapping": "x: " + "{a: " * (N // 4) + "}" * (N // 4),
    "sequence": "x:\n " + "- " * N + "a",
    "keys": "x:\n " + "? " * N + "a",
    "lines": "x:\n" + "\n".join(" " * level + "k:" for level in range(1, 400)),
    "a key": "? " + "[" * 500 + "]" * 500 + "\n: x",
    "aliases": "a: &a [x, x]\n"
    + "\n".join(f"{b}: &{b} [*{a}, *{a}]" for a, b in itertools.pairwise("abcdefghijklmnopqr")),
}
TOML = {
    "digits": "x = " + "9" * 5000,
    "hexadecimal": "x = 0x" + "f" * 5000,
    "dots": ".".join("a" * 2000) + " = 1",
    "lists": "x = " + "[" * N + "]" * N,
    "tables": "x = " + "{a=" * 300 + "1" + "}" * 300,
}
LONG = {"lines": "\n".join(f"k{number}: v" for number in range(20_000)), "text": f"x: {'v' * 200_000}"}


HOSTILE = {
    **{f"yaml-{name}": ("---", header) for name, header in (DEEP | LONG).items()},
    **{f"toml-{name}": ("+++", header) for name, header in TOML.items()},
    "toml-lines": ("+++", LONG["lines"].replace(": v", " = 1")),
}


def test_a_hostile_header_is_its_own_files_problem(paper: Paper) -> None:
    """In a separate process, because the YAML parser is in C and could end it."""
    for name, (fences, header) in HOSTILE.items():
        title = "title: x" if fences == "---" else "title = 'x'"
        paper.write(f"pages/posts/{name}.md", f"{fences}\n{title}\n{header}\n{fences}\nText.\n")
    paper.post("good")
    program = (
        "import sys; from byline import create_app; from pathlib import Path; print((lambda run: (run.exception, run.output))"
        "(create_app(Path(sys.argv[1])).test_cli_runner().invoke(args=sys.argv[2:])))"
    )
    for options in ([], ["--fix"]):
        command = [sys.executable, "-c", program, str(paper.folder), "check", *options]
        run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120)
        assert run.returncode == 0, run.stderr[-2000:]
        assert run.stdout.startswith("(SystemExit(1), "), run.stdout
        told = re.findall(r"pages/posts/([^:]+)\.md:\d+:\d+: (?:huge-header|bad-header|bad-yaml|bad-toml) ", run.stdout)
        assert sorted(told) == sorted(HOSTILE)
    assert paper.client().get("/posts/good/").status_code == 200


def test_a_header_within_bounds_is_read_whole(paper: Paper) -> None:
    old = ", ".join(f"/old/{number}/" for number in range(900))
    paper.post("one", x="[" * 19 + "]" * 19, y='"' + "[" * 3000 + '"', aliases=f"[{old}]")
    assert len(paper.site().posts[0].aliases) == 900
    assert paper.codes() <= {"unknown-key"}


@pytest.mark.parametrize("key", ["tags", "authors"])
def test_names_beyond_the_hundredth_are_told_and_left_out(paper: Paper, key: str) -> None:
    """Each has a page and feeds with the whole text: 600 tags made 27 MB of one post."""
    paper.post("one", **{key: "[" + ", ".join(f"n{number}" for number in range(600)) + "]"})
    (told,) = [problem for problem in paper.problems() if "too-many" in problem]
    assert told.startswith(f"warning pages/posts/one.md:4:{len(key) + 3}: too-many")
    assert [one.name for one in getattr(paper.site().posts[0], key)] == [f"n{number}" for number in range(100)]


@pytest.mark.parametrize("typed", ["false", "true", "no"])
def test_a_cover_that_is_a_choice_of_a_theme_is_none(paper: Paper, typed: str) -> None:
    paper.post("one", hero=typed)
    assert paper.site().posts[0].cover is None
    assert paper.problems() == []
