"""Real exports: every file imports, in = out + listed, no errors, words in = words out, and a second run keeps an edit."""

import difflib
import re
from pathlib import Path

import pytest

from byline.importers.export import Options
from byline.importers.registry import system_of
from byline.importers.source import Source
from byline.importers.wxr.reading import read as read_wxr
from byline.markdown.render import render
from tests.helpers.exports import EXPORTS, body, imported, ledger, no_errors, words
from tests.helpers.paper import Paper, tree

pytestmark = pytest.mark.skipif(not EXPORTS.is_dir(), reason="the exports are not beside the project")
FILES = [
    "wordpress/themeunittestdata.wordpress.xml",
    "wordpress/64-block-test-data.xml",
    *sorted(path.relative_to(EXPORTS).as_posix() for path in (EXPORTS / "wordpress/cases").glob("*")),
    "squarespace/sample.xml",
    "blogger/response.json",
    "medium",
    "substack",
    "wix/posts.csv",
    *sorted(path.relative_to(EXPORTS).as_posix() for path in (EXPORTS / "wix").glob("*.json")),
]


@pytest.mark.parametrize("name", FILES)
def test_an_export_comes_in_whole(paper: Paper, name: str) -> None:
    imported(paper, str(EXPORTS / name))
    source = Source((Path(EXPORTS / name),))
    export = system_of(source).read(source, Options())
    paths = ledger(paper)
    assert export.total == len(export.items) + len(export.attachments) + sum(one.count for one in export.left_out)
    assert {item.key for item in export.items} <= set(paths)
    for item in export.items:
        before, after = words(item.body), words(render(body(paper, paths[item.key])).html)
        after = [word for word in after if word != "↩"]  # of footnotes
        differ = [
            op for op in difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes() if op[0] != "equal"
        ]
        assert not differ, (paths[item.key], [(before[i:j], after[k:n]) for _, i, j, k, n in differ])
    no_errors(paper)
    edited = paper.folder / paths[export.items[0].key]
    edited.write_text(edited.read_text() + "\nA line of the owner's.\n")
    before_second = tree(paper.folder)
    imported(paper, str(EXPORTS / name))
    assert tree(paper.folder) == before_second


@pytest.mark.parametrize("name", [name for name in FILES if not name.startswith("blogger")])
def test_no_word_of_the_file_itself_is_lost(paper: Paper, name: str) -> None:
    """Captions of galleries and notes are added from elsewhere in the export; nothing that stands in a text goes."""
    imported(paper, str(EXPORTS / name))
    paths = ledger(paper)
    for post in read_wxr(Source((EXPORTS / name,))).posts:
        path = paths.get(f"{name.partition('/')[0]}:{post.id}", "")
        if not path or post.type not in ("post", "page"):
            continue
        raw = re.sub(
            r"<!--.*?-->|\[/?(?:caption|gallery|embed|audio|video|code)\b[^\]]*\]", " ", post.body, flags=re.DOTALL
        )
        before, after = words(raw), words(render(body(paper, path)).html)
        matcher = difflib.SequenceMatcher(None, before, after, autojunk=False)
        lost = [before[i:j] for op, i, j, _, _ in matcher.get_opcodes() if op in ("delete", "replace")]
        assert lost == [], path
