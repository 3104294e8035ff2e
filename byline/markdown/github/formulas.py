"""Formulas: TeX as MathML, made with the page, so that readers need no script."""

import functools
import importlib
from xml.etree import ElementTree

MAX_CHARACTERS = 10_000
_NAMESPACE = "{http://www.w3.org/1998/Math/MathML}"
_TAGS = frozenset(
    "math mrow mi mn mo ms mtext mspace msup msub msubsup munder mover munderover mfrac msqrt mroot mtable mtr mtd"
    " mstyle mpadded mphantom menclose mmultiscripts mprescripts none merror".split()
)
_ATTRIBUTES = frozenset(
    "accent accentunder columnalign columnlines columnspacing depth display displaystyle fence form frame height"
    " largeop linethickness lspace mathcolor mathsize mathvariant maxsize minsize movablelimits notation rowlines"
    " rowspacing rspace scriptlevel separator stretchy symmetric voffset width".split()
)


@functools.lru_cache(256)
def mathml(formula: str, is_display: bool) -> str:
    """`formula` as a `<math>` element of allowed elements and attributes only.

    The library does not escape what it prints, so that is read as XML and written anew. Raises ValueError with the
    reason where the formula cannot be read.
    """
    if len(formula) > MAX_CHARACTERS:
        raise ValueError(f"it has over {MAX_CHARACTERS:,} characters")
    try:
        converter = importlib.import_module("latex2mathml.converter")  # few texts need it
        printed = converter.convert(formula, display="block" if is_display else "inline")
        root = ElementTree.fromstring(printed)  # noqa: S314 - it begins with `<math>`, so it can declare no entities
        for element in root.iter():
            element.tag = element.tag.removeprefix(_NAMESPACE)
            if element.tag not in _TAGS:
                raise ValueError(f"<{element.tag}> cannot be part of one")
            element.attrib = {name: value for name, value in element.attrib.items() if name in _ATTRIBUTES}
        return ElementTree.tostring(root, encoding="unicode", short_empty_elements=False)
    except ValueError:
        raise
    except Exception as error:  # the library raises many types
        raise ValueError(type(error).__name__) from error
