"""Compressed files: correct, deterministic, made once, and never in place of another file."""

import gzip

import brotli
import pytest

from byline.freeze import compress
from tests.helpers.paper import Paper, counts
from tests.helpers.papers import full_paper

PLAIN = 'url = "https://paper.test"\n[slugs]\n"C++" = "cpp"'
SETTINGS = f"precompressed = true\n{PLAIN}"


def forms(paper: Paper, out: str = "build") -> dict[str, bytes]:
    folder = paper.folder / out
    return {path: (folder / path).read_bytes() for path in paper.tree(out) if path.endswith((".br", ".gz"))}


def test_every_text_of_some_size_has_both_forms(paper: Paper) -> None:
    full_paper(paper)
    paper.settings(SETTINGS)
    assert paper.freeze("--search").exit_code == 0
    found = forms(paper)
    texts = (".html", ".xml", ".json", ".css", ".js", ".svg", ".txt")
    for path in paper.tree():
        if path.endswith((".br", ".gz")):
            continue
        body = (paper.folder / "build" / path).read_bytes()
        if path.endswith(texts) and len(body) >= 512:
            assert gzip.decompress(found.pop(f"{path}.gz")) == body
            assert brotli.decompress(found.pop(f"{path}.br")) == body
    assert found == {}
    assert "index.html.gz" in paper.tree()


def test_the_same_site_has_the_same_forms(paper: Paper) -> None:
    full_paper(paper)
    paper.settings(SETTINGS)
    paper.freeze()
    paper.freeze(out="again")
    assert forms(paper) == forms(paper, "again")
    assert all(
        body[4:8] == bytes(4) for path, body in forms(paper).items() if path.endswith(".gz")
    )  # no timestamp in it


def test_what_did_not_change_is_not_compressed_again(paper: Paper, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []
    make = compress._made

    def counted(output: object, job: compress.Compression) -> object:
        made.append(job.path)
        return make(output, job)  # type: ignore[arg-type]

    monkeypatch.setattr(compress, "_made", counted)
    paper.settings(f"feed_items = 1\n{SETTINGS}")
    for day in range(1, 6):
        paper.post(f"d{day}", summary="In short.", date=f"2025-05-0{day}")
    paper.freeze("--jobs", "1")
    assert len(made) == len(set(made)) > 20
    made.clear()
    paper.post("d1", "Another text.", summary="In short.", date="2025-05-01")
    paper.freeze("--jobs", "1")
    assert sorted(made) == ["posts/d1/index.html.br", "posts/d1/index.html.gz"]
    made.clear()
    (paper.folder / "build/index.html.br").unlink()
    assert counts(paper.freeze("--jobs", "1").output)[1] == 1
    assert made == ["index.html.br"]


def test_equal_pages_have_a_form_each(paper: Paper) -> None:
    paper.settings(SETTINGS)
    paper.post("one", aliases="[/a/, /b/, /c/]")
    paper.write("templates/redirect.html", "{{ target }}" + "x" * 600)
    paper.freeze()
    for name in ("a", "b", "c"):
        assert f"{name}/index.html.gz" in paper.tree()
    assert counts(paper.freeze().output)[1] == 0


def test_they_go_with_the_setting(paper: Paper) -> None:
    full_paper(paper)
    paper.settings(PLAIN)
    paper.freeze()
    before = paper.tree()
    paper.settings(SETTINGS)
    paper.freeze()
    assert len(paper.tree()) > len(before)
    paper.settings(PLAIN)
    paper.freeze()
    assert paper.tree() == before


def test_a_file_of_that_name_is_not_replaced(paper: Paper) -> None:
    paper.settings(SETTINGS)
    paper.write("static/list.csv", "a,b\n" * 400)
    paper.write("static/list.csv.gz", b"mine")
    paper.freeze()
    assert (paper.folder / "build/static/list.csv.gz").read_bytes() == b"mine"
    assert "static/list.csv.br" in paper.tree()


def test_a_form_gives_way_to_a_file_of_that_name(paper: Paper) -> None:
    paper.settings(SETTINGS)
    paper.write("static/list.csv", "a,b\n" * 400)
    paper.freeze()
    paper.write("static/list.csv.gz", b"mine")
    assert paper.freeze().exit_code == 0
    assert (paper.folder / "build/static/list.csv.gz").read_bytes() == b"mine"
