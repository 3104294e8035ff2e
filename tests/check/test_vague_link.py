import pytest

from tests.helpers.findings import in_body


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ("[Click here](https://example.org/)\n", "5:1"),
        ("Text, [here](<https://example.org/a b>).\n", "5:7"),
        ("A [**read more**…](https://example.org/ 'Title')\n", "5:3"),
        ('See <a href="https://example.org/">click here</a>.\n', "5:5"),
        ("[here][1]\n\n[1]: https://example.org/\n", "5:1"),
        ("Two\nlines [click\nhere](https://example.org/)\n", "6:7"),
        ("`[here](x)` [here](https://example.org/)\n", "5:13"),
    ],
)
def test_reported(body: str, place: str) -> None:
    assert in_body("vague-link", body) == [place]


@pytest.mark.parametrize(
    "body",
    [
        "[The timetable is here](https://example.org/)\n",
        "Click here: [the timetable](https://example.org/)\n",
        "`[here](https://example.org/)`\n",
        "    [here](https://example.org/)\n",
        "<!-- [here](https://example.org/) -->\n",
        "\\[here](https://example.org/)\n",
        "[here] (text in brackets)\n",
    ],
)
def test_not_reported(body: str) -> None:
    assert in_body("vague-link", body) == []
