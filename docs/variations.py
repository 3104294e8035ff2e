"""Write the pictures of variations.md into variations/, and that of the README: `python -m docs.variations`.

It needs a Chromium.
"""

import contextlib
import datetime as dt
import io
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

from byline import create_app
from tests.helpers.browsing import opened, served
from tests.helpers.chromium import ARGUMENTS, chromium

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / "docs" / "variations"
PAGES = ("/", "/posts/markdown/", "/authors/handbook-desk/", "/archive/", "/search/?q=picture", "/404.html")
WINDOWS = ((1440, 1500), (390, 844))
HEIGHT, GAP, QUALITY = 380, 12, 60
"""Of a row of pages, in pixels."""


def names() -> list[str]:
    """The variations, and the theme as it is."""
    return ["theme", *sorted(path.stem for path in FOLDER.glob("*.css"))]


def site_with(name: str, folder: Path) -> Path:
    """This repository's site in `folder`, in the variation called `name`."""
    for part in ("pages", "static"):
        shutil.copytree(ROOT / part, folder / part)
    settings = (ROOT / "site.toml").read_text(encoding="utf-8")
    if name != "theme":
        shutil.copy(FOLDER / f"{name}.css", folder / "static" / "custom.css")
        settings += (FOLDER / f"{name}.toml").read_text(encoding="utf-8")
    (folder / "site.toml").write_text(settings, encoding="utf-8")
    return folder


def sheet(browser: Browser, address: str) -> Image.Image:
    """One row a window and scheme, one column a page."""
    rows = []
    for width, height in WINDOWS:
        for scheme in ("light", "dark"):
            options = {"viewport": {"width": width, "height": height}, "color_scheme": scheme}
            with opened(browser, address, **options) as page:
                shots = []
                for path in PAGES:
                    page.goto(address + path, wait_until="networkidle")
                    shot = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
                    size = (shot.width * HEIGHT // shot.height, HEIGHT)
                    shots.append(shot.resize(size, Image.Resampling.LANCZOS))
            rows.append(_joined(shots))
    return _stacked(rows)


def _joined(shots: list[Image.Image]) -> Image.Image:
    row = Image.new("RGB", (sum(shot.width + GAP for shot in shots) - GAP, HEIGHT), "gray")
    left = 0
    for shot in shots:
        row.paste(shot, (left, 0))
        left += shot.width + GAP
    return row


def _stacked(rows: list[Image.Image]) -> Image.Image:
    """Wide rows below each other; two narrow ones side by side."""
    wide, (light, dark) = rows[:2], rows[2:]
    narrow = Image.new("RGB", (light.width + dark.width + GAP, HEIGHT), "gray")
    narrow.paste(light, (0, 0))
    narrow.paste(dark, (light.width + GAP, 0))
    whole = Image.new("RGB", (max(row.width for row in (*wide, narrow)), 3 * HEIGHT + 2 * GAP), "gray")
    for number, row in enumerate((*wide, narrow)):
        whole.paste(row, (0, number * (HEIGHT + GAP)))
    return whole


@contextlib.contextmanager
def shown(name: str) -> Iterator[str]:
    """The address of the site in a variation, while it is served."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = site_with(name, Path(scratch))
        with served(create_app(folder, clock=lambda: dt.datetime(2026, 1, 1, tzinfo=dt.UTC))) as address:
            yield address


def overview(browser: Browser, address: str) -> Image.Image:
    """The front page and a story on a wide screen, and a story on a phone, in light and in dark."""
    looks = (("/", 1440, 776, "light"), ("/posts/markdown/", 1440, 776, "dark"))
    phones = (("/posts/call-up/", 390, 1194, "light"), ("/posts/call-up/", 390, 1194, "dark"))
    whole = Image.new("RGB", (1240, 774), "white")
    for number, (path, width, height, scheme) in enumerate((*looks, *phones)):
        options = {"viewport": {"width": width, "height": height}, "color_scheme": scheme}
        with opened(browser, address + path, **options) as page:
            page.wait_for_load_state("networkidle")
            shot = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
        size, place = ((706, 380), (0, 394 * number)) if width > 1000 else ((253, 774), (267 * number + 186, 0))
        whole.paste(shot.resize(size, Image.Resampling.LANCZOS), place)
    return whole


def main() -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
        for name in names():
            with shown(name) as address:
                if name == "theme":
                    overview(browser, address).save(FOLDER.parent / "screenshots.webp", "WEBP", quality=80, method=6)
                sheet(browser, address).save(FOLDER / f"{name}.webp", "WEBP", quality=QUALITY, method=6)


if __name__ == "__main__":
    main()
