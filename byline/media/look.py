"""The look: what the stylesheets and `[theme]` say of colours and faces, as pages, cards and browsers need it."""

import colorsys
import contextlib
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

import msgspec

from byline.media.cards import channels
from byline.media.files import FORM_OF_SHEETS as FORM
from byline.media.files import static_path
from byline.models import Colors, File, Look, versioned
from byline.problems import Problem
from byline.settings.file import FILE_NAME
from byline.settings.settings import Settings
from byline.storage.fingerprint import fingerprint
from byline.urls import slug_of

STYLE, OWN = "style.css", "custom.css"
"""The theme's stylesheet, and the owner's, which comes after it."""
CONTRAST = 7
"""Between words and what is behind them: https://www.w3.org/TR/WCAG22/#contrast-enhanced"""
STEPS = 256
CALM = 0.75
"""The most saturation of a light colour on a dark ground: more of it glows."""
FACES = MappingProxyType(
    {
        "latin": "U+0-FF,U+131,U+152-153,U+2BB-2DC,U+300-329,U+2002-2044,U+20AC,U+2122,U+2191-2215",
        "extended": "U+100-130,U+132-151,U+154-2BA,U+1D43-1EF9,U+20A0-20AB,U+20AD-20BF,U+2113",
        "eastern": "U+370-3FF,U+400-4FF,U+20B4,U+2116",
    }
)
"""The files of the headline face, and the letters in each: a page loads those that it needs."""
FAMILIES = MappingProxyType(
    {"serif": '"Byline Headline",var(--serif)', "sans": "var(--sans)", "system": "var(--serif)"}
)

UNSENT = re.compile(rb"/\*.*?\*/\s*|(?<=\n)[ ]+", re.DOTALL)
"""Of a stylesheet: comments and indents are for those who read it in the editor."""
_PART = re.compile(r"([^{}]*)([{}])")
_ROOT = re.compile(r":root(?:\[[^\]]*\]|:not\([^()]*\))*")
_COLOR = re.compile(r"--([\w-]+)\s*:\s*(#[0-9a-fA-F]{6}|#[0-9a-fA-F]{3})\s*(?:;|$)")
_DARK = re.compile(r"""(?<!\()\[data-scheme=["']?dark|:not\(\[data-scheme=["']?light|prefers-color-scheme:\s*dark""")
_SCHEME = r"@media\s*(?:(?:screen|all)(?:\s+and\s+)?)?(?:\(prefers-color-scheme:\s*\w+\))?$"
_ANYWHERE = re.compile(rf"@(?:layer|supports)\b|{_SCHEME}")
"""What may be around a rule that counts: one for print, or for windows of some width, says nothing of the page."""
_FACE = '@font-face{{font-family:"Byline Headline";font-weight:700;font-display:optional;src:url({});unicode-range:{}}}'


def look_of(settings: Settings, static: Mapping[str, File], folders: Sequence[Path]) -> tuple[Look, list[Problem]]:
    """The look that `[theme]` makes of the stylesheets among the `static` files by their names, in `folders`."""
    sheets = "\n".join(_text(name, folders) for name in (STYLE, OWN) if name in static)
    theme, problems = settings.theme, list[Problem]()
    light, dark = colors_of(sheets)
    rules, preload = [f":root{{--headline:{FAMILIES[theme.headline]}}}"], ""
    if theme.headline == "serif":
        files = {name: static.get(f"fonts/headline-{name}.woff2") for name in FACES}
        faces = {FACES[name]: versioned(file) for name, file in files.items() if file}
        rules += [_FACE.format(url, letters) for letters, url in faces.items()]
        preload = faces.get(FACES["latin"], "")
    for name, color in {"": theme.accent, **theme.sections}.items():
        if color:
            on_light, on_dark = readable(color, light), readable(color, dark)
            place = settings.places.get(name or "accent", (1, 1))
            problems += _told(name, color, on_light, on_dark, place)
            rules.append(_accents(f'[data-section="{slug_of(name, settings)}"]' if name else "", on_light, on_dark))
            if not name:
                light = msgspec.structs.replace(light, accent=on_light or light.accent)
                dark = msgspec.structs.replace(dark, accent=on_dark or dark.accent)
    return Look(light, dark, f"@layer tokens{{{''.join(rules)}}}\n", preload), problems


def followed(sheet: File, css: str) -> File:
    """The stylesheet, without its comments and indents, with `css` after it."""
    return msgspec.structs.replace(
        sheet, content=fingerprint(sheet.content, css), origin=sheet.content, form=FORM, words=(css,)
    )


def _text(name: str, folders: Sequence[Path]) -> str:
    with contextlib.suppress(OSError):  # then it is reported where static files are read
        return Path(static_path(folders, name)).read_text(encoding="utf-8", errors="replace")
    return ""


def colors_of(css: str) -> tuple[Colors, Colors]:
    """The colours that the rules for `:root` give the light scheme and the dark one; of two, the last."""
    light, dark = tokens_of(css)
    light = {"paper": "#ffffff", "ink": "#000000", "accent": "#000000", "tint": "#ffffff"} | light
    first, second = ({name: each[name] for name in Colors.__struct_fields__} for each in (light, light | dark))
    return Colors(**first), Colors(**second)


def tokens_of(css: str) -> tuple[dict[str, str], dict[str, str]]:
    """Every colour by its name that the rules for `:root` give the light scheme, and those that differ in the dark."""
    light: dict[str, str] = {}
    dark: dict[str, str] = {}
    for around, body in _rules(UNSENT.sub(b"", css.encode()).decode()):
        for is_dark in _schemes(around):
            (dark if is_dark else light).update(_COLOR.findall(body))
    return light, dark


def _schemes(around: Sequence[str]) -> Iterator[bool]:
    """Whether what is in `around` is for the dark scheme, for each of its selectors that is the whole page."""
    at = [one for one in around if one.startswith("@")]
    selectors = [one for one in around if one not in at]
    if len(selectors) == 1 and all(map(_ANYWHERE.match, at)):
        for selector in map(str.strip, selectors[0].split(",")):
            if _ROOT.fullmatch(selector):
                yield any(map(_DARK.search, (selector, *at)))


def _rules(css: str) -> Iterator[tuple[tuple[str, ...], str]]:
    """The declarations of each rule, and what it is in, from the outside: `@media …`, its selector."""
    around: list[str] = []
    for text, sign in _PART.findall(css):
        body, _, opening = text.rpartition(";") if sign == "{" else (text, "", "")
        yield tuple(around), body
        if sign == "{":
            around.append(opening.strip())
        elif around:
            around.pop()


def contrast(one: str, other: str) -> float:
    """From 1 to 21: https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio"""
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def readable(color: str, colors: Colors) -> str:
    """The nearest shade of `color` that can be read on the paper and on the tint; empty if there is none."""
    hue, lightness, saturation = colorsys.rgb_to_hls(*_shares(color))
    is_dark = _luminance(colors.paper) < _luminance(colors.ink)
    saturation = min(saturation, CALM) if is_dark else saturation
    for step in range(STEPS + 1):
        shade = lightness + (1 - lightness) * step / STEPS if is_dark else lightness * (1 - step / STEPS)
        tried = "#" + "".join(f"{round(part * 255):02x}" for part in colorsys.hls_to_rgb(hue, shade, saturation))
        if min(contrast(tried, colors.paper), contrast(tried, colors.tint)) >= CONTRAST:
            return tried
    return ""


def _told(name: str, color: str, on_light: str, on_dark: str, place: tuple[int, int]) -> Iterator[Problem]:
    key, (line, col) = f"theme.sections: {name}" if name else "theme.accent", place
    for shade, scheme in ((on_light, "light"), (on_dark, "dark")):
        if not shade:
            message = f"`{key}`: no shade of {color} can be read on the {scheme} paper, so the theme's own stays"
            hint = f"give --paper and --tint in static/{OWN} colours that are lighter, or darker"
            yield Problem(FILE_NAME, line, col, "unreadable-color", message, hint, "warning")
    if on_light and channels(on_light) != channels(color):
        message = f"`{key}`: {color} is too pale to be read on the paper, so words are shown in {on_light}"
        yield Problem(
            FILE_NAME, line, col, "unreadable-color", message, f"write {on_light} to see what you get", "hint"
        )


def _accents(selector: str, on_light: str, on_dark: str) -> str:
    light, dark = (f"{{--accent:{color}}}" if color else "{}" for color in (on_light, on_dark))
    first, follow = (selector, f" {selector}") if selector else (":root", "")
    forced = f':root[data-scheme="dark"]{follow}{dark}'
    return f'{first}{light}{forced}@media (prefers-color-scheme:dark){{:root:not([data-scheme="light"]){follow}{dark}}}'


def _shares(color: str) -> tuple[float, float, float]:
    red, green, blue = channels(color)
    return red / 255, green / 255, blue / 255


def _luminance(color: str) -> float:
    """https://www.w3.org/TR/WCAG22/#dfn-relative-luminance"""
    parts = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in _shares(color))
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), parts, strict=True))
