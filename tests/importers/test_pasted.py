"""Copied pages: what a browser's text of a page becomes, compared with what a person would write."""

import pytest

from tests.helpers.exports import EXPORTS, body, header, imported, ledger, no_errors
from tests.helpers.paper import Paper

LONG = (
    "The harbour office said on Monday that the lighthouse will be open to visitors on every second Sunday until the end of the"
    " season, and that the stairs have been repaired after two winters of storms that had left several of them loose and wet."
)
PAGE = f"""top of page

Lighthouse Opens Its Doors to Visitors After Two Winters

  • Writer: island desk
    island desk
  • Mar 9
  • 2 min read
The lamp room at dusk
The lamp room at dusk

Every Second Sunday Until the End of the Season


{LONG}


Stairs That Were Repaired


{LONG}


It costs nothing. Children are welcome.



bottom of page
"""


def page(paper: Paper, text: str, *arguments: str) -> str:
    """The path of the only post that a copied page becomes."""
    imported(paper, str(paper.write("copied.txt", text)), *arguments)
    return ledger(paper)["pasted:copied.txt"]


def test_a_page_is_what_a_person_would_write(paper: Paper) -> None:
    path = page(paper, PAGE, "--date", "2024")
    assert (paper.folder / path).read_text() == (
        "---\ntitle: Lighthouse Opens Its Doors to Visitors After Two Winters\n"
        "dek: Every Second Sunday Until the End of the Season\ndate: 2024-03-09\nauthors: [island-desk]\n"
        "cover:\n  caption: The lamp room at dusk\n---\n\n"
        f"{LONG}\n\n## Stairs That Were Repaired\n\n{LONG}\n\nIt costs nothing. Children are welcome.\n"
    )
    assert "name: island desk" in (paper.folder / "pages/authors/island-desk.md").read_text()
    report = (paper.folder / "import-report.md").read_text()
    assert "its “2 min read” is left out: Byline counts 1 from the text" in report
    assert "a copied text has no pictures" in report
    no_errors(paper)


def test_a_day_without_a_year_is_asked_for(paper: Paper) -> None:
    result = paper.run("import", str(paper.write("copied.txt", PAGE)))
    assert result.exit_code == 1
    assert "copied.txt:7:1: the day of the post has no year; say which with --date 2026" in result.output
    assert not (paper.folder / "import-report.md").exists()


@pytest.mark.parametrize(
    ("typed", "date"),
    [
        ("Mar 9, 2023", "2023-03-09"),
        ("9 March 2023", "2023-03-09"),
        ("March 9th, 2023", "2023-03-09"),
        ("Thursday, March 9, 2023", "2023-03-09"),
        ("Mar 9, 2023, 10:30 AM", "2023-03-09"),
        ("2023-03-09", "2023-03-09"),
        ("9. März 2023", "2023-03-09"),
        ("9.3.2023", "2023-03-09"),
        ("9 mars 2023", "2023-03-09"),
        ("9 de marzo de 2023", "2023-03-09"),
        ("9 mar 2023", "2023-03-09"),
        ("9 mrt 2023", "2023-03-09"),
        ("9 marca 2023", "2023-03-09"),
        ("2023年3月9日", "2023-03-09"),
        ("Mar 9", "2024-03-09"),
        ("Mar 9\n  • Updated: Mar 12, 2022", "2022-03-09"),
        ("Dec 30\n  • Updated: Jan 2, 2022", "2021-12-30"),
        ("Published: Mar 9, 2023", "2023-03-09"),
        ("3 days ago", "2024-02-29"),
    ],
)
def test_days(paper: Paper, typed: str, date: str) -> None:
    path = page(paper, PAGE.replace("Mar 9", typed), "--date", "2024-02-29")
    assert header(paper, path)["date"].date().isoformat() == date
    assert header(paper, path)["authors"] == ("island-desk",)


@pytest.mark.parametrize(
    "typed",
    (
        "2 min read|5-minute read|< 1 min read|less than a minute read|Reading time: 5 minutes|2 Min. Lesezeit|Lesezeit: 2 Min.|2 min"
        "|2 min de lecture|2 Min. de lectura|Tempo di lettura: 2 min|2 minuten om te lezen|2 min de leitura|2 minut(y) czytania"
        "|読了時間: 2分|阅读时间：2分钟|2 دقائق قراءة"
    ).split("|"),
)
def test_minutes_are_left_out_and_told(paper: Paper, typed: str) -> None:
    path = page(paper, PAGE.replace("2 min read", typed), "--date", "2024")
    assert typed not in (paper.folder / path).read_text()
    assert f"its “{typed}” is left out" in (paper.folder / "import-report.md").read_text()


def test_minutes_in_a_sentence_are_its_own(paper: Paper) -> None:
    path = page(
        paper,
        PAGE.replace("Every Second Sunday Until the End of the Season", "The Climb Takes 20 Minutes"),
        "--date",
        "2024",
    )
    assert header(paper, path)["dek"] == "The Climb Takes 20 Minutes"


@pytest.mark.parametrize(
    ("typed", "date", "told"),
    [
        ("3 days ago", "", "'3 days ago' does not say which day"),
        ("vor 3 Tagen", "", "'vor 3 Tagen' does not say which day"),
        ("3/9/2023", "", "'3/9/2023' does not say which day"),
        ("Feb 29", "2023", "there is no 29 02 in 2023"),
    ],
)
def test_a_day_that_is_none(paper: Paper, typed: str, date: str, told: str) -> None:
    path = str(paper.write("copied.txt", PAGE.replace("Mar 9", typed)))
    result = paper.run("import", path, *(["--date", date] if date else []))
    assert result.exit_code == 1
    assert f"copied.txt:7:1: {told}" in result.output


GERMAN = f"""Fähre fährt wieder zu den Inseln

Autorenbild: Redaktion
Redaktion
4. Nov. 2023
2 Min. Lesezeit
Aktualisiert: 6. Nov. 2023

Am Kai

{LONG}

Was nun kommt

{LONG}

Aktuelle Beiträge
Alle ansehen
Ein anderer Beitrag über den Leuchtturm
Kommentare
Kommentar verfassen...
"""


def test_a_page_in_german(paper: Paper) -> None:
    path = page(paper, GERMAN)
    found = header(paper, path)
    assert (found["title"], found["authors"]) == ("Fähre fährt wieder zu den Inseln", ("redaktion",))
    assert (found["date"].date().isoformat(), found["updated"].date().isoformat()) == ("2023-11-04", "2023-11-06")
    assert body(paper, path) == f"## Am Kai\n\n{LONG}\n\n## Was nun kommt\n\n{LONG}"
    report = (paper.folder / "import-report.md").read_text()
    assert "left out from around the text: “Aktuelle Beiträge” · “Alle ansehen”" in report


AROUND = f"""Skip to Main Content
Harbour Notes
Home
All Posts
Log In / Sign Up
top of page
Home
All Posts
Search
island desk
Mar 9, 2023
2 min read
Share
Lighthouse Opens Its Doors to Visitors
Updated: Mar 11, 2023
{LONG}
{LONG}
Share this post
Facebook
X (Twitter)
Copy link
#lighthouse #islands
12 views
0 comments
Recent Posts
See All
Ferry Line Reopens After Two Winters of Repairs
Comments
Write a comment...
We use cookies on this site to make it work.
Accept
Decline
© 2023 Harbour Notes
bottom of page
"""


def test_a_whole_page_with_all_that_is_around(paper: Paper) -> None:
    path = page(paper, AROUND)
    found = header(paper, path)
    assert found["title"] == "Lighthouse Opens Its Doors to Visitors"
    assert found["authors"] == ("island-desk",)
    assert found["date"].date().isoformat() == "2023-03-09"
    assert found["tags"] == ("lighthouse", "islands")
    assert body(paper, path) == f"{LONG}\n\n{LONG}"
    assert "“Recent Posts”" in (paper.folder / "import-report.md").read_text()


TEXT = f"""The Headline of a Page That Has a Few Words

By the island desk | Mar 9, 2023 · 3 min read

{LONG}

By the numbers:

  • Fourteen crossings
  • Six at night

1. First
2. Second

The quay in spring
The quay in spring

A line of a song
Another line of it
And a third

{LONG}

Photo: harbour office

“A quote that stands alone”

One

Two

Three

{LONG}
Last words"""


def test_what_is_no_section(paper: Paper) -> None:
    path = page(paper, TEXT)
    assert body(paper, path) == (
        f"{LONG}\n\nBy the numbers:\n\n- Fourteen crossings\n- Six at night\n\n1. First\n2. Second\n\n*The quay in spring*\n\n"
        f"A line of a song\\\nAnother line of it\\\nAnd a third\n\n{LONG}\n\nPhoto: harbour office\n\n“A quote that stands alone”\n\n"
        f"One\n\nTwo\n\nThree\n\n{LONG}\n\nLast words"
    )


@pytest.mark.parametrize(
    ("typed", "title", "writer", "dek"),
    [
        (
            f"Home\nNews\n\nFerry back\n\n• Writer: Desk\nDesk\n• Nov 4, 2023\n• 2 min read\n\n{LONG}",
            "Ferry back",
            "desk",
            "",
        ),
        (
            f"Skip to content\nThe Quay\nThe Ferry Is Back Again\nPosted on November 4, 2023 by desk\n\n{LONG}",
            "The Ferry Is Back Again",
            "desk",
            "",
        ),
        (f"The Ferry Is Back Again\nBy The Desk, 4 November 2023\n\n{LONG}", "The Ferry Is Back Again", "the-desk", ""),
        (
            f"The Ferry That Came Back\nWhat two winters taught a town\nQuay desk\nQuay desk\n\n·\nFollow\n\n5 min read\n·\nNov 4, 2023\n\n"
            f"120\n\n3\n\n{LONG}",
            "The Ferry That Came Back",
            "quay-desk",
            "What two winters taught a town",
        ),
    ],
)
def test_pages_of_others(paper: Paper, typed: str, title: str, writer: str, dek: str) -> None:
    path = page(paper, typed, "--as", "pasted")
    found = header(paper, path)
    assert (found["title"], found["authors"], found.get("dek", "")) == (title, (writer,), dek)
    assert found["date"].date().isoformat() == "2023-11-04"
    assert body(paper, path) == LONG


def test_tags_below_a_text(paper: Paper) -> None:
    path = page(paper, PAGE.replace("\n\n\nbottom", "\n\nTags:\nLighthouse\nThe islands\n\nbottom"), "--date", "2024")
    assert header(paper, path)["tags"] == ("Lighthouse", "The islands")


def test_cookies_in_a_text_are_its_own(paper: Paper) -> None:
    path = page(paper, PAGE.replace("It costs nothing.", "Bakers sold cookies."), "--date", "2024")
    assert "Bakers sold cookies. Children" in body(paper, path)


def test_comments_may_be_a_section(paper: Paper) -> None:
    path = page(paper, PAGE.replace("Stairs That Were Repaired", "Comments"), "--date", "2024")
    assert f"## Comments\n\n{LONG}" in body(paper, path)


def test_any_text_with_as(paper: Paper) -> None:
    result = paper.run("import", str(paper.write("copied.txt", f"A headline\n\n{LONG}\n")))
    assert "not an export that Byline knows" in result.output
    path = page(paper, f"A headline\n\n{LONG}\n", "--as", "pasted")
    assert (header(paper, path)["title"], body(paper, path)) == ("A headline", LONG)
    assert header(paper, path)["draft"] is True


@pytest.mark.skipif(not EXPORTS.is_dir(), reason="the exports are not beside the project")
def test_the_page_that_the_design_was_drawn_from(paper: Paper) -> None:
    imported(paper, str(EXPORTS / "wix/pasted-page.txt"), "--date", "2024")
    path = ledger(paper)["pasted:pasted-page.txt"]
    found = header(paper, path)
    assert found["title"] == "Harbour Town Reopens Its Ferry Line as Island Traffic Doubles in a Single Winter"
    assert found["dek"] == "First Crossing Since 2023 Comes With Rising Fares and a Longer Queue"
    assert found["date"].date().isoformat() == "2024-11-04"
    assert found["authors"] == ("news-desk",)
    parts = [part.split(" ", 2)[:2] for part in body(paper, path).split("\n\n")]
    starts = "The town|## A|The work,|While officials|## What|In response|With the"
    assert [" ".join(part) for part in parts] == starts.split("|")
    text = (EXPORTS / "wix/pasted-page.txt").read_text()
    below = text.split("Longer Queue")[1].split("bottom of page")[0].split()
    assert body(paper, path).replace("## ", "").split() == below
    assert "caption: The ferry at the quay" in (paper.folder / path).read_text()
    no_errors(paper)
