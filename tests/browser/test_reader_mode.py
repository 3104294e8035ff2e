"""Reader mode, by the program that Firefox has: what it keeps of a story. It comes from npm."""

import shutil
import subprocess
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.helpers.browsing import opened, served
from tests.helpers.paper import Paper
from tests.helpers.papers import png

pytestmark = [
    pytest.mark.skipif(not shutil.which("npm"), reason="npm is not installed"),
    pytest.mark.proof_long,
]
PACKAGE = "@mozilla/readability"


@pytest.fixture(scope="module")
def readability(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("npm")
    subprocess.run(
        ["npm", "install", "--silent", "--no-fund", "--no-audit", "--prefix", str(folder), PACKAGE], check=True
    )
    return Path(folder, "node_modules", PACKAGE, "Readability.js").read_text(encoding="utf-8")


def test_reader_mode_keeps_what_belongs_to_a_story(paper: Paper, browser: Browser, readability: str) -> None:
    paper.write("pages/posts/wide.png", png(900, 600))
    paper.write("pages/authors/ann-desk.md", "---\nname: Ann Desk\nbio: Writes.\n---\n")
    text = "The first crossing left at seven, and all who had waited were on board. " * 8
    paper.post(
        "one",
        f"{text}\n\n## A heading\n\n{text}\n\n```\ncode\n```\n\n{text}",
        authors="ann-desk",
        cover="{src: wide.png, alt: A field, caption: The caption.}",
        corrections="[{date: 2025-06-01, text: An earlier version named the wrong pier.}]",
    )
    with served(paper.app()) as address, opened(browser, f"{address}/posts/one/", bypass_csp=True) as page:
        page.add_script_tag(content=readability)
        read = page.evaluate("new Readability(document.cloneNode(true)).parse()")
    assert read["title"] == "The one story"
    assert "Ann Desk" in read["byline"]
    shown = read["textContent"]
    assert "An earlier version named the wrong pier." in shown
    assert "A heading" in shown
    assert "Share" not in shown
    assert "\n#" not in shown
    assert "A heading#" not in shown
