"""Social cards: the preview picture for links to a story that has no picture. Pure functions of words."""

import functools
import io
import unicodedata
from pathlib import Path
from typing import NamedTuple

from PIL import Image, ImageDraw, ImageFont

from byline.media.pictures import RECIPE as PILLOW
from byline.storage.fingerprint import fingerprint

SIZE = (1200, 630)
"""https://developers.facebook.com/docs/sharing/webmasters/images/"""
MARGIN = 80
HEADLINE_SIZES = (92, 80, 70, 60, 52)
NAME_SIZE = 34
NAME_TOP = 26
"""From the margin to the line on which the name stands."""
ROOM = SIZE[0] - 2 * MARGIN
RUNS = 3
"""Z_RLE of zlib: half the time of its default for a twelfth more bytes, since a card is mostly runs of one colour."""
BAR = (MARGIN, MARGIN + 54, MARGIN + 120, MARGIN + 62)
"""Where the mark in the accent's colour is."""
LINES = 5
LEADING = 1.1
SHADES = 15
"""From the paper to the ink; the accent makes it 16 colours, which is half a byte."""
FONT = Path(__file__).parent / "headline.ttf"
RECIPE = fingerprint("4", PILLOW)
"""Changes when cards would come out differently."""


def can_draw(words: str) -> bool:
    """Whether the font has every letter of `words`."""
    return all(_is_known(letter) for letter in unicodedata.normalize("NFC", words))


def card(headline: str, name: str, byline: str, paper: str, ink: str, accent: str) -> bytes:
    """A PNG with the publication's name on top, and the headline and who wrote it below; deterministic.

    Colours are `#rrggbb`.
    """
    headline, name, byline = (unicodedata.normalize("NFC", words) for words in (headline, name, byline))
    image = Image.new("P", SIZE)
    _write(image, MARGIN + NAME_TOP, _cut(name, NAME_SIZE), NAME_SIZE)
    bottom = SIZE[1] - MARGIN
    if byline:
        _write(image, bottom, _cut(byline, NAME_SIZE), NAME_SIZE)
        bottom -= NAME_SIZE + 34
    size, lines = _fitted(headline)
    for number, line in enumerate(reversed(lines)):
        _write(image, round(bottom - number * size * LEADING), line, size)
    image.paste(SHADES, BAR)
    grounds, words = channels(paper), channels(ink)
    levels = [_between(grounds, words, level) for level in range(SHADES)]
    image.putpalette([channel for color in (*levels, channels(accent)) for channel in color])
    file = io.BytesIO()
    image.save(file, "PNG", bits=4, compress_type=RUNS)
    return file.getvalue()


def _write(image: Image.Image, baseline: int, text: str, size: int) -> None:
    """Draw `text` from the left margin on. Letters are drawn once and kept: a card has fifty."""
    left = float(MARGIN)
    for letter in text:
        glyph = _glyph(letter, size)
        if glyph.shape:
            place = (round(left) + glyph.x, baseline + glyph.y)
            image.paste(glyph.levels, place, glyph.shape)
        left += glyph.advance


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
        lines = _wrapped(headline, size)
        if len(lines) <= LINES and len(lines) * size * LEADING <= room:
            return size, lines
    return size, [*lines[: LINES - 1], _cut(" ".join(lines[LINES - 1 :]), size)]


def _wrapped(text: str, size: int) -> list[str]:
    lines, width = [""], 0.0
    for word in text.split():
        longer = width + _width(f" {word}" if lines[-1] else word, size)
        if longer <= ROOM:
            lines[-1], width = f"{lines[-1]} {word}".strip(), longer
        else:
            lines.append(_cut(word, size))
            width = _width(lines[-1], size)
    return [line for line in lines if line]


def _cut(text: str, size: int) -> str:
    """`text`, or as much of it as fits on one line, with an ellipsis."""
    if _width(text, size) <= ROOM:
        return text
    room, end = ROOM - _width("…", size), 0
    while room >= _glyph(text[end], size).advance:
        room -= _glyph(text[end], size).advance
        end += 1
    return f"{text[:end].rstrip()}…"


def _width(text: str, size: int) -> float:
    return sum(_glyph(letter, size).advance for letter in text)


class _Glyph(NamedTuple):
    """A letter: its `levels` between paper and ink, its `shape`, if it has one, and its place from pen and baseline."""

    levels: Image.Image
    shape: Image.Image | None
    x: int
    y: int
    advance: float


@functools.lru_cache(maxsize=2048)
def _glyph(letter: str, size: int) -> _Glyph:
    font = _font(size)
    left, top, right, bottom = map(round, font.getbbox(letter, anchor="ls"))
    shades = Image.new("L", (max(1, right - left), max(1, bottom - top)))
    ImageDraw.Draw(shades).text((-left, -top), letter, 255, font, anchor="ls")
    levels = shades.point(lambda shade: shade * SHADES // 256)
    shape = levels.point(lambda level: 255 if level else 0)
    in_palette = Image.frombytes("P", levels.size, levels.tobytes())
    return _Glyph(in_palette, shape if shape.getbbox() else None, left, top, font.getlength(letter))


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
