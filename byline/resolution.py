"""Resolution: links and pictures of a file become values, and what they take from elsewhere is noted."""

from msgspec import structs

from byline import links
from byline.errors import Problem
from byline.fields import Cover
from byline.media import WIDTHS, Media
from byline.models import Body, File, Picture, Reference
from byline.reader import Parsed


class Resolution:
    """The addresses in one file: `problems` with them, `references` to pages of the site, `files` that they publish."""

    def __init__(self, path: str, resolver: links.Resolver, media: Media) -> None:
        self._path = path
        self._resolver = resolver
        self._media = media
        self.problems: list[Problem] = []
        self.references: list[Reference] = []
        self.files: dict[str, File] = {}

    def body(self, parsed: Parsed, url: str) -> Body:
        """The body with its addresses resolved: what a neighbour's URL is enters the post here, as a value."""
        attributes, sources = [], []
        is_elsewhere = self._resolver.is_elsewhere
        for address in parsed.addresses:
            if is_elsewhere(address.value):
                attributes.append(links.as_written(address.attribute, address.value))
                sources.append("")
                continue
            target = self._resolved(address.value, url, address.line, address.col)
            picture = self._shown(target.file, WIDTHS) if target.file and address.tag == "img" else None
            if target.file and not picture:
                self.files[target.file.url] = target.file
            attributes.append(links.attribute(address.attribute, target, picture, address.sized))
            sources.append(links.source(picture))
        return Body(parsed.html, self._path, tuple(attributes), tuple(sources))

    def picture(self, cover: Cover, widths: tuple[int, ...] = WIDTHS) -> Picture | None:
        target = self._resolved(cover.src, "", cover.line, cover.col)
        if target.url is None or target.problem:
            return None
        shown = self._shown(target.file, widths) if target.file else None
        if target.file and not shown:
            self.files[target.file.url] = target.file
        return structs.replace(shown or Picture(target.url), alt=cover.alt, caption=cover.caption, credit=cover.credit)

    def card(self, headline: str, name: str) -> Picture | None:
        """The social card of a story without a cover."""
        shown = self._media.card(headline, name)
        if shown:
            self.files |= {file.url: file for file in shown.files}
        return shown.picture if shown else None

    def _shown(self, file: File, widths: tuple[int, ...]) -> Picture | None:
        shown = self._media.shown(file.source, widths)
        if shown:
            self.files |= {file.url: file for file in shown.files}
        return shown.picture if shown else None

    def _resolved(self, value: str, url: str, line: int, col: int) -> links.Target:
        target = self._resolver.resolve(value, self._path, url)
        if target.problem:
            self.problems.append(links.warning(*target.problem, self._path, line, col))
        if target.url and (target.reference or (target.url.startswith("/") and "#" in target.url)):
            self.references.append(Reference(target.url, self._path, line, col))
        return target
