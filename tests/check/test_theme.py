"""`flask check` tells what `[theme]` says in vain."""

from tests.helpers.findings import reported
from tests.helpers.paper import Paper


def test_a_colour_for_a_category_that_no_story_is_in_is_told(paper: Paper) -> None:
    url = 'url = "https://paper.test"\n'
    paper.settings(
        url + '[theme.sections]\nWrold = "#003322"\nHarbour = "#003322"\n"C++" = "#003322"\nLater = "#003322"\n'
    )
    for name, category in {"one": "World", "two": "harbour", "three": '"C++"'}.items():
        paper.post(name, category=category)
    paper.post("four", category="Later", date="2030-01-01")
    assert reported(paper, "unknown-name") == ["site.toml:3:1"]
    assert "did you mean `World`?" in paper.run("check").stdout


def test_colours_that_a_stylesheet_of_the_sites_own_does_not_get_are_told(paper: Paper) -> None:
    paper.settings('url = "https://paper.test"\n[theme]\naccent = "#0b5d4b"\nsections = { World = "#003322" }\n')
    paper.post("one", category="World")
    assert reported(paper, "unused-setting") == []
    assert 'as="font"' in paper.client().get("/").text
    paper.write("static/style.css", "body { color: navy }")
    assert reported(paper, "unused-setting") == ["site.toml:3:1", "site.toml:4:1"]
    assert 'as="font"' not in paper.client().get("/").text
