import pytest

from tests.helpers.findings import in_body


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ("### One\n", "5:1"),
        ("## One\n\n#### Two\n\n###### Three\n", "7:1"),
        ("## One\n\n### Two\n\n## Three\n\n#### Four\n", "11:1"),
        ("One\n---\n\n#### Two\n", "8:1"),
        ("## One\n\n<h4>Two</h4>\n", "7:1"),
    ],
)
def test_reported(body: str, place: str) -> None:
    assert in_body("heading-jump", body) == [place]


@pytest.mark.parametrize(
    "body",
    [
        "## One\n\n### Two\n\n## Three\n\n### Four\n\n#### Five\n\n## Six\n",
        "## One\n\n```\n#### Two\n```\n",
        "## One\n\n<h3>Two</h3>\n\n#### Three\n",
        "No heading.\n",
    ],
)
def test_not_reported(body: str) -> None:
    assert in_body("heading-jump", body) == []
