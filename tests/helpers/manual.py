"""The manual: the content of this repository's own site, with settings that its owner does not change."""

import shutil
from pathlib import Path

import pytest

from tests.helpers.paper import ROOT

MANUAL = ROOT / "pages" / "posts" / "manual"
SETTINGS = """
title = "Byline"
tagline = "A news blog kept in a git repository"
url = "http://localhost:5000"
[[navigation]]
title = "Home"
url = "/"
[[navigation]]
title = "Manual"
url = "/series/the-manual/"
[[navigation]]
title = "About"
url = "/about/"
"""


def copy_manual(folder: Path) -> Path:
    """Put the manual into the site in `folder`, with the engine's own theme. Skip if a blog has replaced it."""
    if not MANUAL.is_dir():
        pytest.skip("the manual is not in pages/: this is a blog's own copy")
    shutil.rmtree(folder / "pages", ignore_errors=True)
    shutil.copytree(ROOT / "pages", folder / "pages")
    (folder / "site.toml").write_text(SETTINGS, encoding="utf-8")
    return folder
