"""The desk: what a writer's server says beside the pages."""

from tests.helpers.paper import Paper


def test_the_desk_has_the_colours_of_the_site(paper: Paper) -> None:
    paper.settings('[theme]\naccent = "#003322"\n')
    paper.write("static/custom.css", ":root { --paper: #eeeeff; }")
    css = paper.client(debug=True).get("/-/desk.css").text
    assert "--paper: light-dark(#eeeeff, #171513); --loud: light-dark(#003322, #" in css
