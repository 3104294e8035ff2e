"""A folder as a target, such as one that a web server reads: it gets every file, and switches as a freeze does."""

from collections.abc import Sequence
from pathlib import Path

from byline.freeze.manifest import Manifest
from byline.freeze.output import OutputFolder, is_unchanged, manifest_of, open_output, refuse_mixing
from byline.publish.shipment import Difference, copies, in_the_way


class Folder:
    """The folder at `path`, and the frozen site in `source` that is brought to it."""

    def __init__(self, path: Path, source: OutputFolder) -> None:
        self._path = path
        self._source = source
        self._files = source.manifest.files

    def difference(self) -> Difference:
        """What `publish` would do now. Raises SiteError."""
        return self._difference(manifest_of(self._path) or Manifest())

    def publish(self, *, delete: bool) -> Difference:
        """Copy what differs; with `delete`, delete what the site no longer has. Returns what was done.

        Raises SiteError, with the folder unchanged, if files of others are where the site's must come.
        """
        with open_output(self._path) as there:
            refuse_mixing(there, drafts=False)
            held = there.manifest.files
            todo = self._difference(there.manifest)
            for number, parcel in enumerate(todo.send):
                name, printed = str(number), self._files[parcel.name]
                written = there.write(name, printed.url, printed.tag, parcel.file.read_bytes())
                there.stage(parcel.name, name, written)
            stays = [path for path in todo.gone if not (delete or path in self._obsolete(todo.gone))]
            kept = {path: held[path] for path in (*(held.keys() & self._files.keys()), *stays)}
            there.switch(Manifest(), {path: printed for path, printed in kept.items() if path not in there.waiting()})
        return Difference(todo.send, todo.gone if delete else stays)

    def _obsolete(self, gone: Sequence[str]) -> set[str]:
        """What a server would still send in place of a new file, or what keeps one from being there."""
        packed = {path for path in gone if path.removesuffix(".gz").removesuffix(".br") in self._files}
        return packed | set(in_the_way(gone, self._files.keys()))

    def _difference(self, held: Manifest) -> Difference:
        there = held.files
        changed = {
            path: printed
            for path, printed in self._files.items()
            if path not in there
            or there[path].content != printed.content
            or not is_unchanged(self._path / path, there[path])
        }
        return Difference(
            list(copies(self._source.folder, changed)), [path for path in there if path not in self._files]
        )
