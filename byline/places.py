"""Places: where in a source stands what its rendered text speaks of."""

import re
from collections.abc import Iterable

from msgspec import structs

from byline.errors import Problem
from byline.markdown import Address
from byline.prose import Prose

ELSEWHERE = ("http://", "https://", "mailto:", "#")


class Places:
    """Finds places in one body; `down` is how many lines stand above it in the file."""

    def __init__(self, body: str, down: int) -> None:
        self._body = body
        self._down = down

    def of(self, addresses: tuple[Address, ...]) -> tuple[Address, ...]:
        """`addresses` with the line and column where each stands in the file, in the order in which they are used."""
        if all(address.value.startswith(ELSEWHERE) for address in addresses):
            return tuple(self._roughly(address) for address in addresses)
        prose = Prose(self._body)
        typed: dict[str, list[int]] = {}
        for at, value in reversed(prose.addresses):
            typed.setdefault(value, []).append(at)
        found = []
        for address in addresses:
            waiting = typed.get(address.value)
            if waiting:
                at = waiting.pop() if len(waiting) > 1 else waiting[0]
            else:  # bare addresses, and anchors that no one typed
                at = -1 if address.value.startswith("#") else self._found(prose, address.value)
            line, col = prose.place(at) if at >= 0 else (address.line, 1)
            found.append(structs.replace(address, line=line + self._down, col=col))
        return tuple(found)

    def _roughly(self, address: Address) -> Address:
        """The place where the address stands first: what leads to other sites is hardly ever reported."""
        at = -1 if address.value.startswith("#") else self._body.find(address.value)
        if at < 0:
            return structs.replace(address, line=address.line + self._down)
        line, col = self._body.count("\n", 0, at) + 1, at - self._body.rfind("\n", 0, at)
        return structs.replace(address, line=line + self._down, col=col)

    def of_problems(self, problems: Iterable[Problem]) -> tuple[Problem, ...]:
        return tuple(self._moved(problem) for problem in problems)

    def _moved(self, problem: Problem) -> Problem:
        line, col = problem.line, problem.col
        if problem.code == "html-removed":
            prose = Prose(self._body)
            at = self._found(prose, problem.message.split(">")[0])
            line, col = prose.place(at) if at >= 0 else (line, col)
        return structs.replace(problem, line=line + self._down, col=col)

    def _found(self, prose: Prose, text: str) -> int:
        """Where `text` stands first outside of code, or else anywhere."""
        pattern = re.compile(re.escape(text), re.IGNORECASE)
        found = pattern.search(prose.text) or pattern.search(self._body)
        return found.start() if found else -1
