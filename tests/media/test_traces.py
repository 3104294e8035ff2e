"""Files that are published as they are: none of them tells unseen where it was recorded, or with what."""

import io
import struct

import pytest
from PIL import Image, TiffImagePlugin

from byline.media import traces
from tests.helpers.paper import Paper
from tests.helpers.papers import jpeg, png


def box(kind: bytes, *inside: bytes) -> bytes:
    data = b"".join(inside)
    return struct.pack(">I", 8 + len(data)) + kind + data


def movie(*notes: bytes) -> bytes:
    """What phones write: the notes come behind the pictures."""
    long = struct.pack(">I4sQ", 1, b"mdat", 16 + 5000) + bytes(5000)
    return box(b"ftyp", b"qt  ") + long + box(b"moov", box(b"mvhd", bytes(100)), box(b"udta", *notes))


def said(kind: bytes, text: bytes) -> bytes:
    return box(kind, struct.pack(">HH", len(text), 0x15C7), text)


def photograph(*, has_place: bool) -> bytes:
    exif = Image.Exif()
    exif[0x010F] = "CanaryCamera"
    if has_place:
        exif.get_ifd(0x8825)[2] = (52.0, 31.0, 12.0)
    return jpeg(20, 10, exif=exif)


APPLE = b"com.apple.quicktime."
PLACES = {
    "a phone": ("a.mp4", movie(said(b"\xa9xyz", b"+52.5200+013.4050/"))),
    "another": ("a.mov", movie(box(b"meta", box(b"keys", b"\0\0\0\0mdta" + APPLE + b"location.ISO6709")))),
    "a telephone of 2005": ("a.m4v", movie(box(b"loci", bytes(20)))),
    "an action camera": ("a.mp4", movie(box(b"gpmd", bytes(8)))),
    "a movie under another name": ("a.bin", movie(said(b"\xa9xyz", b"-33.8+151.2/"))),
    "a memo": ("a.m4a", movie(said(b"\xa9xyz", b"+52.5200+013.4050/"))),
    "a converted video": ("a.webm", b"\x1a\x45\xdf\xa3" + bytes(50) + b"\x45\xa3\x88LOCATION\x44\x87"),
    "a document with a photograph": ("a.pdf", b"%PDF-1.4 " + photograph(has_place=True) + b" %%EOF"),
    "a drawing of layers": ("a.psd", b"8BPS\0\1" + b'<rdf:Description exif:GPSLatitude="52,31.2N"/>'),
    "across chunks": ("a.pdf", b"%PDF" + bytes(traces.CHUNK - 50) + photograph(has_place=True)),
    "a song's cover": ("a.mp3", b"ID3\4" + photograph(has_place=True)),
}


@pytest.mark.parametrize(("name", "data"), PLACES.values(), ids=PLACES)
def test_a_file_with_a_place_is_not_published(paper: Paper, name: str, data: bytes) -> None:
    paper.write(f"pages/posts/{name}", data)
    paper.post("one", f'[it]({name})\n\n<video src="{name}"></video>')
    paths = [url for url, file in paper.site().files.items() if file.source.startswith("pages/")]
    assert not paths
    assert [problem.partition(" (")[0] for problem in paper.problems()] == [
        f"warning pages/posts/one.md:{place}: private-data pages/posts/{name} holds the place where it was recorded,"
        " so it is not published"
        for place in ("5:6", "7:13")
    ]
    assert "static/" in paper.problems()[0]


CAMERAS = {
    "a phone": ("a.mp4", movie(said(b"\xa9mak", b"Canary"))),
    "another": ("a.mov", movie(box(b"keys", APPLE + b"make", APPLE + b"model"))),
    "a third": ("a.mp4", movie(box(b"keys", b"com.android.manufacturer"))),
    "a document": ("a.pdf", b"%PDF-1.4 " + photograph(has_place=False)),
    "a drawing of layers": ("a.psd", b"8BPS\0\1" + b'<rdf:Description tiff:Make="Canary"/>'),
}


@pytest.mark.parametrize(("name", "data"), CAMERAS.values(), ids=CAMERAS)
def test_a_camera_is_told(paper: Paper, name: str, data: bytes) -> None:
    paper.write(f"pages/posts/{name}", data)
    paper.post("one", f"[it]({name})")
    (problem,) = paper.problems()
    assert problem.startswith(
        f"warning pages/posts/one.md:5:6: private-data pages/posts/{name} is published with the name of a camera in it ("
    )
    assert [file for file in paper.site().files.values() if file.source.startswith("pages/")]


HARMLESS = {
    "video": ("a.mp4", movie(said(b"\xa9too", b"Lavf60"))),
    "video without an end": ("a.mp4", movie()[:-60]),
    "endless video": ("a.mp4", box(b"ftyp", b"isom") + struct.pack(">I4s", 2, b"moov")),
    "document": ("a.pdf", b"%PDF-1.4 " + jpeg(20, 10)),
    "broken Exif": ("a.pdf", b"%PDF Exif\0\0II*\0\xff\xff\xff\xff"),
    "words about it": ("a.txt", b"exif:GPSLatitude, \xa9xyz and com.apple.quicktime.location.ISO6709 hold the place."),
    "nothing": ("a.txt", b""),
    "words like a picture": ("a.txt", b"BMW is a car. II is a numeral."),
    "track": ("a.gpx", b'<gpx><trkpt lat="52.5" lon="13.4"/></gpx>'),
}


@pytest.mark.parametrize(("name", "data"), HARMLESS.values(), ids=HARMLESS)
def test_nothing_is_said_of_other_files(paper: Paper, name: str, data: bytes) -> None:
    paper.write(f"pages/posts/{name}", data)
    paper.post("one", f"[it]({name})")
    assert not paper.problems()
    (file,) = [file for file in paper.site().files.values() if file.source.startswith("pages/")]
    assert paper.client().get(file.url).data == data


def test_files_of_static_and_public_are_the_owners(paper: Paper) -> None:
    data = movie(said(b"\xa9xyz", b"+52.5200+013.4050/"))
    heif = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic"
    paper.write("static/a.mp4", data)
    paper.write("static/b.heic", heif)
    paper.write("public/c.mp4", data)
    paper.post("one", "[a](/static/a.mp4) [b](/static/b.heic) ![b](/static/b.heic) [c](/c.mp4)")
    assert not paper.problems()
    client = paper.client()
    assert [client.get(url).data for url in ("/static/a.mp4", "/static/b.heic", "/c.mp4")] == [data, heif, data]


def test_a_scan_with_several_pages_is_no_raw_file(paper: Paper) -> None:
    file = io.BytesIO()
    pages = [Image.open(io.BytesIO(png(30, 20))) for _ in range(2)]
    tags = TiffImagePlugin.ImageFileDirectory_v2()
    tags[271] = "CanaryScanner"
    pages[0].save(file, "TIFF", save_all=True, append_images=pages[1:], tiffinfo=tags)
    paper.write("pages/posts/a.tif", file.getvalue())
    paper.post("one", "[it](a.tif)")
    assert not paper.problems()


def test_a_file_is_looked_at_once(paper: Paper, monkeypatch: pytest.MonkeyPatch) -> None:
    paper.write("pages/posts/a.pdf", b"%PDF-1.4 " + photograph(has_place=False))
    paper.post("one", "[it](a.pdf)")
    assert len(paper.problems()) == 1
    monkeypatch.setattr(traces, "found_in", lambda *_: pytest.fail("a file was read again"))
    paper.post("two", "[it](a.pdf)")
    assert len(paper.problems()) == 2
