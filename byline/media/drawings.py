"""Drawings: an SVG as it is published, made of what is known to be harmless. Pure functions of bytes.

What no browser shows (metadata, notes of editors, comments) is left out without a word. What is shown or runs and
cannot be published makes the whole drawing a fault: a part of a drawing may say the opposite of the whole.
"""

import base64
import binascii
import re
from collections.abc import Callable
from typing import NoReturn
from xml.etree import ElementTree
from xml.parsers import expat

MAX_BYTES = 2_000_000
MAX_DEPTH = 200
SVG, XLINK, XML, XHTML = (
    "http://www.w3.org/2000/svg",
    "http://www.w3.org/1999/xlink",
    "http://www.w3.org/XML/1998/namespace",
    "http://www.w3.org/1999/xhtml",
)
ELEMENTS = frozenset(
    "a animateMotion animateTransform circle clipPath defs desc ellipse feBlend feColorMatrix feComponentTransfer"
    " feComposite feConvolveMatrix feDiffuseLighting feDisplacementMap feDistantLight feDropShadow feFlood feFuncA"
    " feFuncB feFuncG feFuncR feGaussianBlur feImage feMerge feMergeNode feMorphology feOffset fePointLight"
    " feSpecularLighting feSpotLight feTile feTurbulence filter g image line linearGradient marker mask mpath path"
    " pattern polygon polyline radialGradient rect stop style svg switch symbol text textPath title tspan use".split()
)
ACTIVE = frozenset(
    "animate animatecolor audio canvas discard embed foreignobject handler iframe listener object script set"
    " video".split()
)
"""Elements that run, load or change something, in small letters."""
ATTRIBUTES = frozenset(
    # where and how large
    "x y x1 x2 y1 y2 z cx cy r rx ry fx fy fr dx dy d points pathLength width height viewBox preserveAspectRatio"
    " transform gradientTransform patternTransform gradientUnits patternUnits patternContentUnits clipPathUnits"
    " maskUnits maskContentUnits filterUnits primitiveUnits markerUnits markerWidth markerHeight refX refY orient"
    " spreadMethod offset rotate textLength lengthAdjust startOffset method spacing side"
    # how it looks
    " alignment-baseline baseline-shift clip clip-path clip-rule color color-interpolation"
    " color-interpolation-filters color-rendering cursor direction display dominant-baseline enable-background fill"
    " fill-opacity fill-rule filter flood-color flood-opacity font font-family font-feature-settings font-kerning"
    " font-size font-size-adjust font-stretch font-style font-variant font-variation-settings font-weight"
    " glyph-orientation-horizontal glyph-orientation-vertical image-rendering isolation kerning letter-spacing"
    " lighting-color line-height marker marker-end marker-mid marker-start mask mask-type mix-blend-mode opacity"
    " overflow paint-order pointer-events shape-rendering stop-color stop-opacity stroke stroke-dasharray"
    " stroke-dashoffset stroke-linecap stroke-linejoin stroke-miterlimit stroke-opacity stroke-width style"
    " text-align text-anchor text-decoration text-overflow text-rendering transform-origin unicode-bidi"
    " vector-effect visibility white-space word-spacing writing-mode"
    # filters
    " in in2 result type values tableValues slope intercept amplitude exponent mode operator k1 k2 k3 k4 order"
    " kernelMatrix divisor bias targetX targetY edgeMode preserveAlpha kernelUnitLength surfaceScale diffuseConstant"
    " specularConstant specularExponent limitingConeAngle azimuth elevation pointsAtX pointsAtY pointsAtZ scale"
    " xChannelSelector yChannelSelector stdDeviation radius baseFrequency numOctaves seed stitchTiles"
    # movements
    " additive accumulate attributeName begin by calcMode dur end fill from keyPoints keySplines keyTimes max min path"
    " repeatCount repeatDur restart to"
    # names and words
    " id class lang role aria-label aria-labelledby aria-hidden tabindex version baseProfile media systemLanguage"
    " requiredFeatures requiredExtensions".split()
)
WORDS = ("id", "class", "aria-label", "aria-labelledby")
"""Attributes in which nothing is a style."""
TRANSFORMS = ("transform", "gradientTransform", "patternTransform")
_UNITS = {"": 1, "px": 1, "pt": 4 / 3, "pc": 16, "mm": 96 / 25.4, "cm": 96 / 2.54, "in": 96}
_LENGTH = re.compile(r"\s*(\d*\.?\d+(?:[eE][+-]?\d+)?)(px|pt|pc|mm|cm|in|)\s*")
_DATA = re.compile(r"data:image/(?:png|jpe?g|gif|webp)(?:;[^,;]*)*;base64,([A-Za-z0-9+/=\s]+)", re.IGNORECASE)
_INSIDE = re.compile(r"url\(\s*(?:[\"']\s*)?(?:#|data:(?:font/|application/(?:x-)?font-))", re.IGNORECASE)
_LOADS = re.compile(
    r"url\(|@import|@namespace|expression\(|-moz-binding|behavior\s*:|javascript:|image(?:-set)?\(|src\(|element\("
    r"|cross-fade\(|\\",
    re.IGNORECASE,
)
"""What loads a file or runs something in a style; an escape could hide it."""

Photograph = Callable[[bytes], tuple[str, bytes]]
"""Makes a picture anew without its metadata; returns its type, too. Raises ValueError."""


def cleaned(data: bytes, photograph: Photograph) -> bytes:
    """The drawing in `data` with its known elements and attributes only. Raises ValueError that says what is wrong."""
    if len(data) > MAX_BYTES:
        raise ValueError(f"is larger than {MAX_BYTES // 1_000_000} MB")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ValueError("is not in UTF-8") from None
    drawing = ElementTree.tostring(_Reading(photograph).root_of(text), encoding="unicode")
    return drawing.encode()


def size_of(drawing: bytes) -> tuple[int, int]:
    """Width and height of what `cleaned` returned, in pixels, or else from the view box; zeros if unknown."""
    root = ElementTree.fromstring(drawing)  # noqa: S314 - our own output, without entities
    sizes = [_LENGTH.fullmatch(root.get(name, "")) for name in ("width", "height")]
    width, height = (float(size[1]) * _UNITS[size[2]] if size else 0.0 for size in sizes)
    if not all(sizes):
        box = root.get("viewBox", "").replace(",", " ").split()
        try:
            width, height = (float(text) for text in box[2:4])
        except ValueError:
            return 0, 0
    return (round(width), round(height)) if 0.5 <= width < 1e5 and 0.5 <= height < 1e5 else (0, 0)


class _Reading:
    """Goes through the XML once and builds the clean tree. An entity is never expanded: its declaration is a fault."""

    def __init__(self, photograph: Photograph) -> None:
        self._photograph = photograph
        self._builder = ElementTree.TreeBuilder()
        self._open: list[str] = []
        self._dropped = 0
        self._style: list[str] = []
        self._parser = parser = expat.ParserCreate("utf-8", " ")
        parser.buffer_text = True
        parser.ordered_attributes = True
        parser.XmlDeclHandler = self._declaration
        parser.EntityDeclHandler = self._entity
        parser.SkippedEntityHandler = self._entity
        parser.ProcessingInstructionHandler = self._instruction
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text

    def root_of(self, text: str) -> ElementTree.Element:
        try:
            self._parser.Parse(text.encode(), True)
        except expat.ExpatError as error:
            raise ValueError(f"is not a well-formed SVG: {error}") from None
        return self._builder.close()

    def _declaration(self, _version: str, encoding: str | None, _standalone: int) -> None:
        if encoding and encoding.lower() not in ("utf-8", "utf8", "us-ascii"):
            raise ValueError(f"says that it is in {encoding[:30]}; only UTF-8 is published")

    def _entity(self, name: str, *_: object) -> NoReturn:
        raise ValueError(f"uses the entity {name[:30]!r}, which could stand for anything")

    def _instruction(self, target: str, _data: str) -> None:
        if target.lower() == "xml-stylesheet":
            raise ValueError("has a stylesheet, which could load other files")

    def _start(self, qualified: str, pairs: list[str]) -> None:
        space, _, name = qualified.rpartition(" ")
        if self._dropped or not self._is_shown(space, name):
            self._dropped += 1
            return
        if len(self._open) >= MAX_DEPTH:
            raise ValueError(f"has elements nested more than {MAX_DEPTH} deep")
        attributes = {} if self._open else {"xmlns": SVG}
        for qualified_key, value in zip(pairs[::2], pairs[1::2], strict=True):
            key = _kept_key(qualified_key)
            if key:
                attributes[key] = self._kept_value(key, value, name)
        self._open.append(name)
        self._builder.start(name, attributes)

    def _is_shown(self, space: str, name: str) -> bool:
        """Whether a browser shows the element. Raises ValueError if it could do more."""
        if space == XHTML or (space in (SVG, "") and name.lower() in ACTIVE):
            raise ValueError(f"contains <{name[:30]}>, which can run, load or change things")
        is_known = space in (SVG, "") and name in ELEMENTS
        if not self._open and (not is_known or name != "svg"):
            raise ValueError("is not an SVG")
        return is_known

    def _end(self, _qualified: str) -> None:
        if self._dropped:
            self._dropped -= 1
            return
        name = self._open.pop()
        if name == "style":
            _check_style("".join(self._style))
            self._style.clear()
        self._builder.end(name)

    def _text(self, text: str) -> None:
        if self._dropped or not self._open:
            return
        if self._open[-1] == "style":
            self._style.append(text)
        self._builder.data(text)

    def _kept_value(self, key: str, value: str, element: str) -> str:
        if key == "href":
            return self._kept_address(value.strip(), element)
        if key == "attributeName" and value not in TRANSFORMS:
            raise ValueError(f"changes {value[:30]}, which could run something")
        if key not in WORDS:
            _check_style(value)
        return value

    def _kept_address(self, value: str, element: str) -> str:
        """A part of the drawing, or a photograph in it, made anew."""
        if value.startswith("#"):
            return value
        photograph = _DATA.fullmatch(value) if element in ("image", "feImage") else None
        if not photograph:
            raise ValueError(f"links to {value[:60]}")
        try:
            data = base64.b64decode("".join(photograph[1].split()), validate=True)
        except binascii.Error:
            raise ValueError("holds a photograph that cannot be decoded") from None
        mimetype, data = self._photograph(data)
        return f"data:{mimetype};base64,{base64.b64encode(data).decode()}"


def _kept_key(qualified: str) -> str:
    """The name under which an attribute is kept, or the empty string. Raises ValueError if it could run something."""
    space, _, key = qualified.rpartition(" ")
    if key.lower().startswith("on"):
        raise ValueError(f"contains {key[:30]}=, which runs a script")
    if key == "href" and space in ("", XLINK):
        return key
    if space == XML and key in ("space", "lang"):
        return f"xml:{key}"
    return key if not space and key in ATTRIBUTES else ""


def _check_style(style: str) -> None:
    found = _LOADS.search(_INSIDE.sub("", style))
    if found:
        raise ValueError(f"has {found[0][:20]!r} in a style, which could load other files")
