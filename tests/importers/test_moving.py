"""A small export of each system, as docs/moving/ shows it: imported by the command of its page, it is what the page says."""

from html import unescape

import pytest

from byline.importers.registry import all_systems
from tests.helpers.exports import imported, no_errors
from tests.helpers.paper import ROOT, Paper
from tests.helpers.samples import imports

SAMPLES = imports()
SYSTEMS = {system.name: system for system in all_systems()}


@pytest.mark.parametrize("name", SAMPLES)
def test_a_sample_comes_in(paper: Paper, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    sample = SAMPLES[name]
    assert sample.files
    assert sample.written
    for path, text in sample.files.items():
        paper.write(path, text)
    monkeypatch.chdir(paper.folder)
    told = imported(paper, *sample.arguments).output
    assert told.startswith(f"{SYSTEMS[name].title}: ")
    assert {url: item.title for url, item in paper.site().by_url.items()} == sample.pages
    assert {path: (paper.folder / path).read_text(encoding="utf-8") for path in sample.written} == sample.written
    client = paper.client()
    answers = {url: client.get(url) for url in sample.pages}
    assert {url: answer.status_code for url, answer in answers.items()} == dict.fromkeys(sample.pages, 200)
    shown = {url: unescape(answer.get_data(as_text=True)) for url, answer in answers.items()}
    assert [url for url, title in sample.pages.items() if f"<title>{title}" not in shown[url]] == []
    assert {old: client.get(old).location for old in sample.moved} == sample.moved
    no_errors(paper)


def test_every_system_has_a_page_and_the_command_names_it() -> None:
    assert set(SYSTEMS) == set(SAMPLES)
    text = (ROOT / "docs" / "importing.md").read_text(encoding="utf-8")
    assert [name for name in SYSTEMS if f"(moving/{name}.md) | `{name}` |" not in text] == []
