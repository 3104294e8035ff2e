"""The mechanism: dry runs, second runs, other people's files, pictures at hand, and headers that come back as they were."""

import datetime as dt
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from byline.frontmatter import syntax
from byline.frontmatter.headers import is_known, read_post
from byline.importers import headers
from byline.importers.download import Client
from byline.importers.ledger import Ledger
from byline.importers.registry import all_systems
from byline.storage.zones import zone_of
from tests.helpers.exports import body, header, imported, ledger, no_errors, wxr, wxr_item
from tests.helpers.paper import ROOT, Paper, tree

PIXEL = (ROOT / "byline/theme/static/icon.png").read_bytes()
CONTENT = dt.datetime(2023, 1, 1, tzinfo=dt.UTC)


@pytest.fixture
def export(paper: Paper) -> Path:
    return paper.write("export.xml", wxr(wxr_item(1, "One", "First."), wxr_item(2, "Two", "Second.")))


def test_a_dry_run_tells_and_writes_nothing(paper: Paper, export: Path) -> None:
    before = tree(paper.folder)
    output = imported(paper, str(export), "--dry-run").output
    assert "2 in the export = posts 2" in output
    assert "files would be written" in output
    assert tree(paper.folder) == before
    assert not (paper.folder / ".byline-import.json").exists()


def test_a_second_run_writes_nothing_and_keeps_an_edit(paper: Paper, export: Path) -> None:
    imported(paper, str(export))
    post = paper.folder / ledger(paper)["wordpress:1"]
    post.write_text(post.read_text().replace("First.", "Mine."))
    files = [path for path in paper.folder.rglob("*") if path.is_file() and ".cache" not in path.parts]
    before = {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in files}
    output = imported(paper, str(export)).output
    assert "0 files written, 0 made anew" in output
    assert "1 as you edited them" in output
    assert {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in files} == before


def test_what_changed_in_the_export_is_made_anew_unless_it_was_edited(paper: Paper, export: Path) -> None:
    imported(paper, str(export))
    one, two = (paper.folder / ledger(paper)[f"wordpress:{number}"] for number in (1, 2))
    one.write_text(one.read_text() + "Mine.\n")
    edited = one.read_text()
    export.write_text(
        export.read_text().replace("First.", "First, corrected.").replace("Second.", "Second, corrected.")
    )
    output = imported(paper, str(export)).output
    assert "pages/posts/2023/one.md was edited since the last import" in output
    assert one.read_text() == edited
    assert "Second, corrected." in two.read_text()


def test_what_was_deleted_or_moved_stays_so(paper: Paper, export: Path) -> None:
    imported(paper, str(export))
    one, two = (paper.folder / ledger(paper)[f"wordpress:{number}"] for number in (1, 2))
    one.unlink()
    two.rename(two.with_name("moved.md"))
    output = imported(paper, str(export)).output
    assert output.count("was deleted or moved since the last import") == 2
    assert not one.exists()
    assert not two.exists()


def test_files_that_were_there_before_stay(paper: Paper, export: Path) -> None:
    mine = paper.post("2023/one", "Mine.", title="One")
    author = paper.write("pages/authors/desk.md", "---\nname: The desk\nbio: Mine.\n---\n")
    imported(paper, str(export))
    assert "Mine." in mine.read_text()
    assert ledger(paper)["wordpress:1"] == "pages/posts/2023/one-2.md"
    assert "bio: Mine." in author.read_text()
    assert ledger(paper).get("author:desk") is None
    again = tree(paper.folder)
    imported(paper, str(export))
    assert tree(paper.folder) == again
    no_errors(paper)


def test_a_report_with_notes_in_it_stays(paper: Paper, export: Path) -> None:
    imported(paper, str(export))
    report = paper.folder / "import-report.md"
    report.write_text(report.read_text() + "\nDone.\n")
    export.write_text(export.read_text().replace("</channel>", wxr_item(3, "Three", "Third.") + "</channel>"))
    imported(paper, str(export))
    assert report.read_text().endswith("\nDone.\n")
    assert "three" in (paper.folder / "import-report-2.md").read_text()


def test_an_interrupted_import_is_finished(paper: Paper, export: Path) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Ledger, "save", lambda _: None)  # as after a kill: files are there, the ledger is not
        imported(paper, str(export))
    whole = tree(paper.folder)
    (paper.folder / "pages/posts/2023/two.md").unlink()  # the journal is a step ahead
    imported(paper, str(export))
    assert tree(paper.folder) == whole
    assert len(ledger(paper)) == 4


@pytest.mark.parametrize("form", ["folder", "zip"])
def test_pictures_at_hand_are_taken(paper: Paper, monkeypatch: pytest.MonkeyPatch, form: str) -> None:
    asked: list[str] = []
    monkeypatch.setattr(Client, "fetch", lambda _, urls: map(asked.append, urls))
    html = '<img src="https://old.test/wp-content/uploads/2023/04/Große%20Brücke-1024x768.png" alt="B">'
    export = paper.write("export.xml", wxr(wxr_item(1, "One", html)))
    media = paper.folder.parent / "uploads"
    (media / "2023/04").mkdir(parents=True)
    (media / "2023/04/Große Brücke.png").write_bytes(PIXEL)
    (media / "2022/04").mkdir(parents=True)
    (media / "2022/04/Große Brücke.png").write_bytes(b"another")
    if form == "zip":
        with zipfile.ZipFile(media.with_suffix(".zip"), "w") as archive:
            for path in sorted(media.rglob("*.png")):
                archive.write(path, f"uploads/{path.relative_to(media)}")
    imported(paper, str(export), "--media", str(media.with_suffix(".zip") if form == "zip" else media))
    assert asked == []
    written = paper.folder / "pages/media/2023/04/Große Brücke.png"
    assert written.read_bytes() == PIXEL
    assert "/media/grosse-brucke" in paper.client().get("/posts/one/").get_data(as_text=True)


def test_systems_are_found_by_themselves(paper: Paper) -> None:
    names = {system.name for system in all_systems()}
    assert {"wordpress", "squarespace", "blogger", "feed", "html"} <= names
    nothing = paper.run("import", str(paper.write("notes.txt", "Hello")))
    assert nothing.exit_code == 1
    assert "not an export that Byline knows" in nothing.output
    unknown = paper.run("import", "--as", "wordpres", str(paper.write("e.xml", wxr())))
    assert "'wordpres' is no system that Byline knows: " in unknown.output
    absent = paper.run("import", "absent.xml")
    assert "there is no such file or folder" in absent.output


def test_one_system_can_be_named(paper: Paper, export: Path) -> None:
    assert imported(paper, str(export), "--as", "feed").output.startswith("a feed: 2 in the export")
    no_errors(paper)


TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc", "Cf", "Co", "Cn", "Zl", "Zp"]), max_size=40)
LINES = TEXTS.map(lambda text: " ".join(text.split()))


@settings(max_examples=300, deadline=None)
@given(title=LINES.filter(bool), dek=LINES, tags=st.lists(LINES.filter(bool), max_size=4, unique=True), alt=LINES)
def test_headers_come_back_as_they_were(title: str, dek: str, tags: list[str], alt: str) -> None:
    values: dict[str, headers.Value] = {"title": title, "dek": dek, "date": CONTENT, "tags": tuple(tags)}
    values |= {"cover": {"src": "a.jpg", "alt": alt}, "summary": title, "id": title, "draft": True}
    text = headers.written(values) + "\nText.\n"
    found, problems = read_post(syntax.read(syntax.split(text, is_known)), zone_of("Europe/Berlin"))
    assert not problems, (text, problems)
    assert (found.title, found.dek, found.tags, found.summary, found.id) == (title, dek, tuple(tags), title, title)
    assert found.cover is not None
    assert found.cover.alt == alt
    assert found.date == CONTENT
    assert found.draft


def test_the_old_id_is_the_feeds(paper: Paper, export: Path) -> None:
    imported(paper, str(export))
    assert "<id>https://old.test/?p=1</id>" in paper.client().get("/feed.xml").get_data(as_text=True)
    assert header(paper, ledger(paper)["wordpress:1"])["id"] == "https://old.test/?p=1"
    assert body(paper, ledger(paper)["wordpress:1"]) == "First."
