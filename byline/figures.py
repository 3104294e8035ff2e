"""Figures: a picture alone in a paragraph, with its title or the italics below it as the caption."""

from itertools import zip_longest
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.extensions import Extension
from markdown.treeprocessors import Treeprocessor


class FiguresExtension(Extension):
    def extendMarkdown(self, md: Markdown) -> None:
        md.treeprocessors.register(_Figures(md), "figures", 16)  # after attributes, which stand behind pictures


class _Figures(Treeprocessor):
    def run(self, root: Element) -> None:
        if root.find(".//img") is None:
            return
        for parent in list(root.iter()):
            if parent.tag != "figure":  # that one is the writer's own
                _make_figures(parent)


def _make_figures(parent: Element) -> None:
    blocks = list(parent)
    for block, following in zip_longest(blocks, blocks[1:]):
        image = _image(block)
        if image is None:
            continue
        caption = _line_below(block)
        if caption is None and len(block) == 1 and not _has_text(block[0].tail):
            caption = _title(image)
            if caption is None and following is not None and _is_italic(following):
                caption = following[0]
                parent.remove(following)
        if caption is not None:
            _make_figure(block, caption)


def _image(block: Element) -> Element | None:
    """The picture that the paragraph `block` begins with, in a link or not."""
    if block.tag != "p" or not len(block) or _has_text(block.text):
        return None
    first = block[0]
    if first.tag == "a" and len(first) == 1 and not _has_text(first.text) and not _has_text(first[0].tail):
        first = first[0]
    return first if first.tag == "img" else None


def _line_below(block: Element) -> Element | None:
    """The last line of `block`, if it is the second one and wholly italic."""
    tags = [child.tag for child in block]
    is_line = tags[1:] == ["br", "em"] or (tags[1:] == ["em"] and "\n" in (block[0].tail or ""))
    return block[-1] if is_line and not any(_has_text(child.tail) for child in block) else None


def _title(image: Element) -> Element | None:
    if not image.get("title"):
        return None
    caption = Element("figcaption")
    caption.text = image.attrib.pop("title")
    return caption


def _is_italic(block: Element) -> bool:
    is_alone = block.tag == "p" and [child.tag for child in block] == ["em"]
    return is_alone and not _has_text(block.text) and not _has_text(block[0].tail)


def _make_figure(block: Element, caption: Element) -> None:
    block.tag, caption.tag = "figure", "figcaption"
    picture = block[0]
    picture.tail = caption.tail = "\n"
    block[:] = [picture, caption]


def _has_text(text: str | None) -> bool:
    return bool(text and text.strip())
