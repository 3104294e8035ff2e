"""Names in bylines: what is perhaps two authors is told."""

import pytest

from tests.helpers.paper import Paper


@pytest.mark.parametrize("name", ["North Bureau and South Bureau", "North Bureau & South Bureau", "Nord und Süd"])
def test_two_authors_in_one_name(paper: Paper, name: str) -> None:
    paper.post("one", authors=name)
    first, _, second = name.partition(name.split()[-3 if name.startswith("North") else 1])
    (told,) = [line for line in paper.problems() if "author-without-file" in line]
    assert f"if these are two authors, write `authors: [{first.strip()}, {second.strip()}]`" in told


@pytest.mark.parametrize("name", ["Science and Health Desk", "Sandra", "Andover Bureau"])
def test_one_author(paper: Paper, name: str) -> None:
    paper.post("one", authors=name)
    assert not [line for line in paper.problems() if "two authors" in line]
