"""Social cards: the preview picture for links to a story that has no picture. Pure functions of words."""

import functools
import io
import unicodedata
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from byline.media.pictures import RECIPE as PILLOW
from byline.storage.fingerprint import fingerprint

SIZE = (1200, 630)
"""https://developers.facebook.com/docs/sharing/webmasters/images/"""
MARGIN = 80
HEADLINE_SIZES = (92, 80, 70, 60, 52)
NAME_SIZE = 34
BAR = (MARGIN, MARGIN + 54, MARGIN + 120, MARGIN + 62)
"""Where the mark in the accent's colour is."""
LINES = 5
LEADING = 1.1
SHADES = 15
"""From the paper to the ink; the accent makes it 16 colours, which is half a byte."""
FONT = Path(__file__).parent / "headline.ttf"
RECIPE = fingerprint("3", PILLOW)
"""Changes when cards would come out differently."""


def can_draw(words: str) -> bool:
    """Whether the font has every letter of `words`."""
    return all(_is_known(letter) for letter in unicodedata.normalize("NFC", words))


def card(headline: str, name: str, byline: str, paper: str, ink: str, accent: str) -> bytes:
    """A PNG with the publication's name on top, and the headline and who wrote it below; deterministic.

    Colours are `#rrggbb`.
    """
    headline, name, byline = (unicodedata.normalize("NFC", words) for words in (headline, name, byline))
    shades = Image.new("L", SIZE)
    draw = ImageDraw.Draw(shades)
    draw.text((MARGIN, MARGIN), _cut(name, _font(NAME_SIZE)), 255, _font(NAME_SIZE), anchor="lt")
    bottom = SIZE[1] - MARGIN
    if byline:
        draw.text((MARGIN, bottom), _cut(byline, _font(NAME_SIZE)), 255, _font(NAME_SIZE), anchor="ls")
        bottom -= NAME_SIZE + 34
    size, lines = _fitted(headline)
    for number, line in enumerate(reversed(lines)):
        draw.text((MARGIN, bottom - number * size * LEADING), line, 255, _font(size), anchor="ls")
    image = Image.frombytes("P", SIZE, shades.point(lambda shade: shade * SHADES // 256).tobytes())
    image.paste(SHADES, BAR)
    grounds, words = channels(paper), channels(ink)
    levels = [_between(grounds, words, level) for level in range(SHADES)]
    image.putpalette([channel for color in (*levels, channels(accent)) for channel in color])
    file = io.BytesIO()
    image.save(file, "PNG", bits=4)
    return file.getvalue()


def channels(color: str) -> tuple[int, int, int]:
    """Red, green and blue of `#rrggbb` or `#rgb`, up to 255."""
    digits = color[1:] if len(color) == 7 else "".join(digit * 2 for digit in color[1:])
    red, green, blue = bytes.fromhex(digits)
    return red, green, blue


def _between(paper: tuple[int, ...], ink: tuple[int, ...], level: int) -> list[int]:
    return [low + (high - low) * level // (SHADES - 1) for low, high in zip(paper, ink, strict=True)]


def _fitted(headline: str) -> tuple[int, list[str]]:
    """The largest size at which the headline fits below the mark, and its lines; if it is too long, what fits."""
    room = SIZE[1] - 2 * MARGIN - 62 - 34 - NAME_SIZE - 34
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
