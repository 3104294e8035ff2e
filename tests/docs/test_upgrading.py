"""docs/upgrading.md: its steps from a copy to a site, one after the other, with a copy in git."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

from tests.helpers.paper import ROOT

PAGE = ROOT / "docs" / "upgrading.md"
COPY = {
    "byline/__init__.py": "",
    "site.toml": 'title = "Own"\nurl = "https://own.test"\n',
    "pages/posts/own.md": "---\ntitle: Own\ndate: 2026-01-01\n---\nText.\n",
    "templates/footer.html": "<footer>own</footer>\n",
}


def commands() -> list[str]:
    """What the part about copies tells people to type, but for what installs packages."""
    blocks = re.findall(
        r"^ *```sh\n(.*?)```", PAGE.read_text("utf-8").partition("## Upgrading from a copy")[2], re.M | re.S
    )
    told = [line.strip() for block in blocks for line in block.strip().splitlines()]
    here = f"{sys.executable} -c 'from byline.cli.commands import main; main()'"
    told = [re.sub(r"^(engine|\.venv)/bin/byline", here, line) for line in told]
    return [line for line in told if not line.startswith(("python3 -m venv", "engine/bin/pip", "make "))]


def test_from_a_copy(tmp_path: Path) -> None:
    for path, text in COPY.items():
        (tmp_path / "paper" / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "paper" / path).write_text(text)
    who = "-c user.name=A -c user.email=a@own.test"
    git = f'git() {{ command git {who} "$@"; }}'
    start = ["cd paper", "git init -q", "git add --all", "git commit -qm Before", "cd .."]
    script = "\n".join([f"export PYTHONPATH={shlex.quote(str(ROOT))}", git, *start, *commands()])
    run = subprocess.run(["sh", "-ec", script], cwd=tmp_path, capture_output=True, text=True)
    assert run.returncode == 0, run.stdout + run.stderr
    assert "templates/parts/footer.html:1:1: outdated-template" in run.stdout
    after = ["git", "-C", str(tmp_path / "new-paper")]
    log = subprocess.run([*after, "log", "--format=%s", "--stat=200"], capture_output=True, text=True).stdout
    assert re.findall(r"^\w.*", log, re.M) == ["A site of its own: the engine is installed", "Before"]
    assert subprocess.run([*after, "status", "--porcelain"], capture_output=True, text=True).stdout == ""
    assert "byline/__init__.py" in log
