"""Allow-lists: tags and categories that are not in site.toml are errors."""

import pytest

from tests.helpers.paper import Paper

LISTS = 'url = "https://paper.test"\nallowed_tags = ["sea", "transport", "Law"]\nallowed_categories = ["World"]\n'


@pytest.mark.parametrize(
    ("header", "problem"),
    [
        ({"tags": "[sea, trasport]"}, "4:13: unknown-tag the site has no tag 'trasport' (did you mean 'transport'?)"),
        ({"tags": "[sea, x]"}, "4:13: unknown-tag the site has no tag 'x' (add it to `allowed_tags` in site.toml, or"),
        ({"tags": "sea,  seas"}, "4:13: unknown-tag the site has no tag 'seas' (did you mean 'sea'?)"),
        ({"category": "Wold"}, "4:11: unknown-category the site has no category 'Wold' (did you mean 'World'?)"),
    ],
)
def test_what_is_not_on_the_list_is_an_error(paper: Paper, header: dict[str, str], problem: str) -> None:
    paper.settings(LISTS)
    paper.post("one", **header)
    paper.post("two", tags="[SEA, law]", category="world")
    assert [p.startswith(f"error pages/posts/one.md:{problem}") for p in paper.problems() if "error" in p] == [True]
    assert [post.slug for post in paper.site().posts] == ["two"]


def test_without_a_list_everything_is_allowed(paper: Paper) -> None:
    paper.settings('url = "https://paper.test"\nallowed_categories = ["World"]\n')
    paper.post("one", tags="[whatever]")
    assert paper.problems() == []


def test_lists_are_checked(paper: Paper) -> None:
    paper.settings('allowed_tags = "sea"')
    with pytest.raises(Exception, match="bad-setting `allowed_tags`"):
        paper.app()
