"""Social cards: the preview picture for links to a story that has no picture. Pure functions of words."""

import functools
import io
import unicodedata

import font_source_serif_pro
from PIL import Image, ImageDraw, ImageFont

from byline.media.pictures import RECIPE as PILLOW
from byline.storage.fingerprint import fingerprint

SIZE = (1200, 630)
"""https://developers.facebook.com/docs/sharing/webmasters/images/"""
MARGIN = 80
PAPER, INK = (255, 253, 249), (26, 24, 22)
HEADLINE_SIZES = (92, 80, 70, 60, 52)
NAME_SIZE = 34
LINES = 5
LEADING = 1.18
ASCENT = 0.75
SHADES = 16
FONT = font_source_serif_pro.font_files_otf["SourceSerifProBold"]
RECIPE = fingerprint("2", PILLOW)
"""Changes when cards would come out differently."""


def can_draw(words: str) -> bool:
    """Whether the font has every letter of `words`."""
    return all(_is_known(letter) for letter in unicodedata.normalize("NFC", words))


def card(headline: str, name: str) -> bytes:
    """A PNG with the headline and, above it, the publication's name; deterministic."""
    headline, name = (unicodedata.normalize("NFC", words) for words in (headline, name))
    shades = Image.new("L", SIZE)
    draw = ImageDraw.Draw(shades)
    draw.text((MARGIN, MARGIN), _cut(name, _font(NAME_SIZE)), 255, _font(NAME_SIZE), anchor="lt")
    draw.rectangle((MARGIN, MARGIN + 56, SIZE[0] - MARGIN, MARGIN + 58), 255)
    size, lines = _fitted(headline)
    for number, line in enumerate(lines):
        baseline = MARGIN + 96 + size * (ASCENT + number * LEADING)
        draw.text((MARGIN, baseline), line, 255, _font(size), anchor="ls")
    image = Image.frombytes("P", SIZE, shades.point(lambda shade: shade * SHADES // 256).tobytes())
    image.putpalette([_between(level, channel) for level in range(SHADES) for channel in range(3)])
    file = io.BytesIO()
    image.save(file, "PNG", bits=4)
    return file.getvalue()


def _between(level: int, channel: int) -> int:
    return PAPER[channel] + (INK[channel] - PAPER[channel]) * level // (SHADES - 1)


def _fitted(headline: str) -> tuple[int, list[str]]:
    """The largest size at which the headline fits, and its lines; if it is too long, what fits."""
    room = SIZE[1] - 2 * MARGIN - 96
    for size in HEADLINE_SIZES:
        lines = _wrapped(headline, _font(size))
        if len(lines) <= LINES and len(lines) * size * LEADING <= room:
            return size, lines
    return size, [*lines[: LINES - 1], _cut(" ".join(lines[LINES - 1 :]), _font(size))]


def _wrapped(text: str, font: ImageFont.FreeTypeFont) -> list[str]:
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if font.getlength(longer) <= SIZE[0] - 2 * MARGIN:
            lines[-1] = longer
        else:
            lines.append(_cut(word, font))
    return [line for line in lines if line]


def _cut(text: str, font: ImageFont.FreeTypeFont) -> str:
    """`text`, or as much of it as fits on one line, with an ellipsis."""
    if font.getlength(text) <= SIZE[0] - 2 * MARGIN:
        return text
    while text and font.getlength(f"{text}…") > SIZE[0] - 2 * MARGIN:
        text = text[:-1].rstrip()
    return f"{text}…"


@functools.lru_cache(maxsize=4096)
def _is_known(letter: str) -> bool:
    return letter.isspace() or bytes(_font(NAME_SIZE).getmask(letter)) != _unknown()


@functools.cache
def _unknown() -> bytes:
    """What the font shows for a letter that it lacks."""
    return bytes(_font(NAME_SIZE).getmask("\uffff"))


@functools.cache
def _font(size: int) -> ImageFont.FreeTypeFont:
    # The basic layout: the better one is missing on some machines, and the bytes must be the same on all.
    return ImageFont.truetype(FONT, size, layout_engine=ImageFont.Layout.BASIC)
