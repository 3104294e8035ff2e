"""Remarks: what is not in a text any more, and what a person should look at, each told once with its count."""

from collections import Counter


class Remarks:
    def __init__(self) -> None:
        self._notes: Counter[str] = Counter()
        self._doubts: Counter[str] = Counter()

    def note(self, words: str) -> None:
        """Say what was changed."""
        self._notes[words] += 1

    def doubt(self, words: str) -> None:
        """Say what needs a look."""
        self._doubts[words] += 1

    def take(self, others: "Remarks") -> None:
        """Say what `others` say."""
        self._notes += others._notes
        self._doubts += others._doubts

    @property
    def notes(self) -> tuple[str, ...]:
        return tuple(sorted(self._notes))

    @property
    def doubts(self) -> tuple[str, ...]:
        return tuple(
            f"{what}{f' ({count} times)' if count > 1 else ''}" for what, count in sorted(self._doubts.items())
        )
