"""Ids of headings, as GitHub forms them."""

import unicodedata
from collections.abc import Iterable

ID_SAFE = ":.!~*'()"
"""Signs that browsers do not encode in an id, besides letters and digits."""
_IN_WORDS = {"Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Mc", "Me", "Nd", "Nl", "Pc"}
"""Kinds of characters that GitHub keeps in ids: https://github.com/Flet/github-slugger"""


def slug(title: str) -> str:
    """The id of a heading, as GitHub forms it."""
    kept = (sign for sign in title.lower() if sign in " -" or unicodedata.category(sign) in _IN_WORDS)
    return "".join(kept).replace(" ", "-")


class HeadingIds:
    """Ids of the headings of one text; `reserved` are those that are not free."""

    def __init__(self, reserved: Iterable[str] = ()) -> None:
        self._met = dict.fromkeys(reserved, 0)

    def of(self, title: str) -> str:
        first = name = slug(title) or "section"
        while name in self._met:
            self._met[first] = self._met.get(first, 0) + 1
            name = f"{first}-{self._met[first]}"
        self._met[name] = 0
        return name
