"""Footnotes: marks that lead to items of a list become Markdown's own, wherever the list stands."""

import re

from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString

from byline.importers.text.dom import attribute
from byline.importers.text.prose import markdown

_BACK = re.compile(r"^[\s\[(]*(?:↩|↑|⤴|\^|back|return)?[\ufe0e\ufe0f\s\])]*$", re.IGNORECASE)
_MARK = re.compile(r"^[\s\[(]*[\d*†‡a-z]{1,4}[\s\])]*$")


def take_notes(soup: BeautifulSoup) -> list[tuple[str, Tag]]:
    """Take the notes out of the tree, by name, and leave a `x-note` at each mark that leads to one."""
    items: dict[str, Tag] = {
        attribute(item, "id"): item for item in soup.find_all(["li", "p", "div"]) if item.get("id")
    }
    notes: dict[str, Tag] = {}
    numbers: dict[str, int] = {}
    for link in soup.find_all("a", href=re.compile(r"^#.")):
        item = items.get(attribute(link, "href")[1:])
        box = link.find_parent("sup") or (link.find("sup") and link)
        if item is None or box is None or not _MARK.match(link.get_text()) or item in link.parents:
            continue
        if box.get_text().strip() != link.get_text().strip():
            continue
        name = attribute(item, "id")
        notes.setdefault(name, item)
        mark = soup.new_tag("x-note")
        mark.string = str(numbers.setdefault(name, len(notes)))
        box.replace_with(mark)
    return [(str(number), _taken(item)) for number, item in enumerate(notes.values(), 1)]


def written(notes: list[tuple[str, Tag]]) -> str:
    """The notes as Markdown, below the text."""
    lines = []
    for number, item in notes:
        soup = BeautifulSoup("", "html.parser")
        soup.append(item)
        item.name = "div"
        item.unwrap()
        text = markdown(soup).replace("\n", "\n    ")
        lines.append(f"[^{number}]: {text}".rstrip())
    return "\n\n".join(re.sub(r"\n +(?=\n)", "\n", line) for line in lines)


def _taken(item: Tag) -> Tag:
    """The item without the links that lead back, out of its list, which goes with its last one."""
    for link in item.find_all("a", href=re.compile(r"^#")):
        if _BACK.match(link.get_text()):
            link.decompose()
    for mark in item.find_all("sup"):
        if not mark.get_text().strip():
            mark.decompose()
    box = item.parent
    item.extract()
    item.name = "li" if item.name == "div" else item.name  # boxes say nothing, so tidying would take it apart
    if box is not None and box.name in ("ol", "ul") and not box.get_text().strip():
        before = box.find_previous_sibling()
        around = box.parent
        box.decompose()
        if isinstance(before, Tag) and before.name == "hr":
            before.decompose()
        if isinstance(around, Tag) and around.name in ("div", "section") and not around.get_text().strip():
            around.decompose()
    for child in list(item.children):
        if isinstance(child, NavigableString) and not child.strip():
            child.extract()
    return item
