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


def test_tags_with_spaces_between_are_one_each_in_jekyll(paper: Paper) -> None:
    paper.settings('url = "https://paper.test"\ndialect = "jekyll"\nallowed_tags = ["sea", "law"]')
    for name, tags in (("a", "sea law"), ("b", '"sea law"'), ("c", "sea, law"), ("d", "[sea, law]"), ("e", "sea  x")):
        paper.write(f"pages/_posts/2024-01-01-{name}.md", f"---\ntitle: {name}\ntags: {tags}\n---\nText.\n")
    assert {tuple(tag.name for tag in post.tags) for post in paper.site().posts} == {("sea", "law")}
    assert len(paper.site().posts) == 4
    assert any("_posts/2024-01-01-e.md:3:12: unknown-tag the site has no tag 'x'" in line for line in paper.problems())


def test_elsewhere_they_are_one_tag(paper: Paper) -> None:
    paper.post("one", tags="open source")
    assert [tag.name for tag in paper.site().posts[0].tags] == ["open source"]
