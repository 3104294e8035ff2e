"""The manual: the pages of this repository's own site, with settings and theme that its owner does not change.

A blog is a copy of this repository with pages of its own. Only tests about the manual itself read it.
"""

import shutil
import tomllib
from pathlib import Path

from tests.helpers.paper import ROOT

PAGES = ("about.md", "authors", "posts/2025", "posts/a-draft.md", "posts/manual")
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


def _is_here() -> bool:
    """Whether the site still has the name and the pages that this repository gives it."""
    try:
        title = tomllib.loads((ROOT / "site.toml").read_text("utf-8")).get("title")
    except (OSError, ValueError):
        return False
    return title == "Byline" and all((ROOT / "pages" / name).exists() for name in PAGES)


IS_HERE = _is_here()


def copy_manual(folder: Path) -> Path:
    """Put the manual, without any other page, into the site in `folder`."""
    for name in PAGES:
        here, there = ROOT / "pages" / name, folder / "pages" / name
        there.parent.mkdir(parents=True, exist_ok=True)
        shutil.copytree(here, there) if here.is_dir() else shutil.copy(here, there)
    (folder / "site.toml").write_text(SETTINGS, encoding="utf-8")
    return folder
