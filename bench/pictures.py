"""A blog of photographs: a freeze beside eleventy-img, which makes the same widths and forms with sharp, and nothing else, and
beside Hugo, which makes them too but in place of AVIF, which it does not know, WebP."""

import io
import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image, ImageFilter

from bench.corpus import write_site
from bench.measure import aside, in_turn, megabytes, seconds
from byline.media.files import WIDTHS

if TYPE_CHECKING:
    from bench.run import Rows

POSTS, PICTURES = 200, 400
SIZE = (4032, 3024)
"""12 megapixels, as a telephone makes them."""
KINDS = 8
ELEVENTY = "@11ty/eleventy-img@6"
SCRIPT = """
import Image from "@11ty/eleventy-img";
import { readdirSync } from "node:fs";
const pictures = readdirSync("photographs").map((name) => `photographs/${name}`);
const options = { widths: WIDTHS, formats: ["avif", "jpeg"], outputDir: "img", useCache: false };
await Promise.all(pictures.map((path) => Image(path, options)));
"""
HUGO = """{{ range resources.Match "photographs/*" }}{{ $picture := . }}{{ range (slice WIDTHS) }}
{{ ($picture.Resize (printf "%dx jpg" .)).RelPermalink }} {{ ($picture.Resize (printf "%dx webp" .)).RelPermalink }}
{{ end }}{{ end }}"""


def measure(rows: "Rows", scratch: Path, tools: Path) -> None:
    """Once each: eleventy-img takes ten minutes, and they are far apart."""
    site, eleventy, hugo = scratch / "byline", scratch / "eleventy", scratch / "hugo"
    write_site(site, POSTS)
    (eleventy / "photographs").mkdir(parents=True)
    (hugo / "layouts").mkdir(parents=True)
    (hugo / "assets" / "photographs").mkdir(parents=True)
    (hugo / "hugo.toml").write_text('disableKinds = ["taxonomy", "term", "section", "rss", "sitemap", "404"]')
    (hugo / "layouts" / "index.html").write_text(HUGO.replace("WIDTHS", " ".join(map(str, WIDTHS))))
    posts = sorted((site / "pages" / "posts").rglob("*.md"))
    for number in range(PICTURES):
        data, post = photograph(number), posts[number % POSTS]
        post.with_name(f"photo-{number}.jpg").write_bytes(data)
        for folder in (eleventy / "photographs", hugo / "assets" / "photographs"):
            (folder / f"{number}.jpg").write_bytes(data)
        with post.open("a") as file:
            file.write(f"\n![Photograph {number}](photo-{number}.jpg)\n")
    (eleventy / "make.mjs").write_text(SCRIPT.replace("WIDTHS", json.dumps(WIDTHS)))
    (eleventy / "package.json").write_text("{}")
    subprocess.run(["npm", "install", "--silent", "--no-fund", "--no-audit", ELEVENTY], cwd=eleventy, check=True)

    freeze, make = [sys.executable, "-m", "flask", "freeze"], ["node", "make.mjs"]
    build = [str(tools / "hugo"), "--quiet"]
    found = in_turn(
        1,
        {
            "Byline": lambda: seconds(freeze, aside(site, "build", ".cache")),
            "eleventy-img": lambda: seconds(make, aside(eleventy, "img")),
            "Hugo, JPEG and WebP": lambda: seconds(build, aside(hugo, "public", "resources")),
        },
    )
    what = f"{POSTS} posts with {PICTURES} photographs"
    for name, target in {"eleventy-img": "≤ 1.0", "Hugo, JPEG and WebP": ""}.items():
        rows.add(f"cold freeze, {what}", found["Byline"], name, found[name], "s", target)
    memory = megabytes(freeze, aside(site, "build", ".cache"))
    rows.alone(f"peak memory, {what}", memory, "MiB", "")


def photograph(number: int) -> bytes:
    """Soft shapes and grain, as in a photograph. There are few kinds, since drawing one takes a second."""
    return _kind(number % KINDS) + f"{number}".encode()  # what follows the end of a JPEG is ignored


_kinds: dict[int, bytes] = {}


def _kind(number: int) -> bytes:
    if number not in _kinds:
        parts = []
        for channel in range(3):
            coarse = Image.effect_noise((24 + 4 * number, 18 + 3 * channel), 120).resize(SIZE, Image.Resampling.BICUBIC)
            fine = Image.effect_noise(SIZE, 24).filter(ImageFilter.GaussianBlur(1.5))
            parts.append(Image.blend(coarse, fine, 0.3))
        file = io.BytesIO()
        Image.merge("RGB", parts).save(file, "JPEG", quality=90)
        _kinds[number] = file.getvalue()
    return _kinds[number]
