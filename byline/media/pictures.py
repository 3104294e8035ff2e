"""Pictures: what a source picture is, and the variants of it that are published. Pure functions of bytes.

Variants are turned upright, converted to sRGB and never enlarged. They hold no metadata, because cameras
record where they were.
"""

import functools
import io
import warnings
from typing import Any
from xml.etree import ElementTree

import msgspec
from PIL import Image, ImageCms, ImageOps, ImageSequence, UnidentifiedImageError, __version__

RECIPE = f"1 {__version__}"
"""Changes when variants would come out differently; it is part of their names."""
MAX_BYTES = 40_000_000
MAX_PIXELS = 60_000_000
"""In all frames together. More would need over 200 MB to decode."""
MAX_SVG_BYTES = 2_000_000

FORMS = {"JPEG": "jpg", "PNG": "png", "WEBP": "webp", "GIF": "gif", "AVIF": "avif"}
"""Pillow's name for a format → its ending."""
MIMETYPES = {"jpg": "image/jpeg", "png": "image/png", "webp": "image/webp", "gif": "image/gif", "avif": "image/avif"}
SAVE: dict[str, dict[str, Any]] = {
    "jpg": {"format": "JPEG", "quality": 82, "progressive": True, "optimize": True},
    "png": {"format": "PNG", "optimize": True},
    "webp": {"format": "WEBP", "quality": 80, "method": 4},
    # One thread: more would make the bytes depend on the machine.
    "avif": {"format": "AVIF", "quality": 55, "speed": 8, "max_threads": 1},
}
_SVG_REFUSED = ("script", "foreignobject", "iframe", "object", "embed", "handler", "listener", "set", "animate")
_SVG_INSIDE = ("#", "data:image/png", "data:image/jpeg", "data:image/gif", "data:image/webp")


class Facts(msgspec.Struct, frozen=True):
    """A source picture: its `form` as an ending, its size as shown, or the `fault` that keeps it from being shown."""

    form: str = ""
    width: int = 0
    height: int = 0
    is_animated: bool = False
    fault: str = ""


def facts(path: str) -> Facts:
    """Look at the picture file at `path`. Never raises: what is wrong with a file is its fault, in words."""
    try:
        with open(path, "rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        return Facts(fault=f"cannot be read: {error.strerror}")
    if len(data) > MAX_BYTES:
        return Facts(fault=f"is larger than {MAX_BYTES // 1_000_000} MB")
    return _svg_facts(data) if path.lower().endswith(".svg") else _raster_facts(data)


def variant(data: bytes, form: str, width: int) -> bytes:
    """The picture in `data` in another format and size; deterministic. Raises ValueError if it cannot be read."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(io.BytesIO(data)) as image:
                return _animation(image) if form == "gif" else _still(image, form, width)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise ValueError(str(error)) from None


def _still(image: Image.Image, form: str, width: int) -> bytes:
    if form == "jpg":
        image.draft("RGB", (width, width))  # decodes at a fraction of the size if that is enough
    upright = ImageOps.exif_transpose(image)
    shown = _in_srgb(upright, image.info.get("icc_profile"))
    if form == "jpg" and shown.mode == "RGBA":
        shown = Image.alpha_composite(Image.new("RGBA", shown.size, "white"), shown).convert("RGB")
    if shown.width != width:
        shown = shown.resize((width, max(1, round(shown.height * width / shown.width))), Image.Resampling.LANCZOS)
    bare = Image.new(shown.mode, shown.size)
    bare.paste(shown)
    file = io.BytesIO()
    bare.save(file, **SAVE[form])
    return file.getvalue()


def _animation(image: Image.Image) -> bytes:
    """All frames again, without comments and other extensions."""
    frames = [frame.copy() for frame in ImageSequence.Iterator(image)]
    durations = [frame.info.get("duration", 100) for frame in frames]
    for frame in frames:
        frame.info = {key: value for key, value in frame.info.items() if key in ("transparency", "duration")}
    file = io.BytesIO()
    loop = {"loop": image.info["loop"]} if "loop" in image.info else {}
    frames[0].save(
        file, "GIF", save_all=True, append_images=frames[1:], duration=durations, disposal=2, comment=b"", **loop
    )
    return file.getvalue()


def _in_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """`image` as RGB, or RGBA if any of it is transparent, in sRGB."""
    if image.mode.startswith("I") or image.mode == "F":
        image = image.point(lambda value: value / 256).convert("L")
    has_alpha = image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info
    alpha = image.convert("RGBA").getchannel("A") if has_alpha else None
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


def _raster_facts(data: bytes) -> Facts:
    if not data:
        return Facts(fault="is empty")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(io.BytesIO(data)) as image:
                return _decoded_facts(image)
    except UnidentifiedImageError:
        return Facts(fault="is not a picture in a format that browsers show")
    except Image.DecompressionBombError:
        return Facts(fault="is too large to decode safely")
    except Exception as error:  # Pillow raises many types for damaged files
        return Facts(fault=f"cannot be decoded: {error}"[:200])


def _decoded_facts(image: Image.Image) -> Facts:
    form = FORMS.get(image.format or "")
    frames = int(getattr(image, "n_frames", 1))
    width, height = image.size
    if not form:
        return Facts(fault=f"is a {image.format}, which browsers do not show")
    if width * height * frames > MAX_PIXELS:
        size = f"{width} × {height}" + (f" × {frames} frames" if frames > 1 else "")
        return Facts(fault=f"is too large to decode safely: {size} pixels")
    turned = image.getexif().get(0x0112, 1) in (5, 6, 7, 8)
    image.draft("RGB", (width // 8, height // 8))
    image.load()  # a truncated file is found here, not when a reader asks for it
    shown = (height, width) if turned else (width, height)
    is_animated = frames > 1 and form == "gif"
    fallback = {"gif": "gif" if is_animated else "png", "avif": "jpg"}.get(form, form)
    return Facts(fallback, shown[0], shown[1], is_animated)


def _svg_facts(data: bytes) -> Facts:
    """An SVG is published unchanged, so it must contain nothing that runs, loads or links to anything else."""
    if len(data) > MAX_SVG_BYTES:
        return Facts(fault=f"is larger than {MAX_SVG_BYTES // 1_000_000} MB")
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data or b"<?xml-stylesheet" in data:
        return Facts(fault="has a DOCTYPE or a stylesheet, which could load other files")
    try:
        root = ElementTree.fromstring(data)  # noqa: S314 - entities need a DOCTYPE
    except ElementTree.ParseError as error:
        return Facts(fault=f"is not a well-formed SVG: {error}")
    if root.tag.rpartition("}")[2].lower() != "svg":
        return Facts(fault="is not an SVG")
    for element in root.iter():
        fault = _svg_fault(element)
        if fault:
            return Facts(fault=fault)
    return Facts("svg", *_svg_size(root))


def _svg_fault(element: ElementTree.Element) -> str:
    name = str(element.tag).rpartition("}")[2].lower()
    if name in _SVG_REFUSED:
        return f"contains <{name}>, which can run or change things"
    if "url(" in (element.text or "").replace("url(#", "") or "@import" in (element.text or ""):
        return "loads other files from a style"
    for key, value in element.attrib.items():
        key, value = key.rpartition("}")[2].lower(), value.strip().lower()
        if key.startswith("on"):
            return f"contains {key}=, which runs a script"
        if key in ("href", "src") and not value.startswith(_SVG_INSIDE):
            return f"links to {value[:60]}"
        if "url(" in value.replace(" ", "").replace("url(#", "").replace("url('#", "").replace('url("#', ""):
            return "loads other files from a style"
    return ""


def _svg_size(root: ElementTree.Element) -> tuple[int, int]:
    """From width and height in pixels, else from the view box; zeros if unknown."""
    box = root.get("viewBox", "").replace(",", " ").split()
    sizes = [root.get("width", "").removesuffix("px"), root.get("height", "").removesuffix("px")]
    try:
        width, height = (float(text) for text in (sizes if all(sizes) else box[2:4]))
        return (round(width), round(height)) if 0 < width < 1e5 and 0 < height < 1e5 else (0, 0)
    except ValueError:
        return 0, 0
