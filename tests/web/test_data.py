"""Data: files in `data/`, as templates read them."""

import pytest

from tests.helpers.paper import Paper
from tests.promises.test_2_templates import changed


def shown(paper: Paper, expression: str) -> str:
    paper.write("pages/about.md", "---\ntitle: About\n---\n")
    paper.write("templates/page.html", "{{ " + expression + " }}")
    return paper.client().get("/about/").text


@pytest.mark.parametrize(
    ("name", "text", "expression", "said"),
    [
        ("team.toml", '[[people]]\nname = "Ann"', "data.team.people[0].name", "Ann"),
        ("team.json", '{"people": [{"name": "Ann"}]}', "data.team.people[0].name", "Ann"),
        ("team.yaml", "people:\n- name: Ann", "data.team.people[0].name", "Ann"),
        ("team.yml", "- name: Ann", "data.team[0].name", "Ann"),
        ("team.csv", "name,role\nAnn,Desk\n", "data.team[0].role", "Desk"),
        ("team.CSV", "name;role\r\nAnn;Desk, sea\r\n", "data.team[0].role", "Desk, sea"),
        (
            "team.csv",
            '\ufeffname,role\n"Ann, B",\n\n',
            "data.team[0].name ~ data.team[0].role ~ data.team | length",
            "Ann, B1",
        ),
        ("team.csv", 'name\n"two\nlines"', "data.team[0].name", "two\nlines"),
        ("staff/team.toml", "x = 1", "data.staff.team.x", "1"),
        ("opening-hours.toml", "x = 1", 'data["opening-hours"].x', "1"),
        ("menu.toml", "items = [1, 2]\nkeys = 3", "data.menu.items[1] + data.menu.keys", "5"),
        ("menu.toml", "a = 1\nb = 2", "data.menu.items() | list | length", "2"),
        ("items.json", "[1]", "data.items[0]", "1"),
        (
            "a.yaml",
            "no: no\ntime: 12:30\nday: 2025-05-01\nn: 010\nf: 1.5\nt: true\ne:",
            "data.a.no ~ data.a.time ~ data.a.n ~ data.a.f ~ data.a.t ~ data.a.e",
            "no12:300101.5TrueNone",
        ),
        ("a.yaml", "day: 2025-05-01", "data.a.day | long_date", "May 1, 2025"),
        ("a.toml", "day = 2025-05-01", "data.a.day | iso", "2025-05-01"),
        ("a.csv", "day\n2025-05-01", "data.a[0].day | long_date ~ data.a[0].day | iso", "May 1, 20252025-05-01"),
        ("a.yaml", "base: &b {x: 1, y: 2}\nother: {<<: *b, y: 3}", "data.a.other.x ~ data.a.other.y", "13"),
        ("a.json", "{}", "data | length ~ (data.none is defined)", "1False"),
        ("a.json", '"<b>"', "data.a", "&lt;b&gt;"),
        ("_a.json", "{", "data | length", "0"),
    ],
)
def test_a_file_is_what_its_format_says(paper: Paper, name: str, text: str, expression: str, said: str) -> None:
    paper.write(f"data/{name}", text)
    assert shown(paper, expression) == said
    assert paper.problems() == []


BOMB = "a: &a [x]\n" + "".join(
    f"{b}: &{b} [{', '.join([f'*{a}'] * 9)}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True)
)


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("a.toml", "x = ", "1:5: bad-toml Invalid value"),
        ("a.json", '{\n  "x": }', "2:8: bad-data is not JSON: Expecting value"),
        ("a.json", '{"x": 1,\n "x": 2}', "2:2: bad-data `x` appears twice (keep one, or rename it)"),
        ("a.json", "[NaN]", "1:2: bad-data NaN is not JSON (write null, or a number)"),
        ("a.json", "", "1:1: bad-data is not JSON: Expecting value"),
        ("a.json", "[" * 100_000, "1:1: bad-data nests lists and tables more than 40 deep (make it flatter)"),
        ("a.yaml", "x: 1\n y: 2", "2:3: bad-data is not YAML: mapping values are not allowed"),
        ("a.yaml", "x: 1\nx: 2", "2:1: bad-data `x` appears twice (keep one, or rename it)"),
        ("a.yaml", "x: !!python/object:os.system y", "1:4: bad-data is not YAML: could not determine a constructor"),
        ("a.yaml", "x: 2025-02-31", "1:4: bad-data is not YAML: "),
        ("a.yaml", "x: 1\ny: \0", "2:4: bad-data is not YAML: "),
        ("a.yaml", "[" * 100_000, "1:41: bad-data nests lists and tables more than 40 deep (make it flatter)"),
        ("a.yaml", BOMB, "1:1: bad-data has more than 400,000 values (split it, or leave out what no page shows)"),
        ("a.yaml", "x: 1\n---\ny: 2", "2:1: bad-data is not YAML: "),
        ("a.csv", "a,b\n1,2\n1\n", "3:1: bad-data the row has 1 cells, but the first one has 2 (add or remove commas"),
        ("a.csv", 'a,b\n"1\n",2\n1,2,3\n', "4:1: bad-data the row has 3 cells, but the first one has 2"),
        ("a.csv", "a,\n1,2\n", "1:1: bad-data column 2 has no name (name it in the first row, or remove it)"),
        ("a.csv", "a,a\n1,2\n", "1:1: bad-data `a` appears twice (keep one, or rename it)"),
        ("a.csv", 'a\n"b\n', "2:1: bad-data is not CSV: unexpected end of data"),
        ("a.json", b'[\n"\xff"]', "2:2: bad-data is not text in UTF-8 (save it as UTF-8)"),
        ("a.csv", b"a\n" + b"1\n" * 2_000_000, "1:1: bad-data is larger than 4,000,000 bytes (split it"),
        (
            "a.toml",
            "<<<<<<< ours\nx = 1\n=======\nx = 2\n>>>>>>> theirs\n",
            "1:1: merge-conflict two versions of the file",
        ),
    ],
)
def test_what_cannot_be_read_is_named_with_its_place(paper: Paper, name: str, content: str | bytes, told: str) -> None:
    paper.write(f"data/{name}", content)
    shown(paper, "data.a is defined")
    (problem,) = paper.problems()
    assert problem.startswith(f"error data/{name}:{told}")
    assert paper.client().get("/about/").text == "False"  # and everything else is shown


def test_what_no_template_reads_stops_nothing(paper: Paper) -> None:
    """An app may have a folder of that name for itself."""
    paper.post("one")
    paper.write("data/a.json", "{")
    paper.write("data/shop.sqlite", "x")
    assert [problem.partition(" ")[0] for problem in paper.problems()] == ["warning", "warning"]
    assert paper.freeze().exit_code == 0
    paper.write("templates/page.html", "{{ data.b }}")
    assert [problem.partition(" ")[0] for problem in paper.problems()] == ["warning", "warning"]
    paper.write("templates/page.html", "{% for name in data %}{{ name }}{% endfor %}")
    assert [problem.partition(" ")[0] for problem in paper.problems()] == ["error", "warning"]


@pytest.mark.parametrize("other", ["a.toml", "a.yml", "a/b.json"])
def test_two_files_of_one_name(paper: Paper, other: str) -> None:
    paper.write("data/a.json", "1")
    paper.write(f"data/{other}", "x = 1" if other == "a.toml" else "2")
    shown(paper, "data.a")
    (problem,) = paper.problems()
    first, second = sorted(["a.json", other], key=lambda name: name.split("/"))
    assert problem.startswith(f"error data/{second}:1:1: bad-data has the same name as data/{first}")


def test_a_name_that_is_not_there_is_named(paper: Paper) -> None:
    paper.write("data/team.toml", "x = 1")
    shown(paper, "data.tema.x")
    assert "there is no data/tema.toml, .yaml, .json or .csv" in paper.freeze().output
    told = paper.run("check").output
    assert "templates/page.html:1:1: unknown-name there is no `tema` in data/ (did you mean `team`?)" in told
    shown(paper, "data.tema is defined")
    assert "unknown-name" not in paper.run("check").output
    shown(paper, 'data.tema | default("none")')
    assert "unknown-name" not in paper.run("check").output


def tags(paper: Paper) -> dict[str, str]:
    client = paper.client()
    return {url: client.get(url).headers["ETag"] for url in ("/", "/about/", "/archive/", "/feed.xml")}


@pytest.mark.parametrize(
    ("expression", "is_changed"),
    [
        ("data.team.x", True),
        ('data["team"].x', True),
        ('data["te" ~ "am"].x', True),
        ("data | list", True),
        ("data.other.x", False),
        ("data.get('other').x", True),
    ],
)
def test_an_edit_changes_the_pages_that_may_show_it(paper: Paper, expression: str, is_changed: bool) -> None:
    for name in ("team", "other"):
        paper.write(f"data/{name}.toml", "x = 1")
    shown(paper, expression)
    before = tags(paper)
    paper.write("data/team.toml", "x = 2")
    assert changed(before, tags(paper)) == ({"/about/"} if is_changed else set())


def test_a_warm_freeze_gives_what_a_cold_one_does(paper: Paper) -> None:
    paper.write("data/team.toml", "x = 1")
    shown(paper, "data.team.x")
    assert paper.freeze().exit_code == 0
    paper.write("data/team.toml", "x = 2")
    assert paper.freeze().exit_code == 0
    assert paper.page("about/index.html") == "2"
    assert " 0 written" in paper.freeze().output
    assert not [path for path in paper.tree() if path.startswith("data")]  # data is for templates, not for readers
    (paper.folder / "data/team.toml").unlink()
    assert paper.freeze().exit_code == 1


@pytest.mark.parametrize("name", ["contexts/box.html", "texts/box.html", "parts/texts/box.html"])
def test_a_template_may_have_any_name(paper: Paper, name: str) -> None:
    """Tables of texts, which are in texts/, are not searched for what they read."""
    paper.post("one")
    paper.write(f"templates/{name}", "<p>{{ data.box.v }}</p>")
    paper.write(
        "templates/article.html",
        f'{{% extends "theme/article.html" %}}{{% block body %}}{{% include "{name}" %}}{{% endblock %}}',
    )
    for value in ("first", "second"):
        paper.write("data/box.toml", f"v = '{value}'")
        assert paper.freeze().exit_code == 0
        assert f"<p>{value}</p>" in paper.page("posts/one/index.html")


def test_a_snapshot_keeps_its_data(paper: Paper) -> None:
    paper.write("data/team.toml", "x = 1")
    shown(paper, "data.team.x")
    client = paper.client()
    assert client.get("/").status_code == 200
    paper.write("data/team.toml", "x = 2")
    assert client.get("/about/").text == "1"
