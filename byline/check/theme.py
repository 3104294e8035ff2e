"""The theme: what `[theme]` says that shows nowhere."""

import difflib
from collections.abc import Iterator, Sequence

from byline.media.files import FORM_OF_SHEETS
from byline.media.look import STYLE
from byline.problems import Problem
from byline.settings.file import FILE_NAME
from byline.site import Site
from byline.urls import slug_of


def unshown(sites: Sequence[Site]) -> Iterator[Problem]:
    """A warning for each colour of a category that has no story in any of `sites`, which are one with other choices of
    posts, and for each token of a stylesheet that is not the theme's."""
    site, settings = sites[0], sites[0].settings
    categories = [it for one in sites for edition in one.all_editions for it in edition.categories]
    known = {category.slug for category in categories}
    for name in settings.theme.sections:
        if slug_of(name, settings) not in known:
            near = difflib.get_close_matches(name, [category.name for category in categories], n=1)
            hint = f"did you mean `{near[0]}`?" if near else "fix the name"
            line, col = settings.places.get(name, (1, 1))
            message = f"`theme.sections`: no story is in `{name}`"
            yield Problem(FILE_NAME, line, col, "unknown-name", message, hint, "warning")
    tokens = {"accent": settings.theme.accent, "sections": settings.theme.sections}
    for key in (key for key, value in tokens.items() if value):
        if any(file.source == f"static/{STYLE}" and file.form != FORM_OF_SHEETS for file in site.files.values()):
            message = f"`theme.{key}` colours nothing on pages: static/{STYLE} is a stylesheet of your own"
            hint = f"put your rules into static/custom.css, or the colours into static/{STYLE}"
            line, col = settings.places.get(key, (1, 1))
            yield Problem(FILE_NAME, line, col, "unused-setting", message, hint, "warning")
