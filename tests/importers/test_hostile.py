"""Exports that mean harm: each ends with one clear line, or comes in within bounds."""

import io
import zipfile
from pathlib import Path

import pytest

from byline.importers import source
from byline.importers.text import writing
from tests.helpers.exports import body, imported, ledger, no_errors, wxr, wxr_item
from tests.helpers.paper import Paper, tree


def refused(paper: Paper, path: Path) -> str:
    """What is said of an export of which nothing is written."""
    before = tree(paper.folder)
    result = paper.run("import", str(path))
    assert result.exit_code == 1
    assert isinstance(result.exception, SystemExit)
    assert tree(paper.folder) == before
    assert result.output.count("\n") == 1
    return result.output


def packed(**members: bytes) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name.replace("_", "/"), content)
    return data.getvalue()


@pytest.mark.parametrize(
    "name", ["../../victim.xml", "/etc/victim.xml", "a/../../victim.xml", "..\\victim.xml", "C:/victim.xml"]
)
def test_a_path_that_leads_out(paper: Paper, name: str) -> None:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr(name, wxr(wxr_item(1, "One", "Text.")))
    assert "would lead out of the folder" in refused(paper, paper.write("export.zip", data.getvalue()))


def test_a_bomb(paper: Paper) -> None:
    assert "which no export is" in refused(paper, paper.write("export.zip", packed(**{"a.xml": b"0" * 30_000_000})))


def test_too_large_a_file(paper: Paper, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source, "MAX_BYTES", 1000)
    path = paper.write("export.zip", packed(**{"a.xml": wxr(wxr_item(1, "One", "Text. " * 500)).encode()}))
    assert "is larger than 1,000 bytes" in refused(paper, path)


def test_a_damaged_zip_file(paper: Paper) -> None:
    data = bytearray(packed(**{"a.xml": wxr(wxr_item(1, "One", "Text.")).encode()}))
    data[40:60] = b"\xff" * 20
    assert "cannot be read" in refused(paper, paper.write("export.zip", bytes(data)))


def test_entities_that_grow(paper: Paper) -> None:
    laughs = '<!DOCTYPE rss [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>'
    text = wxr(wxr_item(1, "One", "Text.")).replace("<rss", f"{laughs}<rss", 1)
    assert "declares entities" in refused(paper, paper.write("export.xml", text))
    outside = '<!DOCTYPE rss [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
    text = wxr(wxr_item(1, "&a;", "Text.")).replace("<rss", f"{outside}<rss", 1)
    assert "declares entities" in refused(paper, paper.write("export.xml", text))


def test_what_is_no_xml_says_where(paper: Paper) -> None:
    text = wxr(wxr_item(1, "One", "Text.")).replace("</channel>", "</chan>")
    output = refused(paper, paper.write("export.xml", text))
    assert "export.xml:4:" in output
    assert "is no XML that can be read" in output


def test_names_that_are_no_names(paper: Paper) -> None:
    slugs = [
        "../../../etc/passwd",
        "con",
        "a" * 500,
        "..",
        ".git",
        "index",
        "2020-01-02-x",
        "a\tb",
        "%2e%2e%2fx",
        "ünï",
        "漢字",
    ]
    imported(
        paper,
        str(paper.write("e.xml", wxr(*(wxr_item(n, f"T {n}", "Text.", slug=slug) for n, slug in enumerate(slugs))))),
    )
    for path in ledger(paper).values():
        real = (paper.folder / path).resolve()
        assert real.is_relative_to(paper.folder)
        assert not any(part.startswith(".") for part in real.relative_to(paper.folder).parts)
        assert len(real.name.encode()) < 200
    assert sum(path.startswith("pages/posts/") for path in ledger(paper).values()) == len(slugs)
    no_errors(paper)


def test_a_script_in_a_text_is_not_one(paper: Paper) -> None:
    html = (
        '<p onclick="x()">A<script>evil()</script><a href="javascript:evil()">b</a><img src=x onerror=evil()></p>'
        '<iframe src="javascript:evil()"></iframe><svg onload="evil()"><text>t</text></svg><style>p{}</style>'
        '<p>&lt;script&gt;evil()&lt;/script&gt;</p><form action="https://e.test"><input name="p"> Words</form>'
    )
    imported(paper, str(paper.write("export.xml", wxr(wxr_item(1, "<script>evil()</script>One", html)))))
    text = body(paper, ledger(paper)["wordpress:1"])
    assert "onclick" not in text
    assert "javascript:" not in text
    page = paper.client().get("/posts/one/").get_data(as_text=True)
    assert "<script>evil" not in page
    assert "1 scripts are gone" in (paper.folder / "import-report.md").read_text()


def test_a_link_in_the_sites_folder_is_not_followed(paper: Paper, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (paper.folder / "pages/posts/2023").symlink_to(outside)
    result = paper.run("import", str(paper.write("export.xml", wxr(wxr_item(1, "One", "Text.")))))
    assert result.exit_code == 1
    assert "leads out of the site's folder" in result.output
    assert not list(outside.iterdir())


@pytest.mark.parametrize(
    "html",
    [
        "<div>" * 5000,
        "<b>" * 5000,
        "<ul><li>" * 3000,
        "<blockquote>" * 3000,
        "<table><tr><td>" * 1000,
        "<dl><dd>" * 1000,
    ],
    ids=lambda html: html[:12],
)
def test_depth_is_bounded(html: str) -> None:
    assert writing.written(f"{html}deep", lambda _, url: url).markdown.replace("\\", "").endswith(("deep", ">", "*"))


def test_shared_blocks_that_hold_each_other(paper: Paper) -> None:
    many = '<!-- wp:block {"ref":7} /-->' * 50
    shared = wxr_item(7, "Shared", many, type="wp_block")
    imported(paper, str(paper.write("export.xml", wxr(wxr_item(1, "One", f"<p>A</p>{many}"), shared))))
    assert body(paper, ledger(paper)["wordpress:1"]) == "A"
