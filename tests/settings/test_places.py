"""Where a setting is in site.toml, however it is written."""

import pytest

from byline.settings.places import Keys, Places


@pytest.mark.parametrize(
    ("text", "keys", "place"),
    [
        ("a = 1", ("a",), (1, 1)),
        ("# b = 1\n\n  b = 2", ("b",), (3, 3)),
        ("[t]\n# a = 1\na = 2", ("t", "a"), (3, 1)),
        ("[ t ]\n'a b' = 1", ("t", "a b"), (2, 1)),
        ("[t]\nt = 1", ("t", "t"), (2, 1)),
        ("[t]\n'Web 2.0' = 1", ("t", "Web 2.0"), (2, 1)),
        ("t.a = 1", ("t", "a"), (1, 3)),
        ("a = 'b = 1'\nb = 2", ("b",), (2, 1)),
        ('a = """\nb = 1\n[t]\n"""\nb = 2', ("b",), (5, 1)),
        ("t = { a = 'b = 1', b = 2 }", ("t", "b"), (1, 20)),
        ("t = [\n  # { a = 0 },\n  { a = 1 },\n  { a = 2 },\n]", ("t", 1, "a"), (4, 5)),
        ("a = ['x', 'y', 3]", ("a", 1), (1, 11)),
        ("a = ['x', 'y', 3]", ("a", 2), (1, 16)),
        ("[[t]]\na = 1\n[[t]]\na = 2", ("t", 1, "a"), (4, 1)),
        ("[[t.'u v']]\na = 1\n[[ t . \"u v\" ]]\nb = 2", ("t", "u v", 1), (3, 1)),
        ("[t]\na = 1", ("t", "b", "c"), (1, 1)),
        ("a = 1", ("b",), (1, 1)),
        ("", ("a",), (1, 1)),
        ("[t]\r\n\r\na = 1\r\n", ("t", "a"), (3, 1)),
        ("t = [[1], [2]]\nb = 1", ("b",), (2, 1)),
        ("'a[b' = 1\n'c.*' = 2", ("c.*",), (2, 1)),
    ],
)
def test_the_place_of_a_setting(text: str, keys: Keys, place: tuple[int, int]) -> None:
    assert Places(text).at(keys) == place


def test_the_place_of_a_value() -> None:
    places = Places("[t]\na = [\n  'https://a.test/b',\n  'https://a.test',\n]")
    assert places.at(("t",), "https://a.test") == (4, 4)
    assert places.at(("t",), "none") == (1, 1)
