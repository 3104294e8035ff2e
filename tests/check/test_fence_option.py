"""What stands behind the language of a listing is told once."""

import pytest

from tests.helpers.findings import in_body


@pytest.mark.parametrize(
    "info", ['py title="a.py"', "py {1,3}", "py{1,3}", "py hl_lines=[1]", "py linenos", "{.python .lines}", "py,ignore"]
)
def test_an_option(info: str) -> None:
    assert in_body("fence-option", f"Text.\n\n```{info}\nx\n```\n\n```py x=1\ny\n```\n") == ["7:1"]


@pytest.mark.parametrize("body", ["```py\nx\n```", "```\nx\n```", "    py title=x", "`py title`", "~~~ c++ ~~~\nx"])
def test_a_language_alone(body: str) -> None:
    assert in_body("fence-option", body) == (["5:1"] if "c++" in body else [])
