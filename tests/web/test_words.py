"""Words in search: which of them are taken for the same."""

import pytest

from byline.web.words import TOKEN, Words


@pytest.mark.parametrize(
    ("language", "one", "other"),
    [
        ("en", "ferries", "ferry"),
        ("en-GB", "RUNNING", "run"),
        ("en", "Straße", "STRASSE"),
        ("de", "Straße", "Strasse"),
        ("de-CH", "Strassen", "Straße"),
        ("de", "Fähren", "fahre"),
        ("de", "Faehre", "Fähren"),
        ("de", "Fuesse", "Füße"),
        ("fr", "brulee", "brûlée"),
        ("fr", "Électrique", "electriques"),
        ("pt-BR", "notícias", "noticia"),
        ("nb", "båtene", "båter"),
        ("da", "København", "koebenhavn"),
        ("ru", "книги", "КНИГА"),
        ("ja", "ガス", "ガス"),
        ("vi", "Åland", "aland"),
    ],
)
def test_words_that_are_the_same(language: str, one: str, other: str) -> None:
    words = Words(language)
    assert set(words.forms(one)) & set(words.forms(other))


@pytest.mark.parametrize(
    ("language", "one", "other"),
    [
        ("en", "sea", "see"),
        ("de", "Fähre", "Fahrt"),
        ("en", "runs", "rune"),
        ("ja", "東", "京"),
        ("vi", "cat", "cats"),
        ("qya", "cat", "cats"),
    ],
)
def test_words_that_are_not(language: str, one: str, other: str) -> None:
    words = Words(language)
    assert not set(words.forms(one)) & set(words.forms(other))


def test_each_character_without_spaces_is_a_word() -> None:
    assert TOKEN.findall("東京 2020, C_1 naïve!") == ["東", "京", "2020", "C_1", "naïve"]
