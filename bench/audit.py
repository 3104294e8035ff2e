"""Lighthouse, the Nu checker and axe over this site in each variation, written to AUDIT.md beside this file.

Needs Node (for `npm`), Java and a Chromium; downloads stay outside the project. Lighthouse requests pages from the
production server, as a phone would; Nu reads every page of the frozen site; axe, with the rules for AAA, looks at pages
and at odd stories in windows of three widths, light and dark.
"""

import collections
import itertools
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

from bench.serving import free_port, granian, server
from docs import variations
from tests.helpers.browsing import RULES, opened, served
from tests.helpers.chromium import ARGUMENTS, chromium
from tests.helpers.odd import PATHS, odd_paper
from tests.helpers.paper import Paper

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
    "results": "/search/?q=picture",
    "archive": "/archive/",
    "404": "/404.html",
}
WIDTHS, SCHEMES = (360, 768, 1440), ("light", "dark")
TEXT = ("Document", "Stylesheet", "Script")
WITHOUT_SEO = ("404", "results")
"""Pages that may not be indexed."""


def main() -> None:
    os.environ["PYTHONPATH"] = str(ROOT)  # the sites are in folders of their own
    scores: dict[str, dict[str, list[Any]]] = {}
    faults: dict[str, str] = {}
    with tempfile.TemporaryDirectory(prefix="byline-audit-") as scratch:
        folder = Path(scratch)
        for package in (LIGHTHOUSE, NU):
            _run(["npm", "install", "--silent", "--no-fund", "--no-audit", "--prefix", scratch, package], ROOT)
        for name in variations.names():
            (folder / name).mkdir()
            site = variations.site_with(name, folder / name)
            shutil.copy(ROOT / "app.py", site)
            _run([sys.executable, "-m", "flask", "freeze"], site)
            found = _nu(folder, site / "build")
            scores[name] = _lighthouse(folder, site)
            with variations.shown(name) as address:
                faults[name] = f"{found['error']} | {found['info']} | {_axe(address, list(PAGES.values()))}"
        odd = odd_paper(Paper(folder / "odd"))
        with served(odd.app()) as address:
            faults["odd stories"] = f"– | – | {_axe(address, PATHS)}"
    _write(scores, faults)


def _write(scores: dict[str, dict[str, list[Any]]], faults: dict[str, str]) -> None:
    said = f"Made by `make audit` on {platform.system()} with {LIGHTHOUSE} (mobile), {NU} and axe."
    columns = ["variation", "page", *CATEGORIES, "kB", "requests", "of text: kB", "requests"]
    lines = ["# Audit", "", said, "", f"| {' | '.join(columns)} |", "|---|---|" + "--:|" * (len(columns) - 2)]
    for name, pages in scores.items():
        lines += [f"| {name} | {page} | {' | '.join(map(str, row))} |" for page, row in pages.items()]
    lines += [
        "",
        "Text is the document, its stylesheet and its scripts; the rest are pictures, icons and the face.",
        "",
    ]
    windows = f"{len(WIDTHS)} widths ({', '.join(map(str, WIDTHS))} pixels), light and dark"
    lines += [f"Nu reads all pages of the frozen site; axe looks at each page above in {windows}.", ""]
    lines += ["| site | Nu: errors | warnings | axe: broken rules |", "|---|--:|--:|--:|"]
    lines += [f"| {name} | {row} |" for name, row in faults.items()]
    (Path(__file__).parent / "AUDIT.md").write_text("\n".join(lines) + "\n", encoding="utf-8")
    print("\n".join(lines))


def _axe(address: str, paths: list[str]) -> int:
    """How many rules are broken, over all windows."""
    broken = 0
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
        for width, scheme in itertools.product(WIDTHS, SCHEMES):
            options: Any = {"runOnly": {"type": "tag", "values": RULES}, "resultTypes": ["violations"]}
            window: Any = {"viewport": {"width": width, "height": 900}, "color_scheme": scheme}
            with opened(browser, address, **window) as page:
                for path in paths:
                    page.goto(address + path)
                    for fault in Axe().run(page, options=options).response["violations"]:
                        print(width, scheme, path, fault["id"], fault["nodes"][0]["html"][:200])
                        broken += 1
        browser.close()
    return broken


def _run(command: list[str], folder: Path) -> str:
    return subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True).stdout


def _nu(folder: Path, site: Path) -> collections.Counter[str]:
    jar = folder / "node_modules/vnu-jar/build/dist/vnu.jar"
    command = ["java", "-jar", str(jar), "--skip-non-html", "--format", "json", str(site)]
    found = subprocess.run(command, capture_output=True, text=True)
    messages = json.loads(found.stderr)["messages"]
    for message in messages:
        print(message["url"].split("/build/")[-1], message["message"])
    return collections.Counter({"error": 0, "info": 0}) + collections.Counter(m["type"] for m in messages)


def _lighthouse(folder: Path, site: Path) -> dict[str, list[Any]]:
    port = free_port()
    scores = {}
    with server(granian(port, "app:app"), site, port, "/"):
        for name, path in PAGES.items():
            report = folder / "report.json"
            flags = " ".join(["--headless=new", *ARGUMENTS])
            command = [str(folder / "node_modules/.bin/lighthouse"), f"http://127.0.0.1:{port}{path}", "--quiet"]
            command += [f"--chrome-flags={flags}", "--output=json", f"--output-path={report}"]
            command += [f"--only-categories={','.join(CATEGORIES)}"]
            environ = os.environ | {"CHROME_PATH": chromium() or ""}
            for last in (False, False, True):  # on a busy machine its Chromium may not answer in time
                run = subprocess.run(command, cwd=folder, env=environ, capture_output=True, text=True)
                if not run.returncode:
                    break
                print(run.stderr.strip()[-500:])
                if last:
                    run.check_returncode()
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
