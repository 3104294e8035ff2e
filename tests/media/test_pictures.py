"""Pictures: what readers get, what nobody gets, and what no file can do."""

import io
import random
import re
import struct
import time
import zlib
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from PIL import Image, ImageCms, ImageSequence
from PIL.Image import Exif

from byline.media import pictures
from byline.media.files import WIDTHS
from byline.media.pictures import variant
from byline.web import live
from tests.helpers.paper import Paper
from tests.helpers.papers import jpeg, png


def located(orientation: int = 1) -> Exif:
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = "CanaryCamera"
    exif.get_ifd(0x8825)[2] = (52.0, 31.0, 12.0)
    return exif


def header(width: int, height: int) -> bytes:
    """A PNG of a few bytes that claims to be of this size."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    size = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", size) + chunk(b"IDAT", zlib.compress(b"\0")) + chunk(b"IEND", b"")


def animated(form: str, frames: int = 3, **options: object) -> bytes:
    images = [Image.new("RGB", (20, 20), (number * 80, 0, 0)) for number in range(frames)]
    file = io.BytesIO()
    images[0].save(file, form, save_all=True, append_images=images[1:], **({"duration": 70, "loop": 0} | options))
    return file.getvalue()


def gif(frames: int = 3, **options: object) -> bytes:
    return animated("GIF", frames, comment=b"canary", **options)


def variants(paper: Paper, form: str) -> dict[int, bytes]:
    """Width → bytes of the frozen variants in `form`."""
    found = {}
    for path in paper.tree():
        match = re.fullmatch(rf"media/.*-(\d+)\.{form}", path)
        if match:
            found[int(match[1])] = (paper.folder / "build" / path).read_bytes()
    return found


@pytest.fixture
def shown(paper: Paper) -> Paper:
    """A post with a cover and a picture in its text."""
    paper.write("pages/posts/one/big.jpg", jpeg(exif=located(), comment=b"canary"))
    body = "Text.\n\n![Two colours](big.jpg)\n\n[The picture](big.jpg)"
    paper.post("one/index", body, title="One", cover="{src: big.jpg, alt: Cover}")
    return paper


def test_widths_and_forms(shown: Paper) -> None:
    shown.freeze()
    assert set(variants(shown, "jpg")) == set(variants(shown, "avif")) == set(WIDTHS)
    for form in ("jpg", "avif"):
        for width, data in variants(shown, form).items():
            image = Image.open(io.BytesIO(data))
            assert image.size == (width, width // 2)
            red, blue = image.convert("RGB").getpixel((9, 9)), image.convert("RGB").getpixel((width - 9, 9))
            assert isinstance(red, tuple)
            assert isinstance(blue, tuple)
            assert red[0] > 180 > 60 > red[2]
            assert blue[2] > 180 > 60 > blue[0]


def test_markup(shown: Paper) -> None:
    page = shown.client().get("/posts/one/").text
    cover, body = re.findall(r"<picture>.*?</picture>", page, re.DOTALL)
    for picture in (cover, body):
        assert re.search(
            r'<source type="image/avif" srcset="/media/big-\w+-240.avif 240w, [^"]+ 1600w" sizes="', picture
        )
        assert re.search(r'src="/media/big-\w+-1600.jpg"', picture)
        assert 'width="1600" height="800"' in picture
        assert picture.count("sizes=") == 2
    assert 'fetchpriority="high"' in cover
    assert "lazy" not in cover
    assert 'loading="lazy" decoding="async"' in body
    assert 'alt="Two colours"' in body
    assert re.search(r'<a href="/media/big-\w+-1600.jpg">The picture</a>', page)


def test_no_metadata_and_no_source_is_published(shown: Paper) -> None:
    source = (shown.folder / "pages/posts/one/big.jpg").read_bytes()
    assert b"CanaryCamera" in source
    shown.freeze()
    for path in shown.tree():
        data = (shown.folder / "build" / path).read_bytes()
        assert b"anary" not in data, path
        assert data != source
        if path.startswith("media/"):
            image = Image.open(io.BytesIO(data))
            assert not image.getexif()
            assert "comment" not in image.info
            assert "icc_profile" not in image.info


@pytest.mark.parametrize("orientation", [3, 6, 8])
def test_pictures_stand_upright(paper: Paper, orientation: int) -> None:
    paper.write("pages/posts/a.jpg", jpeg(400, 200, exif=located(orientation)))
    paper.post("one", "![a](a.jpg)")
    paper.freeze()
    width, data = max(variants(paper, "jpg").items())
    image = Image.open(io.BytesIO(data)).convert("RGB")
    assert image.size == ((400, 200) if orientation == 3 else (200, 400))
    assert f'width="{image.width}" height="{image.height}"' in paper.page("posts/one/index.html")
    red_corner = {3: (-9, 9), 6: (9, 9), 8: (9, -9)}[orientation]
    pixel = image.getpixel((red_corner[0] % image.width, red_corner[1] % image.height))
    assert isinstance(pixel, tuple)
    assert pixel[0] > 180
    assert width == image.width


def test_colours_become_srgb(paper: Paper) -> None:
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))
    grey = Image.new("CMYK", (300, 200), (0, 255, 255, 0))
    file = io.BytesIO()
    grey.save(file, "JPEG", quality=95)
    paper.write("pages/posts/a.jpg", file.getvalue())
    paper.write("pages/posts/b.png", png(300, 200))
    with_profile = io.BytesIO()
    Image.open(io.BytesIO(png(300, 200))).save(with_profile, "PNG", icc_profile=lab.tobytes())
    paper.write("pages/posts/c.png", with_profile.getvalue())
    paper.post("one", "![a](a.jpg) ![b](b.png) ![c](c.png)")
    paper.freeze()
    for path in paper.media():
        image = Image.open(paper.folder / "build" / path)
        assert image.mode == "RGB"
        pixel = image.getpixel((100, 100))
        assert isinstance(pixel, tuple)
        assert pixel[0] > 120 > 60 > pixel[2]


def test_a_small_picture_is_not_enlarged_and_keeps_what_is_transparent(paper: Paper) -> None:
    image = Image.new("RGBA", (300, 100), (0, 0, 0, 0))
    file = io.BytesIO()
    image.save(file, "PNG")
    paper.write("pages/posts/a.png", file.getvalue())
    paper.post("one", "![a](a.png)")
    paper.freeze()
    for form in ("png", "avif"):
        width, data = max(variants(paper, form).items())
        assert width == 300
        assert Image.open(io.BytesIO(data)).convert("RGBA").getpixel((5, 5)) == (0, 0, 0, 0)


@pytest.mark.parametrize("form", ["gif", "webp", "png", "avif"])
def test_an_animation_stays_one_without_its_comments(paper: Paper, form: str) -> None:
    exif: dict[str, Any] = {} if form == "gif" else {"exif": located()}
    durations = [70, 90, 110]
    paper.write(f"pages/posts/a.{form}", animated(form.upper(), duration=durations, loop=3, comment=b"canary", **exif))
    paper.post("one", f"![a](a.{form})")
    assert paper.freeze().exit_code == 0
    (path,) = paper.media()
    assert path.endswith(f"-20.{form}")
    data = (paper.folder / "build" / path).read_bytes()
    image = Image.open(io.BytesIO(data))
    shown = []
    for frame in ImageSequence.Iterator(image):
        frame.load()
        shown.append((round(frame.info["duration"]), frame.convert("RGB").getpixel((9, 9))))
    assert [duration for duration, _ in shown] == durations
    reds = [pixel[0] for _, pixel in shown if isinstance(pixel, tuple)]
    assert [round(red / 80) for red in reds] == [0, 1, 2]
    assert image.info.get("loop", 3) == 3
    assert b"anary" not in data
    assert "<source" not in paper.page("posts/one/index.html").split("article-end")[0]


def test_what_a_camera_notes_may_be_damaged(paper: Paper) -> None:
    data = jpeg(90, 60, exif=located(6)).replace(b"CanaryCamera", b"\xff" * 12).replace(b"\0\0\0\x08", b"\0\0\0\x0a", 1)
    paper.write("pages/posts/a.jpg", data)
    paper.post("one", "![a](a.jpg)")
    assert paper.freeze().exit_code == 0
    assert len(paper.media()) == 2


def test_a_long_strip_is_as_wide_as_it_can_be(paper: Paper) -> None:
    paper.write("pages/posts/a.png", png(60, 16_000))
    paper.post("one", "![a](a.png)")
    assert paper.freeze().exit_code == 0
    assert len(paper.media()) == 2


def test_a_picture_for_old_browsers_is_no_frame(paper: Paper) -> None:
    data = animated("PNG", 4, default_image=True)
    made = Image.open(io.BytesIO(variant(data, "png", 20)))
    reds = [frame.convert("RGB").getpixel((9, 9)) for frame in ImageSequence.Iterator(made)]
    assert reds == [(80, 0, 0), (160, 0, 0), (240, 0, 0)]


@pytest.mark.parametrize("form", ["GIF", "WEBP", "PNG", "AVIF"])
@pytest.mark.parametrize("duration", [0, 1, 65_000])
def test_any_pace_can_be_written(form: str, duration: int) -> None:
    data = animated(form, 2, duration=duration)
    assert getattr(Image.open(io.BytesIO(variant(data, form.lower(), 20))), "n_frames", 1) == 2


# By ending, the format in which cameras, scanners and browsers write it, and the one that readers get.
RENAMED = {
    "a.jfif": ("JPEG", "jpg"),
    "a.jpe": ("JPEG", "jpg"),
    "a.tif": ("TIFF", "jpg"),
    "a.tiff": ("TIFF", "jpg"),
    "a.bmp": ("BMP", "png"),
    "a.jp2": ("JPEG2000", "jpg"),
    "a.ico": ("ICO", "png"),
    "a.mpo": ("MPO", "jpg"),
    "a.dat": ("JPEG", "jpg"),
    "a": ("JPEG", "jpg"),
    "a.png": ("JPEG", "jpg"),
    "a.jpg": ("MPO", "jpg"),
    "a.txt": ("PNG", "png"),
    "a.pdf": ("JPEG", "jpg"),
    "a.bin": ("WEBP", "webp"),
    "a.epub": ("AVIF", "jpg"),
}


@pytest.mark.parametrize(("name", "written", "form"), [(name, *rest) for name, rest in RENAMED.items()], ids=RENAMED)
def test_a_file_is_judged_by_what_it_holds(paper: Paper, name: str, written: str, form: str) -> None:
    """By whichever way it comes into a post, readers get a picture for browsers that does not say where it was taken."""
    file = io.BytesIO()
    image = Image.open(io.BytesIO(jpeg(200, 100))).convert("RGB")
    image.thumbnail((200, 200) if written != "ICO" else (64, 64))
    more = {"save_all": True, "append_images": [Image.new("RGB", (9, 9))]} if written == "MPO" else {}
    image.save(file, written, exif=located(), **more)
    if written not in ("BMP", "JPEG2000", "ICO"):
        assert b"CanaryCamera" in file.getvalue()
    paper.write(f"pages/posts/{name}", file.getvalue())
    paper.post("one", f"![a]({name}) [the picture]({name})", cover=name, authors="ann")
    paper.write("pages/authors/ann.md", f"---\nname: Ann\navatar: ../posts/{name}\n---\n")
    assert paper.freeze().exit_code == 0
    assert not paper.problems()
    assert not [path for path in paper.tree() if path.startswith("attachments")]
    assert {path.rpartition(".")[2] for path in paper.media()} == {form, "avif"}
    for path in paper.media():
        data = (paper.folder / "build" / path).read_bytes()
        assert b"CanaryCamera" not in data
        assert not Image.open(io.BytesIO(data)).getexif()
    page = paper.page("posts/one/index.html")
    assert re.search(rf'<a href="/media/a-\w+-\d+\.{form}">the picture</a>', page)
    assert page.count("<img") == 3


def test_a_file_that_is_no_picture_is_not_shown_as_one(paper: Paper) -> None:
    """A film in a text is played; as a cover it cannot be."""
    paper.write("pages/posts/a.mp4", b"no film")
    paper.write("pages/posts/a.zip", b"no picture")
    paper.post("one", "Text.\n\n![a](a.zip) and [a](a.mp4)", cover="a.mp4")
    assert [problem.partition(": ")[2] for problem in paper.problems()] == [
        f"bad-picture pages/posts/a.{ending} is not a picture (link to it, or show it with <video> or <audio>)"
        for ending in ("mp4", "zip")
    ]
    page = paper.client().get("/posts/one/").text
    assert "<img" not in page.split("article-end")[0]
    assert re.search(r'<a href="/media/a-\w+\.mp4">a</a>', page)


@pytest.mark.parametrize("orientation", [6, 8])
def test_a_scan_stands_upright(paper: Paper, orientation: int) -> None:
    file = io.BytesIO()
    Image.new("RGB", (40, 20)).save(file, "TIFF", exif=located(orientation))
    paper.write("pages/posts/a.tif", file.getvalue())
    paper.post("one", "![a](a.tif)")
    paper.freeze()
    assert 'width="20" height="40"' in paper.page("posts/one/index.html")
    ((_, data),) = variants(paper, "jpg").items()
    assert Image.open(io.BytesIO(data)).size == (20, 40)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "I;16", "CMYK", "F", "I", "YCbCr"])
def test_any_mode_becomes_small(mode: str) -> None:
    image = Image.linear_gradient("L").resize((300, 100))
    if mode == "I;16":
        image = Image.frombytes(mode, (300, 100), bytes(300 * 100 * 2))
    elif mode not in ("F", "I"):
        image = image.convert(mode if mode != "LA" else "RGBA").convert(mode)
    file = io.BytesIO()
    (image if mode in ("I;16", "F") else image.convert(mode)).save(file, "PNG" if mode in ("P", "LA") else "TIFF")
    for form in ("png", "jpg", "avif"):
        for width in (300, 90):
            made = Image.open(io.BytesIO(variant(file.getvalue(), form, width)))
            made.load()
            assert made.size == (width, width // 3)


def test_a_drawing_with_a_palette_is_not_made_larger(paper: Paper) -> None:
    """Shrinking it makes new shades, which take more bytes than the lines that it had."""
    lines = Image.new("P", (1500, 600), 0)
    lines.putpalette([255, 255, 255, 0, 0, 0, 200, 30, 30])
    for at in range(0, 600, 7):
        lines.paste(1 + at % 2, (at, at, at + 900, at + 2))
    file = io.BytesIO()
    lines.save(file, "PNG")
    paper.write("pages/posts/a.png", file.getvalue())
    paper.post("one", "![a](a.png)", cover="a.png")
    paper.freeze()
    (path,) = paper.media()
    data = (paper.folder / "build" / path).read_bytes()
    assert len(data) <= len(file.getvalue())
    made = Image.open(io.BytesIO(data))
    assert made.mode == "P"
    assert made.convert("RGB").tobytes() == lines.convert("RGB").tobytes()


def test_a_large_picture_with_a_palette_keeps_one_in_each_width(paper: Paper) -> None:
    noise = Image.effect_noise((1700, 200), 90).convert("P", palette=Image.Palette.ADAPTIVE, colors=16)
    file = io.BytesIO()
    noise.save(file, "PNG")
    assert len(file.getvalue()) > pictures.MAX_INDEXED_BYTES
    paper.write("pages/posts/a.png", file.getvalue())
    paper.post("one", "![a](a.png)")
    paper.freeze()
    made = variants(paper, "png")
    assert set(made) == set(WIDTHS)
    assert {Image.open(io.BytesIO(data)).mode for data in made.values()} == {"P"}
    assert all(len(Image.open(io.BytesIO(data)).getpalette() or []) <= 3 * 16 for data in made.values())
    assert [len(made[width]) for width in sorted(made)] == sorted(len(data) for data in made.values())


FAULTS: dict[str, tuple[str, bytes, str]] = {
    "truncated": ("a.jpg", jpeg()[:-9000], "cannot be decoded"),
    "empty": ("a.jpg", b"", "is empty"),
    "text": ("a.png", b"no picture", "is not a picture"),
    "page": ("a.jpg", b"<html><script>run()</script></html>", "is not a picture"),
    "document": ("a.webp", b"%PDF-1.4 ", "is not a picture"),
    "bomb": ("a.png", header(50_000, 50_000), "too large to decode"),
    "HEIF": ("a.heic", b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "is a HEIF picture"),
    "HEIF by another name": ("a.jpg", b"\0\0\0\x18ftypmif1\0\0\0\0mif1heic", "is a HEIF picture"),
    "raw": ("a.dng", b"", "is a raw file from a camera"),
    "raw of one maker": ("a.cr3", b"\0\0\0\x18ftypcrx \0\0\0\1crx isom", "is a raw file from a camera"),
    "raw without an ending": ("a", b"IIU\0\x18\0\0\0", "is a raw file from a camera"),
    "JPEG XL": ("a.png", b"\0\0\0\x0cJXL \r\n\x87\n", "is a JPEG XL picture"),
    "cut in its first bytes": ("a.dat", jpeg()[:3], "is damaged"),
    "huge": ("a.png", b"", "too large to decode safely: 10001 × 10000"),
    "many frames": ("a.gif", b"", "frames"),
    "countless frames": ("a.gif", b"", "has over 5000 frames"),
    "slow": ("a.gif", b"", "lasts over 655 seconds"),
    "a strip": ("a.png", b"", "is too long for browsers: 10 × 20000 pixels"),
    "cut animation": ("a.gif", gif()[:-30], "cannot be decoded"),
    "large in colour": ("a.png", b"", "too large to decode safely: 9000 × 6400"),
}


def made(kind: str, data: bytes) -> bytes:
    file = io.BytesIO()
    if kind == "raw":
        Image.new("RGB", (9, 9)).save(file, "TIFF", tiffinfo={254: 1, 271: "CanaryCamera"})
    elif kind == "large in colour":
        return header(9000, 6400)
    elif kind == "countless frames":
        frame = b"!\xf9\4\4\1\0\0\0" + b",\0\0\0\0\1\0\1\0\0" + b"\2\2D\1\0"
        return b"GIF89a\1\0\1\0\x80\0\0" + b"\0\0\0\xff\xff\xff" + frame * 5001 + b";"
    elif kind == "a strip":
        return png(10, 20_000)
    elif kind == "slow":
        return gif(2, duration=600_000)
    elif kind == "huge":
        Image.new("1", (10_001, 10_000)).save(file, "PNG")
    elif kind == "many frames":
        frames = [Image.new("L", (4000, 4000), number * 50) for number in range(2)]
        frames[0].save(file, "GIF", save_all=True, append_images=frames[1:])
    return file.getvalue() or data


@pytest.mark.parametrize(
    ("kind", "name", "data", "fault"), [(kind, *rest) for kind, rest in FAULTS.items()], ids=FAULTS
)
def test_a_bad_picture_is_a_problem_with_a_name(paper: Paper, kind: str, name: str, data: bytes, fault: str) -> None:
    paper.write(f"pages/posts/{name}", made(kind, data))
    paper.post("one", f"Text.\n\n![a]({name})\n\nMore.", cover=name)
    assert paper.freeze().exit_code == 0
    problems = [problem for problem in paper.problems() if "bad-picture" in problem]
    assert len(problems) == 2
    assert all(f"pages/posts/{name} " in problem for problem in problems)
    assert all(fault in problem for problem in problems), problems
    assert "pages/posts/one.md:4:8: " in problems[0]
    page = paper.page("posts/one/index.html")
    assert "<img" not in page.split("article-end")[0]
    assert "More." in page
    assert not paper.media()


def test_only_known_variants_exist(shown: Paper) -> None:
    client = shown.client()
    url = re.findall(r'src="(/media/[^"]+)"', client.get("/posts/one/").text)[0]
    assert client.get(url).status_code == 200
    for other in (url.replace("1600", "1601"), url.replace("1600.jpg", "99999.avif"), "/media/big.jpg", "/media/"):
        assert client.get(other).status_code == 404


def test_no_reader_waits_for_avif(shown: Paper, monkeypatch: pytest.MonkeyPatch) -> None:
    client = shown.client()
    url = re.findall(r'srcset="(/media/\S+-240.avif)', client.get("/posts/one/").text)[0]
    first = client.get(url)
    assert first.mimetype == "image/jpeg"
    assert first.headers["Cache-Control"] == "no-store"
    assert "ETag" not in first.headers
    for _ in range(200):
        later = client.get(url)
        if later.mimetype == "image/avif":
            break
        time.sleep(0.05)
    assert later.mimetype == "image/avif"
    assert "immutable" in later.headers["Cache-Control"]
    shown.freeze()
    assert variants(shown, "avif")[240] == later.data


def test_a_warm_freeze_decodes_nothing(shown: Paper, monkeypatch: pytest.MonkeyPatch) -> None:
    assert shown.freeze().exit_code == 0
    monkeypatch.setattr(pictures, "_raster_facts", lambda *_: pytest.fail("a picture was looked at"))
    monkeypatch.setattr(live, "variants", lambda *_: pytest.fail("a picture was decoded"))
    assert shown.freeze().exit_code == 0
    shown.post("two")
    assert shown.freeze(out="other").exit_code == 0


@pytest.mark.parametrize("kind", ["photograph", "scan", "palette", "screenshot"])
def test_a_variant_is_the_same_alone_and_among_others(kind: str) -> None:
    file = io.BytesIO()
    picture = Image.effect_noise((1800, 900), 60).convert("RGB")
    if kind == "palette":
        picture.quantize(200).save(file, "PNG")
    elif kind == "screenshot":
        picture.save(file, "PNG", compress_level=1)
    else:
        picture.save(file, "JPEG" if kind == "photograph" else "TIFF", exif=located(6))
    sizes = [
        (form, width) for form in ("avif", "png" if kind in ("palette", "screenshot") else "jpg") for width in WIDTHS
    ]
    made = pictures.variants(file.getvalue(), sizes)
    assert made == {size: pictures.variant(file.getvalue(), *size) for size in sizes}
    shapes = {width: Image.open(io.BytesIO(made["avif", width])).size for width in WIDTHS}
    assert shapes == {width: (width, width * 2 if kind in ("photograph", "scan") else width // 2) for width in WIDTHS}


def test_no_screenshot_is_larger_for_being_smaller() -> None:
    """Text on flat colours has few shades, and many once it is shrunk."""
    screen = Image.new("RGB", (1000, 800), "white")
    for at in range(0, 990, 9):
        screen.paste("navy", (at, at * 7 % 780, at + 5, at * 7 % 780 + 11))
    file = io.BytesIO()
    screen.save(file, "PNG")
    made = pictures.variants(file.getvalue(), [("png", width) for width in (1000, 800, 480, 240)])
    assert max(map(len, made.values())) == len(made["png", 1000])


def test_a_wide_picture_of_few_colours_stays_as_it_is(paper: Paper) -> None:
    """It is published in one width, its own, though that is more than the widest of others."""
    picture = Image.new("P", (2000, 1000))
    picture.putpalette([0, 0, 0, 255, 255, 255, 200, 30, 30])
    picture.paste(2, (300, 200, 1500, 700))
    file = io.BytesIO()
    picture.save(file, "PNG")
    paper.write("pages/posts/plan.png", file.getvalue())
    paper.post("one", "![A plan](plan.png)")
    paper.freeze()
    ((width, data),) = variants(paper, "png").items()
    assert width == 2000
    assert Image.open(io.BytesIO(data)).convert("RGB").tobytes() == picture.convert("RGB").tobytes()


def test_a_variant_wider_than_others_is_none_of_them_enlarged() -> None:
    for kind, form in (("JPEG", "jpg"), ("PNG", "png")):
        file = io.BytesIO()
        Image.effect_noise((3000, 200), 60).convert("RGB").save(file, kind)
        made = pictures.variants(file.getvalue(), [(form, 3000), (form, 800)])
        assert {size[1]: Image.open(io.BytesIO(data)).size for size, data in made.items()} == {
            3000: (3000, 200),
            800: (800, 53),
        }
        assert made == {size: pictures.variant(file.getvalue(), *size) for size in made}


@pytest.mark.parametrize("size", [(1700, 9000), (1601, 1067), (5000, 3333), (1, 1), (30_000, 2), (3, 900)])
def test_a_variant_is_as_high_as_its_page_says(paper: Paper, size: tuple[int, int]) -> None:
    paper.write("pages/posts/a.jpg", jpeg(*size))
    paper.post("one", "![A](a.jpg)")
    paper.freeze()
    made = variants(paper, "jpg")
    for width, data in made.items():
        assert Image.open(io.BytesIO(data)).size == (width, max(1, round(size[1] * width / size[0])))
    assert f'width="{max(made)}" height="{Image.open(io.BytesIO(made[max(made)])).height}"' in paper.page(
        "posts/one/index.html"
    )


def test_all_pictures_that_cannot_be_encoded_are_told(paper: Paper, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("a.jpg", "b.jpg"):
        paper.write(f"pages/posts/{name}", jpeg(300, 200))
    paper.post("one", "![A](a.jpg)\n\n![B](b.jpg)")

    def fails(_data: bytes, _sizes: object) -> None:
        raise ValueError("no room")

    monkeypatch.setattr(live, "variants", fails)
    run = paper.freeze()
    assert run.exit_code == 1
    assert "pages/posts/a.jpg: cannot be encoded into avif: no room" in run.output
    assert "pages/posts/b.jpg: cannot be encoded into avif: no room" in run.output


def test_a_freeze_reads_each_picture_once(shown: Paper, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []

    def counted(data: bytes, sizes: Sequence[pictures.Size]) -> dict[pictures.Size, bytes]:
        asked.append(len(sizes))
        return pictures.variants(data, sizes)

    monkeypatch.setattr(live, "variants", counted)
    assert shown.freeze().exit_code == 0
    assert asked == [len([path for path in shown.tree() if path.startswith("media/") and "card-" not in path])]


def test_a_warm_freeze_draws_nothing_though_every_page_changes(shown: Paper, monkeypatch: pytest.MonkeyPatch) -> None:
    shown.post("plain", title="A story with a card")
    assert shown.freeze().exit_code == 0
    assert [path for path in shown.tree() if "/card-" in path]
    monkeypatch.setattr(Image, "open", lambda *_: pytest.fail("a picture was opened"))
    monkeypatch.setattr(Image, "new", lambda *_: pytest.fail("a picture was drawn"))
    shown.write("templates/parts/footer.html", "<footer>New</footer>")
    shown.post("plain", "Other words.", title="A story with a card")
    assert shown.freeze().exit_code == 0
    assert shown.freeze(out="other").exit_code == 0
    assert shown.tree("other") == shown.tree()


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_the_number_of_jobs_makes_no_difference(
    new_paper: Callable[[str], Paper], jobs: str, request: pytest.FixtureRequest
) -> None:
    paper = new_paper("same")
    for number in range(6):
        paper.write(f"pages/posts/{number}.jpg", jpeg(500 + number, 200))
        paper.post(str(number), f"![a]({number}.jpg)", slug=f"p{number}")
    assert paper.freeze("--jobs", jobs).exit_code == 0
    paper.freeze("--jobs", "1", out="one")
    assert paper.tree() == paper.tree("one")


def test_feeds_have_a_plain_picture(shown: Paper) -> None:
    feed = shown.client().get("/feed.xml").text
    assert re.search(r"src=&#34;https://paper.test/media/big-\w+-1600.jpg&#34; width=&#34;1600&#34;", feed)
    assert "srcset" not in feed


def test_portraits_are_small(paper: Paper) -> None:
    paper.write("pages/authors/ann.png", png(900, 900))
    paper.write("pages/authors/ann.md", "---\nname: Ann\navatar: ann.png\n---\n")
    paper.post("one", authors="ann")
    paper.freeze()
    assert set(variants(paper, "avif")) == {96, 192, 288}
    assert 'sizes="48px"' in paper.page("posts/one/index.html")


def test_a_changed_picture_changes_its_name_and_its_page(shown: Paper) -> None:
    shown.freeze()
    before = shown.tree()
    shown.write("pages/posts/one/big.jpg", jpeg(2000, 900))
    shown.freeze()
    after = shown.tree()
    assert before["posts/one/index.html"] != after["posts/one/index.html"]
    assert not {path for path in before if path.startswith("media/")} & set(after)


@pytest.mark.proof
def test_250_damaged_pictures_stop_nothing_and_tell_nothing(paper: Paper) -> None:
    """Each byte of each format may be wrong, missing or added; what is published can be decoded and holds no notes."""
    dice = random.Random(15)
    whole = {}
    for form in ("JPEG", "PNG", "GIF", "WEBP", "AVIF", "TIFF", "BMP", "MPO", "JPEG2000", "ICO"):
        file = io.BytesIO()
        Image.open(io.BytesIO(jpeg(64, 48))).convert("RGB").save(file, form, exif=located())
        whole[form.lower()] = file.getvalue()
    for number in range(250):
        form = list(whole)[number % len(whole)]
        data = bytearray(whole[form])
        for _ in range(dice.choice((1, 1, 3, 20))):
            at = dice.randrange(len(data))
            data[at : at + dice.choice((0, 1, 1, 4))] = dice.randbytes(dice.choice((0, 1, 1, 4)))
        paper.write(f"pages/posts/p{number // 10}/{number}.{form}", bytes(data[: dice.choice((len(data), at + 1))]))
        names = [f"{one}.{list(whole)[one % len(whole)]}" for one in range(number - 9, number + 1)]
        if number % 10 == 9:
            paper.post(f"p{number // 10}/index", " ".join(f"![a]({name})" for name in names), title=f"P{number}")
    run = paper.freeze()
    assert run.exit_code == 0, run.output
    bad = [problem for problem in paper.problems() if "bad-picture" in problem]
    assert 25 < len(bad) < 250
    assert all(re.search(r"bad-picture pages/posts/p\d+/\d+\.", problem) for problem in bad)
    for path in paper.media():
        shown = (paper.folder / "build" / path).read_bytes()
        assert b"CanaryCamera" not in shown, path
        with Image.open(io.BytesIO(shown)) as image:
            image.load()
