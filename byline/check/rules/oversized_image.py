"""A picture file that is larger than it needs to be.

That is over 8 MB for a photograph. It is published in smaller sizes, but every copy of the repository holds the
original, and each cold build decodes it: save it with at most 3,000 pixels a side. It is over 1 MB for an animation
(GIF) or a drawing (SVG), which readers download at nearly full size: turn an animation into a video.
"""

from collections.abc import Iterator

from byline.check.survey import Survey
from byline.problems import Problem

CODE = "oversized-image"
MOST, MOST_SENT = 8_000_000, 1_000_000
"""Bytes of a photograph, twice what a camera's picture of 4,000 pixels takes; and of a file that is sent unchanged."""


def in_site(survey: Survey) -> Iterator[Problem]:
    for picture in survey.pictures:
        is_sent = picture.path.lower().endswith((".gif", ".svg"))
        most = MOST_SENT if is_sent else MOST
        if picture.size > most:
            message = f"the picture is {picture.size / 1e6:.1f} MB; {most / 1e6:.0f} MB is enough for its format"
            hint = "simplify it, or make it a video" if is_sent else "save it with at most 3,000 pixels per side"
            yield Problem(picture.path, 1, 1, CODE, message, hint, "warning")
