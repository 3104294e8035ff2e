"""The manifest: what Byline wrote into an output folder, and the journal of a switch in progress."""

import datetime as dt

import msgspec

OWN = ".byline"
"""The folder of Byline's own records in an output folder."""
REDIRECTS = (301, 302, 307, 308)
"""Statuses with which an old address leads on: its page does so by itself on a host without rules."""


class PrintedFile(msgspec.Struct, frozen=True, omit_defaults=True):
    """A file that was written: its URL if the app has one for it, its tag, what it looked like on disk, and why it was
    written, if that is known."""

    url: str
    tag: str
    content: str
    size: int
    mtime_ns: int
    why: str = ""


class Origin(msgspec.Struct, frozen=True):
    """What a site was printed from, and from when until when it would be the same; `notes` are its warnings."""

    inputs: str = ""
    since: dt.datetime = dt.datetime.min.replace(tzinfo=dt.UTC)
    until: dt.datetime | None = None
    notes: str = ""

    def still_holds(self, inputs: str, now: dt.datetime) -> bool:
        return bool(inputs) and inputs == self.inputs and self.since <= now and (self.until is None or now < self.until)


class Manifest(msgspec.Struct, frozen=True):
    """What the folder holds. `whole` is the digest of the snapshot that was printed, `withheld` of what was not."""

    whole: str = ""
    withheld: str = ""
    files: dict[str, PrintedFile] = {}
    search: str = ""
    """Digest of what the search index was made from; empty if there is none."""
    drafts: bool = False
    """Whether it is a review, which includes what is not published."""
    parts: dict[str, str] = {}
    """Of the templates: see there."""
    origin: Origin = Origin()


class Journal(msgspec.Struct, frozen=True):
    """A committed switch: staged name → path, paths to delete, and the manifest afterwards."""

    moves: dict[str, str]
    deletes: list[str]
    manifest: Manifest
