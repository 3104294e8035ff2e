"""Lighthouse and the Nu checker over the starter site, written to AUDIT.md beside this file.

Needs Node (for `npm`), Java and a Chromium; downloads stay outside the project. Lighthouse requests pages from the
production server, as a phone would; Nu reads every page of the frozen site.
"""

import collections
import json
import os
import platform
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from bench.serving import free_port, granian, server
from tests.helpers.chromium import ARGUMENTS, chromium

ROOT = Path(__file__).parent.parent
LIGHTHOUSE, NU = "lighthouse@13", "vnu-jar@26"
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
PAGES = {
    "index": "/",
    "article": "/posts/call-up/",
    "long article": "/posts/markdown/",
    "author": "/authors/handbook-desk/",
    "tag": "/tags/writing/",
    "search": "/search/",
    "archive": "/archive/",
    "404": "/404.html",
}
TEXT = ("Document", "Stylesheet", "Script")
WITHOUT_SEO = ("404",)
"""Pages that may not be indexed."""


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="byline-audit-") as scratch:
        folder = Path(scratch)
        for package in (LIGHTHOUSE, NU):
            _run(["npm", "install", "--silent", "--no-fund", "--no-audit", "--prefix", scratch, package])
        site = folder / "site"
        _run([sys.executable, "-m", "flask", "freeze", "--out", str(site)])
        faults = _nu(folder, site)
        scores = _lighthouse(folder)
    lines = ["# Audit", "", f"Made by `make audit` on {platform.system()} with {LIGHTHOUSE} (mobile) and {NU}.", ""]
    columns = [*CATEGORIES, "kB", "requests", "of text: kB", "requests"]
    lines += ["| page | " + " | ".join(columns) + " |", "|---|" + "--:|" * len(columns)]
    lines += [f"| {name} | " + " | ".join(map(str, row)) + " |" for name, row in scores.items()]
    lines += [
        "",
        "Text is the document, its stylesheet and its scripts; the rest are pictures and icons.",
        "",
        f"Nu checker, all pages of the frozen starter site: {faults['error']} errors, {faults['info']} warnings.",
    ]
    (Path(__file__).parent / "AUDIT.md").write_text("\n".join(lines) + "\n", encoding="utf-8")
    print("\n".join(lines))


def _run(command: list[str]) -> str:
    return subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout


def _nu(folder: Path, site: Path) -> collections.Counter[str]:
    jar = folder / "node_modules/vnu-jar/build/dist/vnu.jar"
    command = ["java", "-jar", str(jar), "--skip-non-html", "--format", "json", str(site)]
    found = subprocess.run(command, capture_output=True, text=True)
    messages = json.loads(found.stderr)["messages"]
    for message in messages:
        print(message["url"].split("/site/")[-1], message["message"])
    return collections.Counter({"error": 0, "info": 0}) + collections.Counter(m["type"] for m in messages)


def _lighthouse(folder: Path) -> dict[str, list[Any]]:
    port = free_port()
    scores = {}
    with server(granian(port, "app:app"), ROOT, port, "/"):
        for name, path in PAGES.items():
            report = folder / "report.json"
            flags = " ".join(["--headless=new", *ARGUMENTS])
            command = [str(folder / "node_modules/.bin/lighthouse"), f"http://127.0.0.1:{port}{path}", "--quiet"]
            command += [f"--chrome-flags={flags}", "--output=json", f"--output-path={report}"]
            command += [f"--only-categories={','.join(CATEGORIES)}"]
            environ = os.environ | {"CHROME_PATH": chromium() or ""}
            subprocess.run(command, cwd=folder, env=environ, check=True, capture_output=True)
            scores[name] = _row(json.loads(report.read_text(encoding="utf-8")), name)
            print(name, *scores[name])
    return scores


def _row(report: dict[str, Any], name: str) -> list[Any]:
    row: list[Any] = [round(100 * report["categories"][category]["score"]) for category in CATEGORIES]
    if name in WITHOUT_SEO:
        row[-1] = "–"
    for audit in report["audits"].values():
        is_seo = audit["id"] in ("is-crawlable", "http-status-code")
        if audit["score"] == 0 and audit["scoreDisplayMode"] == "binary" and not (is_seo and name in WITHOUT_SEO):
            print(f"  {name}: {audit['id']} {audit['title']}")
    requests = report["audits"]["network-requests"]["details"]["items"]
    text = [item for item in requests if item["resourceType"] in TEXT]
    for items in (requests, text):
        row += [round(sum(item["transferSize"] for item in items) / 1000, 1), len(items)]
    return row


if __name__ == "__main__":
    main()
