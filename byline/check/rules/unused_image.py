"""A picture in the content folder that no text mentions.

It is not published, so no reader misses it; it only makes the repository larger. Or a link to it has a typo. Pictures
in `static/` are not checked: templates may use them.
"""

from collections.abc import Iterator

from byline.check.survey import Survey
from byline.problems import Problem

CODE = "unused-image"


def in_site(survey: Survey) -> Iterator[Problem]:
    names = {name for sheet in survey.sheets.values() for name in sheet.pictures}
    shown = {file.source for file in survey.site.files.values()}
    for picture in survey.pictures:
        # For a name with spaces, the last word is enough: better to keep a picture too many than to throw one away.
        name = picture.path.rpartition("/")[2].lower().split()[-1]
        if name not in names and picture.path not in shown:
            yield Problem(picture.path, 1, 1, CODE, "no text names this picture", "show it, or remove it", "warning")
