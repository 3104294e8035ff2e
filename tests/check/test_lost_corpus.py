"""A real blog's own old addresses against the blog in Byline. It is next to the project on the developers' machines."""

import contextlib
import datetime as dt
import json
import re
import shutil
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

import byline
from byline.frontmatter import syntax
from byline.frontmatter.dates import BadDate, parse
from byline.frontmatter.headers import is_known
from tests.helpers.corpus import CORPUS

pytestmark = [
    pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus ../shared/corpus is not here"),
    pytest.mark.proof,
]

ZONE = ZoneInfo("America/New_York")
NAME = re.compile(r"(\d{4})-(\d\d?)-(\d\d?)-(.+)\.md")
ODD = re.compile(r"[^\w.~!$&'()+,;=@-]+")
"""What Jekyll does not leave in an address: https://jekyllrb.com/docs/permalinks/"""


def address_of(path: Path) -> str:
    """Where its generator had a post: the day of its header, or of its file's name, and the rest of that name."""
    name = NAME.fullmatch(path.name)
    assert name
    header = syntax.read(syntax.split(path.read_text(encoding="utf-8"), is_known))
    day = dt.date(int(name[1]), int(name[2]), int(name[3]))
    if "date" in header:
        with contextlib.suppress(BadDate):
            day = parse(str(header["date"].value), ZONE).astimezone(ZONE).date()
    return f"/{day:%Y/%m/%d}/{ODD.sub('-', name[4])}/"


def test_no_old_address_is_404_and_not_listed(tmp_path: Path) -> None:
    shutil.copytree(CORPUS / "_posts", tmp_path / "18f" / "_posts")
    shutil.copytree(CORPUS / "_authors", tmp_path / "18f" / "_authors")
    (tmp_path / "site.toml").write_text(
        'url = "https://corpus.test"\npages = "18f"\ndialect = "jekyll"\ntimezone = "America/New_York"\n'
        'permalink = "/{year}/{month}/{day}/{slug}/"\n'
    )
    old = [address_of(path) for path in sorted((CORPUS / "_posts").glob("*.md"))]
    assert len(old) == 505
    (tmp_path / "old.txt").write_text("\n".join(old))
    app = byline.create_app(tmp_path, DEBUG=False)
    run = app.test_cli_runner().invoke(args=["check", "--format", "json", "--against", str(tmp_path / "old.txt")])
    problems = json.loads(run.stdout)
    listed = {
        url for problem in problems for url in (problem["detail"].splitlines() or [problem["message"].split()[0]])
    }
    client = app.test_client()
    missing = {url for url in old if client.get(url, follow_redirects=True).status_code != 200}
    assert missing == listed
    assert len(missing) < 20
