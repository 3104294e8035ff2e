"""Write blocks.webp beside this file, the picture in theming.md: `python -m docs.blocks`. It needs a Chromium."""

import contextlib
import io
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright

from docs.theming import SHOWS, blocks
from tests.helpers.browsing import served
from tests.helpers.chromium import ARGUMENTS, chromium
from tests.helpers.paper import Paper

PICTURE = Path(__file__).parent / "blocks.webp"
WIDTH, SCALE, QUALITY = 900, 0.8, 70
UNSEEN = ("title", "style", "head")
"""Blocks of `<head>`."""
PAGES = {"article.html": "/posts/harbour/", "index.html": "/"}
OUTLINE = (Path(__file__).parent / "blocks.js").read_text(encoding="utf-8")


def paper_in(folder: Path) -> Paper:
    """A paper with a story and a front page, whose blocks are marked with comments."""
    paper = Paper(folder)
    paper.settings(
        'title = "The Harbour Post"\ntagline = "News from the waterfront"\n'
        'url = "http://127.0.0.1"\nposts_per_page = 3\n'
        '[[navigation]]\ntitle = "Home"\nurl = "/"\n[[navigation]]\ntitle = "Archive"\nurl = "/archive/"\n'
    )
    paper.write("pages/authors/ann.md", "---\nname: Ann Desk\nbio: Writes about ships and people.\n---\n")
    paper.write("pages/posts/sea.jpg", _sea())
    about = {"authors": "[ann]", "tags": "[sea, transport]", "category": "Islands"}
    for number, title in enumerate(
        ("A new pier by autumn", "Who pays for the lights", "Cod is back", "The last keeper")
    ):
        paper.post(f"other{number}", "Text.", title=title, date=f"2025-04-0{number + 1}", summary="A summary.", **about)
    text = "The first crossing left at **seven**.\n\n## The boat\n\nShe is white.\n\n## The crew\n\nFour people."
    cover = "{src: sea.jpg, alt: The sea, caption: The strait in the morning., credit: Ann Desk}"
    paper.post("harbour", text, title="The ferry is back", dek="After two winters.", cover=cover, toc="true", **about)
    for template in PAGES:
        filled = "".join(map(_marked, (name for name in blocks(template) if name not in UNSEEN)))
        paper.write(f"templates/{template}", f'{{% extends "theme/{template}" %}}{filled}')
    return paper


def _marked(name: str) -> str:
    empty = "<p>&nbsp;</p>" if SHOWS[name].startswith("nothing") else ""
    return f"{{% block {name} %}}<!--{name}-->{empty}{{{{ super() }}}}<!--/{name}-->{{% endblock %}}"


def _sea() -> bytes:
    picture = Image.linear_gradient("L").resize((1200, 500))
    data = io.BytesIO()
    Image.merge("RGB", (picture.point(lambda v: v // 3), picture.point(lambda v: 90 + v // 3), picture)).save(
        data, "JPEG"
    )
    return data.getvalue()


def shot(page: Page, address: str) -> Image.Image:
    page.goto(address)
    page.evaluate("document.querySelectorAll('img').forEach((image) => { image.loading = 'eager' })")
    page.wait_for_load_state("networkidle")
    page.evaluate(OUTLINE)
    return Image.open(io.BytesIO(page.screenshot(full_page=True))).convert("RGB")


def main() -> None:
    with contextlib.ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        address = stack.enter_context(served(paper_in(Path(folder) / "paper").app()))
        playwright = stack.enter_context(sync_playwright())
        browser = playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
        page = browser.new_page(viewport={"width": WIDTH, "height": 600}, color_scheme="light")
        shots = [shot(page, address + url) for url in PAGES.values()]
        browser.close()
    picture = Image.new("RGB", (WIDTH * len(shots), max(one.height for one in shots)), "white")
    for number, one in enumerate(shots):
        picture.paste(one, (number * WIDTH, 0))
    picture = picture.resize((int(picture.width * SCALE), int(picture.height * SCALE)), Image.Resampling.LANCZOS)
    picture.save(PICTURE, "WEBP", quality=QUALITY, method=6)


if __name__ == "__main__":
    main()
