"""Pictures: what readers get, what nobody gets, and what no file can do."""

import io
import re
import struct
import time
import zlib
from collections.abc import Callable

import pytest
from PIL import Image, ImageCms
from PIL.Image import Exif

from byline.media import pictures
from byline.web import live
from tests.helpers.paper import Paper
from tests.helpers.papers import jpeg, png


def located(orientation: int = 1) -> Exif:
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = "CanaryCamera"
    exif.get_ifd(0x8825)[2] = (52.0, 31.0, 12.0)
    return exif


def bomb() -> bytes:
    """A few bytes that claim to be 50,000 × 50,000 pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", 50_000, 50_000, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0")) + chunk(b"IEND", b"")


def gif(frames: int = 3) -> bytes:
    images = [Image.new("RGB", (20, 20), (number * 80, 0, 0)) for number in range(frames)]
    file = io.BytesIO()
    images[0].save(file, "GIF", save_all=True, append_images=images[1:], duration=70, loop=0, comment=b"canary")
    return file.getvalue()


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
    assert set(variants(shown, "jpg")) == set(variants(shown, "avif")) == {480, 800, 1200, 1600}
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
            r'<source type="image/avif" srcset="/media/big-\w+-480.avif 480w, [^"]+ 1600w" sizes="', picture
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
    ((width, data),) = variants(paper, "jpg").items()
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
        ((width, data),) = variants(paper, form).items()
        assert width == 300
        assert Image.open(io.BytesIO(data)).convert("RGBA").getpixel((5, 5)) == (0, 0, 0, 0)


def test_an_animation_stays_one_without_its_comments(paper: Paper) -> None:
    paper.write("pages/posts/a.gif", gif())
    paper.post("one", "![a](a.gif)")
    paper.freeze()
    ((_, data),) = variants(paper, "gif").items()
    image = Image.open(io.BytesIO(data))
    assert getattr(image, "n_frames", 1) == 3
    assert image.info["duration"] == 70
    assert b"canary" not in data
    assert not variants(paper, "avif")


FAULTS: dict[str, tuple[str, bytes, str]] = {
    "truncated": ("a.jpg", jpeg()[:-9000], "cannot be decoded"),
    "empty": ("a.jpg", b"", "is empty"),
    "text": ("a.png", b"no picture", "is not a picture"),
    "bomb": ("a.png", bomb(), "too large to decode"),
    "tiff": ("a.png", b"", "is a TIFF"),
    "huge": ("a.png", b"", "too large to decode safely: 10001 × 10000"),
    "many frames": ("a.gif", b"", "frames"),
}


def made(kind: str, data: bytes) -> bytes:
    file = io.BytesIO()
    if kind == "tiff":
        Image.new("RGB", (9, 9)).save(file, "TIFF")
    elif kind == "huge":
        Image.new("1", (10_001, 10_000)).save(file, "PNG")
    elif kind == "many frames":
        frames = [Image.new("L", (4000, 4000), number * 50) for number in range(5)]
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


SAFE_SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 20"><path id="a" d="M0 0"/>{}</svg>'
EVIL = {
    "script": "<script>alert(1)</script>",
    "handler": '<path onload="alert(1)" d="M0 0"/>',
    "foreign": "<foreignObject><p>x</p></foreignObject>",
    "javascript": '<a href="java&#10;script:alert(1)"><path d="M0 0"/></a>',
    "xlink": '<image xmlns:x="http://www.w3.org/1999/xlink" x:href="https://evil.test/x.png"/>',
    "style": "<style>path { fill: url(https://evil.test/x) }</style>",
    "import": "<style>@import 'https://evil.test/x.css'</style>",
    "attribute": '<path style="fill: url( https://evil.test/x )" d="M0 0"/>',
    "animate": '<a href="#a"><animate attributeName="href" to="javascript:alert(1)"/></a>',
    "data": '<use href="data:image/svg+xml;base64,PHN2Zz4="/>',
    "broken": "<path",
}


@pytest.mark.parametrize("evil", EVIL.values(), ids=EVIL)
def test_an_svg_that_could_do_something_is_not_published(paper: Paper, evil: str) -> None:
    paper.write("pages/posts/a.svg", SAFE_SVG.format(evil))
    paper.post("one", "![a](a.svg) [link](a.svg)")
    assert paper.freeze().exit_code == 0
    assert not paper.media()
    assert "bad-picture" in paper.codes()


@pytest.mark.parametrize("head", ["<!DOCTYPE svg>", '<?xml-stylesheet href="x.css"?>'])
def test_an_svg_with_a_doctype_is_not_published(paper: Paper, head: str) -> None:
    paper.write("pages/posts/a.svg", head + SAFE_SVG.format(""))
    paper.post("one", "![a](a.svg)")
    assert "bad-picture" in paper.codes()


def test_a_safe_svg_is_published_as_it_is(paper: Paper) -> None:
    text = SAFE_SVG.format('<use href="#a"/><path fill="url(#a)" d="M0 0"/>')
    paper.write("pages/posts/a.svg", text)
    paper.post("one", "![a](a.svg)")
    paper.freeze()
    (path,) = paper.media()
    assert paper.page(path) == text
    assert 'width="40" height="20"' in paper.page("posts/one/index.html")


def test_only_known_variants_exist(shown: Paper) -> None:
    client = shown.client()
    url = re.findall(r'src="(/media/[^"]+)"', client.get("/posts/one/").text)[0]
    assert client.get(url).status_code == 200
    for other in (url.replace("1600", "1601"), url.replace("1600.jpg", "99999.avif"), "/media/big.jpg", "/media/"):
        assert client.get(other).status_code == 404


def test_no_reader_waits_for_avif(shown: Paper, monkeypatch: pytest.MonkeyPatch) -> None:
    client = shown.client()
    url = re.findall(r'srcset="(/media/\S+-480.avif)', client.get("/posts/one/").text)[0]
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
    assert variants(shown, "avif")[480] == later.data


def test_a_warm_freeze_decodes_nothing(shown: Paper, monkeypatch: pytest.MonkeyPatch) -> None:
    assert shown.freeze().exit_code == 0
    monkeypatch.setattr(pictures, "_raster_facts", lambda *_: pytest.fail("a picture was looked at"))
    monkeypatch.setattr(live, "variant", lambda *_: pytest.fail("a picture was decoded"))
    assert shown.freeze().exit_code == 0
    shown.post("two")
    assert shown.freeze(out="other").exit_code == 0


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
