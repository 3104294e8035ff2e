"""Pictures: what a source picture is, and the variants of it that are published. Pure functions of bytes.

A file is judged by its content, never by its ending. Variants are turned upright, converted to sRGB and never
enlarged. They hold no metadata, because cameras record where they were.
"""

import functools
import io
import os
import warnings
from collections.abc import Iterator, Sequence
from typing import Any, BinaryIO

import msgspec
from PIL import Image, ImageCms, ImageOps, ImageSequence, __version__

from byline.media import drawings, films, traces
from byline.media.traces import Trace

RECIPE = f"3 {__version__}"
"""Changes when variants would come out differently; it is part of their names."""
MAX_BYTES = 40_000_000
MAX_MEMORY = 200_000_000
"""Bytes that decoding and shrinking a picture may take. Cameras of 24 megapixels stay below."""
WIDEST = 1600
"""Pixels of the widest variant of a picture that stands still."""
MAX_SIDE = 16_383
"""Pixels of a variant: no format that is written here takes less, and WebP takes no more."""
MAX_FRAMES = 5_000
MAX_SECONDS = 655
"""What the frames of a GIF may last together: equal ones become one, whose time is kept in 16 bits."""
MAX_INDEXED_BYTES = 100_000
"""Up to this size, a PNG with a palette is published in one width: shrinking it makes new shades, and more bytes."""

FORMS = {
    "JPEG": "jpg",
    "MPO": "jpg",
    "PNG": "png",
    "WEBP": "webp",
    "GIF": "gif",
    "AVIF": "avif",
    "TIFF": "jpg",
    "JPEG2000": "jpg",
    "BMP": "png",
    "ICO": "png",
}
"""Pillow's name for a format → the form in which it is published."""
DECODED = tuple(name for name in FORMS if name != "MPO")  # which opens as a JPEG
ANIMATED = ("GIF", "WEBP", "PNG", "AVIF")
PALETTE = ("1", "P")
MIMETYPES = {"jpg": "image/jpeg", "png": "image/png", "webp": "image/webp", "gif": "image/gif", "avif": "image/avif"}
SAVE: dict[str, dict[str, Any]] = {
    "jpg": {"format": "JPEG", "quality": 82, "progressive": True, "optimize": True},
    "png": {"format": "PNG", "optimize": True},
    "webp": {"format": "WEBP", "quality": 80, "method": 4},
    # One thread: more would make the bytes depend on the machine.
    "avif": {"format": "AVIF", "quality": 55, "speed": 8, "max_threads": 1},
}
PHOTOGRAPH = {"speed": 9}
"""Of AVIF made from a JPEG: half the time of 8 for 1 % more bytes, and as close to it; a drawing takes 25 % more."""
SMALLER = "save it with at most 3,000 pixels per side"
_MODE_BYTES = {"1": 3, "L": 2, "RGB": 5, "CMYK": 5, "YCbCr": 5, "RGBA": 8, "LA": 8}
_DECODER_BYTES = {"WEBP": 16, "AVIF": 11, "JPEG2000": 20}
_FRAME_BYTES = {"PNG": 5}
"""What decoding and shrinking take per pixel, as measured: by mode (9 for all others), for decoders that take more,
and for each frame of an animation (3 for all others)."""
_SUBFILE, _MAKE, _ORIENTATION, _SUB_IFDS, _DNG_VERSION = 254, 271, 274, 330, 50706
"""Tags of TIFF and Exif: https://exiftool.org/TagNames/EXIF.html"""


class Facts(msgspec.Struct, frozen=True):
    """What a file of the content folder is. A picture has its `form` as an ending and its size as shown.

    The `fault` keeps it from being published, in words; `hint` says what to do. `is_indexed`: a small PNG with a
    palette. Any other file has no `form`, and a size only if it is a film; its `trace` is what a camera left in it.
    """

    form: str = ""
    width: int = 0
    height: int = 0
    is_animated: bool = False
    is_indexed: bool = False
    fault: str = ""
    hint: str = "save it again in a format for the web, or leave it out"
    trace: Trace = ""


def facts(path: str, *, is_drawing: bool = False) -> Facts:
    """Look at the file at `path`. Never raises: what is wrong with a file is its fault, in words."""
    try:
        with open(path, "rb") as file:
            if is_drawing:
                return _drawing_facts(file.read(drawings.MAX_BYTES + 1))
            return _raster_facts(file, os.fstat(file.fileno()).st_size)
    except OSError as error:
        return Facts(fault=f"cannot be read: {error.strerror}")


Size = tuple[str, int]
"""Form and width of a variant."""


def variant(data: bytes, form: str, width: int) -> bytes:
    """The picture in `data` in another format and size; deterministic. Raises ValueError if it cannot be made."""
    return variants(data, [(form, width)])[form, width]


def variants(data: bytes, sizes: Sequence[Size]) -> dict[Size, bytes]:
    """The picture in `data` in all these formats and sizes, read only once. Each is what it would be alone.

    Raises ValueError if one cannot be made.
    """
    if all(form == "svg" for form, _ in sizes):
        return dict.fromkeys(sizes, drawings.cleaned(data, _photograph))
    made: dict[Size, bytes] = {}
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            # Few ask for one that is wider than all others, and get it from a picture of that width.
            for widest in {max(width, WIDEST) for _, width in sizes}:
                chosen = [size for size in sizes if max(size[1], WIDEST) == widest]
                with Image.open(io.BytesIO(data), formats=DECODED) as image:
                    if _frames(image) > 1 and all(FORMS[image.format or ""] == form for form, _ in chosen):
                        made |= {(form, width): _animation(image, form) for form, width in chosen}
                        continue
                    still = _Still(image, widest)
                made |= {(form, width): still.encoded(form, width) for form, width in chosen}
    except Exception as error:  # Pillow raises many types
        raise ValueError(f"{type(error).__name__}: {error}"[:200]) from None
    return made


class _Still:
    """A picture that stands still: upright, in sRGB, at most `widest` pixels wide. All variants are made from that."""

    def __init__(self, image: Image.Image, widest: int) -> None:
        self._is_photograph = image.format in ("JPEG", "MPO")
        profile = image.info.get("icc_profile")
        if not self._is_photograph:
            image.load()  # a TIFF is turned by that
        orientation = _orientation(image)
        self._full = image.size if orientation < 5 else image.size[::-1]
        size = self._size(min(widest, self._full[0]))
        image.draft("RGB", size if orientation < 5 else size[::-1])  # reads a JPEG at a fraction of its size
        image.load()
        self._colors = len(image.getpalette() or ()) // 3 if image.mode == "P" else 0
        is_plain = image.size == size and orientation == 1 and not profile
        self._unchanged = image.copy() if image.mode in PALETTE and is_plain else None
        # Made small before anything else: only one picture of the full size is ever in memory.
        small = _resized(_resizable(image), size if orientation < 5 else size[::-1])
        small.info.clear()  # damaged notes of a camera could not be written
        small.getexif()[_ORIENTATION] = orientation
        self._widest = _in_srgb(ImageOps.exif_transpose(small), profile)

    def _size(self, width: int) -> tuple[int, int]:
        wide, high = self._full
        return width, max(1, round(high * width / wide))

    def encoded(self, form: str, width: int) -> bytes:
        if form != "png":
            return self._saved(form, self._size(width))
        if width == self._widest.width:
            return self._whole_png
        # Shrinking makes new shades: one of few can become larger the smaller it is.
        return min(self._saved(form, self._size(width)), self._whole_png, key=len)

    @functools.cached_property
    def _whole_png(self) -> bytes:
        return self._saved("png", self._widest.size)

    def _saved(self, form: str, size: tuple[int, int]) -> bytes:
        if self._unchanged and form == "png" and size == self._widest.size:
            shown = self._unchanged
        else:
            shown = _resized(self._widest, size)
            if form == "jpg" and shown.mode == "RGBA":
                shown = Image.alpha_composite(Image.new("RGBA", shown.size, "white"), shown).convert("RGB")
            if form == "png" and self._colors:
                shown = shown.quantize(self._colors, dither=Image.Dither.NONE)
        options = SAVE[form] | (PHOTOGRAPH if form == "avif" and self._is_photograph else {})
        file = io.BytesIO()
        _bare(shown).save(file, **options)
        return file.getvalue()


def _resized(image: Image.Image, size: tuple[int, int]) -> Image.Image:
    return image.resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0) if image.size != size else image.copy()


def _resizable(image: Image.Image) -> Image.Image:
    """`image` in a mode whose pixels can be mixed."""
    if image.mode in ("I", "F"):
        extrema: Any = image.getextrema()
        scale = 255 / max(extrema[1], 1e-9)
        return image.point(lambda value: value * scale).convert("L")
    if image.mode.startswith("I;16"):
        return image.point(lambda value: value / 256).convert("L")
    if image.mode == "1":
        return image.convert("L")
    if image.has_transparency_data and image.mode not in ("RGBA", "LA"):
        return image.convert("RGBA")
    return image.convert("RGB") if image.mode in ("P", "HSV", "LAB", "YCbCr") else image


def _bare(image: Image.Image) -> Image.Image:
    """A copy without anything but pixels."""
    bare = image.copy()
    bare.info = {key: value for key, value in image.info.items() if key == "transparency" and image.mode in PALETTE}
    return bare


def _animation(image: Image.Image, form: str) -> bytes:
    """All frames again, without comments and other extensions."""
    durations = []
    for frame in ImageSequence.Iterator(image):
        frame.load()  # some formats tell it only then
        durations.append(frame.info.get("duration", 100))
    image.seek(0)
    options: dict[str, Any] = {"save_all": True, "duration": durations}
    if "loop" in image.info:
        options["loop"] = image.info["loop"]
    file = io.BytesIO()
    if form == "gif":
        frames = _bare_frames(image)
        next(frames).save(file, "GIF", append_images=frames, disposal=2, comment=b"", **options)
        return file.getvalue()
    if form == "png":
        # Pillow gives each frame as a whole. Optimizing them takes five times as long.
        options |= {"disposal": 0, "blend": 0, "optimize": False}
    if image.info.pop("default_image", False):  # for browsers of old, before the frames: it is not one of them
        _, image, *others = _bare_frames(image)
        options |= {"append_images": others, "duration": durations[1:]}
    image.info.pop("icc_profile", None)
    image.save(file, **(SAVE[form] | options), exif=b"", xmp=b"", icc_profile=b"")
    return file.getvalue()


def _bare_frames(image: Image.Image) -> Iterator[Image.Image]:
    """Copies of the frames, without anything but pixels and pace."""
    for frame in ImageSequence.Iterator(image):
        copy = frame.copy()
        copy.info = {key: value for key, value in frame.info.items() if key in ("transparency", "duration")}
        yield copy


def _in_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """`image` in sRGB: as RGB, or RGBA if any of it is transparent; in shades of grey if it has no colours."""
    if image.mode == "L" and not profile:
        return image
    alpha = image.getchannel("A") if image.mode in ("RGBA", "LA") else None
    if profile and image.mode in ("RGB", "RGBA", "CMYK", "L"):
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            opaque = image.convert("RGB") if image.mode == "RGBA" else image
            converted = ImageCms.profileToProfile(opaque, source, _srgb(), outputMode="RGB")
            image = converted or image
        except ImageCms.PyCMSError:
            pass  # a damaged profile: the colours are used as they are
    image = image.convert("RGB")
    if alpha and alpha.getextrema() != (255, 255):
        image.putalpha(alpha)
    return image


@functools.cache
def _srgb() -> ImageCms.ImageCmsProfile:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))


def _raster_facts(file: BinaryIO, size: int) -> Facts:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            image = Image.open(file, formats=DECODED)
        except Image.DecompressionBombError:
            return Facts(fault="is too large to decode safely", hint=SMALLER)
        except Exception:  # Pillow raises many types, also for a text that begins with BM, like a BMP
            return _other_facts(file)
        if size > MAX_BYTES:
            return Facts(fault=f"is larger than {MAX_BYTES // 1_000_000} MB", hint=SMALLER)
        try:
            with image:
                return _too_large(image) or _decoded_facts(image, size)
        except Exception as error:
            return Facts(fault=f"cannot be decoded: {error}"[:200])


def _too_large(image: Image.Image) -> Facts | None:
    """The fault of a picture that would take too much memory or time; nothing is decoded for this."""
    width, height = image.size
    frames = _frames(image)
    if frames > MAX_FRAMES:
        return Facts(fault=f"has over {MAX_FRAMES} frames", hint="make it a video")
    kind = image.format or ""
    pixels = width * height
    taken = max(_MODE_BYTES.get(image.mode, 9), _DECODER_BYTES.get(kind, 0)) * pixels
    if kind in ("JPEG", "MPO"):
        scale = next((scale for scale in (8, 4, 2) if min(width, height) >= scale * WIDEST), 1)
        taken //= scale * scale
        if "progressive" in image.info:
            taken += 6 * pixels
    if frames > 1:
        taken += _FRAME_BYTES.get(kind, 3) * pixels * frames
    if taken <= MAX_MEMORY:
        return None
    size = f"{width} × {height}" + (f" × {frames} frames" if frames > 1 else "")
    hint = "make it a video" if frames > 1 else SMALLER
    return Facts(fault=f"is too large to decode safely: {size} pixels", hint=hint)


def _decoded_facts(image: Image.Image, size: int) -> Facts:
    kind = image.format or ""
    if kind == "TIFF" and _is_raw(image):
        return Facts(fault="is a raw file from a camera, which browsers do not show", hint="save it as JPEG")
    frames = _frames(image)
    width, height = image.size
    image.draft("RGB", (max(1, width // 8), max(1, height // 8)))
    seconds = 0.0
    for number in range(frames):  # a truncated file is found here, not when a reader asks for it
        image.seek(number)
        image.load()
        seconds += image.info.get("duration", 0) / 1000
    if kind == "GIF" and seconds > MAX_SECONDS:
        return Facts(fault=f"lasts over {MAX_SECONDS} seconds", hint="make it a video")
    if kind == "TIFF":
        width, height = image.size  # Pillow turns it while it reads it
    elif _orientation(image) >= 5:
        width, height = height, width
    longest = max(width, height) if frames > 1 else height * min(1, WIDEST / width)
    if longest > MAX_SIDE:
        return Facts(fault=f"is too long for browsers: {width} × {height} pixels", hint="cut it into parts")
    is_indexed = image.mode in PALETTE and size <= MAX_INDEXED_BYTES and kind == "PNG"
    return Facts(_form(image, kind, frames), width, height, frames > 1, is_indexed)


def _form(image: Image.Image, kind: str, frames: int) -> str:
    """The form in which a picture is published where AVIF is not."""
    if kind in ("TIFF", "JPEG2000") and (image.mode in PALETTE or image.has_transparency_data):
        return "png"
    return FORMS[kind] if frames > 1 else {"GIF": "png", "AVIF": "jpg"}.get(kind, FORMS[kind])


def _frames(image: Image.Image) -> int:
    """How many frames an animation has; other formats have several pictures, of which the first is shown."""
    return int(getattr(image, "n_frames", 1)) if image.format in ANIMATED else 1


def _orientation(image: Image.Image) -> int:
    orientation = image.getexif().get(_ORIENTATION, 1)
    return orientation if orientation in range(1, 9) else 1


def _is_raw(image: Any) -> bool:
    """Whether a TIFF is what a camera writes instead of a picture: its first picture is a preview."""
    tags = image.tag_v2
    is_preview = tags.get(_SUBFILE, 0) == 1 or (_SUB_IFDS in tags and _MAKE in tags)
    return is_preview or _DNG_VERSION in tags


def _other_facts(file: BinaryIO) -> Facts:
    """A file that is no picture, or none that can be shown. Such files are published as they are."""
    unshown = traces.picture_fault(file)
    if unshown:
        return Facts(fault=unshown, hint="save it as JPEG")
    found = traces.found_in(file)
    fault = "holds the place where it was recorded, so it is not published" if found == "place" else ""
    return Facts("", *films.size_of(file), fault=fault, hint=traces.CLEANING, trace=found)


def _drawing_facts(data: bytes) -> Facts:
    try:
        width, height = drawings.size_of(drawings.cleaned(data, _photograph))
    except ValueError as error:
        return Facts(fault=str(error), hint="save it as plain SVG, without what browsers run or load, or as PNG")
    return Facts("svg", width, height)


def _photograph(data: bytes) -> tuple[str, bytes]:
    """The type and the bytes of a picture inside a drawing, made anew."""
    found = _raster_facts(io.BytesIO(data), len(data))
    if not found.form:
        raise ValueError(f"holds a photograph that {found.fault or 'is none'}")
    return MIMETYPES[found.form], variant(data, found.form, found.width)
